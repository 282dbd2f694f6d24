/// What a filter says: `and` and `or` with all their operands, parentheses gone.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    Present(Path),
    Compare(Path, String, Literal),
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
    ValuePath(Path, Box<Self>),
}

/// `attrPath`, in the spelling it has.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Path {
    pub(super) schema: Option<String>,
    pub(super) name: String,
    pub(super) sub_attribute: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    String(String),
    /// With the digits it has.
    Number(String),
    Boolean(bool),
    Null,
}

/// What a PATCH path says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PathTree {
    Attribute(Path),
    /// `valuePath [subAttr]`
    Elements(Path, Tree, Option<String>),
    /// The URI of an extension.
    Schema(String),
}
