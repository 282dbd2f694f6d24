//! A change, written as the RFC wants it or as identity providers write it.

use scim_core::schema::{AttributeDefinition, AttributeType};
use serde_json::{Map, Value, json};

use super::{
    super::model::in_case,
    change::{Change, Selection},
};

/// Decisions, one bit each.
struct Choices(u64);

impl Choices {
    fn flip(&mut self) -> bool {
        self.0 = self.0.rotate_right(1);
        self.0 & 1 == 1
    }
}

impl Change {
    /// The operation as the RFC writes it.
    pub(super) fn strict(&self) -> Value {
        let mut operation = json!({"op": self.op.as_str(), "path": self.path()});
        if let Some(value) = &self.value {
            operation["value"] = value.clone();
        }
        operation
    }

    /// The operation in another form, which is tolerated.
    pub(super) fn tolerated(&self) -> Value {
        let mut choices = Choices(self.choices);
        let op = in_case(self.op.as_str(), self.choices);
        let op_member = if choices.flip() { "op" } else { "OP" };
        let mut operation = json!({op_member: op});
        if choices.flip() {
            operation["name"] = json!("a member of the client's own");
        }
        let path = self.place.spelt(self.choices) + &self.behind_name();
        match (&self.value, self.named_by_value()) {
            (Some(value), _) => {
                let value = tolerated(self.definition(), value, &mut choices);
                if choices.flip() {
                    operation["value"] = json!({path: value});
                } else {
                    operation["path"] = json!(path);
                    operation["value"] = value;
                }
            }
            (None, Some(named)) if choices.flip() => {
                operation["path"] = json!(self.place.spelt(self.choices));
                operation["value"] = if choices.flip() { named } else { json!([named]) };
            }
            (None, _) => operation["path"] = json!(path),
        }
        operation
    }

    fn path(&self) -> String {
        self.place.path() + &self.behind_name()
    }

    /// The filter and the sub-attribute.
    fn behind_name(&self) -> String {
        let filter = match &self.selection {
            Some(Selection::Equal(terms)) => {
                let terms = terms.iter().map(|(sub, literal)| format!("{} eq {literal}", sub.name));
                format!("[{}]", terms.collect::<Vec<_>>().join(" and "))
            }
            Some(Selection::Lacks(sub)) => format!("[not ({} pr)]", sub.name),
            None => String::new(),
        };
        let sub = self.place.sub_name().map_or_else(String::new, |sub| format!(".{sub}"));
        filter + &sub
    }

    /// What the value stands for: the whole attribute, one element or a sub-attribute.
    fn definition(&self) -> Form<'_> {
        let definition = self.place.definition();
        let is_list = definition.multi_valued && self.selection.is_none();
        Form { definition, is_list }
    }

    /// The value that names the elements which the filter selects.
    fn named_by_value(&self) -> Option<Value> {
        let Some(Selection::Equal(terms)) = &self.selection else { return None };
        let attribute = &self.place.attribute;
        // A date in a value is text, and in a filter an instant.
        let is_date =
            |definition: &AttributeDefinition| definition.attribute_type == AttributeType::DateTime;
        if self.place.sub_attribute.is_some() || terms.iter().any(|(sub, _)| is_date(sub)) {
            return None;
        }
        if !attribute.is_complex() {
            return match terms.as_slice() {
                [(_, literal)] => Some(literal.clone()),
                _ => None,
            };
        }
        // What refers to a resource is known by its `value` alone.
        let refers = attribute.sub_attribute("$ref").is_some();
        if refers && !matches!(terms.as_slice(), [(sub, _)] if sub.name == "value") {
            return None;
        }
        let mut named = Map::new();
        for (sub, literal) in terms {
            if named.insert(sub.name.to_string(), literal.clone()).is_some() {
                return None;
            }
        }
        Some(Value::Object(named))
    }
}

/// The definition of a value, and whether it is the list of them all.
#[derive(Clone, Copy)]
struct Form<'d> {
    definition: &'d AttributeDefinition,
    is_list: bool,
}

fn tolerated(form: Form<'_>, value: &Value, choices: &mut Choices) -> Value {
    let Form { definition, is_list } = form;
    match value {
        Value::Array(values) if is_list => {
            let values = values.iter().map(|value| element(definition, value, choices));
            let mut values: Vec<_> = values.collect();
            match values.len() {
                1 if choices.flip() => values.remove(0),
                _ => Value::Array(values),
            }
        }
        Value::Array(_) | Value::Null => value.clone(),
        single => {
            let single = element(definition, single, choices);
            if choices.flip() && !is_list { json!([single]) } else { single }
        }
    }
}

/// One value.
fn element(definition: &AttributeDefinition, value: &Value, choices: &mut Choices) -> Value {
    match value {
        Value::Bool(boolean) if choices.flip() && !definition.is_complex() => {
            json!(if *boolean { "True" } else { "FALSE" })
        }
        Value::Object(members) => {
            let only_value = members.len() == 1 && members.contains_key("value");
            if only_value && choices.flip() && members["value"].is_string() {
                return members["value"].clone();
            }
            let member = |(name, value): (&String, &Value)| {
                let sub = definition.sub_attribute(name).unwrap();
                let form = Form { definition: sub, is_list: sub.multi_valued };
                let name = in_case(name, choices.0);
                (name, tolerated(form, value, choices))
            };
            Value::Object(members.iter().map(member).collect())
        }
        plain => plain.clone(),
    }
}
