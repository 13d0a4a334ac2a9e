//! Records of a CSV file, one after the other, in bounded memory.
//!
//! Cells are separated by comma, semicolon or tab, whichever the heading has most; a cell in double quotes may hold
//! delimiters, line breaks and doubled quotes; lines end in LF, CR or both; empty lines are skipped.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memchr3};

use crate::{ReadError, ReadSeek, encoding::Text};

/// A record longer than this is taken for a quote that nobody closed.
const LONGEST_RECORD: usize = 64 << 20;

/// Reads records.
pub(crate) struct Reader {
    text: Text,
    file: String,
    delimiter: u8,
    buffer: String,
    /// Where the next record begins in `buffer`.
    at: usize,
    at_end: bool,
    /// The line of the next record.
    next_line: u64,
    /// The line of the current record.
    pub(crate) line: u64,
    record: Record,
}

/// Where the cells of a record are.
#[derive(Debug, Default)]
struct Record {
    cells: Vec<Cell>,
    /// Cells that do not stand in the text as they are.
    scratch: String,
}

#[derive(Debug)]
enum Cell {
    Text(Range<usize>),
    Scratch(Range<usize>),
}

/// What the beginning of a text is.
#[derive(Debug, PartialEq, Eq)]
enum Split {
    /// A record of so many bytes and lines.
    Record(usize, u64),
    /// An empty line of so many bytes.
    Empty(usize),
    /// Too little to tell.
    Partial,
    /// A quoted cell without end.
    OpenQuote,
}

impl Reader {
    /// Begins a file; the first record is the heading.
    pub(crate) fn open(
        content: Box<dyn ReadSeek>,
        file: &str,
        block_bytes: usize,
    ) -> Result<Self, ReadError> {
        let mut reader = Self {
            text: Text::open(content, file, block_bytes)?,
            file: file.to_owned(),
            delimiter: b',',
            buffer: String::new(),
            at: 0,
            at_end: false,
            next_line: 1,
            line: 0,
            record: Record::default(),
        };
        while !reader.at_end && heading_end(&reader.buffer).is_none() {
            reader.fill()?;
        }
        reader.delimiter = delimiter(&reader.buffer);
        Ok(reader)
    }

    /// Goes to the next record; `false` at the end of the file.
    pub(crate) fn next(&mut self) -> Result<bool, ReadError> {
        loop {
            let text = &self.buffer[self.at..];
            match self.record.split(text, self.delimiter, self.at_end) {
                Split::Record(n_bytes, n_lines) => {
                    self.record.moved(self.at);
                    self.at += n_bytes;
                    self.line = self.next_line;
                    self.next_line += n_lines;
                    return Ok(n_bytes > 0);
                }
                Split::Empty(n_bytes) => {
                    self.at += n_bytes;
                    self.next_line += 1;
                }
                Split::Partial if text.len() <= LONGEST_RECORD => self.fill()?,
                Split::Partial | Split::OpenQuote => {
                    let line = self.next_line;
                    return Err(ReadError::OpenQuote { file: self.file.clone(), line });
                }
            }
        }
    }

    /// How many cells the record has.
    pub(crate) fn n_cells(&self) -> usize {
        self.record.cells.len()
    }

    /// A cell of the record, empty when there is none.
    pub(crate) fn cell(&self, at: usize) -> &str {
        match self.record.cells.get(at) {
            Some(Cell::Text(range)) => &self.buffer[range.clone()],
            Some(Cell::Scratch(range)) => &self.record.scratch[range.clone()],
            None => "",
        }
    }

    /// Drops what was read and adds as much as stays, so that a long record is looked through a few times only.
    fn fill(&mut self) -> Result<(), ReadError> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let wanted = self.buffer.len() * 2;
        loop {
            let line = self.next_line + memchr_iter(b'\n', self.buffer.as_bytes()).count() as u64;
            self.at_end = !self.text.more(&mut self.buffer, line)?;
            if self.at_end || self.buffer.len() > wanted {
                return Ok(());
            }
        }
    }
}

