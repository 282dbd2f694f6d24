use std::fmt::{self, Write};

use super::{date::DateFormat, functions::Function, pattern::Pattern};

/// One node of an expression.
#[derive(Clone, Eq, PartialEq)]
pub(super) enum Node {
    Attribute(String),
    Text(Literal),
    Number(i64),
    CompareType(CompareType),
    Call(Call),
    Comparison(Box<Comparison>),
}

/// A text between quotes.
#[derive(Clone)]
pub(super) struct Literal {
    pub(super) text: String,
    pub(super) prepared: Prepared,
}

/// What the text of a literal means to the function whose argument it is.
#[derive(Clone)]
pub(super) enum Prepared {
    Nothing,
    Pattern(Box<Pattern>),
    Format(DateFormat),
}

/// A function and what it is called with; an argument that is left out is `None`.
#[derive(Clone, Eq, PartialEq)]
pub(super) struct Call {
    pub(super) function: &'static Function,
    pub(super) arguments: Vec<Option<Node>>,
}

/// Two operands and how they are compared.
#[derive(Clone, Eq, PartialEq)]
pub(super) struct Comparison {
    pub(super) left: Node,
    pub(super) operator: Operator,
    pub(super) right: Node,
}

/// How two operands are compared.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// How `InStr` compares characters.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum CompareType {
    Binary,
    Text,
}

impl Node {
    /// Shows every node below, and this one first.
    ///
    /// It calls itself, as does all that goes through a tree: the parser bounds how deep.
    pub(super) fn visit<'n>(&'n self, look: &mut impl FnMut(&'n Self)) {
        look(self);
        match self {
            Self::Call(call) => call.arguments.iter().flatten().for_each(|node| node.visit(look)),
            Self::Comparison(comparison) => {
                comparison.left.visit(look);
                comparison.right.visit(look);
            }
            _ => {}
        }
    }
}

impl CompareType {
    pub(super) const ALL: [Self; 2] = [Self::Binary, Self::Text];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Binary => "vbBinaryCompare",
            Self::Text => "vbTextCompare",
        }
    }
}

impl Operator {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// What was prepared follows from the text and its place.
impl PartialEq for Literal {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Literal {}

/// Without blanks, so that no text becomes longer than it was and too long to be parsed.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attribute(name) => write!(f, "[{name}]"),
            Self::Text(literal) => literal.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::CompareType(compare) => f.write_str(compare.as_str()),
            Self::Call(call) => call.fmt(f),
            Self::Comparison(comparison) => {
                let Comparison { left, operator, right } = &**comparison;
                write!(f, "{left}{}{right}", operator.as_str())
            }
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.text.chars() {
            if matches!(c, '"' | '\\') {
                f.write_char('\\')?;
            }
            f.write_char(c)?;
        }
        f.write_char('"')
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.function.name)?;
        for (index, argument) in self.arguments.iter().enumerate() {
            if index > 0 {
                f.write_char(',')?;
            }
            if let Some(argument) = argument {
                argument.fmt(f)?;
            }
        }
        f.write_char(')')
    }
}
