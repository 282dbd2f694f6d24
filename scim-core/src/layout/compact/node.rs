use super::{Table, places::Places};
use crate::member_name::MemberKey;

/// How many bytes a node has: a power of two, by which places are found without a multiplication.
pub(super) const SIZE: usize = 16;

/// A value: its name, its kind, what it says, each in a byte; then where its text begins, or the
/// nodes inside; the length of the text, or how many nodes are inside; and what the kind says it
/// is, each in four.
///
/// The members of an object stand side by side, as the elements of an array do. A member whose
/// name is not a standard one has a node for its name, and its value is the next.
pub(super) type Bytes = [u8; SIZE];

/// What a node is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    pub(super) key: MemberKey,
    pub(super) kind: Kind,
    pub(super) says: Says,
    pub(super) start: u32,
    pub(super) length: u32,
    pub(super) extra: u32,
}

impl Parts {
    pub(super) fn to_bytes(self) -> Bytes {
        let [s0, s1, s2, s3] = self.start.to_le_bytes();
        let [l0, l1, l2, l3] = self.length.to_le_bytes();
        let [e0, e1, e2, e3] = self.extra.to_le_bytes();
        let (kind, says) = (self.kind.0, self.says.0);
        [self.key.byte(), kind, says, 0, s0, s1, s2, s3, l0, l1, l2, l3, e0, e1, e2, e3]
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Kind(u8);

impl Kind {
    pub(super) const NULL: Self = Self(0);
    pub(super) const FALSE: Self = Self(1);
    pub(super) const TRUE: Self = Self(2);
    /// Its text is that of JSON, and so loses nothing.
    pub(super) const NUMBER: Self = Self(3);
    /// Text that is its own folded form, and its hash.
    pub(super) const FOLDED: Self = Self(4);
    /// ASCII text with capital letters, and the hash of its folded form.
    pub(super) const ASCII: Self = Self(5);
    /// Text with its folded form behind it, and how long that is.
    pub(super) const BOTH: Self = Self(6);
    /// Text that is a date, and its instant to some minutes.
    pub(super) const DATE: Self = Self(7);
    pub(super) const ARRAY: Self = Self(8);
    pub(super) const OBJECT: Self = Self(9);
    /// The name of the value that the next node is.
    pub(super) const NAME: Self = Self(10);

    #[inline]
    pub(super) fn is_container(self) -> bool {
        matches!(self, Self::ARRAY | Self::OBJECT)
    }
}

/// What a value says, by RFC 7643 §2.5.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Says(u8);

impl Says {
    /// It is unassigned.
    pub(super) const NOTHING: Self = Self(0);
    /// It is assigned, and made of nothing but empty strings.
    pub(super) const EMPTY: Self = Self(1);
    pub(super) const SOMETHING: Self = Self(2);
}

/// A node in its block.
#[derive(Clone, Copy)]
pub(crate) struct NodeRef<'r> {
    pub(super) table: &'r Table,
    pub(super) bytes: &'r Bytes,
}

/// An object, as the place of what is inside: the resource itself begins where the block does.
#[derive(Clone, Copy)]
pub(crate) struct ObjectRef<'r> {
    pub(super) table: &'r Table,
    pub(super) start: u32,
    pub(super) count: u32,
}

impl<'r> ObjectRef<'r> {
    #[inline]
    pub(super) fn inside(self) -> &'r [Bytes] {
        nodes(&self.table.block, self.start, self.count)
    }

    /// Where its members stand, as far as that is known.
    #[inline]
    pub(super) fn places(self) -> Option<&'r Places> {
        (self.start == 0).then_some(&self.table.places)
    }

    /// The node of an attribute.
    #[inline]
    pub(super) fn at(self, place: usize) -> Option<&'r Bytes> {
        self.table.block.get(place * SIZE..)?.first_chunk()
    }
}

impl<'r> NodeRef<'r> {
    #[inline]
    pub(super) fn key(self) -> MemberKey {
        key(self.bytes)
    }

    #[inline]
    pub(super) fn kind(self) -> Kind {
        let [_, kind, ..] = *self.bytes;
        Kind(kind)
    }

    #[inline]
    pub(super) fn says(self) -> Says {
        let [_, _, says, ..] = *self.bytes;
        Says(says)
    }

    #[inline]
    pub(super) fn start(self) -> u32 {
        let [_, _, _, _, a, b, c, d, ..] = *self.bytes;
        u32::from_le_bytes([a, b, c, d])
    }

    #[inline]
    pub(super) fn length(self) -> u32 {
        let [.., a, b, c, d, _, _, _, _] = *self.bytes;
        u32::from_le_bytes([a, b, c, d])
    }

    #[inline]
    pub(super) fn extra(self) -> u32 {
        let [.., a, b, c, d] = *self.bytes;
        u32::from_le_bytes([a, b, c, d])
    }

    /// What is inside an array or an object.
    #[inline]
    pub(super) fn inside(self) -> &'r [Bytes] {
        nodes(&self.table.block, self.start(), self.length())
    }

    /// The bytes of its text.
    #[inline]
    pub(super) fn text_bytes(self) -> &'r [u8] {
        part(&self.table.block, self.start(), self.length())
    }

    pub(super) fn text(self) -> &'r str {
        std::str::from_utf8(self.text_bytes()).unwrap_or_default()
    }

    /// The folded form of a text that is not its own.
    pub(super) fn folded_behind(self) -> &'r [u8] {
        part(&self.table.block, self.start().saturating_add(self.length()), self.extra())
    }
}

/// The name of a node's value.
#[inline]
pub(super) fn key(bytes: &Bytes) -> MemberKey {
    let [key, ..] = *bytes;
    MemberKey::from_byte(key)
}

/// So many nodes of a block.
#[inline]
pub(super) fn nodes(block: &[u8], start: u32, count: u32) -> &[Bytes] {
    let nodes = block.get(start as usize..).map(|rest| rest.as_chunks().0);
    nodes.and_then(|nodes| nodes.get(..count as usize)).unwrap_or_default()
}

#[inline]
fn part(block: &[u8], start: u32, length: u32) -> &[u8] {
    let rest = block.get(start as usize..);
    rest.and_then(|rest| rest.get(..length as usize)).unwrap_or_default()
}
