//! Figures that stand on their own: comparisons and breakdowns, listings, monitoring, aid, what-if.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use baoxue_claim::RecordId;
use baoxue_sample::{Spec, default_towns};
use chrono::NaiveDate;
use serde_json::Value;

use crate::{
    later_word::id,
    program::{Engine, Program, sample_county},
};

fn json(program: &Program, arguments: &[&str]) -> Value {
    let mut arguments = arguments.to_vec();
    arguments.push("--json");
    serde_json::from_str(&program.done(&arguments).out).unwrap()
}

#[test]
fn fourteen_is_not_four_and_seven_and_two_and_the_fourteenth_is_named() {
    let program = Program::new(Engine::Sqlite);
    let answer = program.run(&sample_county("input"));
    for book in
        ["四查三比对", "错报漏报核算表", "动态监测清单", "应助尽助核对表", "义务教育有保障核对表"]
    {
        assert!(answer.out.contains(book), "{book} is written");
    }
    let speech = "not_dropout_by_policy,mishandled_policy,city_inspection";
    let answer = program.answer(&["compare", "reported", "--classes", speech]);
    assert_eq!(answer.code, 3, "{}", answer.out);
    assert!(answer.err.contains("14≠4＋7＋2（合计13）。漏了1人："), "{}", answer.err);
    assert!(answer.err.contains("（"), "with the town: {}", answer.err);

    let whole = format!("{speech},unexplained");
    let table = json(&program, &["compare", "reported", "--classes", &whole]);
    let classes = table["comparisons"][0]["classes"].as_array().unwrap();
    let counts: Vec<usize> =
        classes.iter().map(|class| class["children"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [4, 7, 2, 1]);
    assert_eq!(program.answer(&["compare", "reported", "--classes", "late"]).code, 3);
}

#[test]
fn the_account_of_listings_adds_up_and_tells_zero_from_nothing() {
    let program = Program::new(Engine::Sqlite);
    program.run(&sample_county("input"));
    let account = json(&program, &["listings"]);
    let towns = account["towns"].as_array().unwrap();
    let sum = |key: &str| towns.iter().map(|town| town[key].as_u64().unwrap()).sum::<u64>();
    assert_eq!(sum("out"), sum("found_first") + sum("found_later") + sum("missed"));
    let summary = fs::read_to_string(program.path("out/summary.json")).unwrap();
    let summary: Value = serde_json::from_str(&summary).unwrap();
    let table = summary["towns"].as_array().unwrap();
    let out: u64 = table.iter().map(|town| town["out_of_school"].as_u64().unwrap()).sum();
    assert_eq!(sum("out"), out, "as many as in the town table");
    assert_eq!(summary["listings"], account["towns"]);
    assert!(sum("missed") > 0 && sum("wrong") > 0);
    for source in account["sources"].as_array().unwrap() {
        let parts = source["outcomes"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap());
        assert_eq!(source["named"].as_u64().unwrap(), parts.sum::<u64>());
    }
}

const GIVEN: [&str; 25] = [
    "春", "夏", "秋", "冬", "东", "南", "西", "北", "江", "河", "湖", "海", "山", "川", "松", "竹",
    "梅", "兰", "云", "雪", "雨", "风", "雷", "霜", "月",
];

/// What the registry says of a pupil: school, state, and what is added to the serial of the number.
type Pupil = (&'static str, &'static str, usize);

fn registry(as_of: &str, of: impl Fn(usize) -> Option<Pupil>) -> String {
    let mut text = format!("全国中小学生学籍信息 导出时间：{as_of}\n");
    text += "学校,年级,姓名,性别,身份证号,学生状态\n";
    for (n, given) in GIVEN.iter().enumerate() {
        let Some((school, state, step)) = of(n) else { continue };
        let serial = 101 + 2 * n + step;
        let number = id(&format!("6109022009{:02}{:02}{serial:03}", 1 + n % 9, 10 + n % 18));
        let _ = writeln!(text, "{school},三年级,王明{given},男,{number},{state}");
    }
    text
}

const THERE: Option<Pupil> = Some(("东沟小学", "在校", 0));

#[test]
fn a_newer_registry_tells_who_vanished_left_and_changed_school() {
    let program = Program::new(Engine::Sqlite);
    program.file("files/学籍4月.csv", registry("2019-04-10", |_| THERE));
    let july = registry("2019-07-05", |n| match n {
        6 => None,
        7 => Some(("东沟小学", "转出", 0)),
        8 => Some(("西沟小学", "在校", 0)),
        _ => THERE,
    });
    program.file("files/学籍7月.csv", july);
    program.run(&program.path("files"));
    let told = json(&program, &["monitor"]);
    let pair = &told["monitoring"]["pairs"][0];
    let count = |key: &str| pair[key].as_u64().unwrap();
    assert_eq!(count("older_children"), 25);
    let parts = ["stayed", "changed_school", "left", "vanished"].map(count);
    assert_eq!(parts, [22, 1, 1, 1]);
    let findings = told["monitoring"]["findings"].as_array().unwrap();
    let vanished = findings.iter().find(|finding| finding["change"] == "vanished").unwrap();
    assert_eq!((&vanished["on"], &vanished["due"]), (&"2019-07-05".into(), &"2019-08-04".into()));
    assert_eq!(vanished["overdue"], true, "by 25 August");
}

#[test]
fn a_registry_whose_numbers_changed_waits_until_a_person_accepts_it() {
    let program = Program::new(Engine::Sqlite);
    program.file("files/学籍4月.csv", registry("2019-04-10", |_| THERE));
    let slipped = |n| Some(("东沟小学", "在校", if n < 4 { 200 } else { 0 }));
    program.file("files/学籍7月.csv", registry("2019-07-05", slipped));
    let answer = program.run(&program.path("files"));
    assert!(answer.out.contains("4人身份证号变了"), "{}", answer.out);
    assert_eq!(answer.code, 1);
    assert!(json(&program, &["monitor"])["monitoring"]["pairs"].as_array().unwrap().is_empty());

    let mut config = fs::read_to_string(sample_county("county.toml")).unwrap();
    config.push_str(
        "\n[[determine.monitor.accepted]]\nsource = \"student_registry\"\nday = 2019-07-05\n",
    );
    let config = program.file("accepted.toml", config);
    let told = json(&program, &["monitor", "--config", &config.to_string_lossy()]);
    assert!(told["doubts"].as_array().unwrap().is_empty());
    assert_eq!(told["monitoring"]["pairs"][0]["vanished"], 4);
}

/// The standing of every boarder as the truth has it, by the number of its ID.
fn true_aid(program: &Program) -> BTreeMap<String, String> {
    let table = |name: &str, columns: [&str; 2]| -> BTreeMap<String, String> {
        let text = fs::read_to_string(program.path(name)).unwrap();
        let mut lines = text.lines();
        let header: Vec<&str> = lines.next().unwrap().split(',').collect();
        let at = columns.map(|column| header.iter().position(|h| *h == column).unwrap());
        let row = |line: &str| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[at[0]].to_owned(), cells[at[1]].to_owned())
        };
        lines.map(row).collect()
    };
    let ids = table("truth/children.csv", ["child_uid", "id_card"]);
    let standings = table("truth/aid.csv", ["child_uid", "standing"]);
    standings.into_iter().map(|(child, standing)| (ids[&child].clone(), standing)).collect()
}

