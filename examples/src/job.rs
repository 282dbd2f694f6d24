//! The provisioning job: who is in scope, and what of a person goes where.

use scim_client::provision::{
    AttributeMapping, Mapping, Scope, SourceObject,
    mapping::InvalidAttributeMapping,
    scope::{Clause, ScopingFilter, ScopingOperator},
};
use serde_json::Value;

/// Members who are assigned with another role than the default one.
pub fn scope() -> Scope {
    let members = Clause::new("userType", ScopingOperator::Equals("Member".to_owned()));
    Scope::assigned().without_role("Default Access").with_filter(ScopingFilter::new(members))
}

/// The attribute mappings of the tutorial's application, with the enterprise extension.
///
/// # Errors
/// If a target is not a PATCH path.
pub fn mapping() -> Result<Mapping, InvalidAttributeMapping> {
    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let enterprise = |name: &str| format!("{ENTERPRISE}:{name}");
    Ok(Mapping::new()
        .with(AttributeMapping::direct("userPrincipalName", "userName")?.matching(1))
        .with(AttributeMapping::direct("objectId", "externalId")?)
        .with(AttributeMapping::not_soft_deleted("active")?)
        .with(AttributeMapping::direct("displayName", "displayName")?)
        .with(AttributeMapping::direct("jobTitle", "title")?)
        .with(AttributeMapping::direct("preferredLanguage", "preferredLanguage")?)
        .with(AttributeMapping::direct("givenName", "name.givenName")?)
        .with(AttributeMapping::direct("surname", "name.familyName")?)
        .with(AttributeMapping::direct("mail", r#"emails[type eq "work"].value"#)?)
        .with(AttributeMapping::constant(true, r#"emails[type eq "work"].primary"#)?)
        .with(AttributeMapping::function(r#"emails[type eq "home"].value"#, |p| other_mail(p, 0))?)
        .with(AttributeMapping::function(r#"emails[type eq "other"].value"#, |p| other_mail(p, 1))?)
        .with(AttributeMapping::direct("mobile", r#"phoneNumbers[type eq "mobile"].value"#)?)
        .with(AttributeMapping::direct("employeeId", &enterprise("employeeNumber"))?)
        .with(AttributeMapping::direct("department", &enterprise("department"))?)
        .with(AttributeMapping::reference("manager", &enterprise("manager"))?))
}

fn other_mail(person: &SourceObject, place: usize) -> Option<Value> {
    person.value("otherMails")?.get(place).cloned()
}
