//! Forms that are no legal papers: records, plans and applications. They are printed from what is known, with blanks for the rest,
//! signed by hand, and put into the folder as a scan; so they have no number and nothing is frozen.

mod child;
mod filled;
mod household;
mod slip;

use std::ops::RangeInclusive;

use baoxue_act::{Case, Moment};
use baoxue_claim::{Birth, ChildId, VerdictCode};
use baoxue_determine::{
    Determined, Known,
    aid::{AidCase, aid_of},
};
use baoxue_paper::{Form, Sheet};

use super::Issuer;
use crate::{ChildPage, County, Roll, cases::Speaker, teaching::TeachingLog};

pub use household::{HouseholdMember, household_plan};
pub use slip::service_slip;

/// Years of age at which somebody may apply to defer an entry: schooling begins at six, where conditions lack at seven
/// (Compulsory Education Law art. 11), and a deferral may be asked for again.
const ENTRY_YEARS: RangeInclusive<u32> = 5..=8;

/// What such a form is about.
#[derive(Clone, Copy, Debug)]
pub struct OfChild<'a> {
    /// The child.
    pub page: &'a ChildPage,
    /// Its newest case.
    pub case: Option<&'a Case>,
    /// Its log of home teaching.
    pub teaching: Option<&'a TeachingLog>,
    /// Its aid of the term.
    pub aid: &'a [AidCase],
    /// The county.
    pub county: &'a County,
    /// The words of offices, in Chinese: papers are.
    pub speaker: Speaker<'a>,
    /// The moment of cases.
    pub now: Moment,
}

/// The aid of a child in the term.
pub fn child_aid(page: &ChildPage, roll: &Roll, county: &County) -> Vec<AidCase> {
    let found =
        Determined { profile: page.profile.clone(), verdict: page.explanation.verdict.clone() };
    let known = Known { records: page.records.iter().collect(), found: &found };
    aid_of(&known, &roll.aid_lists, &county.settings)
}

impl OfChild<'_> {
    /// The forms that can be printed of the child now, in the order of their numbers. Of a child in the neutral class there is none:
    /// a form would say why it is there.
    pub fn forms(&self) -> Vec<Form> {
        if self.page.entry.code == VerdictCode::OtherArrangement {
            return Vec::new();
        }
        let case = self.case;
        // A record of persuasion says that the child is out of school: only where evidence does.
        let persuaded = case.is_some_and(|case| case.accused.is_some() && case.attempts() > 0);
        let is_back = case.is_some_and(|case| case.returned.is_some() || case.seen_back.is_some());
        let is_enrolled = self.page.profile.in_student_registry || self.page.profile.on_live_roll;
        let forms = [
            (Form::PersuasionRecord, persuaded),
            (Form::ReturnRegistration, is_back),
            (Form::DeferralApplication, !is_enrolled && self.is_of_entry_age()),
            (Form::SuspensionApplication, is_enrolled && self.page.entry.of_age),
            (Form::ChildPlan, case.is_some_and(|case| case.plan().is_some())),
            (Form::HomeTeachingLog, self.teaching.is_some()),
        ];
        forms.into_iter().filter(|(_, is_there)| *is_there).map(|(form, _)| form).collect()
    }

    /// What every sheet says of its printing.
    fn frame(&self, issuer: &str, by: &str) -> Sheet {
        Sheet {
            issuer: issuer.to_owned(),
            case: self.case.map(|case| format!("k_{}", case.id.0)).unwrap_or_default(),
            printed_by: by.to_owned(),
            printed_at: Some(self.now),
            as_of: Some(self.county.settings.as_of),
            ..Sheet::default()
        }
    }

    /// Whether the child is of the age at which schooling begins, or near it: later nobody defers an entry.
    fn is_of_entry_age(&self) -> bool {
        let birth = self.page.profile.birth.and_then(Birth::day);
        let years = birth.and_then(|birth| self.now.date().years_since(birth));
        let code = self.page.entry.code;
        let is_here = !matches!(
            code,
            VerdictCode::Dead
                | VerdictCode::MovedOut
                | VerdictCode::Emigrated
                | VerdictCode::RegisterError
                | VerdictCode::EnrolledElsewhere
        );
        is_here && years.is_some_and(|years| ENTRY_YEARS.contains(&years))
    }

    fn child(&self) -> ChildId {
        self.page.entry.child
    }
}

/// The name with which the holder of a seat signs.
fn signs(holder: &baoxue_act::Holder, county: &County) -> String {
    Issuer::of(holder, county).name
}

/// Fen as an amount that people read.
fn yuan(fen: u32) -> String {
    let (whole, rest) = (fen / 100, fen % 100);
    if rest == 0 { format!("{whole}元") } else { format!("{whole}.{rest:02}元") }
}

/// What a child is entitled to and what it received, in words: policy, due, received.
pub(super) fn aid_rows(aid: &[AidCase]) -> Vec<[String; 3]> {
    use baoxue_determine::aid::{Standing, Title};
    let row = |case: &AidCase| {
        let due = match (case.title, case.due_fen) {
            (Title::Entitled, Some(fen)) => format!("应享 {}", yuan(fen)),
            (Title::Entitled, None) => "应享".to_owned(),
            (Title::Likely | Title::Unknown, _) => "待核".to_owned(),
            (Title::Not, _) => "不符合条件".to_owned(),
        };
        let received = if case.standing == Standing::NoList {
            "未收到发放名单".to_owned()
        } else if case.payments.is_empty() {
            "未见发放".to_owned()
        } else if case.received_fen == 0 {
            "已发放".to_owned()
        } else {
            yuan(case.received_fen)
        };
        [case.aid.zh().to_owned(), due, received]
    };
    aid.iter().map(row).collect()
}
