use std::{
    io,
    path::{Path, PathBuf},
};

/// A file that gives no people; whoever reads it changes nothing then.
///
/// It is the source of the [`SourceError`](super::super::SourceError), and names the file, the line
/// and at most a column by the name it has in the settings: never a value.
#[derive(Debug, thiserror::Error)]
#[error("{}: {fault}", self.place())]
pub struct FileError {
    path: PathBuf,
    line: Option<u64>,
    fault: FileFault,
    #[source]
    cause: Option<io::Error>,
}

/// What is wrong with a file.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FileFault {
    /// It cannot be opened or read.
    #[error("the file cannot be read")]
    Unreadable,
    /// It has changed while it was read.
    #[error("the file has changed while it was read")]
    Changed,
    /// It is empty, or ends within a line: somebody may still be writing it.
    #[error("the file does not end with a whole line")]
    CutOff,
    /// The end marker is missing: somebody may still be writing it.
    #[error("the end marker is missing")]
    NoEndMarker,
    /// The end marker tells another number of objects.
    #[error("there are {found} objects, and the end marker tells {told}")]
    WrongCount {
        /// How many there are.
        found: u64,
        /// How many there should be.
        told: u64,
    },
    /// Something follows the end marker.
    #[error("something follows the end marker")]
    AfterEndMarker,
    /// A line, or a row with all its lines, is longer than the limit.
    #[error("it is longer than {0} bytes")]
    TooLong(usize),
    /// There are more objects than the limit.
    #[error("there are more than {0} objects")]
    TooMany(usize),
    /// The bytes are not UTF-8.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// The line is not a JSON object.
    #[error("it is not a JSON object")]
    NotJson,
    /// There is a quotation mark where none may be.
    #[error("there is a quotation mark where none may be")]
    Quotation,
    /// A row has more columns than the header, or fewer.
    #[error("it has {found} columns, and the header has {expected}")]
    Columns {
        /// How many the row has.
        found: usize,
        /// How many the header has.
        expected: usize,
    },
    /// A column has no name, or one that another has; counted from 1.
    #[error("column {0} of the header has no name of its own")]
    ColumnName(usize),
    /// The header lacks a column of the settings.
    #[error("there is no column `{0}`")]
    NoColumn(String),
    /// There is no identifier, or none that is a text or a whole number.
    #[error("it has no identifier")]
    NoId,
    /// The identifier came before.
    #[error("the identifier came before")]
    DuplicateId,
    /// A field of the settings has a value without meaning.
    #[error("`{0}` has a value that means nothing")]
    Field(String),
}

impl FileError {
    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The line, counted from 1, on which the row begins; none if it is about the whole file.
    pub fn line(&self) -> Option<u64> {
        self.line
    }

    /// What is wrong.
    pub fn fault(&self) -> &FileFault {
        &self.fault
    }

    fn place(&self) -> String {
        let path = self.path.display();
        self.line.map_or_else(|| path.to_string(), |line| format!("{path}, line {line}"))
    }

    pub(super) fn of_file(path: &Path, fault: FileFault) -> Self {
        Self { path: path.to_owned(), line: None, fault, cause: None }
    }

    pub(super) fn of_line(path: &Path, line: u64, fault: FileFault) -> Self {
        Self { line: Some(line), ..Self::of_file(path, fault) }
    }

    pub(super) fn unreadable(path: &Path, cause: io::Error) -> Self {
        Self { cause: Some(cause), ..Self::of_file(path, FileFault::Unreadable) }
    }
}
