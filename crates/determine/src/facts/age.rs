//! Birth and age.

use std::collections::{BTreeMap, BTreeSet};

use baoxue_claim::{Birth, ClaimId, Record, Source};
use chrono::{Datelike, Months, NaiveDate};

use super::{Basis, Slot, Stance};
use crate::{Child, Settings, evidence::Item};

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
    /// The source that decides gives two births, and the child is of age by one of them alone.
    pub(crate) disputed: bool,
    /// Of age for the first time, and the day until which nobody is accused of not having entered has not passed.
    pub(crate) entering: bool,
    /// Not older than disabled children may be when they start.
    pub(crate) disabled_slack: bool,
    /// Past the cohort by no more years than a late entry explains, and by no more than a disability does.
    pub(crate) late: bool,
    pub(crate) late_if_disabled: bool,
    /// The last day before the child was of age, the earliest it can be.
    pub(crate) entry: Option<NaiveDate>,
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
            disputed: false,
            entering: false,
            disabled_slack: false,
            late: false,
            late_if_disabled: false,
            entry: None,
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
pub(crate) fn read<'a>(child: &Child<'a>, settings: &Settings, basis: &mut Basis<'a>) -> Age {
    let Births { chosen: Some(birth), rival, source, .. } = births_of(child, settings) else {
        return Age::default();
    };
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
    let differs = |other| accountable(other, settings) != accountable(birth, settings);
    let disputed = rival
        .is_some_and(|other| differs(other) && cite_births(child, source, (birth, other), basis));
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
        disputed,
        entering: entry.is_some_and(|entry| is_entering(entry, settings)),
        disabled_slack: entry.is_some_and(|entry| {
            let years = settings.disabled_entry_age.saturating_sub(settings.entry_age);
            years_on(entry, years).is_some_and(|last| as_of <= last)
        }),
        late: within(birth, settings.late_entry_slack, settings),
        late_if_disabled: within(birth, settings.disabled_slack, settings),
        entry,
    }
}

/// Whether the birth lies before the cohort by so many years at most.
fn within(birth: Birth, years: u8, settings: &Settings) -> bool {
    let months = Months::new(12 * u32::from(years));
    let first = settings.cohort().first.checked_sub_months(months);
    birth.latest() < settings.cohort().first && first.is_some_and(|first| first <= birth.latest())
}

/// The same day so many years later.
fn years_on(day: NaiveDate, years: u8) -> Option<NaiveDate> {
    day.checked_add_months(Months::new(12 * u32::from(years)))
}

/// Whether the day lies after the entry day and not after the day by which entry is checked.
fn is_entering(entry: NaiveDate, settings: &Settings) -> bool {
    let (month, day) = settings.enrol_by.parts();
    let until = NaiveDate::from_ymd_opt(entry.year(), month, day);
    entry < settings.as_of && until.is_some_and(|until| settings.as_of <= until)
}

/// Whether a child of this birth is of compulsory age on the day, or may be.
fn accountable(birth: Birth, settings: &Settings) -> bool {
    settings.cohort().contains(birth) != Some(false)
}

/// Cites the rows that give the two births, each birth as a side of its own; whether both have a row that claims something.
fn cite_births<'a>(
    child: &Child<'a>,
    source: Option<Source>,
    (one, other): (Birth, Birth),
    basis: &mut Basis<'a>,
) -> bool {
    let mut sides = BTreeSet::new();
    let mut cited = Vec::new();
    for (birth, item) in rows_that_give(child, source, (one, other)) {
        let stance = if birth == one { Stance::TooYoung } else { Stance::Done };
        sides.insert(stance);
        cited.push((stance, item));
    }
    if sides.len() > 1 {
        for (stance, item) in cited {
            basis.cite(Slot::Birth, stance, item);
        }
    }
    sides.len() > 1
}

/// The rows of a source that give one of two births and claim something, in the order of their ids.
fn rows_that_give<'a>(
    child: &Child<'a>,
    source: Option<Source>,
    (one, other): (Birth, Birth),
) -> Vec<(Birth, Item<'a>)> {
    let given = |record: &Record| match source {
        Some(source) => {
            record.person.birth.filter(|_| record.source == source && stands(child, record))
        }
        None => Some(Birth::Day(record.person.id.as_ref()?.valid()?.birth())),
    };
    let mut records: Vec<&Record> = child.records.clone();
    records.sort_by(|a, b| a.id.cmp(&b.id).then_with(|| a.origin.cmp(&b.origin)));
    let item = |record: &'a Record| {
        let birth = given(record).filter(|birth| *birth == one || *birth == other)?;
        let claim = record.claims.first()?;
        Some((birth, Item { id: ClaimId { record: record.id, position: 0 }, record, claim }))
    };
    records.into_iter().filter_map(item).collect()
}

