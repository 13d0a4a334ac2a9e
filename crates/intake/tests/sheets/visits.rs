//! Logs of home teaching: a row per visit, as xlsx and in GBK.

use baoxue_claim::{Doubt, HomeVisit, Private, Source, Statement};
use baoxue_intake::{
    Outcome, Reading,
    format::{Limits, open},
};

use super::*;

const HEADER: &str =
    "序号,姓名,身份证号,学校,送教日期,送教教师,课时,送教内容,监护人签字,下次送教日期";

/// The rows of a log, good and bad, with the day 2019-08-25.
fn rows() -> Vec<String> {
    let (child, sister) = (valid(CHILD), valid(SISTER));
    [
        format!("1,张小雨,{child},云溪小学,2019-06-10,李芳、王强,2,认识数字、手指操,是,2019-06-17"),
        format!("2,张小雨,{child},云溪小学,6月17日,李芳,2节,儿歌,王秀英,"),
        format!("3,张小雪,{sister},云溪小学,2019年7月1日,李芳,90分钟,康复训练,未签,下周"),
        format!("4,张小雪,{sister},云溪小学,2020-01-01,李芳,2,儿歌,是,"),
        format!("5,张小雪,{sister},云溪小学,,李芳,2,儿歌,是,"),
        format!("6,张小雪,{sister},云溪小学,2019年6月,李芳,2,儿歌,是,"),
        format!("7,张小雪,{sister},云溪小学,2019-06-03、2019-06-05,李芳,4,儿歌,是,"),
        "8,,,云溪小学,2019-06-10,李芳,2,儿歌,是,".to_owned(),
        "合计,6人次,,,,,,,,".to_owned(),
    ]
    .into()
}

fn csv() -> Vec<u8> {
    let text = format!("{HEADER}\n{}\n", rows().join("\n"));
    encoding_rs::GBK.encode(&text).0.into_owned()
}

