//! Numbers as they stand in JSON text, and whether a double keeps them.

/// Whether every number of a text that is known to be JSON is kept as it came: as an integer of
/// 64 bits, or as a double whose shortest form is the same number.
pub(super) fn are_exact(json: &[u8]) -> bool {
    let mut rest = json;
    while let Some((first, behind)) = rest.split_first() {
        rest = match first {
            b'"' => behind_string(behind),
            b'-' | b'0'..=b'9' => {
                let is_part = |b: &u8| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                let end = rest.iter().position(|b| !is_part(b)).unwrap_or(rest.len());
                let (token, behind) = rest.split_at(end);
                if !std::str::from_utf8(token).is_ok_and(is_exact) {
                    return false;
                }
                behind
            }
            _ => behind,
        };
    }
    true
}

/// What stands behind the quotation mark that ends a string.
fn behind_string(mut rest: &[u8]) -> &[u8] {
    loop {
        rest = match rest {
            [b'\\', escaped @ ..] => escaped.get(1..).unwrap_or_default(),
            [b'"', behind @ ..] => return behind,
            [_, behind @ ..] => behind,
            [] => return rest,
        };
    }
}

fn is_exact(token: &str) -> bool {
    if token.parse::<i64>().is_ok() || token.parse::<u64>().is_ok() {
        return true;
    }
    let Ok(double) = token.parse::<f64>() else { return false };
    let given = Decimal::read(token);
    double.is_finite() && given.is_some() && given == Decimal::read(&format!("{double:e}"))
}

/// `digits × 10^exponent`, without zeros at either end of the digits.
#[derive(Debug, Eq, PartialEq)]
struct Decimal {
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// The size of a number; its sign is never lost.
    fn read(token: &str) -> Option<Self> {
        let token = token.trim_start_matches('-');
        let (mantissa, exponent) = token.split_once(['e', 'E']).unwrap_or((token, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let digits = digits.trim_start_matches('0');
        let significant = digits.trim_end_matches('0');
        if significant.is_empty() {
            return Some(Self { digits: String::new(), exponent: 0 });
        }
        let trailing = i64::try_from(digits.len() - significant.len()).ok()?;
        let exponent = exponent.parse::<i64>().ok()?.checked_add(trailing)?;
        let exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        Some(Self { digits: significant.to_owned(), exponent })
    }
}

#[cfg(test)]
mod tests {
    use super::are_exact;

    #[test]
    fn a_number_is_kept_or_refused() {
        let kept = [
            "0",
            "-0",
            "-0.0",
            "0e5",
            "7",
            "-7",
            "1.5",
            "0.1",
            "1e2",
            "1E+2",
            "1.0",
            "100e-2",
            "12.50",
            "9223372036854775807",
            "18446744073709551615",
            "-9223372036854775808",
            "1e22",
            "5e-324",
            "1.7976931348623157e308",
            "51.477928",
            "-0.0014580",
            "1e00002",
        ];
        let rounded = [
            "18446744073709551616",
            "-9223372036854775809",
            "123456789012345678901234567890",
            "1e400",
            "-1e400",
            "1e-400",
            "0.1000000000000000055",
            "0.30000000000000000000000001",
            "1.00000000000000000000000000000000000000001",
            "9007199254740993.0",
            "3e-324",
            "1e99999999999999999999",
            "1e23456789",
        ];
        for token in kept {
            assert!(are_exact(token.as_bytes()), "{token}");
        }
        for token in rounded {
            assert!(!are_exact(token.as_bytes()), "{token}");
            assert!(!are_exact(format!("{{\"a\": [1, {token}], \"b\": 2}}").as_bytes()), "{token}");
        }
    }

    #[test]
    fn what_stands_in_a_string_is_no_number() {
        for text in [
            r#"{"a": "1e400"}"#,
            r#"{"1e400": "x"}"#,
            r#"{"a": "\"1e400"}"#,
            r#"{"a": "\\", "b": 1.5, "c": "\\\" 1e400 \\"}"#,
        ] {
            assert!(are_exact(text.as_bytes()), "{text}");
        }
        assert!(!are_exact(br#"{"a": "\\", "b": 1e400}"#));
    }
}
