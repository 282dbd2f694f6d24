//! The key of a person in the directory.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use super::random::Random;

/// The identifier that the directory gives to a person: a UUID, never used again.
///
/// It stays when everything else about the person changes, so it is what a provisioning run keys
/// its links by.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ObjectId(String);

impl ObjectId {
    /// Draws a new identifier in the shape of a version 4 UUID.
    pub(super) fn draw(random: &mut Random) -> Self {
        let (high, low) = (random.bits(), random.bits());
        Self(format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            (low >> 48) & 0x3fff | 0x8000,
            low & 0xffff_ffff_ffff,
        ))
    }

    /// Returns the identifier as text, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ObjectId {
    type Err = InvalidObjectId;

    /// Reads a UUID in any case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_in_place = |(index, byte): (usize, u8)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        };
        if text.len() == 36 && text.bytes().enumerate().all(is_in_place) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(InvalidObjectId)
        }
    }
}

/// A string that is not the identifier of a person: it has not the shape of a UUID.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct InvalidObjectId;

impl fmt::Display for InvalidObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object identifier has the shape of a UUID")
    }
}

impl Error for InvalidObjectId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_and_parsing_are_inverse() {
        let mut random = Random::new(3);
        for _ in 0..100 {
            let id = ObjectId::draw(&mut random);
            assert_eq!(id.as_str().parse(), Ok(id.clone()));
            assert_eq!(id.to_string().to_uppercase().parse(), Ok(id));
        }
    }

    #[test]
    fn what_is_no_uuid_is_refused() {
        for text in ["", "7", "zzzzzzzz-0000-4000-8000-000000000000", "00000000000000000000"] {
            assert_eq!(text.parse::<ObjectId>(), Err(InvalidObjectId), "{text}");
        }
    }
}
