//! The bare limit of a parser: one pass over the bytes, nothing built, nothing allocated.

/// A byte that no token begins or goes on with.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no token at byte {offset}")]
#[non_exhaustive]
pub struct BadByte {
    /// How many bytes precede it.
    pub offset: usize,
}

/// How many tokens a filter or a PATCH path has.
///
/// A name reaches from its URN to its sub-attribute: `urn:…:User:name.familyName` is one token.
///
/// ```
/// assert_eq!(scim_benches::tokenizer::count(r#"emails[type eq "work"].value"#)?, 8);
/// # Ok::<(), scim_benches::tokenizer::BadByte>(())
/// ```
///
/// # Errors
///
/// [`BadByte`] where no token goes on, the end of a string that is not closed among them.
pub fn count(text: &str) -> Result<usize, BadByte> {
    let mut rest = text.as_bytes();
    let mut tokens = 0;
    while let [byte, tail @ ..] = rest {
        let behind = match byte {
            b' ' => {
                rest = tail;
                continue;
            }
            b'(' | b')' | b'[' | b']' | b'.' => Ok(tail),
            b'"' => behind_string(tail),
            b'-' | b'0'..=b'9' => Ok(behind_all(tail, is_number_byte)),
            b'$' | b'a'..=b'z' | b'A'..=b'Z' => Ok(behind_all(tail, is_name_byte)),
            _ => Err(rest),
        };
        rest = behind.map_err(|bad| BadByte { offset: text.len() - bad.len() })?;
        tokens += 1;
    }
    Ok(tokens)
}

/// What follows a string whose opening quote has been read, or what its fault begins.
fn behind_string(mut rest: &[u8]) -> Result<&[u8], &[u8]> {
    loop {
        rest = match rest {
            [b'"', tail @ ..] => return Ok(tail),
            [b'\\', b'u', a, b, c, d, tail @ ..]
                if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) =>
            {
                tail
            }
            [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', tail @ ..] => tail,
            [..=0x1F | b'\\', ..] | [] => return Err(rest),
            [_, tail @ ..] => tail,
        }
    }
}

fn behind_all(rest: &[u8], belongs: fn(u8) -> bool) -> &[u8] {
    let end = rest.iter().position(|byte| !belongs(*byte)).unwrap_or(rest.len());
    rest.split_at(end).1
}

fn is_number_byte(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')
}

fn is_name_byte(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'_' | b'$' | b'.' | b':' | b'%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_counted() {
        for (text, tokens) in [
            ("", 0),
            ("  ", 0),
            ("userName", 1),
            (r#"userName eq "bjensen""#, 3),
            ("not(a pr)", 5),
            ("age ge -1.5e+3", 3),
            ("urn:ietf:params:scim:schemas:core:2.0:User:name.familyName pr", 2),
            (r#"emails[type eq "work"].value"#, 8),
            (r#"a eq """#, 3),
            (r#"a eq "\"\\\/\b\f\n\r\t\u00e9 é""#, 3),
        ] {
            assert_eq!(count(text), Ok(tokens), "{text}");
        }
    }

    #[test]
    fn errors_point_at_the_fault() {
        for (text, offset) in [
            ("a eq 'x'", 5),
            ("é pr", 0),
            (r#"a eq "x"#, 7),
            (r#"a eq "x\"#, 7),
            (r#"a eq "\x""#, 6),
            (r#"a eq "\u12g4""#, 6),
            ("a eq \"\n\"", 6),
        ] {
            assert_eq!(count(text), Err(BadByte { offset }), "{text}");
        }
    }
}
