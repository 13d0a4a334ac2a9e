//! One file on its way out: rows go in once, bytes come out, and the truth is told about each row.

mod csv;
mod ods;
mod xlsx;

pub(super) use self::xlsx::serial;

use chrono::NaiveDate;

use self::{csv::CsvText, ods::OdsText, xlsx::XlsxBook};
use super::county_error::CountyError;
use super::truth::Truth;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Xlsx,
    Ods,
    Csv(Encoding),
}

/// The bytes of a csv file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf8Bom,
    Gbk,
    Utf16Le,
}

impl Format {
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Ods => "ods",
            Self::Csv(_) => "csv",
        }
    }

    fn written_as(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Ods => "ods",
            Self::Csv(Encoding::Utf8) => "csv utf-8",
            Self::Csv(Encoding::Utf8Bom) => "csv utf-8-sig",
            Self::Csv(Encoding::Gbk) => "csv gbk",
            Self::Csv(Encoding::Utf16Le) => "csv utf-16",
        }
    }
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Blank,
    Text(String),
    Number(f64),
    /// A date as spreadsheets keep it; csv writes it out.
    Day(NaiveDate),
    /// A text over this many rows; the rows below have [`Cell::Covered`] there.
    Tall(String, u32),
    Covered,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Blank } else { Self::Text(text) }
    }

    pub(super) fn count(n: usize) -> Self {
        Self::Number(f64::from(u32::try_from(n).unwrap_or(u32::MAX)))
    }
}

/// What a row is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Row<'a> {
    Title,
    Note,
    Header,
    Total,
    Blank,
    Adult,
    School,
    Official,
    /// A child by index, with the tags of the row.
    Child(usize, &'a str),
}

impl Row<'_> {
    pub(super) fn entity(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Note => "note",
            Self::Header => "header",
            Self::Total => "total",
            Self::Blank => "blank",
            Self::Adult => "adult",
            Self::School => "school",
            Self::Official => "official",
            Self::Child(..) => "child",
        }
    }
}

/// A file that takes rows.
pub(super) struct Book<'t> {
    pub(super) file: String,
    format: Format,
    sheet: String,
    sheets: Vec<String>,
    next_row: u32,
    n_rows: u64,
    n_children: u64,
    out: Out,
    truth: &'t mut Truth,
}

enum Out {
    Xlsx(Box<XlsxBook>),
    Ods(OdsText),
    Csv(Box<CsvText>),
}

/// A finished file.
pub(super) struct Finished {
    pub(super) file: String,
    pub(super) bytes: Vec<u8>,
    pub(super) entry: super::FileEntry,
}

impl<'t> Book<'t> {
    /// A file whose name gets the extension of its format.
    pub(super) fn new(stem: &str, format: Format, truth: &'t mut Truth) -> Self {
        let out = match format {
            Format::Xlsx => Out::Xlsx(Box::new(XlsxBook::new(truth.as_of))),
            Format::Ods => Out::Ods(OdsText::default()),
            Format::Csv(encoding) => Out::Csv(Box::new(CsvText::new(encoding))),
        };
        Self {
            file: format!("{stem}.{}", format.extension()),
            format,
            sheet: String::new(),
            sheets: Vec::new(),
            next_row: 0,
            n_rows: 0,
            n_children: 0,
            out,
            truth,
        }
    }

    pub(super) fn is_csv(&self) -> bool {
        matches!(self.format, Format::Csv(_))
    }

    /// Begins a sheet of `n_columns`; a csv file has one without a name.
    pub(super) fn sheet(
        &mut self,
        name: &str,
        n_columns: usize,
        visible: Visible,
    ) -> Result<(), CountyError> {
        if self.is_csv() {
            self.sheets = vec![String::new()];
            return Ok(());
        }
        name.clone_into(&mut self.sheet);
        self.sheets.push(name.to_owned());
        self.next_row = 0;
        let n_columns = u16::try_from(n_columns).unwrap_or(1);
        match &mut self.out {
            Out::Xlsx(book) => book.sheet(name, n_columns, visible)?,
            Out::Ods(text) => text.sheet(name, visible),
            Out::Csv(_) => {}
        }
        Ok(())
    }

    /// One row of cells.
    pub(super) fn row(&mut self, what: Row<'_>, cells: &[Cell]) -> Result<(), CountyError> {
        let at = self.count(what)?;
        match &mut self.out {
            Out::Xlsx(book) => book.row(at, cells),
            Out::Ods(text) => {
                text.row(cells);
                Ok(())
            }
            Out::Csv(text) => text.row(cells),
        }
    }

    /// A line over the whole width: title, note, signature. In csv it is the first cell of a row.
    pub(super) fn line(&mut self, what: Row<'_>, text: &str) -> Result<(), CountyError> {
        let at = self.count(what)?;
        match &mut self.out {
            Out::Xlsx(book) => book.line(at, text),
            Out::Ods(out) => {
                out.row(&[Cell::text(text)]);
                Ok(())
            }
            Out::Csv(out) => out.row(&[Cell::text(text)]),
        }
    }

    /// The header row, whose columns are `(header, field)`; the field is empty where the truth has no name for it.
    pub(super) fn header(&mut self, columns: &[(&str, &str)]) -> Result<(), CountyError> {
        let row = self.next_row + 1;
        for (at, (header, field)) in columns.iter().enumerate() {
            self.truth.header((&self.file, &self.sheet), row, (at + 1, header, field))?;
        }
        let cells: Vec<Cell> = columns.iter().map(|(header, _)| Cell::text(*header)).collect();
        self.row(Row::Header, &cells)
    }

    /// Counts the row and tells the truth about it; the 0-based row.
    fn count(&mut self, what: Row<'_>) -> Result<u32, CountyError> {
        let at = self.next_row;
        self.next_row += 1;
        self.n_rows += u64::from(!matches!(what, Row::Blank));
        self.n_children += u64::from(matches!(what, Row::Child(..)));
        self.truth.row((&self.file, &self.sheet), at + 1, what)?;
        Ok(at)
    }

    pub(super) fn finish(self) -> Result<Finished, CountyError> {
        let bytes = match self.out {
            Out::Xlsx(book) => book.finish()?,
            Out::Ods(text) => text.finish()?,
            Out::Csv(text) => text.finish()?,
        };
        let entry = super::FileEntry {
            file: self.file.clone(),
            sheets: self.sheets,
            rows: self.n_rows,
            child_rows: self.n_children,
            written_as: self.format.written_as().to_owned(),
            bytes: bytes.len() as u64,
        };
        Ok(Finished { file: self.file, bytes, entry })
    }
}

/// Whether a sheet is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Visible {
    Shown,
    Hidden,
}
