//! Invented sheets in the shapes that departments send, and what is read from them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what a test needs and does not get ends the test"
)]

#[path = "sheets/doubled.rs"]
mod doubled;
#[path = "sheets/stated.rs"]
mod stated;
#[path = "sheets/visits.rs"]
mod visits;

use baoxue_claim::{
    Birth, Departure, Doubt, EnrolmentStatus, IdForm, InspectionFinding, Record, Source, Statement,
    SurveyFinding, Town, Towns,
};
use baoxue_intake::{
    Aside, Context, Field, Layouts, Level, Outcome, Reading, Recognised,
    format::{Cell, Merge, Sheet, Workbook},
    questions_to_toml, read,
};
use chrono::NaiveDate;

/// Two made-up children and two made-up adults; the check characters are right.
const CHILD: &str = "330102200809080016";
const SISTER: &str = "330102201001010025";
const FATHER: &str = "330102197501010014";

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn valid(id: &str) -> String {
    // The last character is computed, so that the constants above need not be right in it.
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = id.bytes().take(17).zip(weights).map(|(b, w)| u32::from(b - b'0') * w).sum();
    let check = b"10X98765432"[(sum % 11) as usize];
    format!("{}{}", &id[..17], char::from(check))
}

fn towns() -> Towns {
    let town = |code: &str, name: &str| Town {
        code: code.parse().unwrap(),
        name: name.to_owned(),
        aliases: Vec::new(),
        from: None,
        to: None,
    };
    Towns::new(vec![town("330102101", "云溪镇"), town("330102001", "城北办")])
}

fn sheet(name: &str, rows: &[&[&str]]) -> Sheet {
    let cell = |text: &&str| {
        if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_owned()) }
    };
    Sheet {
        name: name.to_owned(),
        rows: rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
        ..Sheet::default()
    }
}

fn read_with(file: &str, sheets: Vec<Sheet>, layouts: &Layouts) -> Reading {
    let towns = towns();
    let context = Context {
        file,
        towns: &towns,
        as_of: day(2019, 8, 25),
        told_as_of: None,
        told_source: None,
        told_town: None,
        adult_age: 18,
        layouts,
    };
    read(&Workbook { sheets, ..Workbook::default() }, &context)
}

fn read_one(file: &str, name: &str, rows: &[&[&str]]) -> Reading {
    read_with(file, vec![sheet(name, rows)], &Layouts::default())
}

fn records(reading: &Reading) -> Vec<&Record> {
    reading
        .sheets
        .iter()
        .flat_map(|sheet| &sheet.rows)
        .filter_map(|row| match &row.outcome {
            Outcome::Record(record) => Some(record.as_ref()),
            Outcome::Reject(_) | Outcome::Aside(_) => None,
        })
        .collect()
}

fn outcomes(reading: &Reading) -> Vec<&'static str> {
    let name = |outcome: &Outcome| match outcome {
        Outcome::Record(_) => "record",
        Outcome::Reject(reject) => reject.code,
        Outcome::Aside(aside) => aside.name(),
    };
    reading.sheets.iter().flat_map(|sheet| &sheet.rows).map(|row| name(&row.outcome)).collect()
}

fn findings(reading: &Reading) -> Vec<SurveyFinding> {
    let finding = |record: &&Record| {
        let Statement::Survey { finding } = &record.claims[0].what else { panic!("no survey") };
        finding.clone()
    };
    records(reading).iter().map(finding).collect()
}

