//! Second registrations of the same child under another ID number: same name, same guardian, and the same day of birth or
//! one that differs by a slip.

use std::collections::HashMap;

use baoxue_claim::{
    Birth, ChildId, Claim, Name, Record, ResidentId, Sex, Source, Statement, SurveyFinding,
};
use chrono::{Datelike, NaiveDate};

use crate::Child;

/// Marks each child that is nothing but a second registration: no school, paper, inspection or list knows it, and
/// another child of the same name, day of birth and guardian is known to one. A day that is exactly a month or a year off is
/// a slip when a guardian's ID number is the same: no mother has two children of one name within a month or on one day of two
/// years. Where neither or both are known nothing is marked: which of two bare registrations is the mistake, the police must
/// say.
pub fn mark_duplicates(children: &mut [Child<'_>]) {
    let mut same: HashMap<Name, Vec<(usize, NaiveDate)>> = HashMap::new();
    for (at, child) in children.iter().enumerate() {
        if let Some((name, born)) = registered_as(child) {
            same.entry(name).or_default().push((at, born));
        }
    }
    let mut found: Vec<(usize, ChildId)> = Vec::new();
    for group in same.into_values().filter(|group| group.len() > 1) {
        for &(bare, born) in group.iter().filter(|(at, _)| !is_known(&children[*at])) {
            let is_other = |(at, day): &&(usize, NaiveDate)| {
                let (other, bare) = (&children[*at], &children[bare]);
                let one = if *day == born {
                    share_guardian(other, bare)
                } else {
                    is_slip(*day, born)
                        && sex_of(other) == sex_of(bare)
                        && share_guardians_number(other, bare)
                };
                one && is_known(other)
            };
            found.extend(group.iter().find(is_other).map(|(at, _)| (bare, children[*at].id)));
        }
    }
    for (at, of) in found {
        children[at].duplicate_of.get_or_insert(of);
    }
}

/// Whether two days of birth are the same day of the month, one month or one year apart.
fn is_slip(one: NaiveDate, other: NaiveDate) -> bool {
    let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month());
    one.day() == other.day() && matches!((months(one) - months(other)).abs(), 1 | 12)
}

fn register_row<'a>(child: &Child<'a>) -> Option<&'a Record> {
    child.records.iter().copied().find(|record| record.source == Source::PopulationRegister)
}

/// Name and day of birth in the population register.
fn registered_as(child: &Child<'_>) -> Option<(Name, NaiveDate)> {
    let row = register_row(child)?;
    let Some(Birth::Day(born)) = row.person.birth else { return None };
    Some((row.person.name.clone()?, born))
}

fn sex_of(child: &Child<'_>) -> Option<Sex> {
    register_row(child)?.person.sex
}

/// Whether the register gives both children a parent, or head of household, of the same verified number.
fn share_guardians_number(one: &Child<'_>, other: &Child<'_>) -> bool {
    let numbers = |child: &Child<'_>| -> Vec<ResidentId> {
        let people = register_row(child).into_iter().flat_map(|row| &row.person.guardians);
        people.filter_map(|guardian| guardian.id.as_ref()?.valid().copied()).collect()
    };
    let known = numbers(one);
    numbers(other).iter().any(|number| known.contains(number))
}

/// Whether anybody but the register and the hardship lists knows it: a school, a paper, an inspection, a list, or a town
/// that found more than a double registration.
fn is_known(child: &Child<'_>) -> bool {
    let found = |claim: &Claim| {
        let Statement::Survey { finding } = &claim.what else { return false };
        !matches!(
            finding,
            SurveyFinding::RegisteredTwice
                | SurveyFinding::NoSuchPerson
                | SurveyFinding::Silent
                | SurveyFinding::Unclear
        )
    };
    child.records.iter().any(|record| {
        let known = matches!(
            record.source,
            Source::StudentRegistry
                | Source::SchoolReport
                | Source::RollCall
                | Source::Certificate
                | Source::Approval
                | Source::Inspection
                | Source::TownLedger
                | Source::AidPayment
                | Source::HomeTeachingLog
        );
        known || record.claims.iter().any(found)
    })
}

fn share_guardian(one: &Child<'_>, other: &Child<'_>) -> bool {
    let names = |child: &Child<'_>| -> Vec<Name> {
        let people = child.records.iter().flat_map(|record| &record.person.guardians);
        people.filter_map(|guardian| guardian.name.clone()).collect()
    };
    let known = names(one);
    names(other).iter().any(|name| known.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_a_month_or_a_year_on_the_same_day() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert!(is_slip(day(2010, 11, 10), day(2010, 10, 10)));
        assert!(is_slip(day(2010, 1, 10), day(2009, 12, 10)));
        assert!(is_slip(day(2006, 4, 8), day(2005, 4, 8)));
        assert!(!is_slip(day(2006, 4, 8), day(2004, 4, 8)), "two years are a sister");
        assert!(!is_slip(day(2010, 11, 10), day(2010, 10, 11)));
        assert!(!is_slip(day(2010, 12, 10), day(2010, 10, 10)));
    }
}
