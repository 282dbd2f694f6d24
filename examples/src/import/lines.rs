use std::{
    collections::VecDeque,
    io::{self, Read},
};

/// A file that takes note of where its lines begin while it is read.
///
/// The CSV reader counts an empty line to the record after it, and with CRLF the LF as well, so
/// that its own numbers are too low.
#[derive(Debug)]
pub(super) struct Lines<R> {
    file: R,
    /// How many bytes were read.
    bytes: u64,
    /// The line that the next byte is on, counted from 1.
    line: u64,
    /// Whether that line is empty so far.
    is_empty: bool,
    /// The first bytes of lines that are not empty, and their numbers.
    begins: VecDeque<(u64, u64)>,
}

impl<R> Lines<R> {
    pub(super) fn new(file: R) -> Self {
        Self { file, bytes: 0, line: 1, is_empty: true, begins: VecDeque::new() }
    }

    /// The first line at that byte or after it that is not empty; those before are forgotten.
    pub(super) fn line_from(&mut self, byte: u64) -> u64 {
        while self.begins.pop_front_if(|(begin, _)| *begin < byte).is_some() {}
        self.begins.front().map_or(self.line, |(_, line)| *line)
    }

    fn pass(&mut self, byte: u8) {
        match byte {
            b'\n' => {
                self.line += 1;
                self.is_empty = true;
            }
            b'\r' => {}
            _ if self.is_empty => {
                self.begins.push_back((self.bytes, self.line));
                self.is_empty = false;
            }
            _ => {}
        }
        self.bytes += 1;
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        buffer.iter().take(read).for_each(|byte| self.pass(*byte));
        Ok(read)
    }
}