fn xlsx() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("记录").unwrap();
    sheet.write_string(0, 0, "云溪小学2018-2019学年送教上门记录表").unwrap();
    let lines = std::iter::once(HEADER.to_owned()).chain(rows());
    for (at, line) in (1u32..).zip(lines) {
        for (column, cell) in (0u16..).zip(line.split(',')) {
            // Lists hold real dates; this one has one.
            match cell {
                "2019-06-10" => {
                    let format = rust_xlsxwriter::Format::new().set_num_format("yyyy/m/d");
                    let on = rust_xlsxwriter::ExcelDateTime::from_ymd(2019, 6, 10).unwrap();
                    sheet.write_with_format(at, column, &on, &format).unwrap()
                }
                _ => sheet.write_string(at, column, cell).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

fn read_file(name: &str, bytes: &[u8]) -> Reading {
    let workbook = open(name, bytes, &Limits::DEFAULT).unwrap_or_else(|e| panic!("{}", e.en()));
    let (towns, layouts) = (towns(), Layouts::default());
    let context = Context {
        file: name,
        towns: &towns,
        as_of: day(2019, 8, 25),
        told_as_of: None,
        told_source: None,
        told_town: None,
        adult_age: 18,
        layouts: &layouts,
    };
    read(&workbook, &context)
}

fn visits(reading: &Reading) -> Vec<(NaiveDate, HomeVisit)> {
    let rows = reading.sheets.iter().flat_map(|sheet| &sheet.rows);
    let records = rows.filter_map(|row| match &row.outcome {
        Outcome::Record(record) => Some(record),
        Outcome::Reject(_) | Outcome::Aside(_) => None,
    });
    let claims = records.flat_map(|record| &record.claims);
    claims
        .map(|claim| {
            let Statement::HomeVisit(visit) = &claim.what else { panic!("{:?}", claim.what) };
            (claim.on, visit.clone())
        })
        .collect()
}

fn check(name: &str, bytes: &[u8], header: usize) {
    let reading = read_file(name, bytes);
    let [sheet] = reading.sheets.as_slice() else { panic!("one sheet") };
    assert_eq!(sheet.source, Some(Source::HomeTeachingLog), "{name}");
    assert!(reading.questions.is_empty(), "{:?}", reading.questions);
    assert_eq!(sheet.rows.len(), header + 1 + rows().len());
    let found = visits(&reading);
    let days: Vec<String> = found.iter().map(|(on, _)| on.to_string()).collect();
    assert_eq!(days, ["2019-06-10", "2019-06-17", "2019-07-01"], "{name}");
    let first = HomeVisit {
        school: Some("云溪小学".to_owned()),
        periods: Some(2),
        signed: Some(true),
        next: Some(day(2019, 6, 17)),
        teachers: Some(Private::new("李芳、王强")),
        contents: Some(Private::new("认识数字、手指操")),
        from: None,
        to: None,
    };
    assert_eq!(found[0].1, first);
    assert_eq!((found[1].1.periods, found[1].1.signed), (Some(2), Some(true)));
    assert_eq!((found[2].1.periods, found[2].1.signed, found[2].1.next), (None, Some(false), None));
    let codes: Vec<&str> = sheet
        .rows
        .iter()
        .filter_map(|row| match &row.outcome {
            Outcome::Reject(reject) => Some(reject.code),
            Outcome::Record(_) | Outcome::Aside(_) => None,
        })
        .collect();
    assert_eq!(
        codes,
        [
            "VISIT_TO_COME",
            "VISIT_WITHOUT_DAY",
            "VISIT_DAY_UNREADABLE",
            "VISIT_DAY_UNREADABLE",
            "NO_NAME_NO_ID"
        ]
    );
    let doubts: Vec<Doubt> = sheet
        .rows
        .iter()
        .filter_map(|row| match &row.outcome {
            Outcome::Record(record) => Some(record.doubts.iter().map(|noted| noted.doubt)),
            Outcome::Reject(_) | Outcome::Aside(_) => None,
        })
        .flatten()
        .collect();
    assert_eq!(doubts, [Doubt::NumberUnreadable, Doubt::DateUnreadable]);
}

#[test]
fn every_row_of_a_log_is_a_visit_or_goes_back() {
    check("云溪小学送教上门记录.xlsx", &xlsx(), 1);
    check("送教记录.csv", &csv(), 0);
}

#[test]
fn times_are_read_and_what_is_none_is_named_by_row_and_column() {
    let child = valid(CHILD);
    let head = "姓名,身份证号,学校,送教日期,到达时间,离开时间,送教教师,课时";
    let row = |times: &str| format!("张小雨,{child},云溪小学,2019-06-10,{times},李芳,2");
    let times = ["9:00,10:30", "下午2点,14时50分", "10:30,9:00", "早上,10:30", ",10:30", ","];
    let rows = times.map(row).join("\n");
    let reading = read_file("送教记录.csv", format!("{head}\n{rows}\n").as_bytes());
    let at = |hour, minute| chrono::NaiveTime::from_hms_opt(hour, minute, 0);
    let read: Vec<_> = visits(&reading).iter().map(|(_, visit)| (visit.from, visit.to)).collect();
    let expected = [
        (at(9, 0), at(10, 30)),
        (at(14, 0), at(14, 50)),
        (at(10, 30), None),
        (None, at(10, 30)),
        (None, at(10, 30)),
        (None, None),
    ];
    assert_eq!(read, expected);
    let named: Vec<_> = reading
        .messages
        .iter()
        .filter(|message| message.code == "TIME_UNREADABLE")
        .map(|message| (message.row, message.column))
        .collect();
    // The third column of times is 离开时间, the fourth row 到达时间.
    assert_eq!(named, [(Some(4), Some(6)), (Some(5), Some(5))]);
}

#[test]
fn a_plan_and_an_evaluation_are_rows_of_a_log_and_no_visits() {
    let child = valid(CHILD);
    let head = "姓名,身份证号,学校,送教日期,送教教师,课时,送教内容,计划每月送教次数,评估鉴定日期,监护人同意日期,学期评估";
    let rows = [
        format!("张小雨,{child},云溪小学,2019-03-01,李芳、王强,,生活自理,4,2019-02-20,2019-02-25,"),
        format!("张小雨,{child},云溪小学,2019-06-28,,,,,,,能自己穿衣"),
        format!("张小雨,{child},云溪小学,2019-06-10,李芳,2,儿歌,,,,"),
        format!("张小雨,{child},云溪小学,2019-03-02,李芳,,,常来,2030-01-01,,"),
    ];
    let reading = read_file("送教记录.csv", format!("{head}\n{}\n", rows.join("\n")).as_bytes());
    let claims = reading.sheets[0].rows.iter().filter_map(|row| match &row.outcome {
        Outcome::Record(record) => record.claims.first(),
        Outcome::Reject(_) | Outcome::Aside(_) => None,
    });
    let plans: Vec<_> = claims
        .filter_map(|claim| {
            let Statement::HomePlan(plan) = &claim.what else { return None };
            Some((claim.on.to_string(), plan.clone()))
        })
        .collect();
    assert_eq!(plans.len(), 3);
    let (on, plan) = &plans[0];
    assert_eq!((on.as_str(), plan.per_month), ("2019-03-01", Some(4)));
    assert_eq!((plan.assessed, plan.consented), (Some(day(2019, 2, 20)), Some(day(2019, 2, 25))));
    assert_eq!(plan.teachers, Some(Private::new("李芳、王强")));
    assert_eq!(plans[1].1.evaluated, Some(Private::new("能自己穿衣")));
    assert_eq!((plans[2].1.per_month, plans[2].1.assessed), (None, None), "doubted, and not taken");
    let codes: Vec<_> = reading.messages.iter().map(|message| message.code.as_str()).collect();
    assert!(
        codes.contains(&"NUMBER_UNREADABLE") && codes.contains(&"DATE_UNREADABLE"),
        "{codes:?}"
    );
}

/// What each row of a log says: `visit`, `plan`, both in this order, or why it goes back.
fn kinds(reading: &Reading) -> Vec<String> {
    let kind = |what: &Statement| match (
        matches!(what, Statement::HomeVisit(_)),
        matches!(what, Statement::HomePlan(_)),
    ) {
        (true, _) => "visit",
        (_, true) => "plan",
        (false, false) => panic!("{what:?}"),
    };
    let rows = reading.sheets[0].rows.iter().filter_map(|row| match &row.outcome {
        Outcome::Record(record) => {
            let kinds: Vec<&str> = record.claims.iter().map(|claim| kind(&claim.what)).collect();
            Some(format!("{} {}", record.claims[0].on, kinds.join(" ")))
        }
        Outcome::Reject(reject) => Some(reject.code.to_owned()),
        Outcome::Aside(_) => None,
    });
    rows.collect()
}

#[test]
fn a_visit_that_repeats_the_plan_or_an_evaluation_is_still_a_visit() {
    let child = valid(CHILD);
    let head = "姓名,身份证号,学校,送教日期,送教教师,课时,送教内容,监护人签字,到达时间,离开时间,每月计划送教次数,期末评估";
    let cells = [
        ("2019-06-10,李芳,2,儿歌,是,9:00,10:30,4,", "2019-06-10 visit plan"),
        ("2019-06-12,李芳,90分钟,,,,,4,", "2019-06-12 visit plan"),
        ("2019-06-17,李芳,,,王秀英,,,4,", "2019-06-17 visit plan"),
        ("2019-06-20,李芳,,,,9:00,,4,", "2019-06-20 visit plan"),
        ("2019-06-24,李芳,,儿歌,,,,/,有进步", "2019-06-24 visit plan"),
        ("2019-06-29,李芳,,儿歌,,,,/,无", "2019-06-29 visit"),
        ("2019-07-01,李芳,2,儿歌,,,,常来,", "2019-07-01 visit"),
        // The contents of a plan are its goals.
        ("2019-06-25,李芳,0,生活自理,/,—,,4,", "2019-06-25 plan"),
        ("2019-06-28,李芳,,,,,,,能自己穿衣", "2019-06-28 plan"),
        ("2020-01-01,李芳,2,儿歌,,,,4,", "VISIT_TO_COME"),
        ("2020-01-01,李芳,,生活自理,,,,4,", "2020-01-01 plan"),
    ];
    let rows: Vec<String> =
        cells.iter().map(|(cells, _)| format!("张小雨,{child},云溪小学,{cells}")).collect();
    let reading = read_file("送教记录.csv", format!("{head}\n{}\n", rows.join("\n")).as_bytes());
    assert_eq!(kinds(&reading), cells.map(|(_, expected)| expected));
    let Outcome::Record(first) = &reading.sheets[0].rows[1].outcome else { panic!("no record") };
    let [visit, plan] = first.claims.as_slice() else { panic!("{:?}", first.claims) };
    let Statement::HomeVisit(visit) = &visit.what else { panic!("{:?}", visit.what) };
    assert_eq!((visit.periods, visit.signed), (Some(2), Some(true)));
    assert_eq!(visit.contents, Some(Private::new("儿歌")));
    let Statement::HomePlan(plan) = &plan.what else { panic!("{:?}", plan.what) };
    // Who taught what stays with the visit.
    assert_eq!((plan.per_month, &plan.teachers, &plan.contents), (Some(4), &None, &None));
    let unread = reading.messages.iter().filter(|message| message.code == "NUMBER_UNREADABLE");
    let rows: Vec<_> = unread.map(|message| message.row).collect();
    // 90分钟 and 常来.
    assert_eq!(rows, [Some(3), Some(8)]);
}

#[test]
fn a_list_of_children_taught_at_home_is_no_log() {
    let child = valid(CHILD);
    let reading = read_one(
        "送教上门学生名单.xlsx",
        "名单",
        &[
            &["2019年送教上门学生名单"],
            &["序号", "姓名", "身份证号", "监护人", "村", "就读情况"],
            &["1", "张小雨", &child, "张大山", "云溪村", "送教上门"],
        ],
    );
    assert_ne!(reading.sheets[0].source, Some(Source::HomeTeachingLog));
}
