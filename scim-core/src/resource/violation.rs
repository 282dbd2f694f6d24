use std::fmt;

use crate::scim_type::ScimType;

/// A body that does not fit the schema of its resource type, with everything that is wrong.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}", summary(.violations))]
pub struct InvalidResource {
    violations: Vec<Violation>,
}

/// One thing that does not fit: where, and what kind. It never holds the value.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{path}` {kind}")]
pub struct Violation {
    path: String,
    kind: ViolationKind,
}

/// What does not fit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ViolationKind {
    /// The schema does not have the attribute.
    Unknown,
    /// The value is of another type than the one named here.
    Type(&'static str),
    /// The attribute is required.
    Required,
    /// The attribute cannot be set by a client.
    ReadOnly,
    /// The attribute has a value that cannot be changed.
    Immutable,
    /// More than one value is marked as `primary`.
    SeveralPrimary,
    /// The attribute is given more than once.
    GivenTwice,
    /// `schemas` does not name what it must.
    Schemas,
    /// The text holds a character that is not allowed, or is too long.
    Text,
}

impl InvalidResource {
    /// `violations` must not be empty.
    pub(crate) fn new(violations: Vec<Violation>) -> Self {
        Self { violations }
    }

    /// Everything that is wrong, in the order of the body.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// The detail code of the first violation.
    pub fn scim_type(&self) -> ScimType {
        self.violations.first().map_or(ScimType::InvalidValue, Violation::scim_type)
    }
}

impl From<Violation> for InvalidResource {
    fn from(violation: Violation) -> Self {
        Self::new(vec![violation])
    }
}

impl Violation {
    /// Something that does not fit.
    pub fn new(path: impl Into<String>, kind: ViolationKind) -> Self {
        Self { path: path.into(), kind }
    }

    /// The path of the attribute.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What does not fit.
    pub fn kind(&self) -> ViolationKind {
        self.kind
    }

    /// The detail code ([RFC 7644 §3.12]).
    ///
    /// [RFC 7644 §3.12]: https://www.rfc-editor.org/rfc/rfc7644#section-3.12
    pub fn scim_type(&self) -> ScimType {
        match self.kind {
            ViolationKind::Unknown | ViolationKind::GivenTwice | ViolationKind::Schemas => {
                ScimType::InvalidSyntax
            }
            ViolationKind::ReadOnly | ViolationKind::Immutable => ScimType::Mutability,
            ViolationKind::Type(_)
            | ViolationKind::Required
            | ViolationKind::SeveralPrimary
            | ViolationKind::Text => ScimType::InvalidValue,
        }
    }
}

impl fmt::Display for ViolationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("is not an attribute of the schema"),
            Self::Type(expected) => write!(f, "must be {expected}"),
            Self::Required => f.write_str("is required"),
            Self::ReadOnly => f.write_str("is read-only"),
            Self::Immutable => f.write_str("is immutable and has a value"),
            Self::SeveralPrimary => f.write_str("has more than one primary value"),
            Self::GivenTwice => f.write_str("is given more than once"),
            Self::Schemas => f.write_str("must name the schemas of the resource type"),
            Self::Text => f.write_str("is too long or holds a character that is not allowed"),
        }
    }
}

fn summary(violations: &[Violation]) -> String {
    let texts: Vec<_> = violations.iter().take(10).map(ToString::to_string).collect();
    let left_out = violations.len().saturating_sub(10);
    let tail = if left_out > 0 { format!("; and {left_out} more") } else { String::new() };
    texts.join("; ") + &tail
}
