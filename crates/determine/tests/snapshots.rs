//! Registers that come again: which rows the newer one replaces, and when it is too different to replace any.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its story must fail")]

use baoxue_claim::{
    BatchId, ChildId, Claim, Enrolment, EnrolmentStatus, Grade, Origin, Person, Record, RecordId,
    Source, Statement, SurveyFinding, VerdictCode,
};
use baoxue_determine::{
    Child, Files, Pack, Settings, SnapshotDoubt, SnapshotRules, determine, mark_superseded,
};
use chrono::NaiveDate;

/// A row: child, school, day of the register in October 2019 or before, grade.
type Row = (i64, &'static str, (i32, u32, u32), u8);

const SEPTEMBER: (i32, u32, u32) = (2019, 9, 10);
const OCTOBER: (i32, u32, u32) = (2019, 10, 10);
const JULY: (i32, u32, u32) = (2019, 7, 5);

fn day((y, m, d): (i32, u32, u32)) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn settings() -> Settings {
    Settings::new(day((2019, 11, 1)))
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

fn enrolled(at: usize, (_, school, as_of, grade): Row) -> Record {
    let row = Enrolment {
        school: school.to_owned(),
        grade: Grade::new(grade),
        status: EnrolmentStatus::Attending,
        mode: None,
        transfer: None,
    };
    record(at, Source::StudentRegistry, day(as_of), Statement::Enrolment(row))
}

fn children(of: impl Iterator<Item = i64>, records: &[Record]) -> Vec<Child<'_>> {
    let mut children: Vec<Child<'_>> = Vec::new();
    for (id, record) in of.zip(records) {
        match children.iter_mut().find(|child| child.id == ChildId(id)) {
            Some(child) => child.records.push(record),
            None => children.push(Child::new(ChildId(id), vec![record])),
        }
    }
    children
}

/// The children of whom a row of the day is replaced, and what is doubtful.
fn replaced(rows: &[Row], settings: &Settings) -> (Vec<i64>, Vec<SnapshotDoubt>) {
    let records: Vec<Record> =
        rows.iter().enumerate().map(|(at, row)| enrolled(at, *row)).collect();
    let mut children = children(rows.iter().map(|row| row.0), &records);
    let doubts = mark_superseded(&mut children, settings);
    let mut gone: Vec<i64> =
        children.iter().filter(|child| !child.superseded.is_empty()).map(|c| c.id.0).collect();
    gone.sort_unstable();
    (gone, doubts)
}

/// A school of so many pupils of a grade from a number on, without those left out.
fn school(
    name: &'static str,
    as_of: (i32, u32, u32),
    grade: u8,
    pupils: std::ops::Range<i64>,
    without: &[i64],
) -> Vec<Row> {
    let there = pupils.filter(|child| !without.contains(child));
    there.map(|child| (child, name, as_of, grade)).collect()
}

#[test]
fn a_newer_register_of_the_county_replaces_the_older_one() {
    let mut rows = school("甲校", SEPTEMBER, 3, 0..20, &[]);
    rows.extend(school("乙校", SEPTEMBER, 3, 20..40, &[]));
    rows.extend(school("甲校", OCTOBER, 3, 0..20, &[7]));
    rows.extend(school("乙校", OCTOBER, 3, 20..40, &[30]));
    let (gone, doubts) = replaced(&rows, &settings());
    assert_eq!(gone, (0..40).collect::<Vec<i64>>());
    assert_eq!(doubts, []);
}

#[test]
fn a_few_more_pupils_replace_nothing() {
    let mut rows = school("甲校", SEPTEMBER, 3, 0..20, &[]);
    rows.extend(school("甲校", OCTOBER, 3, 18..25, &[]));
    assert_eq!(replaced(&rows, &settings()), (Vec::new(), Vec::new()));
}

#[test]
fn the_roll_of_one_school_replaces_its_own_alone() {
    let mut rows = school("甲校", SEPTEMBER, 3, 0..20, &[]);
    rows.extend(school("乙校", SEPTEMBER, 3, 20..40, &[]));
    rows.extend(school("甲校", OCTOBER, 3, 0..20, &[7]));
    let (gone, doubts) = replaced(&rows, &settings());
    assert_eq!(gone, (0..20).collect::<Vec<i64>>());
    assert_eq!(doubts, []);
}

#[test]
fn a_register_that_differs_too_much_replaces_nothing_and_says_so() {
    let mut rows = school("甲校", SEPTEMBER, 3, 0..20, &[]);
    rows.extend(school("甲校", OCTOBER, 3, 0..12, &[]));
    let (gone, doubts) = replaced(&rows, &settings());
    assert_eq!(gone, []);
    let [SnapshotDoubt { older, newer, lists, .. }] = doubts.as_slice() else {
        panic!("{doubts:?}")
    };
    assert_eq!((*older, *newer), (day(SEPTEMBER), day(OCTOBER)));
    assert_eq!((lists[0].name.as_str(), lists[0].expected, lists[0].found), ("甲校", 20, 12));

    let lower = SnapshotRules { full_percent: 60, ask_percent: 20 };
    let (gone, doubts) = replaced(&rows, &Settings { snapshot: lower, ..settings() });
    assert_eq!((gone.len(), doubts.len()), (20, 0), "the share is the county's to set");
}

#[test]
fn a_school_that_a_whole_register_lacks_stays_and_is_named() {
    let mut rows = Vec::new();
    for (name, first) in
        [("甲校", 0), ("乙校", 20), ("丙校", 40), ("丁校", 60), ("戊校", 80), ("己校", 100)]
    {
        rows.extend(school(name, SEPTEMBER, 3, first..first + 20, &[]));
        if name != "己校" {
            rows.extend(school(name, OCTOBER, 3, first..first + 20, &[]));
        }
    }
    rows.extend(school("教学点", SEPTEMBER, 3, 200..202, &[]));
    let (gone, doubts) = replaced(&rows, &settings());
    assert!(!gone.contains(&110), "a school's file was left out");
    assert!(gone.contains(&200), "two pupils of a small school may have gone");
    assert_eq!(doubts[0].lists.len(), 1);
    assert_eq!(doubts[0].lists[0].name, "己校");
}

#[test]
fn who_finishes_a_stage_is_missed_by_a_whole_register_alone() {
    let mut county = school("小学", JULY, 5, 0..40, &[]);
    county.extend(school("小学", JULY, 6, 40..60, &[]));
    let mut rows = county.clone();
    rows.extend(school("小学", OCTOBER, 6, 0..40, &[]));
    let (gone, doubts) = replaced(&rows, &settings());
    assert!(gone.contains(&39) && doubts.is_empty(), "its sixth class is not missed: {doubts:?}");

    let mut two = county;
    two.extend(school("初中", JULY, 7, 60..200, &[]));
    let mut rows = two.clone();
    rows.extend(school("小学", OCTOBER, 6, 0..40, &[]));
    let (gone, _) = replaced(&rows, &settings());
    assert!(!gone.contains(&45), "the roll of the junior school has not come");
    rows.extend(school("初中", OCTOBER, 7, 40..60, &[45]));
    rows.extend(school("初中", OCTOBER, 8, 60..200, &[]));
    assert!(replaced(&rows, &settings()).0.contains(&45), "it has come, without the child");
}

#[test]
fn registers_of_one_day_are_one_and_days_to_come_are_none() {
    let mut rows = school("甲校", OCTOBER, 3, 0..10, &[]);
    rows.extend(school("甲校", OCTOBER, 3, 0..9, &[]));
    assert_eq!(replaced(&rows, &settings()), (Vec::new(), Vec::new()));
    let mut rows = school("甲校", OCTOBER, 3, 0..10, &[]);
    rows.extend(school("甲校", (2019, 12, 1), 3, 0..9, &[]));
    assert_eq!(replaced(&rows, &settings()), (Vec::new(), Vec::new()));
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let mut rows = school("甲校", JULY, 2, 0..20, &[]);
    rows.extend(school("甲校", SEPTEMBER, 3, 0..20, &[3]));
    rows.extend(school("甲校", OCTOBER, 3, 0..20, &[3, 7]));
    let before = replaced(&rows, &settings());
    rows.reverse();
    assert_eq!(replaced(&rows, &settings()), before);
}

#[test]
fn who_is_on_the_older_roll_alone_is_to_be_looked_for() {
    let mut rows = school("甲校", SEPTEMBER, 3, 0..20, &[]);
    rows.extend(school("甲校", OCTOBER, 3, 0..20, &[7]));
    let records: Vec<Record> =
        rows.iter().enumerate().map(|(at, row)| enrolled(at, *row)).collect();
    let mut all = children(rows.iter().map(|row| row.0), &records);
    mark_superseded(&mut all, &settings());
    let found = determine(&all, &Files::default(), &Pack::builtin(), &settings());
    for child in found {
        let gone = child.profile.child == ChildId(7);
        let expected = if gone { VerdictCode::Unverified } else { VerdictCode::EnrolledLocal };
        assert_eq!(child.verdict.code, expected, "{:?}", child.verdict.reason);
        assert_eq!(child.profile.on_live_roll, !gone);
        assert_eq!(child.verdict.words_zh.contains("2019-10-10的学籍已没有"), gone);
    }
}

#[test]
fn a_newer_survey_of_the_town_replaces_only_that_a_child_is_at_school() {
    let finding = |child: i64| match child {
        8 => SurveyFinding::Out { cause: None },
        _ => SurveyFinding::InSchool { school: None, grade: None },
    };
    let row = |at: usize, child: i64, as_of| {
        let what = Statement::Survey { finding: finding(child) };
        Record {
            town: Some("990000101".parse().unwrap()),
            ..record(at, Source::TownSurvey, day(as_of), what)
        }
    };
    let older = (0..20).map(|child| (child, JULY));
    let newer = (0..20).filter(|child| ![7, 8].contains(child)).map(|child| (child, OCTOBER));
    let rows: Vec<(i64, (i32, u32, u32))> = older.chain(newer).collect();
    let records: Vec<Record> =
        rows.iter().enumerate().map(|(at, (child, as_of))| row(at, *child, *as_of)).collect();
    let mut all = children(rows.iter().map(|row| row.0), &records);
    assert_eq!(mark_superseded(&mut all, &settings()), []);
    let found = determine(&all, &Files::default(), &Pack::builtin(), &settings());
    let of = |child: i64| {
        let found = found.iter().find(|found| found.profile.child == ChildId(child)).unwrap();
        (found.verdict.code, found.verdict.reason.as_str())
    };
    assert_eq!(of(3), (VerdictCode::EnrolledLocal, "CHILD_WITHOUT_REGISTRY"));
    assert_eq!(of(7), (VerdictCode::Unverified, "NO_EVIDENCE"));
    assert_eq!(of(8).0, VerdictCode::Unverified, "no registry has come, so nobody is accused");
    let cites = found.iter().find(|found| found.profile.child == ChildId(8)).unwrap();
    assert_eq!(cites.verdict.claims.len(), 1, "that it is out still stands");
}
