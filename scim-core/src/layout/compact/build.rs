//! How a resource becomes compact.

use serde_json::{Map, Value};

use super::{
    Table,
    node::{Kind, Node, Says},
    places::Places,
};
use crate::{
    date_time::DateTime,
    fold::{fold, hash, with_folded},
    member_name::MemberKey,
};

/// The most nodes, and the longest text, that the numbers of a node can count.
pub(super) const LARGEST: u32 = u32::MAX;

/// The nodes and the text of a resource, unless it has more of either than the largest number.
///
/// It holds no more of the stack for a deeper resource: what is still to be gone into is a list.
pub(super) fn table(attributes: &Map<String, Value>, largest: u32) -> Option<Table> {
    let mut builder = Builder { nodes: Vec::new(), text: String::new(), largest, open: Vec::new() };
    let (_, attributes) = builder.members(attributes)?;
    while let Some((place, value)) = builder.open.pop() {
        let (start, length) = match value {
            Value::Array(values) => builder.elements(values)?,
            Value::Object(members) => builder.members(members)?,
            _ => continue,
        };
        let node = builder.nodes.get_mut(place)?;
        (node.start, node.length) = (start, length);
    }
    let Builder { mut nodes, text, .. } = builder;
    sum_up(&mut nodes);
    let attributes = usize::try_from(attributes).ok()?;
    let places = Places::of(nodes.get(..attributes)?);
    // Copies, so that no room is left over between one resource and the next.
    let (nodes, text) = (nodes.as_slice().into(), text.as_str().into());
    Some(Table { places, attributes, nodes, text })
}

struct Builder<'v> {
    nodes: Vec<Node>,
    text: String,
    largest: u32,
    /// Arrays and objects whose nodes lack what is inside, those that come first last.
    open: Vec<(usize, &'v Value)>,
}

impl<'v> Builder<'v> {
    /// Makes the nodes of what is inside; where they begin and how many they are.
    fn elements(&mut self, values: &'v [Value]) -> Option<(u32, u32)> {
        let (first, open) = (self.nodes.len(), self.open.len());
        for value in values {
            self.value(MemberKey::NONE, value)?;
        }
        self.close(first, open)
    }

    fn members(&mut self, members: &'v Map<String, Value>) -> Option<(u32, u32)> {
        let (first, open) = (self.nodes.len(), self.open.len());
        for (name, value) in members {
            let key = MemberKey::of(name);
            if key.standard().is_some() {
                self.value(key, value)?;
            } else {
                let name = self.text(Kind::Name, name)?;
                self.nodes.push(Node { key, ..name });
                self.value(MemberKey::NONE, value)?;
            }
        }
        self.close(first, open)
    }

    fn close(&mut self, first: usize, open: usize) -> Option<(u32, u32)> {
        self.number(self.nodes.len())?;
        self.open.get_mut(open..)?.reverse();
        Some((self.number(first)?, self.number(self.nodes.len() - first)?))
    }

    fn value(&mut self, key: MemberKey, value: &'v Value) -> Option<()> {
        let plain = |kind, says| Node { kind, says, ..Node::NULL };
        let node = match value {
            Value::Null => Node::NULL,
            Value::Bool(false) => plain(Kind::False, Says::Something),
            Value::Bool(true) => plain(Kind::True, Says::Something),
            Value::Number(number) => {
                let node = self.text(Kind::Number, &number.to_string())?;
                Node { says: Says::Something, ..node }
            }
            Value::String(text) => self.string(text)?,
            Value::Array(_) => plain(Kind::Array, Says::Nothing),
            Value::Object(_) => plain(Kind::Object, Says::Nothing),
        };
        if matches!(node.kind, Kind::Array | Kind::Object) {
            self.open.push((self.nodes.len(), value));
        }
        self.nodes.push(Node { key, ..node });
        Some(())
    }

    fn string(&mut self, text: &str) -> Option<Node> {
        let says = if text.is_empty() { Says::Empty } else { Says::Something };
        let date = text.parse().ok().and_then(|date: DateTime| date.coarse());
        let (kind, extra) = match date {
            Some(instant) => (Kind::Date, instant.0),
            None if text.is_ascii() => with_folded(text, |folded| {
                (if folded == text { Kind::Folded } else { Kind::Ascii }, hash(folded))
            }),
            None => {
                let folded = fold(text);
                if folded == text {
                    (Kind::Folded, hash(text))
                } else {
                    let node = self.text(Kind::Both, text)?;
                    let behind = self.text(Kind::Both, &folded)?;
                    return Some(Node { says, extra: behind.length, ..node });
                }
            }
        };
        Some(Node { says, extra, ..self.text(kind, text)? })
    }

    fn text(&mut self, kind: Kind, text: &str) -> Option<Node> {
        let (start, length) = (self.number(self.text.len())?, self.number(text.len())?);
        self.number(self.text.len().checked_add(text.len())?)?;
        self.text.push_str(text);
        Some(Node { kind, start, length, ..Node::NULL })
    }

    fn number(&self, number: usize) -> Option<u32> {
        u32::try_from(number).ok().filter(|number| *number <= self.largest)
    }
}

/// Lets arrays and objects say what that says which is inside, from the innermost on.
fn sum_up(nodes: &mut [Node]) {
    for place in (0..nodes.len()).rev() {
        let Some(node) = nodes.get(place) else { continue };
        if matches!(node.kind, Kind::Array | Kind::Object) {
            let says = node.inside(nodes).iter().map(|node| node.says).max();
            if let Some(node) = nodes.get_mut(place) {
                node.says = says.unwrap_or(Says::Nothing);
            }
        }
    }
}
