//! Full registers as snapshots: a newer one of the same list replaces the older, which stays as history.
//!
//! A list is the student registry of a school or the survey of a town; a snapshot is all its live rows of one day. Nothing
//! in a file says whether it is whole, so the rows tell: a newer snapshot replaces an older list when it has nearly all
//! children of it. An additional list, or a returned table with a few rows, has not.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound::{Excluded, Unbounded},
};

use baoxue_claim::{
    Birth, EnrolmentStatus, Grade, Name, Record, RecordId, ResidentId, SchoolYear, Source,
    Statement, TownCode, compact,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Child, Settings};

/// So many missing children do not keep a list of a whole register in force, however small the school.
const FEW: usize = 3;

/// A newer register that is too different from an older one to replace it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotDoubt {
    /// Whose register.
    pub source: Source,
    /// Day of the older one, which stays in force for these lists.
    pub older: NaiveDate,
    /// Day of the newer one.
    pub newer: NaiveDate,
    /// The lists that were not replaced, in order.
    pub lists: Vec<ListDoubt>,
}

/// A list of which too many children are missing from a newer register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListDoubt {
    /// The school, or the code of the town.
    pub name: String,
    /// Children on the older list who should be on the newer one.
    pub expected: usize,
    /// Those of them who are.
    pub found: usize,
    /// Children of the older list who stand in the newer register under another ID number.
    pub renumbered: usize,
}

/// Whose list a row stands on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    School(String),
    Town(TownCode),
}

/// A row of a full register.
struct Entry {
    child: usize,
    record: RecordId,
    /// The grade, where a pupil leaves the school after some.
    grade: Option<Grade>,
    /// Whom the row names.
    person: Identity,
    /// Whether it says that the child is on the list from now on, and does not end its stay.
    stays: bool,
}

/// The valid ID number of a row, and the name and birth by which a child with another number is known again.
#[derive(Clone, Default, PartialEq, Eq)]
struct Identity {
    id: Option<ResidentId>,
    named: Option<(Name, Birth)>,
}

impl Identity {
    fn of(record: &Record) -> Self {
        let person = &record.person;
        let id = person.id.as_ref().and_then(|id| id.valid().copied());
        let birth = person.birth.or_else(|| id.map(|id| Birth::Day(id.birth())));
        Self { id, named: person.name.clone().zip(birth) }
    }
}

/// Children of one day, each with whom its rows name.
type There<'e> = BTreeMap<usize, &'e Identity>;

/// The rows of one source by day and list.
type Days = BTreeMap<NaiveDate, BTreeMap<Owner, Vec<Entry>>>;

/// What a newer day has of an older list.
#[derive(Clone, Copy, Default)]
struct Cover {
    expected: usize,
    found: usize,
    renumbered: usize,
}

