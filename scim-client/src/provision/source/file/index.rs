use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
    time::SystemTime,
};

use super::{FileError, FileFault, Files, Format, Row, Rows};
use crate::provision::source::{SourceId, SourceObject, Watermark};

/// Where each object of the files is, after everything in them was found good.
pub(super) struct Index<H> {
    pub(super) watermark: Watermark,
    pub(super) stamps: Vec<Stamp>,
    pub(super) places: Vec<(SourceId, Place)>,
    files: Vec<Head<H>>,
    numbers: HashMap<SourceId, usize>,
}

/// Where an object is, and what it was when it was found there.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) file: usize,
    pub(super) offset: u64,
    pub(super) line: u64,
    fingerprint: u64,
}

/// By what a file that has changed is known without reading it.
#[derive(Eq, PartialEq)]
pub(super) struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
}

/// What the rows of one file have in common.
pub(super) struct Head<H> {
    header: H,
    /// It has taken in the header, which changes the meaning of every row.
    hasher: DefaultHasher,
}

/// What a row says.
pub(in crate::provision::source) enum Content {
    /// An object.
    Object(serde_json::Map<String, serde_json::Value>),
    /// That so many objects were all.
    End(u64),
}

impl<H> Index<H> {
    /// The place of an object.
    pub(super) fn find(&self, id: &SourceId) -> Option<Place> {
        let number = self.numbers.get(id)?;
        self.places.get(*number).map(|(_, place)| *place)
    }

    /// Whether another index has the same object.
    pub(super) fn has_same(&self, id: &SourceId, place: &Place) -> bool {
        self.find(id).is_some_and(|mine| mine.fingerprint == place.fingerprint)
    }
}

impl Stamp {
    pub(super) fn of(path: &Path) -> Result<Self, FileError> {
        let metadata = path.metadata().map_err(|error| FileError::unreadable(path, error))?;
        Ok(Self { length: metadata.len(), modified: metadata.modified().ok() })
    }
}

/// The content of all files in a few bytes.
///
/// Another release of Rust may hash otherwise: everyone is read once more then.
struct Sum {
    hasher: DefaultHasher,
    bytes: u64,
}

impl Sum {
    fn add(&mut self, row: &Row<'_>) {
        row.bytes.hash(&mut self.hasher);
        self.bytes += u64::try_from(row.bytes.len()).unwrap_or_default();
    }

    fn watermark(&self) -> Watermark {
        Watermark::new(format!("{}-{:016x}", self.bytes, self.hasher.finish()))
    }
}

impl<F: Format> Files<F> {
    /// The watermark of the files as they are, without a look at what they say.
    pub(super) fn watermark(&self) -> Result<Watermark, FileError> {
        let mut sum = self.sum();
        for (path, kind) in &self.settings.files {
            kind.hash(&mut sum.hasher);
            let mut reader = self.format.reader();
            let mut rows = Rows::open(path, self.settings.limits.line)?;
            while let Some(row) = rows.next(&self.format, &mut reader)? {
                sum.add(&row);
            }
        }
        Ok(sum.watermark())
    }

    /// Reads everything once, and gives nothing unless all of it is good.
    pub(super) fn index(&self) -> Result<Index<F::Header>, FileError> {
        let mut index = Index {
            watermark: Watermark::new(""),
            stamps: self.stamps()?,
            places: Vec::new(),
            files: Vec::new(),
            numbers: HashMap::new(),
        };
        let mut sum = self.sum();
        for file in 0..self.settings.files.len() {
            self.index_file(file, &mut index, &mut sum)?;
        }
        self.check_unchanged(&index)?;
        index.watermark = sum.watermark();
        Ok(index)
    }

