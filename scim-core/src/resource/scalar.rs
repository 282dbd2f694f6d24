use serde_json::Value;

use super::ViolationKind;
use crate::{date_time::DateTime, schema::AttributeType};

/// Text longer than this is refused wherever it stands.
const LONGEST_TEXT: usize = 64 * 1024;

/// What is wrong with one value of a simple attribute ([RFC 7643 §2.3]).
///
/// The text of a reference may be any: identity providers write names and paths there.
///
/// [RFC 7643 §2.3]: https://www.rfc-editor.org/rfc/rfc7643#section-2.3
pub(super) fn fault(attribute_type: AttributeType, value: &Value) -> Option<ViolationKind> {
    let (fits, expected) = match attribute_type {
        AttributeType::String | AttributeType::Reference => {
            let Value::String(text) = value else { return Some(ViolationKind::Type("a string")) };
            let is_text = text.len() <= LONGEST_TEXT && !text.contains('\0');
            return (!is_text).then_some(ViolationKind::Text);
        }
        AttributeType::Boolean => (value.is_boolean(), "a boolean"),
        AttributeType::Decimal => (value.is_number(), "a number"),
        AttributeType::Integer => (value.is_i64(), "an integer of 64 bits"),
        AttributeType::DateTime => {
            let is_date = value.as_str().is_some_and(|text| text.parse::<DateTime>().is_ok());
            (is_date, "a date and time")
        }
        AttributeType::Binary => (value.as_str().is_some_and(is_base64), "text in base 64"),
        AttributeType::Complex => (value.is_object(), "an object"),
    };
    (!fits).then_some(ViolationKind::Type(expected))
}

/// The boolean that a text spells, in any case.
pub(super) fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else {
        text.eq_ignore_ascii_case("false").then_some(false)
    }
}

/// RFC 4648 §4 or §5, padded or not, white space let through.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end().trim_end_matches('=');
    text.len() <= LONGEST_TEXT
        && digits.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/-_ \r\n\t".contains(&b))
}
