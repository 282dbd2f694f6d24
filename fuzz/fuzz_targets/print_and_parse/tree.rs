use std::fmt::{self, Write as _};

use libfuzzer_sys::arbitrary::{Result, Unstructured};

/// A filter as this target knows it.
pub(crate) enum Tree {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Test(Test),
    Elements(Path, Box<Self>),
}

pub(crate) struct Test {
    pub(crate) path: Path,
    pub(crate) condition: Condition,
}

pub(crate) enum Condition {
    Present,
    Compare(&'static str, Value),
}

pub(crate) enum Value {
    String(String),
    /// A number, `true`, `false` or `null`.
    Word(String),
}

pub(crate) struct Path {
    pub(crate) schema: Option<&'static str>,
    pub(crate) name: String,
    pub(crate) sub_attribute: Option<String>,
}

/// The levels of `and`, `or` and `not` around a test. With the parentheses that a spelling adds
/// they stay within the default limit.
const LEVELS: usize = 6;

const SCHEMAS: [&str; 6] = [
    "urn:ietf:params:scim:schemas:core:2.0:User",
    "URN:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "urn:x:1.0",
    "urn:$a%20~b+c/d_e-f:9",
    "https://example.com/schemas/a.b",
    "a:",
];

/// Words of the language among them: it has no reserved ones.
const NAMES: [&str; 14] = [
    "a", "userName", "$ref", "$REF", "not", "NOT", "and", "or", "pr", "eq", "true", "null", "x-1",
    "y_Z",
];

const OPERATORS: [&str; 9] = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];

impl Tree {
    pub(crate) fn of_filter(u: &mut Unstructured<'_>) -> Result<Self> {
        Self::of(u, LEVELS, false)
    }

    fn of(u: &mut Unstructured<'_>, levels: usize, in_element: bool) -> Result<Self> {
        if levels == 0 || u.is_empty() {
            return Ok(Self::Test(Test::of(u)?));
        }
        let tree = match u.int_in_range(0..=7)? {
            0 | 1 => Self::And(Self::several(u, levels, in_element)?),
            2 | 3 => Self::Or(Self::several(u, levels, in_element)?),
            4 => Self::Not(Box::new(Self::of(u, levels - 1, in_element)?)),
            5 if !in_element => {
                Self::Elements(Path::of(u)?, Box::new(Self::of(u, levels - 1, true)?))
            }
            _ => Self::Test(Test::of(u)?),
        };
        Ok(tree)
    }

    fn several(u: &mut Unstructured<'_>, levels: usize, in_element: bool) -> Result<Vec<Self>> {
        let count = u.int_in_range(2..=4)?;
        (0..count).map(|_| Self::of(u, levels - 1, in_element)).collect()
    }

    /// Whether it needs parentheses as an operand of `and`.
    pub(crate) fn is_chain(&self) -> bool {
        matches!(self, Self::And(_) | Self::Or(_))
    }
}

impl Test {
    fn of(u: &mut Unstructured<'_>) -> Result<Self> {
        let path = Path::of(u)?;
        let condition = if u.ratio(1, 4)? {
            Condition::Present
        } else {
            Condition::Compare(u.choose(&OPERATORS)?, Value::of(u)?)
        };
        Ok(Self { path, condition })
    }
}

impl Value {
    fn of(u: &mut Unstructured<'_>) -> Result<Self> {
        Ok(match u.int_in_range(0..=6)? {
            0..=2 => Self::String(string(u)?),
            3 => Self::Word(number(u)?),
            4 => Self::Word("true".to_owned()),
            5 => Self::Word("false".to_owned()),
            _ => Self::Word("null".to_owned()),
        })
    }
}

fn string(u: &mut Unstructured<'_>) -> Result<String> {
    const CHARS: [char; 10] = ['a', ' ', '"', '\\', '/', '\n', '\0', '\u{7f}', 'é', '\u{10ffff}'];
    let any = |u: &mut Unstructured<'_>| {
        // Most characters of all are outside the basic plane, and need two code units.
        if u.arbitrary()? { u.arbitrary() } else { u.choose(&CHARS).copied() }
    };
    (0..u.int_in_range(0..=12)?).map(|_| any(u)).collect()
}