impl Record {
    /// Finds the cells of the record that `text` begins with; `whole` when nothing follows.
    fn split(&mut self, text: &str, delimiter: u8, whole: bool) -> Split {
        self.cells.clear();
        self.scratch.clear();
        let bytes = text.as_bytes();
        if let Some(b'\n' | b'\r') = bytes.first() {
            let n_bytes = line_break(bytes, 0);
            return if bytes == b"\r" && !whole { Split::Partial } else { Split::Empty(n_bytes) };
        }
        let (mut at, mut n_lines) = (0, 1);
        loop {
            let end = if bytes.get(at) == Some(&b'"') {
                match self.quoted(text, at, delimiter, whole) {
                    Ok((end, n_breaks)) => {
                        n_lines += n_breaks;
                        end
                    }
                    Err(split) => return split,
                }
            } else {
                let Some(end) = cell_end(bytes, at, delimiter, whole) else {
                    return Split::Partial;
                };
                self.cells.push(Cell::Text(at..end));
                end
            };
            match bytes.get(end) {
                None if bytes.is_empty() && !whole => return Split::Partial,
                None => return Split::Record(end, n_lines),
                Some(byte) if *byte == delimiter => at = end + 1,
                Some(_) => {
                    // A line feed may follow the carriage return in the next block.
                    if !whole && bytes[end] == b'\r' && end + 1 == bytes.len() {
                        return Split::Partial;
                    }
                    return Split::Record(end + line_break(bytes, end), n_lines);
                }
            }
        }
    }

    /// The quoted cell at `at`: where it ends, and the line breaks in it.
    fn quoted(
        &mut self,
        text: &str,
        at: usize,
        delimiter: u8,
        whole: bool,
    ) -> Result<(usize, u64), Split> {
        let bytes = text.as_bytes();
        let from = self.scratch.len();
        let mut part = at + 1;
        loop {
            let Some(quote) = memchr(b'"', &bytes[part..]).map(|n| part + n) else {
                return Err(if whole { Split::OpenQuote } else { Split::Partial });
            };
            match bytes.get(quote + 1) {
                Some(b'"') => {
                    self.scratch.push_str(&text[part..=quote]);
                    part = quote + 2;
                }
                None if !whole => return Err(Split::Partial),
                Some(_) | None => {
                    // What follows the closing quote belongs to the cell.
                    let end = cell_end(bytes, quote + 1, delimiter, whole).ok_or(Split::Partial)?;
                    let n_breaks = memchr_iter(b'\n', &bytes[at..quote]).count() as u64;
                    if part == at + 1 && end == quote + 1 {
                        self.cells.push(Cell::Text(part..quote));
                    } else {
                        self.scratch.push_str(&text[part..quote]);
                        self.scratch.push_str(&text[quote + 1..end]);
                        self.cells.push(Cell::Scratch(from..self.scratch.len()));
                    }
                    return Ok((end, n_breaks));
                }
            }
        }
    }

    /// The record's text begins at `by` of the buffer.
    fn moved(&mut self, by: usize) {
        for cell in &mut self.cells {
            if let Cell::Text(range) = cell {
                *range = range.start + by..range.end + by;
            }
        }
    }
}

/// Where the unquoted text from `at` on ends.
fn cell_end(bytes: &[u8], at: usize, delimiter: u8, whole: bool) -> Option<usize> {
    match memchr3(delimiter, b'\n', b'\r', &bytes[at..]) {
        Some(n) => Some(at + n),
        None => whole.then_some(bytes.len()),
    }
}

/// Bytes of the line break at `at`.
fn line_break(bytes: &[u8], at: usize) -> usize {
    if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') { 2 } else { 1 }
}

/// Where the first line that is not empty ends, `None` when it is not all there.
fn heading_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let start = bytes.iter().position(|byte| !b"\r\n".contains(byte))?;
    let mut at = start;
    let mut in_quotes = false;
    while let Some(n) = memchr3(b'"', b'\n', b'\r', &bytes[at..]) {
        match bytes[at + n] {
            b'"' => in_quotes = !in_quotes,
            _ if !in_quotes => return Some(at + n),
            _ => {}
        }
        at += n + 1;
    }
    (text.len() > LONGEST_RECORD).then_some(text.len())
}

