//! What a clerk is told when the command line is wrong or the database refuses.

use crate::program::{Engine, Program};

#[track_caller]
fn check(program: &Program, arguments: &[&str], code: i32, expected: &str) {
    let answer = program.answer(arguments);
    assert_eq!(answer.code, code, "{}", answer.err);
    assert!(answer.err.contains(expected), "{expected}: {}", answer.err);
}

#[test]
fn a_wrong_command_line_is_told_in_the_users_language() {
    let program = Program::new(Engine::Sqlite);
    check(&program, &["status", "--jsn"], 2, "没有“--jsn”这个选项");
    check(&program, &["status", "--jsn", "--lang", "en"], 2, "unexpected argument '--jsn'");
    check(&program, &["withdraw", "一", "--why", "x"], 2, "的值“一”不对");
    check(&program, &["import", "a.csv", "--source", "摸底"], 2, "没有“摸底”这种来源");
}

#[test]
fn a_damaged_database_is_told_in_chinese() {
    let program = Program::new(Engine::Sqlite);
    program.done(&["init"]);
    let noise = "这不是数据库".repeat(2000);
    for name in ["data/baoxue.db-wal", "data/baoxue.db-shm"] {
        let _ = std::fs::remove_file(program.path(name));
    }
    program.file("data/baoxue.db", noise);
    check(&program, &["status"], 3, "数据库文件已损坏，或不是保学的数据库");
}

#[test]
fn a_database_that_cannot_be_reached_is_told_in_chinese() {
    let program = Program::new(Engine::Sqlite);
    program.done(&["init"]);
    let at = |url: &str| program.answer(&["status", "--database", url]);
    let refused = at("postgres://a:b@127.0.0.1:1/c");
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains("连不上数据库服务器"), "{}", refused.err);
    assert!(at("mysql://x").err.contains("数据库地址写法不对"));

    let server = baoxue_testkit::postgres::url().unwrap();
    let (address, options) = server.split_once('?').unwrap();
    let (base, _) = address.rsplit_once('/').unwrap();
    let missing = at(&format!("{base}/nowhere?{options}"));
    assert!(missing.err.contains("服务器上没有这个数据库"), "{}", missing.err);
    let stranger = at(&server.replace("baoxue@", "stranger:wrong@"));
    assert!(stranger.err.contains("数据库不让登录"), "{}", stranger.err);
}

#[test]
fn a_wrong_key_is_told_in_chinese() {
    let program = Program::new(Engine::Sqlite);
    program.done(&["init"]);
    let key = format!("1 {}\n", "5a".repeat(32));
    let other = program.file("other.key", key);
    let _ = std::fs::set_permissions(&other, std::os::unix::fs::PermissionsExt::from_mode(0o600));
    check(&program, &["status", "--key", &other.to_string_lossy()], 3, "密钥与数据库不符");
}

#[test]
fn a_wrong_configuration_is_told_in_chinese() {
    let program = Program::new(Engine::Sqlite);
    let config = program.file("county.toml", "nam = \"甲县\"\n").to_string_lossy().into_owned();
    check(&program, &["init", "--config", &config], 3, "不认识的键 `nam`，可以写：");
}
