//! The town table: what each town reported, what of it is no dropout by policy, what the inspection found besides.

use crate::{Head, Lang, ReportError, Workbook, sheet::empty};

/// One town of the table. `None` in `reported` means that the town sent no report: blank in print, never 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TownLine {
    /// The town's name; `None` for children whose town is not known.
    pub town: Option<String>,
    /// Children that the town itself reported out of school (镇办上报).
    pub reported: Option<u32>,
    /// Of these, no dropouts by policy (按政策不属于辍学).
    pub not_dropout_by_policy: u32,
    /// Of these, mishandled: the policy's conditions had lapsed or were not met (政策落实不到位).
    pub mishandled_policy: u32,
    /// Of these, found by the inspection (督查发现).
    pub city_inspection: u32,
    /// Of these, without explanation (原因不明).
    pub unexplained: u32,
    /// All children of the town that are out of school by this system's verdict.
    pub out_of_school: u32,
    /// Of those, on nobody's list before (未上报).
    pub unreported: u32,
}

/// The town table with a row of totals; `n_rows` counts towns.
///
/// # Errors
/// [`ReportError`] when the writer refuses.
pub fn town_table(_rows: &[TownLine], head: &Head) -> Result<Workbook, ReportError> {
    empty("g", head.lang)
}

/// The town table for a terminal, columns aligned with Chinese characters two cells wide.
pub fn town_table_text(_rows: &[TownLine], _lang: Lang) -> String {
    String::new()
}
