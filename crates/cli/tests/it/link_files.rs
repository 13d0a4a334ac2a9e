//! `baoxue link FILE…`: clusters, pairs, model and report out of any CSV and Parquet files.

use std::{collections::BTreeSet, fs};

use baoxue_columnar::{ColumnChoice, Input, Records, Wanted};

use crate::program::{Answer, Engine, Program};

pub(crate) const HEAD: &str =
    "record_id,source,name,sex,birth_date,id_no,guardian,region_code,address,school";

/// Three children in two registers: 1 and 11 are one girl, 2 and 12 one boy, 3 stands alone.
pub(crate) const FIRST: [&str; 3] = [
    "1,registry,张小莉,女,2009-12-31,110105200912310028,张大山,610122001,铁沟村5组,铁沟村小学",
    "2,registry,李大勇,男,2010-03-05,,李长根,610122002,东山村1组,东山村小学",
    "3,registry,王芳,女,2011-07-08,,王建国,610122003,北沟村2组,北沟村小学",
];
pub(crate) const SECOND: [&str; 2] = [
    "11,household,张小莉,女,2009-12-31,110105200912310028,张大山,610122001,洪山镇铁沟村第五村民小组,铁沟村小学",
    "12,household,李大勇,男,2010-03-05,,李长根,610122002,东山村1组,",
];

pub(crate) fn csv(rows: &[&str]) -> String {
    format!("{HEAD}\n{}\n", rows.join("\n"))
}

pub(crate) fn program() -> Program {
    let program = Program::new(Engine::Sqlite);
    program.file("first.csv", csv(&FIRST));
    program.file("second.csv", csv(&SECOND));
    program
}

#[track_caller]
pub(crate) fn done(answer: Answer) -> Answer {
    assert!(answer.code == 0 || answer.code == 1, "ended with {}: {}", answer.code, answer.err);
    answer
}

pub(crate) fn link(program: &Program, files: &[&str], out: &str, more: &[&str]) -> Answer {
    let fixed = ["--model", "children", "--id", "record_id", "--source", "source", "--out", out];
    program.plain(&[&["link"], files, &fixed, more].concat())
}

/// A result read back as text.
pub(crate) fn result(program: &Program, path: &str, id: &str, columns: &[&str]) -> Records {
    let columns = ColumnChoice::Named(columns.iter().map(|name| (*name).to_owned()).collect());
    let wanted = Wanted { id: Some(id.to_owned()), source: None, columns };
    let file = fs::File::open(program.path(path)).unwrap();
    baoxue_columnar::read(vec![Input::new(path, file)], &wanted, &|_, _| {}).unwrap()
}

pub(crate) fn clusters(program: &Program, out: &str) -> Vec<(String, String)> {
    let records = result(program, &format!("{out}/clusters.parquet"), "id", &["cluster"]);
    let cluster = &records.table.columns()[0];
    let pair = |row| (records.ids.text(row).into_owned(), cluster.text(row).to_owned());
    (0..records.table.n_rows()).map(pair).collect()
}

