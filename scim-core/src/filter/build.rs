use super::ast::{CompareOp, CompareValue, Comparison, Filter, ValuePath};
use crate::attribute::{AttributePath, InvalidAttributePath};

/// Building filters in code; values are escaped when the filter is printed.
impl Filter {
    /// `path eq value`
    ///
    /// ```
    /// use scim_core::Filter;
    ///
    /// let filter = Filter::eq("userName", "O\"Neill")?;
    /// assert_eq!(filter.to_string(), r#"userName eq "O\"Neill""#);
    /// # Ok::<(), scim_core::InvalidAttributePath>(())
    /// ```
    ///
    /// # Errors
    /// If `path` is not an attribute path.
    pub fn eq(path: &str, value: impl Into<CompareValue>) -> Result<Self, InvalidAttributePath> {
        Self::compare(path, CompareOp::Equal, value)
    }

    /// `path op value`
    ///
    /// # Errors
    /// If `path` is not an attribute path.
    pub fn compare(
        path: &str,
        op: CompareOp,
        value: impl Into<CompareValue>,
    ) -> Result<Self, InvalidAttributePath> {
        Ok(Self::Compare(Comparison { path: path.parse()?, op, value: value.into() }))
    }

    /// `path pr`
    ///
    /// # Errors
    /// If `path` is not an attribute path.
    pub fn present(path: &str) -> Result<Self, InvalidAttributePath> {
        Ok(Self::Present(path.parse()?))
    }

    /// All of the operands; operands that are `and` themselves are taken apart.
    pub fn and(operands: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for operand in operands {
            match operand {
                Self::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        Self::And(flat).unwrap_single()
    }

    /// Any of the operands; operands that are `or` themselves are taken apart.
    pub fn or(operands: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for operand in operands {
            match operand {
                Self::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        Self::Or(flat).unwrap_single()
    }

    /// `path[filter]`
    pub fn value_path(path: AttributePath, filter: Self) -> Self {
        Self::ValuePath(ValuePath { path, filter: Box::new(filter) })
    }

    fn unwrap_single(self) -> Self {
        match self {
            Self::And(mut operands) | Self::Or(mut operands) if operands.len() == 1 => {
                operands.remove(0)
            }
            other => other,
        }
    }
}
