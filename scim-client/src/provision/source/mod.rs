//! Where the people come from.
//!
//! | source | reads |
//! |---|---|
//! | [`JsonLines`] | files with a JSON object on each line |
//! | `Csv`, with the feature `csv` | files with a row for each object |
//! | [`ScimSource`] | a SCIM service provider |
//! | [`Snapshot`] | a list in memory |
//!
//! Whatever else knows who there is becomes a source by [`IdentitySource`].

#[cfg(feature = "csv")]
mod csv;
mod file;
mod json_lines;
mod object;
mod scim;
mod snapshot;

use std::{error::Error, fmt};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

#[cfg(feature = "csv")]
pub use self::csv::Csv;
pub use file::{Fields, FileError, FileFault, FileLimits};
pub use json_lines::JsonLines;
pub use object::{ObjectKind, SourceId, SourceObject};
pub use scim::ScimSource;
pub use snapshot::Snapshot;

/// A directory, an HR system, a file: whatever knows who there is.
///
/// # Contract
/// - A read from [`Position::Start`] gives every object there is; a read from
///   [`Position::Since`] gives every object that has changed since that watermark, at least once,
///   in its state of now. A source that does not know what has changed may give every object
///   there is instead, and end with [`Following::EndOfSnapshot`].
/// - It goes on from [`Position::Next`] until [`Following::End`] or [`Following::EndOfSnapshot`].
///   That end is said only when nothing is missing: whatever a full read does not name counts as
///   gone.
/// - An error means that the cycle changes nothing.
#[async_trait]
pub trait IdentitySource: Send + Sync + 'static {
    /// Reads the next batch.
    ///
    /// # Errors
    /// If the source cannot be read whole.
    async fn read(&self, position: &Position) -> Result<Batch, SourceError>;

    /// Reads one object; `None` if there is none.
    ///
    /// # Errors
    /// If the source cannot be read.
    async fn get(&self, id: &SourceId) -> Result<Option<SourceObject>, SourceError>;
}

#[async_trait]
impl<T: IdentitySource + ?Sized> IdentitySource for Box<T> {
    async fn read(&self, position: &Position) -> Result<Batch, SourceError> {
        T::read(self, position).await
    }

    async fn get(&self, id: &SourceId) -> Result<Option<SourceObject>, SourceError> {
        T::get(self, id).await
    }
}

/// Where to read from.
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a source must know every case")]
pub enum Position {
    /// Everything there is.
    Start,
    /// What has changed since a watermark.
    Since(Watermark),
    /// On from where the last batch ended, in the source's own words.
    Next(String),
}

/// How far a source has been read, in the source's own words.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Watermark(String);

/// Some of the objects.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Batch {
    /// The objects, present or gone.
    pub changes: Vec<Change>,
    /// What follows.
    pub following: Following,
}

/// An object that is there, or is not any more.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "an object is there or it is not")]
pub enum Change {
    /// The object as it is now.
    Present(SourceObject),
    /// The object is gone for good.
    Removed(SourceId),
}

/// What follows a batch.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a source must know every case")]
pub enum Following {
    /// More, from that place.
    More(String),
    /// Nothing: all that was asked for was read, up to that watermark.
    End(Watermark),
    /// Nothing: every object there is was read, whatever was asked for, up to that watermark.
    ///
    /// Whoever was not named is gone. After [`Position::Start`], [`End`](Self::End) says the same.
    EndOfSnapshot(Watermark),
}

/// A source that cannot be read.
#[derive(Debug)]
pub struct SourceError(Box<dyn Error + Send + Sync>);

impl Watermark {
    /// A watermark in the source's own words.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Batch {
    /// Some of the objects, and what follows.
    pub fn new(changes: Vec<Change>, following: Following) -> Self {
        Self { changes, following }
    }
}

impl Change {
    /// The object's identifier.
    pub fn id(&self) -> &SourceId {
        match self {
            Self::Present(object) => &object.id,
            Self::Removed(id) => id,
        }
    }
}

impl SourceError {
    /// Wraps what went wrong.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the identity source cannot be read")
    }
}

impl Error for SourceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.0.as_ref())
    }
}
