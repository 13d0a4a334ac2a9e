//! What people rule: withdrawing a batch restores every figure; a ruling on two rows binds and can be taken back.

use std::path::Path;

use crate::program::{Engine, Program, copy_folder, sample_county};

fn withdrawal_restores(engine: Engine) {
    let program = Program::new(engine);
    let folder = program.path("files");
    copy_folder(&sample_county("input"), &folder);
    let later: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.file_name().unwrap().to_string_lossy().starts_with("07"))
        .collect();
    let held_back = program.path("07.xlsx");
    std::fs::rename(&later[0], &held_back).unwrap();
    program.run(&folder);
    let before = program.exports();

    let (_, outcomes) = program.import(&[held_back.as_path()], &[]);
    let batch = outcomes[0]["batch"].to_string();
    program.done(&["link"]);
    assert_ne!(program.exports(), before, "the inspection changes verdicts");

    program.done(&["withdraw", &batch, "--why", "导错"]);
    assert_eq!(program.exports(), before);
    let status = program.done(&["status"]).out;
    assert!(status.contains("已撤回"), "{status}");
}

#[test]
fn after_a_withdrawal_everything_is_as_before() {
    withdrawal_restores(Engine::Sqlite);
}

#[test]
fn after_a_withdrawal_everything_is_as_before_on_postgresql() {
    withdrawal_restores(Engine::Postgres);
}

const HEADER: &str = "序号,村,姓名,性别,出生日期,身份证号,监护人,就读情况";

/// Two registers of one child that nothing but name and village joins.
fn two_rows(program: &Program) -> (String, String) {
    let one =
        program.file("甲.csv", format!("{HEADER}\n1,东沟村,王小川,男,2010-03-05,,王大山,在校\n"));
    let two = program
        .file("乙.csv", format!("{HEADER}\n1,东沟村,王晓船,男,2011-07-09,,李秀英,辍学在家\n"));
    let told = ["--source", "town_survey", "--as-of", "2019-07-25"];
    let files: [&Path; 2] = [&one, &two];
    program.import(&files, &told);
    program.done(&["link"]);
    ("1-0".to_owned(), "2-0".to_owned())
}

fn n_children(program: &Program) -> usize {
    program.export("determinations").lines().count() - 1
}

#[test]
fn a_ruling_binds_every_later_run_and_can_be_revoked() {
    let program = Program::new(Engine::Sqlite);
    let (one, two) = two_rows(&program);
    assert_eq!(n_children(&program), 2);
    let before = program.exports();

    program.done(&["decide", "same", &one, &two, "--why", "入户核实是同一人"]);
    program.done(&["determine"]);
    assert_eq!(n_children(&program), 1);

    program.done(&["decide", "revoke", &one, &two, "--why", "认错了"]);
    program.done(&["determine"]);
    assert_eq!(program.exports(), before, "both children and their claims are back");
}

#[test]
fn a_ruling_on_a_row_that_is_not_there_changes_nothing() {
    let program = Program::new(Engine::Sqlite);
    let (one, _) = two_rows(&program);
    let answer = program.answer(&["decide", "same", &one, "9-9", "--why", "试"]);
    assert_eq!(answer.code, 3);
    assert!(answer.err.contains("9-9"), "{}", answer.err);
}

#[test]
fn opposite_rulings_are_refused() {
    let program = Program::new(Engine::Sqlite);
    let (one, two) = two_rows(&program);
    program.done(&["decide", "same", &one, &two, "--why", "入户核实是同一人"]);
    let answer = program.answer(&["decide", "different", &two, &one, "--why", "又说不是"]);
    assert_eq!(answer.code, 3);
    assert!(answer.err.contains("矛盾"), "{}", answer.err);
    program.done(&["determine"]);
}
