//! Functions of the roles that somebody is assigned with.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::{Value, json};

use super::{Arguments, Function, Parameter, Stop, Term};

const ASSIGNMENTS: &[Parameter] = &[Parameter::required("assignments")];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("AppRoleAssignmentsComplex", ASSIGNMENTS, complex),
    // It says that roles from elsewhere are taken away; what it gives is the same.
    Function::new("AssertiveAppRoleAssignmentsComplex", ASSIGNMENTS, complex),
    Function::new("SingleAppRoleAssignment", ASSIGNMENTS, single),
];

/// The type of role that Microsoft Entra ID writes, and that its customers' service providers know.
const TYPE: &str = "WindowsAzureActiveDirectoryRole";

/// `AppRoleAssignmentsComplex(assignments)`
fn complex<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let roles = roles(arguments)?.into_iter().map(|(value, display)| {
        json!({"primary": false, "type": TYPE, "display": display, "value": value})
    });
    Ok(Term::list(roles.map(|role| Term::Complex(Cow::Owned(role))).collect()))
}

/// `SingleAppRoleAssignment(assignments)`: of several the first by name, so that it stays the same
/// in whatever order the source has them.
fn single<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    Ok(roles(arguments)?.into_keys().next().map_or(Term::Null, Term::from))
}

/// What roles there are, and how they are shown, in the order of their names.
fn roles(arguments: &Arguments<'_>) -> Result<BTreeMap<String, String>, Stop> {
    let mut roles = BTreeMap::new();
    for term in arguments.term(0)?.into_list() {
        if let Term::Complex(role) = &term {
            let member =
                |name| role.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
            let display = member("displayName").or_else(|| member("display"));
            if let Some(value) = member("value").or(display) {
                roles.insert(value.to_owned(), display.unwrap_or(value).to_owned());
            }
        } else if let Some(name) = term.into_text()?.filter(|name| !name.is_empty()) {
            roles.insert(name.clone().into_owned(), name.into_owned());
        }
    }
    Ok(roles)
}
