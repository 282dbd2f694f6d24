use std::fmt;

use super::place::Place;
use crate::scim_type::ScimType;

/// As many violations are told one by one; of the others, their number.
const MOST: usize = 100;

/// A body that does not fit the schema of its resource type, with everything that is wrong.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{violations}")]
pub struct InvalidResource {
    violations: Violations,
}

/// What does not fit, as it is found.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Violations {
    found: Vec<Violation>,
    left_out: usize,
}

/// One thing that does not fit: where, and what kind. It never holds the value.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{path}`{} {kind}", of_element(*.element))]
pub struct Violation {
    path: String,
    element: Option<usize>,
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
    /// The name is not spelt as the schema spells it.
    Spelling,
    /// The attribute must not be part of an answer.
    Returned,
    /// Two elements have the same `value` and `type`.
    SameValue,
}

impl InvalidResource {
    /// `violations` must not be empty.
    pub(crate) fn new(violations: Violations) -> Self {
        Self { violations }
    }

    /// What is wrong, in the order of the body; what is missing comes last.
    ///
    /// The first hundred are there; [`left_out`](Self::left_out) counts the others.
    pub fn violations(&self) -> &[Violation] {
        &self.violations.found
    }

    /// How many more violations there are than [`violations`](Self::violations) shows.
    pub fn left_out(&self) -> usize {
        self.violations.left_out
    }

    /// The detail code of the first violation.
    pub fn scim_type(&self) -> ScimType {
        self.violations().first().map_or(ScimType::InvalidValue, Violation::scim_type)
    }
}

impl From<Violation> for InvalidResource {
    fn from(violation: Violation) -> Self {
        Self::new(Violations { found: vec![violation], left_out: 0 })
    }
}

impl Violations {
    pub(super) fn push(&mut self, place: Place<'_>, kind: ViolationKind) {
        if self.found.len() < MOST {
            self.found.push(Violation::at(place, kind));
        } else {
            self.left_out += 1;
        }
    }

    /// The first one; the others are forgotten.
    pub(super) fn take_first(&mut self) -> Option<Violation> {
        self.left_out = 0;
        self.found.drain(..).next()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}

impl Violation {
    /// Something that does not fit.
    pub fn new(path: impl Into<String>, kind: ViolationKind) -> Self {
        Self { path: path.into(), element: None, kind }
    }

    fn at(place: Place<'_>, kind: ViolationKind) -> Self {
        let mut path = place.to_string();
        if kind == ViolationKind::Unknown {
            // A key may be a path with a filter in brackets, and that may hold a value.
            let shown = path.chars().take_while(|c| *c != '[').filter(|c| !c.is_control());
            path = shown.take(200).collect();
        }
        Self { path, element: place.element(), kind }
    }

    /// The path of the attribute.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Which element of the multi-valued attribute it is, counted from 0.
    pub fn element(&self) -> Option<usize> {
        self.element
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
            ViolationKind::Unknown
            | ViolationKind::GivenTwice
            | ViolationKind::Schemas
            | ViolationKind::Spelling => ScimType::InvalidSyntax,
            ViolationKind::ReadOnly | ViolationKind::Immutable => ScimType::Mutability,
            ViolationKind::Type(_)
            | ViolationKind::Required
            | ViolationKind::SeveralPrimary
            | ViolationKind::Text
            | ViolationKind::Returned
            | ViolationKind::SameValue => ScimType::InvalidValue,
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
            Self::Spelling => f.write_str("is not spelt as the schema spells it"),
            Self::Returned => f.write_str("must not be returned"),
            Self::SameValue => f.write_str("has the same `value` and `type` more than once"),
        }
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 10;
        for (index, violation) in self.found.iter().take(SHOWN).enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{violation}")?;
        }
        match self.found.len().saturating_sub(SHOWN) + self.left_out {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

fn of_element(element: Option<usize>) -> String {
    element.map_or_else(String::new, |index| format!(" of element {index}"))
}
