use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::Value;

/// What an expression is evaluated with, besides the object of the source.
#[derive(Clone)]
#[non_exhaustive]
pub struct ExpressionContext {
    /// What `Now` gives.
    pub now: DateTime<Utc>,
    /// What `[IsSoftDeleted]` gives: whether the object is to be disabled at the target.
    pub is_soft_deleted: bool,
    /// What `Guid` and `RandomString` draw from.
    pub seed: u128,
}

impl ExpressionContext {
    /// The context of an object that is not soft-deleted.
    ///
    /// `seed` stands for all that is random: whoever knows it knows the passwords that are made
    /// with it. It comes from a cryptographic source of random numbers and serves one evaluation.
    pub fn new(now: DateTime<Utc>, seed: u128) -> Self {
        Self { now, is_soft_deleted: false, seed }
    }

    /// The context of an object that is soft-deleted, or not.
    #[must_use]
    pub fn with_soft_deleted(mut self, is_soft_deleted: bool) -> Self {
        self.is_soft_deleted = is_soft_deleted;
        self
    }
}

impl fmt::Debug for ExpressionContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExpressionContext")
            .field("now", &self.now)
            .field("is_soft_deleted", &self.is_soft_deleted)
            .finish_non_exhaustive()
    }
}

/// What an expression gives.
///
/// `Debug` keeps the values, which are personal, to itself.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// A text; an array of texts; or what a complex attribute or roles are. Truth values are
    /// `"True"` and `"False"`.
    Value(Value),
    /// No value.
    Null,
    /// The attribute is to be left out of the request (`IgnoreFlowIfNullOrEmpty`).
    Ignore,
    /// What to try one after the other, until the target has no resource with it
    /// (`SelectUniqueValue`); each stands there once, and none is empty.
    Candidates(Vec<Value>),
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(_) => f.write_str("Value(…)"),
            Self::Null => f.write_str("Null"),
            Self::Ignore => f.write_str("Ignore"),
            Self::Candidates(values) => write!(f, "Candidates({} values)", values.len()),
        }
    }
}
