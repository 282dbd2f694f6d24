use std::{fmt, str::FromStr};

use regex::{Regex, RegexBuilder};
use serde::{Serialize, Serializer};

use super::{InvalidScopingFilter, InvalidScopingFilterKind};

/// How many bytes a compiled pattern may take: a few counted classes of Unicode do, a bomb does
/// not.
const SIZE_LIMIT: usize = 1 << 22;

/// A regular expression, compiled once.
///
/// It matches anywhere in a value, with regard to case: `^` and `$` tie it to the whole value,
/// `(?i)` disregards case. Its time grows with the length of the value and no faster, so it has
/// no look-around and no back-references. A pattern that would take too much memory is refused.
///
/// ```
/// use scim_client::provision::scope::{InvalidScopingFilterKind, Pattern};
///
/// let pattern: Pattern = r"^E-\d+$".parse()?;
/// assert_eq!(pattern.as_str(), r"^E-\d+$");
///
/// let error = "(".parse::<Pattern>().unwrap_err();
/// assert_eq!(error.kind(), InvalidScopingFilterKind::Pattern);
/// # Ok::<(), scim_client::provision::scope::InvalidScopingFilter>(())
/// ```
#[derive(Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl FromStr for Pattern {
    type Err = InvalidScopingFilter;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let compiled = RegexBuilder::new(text).size_limit(SIZE_LIMIT).build();
        compiled.map(Self).map_err(|error| {
            InvalidScopingFilter::new(match error {
                regex::Error::CompiledTooBig(_) => InvalidScopingFilterKind::PatternTooLarge,
                _ => InvalidScopingFilterKind::Pattern,
            })
        })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pattern").field(&self.as_str()).finish()
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Pattern {}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