#[test]
fn a_survey_with_title_total_and_signature() {
    let id = valid(CHILD);
    let reading = read_one(
        "x.xlsx",
        "Sheet1",
        &[
            &["云溪镇适龄儿童少年摸排表"],
            &["填报单位：云溪镇政府", "", "", "填报时间：2019年7月20日"],
            &["序号", "村", "姓　名", "身 份 证 号", "监护人", "联系电话", "就读情况", "摸排日期"],
            &[
                "1",
                "上岩村",
                "王小明",
                &id,
                "王大明",
                "13800000001/13900000002",
                "在校",
                "2019年6月3日",
            ],
            &["合计", "2人"],
            &["审核人：李某      填表人：赵某"],
        ],
    );
    assert_eq!(outcomes(&reading), ["title", "title", "header", "record", "total", "signature"]);
    let sheet = &reading.sheets[0];
    assert_eq!((sheet.source, sheet.as_of), (Some(Source::TownSurvey), day(2019, 7, 20)));
    assert_eq!((sheet.header_rows.as_slice(), sheet.stated_total), ([3].as_slice(), Some(2)));
    let record = records(&reading)[0];
    assert_eq!(record.claims[0].on, day(2019, 6, 3));
    assert_eq!(record.person.phones.len(), 2);
    assert_eq!(record.person.registered_at.village.as_deref(), Some("上岩村"));
    assert_eq!(record.person.registered_at.town, "330102101".parse().ok());
    assert!(
        reading.messages.iter().any(|m| m.code == "TOTAL_DIFFERS" && m.level == Level::Warning)
    );
}

#[test]
fn columns_in_another_order_with_other_words_and_groups() {
    let id = valid(CHILD);
    let mut sheet = sheet(
        "表",
        &[
            &["某表"],
            &["编号", "孩子情况", "", "", "家长", "", "现在在哪里上学"],
            &["", "孩子姓名", "生日", "公民身份证号码", "姓名", "手机", ""],
            &[
                "1",
                "王小明",
                "2008.9.8",
                &id,
                "王大明",
                "13800000001",
                "在浙江省杭州市第一小学三年级就读",
            ],
        ],
    );
    sheet.merges = vec![
        Merge { top: 2, left: 2, bottom: 2, right: 4 },
        Merge { top: 2, left: 5, bottom: 2, right: 6 },
    ];
    let reading = read_with("云溪镇摸排表.xlsx", vec![sheet], &Layouts::default());
    assert_eq!(reading.sheets[0].header_rows, [2, 3]);
    let fields: Vec<Option<Field>> = reading.sheets[0].columns.iter().map(|c| c.field).collect();
    assert_eq!(
        fields[1..6],
        [
            Some(Field::Name),
            Some(Field::Birth),
            Some(Field::Id),
            Some(Field::Guardian),
            Some(Field::Phone)
        ]
    );
    assert_eq!(records(&reading)[0].person.birth, Some(Birth::Day(day(2008, 9, 8))));
}

#[test]
fn a_merge_fills_its_rows_and_no_more() {
    let mut sheet = sheet(
        "摸排",
        &[
            &["村", "姓名", "监护人", "就读情况"],
            &["上岩村", "王小明", "王大明", "在校"],
            &["", "李小红", "李大红", "在校"],
            &["", "赵小刚", "赵大刚", "辍学在家"],
        ],
    );
    sheet.merges = vec![Merge { top: 2, left: 1, bottom: 3, right: 1 }];
    let reading = read_with("x.xlsx", vec![sheet], &Layouts::default());
    let villages: Vec<Option<&str>> =
        records(&reading).iter().map(|r| r.person.registered_at.village.as_deref()).collect();
    assert_eq!(villages, [Some("上岩村"), Some("上岩村"), None]);
}

#[test]
fn repeated_headers_and_subtotals_are_no_children() {
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["序号", "学生姓名", "家长", "就学情况"],
            &["1", "王小明", "王大明", "在校"],
            &["小计", "1人"],
            &["序号", "学生姓名", "家长", "就学情况"],
            &["2", "李小红", "李大红", "在校"],
            &["", "", "", ""],
            &["注：本表一式两份。"],
        ],
    );
    assert_eq!(
        outcomes(&reading),
        ["header", "record", "total", "header", "record", "blank", "note"]
    );
}

#[test]
fn another_table_further_down_goes_back_with_a_reason() {
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["序号", "学生姓名", "家长", "就学情况"],
            &["1", "王小明", "王大明", "在校"],
            &["序号", "学校名称", "姓名", "身份证号", "性别", "民族", "联系电话"],
            &["1", "云溪小学", "李小红", "", "女", "汉", "13800000001"],
        ],
    );
    assert_eq!(outcomes(&reading), ["header", "record", "header", "SECOND_TABLE"]);
}

#[test]
fn children_above_the_header_are_not_lost_as_titles() {
    let id = valid(CHILD);
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["1", "王小明", &id, "在校"],
            &["序号", "姓名", "身份证号", "就读情况"],
            &["2", "李小红", "", "在校"],
        ],
    );
    assert_eq!(outcomes(&reading), ["ABOVE_HEADER", "header", "record"]);
}

