//! Children who left a registry: has anybody seen them arrive?

use baoxue_claim::{Enrolment, EnrolmentStatus, Record, RecordId, Statement, SurveyFinding};
use chrono::{Days, NaiveDate};

use super::{Change, Finding};
use crate::{Child, Settings};

/// Every child whose last word in the registry is a transfer, and whom nothing shows at another school since.
pub(super) fn follow(children: &[Child<'_>], settings: &Settings, findings: &mut Vec<Finding>) {
    for child in children {
        let Some((record, row, left)) = transfer(child, settings.as_of) else { continue };
        if arrived(child, left, settings.as_of) {
            continue;
        }
        let days = Days::new(u64::from(settings.monitor.transfer_days));
        let Some(due) = left.checked_add_days(days) else { continue };
        let to = row.transfer.as_ref().and_then(|transfer| transfer.school.clone());
        findings.push(Finding {
            change: Change::NotArrived,
            child: child.id,
            on: left,
            due: Some(due),
            overdue: due < settings.as_of,
            source: record.source,
            from: Some(row.school.clone()),
            to,
            record: record.id,
        });
    }
}

/// The last transfer, when no row of the registry says that the child is on a roll now.
fn transfer<'a>(
    child: &Child<'a>,
    as_of: NaiveDate,
) -> Option<(&'a Record, &'a Enrolment, NaiveDate)> {
    let mut last: Option<(NaiveDate, RecordId, &'a Record, &'a Enrolment)> = None;
    for &record in &child.records {
        for claim in record.claims.iter().filter(|claim| claim.on <= as_of) {
            let Statement::Enrolment(row) = &claim.what else { continue };
            match row.status {
                EnrolmentStatus::TransferredOut => {
                    let on = row.transfer.as_ref().and_then(|t| t.on).unwrap_or(claim.on);
                    if last.is_none_or(|(day, id, ..)| (day, id) < (on, record.id)) {
                        last = Some((on, record.id, record, row));
                    }
                }
                EnrolmentStatus::Attending | EnrolmentStatus::Suspended => {
                    if !child.superseded.contains_key(&record.id) {
                        return None;
                    }
                }
                EnrolmentStatus::Graduated
                | EnrolmentStatus::Dead
                | EnrolmentStatus::Abroad
                | EnrolmentStatus::Left
                | EnrolmentStatus::DroppedOut
                | EnrolmentStatus::Missing
                | EnrolmentStatus::Unclear => {}
            }
        }
    }
    last.filter(|(on, ..)| *on <= as_of).map(|(on, _, record, row)| (record, row, on))
}

/// Whether a school, a paper or a town has shown the child at a school on or after the day.
pub(super) fn arrived(child: &Child<'_>, left: NaiveDate, as_of: NaiveDate) -> bool {
    let claims = child.records.iter().flat_map(|record| &record.claims);
    claims.filter(|claim| left <= claim.on && claim.on <= as_of).any(|claim| match &claim.what {
        Statement::Certificate(_) | Statement::Departure(_) => true,
        Statement::Survey { finding } => matches!(
            finding,
            SurveyFinding::InSchool { .. }
                | SurveyFinding::InSchoolElsewhere { .. }
                | SurveyFinding::Returned
                | SurveyFinding::Graduated
                | SurveyFinding::Dead
                | SurveyFinding::Abroad
        ),
        Statement::Inspection { finding, .. } => matches!(
            finding,
            baoxue_claim::InspectionFinding::InSchool
                | baoxue_claim::InspectionFinding::InSchoolMisreported
        ),
        Statement::Registered
        | Statement::Enrolment(_)
        | Statement::Ledger(_)
        | Statement::Absence(_)
        | Statement::TipOff
        | Statement::Leave(_)
        | Statement::Deferral(_)
        | Statement::Poverty { .. }
        | Statement::Disability { .. }
        | Statement::Aid(_)
        | Statement::HomeVisit(_)
        | Statement::HomePlan(_) => false,
    })
}
