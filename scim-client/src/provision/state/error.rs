use std::{error::Error, fmt};

/// A store that cannot remember, or must not.
#[derive(Debug)]
pub struct StateError {
    kind: StateErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Why a store does not remember.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum StateErrorKind {
    /// It cannot be read or written.
    Store,
    /// Another one runs the job.
    Leased,
    /// Another one has taken the job over.
    Fenced,
}

impl StateError {
    /// Wraps what went wrong.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: StateErrorKind::Store, source: Some(source.into()) }
    }

    /// Another one runs the job.
    pub fn leased() -> Self {
        Self { kind: StateErrorKind::Leased, source: None }
    }

    /// Another one has taken the job over.
    pub fn fenced() -> Self {
        Self { kind: StateErrorKind::Fenced, source: None }
    }

    /// Why.
    pub fn kind(&self) -> StateErrorKind {
        self.kind
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            StateErrorKind::Store => "the state of the job cannot be read or written",
            StateErrorKind::Leased => "the job is run by another one",
            StateErrorKind::Fenced => "the job has been taken over by another one",
        })
    }
}

impl Error for StateError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