/// RFC 8259 §6: `number = [ minus ] int [ frac ] [ exp ]`
fn number(u: &mut Unstructured<'_>) -> Result<String> {
    let sign = if u.arbitrary()? { "-" } else { "" };
    let mut number = format!("{sign}{}", u.arbitrary::<u64>()?);
    if u.arbitrary()? {
        write!(number, ".{:0>4}", u.arbitrary::<u16>()?).expect("a string takes it");
    }
    if u.arbitrary()? {
        number.push(*u.choose(&['e', 'E'])?);
        number.push_str(u.choose(&["", "+", "-"])?);
        write!(number, "{:0>2}", u.arbitrary::<u16>()?).expect("a string takes it");
    }
    Ok(number)
}

impl Path {
    fn of(u: &mut Unstructured<'_>) -> Result<Self> {
        let schema = if u.ratio(3, 4)? { None } else { Some(*u.choose(&SCHEMAS)?) };
        let name = name(u)?;
        let sub_attribute = if u.ratio(3, 4)? { None } else { Some(self::name(u)?) };
        Ok(Self { schema, name, sub_attribute })
    }

    /// Whether it is no more than the name of an attribute.
    pub(crate) fn is_name(&self) -> bool {
        self.schema.is_none() && self.sub_attribute.is_none()
    }
}

/// `ATTRNAME = ALPHA *(nameChar)`
fn name(u: &mut Unstructured<'_>) -> Result<String> {
    const NAME_CHARS: &[u8] = b"azAZ09-_e";
    if u.arbitrary()? {
        return Ok((*u.choose(&NAMES)?).to_owned());
    }
    let mut name = String::from(char::from(u.int_in_range(b'a'..=b'z')?));
    for _ in 0..u.int_in_range(0..=40)? {
        name.push(char::from(*u.choose(NAME_CHARS)?));
    }
    Ok(name)
}

/// Canonical text.
impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(operands) => chain(f, " and ", operands, Self::is_chain),
            Self::Or(operands) => chain(f, " or ", operands, |tree| matches!(tree, Self::Or(_))),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Test(Test { path, condition: Condition::Present }) => write!(f, "{path} pr"),
            Self::Test(Test { path, condition: Condition::Compare(op, value) }) => {
                write!(f, "{path} {op} {value}")
            }
            Self::Elements(path, inner) => write!(f, "{path}[{inner}]"),
        }
    }
}

fn chain(
    f: &mut fmt::Formatter<'_>,
    word: &str,
    operands: &[Tree],
    needs_parentheses: fn(&Tree) -> bool,
) -> fmt::Result {
    for (index, operand) in operands.iter().enumerate() {
        if index > 0 {
            f.write_str(word)?;
        }
        if needs_parentheses(operand) {
            write!(f, "({operand})")?;
        } else {
            write!(f, "{operand}")?;
        }
    }
    Ok(())
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = self.schema {
            write!(f, "{schema}:")?;
        }
        f.write_str(&self.name)?;
        if let Some(sub_attribute) = &self.sub_attribute {
            write!(f, ".{sub_attribute}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Word(word) => return f.write_str(word),
            Self::String(text) => text,
        };
        f.write_char('"')?;
        for c in text.chars() {
            match short_escape(c) {
                Some(escape) => write!(f, "\\{escape}")?,
                None if c < ' ' => write!(f, "\\u{:04x}", u32::from(c))?,
                None => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

/// The letter behind the backslash, for the characters whose canonical text has one.
pub(crate) fn short_escape(c: char) -> Option<char> {
    match c {
        '"' | '\\' => Some(c),
        '\u{8}' => Some('b'),
        '\t' => Some('t'),
        '\n' => Some('n'),
        '\u{c}' => Some('f'),
        '\r' => Some('r'),
        _ => None,
    }
}
