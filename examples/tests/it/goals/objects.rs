//! People and groups of the source, and what becomes of them.

use scim_client::provision::{AttributeMapping, Mapping, Scope, SourceObject};

pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Someone assigned, with a value for every mapping but the manager.
pub(super) fn person(id: &str) -> SourceObject {
    SourceObject::new(id)
        .with_attribute("upn", user_name(id))
        .with_attribute("number", format!("E-{id}"))
        .with_attribute("name", id.to_uppercase())
        .with_attribute("title", "Porter")
        .with_roles(["User"])
}

/// The same, who reports to someone.
pub(super) fn report(id: &str, manager: &str) -> SourceObject {
    person(id).with_attribute("manager", manager)
}

/// An assigned group, named by its identifier.
pub(super) fn group<'m>(id: &str, members: impl IntoIterator<Item = &'m str>) -> SourceObject {
    SourceObject::group(id)
        .with_attribute("name", id)
        .with_attribute("number", format!("G-{id}"))
        .with_members(members)
        .with_roles(["User"])
}

pub(super) fn user_name(id: &str) -> String {
    format!("{id}@clinic.example")
}

/// A value of each sort that the engine treats in its own way.
pub(super) fn mapping() -> Mapping {
    let manager = format!("{ENTERPRISE}:manager");
    Mapping::new()
        .with(AttributeMapping::direct("upn", "userName").unwrap().matching(1))
        .with(AttributeMapping::direct("number", "externalId").unwrap())
        .with(AttributeMapping::not_soft_deleted("active").unwrap())
        .with(AttributeMapping::direct("name", "displayName").unwrap())
        .with(AttributeMapping::direct("title", "title").unwrap())
        .with(AttributeMapping::reference("manager", &manager).unwrap())
}

/// What is needed of very many people.
pub(super) fn short_mapping() -> Mapping {
    let manager = format!("{ENTERPRISE}:manager");
    Mapping::new()
        .with(AttributeMapping::direct("upn", "userName").unwrap().matching(1))
        .with(AttributeMapping::not_soft_deleted("active").unwrap())
        .with(AttributeMapping::direct("title", "title").unwrap())
        .with(AttributeMapping::reference("manager", &manager).unwrap())
}

/// Whoever is assigned by a role of their own or through a group, and not as a mere guest.
pub(super) fn scope() -> Scope {
    Scope::assigned().without_role("Guest")
}

pub(super) fn group_mapping() -> Mapping {
    Mapping::new()
        .with(AttributeMapping::direct("name", "displayName").unwrap().matching(1))
        .with(AttributeMapping::direct("number", "externalId").unwrap())
        .with(AttributeMapping::members("members").unwrap())
}

pub(super) fn group_scope() -> Scope {
    Scope::assigned()
}
