//! Made-up children and heads for the tests of this crate.

use baoxue_claim::{Birth, Cause, ChildId, Grade, Private, Sex, Source, StudyMode, VerdictCode};
use baoxue_determine::{Answer, Base, InSchool, IsDropout};
use chrono::NaiveDate;

use crate::{
    Address, Duties, Evidence, Finding, Hardship, Head, Lang, Line, Masking, OutOfSchool, Study,
    Verification, Who,
};

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub(crate) fn head() -> Head {
    Head {
        county: "清河县".into(),
        as_of: day(2019, 8, 25),
        printed_on: day(2019, 8, 28),
        printed_by: "县教育体育局基教股".into(),
        base: "户籍与常住合并".into(),
        rule_pack: "CN-DEFAULT-6 2019.1".into(),
        masking: Masking::Masked,
        cautions: Vec::new(),
        lang: Lang::Zh,
    }
}

pub(crate) fn full_head() -> Head {
    Head { masking: Masking::Full { reason: "上户核查".into() }, ..head() }
}

/// A child of `code`; `n` makes it differ from others.
pub(crate) fn line(n: u32, code: VerdictCode) -> Line {
    let town = ["柳林镇", "河口办", "石桥镇"][n as usize % 3];
    let out = code.accuses();
    Line {
        who: who(n, town),
        study: Study {
            entry_year: Some(2014),
            due_grade: Grade::new(6),
            school: Some(format!("清河县{town}中心小学")),
            grade: Grade::new(5),
            class: Some("（2）班".into()),
            student_number: Some(Private::new(format!("G{}", id(n)))),
            mode: Some(StudyMode::Day),
            categories: vec!["留守".into()],
        },
        finding: Finding {
            code,
            of_age: true,
            waiting: false,
            answer: Answer {
                dropout: if out { IsDropout::Yes } else { IsDropout::No },
                in_school: if out { InSchool::No } else { InSchool::Yes },
                watched: out,
            },
            base: Base::Registered,
            confirmed: n.is_multiple_of(2),
            rule: "long-absence 1".into(),
            law: "义务教育法第十一条".into(),
            reason: Some("学校月报：连续缺课45天，无请假手续".into()),
            document: Some(format!("清教证〔2019〕{n}号")),
            valid_until: Some(day(2020, 1, 15)),
            remarks: Some(Private::new("家长电话13812345678")),
        },
        verification: Verification::default(),
        out: if out { out_of_school() } else { OutOfSchool::default() },
        hardship: Hardship {
            poverty: Some(n.is_multiple_of(2)),
            disabled: Some(false),
            ..Hardship::default()
        },
        duties: Duties {
            class_teacher: Some("周明".into()),
            chain: vec!["镇长 吴磊".into(), "校长 郑红".into()],
            ..Duties::default()
        },
        evidence: vec![Evidence {
            source: Source::TownSurvey,
            on: day(2019, 7, 20),
            words: Some(Private::new("外出打工，电话13812345678")),
            file: format!("{town}摸排表.xlsx"),
            sheet: "Sheet1".into(),
            row: n + 4,
        }],
    }
}

fn who(n: u32, town: &str) -> Who {
    Who {
        child: Some(ChildId(i64::from(n))),
        town: Some(town.into()),
        village: Some("青石村".into()),
        group: u8::try_from(n % 9 + 1).ok(),
        household_head: Some(Private::new("赵大山")),
        name: Some(Private::new(format!("赵小{}", ["雨", "雪", "梅", "兰"][n as usize % 4]))),
        sex: Some(if n.is_multiple_of(2) { Sex::Female } else { Sex::Male }),
        ethnicity: Some("汉".into()),
        birth: Some(if n % 5 == 4 { Birth::Month(2008, 9) } else { Birth::Day(day(2008, 9, 8)) }),
        id: Some(Private::new(id(n))),
        registered_at: Address {
            town: Some(town.into()),
            village: Some("青石村".into()),
            text: Some(Private::new(format!("清河县{town}青石村三组12号"))),
        },
        lives_at: Address {
            text: Some(Private::new("外省东阳市横店镇都督南街8号")),
            ..Address::default()
        },
        guardian: Some(Private::new("赵大山")),
        relation: Some("父亲".into()),
        phones: vec![Private::new("13812345678")],
    }
}

/// 18 characters of no real area.
pub(crate) fn id(n: u32) -> String {
    format!("99000020080908{:04}", n % 10_000)
}

fn out_of_school() -> OutOfSchool {
    OutOfSchool {
        absent_since: Some(day(2019, 5, 6)),
        n_absent_days: Some(45),
        cause: Some(Cause::Work),
        cause_words: Some(Private::new("跟亲戚去外省打工")),
        whereabouts: Some(Private::new("外省东阳市")),
        found_by: Some("清河二中".into()),
        found_on: Some(day(2019, 6, 30)),
        n_persuasions: Some(3),
        persuaded_on: Some(day(2019, 7, 2)),
        persuasion_result: Some("答应开学返校".into()),
        determined_on: Some(day(2019, 8, 25)),
        determined_by: Some("县教育体育局".into()),
        left_school: Some("2019-05".into()),
        grade_then: Grade::new(5),
        ..OutOfSchool::default()
    }
}

/// The sheets of a workbook as a second reader sees them: name and rows of text, dates as `yyyy-mm-dd`.
pub(crate) fn read_back(bytes: &[u8]) -> Vec<(String, Vec<Vec<String>>)> {
    let mut workbook: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    calamine::Reader::worksheets(&mut workbook)
        .into_iter()
        .map(|(name, range)| {
            let rows = range.rows().map(|row| row.iter().map(text_of).collect()).collect();
            (name, rows)
        })
        .collect()
}

fn text_of(cell: &calamine::Data) -> String {
    match cell {
        calamine::Data::DateTime(date) => {
            let (year, month, date, ..) = date.to_ymd_hms_milli();
            day(year.into(), month.into(), date.into()).to_string()
        }
        calamine::Data::Empty => String::new(),
        calamine::Data::Int(_)
        | calamine::Data::Float(_)
        | calamine::Data::String(_)
        | calamine::Data::Bool(_)
        | calamine::Data::DateTimeIso(_)
        | calamine::Data::DurationIso(_)
        | calamine::Data::Error(_) => cell.to_string(),
    }
}

/// A part of the file, such as `xl/worksheets/sheet1.xml`.
pub(crate) fn part(bytes: &[u8], name: &str) -> String {
    use std::io::Read;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The header row and the data rows below it, of a sheet whose header begins with 序号.
pub(crate) fn data(rows: &[Vec<String>]) -> (&[String], &[Vec<String>]) {
    let at = rows.iter().position(|row| row[0] == "序号").unwrap();
    (&rows[at], &rows[at + 1..])
}
