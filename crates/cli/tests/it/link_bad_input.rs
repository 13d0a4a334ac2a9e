//! Bad input of `baoxue link FILE…`: a clear message, or a result that says what was done with it.

use std::{collections::BTreeSet, fmt::Write, fs};

use crate::{
    link_files::{HEAD, clusters, csv, done, link, program},
    program::Program,
};

/// How many clusters there are.
fn n_clusters(program: &Program, out: &str) -> usize {
    clusters(program, out).into_iter().map(|(_, cluster)| cluster).collect::<BTreeSet<_>>().len()
}

/// Nothing in the results is no number.
#[track_caller]
fn is_sound(program: &Program, out: &str) {
    for file in ["report.html", "model.toml"] {
        let text = fs::read_to_string(program.path(out).join(file)).unwrap();
        assert!(!text.contains("NaN") && !text.contains("inf"), "{file}");
    }
}

#[test]
fn records_that_say_nothing_stay_alone() {
    let program = program();
    let rows: Vec<String> = (0..40).map(|id| format!("{id},registry,,,,,,,,")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    program.file("nothing.csv", csv(&rows));
    for model in ["children", "auto"] {
        let fixed = ["--model", model, "--id", "record_id", "--out", "out"];
        done(program.plain(&[&["link", "nothing.csv"][..], &fixed].concat()));
        assert_eq!(n_clusters(&program, "out"), 40, "{model}");
        is_sound(&program, "out");
    }
}

#[test]
fn an_empty_column_takes_nothing_from_the_others() {
    let program = program();
    let rows = [
        "1,registry,张小莉,,2009-12-31,110105200912310028,,610122001,,",
        "2,household,张小莉,,2009-12-31,110105200912310028,,610122001,,",
        "3,household,王芳,,2011-07-08,,,610122003,,",
    ];
    program.file("sparse.csv", csv(&rows));
    done(link(&program, &["sparse.csv"], "out", &[]));
    assert_eq!(n_clusters(&program, "out"), 2);
    is_sound(&program, "out");
}

#[test]
fn a_flood_of_equal_records_stays_apart_and_is_named() {
    let program = program();
    let mut flood = format!("{HEAD}\n");
    for id in 0..3000 {
        let row = "registry,张小莉,女,2009-12-31,110105200912310028,张大山,610122001,铁沟村5组,铁沟村小学";
        writeln!(flood, "{id},{row}").unwrap();
    }
    program.file("flood.csv", flood);
    let answer = done(link(&program, &["flood.csv"], "out", &[]));
    assert!(answer.out.contains("太常见，没有用来配对"), "{}", answer.out);
    assert_eq!(n_clusters(&program, "out"), 3000);
    let report = fs::read_to_string(program.path("out/report.html")).unwrap();
    assert!(report.contains("个值太常见（共 3000 行）"), "{report}");
    is_sound(&program, "out");
}

#[test]
fn a_cell_of_ten_megabytes_is_cut_and_said_so() {
    let program = program();
    let long = "村".repeat(10_000_000 / 3);
    let girl = "张小莉,女,2009-12-31,110105200912310028,张大山,610122001";
    let rows = [
        format!("1,registry,{girl},{long},铁沟村小学"),
        format!("2,household,{girl},铁沟村,{long}"),
    ];
    program.file("long.csv", csv(&[&rows[0], &rows[1]]));
    let answer = done(link(&program, &["long.csv"], "out", &["--no-train"]));
    for said in ["“address”列有 9999999 字节", "“school”列有 9999999 字节", "4096"]
    {
        assert!(answer.err.contains(said), "{}", answer.err);
    }
    assert_eq!(n_clusters(&program, "out"), 1);
    assert!(fs::metadata(program.path("out/report.html")).unwrap().len() < 100_000);
}

#[test]
fn dates_that_do_not_exist_are_no_trouble() {
    let program = program();
    let days = ["2010-02-30", "不详", "0000-00-00", "99999999", "2010-13-45", "-", "1e9"];
    let row = |(at, day): (usize, &&str)| {
        format!("{at},registry,张小莉,女,{day},,张大山,610122001,铁沟村5组,铁沟村小学")
    };
    let rows: Vec<String> = days.iter().enumerate().map(row).collect();
    let mut rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    rows.push("90,household,李大勇,男,2010-03-05,,李长根,610122002,东山村1组,东山村小学");
    rows.push("91,registry,李大勇,男,2010-03-05,,李长根,610122002,东山村1组,东山村小学");
    program.file("days.csv", csv(&rows));
    done(link(&program, &["days.csv"], "out", &["--no-train"]));
    let found: std::collections::BTreeMap<String, String> =
        clusters(&program, "out").into_iter().collect();
    assert_eq!(found["90"], found["91"]);
    assert_ne!(found["90"], found["0"]);
    is_sound(&program, "out");
}

#[test]
fn scripts_may_be_mixed() {
    let program = program();
    let names = [
        "Zhang小莉",
        "張小莉",
        "Чжан",
        "ｚｈａｎｇ",
        "زەينەپ",
        "👧🏽",
        "张\u{202e}小莉",
        "བཀྲ་ཤིས",
        "é",
    ];
    let row = |(at, name): (usize, &&str)| {
        format!("№{at},{name},{name},女,2009-12-31,,{name},610122001,{name},{name}")
    };
    let rows: Vec<String> = names.iter().enumerate().map(row).collect();
    program.file("mixed.csv", csv(&rows.iter().map(String::as_str).collect::<Vec<_>>()));
    done(link(&program, &["mixed.csv"], "out", &[]));
    assert_eq!(clusters(&program, "out").len(), names.len());
    is_sound(&program, "out");
    let answer = done(program.plain(&["link", "profile", "mixed.csv"]));
    assert!(answer.out.contains("source"), "{}", answer.out);
}

#[test]
fn an_id_in_two_files_is_named_with_both_places() {
    let program = program();
    program.file(
        "again.csv",
        csv(&["5,household,赵敏,女,2011-02-08,,,,,", "2,household,赵云,男,2011-02-08,,,,,"]),
    );
    let answer = link(&program, &["first.csv", "again.csv"], "out", &[]);
    assert_eq!(answer.code, 3);
    let said = "编号“2”出现了两次：“first.csv”第 2 条和“again.csv”第 2 条";
    assert!(answer.err.contains(said), "{}", answer.err);
    assert!(!program.path("out").exists());
}

#[test]
fn a_model_that_does_not_fit_is_named() {
    let program = program();
    done(link(&program, &["first.csv", "second.csv"], "good", &[]));
    let model = fs::read_to_string(program.path("good/model.toml")).unwrap();
    let cases = [
        (model.replace("\"guardian\"", "\"keeper\""), 2, "“keeper”列"),
        (model.replace("\"near_sound\"", "\"nearly\""), 3, "等级“near_sound”"),
        (model.replace("comparator = \"date\"", "comparator = \"tea_leaves\""), 3, "tea_leaves"),
        ("name = ".to_owned(), 3, "模型“bad.toml”有误"),
    ];
    for (text, code, said) in cases {
        program.file("bad.toml", text);
        let options = ["--model", "bad.toml", "--id", "record_id", "--out", "out"];
        let answer = program.plain(&[&["link", "first.csv", "second.csv"][..], &options].concat());
        assert_eq!(answer.code, code, "{said}: {}", answer.err);
        assert!(answer.err.contains(said), "{said}: {}", answer.err);
        assert!(!program.path("out").exists());
    }
}

#[test]
fn decisions_that_cannot_be_obeyed_are_named() {
    let program = program();
    let cases = [
        ("1,2,1\n2,3,1\n1,3,0\n", "1和2是同一人，2和3是同一人，但又认定1和3不是同一人"),
        ("2,1,1\n1,2,0\n", "1和2是同一人，但又认定1和2不是同一人"),
        ("1,1,0\n", "同一个编号“1”"),
        ("1,2,perhaps\n", "“perhaps”"),
    ];
    for (rows, said) in cases {
        program.file("decisions.csv", format!("id_l,id_r,match\n{rows}"));
        let more = ["--decisions", "decisions.csv"];
        let answer = link(&program, &["first.csv", "second.csv"], "out", &more);
        assert_eq!(answer.code, 3, "{said}: {}", answer.err);
        assert!(answer.err.contains(said), "{said}: {}", answer.err);
        assert!(!program.path("out").exists());
    }
    program.file("decisions.csv", "id_l,id_r,match\n1,98,1\n97,99,0\n");
    let more = ["--decisions", "decisions.csv"];
    let answer = done(link(&program, &["first.csv", "second.csv"], "out", &more));
    assert!(answer.err.contains("有 2 条答案的编号不在文件中"), "{}", answer.err);
}
