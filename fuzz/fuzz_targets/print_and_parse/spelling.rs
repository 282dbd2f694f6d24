use std::fmt::Write as _;

use libfuzzer_sys::arbitrary::Unstructured;

use crate::tree::{Condition, Path, Test, Tree, Value, short_escape};

/// Writes a filter in one of the many ways that the parser takes; without choices, plainly.
pub(crate) struct Spelling<'a> {
    choices: Unstructured<'a>,
    text: String,
}

impl<'a> Spelling<'a> {
    pub(crate) fn of(tree: &Tree, choices: Unstructured<'a>) -> String {
        let mut spelling = Self { choices, text: String::new() };
        spelling.blanks(0);
        spelling.filter(tree);
        spelling.blanks(0);
        spelling.text
    }

    fn filter(&mut self, tree: &Tree) {
        let pairs = self.up_to(2);
        self.in_parentheses(pairs, tree);
    }

    fn in_parentheses(&mut self, pairs: usize, tree: &Tree) {
        for _ in 0..pairs {
            self.text.push('(');
            self.blanks(0);
        }
        match tree {
            Tree::And(operands) => self.chain("and", operands, Tree::is_chain),
            Tree::Or(operands) => self.chain("or", operands, |tree| matches!(tree, Tree::Or(_))),
            Tree::Not(inner) => self.negation(inner),
            Tree::Test(test) => {
                let _ = write!(self.text, "{}", test.path);
                self.condition(&test.condition);
            }
            Tree::Elements(path, inner) => self.elements(path, inner),
        }
        for _ in 0..pairs {
            self.blanks(0);
            self.text.push(')');
        }
    }

    fn chain(&mut self, word: &str, operands: &[Tree], needs_parentheses: fn(&Tree) -> bool) {
        for (index, operand) in operands.iter().enumerate() {
            let pairs = self.up_to(2).max(usize::from(needs_parentheses(operand)));
            if index > 0 {
                self.blanks(1);
                self.in_any_case(word);
                // A parenthesis may follow the word at once.
                self.blanks(usize::from(pairs == 0));
            }
            self.in_parentheses(pairs, operand);
        }
    }

    fn negation(&mut self, inner: &Tree) {
        self.in_any_case("not");
        self.blanks(0);
        let pairs = self.up_to(2).max(1);
        self.in_parentheses(pairs, inner);
    }

    fn elements(&mut self, path: &Path, inner: &Tree) {
        let _ = write!(self.text, "{path}[");
        self.blanks(0);
        let Some((inside, last)) = behind_the_bracket(inner).filter(|_| self.flip()) else {
            self.filter(inner);
            self.blanks(0);
            return self.text.push(']');
        };
        match inside {
            [only] => self.filter(only),
            several => self.chain("and", several, Tree::is_chain),
        }
        self.blanks(0);
        let _ = write!(self.text, "].{}", last.path);
        self.condition(&last.condition);
    }

    fn condition(&mut self, condition: &Condition) {
        self.blanks(1);
        match condition {
            Condition::Present => self.in_any_case("pr"),
            Condition::Compare(op, value) => {
                self.in_any_case(op);
                self.blanks(1);
                match value {
                    Value::Word(word) => self.text.push_str(word),
                    Value::String(text) => self.string(text),
                }
            }
        }
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        for c in text.chars() {
            let short = if c == '/' { Some(c) } else { short_escape(c) };
            let must_escape = c < ' ' || matches!(c, '"' | '\\');
            match (self.up_to(2), short) {
                (0, _) if !must_escape => self.text.push(c),
                (0 | 1, Some(letter)) => self.text.extend(['\\', letter]),
                _ => self.code_units(c),
            }
        }
        self.text.push('"');
    }

    fn code_units(&mut self, c: char) {
        for unit in c.encode_utf16(&mut [0; 2]) {
            let digits = format!("{unit:04x}");
            self.text.push_str("\\u");
            self.in_any_case(&digits);
        }
    }

    fn in_any_case(&mut self, text: &str) {
        for c in text.chars() {
            let c = if self.flip() { c.to_ascii_uppercase() } else { c };
            self.text.push(c);
        }
    }

    fn blanks(&mut self, least: usize) {
        let blanks = least + self.up_to(2);
        self.text.extend(std::iter::repeat_n(' ', blanks));
    }

    fn up_to(&mut self, most: usize) -> usize {
        self.choices.int_in_range(0..=most).unwrap_or_default()
    }

    fn flip(&mut self) -> bool {
        self.up_to(1) == 1
    }
}

/// The operands of an `and` that may stand inside the bracket while the last stands behind it.
fn behind_the_bracket(inner: &Tree) -> Option<(&[Tree], &Test)> {
    let Tree::And(operands) = inner else { return None };
    match operands.as_slice() {
        // Alone inside, an `and` is taken apart: it would not be an operand of its own.
        [Tree::And(_), _] => None,
        [inside @ .., Tree::Test(last)] if last.path.is_name() => Some((inside, last)),
        _ => None,
    }
}
