//! Absences that run towards a threshold.

use baoxue_claim::{Absence, Record, Statement};
use chrono::{Days, NaiveDate};

use super::{Change, Finding};
use crate::{Child, Settings};

/// Every child whose last report says absent and not yet past the next threshold.
pub(super) fn follow(children: &[Child<'_>], settings: &Settings, findings: &mut Vec<Finding>) {
    for child in children {
        let Some((record, row)) = last_report(child, settings.as_of) else { continue };
        let Some(days) = row.days.or(row.school_days).filter(|_| !row.returned) else { continue };
        let Some((left, passes)) = next(days, row.until, settings) else { continue };
        if left > settings.monitor.absence_days {
            continue;
        }
        findings.push(Finding {
            change: Change::AbsenceRuns,
            child: child.id,
            on: row.until,
            due: Some(passes),
            overdue: passes <= settings.as_of,
            source: record.source,
            from: row.school.clone().or_else(|| record.person.school.clone()),
            to: Some(days.to_string()),
            record: record.id,
        });
    }
}

fn last_report<'a>(child: &Child<'a>, as_of: NaiveDate) -> Option<(&'a Record, &'a Absence)> {
    let rows = child.records.iter().flat_map(|record| {
        let record: &'a Record = record;
        record.claims.iter().filter_map(move |claim| match &claim.what {
            Statement::Absence(row) if row.until <= as_of => Some((record, row)),
            Statement::Absence(_)
            | Statement::Registered
            | Statement::Enrolment(_)
            | Statement::Survey { .. }
            | Statement::Ledger(_)
            | Statement::Inspection { .. }
            | Statement::TipOff
            | Statement::Certificate(_)
            | Statement::Leave(_)
            | Statement::Deferral(_)
            | Statement::Departure(_)
            | Statement::Poverty { .. }
            | Statement::Disability { .. }
            | Statement::Aid(_)
            | Statement::HomeVisit(_)
            | Statement::HomePlan(_) => None,
        })
    });
    rows.max_by_key(|(record, row)| (row.until, record.as_of, record.id))
}

/// Days from the report to the next threshold, and the day on which it is passed if the child stays away. Suspected is
/// reached with the last of its days, dropout after the last of its own.
fn next(days: u32, until: NaiveDate, settings: &Settings) -> Option<(u32, NaiveDate)> {
    let thresholds = &settings.thresholds;
    let reached = [thresholds.suspected_days, thresholds.dropout_days.saturating_add(1)];
    let threshold = reached.into_iter().find(|threshold| days < *threshold)?;
    let left = threshold - days;
    Some((left, until.checked_add_days(Days::new(u64::from(left)))?))
}
