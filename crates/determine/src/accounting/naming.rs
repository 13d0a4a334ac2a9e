//! A source's word that a child is out of school, and what became of it.

use baoxue_claim::{
    ClaimId, InspectionFinding, Record, Source, Statement, SurveyFinding, TownCode, VerdictCode,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Outcome;
use crate::{Known, Thresholds};

/// Who called a child out of school, where and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Naming {
    /// The claim.
    pub claim: ClaimId,
    /// Who says it.
    pub source: Source,
    /// The town that sent it, for the lists of towns.
    pub town: Option<TownCode>,
    /// The school that sent it, for the lists of schools.
    pub school: Option<String>,
    /// The day it was seen or signed.
    pub on: NaiveDate,
}

impl Naming {
    /// Whether it is that town's own word.
    pub(super) fn is_of(&self, town: Option<TownCode>) -> bool {
        let own = matches!(self.source, Source::TownSurvey | Source::TownLedger);
        own && town.is_some() && (self.town == town || self.town.is_none())
    }
}

/// Whether a statement calls the child out of school: not absent for a while, but out.
pub fn names_out(what: &Statement) -> bool {
    match what {
        Statement::Ledger(_) | Statement::TipOff => true,
        Statement::Survey { finding } => matches!(
            finding,
            SurveyFinding::Out { .. }
                | SurveyFinding::NeverEnrolled
                | SurveyFinding::SuspensionLapsed
        ),
        Statement::Inspection { finding, .. } => {
            matches!(finding, InspectionFinding::Out | InspectionFinding::OutMissed)
        }
        Statement::Absence(row) => row.no_show && !row.returned,
        Statement::Registered
        | Statement::Enrolment(_)
        | Statement::Certificate(_)
        | Statement::Leave(_)
        | Statement::Deferral(_)
        | Statement::Departure(_)
        | Statement::Poverty { .. }
        | Statement::Disability { .. }
        | Statement::Aid(_)
        | Statement::HomeVisit(_)
        | Statement::HomePlan(_) => false,
    }
}

/// Every word up to the day that the child is out of school, or absent so many days; in order of day and claim.
pub(super) fn of(child: &Known<'_>, as_of: NaiveDate, thresholds: &Thresholds) -> Vec<Naming> {
    let long = |what: &Statement| {
        let Statement::Absence(row) = what else { return false };
        let days = row.days.is_some_and(|days| days >= thresholds.suspected_days);
        let school_days =
            row.school_days.is_some_and(|days| days >= thresholds.suspected_school_days);
        !row.returned && (days || school_days)
    };
    let mut named: Vec<Naming> = child
        .claims()
        .filter(|(_, _, claim)| claim.on <= as_of)
        .filter(|(_, _, claim)| names_out(&claim.what) || long(&claim.what))
        .map(|(claim, record, said)| naming(claim, record, said.on))
        .collect();
    named.sort_by_key(|naming| (naming.on, naming.claim));
    named
}

fn naming(claim: ClaimId, record: &Record, on: NaiveDate) -> Naming {
    let (town, school) = match record.source {
        Source::TownSurvey | Source::TownLedger => (record.town, None),
        Source::SchoolReport | Source::RollCall => (None, record.person.school.clone()),
        Source::PopulationRegister
        | Source::StudentRegistry
        | Source::PovertyRegister
        | Source::DisabilityRegister
        | Source::CivilAffairs
        | Source::Inspection
        | Source::TipOff
        | Source::Certificate
        | Source::Approval
        | Source::Departure
        | Source::AidPayment
        | Source::HomeTeachingLog
        | Source::SchoolDirectory
        | Source::OfficialsDirectory => (None, None),
    };
    Naming { claim, source: record.source, town, school, on }
}

/// What became of the word.
pub(super) fn outcome(child: &Known<'_>, by: &Naming) -> Outcome {
    let code = child.found.verdict.code;
    match code {
        VerdictCode::Dropout | VerdictCode::NeverEnrolled => Outcome::Right,
        VerdictCode::Suspected => Outcome::Suspected,
        VerdictCode::Conflict
        | VerdictCode::Unverified
        | VerdictCode::Missing
        | VerdictCode::OverageIncomplete => Outcome::Open,
        VerdictCode::EnrolledLocal
        | VerdictCode::EnrolledElsewhere
        | VerdictCode::HomeTeaching
        | VerdictCode::NotYetOfAge
        | VerdictCode::Completed
        | VerdictCode::Deferred
        | VerdictCode::Suspended
        | VerdictCode::Unable
        | VerdictCode::OtherArrangement
        | VerdictCode::Dead
        | VerdictCode::MovedOut
        | VerdictCode::Emigrated
        | VerdictCode::RegisterError => {
            if came_back(child, by.on) {
                Outcome::CameBack
            } else if matches!(by.source, Source::SchoolReport | Source::RollCall) {
                Outcome::Explained
            } else {
                Outcome::Wrong
            }
        }
    }
}

/// Whether somebody says that the child was out and has come back, on the day of the list or after it.
fn came_back(child: &Known<'_>, listed: NaiveDate) -> bool {
    child.claims().any(|(_, _, claim)| match &claim.what {
        Statement::Survey { finding: SurveyFinding::Returned } => claim.on >= listed,
        Statement::Absence(row) => row.returned && row.returned_on.unwrap_or(claim.on) >= listed,
        Statement::Survey { .. }
        | Statement::Registered
        | Statement::Enrolment(_)
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
        | Statement::HomePlan(_) => false,
    })
}
