//! Cases from the command line: opened by runs, moved by evidence, recorded once, and the same on both databases.

use serde_json::Value;

use crate::program::{Engine, Program};

/// A town's survey in which one child is out of school and one of whom nothing is known.
const SURVEY: &str = "序号,村,姓名,性别,出生日期,身份证号,监护人,就读情况\n\
                      1,东沟村,王小川,男,2009-03-05,,王大山,辍学在家\n\
                      2,东沟村,李小川,男,2010-03-05,,李大山,联系不上\n\
                      3,东沟村,赵小川,男,2010-05-05,,赵大山,在校\n";

/// The next one: the first child is back.
const BACK: &str = "序号,村,姓名,性别,出生日期,身份证号,监护人,就读情况\n\
                    1,东沟村,王小川,男,2009-03-05,,王大山,在东沟小学读五年级\n\
                    2,东沟村,李小川,男,2010-03-05,,李大山,在东沟小学读三年级\n\
                    3,东沟村,赵小川,男,2010-05-05,,赵大山,在校\n";

const CONFIG: &str = "name = \"甲县\"\nas_of = 2019-08-25\n\
                      [[town]]\ncode = \"610902104\"\nname = \"五里镇\"\n";

fn import(program: &Program, name: &str, text: &str, day: &str) {
    let file = program.file(name, text);
    let file = file.to_string_lossy().into_owned();
    program.done(&["import", &file, "--source", "town_survey", "--as-of", day]);
    let config = program.file("county.toml", CONFIG);
    program.done(&["determine", "--config", &config.to_string_lossy()]);
}

fn list(program: &Program) -> Vec<Value> {
    let config = program.path("county.toml");
    let config = config.to_string_lossy().into_owned();
    let out = program.done(&["cases", "list", "--json", "--config", &config]).out;
    serde_json::from_str::<Value>(&out).unwrap()["cases"].as_array().unwrap().clone()
}

fn show(program: &Program, case: &str) -> Value {
    serde_json::from_str(&program.done(&["cases", "show", case, "--json"]).out).unwrap()
}

fn record(program: &Program, case: &str, by: &str, what: &str) -> (i32, String) {
    let file = program.file("what.json", what);
    let file = file.to_string_lossy().into_owned();
    let answer = program.answer(&["cases", "record", case, &file, "--by", by]);
    (answer.code, answer.err)
}

fn opened_moved_and_ended_by_evidence(engine: Engine) {
    let program = Program::new(engine);
    import(&program, "甲镇一.csv", SURVEY, "2019-07-25");
    let first = list(&program);
    // One list alone accuses nobody: both are to be verified.
    let codes: Vec<&str> = first.iter().map(|case| case["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["UNVERIFIED", "UNVERIFIED"]);
    // The same said again opens nothing and tells no case anything.
    program.done(&["determine"]);
    let out = first[0]["case"].as_str().unwrap().to_owned();
    assert_eq!(show(&program, &out)["events"].as_array().unwrap().len(), 1);

    let note = r#"{"what":"noted","words":"家长外出"}"#;
    assert_eq!(record(&program, &out, "甲", note).0, 0);
    let (code, why) = record(&program, &out, "甲", r#"{"what":"determined","code":"DROPOUT"}"#);
    assert_eq!(code, 3, "{why}");
    assert!(why.contains("证据不足"), "{why}");
    let (code, why) = record(&program, &out, "甲", r#"{"what":"closing_proposed"}"#);
    assert!(code == 3 && why.contains("还不能销号"), "{why}");
    assert_eq!(record(&program, &out, "甲", "{\"what\":\"nothing\"}").0, 2);
    assert_eq!(record(&program, "k_999", "甲", note).0, 2);
    assert_eq!(record(&program, &out, "baoxue", note).0, 2, "nobody records as the program");
    assert_eq!(show(&program, &out)["events"].as_array().unwrap().len(), 2);

    import(&program, "甲镇二.csv", BACK, "2019-08-20");
    assert_eq!(list(&program), Vec::<Value>::new(), "verified: they end by themselves");
    let events = show(&program, &out)["events"].clone();
    let last: Vec<&Value> = events.as_array().unwrap().iter().rev().take(2).collect();
    assert_eq!(
        (&last[0]["what"]["what"], &last[1]["what"]["what"]),
        (&"ended".into(), &"judged".into())
    );
    // Withdrawn, the evidence says again what it said; nobody had ever been called out of school.
    program.done(&["withdraw", "2", "--why", "发错"]);
    program.done(&["determine"]);
    let again = list(&program);
    let of: Vec<_> =
        again.iter().map(|case| (case["case"].as_str(), case["episode"].as_u64())).collect();
    assert_eq!(of, [(Some("k_3"), Some(1)), (Some("k_4"), Some(1))]);
    assert_eq!(program.done(&["verify"]).code, 0);
}

#[test]
fn cases_are_opened_moved_and_ended_by_evidence() {
    opened_moved_and_ended_by_evidence(Engine::Sqlite);
}

#[test]
fn cases_are_opened_moved_and_ended_by_evidence_on_postgresql() {
    opened_moved_and_ended_by_evidence(Engine::Postgres);
}
