//! PATCH ([RFC 7644 §3.5.2]): the message, what identity providers make of it, and its meaning.
//!
//! A request goes through two stages: it is normalised (names resolved, values given their type,
//! tolerances noted), which consults the schema alone, and then applied to a copy of the resource.
//!
//! ```
//! use scim_core::{PatchOp, Resource, SchemaRegistry, Tolerances, patch::Effect};
//! use serde_json::json;
//!
//! let registry = SchemaRegistry::standard();
//! let users = registry.resource_type("User").ok_or("no such resource type")?;
//! let user = json!({"userName": "bjensen", "active": true});
//! let user = Resource::from_canonical(user.as_object().ok_or("no object")?.clone());
//!
//! // As Entra ID sends it.
//! let body = json!({
//!     "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
//!     "Operations": [{"op": "Replace", "path": "active", "value": "False"}],
//! });
//! let patch = PatchOp::read(body, Tolerances::default())?;
//! let patched = user.patched(&patch, users, Tolerances::default())?;
//! assert_eq!(patched.resource().attributes()["active"], false);
//! assert_eq!(patched.effect(), Effect::Changed);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [RFC 7644 §3.5.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2

mod apply;
mod assign;
mod budget;
mod concern;
mod delta;
mod difference;
mod elements;
mod error;
mod instruction;
mod message;
mod normalise;
mod path;
mod plan;

pub use apply::{Effect, Patched};
pub use delta::MembershipDelta;
pub use error::{PatchError, PatchErrorKind};
pub use message::{PatchOp, PatchOperation, PatchOperationKind};
pub use path::PatchPath;
pub use plan::PatchPlan;
