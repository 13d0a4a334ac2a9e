//! Whether the student registry and the population register hold the children who ought to be in them.
//!
//! That a child stands in no registry says something only where the registry is whole. A county may have sent half of it,
//! or that of one school less: then the child is perhaps on the other half, and nobody is accused on that silence.

use std::collections::BTreeMap;

use baoxue_claim::{Record, Source, Statement, SurveyFinding, TownCode};

use serde::{Deserialize, Serialize};

use crate::{Child, Settings, facts::births_of};

/// So few missing children say nothing, however few there are in all.
const FEW: usize = 3;

/// With fewer children whom somebody says to be in school, the population register tells who ought to be on the registry.
const ENOUGH: usize = 20;

/// Percent of the children of any list that a population register holds at least.
///
/// Source: our proposal.
const HALF: usize = 50;

/// How many children of compulsory age ought to be in a register, and how many are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// Those who ought to be.
    pub expected: usize,
    /// Those of them who are.
    pub found: usize,
}

/// What the registers of the store hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// The student registry; `None` when there is none.
    pub registry: Option<Cover>,
    /// The population register, of the children who are in any other list; `None` when there is none.
    pub register: Option<Cover>,
    /// The student registry by the town whose survey or list speaks of the children.
    pub towns: BTreeMap<TownCode, Cover>,
    /// Percent from which a register is whole.
    percent: usize,
}

impl Cover {
    fn is_whole(self, percent: usize) -> bool {
        let missing = self.expected - self.found;
        missing <= FEW || self.found * 100 >= self.expected * percent
    }
}

impl Coverage {
    /// Counts the children. What a newer registry must have of an older one (`snapshot.full_percent`) is what it must have
    /// of the children whom others say to be in a school here.
    pub fn of(children: &[Child<'_>], settings: &Settings) -> Self {
        Tally::of(children, settings).coverage(settings)
    }

    /// Whether every child is judged the same by both: the counts may differ, what follows from them does not.
    pub(crate) fn judges_as(&self, other: &Self) -> bool {
        self.registry_is_whole() == other.registry_is_whole()
            && self.towns_not_covered() == other.towns_not_covered()
    }

    /// Whether the registry is there and whole.
    pub fn registry_is_whole(&self) -> bool {
        self.registry.is_some_and(|cover| cover.is_whole(self.percent))
    }

    /// Whether the population register is there and whole. Where many families have moved in it never holds all children, so
    /// half of them are enough.
    pub fn register_is_whole(&self) -> bool {
        self.register.is_some_and(|cover| cover.is_whole(HALF))
    }

    /// Towns of whose children the registry lacks too many.
    pub fn towns_not_covered(&self) -> Vec<TownCode> {
        let not = self.towns.iter().filter(|(_, cover)| !cover.is_whole(self.percent));
        not.map(|(town, _)| *town).collect()
    }

    /// Whether it says something that the child is not in the registry.
    pub(crate) fn covers(&self, child: &Child<'_>) -> bool {
        let whole =
            |town: &TownCode| self.towns.get(town).is_none_or(|cover| cover.is_whole(self.percent));
        self.registry_is_whole() && towns(child).iter().all(whole)
    }
}

/// What one child adds to the coverage: where it is the same for two states of a child, so is the coverage.
#[derive(Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four facts about a child, each counted by itself"
)]
pub(crate) struct Part {
    of_age: bool,
    registered: bool,
    enrolled: bool,
    in_school: bool,
    towns: Vec<TownCode>,
}

impl Part {
    pub(crate) fn of(child: &Child<'_>, settings: &Settings) -> Self {
        let birth = births_of(child, settings).chosen;
        Self {
            of_age: birth.and_then(|birth| settings.cohort().contains(birth)) == Some(true),
            registered: has(child, Source::PopulationRegister),
            enrolled: has(child, Source::StudentRegistry),
            in_school: is_in_school(child, settings),
            towns: towns(child),
        }
    }
}

/// The parts of all children, counted so that one can be taken out and another put in.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Children with a row of the population register, and of the student registry.
    n_registered: usize,
    n_enrolled: usize,
    /// Children of age in the population register.
    register: Cover,
    /// Those whom somebody says to be in school, in the student registry; and by town.
    in_school: Cover,
    towns: BTreeMap<TownCode, Cover>,
    /// Those in the population register, in the student registry.
    registered: Cover,
}

