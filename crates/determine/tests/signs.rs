//! Signs of abuse, and the class that tells nothing of who is in it.

#![expect(clippy::unwrap_used, reason = "a test that cannot build its input must fail")]

use baoxue_claim::{
    BatchId, Birth, Cause, Certificate, ChildId, Claim, Deferral, DeferralKind, Departure,
    Diagnosed, Enrolment, EnrolmentStatus, InspectionFinding, Leave, LeaveKind, Origin, Person,
    Private, Record, RecordId, Source, Statement, SurveyFinding, VerdictCode,
};
use baoxue_determine::{Child, Files, Pack, Settings, Sign, determine, signs};
use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn settings() -> Settings {
    Settings::new(day("2019-08-25"))
}

/// A row that says something on a day, in a file of 10 July.
fn record(at: u32, source: Source, on: &str, what: Statement) -> Record {
    let birth = NaiveDate::from_ymd_opt(2008, 3, 5).map(Birth::Day);
    let mut person = Person { birth, ..Person::default() };
    person.registered_at.village = Some("东沟村".to_owned());
    Record {
        id: RecordId::new(BatchId(1), at),
        origin: Origin { file: "a.csv".into(), sheet: "".into(), row: at + 2 },
        source,
        as_of: day("2019-07-10"),
        town: None,
        person,
        claims: vec![Claim { what, on: day(on), words: None }],
        doubts: Vec::new(),
        review_only: None,
    }
}

fn suspension(from: &str, to: &str) -> Statement {
    Statement::Leave(Leave {
        kind: LeaveKind::Suspension,
        period: Some((day(from), day(to))),
        approved: Some(true),
        approver: Some("县教育局".to_owned()),
        school: None,
        diagnosed: None,
    })
}

fn exemption() -> Statement {
    Statement::Deferral(Deferral {
        kind: DeferralKind::Exemption,
        period: Some((day("2018-09-01"), day("2019-08-31"))),
        approved: Some(true),
        document: None,
        diagnosed: None,
    })
}

fn saw_out() -> Statement {
    Statement::Inspection { finding: InspectionFinding::Out, seen: true }
}

fn certificate(school: &str) -> Statement {
    Statement::Certificate(Certificate {
        school: Some(school.to_owned()),
        place: None,
        issued: Some(day("2019-06-01")),
        until: None,
        sealed: Some(true),
        verified: Some(true),
        verified_how: None,
    })
}

fn enrolled(school: &str) -> Statement {
    Statement::Enrolment(Enrolment {
        school: school.to_owned(),
        grade: None,
        status: EnrolmentStatus::Attending,
        mode: None,
        transfer: None,
    })
}

/// The signs of one child among others.
fn signs_of(records: &[Record], others: &[Record]) -> Vec<Sign> {
    let mut children = vec![Child::new(ChildId(1), records.iter().collect())];
    let other = |(record, id): (_, i64)| Child::new(ChildId(id), vec![record]);
    children.extend(others.iter().zip(2..).map(other));
    let (pack, files) = (Pack::builtin(), Files::default());
    let found = determine(&children, &files, &pack, &settings());
    let all = signs(&children, &found, &files, &settings());
    all.into_iter().filter(|s| s.children.contains(&ChildId(1))).map(|s| s.sign).collect()
}

#[test]
fn a_paper_signed_after_the_inspection_for_days_before_it() {
    let seen = record(0, Source::Inspection, "2019-05-20", saw_out());
    let paper =
        |on: &str, from: &str| record(1, Source::Approval, on, suspension(from, "2020-02-29"));
    let sign = |paper: Record| signs_of(&[seen.clone(), paper], &[]);
    assert_eq!(sign(paper("2019-06-01", "2019-03-01")), [Sign::SignedAfterInspection]);
    assert_eq!(sign(paper("2019-05-19", "2019-03-01")), []);
    assert_eq!(sign(paper("2019-06-01", "2019-06-01")), []);
    // The day of the file is no day of signing.
    assert_eq!(sign(paper("2019-07-10", "2019-03-01")), []);
}

