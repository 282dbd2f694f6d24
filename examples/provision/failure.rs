//! Why a command did not do what it was asked.

use std::error::Error;

type AnyError = Box<dyn Error + Send + Sync>;

/// Why a command came to no result.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The job file, or a file that it names, cannot be used.
    Unusable(AnyError),
    /// The work has failed.
    Failed(AnyError),
}

/// How it stands after a command that has a result.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// All is well.
    Well,
    /// Something failed, or somebody has to decide.
    NeedsAttention,
}

impl Failure {
    /// The job file, or a file that it names, cannot be used.
    pub(crate) fn unusable(error: impl Into<AnyError>) -> Self {
        Self::Unusable(error.into())
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Verdict {
    /// Well, if that is so.
    pub(crate) fn well_if(is_well: bool) -> Self {
        if is_well { Self::Well } else { Self::NeedsAttention }
    }
}