#[test]
fn a_workbook_may_hold_lists_of_different_offices() {
    let survey = sheet(
        "摸排花名册",
        &[&["姓名", "监护人", "村", "就读情况"], &["王小明", "王大明", "上岩村", "在校"]],
    );
    let ledger = sheet(
        "失学辍学学生台账",
        &[
            &["统计时间:2019年7月31日"],
            &["姓名", "村", "辍学时间", "辍学原因", "目前去向"],
            &["李小红", "上岩村", "2019年3月", "厌学", "在家"],
        ],
    );
    let mut hidden = sheet(
        "旧表",
        &[&["姓名", "监护人", "村", "就读情况"], &["赵小刚", "赵大刚", "上岩村", "在校"]],
    );
    hidden.hidden = true;
    let reading = read_with("x.xlsx", vec![survey, ledger, hidden], &Layouts::default());
    let sources: Vec<Option<Source>> = reading.sheets.iter().map(|s| s.source).collect();
    assert_eq!(sources[..2], [Some(Source::TownSurvey), Some(Source::TownLedger)]);
    assert_eq!(reading.sheets[1].as_of, day(2019, 7, 31));
    assert_eq!(records(&reading).len(), 3);
    assert!(reading.messages.iter().any(|m| m.code == "SHEET_HIDDEN" && m.sheet == "旧表"));
    let ordinals: Vec<u32> = records(&reading).iter().map(|r| r.id.ordinal()).collect();
    assert_eq!(ordinals, [0, 1, 2]);
}

#[test]
fn the_guardians_number_in_the_childs_column_is_moved() {
    let father = valid(FATHER);
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["姓名", "身份证号", "出生日期", "监护人", "就读情况"],
            &["王小明", &father, "2008-09-08", "王大明", "在校"],
        ],
    );
    let record = records(&reading)[0];
    assert!(record.person.id.is_none());
    let id = record.person.guardians[0].id.as_ref().unwrap();
    assert!(matches!(id.form, IdForm::Valid(_)));
    assert!(
        record.doubts.iter().any(|noted| noted.doubt == Doubt::IdIsGuardian && noted.column == 2)
    );
}

/// A header and the same row many times.
fn long<'r>(row: &'r [&'r str]) -> Vec<&'r [&'r str]> {
    let rows = std::iter::repeat_n(row, 25_000);
    std::iter::once(["序号", "姓名"].as_slice()).chain(rows).collect()
}

#[test]
fn a_long_sheet_of_useless_rows_is_refused_with_one_message() {
    for row in [["1", "王小明"], ["1", "12345"]] {
        let reading = read_one("云溪镇摸排表.xlsx", "摸排表", &long(&row));
        let refused = reading.refused.unwrap();
        assert_eq!((refused.code.as_str(), refused.sheet.as_str()), ("SHEET_USELESS", "摸排表"));
        assert!(reading.sheets.is_empty() && reading.messages.is_empty());
    }
    let reading = read_one("云溪镇摸排表.xlsx", "摸排表", &long(&["1", "王小明"])[..5_000]);
    assert_eq!(records(&reading).len(), 4_999, "a short list of names enters");
}

#[test]
fn tips_under_plain_headings_are_read() {
    let reading = read_one(
        "12345热线转办线索.csv",
        "",
        &[
            &["编号", "受理时间", "渠道", "镇办", "内容", "是否实名", "办理情况"],
            &["JB1", "2019-06-16 13:16", "县长信箱", "云溪镇", "营养餐质量差", "匿名", ""],
            &["JB2", "2019-06-17 13:16", "来信", "云溪镇", "校车超员", "匿名", ""],
            &["JB3", "2019-06-18 13:16", "来信", "云溪镇", "上岩村王小明没上学", "匿名", ""],
        ],
    );
    assert_eq!(outcomes(&reading), ["header", "note", "note", "record"]);
    assert_eq!(reading.sheets[0].source, Some(Source::TipOff));
    assert!(reading.questions.is_empty(), "{:?}", reading.questions);
}

#[test]
fn a_list_without_names_goes_back_whole() {
    let id = valid(CHILD);
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["序号", "身份证号", "村", "就读情况", "摸排日期"],
            &["1", &id, "上岩村", "在校", "2019-6-1"],
        ],
    );
    assert_eq!(outcomes(&reading), ["header", "NO_NAME_COLUMN"]);
    assert!(reading.messages.iter().any(|m| m.level == Level::Error && m.code == "NO_NAME_COLUMN"));
}

