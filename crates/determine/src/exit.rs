//! 义务教育有保障: the one condition of the exit standard that is schooling's, for each household of the poverty register, rolled
//! up to village, town and county.
//!
//! Source: the exit standard of Shaanxi (2017), household item 3, "no dropout of compulsory age"; the lists of the later revision
//! that is called 576 were not found, so only this item is judged.

use std::collections::BTreeMap;

use baoxue_claim::{ChildId, Source, TownCode, VerdictCode};
use serde::{Deserialize, Serialize};

use crate::{InSchool, Known, Verdict, comparison::SumError};

/// Whether schooling is secured for a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secured {
    /// A child of compulsory age is out of school.
    No,
    /// None is known to be, and of at least one it is not known.
    Open,
    /// Every child of compulsory age is in school or lawfully not.
    Yes,
}

/// A household of the poverty register with a child of compulsory age.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    /// The town that answers for it.
    pub town: Option<TownCode>,
    /// Village.
    pub village: Option<String>,
    /// Its children of compulsory age with their status, ascending.
    pub children: Vec<(ChildId, VerdictCode)>,
    /// The condition.
    pub secured: Secured,
}

/// Households of a village, a town or the county; `households` = `secured` + `not_secured` + `open`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExitRow {
    /// The town; `None` where it is not known, and in the row of the county.
    pub town: Option<TownCode>,
    /// The village; `None` in the rows of towns and county.
    pub village: Option<String>,
    /// Households with a child of compulsory age.
    pub households: u32,
    /// Of these: the condition is met.
    pub secured: u32,
    /// Of these: it is not.
    pub not_secured: u32,
    /// Of these: it is not known.
    pub open: u32,
    /// Children of compulsory age in them.
    pub children: u32,
}

/// The households and their sums.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// The households, those that fail first.
    pub households: Vec<Household>,
    /// A row per village.
    pub villages: Vec<ExitRow>,
    /// A row per town.
    pub towns: Vec<ExitRow>,
    /// All of them.
    pub county: ExitRow,
}

