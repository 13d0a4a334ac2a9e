//! `baoxue verify` on the data folder of somebody who put an older result back into the database.

use serde_json::Value;

use crate::{
    program::{Engine, Program, copy_folder},
    web::execute,
};

const CONFIG: &str = "name = \"甲县\"\nas_of = 2019-08-25\n\
                      [[town]]\ncode = \"610902104\"\nname = \"五里镇\"\n";

/// A town's survey in which one child is said to be at home, and the next one, in which it is in school.
const HOME: &str = "序号,村,姓名,性别,出生日期,身份证号,监护人,就读情况\n\
                    1,东沟村,王小川,男,2009-03-05,,王大山,辍学在家\n\
                    2,东沟村,赵小川,男,2010-05-05,,赵大山,在校\n";
const BACK: &str = "序号,村,姓名,性别,出生日期,身份证号,监护人,就读情况\n\
                    1,东沟村,王小川,男,2009-03-05,,王大山,在东沟小学读五年级\n\
                    2,东沟村,赵小川,男,2010-05-05,,赵大山,在校\n";

fn judged(program: &Program, name: &str, text: &str, day: &str) {
    let file = program.file(name, text).to_string_lossy().into_owned();
    program.done(&["import", &file, "--source", "town_survey", "--as-of", day]);
    let config = program.file("county.toml", CONFIG).to_string_lossy().into_owned();
    program.done(&["determine", "--config", &config]);
}

fn verified(program: &Program) -> (i32, Value) {
    let answer = program.answer(&["verify", "--json"]);
    (answer.code, serde_json::from_str(&answer.out).unwrap())
}

#[test]
fn t52_verify_names_a_result_that_was_put_back_and_a_run_writes_it_again() {
    let honest = Program::new(Engine::Sqlite);
    judged(&honest, "甲镇一.csv", HOME, "2019-07-25");
    let tampered = Program::new(Engine::Sqlite);
    // The older result is taken out of a copy, before the next file comes.
    execute(
        &honest.path("data").join("baoxue.db"),
        &["create table taken as select * from verdict"],
    );
    judged(&honest, "甲镇二.csv", BACK, "2019-08-20");
    assert_eq!(verified(&honest).0, 0, "nothing was put back");
    let child: Value =
        serde_json::from_str(&honest.done(&["cases", "show", "k_1", "--json"]).out).unwrap();
    let child = child["child"].as_str().unwrap();

    copy_folder(&honest.path("data"), &tampered.path("data"));
    let first = "(select min(child_id) from taken)";
    let delete = format!("delete from verdict where child_id = {first}");
    let back = format!("insert into verdict select * from taken where child_id = {first}");
    execute(&tampered.path("data").join("baoxue.db"), &[&delete, &back]);
    let (code, told) = verified(&tampered);
    assert_eq!(code, 1, "somebody must look: {told}");
    assert_eq!(told["changed_results"], serde_json::json!([child]));
    assert_eq!(told["fault"], Value::Null, "what was appended is as it was");
    let words = tampered.answer(&["verify"]).out;
    assert!(words.contains("1 名孩子的认定结果") && words.contains(child), "{words}");
    assert!(words.contains("determine --anew"), "what to do: {words}");
    let english = tampered.answer(&["verify", "--lang", "en"]).out;
    assert!(english.contains("put back past it") && english.contains(child), "{english}");
    assert_eq!(verified(&honest).0, 0, "the other folder is as it was");

    tampered.done(&["determine", "--anew"]);
    assert_eq!(verified(&tampered).0, 0, "written again");
    assert_eq!(tampered.exports(), honest.exports());
}