#[test]
fn a_table_without_a_header_goes_back_whole() {
    let id = valid(CHILD);
    let reading =
        read_one("x.csv", "", &[&["1", "王小明", &id, "在校"], &["2", "李小红", "", "辍学在家"]]);
    assert_eq!(outcomes(&reading), ["NO_HEADER", "NO_HEADER"]);
    assert_eq!(reading.questions.len(), 1);
}

#[test]
fn rows_that_cannot_be_used_say_why_and_the_rest_enters() {
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["姓名", "身份证号", "出生日期", "监护人", "就读情况"],
            &["", "", "", "王大明", "在校"],
            &["王小明", "", "2009-02-30", "王大明", "在校"],
            &["李小红", "", "2031-01-02", "李大红", "在校"],
            &["赵小刚", "", "2009-03-05", "赵大刚", "在校"],
            &["孙小美", "", "不详", "孙大美", "在校"],
        ],
    );
    let expected =
        ["header", "NO_NAME_NO_ID", "BIRTH_IMPOSSIBLE", "BIRTH_IMPOSSIBLE", "record", "record"];
    assert_eq!(outcomes(&reading), expected);
}

#[test]
fn uncertain_words_are_asked_and_answers_are_remembered() {
    let rows: &[&[&str]] = &[
        &["序号", "学生", "出生", "家长", "情况"],
        &["1", "王小明", "2008-09-08", "王大明", "在校"],
        &["2", "李小红", "2009-03-05", "李大红", "辍学在家"],
        &["3", "赵小刚", "2010-03-05", "赵大刚", "在校"],
    ];
    let first = read_one("云溪镇摸排表.xlsx", "表", rows);
    let asked: Vec<&str> = first.questions.iter().map(|q| q.header.as_str()).collect();
    assert_eq!(asked, ["学生", "出生", "情况"]);
    assert_eq!(records(&first).len(), 3);
    let file = questions_to_toml(&[("云溪镇摸排表.xlsx".to_owned(), first)]);
    assert!(!file.contains("王小明"), "names are masked");
    let layouts = Layouts::from_toml(&file).unwrap();
    let again = read_with("云溪镇摸排表.xlsx", vec![sheet("表", rows)], &layouts);
    assert!(again.questions.is_empty());
    assert_eq!(again.sheets[0].columns[1].by, Recognised::Answer);
    let changed = Layouts::from_toml(&file.replace("\"birth\"", "\"unused\"")).unwrap();
    let without = read_with("云溪镇摸排表.xlsx", vec![sheet("表", rows)], &changed);
    assert!(records(&without).iter().all(|record| record.person.birth.is_none()));
}

#[test]
fn a_header_that_its_values_contradict_is_not_believed() {
    let (child, sister) = (valid(CHILD), valid(SISTER));
    let third = valid("330102201101010020");
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["身份证号", "姓名", "监护人", "就读情况"],
            &["王小明", &child, "王大明", "在校"],
            &["王小红", &sister, "王大明", "在校"],
            &["王小刚", &third, "王大明", "在校"],
        ],
    );
    // The two headers stand over each other's column: neither is believed, both are asked about.
    assert!(
        records(&reading).iter().all(|r| r
            .person
            .name
            .as_ref()
            .is_none_or(|n| !n.expose().contains('3')))
    );
    assert!(reading.questions.iter().any(|question| question.column == 1));
}

