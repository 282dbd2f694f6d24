//! How a compact resource becomes what it was.

use serde_json::{Map, Value};

use super::{
    Table,
    node::{Bytes, Kind, NodeRef},
};

impl Table {
    /// The resource as an object.
    ///
    /// It takes no more of the stack for a deeper resource: what is not whole yet is a list.
    pub(crate) fn to_attributes(&self) -> Map<String, Value> {
        let root = self.root();
        let mut whole = Unfinished::object(root.inside());
        let mut around: Vec<Unfinished<'_>> = Vec::new();
        loop {
            while let Some(inner) = whole.fill(self) {
                around.push(std::mem::replace(&mut whole, inner));
            }
            let Some(outer) = around.pop() else { return whole.members };
            let inner = std::mem::replace(&mut whole, outer);
            whole.take(inner.into_value());
        }
    }
}

fn plain(node: NodeRef<'_>) -> Value {
    match node.kind() {
        Kind::FALSE => Value::Bool(false),
        Kind::TRUE => Value::Bool(true),
        Kind::NUMBER => node.text().parse().map_or(Value::Null, Value::Number),
        Kind::FOLDED | Kind::ASCII | Kind::BOTH | Kind::DATE => node.text().into(),
        _ => Value::Null,
    }
}

/// An array or an object, and what is still to come into it.
struct Unfinished<'r> {
    rest: std::slice::Iter<'r, Bytes>,
    is_array: bool,
    elements: Vec<Value>,
    members: Map<String, Value>,
    /// The name of the member that comes.
    name: String,
}

impl<'r> Unfinished<'r> {
    fn object(inside: &'r [Bytes]) -> Self {
        Self {
            rest: inside.iter(),
            is_array: false,
            elements: Vec::new(),
            members: Map::new(),
            name: String::new(),
        }
    }

    fn array(node: NodeRef<'r>) -> Self {
        let inside = node.inside();
        let elements = Vec::with_capacity(inside.len());
        Self { is_array: true, elements, ..Self::object(inside) }
    }

    /// Takes plain values, up to the array or object that comes; `None` if it is whole.
    fn fill(&mut self, table: &'r Table) -> Option<Self> {
        while let Some(bytes) = self.rest.next() {
            let node = NodeRef { table, bytes };
            self.name_of(node);
            match node.kind() {
                Kind::NAME => {}
                Kind::ARRAY => return Some(Self::array(node)),
                Kind::OBJECT => return Some(Self::object(node.inside())),
                _ => self.take(plain(node)),
            }
        }
        None
    }

    /// Keeps the name that a node has or is.
    fn name_of(&mut self, node: NodeRef<'r>) {
        if node.kind() == Kind::NAME {
            node.text().clone_into(&mut self.name);
        } else if let Some(name) = node.key().standard() {
            name.clone_into(&mut self.name);
        }
    }

    fn take(&mut self, value: Value) {
        if self.is_array {
            self.elements.push(value);
        } else {
            self.members.insert(std::mem::take(&mut self.name), value);
        }
    }

    fn into_value(self) -> Value {
        if self.is_array { Value::Array(self.elements) } else { Value::Object(self.members) }
    }
}
