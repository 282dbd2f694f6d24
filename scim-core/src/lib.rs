#![doc = include_str!("../README.md")]

pub mod attribute;
pub mod filter;
pub mod schema;

mod date_time;
mod fold;
mod schema_uri;
mod scim_type;

pub use attribute::{AttributeName, AttributePath, InvalidAttributeName, InvalidAttributePath};
pub use date_time::{DateTime, InvalidDateTime};
pub use filter::{BoundFilter, Filter};
pub use fold::fold;
pub use schema::{ResourceSchema, SchemaRegistry};
pub use schema_uri::{InvalidSchemaUri, SchemaUri};
pub use scim_type::ScimType;
