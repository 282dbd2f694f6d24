use super::{text::Text, tree::Literal};

/// `compValue = false / null / true / number / string`, the rules of JSON
pub(super) fn literal(text: &mut Text) -> Option<Literal> {
    match text.peek()? {
        '"' => string(text).map(Literal::String),
        '-' | '0'..='9' => number(text).map(Literal::Number),
        _ => match text.run(|c| c.is_ascii_alphabetic()).as_str() {
            "true" => Some(Literal::Boolean(true)),
            "false" => Some(Literal::Boolean(false)),
            "null" => Some(Literal::Null),
            _ => None,
        },
    }
}

/// `number = [ minus ] int [ frac ] [ exp ]`
fn number(text: &mut Text) -> Option<String> {
    let mut number = String::new();
    if text.peek() == Some('-') {
        number.extend(text.next());
    }
    let int = digits(text)?;
    if int.starts_with('0') && int != "0" {
        return None;
    }
    number.push_str(&int);
    if text.peek() == Some('.') {
        number.extend(text.next());
        number.push_str(&digits(text)?);
    }
    if let Some('e' | 'E') = text.peek() {
        number.extend(text.next());
        if let Some('+' | '-') = text.peek() {
            number.extend(text.next());
        }
        number.push_str(&digits(text)?);
    }
    Some(number)
}

/// `1*DIGIT`
fn digits(text: &mut Text) -> Option<String> {
    let digits = text.run(|c| c.is_ascii_digit());
    (!digits.is_empty()).then_some(digits)
}

/// `string = quotation-mark *char quotation-mark`
fn string(text: &mut Text) -> Option<String> {
    text.char('"')?;
    let mut string = String::new();
    loop {
        match text.next()? {
            '"' => return Some(string),
            '\\' => string.push(escaped(text)?),
            '\0'..='\u{1f}' => return None,
            unescaped => string.push(unescaped),
        }
    }
}

/// What stands behind `escape`
fn escaped(text: &mut Text) -> Option<char> {
    match text.next()? {
        c @ ('"' | '\\' | '/') => Some(c),
        'b' => Some('\u{8}'),
        'f' => Some('\u{c}'),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'u' => code_point(text),
        _ => None,
    }
}

/// `4HEXDIG`, or two of them with `\u` between for what lies beyond U+FFFF; half a pair is no
/// character
fn code_point(text: &mut Text) -> Option<char> {
    let unit = code_unit(text)?;
    if !(0xd800..0xdc00).contains(&unit) {
        return char::from_u32(unit);
    }
    text.char('\\')?;
    text.char('u')?;
    let low = code_unit(text)?.checked_sub(0xdc00)?;
    if low > 0x3ff {
        return None;
    }
    char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + low)
}

fn code_unit(text: &mut Text) -> Option<u32> {
    let mut unit = 0;
    for _ in 0..4 {
        unit = unit * 16 + text.next()?.to_digit(16)?;
    }
    Some(unit)
}
