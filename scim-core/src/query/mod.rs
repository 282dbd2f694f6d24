//! What a query asks for besides its filter: which attributes, in what order
//! ([RFC 7644 §3.4.2, §3.9]).
//!
//! [RFC 7644 §3.4.2, §3.9]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2

mod projection;
mod sort;

pub use projection::Projection;
pub use sort::{BoundSort, Sort, SortOrder};