#[test]
fn adults_of_household_lists_are_set_aside_and_their_head_is_kept() {
    let (child, father) = (valid(CHILD), valid(FATHER));
    let reading = read_one(
        "x.xls",
        "建档立卡",
        &[
            &["户编号", "姓名", "与户主关系", "证件号码", "出生日期", "在校生状况"],
            &["33010200001", "王大明", "户主", &father, "19750101", ""],
            &["33010200001", "王小明", "之子", &child, "20080908", "小学"],
            &["33010200001", "王小红", "之女", &father, "", "七年级"],
        ],
    );
    assert_eq!(outcomes(&reading), ["header", "adult", "record", "record"]);
    let all = records(&reading);
    assert_eq!(all[0].person.guardians[0].name.as_ref().unwrap().expose(), "王大明");
    assert!(all[1].person.id.is_none(), "the father's number is not the daughter's");
}

#[test]
fn registries_say_states_and_movements() {
    let id = valid(CHILD);
    let number = format!("G{id}");
    let reading = read_one(
        "x.xlsx",
        "学生信息",
        &[
            &[
                "学校名称",
                "年级",
                "全国学籍号",
                "学生姓名",
                "身份证件号",
                "学生状态",
                "异动类型",
                "异动日期",
                "转入(接收)学校",
            ],
            &[
                "云溪小学",
                "小学四年级",
                &number,
                "王小明",
                &id,
                "转出",
                "跨省转出",
                "20190301",
                "某市某小学",
            ],
            &["云溪小学", "小学四年级", "", "李小红", "", "其他离校", "", "", ""],
        ],
    );
    let states: Vec<EnrolmentStatus> = records(&reading)
        .iter()
        .map(|record| {
            let Statement::Enrolment(row) = &record.claims[0].what else { panic!("no enrolment") };
            row.status
        })
        .collect();
    assert_eq!(states, [EnrolmentStatus::TransferredOut, EnrolmentStatus::Left]);
}

#[test]
fn deaths_and_moves_keep_their_day() {
    let id = valid(CHILD);
    let reading = read_one(
        "x.xlsx",
        "名单",
        &[
            &["序号", "类别", "姓名", "证件号", "去向", "办理日期"],
            &["1", "户口迁出", "王小明", &id, "某省某市", "20190312"],
            &["2", "出国定居", "李小红", "", "某国", "2019-04-01"],
        ],
    );
    let all: Vec<&Statement> =
        records(&reading).iter().map(|record| &record.claims[0].what).collect();
    assert_eq!(*all[0], Statement::Departure(Departure::MovedOut { on: Some(day(2019, 3, 12)) }));
    assert_eq!(*all[1], Statement::Departure(Departure::Emigrated { on: Some(day(2019, 4, 1)) }));
}

#[test]
fn status_school_and_remark_are_read_together() {
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["姓名", "监护人", "就读学校", "年级", "就读情况", "备注"],
            &["王一", "王大", "云溪小学", "三年级", "在校", ""],
            &["王二", "王大", "浙江省杭州市第一小学", "三年级", "", ""],
            &["王三", "王大", "", "", "", ""],
            &["王四", "王大", "云溪小学", "", "在校", "2019年3月辍学在家"],
            &["王五", "王大", "", "", "天气很好", ""],
            &["王六", "王大", "", "幼儿园", "", ""],
            &["王七", "王大", "云溪小学", "", "在校", "建档立卡户"],
        ],
    );
    let found = findings(&reading);
    assert!(
        matches!(&found[0], SurveyFinding::InSchool { school: Some(s), grade: Some(_) } if s == "云溪小学")
    );
    // 330102 lies in Hangzhou, so only the county itself is nearer than the city; no town is named.
    assert!(matches!(
        &found[1],
        SurveyFinding::InSchool { .. } | SurveyFinding::InSchoolElsewhere { .. }
    ));
    assert_eq!(found[2], SurveyFinding::Silent);
    assert_eq!(found[3], SurveyFinding::Unclear, "the cells contradict each other");
    assert_eq!(found[4], SurveyFinding::Unclear);
    assert_eq!(found[5], SurveyFinding::NotYetOfAge);
    assert!(matches!(&found[6], SurveyFinding::InSchool { .. }));
    let unclear: Vec<u32> = reading
        .messages
        .iter()
        .filter(|m| m.code == "WORDS_UNCLEAR")
        .filter_map(|m| m.row)
        .collect();
    assert_eq!(unclear, [5, 6]);
}

