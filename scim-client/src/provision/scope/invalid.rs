use std::fmt;

/// What is no scoping filter: where, and why.
///
/// It names the attribute of the clause, and shows neither pattern nor value.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}{kind}", place(.attribute.as_deref()))]
pub struct InvalidScopingFilter {
    attribute: Option<String>,
    kind: InvalidScopingFilterKind,
}

/// Why something is no scoping filter.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum InvalidScopingFilterKind {
    /// The filter has no clause, and would let everything through.
    NoClause,
    /// There is no such operator.
    UnknownOperator,
    /// The operator takes a text.
    NotText,
    /// The operator takes an integer.
    NotAnInteger,
    /// The operator takes no value.
    UnexpectedValue,
    /// The pattern is not a regular expression.
    Pattern,
    /// The pattern would take too much memory.
    PatternTooLarge,
}

impl InvalidScopingFilter {
    pub(super) fn new(kind: InvalidScopingFilterKind) -> Self {
        Self { attribute: None, kind }
    }

    pub(super) fn on(self, attribute: String) -> Self {
        Self { attribute: Some(attribute), ..self }
    }

    /// The attribute of the clause; `None` for a pattern by itself and for a filter as a whole.
    pub fn attribute(&self) -> Option<&str> {
        self.attribute.as_deref()
    }

    /// Why it is none.
    pub fn kind(&self) -> InvalidScopingFilterKind {
        self.kind
    }
}

impl fmt::Display for InvalidScopingFilterKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoClause => "a filter has at least one clause",
            Self::UnknownOperator => "there is no such operator",
            Self::NotText => "the operator takes a text",
            Self::NotAnInteger => "the operator takes an integer",
            Self::UnexpectedValue => "the operator takes no value",
            Self::Pattern => "the pattern is not a regular expression",
            Self::PatternTooLarge => "the pattern takes too much memory",
        })
    }
}

fn place(attribute: Option<&str>) -> String {
    attribute.map(|attribute| format!("`{attribute}`: ")).unwrap_or_default()
}
