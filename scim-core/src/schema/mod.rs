//! Schemas: what a resource may hold ([RFC 7643 §2, §6, §7]).
//!
//! [RFC 7643 §2, §6, §7]: https://www.rfc-editor.org/rfc/rfc7643#section-7

mod attribute;
mod characteristics;
mod check;
mod definition;
mod invalid;
mod read;
mod registry;
mod resource_schema;
mod resource_type;
mod standard;

pub use attribute::AttributeDefinition;
pub use characteristics::{AttributeType, Mutability, Returned, Uniqueness};
pub use definition::SchemaDefinition;
pub use invalid::{InvalidDefinition, InvalidDefinitionKind};
pub use registry::{InvalidRegistry, SchemaRegistry};
pub use resource_schema::{ResolvedAttribute, ResourceSchema, UnknownAttribute};
pub use resource_type::{ResourceType, SchemaExtension};

#[cfg(test)]
mod tests;
