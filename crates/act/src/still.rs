//! 两条说法: a visit and what another source says otherwise of the same child. Nothing is merged and nothing is overwritten: whoever
//! recorded the visit is asked whether it still holds, and the answer is one more event.

use std::collections::BTreeMap;

use baoxue_claim::VerdictCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    Case, Event, Found, Noted, Visit, What,
    case::{Effective, corrections},
    event::words,
    refuse::is_same_person,
};

/// What a statement says of the child, as far as it can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// It goes to a school.
    InSchool,
    /// It does not; where it is, is not said.
    NotInSchool,
    /// It does not, and somebody knows where it is.
    Located,
    /// Nobody knows where it is.
    Untraced,
}

words!(Said {
    InSchool = "已到校", "in school";
    NotInSchool = "未到校", "not in school";
    Located = "找到人，未上学", "found, not in school";
    Untraced = "去向不明", "nobody knows where";
});

impl Said {
    /// What a visit or a department found; `None` when it could not find out.
    const fn of(found: Found) -> Option<Self> {
        match found {
            Found::InSchool | Found::InSchoolElsewhere => Some(Self::InSchool),
            Found::AtHome | Found::AtWork | Found::Ill => Some(Self::Located),
            Found::Away => Some(Self::Untraced),
            Found::NotFound => None,
        }
    }

    /// What a verdict says; `None` when it says nothing of where the child is, or that it need not be in school.
    const fn of_verdict(code: VerdictCode) -> Option<Self> {
        match code {
            VerdictCode::EnrolledLocal
            | VerdictCode::EnrolledElsewhere
            | VerdictCode::HomeTeaching => Some(Self::InSchool),
            VerdictCode::Suspected | VerdictCode::Dropout | VerdictCode::NeverEnrolled => {
                Some(Self::NotInSchool)
            }
            VerdictCode::Missing => Some(Self::Untraced),
            VerdictCode::NotYetOfAge
            | VerdictCode::Completed
            | VerdictCode::Deferred
            | VerdictCode::Suspended
            | VerdictCode::Unable
            | VerdictCode::OtherArrangement
            | VerdictCode::Dead
            | VerdictCode::MovedOut
            | VerdictCode::Emigrated
            | VerdictCode::RegisterError
            | VerdictCode::OverageIncomplete
            | VerdictCode::Conflict
            | VerdictCode::Unverified => None,
        }
    }

    /// Whether it cannot be true together with what a visit found. That somebody could not be met agrees with everything but
    /// being in school: then there is something to be learned.
    pub(crate) const fn contradicts(self, found: Found) -> bool {
        match found {
            Found::InSchool | Found::InSchoolElsewhere => !matches!(self, Self::InSchool),
            Found::AtHome | Found::AtWork | Found::Ill => {
                matches!(self, Self::InSchool | Self::Untraced)
            }
            Found::Away => matches!(self, Self::InSchool | Self::Located),
            Found::NotFound => matches!(self, Self::InSchool),
        }
    }
}

/// A visit about whose author is asked whether it still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The number of the visit among the events of the case, steps of ladders not counted.
    pub visit: u32,
    /// The number of the newest event of another that says otherwise.
    pub against: u32,
    /// What that says.
    pub said: Said,
}

/// Whose word a statement is: of each only the newest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Voice<'e> {
    School,
    Run,
    Inspectors,
    Department(u32),
    Visitor(&'e str),
}

/// What somebody says, and the last day for which.
#[derive(Clone, Copy)]
struct Statement<'e> {
    no: u32,
    by: &'e str,
    said: Said,
    until: NaiveDate,
}

/// What is to be asked in a case: of each person about the own newest visit, against the newest word of another that speaks of the
/// same day or a later one and says otherwise. What was answered is not asked again; a case that is over asks nothing.
pub fn questions(case: &Case, events: &[Event]) -> Vec<Question> {
    if case.over.is_some() || case.visits.is_empty() {
        return Vec::new();
    }
    let told = corrections(events);
    let mut newest: BTreeMap<Voice<'_>, Statement<'_>> = BTreeMap::new();
    for event in &told {
        match stated(event) {
            Some((voice, Some(statement))) => {
                newest.insert(voice, statement);
            }
            // Who knows nothing any more does not say what was said before.
            Some((voice, None)) => {
                newest.remove(&voice);
            }
            None => {}
        }
    }
    let visits = case.visits.iter().enumerate().filter(|(at, visit)| {
        let mut later = case.visits.iter().skip(at + 1);
        !later.any(|later| is_same_person(&later.by, &visit.by)) && case.holds(visit)
    });
    visits.filter_map(|(_, visit)| asked(case, visit, newest.values())).collect()
}

fn asked<'e>(
    case: &Case,
    visit: &Noted<Visit>,
    statements: impl Iterator<Item = &'e Statement<'e>>,
) -> Option<Question> {
    let against = statements
        .filter(|other| !is_same_person(other.by, &visit.by))
        .filter(|other| other.until >= visit.what.on && other.said.contradicts(visit.what.found))
        .max_by_key(|other| other.no)?;
    // What was answered to a statement that was struck out since does not answer an older one.
    let is_answered = case
        .answers()
        .any(|answer| answer.what.visit == visit.no && answer.what.against >= against.no);
    let question = Question { visit: visit.no, against: against.no, said: against.said };
    (!is_answered).then_some(question)
}

/// What an event says of where the child is: nothing, when it is none that could say it. A return and an absence last until
/// somebody says otherwise: they speak of the day on which they were recorded, too.
fn stated<'e>(event: &Effective<'e>) -> Option<(Voice<'e>, Option<Statement<'e>>)> {
    let recorded = event.at.date();
    let (voice, said, until) = match event.what {
        What::Returned(back) => (Voice::School, Some(Said::InSchool), back.on.max(recorded)),
        What::Missed { .. } => (Voice::School, Some(Said::NotInSchool), recorded),
        What::Visited(visit) => (Voice::Visitor(event.by), Said::of(visit.found), visit.on),
        What::Judged(judged) => (Voice::Run, Said::of_verdict(judged.code), judged.on),
        What::Inspected(found) => {
            let said = if found.out { Said::NotInSchool } else { Said::InSchool };
            (Voice::Inspectors, Some(said), found.on)
        }
        What::Answered { request, found, .. } => {
            (Voice::Department(*request), found.and_then(Said::of), recorded)
        }
        What::Opened(_)
        | What::Moved { .. }
        | What::Identified { .. }
        | What::Determined { .. }
        | What::OwnerNamed { .. }
        | What::HelperNamed { .. }
        | What::Reported { .. }
        | What::CauseFound { .. }
        | What::Drafted(_)
        | What::Issued(_)
        | What::Voided { .. }
        | What::Served(_)
        | What::Planned(_)
        | What::PlanReviewed(_)
        | What::Attached(_)
        | What::LegalStep { .. }
        | What::Asked(_)
        | What::RequestWithdrawn { .. }
        | What::Instructed { .. }
        | What::CarriedOut { .. }
        | What::Attended { .. }
        | What::Checked { .. }
        | What::TippedOff
        | What::Reconsidered(_)
        | What::Objected { .. }
        | What::ObjectionAnswered { .. }
        | What::OnLeave { .. }
        | What::TransferAsked { .. }
        | What::TransferAnswered { .. }
        | What::Climbed(_)
        | What::Noted { .. }
        | What::Corrected { .. }
        | What::ClosingProposed
        | What::Closed
        | What::Ended { .. } => return None,
    };
    let statement = said.map(|said| Statement { no: event.no, by: event.by, said, until });
    Some((voice, statement))
}
