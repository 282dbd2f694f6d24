//! The documents of RFC 7643 §8.6 and §8.7 as they lie in `standard/`.

use super::{AttributeDefinition, ResourceType, SchemaDefinition};

const SCHEMAS: [&str; 6] = [
    include_str!("../../standard/user.json"),
    include_str!("../../standard/enterprise_user.json"),
    include_str!("../../standard/group.json"),
    include_str!("../../standard/service_provider_config.json"),
    include_str!("../../standard/resource_type.json"),
    include_str!("../../standard/schema.json"),
];
const RESOURCE_TYPES: [&str; 2] = [
    include_str!("../../standard/user_resource_type.json"),
    include_str!("../../standard/group_resource_type.json"),
];
const COMMON: &str = include_str!("../../standard/common.json");

/// The schema definitions, those of the discovery documents included.
pub(super) fn schemas() -> impl Iterator<Item = SchemaDefinition> {
    SCHEMAS.iter().map(|document| read(document))
}

/// `User` and `Group`.
pub(super) fn resource_types() -> impl Iterator<Item = ResourceType> {
    RESOURCE_TYPES.iter().map(|document| read(document))
}

/// The attributes that every resource has ([RFC 7643 §3.1]).
///
/// [RFC 7643 §3.1]: https://www.rfc-editor.org/rfc/rfc7643#section-3.1
pub(super) fn common_attributes() -> Vec<AttributeDefinition> {
    read(COMMON)
}

#[expect(clippy::expect_used, reason = "the documents are part of the crate and a test reads each")]
fn read<T: serde::de::DeserializeOwned>(document: &str) -> T {
    serde_json::from_str(document).expect("a standard document is well formed")
}
