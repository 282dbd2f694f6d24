//! Errors with their causes, for people.

use std::{error::Error, fmt};

/// An error and what it comes from, a line each.
#[derive(Clone, Copy, Debug)]
pub struct Causes<'e>(&'e (dyn Error + 'static));

impl<'e> Causes<'e> {
    /// The causes of an error.
    pub fn of(error: &'e (dyn Error + 'static)) -> Self {
        Self(error)
    }
}

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, "\n  because {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
