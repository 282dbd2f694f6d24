use std::fmt;

use super::fault::Fault;

/// Which rules a store holds, and which it breaks.
#[derive(Clone, Debug, Default)]
pub struct Report {
    held: Vec<&'static str>,
    skipped: Vec<&'static str>,
    broken: Vec<Breach>,
}

/// A rule that a store breaks.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Breach {
    /// The rule, in a sentence.
    pub rule: String,
    /// What the store did, and the line of the kit that found out.
    pub what: String,
}

impl Report {
    /// The rules that hold.
    pub fn held(&self) -> &[&'static str] {
        &self.held
    }

    /// The rules that are about what the store does not offer.
    pub fn skipped(&self) -> &[&'static str] {
        &self.skipped
    }

    /// The rules that are broken.
    pub fn broken(&self) -> &[Breach] {
        &self.broken
    }

    /// Whether no rule is broken.
    pub fn is_held(&self) -> bool {
        self.broken.is_empty()
    }

    /// Fails a test if a rule is broken.
    ///
    /// # Panics
    /// With the report, if a rule is broken.
    #[track_caller]
    pub fn assert_held(&self) {
        assert!(self.is_held(), "{self}");
    }

    pub(super) fn hold(&mut self, rule: &'static str) {
        self.held.push(rule);
    }

    pub(super) fn skip(&mut self, rule: &'static str) {
        self.skipped.push(rule);
    }

    pub(super) fn break_rule(&mut self, rule: &str, fault: &Fault) {
        self.broken.push(Breach { rule: rule.to_owned(), what: fault.to_string() });
    }
}

impl fmt::Display for Report {
    /// One line that counts, and one for each rule that is broken.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [held, skipped] = [&self.held, &self.skipped].map(Vec::len);
        write!(f, "{held} rules held, {} broken, {skipped} skipped", self.broken.len())?;
        for Breach { rule, what } in &self.broken {
            write!(f, "\n{rule}: {what}")?;
        }
        Ok(())
    }
}
