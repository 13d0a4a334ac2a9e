//! A county of 150,000 children: all verdicts, and again after a change of one child.

#![expect(missing_docs, reason = "criterion's macro makes a public function without one")]

use std::hint::black_box;

use baoxue_claim::{
    Absence, BatchId, Birth, ChildId, Claim, Enrolment, EnrolmentStatus, Grade, Origin, Person,
    Record, RecordId, Source, Statement, SurveyFinding,
};
use baoxue_determine::{Child, Files, Pack, Settings, Sitting, determine};
use chrono::NaiveDate;
use criterion::{Criterion, criterion_group, criterion_main};

const N_CHILDREN: u32 = 150_000;

fn records() -> Vec<Record> {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default();
    let as_of = day(2019, 7, 5);
    let mut records = Vec::new();
    let mut add = |n: u32, source: Source, what: Statement| {
        let ordinal = u32::try_from(records.len()).unwrap_or_default();
        let born = day(2004 + i32::try_from(n % 8).unwrap_or_default(), 3, 1 + n % 28);
        records.push(Record {
            id: RecordId::new(BatchId(1), ordinal),
            origin: Origin { file: source.name().into(), sheet: "".into(), row: ordinal + 1 },
            source,
            as_of,
            town: None,
            person: Person { birth: Some(Birth::Day(born)), ..Person::default() },
            claims: vec![Claim { what, on: as_of, words: None }],
            doubts: Vec::new(),
            review_only: None,
        });
    };
    for n in 0..N_CHILDREN {
        add(n, Source::PopulationRegister, Statement::Registered);
        add(n, Source::StudentRegistry, enrolment(n));
        let finding = if n.is_multiple_of(100) {
            SurveyFinding::Out { cause: None }
        } else {
            SurveyFinding::InSchool { school: None, grade: None }
        };
        add(n, Source::TownSurvey, Statement::Survey { finding });
        if n.is_multiple_of(50) {
            add(n, Source::SchoolReport, absence(n));
        }
    }
    records
}

fn enrolment(n: u32) -> Statement {
    Statement::Enrolment(Enrolment {
        school: format!("第{}小学", n % 90),
        grade: Grade::new(4),
        status: if n.is_multiple_of(30) {
            EnrolmentStatus::TransferredOut
        } else {
            EnrolmentStatus::Attending
        },
        mode: None,
        transfer: None,
    })
}

fn absence(n: u32) -> Statement {
    Statement::Absence(Absence {
        until: NaiveDate::from_ymd_opt(2019, 6, 30).unwrap_or_default(),
        since: None,
        days: Some(n % 60),
        school_days: None,
        persuasions: None,
        returned: false,
        returned_on: None,
        no_show: false,
        // The first child's school reports nobody else.
        school: Some(if n == 0 {
            "独一小学".to_owned()
        } else {
            format!("第{}小学", n % 90)
        }),
        cause: None,
    })
}

/// Children are records of three or four rows in a row; the register opens each.
fn children(records: &[Record]) -> Vec<Child<'_>> {
    let mut children: Vec<Child<'_>> = Vec::new();
    for record in records {
        if record.source == Source::PopulationRegister {
            children.push(Child::new(ChildId::from(record.id), Vec::new()));
        }
        if let Some(child) = children.last_mut() {
            child.records.push(record);
        }
    }
    children
}

fn county(c: &mut Criterion) {
    let records = records();
    let children = children(&records);
    let pack = Pack::builtin();
    let settings = Settings::new(NaiveDate::from_ymd_opt(2019, 8, 25).unwrap_or_default());
    let mut group = c.benchmark_group("county");
    group.sample_size(10);
    group.bench_function("determine 150,000 children", |b| {
        b.iter(|| black_box(determine(&children, &Files::default(), &pack, &settings)).len());
    });
    let mut sitting = Sitting::new(children.clone(), &Files::default(), &pack, &settings);
    group.bench_function("determine again after one child changed", |b| {
        let with = &children[77];
        let mut without = with.clone();
        without.records.pop();
        b.iter(|| {
            let n_less = sitting.change(77, without.clone()).len();
            n_less + sitting.change(77, with.clone()).len()
        });
    });
    group.bench_function("determine again after a school's report came and went", |b| {
        let with = &children[0];
        let mut without = with.clone();
        without.records.retain(|record| record.source != Source::SchoolReport);
        // Its report is the only one of its school and month, so all who rest on reports are concerned.
        b.iter(|| {
            let n_less = sitting.change(0, without.clone()).len();
            n_less + sitting.change(0, with.clone()).len()
        });
    });
    group.finish();
}

criterion_group!(benches, county);
criterion_main!(benches);
