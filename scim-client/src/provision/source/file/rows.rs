use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use super::{FileError, FileFault, Format};

/// The rows of a file as they stand there, one after the other.
pub(super) struct Rows<'p> {
    path: &'p Path,
    file: BufReader<File>,
    most_bytes: usize,
    /// Where the next row begins.
    offset: u64,
    /// The line on which it begins, counted from 1.
    line: u64,
    row: Vec<u8>,
}

/// A row without its line end.
pub(super) struct Row<'r> {
    pub(super) offset: u64,
    pub(super) line: u64,
    pub(super) bytes: &'r [u8],
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const FIRST_LINE: u64 = 1;

impl<'p> Rows<'p> {
    pub(super) fn open(path: &'p Path, most_bytes: usize) -> Result<Self, FileError> {
        let open = || {
            let mut file = BufReader::new(File::open(path)?);
            let has_mark = file.fill_buf()?.starts_with(BYTE_ORDER_MARK);
            let mark = if has_mark { BYTE_ORDER_MARK.len() } else { 0 };
            file.consume(mark);
            Ok((file, mark))
        };
        let (file, mark) = open().map_err(|error| FileError::unreadable(path, error))?;
        let offset = u64::try_from(mark).unwrap_or_default();
        Ok(Self { path, file, most_bytes, offset, line: FIRST_LINE, row: Vec::new() })
    }

    /// Goes to where a row begins.
    pub(super) fn go_to(&mut self, offset: u64, line: u64) -> Result<(), FileError> {
        let forward = i128::from(offset) - i128::from(self.offset);
        let forward = i64::try_from(forward).map_err(io::Error::other);
        let gone = forward.and_then(|forward| self.file.seek_relative(forward));
        gone.map_err(|error| FileError::unreadable(self.path, error))?;
        (self.offset, self.line) = (offset, line);
        Ok(())
    }

    /// The next row; `None` at the end, which is good only after a whole line.
    pub(super) fn next<F: Format>(
        &mut self,
        format: &F,
        reader: &mut F::Reader,
    ) -> Result<Option<Row<'_>>, FileError> {
        let (offset, line) = (self.offset, self.line);
        let fault = |fault| FileError::of_line(self.path, line, fault);
        self.row.clear();
        loop {
            let begin = self.row.len();
            // The line end counts for nothing.
            let rest = (self.most_bytes.saturating_add(2)).saturating_sub(begin);
            let mut file = self.file.by_ref().take(u64::try_from(rest).unwrap_or(u64::MAX));
            let read = file.read_until(b'\n', &mut self.row);
            let read = read.map_err(|error| FileError::unreadable(self.path, error))?;
            if read == 0 && begin == 0 && line > FIRST_LINE {
                return Ok(None);
            }
            if rest == 0 || without_line_end(&self.row).len() > self.most_bytes {
                return Err(fault(FileFault::TooLong(self.most_bytes)));
            }
            if read == 0 || !self.row.ends_with(b"\n") {
                return Err(FileError::of_file(self.path, FileFault::CutOff));
            }
            self.line += 1;
            self.offset += u64::try_from(read).unwrap_or_default();
            let piece = self.row.get(begin..).unwrap_or_default();
            if format.is_whole(reader, piece).map_err(fault)? {
                break;
            }
        }
        Ok(Some(Row { offset, line, bytes: without_line_end(&self.row) }))
    }
}

fn without_line_end(row: &[u8]) -> &[u8] {
    let row = row.strip_suffix(b"\n").unwrap_or(row);
    row.strip_suffix(b"\r").unwrap_or(row)
}
