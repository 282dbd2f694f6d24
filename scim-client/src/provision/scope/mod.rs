//! Who belongs: decided by named conditions, so that every decision explains itself.

mod scoping_filter;

use std::fmt;

pub use scoping_filter::{ScopingFilter, ScopingOperator};

use super::source::SourceObject;

/// Who is to be provisioned.
///
/// ```
/// use scim_client::provision::{Scope, SourceObject};
///
/// let scope = Scope::assigned().without_role("Default Access");
/// let person = SourceObject::new("1").with_roles(["Default Access"]);
/// let decision = scope.decide(&person);
/// assert!(!decision.is_in_scope());
/// assert_eq!(decision.reason().as_deref(), Some("has a role that is provisioned"));
/// ```
#[derive(Clone, Debug)]
pub struct Scope {
    only_assigned: bool,
    roles_left_out: Vec<String>,
    filters: Vec<ScopingFilter>,
}

/// What was decided about an object, condition by condition.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Decision {
    conditions: Vec<Condition>,
}

/// One condition, and whether it is met.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Condition {
    /// What it asks.
    pub name: String,
    /// Whether it is met.
    pub is_met: bool,
}

impl Scope {
    /// Whoever is assigned to the application.
    pub fn assigned() -> Self {
        Self { only_assigned: true, roles_left_out: Vec::new(), filters: Vec::new() }
    }

    /// Everyone.
    pub fn all() -> Self {
        Self { only_assigned: false, ..Self::assigned() }
    }

    /// Leaves out who has no other role than this.
    #[must_use]
    pub fn without_role(mut self, role: impl Into<String>) -> Self {
        self.roles_left_out.push(role.into());
        self
    }

    /// Leaves out whom the filter does not let through.
    #[must_use]
    pub fn with_filter(mut self, filter: ScopingFilter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Decides about an object.
    pub fn decide(&self, object: &SourceObject) -> Decision {
        let mut conditions = vec![Condition::new("is active in the source", object.is_active)];
        if self.only_assigned {
            let is_assigned = object.roles.is_some();
            conditions.push(Condition::new("is assigned to the application", is_assigned));
        }
        if !self.roles_left_out.is_empty() {
            let counts = |role: &String| !self.roles_left_out.contains(role);
            let has_role = match &object.roles {
                Some(roles) => roles.iter().any(counts),
                None => !self.only_assigned,
            };
            conditions.push(Condition::new("has a role that is provisioned", has_role));
        }
        for filter in &self.filters {
            conditions.push(Condition::new(filter.to_string(), filter.lets_through(object)));
        }
        Decision { conditions }
    }
}

impl Decision {
    /// The conditions, in the order they are asked.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// Whether all conditions are met.
    pub fn is_in_scope(&self) -> bool {
        self.conditions.iter().all(|condition| condition.is_met)
    }

    /// The first condition that is not met.
    pub fn reason(&self) -> Option<String> {
        self.conditions.iter().find(|condition| !condition.is_met).map(|c| c.name.clone())
    }
}

impl Condition {
    fn new(name: impl Into<String>, is_met: bool) -> Self {
        Self { name: name.into(), is_met }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, if self.is_met { "yes" } else { "no" })
    }
}
