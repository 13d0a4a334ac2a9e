//! The sample county with every row linked to its true child: what the rules make of what intake reads.
//!
//! `examples/county/truth` says what is so. The codes of the truth file are coarser than ours; [`same`] is the mapping.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its input must fail")]

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::PathBuf,
};

use baoxue_claim::{BatchId, ChildId, Record, RecordId, Town, TownCode, Towns, VerdictCode};
use baoxue_determine::{
    Child, Determined, Files, Pack, Settings, comparison::compare, determine, mark_duplicates,
    towns::town_table,
};
use baoxue_intake::{Context, Layouts, Outcome, format, read};
use chrono::NaiveDate;

fn county() -> PathBuf {
    std::path::absolute("../../examples/county").unwrap()
}

fn settings() -> Settings {
    Settings::new(NaiveDate::from_ymd_opt(2019, 8, 25).unwrap())
}

/// Towns of the sample county's configuration.
fn towns() -> Towns {
    let text = fs::read_to_string(county().join("county.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let list = table["town"].as_array().unwrap().iter().map(|town| Town {
        code: town["code"].as_str().unwrap().parse::<TownCode>().unwrap(),
        name: town["name"].as_str().unwrap().to_owned(),
        aliases: Vec::new(),
        from: None,
        to: None,
    });
    Towns::new(list.collect())
}

fn all_records(towns: &Towns) -> (Vec<Record>, Files) {
    let mut files: Vec<PathBuf> =
        fs::read_dir(county().join("input")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut records, mut known) = (Vec::new(), Files::default());
    for (batch, path) in (1u32..).zip(files) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let bytes = fs::read(&path).unwrap();
        let workbook = format::open(&name, &bytes, &format::Limits::default()).unwrap();
        let reading = read(
            &workbook,
            &Context {
                file: &name,
                towns,
                as_of: settings().as_of,
                told_as_of: None,
                told_source: None,
                told_town: None,
                adult_age: 18,
                layouts: &Layouts::default(),
            },
        );
        known.reports.extend(reading.sheets.iter().flat_map(|sheet| sheet.reports.clone()));
        for row in reading.sheets.into_iter().flat_map(|sheet| sheet.rows) {
            if let Outcome::Record(mut record) = row.outcome {
                record.id = RecordId::new(BatchId(batch), record.id.ordinal());
                records.push(*record);
            }
        }
    }
    (records, known)
}

type Truth = BTreeMap<String, HashMap<String, String>>;

fn table(name: &str) -> Vec<HashMap<String, String>> {
    let text = fs::read_to_string(county().join("truth").join(name)).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn truth() -> Truth {
    table("children.csv").into_iter().map(|row| (row["child_uid"].clone(), row)).collect()
}

/// Determines the children of the county by their true links.
fn determined(records: &[Record], files: &Files, truth: &Truth) -> Vec<(String, Determined)> {
    let mut owner: HashMap<(String, String, u32), String> = HashMap::new();
    for row in table("rows.csv").into_iter().filter(|row| row["entity"] == "child") {
        let key = (row["source_file"].clone(), row["sheet"].clone(), row["row"].parse().unwrap());
        owner.insert(key, row["child_uid"].clone());
    }
    let mut by_child: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    for record in records {
        let origin = &record.origin;
        let key = (origin.file.to_string(), origin.sheet.to_string(), origin.row);
        if let Some(uid) = owner.get(&key) {
            by_child.entry(uid).or_default().push(record);
        }
    }
    let uids: Vec<&str> = truth.keys().map(String::as_str).collect();
    let mut children: Vec<Child<'_>> = (1i64..)
        .zip(&uids)
        .map(|(id, uid)| Child::new(ChildId(id), by_child.remove(uid).unwrap_or_default()))
        .collect();
    mark_duplicates(&mut children);
    let found = determine(&children, files, &Pack::builtin(), &settings());
    compare(&found).unwrap();
    uids.into_iter()
        .map(str::to_owned)
        .zip(found)
        .filter(|(uid, _)| truth[uid]["n_rows"] != "0")
        .collect()
}

/// Whether our code is the truth file's.
fn same(code: VerdictCode, expected: &str) -> bool {
    let coarser: &[(VerdictCode, &[&str])] = &[
        (VerdictCode::Deferred, &["DISABILITY_DEFERRED", "EXEMPT_MEDICAL"]),
        (VerdictCode::Unable, &["DISABILITY_DEFERRED", "EXEMPT_MEDICAL"]),
        (VerdictCode::Suspended, &["SUSPENDED_WITH_APPROVAL"]),
        (VerdictCode::MovedOut, &["EMIGRATED"]),
        (VerdictCode::OverageIncomplete, &["COMPLETED"]),
        (VerdictCode::Unverified, &["MISSING"]),
        (VerdictCode::OtherArrangement, &["MISSING"]),
    ];
    let mapped = coarser.iter().find(|(ours, _)| *ours == code);
    mapped.map_or(code.code() == expected, |(_, theirs)| theirs.contains(&expected))
}

#[test]
fn the_sample_county_is_judged_as_its_truth_file_says() {
    let towns = towns();
    let (records, files) = all_records(&towns);
    let truth = truth();
    let found = determined(&records, &files, &truth);
    let mut wrong = Vec::new();
    for (uid, Determined { verdict, .. }) in &found {
        let child = &truth[uid];
        if !same(verdict.code, &child["expected_code"]) {
            wrong.push(format!(
                "{uid} {} {}: expected {} {}, found {} {}",
                child["true_status"],
                child["tags"],
                child["expected_code"],
                child["expected_reason"],
                verdict.code,
                verdict.reason
            ));
        }
        let accusable = ["0"].contains(&child["true_in_school"].as_str());
        assert!(!verdict.code.is_out() || accusable, "wrongly accused: {uid} {}", verdict.reason);
        assert!(
            verdict.code != VerdictCode::Conflict
                || verdict.conflict.as_ref().unwrap().sides.len() > 1
        );
    }
    let right = found.len() - wrong.len();
    assert!(
        wrong.len() * 1000 <= found.len(),
        "{right} of {} right:\n{}",
        found.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_town_table_is_that_of_the_speech() {
    let towns = towns();
    let (records, files) = all_records(&towns);
    let found: Vec<Determined> =
        determined(&records, &files, &truth()).into_iter().map(|(_, found)| found).collect();
    let rows = town_table(&found, &towns);
    for expected in table("seed_scenario.csv") {
        let row = rows.iter().find(|row| row.name == expected["town"]).unwrap();
        row.check().unwrap();
        let ours = [
            row.reported,
            row.not_dropout_by_policy,
            row.mishandled_policy,
            row.city_inspection,
            row.unexplained,
            row.out_of_school,
            row.unreported,
        ];
        let theirs = [
            "reported",
            "not_dropout_by_policy",
            "mishandled_policy",
            "city_inspection",
            "unexplained",
            "true_out_of_school_all",
            "hidden_unreported",
        ]
        .map(|column| expected[column].parse::<u32>().unwrap());
        assert_eq!(ours, theirs, "{}", row.name);
    }
}