/// Judges every household of the poverty register that has a child of compulsory age. Children without a household number
/// are a household of their own, so that none is lost.
///
/// # Errors
/// [`SumError`] when villages or towns do not add up to the county.
pub fn exit(children: &[Known<'_>]) -> Result<Exit, SumError> {
    let mut members: BTreeMap<(Option<TownCode>, String), Vec<&Known<'_>>> = BTreeMap::new();
    for child in children.iter().filter(|child| child.found.is_of_age()) {
        let poor = child.records.iter().filter(|r| r.source == Source::PovertyRegister);
        let Some(record) = poor.max_by_key(|record| (record.as_of, record.id)) else { continue };
        let profile = &child.found.profile;
        let number = record.person.household.as_ref().map(|number| number.expose().to_owned());
        let number = number.unwrap_or_else(|| profile.child.to_string());
        members.entry((profile.town, number)).or_default().push(child);
    }
    let mut found = Exit::default();
    let mut villages: BTreeMap<(Option<TownCode>, Option<String>), ExitRow> = BTreeMap::new();
    let mut towns: BTreeMap<Option<TownCode>, ExitRow> = BTreeMap::new();
    for ((town, _), members) in members {
        let household = household(town, &members);
        let place = (town, household.village.clone());
        villages.entry(place).or_default().count(&household);
        towns.entry(town).or_default().count(&household);
        found.county.count(&household);
        found.households.push(household);
    }
    found.households.sort_by(|a, b| {
        let order = |h: &Household| (h.secured, h.town, h.village.clone(), h.children.clone());
        order(a).cmp(&order(b))
    });
    found.villages = villages
        .into_iter()
        .map(|((town, village), row)| ExitRow { town, village, ..row })
        .collect();
    found.towns = towns.into_iter().map(|(town, row)| ExitRow { town, ..row }).collect();
    for rows in [&found.villages, &found.towns] {
        check(rows, &found.county)?;
    }
    Ok(found)
}

fn household(town: Option<TownCode>, members: &[&Known<'_>]) -> Household {
    let mut children: Vec<(ChildId, VerdictCode)> =
        members.iter().map(|child| (child.found.profile.child, child.found.verdict.code)).collect();
    children.sort_unstable();
    let village = members.iter().find_map(|child| child.found.profile.village.clone());
    let secured = members.iter().map(|child| secured(&child.found.verdict)).min();
    let secured = secured.unwrap_or(Secured::Yes);
    Household { town, village, children, secured }
}

/// What one child's status says of its household's condition. What rests on one word still to be confirmed leaves it open.
fn secured(verdict: &Verdict) -> Secured {
    match verdict.code {
        code if code.clears() && verdict.answer.in_school == InSchool::Open => Secured::Open,
        VerdictCode::Dropout | VerdictCode::NeverEnrolled => Secured::No,
        VerdictCode::Suspected
        | VerdictCode::Missing
        | VerdictCode::Conflict
        | VerdictCode::Unverified
        | VerdictCode::OverageIncomplete => Secured::Open,
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
        | VerdictCode::RegisterError => Secured::Yes,
    }
}

impl ExitRow {
    fn count(&mut self, household: &Household) {
        self.households += 1;
        match household.secured {
            Secured::Yes => self.secured += 1,
            Secured::No => self.not_secured += 1,
            Secured::Open => self.open += 1,
        }
        self.children += u32::try_from(household.children.len()).unwrap_or(u32::MAX);
    }

    const fn numbers(&self) -> [u32; 5] {
        [self.households, self.secured, self.not_secured, self.open, self.children]
    }
}

/// That the rows add up to the whole in every column, and each row in itself.
fn check(rows: &[ExitRow], whole: &ExitRow) -> Result<(), SumError> {
    let wrong = |whole: u32, parts: Vec<u32>| SumError {
        table: "exit".to_owned(),
        whole: whole as usize,
        parts: parts.into_iter().map(|part| part as usize).collect(),
        missing: Vec::new(),
        twice: Vec::new(),
    };
    for (column, total) in whole.numbers().into_iter().enumerate() {
        let parts: Vec<u32> = rows.iter().map(|row| row.numbers()[column]).collect();
        if parts.iter().sum::<u32>() != total {
            return Err(wrong(total, parts));
        }
    }
    for row in rows {
        let parts = [row.secured, row.not_secured, row.open];
        if parts.iter().sum::<u32>() != row.households {
            return Err(wrong(row.households, parts.to_vec()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use baoxue_claim::{
        BatchId, Birth, Claim, InspectionFinding, Origin, Person, Private, Record, RecordId,
        Statement,
    };
    use chrono::NaiveDate;

    use super::*;
    use crate::{Child, Determined, Files, Pack, Settings, determine};

    /// A child of a poor household: number of the household, what the inspection says.
    type Case = (&'static str, InspectionFinding);

    fn judged(cases: &[Case]) -> Exit {
        let day = NaiveDate::from_ymd_opt(2019, 7, 5).unwrap();
        let mut records: Vec<[Record; 2]> = Vec::new();
        for (at, (number, finding)) in (0..).step_by(2).zip(cases) {
            let mut person = Person {
                birth: NaiveDate::from_ymd_opt(2008, 5, 1).map(Birth::Day),
                household: Some(Private::new(*number)),
                ..Person::default()
            };
            person.registered_at.town = "990001101".parse().ok();
            person.registered_at.village = Some("青石村".to_owned());
            let record = |at, source, what| Record {
                id: RecordId::new(BatchId(1), at),
                origin: Origin { file: "a.csv".into(), sheet: "".into(), row: at + 2 },
                source,
                as_of: day,
                town: None,
                person: person.clone(),
                claims: vec![Claim { what, on: day, words: None }],
                doubts: Vec::new(),
                review_only: None,
            };
            let poor = Statement::Poverty { grade: None, out: false };
            let said = Statement::Inspection { finding: *finding, seen: true };
            records.push([
                record(at, Source::PovertyRegister, poor),
                record(at + 1, Source::Inspection, said),
            ]);
        }
        let children: Vec<Child<'_>> = (1..)
            .zip(&records)
            .map(|(id, pair)| Child::new(ChildId(id), pair.iter().collect()))
            .collect();
        let settings = Settings::new(NaiveDate::from_ymd_opt(2019, 8, 25).unwrap());
        let found: Vec<Determined> =
            determine(&children, &Files::default(), &Pack::builtin(), &settings);
        let known: Vec<Known<'_>> = children
            .iter()
            .zip(&found)
            .map(|(child, found)| Known { records: child.records.clone(), found })
            .collect();
        exit(&known).unwrap()
    }

    #[test]
    fn one_child_out_of_school_fails_its_household_and_an_open_one_leaves_it_open() {
        use InspectionFinding::{InSchool, Out, Unclear};
        let found = judged(&[
            ("甲", InSchool),
            ("甲", Out),
            ("乙", InSchool),
            ("丙", InSchool),
            ("丙", Unclear),
        ]);
        let row = &found.county;
        assert_eq!((row.households, row.children), (3, 5));
        assert_eq!((row.secured, row.not_secured, row.open), (1, 1, 1), "{:?}", found.households);
        assert_eq!(found.households[0].secured, Secured::No);
        assert_eq!(found.villages.len(), 1);
        assert_eq!(found.towns[0].numbers(), found.county.numbers());
    }

    #[test]
    fn rows_that_do_not_add_up_are_refused() {
        let whole = ExitRow { households: 2, secured: 2, ..ExitRow::default() };
        let part = ExitRow { households: 1, secured: 1, ..ExitRow::default() };
        assert!(check(std::slice::from_ref(&part), &whole).is_err());
        assert!(check(&[part.clone(), part], &whole).is_ok());
    }
}
