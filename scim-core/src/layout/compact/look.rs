//! What a filter and an order ask, answered by the nodes.

use std::borrow::Cow;

use serde_json::Number;

use super::{
    super::{JsonObject, JsonValue},
    node::{Kind, Node, NodeRef, ObjectRef, Says},
    places::Place,
};
use crate::{date_time::CoarseInstant, fold::Folded, member_name::MemberName};

impl<'r> JsonObject<'r> for ObjectRef<'r> {
    type Value = NodeRef<'r>;

    #[inline]
    fn member(self, name: &MemberName) -> Option<NodeRef<'r>> {
        let known = self.places.and_then(|places| places.find(name.key()));
        let node = match known {
            Some(Place::At(place)) => self.inside.get(place)?,
            Some(Place::Nowhere) => return None,
            Some(Place::Beyond) | None => self.search(name)?,
        };
        Some(NodeRef { table: self.table, node })
    }
}

impl<'r> ObjectRef<'r> {
    fn search(self, name: &MemberName) -> Option<&'r Node> {
        let key = name.key();
        if key.place().is_some() {
            return self.inside.iter().find(|node| node.key == key);
        }
        let is_name = |node: &Node| node.text(&self.table.text) == name.as_str();
        let place = self.inside.iter().position(|node| node.key == key && is_name(node))?;
        self.inside.get(place + 1)
    }
}

impl<'r> JsonValue<'r> for NodeRef<'r> {
    type Object = ObjectRef<'r>;

    #[inline]
    fn as_object(self) -> Option<ObjectRef<'r>> {
        let is_object = self.node.kind == Kind::Object;
        is_object.then(|| ObjectRef { table: self.table, inside: self.inside(), places: None })
    }

    #[inline]
    fn find_element(self, passes: impl Fn(Self) -> bool) -> Option<Self> {
        if self.node.kind == Kind::Array {
            let mut elements = self.inside().iter().map(|node| Self { node, ..self });
            elements.find(|element| passes(*element))
        } else {
            passes(self).then_some(self)
        }
    }

    #[inline]
    fn is_assigned(self) -> bool {
        self.node.says != Says::Nothing
    }

    #[inline]
    fn is_present(self) -> bool {
        self.node.says == Says::Something
    }

    /// What is inside lies within some lines of memory, one line being four nodes, and so does
    /// its text.
    fn look(self, steps: usize) -> Option<u32> {
        let Self { table, node } = self;
        let is_container = matches!(node.kind, Kind::Array | Kind::Object);
        let start = usize::try_from(node.start).ok()?;
        match steps {
            0 => Some(node.start),
            1 if is_container => {
                let line = |line: usize| Some(table.nodes.get(start + 4 * line)?.start);
                Some(line(0)? ^ line(1).unwrap_or_default() ^ line(2).unwrap_or_default())
            }
            _ if is_container => {
                let first = self.inside().first()?;
                Self { table, node: first }.look(steps - 1)
            }
            _ => {
                let byte = |place| table.text.as_bytes().get(place).copied().map(u32::from);
                Some(byte(start)? ^ byte(start + 64).unwrap_or_default())
            }
        }
    }

    #[inline]
    fn as_boolean(self) -> Option<bool> {
        match self.node.kind {
            Kind::False => Some(false),
            Kind::True => Some(true),
            _ => None,
        }
    }

    #[inline]
    fn as_number(self) -> Option<Number> {
        (self.node.kind == Kind::Number).then(|| self.text().parse().ok())?
    }

    #[inline]
    fn as_text(self) -> Option<&'r str> {
        let is_text =
            matches!(self.node.kind, Kind::Folded | Kind::Ascii | Kind::Both | Kind::Date);
        is_text.then(|| self.text())
    }

    #[inline]
    fn as_folded(self) -> Option<Folded<'r>> {
        match self.node.kind {
            Kind::Folded => Some(Folded::Text(Cow::Borrowed(self.text()))),
            Kind::Ascii | Kind::Date => Some(Folded::Ascii(self.text())),
            Kind::Both => Some(Folded::Text(Cow::Borrowed(self.folded_behind()))),
            _ => None,
        }
    }

    #[inline]
    fn may_fold_to(self, hash: u32) -> bool {
        match self.node.kind {
            Kind::Folded | Kind::Ascii => self.node.extra == hash,
            Kind::Both | Kind::Date => true,
            _ => false,
        }
    }

    #[inline]
    fn coarse_instant(self) -> Option<CoarseInstant> {
        (self.node.kind == Kind::Date).then_some(CoarseInstant(self.node.extra))
    }
}
