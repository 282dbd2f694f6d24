//! What a filter and an order ask, answered by the nodes.

use std::borrow::Cow;

use serde_json::Number;

use super::{
    super::{JsonObject, JsonValue},
    node::{Bytes, Kind, NodeRef, ObjectRef, Says, key},
    places::Place,
};
use crate::{
    comparable::Comparable,
    date_time::CoarseInstant,
    member_name::{MemberKey, MemberName},
};

impl<'r> JsonObject<'r> for ObjectRef<'r> {
    type Value = NodeRef<'r>;

    #[inline]
    fn member(self, name: &MemberName) -> Option<NodeRef<'r>> {
        if name.key().place().is_none() {
            return self.search_other(name);
        }
        let known = self.places().and_then(|places| places.find(name.key()));
        let bytes = match known {
            Some(Place::At(place)) => self.at(place)?,
            Some(Place::Nowhere) => return None,
            Some(Place::Beyond) | None => self.search(name.key())?,
        };
        Some(NodeRef { table: self.table, bytes })
    }
}

impl<'r> ObjectRef<'r> {
    #[inline]
    fn search(self, standard: MemberKey) -> Option<&'r Bytes> {
        self.inside().iter().find(|bytes| key(bytes) == standard)
    }

    fn search_other(self, name: &MemberName) -> Option<NodeRef<'r>> {
        let is_name = |bytes: &'r Bytes| {
            let node = NodeRef { table: self.table, bytes };
            node.key() == name.key() && node.text_bytes() == name.as_bytes()
        };
        let place = self.inside().iter().position(is_name)?;
        let bytes = self.inside().get(place + 1)?;
        Some(NodeRef { table: self.table, bytes })
    }
}

impl<'r> JsonValue<'r> for NodeRef<'r> {
    type Object = ObjectRef<'r>;

    #[inline]
    fn as_object(self) -> Option<ObjectRef<'r>> {
        let (start, count) = (self.start(), self.length());
        let is_object = self.kind() == Kind::OBJECT;
        is_object.then_some(ObjectRef { table: self.table, start, count })
    }

    #[inline]
    fn find_element(self, passes: impl Fn(Self) -> bool) -> Option<Self> {
        if self.kind() == Kind::ARRAY {
            let mut elements = self.inside().iter().map(|bytes| Self { bytes, ..self });
            elements.find(|element| passes(*element))
        } else {
            passes(self).then_some(self)
        }
    }

    #[inline]
    fn is_assigned(self) -> bool {
        self.says() != Says::NOTHING
    }

    #[inline]
    fn is_present(self) -> bool {
        self.says() == Says::SOMETHING
    }

    #[inline]
    fn as_boolean(self) -> Option<bool> {
        match self.kind() {
            Kind::FALSE => Some(false),
            Kind::TRUE => Some(true),
            _ => None,
        }
    }

    fn as_number(self) -> Option<Number> {
        (self.kind() == Kind::NUMBER).then(|| self.text().parse().ok())?
    }

    fn as_text(self) -> Option<&'r str> {
        let is_text = matches!(self.kind(), Kind::FOLDED | Kind::ASCII | Kind::BOTH | Kind::DATE);
        is_text.then(|| self.text())
    }

    #[inline]
    fn as_comparable(self, case_exact: bool) -> Option<Comparable<'r>> {
        let bytes = |text| Some(Comparable::Bytes(Cow::Borrowed(text)));
        match self.kind() {
            Kind::FOLDED => bytes(self.text_bytes()),
            Kind::ASCII | Kind::BOTH | Kind::DATE if case_exact => bytes(self.text_bytes()),
            Kind::ASCII | Kind::DATE => Some(Comparable::Letters(self.text_bytes())),
            Kind::BOTH => bytes(self.folded_behind()),
            _ => None,
        }
    }

    #[inline]
    fn may_fold_to(self, hash: u32) -> bool {
        match self.kind() {
            Kind::FOLDED | Kind::ASCII => self.extra() == hash,
            Kind::BOTH | Kind::DATE => true,
            _ => false,
        }
    }

    #[inline]
    fn coarse_instant(self) -> Option<CoarseInstant> {
        (self.kind() == Kind::DATE).then(|| CoarseInstant(self.extra()))
    }

    #[inline]
    fn look(self) -> u8 {
        let [_, kind, ..] = *self.bytes;
        kind
    }

    /// What is inside lies with its texts within a few lines of memory.
    #[inline]
    fn look_inside(self) -> u8 {
        let start = self.start() as usize;
        let lines = if self.kind().is_container() { LINES } else { 1 };
        let places = (0..lines).map(|line| start + line * LINE);
        let bytes = places.map(|place| self.table.block.get(place).copied().unwrap_or_default());
        bytes.fold(0, |seen, byte| seen ^ byte)
    }
}

/// How many bytes memory gives at once.
const LINE: usize = 64;

/// How many lines of what is inside an attribute are looked at ahead: a first element is there.
const LINES: usize = 3;
