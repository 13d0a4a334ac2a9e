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
fn a_mistyped_folder_leaves_nothing_behind() {
    let program = Program::new(Engine::Sqlite);
    let folder = program.path("nowhere").to_string_lossy().into_owned();
    let out = program.path("out").to_string_lossy().into_owned();
    check(&program, &["run", &folder, "--out", &out], 3, "没有这个文件或文件夹");
    assert!(!program.path("data").exists() && !program.path("out").exists());
}

#[test]
fn a_wrong_configuration_is_told_in_chinese() {
    let program = Program::new(Engine::Sqlite);
    let config = program.file("county.toml", "nam = \"甲县\"\n").to_string_lossy().into_owned();
    check(&program, &["init", "--config", &config], 3, "不认识的键 `nam`，可以写：");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_folder_is_not_followed() {
    let program = Program::new(Engine::Sqlite);
    let secret = program.file("secret.csv", "姓名,身份证号,就读情况\n王小川,,在校\n");
    program.file("files/说明.csv", "序号,姓名,出生日期,就读情况\n1,王小明,2010-03-05,在校\n");
    std::os::unix::fs::symlink(secret, program.path("files/链接.csv")).unwrap();
    let answer = program.run(&program.path("files"));
    assert!(answer.out.contains("文件《链接.csv》：是指向别处的链接"), "{}", answer.out);
    assert!(!program.export("determinations").contains("王小川"));
}

#[test]
fn a_file_without_rows_is_no_report() {
    let program = Program::new(Engine::Sqlite);
    let head = "江北办适龄儿童少年摸排表\n序号,村,姓名,性别,出生日期,监护人,就读情况\n";
    program.file("files/江北办摸排表.csv", head);
    program.file("files/空行.csv", "\n\n,,\n");
    let answer = program.run(&program.path("files"));
    assert_eq!(answer.out.matches("没有读到任何数据行").count(), 2, "{}", answer.out);
    let town = |text: &str| {
        text.lines().find(|line| line.starts_with("江北办 ")).unwrap_or_default().to_owned()
    };
    assert!(town(&answer.out).contains("未报"), "{}", answer.out);

    program.file("files/江北办零报告.csv", format!("{head}1,无,,,,,零报告\n"));
    let answer = program.run(&program.path("files"));
    assert!(!town(&answer.out).contains("未报"), "{}", answer.out);
}

#[test]
fn an_inspection_that_nobody_understands_is_said_on_the_screen() {
    let program = Program::new(Engine::Sqlite);
    let text = "学生姓名,出生日期,镇办,核查方式,核查情况,认定结果,整改时限\n王小川,2010-03-05,江北办,入户,云里雾里,哈哈,\n";
    program.file("files/07_市教育督查反馈问题清单.csv", text);
    let answer = program.run(&program.path("files"));
    let said = answer.out.lines().any(|line| line.contains("第2行") && line.contains("无法识别"));
    assert!(said, "{}", answer.out);
}
