//! The monthly reports of schools, each with the next one of the same school: who is still absent, who is back, who is no
//! longer named. A report that does not name a child whom the one before had absent clears it by the rules; here somebody is
//! asked whether the child is back.

use std::collections::{BTreeMap, BTreeSet};

use baoxue_claim::{Absence, ChildId, Record, Source, Statement, compact, same_school};
use chrono::{Days, NaiveDate};

use super::{Change, Finding, SnapshotPair, arrival};
use crate::{Child, Files, Settings};

/// A row of a report.
#[derive(Clone, Copy)]
struct Told<'a> {
    child: &'a Child<'a>,
    record: &'a Record,
    row: &'a Absence,
}

/// The months that a school has reported, each with the children whom it names.
type Months<'a> = BTreeMap<NaiveDate, BTreeMap<ChildId, Told<'a>>>;

/// Compares the last two reports of each school; the counts are those of all schools that reported on the same days.
pub(super) fn compare(
    children: &[Child<'_>],
    files: &Files,
    settings: &Settings,
    findings: &mut Vec<Finding>,
) -> Vec<SnapshotPair> {
    let mut pairs: BTreeMap<(NaiveDate, NaiveDate), SnapshotPair> = BTreeMap::new();
    for months in schools(children, files, settings.as_of).into_values() {
        let mut last = months.iter().rev();
        let (Some((newer, after)), Some((older, before))) = (last.next(), last.next()) else {
            continue;
        };
        let pair = pairs.entry((*older, *newer)).or_insert_with(|| empty(*older, *newer));
        pair.lists += 1;
        let absent = |told: &Told<'_>| !told.row.returned;
        let due = newer.checked_add_days(Days::new(u64::from(settings.monitor.transfer_days)));
        for (id, told) in before.iter().filter(|(_, told)| absent(told)) {
            pair.older_children += 1;
            match after.get(id) {
                Some(now) if absent(now) => pair.stayed += 1,
                Some(_) => pair.left += 1,
                None => {
                    pair.vanished += 1;
                    if arrival::arrived(told.child, *newer, settings.as_of) {
                        continue;
                    }
                    findings.push(Finding {
                        change: Change::Unanswered,
                        child: *id,
                        on: *newer,
                        due,
                        overdue: due.is_some_and(|due| due < settings.as_of),
                        source: told.record.source,
                        from: told.row.school.clone(),
                        to: None,
                        record: told.record.id,
                    });
                }
            }
        }
        let was_absent = |id: &ChildId| before.get(id).is_some_and(absent);
        let new = after.iter().filter(|(id, told)| absent(told) && !was_absent(id)).count();
        pair.arrived += new;
    }
    for pair in pairs.values_mut() {
        pair.newer_children = pair.stayed + pair.arrived;
    }
    pairs.into_values().filter(|pair| pair.older_children + pair.newer_children > 0).collect()
}

/// What each school has reported up to the day. A school is known by its compact name; one that writes itself longer in the
/// next month is the same.
fn schools<'a>(
    children: &'a [Child<'_>],
    files: &Files,
    as_of: NaiveDate,
) -> BTreeMap<String, Months<'a>> {
    let rows: Vec<Told<'a>> = children.iter().flat_map(|child| told(child, as_of)).collect();
    let reports = files.reports.iter().filter(|report| report.until <= as_of);
    let reports: BTreeSet<(&str, NaiveDate)> =
        reports.filter_map(|report| Some((report.school.as_deref()?, report.until))).collect();
    let mut names: Vec<&str> = rows.iter().filter_map(|told| told.row.school.as_deref()).collect();
    names.sort_unstable();
    names.dedup();
    let all = names.iter().copied().chain(reports.iter().map(|(name, _)| *name));
    let known = |name: &str| names.iter().find(|known| same_school(known, name)).copied();
    let keys: BTreeMap<&str, String> =
        all.map(|name| (name, compact(known(name).unwrap_or(name)))).collect();
    let mut schools: BTreeMap<String, Months<'a>> = BTreeMap::new();
    for (name, until) in &reports {
        schools.entry(keys[name].clone()).or_default().entry(*until).or_default();
    }
    for told in &rows {
        let Some(name) = told.row.school.as_deref() else { continue };
        let months = schools.entry(keys[name].clone()).or_default();
        let children = months.entry(told.row.until).or_default();
        // That the child is back is the later news of one month.
        let known = children.entry(told.child.id).or_insert(*told);
        if told.row.returned && !known.row.returned {
            *known = *told;
        }
    }
    schools
}

fn told<'a>(child: &'a Child<'_>, as_of: NaiveDate) -> impl Iterator<Item = Told<'a>> {
    let rows = child
        .records
        .iter()
        .filter(|record| matches!(record.source, Source::SchoolReport | Source::RollCall));
    rows.flat_map(move |record| {
        record.claims.iter().filter_map(move |claim| match &claim.what {
            Statement::Absence(row) if row.until <= as_of && !is_seen_back(record, row) => {
                Some(Told { child, record, row })
            }
            Statement::Absence(_)
            | Statement::Registered
            | Statement::Enrolment(_)
            | Statement::Survey { .. }
            | Statement::Ledger(_)
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
    })
}

/// A child that a roll call saw back: no month of the school.
fn is_seen_back(record: &Record, row: &Absence) -> bool {
    record.source == Source::RollCall && row.returned
}

const fn empty(older: NaiveDate, newer: NaiveDate) -> SnapshotPair {
    SnapshotPair {
        source: Source::SchoolReport,
        older,
        newer,
        lists: 0,
        older_children: 0,
        newer_children: 0,
        stayed: 0,
        changed_school: 0,
        left: 0,
        vanished: 0,
        arrived: 0,
    }
}
