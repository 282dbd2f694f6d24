use std::{
    fmt::{self, Write as _},
    str::FromStr,
};

use sha2::{Digest, Sha256};

/// The secret of a system account; neither `Debug` nor any message shows it.
///
/// Eight to 4,096 of the characters that [RFC 6750 §2.1] allows.
///
/// [RFC 6750 §2.1]: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
#[derive(Clone)]
pub struct Token(String);

/// A string that cannot be a token; the message does not repeat it.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a token has 8 to 4096 letters, digits and `-._~+/=`")]
#[non_exhaustive]
pub struct InvalidToken;

/// What is kept of a token.
#[derive(Clone, Eq, Hash, PartialEq)]
pub(super) struct TokenHash(pub(super) [u8; 32]);

impl Token {
    /// A new token of 256 random bits.
    ///
    /// # Errors
    /// If the operating system gives no random numbers.
    pub fn generate() -> std::io::Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        let mut text = "scim_".to_owned();
        for byte in bytes {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Ok(Self(text))
    }

    /// The secret itself, to be shown once to whoever is to have it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether a text can be a token.
    pub(super) fn allows(text: &str) -> bool {
        let is_allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b);
        (8..=4096).contains(&text.len()) && text.bytes().all(is_allowed)
    }

    pub(super) fn hash(text: &str) -> TokenHash {
        TokenHash(Sha256::digest(text.as_bytes()).into())
    }
}

impl FromStr for Token {
    type Err = InvalidToken;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if Self::allows(text) { Ok(Self(text.to_owned())) } else { Err(InvalidToken) }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Token, TokenHash};

    /// How many bits two hashes have in common before they differ.
    fn common(a: &TokenHash, b: &TokenHash) -> u32 {
        let differing = a.0.iter().zip(&b.0).map(|(a, b)| a ^ b);
        let mut bits = 0;
        for byte in differing {
            bits += byte.leading_zeros();
            if byte != 0 {
                break;
            }
        }
        bits
    }

    /// What is compared is a hash of fixed length, in which a token that is nearly right is as
    /// wrong as any other: where the comparison stops says nothing of how much of it was right.
    #[test]
    fn a_comparison_tells_nothing_of_the_token() {
        let good = Token::generate().unwrap();
        let hash = Token::hash(good.reveal());
        let changed = |place: usize, with: u8| {
            let mut bytes = good.reveal().as_bytes().to_vec();
            bytes[place] = with;
            String::from_utf8(bytes).unwrap()
        };
        let last = good.reveal().len() - 1;
        let alphabet: Vec<u8> = (b'a'..=b'z').chain(b'A'..=b'Z').chain(b'0'..=b'9').collect();
        // Chance lets one bit agree on average. Of 61 samples the sum is 61, give or take 11; a
        // comparison of the tokens would have hundreds of bits in common where the last is wrong.
        for place in [0, last] {
            let wrong = alphabet.iter().map(|with| changed(place, *with));
            let wrong = wrong.filter(|wrong| wrong != good.reveal());
            let bits: u32 = wrong.map(|wrong| common(&hash, &Token::hash(&wrong))).sum();
            assert!(bits < 61 + 8 * 11, "{bits} bits");
        }
        for text in ["", "x", good.reveal(), &"x".repeat(1 << 16)] {
            assert_eq!(Token::hash(text).0.len(), 32);
        }
    }
}
