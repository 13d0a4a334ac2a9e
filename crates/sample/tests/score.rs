//! The scorer on answers whose quality is known.
#![expect(clippy::unwrap_used, reason = "a test that cannot score its own answer must fail")]

use std::{collections::BTreeMap, fmt::Write as _};

use baoxue_sample::{
    Spec, county,
    score::{Language, Score, ScoreError, TruthFiles, score},
};
use chrono::NaiveDate;

/// A row of the links: file, sheet, row, child.
type LinkRow = (String, String, String, String);
/// A determination: child, ID, name, code.
type Told = (String, String, String, String);

struct Oracle {
    truth: TruthFiles,
    links: Vec<LinkRow>,
    told: Vec<Told>,
    alias_of: BTreeMap<String, String>,
}

fn records(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|record| record.unwrap()).collect()
}

fn oracle() -> Oracle {
    let spec = Spec {
        seed: 5,
        children: 900,
        noise: 1.0,
        as_of: NaiveDate::from_ymd_opt(2019, 8, 25).unwrap(),
        style: Some(9),
        towns: Vec::new(),
    };
    let mut truth = TruthFiles::default();
    county(&spec, &mut |path, bytes| {
        let text = || String::from_utf8(bytes.to_vec()).unwrap();
        match path {
            "truth/children.csv" => truth.children = text(),
            "truth/rows.csv" => truth.rows = text(),
            "truth/seed_scenario.csv" => truth.seed_scenario = text(),
            _ => {}
        }
        Ok(())
    })
    .unwrap();
    let links = records(&truth.rows)
        .into_iter()
        .filter(|row| row["entity"] == "child")
        .map(|row| {
            let child = format!("P{}", row["child_uid"]);
            (row["source_file"].clone(), row["sheet"].clone(), row["row"].clone(), child)
        })
        .collect();
    let children = records(&truth.children);
    let told = children
        .iter()
        .map(|child| {
            let id = format!("P{}", child["child_uid"]);
            (id, child["id_card"].clone(), child["name"].clone(), child["expected_code"].clone())
        })
        .collect();
    let alias_of = children
        .iter()
        .filter(|child| !child["alias_of"].is_empty())
        .map(|child| (format!("P{}", child["child_uid"]), format!("P{}", child["alias_of"])))
        .collect();
    Oracle { truth, links, told, alias_of }
}

#[track_caller]
fn scored(truth: &TruthFiles, links: &[LinkRow], told: &[Told]) -> Score {
    let mut left = "source_file,sheet,row,child_id,disposition\n".to_owned();
    for (file, sheet, row, child) in links {
        writeln!(left, "{file},{sheet},{row},{child},").unwrap();
    }
    let mut right = "child_id,id_card,name,code,reason,town\n".to_owned();
    for (child, id, name, code) in told {
        writeln!(right, "{child},{id},{name},{code},,").unwrap();
    }
    score(truth, &left, &right).unwrap()
}

#[test]
fn a_perfect_answer_scores_perfectly() {
    let oracle = oracle();
    let score = scored(&oracle.truth, &oracle.links, &oracle.told);
    assert_eq!(score.rows_lost, 0);
    assert_eq!(score.pairs.f1(), Some(1.0));
    assert_eq!(score.clusters.f1(), Some(1.0));
    assert_eq!(score.strict.value(), Some(1.0));
    assert_eq!(score.out.recall(), Some(1.0));
    assert_eq!(score.suspected.recall(), Some(1.0));
    assert_eq!(score.conflicts.surfaced, score.conflicts.of);
    assert!(score.conflicts.of > 0 && score.conflicts.invented == 0);
    assert_eq!((score.seed_rate().right, score.seed_rate().of), (14, 14));
    assert!(score.wrong.is_empty() && score.wrongly_accused.is_empty());
    assert!(score.towns.iter().all(|town| town.true_out == town.found));
}

#[test]
fn codes_of_the_product_are_understood() {
    let mut oracle = oracle();
    for told in &mut oracle.told {
        let code = match told.3.as_str() {
            "DISABILITY_DEFERRED" | "EXEMPT_MEDICAL" => "DEFERRED",
            "SUSPENDED_WITH_APPROVAL" => "SUSPENDED",
            "EMIGRATED" => "MOVED_OUT",
            "MISSING" => "UNVERIFIED",
            other => other,
        };
        told.3 = code.to_owned();
    }
    let score = scored(&oracle.truth, &oracle.links, &oracle.told);
    assert_eq!(score.strict.value(), Some(1.0));
    assert!(score.unknown_codes.is_empty());
}

#[test]
fn rows_left_out_are_lost_rows() {
    let oracle = oracle();
    let score = scored(&oracle.truth, &oracle.links[25..], &oracle.told);
    assert_eq!(score.rows_lost, 25);
    assert_eq!(score.lost_by_file.iter().map(|(_, n)| n).sum::<u64>(), 25);
}

