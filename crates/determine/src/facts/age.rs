//! Birth and age.

use std::collections::{BTreeMap, BTreeSet};

use baoxue_claim::{Birth, Source};
use chrono::{Datelike, NaiveDate};

use super::Basis;
use crate::{Child, Settings};

/// A list of children holds nobody of this age or older: such a birth is a mistake of the list.
pub(crate) const IMPLAUSIBLE_AGE: u32 = 25;

/// Where the child stands to the cohort.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts that rules name")]
pub(crate) struct Age {
    pub(crate) known: bool,
    pub(crate) implausible: bool,
    pub(crate) not_yet: bool,
    pub(crate) enters_next: bool,
    pub(crate) over: bool,
    pub(crate) watched: bool,
    pub(crate) years: i64,
    pub(crate) expected_grade: i64,
}

impl Default for Age {
    /// A child of whose birth nothing is known is treated as of age: it must not fall out of sight.
    fn default() -> Self {
        Self {
            known: false,
            implausible: false,
            not_yet: false,
            enters_next: false,
            over: false,
            watched: true,
            years: -1,
            expected_grade: -1,
        }
    }
}

impl Age {
    /// Whether the child can be out of school against the law at all.
    pub(crate) const fn accountable(&self) -> bool {
        !self.not_yet && !self.over && !self.implausible
    }
}

/// The facts about age. A birth that may lie in or out of the cohort, because only month or year are known, lies in.
pub(crate) fn read(child: &Child<'_>, settings: &Settings, basis: &mut Basis<'_>) -> Age {
    let (Some(birth), _) = birth_of(child, settings) else { return Age::default() };
    let as_of = settings.as_of;
    // The youngest it can be: nobody stops being watched on a guess.
    let years = as_of.years_since(birth.latest()).unwrap_or_default();
    if years >= IMPLAUSIBLE_AGE {
        return Age { implausible: true, ..Age::default() };
    }
    let cohort = settings.cohort();
    let not_yet = birth.earliest() > cohort.last;
    let entry = entry_day(birth.earliest(), settings);
    if not_yet {
        basis.ends.entry = entry;
    }
    let next = entry.is_some_and(|entry| entry.year() == cohort_end_year(settings) + 1);
    Age {
        known: true,
        implausible: false,
        not_yet,
        enters_next: not_yet && next,
        over: birth.latest() < cohort.first,
        watched: years < u32::from(settings.watch_until_age),
        years: i64::from(years),
        expected_grade: entry
            .map_or(-1, |entry| i64::from(cohort_end_year(settings) - entry.year()) + 1),
    }
}

/// The calendar year in which the youngest of the cohort entered.
fn cohort_end_year(settings: &Settings) -> i32 {
    settings.cohort().last.year() + i32::from(settings.entry_age)
}

/// The last day before the child is of age: the cut-off day of the year in which it is old enough on that day.
fn entry_day(born: NaiveDate, settings: &Settings) -> Option<NaiveDate> {
    let (month, day) = settings.entry_cutoff.parts();
    let year = born.year() + i32::from(settings.entry_age);
    let same = NaiveDate::from_ymd_opt(year, month, day)?;
    let late = (born.month(), born.day()) > (month, day);
    if late { NaiveDate::from_ymd_opt(year + 1, month, day) } else { Some(same) }
}

/// The birth by the order of evidence, and the other births that sources give.
///
/// Who comes first in the county's order is believed; a valid ID number stands behind the police and before the rest.
/// Within one source the birth most rows give counts, then the more precise, then the earlier.
pub(crate) fn birth_of(child: &Child<'_>, settings: &Settings) -> (Option<Birth>, Vec<Birth>) {
    let mut all: BTreeSet<Birth> = BTreeSet::new();
    let mut chosen = None;
    let mut consider = |births: Vec<Birth>| {
        if chosen.is_none() {
            chosen = majority(&births);
        }
        all.extend(births);
    };
    let written = |source: Source| {
        let of_source = child.records.iter().filter(|record| record.source == source);
        of_source.filter_map(|record| record.person.birth).collect::<Vec<_>>()
    };
    let in_numbers = || {
        let ids = child.records.iter().filter_map(|record| record.person.id.as_ref()?.valid());
        ids.map(|id| Birth::Day(id.birth())).collect::<Vec<_>>()
    };
    let order = &settings.profile.birth;
    let police = order.iter().take_while(|s| **s == Source::PopulationRegister).count();
    for source in &order[..police] {
        consider(written(*source));
    }
    consider(in_numbers());
    for source in &order[police..] {
        consider(written(*source));
    }
    let others = chosen.map_or_else(Vec::new, |chosen: Birth| {
        all.into_iter().filter(|birth| !birth.agrees(chosen)).collect()
    });
    (chosen, others)
}

fn majority(births: &[Birth]) -> Option<Birth> {
    let mut counts: BTreeMap<Birth, usize> = BTreeMap::new();
    for birth in births {
        *counts.entry(*birth).or_default() += 1;
    }
    // `Birth` sorts days before months before years, and the earlier first.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(birth, _)| birth)
}
