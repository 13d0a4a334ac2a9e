//! How good clusters and pairs are when the truth is known.

use std::collections::HashMap;

use baoxue_link::{
    Column, Pair,
    chart::{Band, Mixing, ThresholdPoint},
};

/// Points of the curve of thresholds.
const POINTS: usize = 40;
/// Bounds of the bands of probability.
const BOUNDS: [f64; 10] = [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0];

/// Right and wrong pairs of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "all of them are numbers of pairs")]
pub(super) struct Pairs {
    /// Found and right.
    pub(super) n_right: u64,
    /// Found.
    pub(super) n_found: u64,
    /// Right.
    pub(super) n_true: u64,
}

impl Pairs {
    pub(super) fn precision(self) -> f64 {
        ratio(self.n_right, self.n_found)
    }

    pub(super) fn recall(self) -> f64 {
        ratio(self.n_right, self.n_true)
    }

    pub(super) fn f1(self) -> f64 {
        ratio(2 * self.n_right, self.n_found + self.n_true)
    }
}

/// Clusters against the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Clusters {
    /// Pairs of rows in one cluster.
    pub(super) pairs: Pairs,
    pub(super) n_true: u64,
    pub(super) n_found: u64,
    /// Clusters that have all rows of one person and no other.
    pub(super) n_exact: u64,
    pub(super) mixing: Mixing,
}

impl Clusters {
    /// F1 of clusters that are exactly right.
    pub(super) fn exact_f1(&self) -> f64 {
        ratio(2 * self.n_exact, self.n_true + self.n_found)
    }

    /// Rows whose truth is 0 are not counted. Persons in one cluster are taken for brothers and sisters when they agree
    /// in one of the columns of their household.
    pub(super) fn of(cluster: &[u32], truth: &[u32], household: &[&Column]) -> Self {
        let (mut found, mut persons) = (HashMap::new(), HashMap::new());
        let mut both: HashMap<(u32, u32), u64> = HashMap::new();
        for (cluster, person) in cluster.iter().zip(truth).filter(|(_, person)| **person > 0) {
            *found.entry(*cluster).or_insert(0_u64) += 1;
            *persons.entry(*person).or_insert(0_u64) += 1;
            *both.entry((*cluster, *person)).or_default() += 1;
        }
        let n_exact =
            both.iter().filter(|((c, p), n)| **n == found[c] && **n == persons[p]).count() as u64;
        let of = |sizes: &mut dyn Iterator<Item = &u64>| sizes.map(|n| n * (n - 1) / 2).sum();
        let pairs = Pairs {
            n_right: of(&mut both.values()),
            n_found: of(&mut found.values()),
            n_true: of(&mut persons.values()),
        };
        let (n_found, n_true) = (found.len() as u64, persons.len() as u64);
        let is_mixed = |cluster: u32, person: u32| {
            found.get(&cluster).is_some_and(|n| both.get(&(cluster, person)) != Some(n))
        };
        let mut mixed: HashMap<u32, Vec<u32>> = HashMap::new();
        for (row, (cluster, person)) in (0..).zip(cluster.iter().zip(truth)) {
            if *person > 0 && is_mixed(*cluster, *person) {
                mixed.entry(*cluster).or_default().push(row);
            }
        }
        let n_siblings =
            mixed.values().filter(|rows| are_siblings(rows, truth, household)).count() as u64;
        let n_mixed = mixed.len() as u64;
        let mixing =
            Mixing { n_pure: n_found - n_mixed, n_siblings, n_strangers: n_mixed - n_siblings };
        Self { pairs, n_true, n_found, n_exact, mixing }
    }
}

/// Whether two of the rows are different persons that share a household value.
fn are_siblings(rows: &[u32], truth: &[u32], household: &[&Column]) -> bool {
    let person = |row: u32| truth[row as usize];
    let shared = |a: u32, b: u32| {
        household.iter().any(|column| {
            let value = |row: u32| column.values()[row as usize];
            value(a) > 0 && value(a) == value(b)
        })
    };
    rows.iter().any(|a| rows.iter().any(|b| person(*a) < person(*b) && shared(*a, *b)))
}

/// Precision and recall of pairs, `is_match` beside each, at some thresholds in order of bits. `pairs` are strongest first.
pub(super) fn curve(pairs: &[Pair], is_match: &[bool], n_true: u64) -> Vec<ThresholdPoint> {
    let (Some(first), Some(last)) = (pairs.first(), pairs.last()) else { return Vec::new() };
    let (high, low) = (f64::from(first.bits), f64::from(last.bits));
    let mut points = Vec::new();
    let mut so_far = Pairs { n_true, ..Pairs::default() };
    let mut at = 0;
    for step in 0..=POINTS {
        let bits = high - (high - low) * share(step as u64, POINTS as u64);
        while at < pairs.len() && f64::from(pairs[at].bits) >= bits {
            so_far.n_found += 1;
            so_far.n_right += u64::from(is_match[at]);
            at += 1;
        }
        if so_far.n_found > 0 {
            points.push(ThresholdPoint {
                bits,
                precision: so_far.precision(),
                recall: so_far.recall(),
            });
        }
    }
    points.reverse();
    points
}

/// How many pairs of each band of probability are matches.
pub(super) fn bands(pairs: &[Pair], is_match: &[bool]) -> Vec<Band> {
    let mut bands: Vec<Band> = BOUNDS
        .windows(2)
        .map(|bound| Band { from: bound[0], to: bound[1], n_pairs: 0, n_matches: 0 })
        .collect();
    for (pair, is_match) in pairs.iter().zip(is_match) {
        let probability = f64::from(pair.probability());
        let at = BOUNDS[1..BOUNDS.len() - 1].partition_point(|bound| *bound <= probability);
        bands[at].n_pairs += 1;
        bands[at].n_matches += u64::from(*is_match);
    }
    bands
}

/// A share; of nothing all is right.
fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { share(part, whole) }
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows are far below 2^53")]
fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_counted_against_the_truth() {
        let guardian = Column::new("guardian", ["张", "张", "李", "王", "", "赵"]);
        // Rows 0 and 1 are siblings in one cluster, 2 and 3 strangers in one, 4 and 5 one person.
        let scored = Clusters::of(&[0, 0, 2, 2, 4, 4], &[1, 2, 3, 4, 5, 5], &[&guardian]);
        assert_eq!(scored.mixing, Mixing { n_pure: 1, n_siblings: 1, n_strangers: 1 });
        assert_eq!((scored.n_exact, scored.n_true, scored.n_found), (1, 5, 3));
        assert_eq!(scored.pairs, Pairs { n_right: 1, n_found: 3, n_true: 1 });
    }

    #[test]
    fn the_curve_ends_with_all_pairs() {
        let pair = |bits| Pair { left: 0, right: 1, bits };
        let pairs = [pair(9.0), pair(1.0), pair(-3.0)];
        let points = curve(&pairs, &[true, true, false], 4);
        let (first, last) = (points.first().unwrap(), points.last().unwrap());
        assert!((first.precision - 2.0 / 3.0).abs() < 1e-9 && (first.recall - 0.5).abs() < 1e-9);
        assert!((last.precision - 1.0).abs() < 1e-9 && (last.recall - 0.25).abs() < 1e-9);
        assert_eq!(bands(&pairs, &[true, true, false]).iter().map(|b| b.n_pairs).sum::<u64>(), 3);
    }
}
