use proptest::prelude::*;
use serde_json::{Map, Number, Value, json};

use super::{Table, build};
use crate::{
    layout::{JsonObject, JsonValue},
    member_name::MemberName,
};

/// Any value, with names that are standard ones, others, and others of the same key.
fn value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        any::<f64>().prop_filter_map("no number", Number::from_f64),
    ];
    let text = prop_oneof![
        "[abéÉA\u{1f600}]{0,8}".boxed(),
        Just("2024-05-13T14:00:00+02:00".to_owned()).boxed(),
    ];
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number.prop_map(Value::Number),
        text.prop_map(Value::String),
    ];
    plain.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((name(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec!["userName", "emails", "value", "id", "", "urn:example:Door"])
            .prop_map(ToOwned::to_owned),
        "[a-cé]{0,3}",
    ]
}

fn resource() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::vec((name(), value()), 0..6).prop_map(|members| members.into_iter().collect())
}

/// Two names that are not standard and have one key.
fn names_of_one_key() -> (String, String) {
    let mut known = std::collections::HashMap::new();
    (0_u32..)
        .find_map(|number| {
            let name = format!("name{number}");
            let key = format!("{:?}", MemberName::from(name.as_str()).key());
            known.insert(key, name.clone()).map(|earlier| (earlier, name))
        })
        .unwrap()
}

proptest! {
    #[test]
    fn nothing_is_lost(resource in resource()) {
        let table = Table::of(&resource).unwrap();
        // The text tells numbers apart that are equal, and an order of names.
        let restored = Value::Object(table.to_attributes());
        prop_assert_eq!(restored.to_string(), Value::Object(resource.clone()).to_string());
        prop_assert_eq!(restored, Value::Object(resource));
    }

    #[test]
    fn what_is_asked_of_a_value_has_one_answer(resource in resource(), name in name()) {
        let (table, name) = (Table::of(&resource).unwrap(), MemberName::from(name.as_str()));
        let (ours, theirs) = (table.root().member(&name), (&resource).member(&name));
        prop_assert_eq!(ours.is_some(), theirs.is_some());
        let (Some(ours), Some(theirs)) = (ours, theirs) else { return Ok(()) };
        prop_assert_eq!(ours.is_assigned(), theirs.is_assigned());
        prop_assert_eq!(ours.is_present(), theirs.is_present());
        prop_assert_eq!(ours.as_boolean(), theirs.as_boolean());
        prop_assert_eq!(ours.as_number(), JsonValue::as_number(theirs));
        prop_assert_eq!(ours.as_text(), theirs.as_text());
        for case_exact in [false, true] {
            let (ours, theirs) = (ours.as_comparable(case_exact), theirs.as_comparable(case_exact));
            prop_assert_eq!(ours, theirs);
        }
        prop_assert_eq!(ours.as_object().is_some(), JsonValue::as_object(theirs).is_some());
        let count = |value: &Value| value.as_array().map_or(1, Vec::len);
        let counted = std::cell::Cell::new(0);
        let none = ours.find_element(|_| {
            counted.set(counted.get() + 1);
            false
        });
        prop_assert!(none.is_none());
        prop_assert_eq!(counted.get(), count(theirs));
    }
}

#[test]
fn names_of_one_key_are_told_apart() {
    let (a, b) = names_of_one_key();
    for (first, second) in [(&a, &b), (&b, &a)] {
        let resource = json!({first.as_str(): 1, second.as_str(): {"value": 2}});
        let table = Table::of(resource.as_object().unwrap()).unwrap();
        let member = |name: &str| table.root().member(&MemberName::from(name)).unwrap();
        assert_eq!(member(first).as_number(), Some(1.into()));
        assert!(member(second).as_object().is_some());
        assert_eq!(Value::Object(table.to_attributes()), resource);
        let one = json!({first.as_str(): 1});
        let table = Table::of(one.as_object().unwrap()).unwrap();
        assert!(table.root().member(&MemberName::from(second.as_str())).is_none());
    }
}

#[test]
fn what_is_too_large_is_left_to_others() {
    let resource = json!({"userName": "bjensen", "emails": [{"value": "b@x.y"}], "title": "ÉÉ"});
    let attributes = resource.as_object().unwrap();
    let largest = u32::try_from(Table::of(attributes).unwrap().size()).unwrap();
    let table = build::table(attributes, largest).unwrap();
    assert_eq!(Value::Object(table.to_attributes()), resource);
    for largest in 0..largest {
        assert!(build::table(attributes, largest).is_none(), "{largest}");
    }
}

#[test]
fn depth_takes_nothing_of_the_stack() {
    const DEPTH: usize = 100_000;
    let test = || {
        let deep = (0..DEPTH).fold(json!("core"), |inner, _| Value::Array(vec![inner]));
        let mut resource = Map::from_iter([("value".to_owned(), deep)]);
        let table = Table::of(&resource).unwrap();
        assert!(table.root().member(&"value".into()).unwrap().is_present());
        let mut restored = table.to_attributes();
        // A value is dropped level by level here: its own way calls itself.
        for resource in [&mut resource, &mut restored] {
            let mut value = resource.remove("value").unwrap();
            let mut depth = 0;
            while let Value::Array(mut values) = value {
                value = values.pop().unwrap();
                depth += 1;
            }
            assert_eq!((depth, value), (DEPTH, json!("core")));
        }
    };
    std::thread::Builder::new().stack_size(256 * 1024).spawn(test).unwrap().join().unwrap();
}
