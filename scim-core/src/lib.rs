#![doc = include_str!("../README.md")]

pub mod attribute;
pub mod bulk;
pub mod filter;
pub mod message;
pub mod patch;
pub mod query;
pub mod resource;
pub mod schema;
pub mod service_provider_config;

mod byte_set;
mod comparable;
mod date_time;
mod fold;
mod layout;
mod member_name;
mod members;
mod schema_uri;
mod scim_type;
mod text_visitor;

pub use attribute::{AttributeName, AttributePath, InvalidAttributeName, InvalidAttributePath};
pub use bulk::{BulkRequest, BulkResponse};
pub use date_time::{DateTime, InvalidDateTime};
pub use filter::{BoundFilter, Filter};
pub use fold::fold;
pub use message::{ErrorResponse, ListResponse, SearchRequest};
pub use patch::PatchOp;
pub use query::ListQuery;
pub use resource::{
    EnterpriseUser, Group, Meta, MultiValued, Resource, ResourceId, ResourceVersion, Tolerance,
    Tolerances, TypedResource, User,
};
pub use schema::{ResourceSchema, ResourceType, SchemaRegistry};
pub use schema_uri::{InvalidSchemaUri, SchemaUri};
pub use scim_type::ScimType;
pub use service_provider_config::ServiceProviderConfig;
