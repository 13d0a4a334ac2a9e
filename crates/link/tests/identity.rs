//! Ids of clusters survive what comes and goes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::{BTreeMap, BTreeSet};

use baoxue_link::identity::assign;
use proptest::prelude::*;

/// A partition of rows: for each row the smallest row of its cluster.
fn partition(labels: &[u8]) -> Vec<u32> {
    let mut smallest: BTreeMap<u8, u32> = BTreeMap::new();
    (0u32..).zip(labels).map(|(row, label)| *smallest.entry(*label).or_insert(row)).collect()
}

fn founders(n: usize) -> Vec<i64> {
    (0..n).map(|row| (1i64 << 32) + i64::try_from(row).unwrap()).collect()
}

proptest! {
    #[test]
    fn clusters_and_ids_are_one_to_one(
        old in prop::collection::vec(0u8..6, 1..24),
        new in prop::collection::vec(0u8..9, 24),
    ) {
        let n = old.len();
        let home: Vec<Option<i64>> =
            assign(&partition(&old), &vec![None; n], &founders(n)).into_iter().map(Some).collect();
        let cluster = partition(&new[..n]);
        let ids = assign(&cluster, &home, &founders(n));
        let mut by_id: BTreeMap<i64, BTreeSet<u32>> = BTreeMap::new();
        for (id, first) in ids.iter().zip(&cluster) {
            by_id.entry(*id).or_default().insert(*first);
        }
        prop_assert!(by_id.values().all(|clusters| clusters.len() == 1));
        prop_assert_eq!(by_id.len(), cluster.iter().collect::<BTreeSet<_>>().len());
    }

    #[test]
    fn new_rows_change_no_id_and_leave_no_trace(
        old in prop::collection::vec(0u8..6, 1..16),
        added in prop::collection::vec(0u8..9, 0..12),
    ) {
        let n = old.len();
        let before = assign(&partition(&old), &vec![None; n], &founders(n));
        let mut home: Vec<Option<i64>> = before.iter().copied().map(Some).collect();
        let all: Vec<u8> = old.iter().chain(&added).copied().collect();
        home.resize(all.len(), None);
        let with_more = assign(&partition(&all), &home, &founders(all.len()));
        prop_assert_eq!(&with_more[..n], &before[..]);
        let after = assign(&partition(&old), &home[..n], &founders(n));
        prop_assert_eq!(after, before);
    }

    #[test]
    fn the_order_of_rows_does_not_matter(
        labels in prop::collection::vec((0u8..6, prop::option::of(0i64..5)), 1..16),
    ) {
        let n = labels.len();
        let ids = |order: Vec<usize>| -> BTreeMap<i64, i64> {
            let name: Vec<u8> = order.iter().map(|row| labels[*row].0).collect();
            let home: Vec<Option<i64>> = order.iter().map(|row| labels[*row].1).collect();
            let founder: Vec<i64> = order.iter().map(|row| founders(n)[*row]).collect();
            founder.iter().copied().zip(assign(&partition(&name), &home, &founder)).collect()
        };
        prop_assert_eq!(ids((0..n).collect()), ids((0..n).rev().collect()));
    }
}
