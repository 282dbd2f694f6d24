//! Stub.
use crate::provision::source::SourceObject;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::str::FromStr;
/// E
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Expression(String);
/// C
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ExpressionContext {
    /// n
    pub now: DateTime<Utc>,
    /// s
    pub is_soft_deleted: bool,
    /// r
    pub seed: u64,
}
/// O
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// v
    Value(Value),
    /// n
    Null,
    /// i
    Ignore,
    /// c
    Candidates(Vec<Value>),
}
/// E
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no expression")]
pub struct ParseExpressionError;
/// E
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no value")]
pub struct EvaluateError;
impl FromStr for Expression {
    type Err = ParseExpressionError;
    fn from_str(s: &str) -> Result<Self, ParseExpressionError> {
        Ok(Self(s.to_owned()))
    }
}
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl Expression {
    /// a
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        std::iter::once("IsSoftDeleted")
    }
    /// r
    pub fn is_redacted(&self) -> bool {
        false
    }
    /// d
    pub fn is_deterministic(&self) -> bool {
        true
    }
    /// e
    pub fn evaluate(
        &self,
        _o: &SourceObject,
        c: &ExpressionContext,
    ) -> Result<Outcome, EvaluateError> {
        Ok(Outcome::Value(Value::from(if c.is_soft_deleted { "False" } else { "True" })))
    }
}
