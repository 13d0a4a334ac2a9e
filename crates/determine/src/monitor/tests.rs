//! Stories of two registers, of transfers and of absences.

use baoxue_claim::{
    Absence, BatchId, Claim, Enrolment, EnrolmentStatus, Grade, Origin, Person, Record, RecordId,
    Report, Statement, SurveyFinding, Transfer,
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
    with_reports(rows, &Files::default(), settings)
}

fn with_reports(
    rows: &[(i64, Source, NaiveDate, Statement)],
    files: &Files,
    settings: &Settings,
) -> Monitoring {
    let records: Vec<Record> = rows
        .iter()
        .enumerate()
        .map(|(at, (_, source, on, what))| {
            let town = (*source == Source::TownSurvey).then(|| "610902003".parse().unwrap());
            Record { town, ..record(at, *source, *on, what.clone()) }
        })
        .collect();
    let mut children: Vec<Child<'_>> = Vec::new();
    for ((id, ..), record) in rows.iter().zip(&records) {
        match children.iter_mut().find(|child| child.id == ChildId(*id)) {
            Some(child) => child.records.push(record),
            None => children.push(Child::new(ChildId(*id), vec![record])),
        }
    }
    mark_superseded(&mut children, settings);
    monitor(&children, files, settings)
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
            school_days: None,
            persuasions: None,
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

#[test]
fn two_surveys_of_a_town_are_compared_like_two_registers() {
    let at =
        |school: &str| SurveyFinding::InSchool { school: Some(school.to_owned()), grade: None };
    let now = [
        None,
        Some(SurveyFinding::Out { cause: None }),
        Some(at("西坡小学")),
        Some(SurveyFinding::MovedAway),
    ];
    let mut rows = Vec::new();
    for child in 0..20 {
        let mut found = |on, finding| {
            rows.push((child, Source::TownSurvey, on, Statement::Survey { finding }));
        };
        found(june(), at("东沟小学"));
        let at_last = usize::try_from(child).ok().and_then(|n| now.get(n)).cloned();
        if let Some(finding) = at_last.unwrap_or_else(|| Some(at("东沟小学"))) {
            found(october(), finding);
        }
    }
    rows.push((99, Source::TownSurvey, october(), Statement::Survey { finding: at("东沟小学") }));
    let found = monitored(&rows, &settings());
    let pair = &found.pairs[0];
    assert_eq!((pair.source, pair.older, pair.newer), (Source::TownSurvey, june(), october()));
    let parts = [pair.stayed, pair.changed_school, pair.left, pair.vanished, pair.arrived];
    assert_eq!(parts, [17, 1, 1, 1, 1]);
    assert_eq!((pair.older_children, pair.newer_children), (20, 19));
    let turned = of(&found, Change::TurnedOut);
    assert_eq!((turned.len(), turned[0].child), (1, ChildId(1)));
    assert_eq!(turned[0].due, Some(day(2019, 11, 9)));
    assert_eq!(of(&found, Change::Vanished)[0].child, ChildId(0));
}

#[test]
fn who_is_no_longer_named_by_its_schools_next_report_is_asked_about() {
    let (may, july) = (day(2019, 5, 31), day(2019, 7, 5));
    let absent = |until, school: &str, returned| {
        Statement::Absence(Absence {
            until,
            since: None,
            days: Some(8),
            school_days: None,
            persuasions: None,
            returned,
            returned_on: None,
            no_show: false,
            school: Some(school.to_owned()),
            cause: None,
        })
    };
    let report = Source::SchoolReport;
    let rows = [
        (1, report, may, absent(may, "东沟小学", false)),
        (2, report, may, absent(may, "东沟小学", false)),
        (2, report, june(), absent(june(), "甲县东沟小学", true)),
        (3, report, may, absent(may, "东沟小学", false)),
        (3, report, june(), absent(june(), "东沟小学", false)),
        (4, report, june(), absent(june(), "东沟小学", false)),
        // A school that has not reported again, one that reported zero, and a child seen in school since.
        (5, report, may, absent(may, "西坡小学", false)),
        (6, report, may, absent(may, "南坪小学", false)),
        (7, report, may, absent(may, "东沟小学", false)),
        (
            7,
            Source::TownSurvey,
            july,
            Statement::Survey { finding: SurveyFinding::InSchool { school: None, grade: None } },
        ),
    ];
    let zero = |school: &str, until| Report {
        school: Some(school.to_owned()),
        town: None,
        until,
        zero: true,
    };
    let files = Files { reports: vec![zero("南坪小学", june())], ..Files::default() };
    let found = with_reports(&rows, &files, &settings());
    let pair = &found.pairs[0];
    assert_eq!((pair.source, pair.older, pair.newer, pair.lists), (report, may, june(), 2));
    let parts = [pair.stayed, pair.left, pair.vanished, pair.arrived];
    assert_eq!(parts, [1, 1, 3, 1]);
    assert_eq!((pair.older_children, pair.newer_children), (5, 2));
    let asked: Vec<ChildId> =
        of(&found, Change::Unanswered).iter().map(|finding| finding.child).collect();
    assert_eq!(asked, [ChildId(1), ChildId(6)]);
    assert_eq!(of(&found, Change::Unanswered)[0].due, Some(day(2019, 7, 30)));
}
