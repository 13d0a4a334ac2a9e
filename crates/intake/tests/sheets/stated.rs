//! What states a fact and what does not: boxes answered in words, returns, states of the registry, former schools, days of
//! death.

use super::*;

fn survey(head: &str, cells: &[&str]) -> Vec<(SurveyFinding, bool)> {
    let mut rows: Vec<Vec<&str>> = vec![["姓名", "身份证号", "监护人", head].to_vec()];
    let id = valid(CHILD);
    rows.extend(cells.iter().map(|cell| ["王小明", &id, "王大明", cell].to_vec()));
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let reading = read_one("云溪镇_摸排表.csv", "", &rows);
    let doubted = |record: &&Record| record.doubts.iter().any(|n| n.doubt == Doubt::WordsUnclear);
    let doubts: Vec<bool> = records(&reading).iter().map(doubted).collect();
    findings(&reading).into_iter().zip(doubts).collect()
}

#[test]
fn a_box_is_read_by_its_words() {
    let in_school = SurveyFinding::InSchool { school: None, grade: None };
    for cell in ["是", "√", "1", "在校", "已入学", "在读", "是，正常"] {
        assert_eq!(survey("是否在校", &[cell])[0], (in_school.clone(), false), "{cell}");
    }
    for cell in [
        "否",
        "0",
        "不在校",
        "在家",
        "在外打工",
        "已辍学",
        "已外出务工",
        "在籍不在校",
        "在家务农",
        "否，外出务工",
        "否（厌学）",
    ] {
        let found = survey("是否在校", &[cell])[0].clone();
        assert!(matches!(found, (SurveyFinding::Out { .. }, false)), "{cell}: {found:?}");
    }
    for cell in ["有时去", "有学籍", "已核实", "是，外出打工", "否，在中心小学就读", "待核实"]
    {
        assert_eq!(survey("是否在校", &[cell])[0], (SurveyFinding::Unclear, true), "{cell}");
    }
    assert_eq!(survey("是否在校", &["在外地"])[0].0, SurveyFinding::Away);
}

#[test]
fn a_box_of_leaving_is_read_by_its_words() {
    for cell in ["已复学", "已返校", "已劝返"] {
        assert_eq!(survey("是否辍学", &[cell])[0], (SurveyFinding::Returned, false), "{cell}");
    }
    for cell in ["否", "未辍学", "没有", "无"] {
        assert_eq!(survey("是否辍学", &[cell])[0].0, SurveyFinding::Silent, "{cell}");
    }
    for cell in ["是", "已辍学", "辍学", "是，厌学", "1"] {
        let found = survey("是否辍学", &[cell])[0].clone();
        assert!(matches!(found, (SurveyFinding::Out { .. }, false)), "{cell}: {found:?}");
    }
    for cell in ["有风险", "有辍学倾向", "疑似", "疑似辍学", "是，在校", "否，外出打工"]
    {
        assert_eq!(survey("是否辍学", &[cell])[0], (SurveyFinding::Unclear, true), "{cell}");
    }
    assert_eq!(survey("是否疑似辍学", &["是"])[0], (SurveyFinding::Unclear, true));
    assert!(matches!(survey("是否辍学", &["在校"])[0].0, SurveyFinding::InSchool { .. }));
}

#[test]
fn a_former_school_is_not_the_school_of_today() {
    let id = valid(CHILD);
    let reading = read_one(
        "云溪镇_摸排表.csv",
        "",
        &[
            &["姓名", "身份证号", "监护人", "原就读学校", "年级", "未就读原因"],
            &["王小明", &id, "王大明", "云溪镇中心小学", "四年级", "厌学"],
            &["王小明", &id, "王大明", "云溪镇中心小学", "四年级", ""],
            &["王小明", &id, "王大明", "", "四年级", ""],
        ],
    );
    let silent = SurveyFinding::Silent;
    assert_eq!(findings(&reading), [SurveyFinding::Unclear, silent.clone(), silent]);
    assert!(records(&reading)[0].doubts.iter().any(|noted| noted.doubt == Doubt::WordsUnclear));
    assert_eq!(records(&reading)[0].person.school.as_deref(), Some("云溪镇中心小学"));
    let reading = read_one(
        "云溪镇_摸排表.csv",
        "",
        &[
            &["姓名", "身份证号", "监护人", "就读学校", "年级", "未就读原因"],
            &["王小明", &id, "王大明", "云溪镇中心小学", "四年级", ""],
            &["王小明", &id, "王大明", "云溪镇中心小学", "四年级", "厌学"],
            &["王小明", &id, "王大明", "明德国学班", "", ""],
        ],
    );
    let found = findings(&reading);
    assert!(matches!(&found[0], SurveyFinding::InSchool { school: Some(_), .. }), "{found:?}");
    assert_eq!(found[1..], [SurveyFinding::Unclear, SurveyFinding::Unclear]);
}

