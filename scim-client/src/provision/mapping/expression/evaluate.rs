use std::{borrow::Cow, cell::Cell, collections::BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    context::{ExpressionContext, Outcome},
    date::DateFormat,
    error::{EvaluateError, EvaluateErrorKind as Kind},
    pattern::Pattern,
    random::Random,
    term::Term,
    tree::{Call, CompareType, Literal, Node, Prepared},
};
use crate::provision::source::SourceObject;

/// How much text an evaluation may make, all parts together.
const SIZE: usize = 1 << 20;

/// An expression while it is evaluated.
pub(super) struct Evaluation<'a> {
    object: &'a SourceObject,
    context: &'a ExpressionContext,
    random: Random,
    made: Cell<usize>,
}

/// Why an evaluation ends before it is through.
pub(super) enum Stop {
    /// The attribute is to be left out.
    Ignore,
    /// A fault in the function that is evaluated.
    Fault(Kind),
    /// A fault whose function is known.
    Failed(EvaluateError),
}

/// What a function is called with; it evaluates what it looks at, and no more.
pub(super) struct Arguments<'a> {
    nodes: &'a [Option<Node>],
    evaluation: &'a Evaluation<'a>,
}

/// A text that is being made, as long as it may become.
pub(super) struct Output<'a> {
    text: String,
    evaluation: &'a Evaluation<'a>,
}

impl<'a> Evaluation<'a> {
    pub(super) fn new(object: &'a SourceObject, context: &'a ExpressionContext) -> Self {
        Self { object, context, random: Random::new(context.seed), made: Cell::new(0) }
    }

    /// What the whole expression gives.
    pub(super) fn outcome(&'a self, root: &'a Node) -> Result<Outcome, EvaluateError> {
        match (self.term(root), root) {
            (Err(Stop::Ignore), _) => Ok(Outcome::Ignore),
            (Err(Stop::Failed(error)), _) => Err(error),
            (Err(Stop::Fault(kind)), _) => Err(EvaluateError::new(kind, "")),
            (Ok(Term::Null), _) => Ok(Outcome::Null),
            (Ok(Term::List(terms)), Node::Call(call)) if call.function.is_top_level() => {
                Ok(Outcome::Candidates(candidates(terms)))
            }
            (Ok(term), _) => Ok(Outcome::Value(term.into_value())),
        }
    }

    fn term(&'a self, node: &'a Node) -> Result<Term<'a>, Stop> {
        Ok(match node {
            Node::Attribute(name) => self.attribute(name),
            Node::Text(literal) => Term::Text(Cow::Borrowed(&literal.text)),
            Node::Number(number) => Term::Integer(*number),
            Node::CompareType(compare) => Term::Text(Cow::Borrowed(compare.as_str())),
            Node::Call(Call { function, arguments }) => {
                function.run(&Arguments { nodes: arguments, evaluation: self })?
            }
            Node::Comparison(comparison) => {
                let left = self.term(&comparison.left)?;
                Term::Bool(left.compares(comparison.operator, &self.term(&comparison.right)?))
            }
        })
    }

    fn attribute(&self, name: &str) -> Term<'a> {
        match (name, self.object.attributes.get(name)) {
            // What a source says of it is not what the engine has decided.
            ("IsSoftDeleted", _) => Term::Bool(self.context.is_soft_deleted),
            (_, Some(value)) => value.into(),
            ("appRoleAssignments", None) => {
                let roles = self.object.roles.iter().flatten();
                Term::list(roles.map(|role| Term::Text(Cow::Borrowed(role))).collect())
            }
            (_, None) => Term::Null,
        }
    }

    fn count(&self, bytes: usize) -> Result<(), Kind> {
        let made = self.made.get().saturating_add(bytes);
        self.made.set(made);
        if made > SIZE { Err(Kind::TooLarge) } else { Ok(()) }
    }
}

/// Each value once, as the target is asked for each.
fn candidates(terms: Vec<Term<'_>>) -> Vec<Value> {
    let mut known = BTreeSet::new();
    let mut values: Vec<_> = terms.into_iter().map(Term::into_value).collect();
    values.retain(|value| known.insert(value.as_str().map(str::to_owned)));
    values
}

