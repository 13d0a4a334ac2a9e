//! The files of a county against its truth.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own county must fail")]

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Cursor,
    path::Path,
};

use baoxue_claim::{IdMention, Name, ResidentId};
use baoxue_sample::{Manifest, Spec, county};
use calamine::{Data, Reader, open_workbook_auto_from_rs};
use chrono::NaiveDate;

fn spec(seed: u64, noise: f64) -> Spec {
    Spec {
        seed,
        children: 900,
        noise,
        as_of: NaiveDate::from_ymd_opt(2019, 8, 25).unwrap(),
        style: None,
        towns: Vec::new(),
    }
}

fn made(spec: &Spec) -> (Manifest, BTreeMap<String, Vec<u8>>) {
    let mut files = BTreeMap::new();
    let manifest = county(spec, &mut |path, bytes| {
        assert!(files.insert(path.to_owned(), bytes.to_vec()).is_none(), "{path} came twice");
        Ok(())
    });
    (manifest.unwrap(), files)
}

fn records(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    reader.deserialize().map(|record| record.unwrap()).collect()
}

/// The cells of every row of a file that is not blank, by sheet and 1-based row.
fn cells(name: &str, bytes: &[u8]) -> BTreeMap<(String, u64), Vec<Data>> {
    let mut rows = BTreeMap::new();
    if Path::new(name).extension().is_some_and(|extension| extension == "csv") {
        let text = decoded(bytes);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        for (at, record) in reader.records().enumerate() {
            let cells = record.unwrap().iter().map(|t| Data::String(t.to_owned())).collect();
            rows.insert((String::new(), at as u64 + 1), cells);
        }
        return rows;
    }
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes.to_vec())).unwrap();
    for sheet in book.sheet_names() {
        let range = book.worksheet_range(&sheet).unwrap();
        let first = u64::from(range.start().unwrap_or_default().0);
        for (at, row) in range.rows().enumerate() {
            if row.iter().any(|cell| *cell != Data::Empty) {
                rows.insert((sheet.clone(), first + at as u64 + 1), row.to_vec());
            }
        }
    }
    rows
}

fn decoded(bytes: &[u8]) -> String {
    if bytes.starts_with(b"\xFF\xFE") {
        return encoding_rs::UTF_16LE.decode(bytes).0.into_owned();
    }
    let (text, _, wrong) = encoding_rs::UTF_8.decode(bytes);
    if wrong { encoding_rs::GB18030.decode(bytes).0.into_owned() } else { text.into_owned() }
}