#[test]
fn a_return_is_one_that_happened() {
    let id = valid(CHILD);
    let returned = |cell: &str| {
        let reading = read_one(
            "缺课月报_2019年6月.csv",
            "",
            &[
                &[
                    "填报学校",
                    "学生姓名",
                    "身份证号",
                    "开始缺课日期",
                    "连续缺课天数",
                    "缺课原因",
                    "是否返校",
                ],
                &["云溪镇中心小学", "王小明", &id, "2019-04-01", "60", "厌学", cell],
            ],
        );
        let record = records(&reading)[0].clone();
        let doubted = record.doubts.iter().any(|noted| noted.doubt == Doubt::WordsUnclear);
        let Statement::Absence(absence) = &record.claims[0].what else { panic!() };
        (absence.returned, absence.returned_on, doubted)
    };
    for cell in ["是", "已返校", "已复学", "√"] {
        assert_eq!(returned(cell), (true, None, false), "{cell}");
    }
    for cell in ["6月18日", "6月18日已返校", "2019-06-18", "是，6月18日已返校", "已于6月18日返校"]
    {
        assert_eq!(returned(cell), (true, Some(day(2019, 6, 18)), false), "{cell}");
    }
    for cell in ["否", "未返校", "无法返校", "返校后再次离校", "返校两天又走", "返校2天，又走了"]
    {
        assert_eq!(returned(cell), (false, None, false), "{cell}");
    }
    for cell in [
        "承诺9月返校",
        "答应下周返校",
        "计划返校",
        "等待返校",
        "预计下学期复学",
        "家长称已返校",
        "曾返校",
        "劝返中",
    ] {
        let (back, on, _) = returned(cell);
        assert_eq!((back, on), (false, None), "{cell}");
    }
    assert!(returned("答应下周返校").2 && returned("家长称已返校").2);
}

#[test]
fn a_blank_state_in_the_registry_is_not_attending() {
    let id = valid(CHILD);
    let states = |head: &[&str], row: &[&str]| {
        let reading = read_one("学籍信息导出.csv", "", &[head, row]);
        let record = records(&reading)[0].clone();
        let Statement::Enrolment(enrolment) = &record.claims[0].what else { panic!() };
        (enrolment.status, record.doubts.iter().any(|n| n.doubt == Doubt::WordsUnclear))
    };
    let head = ["学校名称", "年级", "全国学籍号", "学生姓名", "身份证件号", "学生状态"];
    let number = format!("G{id}");
    let row = |state| ["云溪镇中心小学", "四年级", number.as_str(), "王小明", id.as_str(), state];
    for state in ["", "蓝色", "99", "保留入学资格"] {
        assert_eq!(states(&head, &row(state)), (EnrolmentStatus::Unclear, true), "{state}");
    }
    assert_eq!(states(&head, &row("疑似辍学")), (EnrolmentStatus::DroppedOut, false));
    assert_eq!(states(&head, &row("在校")), (EnrolmentStatus::Attending, false));
    assert_eq!(states(&head[..5], &row("")[..5]), (EnrolmentStatus::Attending, false));
}

#[test]
fn nobody_is_dead_without_a_day_or_a_word() {
    let reading = read_one(
        "死亡及迁出人员.csv",
        "",
        &[
            &["死亡及迁出人员名单"],
            &["序号", "姓名", "身份证号", "户籍地址", "死亡日期", "迁出日期", "去向"],
            &["1", "王小明", &valid(CHILD), "云溪镇", "2019-03-01", "", ""],
            &["2", "李小红", &valid(SISTER), "云溪镇", "", "2019-03-02", "新疆"],
            &["3", "李小兰", &valid(SISTER), "云溪镇", "", "", ""],
        ],
    );
    let said: Vec<Option<Departure>> = records(&reading)
        .iter()
        .map(|record| match record.claims.first().map(|claim| &claim.what) {
            Some(Statement::Departure(departure)) => Some(*departure),
            _ => None,
        })
        .collect();
    let on = |d| Some(day(2019, 3, d));
    let expected =
        [Some(Departure::Dead { on: on(1) }), Some(Departure::MovedOut { on: on(2) }), None];
    assert_eq!(said, expected);
}

