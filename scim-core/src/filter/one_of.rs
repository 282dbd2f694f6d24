//! A chain of equalities of one attribute, such as `id eq "1" or id eq "2"`, becomes one test.

use std::{collections::HashSet, mem};

use super::{
    CompareOp,
    bind::{Condition, Test},
    compare::{Operand, with_comparable},
    decide::Next,
};
use crate::layout::JsonValue;

/// Texts that an attribute may equal, folded if case does not count.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    texts: HashSet<String>,
    case_exact: bool,
}

impl Texts {
    /// Whether case counts.
    pub(super) fn case_exact(&self) -> bool {
        self.case_exact
    }

    /// The texts.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(String::as_str)
    }

    /// Whether a value equals one of them.
    pub(super) fn holds<'v>(&self, value: impl JsonValue<'v>) -> bool {
        value.as_text().is_some_and(|value| {
            with_comparable(value, self.case_exact, |value| self.texts.contains(value))
        })
    }
}

/// Takes tests up into the one before them, wherever both ask the same of the same attribute.
///
/// The second of two such tests is come by only where the first fails, and both lead to one place
/// where they hold. So are `or` of `eq` and `and` of `ne` linked, whatever `not` stands around
/// them. One value that equals one of the texts then decides, as it does text by text.
pub(super) fn join(tests: Vec<Test>) -> Vec<Test> {
    let entries = count_entries(&tests);
    let mut joined: Vec<Test> = Vec::with_capacity(tests.len());
    let mut places = Vec::with_capacity(tests.len());
    for (index, (mut test, entries)) in tests.into_iter().zip(entries).enumerate() {
        let last = joined.last_mut().filter(|last| {
            let follows = entries == 1 && last.way.if_false == Next::Test(index);
            follows && last.way.if_true == test.way.if_true && last.location == test.location
        });
        if !last.is_some_and(|last| take_up(last, &mut test)) {
            joined.push(test);
        }
        places.push(joined.len() - 1);
    }
    for test in &mut joined {
        for next in [&mut test.way.if_true, &mut test.way.if_false] {
            let Next::Test(index) = next else { continue };
            *index = places.get(*index).copied().unwrap_or(*index);
        }
    }
    joined
}

/// How many ways lead to each test from others.
fn count_entries(tests: &[Test]) -> Vec<usize> {
    let mut entries = vec![0; tests.len()];
    for next in tests.iter().flat_map(|test| [test.way.if_true, test.way.if_false]) {
        if let Next::Test(index) = next
            && let Some(count) = entries.get_mut(index)
        {
            *count += 1;
        }
    }
    entries
}

/// Makes the text of a test one more of those of the other; says whether it is.
fn take_up(into: &mut Test, test: &mut Test) -> bool {
    let Condition::Compare(CompareOp::Equal, Operand::Text { text, case_exact, .. }) =
        &mut test.condition
    else {
        return false;
    };
    match &mut into.condition {
        Condition::Compare(CompareOp::Equal, Operand::Text { text: first, .. }) => {
            let texts = HashSet::from([mem::take(first), mem::take(text)]);
            into.condition = Condition::OneOf(Texts { texts, case_exact: *case_exact });
        }
        Condition::OneOf(into) => {
            into.texts.insert(mem::take(text));
        }
        _ => return false,
    }
    into.way.if_false = test.way.if_false;
    true
}
