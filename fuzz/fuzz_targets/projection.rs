//! Lists of attributes, and a resource of any shape.

#![no_main]

use libfuzzer_sys::{
    arbitrary::{Result, Unstructured},
    fuzz_target,
};
use scim_core::query::Projection;
use scim_fuzz::{Subject, shows_nothing_hidden};
use serde_json::{Map, Value};

fuzz_target!(|bytes: &[u8]| {
    // Its only error is a lack of choices, and there always are some.
    let _ = check(&mut Unstructured::new(bytes));
});

fn check(choices: &mut Unstructured<'_>) -> Result<()> {
    let mut subject = Subject::new(choices)?;
    let (attributes, excluded) = (subject.list()?, subject.list()?);
    let resource = subject.resource()?;
    let schema = subject.schema;
    let projection = Projection::parse(attributes.as_deref(), excluded.as_deref());
    let Ok(projection) = projection else { return Ok(()) };

    let mut shown = resource.clone();
    projection.apply(&mut shown, schema);
    shows_nothing_hidden(&shown, schema);
    assert!(is_part_of(&shown, &resource));

    let mut again = shown.clone();
    projection.apply(&mut again, schema);
    assert_eq!(again, shown);
    Ok(())
}

/// Whether everything was there before.
fn is_part_of(shown: &Map<String, Value>, before: &Map<String, Value>) -> bool {
    shown.iter().all(|(name, value)| before.get(name).is_some_and(|before| is_in(value, before)))
}

fn is_in(shown: &Value, before: &Value) -> bool {
    match (shown, before) {
        (Value::Object(shown), Value::Object(before)) => is_part_of(shown, before),
        (Value::Array(shown), Value::Array(before)) => {
            shown.iter().all(|shown| before.iter().any(|before| is_in(shown, before)))
        }
        (shown, before) => shown == before,
    }
}
