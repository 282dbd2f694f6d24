//! The library's trees, written as those of the reference.

use std::convert::Infallible;

use scim_core::{
    AttributePath, Filter,
    filter::{CompareValue, Comparison, Expression, FilterRef, Visitor},
    patch::PatchPath,
};

use super::tree::{Literal, Path, PathTree, Tree};

/// What visiting a filter gives.
pub(super) fn visited(filter: &Filter) -> Tree {
    let Ok(tree) = filter.visit(&mut Trees);
    tree
}

/// What going down a filter gives.
pub(super) fn expressed(filter: FilterRef<'_>) -> Tree {
    match filter.expression() {
        Expression::And(operands) => Tree::And(operands.map(expressed).collect()),
        Expression::Or(operands) => Tree::Or(operands.map(expressed).collect()),
        Expression::Not(operand) => Tree::Not(Box::new(expressed(operand))),
        Expression::Present(path) => Tree::Present(Path::from(path)),
        Expression::Compare(comparison) => Tree::from(comparison),
        Expression::ValuePath(path, filter) => {
            Tree::ValuePath(Path::from(path), Box::new(expressed(filter)))
        }
    }
}

struct Trees;

impl Visitor for Trees {
    type Output = Tree;
    type Error = Infallible;

    fn present(&mut self, path: &AttributePath) -> Result<Tree, Infallible> {
        Ok(Tree::Present(Path::from(path)))
    }

    fn compare(&mut self, comparison: &Comparison) -> Result<Tree, Infallible> {
        Ok(Tree::from(comparison))
    }

    fn not(&mut self, operand: Tree) -> Result<Tree, Infallible> {
        Ok(Tree::Not(Box::new(operand)))
    }

    fn and(&mut self, operands: Vec<Tree>) -> Result<Tree, Infallible> {
        Ok(Tree::And(operands))
    }

    fn or(&mut self, operands: Vec<Tree>) -> Result<Tree, Infallible> {
        Ok(Tree::Or(operands))
    }

    fn value_path(&mut self, path: &AttributePath, filter: Tree) -> Result<Tree, Infallible> {
        Ok(Tree::ValuePath(Path::from(path), Box::new(filter)))
    }
}

impl From<&AttributePath> for Path {
    fn from(path: &AttributePath) -> Self {
        Self {
            schema: path.schema().map(str::to_owned),
            name: path.name().to_owned(),
            sub_attribute: path.sub_attribute().map(str::to_owned),
        }
    }
}

impl From<&Comparison> for Tree {
    fn from(comparison: &Comparison) -> Self {
        let literal = match &comparison.value {
            CompareValue::String(text) => Literal::String(text.as_str().to_owned()),
            CompareValue::Number(number) => Literal::Number(number.as_str().to_owned()),
            CompareValue::Boolean(boolean) => Literal::Boolean(*boolean),
            CompareValue::Null => Literal::Null,
        };
        Self::Compare(Path::from(&comparison.path), comparison.op.as_str().to_owned(), literal)
    }
}

impl From<&PatchPath> for PathTree {
    fn from(path: &PatchPath) -> Self {
        let Some(attribute) = path.attribute() else { return Self::Schema(path.to_string()) };
        let attribute = Path::from(attribute);
        let Some(filter) = path.filter() else { return Self::Attribute(attribute) };
        // Without one behind the bracket, the library names the one before it.
        let is_behind = !path.to_string().ends_with(']');
        let sub_attribute = path.sub_attribute().filter(|_| is_behind).map(str::to_owned);
        Self::Elements(attribute, expressed(filter.as_filter_ref()), sub_attribute)
    }
}
