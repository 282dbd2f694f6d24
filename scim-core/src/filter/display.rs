use std::fmt;

use super::ast::{CompareOp, CompareValue, Comparison, Filter, Text, ValuePath};

impl fmt::Display for Filter {
    /// Writes canonical text: lower-case operators, single blanks, parentheses only where needed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(operands) => {
                chain(f, operands, " and ", |operand| matches!(operand, Self::And(_) | Self::Or(_)))
            }
            Self::Or(operands) => {
                chain(f, operands, " or ", |operand| matches!(operand, Self::Or(_)))
            }
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Present(path) => write!(f, "{path} pr"),
            Self::Compare(comparison) => write!(f, "{comparison}"),
            Self::ValuePath(value_path) => write!(f, "{value_path}"),
        }
    }
}

fn chain(
    f: &mut fmt::Formatter<'_>,
    operands: &[Filter],
    word: &str,
    needs_parentheses: impl Fn(&Filter) -> bool,
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

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.path, self.op, self.value)
    }
}

impl fmt::Display for ValuePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.path, self.filter)
    }
}

impl fmt::Display for CompareOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for CompareValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String(text) => write!(f, "{text}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Boolean(boolean) => write!(f, "{boolean}"),
            Self::Null => f.write_str("null"),
        }
    }
}

impl fmt::Display for Text {
    /// Writes a JSON string, quotes and escapes included.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_string(self.as_str()).map_err(|_| fmt::Error)?;
        f.write_str(&json)
    }
}
