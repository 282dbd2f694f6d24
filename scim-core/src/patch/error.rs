use crate::{
    filter::{BindError, ParseError},
    resource::{InvalidResource, Violation},
    schema::UnknownAttribute,
    scim_type::ScimType,
};

/// A PATCH that cannot be done; nothing was changed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}{kind}", place(*.operation))]
pub struct PatchError {
    operation: Option<usize>,
    kind: PatchErrorKind,
}

/// Why a PATCH cannot be done.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PatchErrorKind {
    /// The message is not a PATCH request; the text says what it lacks.
    #[error("{0}")]
    Message(&'static str),
    /// An operation has a member that the RFC does not define.
    #[error("the operation has a member that is neither `op`, `path` nor `value`")]
    UnknownMember,
    /// The operation is none of `add`, `remove` and `replace`.
    #[error("`op` must be `add`, `remove` or `replace`")]
    UnknownOperation,
    /// The path is not in the grammar.
    #[error("`path`: {0}")]
    Path(ParseError),
    /// The path leads to no attribute.
    #[error(transparent)]
    UnknownAttribute(UnknownAttribute),
    /// The filter of the path means nothing for its attribute.
    #[error(transparent)]
    Filter(BindError),
    /// A `value` is needed, or must have another form.
    #[error("`value` {0}")]
    Value(&'static str),
    /// The value does not fit its attribute.
    #[error(transparent)]
    Violation(Violation),
    /// The path selects nothing.
    #[error("`{path}` selects nothing")]
    NoTarget {
        /// The attribute.
        path: String,
    },
    /// The attribute's mutability does not allow it.
    #[error("`{path}` {reason}")]
    Mutability {
        /// The attribute.
        path: String,
        /// Why not.
        reason: &'static str,
    },
    /// The operations together would cost too much.
    #[error("the operations would take too much work")]
    TooMuchWork,
    /// The result does not fit the schema.
    #[error(transparent)]
    Result(InvalidResource),
}

impl PatchError {
    pub(super) fn new(kind: PatchErrorKind) -> Self {
        Self { operation: None, kind }
    }

    pub(super) fn in_operation(operation: usize, kind: PatchErrorKind) -> Self {
        Self { operation: Some(operation), kind }
    }

    /// The place of the operation among `Operations`, counted from 0.
    pub fn operation(&self) -> Option<usize> {
        self.operation
    }

    /// Why it cannot be done.
    pub fn kind(&self) -> &PatchErrorKind {
        &self.kind
    }

    /// The detail code ([RFC 7644 §3.12], Table 9).
    ///
    /// [RFC 7644 §3.12]: https://www.rfc-editor.org/rfc/rfc7644#section-3.12
    pub fn scim_type(&self) -> ScimType {
        match &self.kind {
            PatchErrorKind::Message(_)
            | PatchErrorKind::UnknownMember
            | PatchErrorKind::UnknownOperation => ScimType::InvalidSyntax,
            PatchErrorKind::Path(_) | PatchErrorKind::UnknownAttribute(_) => ScimType::InvalidPath,
            PatchErrorKind::Filter(error) => error.scim_type(),
            PatchErrorKind::Value(_) => ScimType::InvalidValue,
            PatchErrorKind::Violation(violation) => violation.scim_type(),
            PatchErrorKind::NoTarget { .. } => ScimType::NoTarget,
            PatchErrorKind::Mutability { .. } => ScimType::Mutability,
            PatchErrorKind::TooMuchWork => ScimType::TooMany,
            PatchErrorKind::Result(error) => error.scim_type(),
        }
    }
}

fn place(operation: Option<usize>) -> String {
    operation.map_or_else(String::new, |index| format!("operation {index}: "))
}
