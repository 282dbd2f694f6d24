//! How a resource becomes compact.

use serde_json::{Map, Value};

use super::{
    Table,
    node::{Kind, Parts, SIZE, Says},
    places::Places,
};
use crate::{
    date_time::DateTime,
    fold::{fold, hash, with_folded},
    member_name::MemberKey,
};

/// The longest block that the numbers of a node can count.
pub(super) const LARGEST: u32 = u32::MAX;

/// A resource as a block, unless that would be longer.
pub(super) fn table(resource: &Map<String, Value>, largest: u32) -> Option<Table> {
    let mut attributes = Group::default();
    attributes.members(resource);
    let mut nodes = attributes.parts(0, largest)?;
    let mut block = vec![0; nodes.len() * SIZE];
    block.extend_from_slice(attributes.text.as_bytes());
    for (place, value) in attributes.open {
        let (group, count) = Group::inside_of(value);
        let node = nodes.get_mut(place)?;
        node.start = number(block.len(), largest)?;
        node.length = number(count, largest)?;
        node.says = group.says(0, count);
        for part in group.parts(block.len(), largest)? {
            block.extend_from_slice(&part.to_bytes());
        }
        block.extend_from_slice(group.text.as_bytes());
    }
    for (bytes, node) in block.as_chunks_mut().0.iter_mut().zip(&nodes) {
        *bytes = node.to_bytes();
    }
    number(block.len(), largest)?;
    let places = Places::of(nodes.iter().map(|node| node.key));
    let attributes = number(nodes.len(), largest)?;
    // A copy, so that no room is left over between one resource and the next.
    Some(Table { places, attributes, block: block.as_slice().into() })
}

fn number(number: usize, largest: u32) -> Option<u32> {
    u32::try_from(number).ok().filter(|number| *number <= largest)
}

/// Nodes and their texts, which will lie side by side.
#[derive(Default)]
struct Group<'v> {
    nodes: Vec<Draft>,
    text: String,
    /// Arrays and objects that nothing is known of yet but their nodes.
    open: Vec<(usize, &'v Value)>,
}

/// A node whose place in the block is not known yet.
struct Draft {
    key: MemberKey,
    kind: Kind,
    says: Says,
    /// Where in the text of the group its own begins, or the first node inside it.
    start: usize,
    length: usize,
    extra: usize,
}

impl<'v> Group<'v> {
    /// All that is inside an array or an object, and how many nodes of it are so at once.
    ///
    /// It takes no more of the stack for a deeper value: what is still to be gone into is a list.
    fn inside_of(value: &'v Value) -> (Self, usize) {
        let mut group = Self::default();
        group.values(value);
        let count = group.nodes.len();
        group.open.reverse();
        while let Some((place, value)) = group.open.pop() {
            let (first, open) = (group.nodes.len(), group.open.len());
            group.values(value);
            let length = group.nodes.len() - first;
            if let Some(node) = group.nodes.get_mut(place) {
                (node.start, node.length) = (first, length);
            }
            if let Some(opened) = group.open.get_mut(open..) {
                opened.reverse();
            }
        }
        group.sum_up();
        (group, count)
    }

    fn values(&mut self, value: &'v Value) {
        match value {
            Value::Array(values) => {
                for value in values {
                    self.value(MemberKey::NONE, value);
                }
            }
            Value::Object(members) => self.members(members),
            _ => {}
        }
    }

    fn members(&mut self, members: &'v Map<String, Value>) {
        for (name, value) in members {
            let key = MemberKey::of(name);
            if key.standard().is_some() {
                self.value(key, value);
            } else {
                let name = self.text(Kind::NAME, name);
                self.nodes.push(Draft { key, says: Says::NOTHING, ..name });
                self.value(MemberKey::NONE, value);
            }
        }
    }

    fn value(&mut self, key: MemberKey, value: &'v Value) {
        let node = match value {
            Value::Null => Draft::plain(Kind::NULL, Says::NOTHING),
            Value::Bool(false) => Draft::plain(Kind::FALSE, Says::SOMETHING),
            Value::Bool(true) => Draft::plain(Kind::TRUE, Says::SOMETHING),
            Value::Number(number) => self.text(Kind::NUMBER, &number.to_string()),
            Value::String(text) => self.string(text),
            Value::Array(_) => Draft::plain(Kind::ARRAY, Says::NOTHING),
            Value::Object(_) => Draft::plain(Kind::OBJECT, Says::NOTHING),
        };
        if node.kind.is_container() {
            self.open.push((self.nodes.len(), value));
        }
        self.nodes.push(Draft { key, ..node });
    }

    fn string(&mut self, text: &str) -> Draft {
        let date = text.parse().ok().and_then(|date: DateTime| date.coarse());
        if let Some(instant) = date {
            return Draft { extra: instant.0 as usize, ..self.text(Kind::DATE, text) };
        }
        if text.is_ascii() {
            let (is_folded, hash) = with_folded(text, |folded| (folded == text, hash(folded)));
            let kind = if is_folded { Kind::FOLDED } else { Kind::ASCII };
            return Draft { extra: hash as usize, ..self.text(kind, text) };
        }
        let folded = fold(text);
        if folded == text {
            return Draft { extra: hash(text) as usize, ..self.text(Kind::FOLDED, text) };
        }
        let node = self.text(Kind::BOTH, text);
        self.text.push_str(&folded);
        Draft { extra: folded.len(), ..node }
    }

    fn text(&mut self, kind: Kind, text: &str) -> Draft {
        let start = self.text.len();
        self.text.push_str(text);
        let says = if text.is_empty() { Says::EMPTY } else { Says::SOMETHING };
        Draft { start, length: text.len(), ..Draft::plain(kind, says) }
    }

    /// What some of the nodes say together.
    fn says(&self, start: usize, length: usize) -> Says {
        let nodes = self.nodes.iter().skip(start).take(length);
        nodes.map(|node| node.says).max().unwrap_or(Says::NOTHING)
    }

    /// Lets arrays and objects say what that says which is inside, from the innermost on.
    fn sum_up(&mut self) {
        for place in (0..self.nodes.len()).rev() {
            let Some(node) = self.nodes.get(place).filter(|node| node.kind.is_container()) else {
                continue;
            };
            let says = self.says(node.start, node.length);
            if let Some(node) = self.nodes.get_mut(place) {
                node.says = says;
            }
        }
    }

    /// The nodes of a group that begins at a place of the block.
    fn parts(&self, base: usize, largest: u32) -> Option<Vec<Parts>> {
        let text = base + self.nodes.len() * SIZE;
        let part = |node: &Draft| {
            let Draft { key, kind, says, .. } = *node;
            let is_container = kind.is_container();
            let start = if is_container { base + node.start * SIZE } else { text + node.start };
            let (start, length) = (number(start, largest)?, number(node.length, largest)?);
            let extra = u32::try_from(node.extra).ok()?;
            Some(Parts { key, kind, says, start, length, extra })
        };
        self.nodes.iter().map(part).collect()
    }
}

impl Draft {
    fn plain(kind: Kind, says: Says) -> Self {
        Self { key: MemberKey::NONE, kind, says, start: 0, length: 0, extra: 0 }
    }
}