/// The delimiter that the heading has most outside quotes.
fn delimiter(text: &str) -> u8 {
    let heading = &text[..heading_end(text).unwrap_or(text.len())];
    let n_outside = |delimiter: u8| {
        let (mut at, mut n) = (0, 0_usize);
        let bytes = heading.as_bytes();
        while let Some(found) = memchr2(b'"', delimiter, &bytes[at..]) {
            at += found + 1;
            if bytes[at - 1] == delimiter {
                n += 1;
            } else {
                at += memchr(b'"', &bytes[at..]).map_or(bytes.len() - at, |end| end + 1);
            }
        }
        n
    };
    // Of equally many the last is taken, so the comma stands last.
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| n_outside(*delimiter)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn records(bytes: &[u8], block_bytes: usize) -> Result<Vec<Vec<String>>, ReadError> {
        let mut reader = Reader::open(Box::new(Cursor::new(bytes.to_vec())), "a.csv", block_bytes)?;
        let mut records = Vec::new();
        while reader.next()? {
            records.push((0..reader.n_cells()).map(|at| reader.cell(at).to_owned()).collect());
        }
        Ok(records)
    }

    fn reference(bytes: &[u8]) -> Vec<Vec<String>> {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let record = |record: csv::Result<csv::StringRecord>| {
            record.unwrap().iter().map(str::to_owned).collect()
        };
        reader.records().map(record).collect()
    }

    #[test]
    fn the_three_delimiters_are_told_by_the_heading() {
        for text in ["a,b\n1;,2", "a;b\n1;,2", "a\tb\n1;,2", "\"a;;;\",b\n1,2"] {
            assert_eq!(records(text.as_bytes(), 16).unwrap()[0].len(), 2, "{text}");
        }
    }

    #[test]
    fn a_quote_without_end_names_its_line() {
        let error = records(b"a,b\n1,2\n3,\"4\n5,6\n", 16).unwrap_err();
        assert_eq!(error, ReadError::OpenQuote { file: "a.csv".to_owned(), line: 3 });
    }

    #[test]
    fn each_encoding_reads_the_same() {
        let text = "编号,姓名\n1,张三\n2,\"李,四\"\n";
        let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
        let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
        let (le, be): (Vec<u8>, Vec<u8>) = (utf16(u16::to_le_bytes), utf16(u16::to_be_bytes));
        let forms = [
            text.as_bytes().to_vec(),
            marked(&[0xef, 0xbb, 0xbf], text.as_bytes().to_vec()),
            encoding_rs::GB18030.encode(text).0.into_owned(),
            marked(&[0xff, 0xfe], le.clone()),
            marked(&[0xfe, 0xff], be.clone()),
            le,
            be,
        ];
        for form in forms {
            let read = records(&form, 16).unwrap();
            assert_eq!(read, [["编号", "姓名"], ["1", "张三"], ["2", "李,四"]]);
        }
    }

    #[test]
    fn damaged_text_names_its_line() {
        let mut bytes = "编号,姓名\n1,张三丰李四光王五王五\n2,".as_bytes().to_vec();
        bytes.extend([0xff, b'\n']);
        let ReadError::Encoding { line, encoding, .. } = records(&bytes, 16).unwrap_err() else {
            panic!("another error")
        };
        assert_eq!((line, encoding), (3, "UTF-8"));
    }

    proptest! {
        #[test]
        fn what_a_writer_writes_is_read_back(
            rows in prop::collection::vec(prop::collection::vec("[a张,;\t\"\r\n ]{0,4}", 2), 1..6),
            block_bytes in 16_usize..40,
        ) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(["x", "y"]).unwrap();
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let read = records(&bytes, block_bytes).unwrap();
            prop_assert_eq!(&read[1..], &rows[..]);
        }

        #[test]
        fn any_text_is_read_as_the_reference_reads_it(
            text in "[ab张,\"\r\n]{0,24}",
            block_bytes in 16_usize..40,
        ) {
            match records(text.as_bytes(), block_bytes) {
                Ok(read) => prop_assert_eq!(read, reference(text.as_bytes())),
                Err(error) => prop_assert!(matches!(error, ReadError::OpenQuote { .. }), "{}", error),
            }
        }

        #[test]
        fn any_bytes_end_in_records_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = records(&bytes, 16);
        }
    }
}
