//! Questions for people, their answers coming back, and what answers say of the linkage.

use std::{collections::BTreeMap, fmt::Write, fs};

use crate::{
    link_files::{clusters, done},
    program::{Engine, Program},
};

const MODEL: [&str; 4] = ["--model", "children", "--id", "record_id"];

/// Generated registers with so many mistakes that questions are left.
fn registers() -> Program {
    let program = Program::new(Engine::Sqlite);
    let sample = ["sample", "--registers", "3000", "--seed", "5", "--noise", "4", "--out", "."];
    done(program.plain(&sample));
    program
}

fn run(program: &Program, command: &[&str], more: &[&str]) -> String {
    let files: &[&str] = &["records.csv"];
    done(program.plain(&[&["link"], command, files, &MODEL, more].concat())).out
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

/// The cells of each line, by the heading. No cell has a comma.
fn lines(csv: &str) -> Vec<BTreeMap<&str, &str>> {
    let mut lines = csv.trim_start_matches('\u{feff}').lines();
    let heads: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines.map(|line| heads.iter().copied().zip(line.split(',')).collect()).collect()
}

/// By record its person.
fn truth(program: &Program) -> BTreeMap<String, String> {
    let text = fs::read_to_string(program.path("truth.csv")).unwrap();
    let cells = |line: &str| {
        let mut cells = line.split(',').map(str::to_owned);
        (cells.next().unwrap(), cells.next().unwrap())
    };
    text.lines().skip(1).map(cells).collect()
}

/// The pairs of a list with the right answers.
fn answered(program: &Program, csv: &str) -> String {
    let truth = truth(program);
    let mut answers = "id_l,id_r,match\n".to_owned();
    for line in lines(csv) {
        let (left, right) = (line["id_l"], line["id_r"]);
        writeln!(answers, "{left},{right},{}", u8::from(truth[left] == truth[right])).unwrap();
    }
    answers
}

#[test]
fn questions_come_by_what_their_answers_change() {
    let program = registers();
    let csv = run(&program, &["review"], &[]);
    let questions = lines(&csv);
    let change = |line: &BTreeMap<&str, &str>| line["change"].parse::<f64>().unwrap();
    assert!(questions.len() > 3 && questions.is_sorted_by(|a, b| change(a) >= change(b)), "{csv}");

    let last = questions.last().unwrap();
    program.file("stakes.csv", format!("id,stake\n{},1e6\n99999999,1\n", last["id_r"]));
    let staked = run(&program, &["review"], &["--stakes", "stakes.csv"]);
    let first = &lines(&staked)[0];
    assert!([first["id_l"], first["id_r"]].contains(&last["id_r"]), "{first:?}");
    assert_eq!(first["stake"], "1000000");

    program.file("stakes.csv", "id,stake\n1,-4\n");
    let more = ["review", "records.csv", "--stakes", "stakes.csv"];
    let answer = program.plain(&[&["link"][..], &more, &MODEL].concat());
    assert!(answer.code == 3 && answer.err.contains("“-4”"), "{}", answer.err);
}

#[test]
fn answers_come_back_and_are_obeyed() {
    let program = registers();
    let csv = run(&program, &["review"], &["--limit", "20"]);
    let answers = answered(&program, &csv);
    program.file("answers.csv", &answers);
    run(&program, &[], &["--decisions", "answers.csv", "--out", "out"]);
    let found: BTreeMap<String, String> = clusters(&program, "out").into_iter().collect();
    let judged = lines(&answers);
    assert!(judged.len() > 3);
    for line in &judged {
        let is_same = found[line["id_l"]] == found[line["id_r"]];
        assert_eq!(is_same, line["match"] == "1", "{line:?}");
    }
    // What a person has answered is not asked again.
    let again = run(&program, &["review"], &["--decisions", "answers.csv"]);
    for line in lines(&again) {
        let asked = |old: &&BTreeMap<&str, &str>| {
            old["id_l"] == line["id_l"] && old["id_r"] == line["id_r"]
        };
        assert!(!judged.iter().any(|old| asked(&old)), "{line:?}");
    }
}

#[test]
fn a_judged_sample_gives_precision_and_recall_with_intervals() {
    let program = registers();
    let csv = run(&program, &["review"], &["--sample", "80"]);
    assert!(!csv.contains("probability"), "who judges must not see what the program thinks");
    program.file("judged.csv", answered(&program, &csv));
    let more = ["--labels", "judged.csv", "--sample", "80", "--json", "--out", "page"];
    let judged = json(&run(&program, &["evaluate"], &more));
    let more = ["--truth", "truth.csv", "--truth-column", "entity_id", "--json"];
    let truth = json(&run(&program, &["evaluate"], &more));
    let of = |what: &str, end: &str| judged[what][end].as_f64().unwrap();
    for what in ["precision", "recall", "f1"] {
        assert!(of(what, "low") < of(what, "high"), "{what}: {judged}");
    }
    let precision = truth["precision"].as_f64().unwrap();
    let (low, high) = (of("precision", "low"), of("precision", "high"));
    assert!(low <= precision && precision <= high && high - low < 0.1, "{precision}: {judged}");
    // Matches that were never compared cannot be judged; the answer says so.
    assert!(of("recall", "high") >= truth["recall"].as_f64().unwrap(), "{judged}");
    let more = ["--labels", "judged.csv", "--sample", "80"];
    assert!(run(&program, &["evaluate"], &more).contains("召回率是上限"));
    assert_eq!((&judged["unasked"], &judged["unknown"]), (&0.into(), &0.into()));
    let page = fs::read_to_string(program.path("page/evaluation.html")).unwrap();
    assert!(page.contains("95 % 区间") && !page.contains("NaN"));

    program.file("other.csv", "id_l,id_r,match\n0,2999,0\n");
    let files = ["link", "evaluate", "records.csv", "--labels", "other.csv"];
    let answer = program.plain(&[&files[..], &MODEL].concat());
    assert!(answer.code == 3 && answer.err.contains("--sample"), "{}", answer.err);
    let both = ["link", "evaluate", "records.csv", "--labels", "a.csv", "--decisions", "a.csv"];
    let answer = program.plain(&[&both[..], &MODEL].concat());
    assert!(answer.code == 2 && answer.err.contains("--decisions"), "{}", answer.err);
}

#[test]
fn rules_are_proposed_and_can_be_used() {
    let program = registers();
    let propose = ["link", "propose", "records.csv", "--id", "record_id"];
    let with = |more: &[&str]| done(program.plain(&[&propose[..], more].concat())).out;
    let found = json(&with(&["--pairs", "8", "--json", "--out", "proposed.toml"]));
    let last = found["proposals"].as_array().unwrap().last().unwrap();
    let number = |what: &str| last[what].as_f64().unwrap();
    assert!(number("recall_so_far") > 0.95 && number("pairs_per_record_so_far") <= 8.0, "{last}");
    assert!(with(&["--rules", "2"]).contains("到此共找到"));
    let use_it = ["link", "records.csv", "--model", "proposed.toml", "--id", "record_id", "--out"];
    done(program.plain(&[&use_it[..], &["out"]].concat()));
    assert!(clusters(&program, "out").len() > 2900);

    let differences = ["link", "differences", "proposed.toml", "out/model.toml"];
    let told = done(program.plain(&differences)).out;
    assert!(told.contains("partners_per_record") && told.contains("比特"), "{told}");
    let told = done(program.plain(&["link", "differences", "children", "children"])).out;
    assert!(told.contains("相同"), "{told}");
}

#[test]
fn what_each_rule_reaches_is_told() {
    let program = registers();
    let profile = run(&program, &["profile"], &[]);
    run(&program, &[], &["--out", "out"]);
    let report = fs::read_to_string(program.path("out/report.html")).unwrap();
    for told in [profile, report] {
        for said in ["找到了应归在一起的记录对的", "没有一条规则直接找到"] {
            assert!(told.contains(said), "{said}: {told}");
        }
    }
}

#[test]
fn a_cluster_is_explained_with_what_holds_it() {
    let program = registers();
    run(&program, &[], &["--source", "source", "--out", "out"]);
    let mut sizes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, cluster) in clusters(&program, "out") {
        sizes.entry(cluster).or_default().push(id);
    }
    let (_, ids) = sizes.iter().max_by_key(|(_, ids)| ids.len()).unwrap();
    let more = ["--source", "source", "--cluster", &ids[0]];
    let told = run(&program, &["explain"], &more);
    assert!(told.contains("条记录归为同一人") && told.contains("最弱的一环"), "{told}");
    let found = json(&run(&program, &["explain"], &[&more[..], &["--json"]].concat()));
    assert_eq!(found["ids"].as_array().unwrap()[0], ids[0]);
}