#[test]
fn files_become_clusters_pairs_model_and_report() {
    let program = program();
    let answer = done(link(&program, &["first.csv", "second.csv"], "out", &["--json"]));
    let said: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!((&said["records"], &said["clusters"]), (&5.into(), &3.into()));
    let expected = [("1", "1"), ("11", "1"), ("12", "12"), ("2", "12"), ("3", "3")];
    let expected = expected.map(|(id, cluster)| (id.to_owned(), cluster.to_owned()));
    assert_eq!(clusters(&program, "out"), expected);
    let files: BTreeSet<String> = fs::read_dir(program.path("out"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let names = ["clusters.parquet", "model.toml", "pairs.parquet", "report.html"];
    assert_eq!(files, names.map(str::to_owned).into());
    let report = fs::read_to_string(program.path("out/report.html")).unwrap();
    for personal in ["张小莉", "110105200912310028", "张大山", "铁沟村5组"] {
        assert!(!report.contains(personal), "{personal}");
    }
    assert!(!report.contains("<script") && !report.contains("NaN"));
    assert_eq!(report.matches("<svg ").count(), 5);
}

#[test]
fn the_order_of_files_changes_no_byte() {
    let program = program();
    done(link(&program, &["first.csv", "second.csv"], "one", &[]));
    done(link(&program, &["second.csv", "first.csv"], "other", &[]));
    for file in ["clusters.parquet", "pairs.parquet", "model.toml"] {
        let read = |out: &str| fs::read(program.path(&format!("{out}/{file}"))).unwrap();
        assert_eq!(read("one"), read("other"), "{file}");
    }
}

#[test]
fn a_file_without_rows_changes_no_byte() {
    let program = program();
    program.file("empty.csv", format!("{HEAD}\n"));
    done(link(&program, &["first.csv", "second.csv"], "one", &[]));
    let answer = done(link(&program, &["first.csv", "empty.csv", "second.csv"], "other", &[]));
    assert!(answer.err.contains("empty.csv"), "{}", answer.err);
    for file in ["clusters.parquet", "pairs.parquet", "model.toml"] {
        let read = |out: &str| fs::read(program.path(&format!("{out}/{file}"))).unwrap();
        assert_eq!(read("one"), read("other"), "{file}");
    }
}

#[test]
fn every_command_that_learns_names_what_it_has_not_learnt() {
    let program = program();
    program.file("truth.csv", "record_id,person\n1,1\n11,1\n2,2\n12,2\n3,3\n");
    let fixed = "first.csv second.csv --model children --id record_id";
    for line in [
        "link explain first.csv second.csv 1 11 --model children --id record_id".to_owned(),
        format!("link explain {fixed} --cluster 1"),
        format!("link review {fixed}"),
        format!("link evaluate {fixed} --truth truth.csv --truth-column person"),
        format!("link profile {fixed}"),
        format!("link propose {fixed}"),
    ] {
        let answer = done(program.plain(&line.split(' ').collect::<Vec<_>>()));
        for of in ["同一人", "兄弟姐妹"] {
            let named = format!("用模型原有的值（{of}）");
            assert!(answer.err.contains(&named), "{line}: {}", answer.err);
        }
        assert!(!answer.out.contains("学不到"), "{line}: what is asked for stands alone");
    }
    let linked = done(link(&program, &["first.csv", "second.csv"], "out", &[])).out;
    assert!(linked.contains("用模型原有的值（兄弟姐妹）"), "{linked}");
}

#[test]
fn the_model_that_was_written_comes_back() {
    let program = program();
    let files = ["first.csv", "second.csv"];
    done(link(&program, &files, "one", &[]));
    let again = ["--model", "one/model.toml", "--no-train", "--id", "record_id", "--out", "two"];
    done(program.plain(&[&["link"][..], &files, &again].concat()));
    assert_eq!(clusters(&program, "one"), clusters(&program, "two"));
}

#[test]
fn auto_finds_the_fields_by_itself() {
    let program = program();
    let line = "link first.csv second.csv --model auto --id record_id --source source --out out";
    done(program.plain(&line.split(' ').collect::<Vec<_>>()));
    assert_eq!(
        clusters(&program, "out")[..2],
        [("1".to_owned(), "1".to_owned()), ("11".to_owned(), "1".to_owned())]
    );
}

#[test]
fn a_pair_is_explained_in_both_languages() {
    let program = program();
    let line = "link explain first.csv second.csv --model children --id record_id 1 11";
    let zh = done(program.plain(&line.split(' ').collect::<Vec<_>>())).out;
    assert!(zh.contains("支持是同一人的：") && zh.contains("身份证号（相同，"), "{zh}");
    assert!(zh.contains("身份证号 相同") && zh.contains("够得上归为同一人"), "{zh}");
    let line = format!("{line} --lang en --out why.html");
    let en = done(program.plain(&line.split(' ').collect::<Vec<_>>())).out;
    assert!(en.contains("For one person: ") && en.contains("enough to join them"), "{en}");
    let page = fs::read_to_string(program.path("why.html")).unwrap();
    assert!(page.contains("<svg ") && page.contains("张小莉"));
    let line = "link explain first.csv second.csv --model children --id record_id 1 99";
    let answer = program.plain(&line.split(' ').collect::<Vec<_>>());
    assert!(answer.code == 2 && answer.err.contains("“99”"), "{}", answer.err);
}

#[test]
fn the_answer_is_held_against_the_truth_and_against_labels() {
    let program = program();
    program.file("truth.csv", "record_id,person\n1,a\n11,a\n2,b\n12,b\n3,c\n");
    program.file("labels.csv", "id_l,id_r,match\n1,11,1\n1,2,0\n77,78,1\n");
    let line = "link evaluate first.csv second.csv --model children --id record_id --json";
    let with = |more: &str| {
        let line = format!("{line} {more}");
        let answer = done(program.plain(&line.split(' ').collect::<Vec<_>>()));
        serde_json::from_str::<serde_json::Value>(&answer.out).unwrap()
    };
    let truth = with("--truth truth.csv --truth-column person --out page");
    assert_eq!((&truth["precision"], &truth["recall"]), (&1.0.into(), &1.0.into()));
    assert_eq!(truth["clusters"]["exact"], 3);
    assert!(fs::read_to_string(program.path("page/evaluation.html")).unwrap().contains("<svg "));
    assert!((truth["b_cubed"]["f1"].as_f64().unwrap() - 1.0).abs() < 1e-9);
    let labels = with("--labels labels.csv");
    let share = |what: &str, end: &str| labels[what][end].as_f64().unwrap();
    assert!(share("f1", "value") > 0.99 && share("precision", "low") < share("precision", "value"));
    assert_eq!((&labels["unasked"], &labels["unknown"]), (&1.into(), &1.into()));
}

#[test]
fn what_people_have_judged_is_obeyed() {
    let program = program();
    program.file("judged.csv", "id_l,id_r,match\n1,11,0\n3,2,1\n2,12,\n77,1,1\n");
    let files = ["first.csv", "second.csv"];
    done(link(&program, &files, "out", &["--decisions", "judged.csv"]));
    let found: std::collections::BTreeMap<String, String> =
        clusters(&program, "out").into_iter().collect();
    assert_ne!(found["1"], found["11"]);
    assert_eq!(found["3"], found["2"]);

    program.file("torn.csv", "id_l,id_r,match\n1,2,1\n2,3,1\n1,3,0\n");
    let answer = link(&program, &files, "torn", &["--decisions", "torn.csv"]);
    assert_eq!(answer.code, 3, "{}", answer.err);
    assert!(
        answer.err.contains("1和2是同一人，2和3是同一人，但又认定1和3不是同一人"),
        "{}",
        answer.err
    );
    assert!(!program.path("torn").join("clusters.parquet").exists());
}

#[test]
fn a_profile_names_kinds_and_no_person() {
    let program = program();
    let third = "31,household,赵敏,女,2011-02-08,110105194912310038,赵云,610122003,北沟村4组,";
    program.file("third.csv", csv(&[third]));
    let answer = done(program.plain(&["link", "profile", "first.csv", "second.csv", "third.csv"]));
    assert!(
        answer.out.contains("id_no  [身份证号]") && answer.out.contains("birth_date  [日期]"),
        "{}",
        answer.out
    );
    for personal in ["张小莉", "110105200912310028", "张大山"] {
        assert!(!answer.out.contains(personal), "{personal}");
    }
}

#[test]
fn pairs_for_a_person_hide_the_middle_of_numbers() {
    let program = program();
    let unsure = "21,household,王芳,女,2011-07-08,110105201107080???,,,,";
    program.file("second.csv", csv(&[SECOND[0], SECOND[1], unsure]));
    let line = "link review first.csv second.csv --model children --no-train --id record_id --threshold 0.999999999999";
    let answer = done(program.plain(&line.split(' ').collect::<Vec<_>>()));
    assert_eq!(answer.code, 1);
    let masked = "110105********0???";
    assert!(
        answer.out.contains("id_l,id_r,match,probability") && answer.out.contains(masked),
        "{}",
        answer.out
    );
    assert!(!answer.out.contains("110105201107080???"));
}

#[test]
fn bad_input_is_named_and_nothing_is_written() {
    let program = program();
    program.file("empty.csv", "");
    program.file("ragged.csv", format!("{HEAD}\n1,a\n"));
    program.file("twice.csv", csv(&[FIRST[0], FIRST[0]]));
    program.file("broken.parquet", "PAR1 and nothing else");
    program.file("list.xlsx", "PK\u{3}\u{4}");
    program.file("bytes.csv", [HEAD.as_bytes(), b"\n\xff\xff\xff"].concat());
    let cases = [
        ("empty.csv", 3, "空文件"),
        ("ragged.csv", 3, "第 2 行有 2 格"),
        ("twice.csv", 3, "第 1 条和“twice.csv”第 2 条"),
        ("broken.parquet", 3, "不是 Parquet 文件"),
        ("list.xlsx", 3, "另存为 CSV"),
        ("bytes.csv", 3, "另存为 UTF-8"),
        ("missing.csv", 3, "missing.csv"),
    ];
    for (file, code, said) in cases {
        let answer = link(&program, &[file], "out", &[]);
        assert_eq!(answer.code, code, "{file}: {}", answer.err);
        assert!(answer.err.contains(said), "{file}: {}", answer.err);
        assert!(!program.path("out").exists(), "{file}");
    }
}

#[test]
fn wrong_command_lines_are_usage_errors() {
    let program = program();
    for (line, said) in [
        ("link first.csv --model children --id nr --out out", "“nr”"),
        ("link first.csv --model nowhere.toml --id record_id --out out", "nowhere.toml"),
        ("link first.csv --model children --id record_id --out out --threshold 2", "--threshold"),
        ("link first.csv --model children --id record_id", "--out"),
        ("link propose first.csv --no-train", "--no-train"),
        ("link propose first.csv --pairs 0", "--pairs"),
        ("link differences auto children", "auto"),
        ("link explain first.csv --model children --id record_id", "--cluster"),
        ("link explain first.csv --model children --id record_id --cluster 99", "“99”"),
        ("link first.csv --id record_id --out out", "--model"),
        (
            "link first.csv --model children --id record_id --source source --one-per-source x --out out",
            "“x”",
        ),
    ] {
        let answer = program.plain(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(answer.code, 2, "{line}: {}", answer.err);
        assert!(answer.err.contains(said), "{line}: {}", answer.err);
    }
}

#[test]
fn one_record_is_one_cluster_and_said_so() {
    let program = program();
    program.file("one.csv", csv(&FIRST[..1]));
    let answer = done(link(&program, &["one.csv"], "out", &[]));
    assert!(answer.err.contains("只有一条记录"), "{}", answer.err);
    assert_eq!(clusters(&program, "out"), [("1".to_owned(), "1".to_owned())]);
}
