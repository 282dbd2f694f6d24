//! A resource of any shape, and a PATCH request.

#![no_main]

use libfuzzer_sys::{
    arbitrary::{Result, Unstructured},
    fuzz_target,
};
use scim_core::{
    PatchOp, Resource, ResourceSchema, SchemaUri, Tolerances,
    patch::{Effect, PatchError, PatchErrorKind, PatchOperation},
};
use scim_fuzz::{Subject, keeps_values_to_itself};
use serde_json::{Value, json};

fuzz_target!(|bytes: &[u8]| {
    // Its only error is a lack of choices, and there always are some.
    let _ = check(&mut Unstructured::new(bytes));
});

fn check(choices: &mut Unstructured<'_>) -> Result<()> {
    let is_strict = choices.ratio(1, 4)?;
    let tolerances = if is_strict { Tolerances::strict() } else { Tolerances::default() };
    let count = choices.int_in_range(1..=3)?;
    let mut subject = Subject::new(choices)?;
    let operations: Vec<_> = (0..count).map(|_| subject.operation()).collect::<Result<_>>()?;
    let resource = subject.resource()?;
    let schema = subject.schema;
    let request = json!({"schemas": [SchemaUri::PATCH_OP], "Operations": operations});
    let patch = match PatchOp::read(request.clone(), tolerances) {
        Ok(patch) => patch,
        Err(error) => {
            keeps_values_to_itself(&error);
            return Ok(());
        }
    };

    // Whatever it is; a store may hold what no client could send.
    let odd = Resource::from_canonical(resource.clone());
    let _ = patched(&odd, &patch, schema, tolerances);

    match Resource::read(Value::Object(resource), schema, Tolerances::default()) {
        Ok(before) => twice(&before, &patch, &request, schema, tolerances),
        Err(error) => keeps_values_to_itself(&error),
    }
    Ok(())
}

/// The resource afterwards, and whether it changed.
fn patched(
    before: &Resource,
    patch: &PatchOp,
    schema: &ResourceSchema,
    tolerances: Tolerances,
) -> std::result::Result<(Resource, Effect), PatchError> {
    let untouched = before.clone();
    let outcome = before.patched(patch, schema, tolerances);
    assert_eq!(*before, untouched);
    if let Err(error) = &outcome {
        keeps_values_to_itself(error);
    }
    outcome.map(|patched| (patched.resource().clone(), patched.effect()))
}

/// Holds that the result is a resource of its type, and what the same request does to that.
fn twice(
    before: &Resource,
    patch: &PatchOp,
    request: &Value,
    schema: &ResourceSchema,
    tolerances: Tolerances,
) {
    let Ok((after, effect)) = patched(before, patch, schema, tolerances) else { return };
    assert_eq!(effect == Effect::Changed, after != *before, "{request}");
    let body = Value::Object(after.attributes().clone());
    if let Err(error) = Resource::read(body, schema, Tolerances::strict()) {
        panic!("{error}: {request}");
    }
    match (patched(&after, patch, schema, tolerances), patch.operations()) {
        (again, [operation]) if !selects_elements(operation) => {
            let (again, effect) = again.expect("it is done already");
            assert_eq!(again, after, "{request}");
            assert_eq!(effect, Effect::Unchanged, "{request}");
        }
        // The first time took away what the second looks for, or gave what cannot be changed.
        (Err(error), _) => assert!(
            matches!(
                error.kind(),
                PatchErrorKind::NoTarget { .. }
                    | PatchErrorKind::Mutability { .. }
                    | PatchErrorKind::Result(_)
            ),
            "{error}: {request}"
        ),
        (Ok(_), _) => {}
    }
}

/// Whether there is a filter in brackets: what it selects may be something else the next time.
fn selects_elements(operation: &PatchOperation) -> bool {
    let keys = operation.value.iter().filter_map(Value::as_object).flatten();
    operation.path.as_ref().is_some_and(|path| path.filter().is_some())
        || keys.into_iter().any(|(key, _)| key.contains('['))
}
