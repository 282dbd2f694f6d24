//! Bulk: several operations in one request ([RFC 7644 §3.7]), read liberally and written strictly.
//!
//! Operations refer to resources that others create by their `bulkId`. [`BulkRequest::steps`]
//! gives the order in which they can be done; where creations refer to each other in a circle,
//! one of them is begun without the values that cannot be known yet, and completed afterwards.
//!
//! ```
//! use std::collections::HashMap;
//! use scim_core::{ResourceId, bulk::{BulkRequest, Step}};
//! use serde_json::json;
//!
//! let mut request = BulkRequest::read(json!({
//!     "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
//!     "Operations": [
//!         {"method": "POST", "path": "/Groups", "bulkId": "a",
//!          "data": {"displayName": "A", "members": [{"value": "bulkId:b"}]}},
//!         {"method": "POST", "path": "/Groups", "bulkId": "b",
//!          "data": {"displayName": "B", "members": [{"value": "bulkId:a"}]}},
//!     ],
//! }))?;
//! let steps = request.steps();
//! let operations = request.operations_mut();
//!
//! let mut ids = HashMap::new();
//! let mut rest = HashMap::new();
//! let mut done = Vec::new();
//! for step in steps {
//!     let operation = match step {
//!         Step::Do(index) => &mut operations[index],
//!         Step::Begin { index, later } => {
//!             let begun = &mut operations[index];
//!             rest.insert(index, begun.postpone(&later));
//!             begun
//!         }
//!         Step::Complete(index) => rest.get_mut(&index).ok_or("not begun")?,
//!         _ => continue, // Answer that the operation names no resource.
//!     };
//!     operation.resolve(|bulk_id| ids.get(bulk_id))?;
//!     done.push(format!("{} {}", operation.method(), operation.path()));
//!     if let Some(bulk_id) = operation.bulk_id() {
//!         let id: ResourceId = format!("id-of-{bulk_id}").parse()?; // The store gives it.
//!         ids.insert(bulk_id.clone(), id);
//!     }
//! }
//! assert_eq!(done, ["POST /Groups", "POST /Groups", "PATCH /Groups/id-of-a"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [RFC 7644 §3.7]: https://www.rfc-editor.org/rfc/rfc7644#section-3.7

mod bulk_id;
mod error;
mod method;
mod operation;
mod order;
mod path;
mod postpone;
mod references;
mod request;
mod response;
mod unusable;

pub use bulk_id::{BulkId, InvalidBulkId};
pub use error::{BulkError, BulkErrorKind};
pub use method::{BulkMethod, UnknownBulkMethod};
pub use operation::BulkOperation;
pub use order::Step;
pub use path::{BulkPath, InvalidBulkPath};
pub use references::UnresolvedBulkId;
pub use request::BulkRequest;
pub use response::{BulkOperationResponse, BulkResponse};
pub use unusable::UnusableOperation;

#[cfg(test)]
mod tests;
