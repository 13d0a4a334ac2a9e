//! Two registers of one source: who arrived, left, changed school, vanished, stands in the same grade, or is out of school
//! by the newer.

use std::collections::{BTreeMap, BTreeSet};

use baoxue_claim::{ChildId, Enrolment, EnrolmentStatus, Grade, SchoolYear, Source};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Change, Finding, seen::Seen};
use crate::{Child, Settings};

/// Two registers and what became of the children on them. Only schools, or towns, that stand in both are compared.
///
/// `older_children` = `stayed` + `changed_school` + `left` + `vanished`, and
/// `newer_children` = `stayed` + `changed_school` + `arrived`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotPair {
    /// Whose registers.
    pub source: Source,
    /// Day of the older.
    pub older: NaiveDate,
    /// Day of the newer.
    pub newer: NaiveDate,
    /// Schools, or towns, that stand in both.
    pub lists: usize,
    /// Children on the older one's rolls.
    pub older_children: usize,
    /// Children on the newer one's rolls.
    pub newer_children: usize,
    /// On both, at the same school.
    pub stayed: usize,
    /// On both, at another school.
    pub changed_school: usize,
    /// Off the roll, with a row that says why.
    pub left: usize,
    /// In no row of the newer one.
    pub vanished: usize,
    /// On the newer one only.
    pub arrived: usize,
}

/// Children of one day, each with the row that counts: that of a roll before any other.
type Register<'a> = BTreeMap<ChildId, Seen<'a>>;

/// Compares each register, and each survey of a town, with the next one that covers any of its lists.
pub(super) fn compare(
    children: &[Child<'_>],
    settings: &Settings,
    findings: &mut Vec<Finding>,
) -> Vec<SnapshotPair> {
    let mut pairs = Vec::new();
    for ((source, older, newer), before) in &replaced(children) {
        let after = register(children, *source, *newer, settings.as_of);
        let lists: BTreeSet<String> = before.values().map(Seen::list).collect();
        let mut pair = Pair { settings, source: *source, older: *older, newer: *newer, findings };
        let mut counts = pair.of_older(before, &after);
        counts.lists = lists.len();
        let covered = |seen: &Seen<'_>| lists.contains(&seen.list());
        pair.of_newer(before, &after, (&covered, &mut counts));
        pairs.push(counts);
    }
    pairs
}

/// The register of a source on a day.
fn register<'a>(
    children: &[Child<'a>],
    source: Source,
    day: NaiveDate,
    as_of: NaiveDate,
) -> Register<'a> {
    let mut register = Register::new();
    if day > as_of {
        return register;
    }
    for child in children {
        let rows = child.records.iter().filter(|r| r.source == source && r.as_of == day);
        for seen in rows.copied().flat_map(Seen::of) {
            let known = register.entry(child.id).or_insert(seen);
            if (seen.on_list(), known.record.id) > (known.on_list(), seen.record.id) {
                *known = seen;
            }
        }
    }
    register
}

/// The rows that a newer list replaces, by source and the two days.
fn replaced<'a>(children: &[Child<'a>]) -> BTreeMap<(Source, NaiveDate, NaiveDate), Register<'a>> {
    let mut replaced: BTreeMap<_, Register<'a>> = BTreeMap::new();
    for child in children {
        for &record in &child.records {
            let Some(newer) = child.superseded.get(&record.id) else { continue };
            for seen in Seen::of(record) {
                let register = replaced.entry((record.source, record.as_of, *newer)).or_default();
                register.entry(child.id).or_insert(seen);
            }
        }
    }
    replaced
}

struct Pair<'p> {
    settings: &'p Settings,
    source: Source,
    older: NaiveDate,
    newer: NaiveDate,
    findings: &'p mut Vec<Finding>,
}

