//! What is counted of whom, and what stays as it was when the same thing is done again: the population with its answers, the
//! day by which a quarrel must be answered, columns about school days and persuasion.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    later_word::{code_of, id, tell},
    program::{Engine, Program, sample_county},
};

fn summary(program: &Program) -> Value {
    let text = fs::read_to_string(program.path("out/summary.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn number(value: &Value, path: &str) -> u64 {
    value.pointer(path).and_then(Value::as_u64).unwrap()
}

#[test]
fn the_population_stands_in_the_summary_by_base_and_answer() {
    let program = Program::new(Engine::Sqlite);
    program.run(&sample_county("input"));
    let summary = summary(&program);
    let population = &summary["population"];
    let total = number(population, "/total/children");
    assert_eq!(number(population, "/determined"), number(&summary, "/children"));
    assert_eq!(number(population, "/outside") + total, number(population, "/determined"));
    let bases = population["bases"].as_array().unwrap();
    let sum = |path: &str| bases.iter().map(|base| number(base, path)).sum::<u64>();
    assert_eq!(sum("/children"), total);
    let names: Vec<&str> = bases.iter().map(|base| base["base"].as_str().unwrap()).collect();
    assert_eq!(names, ["registered", "resident_other", "in_no_register", "unknown"]);
    assert!(bases[..3].iter().all(|base| number(base, "/children") > 0), "{population:#}");
    // Every number of the ledgers is one of these.
    let of = |code: &str| {
        let all = summary["statuses"].as_array().unwrap();
        number(all.iter().find(|status| status["code"] == code).unwrap(), "/children")
    };
    assert_eq!(number(population, "/total/dropout/yes"), of("DROPOUT") + of("NEVER_ENROLLED"));
    assert_eq!(number(population, "/total/dropout/not_yet"), of("SUSPECTED"));
    let of_age: u64 =
        summary["towns"].as_array().unwrap().iter().map(|t| number(t, "/of_age")).sum();
    assert_eq!(of_age, total, "as many as in the town table");
}

/// The registry of 5 July and a survey of 20 July that contradict each other about 王小川.
fn quarrel(program: &Program) {
    let number = id("61090220090305011");
    let head = "全国中小学生学籍信息 导出时间：2019-07-05\n学校,年级,姓名,性别,身份证号,学生状态\n";
    let row = format!("汉滨区东沟小学,四年级,王小川,男,{number},在校\n");
    program.file("files/学籍_20190705.csv", format!("{head}{row}"));
    program.file("files/江北办_摸排表.csv", survey("2019-07-20", "辍学在家"));
}

fn survey(day: &str, said: &str) -> String {
    let row = format!("东沟村,王小川,男,{},王大山,{said},{day}", id("61090220090305011"));
    let head = "江北办适龄儿童少年摸排表\n村,姓名,性别,身份证号,监护人,就读情况,入户日期";
    format!("{head}\n{row}\n")
}

/// Since when sources are at odds about 王小川, when that was first shown, and by when it must be answered.
fn days(program: &Program, on: &str) -> [String; 3] {
    let export = program.export("determinations");
    let child = export.lines().find(|line| line.contains("王小川")).unwrap();
    let child = child.split(',').next().unwrap().to_owned();
    let told = program.done(&["rules", "explain", &child, "--on", on, "--json"]).out;
    let told: Value = serde_json::from_str(&told).unwrap();
    ["since", "opened", "answer_by"]
        .map(|key| told["verdict"]["conflict"][key].as_str().unwrap().to_owned())
}

fn quarrel_keeps_its_day(engine: Engine) {
    let program = Program::new(engine);
    quarrel(&program);
    program.run(&program.path("files"));
    let first = ["2019-07-20", "2019-08-25", "2019-08-30"].map(str::to_owned);
    assert_eq!(days(&program, "2019-08-25"), first);
    assert_eq!(days(&program, "2019-10-08"), first, "six weeks later");

    // Judged again later, in a county whose day has moved on.
    let config = fs::read_to_string(sample_county("county.toml")).unwrap();
    let config = config.replace("as_of = 2019-08-25", "as_of = 2019-09-10");
    let config = program.file("later.toml", config).to_string_lossy().into_owned();
    program.done(&["determine", "--config", &config]);
    assert_eq!(days(&program, "2019-09-10"), first, "judged again");

    // The town says the same again, and then the same list is withdrawn and comes back.
    let again = tell(&program, "九月.csv", &survey("2019-09-05", "辍学在家"), "town_survey");
    assert_eq!(days(&program, "2019-09-10"), first, "said again");
    program.done(&["withdraw", &again, "--why", "重报"]);
    tell(&program, "九月改.csv", &survey("2019-09-05", "在家务农，未上学"), "town_survey");
    assert_eq!(days(&program, "2019-09-10"), first, "said in other words");

    // It changes its mind, and changes it back: that is another quarrel.
    tell(&program, "更正.csv", &survey("2019-09-06", "在东沟小学上五年级"), "town_survey");
    assert_eq!(code_of(&program, "王小川"), "ENROLLED_LOCAL REGISTERED");
    tell(&program, "再更正.csv", &survey("2019-09-08", "辍学在家"), "town_survey");
    let second = ["2019-09-08", "2019-09-10", "2019-09-15"].map(str::to_owned);
    assert_eq!(days(&program, "2019-09-10"), second);
    assert_eq!(days(&program, "2019-12-01"), second);
}

#[test]
fn a_quarrel_must_be_answered_by_a_day_that_never_moves() {
    quarrel_keeps_its_day(Engine::Sqlite);
}

#[test]
fn a_quarrel_must_be_answered_by_a_day_that_never_moves_on_postgresql() {
    quarrel_keeps_its_day(Engine::Postgres);
}

#[test]
fn a_monthly_report_tells_school_days_and_attempts_at_persuasion() {
    for (days, school_days, persuasions, code) in [
        ("", "5", "", "SUSPECTED ABSENT_OVER_THRESHOLD"),
        ("", "4天", "", "ENROLLED_LOCAL SHORT_ABSENCE"),
        ("6", "5", "", "SUSPECTED ABSENT_OVER_THRESHOLD"),
        ("40", "28", "", "DROPOUT LONG_ABSENCE"),
        ("40", "28", "1次", "SUSPECTED PERSUASION_OUTSTANDING"),
        ("40", "28", "3", "DROPOUT LONG_ABSENCE"),
    ] {
        let program = Program::new(Engine::Sqlite);
        let number = id("61090220090305011");
        let head =
            "全国中小学生学籍信息 导出时间：2019-07-05\n学校,年级,姓名,性别,身份证号,学生状态\n";
        let row = format!("汉滨区东沟小学,四年级,王小川,男,{number},在校\n");
        program.file("files/学籍_20190705.csv", format!("{head}{row}"));
        program.run(&program.path("files"));
        let head = "学校,姓名,身份证号,连续缺课天数,缺课上学日数,劝返次数,是否返校,备注";
        let row = format!("东沟小学,王小川,{number},{days},{school_days},{persuasions},否,");
        let report = format!("中小学缺课学生情况月报表（2019年6月）\n{head}\n{row}\n");
        tell(&program, "月报.csv", &report, "school_report");
        assert_eq!(code_of(&program, "王小川"), code, "{days} {school_days} {persuasions}");
    }
}

#[test]
fn a_sample_for_a_configuration_has_the_packs_that_it_names() {
    let program = Program::new(Engine::Sqlite);
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/packs");
    let towns = fs::read_to_string(sample_county("county.toml")).unwrap();
    let towns = &towns[towns.find("[[town]]").unwrap()..];
    for pack in ["province", "county"] {
        for file in fs::read_dir(packs.join(pack)).unwrap() {
            let file = file.unwrap();
            let name = format!("here/{pack}/{}", file.file_name().to_string_lossy());
            program.file(&name, fs::read(file.path()).unwrap());
        }
    }
    let config = fs::read_to_string(packs.join("county.toml")).unwrap();
    program.file("here/county.toml", format!("{config}\n{towns}"));
    let line = ["sample", "--config", "here/county.toml", "--out", "there", "--children", "300"];
    let answer = program.plain(&line);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(program.path("there/province/pack.md").exists());
    fs::remove_dir_all(program.path("here")).unwrap();
    let config = program.path("there/county.toml").to_string_lossy().into_owned();
    program.done(&["init", "--config", &config]);
}
