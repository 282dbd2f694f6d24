use std::{cmp::Ordering, fmt};

use compact_str::{CompactString, format_compact};

/// A JSON number with the digits it was written with.
///
/// Equality is that of the text, so that parsing what was printed gives the same value.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Number(CompactString);

impl Number {
    /// The text, in the grammar of JSON numbers.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `text` must be in the grammar of JSON numbers.
    pub(super) fn from_json_text(text: &str) -> Self {
        Self(CompactString::new(text))
    }

    /// Compares with a number of a JSON document; `None` if one of them is not finite.
    pub(super) fn compare(&self, other: &serde_json::Number) -> Option<Ordering> {
        if let (Ok(ours), Some(theirs)) = (self.0.parse::<i64>(), other.as_i64()) {
            return Some(theirs.cmp(&ours));
        }
        let ours = self.0.parse::<f64>().ok().filter(|n| n.is_finite())?;
        other.as_f64()?.partial_cmp(&ours)
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
