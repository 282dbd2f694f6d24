use std::ops::Range;

use super::{Table, places::Places};
use crate::member_name::MemberKey;

/// A value, in sixteen bytes.
///
/// The members of an object stand side by side, as the elements of an array do, and behind the
/// node that they belong to. A member whose name is not a standard one has a node for its name,
/// and its value is the next.
#[derive(Clone, Copy)]
pub(super) struct Node {
    /// The name of a member.
    pub(super) key: MemberKey,
    pub(super) kind: Kind,
    pub(super) says: Says,
    /// Where the text begins, or the first node inside.
    pub(super) start: u32,
    /// The length of the text, or how many nodes are inside.
    pub(super) length: u32,
    /// What the kind says it is.
    pub(super) extra: u32,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Null,
    False,
    True,
    /// Its text is that of JSON, and so loses nothing.
    Number,
    /// Text that is its own folded form, and its hash.
    Folded,
    /// ASCII text with capital letters, and the hash of its folded form.
    Ascii,
    /// Text with its folded form behind it, and how long that is.
    Both,
    /// Text that is a date, and its instant to some minutes.
    Date,
    Array,
    Object,
    /// The name of the value that the next node is.
    Name,
}

/// What a value says, by RFC 7643 §2.5.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Says {
    /// It is unassigned.
    Nothing,
    /// It is assigned, and made of nothing but empty strings.
    Empty,
    Something,
}

/// A node among the others.
#[derive(Clone, Copy)]
pub(crate) struct NodeRef<'r> {
    pub(super) table: &'r Table,
    pub(super) node: &'r Node,
}

/// An object, as what is inside.
#[derive(Clone, Copy)]
pub(crate) struct ObjectRef<'r> {
    pub(super) table: &'r Table,
    pub(super) inside: &'r [Node],
    /// Where its members stand, of the resource itself.
    pub(super) places: Option<&'r Places>,
}

impl Node {
    pub(super) const NULL: Self = Self {
        key: MemberKey::NONE,
        kind: Kind::Null,
        says: Says::Nothing,
        start: 0,
        length: 0,
        extra: 0,
    };

    /// What is inside an array or an object.
    #[inline]
    pub(super) fn inside<'n>(&self, nodes: &'n [Self]) -> &'n [Self] {
        part(self.start, self.length).and_then(|part| nodes.get(part)).unwrap_or_default()
    }

    #[inline]
    pub(super) fn text<'t>(&self, text: &'t str) -> &'t str {
        part(self.start, self.length).and_then(|part| text.get(part)).unwrap_or_default()
    }
}

impl<'r> NodeRef<'r> {
    #[inline]
    pub(super) fn inside(self) -> &'r [Node] {
        self.node.inside(&self.table.nodes)
    }

    #[inline]
    pub(super) fn text(self) -> &'r str {
        self.node.text(&self.table.text)
    }

    /// The folded form of a text that is not its own.
    pub(super) fn folded_behind(self) -> &'r str {
        let Node { start, length, extra, .. } = *self.node;
        let behind = part(start.saturating_add(length), extra);
        behind.and_then(|part| self.table.text.get(part)).unwrap_or_default()
    }
}

#[inline]
fn part(start: u32, length: u32) -> Option<Range<usize>> {
    let (start, length) = (usize::try_from(start).ok()?, usize::try_from(length).ok()?);
    Some(start..start.checked_add(length)?)
}
