//! Lists as text: csv, and what Excel saves as "Unicode text" or under a wrong name.
//!
//! A record is a row, and a blank line is a record without fields, as in Python's csv module, so that row numbers mean
//! the same to everybody who counts them. Quoting follows RFC 4180; where a file breaks it, the loss stays in one row.

use super::{
    Cell, FileNote, Limits, OpenError, Workbook,
    encoding::{Decoded, decode, places_of, rows},
    grid::{Budget, Grid, Layout},
    notes::{self, RowNumbers},
};

/// A quoted field longer than this, the length of an Excel cell, is a quotation mark that nothing closes.
const LONGEST_FIELD: usize = 32_767;
/// Lines in one quoted field; more are rows swallowed by a stray quotation mark.
const MOST_LINES: usize = 64;
/// Records looked at to find the delimiter.
const SAMPLE: usize = 200;
const DELIMITERS: [char; 4] = ['|', ',', ';', '\t'];

/// Reads a text file as one sheet without a name.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, OpenError> {
    let mut decoded = decode(bytes);
    let nuls = take_nuls(&mut decoded);
    if decoded.text.trim().is_empty() {
        return Err(OpenError::Empty);
    }
    let delimiter = delimiter(&decoded.text);
    let mut budget = Budget::new(limits);
    let mut grid = Grid::new("");
    let mut records = Records::new(&decoded.text, delimiter);
    let mut first_lines = Vec::new();
    let mut row = 0;
    loop {
        let line = records.line;
        let mut column = 0;
        let more = records.next_record(|field| {
            let cell = Cell::Text(field.to_owned());
            let put = grid.put((row, column), cell, &mut budget);
            column += 1;
            put
        })?;
        if !more {
            break;
        }
        first_lines.push(line);
        row += 1;
    }
    let row_of = |line: usize| first_lines.partition_point(|first| *first <= line) as u64;
    let mut file_notes = decoded.notes(row_of)?;
    file_notes.extend(nuls.map(|(n, lines)| notes::nul_characters(n, &rows(&lines, row_of))));
    file_notes.extend(quote_note(&records.unpaired));
    Ok(Workbook { sheets: vec![grid.finish(Layout::default())], notes: file_notes })
}

fn take_nuls(decoded: &mut Decoded) -> Option<(u64, Vec<usize>)> {
    let found = places_of(&decoded.text, '\0');
    if found.0 == 0 {
        return None;
    }
    decoded.text.retain(|c| c != '\0');
    Some(found)
}

fn quote_note(rows: &[u64]) -> Option<FileNote> {
    (!rows.is_empty()).then(|| notes::unpaired_quotes(&RowNumbers(rows.to_vec())))
}

/// The character that cuts the most records into the same number of fields.
fn delimiter(text: &str) -> char {
    let score = |delimiter: char| {
        let mut records = Records::new(text, delimiter);
        let mut widths = Vec::new();
        while widths.len() < SAMPLE {
            let mut width = 0usize;
            let counted = records.next_record(|_| {
                width += 1;
                Ok(())
            });
            match counted {
                Ok(true) => widths.push(width),
                Ok(false) | Err(_) => break,
            }
        }
        widths.retain(|width| *width > 1);
        let same = |width: usize| widths.iter().filter(|w| **w == width).count();
        widths.iter().map(|width| (same(*width), *width)).max().unwrap_or_default()
    };
    // Commas also stand inside of text, so tabs and semicolons win a tie; `max_by_key` takes the last.
    let best = DELIMITERS.into_iter().max_by_key(|delimiter| score(*delimiter));
    best.filter(|delimiter| score(*delimiter).0 > 0).unwrap_or(',')
}

/// Cuts text into records and fields.
struct Records<'t> {
    text: &'t str,
    at: usize,
    delimiter: char,
    /// Line at which the next record starts, counted from 0.
    line: usize,
    /// How many were begun.
    begun: u64,
    /// Records with a quotation mark that nothing closes.
    unpaired: Vec<u64>,
    field: String,
}

impl<'t> Records<'t> {
    fn new(text: &'t str, delimiter: char) -> Self {
        Self {
            text,
            at: 0,
            delimiter,
            line: 0,
            begun: 0,
            unpaired: Vec::new(),
            field: String::new(),
        }
    }

    /// Reads one record, handing each field over; false at the end of the text.
    fn next_record(
        &mut self,
        mut take: impl FnMut(&str) -> Result<(), OpenError>,
    ) -> Result<bool, OpenError> {
        if self.at >= self.text.len() {
            return Ok(false);
        }
        self.begun += 1;
        if self.end_of_line() {
            return Ok(true);
        }
        loop {
            self.read_field();
            take(&self.field)?;
            if self.at >= self.text.len() || self.end_of_line() {
                return Ok(true);
            }
            self.at += self.delimiter.len_utf8();
        }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Steps over a line end: CRLF, LF or CR.
    fn end_of_line(&mut self) -> bool {
        let length = match self.rest().as_bytes() {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => return false,
        };
        self.line += usize::from(self.rest().as_bytes()[length - 1] == b'\n');
        self.at += length;
        true
    }

    /// Fills `field` and stops at the delimiter, at a line end or at the end.
    fn read_field(&mut self) {
        self.field.clear();
        if self.rest().starts_with('"') && !self.read_quoted() {
            self.unpaired.push(self.begun);
        }
        let (delimiter, rest) = (self.delimiter, self.rest());
        let plain = rest.find([delimiter, '\n', '\r']).unwrap_or(rest.len());
        self.field.push_str(&rest[..plain]);
        self.at += plain;
    }

    /// Reads a quoted field up to the character after its closing quotation mark. False, and nothing read, when it
    /// closes nowhere near; the mark is then a character like any other.
    fn read_quoted(&mut self) -> bool {
        let rest = &self.rest()[1..];
        let (mut from, mut n_lines) = (0, 0);
        while let Some(close) = rest[from..].find('"').map(|at| from + at) {
            n_lines += rest[from..close].matches('\n').count();
            if close > LONGEST_FIELD || n_lines > MOST_LINES {
                break;
            }
            self.field.push_str(&rest[from..close]);
            if !rest[close + 1..].starts_with('"') {
                self.at += close + 2;
                self.line += n_lines;
                return true;
            }
            self.field.push('"');
            from = close + 2;
        }
        self.field.clear();
        false
    }
}
