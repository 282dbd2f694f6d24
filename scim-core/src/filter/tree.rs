//! How a filter lies in memory.

use std::num::NonZeroUsize;

use smallvec::SmallVec;

use super::ast::Comparison;
use crate::attribute::AttributePath;

/// The nodes of a filter in one list: operands stand before their operator, and the last of them
/// directly before it, so that the last node is the root.
///
/// Whatever goes through the nodes goes along the list and needs no recursion.
#[derive(Clone, Default, Eq, Hash, PartialEq)]
pub(super) struct Nodes(SmallVec<[Node; 1]>);

/// One node. Links are distances, so that filters are joined by appending one to the other.
#[derive(Clone, Eq, Hash, PartialEq)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    /// The operator that joins it with its next sibling, and how far behind that one stands.
    next: Option<(Connective, NonZeroUsize)>,
}

#[derive(Clone, Eq, Hash, PartialEq)]
pub(super) enum NodeKind {
    /// Its first operand stands so many nodes before it.
    Connective(Connective, usize),
    Not,
    ValuePath(AttributePath),
    Present(AttributePath),
    Compare(Comparison),
}

/// The logical operators that take any number of operands.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Connective {
    And,
    Or,
}

/// The operands of a connective while they are collected: the first and the last so far.
#[derive(Clone, Copy, Default)]
pub(super) struct Chain(Option<(usize, usize)>);

impl Chain {
    pub(super) fn is_empty(self) -> bool {
        self.0.is_none()
    }
}

impl Nodes {
    pub(super) fn push(&mut self, kind: NodeKind) {
        self.0.push(Node { kind, next: None });
    }

    pub(super) fn reserve(&mut self, additional: usize) {
        self.0.reserve(additional);
    }

    pub(super) fn is_inline(&self) -> bool {
        !self.0.spilled()
    }

    /// Makes the operand that ends the list one more operand of a chain.
    pub(super) fn join(&mut self, chain: &mut Chain, connective: Connective) {
        let operand = self.root();
        self.join_at(chain, connective, operand);
    }

    /// Ends a chain with the operand that ends the list; without others it stands for itself.
    pub(super) fn close(&mut self, mut chain: Chain, connective: Connective) {
        if chain.is_empty() {
            return;
        }
        self.join(&mut chain, connective);
        if let Some((first, _)) = chain.0 {
            self.push(NodeKind::Connective(connective, self.0.len() - first));
        }
    }

    /// Both filters under one connective, into which those of the same kind are taken up.
    pub(super) fn connect(mut self, other: Self, connective: Connective) -> Self {
        let mut chain = Chain::default();
        self.take_up(&mut chain, connective);
        self.0.extend(other.0);
        self.take_up(&mut chain, connective);
        if let Some((first, _)) = chain.0 {
            self.push(NodeKind::Connective(connective, self.0.len() - first));
        }
        self
    }

    /// Appends the operand that ends the list, or its own operands, to a chain.
    fn take_up(&mut self, chain: &mut Chain, connective: Connective) {
        let root = self.root();
        let first = match self.kind(root) {
            NodeKind::Connective(own, distance) if *own == connective => root - distance,
            _ => return self.join(chain, connective),
        };
        self.0.pop();
        self.join_at(chain, connective, first);
        chain.0 = chain.0.map(|(first, _)| (first, root - 1));
    }

    fn join_at(&mut self, chain: &mut Chain, connective: Connective, operand: usize) {
        let Some((first, last)) = chain.0 else {
            chain.0 = Some((operand, operand));
            return;
        };
        if let Some(node) = self.0.get_mut(last) {
            node.next = NonZeroUsize::new(operand - last).map(|distance| (connective, distance));
        }
        chain.0 = Some((first, operand));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &NodeKind> {
        self.0.iter().map(|node| &node.kind)
    }

    /// The place of the operand that ends the list.
    pub(super) fn root(&self) -> usize {
        self.0.len().saturating_sub(1)
    }

    #[expect(clippy::indexing_slicing, reason = "links lead to nodes of the same list")]
    pub(super) fn kind(&self, place: usize) -> &NodeKind {
        &self.0[place].kind
    }

    pub(super) fn first_operand(&self, place: usize) -> Option<usize> {
        match self.kind(place) {
            NodeKind::Connective(_, distance) => Some(place - distance),
            NodeKind::Not | NodeKind::ValuePath(_) => Some(place - 1),
            NodeKind::Present(_) | NodeKind::Compare(_) => None,
        }
    }

    pub(super) fn next_operand(&self, place: usize) -> Option<(Connective, usize)> {
        let (connective, distance) = self.0.get(place)?.next?;
        Some((connective, place + distance.get()))
    }

    /// How many operands an operator has.
    pub(super) fn count(&self, place: usize) -> usize {
        let next = |operand: &usize| self.next_operand(*operand).map(|(_, next)| next);
        std::iter::successors(self.first_operand(place), next).count()
    }
}
