//! The expressions of attribute mappings: `Join("@", StripSpaces([mailNickname]), "example.com")`.
//!
//! The language is the one that Microsoft Entra ID has for its mappings, so that a mapping can be
//! taken over as it is. An expression is a call of a function, `Name(argument, …)`, whose arguments
//! are
//!
//! - attributes of the source, `[mail]`;
//! - texts, `"a \"text\""`, where `\"` and `\\` stand for `"` and `\`;
//! - whole numbers, `7`, `-10`, `&HF7`;
//! - further calls;
//! - a comparison of two of these with `=`, `<>`, `<`, `<=`, `>` or `>=`;
//! - nothing, where an argument may be left out: `Replace([a], "x", , , "y", , )`.
//!
//! An attribute, a text or a number alone is an expression too. Names are case-sensitive.
//!
//! | family | functions |
//! |---|---|
//! | text | `Append`, `InStr`, `Join`, `Left`, `Mid`, `NormalizeDiacritics`, `PCase`, `Replace`, `StripSpaces`, `ToLower`, `ToUpper`, `Word` |
//! | several values | `Count`, `Item`, `RemoveDuplicates`, `Split` |
//! | choice | `Coalesce`, `IgnoreFlowIfNullOrEmpty`, `IIF`, `SelectUniqueValue`, `Switch` |
//! | questions | `CBool`, `IsNull`, `IsNullOrEmpty`, `IsPresent`, `IsString`, `Not` |
//! | dates | `CDate`, `DateAdd`, `DateDiff`, `DateFromNum`, `FormatDateTime`, `Now`, `NumFromDate` |
//! | encodings and numbers | `BitAnd`, `ConvertToBase64`, `ConvertToUTF8Hex`, `CStr` |
//! | roles | `AppRoleAssignmentsComplex`, `AssertiveAppRoleAssignmentsComplex`, `SingleAppRoleAssignment` |
//! | chance | `Guid`, `RandomString` |
//! | reports | `Redact` |
//!
//! Whatever can be checked without a person is checked when the expression is parsed: names,
//! numbers of arguments, patterns, formats of dates. What an expression gives depends on the
//! person and on the [`ExpressionContext`] alone: the same input gives the same value.

mod context;
mod date;
mod error;
mod evaluate;
mod functions;
mod parser;
mod pattern;
mod random;
mod term;
mod tree;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use context::{ExpressionContext, Outcome};
pub use error::{EvaluateError, EvaluateErrorKind, ParseExpressionError, ParseExpressionErrorKind};

use self::{evaluate::Evaluation, tree::Node};
use crate::provision::source::SourceObject;

/// A parsed expression of an attribute mapping.
///
/// `Display` writes it without blanks; parsing what it wrote gives it back.
///
/// ```
/// use scim_client::provision::{
///     SourceObject,
///     mapping::expression::{Expression, ExpressionContext, Outcome},
/// };
///
/// let text = r#"ToLower(Join("@", NormalizeDiacritics([givenName]), "example.com"))"#;
/// let expression: Expression = text.parse()?;
/// assert_eq!(expression.attributes().collect::<Vec<_>>(), ["givenName"]);
///
/// let person = SourceObject::new("1").with_attribute("givenName", "Zoë");
/// let context = ExpressionContext::new("2021-07-02T15:33:38Z".parse()?, 0);
/// assert_eq!(expression.evaluate(&person, &context)?, Outcome::Value("zoe@example.com".into()));
///
/// let error = r#"Lower([givenName])"#.parse::<Expression>().unwrap_err();
/// assert_eq!(error.to_string(), "unknown function `Lower` at byte 0");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct Expression {
    root: Node,
}

impl Expression {
    /// The attributes of the source that it reads, each once, in the order of the text.
    ///
    /// `IsSoftDeleted` is one of them, though the engine computes it.
    ///
    /// ```
    /// # use scim_client::provision::mapping::expression::Expression;
    /// let expression: Expression = r#"IIF([country] = "USA", [country], [department])"#.parse()?;
    /// assert_eq!(expression.attributes().collect::<Vec<_>>(), ["country", "department"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        let mut names = Vec::new();
        self.root.visit(&mut |node| match node {
            Node::Attribute(name) if !names.contains(&name.as_str()) => names.push(name),
            _ => {}
        });
        names.into_iter()
    }

    /// Whether what it gives is to be kept out of reports: it calls `Redact`.
    ///
    /// ```
    /// # use scim_client::provision::mapping::expression::Expression;
    /// let expression: Expression = "Redact([employeeId])".parse()?;
    /// assert!(expression.is_redacted());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_redacted(&self) -> bool {
        self.calls(&["Redact"])
    }

    /// Whether the person alone decides what it gives: it calls none of `Now`, `Guid` and
    /// `RandomString`.
    ///
    /// What the others give changes from one cycle to the next and belongs into a mapping that is
    /// written on creation alone.
    ///
    /// ```
    /// # use scim_client::provision::mapping::expression::Expression;
    /// let expression: Expression = "RandomString(8, 2, 0, 2, 2)".parse()?;
    /// assert!(!expression.is_deterministic());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_deterministic(&self) -> bool {
        !self.calls(&["Guid", "Now", "RandomString"])
    }

    /// What it gives for a person or a group.
    ///
    /// ```
    /// # use scim_client::provision::SourceObject;
    /// # use scim_client::provision::mapping::expression::{
    /// #     EvaluateErrorKind, Expression, ExpressionContext, Outcome,
    /// # };
    /// let expression: Expression = "IgnoreFlowIfNullOrEmpty(Left([department], [length]))".parse()?;
    /// let context = ExpressionContext::new("2021-07-02T15:33:38Z".parse()?, 0);
    /// let nobody = SourceObject::new("1").with_attribute("length", 3);
    /// assert_eq!(expression.evaluate(&nobody, &context)?, Outcome::Ignore);
    ///
    /// let odd = SourceObject::new("2").with_attribute("length", "three");
    /// let error = expression.evaluate(&odd, &context).unwrap_err();
    /// assert_eq!(error.kind(), EvaluateErrorKind::NotANumber);
    /// assert_eq!(error.to_string(), "`Left` needs a whole number");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If a value of the object is none that a function can take, or if more than a mebibyte of
    /// text would be made.
    pub fn evaluate(
        &self,
        object: &SourceObject,
        context: &ExpressionContext,
    ) -> Result<Outcome, EvaluateError> {
        Evaluation::new(object, context).outcome(&self.root)
    }

    fn calls(&self, names: &[&str]) -> bool {
        let mut calls = false;
        self.root.visit(&mut |node| {
            calls |= matches!(node, Node::Call(call) if names.contains(&call.function.name));
        });
        calls
    }
}

impl FromStr for Expression {
    type Err = ParseExpressionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self { root: parser::parse(text)? })
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expression({})", self.root)
    }
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
