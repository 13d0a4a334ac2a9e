//! What nobody should send and somebody will: any text in any field, floods of equal rows, huge cells.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use baoxue_link::{
    Column, Comparator, Constraints, FieldModel, Model, Table, blocking_recall, choose, clusters,
    explain, explain_cluster, sample_for_labels, say, starting_levels, train_and_link,
};
use proptest::prelude::*;

const COMPARATORS: [Comparator; 18] = [
    Comparator::Exact,
    Comparator::Text,
    Comparator::Words,
    Comparator::Rest,
    Comparator::Set,
    Comparator::LatinName,
    Comparator::Pair,
    Comparator::Code,
    Comparator::Postcode,
    Comparator::Email,
    Comparator::Number,
    Comparator::PersonName,
    Comparator::Date,
    Comparator::ResidentId,
    Comparator::Phone,
    Comparator::Place,
    Comparator::School,
    Comparator::RegionCode,
];

#[test]
fn every_level_has_a_word() {
    for level in COMPARATORS.iter().flat_map(|comparator| comparator.levels()) {
        assert_ne!(say::level_word(level, say::Lang::Zh), *level);
    }
}

fn village() -> Model {
    toml::from_str(include_str!("reference/model.toml")).unwrap()
}

/// A model with one field for each comparator, over the same text; those that take two columns have another one.
fn every_comparator() -> Model {
    let fields = COMPARATORS.iter().enumerate().map(|(at, comparator)| FieldModel {
        name: format!("{at}"),
        columns: if matches!(comparator, Comparator::Pair | Comparator::Rest) {
            vec!["text".to_owned(), "more".to_owned()]
        } else {
            vec!["text".to_owned()]
        },
        comparator: *comparator,
        of: Vec::new(),
        term_frequency: true,
        contained_in: Vec::new(),
        levels: starting_levels(*comparator),
    });
    Model {
        identity: None,
        relatives: None,
        blocks: Vec::new(),
        fields: fields.collect(),
        ..village()
    }
}

/// Any text, and texts of the signs that comparators look for.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9?X*|-]{0,20}",
        "[一-龥·□?]{0,8}",
        "(第)?[一二三十百0-9]{1,5}(村|组|号|镇|村民小组|小学){0,3}",
        "[0-9]{4}[-/年]?[0-9]{0,2}[-/月]?[0-9]{0,2}日?",
        "[A-Za-z' .-]{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_comparator_panics_and_none_minds_the_order(left in text(), right in text()) {
        let model = every_comparator();
        let table = |a: &str, b: &str| {
            let columns = vec![Column::new("text", [a, b]), Column::new("more", [b, a])];
            Table::new(columns, Vec::new()).unwrap()
        };
        let there = explain(&table(&left, &right), &model, 0, 1).unwrap();
        let back = explain(&table(&right, &left), &model, 0, 1).unwrap();
        for (a, b) in there.fields.iter().zip(&back.fields) {
            prop_assert_eq!(&a.level, &b.level, "{}", &a.field);
        }
        prop_assert!(there.bits.is_finite() && (0.0..=1.0).contains(&there.probability));
        prop_assert!(!say::pair(&there, &model, say::Lang::Zh).is_empty());
    }
}

fn rows(cells: [&str; 6], n: usize) -> Table {
    let names = ["id", "name", "birth", "sex", "guardian", "village"];
    let column = |(name, cell)| Column::new(name, std::iter::repeat_n(cell, n));
    Table::new(names.into_iter().zip(cells).map(column).collect(), Vec::new()).unwrap()
}

#[test]
fn a_flood_of_a_million_equal_rows_is_left_alone_and_named() {
    let table = rows(["", "张伟", "2010-01-05", "男", "张强", "三柳村"], 1_000_000);
    let (_, linkage) =
        train_and_link(&table, &village(), &Constraints::default(), 1, &mut |_| {}).unwrap();
    // Too many rows share every key: none is compared, every row stays alone, and each rule says so.
    assert_eq!(linkage.pairs.len(), 0);
    assert!(linkage.cluster.iter().zip(0..).all(|(first, row)| *first == row));
    for block in linkage.blocks.iter().filter(|block| block.name != "number") {
        assert_eq!((block.n_pairs, block.capped.n_rows), (0, 1_000_000), "{}", block.name);
    }
    let recall = blocking_recall(&table, &village(), &linkage).unwrap();
    assert!(say::blocking(&recall, say::Lang::Zh).contains("1000000 行"));
}

#[test]
fn a_million_rows_ruled_to_be_one_are_told_in_bounded_time() {
    let table = rows(["", "张伟", "2010-01-05", "男", "张强", "三柳村"], 1_000_000);
    let constraints = Constraints {
        must_link: (1..1_000_000).map(|row| (row - 1, row)).collect(),
        ..Constraints::default()
    };
    let linkage = clusters(&table, &village(), &constraints, &mut |_| {}).unwrap();
    assert!(linkage.cluster.iter().all(|first| *first == 0));
    let recall = blocking_recall(&table, &village(), &linkage).unwrap();
    assert_eq!(recall.n_cut_clusters, 1);
    let sample = sample_for_labels(&table, &linkage, 50, 1).unwrap();
    assert_eq!(sample.asked.len(), 50);
    let choices = choose(&linkage, &constraints, &[]).unwrap();
    assert_eq!(choices, []);
}

#[test]
fn one_row_is_no_trouble() {
    let table = rows(["", "张伟", "2010-01-05", "男", "张强", "三柳村"], 1);
    let constraints = Constraints::default();
    let (training, linkage) =
        train_and_link(&table, &village(), &constraints, 1, &mut |_| {}).unwrap();
    assert_eq!(linkage.cluster, [0]);
    let recall = blocking_recall(&table, &training.model, &linkage).unwrap();
    assert_eq!((recall.total, recall.recall), (None, None));
    let story = explain_cluster(&table, &training.model, &constraints, &linkage, 0).unwrap();
    assert_eq!((story.rows.as_slice(), story.links.len(), story.weakest), (&[0][..], 0, None));
    assert_eq!(sample_for_labels(&table, &linkage, 5, 1).unwrap().asked, []);
}

#[test]
fn huge_cells_are_compared_by_their_beginning() {
    let huge = "长".repeat(3_500_000);
    let other = format!("{huge}短");
    let column = |name| Column::new(name, [huge.as_str(), huge.as_str(), other.as_str()]);
    let table = Table::new(vec![column("text"), column("more")], Vec::new()).unwrap();
    let same = explain(&table, &every_comparator(), 0, 1).unwrap();
    assert_eq!(same.fields[0].level.as_deref(), Some("equal"));
    let unlike = explain(&table, &every_comparator(), 0, 2).unwrap();
    assert_eq!(unlike.fields[0].level.as_deref(), Some("other"));
}
