//! The functions: each file has those of one family, and what calls are checked by.

mod choice;
mod culture;
mod dates;
mod diacritics;
mod encodings;
mod lists;
mod questions;
mod replace;
mod roles;
mod text;
mod words;

use std::fmt;

use super::{
    date::{DateFormat, Interval, Styles},
    error::ParseExpressionErrorKind as Kind,
    evaluate::{Arguments, Stop},
    pattern::Pattern,
    random,
    term::Term,
    tree::{Node, Prepared},
};
use culture::Culture;

/// A function: its name, what it takes and how it is evaluated.
pub(super) struct Function {
    pub(super) name: &'static str,
    parameters: &'static [Parameter],
    /// How many of the last parameters may be given again and again.
    repeated: usize,
    run: Run,
}

type Run = for<'a> fn(&Arguments<'a>) -> Result<Term<'a>, Stop>;

/// What a function takes at one place.
pub(super) struct Parameter {
    name: &'static str,
    pub(super) role: Role,
    is_required: bool,
}

/// What the text of an argument means to its function.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Role {
    Value,
    CompareType,
    Culture,
    Format,
    Interval,
    Pattern,
    Styles,
}

/// All functions, family by family.
static FUNCTIONS: [&[Function]; 10] = [
    text::FUNCTIONS,
    words::FUNCTIONS,
    replace::FUNCTIONS,
    lists::FUNCTIONS,
    choice::FUNCTIONS,
    questions::FUNCTIONS,
    dates::FUNCTIONS,
    encodings::FUNCTIONS,
    roles::FUNCTIONS,
    random::FUNCTIONS,
];

impl Function {
    pub(super) const fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        run: Run,
    ) -> Self {
        Self { name, parameters, repeated: 0, run }
    }

    /// The function whose last parameters may be given again and again.
    pub(super) const fn repeating(mut self, parameters: usize) -> Self {
        self.repeated = parameters;
        self
    }

    /// The function of this name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        FUNCTIONS.into_iter().flatten().find(|function| function.name == name)
    }

    /// The function whose name differs in case alone.
    pub(super) fn similar(name: &str) -> Option<&'static Self> {
        FUNCTIONS.into_iter().flatten().find(|function| function.name.eq_ignore_ascii_case(name))
    }

    /// Whether no other function may call it.
    pub(super) fn is_top_level(&self) -> bool {
        self.name == choice::SELECT_UNIQUE_VALUE
    }

    /// What it takes at a place; `None` if that is behind its last.
    pub(super) fn parameter(&self, index: usize) -> Option<&'static Parameter> {
        let Some(behind) = index.checked_sub(self.parameters.len()) else {
            return self.parameters.get(index);
        };
        let round = behind.checked_rem(self.repeated)?;
        self.parameters.get(self.parameters.len() - self.repeated + round)
    }

    /// Checks what can be known of a call without a person.
    pub(super) fn check(&self, arguments: &[Option<Node>]) -> Result<(), Kind> {
        let behind = arguments.len().saturating_sub(self.parameters.len());
        let is_whole = behind.checked_rem(self.repeated).unwrap_or_default() == 0;
        let all = self.parameters.len().max(arguments.len());
        for index in 0..all {
            let Some(parameter) = self.parameter(index) else { break };
            match arguments.get(index) {
                None if parameter.is_required => return Err(Kind::WrongArgumentCount(self.name)),
                Some(None) if parameter.is_required => {
                    return Err(Kind::MissingArgument {
                        function: self.name,
                        argument: parameter.name,
                    });
                }
                _ => {}
            }
        }
        if !is_whole {
            return Err(Kind::WrongArgumentCount(self.name));
        }
        if self.name == replace::REPLACE { replace::check(arguments) } else { Ok(()) }
    }

    /// What it gives; whatever goes wrong inside it, and not in a call below, is its fault.
    pub(super) fn run<'a>(&self, arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
        (self.run)(arguments).map_err(|stop| stop.inside(self.name))
    }
}

impl Parameter {
    pub(super) const fn required(name: &'static str) -> Self {
        Self { name, role: Role::Value, is_required: true }
    }

    pub(super) const fn optional(name: &'static str) -> Self {
        Self { name, role: Role::Value, is_required: false }
    }

    pub(super) const fn of(mut self, role: Role) -> Self {
        self.role = role;
        self
    }
}

impl Role {
    /// Checks a literal, and keeps with it what evaluation needs of it.
    pub(super) fn prepare(self, node: Node) -> Result<Node, Kind> {
        let Node::Text(mut literal) = node else { return Ok(node) };
        let text = literal.text.as_str();
        match self {
            Self::Value | Self::CompareType => {}
            Self::Culture => drop(Culture::parse(text).ok_or(Kind::InvalidCulture)?),
            Self::Interval => drop(Interval::parse(text).ok_or(Kind::InvalidInterval)?),
            Self::Styles => drop(Styles::parse(text).ok_or(Kind::InvalidStyles)?),
            Self::Format => {
                let format = DateFormat::parse(text).ok_or(Kind::InvalidFormat)?;
                literal.prepared = Prepared::Format(format);
            }
            Self::Pattern => literal.prepared = Prepared::Pattern(Box::new(Pattern::parse(text)?)),
        }
        Ok(Node::Text(literal))
    }
}

/// A name is a function's alone.
impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Function {}

/// `Left(source, length)`
impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.name)?;
        for (index, parameter) in self.parameters.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{}", parameter.name)?;
        }
        f.write_str(if self.repeated > 0 { ", …)" } else { ")" })
    }
}
