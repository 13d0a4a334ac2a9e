//! The mark in the order of rows by which an excerpt of an export is traced to whoever took it out (T-22).
//!
//! The list is sorted by rough keys only (status and town, town and village …); rows that are equal under them stand in an
//! order of chance that is this export's own and is kept with it. Whoever cuts out rows or drops columns leaves the order;
//! whoever sorts the table anew destroys it, and then only the log of who fetched these children is left.

use std::collections::HashMap;

use baoxue_claim::ChildId;
use sm3::{Digest, Sm3};

use crate::{FlowError, Roll, Sort, roll::Rough};

/// An excerpt of so many rows shall be traced.
const EXCERPT: f64 = 200.0;
/// So many pairs of rows of an excerpt shall stand in an order of chance: each is right in a foreign export in one case of
/// two.
const PAIRS: f64 = 100.0;

/// What makes the order of one export differ from all others.
pub(super) type Seed = [u8; 16];

pub(super) fn seed() -> Result<Seed, FlowError> {
    let mut seed = Seed::default();
    getrandom::fill(&mut seed).map_err(|_| FlowError::Export("no randomness"))?;
    Ok(seed)
}

/// The children that the roll has, in the order of an export: by as many rough keys as leave room for the mark.
pub(super) fn marked(roll: &Roll, children: &[ChildId], sort: Sort, seed: Seed) -> Vec<ChildId> {
    let known = children.iter().filter_map(|child| Some((*child, roll.rough(*child, sort)?)));
    in_order(known.collect(), seed)
}

fn in_order(rows: Vec<(ChildId, Rough)>, seed: Seed) -> Vec<ChildId> {
    let keys = depth(&rows);
    let chance = |child: ChildId| {
        let hasher = Sm3::new().chain_update(seed).chain_update(child.0.to_be_bytes());
        <[u8; 32]>::from(hasher.finalize())
    };
    let mut rows: Vec<_> =
        rows.into_iter().map(|(child, rough)| (rough, chance(child), child)).collect();
    rows.sort_unstable_by(|a, b| (&a.0[..keys], a.1).cmp(&(&b.0[..keys], b.1)));
    rows.into_iter().map(|(.., child)| child).collect()
}

/// How many keys the order may keep: the most that leave enough pairs of equal rows, none when even one is too many.
fn depth(rows: &[(ChildId, Rough)]) -> usize {
    let n = float(rows.len());
    let of_excerpt = n.min(EXCERPT);
    let share = (of_excerpt * (of_excerpt - 1.0)) / (n * (n - 1.0)).max(1.0);
    let enough = |keys: &usize| {
        let mut groups: HashMap<&[String], usize> = HashMap::new();
        for (_, rough) in rows {
            *groups.entry(&rough[..*keys]).or_default() += 1;
        }
        let pairs: f64 = groups.values().map(|n| float(*n) * (float(*n) - 1.0) / 2.0).sum();
        pairs * share >= PAIRS
    };
    [2, 1].into_iter().find(enough).unwrap_or(0)
}

fn float(n: usize) -> f64 {
    // Rows of a sheet are far below 2^32.
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(n: i64, groups: i64) -> Vec<(ChildId, Rough)> {
        let rough = |child: i64| [format!("{}", child % 3), format!("{:04}", child % groups)];
        (0..n).map(|child| (ChildId(child), rough(child))).collect()
    }

    #[test]
    fn t22_the_order_keeps_rough_keys_and_differs_from_export_to_export() {
        let rows = rows(3000, 30);
        let key: HashMap<ChildId, Rough> = rows.iter().cloned().collect();
        let orders: Vec<Vec<ChildId>> = (0..4).map(|n| in_order(rows.clone(), [n; 16])).collect();
        for order in &orders {
            assert_eq!(order.len(), 3000);
            assert!(order.is_sorted_by_key(|child| &key[child]));
        }
        for (at, one) in orders.iter().enumerate() {
            assert!(orders[at + 1..].iter().all(|other| other != one));
        }
        assert_eq!(in_order(rows, [1; 16]), orders[1], "the same seed is the same order");
    }

    #[test]
    fn t22_where_keys_leave_no_room_for_the_mark_fewer_are_kept() {
        assert_eq!(depth(&rows(3000, 30)), 2);
        assert_eq!(depth(&rows(3000, 3000)), 1, "every village a child of its own");
        assert_eq!(depth(&rows(24, 24)), 0, "a list that is too short");
        assert_eq!(depth(&rows(1, 1)), 0);
        assert_eq!(depth(&[]), 0);
    }
}
