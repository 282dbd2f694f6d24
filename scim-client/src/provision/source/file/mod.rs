//! What all sources share that are files with a row for each object.
//!
//! A read goes over the files twice. The first time everything is read and held to be good or bad
//! as a whole, and it is noted where each object is; the second time the objects are given, page
//! by page, and each must still be what it was. So no object is given before the end was seen.

mod error;
mod fields;
mod index;
mod limits;
mod rows;

use std::{
    fmt,
    hash::Hash,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub use error::{FileError, FileFault};
pub use fields::Fields;
pub use limits::FileLimits;

pub(super) use index::Content;
use index::{Index, Place};
use rows::{Row, Rows};

use super::{Batch, Change, Following, ObjectKind, Position, SourceError, SourceId, SourceObject};

/// How a row is written.
pub(super) trait Format: fmt::Debug + Hash + Send + Sync + 'static {
    /// What reads the rows of one file.
    type Reader;
    /// What the first row says about the others, if it does.
    type Header: Default + Send + Sync + 'static;
    const HAS_HEADER: bool;

    fn reader(&self) -> Self::Reader;

    /// Takes in a line, and tells whether it is the last one of a row.
    fn is_whole(&self, reader: &mut Self::Reader, line: &[u8]) -> Result<bool, FileFault>;

    fn header(
        &self,
        reader: &mut Self::Reader,
        row: &[u8],
        fields: &Fields,
    ) -> Result<Self::Header, FileFault>;

    fn content(
        &self,
        reader: &mut Self::Reader,
        header: &Self::Header,
        row: &[u8],
    ) -> Result<Content, FileFault>;
}

/// Files of one format.
pub(super) struct Files<F: Format> {
    settings: Settings,
    format: F,
    memory: Mutex<Memory<F::Header>>,
}

#[derive(Debug)]
pub(super) struct Settings {
    /// Each with what its objects are unless they say it.
    pub(super) files: Vec<(PathBuf, ObjectKind)>,
    pub(super) fields: Fields,
    pub(super) limits: FileLimits,
    pub(super) needs_end_marker: bool,
}

/// What the files were when they were read.
struct Memory<H> {
    /// What the difference is taken from, and what was read last.
    read: Vec<Arc<Index<H>>>,
    /// Where single objects were looked up.
    looked_up: Option<Arc<Index<H>>>,
}

/// A position that was not given out, or is forgotten.
#[derive(Debug, thiserror::Error)]
#[error("the position was not given out by this source")]
struct UnknownPosition;

impl<F: Format> Files<F> {
    pub(super) fn new(path: PathBuf, format: F) -> Self {
        let settings = Settings {
            files: vec![(path, ObjectKind::User)],
            fields: Fields::new(),
            limits: FileLimits::new(),
            needs_end_marker: false,
        };
        Self { settings, format, memory: Mutex::default() }
    }

    /// The same files by other settings; what they said by the old ones is forgotten.
    pub(super) fn with_settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self.memory = Mutex::default();
        self
    }

    #[cfg(feature = "csv")]
    pub(super) fn with_format(mut self, change: impl FnOnce(&mut F)) -> Self {
        change(&mut self.format);
        self.memory = Mutex::default();
        self
    }

    pub(super) fn read(&self, position: &Position) -> Result<Batch, SourceError> {
        match position {
            Position::Start => {
                let index = self.remember(None)?;
                self.page(&index, None, 0)
            }
            Position::Since(watermark) if self.watermark()? == *watermark => {
                Ok(Batch::new(Vec::new(), Following::End(watermark.clone())))
            }
            Position::Since(watermark) => {
                let before = self.memory().find(watermark.as_str());
                let index = self.remember(before.clone())?;
                self.page(&index, before.as_deref(), 0)
            }
            Position::Next(text) => {
                let mut words = text.split(' ');
                let mut word = || words.next().unwrap_or_default();
                let (index, before, number) = (word(), word(), word());
                let unknown = || SourceError::new(UnknownPosition);
                let index = self.memory().find(index).ok_or_else(unknown)?;
                let before = match before {
                    NOTHING => None,
                    before => Some(self.memory().find(before).ok_or_else(unknown)?),
                };
                let number = number.parse().map_err(|_| unknown())?;
                self.page(&index, before.as_deref(), number)
            }
        }
    }

    pub(super) fn get(&self, id: &SourceId) -> Result<Option<SourceObject>, SourceError> {
        let stamps = self.stamps()?;
        let known = self.memory().all().find(|index| index.stamps == stamps).cloned();
        let index = if let Some(index) = known {
            index
        } else {
            // That somebody is not there is known only of files that are whole.
            let index = Arc::new(self.index()?);
            self.memory().looked_up = Some(Arc::clone(&index));
            index
        };
        Ok(self.objects(&index, index.find(id))?.pop())
    }

    /// Reads the files, and keeps what they are to take differences from.
    fn remember(
        &self,
        before: Option<Arc<Index<F::Header>>>,
    ) -> Result<Arc<Index<F::Header>>, FileError> {
        let index = Arc::new(self.index()?);
        let read = before.into_iter().chain([Arc::clone(&index)]).collect();
        *self.memory() = Memory { read, looked_up: None };
        Ok(index)
    }

    /// The objects from that number on; where it is known what was before, those that differ.
    fn page(
        &self,
        index: &Index<F::Header>,
        before: Option<&Index<F::Header>>,
        number: usize,
    ) -> Result<Batch, SourceError> {
        let is_same = |id: &SourceId, place: &Place| before.is_some_and(|b| b.has_same(id, place));
        let places = index.places.iter().enumerate().skip(number);
        let mut differing = places.filter(|(_, (id, place))| !is_same(id, place));
        let page: Vec<Place> = differing
            .by_ref()
            .take(self.settings.limits.page)
            .map(|(_, (_, place))| *place)
            .collect();
        let next = differing.next();
        let objects = self.objects(index, page)?.into_iter();
        let mut changes: Vec<Change> = objects.map(Change::Present).collect();
        let watermark = index.watermark.clone();
        let following = match (next, before) {
            (Some((next, _)), before) => {
                let before = before.map_or(NOTHING, |before| before.watermark.as_str());
                Following::More(format!("{} {before} {next}", watermark.as_str()))
            }
            (None, None) => Following::EndOfSnapshot(watermark),
            (None, Some(before)) => {
                let gone = before.places.iter().filter(|(id, _)| index.find(id).is_none());
                changes.extend(gone.map(|(id, _)| Change::Removed(id.clone())));
                Following::End(watermark)
            }
        };
        Ok(Batch::new(changes, following))
    }

    fn memory(&self) -> MutexGuard<'_, Memory<F::Header>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In the place of a watermark from which no difference is taken.
const NOTHING: &str = "-";

impl<H> Memory<H> {
    fn all(&self) -> impl Iterator<Item = &Arc<Index<H>>> {
        self.looked_up.iter().chain(self.read.iter().rev())
    }

    fn find(&self, watermark: &str) -> Option<Arc<Index<H>>> {
        self.all().find(|index| index.watermark.as_str() == watermark).cloned()
    }
}

impl<H> Default for Memory<H> {
    fn default() -> Self {
        Self { read: Vec::new(), looked_up: None }
    }
}

impl<F: Format> fmt::Debug for Files<F> {
    /// Says nothing about the people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files")
            .field("settings", &self.settings)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

impl From<FileError> for SourceError {
    fn from(error: FileError) -> Self {
        Self::new(error)
    }
}
