//! The messages of the protocol ([RFC 7644 §8.2]): read liberally, written strictly.
//!
//! [RFC 7644 §8.2]: https://www.rfc-editor.org/rfc/rfc7644#section-8.2

mod error_response;
mod list_response;
mod search_request;

pub use error_response::ErrorResponse;
pub use list_response::{InvalidListResponse, ListResponse};
pub use search_request::SearchRequest;