#[test]
fn two_births_in_one_police_file_name_both_rows() {
    let row = |at, born: (i32, u32, u32)| {
        let mut row = record(at, Source::PopulationRegister, "2019-07-10", Statement::Registered);
        row.person.birth = NaiveDate::from_ymd_opt(born.0, born.1, born.2).map(Birth::Day);
        row
    };
    // Of age by both: nothing changes for the child, and the police must say which.
    let rows = [row(0, (2010, 3, 5)), row(1, (2011, 3, 5)), row(2, (2010, 3, 5))];
    let children = [Child::new(ChildId(1), rows.iter().collect())];
    let (pack, files) = (Pack::builtin(), Files::default());
    let found = determine(&children, &files, &pack, &settings());
    let all = signs(&children, &found, &files, &settings());
    assert_eq!(all.iter().map(|sign| sign.sign).collect::<Vec<_>>(), [Sign::TwoBirths]);
    let named: Vec<u32> = all[0].claims.iter().map(|claim| claim.record.ordinal()).collect();
    assert_eq!(named, [0, 1, 2]);
    assert_eq!(all[0].since, day("2019-07-10"));
    // A newer register corrects an older one, for the sign and for the verdict.
    let newer = |born| {
        let mut row = row(1, born);
        row.as_of = day("2019-08-01");
        row
    };
    assert_eq!(signs_of(&[row(0, (2010, 3, 5)), newer((2011, 3, 5))], &[]), []);
    let code = |rows: &[Record]| {
        let children = [Child::new(ChildId(1), rows.iter().collect())];
        determine(&children, &files, &pack, &settings())[0].verdict.code
    };
    let (of_age, too_young) = ((2012, 8, 31), (2012, 9, 2));
    assert_eq!(code(&[row(0, of_age), row(1, too_young)]), VerdictCode::Conflict);
    assert_eq!(code(&[row(0, of_age), newer(too_young)]), VerdictCode::NotYetOfAge);
    assert_eq!(code(&[row(0, too_young), newer(of_age)]), VerdictCode::Unverified);
    // One birth, and one of which only the year is known, agree.
    let mut year = row(1, (2010, 3, 5));
    year.person.birth = Some(Birth::Year(2010));
    assert_eq!(signs_of(&[row(0, (2010, 3, 5)), year], &[]), []);
    // What a town writes is no row of the police.
    let mut town = row(1, (2011, 3, 5));
    town.source = Source::TownSurvey;
    assert_eq!(signs_of(&[row(0, (2010, 3, 5)), town], &[]), []);
}

#[test]
fn a_diagnosis_from_below_the_county() {
    let mut paper =
        record(0, Source::Approval, "2019-06-01", suspension("2019-03-01", "2020-02-29"));
    assert_eq!(signs_of(&[paper.clone()], &[]), []);
    paper.claims[0].words = Some(Private::new("东沟卫生院诊断"));
    assert_eq!(signs_of(&[paper], &[]), [Sign::LowHospital]);
}

#[test]
fn a_certificate_of_a_school_whose_roll_lacks_the_child() {
    let paper = record(0, Source::Certificate, "2019-06-01", certificate("甲县第二小学"));
    let of =
        |school: &str| vec![record(9, Source::StudentRegistry, "2019-07-10", enrolled(school))];
    assert_eq!(signs_of(std::slice::from_ref(&paper), &of("甲县第二小学")), [Sign::NotOnRoll]);
    assert_eq!(signs_of(std::slice::from_ref(&paper), &of("甲县第一小学")), []);
    let on_roll = record(1, Source::StudentRegistry, "2019-07-10", enrolled("甲县第二小学"));
    assert_eq!(signs_of(&[paper.clone(), on_roll], &of("甲县第二小学")), []);
    let mut elsewhere = paper.clone();
    let Statement::Certificate(row) = &mut elsewhere.claims[0].what else { unreachable!() };
    row.place = Some("某省某市".to_owned());
    assert_eq!(signs_of(&[elsewhere], &of("甲县第二小学")), [], "a school of that name elsewhere");

    let child = Child::new(ChildId(1), vec![&paper]);
    let roll = of("甲县第二小学");
    let other = Child::new(ChildId(2), vec![&roll[0]]);
    let found = determine(&[child, other], &Files::default(), &Pack::builtin(), &settings());
    assert_eq!(found[0].verdict.code, VerdictCode::Unverified);
    assert_eq!(found[0].verdict.refused[0].why, "所写学校的学籍名册没有该生");
}

#[test]
fn exempted_and_at_work() {
    let paper = record(0, Source::Approval, "2019-06-01", exemption());
    let works = SurveyFinding::Out { cause: Some(Cause::Work) };
    let survey = record(1, Source::TownSurvey, "2019-07-01", Statement::Survey { finding: works });
    assert_eq!(signs_of(std::slice::from_ref(&paper), &[]), []);
    assert_eq!(signs_of(&[paper, survey], &[]), [Sign::ExemptAtWork]);
}

#[test]
fn what_has_ended_and_nobody_asked_about() {
    let paper = record(0, Source::Approval, "2018-03-01", suspension("2018-03-01", "2019-02-28"));
    assert_eq!(signs_of(std::slice::from_ref(&paper), &[]), [Sign::EndedUnnoticed]);
    let later = record(1, Source::StudentRegistry, "2019-07-10", enrolled("甲县第一小学"));
    assert_eq!(signs_of(&[paper, later], &[]), []);
    let missing = |on: &str| {
        let what = Statement::Departure(Departure::Missing { on: None });
        [record(0, Source::Departure, on, what)]
    };
    assert_eq!(signs_of(&missing("2019-07-24"), &[]), [Sign::RecheckDue]);
    assert_eq!(signs_of(&missing("2019-07-25"), &[]), []);
}

