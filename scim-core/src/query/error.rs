use super::InvalidCursor;
use crate::{attribute::InvalidAttributePath, filter::ParseError, scim_type::ScimType};

/// A query that cannot be read.
///
/// ```
/// use scim_core::{ListQuery, ScimType, filter::ParseLimits};
///
/// let read = |parameters| ListQuery::from_parameters(parameters, &ParseLimits::new());
/// let error = read([("startIndex", "one")]).unwrap_err();
/// assert_eq!(error.to_string(), "`startIndex` must be an integer");
/// assert_eq!(error.scim_type(), ScimType::InvalidValue);
/// assert_eq!(read([("sortBy", "1st")]).unwrap_err().scim_type(), ScimType::InvalidPath);
/// ```
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ListQueryError {
    /// The message is not a query.
    #[error("not a JSON object")]
    Message,
    /// The filter is not in the grammar.
    #[error("`filter` cannot be read")]
    Filter(#[source] ParseError),
    /// What to sort by is no attribute path.
    #[error("`sortBy` cannot be read")]
    SortBy(#[source] InvalidAttributePath),
    /// A list of attributes has an entry that is no attribute path.
    #[error("`{name}` cannot be read")]
    AttributeList {
        /// `attributes` or `excludedAttributes`
        name: &'static str,
        /// Why not.
        source: InvalidAttributePath,
    },
    /// Another parameter does not fit.
    #[error("`{name}` {reason}")]
    Parameter {
        /// The parameter.
        name: &'static str,
        /// Why not.
        reason: &'static str,
    },
    /// The count does not fit a query by cursor.
    #[error("`count` must be an integer")]
    Count,
    /// The cursor is malformed.
    #[error("`cursor` cannot be read")]
    Cursor(#[source] InvalidCursor),
}

impl ListQueryError {
    /// The detail code ([RFC 7644 §3.12], Table 9; [RFC 9865 §2.1]).
    ///
    /// [RFC 7644 §3.12]: https://www.rfc-editor.org/rfc/rfc7644#section-3.12
    /// [RFC 9865 §2.1]: https://www.rfc-editor.org/rfc/rfc9865#section-2.1
    pub fn scim_type(&self) -> ScimType {
        match self {
            Self::Message => ScimType::InvalidSyntax,
            Self::Filter(_) => ScimType::InvalidFilter,
            Self::SortBy(_) => ScimType::InvalidPath,
            Self::AttributeList { .. } | Self::Parameter { .. } => ScimType::InvalidValue,
            Self::Count => ScimType::InvalidCount,
            Self::Cursor(error) => error.scim_type(),
        }
    }
}
