use std::{fmt, panic::Location};

use crate::store::StoreError;

/// What a store did that breaks a rule, and where the kit found out.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    what: String,
    place: &'static Location<'static>,
}

/// The outcome of a rule.
pub(super) type Held = Result<(), Fault>;

impl Fault {
    #[track_caller]
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), place: Location::caller() }
    }

    /// The fault with what the store was asked.
    pub(super) fn while_doing(mut self, what: impl fmt::Display) -> Self {
        self.what = format!("{what}: {}", self.what);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.place.file().rsplit(['/', '\\']).next().unwrap_or_default();
        write!(f, "{} ({file}:{})", self.what, self.place.line())
    }
}

/// Breaks the rule unless something holds.
#[track_caller]
pub(super) fn ensure(holds: bool, what: impl FnOnce() -> String) -> Held {
    if holds { Ok(()) } else { Err(Fault::new(what())) }
}

/// Breaks the rule unless what came is what was to come.
#[track_caller]
pub(super) fn ensure_eq<T: PartialEq + fmt::Debug>(
    came: &T,
    expected: &T,
    what: impl fmt::Display,
) -> Held {
    ensure(came == expected, || format!("{what}: came {came:?}, expected {expected:?}"))
}

/// What a call gave, which was to succeed.
#[track_caller]
pub(super) fn done<T>(outcome: Result<T, StoreError>, call: impl fmt::Display) -> Result<T, Fault> {
    match outcome {
        Ok(value) => Ok(value),
        Err(error) => Err(Fault::new(format!("{call} failed: {}", in_full(&error)))),
    }
}

#[track_caller]
pub(super) fn not_found<T>(outcome: &Result<T, StoreError>, call: impl fmt::Display) -> Held {
    let is_right = matches!(outcome, Err(StoreError::NotFound));
    ensure(is_right, || format!("{call} was to find nothing: {}", in_words(outcome)))
}

#[track_caller]
pub(super) fn mismatch<T>(outcome: &Result<T, StoreError>, call: impl fmt::Display) -> Held {
    let is_right = matches!(outcome, Err(StoreError::VersionMismatch));
    ensure(is_right, || format!("{call} was to meet another version: {}", in_words(outcome)))
}

/// Breaks the rule unless the value of an attribute was taken.
#[track_caller]
pub(super) fn taken<T>(
    outcome: &Result<T, StoreError>,
    attribute: &str,
    call: impl fmt::Display,
) -> Held {
    let is_right =
        matches!(outcome, Err(StoreError::Uniqueness { attribute: of }) if of == attribute);
    ensure(is_right, || format!("{call} was to find `{attribute}` taken: {}", in_words(outcome)))
}

pub(super) fn in_words<T>(outcome: &Result<T, StoreError>) -> String {
    match outcome {
        Ok(_) => "it succeeded".to_owned(),
        Err(error) => in_full(error),
    }
}

/// An error with what it comes from.
fn in_full(error: &StoreError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
