//! `Guid` and `RandomString`, and what they draw from.

use std::cell::Cell;

use sha2::{Digest, Sha256};

use super::{
    error::EvaluateErrorKind as Kind,
    evaluate::{Arguments, Stop},
    functions::{Function, Parameter},
    term::Term,
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("Guid", &[], guid),
    Function::new(
        "RandomString",
        &[
            Parameter::required("length"),
            Parameter::required("digits"),
            Parameter::required("special"),
            Parameter::required("capitals"),
            Parameter::required("small"),
            Parameter::optional("avoided"),
        ],
        random_string,
    ),
];

/// How many characters a random text may have.
const LENGTH: usize = 256;

/// Digits, special characters, capital and small letters, in the order of the arguments.
const CLASSES: [&str; 4] = [
    "0123456789",
    "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "abcdefghijklmnopqrstuvwxyz",
];

/// Numbers that follow from a seed.
///
/// Initial passwords are made of them, so they are hashes: who sees some of them knows nothing of
/// the others.
pub(super) struct Random {
    seed: u128,
    drawn: Cell<u64>,
}

impl Random {
    pub(super) fn new(seed: u128) -> Self {
        Self { seed, drawn: Cell::new(0) }
    }

    /// A number below another.
    fn below(&self, bound: usize) -> usize {
        // 128 bits of which the upper are taken: no number comes up more often by as much as 2^-64.
        let bits = self.bits() >> 64;
        let scaled = bits.saturating_mul(bound as u128) >> 64;
        usize::try_from(scaled).unwrap_or_default()
    }

    fn bits(&self) -> u128 {
        let mut hash = Sha256::new();
        hash.update(self.seed.to_be_bytes());
        hash.update(self.drawn.get().to_be_bytes());
        self.drawn.set(self.drawn.get().wrapping_add(1));
        let half = hash.finalize().first_chunk().copied().unwrap_or_default();
        u128::from_be_bytes(half)
    }
}

/// `Guid()`
fn guid<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    // RFC 9562 §5.4: the version is 4, the variant is binary 10.
    let bits = arguments.random().bits() & !(0xf << 76) & !(0b11 << 62) | 4 << 76 | 0b10 << 62;
    let hex = format!("{bits:032x}");
    let mut output = arguments.output();
    for (index, part) in [0..8, 8..12, 12..16, 16..20, 20..32].into_iter().enumerate() {
        output.push_str(if index > 0 { "-" } else { "" })?;
        output.push_str(hex.get(part).unwrap_or_default())?;
    }
    Ok(output.finish())
}

/// `RandomString(length, digits, special, capitals, small, avoided)`
fn random_string<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let length = count(arguments, 0)?;
    let avoided = arguments.text_or_empty(5)?;
    let random = arguments.random();
    let mut drawn = Vec::with_capacity(length);
    let mut rest = Vec::new();
    let mut letters_and_digits = Vec::new();
    for (index, class) in CLASSES.into_iter().enumerate() {
        let allowed: Vec<char> = class.chars().filter(|&c| !avoided.contains(c)).collect();
        let least = count(arguments, index + 1)?;
        for _ in 0..least {
            drawn.push(draw(random, &allowed)?);
        }
        if least > 0 {
            rest.extend_from_slice(&allowed);
        }
        if index != 1 {
            letters_and_digits.extend(allowed);
        }
    }
    let more = length.checked_sub(drawn.len()).ok_or(Kind::ImpossibleLength)?;
    let rest = if rest.is_empty() { letters_and_digits } else { rest };
    for _ in 0..more {
        drawn.push(draw(random, &rest)?);
    }
    for last in (1..drawn.len()).rev() {
        drawn.swap(last, random.below(last + 1));
    }
    arguments.made(drawn.into_iter().collect())
}

/// The argument as a number of characters.
fn count(arguments: &Arguments<'_>, index: usize) -> Result<usize, Stop> {
    let count = usize::try_from(arguments.integer(index)?).ok();
    Ok(count.filter(|count| *count <= LENGTH).ok_or(Kind::ImpossibleLength)?)
}

fn draw(random: &Random, characters: &[char]) -> Result<char, Stop> {
    let drawn = characters.get(random.below(characters.len()));
    Ok(drawn.copied().ok_or(Kind::ImpossibleLength)?)
}
