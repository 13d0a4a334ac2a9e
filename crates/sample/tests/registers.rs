//! The five registers against their truth.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own tables must fail")]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use baoxue_claim::{ResidentId, Sex};
use baoxue_sample::{RegistersSpec, RegistersTold, registers};
use chrono::NaiveDate;

type Table = Vec<BTreeMap<String, String>>;

fn spec(seed: u64, records: u64, noise: f64) -> RegistersSpec {
    RegistersSpec { seed, records, noise, as_of: NaiveDate::from_ymd_opt(2019, 8, 25).unwrap() }
}

fn bytes(spec: &RegistersSpec) -> (RegistersTold, Vec<u8>, Vec<u8>) {
    let (mut records, mut truth) = (Vec::new(), Vec::new());
    let told = registers(spec, &mut records, &mut truth).unwrap();
    (told, records, truth)
}

/// Record and truth of each row, joined.
fn joined(spec: &RegistersSpec) -> (RegistersTold, Table) {
    let (told, records, truth) = bytes(spec);
    let read = |bytes: &[u8]| -> Table {
        csv::Reader::from_reader(bytes).deserialize().map(|row| row.unwrap()).collect()
    };
    let (records, truth) = (read(&records), read(&truth));
    assert_eq!(records.len(), truth.len());
    let rows = records.into_iter().zip(truth).map(|(mut record, truth)| {
        assert_eq!(record["record_id"], truth["record_id"]);
        record.extend(truth);
        record
    });
    (told, rows.collect())
}

fn has(row: &BTreeMap<String, String>, fault: &str) -> bool {
    row["faults"].split(' ').any(|told| told == fault)
}

fn share(rows: &Table, what: impl Fn(&BTreeMap<String, String>) -> bool) -> f64 {
    let n = u32::try_from(rows.iter().filter(|row| what(row)).count()).unwrap();
    f64::from(n) / f64::from(u32::try_from(rows.len()).unwrap())
}

/// The first record of each child.
fn children(rows: &Table) -> Table {
    let mut seen = BTreeSet::new();
    rows.iter().filter(|row| seen.insert(row["entity_id"].clone())).cloned().collect()
}

#[test]
fn the_same_order_gives_the_same_bytes_and_another_seed_other_people() {
    let order = spec(5, 3_000, 1.0);
    assert_eq!(bytes(&order), bytes(&order));
    let areas = |seed| {
        let (_, rows) = joined(&spec(seed, 3_000, 1.0));
        rows.iter().map(|row| row["region_code"][..6].to_owned()).collect::<BTreeSet<_>>()
    };
    assert!(areas(5).is_disjoint(&areas(6)));
}

#[test]
fn every_record_has_a_truth_and_every_source_its_share() {
    let (told, rows) = joined(&spec(1, 40_000, 1.0));
    assert_eq!(told.records, rows.len() as u64);
    assert!((40_000..40_040).contains(&told.records), "{told:?}");
    for (at, row) in rows.iter().enumerate() {
        assert_eq!(row["record_id"], at.to_string());
    }
    assert_eq!(children(&rows).len() as u64, told.children);
    for (source, of) in [("HJ", 0.25), ("XJ", 0.24), ("MP", 0.23), ("XX", 0.215), ("JD", 0.063)] {
        let found = share(&rows, |row| row["source"] == source);
        assert!((found - of).abs() < 0.012, "{source}: {found}");
    }
}

#[test]
fn twins_and_namesakes_are_what_they_are_called() {
    let (_, rows) = joined(&spec(2, 60_000, 0.0));
    let children = children(&rows);
    let mut births: HashMap<(&str, &str), u32> = HashMap::new();
    let mut names: HashMap<(&str, &str, &str), BTreeSet<&str>> = HashMap::new();
    for child in &children {
        *births.entry((&child["family_id"], &child["birth_date"])).or_default() += 1;
        let key = (&*child["name"], &*child["sex"], &*child["birth_date"]);
        names.entry(key).or_default().insert(&child["family_id"]);
    }
    for child in &children {
        let n_born = births[&(&*child["family_id"], &*child["birth_date"])];
        // A twin whom no register has leaves the other one alone.
        assert!(n_born == 1 || child["twin"] == "true", "{child:?}");
    }
    let twins = share(&children, |child| child["twin"] == "true");
    assert!((0.015..0.028).contains(&twins), "{twins}");
    let doubled = share(&children, |child| child["namesake"] == "true");
    assert!((0.0010..0.0035).contains(&doubled), "{doubled}");
    let paired = |child: &BTreeMap<String, String>| {
        names[&(&*child["name"], &*child["sex"], &*child["birth_date"])].len() > 1
    };
    assert!(children.iter().filter(|child| child["namesake"] == "true").all(paired));
}

