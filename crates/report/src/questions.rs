//! What the program asks: columns and words whose meaning only the sender knows.

use crate::{Head, ReportError, Workbook, sheet::empty};

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Name of the file.
    pub file: String,
    /// Name of the sheet; empty for csv.
    pub sheet: String,
    /// The 1-based column, if it is about one.
    pub column: Option<u32>,
    /// The column's header as written.
    pub header: String,
    /// What is asked.
    pub asked: String,
    /// The possible answers, the likeliest first.
    pub options: Vec<String>,
    /// Rows that hang on the answer.
    pub n_rows: u32,
}

/// The list of questions.
///
/// # Errors
/// [`ReportError`] when the writer refuses.
pub fn questions(_items: &[Question], head: &Head) -> Result<Workbook, ReportError> {
    empty("j", head.lang)
}
