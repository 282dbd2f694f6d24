use super::tree::{Connective, NodeKind, Nodes};

/// A walk through a filter in the order of its text, from one node down and back up to it.
pub(super) struct Walk<'f> {
    nodes: &'f Nodes,
    root: usize,
    at: Option<At>,
}

#[derive(Clone, Copy)]
enum At {
    Before(usize),
    Behind(usize),
    Between(Connective, usize),
}

/// What a walk comes by.
pub(super) enum Step<'f> {
    /// A node, before its operands.
    Enter(Place<'f>),
    /// The same node, after its operands.
    Leave(Place<'f>),
    /// The operator between two operands.
    Between(Connective),
}

/// A node and where it stands.
pub(super) struct Place<'f> {
    pub(super) index: usize,
    pub(super) kind: &'f NodeKind,
    /// The connective that it is an operand of.
    pub(super) parent: Option<Connective>,
}

impl<'f> Walk<'f> {
    pub(super) fn new(nodes: &'f Nodes, root: usize) -> Self {
        Self { nodes, root, at: Some(At::Before(root)) }
    }

    fn place(&self, index: usize) -> Place<'f> {
        let parent = match self.nodes.next_operand(index) {
            _ if index == self.root => None,
            Some((connective, _)) => Some(connective),
            None => match self.nodes.kind(index + 1) {
                NodeKind::Connective(connective, _) => Some(*connective),
                _ => None,
            },
        };
        Place { index, kind: self.nodes.kind(index), parent }
    }

    /// Where the walk goes on behind a node.
    fn behind(&self, index: usize) -> Option<At> {
        if index == self.root {
            return None;
        }
        let next = self.nodes.next_operand(index);
        Some(next.map_or(At::Behind(index + 1), |(connective, next)| At::Between(connective, next)))
    }
}

impl<'f> Iterator for Walk<'f> {
    type Item = Step<'f>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.at? {
            At::Before(index) => {
                let first = self.nodes.first_operand(index);
                self.at = Some(first.map_or(At::Behind(index), At::Before));
                Some(Step::Enter(self.place(index)))
            }
            At::Behind(index) => {
                self.at = self.behind(index);
                Some(Step::Leave(self.place(index)))
            }
            At::Between(connective, next) => {
                self.at = Some(At::Before(next));
                Some(Step::Between(connective))
            }
        }
    }
}