#[test]
fn numbers_are_valid_and_the_childs_own_unless_the_truth_says_otherwise() {
    let (_, rows) = joined(&spec(3, 40_000, 1.0));
    let mut owners: HashMap<String, BTreeSet<String>> = HashMap::new();
    for row in &rows {
        let id = &row["id_no"];
        assert_eq!(id.is_empty(), has(row, "no_id"), "{row:?}");
        let altered = has(row, "id_digit") || has(row, "id_transposed");
        if id.is_empty() || altered {
            assert!(id.parse::<ResidentId>().is_err(), "{row:?}");
            continue;
        }
        let number: ResidentId = id.parse().unwrap();
        if has(row, "parents_id") {
            assert!(number.birth() < NaiveDate::from_ymd_opt(1995, 1, 1).unwrap(), "{row:?}");
        } else if !has(row, "siblings_id") {
            owners.entry(id.clone()).or_default().insert(row["entity_id"].clone());
            own_number(row, &number);
        }
    }
    assert!(owners.values().all(|children| children.len() == 1));
}

fn own_number(row: &BTreeMap<String, String>, number: &ResidentId) {
    let slipped = row["faults"].contains("birth");
    assert!(slipped || row["birth_date"] == number.birth().to_string(), "{row:?}");
    let male = number.sex() == Sex::Male;
    let written = if male { "男" } else { "女" };
    let unsure = has(row, "no_sex") || has(row, "wrong_sex");
    assert!(unsure || row["sex"] == written, "{row:?}");
}

#[test]
fn mistakes_come_at_their_rates_and_three_times_as_often_with_noise_three() {
    // Fault and its share of the records at noise 1, as in the data set that the targets are stated for.
    let rates = [
        ("no_id", 0.080),
        ("id_digit", 0.0235),
        ("id_transposed", 0.0118),
        ("parents_id", 0.0028),
        ("homophone", 0.0205),
        ("glyph", 0.0055),
        ("dropped", 0.0042),
        ("unencodable", 0.0021),
        ("birth_lunar", 0.0128),
        ("birth_slip", 0.0083),
        ("birth_month", 0.0060),
        ("birth_swapped", 0.0013),
        ("no_guardian", 0.070),
        ("no_address", 0.060),
    ];
    for noise in [1.0, 3.0] {
        let (_, rows) = joined(&spec(4, 60_000, noise));
        let numbered: Table = rows.iter().filter(|row| !has(row, "no_id")).cloned().collect();
        for (fault, rate) in rates {
            // A number that is not there cannot be wrong as well.
            let of_number = ["id_digit", "id_transposed", "parents_id"].contains(&fault);
            let found = share(if of_number { &numbered } else { &rows }, |row| has(row, fault));
            let (low, high) = (rate * noise * 0.7, rate * noise * 1.3);
            assert!((low..high).contains(&found), "{fault} at noise {noise}: {found}");
        }
    }
    let (_, rows) = joined(&spec(4, 5_000, 0.0));
    assert!(rows.iter().all(|row| row["faults"].is_empty()));
}

#[test]
fn a_family_that_moved_is_registered_in_one_town_and_lives_in_another() {
    let (_, rows) = joined(&spec(6, 40_000, 0.0));
    let mut towns: HashMap<&str, BTreeMap<&str, &str>> = HashMap::new();
    for row in &rows {
        towns
            .entry(&row["family_id"])
            .or_default()
            .insert(&row["source"], &row["region_code"][..9]);
    }
    let known: Vec<_> = towns.values().filter_map(|t| Some((t.get("HJ")?, t.get("MP")?))).collect();
    let moved = known.iter().filter(|(registered, lives)| registered != lives).count();
    let of = moved * 1_000 / known.len();
    assert!((95..140).contains(&of), "{of} of 1,000");
    assert!(towns.values().all(|t| match (t.get("HJ"), t.get("JD")) {
        (Some(registered), Some(poor)) => registered == poor,
        (None | Some(_), _) => true,
    }));
}
