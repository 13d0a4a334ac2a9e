//! `baoxue link FILE…` gives the same bytes for the same records, in whatever order they come and on however many threads.

use std::fs;

use crate::{
    link_files::done,
    program::{Engine, Program},
};

const RESULTS: [&str; 4] = ["clusters.parquet", "pairs.parquet", "model.toml", "report.html"];

/// Generated registers with many mistakes, and the same records in two other orders.
fn registers() -> Program {
    let program = Program::new(Engine::Sqlite);
    let sample = ["sample", "--registers", "2000", "--seed", "11", "--noise", "3", "--out", "."];
    done(program.plain(&sample));
    let records = fs::read_to_string(program.path("records.csv")).unwrap();
    let (head, rows) = records.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    let write = |name: &str, rows: &[&str]| {
        program.file(name, format!("{head}\n{}\n", rows.join("\n")));
    };
    let reversed: Vec<&str> = rows.iter().rev().copied().collect();
    write("reversed.csv", &reversed);
    // 701 is prime to the number of rows, so every row comes once.
    assert_ne!(rows.len() % 701, 0);
    let mixed: Vec<&str> = (0..rows.len()).map(|at| rows[at * 701 % rows.len()]).collect();
    write("first.csv", &mixed[..500]);
    write("second.csv", &mixed[500..]);
    program
}

fn results(program: &Program, n_threads: usize, files: &[&str], model: &str) -> Vec<Vec<u8>> {
    let options = ["--model", model, "--id", "record_id", "--source", "source", "--out", "out"];
    done(program.on_threads(n_threads, &[&["link"], files, &options].concat()));
    RESULTS.map(|name| fs::read(program.path("out").join(name)).unwrap()).to_vec()
}

#[test]
fn threads_and_the_order_of_records_change_no_byte() {
    let program = registers();
    for model in ["children", "auto"] {
        let expected = results(&program, 1, &["records.csv"], model);
        assert!(expected[1].len() > 10_000, "hardly a pair was found");
        let orders: [&[&str]; 4] = [
            &["records.csv"],
            &["reversed.csv"],
            &["first.csv", "second.csv"],
            &["second.csv", "first.csv"],
        ];
        for (n_threads, files) in [2, 4, 1, 2].into_iter().zip(orders) {
            let found = results(&program, n_threads, files, model);
            for (name, (found, expected)) in RESULTS.iter().zip(found.iter().zip(&expected)) {
                assert!(found == expected, "{name}: {model}, {files:?}, {n_threads} threads");
            }
        }
    }
}

#[test]
fn the_order_of_records_changes_no_question_and_no_proposal() {
    let program = registers();
    let options = ["--id", "record_id", "--source", "source"];
    let commands: [&[&str]; 4] = [
        &["link", "review", "--model", "children"],
        &["link", "review", "--model", "auto", "--sample", "20"],
        &["link", "propose"],
        &["link", "profile"],
    ];
    for command in commands {
        let told = |files: &[&str], n_threads: usize| {
            let arguments = [&command[..2], files, &command[2..], &options].concat();
            done(program.on_threads(n_threads, &arguments)).out
        };
        let expected = told(&["records.csv"], 1);
        assert!(expected.lines().count() > 5, "{expected}");
        assert_eq!(told(&["reversed.csv"], 4), expected, "{command:?}");
        assert_eq!(told(&["second.csv", "first.csv"], 2), expected, "{command:?}");
    }
}
