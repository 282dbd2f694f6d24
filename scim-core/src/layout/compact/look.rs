//! What a filter and an order ask, answered by the nodes.

use std::borrow::Cow;

use serde_json::Number;

use super::{
    super::{JsonObject, JsonValue},
    node::{Kind, NodeRef, Says},
};
use crate::{date_time::CoarseInstant, fold::Folded, member_name::MemberName};

impl<'r> JsonObject<'r> for NodeRef<'r> {
    type Value = Self;

    fn member(self, name: &MemberName) -> Option<Self> {
        let (inside, key) = (self.inside(), name.key());
        if key.is_standard() {
            let node = inside.iter().find(|node| node.key == key)?;
            return Some(Self { node, ..self });
        }
        let is_name = |node| Self { node, ..self }.text() == name.as_str();
        let place = inside.iter().position(|node| node.key == key && is_name(node))?;
        inside.get(place + 1).map(|node| Self { node, ..self })
    }
}

impl<'r> JsonValue<'r> for NodeRef<'r> {
    type Object = Self;

    fn as_object(self) -> Option<Self> {
        (self.node.kind == Kind::Object).then_some(self)
    }

    fn find_element(self, passes: impl Fn(Self) -> bool) -> Option<Self> {
        if self.node.kind == Kind::Array {
            let mut elements = self.inside().iter().map(|node| Self { node, ..self });
            elements.find(|element| passes(*element))
        } else {
            passes(self).then_some(self)
        }
    }

    fn is_assigned(self) -> bool {
        self.node.says != Says::Nothing
    }

    fn is_present(self) -> bool {
        self.node.says == Says::Something
    }

    fn as_boolean(self) -> Option<bool> {
        match self.node.kind {
            Kind::False => Some(false),
            Kind::True => Some(true),
            _ => None,
        }
    }

    fn as_number(self) -> Option<Number> {
        (self.node.kind == Kind::Number).then(|| self.text().parse().ok())?
    }

    fn as_text(self) -> Option<&'r str> {
        let is_text =
            matches!(self.node.kind, Kind::Folded | Kind::Ascii | Kind::Both | Kind::Date);
        is_text.then(|| self.text())
    }

    fn as_folded(self) -> Option<Folded<'r>> {
        match self.node.kind {
            Kind::Folded => Some(Folded::Text(Cow::Borrowed(self.text()))),
            Kind::Ascii | Kind::Date => Some(Folded::Ascii(self.text())),
            Kind::Both => Some(Folded::Text(Cow::Borrowed(self.folded_behind()))),
            _ => None,
        }
    }

    fn may_fold_to(self, hash: u32) -> bool {
        match self.node.kind {
            Kind::Folded | Kind::Ascii => self.node.extra == hash,
            Kind::Both | Kind::Date => true,
            _ => false,
        }
    }

    fn coarse_instant(self) -> Option<CoarseInstant> {
        (self.node.kind == Kind::Date).then_some(CoarseInstant(self.node.extra))
    }
}
