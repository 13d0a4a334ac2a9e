//! A log of home teaching counts as schooling while it is fresh, and of the children of the schools that keep one.

use crate::{
    later_word::{code_of, id, tell},
    program::{Engine, Program},
};

const LOG: &str = "学校,姓名,身份证号,送教日期,送教教师,节数,送教内容,监护人签字";

/// The registry of 5 July: two pupils taught at home by 东沟小学, one by 西沟小学, one in class.
fn registry(program: &Program) {
    let pupil = |school: &str, name: &str, body: &str, mode: &str| {
        format!("汉滨区{school},四年级,{name},男,{},在校,{mode}", id(body))
    };
    let rows = [
        pupil("东沟小学", "王小川", "61090220090305011", "送教上门"),
        pupil("东沟小学", "陈小山", "61090220090406013", "送教上门"),
        pupil("西沟小学", "赵小林", "61090220090507015", "送教上门"),
        pupil("东沟小学", "周小石", "61090220090608017", "走读"),
    ];
    let head = "全国中小学生学籍信息 导出时间：2019-07-05\n学校,年级,姓名,性别,身份证号,学生状态,就读方式\n";
    program.file("files/学籍_20190705.csv", format!("{head}{}\n", rows.join("\n")));
    program.run(&program.path("files"));
}

fn visit(name: &str, body: &str, day: &str) -> String {
    format!("汉滨区东沟小学,{name},{},{day},李芳,2,儿歌,是", id(body))
}

#[track_caller]
fn log(program: &Program, file: &str, rows: &[String]) -> String {
    tell(program, file, &format!("{LOG}\n{}\n", rows.join("\n")), "home_teaching_log")
}

fn fresh_and_stale(engine: Engine) {
    let program = Program::new(engine);
    registry(&program);
    // The day of the county is 25 August; nobody keeps a log.
    for name in ["王小川", "陈小山", "赵小林"] {
        assert_eq!(code_of(&program, name), "HOME_TEACHING HOME_TEACHING", "{name}");
    }

    let first = log(&program, "6月.csv", &[visit("王小川", "61090220090305011", "2019-06-10")]);
    assert_eq!(code_of(&program, "王小川"), "UNVERIFIED HOME_TEACHING_LAPSED");
    assert_eq!(
        code_of(&program, "陈小山"),
        "UNVERIFIED HOME_TEACHING_NO_VISIT",
        "of the same school"
    );
    assert_eq!(
        code_of(&program, "赵小林"),
        "HOME_TEACHING HOME_TEACHING",
        "its school keeps no log"
    );
    assert_eq!(code_of(&program, "周小石"), "ENROLLED_LOCAL REGISTERED");

    log(&program, "8月.csv", &[visit("王小川", "61090220090305011", "2019-08-12")]);
    assert_eq!(code_of(&program, "王小川"), "HOME_TEACHING HOME_TEACHING");
    assert_eq!(code_of(&program, "陈小山"), "UNVERIFIED HOME_TEACHING_NO_VISIT");

    // A visit to come is sent back, and what is sent back keeps nobody off the list.
    let rows = [
        visit("陈小山", "61090220090406013", "2019-12-12"),
        visit("陈小山", "61090220090406013", "2019-07-26"),
    ];
    let file = program.file("9月.csv", format!("{LOG}\n{}\n", rows.join("\n")));
    let (_, outcomes) = program.import(&[file.as_path()], &[]);
    assert_eq!(outcomes[0]["status"], "partial", "{:#}", outcomes[0]);
    assert!(outcomes[0].to_string().contains("VISIT_TO_COME"), "{:#}", outcomes[0]);
    program.done(&["link"]);
    assert_eq!(code_of(&program, "陈小山"), "HOME_TEACHING HOME_TEACHING", "thirty days before");

    program.done(&["withdraw", &first, "--why", "错报"]);
    assert_eq!(code_of(&program, "王小川"), "HOME_TEACHING HOME_TEACHING");
}

#[test]
fn home_teaching_counts_while_its_log_is_fresh() {
    fresh_and_stale(Engine::Sqlite);
}

#[test]
fn home_teaching_counts_while_its_log_is_fresh_on_postgresql() {
    fresh_and_stale(Engine::Postgres);
}
