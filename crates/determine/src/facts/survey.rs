//! What the towns found at the door.

use std::collections::{BTreeMap, BTreeSet};

use baoxue_claim::{Cause, Statement, SurveyFinding, TownCode};
use chrono::{Months, NaiveDate};

use super::{Basis, Slot, Stance, TOO_EARLY, sealed::is_sealed};
use crate::{
    Child, Settings,
    evidence::{Evidence, Of},
    files::Came,
};

/// The latest findings of the towns.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts that rules name")]
pub(crate) struct Survey {
    pub(crate) any: bool,
    /// The word for the latest finding, one of [`WORDS`]; empty when there is none.
    pub(crate) says: &'static str,
    pub(crate) in_school: bool,
    pub(crate) out: bool,
    /// Two towns, or two rows of the same day, say opposite things.
    pub(crate) split: bool,
    pub(crate) names_school: bool,
    pub(crate) elsewhere_named: bool,
    pub(crate) refused_by_school: bool,
    pub(crate) registered_twice: bool,
    /// The town says out, and in its words that nobody teaches the child at home.
    pub(crate) denies_home_teaching: bool,
}

/// Words for findings, as rules write them.
pub(crate) const WORDS: &[&str] = &[
    "",
    "in_school",
    "elsewhere_named",
    "elsewhere_unnamed",
    "not_yet_of_age",
    "graduated",
    "out",
    "never_enrolled",
    "returned",
    "suspended",
    "suspension_lapsed",
    "ill",
    "disabled_at_home",
    "deferred",
    "home_teaching",
    "transferred",
    "away",
    "unreachable",
    "no_such_person",
    "registered_twice",
    "moved_away",
    "abroad",
    "dead",
    "silent",
    "unclear",
];

/// The word for a finding.
pub(crate) const fn word(finding: &SurveyFinding) -> &'static str {
    match finding {
        SurveyFinding::InSchool { .. } => "in_school",
        SurveyFinding::InSchoolElsewhere { .. } => "elsewhere_named",
        SurveyFinding::ElsewhereUnnamed => "elsewhere_unnamed",
        SurveyFinding::NotYetOfAge => "not_yet_of_age",
        SurveyFinding::Graduated => "graduated",
        SurveyFinding::Out { .. } => "out",
        SurveyFinding::NeverEnrolled => "never_enrolled",
        SurveyFinding::Returned => "returned",
        SurveyFinding::Suspended => "suspended",
        SurveyFinding::SuspensionLapsed => "suspension_lapsed",
        SurveyFinding::Ill => "ill",
        SurveyFinding::DisabledAtHome => "disabled_at_home",
        SurveyFinding::Deferred => "deferred",
        SurveyFinding::HomeTeaching => "home_teaching",
        SurveyFinding::Transferred => "transferred",
        SurveyFinding::Away => "away",
        SurveyFinding::Unreachable => "unreachable",
        SurveyFinding::NoSuchPerson => "no_such_person",
        SurveyFinding::RegisteredTwice => "registered_twice",
        SurveyFinding::MovedAway => "moved_away",
        SurveyFinding::Abroad => "abroad",
        SurveyFinding::Dead => "dead",
        SurveyFinding::Silent => "silent",
        SurveyFinding::Unclear => "unclear",
    }
}

/// What a finding says coarsely.
pub(crate) const fn stance(finding: &SurveyFinding) -> Stance {
    match finding {
        SurveyFinding::InSchool { .. } | SurveyFinding::Returned => Stance::InSchool,
        SurveyFinding::InSchoolElsewhere { .. } | SurveyFinding::ElsewhereUnnamed => {
            Stance::Elsewhere
        }
        SurveyFinding::Out { .. }
        | SurveyFinding::NeverEnrolled
        | SurveyFinding::SuspensionLapsed
        | SurveyFinding::DisabledAtHome => Stance::Out,
        SurveyFinding::NotYetOfAge => Stance::TooYoung,
        SurveyFinding::Graduated => Stance::Done,
        SurveyFinding::Suspended | SurveyFinding::Deferred | SurveyFinding::Ill => Stance::Excused,
        SurveyFinding::HomeTeaching => Stance::HomeTeaching,
        SurveyFinding::MovedAway | SurveyFinding::Abroad | SurveyFinding::Dead => Stance::Gone,
        SurveyFinding::NoSuchPerson | SurveyFinding::RegisteredTwice => Stance::NoSuchPerson,
        SurveyFinding::Transferred
        | SurveyFinding::Away
        | SurveyFinding::Unreachable
        | SurveyFinding::Silent
        | SurveyFinding::Unclear => Stance::Nothing,
    }
}

