//! How good `baoxue link` is at its default threshold: floors that no change may fall below. `bench/linkage` measures more.

use std::fs;

use crate::{
    link_files::done,
    program::{Engine, Program},
};

fn evaluated(program: &Program, line: &str) -> serde_json::Value {
    let answer = done(program.plain(&line.split(' ').collect::<Vec<_>>()));
    serde_json::from_str(&answer.out).unwrap()
}

/// Registers of children, with the usual number of mistakes and with three times as many.
#[test]
fn registers_of_a_county_are_linked_well() {
    for (noise, least, most_mixed) in [("1", 0.99, 3), ("3", 0.97, 12)] {
        let program = Program::new(Engine::Sqlite);
        let sample = format!("sample --registers 6000 --seed 4 --noise {noise} --out .");
        done(program.plain(&sample.split(' ').collect::<Vec<_>>()));
        let line = "link evaluate records.csv --model children --id record_id --source source \
                    --truth truth.csv --truth-column entity_id --json";
        let found = evaluated(&program, line);
        let f1 = found["f1"].as_f64().unwrap();
        let mixed = found["clusters"]["mix_siblings"].as_u64().unwrap();
        assert!(f1 >= least && mixed <= most_mixed, "noise {noise}: {f1}, {mixed} mix siblings");
        // Pairs given 0.9 to 0.95 are matches in 85 of 100 cases, if there are enough to tell.
        let bands = found["calibration"].as_array().unwrap();
        let band = bands.iter().find(|band| band["from"] == 0.9).unwrap();
        assert!(band["high"].as_f64().unwrap() >= 0.85, "noise {noise}: {band}");
    }
}

/// A public list of English names with mistakes, and a model that only the list has taught.
#[test]
fn a_list_that_nobody_has_described_is_linked_well() {
    let program = Program::new(Engine::Sqlite);
    let list = concat!(env!("CARGO_MANIFEST_DIR"), "/../../bench/linkage/data/fake_1000.csv");
    program.file("list.csv", fs::read(list).unwrap());
    let line = "link evaluate list.csv --model auto --id unique_id --truth list.csv \
                --truth-column cluster --json";
    let f1 = evaluated(&program, line)["f1"].as_f64().unwrap();
    assert!(f1 >= 0.92, "{f1}");
}
