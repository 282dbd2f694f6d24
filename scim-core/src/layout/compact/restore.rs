//! How a compact resource becomes what it was.

use std::mem;

use serde_json::{Map, Value};

use super::{
    Table,
    node::{Kind, Node},
};

impl Table {
    /// The resource as an object.
    ///
    /// The nodes are gone through backwards: what is inside a node stands behind it and is made
    /// already when the node comes.
    pub(crate) fn to_attributes(&self) -> Map<String, Value> {
        let mut values = vec![Value::Null; self.nodes.len()];
        for (place, node) in self.nodes.iter().enumerate().rev() {
            let value = self.value(node, &mut values);
            if let Some(slot) = values.get_mut(place) {
                *slot = value;
            }
        }
        members(self.attributes(), values.iter_mut())
    }

    fn value(&self, node: &Node, values: &mut [Value]) -> Value {
        let text = || node.text(&self.text);
        match node.kind {
            Kind::Null => Value::Null,
            Kind::False => Value::Bool(false),
            Kind::True => Value::Bool(true),
            Kind::Number => text().parse().map_or(Value::Null, Value::Number),
            Kind::Folded | Kind::Ascii | Kind::Both | Kind::Date | Kind::Name => text().into(),
            Kind::Array => Value::Array(inside(node, values).map(mem::take).collect()),
            Kind::Object => {
                Value::Object(members(node.inside(&self.nodes), inside(node, values)))
            }
        }
    }
}

fn members<'v>(
    nodes: &[Node],
    values: impl Iterator<Item = &'v mut Value>,
) -> Map<String, Value> {
    let mut members = Map::new();
    let mut other_name = None;
    for (node, value) in nodes.iter().zip(values) {
        match (node.key.standard(), mem::take(value)) {
            (_, Value::String(name)) if node.kind == Kind::Name => other_name = Some(name),
            (standard, value) => {
                let name = standard.map(str::to_owned).or_else(|| other_name.take());
                members.insert(name.unwrap_or_default(), value);
            }
        }
    }
    members
}

fn inside<'v>(node: &Node, values: &'v mut [Value]) -> impl Iterator<Item = &'v mut Value> {
    let start = usize::try_from(node.start).unwrap_or(usize::MAX);
    let length = usize::try_from(node.length).unwrap_or(usize::MAX);
    values.iter_mut().skip(start).take(length)
}
