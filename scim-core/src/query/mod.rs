//! What a query asks for: which resources, in what order, what of them, which page
//! ([RFC 7644 §3.4.2, §3.9], [RFC 9865]).
//!
//! [RFC 7644 §3.4.2, §3.9]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2
//! [RFC 9865]: https://www.rfc-editor.org/rfc/rfc9865

mod cursor;
mod entry;
mod error;
mod hidden;
mod list_query;
mod page;
mod parameters;
mod projection;
mod sort;

pub use cursor::{Cursor, InvalidCursor};
pub use error::ListQueryError;
pub use hidden::HiddenAttributes;
pub use list_query::ListQuery;
pub use page::{PagePlace, PageRequest, PageStart};
pub(crate) use parameters::{Parameters, not_an_integer};
pub use projection::Projection;
pub use sort::{BoundSort, Sort, SortOrder};

#[cfg(test)]
mod tests;
