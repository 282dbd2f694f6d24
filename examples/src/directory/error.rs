//! Why an event did not take place.

use std::error::Error;
use std::fmt;

/// An event that the directory refused; nothing has changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum DirectoryError {
    /// There is nobody with this identifier, or no longer.
    UnknownPerson,
    /// There is nobody with the identifier of the manager.
    UnknownManager,
    /// The manager reports to the person, directly or through others, or is that person.
    ManagerIsReport,
}

impl fmt::Display for DirectoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownPerson => "no such person in the directory",
            Self::UnknownManager => "no such manager in the directory",
            Self::ManagerIsReport => "the manager reports to the person",
        })
    }
}

impl Error for DirectoryError {}