impl Tally {
    pub(crate) fn of(children: &[Child<'_>], settings: &Settings) -> Self {
        let mut tally = Self::default();
        for child in children {
            tally.step(&Part::of(child, settings), |n| *n += 1);
        }
        tally
    }

    /// One child's part in the place of another.
    pub(crate) fn change(&mut self, from: &Part, to: &Part) {
        self.step(from, |n| *n = n.saturating_sub(1));
        self.step(to, |n| *n += 1);
        self.towns.retain(|_, cover| cover.expected > 0);
    }

    fn step(&mut self, part: &Part, step: fn(&mut usize)) {
        let count = |cover: &mut Cover, found: bool| {
            step(&mut cover.expected);
            if found {
                step(&mut cover.found);
            }
        };
        if part.registered {
            step(&mut self.n_registered);
        }
        if part.enrolled {
            step(&mut self.n_enrolled);
        }
        if !part.of_age {
            return;
        }
        count(&mut self.register, part.registered);
        if part.registered {
            count(&mut self.registered, part.enrolled);
        }
        if part.in_school {
            count(&mut self.in_school, part.enrolled);
            for town in &part.towns {
                count(self.towns.entry(*town).or_default(), part.enrolled);
            }
        }
    }

    pub(crate) fn coverage(&self, settings: &Settings) -> Coverage {
        let is_there = self.n_enrolled > 0;
        let registry =
            if self.in_school.expected < ENOUGH { self.registered } else { self.in_school };
        Coverage {
            registry: is_there.then_some(registry),
            register: (self.n_registered > 0).then_some(self.register),
            towns: if is_there { self.towns.clone() } else { BTreeMap::new() },
            percent: usize::try_from(settings.snapshot.full_percent).unwrap_or(usize::MAX),
        }
    }
}

fn has(child: &Child<'_>, source: Source) -> bool {
    child.records.iter().chain(&child.maybe).any(|record| record.source == source)
}

/// The towns whose survey or list speaks of the child.
fn towns(child: &Child<'_>) -> Vec<TownCode> {
    let town_lists = [Source::TownSurvey, Source::TownLedger];
    let rows = child.records.iter().filter(|record| town_lists.contains(&record.source));
    let mut towns: Vec<TownCode> = rows.filter_map(|record| record.town).collect();
    towns.sort_unstable();
    towns.dedup();
    towns
}

/// Whether somebody says that the child is or was a pupil of a school here, and so belongs on the registry.
fn is_in_school(child: &Child<'_>, settings: &Settings) -> bool {
    let says = |record: &&Record| {
        record.claims.iter().filter(|claim| claim.on <= settings.as_of).any(|claim| {
            matches!(
                &claim.what,
                Statement::Absence(_)
                    | Statement::Survey {
                        finding: SurveyFinding::InSchool { .. } | SurveyFinding::Returned
                    }
            )
        })
    };
    child.records.iter().any(says)
}

#[cfg(test)]
mod tests {
    use baoxue_claim::{BatchId, Birth, ChildId, Claim, Origin, Person, RecordId};
    use chrono::NaiveDate;

    use super::*;
    use crate::{Files, Pack, determine};

    const TODAY: (i32, u32, u32) = (2019, 8, 25);

    fn day((y, m, d): (i32, u32, u32)) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn record(at: u32, source: Source, what: Statement) -> Record {
        let on = day(TODAY);
        Record {
            id: RecordId::new(BatchId(1), at),
            origin: Origin { file: "x".into(), sheet: "".into(), row: at },
            source,
            as_of: on,
            town: "610902003".parse().ok(),
            person: Person { birth: Some(Birth::Day(day((2009, 3, 5)))), ..Person::default() },
            claims: vec![Claim { what, on, words: None }],
            doubts: Vec::new(),
            review_only: None,
        }
    }

    fn enrolled() -> Statement {
        Statement::Enrolment(baoxue_claim::Enrolment {
            school: "东沟小学".to_owned(),
            grade: None,
            status: baoxue_claim::EnrolmentStatus::Attending,
            mode: None,
            transfer: None,
        })
    }

    /// Thirty pupils by the town's word, `n` of them on the registry, and a child that the town calls out of school.
    fn verdict_with(n: u32) -> String {
        let survey = |finding| Statement::Survey { finding };
        let pupil = SurveyFinding::InSchool { school: None, grade: None };
        let mut records = vec![
            record(0, Source::TownSurvey, survey(SurveyFinding::Out { cause: None })),
            record(1, Source::PopulationRegister, Statement::Registered),
        ];
        records
            .extend((1..=30).map(|at| record(at * 2, Source::TownSurvey, survey(pupil.clone()))));
        records.extend((1..=n).map(|at| record(at * 2 + 1, Source::StudentRegistry, enrolled())));
        let children: Vec<Child<'_>> = (0..=30u32)
            .map(|at| {
                let own = |r: &&Record| r.id.ordinal() / 2 == at;
                Child::new(ChildId(i64::from(at)), records.iter().filter(own).collect())
            })
            .collect();
        let settings = Settings::new(day(TODAY));
        let found = determine(&children, &Files::default(), &Pack::builtin(), &settings);
        format!("{} {}", found[0].verdict.code.code(), found[0].verdict.reason)
    }

    #[test]
    fn half_a_registry_makes_no_accusation() {
        assert_eq!(verdict_with(30), "NEVER_ENROLLED NEVER_ENROLLED");
        assert_eq!(verdict_with(24), "NEVER_ENROLLED NEVER_ENROLLED");
        assert_eq!(verdict_with(15), "UNVERIFIED REGISTRY_INCOMPLETE");
        assert_eq!(verdict_with(0), "UNVERIFIED REGISTRY_INCOMPLETE");
    }
}
