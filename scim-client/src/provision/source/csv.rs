use std::{
    collections::{BTreeMap, HashSet},
    io::{self, Cursor, Read},
    path::PathBuf,
};

use ::csv::{ErrorKind, Reader, ReaderBuilder, StringRecord, Terminator};
use async_trait::async_trait;
use serde_json::{Map, Value};

use super::{
    Batch, Fields, FileFault, FileLimits, IdentitySource, ObjectKind, Position, SourceError,
    SourceId, SourceObject,
    file::{Content, Files, Format},
};

/// A CSV file with a header that names the attributes, and a row for each object.
///
/// [`Fields`] tells which columns say more than a value. An empty cell is no value; the roles and
/// the members of a group are separated by `;`, and other columns hold several values if that is
/// said. The encoding is UTF-8, with a byte order mark or without.
///
/// The file must be whole: it ends with a line end, every row has the columns of the header, and
/// no identifier comes twice; otherwise the read fails with a [`FileError`](super::FileError), and
/// the cycle changes nothing. A file that was cut off at the end of a row looks whole. So let
/// whoever writes it end it with `#end,2`, where the number is that of the rows before without the
/// header, and ask for that [with a method](Self::with_end_marker); or write another file, and
/// rename it once it is whole.
///
/// Differences, other processes and the thread are as with [`JsonLines`](super::JsonLines).
///
/// ```
/// use scim_client::provision::source::{Change, Csv, Fields, IdentitySource, Position};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("people.csv");
/// std::fs::write(&path, "\
/// number,mail,otherMails,roles
/// 1,b@c.example,b@d.example|b@e.example,User
/// 2,c@c.example,,
/// #end,2
/// ")?;
/// let source = Csv::new(&path)
///     .with_fields(Fields::new().with_id("number").with_roles("roles"))
///     .with_list("otherMails", '|')
///     .with_end_marker();
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let batch = source.read(&Position::Start).await?;
/// let [Change::Present(first), Change::Present(second)] = &batch.changes[..] else {
///     panic!("there are two")
/// };
/// assert_eq!(first.attributes["otherMails"], serde_json::json!(["b@d.example", "b@e.example"]));
/// assert_eq!(first.roles.as_deref(), Some(&["User".to_owned()][..]));
/// assert_eq!((second.value("otherMails"), &second.roles), (None, &None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Csv(Files<Rows>);

#[derive(Debug, Hash)]
struct Rows {
    delimiter: u8,
    /// By what the values of a column are separated.
    lists: BTreeMap<String, char>,
}

/// The columns in the order of the file.
#[derive(Default)]
struct Header(Vec<Column>);

struct Column {
    name: String,
    separator: Option<char>,
}

/// What reads the rows of one file: a reader of that crate is too dear to be made for each row.
struct RowReader {
    quotes: Quotes,
    reader: Reader<Feed>,
    record: StringRecord,
}

/// One row at a time.
#[derive(Default)]
struct Feed(Cursor<Vec<u8>>);

/// Where a row stands that is not at its end.
#[derive(Clone, Copy, Default)]
enum Quotes {
    /// At the beginning of a field.
    #[default]
    Begin,
    /// In a field without quotation marks.
    Bare,
    /// In quotation marks.
    Quoted,
    /// After a quotation mark, which closes unless another one follows.
    Closing,
}

const SEPARATOR: char = ';';
const END: &str = "#end";

impl Csv {
    /// The file at that path; its objects are users unless they say it.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(Files::new(path.into(), Rows { delimiter: b',', lists: BTreeMap::new() }))
    }

    /// One more file, with a header of its own; its objects are groups unless they say it.
    #[must_use]
    pub fn with_groups(self, path: impl Into<PathBuf>) -> Self {
        let file = (path.into(), ObjectKind::Group);
        Self(self.0.with_settings(|settings| settings.files.push(file)))
    }

    /// Other names of the columns that say more than a value.
    #[must_use]
    pub fn with_fields(self, fields: Fields) -> Self {
        Self(self.0.with_settings(|settings| settings.fields = fields))
    }

    /// A column that holds several values with that character between them.
    #[must_use]
    pub fn with_list(self, column: impl Into<String>, separator: char) -> Self {
        let column = column.into();
        Self(self.0.with_format(|format| {
            format.lists.insert(column, separator);
        }))
    }

    /// Another character between the columns than the comma, if it is one of ASCII.
    #[must_use]
    pub fn with_delimiter(self, delimiter: u8) -> Self {
        Self(self.0.with_format(|format| format.delimiter = delimiter))
    }

    /// Takes a file for whole only if it ends with an end marker.
    ///
    /// A marker that is there must be right in any case.
    #[must_use]
    pub fn with_end_marker(self) -> Self {
        Self(self.0.with_settings(|settings| settings.needs_end_marker = true))
    }

    /// Other limits.
    #[must_use]
    pub fn with_limits(self, limits: FileLimits) -> Self {
        Self(self.0.with_settings(|settings| settings.limits = limits))
    }
}

