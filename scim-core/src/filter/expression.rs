use super::{
    ast::{Comparison, Filter},
    tree::{Connective, NodeKind, Nodes},
};
use crate::attribute::AttributePath;

/// What a filter is at its root, with the filters below it to be looked at in turn.
///
/// ```
/// use scim_core::filter::{CompareOp, Expression, Filter};
///
/// let filter: Filter = r#"active eq true and userName sw "b""#.parse()?;
/// let Expression::And(operands) = filter.expression() else { panic!("an `and`") };
/// let ops = operands.filter_map(|operand| match operand.expression() {
///     Expression::Compare(comparison) => Some(comparison.op),
///     _ => None,
/// });
/// assert_eq!(ops.collect::<Vec<_>>(), [CompareOp::Equal, CompareOp::StartsWith]);
/// # Ok::<(), scim_core::filter::ParseError>(())
/// ```
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "RFC 7644 closes the set")]
pub enum Expression<'f> {
    /// All of them match.
    And(Operands<'f>),
    /// At least one of them matches.
    Or(Operands<'f>),
    /// It does not match.
    Not(FilterRef<'f>),
    /// `attrPath SP "pr"`: the attribute has a value.
    Present(&'f AttributePath),
    /// `attrPath SP compareOp SP compValue`
    Compare(&'f Comparison),
    /// `attrPath "[" valFilter "]"`: one element matches the whole of the inner filter, whose
    /// paths start at the element.
    ValuePath(&'f AttributePath, FilterRef<'f>),
}

/// A filter, or a part of one.
#[derive(Clone, Copy)]
pub struct FilterRef<'f> {
    pub(super) nodes: &'f Nodes,
    pub(super) root: usize,
}

/// The operands of `and` or `or`.
#[derive(Clone, Debug)]
pub struct Operands<'f> {
    next: Option<FilterRef<'f>>,
}

impl Filter {
    /// The root of the tree.
    pub fn expression(&self) -> Expression<'_> {
        self.as_filter_ref().expression()
    }

    /// The filter as a part of itself.
    pub fn as_filter_ref(&self) -> FilterRef<'_> {
        FilterRef { nodes: &self.nodes, root: self.nodes.root() }
    }
}

impl<'f> FilterRef<'f> {
    /// The root of the tree.
    pub fn expression(self) -> Expression<'f> {
        let first = self.nodes.first_operand(self.root).map(|root| Self { root, ..self });
        let inner = first.unwrap_or(self);
        match self.nodes.kind(self.root) {
            NodeKind::Connective(Connective::And, _) => Expression::And(Operands { next: first }),
            NodeKind::Connective(Connective::Or, _) => Expression::Or(Operands { next: first }),
            NodeKind::Not => Expression::Not(inner),
            NodeKind::ValuePath(path) => Expression::ValuePath(path, inner),
            NodeKind::Present(path) => Expression::Present(path),
            NodeKind::Compare(comparison) => Expression::Compare(comparison),
        }
    }
}

impl<'f> Iterator for Operands<'f> {
    type Item = FilterRef<'f>;

    fn next(&mut self) -> Option<Self::Item> {
        let operand = self.next?;
        let next = operand.nodes.next_operand(operand.root);
        self.next = next.map(|(_, root)| FilterRef { root, ..operand });
        Some(operand)
    }
}
