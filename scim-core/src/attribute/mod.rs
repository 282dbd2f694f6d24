//! Names of attributes and paths to them ([RFC 7643 §2.1], [RFC 7644 §3.10]).
//!
//! [RFC 7643 §2.1]: https://www.rfc-editor.org/rfc/rfc7643#section-2.1
//! [RFC 7644 §3.10]: https://www.rfc-editor.org/rfc/rfc7644#section-3.10

mod name;
mod path;

pub use name::{AttributeName, InvalidAttributeName};
pub(crate) use path::PathText;
pub use path::{AttributePath, InvalidAttributePath};
