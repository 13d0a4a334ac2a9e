//! What files tell beside their rows about children: who has reported for which month, and when they came.

use std::collections::BTreeMap;

use baoxue_claim::{BatchId, RecordId, Report, Statement};
use chrono::NaiveDate;

use crate::{Child, Settings};

/// What the files in the store tell beside their rows about children.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Who has reported absent pupils, zero reports included; in any order.
    pub reports: Vec<Report>,
    /// The day on which each file was received.
    pub received: BTreeMap<BatchId, NaiveDate>,
    /// Of files that came together with others, the first of them: none of them came later than another, whatever its name.
    pub together: BTreeMap<BatchId, BatchId>,
    /// Of rows that came again word for word, the last file that said so.
    pub repeated: BTreeMap<RecordId, BatchId>,
}

/// When a row was last said: the day its file was received and the number of the first file that came with it. What is
/// greater came later.
pub(crate) type Came = (Option<NaiveDate>, BatchId);

impl Files {
    /// When the row was last said.
    pub(crate) fn came(&self, record: RecordId) -> Came {
        let batch = self.repeated.get(&record).copied().unwrap_or_else(|| record.batch());
        let first = self.together.get(&batch).copied().unwrap_or(batch);
        (self.received.get(&batch).copied(), first)
    }

    /// These with the reports that the rows of the children are, without those of days to come.
    pub(crate) fn with_reports_of(&self, children: &[Child<'_>], settings: &Settings) -> Self {
        let mut reports: Vec<Report> =
            self.reports.iter().filter(|report| report.until <= settings.as_of).cloned().collect();
        for record in children.iter().flat_map(|child| &child.records) {
            let claims = record.claims.iter().filter(|claim| claim.on <= settings.as_of);
            reports.extend(claims.filter_map(|claim| {
                let Statement::Absence(row) = &claim.what else { return None };
                let (school, town) = (row.school.clone(), record.town);
                Some(Report { school, town, until: row.until, zero: false })
            }));
        }
        reports.sort();
        reports.dedup();
        Self { reports, ..self.clone() }
    }
}