impl<'a> Arguments<'a> {
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.evaluation.context.now
    }

    pub(super) fn random(&self) -> &'a Random {
        &self.evaluation.random
    }

    /// Whether the argument was not left out.
    pub(super) fn is_given(&self, index: usize) -> bool {
        self.node(index).is_some()
    }

    /// The argument, whatever it is.
    pub(super) fn term(&self, index: usize) -> Result<Term<'a>, Stop> {
        self.node(index).map_or(Ok(Term::Null), |node| self.evaluation.term(node))
    }

    /// The argument as a text, if it has a value.
    pub(super) fn text(&self, index: usize) -> Result<Option<Cow<'a, str>>, Stop> {
        Ok(self.term(index)?.into_text()?)
    }

    /// The argument as a text; without a value it is empty.
    pub(super) fn text_or_empty(&self, index: usize) -> Result<Cow<'a, str>, Stop> {
        Ok(self.text(index)?.unwrap_or_default())
    }

    /// The argument as a number.
    pub(super) fn integer(&self, index: usize) -> Result<i64, Stop> {
        Ok(self.term(index)?.to_integer()?.ok_or(Kind::NotANumber)?)
    }

    /// The argument as a date, if it has a value.
    pub(super) fn date(&self, index: usize) -> Result<Option<DateTime<Utc>>, Stop> {
        Ok(self.term(index)?.to_date()?)
    }

    pub(super) fn compare_type(&self, index: usize) -> CompareType {
        match self.node(index) {
            Some(Node::CompareType(compare)) => *compare,
            _ => CompareType::Binary,
        }
    }

    /// The argument as a regular expression.
    pub(super) fn pattern(&self, index: usize) -> Result<Cow<'a, Pattern>, Stop> {
        if let Some(Prepared::Pattern(pattern)) = self.prepared(index) {
            return Ok(Cow::Borrowed(pattern));
        }
        let pattern = Pattern::parse(&self.text_or_empty(index)?);
        Ok(Cow::Owned(pattern.map_err(|_| Kind::InvalidPattern)?))
    }

    /// The argument as a format of dates.
    pub(super) fn format(&self, index: usize) -> Result<Cow<'a, DateFormat>, Stop> {
        if let Some(Prepared::Format(format)) = self.prepared(index) {
            return Ok(Cow::Borrowed(format));
        }
        let format = DateFormat::parse(&self.text_or_empty(index)?);
        Ok(Cow::Owned(format.ok_or(Kind::InvalidFormat)?))
    }

    /// The text that was made, if the evaluation may make as much.
    pub(super) fn made(&self, text: String) -> Result<Term<'a>, Stop> {
        self.evaluation.count(text.len())?;
        Ok(text.into())
    }

    /// A text to be made piece by piece.
    pub(super) fn output(&self) -> Output<'a> {
        Output { text: String::new(), evaluation: self.evaluation }
    }

    fn node(&self, index: usize) -> Option<&'a Node> {
        self.nodes.get(index)?.as_ref()
    }

    fn prepared(&self, index: usize) -> Option<&'a Prepared> {
        match self.node(index)? {
            Node::Text(Literal { prepared, .. }) => Some(prepared),
            _ => None,
        }
    }
}

impl<'a> Output<'a> {
    pub(super) fn push_str(&mut self, text: &str) -> Result<(), Stop> {
        self.evaluation.count(text.len())?;
        self.text.push_str(text);
        Ok(())
    }

    pub(super) fn finish(self) -> Term<'a> {
        self.text.into()
    }
}

impl Stop {
    /// The stop in a call of this function.
    pub(super) fn inside(self, function: &'static str) -> Self {
        match self {
            Self::Fault(kind) => Self::Failed(EvaluateError::new(kind, function)),
            stop => stop,
        }
    }
}

impl From<Kind> for Stop {
    fn from(kind: Kind) -> Self {
        Self::Fault(kind)
    }
}
