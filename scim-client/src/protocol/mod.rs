//! What goes over the wire: requests are built and answers read without any I/O.

mod request;
mod response;

pub(crate) use request::{Headers, RESERVED, Request};
pub(crate) use response::{Answer, Told};
pub use response::{Patched, Versioned};
