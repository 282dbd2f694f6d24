use std::ops::Not;

use super::{
    ast::{CompareOp, CompareValue, Comparison, Filter},
    tree::{Connective, NodeKind, Nodes},
};
use crate::attribute::{AttributePath, InvalidAttributePath};

/// A value path that the grammar does not have.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidValuePath {
    /// What stands before the bracket is not an attribute path.
    #[error(transparent)]
    Path(#[from] InvalidAttributePath),
    /// The filter in the brackets has a value path of its own (errata 4690 of RFC 7644).
    #[error("a value path cannot stand inside a value path")]
    Nested,
}

/// Building filters in code. What is built is in the grammar: literals are escaped when the filter
/// is printed.
///
/// ```
/// use scim_core::Filter;
///
/// let working = Filter::value_path("emails", Filter::eq("type", "work")?)?;
/// let filter = Filter::present("title")?.and(!working).or(Filter::eq("userName", "O\"Neill")?);
/// assert_eq!(
///     filter.to_string(),
///     r#"title pr and not (emails[type eq "work"]) or userName eq "O\"Neill""#,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl Filter {
    /// `path eq value`
    ///
    /// # Errors
    /// If `path` is not an attribute path.
    pub fn eq(path: &str, value: impl Into<CompareValue>) -> Result<Self, InvalidAttributePath> {
        Self::compare(path, CompareOp::Equal, value)
    }

    /// `path op value`
    ///
    /// # Errors
    /// If `path` is not an attribute path.
    pub fn compare(
        path: &str,
        op: CompareOp,
        value: impl Into<CompareValue>,
    ) -> Result<Self, InvalidAttributePath> {
        let comparison = Comparison { path: path.parse()?, op, value: value.into() };
        Ok(NodeKind::Compare(comparison).into())
    }

    /// `path pr`
    ///
    /// # Errors
    /// If `path` is not an attribute path.
    pub fn present(path: &str) -> Result<Self, InvalidAttributePath> {
        Ok(NodeKind::Present(path.parse()?).into())
    }

    /// `path[filter]`
    ///
    /// # Errors
    /// If `path` is not an attribute path, or `filter` has a value path in it.
    pub fn value_path(path: &str, filter: Self) -> Result<Self, InvalidValuePath> {
        let path: AttributePath = path.parse()?;
        if filter.has_value_path() {
            return Err(InvalidValuePath::Nested);
        }
        Ok(filter.below(NodeKind::ValuePath(path)))
    }

    /// This and the other; operands that are `and` themselves are taken up.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { nodes: self.nodes.connect(other.nodes, Connective::And) }
    }

    /// This or the other; operands that are `or` themselves are taken up.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { nodes: self.nodes.connect(other.nodes, Connective::Or) }
    }

    /// All of the filters; `None` if there are none.
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Option<Self> {
        filters.into_iter().reduce(Self::and)
    }

    /// Any of the filters; `None` if there are none.
    ///
    /// ```
    /// use scim_core::Filter;
    ///
    /// let ids = ["1", "2"].map(|id| Filter::eq("id", id));
    /// let any = Filter::any(ids.into_iter().flatten()).ok_or("no ids")?;
    /// assert_eq!(any.to_string(), r#"id eq "1" or id eq "2""#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn any(filters: impl IntoIterator<Item = Self>) -> Option<Self> {
        filters.into_iter().reduce(Self::or)
    }

    pub(crate) fn has_value_path(&self) -> bool {
        self.nodes.iter().any(|kind| matches!(kind, NodeKind::ValuePath(_)))
    }

    fn below(mut self, kind: NodeKind) -> Self {
        self.nodes.push(kind);
        self
    }
}

impl Not for Filter {
    type Output = Self;

    /// `not (filter)`
    fn not(self) -> Self {
        self.below(NodeKind::Not)
    }
}

impl From<NodeKind> for Filter {
    fn from(kind: NodeKind) -> Self {
        let mut nodes = Nodes::default();
        nodes.push(kind);
        Self { nodes }
    }
}
