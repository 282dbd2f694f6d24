//! JSON from a stranger: bounded in depth, in number and length of values, without duplicate
//! names, and without anything that could not be kept as it came.

mod bounded;
mod number;

use http::{HeaderMap, header};
use serde_json::Value;

use self::bounded::{Fault, Reader};
use super::Limits;
use crate::error::Error;

/// Reads the body of a request.
pub(super) fn read(headers: &HeaderMap, body: &[u8], limits: &Limits) -> Result<Value, Error> {
    if body.len() > limits.body {
        return Err(Error::BodyTooLarge { limit: limits.body });
    }
    check_media_type(headers)?;
    let reader = Reader::new(limits);
    let value = match reader.read(body) {
        Ok(value) => value,
        Err(error) => return Err(refused(reader.fault(), Some(&error))),
    };
    if reader.rounds() && !number::are_exact(body) {
        return Err(refused(Some(Fault::Number), None));
    }
    // Every message and every resource of the protocol is an object.
    match value {
        Value::Object(_) => Ok(value),
        _ => Err(Error::Body { reason: "it is not an object".to_owned() }),
    }
}

/// RFC 7644 §3.1: `application/scim+json`, and `application/json` for simple clients, in UTF-8.
fn check_media_type(headers: &HeaderMap) -> Result<(), Error> {
    let is_encoded = headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
    let is_json = headers.get_all(header::CONTENT_TYPE).iter().all(|media_type| {
        let mut parts = media_type.to_str().unwrap_or("?").split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default();
        let is_taken = ["application/scim+json", "application/json"]
            .iter()
            .any(|taken| taken.eq_ignore_ascii_case(essence));
        is_taken && parts.all(is_parameter_taken)
    });
    if is_json && !is_encoded { Ok(()) } else { Err(Error::UnsupportedMediaType) }
}

/// RFC 8259 §8.1: JSON between systems is UTF-8, whatever a `charset` says.
fn is_parameter_taken(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return true };
    let value = value.trim().trim_matches('"');
    let is_utf_8 = ["utf-8", "utf8"].iter().any(|name| name.eq_ignore_ascii_case(value));
    !name.trim().eq_ignore_ascii_case("charset") || is_utf_8
}

/// What is wrong, without a word of the body itself.
fn refused(fault: Option<Fault>, error: Option<&serde_json::Error>) -> Error {
    let what = match (fault, error.map(serde_json::Error::classify)) {
        (Some(fault), _) => fault.reason(),
        (None, Some(serde_json::error::Category::Eof)) => "it ends too early",
        (None, _) => "it is malformed",
    };
    let reason = match error {
        Some(error) => format!("{what} at line {} column {}", error.line(), error.column()),
        None => what.to_owned(),
    };
    match fault {
        Some(fault) if fault.is_value() => Error::BodyValue { reason },
        _ => Error::Body { reason },
    }
}
