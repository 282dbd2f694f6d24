//! The messages of the protocol ([RFC 7644 §8.2]): read liberally, written strictly.
//!
//! [RFC 7644 §8.2]: https://www.rfc-editor.org/rfc/rfc7644#section-8.2

mod error_response;
mod list_response;
mod search_request;

pub use error_response::ErrorResponse;
pub use list_response::ListResponse;
pub use search_request::SearchRequest;

use serde_json::{Map, Value};

/// Takes a member whatever the case of its name.
fn take(object: &mut Map<String, Value>, name: &str) -> Option<Value> {
    if let Some(value) = object.remove(name) {
        return Some(value);
    }
    let key = object.keys().find(|key| key.eq_ignore_ascii_case(name))?.clone();
    object.remove(&key)
}