#[test]
fn a_return_to_come_and_an_inspection_against_itself() {
    assert_eq!(survey("就读情况", &["休学一年，2020年3月复学"])[0].0, SurveyFinding::Suspended);
    assert_eq!(survey("就读情况", &["休学一年，2019年3月已复学"])[0].0, SurveyFinding::Returned);
    let reading = read_one(
        "督查反馈.csv",
        "",
        &[
            &["市教育督查反馈问题清单 督查时间:2019年8月5日"],
            &["学生姓名", "身份证号", "村", "核查方式", "核查情况", "认定结果"],
            &["王小明", &valid(CHILD), "上岩村", "入户核查", "在家放羊", "在校"],
        ],
    );
    let Statement::Inspection { finding, .. } = records(&reading)[0].claims[0].what else {
        panic!()
    };
    assert_eq!(finding, InspectionFinding::Unclear);
    assert!(records(&reading)[0].doubts.iter().any(|noted| noted.doubt == Doubt::WordsUnclear));
}

#[test]
fn a_list_without_names_asks_which_column_they_are_in() {
    let reading = read_one(
        "云溪镇_摸排表.csv",
        "",
        &[
            &["序号", "花名册名", "身份证号", "村", "就读情况", "摸排日期"],
            &["1", "王小明", &valid(CHILD), "上岩村", "在校", "2019-6-1"],
            &["2", "李小红", &valid(SISTER), "上岩村", "在校", "2019-6-1"],
        ],
    );
    let asked = reading.questions.iter().any(|q| q.column == 2 && q.candidates[0] == Field::Name);
    assert!(asked || records(&reading)[0].person.name.is_some(), "{:?}", reading.questions);
}

#[test]
fn a_question_that_cannot_be_answered_in_the_file_is_not_written() {
    let reading = read_one(
        "x.csv",
        "",
        &[&["1", "王小明", &valid(CHILD), "在校"], &["2", "李小红", "", "在家"]],
    );
    assert_eq!(questions_to_toml(&[("x.csv".to_owned(), reading)]), "");
}

#[test]
fn a_cell_that_is_no_cell_goes_back() {
    let long = "张".repeat(200_000);
    let reading = read_one(
        "云溪镇_摸排表.csv",
        "",
        &[
            &["姓名", "身份证号", "监护人", "就读情况"],
            &[&long, &valid(CHILD), "王大明", "在校"],
            &["李小红", &valid(SISTER), "李大明", "在校"],
        ],
    );
    assert_eq!(outcomes(&reading), ["header", "CELL_TOO_LONG", "record"]);
}

#[test]
fn one_bad_value_in_nine_rows_is_one_message_with_count_and_first_places() {
    let ids: Vec<String> = (0..9).map(|n| valid(&format!("33010220080908{n:03}0"))).collect();
    let names = ["王一", "王二", "王三", "王四", "王五", "王六", "王七", "王八", "王九"];
    let towns = ["云西镇"; 9];
    let rows: Vec<[&str; 4]> =
        (0..9).map(|n| [towns[n], names[n], ids[n].as_str(), "在校"]).collect();
    let mut all: Vec<&[&str]> = vec![&["镇办", "姓名", "身份证号", "就读情况"]];
    all.extend(rows.iter().map(<[&str; 4]>::as_slice));
    let reading = read_one("摸排表.xlsx", "摸排表", &all);
    let of = |code: &str| reading.messages.iter().filter(|m| m.code == code).collect::<Vec<_>>();
    let said = of("TOWN_UNKNOWN");
    assert_eq!(said.len(), 1, "{:?}", reading.messages);
    assert_eq!((said[0].row, said[0].column), (Some(2), Some(1)));
    assert!(said[0].zh.ends_with("（同样的内容共9行：第2、3、4、5行等）"), "{}", said[0].zh);
    assert!(said[0].en.ends_with(" (in 9 rows: 2, 3, 4, 5 and others)"), "{}", said[0].en);
    // The rows know it all the same.
    assert!(records(&reading).iter().all(|record| !record.doubts.is_empty()));
}

#[test]
fn a_certificate_s_own_last_day_is_read() {
    let id = valid(CHILD);
    let until = |head: &str, cell: &str| {
        let reading = read_one(
            "外地就读证明汇总.xlsx",
            "Sheet1",
            &[
                &[
                    "姓名",
                    "身份证号",
                    "就读地",
                    "就读学校",
                    "开具日期",
                    head,
                    "是否盖章",
                    "核实方式",
                ],
                &["王小明", &id, "甲市", "甲市一小", "2019-03-01", cell, "是", "电话核实"],
            ],
        );
        let record = records(&reading)[0];
        let Statement::Certificate(row) = &record.claims[0].what else { panic!("no certificate") };
        (row.until, record.doubts.len())
    };
    assert_eq!(until("有效期至", "2019-07-31"), (Some(day(2019, 7, 31)), 0));
    assert_eq!(until("有效期", "2019-03-01至2019-07-31"), (Some(day(2019, 7, 31)), 0));
    assert_eq!(until("有效期", "2019-07-31"), (Some(day(2019, 7, 31)), 0));
    assert_eq!(until("有效期至", ""), (None, 0));
    assert_eq!(until("有效期至", "学期末"), (None, 1));
}
