//! A record of a case that this version cannot read, as the command line and the pages tell it.

use baoxue_act::CaseId;
use baoxue_flow::cases::CaseBook;
use baoxue_store::{CaseAppend, Keys, NewCaseEvent};

use crate::{
    program::{Engine, Program, sample_county},
    web::browser::{Browser, Server, hidden},
};

/// Appends to a case what a newer version might write; gives the number of the record in the case.
fn break_case(program: &Program, case: i64) -> u32 {
    let keys = Keys::from_file(&program.path("data/baoxue.key")).unwrap();
    let url = program
        .database
        .clone()
        .unwrap_or_else(|| format!("sqlite://{}", program.path("data/baoxue.db").display()));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = baoxue_store::open(&url, keys).await.unwrap();
        let book = CaseBook::load(&store).await.unwrap();
        let file = book.get(CaseId(case)).unwrap();
        let position = u32::try_from(file.events.len()).unwrap();
        let event = NewCaseEvent {
            at: file.case.last.and_utc() - chrono::TimeDelta::hours(8),
            by: "新版本".to_owned(),
            body: r#"{"what":"seen_by_satellite"}"#.to_owned(),
        };
        let child = file.case.child;
        let append =
            CaseAppend { case: Some(case), child, position, known: 0, events: vec![event] };
        store.append_case_events(vec![append]).await.unwrap();
        position + 1
    })
}

fn told(engine: Engine) {
    let program = Program::new(engine);
    program.run(&sample_county("input"));
    let before = program.done(&["cases", "list", "--json"]).out;
    let before: serde_json::Value = serde_json::from_str(&before).unwrap();
    let n = before["cases"].as_array().unwrap().len();
    assert!(n > 2);
    assert_eq!(program.done(&["verify"]).code, 0);
    let no = break_case(&program, 1);
    let named = format!("k_1 第 {no} 条记录无法读取");
    let after = program.done(&["cases", "list", "--json"]).out;
    let after: serde_json::Value = serde_json::from_str(&after).unwrap();
    let cases = after["cases"].as_array().unwrap();
    assert_eq!(cases.len(), n, "it counts as open");
    let broken = cases.iter().find(|case| case["case"] == "k_1").unwrap();
    assert_eq!(broken["unreadable"], no);
    for command in [&["cases", "list"][..], &["cases", "show", "k_1"], &["verify"], &["doctor"]] {
        let answer = program.done(command);
        assert!(answer.out.contains(&named), "{command:?}: {}", answer.out);
    }
    assert_eq!(program.done(&["verify"]).code, 1, "somebody must look");
    assert!(program.done(&["cases", "pass"]).err.contains(&named));
    let what = program.file("what.json", r#"{"what":"noted","words":"电话联系"}"#);
    let what = what.to_string_lossy().into_owned();
    let record = |case: &str| program.answer(&["cases", "record", case, &what, "--by", "甲"]);
    let refused = record("k_1");
    assert!(refused.code == 3 && refused.err.contains(&named), "{}", refused.err);
    assert_eq!(record("k_2").code, 0, "every other case goes on");
    program.done(&["determine"]);
    assert_eq!(record("k_2").code, 0, "and so does a run");
}

#[test]
fn a_record_that_cannot_be_read_is_named_and_stops_its_case_alone() {
    told(Engine::Sqlite);
}

#[test]
fn a_record_that_cannot_be_read_is_named_and_stops_its_case_alone_on_postgresql() {
    told(Engine::Postgres);
}

fn signed_in(server: &Server, login: &str) -> Browser {
    let mut browser = server.browser();
    browser.sign_in(login);
    browser
}

#[test]
fn pages_go_on_beside_a_case_that_cannot_be_read_and_say_what_to_do() {
    let server = Server::start(Engine::Sqlite);
    let mut town = signed_in(&server, "zhenban");
    let list = town.get("/cases?view=list&size=100").body;
    let keys = list.split("href=\"/cases/k_").skip(1);
    let mut keys: Vec<i64> =
        keys.map(|part| part.split('"').next().unwrap().parse().unwrap()).collect();
    keys.sort_unstable();
    keys.dedup();
    let (broken, other) = (keys[0], keys[1]);
    let count = |page: &str| page.matches("href=\"/cases/k_").count();
    let before = count(&list);
    let no = break_case(&server.program, broken);
    let short = format!("第 {no} 条记录无法读取");
    let list = town.get("/cases?view=list&size=100").body;
    assert_eq!(count(&list), before, "nobody loses sight of a child");
    assert!(list.contains(&short), "{list}");
    assert!(town.get("/cases").body.contains(&short), "the board");
    assert!(town.get("/today").body.contains(&format!("案件 k_{broken}")), "its seats are told");
    let page = town.get(&format!("/cases/k_{broken}"));
    assert_eq!(page.status, 200);
    for part in [short.as_str(), "仍按未销号计", "升级程序"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(!page.body.contains("/visit\""), "nothing can be recorded");
    // Whoever sends a form all the same is told why, and nothing is kept.
    let shown = town.get(&format!("/cases/k_{other}")).body;
    let (csrf, seen) = (town.csrf(&shown), hidden(&shown, "seen"));
    let form = |seen: &str| format!("csrf={csrf}&seen={seen}&words=%E7%94%B5%E8%AF%9D");
    let at = format!("/cases/k_{broken}/note");
    let refused = town.post(&at, &form(&(no - 1).to_string()));
    assert!(refused.status == 409 && refused.body.contains(&short), "{}", refused.body);
    let done = town.post(&format!("/cases/k_{other}/note"), &form(&seen));
    assert_eq!(done.status, 303, "{}", done.body);
    let mut bureau = signed_in(&server, "jiaotiju");
    for path in ["/reports/duties", "/reports/departments", "/documents", "/letters", "/map"] {
        assert_eq!(bureau.get(path).status, 200, "{path}");
    }
    let health = signed_in(&server, "xitong").get("/admin/health").body;
    assert!(health.contains(&format!("k_{broken}")) && health.contains(&short), "{health}");
}
