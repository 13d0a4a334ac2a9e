//! What is said later: a school's next report, a town's corrected list. Silence is no word, and who speaks later counts by the
//! day the file came.

use std::path::PathBuf;

use crate::program::{Engine, Program};

/// A resident number of the sample region with its check character.
pub(crate) fn id(body: &str) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.bytes().zip(weights).map(|(b, w)| u32::from(b - b'0') * w).sum();
    format!("{body}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}

/// The code of the child of this name, as the export gives it.
#[track_caller]
pub(crate) fn code_of(program: &Program, name: &str) -> String {
    let export = program.export("determinations");
    let line = export.lines().find(|line| line.contains(name)).unwrap();
    line.split(',').skip(3).take(2).collect::<Vec<_>>().join(" ")
}

/// Takes a file in, says what it is, and judges anew. Returns the number of its batch.
#[track_caller]
pub(crate) fn tell(program: &Program, file: &str, text: &str, source: &str) -> String {
    let file = program.file(file, text);
    let (_, outcomes) = program.import(&[file.as_path()], &["--source", source]);
    assert_ne!(outcomes[0]["status"], "rejected", "{:#}", outcomes[0]);
    program.done(&["link"]);
    outcomes[0]["batch"].to_string()
}

/// The registry of 5 July with one pupil of 东沟小学.
fn registry(program: &Program) -> PathBuf {
    let row = format!("汉滨区东沟小学,四年级,王小川,男,{},在校", id("61090220090305011"));
    let head = "全国中小学生学籍信息 导出时间：2019-07-05\n学校,年级,姓名,性别,身份证号,学生状态\n";
    program.file("files/学籍_20190705.csv", format!("{head}{row}\n"));
    program.path("files")
}

fn monthly(school: &str, month: u32, row: &str) -> String {
    let head = "学校,姓名,身份证号,开始缺课日期,连续缺课天数,是否返校,备注";
    format!("中小学缺课学生情况月报表（2019年{month}月）\n{head}\n{school},{row}\n")
}

fn absence_and_zero_reports(engine: Engine) {
    let program = Program::new(engine);
    program.run(&registry(&program));
    let absent = format!("王小川,{},2019-04-22,39,否,", id("61090220090305011"));
    let report = "school_report";
    tell(&program, "甲5月.csv", &monthly("东沟小学", 5, &absent), report);
    assert_eq!(code_of(&program, "王小川"), "DROPOUT LONG_ABSENCE");

    tell(&program, "乙6月.csv", &monthly("西沟小学", 6, "无,,,0,,零报告"), report);
    assert_eq!(code_of(&program, "王小川"), "DROPOUT LONG_ABSENCE", "another school's zero report");

    tell(&program, "乙7月.csv", &monthly("西沟小学", 7, "无,,,0,,零报告"), report);
    assert_eq!(code_of(&program, "王小川"), "UNVERIFIED SCHOOL_SILENT_SINCE", "two months behind");

    let zero = tell(&program, "甲6月.csv", &monthly("汉滨区东沟小学", 6, "无,,,0,,零报告"), report);
    assert_eq!(code_of(&program, "王小川"), "ENROLLED_LOCAL REGISTERED", "its own zero report");

    program.done(&["withdraw", &zero, "--why", "错报"]);
    assert_eq!(code_of(&program, "王小川"), "UNVERIFIED SCHOOL_SILENT_SINCE");
}

#[test]
fn only_the_schools_own_later_report_answers_an_absence() {
    absence_and_zero_reports(Engine::Sqlite);
}

#[test]
fn only_the_schools_own_later_report_answers_an_absence_on_postgresql() {
    absence_and_zero_reports(Engine::Postgres);
}

#[test]
fn the_order_in_which_reports_come_does_not_matter() {
    let program = Program::new(Engine::Sqlite);
    program.run(&registry(&program));
    let absent = format!("王小川,{},2019-04-22,39,否,", id("61090220090305011"));
    tell(&program, "甲6月.csv", &monthly("东沟小学", 6, "无,,,0,,零报告"), "school_report");
    tell(&program, "甲5月.csv", &monthly("东沟小学", 5, &absent), "school_report");
    assert_eq!(code_of(&program, "王小川"), "ENROLLED_LOCAL REGISTERED");
}

fn survey(rows: &[&str]) -> String {
    let number = id("61090220090305011");
    let rows = rows.iter().map(|said| format!("东沟村,王小川,男,{number},王大山,{said}\n"));
    let head = "江北办适龄儿童少年摸排表\n村,姓名,性别,身份证号,监护人,就读情况\n";
    head.to_owned() + &rows.collect::<String>()
}

#[test]
fn a_town_that_sends_its_undated_list_again_corrects_itself() {
    let program = Program::new(Engine::Sqlite);
    program.run(&registry(&program));
    let source = "town_survey";
    tell(&program, "摸排.csv", &survey(&["辍学在家"]), source);
    let conflict = "CONFLICT TOWN_SAYS_OUT_REGISTRY_SAYS_IN";
    assert_eq!(code_of(&program, "王小川"), conflict);

    let corrected = tell(&program, "摸排改.csv", &survey(&["在校"]), source);
    assert_eq!(code_of(&program, "王小川"), "ENROLLED_LOCAL REGISTERED", "its later word");

    // The first row word for word in a third file: it is said again, and last.
    tell(&program, "摸排再改.csv", &(survey(&["辍学在家"]) + "\n"), source);
    assert_eq!(code_of(&program, "王小川"), conflict, "said again");

    program.done(&["withdraw", "4", "--why", "重复"]);
    assert_eq!(code_of(&program, "王小川"), "ENROLLED_LOCAL REGISTERED");
    program.done(&["withdraw", &corrected, "--why", "错报"]);
    assert_eq!(code_of(&program, "王小川"), conflict);
}

#[test]
fn two_rows_of_one_list_still_contradict_each_other() {
    let program = Program::new(Engine::Sqlite);
    program.run(program.file("files/空.csv", "").parent().unwrap());
    tell(&program, "摸排.csv", &survey(&["辍学在家", "在东沟小学上四年级"]), "town_survey");
    assert_eq!(code_of(&program, "王小川").split(' ').next(), Some("CONFLICT"));
}

#[test]
fn two_rows_of_one_list_are_no_agreement_with_the_registry() {
    let program = Program::new(Engine::Sqlite);
    program.run(&registry(&program));
    tell(&program, "摸排.csv", &survey(&["辍学在家", "在东沟小学上四年级"]), "town_survey");
    assert_eq!(code_of(&program, "王小川"), "CONFLICT TOWNS_DISAGREE");
    tell(&program, "摸排改.csv", &survey(&["在东沟小学上四年级"]), "town_survey");
    assert_eq!(code_of(&program, "王小川"), "ENROLLED_LOCAL REGISTERED", "its later word");
}

#[test]
fn words_that_leave_it_open_accuse_nobody_and_clear_nobody() {
    for (said, code) in [
        ("疑似辍学", "UNVERIFIED TOWN_WORDS_UNCLEAR"),
        ("承诺9月返校", "UNVERIFIED TOWN_WORDS_UNCLEAR"),
        ("经常旷课", "UNVERIFIED TOWN_WORDS_UNCLEAR"),
        ("拒绝上学", "CONFLICT TOWN_SAYS_OUT_REGISTRY_SAYS_IN"),
        ("逃学，现已到校", "ENROLLED_LOCAL REGISTERED"),
    ] {
        let program = Program::new(Engine::Sqlite);
        program.run(&registry(&program));
        tell(&program, "摸排.csv", &survey(&[said]), "town_survey");
        assert_eq!(code_of(&program, "王小川"), code, "{said}");
    }
}

#[test]
fn two_lists_of_one_folder_contradict_each_other_whatever_their_names() {
    for (one, other) in [("辍学在家", "在校"), ("在校", "辍学在家")] {
        let program = Program::new(Engine::Sqlite);
        program.file("files/江北办_摸排表.csv", survey(&[one]));
        program.file("files/江北办_摸排表(最终版).csv", survey(&[other]));
        program.run(&program.path("files"));
        assert_eq!(code_of(&program, "王小川"), "CONFLICT TOWNS_DISAGREE", "{one}");
        program.run(&registry(&program));
        assert_eq!(code_of(&program, "王小川"), "CONFLICT TOWNS_DISAGREE", "{one}, on a roll");
    }
}

#[test]
fn a_listed_child_in_conflict_is_undecided_and_no_policy_clears_it() {
    let program = Program::new(Engine::Sqlite);
    program.run(&registry(&program));
    tell(&program, "摸排.csv", &survey(&["辍学在家"]), "town_survey");
    let head = "江北办失学辍学学生台账\n村,姓名,性别,身份证号,监护人,辍学时间,辍学原因\n";
    let row = format!("东沟村,王小川,男,{},王大山,2019-03,厌学\n", id("61090220090305011"));
    tell(&program, "台账.csv", &format!("{head}{row}"), "town_ledger");
    let out = program.path("out").to_string_lossy().into_owned();
    program.done(&["report", "--out", &out]);
    let summary = std::fs::read_to_string(program.path("out/summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    let towns = summary["towns"].as_array().unwrap();
    let town = towns.iter().find(|town| town["reported"] == 1).unwrap();
    assert_eq!((&town["undecided"], &town["not_dropout_by_policy"]), (&1.into(), &0.into()));
}
