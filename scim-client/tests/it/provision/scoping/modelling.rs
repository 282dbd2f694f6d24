use proptest::{collection::vec, option, prelude::*, sample::select};
use scim_client::provision::{
    Scope, SourceObject,
    scope::{Cause, ScopingFilter},
};

use super::{equals, person};

/// What a scope and an object are made of; a filter is a list of attributes that must be `x`.
#[derive(Clone, Debug)]
struct Case {
    is_assigned_scope: bool,
    asked: Vec<&'static str>,
    left_out: Vec<&'static str>,
    filters: Vec<Vec<&'static str>>,
    is_soft_deleted: bool,
    is_active: bool,
    roles: Option<Vec<&'static str>>,
    attributes: Vec<&'static str>,
}

impl Case {
    fn scope(&self) -> Scope {
        let scope = if self.is_assigned_scope { Scope::assigned() } else { Scope::all() };
        let scope = self.asked.iter().fold(scope, |scope, role| scope.with_role(*role));
        let scope = self.left_out.iter().fold(scope, |scope, role| scope.without_role(*role));
        self.filters.iter().fold(scope, |scope, attributes| {
            let mut clauses = attributes.iter().map(|attribute| equals(attribute, "x"));
            let first = ScopingFilter::new(clauses.next().unwrap());
            scope.with_filter(clauses.fold(first, ScopingFilter::and))
        })
    }

    fn object(&self) -> SourceObject {
        let object = person().with_soft_deleted(self.is_soft_deleted).with_active(self.is_active);
        let attributes = self.attributes.iter();
        let object = attributes.fold(object, |object, name| object.with_attribute(*name, "x"));
        match &self.roles {
            Some(roles) => object.with_roles(roles.iter().copied()),
            None => object,
        }
    }

    fn cause(&self) -> Option<Cause> {
        let mut roles = self.roles.clone().unwrap_or_default();
        roles.retain(|role| self.asked.is_empty() || self.asked.contains(role));
        roles.retain(|role| !self.left_out.contains(role));
        let asks_for_roles = !self.asked.is_empty() || !self.left_out.is_empty();
        let needs_no_role = !asks_for_roles
            || self.roles.is_none() && !self.is_assigned_scope && self.asked.is_empty();
        let is_unassigned = self.is_assigned_scope && self.roles.is_none();
        let mut filters = self.filters.iter();
        let lets_through = |filter: &Vec<_>| filter.iter().all(|a| self.attributes.contains(a));
        if self.is_soft_deleted {
            Some(Cause::SoftDeleted)
        } else if !self.is_active {
            Some(Cause::Disabled)
        } else if is_unassigned || roles.is_empty() && !needs_no_role {
            Some(Cause::Unassigned)
        } else if !self.filters.is_empty() && !filters.any(lets_through) {
            Some(Cause::FilteredOut)
        } else {
            None
        }
    }
}

fn case() -> impl Strategy<Value = Case> {
    let roles = || vec(select(vec!["User", "Admin", "Default Access"]), 0..3);
    let attributes = |least: usize| vec(select(vec!["a", "b", "c"]), least..4);
    let scope = (any::<bool>(), roles(), roles(), vec(attributes(1), 0..4));
    let rarely = || prop::bool::weighted(0.2);
    let object = (rarely(), rarely(), option::weighted(0.8, roles()), attributes(0));
    (scope, object).prop_map(|(scope, object)| {
        let (is_assigned_scope, asked, left_out, filters) = scope;
        let (is_soft_deleted, is_disabled, roles, attributes) = object;
        Case {
            is_assigned_scope,
            asked,
            left_out,
            filters,
            is_soft_deleted,
            is_active: !is_disabled,
            roles,
            attributes,
        }
    })
}

proptest! {
    #[test]
    fn decisions_are_those_of_the_rules_read_one_by_one(case in case()) {
        let decision = case.scope().decide(&case.object());
        prop_assert_eq!(decision.cause(), case.cause());
        prop_assert_eq!(decision.is_in_scope(), case.cause().is_none());
        prop_assert_eq!(decision.reason().is_none(), case.cause().is_none());
    }
}