#[test]
fn the_same_order_gives_the_same_bytes_and_another_seed_another_county() {
    let (_, one) = made(&spec(11, 1.0));
    let (_, again) = made(&spec(11, 1.0));
    assert_eq!(one.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
    for (path, bytes) in &one {
        assert!(again[path] == *bytes, "{path} differs");
    }
    let (_, other) = made(&spec(12, 1.0));
    assert_ne!(one["truth/children.csv"], other["truth/children.csv"]);
    let heads = |files: &BTreeMap<String, Vec<u8>>| -> BTreeSet<String> {
        records(&files["truth/headers.csv"]).into_iter().map(|row| row["header"].clone()).collect()
    };
    assert!(heads(&one).symmetric_difference(&heads(&other)).count() > 10);
}

#[test]
fn every_row_of_every_file_is_in_the_truth_and_no_other() {
    for (seed, noise) in [(21, 1.0), (22, 3.0), (23, 1.0)] {
        let (manifest, files) = made(&spec(seed, noise));
        let mut told: BTreeMap<String, BTreeSet<(String, u64)>> = BTreeMap::new();
        for row in records(&files["truth/rows.csv"]) {
            if row["entity"] != "blank" {
                let place = (row["sheet"].clone(), row["row"].parse().unwrap());
                assert!(told.entry(row["source_file"].clone()).or_default().insert(place));
            }
        }
        assert_eq!(told.len(), manifest.files.len());
        for entry in &manifest.files {
            let bytes = &files[&format!("input/{}", entry.file)];
            let found: BTreeSet<_> = cells(&entry.file, bytes).into_keys().collect();
            assert_eq!(found, told[&entry.file], "{} of seed {seed}", entry.file);
        }
    }
}

#[test]
fn the_fourteen_of_the_seed_are_four_seven_two_and_one_over_nine_towns() {
    let (_, files) = made(&spec(31, 1.0));
    let children = records(&files["truth/children.csv"]);
    let class = |name: &str| children.iter().filter(|c| c["seed_class"] == name).count();
    assert_eq!(class("NOT_DROPOUT_BY_POLICY"), 4);
    assert_eq!(class("DROPOUT_MISHANDLED_POLICY"), 7);
    assert_eq!(class("DROPOUT_FOUND_BY_CITY_INSPECTION"), 2);
    assert_eq!(class("DROPOUT_UNEXPLAINED"), 1);
    let towns = records(&files["truth/seed_scenario.csv"]);
    let reported: Vec<u64> = towns.iter().map(|town| town["reported"].parse().unwrap()).collect();
    assert_eq!(reported, [0, 0, 0, 2, 2, 2, 1, 2, 1, 2, 1, 1]);
    for town in &towns[..3] {
        assert_eq!(town["true_out_of_school_all"], "0", "{}", town["town"]);
    }
    let ledger = records(&files["truth/rows.csv"]);
    let ledger = ledger.iter().filter(|row| row["tags"].starts_with("ledger")).count();
    assert_eq!(ledger, 12, "two were found by the inspection only");
}

#[test]
fn a_child_row_shows_the_child_or_says_which_mistake_hides_it() {
    let (_, files) = made(&spec(41, 1.0));
    let children: BTreeMap<String, BTreeMap<String, String>> =
        records(&files["truth/children.csv"])
            .into_iter()
            .map(|child| (child["child_uid"].clone(), child))
            .collect();
    let mut read = BTreeMap::new();
    let (mut by_id, mut by_name) = (0, 0);
    for row in records(&files["truth/rows.csv"]) {
        if row["entity"] != "child" || row["tags"].contains("free_text") {
            continue;
        }
        let file = &row["source_file"];
        let sheets = read
            .entry(file.clone())
            .or_insert_with(|| cells(file, &files[&format!("input/{file}")]));
        let cells = &sheets[&(row["sheet"].clone(), row["row"].parse().unwrap())];
        let child = &children[&row["child_uid"]];
        let named = cells.iter().any(|cell| {
            let text = cell.to_string();
            Name::read(&text).is_some_and(|(name, _)| name.expose() == child["name"])
        });
        let numbered = cells.iter().any(|cell| {
            let id = IdMention::read(&cell.to_string());
            id.is_some_and(|(id, _)| id.valid().is_some_and(|id| id.expose() == child["id_card"]))
        });
        by_id += u32::from(numbered);
        by_name += u32::from(named);
        let excused =
            ["guardian_only", "name_", "rare_char"].iter().any(|t| row["tags"].contains(t));
        assert!(named || numbered || excused, "{row:?}");
    }
    assert!(by_id > 1_500 && by_name > 2_000, "{by_id} by number, {by_name} by name");
}

#[test]
fn numbers_of_identity_are_valid_and_each_child_has_its_own() {
    let (_, files) = made(&spec(51, 3.0));
    let mut seen = BTreeSet::new();
    for child in records(&files["truth/children.csv"]) {
        let text = &child["id_card"];
        if text.is_empty() {
            assert_eq!(child["expected_reason"], "NO_HOUSEHOLD_REGISTRATION");
            continue;
        }
        let id: ResidentId = text.parse().unwrap();
        assert_eq!(id.birth().to_string(), child["birth"]);
        assert!(seen.insert(text.clone()), "{} twice", child["child_uid"]);
    }
}

#[test]
fn noise_multiplies_the_mistakes_and_leaves_the_fates() {
    let count = |manifest: &Manifest, prefix: &str| -> u64 {
        let tags = manifest.tags.iter().filter(|(tag, _)| tag.starts_with(prefix));
        tags.map(|(_, n)| *n).sum()
    };
    let (calm, _) = made(&Spec { children: 3_000, ..spec(61, 1.0) });
    let (loud, _) = made(&Spec { children: 3_000, ..spec(61, 3.0) });
    assert_eq!(calm.codes, loud.codes);
    let (few, many) = (count(&calm, "survey_"), count(&loud, "survey_"));
    assert!(many > 2 * few, "{few} and {many}");
}

#[test]
fn other_days_and_other_towns_make_a_county_too() {
    let towns = baoxue_sample::default_towns().into_iter().skip(2).take(4).collect::<Vec<_>>();
    for (year, month) in [(2023, 11), (2024, 3), (2025, 7)] {
        let as_of = NaiveDate::from_ymd_opt(year, month, 15).unwrap();
        let (manifest, files) = made(&Spec { as_of, towns: towns.clone(), ..spec(71, 1.0) });
        assert_eq!(manifest.towns.len(), 4);
        let children = records(&files["truth/children.csv"]);
        assert_eq!(children.iter().filter(|child| !child["seed"].is_empty()).count(), 14);
        let first = &manifest.towns[0].name;
        assert!(children.iter().any(|child| child["town"] == *first));
    }
}