#[test]
fn gaps_doubles_and_wrong_payments_of_a_district_are_found() {
    let program = Program::new(Engine::Sqlite);
    let spec = Spec {
        seed: 15,
        children: 2000,
        noise: 1.0,
        as_of: NaiveDate::from_ymd_opt(2019, 8, 25).unwrap(),
        style: None,
        towns: default_towns(),
    };
    baoxue_sample::county(&spec, &mut |name, bytes| {
        program.file(name, bytes);
        Ok(())
    })
    .unwrap();
    program.run(&program.path("input"));
    let reason = ["export", "determinations", "--full-ids", "--reason", "核对"];
    let export = program.done(&reason).out;
    let number: BTreeMap<&str, &str> =
        export.lines().skip(1).filter_map(|line| line.split_once(',')).collect();
    let told = json(&program, &["aid"]);
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for case in told["aid"]["cases"].as_array().unwrap() {
        let record = RecordId(case["child"].as_i64().unwrap());
        let child = format!("C{}-{}", record.batch().0, record.ordinal());
        let id = number[child.as_str()].split(',').next().unwrap().to_owned();
        found.insert(id, case["standing"].as_str().unwrap().to_owned());
    }
    let truth = true_aid(&program);
    let wrong: Vec<_> = truth
        .iter()
        .filter(|(id, standing)| found.get(*id) != Some(*standing))
        .map(|(id, standing)| (standing, found.get(id)))
        .collect();
    assert!(truth.len() > 50, "{}", truth.len());
    assert!(wrong.len() * 50 <= truth.len(), "{} of {}: {wrong:?}", wrong.len(), truth.len());
    let secured = &told["secured"]["county"];
    let count = |key: &str| secured[key].as_u64().unwrap();
    assert_eq!(count("households"), count("secured") + count("not_secured") + count("open"));
    assert!(count("households") > 100);
}

#[test]
fn what_a_lower_threshold_would_do_is_told_and_nothing_is_changed() {
    let program = Program::new(Engine::Sqlite);
    program.run(&sample_county("input"));
    let before = program.exports();
    let told = json(&program, &["rules", "what-if", "--set", "thresholds.dropout_days=9"]);
    let moves = told["moves"].as_array().unwrap();
    let of =
        |from: &str, to: &str| moves.iter().filter(|m| m["from"] == from && m["to"] == to).count();
    assert!(of("SUSPECTED", "DROPOUT") > 0, "{moves:?}");
    assert_eq!(of("DROPOUT", "SUSPECTED"), 0, "a lower threshold frees nobody");
    assert_eq!(program.exports(), before);
    assert_eq!(json(&program, &["rules", "what-if"])["moves"], Value::Array(Vec::new()));
    let wrong = program.answer(&["rules", "what-if", "--set", "thresholds.drop=9"]);
    assert_eq!(wrong.code, 2, "{}", wrong.err);
}
