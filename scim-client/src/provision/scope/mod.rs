//! Who belongs: decided by named conditions, so that every decision explains itself.

mod cause;
mod clause;
mod decision;
mod document;
mod invalid;
mod pattern;
mod scoping_filter;
mod scoping_operator;

use serde::{Deserialize, Serialize};

pub use cause::Cause;
pub use clause::Clause;
pub use decision::{Condition, Decision};
pub use invalid::{InvalidScopingFilter, InvalidScopingFilterKind};
pub use pattern::Pattern;
pub use scoping_filter::ScopingFilter;
pub use scoping_operator::ScopingOperator;

use self::decision::Subject;
use super::source::{ObjectKind, SourceObject};

/// Which objects of one kind are to be provisioned.
///
/// What is deleted in the source is out, even where it can still be restored, and so are people
/// whose account is not enabled there. The rest is what the scope asks for:
///
/// - an assignment, in a scope made by [`assigned`](Self::assigned);
/// - a role, where [`with_role`](Self::with_role) or [`without_role`](Self::without_role) tell
///   which roles count;
/// - that a scoping filter lets the object through. **One of several is enough**; whatever must
///   hold together is one filter with several [clauses](Clause). A scope without filters lets
///   everything through.
///
/// ```
/// use scim_client::provision::{
///     Scope, SourceObject,
///     scope::{Cause, Clause, ScopingFilter, ScopingOperator},
/// };
///
/// let members = Clause::new("userType", ScopingOperator::Equals("Member".to_owned()));
/// let scope = Scope::assigned()
///     .without_role("Default Access")
///     .with_filter(ScopingFilter::new(members));
///
/// let person = SourceObject::new("1").with_attribute("userType", "Member");
/// assert!(scope.decide(&person.clone().with_roles(["User"])).is_in_scope());
///
/// let decision = scope.decide(&person.with_roles(["Default Access"]));
/// assert_eq!(decision.reason(), Some("has a role that is provisioned"));
/// assert_eq!(decision.cause(), Some(Cause::Unassigned));
/// ```
///
/// A scope is also a document. Whatever is left out is as in [`assigned`](Self::assigned):
///
/// ```
/// # use scim_client::provision::Scope;
/// let scope: Scope = serde_json::from_str(
///     r#"{
///         "assigned": true,
///         "roles": ["User"],
///         "withoutRoles": ["Default Access"],
///         "nestedGroups": false,
///         "filters": [{
///             "name": "senior members",
///             "clauses": [
///                 {"attribute": "userType", "operator": "equals", "value": "Member"},
///                 {"attribute": "level", "operator": "greaterThan", "value": 3},
///                 {"attribute": "leaveDate", "operator": "isNull"}
///             ]
///         }]
///     }"#,
/// )?;
/// assert!(!scope.includes_nested_groups());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Scope {
    #[serde(rename = "assigned")]
    only_assigned: bool,
    roles: Vec<String>,
    without_roles: Vec<String>,
    nested_groups: bool,
    #[serde(deserialize_with = "document::filters")]
    filters: Vec<ScopingFilter>,
}

impl Scope {
    /// Whatever is assigned to the application.
    pub fn assigned() -> Self {
        Self {
            only_assigned: true,
            roles: Vec::new(),
            without_roles: Vec::new(),
            nested_groups: false,
            filters: Vec::new(),
        }
    }

    /// Everything, whether it is assigned or not.
    pub fn all() -> Self {
        Self { only_assigned: false, ..Self::assigned() }
    }

    /// Asks for this role, or another one that is asked for.
    #[must_use]
    pub fn with_role(mut self, role: impl Into<String>) -> Self {
        self.roles.push(role.into());
        self
    }

    /// Leaves out what has no other role than this, which never counts.
    #[must_use]
    pub fn without_role(mut self, role: impl Into<String>) -> Self {
        self.without_roles.push(role.into());
        self
    }

    /// Assigns the members of a group inside an assigned group too; without it, only immediate
    /// members are.
    ///
    /// A scope decides about one object and knows no other. Whoever calls
    /// [`decide`](Self::decide) puts the roles that an object has through groups into its
    /// [`roles`](SourceObject::roles), and looks here how deep to go.
    #[must_use]
    pub fn with_nested_groups(mut self) -> Self {
        self.nested_groups = true;
        self
    }

    /// Lets through what this filter lets through, beside what other filters of the scope do.
    #[must_use]
    pub fn with_filter(mut self, filter: ScopingFilter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Whether an assignment reaches the members of a group inside a group.
    pub fn includes_nested_groups(&self) -> bool {
        self.nested_groups
    }

    /// Decides about an object, whose [`roles`](SourceObject::roles) hold those through groups.
    ///
    /// All conditions are asked, whatever the first ones say.
    pub fn decide(&self, object: &SourceObject) -> Decision {
        let mut conditions = Vec::with_capacity(4 + self.filters.len());
        conditions.push(Condition::new(Subject::NotDeleted, !object.is_soft_deleted));
        if object.kind == ObjectKind::User {
            conditions.push(Condition::new(Subject::Active, object.is_active));
        }
        if self.only_assigned {
            conditions.push(Condition::new(Subject::Assigned, object.roles.is_some()));
        }
        if !self.roles.is_empty() || !self.without_roles.is_empty() {
            conditions.push(Condition::new(Subject::Role, self.counts_a_role_of(object)));
        }
        conditions.extend(self.filters.iter().map(|filter| {
            let subject = Subject::ScopingFilter(filter.words());
            Condition::new(subject, filter.lets_through(object))
        }));
        Decision::new(conditions)
    }

    fn counts_a_role_of(&self, object: &SourceObject) -> bool {
        let counts = |role: &String| {
            (self.roles.is_empty() || self.roles.contains(role))
                && !self.without_roles.contains(role)
        };
        match &object.roles {
            Some(roles) => roles.iter().any(counts),
            // Where nobody needs an assignment, only a role that is asked for is missing.
            None => !self.only_assigned && self.roles.is_empty(),
        }
    }
}

impl Default for Scope {
    /// Whatever is assigned to the application.
    fn default() -> Self {
        Self::assigned()
    }
}