#[test]
fn an_approval_for_longer_than_one_may_last() {
    let of = |to: &str| {
        let paper = record(0, Source::Approval, "2019-03-01", suspension("2019-03-01", to));
        signs_of(&[paper], &[])
    };
    assert_eq!(of("2020-02-29"), []);
    assert_eq!(of("2020-03-01"), [Sign::TooLong]);
}

#[test]
fn a_pupil_whom_the_school_struck_off() {
    let of = |words: &str| {
        let Statement::Enrolment(mut row) = enrolled("甲县第一小学") else {
            return Vec::new();
        };
        row.status = EnrolmentStatus::Left;
        let mut left = record(0, Source::StudentRegistry, "2019-07-10", Statement::Enrolment(row));
        left.claims[0].words = Some(Private::new(words));
        signs_of(&[left], &[])
    };
    assert_eq!(of("开除"), [Sign::StruckOff]);
    assert_eq!(of("其他离校"), []);
}

#[test]
fn many_papers_in_one_village() {
    // The village that answers for a child is that of its registered address.
    let paper = |at| {
        let mut paper = record(at, Source::PopulationRegister, "2019-06-01", exemption());
        paper.person.registered_at.town = Some("990000101".parse().unwrap());
        paper
    };
    let others: Vec<Record> = (1..=4).map(paper).collect();
    assert_eq!(signs_of(&[paper(0)], &others), [Sign::Cluster]);
    assert_eq!(signs_of(&[paper(0)], &others[..3]), []);
}

#[test]
fn the_neutral_class_tells_nothing_of_who_is_in_it() {
    let offence = SurveyFinding::Out { cause: Some(Cause::Offence) };
    let kinds = [
        record(0, Source::TownSurvey, "2019-07-01", Statement::Survey { finding: offence }),
        record(0, Source::Certificate, "2019-06-01", certificate("某省艺术团")),
        record(0, Source::Certificate, "2019-06-01", certificate("某市专门学校")),
        record(0, Source::StudentRegistry, "2019-07-10", enrolled("某市体育运动学校")),
    ];
    let mut words = Vec::new();
    for kind in &kinds {
        let child = Child::new(ChildId(1), vec![kind]);
        let found = determine(&[child], &Files::default(), &Pack::builtin(), &settings());
        let verdict = &found[0].verdict;
        assert_eq!(verdict.code, VerdictCode::OtherArrangement, "{:?}", kind.claims[0].what);
        assert_eq!((verdict.cause, verdict.confirmed, verdict.refused.len()), (None, false, 0));
        let until = verdict.expires.unwrap().to_string();
        let plain = |text: &str| text.replace(&until, "DAY");
        words.push((plain(&verdict.words_zh), plain(&verdict.words_en), verdict.ground.clone()));
    }
    words.dedup();
    assert_eq!(words.len(), 1, "{words:?}");
}

/// Suspensions of so many children, each a day after the other, diagnosed by one hospital and doctor.
fn diagnosed(
    n: u32,
    day_of: impl Fn(u32) -> u32,
    doctor: Option<&str>,
) -> Vec<(Sign, usize, String)> {
    let row = |at: u32| {
        let on = format!("2019-06-{:02}", day_of(at));
        let mut what = suspension("2019-06-01", "2020-05-31");
        if let Statement::Leave(leave) = &mut what {
            leave.diagnosed = Some(Box::new(Diagnosed {
                hospital: Some("县医院".to_owned()),
                doctor: doctor.map(Private::new),
            }));
        }
        let mut record = record(at, Source::Approval, &on, what);
        record.person.registered_at.village = Some(format!("第{at}村"));
        record
    };
    let records: Vec<Record> = (0..n).map(row).collect();
    let children: Vec<Child<'_>> =
        (1..).zip(&records).map(|(id, record)| Child::new(ChildId(id), vec![record])).collect();
    let (pack, files) = (Pack::builtin(), Files::default());
    let mut settings = settings();
    settings.abuse.within_days = 10;
    let found = determine(&children, &files, &pack, &settings);
    let all = signs(&children, &found, &files, &settings).into_iter();
    all.map(|s| (s.sign, s.children.len(), s.issuer.unwrap_or_default())).collect()
}

#[test]
fn many_diagnoses_of_one_hospital_or_doctor_in_a_short_time() {
    let hospital = |n| (Sign::SameHospital, n, "县医院".to_owned());
    let doctor = |n| (Sign::SameDoctor, n, "县医院周明".to_owned());
    assert_eq!(diagnosed(8, |at| at + 1, None), [hospital(8)]);
    assert_eq!(diagnosed(8, |at| at + 1, Some("周明")), [hospital(8), doctor(8)]);
    assert_eq!(diagnosed(7, |at| at + 1, Some("周明")), []);
    // Eight within ten days and the day they begin; three days apart they are never so many.
    assert_eq!(diagnosed(10, |at| 3 * at + 1, None), []);
    assert_eq!(diagnosed(12, |at| at + 1, None), [hospital(11)]);
}
