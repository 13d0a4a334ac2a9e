//! The conflict list (数出多门): what each side says of the same child, in which file and row, and who must answer.

use chrono::NaiveDate;

use crate::{Evidence, Head, ReportError, Who, Workbook, sheet::empty};

/// One child about whom sources disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The child.
    pub who: Who,
    /// What they disagree about, such as `是否在校`.
    pub about: String,
    /// Both sides, or more; one row each.
    pub sides: Vec<Side>,
    /// The day by which the sides must answer.
    pub answer_by: Option<NaiveDate>,
}

/// One side of a disagreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// What it holds, in a word of the ledgers, such as `在校` or `辍学`.
    pub says: String,
    /// The claim with its words, file and row.
    pub evidence: Evidence,
    /// Who must answer for it: department, school or town.
    pub must_answer: Option<String>,
}

/// The conflict list: one row per side, the child's cells repeated, `n_rows` is the number of sides.
///
/// # Errors
/// [`ReportError`] when the table is longer than a sheet or the writer refuses.
pub fn conflict_list(_items: &[Disagreement], head: &Head) -> Result<Workbook, ReportError> {
    empty("d", head.lang)
}