/// The cause that a finding states.
pub(crate) fn cause_in(finding: &SurveyFinding) -> Option<Cause> {
    match finding {
        SurveyFinding::Out { cause } => *cause,
        SurveyFinding::SuspensionLapsed => Some(Cause::SuspensionLapsed),
        SurveyFinding::DisabledAtHome => Some(Cause::Disability),
        SurveyFinding::Ill => Some(Cause::Illness),
        SurveyFinding::InSchool { .. }
        | SurveyFinding::InSchoolElsewhere { .. }
        | SurveyFinding::ElsewhereUnnamed
        | SurveyFinding::NotYetOfAge
        | SurveyFinding::Graduated
        | SurveyFinding::NeverEnrolled
        | SurveyFinding::Returned
        | SurveyFinding::Suspended
        | SurveyFinding::Deferred
        | SurveyFinding::HomeTeaching
        | SurveyFinding::Transferred
        | SurveyFinding::Away
        | SurveyFinding::Unreachable
        | SurveyFinding::NoSuchPerson
        | SurveyFinding::RegisteredTwice
        | SurveyFinding::MovedAway
        | SurveyFinding::Abroad
        | SurveyFinding::Dead
        | SurveyFinding::Silent
        | SurveyFinding::Unclear => None,
    }
}

type Found<'a> = Of<'a, SurveyFinding>;

/// What a row says coarsely. One that tells custody says no more than that: it is read with the neutral class.
fn said((item, finding): &Found<'_>) -> Stance {
    let stance = stance(finding);
    if stance == Stance::Out && is_sealed(item.claim) { Stance::Nothing } else { stance }
}

/// Reads the surveys: of each town the latest word. When towns say opposite things, the town where
/// the child lives is believed, if that is known and surveyed; else the finding is split.
pub(crate) fn read<'a>(
    child: &Child<'a>,
    evidence: &Evidence<'a>,
    (entry, settings): (Option<NaiveDate>, &Settings),
    basis: &mut Basis<'a>,
) -> Survey {
    let mut found = latest_by_town(child, evidence, entry, basis);
    let says =
        |found: &[Found<'a>], stance_is: Stance| found.iter().any(|found| said(found) == stance_is);
    if says(&found, Stance::InSchool) && says(&found, Stance::Out) {
        found = of_home_town(child, found);
    }
    let mut survey = Survey { any: !found.is_empty(), ..Survey::default() };
    survey.registered_twice =
        found.iter().all(|(_, f)| matches!(f, SurveyFinding::RegisteredTwice)) && survey.any;
    survey.split = says(&found, Stance::InSchool) && says(&found, Stance::Out);
    for row in &found {
        survey.take(row, settings, basis);
        basis.cite(Slot::Survey, said(row), row.0);
    }
    if survey.split {
        survey.in_school = false;
        survey.denies_home_teaching = false;
        survey.out = false;
    }
    survey.says = found.iter().max_by_key(|row| weight(row)).map_or("", word_of);
    survey
}

impl Survey {
    fn take(&mut self, row: &Found<'_>, settings: &Settings, basis: &mut Basis<'_>) {
        let (item, finding) = row;
        match said(row) {
            Stance::InSchool => self.in_school = true,
            Stance::Out => {
                self.out = true;
                self.denies_home_teaching |= speaks_of_teaching(row);
            }
            Stance::Elsewhere
            | Stance::Excused
            | Stance::HomeTeaching
            | Stance::TooYoung
            | Stance::Done
            | Stance::Gone
            | Stance::NoSuchPerson
            | Stance::Nothing => {}
        }
        if let SurveyFinding::InSchool { school: Some(_), .. } = finding {
            self.names_school = true;
        }
        if let SurveyFinding::InSchoolElsewhere { .. } = finding {
            let months = Months::new(settings.elsewhere_months);
            let end = item.claim.on.checked_add_months(months);
            basis.ends.named_school = basis.ends.named_school.max(end);
            self.elsewhere_named |= end.is_some_and(|end| settings.as_of <= end);
        }
        if let SurveyFinding::Out { cause } = finding {
            self.refused_by_school |=
                matches!(cause, Some(Cause::Migration | Cause::NoRegistration));
        }
    }
}

/// Whether the words of a finding are about teaching at home: that the child is disabled and at home denies none.
fn speaks_of_teaching((item, _): &Found<'_>) -> bool {
    const TEACHING: [&str; 6] = ["送教", "送学", "送课", "上门", "老师", "教师"];
    let words = item.claim.words.as_ref().map(baoxue_claim::Private::expose).unwrap_or_default();
    TEACHING.iter().any(|word| words.contains(word))
}

/// How much a finding weighs when one word must stand for several: what can be acted on first, then the latest.
fn weight(found: &Found<'_>) -> (bool, bool, NaiveDate) {
    let stance = said(found);
    (stance == Stance::Out, stance != Stance::Nothing, found.0.claim.on)
}

/// The word for a row. Of custody rules hear nothing but that a person must ask.
fn word_of(found: &Found<'_>) -> &'static str {
    let (_, finding) = found;
    if stance(finding) == said(found) { word(finding) } else { "unclear" }
}

/// Of each town its latest word: the rows of the latest day that say something, and of one day those that came last. Two
/// rows of one file, or of files that came together, stand side by side. Blank rows count only when there is nothing else,
/// and open words only where the town has not said out.
fn latest_by_town<'a>(
    child: &Child<'a>,
    evidence: &Evidence<'a>,
    entry: Option<NaiveDate>,
    basis: &mut Basis<'a>,
) -> Vec<Found<'a>> {
    let mut all: Vec<Found<'a>> = evidence.of(|claim| {
        let Statement::Survey { finding } = &claim.what else { return None };
        Some(finding)
    });
    drop_replaced(child, &mut all, basis);
    all.retain(|row| {
        let early = entry.is_some_and(|entry| row.0.claim.on <= entry);
        let counts = !early || said(row) != Stance::Out;
        if !counts {
            basis.refuse(row.0, TOO_EARLY);
        }
        counts
    });
    if all.len() < 2 {
        return all;
    }
    let out: BTreeSet<Option<TownCode>> = all
        .iter()
        .filter(|row| said(row) == Stance::Out)
        .map(|(item, _)| item.record.town)
        .collect();
    // Words that leave it open do not answer that a child is out; that it is in school they put in doubt.
    let speaks = |(item, finding): &Found<'_>| {
        let open = matches!(finding, SurveyFinding::Unclear);
        let answered = open && out.contains(&item.record.town);
        !answered && !matches!(finding, SurveyFinding::Silent)
    };
    let came = |(item, _): &Found<'_>| {
        let record = item.record.id;
        let came = child.files.map_or((None, record.batch()), |files| files.came(record));
        (item.claim.on, came)
    };
    let any_speaks = all.iter().any(speaks);
    let mut latest: BTreeMap<Option<TownCode>, (NaiveDate, Came)> = BTreeMap::new();
    for found in all.iter().filter(|found| speaks(found) || !any_speaks) {
        let last = latest.entry(found.0.record.town).or_insert_with(|| came(found));
        *last = (*last).max(came(found));
    }
    all.into_iter()
        .filter(|found| speaks(found) || !any_speaks)
        .filter(|found| latest.get(&found.0.record.town) == Some(&came(found)))
        .collect()
}

