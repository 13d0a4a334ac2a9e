//! What files tell beside their rows about children: who has reported for which month, and when they came.

use std::collections::{BTreeMap, BTreeSet};

use baoxue_claim::{BatchId, EnrolmentStatus, RecordId, Report, Statement, compact};
use chrono::NaiveDate;

use crate::{Child, Settings};

/// What the files in the store tell beside their rows about children.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Who has reported absent pupils, zero reports included; in any order.
    pub reports: Vec<Report>,
    /// The day on which each file was received.
    pub received: BTreeMap<BatchId, NaiveDate>,
    /// Of rows that came again word for word, the last file that said so.
    pub repeated: BTreeMap<RecordId, BatchId>,
    /// Schools whose roll is in the store, by their compact names. [`determine`](crate::determine) finds them among the
    /// children.
    pub rolls: BTreeSet<String>,
}

/// When a row was last said: the day its file was received and the number of the file. What is greater came later.
pub(crate) type Came = (Option<NaiveDate>, BatchId);

impl Files {
    /// When the row was last said.
    pub(crate) fn came(&self, record: RecordId) -> Came {
        let batch = self.repeated.get(&record).copied().unwrap_or_else(|| record.batch());
        (self.received.get(&batch).copied(), batch)
    }

    /// These with what the rows of the children tell of all: the reports that they are, without those of days to come, and
    /// the schools whose roll they are.
    pub(crate) fn with_rows_of(&self, children: &[Child<'_>], settings: &Settings) -> Self {
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
        let mut names: BTreeSet<&str> = BTreeSet::new();
        for record in children.iter().flat_map(|child| &child.records) {
            names.extend(record.claims.iter().filter_map(|claim| match &claim.what {
                Statement::Enrolment(row) if row.status == EnrolmentStatus::Attending => {
                    Some(row.school.as_str())
                }
                _ => None,
            }));
        }
        let rolls = names.into_iter().map(compact).collect();
        Self { reports, rolls, ..self.clone() }
    }
}
