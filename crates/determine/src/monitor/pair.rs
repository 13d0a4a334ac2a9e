//! Two registers of one source: who arrived, left, changed school, vanished, or stands in the same grade.

use std::collections::{BTreeMap, BTreeSet};

use baoxue_claim::{
    ChildId, Enrolment, EnrolmentStatus, Grade, Record, SchoolYear, Source, Statement, compact,
    same_school,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Change, Finding};
use crate::{Child, Settings};

/// Two registers and what became of the children on them. Only schools that stand in both are compared.
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
    /// Schools that stand in both.
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

/// One child in one register.
#[derive(Clone, Copy)]
struct Seen<'a> {
    record: &'a Record,
    row: &'a Enrolment,
}

impl Seen<'_> {
    fn on_roll(&self) -> bool {
        matches!(self.row.status, EnrolmentStatus::Attending | EnrolmentStatus::Suspended)
    }
}

/// Children of one day, each with the row that counts: that of a roll before any other.
type Register<'a> = BTreeMap<ChildId, Seen<'a>>;

/// Compares each register with the next one that covers any of its schools.
pub(super) fn compare(
    children: &[Child<'_>],
    settings: &Settings,
    findings: &mut Vec<Finding>,
) -> Vec<SnapshotPair> {
    let registers = registers(children, settings.as_of);
    let mut pairs = Vec::new();
    for ((older, newer), before) in &replaced(children) {
        let Some(after) = registers.get(newer) else { continue };
        let schools: BTreeSet<String> =
            before.values().map(|seen| compact(&seen.row.school)).collect();
        let mut pair = Pair { settings, older: *older, newer: *newer, findings };
        let mut counts = pair.of_older(before, after);
        counts.lists = schools.len();
        let covered = |seen: &Seen<'_>| schools.contains(&compact(&seen.row.school));
        pair.of_newer(before, after, (&covered, &mut counts));
        pairs.push(counts);
    }
    pairs
}

/// The registries by their day.
fn registers<'a>(children: &[Child<'a>], as_of: NaiveDate) -> BTreeMap<NaiveDate, Register<'a>> {
    let mut registers: BTreeMap<NaiveDate, Register<'a>> = BTreeMap::new();
    for child in children {
        for &record in &child.records {
            if record.source != Source::StudentRegistry || record.as_of > as_of {
                continue;
            }
            for claim in &record.claims {
                let Statement::Enrolment(row) = &claim.what else { continue };
                let seen = Seen { record, row };
                let known = registers.entry(record.as_of).or_default().entry(child.id);
                let known = known.or_insert(seen);
                if (seen.on_roll(), known.record.id) > (known.on_roll(), seen.record.id) {
                    *known = seen;
                }
            }
        }
    }
    registers
}

/// The rows of rolls that a newer register replaces, by the two days.
fn replaced<'a>(children: &[Child<'a>]) -> BTreeMap<(NaiveDate, NaiveDate), Register<'a>> {
    let mut replaced: BTreeMap<(NaiveDate, NaiveDate), Register<'a>> = BTreeMap::new();
    for child in children {
        for &record in &child.records {
            let Some(newer) = child.superseded.get(&record.id) else { continue };
            for claim in &record.claims {
                let Statement::Enrolment(row) = &claim.what else { continue };
                let register = replaced.entry((record.as_of, *newer)).or_default();
                register.entry(child.id).or_insert(Seen { record, row });
            }
        }
    }
    replaced
}

struct Pair<'p> {
    settings: &'p Settings,
    older: NaiveDate,
    newer: NaiveDate,
    findings: &'p mut Vec<Finding>,
}

impl Pair<'_> {
    /// What became of the children of the older register.
    fn of_older(&mut self, before: &Register<'_>, after: &Register<'_>) -> SnapshotPair {
        let mut counts = SnapshotPair {
            source: Source::StudentRegistry,
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
            let from = Some(old.row.school.clone());
            match after.get(child) {
                // Registries drop whoever has finished grade nine; nobody needs to look for them.
                None if self.finished(old.row) => {
                    counts.left += 1;
                    self.find(Change::Left, *child, (old, from, Some("九年级期满".to_owned())));
                }
                None => {
                    counts.vanished += 1;
                    self.find(Change::Vanished, *child, (old, from, None));
                }
                Some(new) if !new.on_roll() => {
                    counts.left += 1;
                    self.find(Change::Left, *child, (new, from, destination(new.row)));
                }
                Some(new) => {
                    if same_school(&old.row.school, &new.row.school) {
                        counts.stayed += 1;
                    } else {
                        counts.changed_school += 1;
                        let to = Some(new.row.school.clone());
                        self.find(Change::ChangedSchool, *child, (new, from, to));
                    }
                    self.grade(*child, old, new);
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
            if before.contains_key(child) || !new.on_roll() || !covered(new) {
                continue;
            }
            counts.arrived += 1;
            counts.newer_children += 1;
            self.find(Change::Arrived, *child, (new, None, Some(new.row.school.clone())));
        }
    }

    /// Whether the pupil finishes the last grade between the two days.
    fn finished(&self, row: &Enrolment) -> bool {
        let years = SchoolYear::of(self.newer).0 - SchoolYear::of(self.older).0;
        row.grade.is_some_and(|g| i32::from(g.number()) + years > i32::from(Grade::LAST.number()))
    }

    /// A pupil rises by a grade each September; on suspension it may stand still.
    fn grade(&mut self, child: ChildId, old: &Seen<'_>, new: &Seen<'_>) {
        let (Some(was), Some(is)) = (old.row.grade, new.row.grade) else { return };
        let years = SchoolYear::of(self.newer).0 - SchoolYear::of(self.older).0;
        let suspended = [old, new].iter().any(|s| s.row.status == EnrolmentStatus::Suspended);
        if i32::from(is.number()) < i32::from(was.number()) + years && !suspended {
            let grades = (Some(was.to_string()), Some(is.to_string()));
            self.find(Change::GradeStands, child, (new, grades.0, grades.1));
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
        let due = self.newer.checked_add_days(days).filter(|_| change == Change::Vanished);
        self.findings.push(Finding {
            change,
            child,
            on: self.newer,
            due,
            overdue: due.is_some_and(|due| due < self.settings.as_of),
            source: Source::StudentRegistry,
            from,
            to,
            record: seen.record.id,
        });
    }
}

/// The receiving school, or why the pupil is off the roll.
fn destination(row: &Enrolment) -> Option<String> {
    let school = row.transfer.as_ref().and_then(|transfer| transfer.school.clone());
    let why = match row.status {
        EnrolmentStatus::TransferredOut => "转出",
        EnrolmentStatus::Graduated => "毕业",
        EnrolmentStatus::Dead => "死亡",
        EnrolmentStatus::Abroad => "出国（境）",
        EnrolmentStatus::Left => "离校",
        EnrolmentStatus::Missing => "下落不明",
        EnrolmentStatus::Attending | EnrolmentStatus::Suspended => return school,
    };
    school.or_else(|| Some(why.to_owned()))
}
