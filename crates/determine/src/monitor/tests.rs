//! Stories of two registers, of transfers and of absences.

use baoxue_claim::{
    Absence, BatchId, Claim, Enrolment, EnrolmentStatus, Grade, Origin, Person, Record, RecordId,
    Statement, Transfer,
};

use super::*;
use crate::mark_superseded;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn june() -> NaiveDate {
    day(2019, 6, 30)
}

fn october() -> NaiveDate {
    day(2019, 10, 10)
}

fn settings() -> Settings {
    Settings::new(day(2019, 11, 1))
}

fn record(at: usize, source: Source, as_of: NaiveDate, what: Statement) -> Record {
    Record {
        id: RecordId::new(BatchId(1), u32::try_from(at).unwrap()),
        origin: Origin { file: "a.csv".into(), sheet: "".into(), row: 2 },
        source,
        as_of,
        town: None,
        person: Person::default(),
        claims: vec![Claim { what, on: as_of, words: None }],
        doubts: Vec::new(),
        review_only: None,
    }
}

fn roll(school: &str, grade: u8, status: EnrolmentStatus) -> Statement {
    let transfer = (status == EnrolmentStatus::TransferredOut).then(|| Transfer {
        kind: "跨省转出".to_owned(),
        on: Some(day(2019, 9, 2)),
        school: None,
    });
    Statement::Enrolment(Enrolment {
        school: school.to_owned(),
        grade: Grade::new(grade),
        status,
        mode: None,
        transfer,
    })
}

/// Twenty pupils of grade 3 in June; what the register of October says of the first ones, the rest risen to grade 4.
fn found(first: &[Option<Statement>]) -> Monitoring {
    let mut rows: Vec<(i64, Source, NaiveDate, Statement)> = Vec::new();
    for child in 0..20 {
        let there = |grade| roll("东沟小学", grade, EnrolmentStatus::Attending);
        rows.push((child, Source::StudentRegistry, june(), there(3)));
        let now = usize::try_from(child).ok().and_then(|at| first.get(at)).cloned();
        if let Some(what) = now.unwrap_or_else(|| Some(there(4))) {
            rows.push((child, Source::StudentRegistry, october(), what));
        }
    }
    rows.push((
        99,
        Source::StudentRegistry,
        october(),
        roll("东沟小学", 4, EnrolmentStatus::Attending),
    ));
    monitored(&rows, &settings())
}

fn monitored(rows: &[(i64, Source, NaiveDate, Statement)], settings: &Settings) -> Monitoring {
    let records: Vec<Record> = rows
        .iter()
        .enumerate()
        .map(|(at, (_, source, on, what))| record(at, *source, *on, what.clone()))
        .collect();
    let mut children: Vec<Child<'_>> = Vec::new();
    for ((id, ..), record) in rows.iter().zip(&records) {
        match children.iter_mut().find(|child| child.id == ChildId(*id)) {
            Some(child) => child.records.push(record),
            None => children.push(Child::new(ChildId(*id), vec![record])),
        }
    }
    mark_superseded(&mut children, settings);
    monitor(&children, settings)
}

fn of(monitoring: &Monitoring, change: Change) -> Vec<&Finding> {
    monitoring.findings.iter().filter(|finding| finding.change == change).collect()
}

#[test]
fn every_child_of_two_registers_is_in_one_class() {
    let found = found(&[
        None,
        Some(roll("东沟小学", 4, EnrolmentStatus::TransferredOut)),
        Some(roll("西坡小学", 4, EnrolmentStatus::Attending)),
        Some(roll("东沟小学", 3, EnrolmentStatus::Attending)),
    ]);
    let pair = &found.pairs[0];
    assert_eq!((pair.older, pair.newer, pair.lists), (june(), october(), 1));
    let parts = [pair.stayed, pair.changed_school, pair.left, pair.vanished];
    assert_eq!(parts, [17, 1, 1, 1]);
    assert_eq!(parts.iter().sum::<usize>(), pair.older_children);
    assert_eq!(pair.arrived, 1);
    assert_eq!(pair.newer_children, 19);
    let vanished = of(&found, Change::Vanished);
    assert_eq!(vanished[0].child, ChildId(0));
    assert_eq!((vanished[0].on, vanished[0].due), (october(), Some(day(2019, 11, 9))));
    assert!(!vanished[0].overdue);
    let stands = of(&found, Change::GradeStands);
    assert_eq!((stands.len(), stands[0].child), (1, ChildId(3)));
    assert_eq!(of(&found, Change::Arrived)[0].child, ChildId(99));
}

#[test]
fn a_transfer_without_arrival_is_overdue_after_its_days() {
    let left = roll("东沟小学", 4, EnrolmentStatus::TransferredOut);
    let rows = [(1, Source::StudentRegistry, october(), left.clone())];
    let found = monitored(&rows, &settings());
    let open = of(&found, Change::NotArrived);
    assert_eq!((open[0].on, open[0].due), (day(2019, 9, 2), Some(day(2019, 10, 2))));
    assert!(open[0].overdue);

    let there = roll("西坡小学", 4, EnrolmentStatus::Attending);
    let rows = [
        (1, Source::StudentRegistry, october(), left),
        (1, Source::StudentRegistry, october(), there),
    ];
    assert!(of(&monitored(&rows, &settings()), Change::NotArrived).is_empty());
}

#[test]
fn an_absence_is_shown_with_the_day_on_which_it_passes_the_next_threshold() {
    let absent = |days, returned| {
        let row = Absence {
            until: october(),
            since: None,
            days: Some(days),
            returned,
            returned_on: None,
            no_show: false,
            school: None,
            cause: None,
        };
        let rows = [(1, Source::SchoolReport, october(), Statement::Absence(row))];
        let found = monitored(&rows, &settings());
        of(&found, Change::AbsenceRuns).first().map(|f| (f.due, f.overdue))
    };
    assert_eq!(absent(5, false), Some((Some(day(2019, 10, 12)), true)), "suspected at 7");
    assert_eq!(absent(8, false), Some((Some(day(2019, 11, 2)), false)), "dropout after 30");
    assert_eq!(absent(31, false), None, "it has passed both");
    assert_eq!(absent(8, true), None);
}
