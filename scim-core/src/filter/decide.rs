//! How the tests of a bound filter follow each other: each says where to go on if it holds and
//! where if it fails, so that matching is one loop, whatever the depth of the filter.

use super::{
    bind::Test,
    tree::{Connective, NodeKind, Nodes},
};

/// Where to go on behind a test.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub(super) if_true: Next,
    pub(super) if_false: Next,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Next {
    Test(usize),
    Answer(bool),
}

impl Way {
    /// The way of a filter as a whole.
    pub(super) const WHOLE: Self =
        Self { if_true: Next::Answer(true), if_false: Next::Answer(false) };

    fn swapped(self) -> Self {
        Self { if_true: self.if_false, if_false: self.if_true }
    }
}

/// Gives each test its way. The first test is where matching starts.
pub(super) fn link(nodes: &Nodes, tests: &mut [Test]) {
    // The list of nodes, read backwards, is the text read backwards: when a test comes, what
    // stands behind it is known.
    let next = tests.len();
    let mut linker = Linker { tests, next, open: Vec::new(), way: Way::WHOLE, required: true };
    for place in (0..=nodes.root()).rev() {
        linker.node(place, nodes.kind(place));
    }
}

struct Linker<'t> {
    tests: &'t mut [Test],
    /// The test that was linked last: the first of those behind the place.
    next: usize,
    open: Vec<Open>,
    /// Behind the node that comes.
    way: Way,
    required: bool,
}

/// An operator on the way back through its operands, from the last to the first.
struct Open {
    place: usize,
    first_operand: usize,
    operator: Operator,
    way: Way,
    required: bool,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Operator {
    Connective(Connective),
    Not,
    Elements,
}

impl Linker<'_> {
    fn node(&mut self, place: usize, kind: &NodeKind) {
        match kind {
            NodeKind::Connective(connective, distance) => {
                self.enter(place, place - distance, Operator::Connective(*connective));
            }
            NodeKind::Not => self.enter(place, place - 1, Operator::Not),
            NodeKind::ValuePath(_) => self.enter(place, place - 1, Operator::Elements),
            NodeKind::Present(_) | NodeKind::Compare(_) => {
                self.test();
                self.leave(place);
            }
        }
    }

    fn enter(&mut self, place: usize, first_operand: usize, operator: Operator) {
        let (way, required) = (self.way, self.required);
        self.open.push(Open { place, first_operand, operator, way, required });
        self.required &= operator == Operator::Connective(Connective::And);
        match operator {
            Operator::Connective(_) => {}
            Operator::Not => self.way = way.swapped(),
            Operator::Elements => self.way = Way::WHOLE,
        }
    }

    fn test(&mut self) {
        self.next -= 1;
        if let Some(test) = self.tests.get_mut(self.next) {
            test.way = if test.negated { self.way.swapped() } else { self.way };
            test.required = self.required;
        }
    }

    /// Goes on from an operand to the one before it, out of the operators it is the first of.
    fn leave(&mut self, mut operand: usize) {
        while let Some(open) = self.open.pop_if(|open| open.first_operand == operand) {
            if open.operator == Operator::Elements {
                (self.way, self.required) = (open.way, open.required);
                self.test();
            }
            operand = open.place;
        }
        let Some(open) = self.open.last() else { return };
        let Operator::Connective(connective) = open.operator else { return };
        let next = Next::Test(self.next);
        self.way = match connective {
            Connective::And => Way { if_true: next, ..open.way },
            Connective::Or => Way { if_false: next, ..open.way },
        };
        self.required = open.required && connective == Connective::And;
    }
}
