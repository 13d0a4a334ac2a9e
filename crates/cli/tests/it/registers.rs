//! Registers that come again: the newest counts, the older is history, and what is no whole register replaces nothing.

use std::fmt::Write as _;

use crate::{
    later_word::{code_of, id, tell},
    program::{Engine, Program},
};

const GIVEN: [&str; 20] = [
    "春", "夏", "秋", "冬", "东", "南", "西", "北", "江", "河", "湖", "海", "山", "川", "松", "竹",
    "梅", "兰", "云", "雪",
];

/// An export of two schools of ten pupils each, without those of the numbers left out.
fn export(as_of: &str, without: &[usize]) -> String {
    let mut text = format!("全国中小学生学籍信息 导出时间：{as_of}\n");
    text += "学校,年级,姓名,性别,身份证号,学生状态\n";
    for n in (0..20).filter(|n| !without.contains(n)) {
        let school = if n < 10 { "东沟小学" } else { "西沟小学" };
        let number = id(&format!("6109022009{:02}{:02}{:03}", 1 + n % 9, 10 + n, 101 + 2 * n));
        let _ = writeln!(text, "{school},三年级,王明{},男,{number},在校", GIVEN[n]);
    }
    text
}

fn a_newer_export(engine: Engine) {
    let program = Program::new(engine);
    program.file("files/学籍4月.csv", export("2019-04-10", &[]));
    program.run(&program.path("files"));
    assert_eq!(code_of(&program, "王明西"), "ENROLLED_LOCAL REGISTERED");
    let before = program.exports();

    let newer = tell(&program, "学籍7月.csv", &export("2019-07-05", &[6]), "student_registry");
    assert_eq!(code_of(&program, "王明西"), "UNVERIFIED LEFT_REGISTRY_UNACCOUNTED");
    assert_eq!(code_of(&program, "王明南"), "ENROLLED_LOCAL REGISTERED");
    let links = program.export("links");
    assert_eq!(links.lines().filter(|line| line.contains("学籍4月")).count(), 22, "none is lost");

    program.done(&["withdraw", &newer, "--why", "导错"]);
    let after = program.exports();
    assert_eq!(after.1, before.1, "every verdict as before");
}

#[test]
fn a_child_whom_the_newer_export_lacks_is_to_be_looked_for() {
    a_newer_export(Engine::Sqlite);
}

#[test]
fn a_child_whom_the_newer_export_lacks_is_to_be_looked_for_on_postgresql() {
    a_newer_export(Engine::Postgres);
}

#[test]
fn the_order_in_which_exports_come_does_not_matter() {
    let program = Program::new(Engine::Sqlite);
    program.file("files/学籍7月.csv", export("2019-07-05", &[6]));
    program.run(&program.path("files"));
    tell(&program, "学籍4月.csv", &export("2019-04-10", &[]), "student_registry");
    assert_eq!(code_of(&program, "王明西"), "UNVERIFIED LEFT_REGISTRY_UNACCOUNTED");
}

#[test]
fn an_additional_list_replaces_nothing() {
    let program = Program::new(Engine::Sqlite);
    program.file("files/学籍4月.csv", export("2019-04-10", &[]));
    program.run(&program.path("files"));
    let few: Vec<usize> = (1..20).collect();
    tell(&program, "学籍补充.csv", &export("2019-07-05", &few), "student_registry");
    assert_eq!(code_of(&program, "王明西"), "ENROLLED_LOCAL REGISTERED");
    let said = program.done(&["determine"]).out;
    assert!(!said.contains("相差太大"), "{said}");
}

#[test]
fn half_a_register_replaces_nothing_and_is_asked_about() {
    let program = Program::new(Engine::Sqlite);
    program.file("files/学籍4月.csv", export("2019-04-10", &[]));
    program.file("files/学籍7月.csv", export("2019-07-05", &[4, 5, 6, 7, 8, 9]));
    let answer = program.run(&program.path("files"));
    assert_eq!(code_of(&program, "王明西"), "ENROLLED_LOCAL REGISTERED");
    assert!(answer.out.contains("相差太大") && answer.out.contains("东沟小学"), "{}", answer.out);
    assert!(!answer.out.contains("西沟小学（"), "the other school's roll is whole");
    assert_eq!(answer.code, 1, "a person must look");
    let summary = std::fs::read_to_string(program.path("out/summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(summary["learning"]["learnt"], false, "a dozen rows teach nothing");
    assert!(answer.out.contains("比对没有从中学习"), "{}", answer.out);
    let doubt = &summary["register_doubts"][0];
    assert_eq!((&doubt["older"], &doubt["newer"]), (&"2019-04-10".into(), &"2019-07-05".into()));
    assert_eq!(
        (&doubt["lists"][0]["expected"], &doubt["lists"][0]["found"]),
        (&10.into(), &4.into())
    );
}