    fn index_file(
        &self,
        file: usize,
        index: &mut Index<F::Header>,
        sum: &mut Sum,
    ) -> Result<(), FileError> {
        let Some((path, kind)) = self.settings.files.get(file) else { return Ok(()) };
        kind.hash(&mut sum.hasher);
        let mut head = Head { header: F::Header::default(), hasher: DefaultHasher::new() };
        kind.hash(&mut head.hasher);
        let mut is_header = F::HAS_HEADER;
        let (mut found, mut has_ended) = (0, false);
        let mut reader = self.format.reader();
        let mut rows = Rows::open(path, self.settings.limits.line)?;
        while let Some(row) = rows.next(&self.format, &mut reader)? {
            sum.add(&row);
            let fault = |fault| FileError::of_line(path, row.line, fault);
            if has_ended {
                return Err(fault(FileFault::AfterEndMarker));
            }
            if std::mem::take(&mut is_header) {
                let header = self.format.header(&mut reader, row.bytes, &self.settings.fields);
                head.header = header.map_err(fault)?;
                row.bytes.hash(&mut head.hasher);
                continue;
            }
            match self.format.content(&mut reader, &head.header, row.bytes).map_err(fault)? {
                Content::End(told) if told == found => has_ended = true,
                Content::End(told) => return Err(fault(FileFault::WrongCount { found, told })),
                Content::Object(fields) => {
                    let object = self.settings.fields.object(fields, *kind).map_err(fault)?;
                    let place = head.place(file, &row);
                    self.put(index, object.id, place).map_err(fault)?;
                    found += 1;
                }
            }
        }
        if self.settings.needs_end_marker && !has_ended {
            return Err(FileError::of_file(path, FileFault::NoEndMarker));
        }
        index.files.push(head);
        Ok(())
    }

    fn put(
        &self,
        index: &mut Index<F::Header>,
        id: SourceId,
        place: Place,
    ) -> Result<(), FileFault> {
        let most = self.settings.limits.objects;
        if index.places.len() >= most {
            return Err(FileFault::TooMany(most));
        }
        if index.numbers.insert(id.clone(), index.places.len()).is_some() {
            return Err(FileFault::DuplicateId);
        }
        index.places.push((id, place));
        Ok(())
    }

    /// Reads objects whose places are known; each must be what it was.
    pub(super) fn objects(
        &self,
        index: &Index<F::Header>,
        places: impl IntoIterator<Item = Place>,
    ) -> Result<Vec<SourceObject>, FileError> {
        self.check_unchanged(index)?;
        let mut objects = Vec::new();
        let mut reader = self.format.reader();
        let mut open: Option<(usize, Rows<'_>)> = None;
        for place in places {
            let file = self.settings.files.get(place.file).zip(index.files.get(place.file));
            let Some(((path, kind), head)) = file else { continue };
            let rows = match &mut open {
                Some((file, rows)) if *file == place.file => rows,
                _ => {
                    let rows = Rows::open(path, self.settings.limits.line)?;
                    &mut open.insert((place.file, rows)).1
                }
            };
            rows.go_to(place.offset, place.line)?;
            let changed = || FileError::of_file(path, FileFault::Changed);
            let row = rows.next(&self.format, &mut reader)?.ok_or_else(changed)?;
            if head.place(place.file, &row).fingerprint != place.fingerprint {
                return Err(changed());
            }
            let fault = |fault| FileError::of_line(path, row.line, fault);
            let content =
                self.format.content(&mut reader, &head.header, row.bytes).map_err(fault)?;
            let Content::Object(fields) = content else { return Err(changed()) };
            objects.push(self.settings.fields.object(fields, *kind).map_err(fault)?);
        }
        Ok(objects)
    }

    /// Fails if a file is not what it was when the index was made.
    fn check_unchanged(&self, index: &Index<F::Header>) -> Result<(), FileError> {
        for ((path, _), stamp) in self.settings.files.iter().zip(&index.stamps) {
            if Stamp::of(path)? != *stamp {
                return Err(FileError::of_file(path, FileFault::Changed));
            }
        }
        Ok(())
    }

    pub(super) fn stamps(&self) -> Result<Vec<Stamp>, FileError> {
        self.settings.files.iter().map(|(path, _)| Stamp::of(path)).collect()
    }

    /// The settings count: by others the same rows say something else.
    fn sum(&self) -> Sum {
        let mut hasher = DefaultHasher::new();
        self.settings.fields.hash(&mut hasher);
        self.format.hash(&mut hasher);
        Sum { hasher, bytes: 0 }
    }
}

impl<H> Head<H> {
    fn place(&self, file: usize, row: &Row<'_>) -> Place {
        let mut hasher = self.hasher.clone();
        row.bytes.hash(&mut hasher);
        Place { file, offset: row.offset, line: row.line, fingerprint: hasher.finish() }
    }
}
