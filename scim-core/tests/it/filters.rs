use scim_core::{Filter, SchemaRegistry, filter::CompareValue};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Case {
    id: String,
    filter: String,
    valid: bool,
    #[serde(default)]
    either: bool,
    #[serde(default)]
    unknown_attr: bool,
    semantic_error: Option<String>,
    ast: Option<Value>,
    flat: Option<Value>,
}

/// The tree in the notation of the vectors.
fn notation(filter: &Filter) -> Value {
    let chain = |word: &str, operands: &[Filter]| {
        let list = std::iter::once(Value::from(word)).chain(operands.iter().map(notation));
        Value::Array(list.collect())
    };
    match filter {
        Filter::And(operands) => chain("and", operands),
        Filter::Or(operands) => chain("or", operands),
        Filter::Not(inner) => json!(["not", notation(inner)]),
        Filter::Present(path) => json!(["pr", path.to_string()]),
        Filter::Compare(comparison) => {
            let value = match &comparison.value {
                CompareValue::Number(number) => serde_json::from_str(number.as_str()).unwrap(),
                other => serde_json::from_str::<Value>(&other.to_string()).unwrap(),
            };
            json!([comparison.op.as_str(), comparison.path.to_string(), value])
        }
        Filter::ValuePath(path) => json!(["[]", path.path.to_string(), notation(&path.filter)]),
    }
}

#[test]
fn every_vector_is_accepted_with_its_tree_or_refused() {
    let cases: Vec<Case> = super::data(include_str!("../data/filter.json"));
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    let mut wrong = Vec::new();
    for case in &cases {
        // Entra ID asks for `emails[…].value eq …`, and is answered.
        let valid = case.valid || case.id == "F228";
        let parsed = case.filter.parse::<Filter>();
        if parsed.is_ok() != valid && !case.either {
            wrong.push(format!("{}: {} -> {:?}", case.id, case.filter, parsed));
        }
        let Ok(filter) = parsed else { continue };
        assert_eq!(filter.to_string().parse::<Filter>().as_ref(), Ok(&filter), "{}", case.id);
        let expected = case.flat.as_ref().or(case.ast.as_ref());
        if expected.is_some_and(|tree| *tree != notation(&filter)) {
            wrong.push(format!("{}: tree {}", case.id, notation(&filter)));
        }
        let bound = filter.bind(users);
        if case.semantic_error.is_some() && bound.is_ok() && !case.either {
            wrong.push(format!("{}: {} means something", case.id, case.filter));
        }
        let binds = !case.unknown_attr && case.semantic_error.is_none();
        let is_user_s = !case.filter.contains("urn:example") && !case.filter.contains("customData");
        if let Err(error) = bound
            && binds
            && is_user_s
            && !case.either
        {
            wrong.push(format!("{}: {error}", case.id));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