#[test]
fn pupils_called_out_of_school_are_counted_one_by_one() {
    let mut oracle = oracle();
    let pupils = oracle.told.iter_mut().filter(|told| told.3 == "ENROLLED_LOCAL");
    let accused: Vec<String> = pupils
        .take(7)
        .map(|told| {
            told.3 = "DROPOUT".to_owned();
            told.0.trim_start_matches('P').to_owned()
        })
        .collect();
    let score = scored(&oracle.truth, &oracle.links, &oracle.told);
    assert_eq!(score.wrongly_accused, accused);
    assert_eq!(score.out.wrong, 7);
    assert_eq!(score.wrong.len(), 7);
}

#[test]
fn a_family_accused_by_a_stray_row_is_seen() {
    let mut oracle = oracle();
    let pupil = oracle.told.iter().find(|told| told.3 == "ENROLLED_LOCAL").unwrap().clone();
    let rows: Vec<usize> =
        (0..oracle.links.len()).filter(|at| oracle.links[*at].3 == pupil.0).collect();
    oracle.links[*rows.last().unwrap()].3 = "stray".to_owned();
    oracle.told.push(("stray".to_owned(), String::new(), pupil.2, "DROPOUT".to_owned()));
    let score = scored(&oracle.truth, &oracle.links, &oracle.told);
    assert!(score.wrongly_accused.is_empty());
    assert_eq!(score.accused_by_split, [pupil.0.trim_start_matches('P')]);
    assert_eq!(score.split_children, 1);
}

#[test]
fn one_wrong_merge_is_seen() {
    let mut oracle = oracle();
    let (one, other) = (oracle.told[0].0.clone(), oracle.told[1].0.clone());
    for link in oracle.links.iter_mut().filter(|link| link.3 == other) {
        link.3.clone_from(&one);
    }
    let score = scored(&oracle.truth, &oracle.links, &oracle.told);
    assert_eq!(score.mixed_clusters, 1);
    assert!(score.pairs.precision().unwrap() < 1.0);
    assert_eq!(score.clusters.missed, 2);
}

#[test]
fn merging_second_registrations_is_as_good_as_flagging_them() {
    let mut oracle = oracle();
    assert!(!oracle.alias_of.is_empty());
    for link in &mut oracle.links {
        if let Some(original) = oracle.alias_of.get(&link.3) {
            link.3.clone_from(original);
        }
    }
    oracle.told.retain(|told| !oracle.alias_of.contains_key(&told.0));
    let score = scored(&oracle.truth, &oracle.links, &oracle.told);
    assert_eq!(score.pairs.f1(), Some(1.0));
    assert_eq!(score.clusters.recall(), Some(1.0));
    assert_eq!(score.mixed_clusters, 0);
    assert_eq!(score.strict.value(), Some(1.0));
}

#[test]
fn conflicts_decided_and_dropouts_called_safe_are_counted() {
    let mut oracle = oracle();
    let (mut decided, mut hidden) = (0, 0);
    for told in &mut oracle.told {
        if told.3 == "CONFLICT" {
            told.3 = "DROPOUT".to_owned();
            decided += 1;
        } else if told.3 == "DROPOUT" {
            told.3 = "ENROLLED_LOCAL".to_owned();
            hidden += 1;
        }
    }
    let score = scored(&oracle.truth, &oracle.links, &oracle.told);
    assert_eq!(score.conflicts.decided_out, decided);
    assert_eq!(score.conflicts.surfaced, 0);
    assert_eq!(score.missed_called_safe.len(), hidden);
}

#[test]
fn nothing_said_is_nothing_right() {
    let oracle = oracle();
    let blank: Vec<LinkRow> = oracle
        .links
        .iter()
        .map(|(file, sheet, row, _)| (file.clone(), sheet.clone(), row.clone(), String::new()))
        .collect();
    let score = scored(&oracle.truth, &blank, &[]);
    assert_eq!(score.rows_lost, 0);
    assert_eq!(score.set_aside.unsaid, score.child_rows);
    assert_eq!(score.pairs.recall(), Some(0.0));
    assert_eq!(score.seed_rate().right, 0);
    assert!(score.not_determined > 0);
}

#[test]
fn without_links_determinations_are_found_by_number_and_name() {
    let mut oracle = oracle();
    oracle.told.iter_mut().for_each(|told| told.0.clear());
    let score = scored(&oracle.truth, &[], &oracle.told);
    assert!(score.strict.value().unwrap() > 0.97);
}

#[test]
fn an_answer_without_its_columns_is_refused() {
    let oracle = oracle();
    let error = score(&oracle.truth, "file,row\n", "child_id,id_card,name,code\n").unwrap_err();
    assert!(matches!(error, ScoreError::Column { table: "links", column: "source_file" }));
}

#[test]
fn the_table_names_every_town_in_both_languages() {
    let oracle = oracle();
    let score = scored(&oracle.truth, &oracle.links, &oracle.told);
    for (language, word) in
        [(Language::Chinese, "冤枉的家庭"), (Language::English, "wrongly accused")]
    {
        let table = score.table(language);
        assert!(table.contains(word));
        assert!(score.towns.iter().all(|town| table.contains(&town.town)));
    }
}