#[test]
fn a_returned_reject_file_brings_the_same_rows() {
    let header: &[&str] = &["序号", "村", "姓名", "身份证号", "监护人", "就读情况"];
    let good: &[&str] = &["1", "上岩村", "王小明", "", "王大明", "在校"];
    let bad: &[&str] = &["2", "上岩村", "", "", "李大红", "在校"];
    let first = read_one(
        "云溪镇摸排表.xlsx",
        "Sheet1",
        &[&["云溪镇摸排表"], &["填报时间:2019年7月20日"], header, good, bad],
    );
    assert_eq!(outcomes(&first), ["title", "title", "header", "record", "NO_NAME_NO_ID"]);

    let line = "保学退回修改｜原文件：云溪镇摸排表.xlsx｜工作表：Sheet1｜来源：town_survey｜截止日期：2019-07-20｜改好后发回";
    let header_back: Vec<&str> =
        header.iter().copied().chain(["退回原因及处理办法（保学）"]).collect();
    let unchanged: Vec<&str> = bad.iter().copied().chain(["没有姓名"]).collect();
    let mended = ["7", "上岩村", "李小红", "", "李大红", "在校", "没有姓名"];
    let same = ["1", "上岩村", "王小明", "", "王大明", "在校", ""];
    let back = read_one("退回.xlsx", "退回1", &[&[line], &header_back, &unchanged, &mended, &same]);
    assert_eq!(outcomes(&back), ["title", "header", "NO_NAME_NO_ID", "record", "record"]);
    let sheet = &back.sheets[0];
    assert_eq!((sheet.source, sheet.as_of), (Some(Source::TownSurvey), day(2019, 7, 20)));
    assert_eq!(sheet.town, "330102101".parse().ok());
    assert_eq!(sheet.rows[2].identity, first.sheets[0].rows[4].identity, "the row as it was");
    assert_eq!(sheet.rows[4].identity, first.sheets[0].rows[3].identity, "a row already known");
    assert_ne!(sheet.rows[3].identity, first.sheets[0].rows[4].identity);
}

#[test]
fn what_is_told_wins_over_what_the_sheet_says() {
    let towns = towns();
    let layouts = Layouts::default();
    let rows: &[&[&str]] = &[
        &["统计时间:2019年7月31日"],
        &["姓名", "监护人", "村", "就读情况"],
        &["王小明", "王大明", "上岩村", "在校"],
    ];
    let context = Context {
        file: "x_20190630.xlsx",
        towns: &towns,
        as_of: day(2019, 8, 25),
        told_as_of: Some(day(2019, 5, 1)),
        told_source: Some(Source::TownLedger),
        told_town: None,
        adult_age: 18,
        layouts: &layouts,
    };
    let workbook = Workbook { sheets: vec![sheet("表", rows)], ..Workbook::default() };
    let reading = read(&workbook, &context);
    assert_eq!(reading.sheets[0].as_of, day(2019, 5, 1));
    assert_eq!(reading.sheets[0].source, Some(Source::TownLedger));
}

#[test]
fn debug_output_hides_the_cells() {
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[&["姓名", "监护人", "村", "情况"], &["王小明", "王大明", "上岩村", "在校"]],
    );
    let debug = format!("{reading:?}");
    assert!(!debug.contains("王小明") && !debug.contains("王大明"), "{debug}");
}

#[test]
fn a_sheet_of_instructions_is_left_alone() {
    let reading =
        read_one("x.xlsx", "填表说明", &[&["一、本表由村委会填写。"], &["二、务必准确。"]]);
    assert!(
        reading.sheets[0].rows.iter().all(|row| row.outcome == Outcome::Aside(Aside::Untouched))
    );
}

#[test]
fn a_doubtful_sender_leaves_the_sheet_untouched_until_somebody_answers() {
    let rows: &[&[&str]] = &[&["姓名", "身份证号", "目前状况"], &["王小明", "", "辍学"]];
    let doubtful = read_one("x.csv", "", rows);
    assert_eq!(doubtful.sheets[0].source, None);
    assert!(doubtful.sheets[0].rows.iter().all(|row| !matches!(row.outcome, Outcome::Record(_))));
    assert!(!doubtful.questions.is_empty());
    let named: &[&[&str]] = &[&["姓名", "就读情况"], &["王小明", "在校"]];
    let reading = read_one("甲镇摸排表.csv", "", named);
    assert_eq!(reading.sheets[0].source, Some(Source::TownSurvey));
}

