//! What a careful clerk relies on: a copied database is whole, answers reach the file that asked, our own ledgers are no
//! evidence, a mistyped path makes nothing.

use std::fs;

use crate::program::{Engine, Program, copy_folder, sample_county};

#[test]
fn a_copy_of_the_database_file_and_the_key_is_a_whole_backup() {
    let program = Program::new(Engine::Sqlite);
    program.run(&sample_county("input"));
    let copy = Program::new(Engine::Sqlite);
    fs::create_dir_all(copy.path("data")).unwrap();
    for name in ["baoxue.db", "baoxue.key", "county.toml"] {
        fs::copy(program.path("data").join(name), copy.path("data").join(name)).unwrap();
    }
    assert_eq!(copy.exports(), program.exports());
}

#[test]
fn our_own_ledgers_are_no_evidence() {
    let program = Program::new(Engine::Sqlite);
    let folder = program.path("files");
    copy_folder(&sample_county("input"), &folder);
    program.run(&folder);
    let before = program.exports();
    copy_folder(&program.path("out"), &folder);
    let answer = program.run(&folder);
    assert!(answer.out.contains("这是保学打印的"), "{}", answer.out);
    assert!(program.exports().1 == before.1, "no verdict changes");
}

#[test]
fn results_inside_the_folder_of_files_are_not_taken_in() {
    let program = Program::new(Engine::Sqlite);
    program.file(
        "files/甲镇摸排表.csv",
        "序号,村,姓名,性别,出生日期,监护人,就读情况\n1,东沟村,王小川,男,2010-03-05,王大山,在校\n",
    );
    let folder = program.path("files").to_string_lossy().into_owned();
    let out = program.path("files/out").to_string_lossy().into_owned();
    let run = || program.done(&["run", &folder, "--out", &out]);
    run();
    let again = run();
    let taken = |line: &str| line.starts_with(['✓', '✗', '!', '=']) && line.contains("台账");
    assert!(!again.out.lines().any(taken), "{}", again.out);
}

#[test]
fn answers_reach_the_file_that_asked() {
    let program = Program::new(Engine::Sqlite);
    let text = "序号,村,姓名,性别,出生日期,监护人,情况\n1,东沟村,王小川,男,2010-03-05,王大山,辍学在家\n2,东沟村,王小河,男,2011-03-05,王大山,在校\n";
    program.file("files/甲镇摸排表.csv", text);
    let folder = program.path("files");
    program.run(&folder);
    let questions = fs::read_to_string(program.path("out/questions.toml")).unwrap();
    let answered = program.file("answers.toml", &questions).to_string_lossy().into_owned();
    let file = program.path("files/甲镇摸排表.csv");
    let (_, outcomes) = program.import(&[file.as_path()], &["--mapping", &answered]);
    assert_eq!(outcomes[0]["imported"], 2, "{:#}", outcomes[0]);
    assert!(!outcomes[0]["messages"].to_string().contains("questions.toml"), "{:#}", outcomes[0]);
    program.done(&["link"]);
    assert_eq!(program.export("determinations").lines().count(), 3, "two children, once each");
}

#[test]
fn a_mistyped_path_makes_nothing() {
    let program = Program::new(Engine::Sqlite);
    for command in [&["status"][..], &["link"], &["export", "links"], &["doctor"]] {
        assert_eq!(program.answer(command).code, 2, "{command:?}");
    }
    assert!(!program.path("data").exists());
}

#[test]
fn without_a_configuration_the_program_says_so() {
    let program = Program::new(Engine::Sqlite);
    program.file(
        "files/甲镇摸排表.csv",
        "序号,村,姓名,性别,出生日期,监护人,就读情况\n1,东沟村,王小川,男,2010-03-05,王大山,在校\n",
    );
    let folder = program.path("files").to_string_lossy().into_owned();
    let out = program.path("out").to_string_lossy().into_owned();
    let answer = program.answer(&["run", &folder, "--out", &out]);
    assert_eq!(answer.code, 1);
    assert!(answer.err.contains("没有县区配置"), "{}", answer.err);
}

/// The whole job on one small file with standard output given.
fn run_into(program: &Program, out: std::process::Stdio) -> std::process::Output {
    let text =
        "序号,村,姓名,性别,出生日期,监护人,就读情况\n1,东沟村,王小川,男,2010-03-05,王大山,在校\n";
    let file = program.file("files/摸排表.csv", text);
    let folder = file.parent().unwrap().to_string_lossy().into_owned();
    let mut command =
        program.command(&["run", &folder, "--out", &program.path("out").to_string_lossy()]);
    let child = command.stdout(out).stderr(std::process::Stdio::piped()).spawn().unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_reader_who_has_seen_enough_stops_no_work() {
    let program = Program::new(Engine::Sqlite);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = run_into(&program, writer.into());
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(program.path("out/summary.json").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_the_screen_is_said_and_the_work_is_done() {
    let program = Program::new(Engine::Sqlite);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = run_into(&program, full.into());
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{err}");
    assert!(err.contains("没有写全") && !err.contains("panicked"), "{err}");
    assert!(program.path("out/summary.json").exists());
}
