//! When a long sheet is not worth reading: nearly no row of it tells who the child is.

use crate::{Level, Message, Outcome, Reject, Row};

/// Shorter sheets go back row by row.
const LONG: u64 = 20_000;

/// Percent of the rows that must be of no use.
const NEARLY_ALL: u64 = 90;

/// Counts the data rows of a sheet while they are read. A million rows that nobody can use would cost memory, time and a
/// workbook of rejects that nobody can mend; one message says the same.
#[derive(Debug, Default)]
pub(super) struct Tally {
    n_rows: u64,
    n_useless: u64,
    /// What was wrong with the first of them.
    first: Option<Reject>,
}

impl Tally {
    /// Counts the rejects of a sheet that was read.
    pub(super) fn of(rows: &[Row]) -> Self {
        let mut tally = Self::default();
        for row in rows {
            if let Outcome::Reject(reject) = &row.outcome {
                tally.rejected(reject);
            }
        }
        tally
    }

    /// Counts a row that enters; `useless` when it gives nothing but a name.
    pub(super) fn entered(&mut self, useless: bool) {
        self.n_rows += 1;
        self.n_useless += u64::from(useless);
    }

    /// Counts a row that goes back.
    pub(super) fn rejected(&mut self, reject: &Reject) {
        self.n_rows += 1;
        self.n_useless += 1;
        self.first.get_or_insert_with(|| reject.clone());
    }

    /// Why the sheet must go back whole, as far as it was read.
    pub(super) fn refusal(&self, sheet: &str) -> Option<Message> {
        let Self { n_rows, n_useless, first } = self;
        if *n_useless < LONG || n_useless * 100 < n_rows * NEARLY_ALL {
            return None;
        }
        let (zh, en) = first.as_ref().map_or(
            (
                "只有姓名，没有身份证号、出生日期、监护人、住址或学校",
                "nothing but names: no ID number, birth date, guardian, place or school",
            ),
            |reject| (reject.zh.as_str(), reject.en.as_str()),
        );
        Some(Message {
            level: Level::Error,
            sheet: sheet.to_owned(),
            row: None,
            column: None,
            code: "SHEET_USELESS".to_owned(),
            zh: format!(
                "读到的{n_rows}行里有{n_useless}行不能用，整个文件没有导入。原因如：{zh}。请改正后重新提交整个文件"
            ),
            en: format!(
                "{n_useless} of the {n_rows} rows read cannot be used, nothing of the file was taken in; for example: {en}. Mend it and send the whole file again"
            ),
        })
    }
}
