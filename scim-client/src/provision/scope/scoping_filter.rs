use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{Clause, document::FilterDocument};
use crate::provision::source::SourceObject;

/// Clauses that an object must meet, all of them.
///
/// Several filters of a [`Scope`](super::Scope) are alternatives: one that lets an object through
/// is enough.
///
/// ```
/// use scim_client::provision::{
///     SourceObject,
///     scope::{Clause, ScopingFilter, ScopingOperator},
/// };
///
/// let staff = ScopingOperator::RegexMatch(r"@clinic\.example$".parse()?);
/// let filter = ScopingFilter::new(Clause::new("mail", staff))
///     .and(Clause::new("level", ScopingOperator::GreaterThan(3)))
///     .with_name("senior staff");
/// assert_eq!(
///     filter.to_string(),
///     r"senior staff (`mail` matches `@clinic\.example$` and `level` is greater than 3)",
/// );
///
/// let person = SourceObject::new("1").with_attribute("mail", "b@clinic.example");
/// assert!(filter.lets_through(&person.clone().with_attribute("level", 4)));
/// assert!(!filter.lets_through(&person));
/// # Ok::<(), scim_client::provision::scope::InvalidScopingFilter>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "FilterDocument")]
pub struct ScopingFilter {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    clauses: Vec<Clause>,
    /// The filter as it is displayed, so that no decision has to write it.
    #[serde(skip)]
    words: Arc<str>,
}

impl ScopingFilter {
    /// A filter with one clause.
    pub fn new(clause: Clause) -> Self {
        Self::of(None, vec![clause])
    }

    pub(super) fn of(name: Option<String>, clauses: Vec<Clause>) -> Self {
        let words = words(name.as_deref(), &clauses).into();
        Self { name, clauses, words }
    }

    /// The filter with one more clause.
    #[must_use]
    pub fn and(self, clause: Clause) -> Self {
        let mut clauses = self.clauses;
        clauses.push(clause);
        Self::of(self.name, clauses)
    }

    /// The filter with a name, by which decisions tell it from others.
    #[must_use]
    pub fn with_name(self, name: impl Into<String>) -> Self {
        Self::of(Some(name.into()), self.clauses)
    }

    /// The name, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The clauses, at least one.
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// Whether an object meets all clauses.
    pub fn lets_through(&self, object: &SourceObject) -> bool {
        self.clauses.iter().all(|clause| clause.is_met_by(object))
    }

    pub(super) fn words(&self) -> Arc<str> {
        Arc::clone(&self.words)
    }
}

impl fmt::Display for ScopingFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

fn words(name: Option<&str>, clauses: &[Clause]) -> String {
    let clauses: Vec<_> = clauses.iter().map(ToString::to_string).collect();
    let clauses = clauses.join(" and ");
    match name {
        Some(name) => format!("{name} ({clauses})"),
        None => clauses,
    }
}