/// Marks the rows of registers that newer ones replace, and says which could not be replaced. What withdraws a batch takes
/// its rows away, and with them whatever they replaced comes back.
pub fn mark_superseded(children: &mut [Child<'_>], settings: &Settings) -> Vec<SnapshotDoubt> {
    let mut doubts = Vec::new();
    let mut replaced: Vec<(usize, RecordId, NaiveDate)> = Vec::new();
    for source in [Source::StudentRegistry, Source::TownSurvey] {
        if !comes_again(children, source) {
            continue;
        }
        let days = days_of(children, source, settings);
        let present: BTreeMap<NaiveDate, There<'_>> =
            days.iter().map(|(day, lists)| (*day, on_any(lists))).collect();
        for (older, lists) in &days {
            // The newest first: it is what counts, and what a message is about.
            let newer = present.range((Excluded(older), Unbounded)).rev();
            let pairs =
                newer.map(|(day, there)| Pair { source, older: *older, newer: *day, there });
            replace(lists, pairs, settings, (&mut replaced, &mut doubts));
        }
    }
    for (child, record, day) in replaced {
        children[child].superseded.insert(record, day);
    }
    doubts
}

/// Takes the rows of registers that were stopped out of the children's records: such a register takes no effect before a person
/// has looked at it. Its rows wait beside the child, so that nobody is accused while one of them might clear the child.
pub fn withhold(children: &mut [Child<'_>], doubts: &[SnapshotDoubt]) {
    let stopped = |record: &Record| {
        doubts.iter().any(|doubt| {
            let of_day = record.source == doubt.source && record.as_of == doubt.newer;
            of_day && entry(0, record).is_some_and(|(owner, _)| doubt.names(&owner))
        })
    };
    for child in children.iter_mut().filter(|_| !doubts.is_empty()) {
        let (waiting, records) = child.records.iter().copied().partition(|record| stopped(record));
        child.records = records;
        child.maybe.extend::<Vec<&Record>>(waiting);
    }
}

impl SnapshotDoubt {
    fn names(&self, owner: &Owner) -> bool {
        self.lists.iter().any(|list| list.name == owner.name())
    }
}

impl Owner {
    fn name(&self) -> String {
        match self {
            Self::School(name) => name.clone(),
            Self::Town(code) => code.to_string(),
        }
    }
}

/// Two days of one source.
struct Pair<'p> {
    source: Source,
    older: NaiveDate,
    newer: NaiveDate,
    there: &'p There<'p>,
}

/// Whether there are rows of more than one day.
fn comes_again(children: &[Child<'_>], source: Source) -> bool {
    let rows = children.iter().flat_map(|child| &child.records).filter(|r| r.source == source);
    let mut days = rows.map(|record| record.as_of);
    days.next().is_some_and(|first| days.any(|day| day != first))
}

fn days_of(children: &[Child<'_>], source: Source, settings: &Settings) -> Days {
    let mut days = Days::new();
    for (child, of) in children.iter().enumerate() {
        let rows = of.records.iter().filter(|r| r.source == source && r.as_of <= settings.as_of);
        for record in rows {
            let Some((owner, entry)) = entry(child, record) else { continue };
            days.entry(record.as_of).or_default().entry(owner).or_default().push(entry);
        }
    }
    days
}

fn entry(child: usize, record: &Record) -> Option<(Owner, Entry)> {
    let of = |owner, grade, stays| {
        let person = Identity::of(record);
        (owner, Entry { child, record: record.id, grade, person, stays })
    };
    record.claims.iter().find_map(|claim| match &claim.what {
        Statement::Enrolment(row) => {
            let stays =
                matches!(row.status, EnrolmentStatus::Attending | EnrolmentStatus::Suspended);
            Some(of(Owner::School(compact(&row.school)), row.grade, stays))
        }
        Statement::Survey { .. } => Some(of(Owner::Town(record.town?), None, true)),
        Statement::Registered
        | Statement::Ledger(_)
        | Statement::Absence(_)
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
        | Statement::HomePlan(_) => None,
    })
}

fn on_any(lists: &BTreeMap<Owner, Vec<Entry>>) -> There<'_> {
    lists.values().flatten().map(|entry| (entry.child, &entry.person)).collect()
}

/// Replaces the lists of one day by the newest later day that has nearly all of each.
fn replace<'p>(
    lists: &BTreeMap<Owner, Vec<Entry>>,
    newer: impl Iterator<Item = Pair<'p>>,
    settings: &Settings,
    (replaced, doubts): (&mut Vec<(usize, RecordId, NaiveDate)>, &mut Vec<SnapshotDoubt>),
) {
    let mut left: BTreeSet<&Owner> = lists.keys().collect();
    let mut doubt: Option<(Pair<'_>, Vec<(&Owner, Cover)>)> = None;
    for pair in newer {
        let covers: Vec<Cover> = lists.values().map(|list| cover(list, &pair)).collect();
        let whole = covers.iter().fold(Cover::default(), |sum, cover| sum.plus(*cover));
        let accepted = settings.monitor.accepts(pair.source, pair.newer);
        let whole = accepted || whole.is_full(settings);
        let newcomers = newcomers(lists, &pair);
        let mut doubted = Vec::new();
        for ((owner, list), mut cover) in lists.iter().zip(covers) {
            cover.renumbered = renumbered(list, &pair, &newcomers);
            let few = whole && cover.expected - cover.found <= FEW;
            let known = cover.is_full(settings) || few;
            if accepted || (known && !cover.is_renumbered(settings)) {
                let gone = list.iter().filter(|e| e.stays && (whole || continues(e, &pair)));
                if left.remove(owner) {
                    replaced.extend(gone.map(|entry| (entry.child, entry.record, pair.newer)));
                }
            } else if known || whole || cover.percent() >= u128::from(settings.snapshot.ask_percent)
            {
                doubted.push((owner, cover));
            }
        }
        doubt.get_or_insert((pair, doubted));
    }
    let Some((Pair { source, older, newer, .. }, doubted)) = doubt else { return };
    let lists: Vec<ListDoubt> =
        doubted.iter().filter(|(owner, _)| left.contains(owner)).map(ListDoubt::of).collect();
    if !lists.is_empty() {
        doubts.push(SnapshotDoubt { source, older, newer, lists });
    }
}

impl ListDoubt {
    fn of((owner, cover): &(&Owner, Cover)) -> Self {
        let name = owner.name();
        let Cover { expected, found, renumbered } = *cover;
        Self { name, expected, found, renumbered }
    }
}

/// Children of the newer day who are on no list of the older, by name and birth.
fn newcomers<'p>(
    lists: &BTreeMap<Owner, Vec<Entry>>,
    pair: &Pair<'p>,
) -> BTreeMap<&'p (Name, Birth), &'p Identity> {
    let before: BTreeSet<usize> = lists.values().flatten().map(|entry| entry.child).collect();
    let new = pair.there.iter().filter(|(child, _)| !before.contains(child));
    new.filter_map(|(_, person)| Some((person.named.as_ref()?, *person))).collect()
}

/// Children of the list whom the newer register has under another valid number: as the same child, or as a newcomer of the
/// same name and birth, for two numbers are not joined without a person.
fn renumbered(
    list: &[Entry],
    pair: &Pair<'_>,
    newcomers: &BTreeMap<&(Name, Birth), &Identity>,
) -> usize {
    let other = |entry: &Entry| {
        let now = pair.there.get(&entry.child).copied();
        let now = now.or_else(|| newcomers.get(entry.person.named.as_ref()?).copied());
        now.and_then(|now| now.id).zip(entry.person.id).is_some_and(|(now, then)| now != then)
    };
    let those: BTreeSet<usize> =
        list.iter().filter(|e| e.stays && other(e)).map(|e| e.child).collect();
    those.len()
}

fn cover(list: &[Entry], pair: &Pair<'_>) -> Cover {
    let mut due: Vec<usize> =
        list.iter().filter(|e| e.stays && continues(e, pair)).map(|e| e.child).collect();
    due.sort_unstable();
    due.dedup();
    let found = due.iter().filter(|child| pair.there.contains_key(child)).count();
    Cover { expected: due.len(), found, renumbered: 0 }
}

/// Whether the pupil should still be on the list of the same school on the newer day: nobody finishes primary or junior
/// school between the two days. A pupil who does is only missed by a register that covers the whole older one.
fn continues(entry: &Entry, pair: &Pair<'_>) -> bool {
    let years = SchoolYear::of(pair.newer).0 - SchoolYear::of(pair.older).0;
    let Some(grade) = entry.grade.map(|grade| i32::from(grade.number())) else { return true };
    let ends = |last: i32| grade <= last && grade + years > last;
    !ends(6) && !ends(i32::from(Grade::LAST.number()))
}

impl Cover {
    fn plus(self, other: Self) -> Self {
        Self {
            expected: self.expected + other.expected,
            found: self.found + other.found,
            renumbered: self.renumbered + other.renumbered,
        }
    }

    /// Whether so many numbers changed that the newer list may be another one, or its columns slipped.
    fn is_renumbered(self, settings: &Settings) -> bool {
        let share = u128::from(settings.monitor.renumbered_percent);
        self.renumbered > FEW && self.renumbered as u128 * 100 > share * self.expected as u128
    }

    /// Percent of the expected children who are there; of none, none.
    fn percent(self) -> u128 {
        (self.found as u128 * 100).checked_div(self.expected as u128).unwrap_or(0)
    }

    fn is_full(self, settings: &Settings) -> bool {
        self.expected > 0 && self.percent() >= u128::from(settings.snapshot.full_percent)
    }
}
