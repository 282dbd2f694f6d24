use super::{
    attribute,
    literal::literal,
    text::Text,
    tree::{Path, Tree},
};

/// The two rules for a whole that differ in whether a value path may be a part of it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Whole {
    Filter,
    ValFilter,
}

/// Terms joined by `and`, joined by `or`: what is written between two brackets.
type Alternatives = Vec<Vec<Tree>>;

const OPERATORS: [&str; 9] = ["eq", "ne", "co", "sw", "ew", "gt", "lt", "ge", "le"];

/// A text that is a filter.
pub(super) fn filter(text: &str) -> Option<Tree> {
    let mut text = Text::new(text);
    let tree = padded(&mut text, Whole::Filter)?;
    text.end()?;
    Some(joined(tree))
}

/// `FILTER` or `valFilter`, between blanks
pub(super) fn val_filter(text: &mut Text) -> Option<Tree> {
    padded(text, Whole::ValFilter).map(joined)
}

fn padded(text: &mut Text, whole: Whole) -> Option<Alternatives> {
    text.blanks();
    let alternatives = alternatives(text, whole)?;
    text.blanks();
    Some(alternatives)
}

/// `logExp = FILTER SP ("and" / "or") SP FILTER`; `and` takes precedence over `or`
fn alternatives(text: &mut Text, whole: Whole) -> Option<Alternatives> {
    let mut alternatives = vec![terms(text, whole)?];
    while text.attempt(|text| connective(text, "or")).is_some() {
        alternatives.push(terms(text, whole)?);
    }
    Some(alternatives)
}

fn terms(text: &mut Text, whole: Whole) -> Option<Vec<Tree>> {
    let mut terms = vec![term(text, whole)?];
    while text.attempt(|text| connective(text, "and")).is_some() {
        terms.push(term(text, whole)?);
    }
    Some(terms)
}

/// `SP ("and" / "or") SP`; the parenthesis of the next operand may stand directly behind the word
fn connective(text: &mut Text, word: &str) -> Option<()> {
    text.blank()?;
    text.word(word)?;
    if text.peek() == Some('(') { Some(()) } else { text.blank() }
}

/// `FILTER = attrExp / logExp / valuePath / *1"not" "(" FILTER ")"`
///
/// `valFilter = attrExp / logExp / *1"not" "(" valFilter ")"`
fn term(text: &mut Text, whole: Whole) -> Option<Tree> {
    if let Some(negation) = text.attempt(|text| negation(text, whole)) {
        return Some(negation);
    }
    if let Some(group) = text.attempt(|text| group(text, whole)) {
        return Some(group);
    }
    let attribute = attribute::attribute(text)?;
    if whole == Whole::Filter && text.peek() == Some('[') {
        return value_path(text, attribute);
    }
    expression(text, attribute)
}

/// `"not" "(" FILTER ")"`, with or without blanks between them
fn negation(text: &mut Text, whole: Whole) -> Option<Tree> {
    text.word("not")?;
    text.blanks();
    Some(Tree::Not(Box::new(group(text, whole)?)))
}

/// `"(" FILTER ")"`
fn group(text: &mut Text, whole: Whole) -> Option<Tree> {
    text.char('(')?;
    let inside = padded(text, whole)?;
    text.char(')')?;
    Some(joined(inside))
}

/// `valuePath = attrPath "[" valFilter "]"`, and behind it `"." ATTRNAME` with the rest of an
/// `attrExp`: as if `and` and that expression stood before the bracket
fn value_path(text: &mut Text, attribute: Path) -> Option<Tree> {
    text.char('[')?;
    let mut inside = padded(text, Whole::ValFilter)?;
    text.char(']')?;
    if text.peek() == Some('.') {
        text.char('.')?;
        let name = attribute::name(text)?;
        let condition = expression(text, Path { schema: None, name, sub_attribute: None })?;
        if let [terms] = &mut inside[..] {
            terms.push(condition);
        } else {
            inside = vec![vec![joined(inside), condition]];
        }
    }
    Some(Tree::ValuePath(attribute, Box::new(joined(inside))))
}

/// `attrExp = (attrPath SP "pr") / (attrPath SP compareOp SP compValue)`, behind its `attrPath`
fn expression(text: &mut Text, attribute: Path) -> Option<Tree> {
    text.blank()?;
    if text.attempt(|text| text.word("pr")).is_some() {
        return Some(Tree::Present(attribute));
    }
    let word = OPERATORS.into_iter().find(|word| text.attempt(|text| text.word(word)).is_some())?;
    text.blank()?;
    Some(Tree::Compare(attribute, word.to_owned(), literal(text)?))
}

fn joined(alternatives: Alternatives) -> Tree {
    let alternatives = alternatives.into_iter().map(|terms| one_or(terms, Tree::And)).collect();
    one_or(alternatives, Tree::Or)
}

fn one_or(mut trees: Vec<Tree>, many: fn(Vec<Tree>) -> Tree) -> Tree {
    if trees.len() == 1 { trees.remove(0) } else { many(trees) }
}
