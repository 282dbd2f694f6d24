use std::{fmt, sync::Arc};

use super::Cause;

/// What was decided about an object, condition by condition.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Decision {
    conditions: Vec<Condition>,
}

/// One condition, and whether it is met.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Condition {
    subject: Subject,
    is_met: bool,
}

/// What a condition asks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Subject {
    NotDeleted,
    Active,
    Assigned,
    Role,
    /// In the words of the filter, which the scope shares with all its decisions.
    ScopingFilter(Arc<str>),
}

impl Decision {
    pub(super) fn new(conditions: Vec<Condition>) -> Self {
        Self { conditions }
    }

    /// All conditions of the scope for an object of this kind, by the precedence of their causes.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// Whether all conditions are met, of those that are [alternatives](Condition::is_alternative)
    /// at least one.
    pub fn is_in_scope(&self) -> bool {
        self.unmet().is_none()
    }

    /// The first condition because of which the object is not in scope.
    pub fn reason(&self) -> Option<&str> {
        self.unmet().map(Condition::name)
    }

    /// Why the object is not in scope; by precedence where several causes apply.
    pub fn cause(&self) -> Option<Cause> {
        self.unmet().map(|condition| condition.subject.cause())
    }

    fn unmet(&self) -> Option<&Condition> {
        let is_let_through =
            self.conditions.iter().any(|condition| condition.is_alternative() && condition.is_met);
        let stands_in_for = |condition: &Condition| is_let_through && condition.is_alternative();
        self.conditions.iter().find(|condition| !condition.is_met && !stands_in_for(condition))
    }
}

impl Condition {
    pub(super) fn new(subject: Subject, is_met: bool) -> Self {
        Self { subject, is_met }
    }

    /// What it asks.
    pub fn name(&self) -> &str {
        match &self.subject {
            Subject::NotDeleted => "is not deleted in the source",
            Subject::Active => "is active in the source",
            Subject::Assigned => "is assigned to the application",
            Subject::Role => "has a role that is provisioned",
            Subject::ScopingFilter(words) => words,
        }
    }

    /// Whether it is met.
    pub fn is_met(&self) -> bool {
        self.is_met
    }

    /// Whether it is one of the scoping filters, of which one that is met is enough.
    pub fn is_alternative(&self) -> bool {
        matches!(self.subject, Subject::ScopingFilter(_))
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name(), if self.is_met { "yes" } else { "no" })
    }
}

impl Subject {
    fn cause(&self) -> Cause {
        match self {
            Self::NotDeleted => Cause::SoftDeleted,
            Self::Active => Cause::Disabled,
            Self::Assigned | Self::Role => Cause::Unassigned,
            Self::ScopingFilter(_) => Cause::FilteredOut,
        }
    }
}
