use std::{cmp::Ordering, fmt, str::FromStr};

use compact_str::{CompactString, ToCompactString, format_compact};

use super::literal;

/// A JSON number with the digits it was written with ([RFC 8259 §6]).
///
/// Equality is that of the text, so that parsing what was printed gives the same value.
///
/// ```
/// use scim_core::filter::Number;
///
/// let number: Number = "-12345678901234567890.0e+1".parse()?;
/// assert_eq!(number.as_str(), "-12345678901234567890.0e+1");
/// assert!("01".parse::<Number>().is_err());
/// # Ok::<(), scim_core::filter::InvalidNumber>(())
/// ```
///
/// [RFC 8259 §6]: https://www.rfc-editor.org/rfc/rfc8259#section-6
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Number(CompactString);

/// A string that is not a JSON number.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a JSON number")]
#[non_exhaustive]
pub struct InvalidNumber;

impl Number {
    /// The text, in the grammar of JSON numbers.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `text` must be in the grammar of JSON numbers.
    pub(super) fn from_json_text(text: &str) -> Self {
        Self(CompactString::new(text))
    }

    /// Compares with a number of a JSON document: exactly if both are integers, or else as doubles.
    ///
    /// A literal too large for a double is beyond all of them.
    pub(super) fn compare(&self, other: &serde_json::Number) -> Option<Ordering> {
        if let (Ok(ours), Some(theirs)) = (self.0.parse::<i64>(), other.as_i64()) {
            return Some(theirs.cmp(&ours));
        }
        let ours = self.0.parse::<f64>().ok()?;
        other.as_f64()?.partial_cmp(&ours)
    }
}

impl FromStr for Number {
    type Err = InvalidNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match literal::number(text) {
            Ok(("", number)) => Ok(Self::from_json_text(number)),
            _ => Err(InvalidNumber),
        }
    }
}

impl From<serde_json::Number> for Number {
    fn from(number: serde_json::Number) -> Self {
        Self(number.to_compact_string())
    }
}

impl From<i64> for Number {
    fn from(integer: i64) -> Self {
        Self(format_compact!("{integer}"))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
