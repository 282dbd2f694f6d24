use std::fmt;

use super::{
    ast::{CompareOp, CompareValue, Comparison, Filter, Text},
    expression::FilterRef,
    tree::{Connective, NodeKind},
    walk::{Place, Step, Walk},
};

impl fmt::Display for Filter {
    /// Writes canonical text: lower-case operators, single blanks, parentheses only where needed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_filter_ref().fmt(f)
    }
}

impl fmt::Debug for Filter {
    /// Writes the text, literals included.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Filter({self})")
    }
}

impl fmt::Display for FilterRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in Walk::new(self.nodes, self.root) {
            match step {
                Step::Enter(Place { kind: NodeKind::Present(path), .. }) => write!(f, "{path} pr")?,
                Step::Enter(Place { kind: NodeKind::Compare(comparison), .. }) => {
                    comparison.fmt(f)?;
                }
                Step::Enter(Place { kind: NodeKind::Not, .. }) => f.write_str("not (")?,
                Step::Enter(Place { kind: NodeKind::ValuePath(path), .. }) => write!(f, "{path}[")?,
                Step::Leave(Place { kind: NodeKind::ValuePath(_), .. }) => f.write_str("]")?,
                Step::Leave(Place { kind: NodeKind::Not, .. }) => f.write_str(")")?,
                Step::Enter(place) if place.takes_parentheses() => f.write_str("(")?,
                Step::Leave(place) if place.takes_parentheses() => f.write_str(")")?,
                Step::Between(Connective::And) => f.write_str(" and ")?,
                Step::Between(Connective::Or) => f.write_str(" or ")?,
                Step::Enter(_) | Step::Leave(_) => {}
            }
        }
        Ok(())
    }
}

impl fmt::Debug for FilterRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FilterRef({self})")
    }
}

impl Place<'_> {
    /// Whether it would be read as a part of the connective around it.
    fn takes_parentheses(&self) -> bool {
        match (self.kind, self.parent) {
            (NodeKind::Connective(..), Some(Connective::And)) => true,
            (NodeKind::Connective(own, _), Some(Connective::Or)) => *own == Connective::Or,
            _ => false,
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.path, self.op, self.value)
    }
}

impl fmt::Display for CompareOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for CompareValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String(text) => write!(f, "{text}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Boolean(boolean) => write!(f, "{boolean}"),
            Self::Null => f.write_str("null"),
        }
    }
}

impl fmt::Display for Text {
    /// Writes a JSON string, quotes and escapes included.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_string(self.as_str()).map_err(|_| fmt::Error)?;
        f.write_str(&json)
    }
}
