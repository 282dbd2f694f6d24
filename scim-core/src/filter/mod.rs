//! The filter language ([RFC 7644 §3.4.2.2]): text, tree, meaning.
//!
//! Parsing knows no schema; [`Filter::bind`] brings a schema in, once, and gives a
//! [`BoundFilter`] that is then matched against many resources.
//!
//! ```
//! use scim_core::{Filter, SchemaRegistry};
//! use serde_json::json;
//!
//! let registry = SchemaRegistry::standard();
//! let users = registry.resource_type("User").ok_or("no such resource type")?;
//!
//! let filter: Filter = r#"userName eq "BJensen" and not (active eq false)"#.parse()?;
//! let bound = filter.bind(users)?;
//!
//! let user = json!({"userName": "bjensen", "active": true});
//! assert!(bound.matches(user.as_object().ok_or("no object")?));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [RFC 7644 §3.4.2.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.2

mod ast;
mod bind;
mod build;
mod compare;
mod decide;
mod display;
mod error;
mod evaluate;
mod expression;
mod limits;
mod literal;
mod lookup;
mod number;
mod one_of;
pub(crate) mod parser;
mod scope;
mod select;
mod tree;
mod visit;
mod walk;

pub use ast::{CompareOp, CompareValue, Comparison, Filter, Text};
pub(crate) use bind::Location;
pub use bind::{BindError, BoundFilter};
pub use build::InvalidValuePath;
pub(crate) use compare::{comparable, same_value};
pub(crate) use error::Fault;
pub use error::{ParseError, ParseErrorKind};
pub use expression::{Expression, FilterRef, Operands};
pub use limits::ParseLimits;
pub use lookup::Lookup;
pub use number::{InvalidNumber, Number};
pub use visit::Visitor;

#[cfg(test)]
mod matching_tests;
#[cfg(test)]
mod tests;
