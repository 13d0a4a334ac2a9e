//! The sample county: the numbers that the README promises, on both databases, and run again without change.

use std::fs;

use baoxue_sample::score::{Score, TruthFiles, score};

use crate::program::{Engine, Program, sample_county};

pub(crate) fn truth(folder: &std::path::Path) -> TruthFiles {
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    TruthFiles {
        children: read("children.csv"),
        rows: read("rows.csv"),
        seed_scenario: read("seed_scenario.csv"),
    }
}

pub(crate) fn scored(program: &Program, truth_folder: &std::path::Path) -> Score {
    let (links, determinations) = program.exports();
    score(&truth(truth_folder), &links, &determinations).unwrap()
}

#[test]
fn the_sample_county_comes_out_right_and_the_same_on_both_databases() {
    let sqlite = Program::new(Engine::Sqlite);
    let answer = sqlite.run(&sample_county("input"));
    assert!(answer.out.contains("洪山镇"), "the town table is printed");
    let exports = sqlite.exports();
    let score = score(&truth(&sample_county("truth")), &exports.0, &exports.1).unwrap();
    crate::districts::assert_promises(&score, "sample county");
    assert_eq!(score.seed_rate().right, 14, "{:?}", score.seed);

    let postgres = Program::new(Engine::Postgres);
    postgres.run(&sample_county("input"));
    assert_eq!(exports, postgres.exports());

    let before = ledgers(&sqlite);
    let again = sqlite.run(&sample_county("input"));
    assert!(again.out.contains("= "), "files are duplicates");
    assert_eq!(exports, sqlite.exports());
    assert_eq!(before, ledgers(&sqlite));
}

/// Names and bytes of all workbooks written.
fn ledgers(program: &Program) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(program.path("out"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "xlsx"))
        .map(|path| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn the_town_table_equals_the_seed() {
    let program = Program::new(Engine::Sqlite);
    program.run(&sample_county("input"));
    let summary: serde_json::Value =
        serde_json::from_slice(&fs::read(program.path("out/summary.json")).unwrap()).unwrap();
    let seed = fs::read_to_string(sample_county("truth/seed_scenario.csv")).unwrap();
    let mut lines = seed.trim_start_matches('\u{feff}').lines();
    let columns = [
        "town",
        "reported",
        "not_dropout_by_policy",
        "mishandled_policy",
        "city_inspection",
        "unexplained",
        "true_out_of_school_all",
        "hidden_unreported",
    ];
    assert_eq!(lines.next().unwrap(), columns.join(","));
    let expected: Vec<String> = lines.map(str::to_owned).collect();
    let found: Vec<String> = summary["towns"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| !row["town"].is_null())
        .map(|row| {
            let keys = [
                "name",
                "reported",
                "not_dropout_by_policy",
                "mishandled_policy",
                "city_inspection",
                "unexplained",
                "out_of_school",
                "unreported",
            ];
            keys.map(|key| row[key].as_str().map_or_else(|| row[key].to_string(), str::to_owned))
                .join(",")
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn every_row_of_every_sheet_is_accounted_for() {
    let program = Program::new(Engine::Sqlite);
    program.run(&sample_county("input"));
    let summary: serde_json::Value =
        serde_json::from_slice(&fs::read(program.path("out/summary.json")).unwrap()).unwrap();
    let rows = &summary["rows"];
    let count = |key: &str| rows[key].as_u64().unwrap();
    assert_eq!(
        count("total"),
        count("records") + count("rejected") + count("known") + count("non_data")
    );
    let statuses: u64 = summary["statuses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["children"].as_u64().unwrap())
        .sum();
    assert_eq!(statuses, summary["children"].as_u64().unwrap());
}
