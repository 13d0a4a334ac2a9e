//! Stories of boarders, of who was paid and who was not.

use baoxue_claim::{
    BatchId, Birth, Claim, Enrolment, EnrolmentStatus, Grade, Origin, Person, Record, RecordId,
    Source, StudyMode, SurveyFinding,
};

use super::*;
use crate::{Child, Determined, Files, Pack, determine};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2019, month, day).unwrap()
}

/// What is so of a pupil of grade 8.
#[derive(Clone, Copy)]
struct Pupil {
    poor: bool,
    mode: Option<StudyMode>,
    /// Yuan, one for each payment of the spring term.
    paid: &'static [u32],
    dropped_out: bool,
}

const BOARDER: Pupil =
    Pupil { poor: true, mode: Some(StudyMode::Boarding), paid: &[625], dropped_out: false };

fn words(pupil: Pupil) -> Vec<(Source, NaiveDate, Statement)> {
    let row = Enrolment {
        school: "东沟中学".to_owned(),
        grade: Grade::new(8),
        status: EnrolmentStatus::Attending,
        mode: pupil.mode,
        transfer: None,
    };
    let mut words = vec![(Source::StudentRegistry, day(7, 5), Statement::Enrolment(row))];
    if pupil.poor {
        let what = Statement::Poverty { grade: None, out: false };
        words.push((Source::PovertyRegister, day(1, 1), what));
    }
    if pupil.dropped_out {
        let finding = baoxue_claim::InspectionFinding::Out;
        words.push((Source::Inspection, day(4, 1), Statement::Inspection { finding, seen: true }));
    } else {
        let finding = SurveyFinding::InSchool { school: None, grade: None };
        words.push((Source::TownSurvey, day(7, 20), Statement::Survey { finding }));
    }
    for yuan in pupil.paid {
        let paid = AidPaid {
            aid: AidKind::BoardingLiving,
            term: Some(SchoolTerm { year: 2019, autumn: false }),
            fen: Some(yuan * 100),
            on: Some(day(5, 15)),
            mode: None,
        };
        words.push((Source::AidPayment, day(5, 15), Statement::Aid(paid)));
    }
    words
}

fn records(child: u32, pupil: Pupil) -> Vec<Record> {
    let person = Person {
        birth: NaiveDate::from_ymd_opt(2005, 5, 1).map(Birth::Day),
        grade: Grade::new(8),
        ..Person::default()
    };
    (child * 100..)
        .zip(words(pupil))
        .map(|(at, (source, on, what))| Record {
            id: RecordId::new(BatchId(1), at),
            origin: Origin { file: "a.csv".into(), sheet: "".into(), row: at + 2 },
            source,
            as_of: on,
            town: None,
            person: person.clone(),
            claims: vec![Claim { what, on, words: None }],
            doubts: Vec::new(),
            review_only: None,
        })
        .collect()
}

/// How the first pupil stands; another boarder is paid rightly, so that a list of the term is there.
fn standing(pupil: Pupil) -> Option<AidCase> {
    let records = [records(1, pupil), records(2, BOARDER)];
    let children: Vec<Child<'_>> = (1..)
        .zip(&records)
        .map(|(id, records)| Child::new(ChildId(id), records.iter().collect()))
        .collect();
    let settings = Settings::new(day(8, 25));
    let found: Vec<Determined> =
        determine(&children, &Files::default(), &Pack::builtin(), &settings);
    let known: Vec<Known<'_>> = children
        .iter()
        .zip(&found)
        .map(|(child, found)| Known { records: child.records.clone(), found })
        .collect();
    let aid = aid(&known, &settings);
    let counts = aid.counts().unwrap();
    let cases: u32 = counts.iter().map(|count| count.cases).sum();
    let sums: u32 = counts.iter().flat_map(|count| count.standings).sum();
    assert_eq!((cases, sums), (aid.cases.len().try_into().unwrap(), cases));
    aid.cases.into_iter().find(|case| case.child == ChildId(1))
}

#[track_caller]
fn check(pupil: Pupil, expected: Standing, reason: Reason) {
    let case = standing(pupil).unwrap();
    assert_eq!(case.standing, expected);
    assert!(case.reasons.contains(&reason), "{:?}", case.reasons);
}

#[test]
fn a_poor_boarder_is_entitled_and_every_difference_has_its_name() {
    check(BOARDER, Standing::Right, Reason::Poor);
    check(Pupil { paid: &[], ..BOARDER }, Standing::Gap, Reason::Boards);
    check(Pupil { paid: &[750], ..BOARDER }, Standing::OtherAmount, Reason::Poor);
    check(Pupil { paid: &[625, 625], ..BOARDER }, Standing::Twice, Reason::Poor);
    check(Pupil { poor: false, ..BOARDER }, Standing::WithoutTitle, Reason::NoHardship);
    check(Pupil { dropped_out: true, ..BOARDER }, Standing::PaidWhileOut, Reason::NotInSchool);
    check(
        Pupil { mode: Some(StudyMode::Day), ..BOARDER },
        Standing::WithoutTitle,
        Reason::DoesNotBoard,
    );
    check(Pupil { mode: None, paid: &[], ..BOARDER }, Standing::Unknown, Reason::ModeUnknown);
}

#[test]
fn who_is_not_entitled_and_got_nothing_is_no_case() {
    let nobody = Pupil { poor: false, paid: &[], ..BOARDER };
    assert!(standing(nobody).is_none());
}