const ABSENCE: &[&str] =
    &["学校", "姓名", "身份证号", "开始缺课日期", "连续缺课天数", "是否返校", "备注"];

/// Who has reported by a sheet: school, town code, end of the month, whether nobody.
fn reported(
    file: &str,
    rows: &[&[&str]],
) -> Vec<(Option<String>, Option<String>, NaiveDate, bool)> {
    let reading = read_one(file, "Sheet1", rows);
    let reports = reading.sheets.into_iter().flat_map(|sheet| sheet.reports);
    reports.map(|r| (r.school, r.town.map(|town| town.to_string()), r.until, r.zero)).collect()
}

#[test]
fn a_school_that_reports_nobody_has_reported() {
    let rows: &[&[&str]] = &[
        &["某县中小学缺课学生月报表(2019年6月)"],
        ABSENCE,
        &["东沟小学", "王小明", CHILD, "2019-05-20", "41", "否", ""],
        &["西沟小学", "无", "", "", "0", "", "零报告"],
        &["北沟小学", "", "", "", "", "", "无"],
        &["南沟小学", "", "", "2019-05-20", "30", "否", ""],
        &["校长签字："],
    ];
    let of = |school: &str, zero| (Some(school.to_owned()), None, day(2019, 6, 30), zero);
    assert_eq!(
        reported("缺课月报.xlsx", rows),
        [of("东沟小学", false), of("北沟小学", true), of("南沟小学", false), of("西沟小学", true)]
    );
}

#[test]
fn a_report_without_rows_is_the_report_of_its_heading() {
    let empty: &[&[&str]] = &[&["东沟小学缺课学生月报表(2019年6月)"], &ABSENCE[1..]];
    let until = day(2019, 6, 30);
    assert_eq!(
        reported("缺课月报.xlsx", empty),
        [(Some("东沟小学".to_owned()), None, until, true)]
    );
    let town: &[&[&str]] = &[&["云溪镇学校缺课学生月报表(2019年6月)"], ABSENCE, &["零报告"]];
    assert_eq!(
        reported("缺课月报.xlsx", town),
        [(None, Some("330102101".to_owned()), until, true)]
    );
    let nobody: &[&[&str]] = &[&["缺课学生月报表(2019年6月)"], ABSENCE];
    assert_eq!(reported("缺课月报.xlsx", nobody), [], "an empty form is nobody's report");
    let survey: &[&[&str]] = &[&["姓名", "就读情况"], &["无", "零报告"]];
    assert_eq!(reported("甲镇摸排表.csv", survey), [], "other lists are no reports");
}

#[test]
fn rows_of_a_schools_own_report_carry_its_name() {
    let rows: &[&[&str]] = &[
        &["东沟小学缺课学生月报表(2019年6月)"],
        &ABSENCE[1..],
        &["王小明", CHILD, "2019-05-20", "41", "否", ""],
    ];
    let reading = read_one("缺课月报.xlsx", "Sheet1", rows);
    let Outcome::Record(record) = &reading.sheets[0].rows[2].outcome else { panic!() };
    let Statement::Absence(absence) = &record.claims[0].what else { panic!() };
    assert_eq!(absence.school.as_deref(), Some("东沟小学"));
    assert_eq!(reading.sheets[0].reports[0].school, absence.school);
}

#[test]
fn a_row_without_a_name_enters_by_its_number_and_says_so() {
    let reading = read_one(
        "云溪镇摸排表.xlsx",
        "表",
        &[&["姓名", "身份证号", "监护人", "就读情况"], &["", &valid(CHILD), "王大明", "辍学在家"]],
    );
    assert_eq!(outcomes(&reading), ["header", "record"]);
    let message = reading.messages.iter().find(|m| m.code == "NAME_MISSING").unwrap();
    assert_eq!((message.level, message.row, message.column), (Level::Warning, Some(2), Some(1)));
}

