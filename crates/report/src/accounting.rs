//! Row accounting: for every sheet of every file, rows = records + rejects + known + recognised non-data rows.

use baoxue_claim::Source;
use chrono::NaiveDate;

use crate::{Head, ReportError, Workbook, sheet::empty};

/// The count of one sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetCount {
    /// Name of the file.
    pub file: String,
    /// Name of the sheet; empty for csv.
    pub sheet: String,
    /// Whether the sheet is hidden in the workbook.
    pub hidden: bool,
    /// Who sent it; `None` when the file could not be used.
    pub source: Option<Source>,
    /// The day of the file.
    pub as_of: Option<NaiveDate>,
    /// Rows of the sheet.
    pub n_rows: u32,
    /// Rows that became records.
    pub n_records: u32,
    /// Rows set aside with a reason.
    pub n_rejects: u32,
    /// Rows that were in the store already.
    pub n_known: u32,
    /// Recognised non-data rows by kind, such as `("标题", 1)`.
    pub non_data: Vec<(String, u32)>,
    /// What happened to the file in a few words, such as `已导入`.
    pub outcome: String,
}

/// The accounting table, with a row of totals; `n_rows` counts sheets.
///
/// # Errors
/// [`ReportError`] when the writer refuses.
pub fn accounting(_items: &[SheetCount], head: &Head) -> Result<Workbook, ReportError> {
    empty("k", head.lang)
}
