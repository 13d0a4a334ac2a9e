//! A county where one child after another changes: what is judged again is what would be judged anew.

#![expect(clippy::unwrap_used, reason = "a test that cannot build its input must fail")]

use baoxue_claim::{
    Absence, BatchId, Birth, Certificate, ChildId, Claim, Enrolment, EnrolmentStatus, Origin,
    Person, Record, RecordId, Source, Statement, SurveyFinding,
};
use baoxue_determine::{Child, Files, Pack, Settings, Sitting, determine};
use chrono::NaiveDate;
use proptest::{collection::vec, prelude::*};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2019, month, day).unwrap()
}

/// One of the statements that rest on what other children tell, and of those that do not.
fn statement(kind: u8, school: u8) -> (Source, Statement) {
    let school = format!("第{school}小学");
    let absence = |until: NaiveDate, days: u32| Absence {
        until,
        since: None,
        days: Some(days),
        school_days: None,
        persuasions: None,
        returned: false,
        returned_on: None,
        no_show: false,
        school: Some(school.clone()),
        cause: None,
    };
    match kind {
        0 => (Source::SchoolReport, Statement::Absence(absence(day(5, 31), 40))),
        1 => (Source::SchoolReport, Statement::Absence(absence(day(6, 30), 10))),
        2 => (Source::PopulationRegister, Statement::Registered),
        3 => {
            (Source::TownSurvey, Statement::Survey { finding: SurveyFinding::Out { cause: None } })
        }
        4 => (
            Source::StudentRegistry,
            Statement::Enrolment(Enrolment {
                school,
                grade: None,
                status: EnrolmentStatus::Attending,
                mode: None,
                transfer: None,
            }),
        ),
        _ => (
            Source::Certificate,
            Statement::Certificate(Certificate {
                school: Some(school),
                place: None,
                issued: Some(day(6, 1)),
                until: None,
                sealed: Some(true),
                verified: Some(true),
                verified_how: None,
            }),
        ),
    }
}

fn record(at: usize, (kind, school): (u8, u8)) -> Record {
    let (source, what) = statement(kind, school);
    Record {
        id: RecordId::new(BatchId(1), u32::try_from(at).unwrap()),
        origin: Origin { file: "a.csv".into(), sheet: "".into(), row: 2 },
        source,
        as_of: day(7, 5),
        town: None,
        person: Person {
            birth: NaiveDate::from_ymd_opt(2009, 3, 1).map(Birth::Day),
            ..Person::default()
        },
        claims: vec![Claim { what, on: day(7, 5), words: None }],
        doubts: Vec::new(),
        review_only: None,
    }
}

fn said() -> impl Strategy<Value = (u8, u8)> {
    (0..6u8, 0..3u8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_change_gives_what_judging_all_anew_gives(
        rows in vec(said(), 12),
        changes in vec((0..6usize, vec(0..12usize, 0..3)), 1..6),
    ) {
        let records: Vec<Record> = rows.iter().enumerate().map(|(at, said)| record(at, *said)).collect();
        let child = |id: usize, of: &[usize]| {
            let records = of.iter().map(|at| &records[*at]).collect();
            Child::new(ChildId(i64::try_from(id).unwrap()), records)
        };
        let mut children: Vec<Child<'_>> =
            (0..6).map(|id| child(id, &[2 * id, 2 * id + 1])).collect();
        let (pack, settings) = (Pack::builtin(), Settings::new(day(8, 25)));
        let files = Files::default();
        let mut sitting = Sitting::new(children.clone(), &files, &pack, &settings);
        for (at, of) in &changes {
            let before = sitting.found().to_vec();
            children[*at] = child(*at, of);
            let concerned = sitting.change(*at, children[*at].clone());
            let anew = determine(&children, &files, &pack, &settings);
            prop_assert_eq!(sitting.found(), anew.as_slice());
            let changed = (0..6).filter(|at| before[*at] != anew[*at]);
            prop_assert!(changed.into_iter().all(|at| concerned.contains(&at)));
        }
    }
}
