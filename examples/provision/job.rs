use std::path::Path;

use scim_client::{
    Client,
    provision::{
        AttributeMapping, EventSink, Mapping, Provisioner, Scope, SourceObject,
        scope::{ScopingFilter, ScopingOperator},
        state::SqliteState,
    },
};
use scim_examples::directory_source::DirectorySource;
use serde_json::Value;

use crate::Outcome;

/// The job as the administrator configures it.
pub(crate) fn job(
    client: &Client,
    source: &DirectorySource,
    folder: &Path,
    progress: impl EventSink,
) -> Outcome<Provisioner> {
    let state = SqliteState::open(folder.join("provisioning.sqlite"), "roster")?;
    let members = ScopingFilter::new("userType", ScopingOperator::Equals("Member".to_owned()));
    let scope = Scope::assigned().without_role("Default Access").with_filter(members);
    let job = Provisioner::new(client, mapping()?, source.clone(), state)?;
    Ok(job.with_scope(scope).with_events(progress))
}

/// The attribute mappings of the tutorial's application, with the enterprise extension.
fn mapping() -> Outcome<Mapping> {
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
