//! Texts near the grammar: such as it has with a fault or two, and pieces of it in a row.

use proptest::{collection::vec, prelude::*, sample::Index, sample::select};

const CHARACTERS: [&str; 34] = [
    "a", "B", " ", "  ", "\t", "\u{a0}", "eq", "pr", "and", "OR", "not", "(", ")", "[", "]", ".",
    ":", "\"", "\\", "\\u", "\\udc00", "0", "1", "-", "+", "e", "_", "$", "$ref", "true", "urn:x:",
    "é", "%", "<",
];

const OPERANDS: [&str; 19] = [
    "a.b PR",
    "$ref pr",
    "urn:x:a eq 1",
    "urn:x:2.0 pr",
    "a eq \"x\"",
    "a eq -0.5e1",
    "a eq True",
    "a pr ",
    " a pr",
    "(a pr",
    "(a pr)",
    "not (a pr",
    "not(a pr)",
    "not pr",
    "a[b pr",
    "a[b pr]",
    "a[b pr].c pr",
    "a[b pr or c pr].d pr",
    "a[b pr and c pr].d eq null",
];

const LITERALS: [&str; 16] = [
    "01",
    "1.",
    "-",
    "1e",
    "+1",
    "1.0e-1",
    r#""\ud83d\ude00""#,
    r#""\ud83d\ue000""#,
    r#""\ud83d""#,
    r#""\ud83d\n""#,
    r#""\ude00""#,
    r#""\x""#,
    r#""\u00E9""#,
    r#""\u00g9""#,
    "\"\u{1f}\"",
    "falsey",
];

const JOINTS: [&str; 18] = [
    " AND ",
    " oR ",
    "  or  ",
    " and",
    "and ",
    " and not ",
    " or not",
    ") and ",
    ") or ",
    ")) or ",
    "] and ",
    "] or ",
    "].b pr or ",
    ")and ",
    " ",
    "",
    ")",
    "]",
];

const ENDS: [&str; 7] = [" ", ")", "))", "]", " )", " ]", "].b pr"];

/// A change that may make a text of the grammar one that it does not have.
#[derive(Clone, Debug)]
enum Fault {
    Without(usize),
    With(&'static str),
    InsteadOf(&'static str),
    Twice(usize),
    Cut,
}

/// A text with a fault or two.
pub(super) fn faulty(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let piece = || select(CHARACTERS.to_vec());
    let fault = prop_oneof![
        2 => (1..3_usize).prop_map(Fault::Without),
        3 => piece().prop_map(Fault::With),
        2 => piece().prop_map(Fault::InsteadOf),
        1 => (1..9_usize).prop_map(Fault::Twice),
        1 => Just(Fault::Cut),
    ];
    let fault = (any::<Index>(), fault);
    let faults = prop_oneof![3 => vec(fault.clone(), 1), 1 => vec(fault, 2)];
    (text, faults).prop_map(|(text, faults)| {
        let chars = text.chars().collect();
        faults.into_iter().fold(chars, |chars, (at, fault)| fault.put(chars, at)).iter().collect()
    })
}

/// Pieces of the language that may or may not fit together.
pub(super) fn jumbled() -> impl Strategy<Value = String> {
    let operand = || {
        prop_oneof![
            6 => Just("a pr").prop_map(str::to_owned),
            5 => select(OPERANDS.to_vec()).prop_map(str::to_owned),
            1 => select(LITERALS.to_vec()).prop_map(|literal| format!("a eq {literal}")),
        ]
    };
    let joint = prop_oneof![2 => select(vec![" and ", " or "]), 1 => select(JOINTS.to_vec())];
    let end = (operand(), prop_oneof![2 => Just(""), 1 => select(ENDS.to_vec())]);
    (vec((operand(), joint), 0..4), end).prop_map(|(pieces, (operand, end))| {
        let pieces = pieces.into_iter().map(|(operand, joint)| operand + joint);
        pieces.collect::<String>() + &operand + end
    })
}

impl Fault {
    fn put(self, mut chars: Vec<char>, at: Index) -> Vec<char> {
        let at = at.index(chars.len() + 1);
        let until = |count: usize| (at + count).min(chars.len());
        match self {
            Self::Without(count) => drop(chars.drain(at..until(count))),
            Self::With(piece) => drop(chars.splice(at..at, piece.chars())),
            Self::InsteadOf(piece) => drop(chars.splice(at..until(1), piece.chars())),
            Self::Twice(count) => {
                let again = chars[at..until(count)].to_vec();
                chars.splice(at..at, again);
            }
            Self::Cut => chars.truncate(at),
        }
        chars
    }
}