/// Leaves out that a child is at school where a newer survey of the town lacks the child. That it is out of school stands
/// until somebody answers it.
fn drop_replaced<'a>(child: &Child<'a>, all: &mut Vec<Found<'a>>, basis: &mut Basis<'a>) {
    let spoken: BTreeSet<(Option<TownCode>, NaiveDate)> =
        all.iter().map(|(item, _)| (item.record.town, item.record.as_of)).collect();
    all.retain(|(item, finding)| {
        let at_school = matches!(stance(finding), Stance::InSchool | Stance::Elsewhere);
        let Some(day) = child.superseded.get(&item.record.id).filter(|_| at_school) else {
            return true;
        };
        // Where the child is on the newer list, the newer word counts by itself.
        if !spoken.contains(&(item.record.town, *day)) {
            let held = item.record.as_of;
            let en = format!("on the survey of {held}, not on that of {day}");
            basis.refuse(*item, (format!("{held}的摸排有该生，{day}的摸排已没有"), en));
        }
        false
    });
}

/// The findings of the town where the child lives, when a record says where and that town has found something.
fn of_home_town<'a>(child: &Child<'a>, found: Vec<Found<'a>>) -> Vec<Found<'a>> {
    let mut homes: BTreeMap<TownCode, usize> = BTreeMap::new();
    for town in child.records.iter().filter_map(|record| record.person.lives_at.town) {
        *homes.entry(town).or_default() += 1;
    }
    let most = homes.values().max().copied();
    let mut best = homes.iter().filter(|(_, count)| Some(**count) == most).map(|(town, _)| *town);
    let (Some(home), None) = (best.next(), best.next()) else { return found };
    let there = |(item, _): &Found<'_>| item.record.town == Some(home);
    if !found.iter().any(there) {
        return found;
    }
    found.into_iter().filter(there).collect()
}