#[async_trait]
impl IdentitySource for Csv {
    async fn read(&self, position: &Position) -> Result<Batch, SourceError> {
        self.0.read(position)
    }

    async fn get(&self, id: &SourceId) -> Result<Option<SourceObject>, SourceError> {
        self.0.get(id)
    }
}

impl Format for Rows {
    type Reader = RowReader;
    type Header = Header;
    const HAS_HEADER: bool = true;

    fn reader(&self) -> RowReader {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .terminator(Terminator::Any(b'\n'))
            .from_reader(Feed::default());
        RowReader { quotes: Quotes::default(), reader, record: StringRecord::new() }
    }

    fn is_whole(&self, reader: &mut RowReader, line: &[u8]) -> Result<bool, FileFault> {
        for byte in line {
            reader.quotes = reader.quotes.after(*byte, self.delimiter)?;
        }
        Ok(!matches!(reader.quotes, Quotes::Quoted))
    }

    fn header(
        &self,
        reader: &mut RowReader,
        row: &[u8],
        fields: &Fields,
    ) -> Result<Header, FileFault> {
        let mut header = Header::default();
        let mut names = HashSet::new();
        let record = reader.read(row)?;
        for (name, number) in record.iter().map(str::trim).zip(1..) {
            // The row may be one of a person, if the header is missing.
            if name.is_empty() || !names.insert(name) {
                return Err(FileFault::ColumnName(number));
            }
            let separator = match self.lists.get(name) {
                None if fields.lists().contains(&name) => Some(SEPARATOR),
                separator => separator.copied(),
            };
            header.0.push(Column { name: name.to_owned(), separator });
        }
        let mut required = fields.required().chain(self.lists.keys().map(String::as_str));
        match required.find(|name| !names.contains(name)) {
            Some(missing) => Err(FileFault::NoColumn(missing.to_owned())),
            None => Ok(header),
        }
    }

    fn content(
        &self,
        reader: &mut RowReader,
        Header(columns): &Header,
        row: &[u8],
    ) -> Result<Content, FileFault> {
        let record = reader.read(row)?;
        if let Some(told) = end(record) {
            return Ok(Content::End(told));
        }
        let (found, expected) = (record.len(), columns.len());
        if found != expected {
            return Err(FileFault::Columns { found, expected });
        }
        let cells = columns.iter().zip(record).filter(|(_, cell)| !cell.is_empty());
        let fields = cells.map(|(column, cell)| (column.name.clone(), column.value(cell)));
        Ok(Content::Object(fields.collect::<Map<_, _>>()))
    }
}

impl RowReader {
    fn read(&mut self, row: &[u8]) -> Result<&StringRecord, FileFault> {
        if row.is_empty() {
            // The reader would pass over it.
            self.record = StringRecord::from(vec![""]);
            return Ok(&self.record);
        }
        self.reader.get_mut().put(row);
        let begin = self.reader.position().byte();
        let is_read = self.reader.read_record(&mut self.record).map_err(|error| {
            let is_text = !matches!(error.kind(), ErrorKind::Utf8 { .. });
            if is_text { FileFault::Quotation } else { FileFault::NotUtf8 }
        })?;
        let read = self.reader.position().byte() - begin;
        // With its line end.
        if is_read && u64::try_from(row.len()).is_ok_and(|length| read == length + 1) {
            Ok(&self.record)
        } else {
            Err(FileFault::Quotation)
        }
    }
}

impl Feed {
    fn put(&mut self, row: &[u8]) {
        let mut bytes = std::mem::take(&mut self.0).into_inner();
        bytes.clear();
        bytes.extend_from_slice(row);
        bytes.push(b'\n');
        self.0 = Cursor::new(bytes);
    }
}

impl Read for Feed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Column {
    fn value(&self, cell: &str) -> Value {
        let Some(separator) = self.separator else { return Value::from(cell) };
        let values = cell.split(separator).map(str::trim).filter(|value| !value.is_empty());
        values.collect()
    }
}

impl Quotes {
    fn after(self, byte: u8, delimiter: u8) -> Result<Self, FileFault> {
        match (self, byte) {
            (Self::Quoted, b'"') => Ok(Self::Closing),
            (Self::Begin | Self::Closing, b'"') | (Self::Quoted, _) => Ok(Self::Quoted),
            (_, b'\n') => Ok(Self::Begin),
            (_, byte) if byte == delimiter => Ok(Self::Begin),
            (Self::Closing, b'\r') => Ok(Self::Closing),
            (Self::Bare, b'"') | (Self::Closing, _) => Err(FileFault::Quotation),
            (Self::Begin | Self::Bare, _) => Ok(Self::Bare),
        }
    }
}

/// How many rows there should be, if it is an end marker; a spreadsheet adds empty cells.
fn end(record: &StringRecord) -> Option<u64> {
    let mut cells = record.iter();
    let is_end = cells.next() == Some(END);
    let told = cells.next().filter(|_| is_end)?.trim().parse().ok()?;
    cells.all(str::is_empty).then_some(told)
}
