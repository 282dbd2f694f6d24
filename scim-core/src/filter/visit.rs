use super::{
    ast::{Comparison, Filter},
    tree::{Connective, NodeKind},
    walk::{Place, Step, Walk},
};
use crate::attribute::AttributePath;

/// Translates a filter into something else, from the conditions up to the whole.
///
/// [`Filter::visit`] calls the methods; what they give for the parts is handed to the method of
/// the whole around them. The depth of the filter costs no stack.
///
/// ```
/// use std::convert::Infallible;
/// use scim_core::{AttributePath, Filter, filter::{Comparison, Visitor}};
///
/// /// Names what a filter asks about.
/// struct Names;
///
/// impl Visitor for Names {
///     type Output = String;
///     type Error = Infallible;
///
///     fn present(&mut self, path: &AttributePath) -> Result<String, Infallible> {
///         Ok(path.to_string())
///     }
///     fn compare(&mut self, comparison: &Comparison) -> Result<String, Infallible> {
///         Ok(comparison.path.to_string())
///     }
///     fn not(&mut self, operand: String) -> Result<String, Infallible> {
///         Ok(format!("not {operand}"))
///     }
///     fn and(&mut self, operands: Vec<String>) -> Result<String, Infallible> {
///         Ok(operands.join(" & "))
///     }
///     fn or(&mut self, operands: Vec<String>) -> Result<String, Infallible> {
///         Ok(operands.join(" | "))
///     }
///     fn value_path(&mut self, path: &AttributePath, filter: String) -> Result<String, Infallible> {
///         Ok(format!("{path} with {filter}"))
///     }
/// }
///
/// let filter: Filter = r#"title pr or emails[type eq "work" and not (primary pr)]"#.parse()?;
/// let Ok(names) = filter.visit(&mut Names);
/// assert_eq!(names, "title | emails with type & not primary");
/// # Ok::<(), scim_core::filter::ParseError>(())
/// ```
pub trait Visitor {
    /// What a filter is translated into.
    type Output;
    /// Why one cannot be translated.
    type Error;

    /// `path pr`
    ///
    /// # Errors
    /// The visitor's own.
    fn present(&mut self, path: &AttributePath) -> Result<Self::Output, Self::Error>;

    /// `path op value`
    ///
    /// # Errors
    /// The visitor's own.
    fn compare(&mut self, comparison: &Comparison) -> Result<Self::Output, Self::Error>;

    /// `not (operand)`
    ///
    /// # Errors
    /// The visitor's own.
    fn not(&mut self, operand: Self::Output) -> Result<Self::Output, Self::Error>;

    /// All of two or more operands.
    ///
    /// # Errors
    /// The visitor's own.
    fn and(&mut self, operands: Vec<Self::Output>) -> Result<Self::Output, Self::Error>;

    /// Any of two or more operands.
    ///
    /// # Errors
    /// The visitor's own.
    fn or(&mut self, operands: Vec<Self::Output>) -> Result<Self::Output, Self::Error>;

    /// The inside of `path[filter]` comes next: until [`value_path`](Self::value_path) is called,
    /// paths start at an element of `path`.
    ///
    /// # Errors
    /// The visitor's own.
    fn enter_value_path(&mut self, path: &AttributePath) -> Result<(), Self::Error> {
        let _ = path;
        Ok(())
    }

    /// `path[filter]`
    ///
    /// # Errors
    /// The visitor's own.
    fn value_path(
        &mut self,
        path: &AttributePath,
        filter: Self::Output,
    ) -> Result<Self::Output, Self::Error>;
}

impl Filter {
    /// Translates the filter.
    ///
    /// # Errors
    /// The first error of the visitor.
    pub fn visit<V: Visitor>(&self, visitor: &mut V) -> Result<V::Output, V::Error> {
        let mut waiting = Vec::new();
        for step in Walk::new(&self.nodes, self.nodes.root()) {
            match step {
                Step::Enter(Place { kind: NodeKind::ValuePath(path), .. }) => {
                    visitor.enter_value_path(path)?;
                }
                Step::Enter(_) | Step::Between(_) => {}
                Step::Leave(place) => {
                    let output = self.leave(&place, &mut waiting, visitor)?;
                    waiting.push(output);
                }
            }
        }
        Ok(last(&mut waiting))
    }

    /// Translates a node whose operands have been translated.
    fn leave<V: Visitor>(
        &self,
        place: &Place<'_>,
        waiting: &mut Vec<V::Output>,
        visitor: &mut V,
    ) -> Result<V::Output, V::Error> {
        match place.kind {
            NodeKind::Present(path) => visitor.present(path),
            NodeKind::Compare(comparison) => visitor.compare(comparison),
            NodeKind::Not => visitor.not(last(waiting)),
            NodeKind::ValuePath(path) => visitor.value_path(path, last(waiting)),
            NodeKind::Connective(connective, _) => {
                let operands = waiting.split_off(waiting.len() - self.nodes.count(place.index));
                match connective {
                    Connective::And => visitor.and(operands),
                    Connective::Or => visitor.or(operands),
                }
            }
        }
    }
}

#[expect(clippy::expect_used, reason = "operands come before their operator")]
fn last<T>(waiting: &mut Vec<T>) -> T {
    waiting.pop().expect("an operand")
}