#[test]
fn a_bare_name_goes_back_unless_the_child_may_be_out_of_school() {
    let reading = read_one(
        "云溪镇摸排表.xlsx",
        "表",
        &[
            &["姓名", "身份证号", "出生日期", "监护人", "村", "就读情况"],
            &["王小明", "33010", "未知", "", "", "在校"],
            &["李小红", "33010", "未知", "", "", "辍学在家"],
            &["赵小刚", "33010", "未知", "", "上岩村", "在校"],
            &["孙小美", "33010", "未知", "孙大美", "", "在校"],
            &["周小东", &valid(CHILD), "2008-09-08", "", "", "在校"],
            &["吴小北", &valid(SISTER), "2010-01-01", "", "", "在校"],
        ],
    );
    let expected = ["header", "NAME_ONLY", "record", "record", "record", "record", "record"];
    assert_eq!(outcomes(&reading), expected);
    let records = records(&reading);
    assert!(records[0].review_only.as_ref().unwrap().contains("可能未在校"));
    assert_eq!(records[1].person.name.as_ref().unwrap().expose(), "赵小刚");
}

/// The header of two towns, whose 情况 the sender of the first has explained.
const ODD: &[&[&str]] = &[
    &["序号", "学生", "出生", "家长", "情况"],
    &["1", "王小明", "2008-09-08", "王大明", "在校"],
    &["2", "李小红", "2009-03-05", "李大红", "辍学在家"],
];

#[test]
fn an_answer_holds_for_the_towns_next_files_and_for_no_other_town() {
    let first = read_one("云溪镇摸排表.xlsx", "表", ODD);
    let file = questions_to_toml(&[("云溪镇摸排表.xlsx".to_owned(), first)]);
    let layouts = Layouts::from_toml(&file).unwrap();
    let asked = |name: &str, layouts: &Layouts| {
        read_with(name, vec![sheet("表", ODD)], layouts).questions.len()
    };
    assert_eq!(asked("云溪镇摸排表 9月改.xlsx", &layouts), 0, "the third file needs no question");
    assert_eq!(asked("城北办摸排表.xlsx", &layouts), 3, "another town may mean another thing");

    let sender = file.lines().find(|line| line.starts_with("sender = ")).unwrap();
    let common = Layouts::from_toml(&file.replace(sender, "")).unwrap();
    let reading = read_with("城北办摸排表.xlsx", vec![sheet("表", ODD)], &common);
    assert!(reading.questions.is_empty(), "answered for all senders");
    assert!(reading.messages.iter().any(|m| m.code == "LAYOUT_COMMON"), "and that is said");
}

#[test]
fn a_town_is_known_by_its_column_where_nothing_else_names_it() {
    let with_town = |town: &str| {
        let rows: Vec<Vec<String>> = ODD
            .iter()
            .enumerate()
            .map(|(n, row)| {
                let first = if n == 0 { "镇办" } else { town };
                std::iter::once(&first).chain(*row).map(|cell| (*cell).to_owned()).collect()
            })
            .collect();
        let rows: Vec<Vec<&str>> =
            rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        read_one("摸排表.xlsx", "表", &rows).sheets[0].sender.to_string()
    };
    assert!(with_town("云溪镇").ends_with("｜330102101"), "{}", with_town("云溪镇"));
    assert_ne!(with_town("云溪镇"), with_town("城北办"));
}

#[test]
fn a_returned_file_says_which_rows_came_back() {
    let line = "保学退回修改｜原文件：云溪镇摸排表.xlsx｜工作表：Sheet1｜来源：town_survey｜截止日期：2019-07-20｜镇办：云溪镇｜批次：4";
    let header: &[&str] = &["姓名", "身份证号", "监护人", "村", "退回原因及处理办法（保学）"];
    let rows: &[&[&str]] = &[
        &[line],
        header,
        &["李小红", "", "李大红", "上岩村", "原第9行：没有姓名"],
        &["", "", "赵大刚", "上岩村", "原第5行：没有姓名"],
    ];
    let reading = read_one("退回.xlsx", "退回1", rows);
    let returned = reading.sheets[0].returned.as_ref().unwrap();
    assert_eq!(returned.batch, Some(4));
    assert_eq!((returned.file.as_str(), returned.sheet.as_str()), ("云溪镇摸排表.xlsx", "Sheet1"));
    assert_eq!(returned.rows, [5, 9]);
    assert_eq!(read_one("x.xlsx", "表", &rows[1..]).sheets[0].returned, None);
}