/// The rows of the population register that give the child two births, when they do: of both births at least one.
pub(crate) fn two_births(child: &Child<'_>, settings: &Settings) -> Vec<(ClaimId, NaiveDate)> {
    let births = births_of(child, settings);
    let (Some(one), Some(other)) = (births.chosen, births.rival) else { return Vec::new() };
    if births.source != Some(Source::PopulationRegister) {
        return Vec::new();
    }
    let rows = rows_that_give(child, births.source, (one, other));
    let both = [one, other].iter().all(|wanted| rows.iter().any(|(birth, _)| birth == wanted));
    let rows = rows.into_iter().filter(|_| both);
    rows.map(|(_, item)| (item.id, item.record.as_of)).collect()
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

/// The births that sources give.
#[derive(Default)]
pub(crate) struct Births {
    /// The one that counts.
    pub(crate) chosen: Option<Birth>,
    /// Another that the same source gives and that cannot be the same day.
    rival: Option<Birth>,
    /// Whose it is; `None` for the ID number.
    source: Option<Source>,
    /// All others that cannot be the same day.
    pub(crate) others: Vec<Birth>,
}

/// The birth by the order of evidence, and the other births that sources give.
///
/// Who comes first in the county's order is believed; a valid ID number stands behind the police and before the rest.
/// Within one source the birth most rows give counts, then the more precise, then the earlier.
pub(crate) fn births_of(child: &Child<'_>, settings: &Settings) -> Births {
    let mut all: BTreeSet<Birth> = BTreeSet::new();
    let mut births = Births::default();
    let mut consider = |given: Vec<Birth>, source: Option<Source>| {
        if births.chosen.is_none() {
            (births.chosen, births.rival) = majority(&given);
            births.source = source;
        }
        all.extend(given);
    };
    let written = |source: Source| {
        let of_source = child.records.iter().filter(|record| record.source == source);
        of_source
            .filter(|record| stands(child, record))
            .filter_map(|record| record.person.birth)
            .collect::<Vec<_>>()
    };
    let in_numbers = || {
        let ids = child.records.iter().filter_map(|record| record.person.id.as_ref()?.valid());
        ids.map(|id| Birth::Day(id.birth())).collect::<Vec<_>>()
    };
    let order = &settings.profile.birth;
    let police = order.iter().take_while(|s| **s == Source::PopulationRegister).count();
    for source in &order[..police] {
        consider(written(*source), Some(*source));
    }
    consider(in_numbers(), None);
    for source in &order[police..] {
        consider(written(*source), Some(*source));
    }
    if let Some(chosen) = births.chosen {
        births.others = all.into_iter().filter(|birth| !birth.agrees(chosen)).collect();
    }
    births
}

/// Whether what a row says of the birth stands: the police correct an older register by a newer one that gives a birth.
fn stands(child: &Child<'_>, record: &Record) -> bool {
    let police = |other: &&&Record| {
        other.source == Source::PopulationRegister && other.person.birth.is_some()
    };
    record.source != Source::PopulationRegister
        || child.records.iter().filter(police).all(|other| other.as_of <= record.as_of)
}

/// The birth that most rows give, and another that cannot be the same day: of those, the one that most others give. More rows
/// of one list do not make a birth right.
fn majority(births: &[Birth]) -> (Option<Birth>, Option<Birth>) {
    let mut counts: BTreeMap<Birth, usize> = BTreeMap::new();
    for birth in births {
        *counts.entry(*birth).or_default() += 1;
    }
    // `Birth` sorts days before months before years, and the earlier first.
    let most = counts.iter().rev().max_by_key(|(_, count)| **count);
    let Some(chosen) = most.map(|(birth, _)| *birth) else { return (None, None) };
    let rivals = counts.iter().rev().filter(|(birth, _)| !birth.agrees(chosen));
    (Some(chosen), rivals.max_by_key(|(_, count)| **count).map(|(birth, _)| *birth))
}