impl Pair<'_> {
    /// What became of the children of the older register.
    fn of_older(&mut self, before: &Register<'_>, after: &Register<'_>) -> SnapshotPair {
        let mut counts = SnapshotPair {
            source: self.source,
            older: self.older,
            newer: self.newer,
            lists: 0,
            older_children: before.len(),
            newer_children: 0,
            stayed: 0,
            changed_school: 0,
            left: 0,
            vanished: 0,
            arrived: 0,
        };
        for (child, old) in before {
            let from = old.school().map(str::to_owned);
            match after.get(child) {
                // Registries drop whoever has finished grade nine; nobody needs to look for them.
                None if old.roll().is_some_and(|row| self.finished(row)) => {
                    counts.left += 1;
                    self.find(Change::Left, *child, (old, from, Some("九年级期满".to_owned())));
                }
                None => {
                    counts.vanished += 1;
                    self.find(Change::Vanished, *child, (old, from, None));
                }
                Some(new) if !new.on_list() => {
                    counts.left += 1;
                    self.find(Change::Left, *child, (new, from, new.destination()));
                }
                Some(new) => {
                    if new.elsewhere_than(old) {
                        counts.changed_school += 1;
                        let to = new.school().map(str::to_owned);
                        self.find(Change::ChangedSchool, *child, (new, from, to));
                    } else {
                        counts.stayed += 1;
                    }
                    self.grade(*child, old, new);
                    self.turned(*child, old, new);
                }
            }
        }
        counts.newer_children = counts.stayed + counts.changed_school;
        counts
    }

    /// Who is new at the schools that both registers have.
    fn of_newer(
        &mut self,
        before: &Register<'_>,
        after: &Register<'_>,
        (covered, counts): (&dyn Fn(&Seen<'_>) -> bool, &mut SnapshotPair),
    ) {
        for (child, new) in after {
            if before.contains_key(child) || !new.on_list() || !covered(new) {
                continue;
            }
            counts.arrived += 1;
            counts.newer_children += 1;
            self.find(Change::Arrived, *child, (new, None, new.school().map(str::to_owned)));
        }
    }

    /// Whether the pupil finishes the last grade between the two days.
    fn finished(&self, row: &Enrolment) -> bool {
        let years = SchoolYear::of(self.newer).0 - SchoolYear::of(self.older).0;
        row.grade.is_some_and(|g| i32::from(g.number()) + years > i32::from(Grade::LAST.number()))
    }

    /// A pupil rises by a grade each September; on suspension it may stand still.
    fn grade(&mut self, child: ChildId, old: &Seen<'_>, new: &Seen<'_>) {
        let Some((then, now)) = old.roll().zip(new.roll()) else { return };
        let Some((was, is)) = then.grade.zip(now.grade) else { return };
        let years = SchoolYear::of(self.newer).0 - SchoolYear::of(self.older).0;
        let suspended = [then, now].iter().any(|row| row.status == EnrolmentStatus::Suspended);
        if i32::from(is.number()) < i32::from(was.number()) + years && !suspended {
            let grades = (Some(was.to_string()), Some(is.to_string()));
            self.find(Change::GradeStands, child, (new, grades.0, grades.1));
        }
    }

    /// A town that found the child in school finds it out of school now.
    fn turned(&mut self, child: ChildId, old: &Seen<'_>, new: &Seen<'_>) {
        if old.at_school() == Some(true) && new.at_school() == Some(false) {
            let from = old.school().map(str::to_owned);
            self.find(Change::TurnedOut, child, (new, from, None));
        }
    }

    /// A finding shows on the day of the newer register. Who vanished must be found within the days of a transfer.
    fn find(
        &mut self,
        change: Change,
        child: ChildId,
        (seen, from, to): (&Seen<'_>, Option<String>, Option<String>),
    ) {
        let days = chrono::Days::new(u64::from(self.settings.monitor.transfer_days));
        let asks = matches!(change, Change::Vanished | Change::TurnedOut);
        let due = self.newer.checked_add_days(days).filter(|_| asks);
        self.findings.push(Finding {
            change,
            child,
            on: self.newer,
            due,
            overdue: due.is_some_and(|due| due < self.settings.as_of),
            source: self.source,
            from,
            to,
            record: seen.record.id,
        });
    }
}
