//! How good a linkage is when the truth about every row is known.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{
    Column, LinkError, Linkage, Pair,
    chart::{Band, Mixing, ThresholdPoint},
    estimate::{float, ratio},
    labels::{BOUNDS, band},
};

/// Points of the curve of thresholds.
const POINTS: u32 = 40;

/// A linkage held against the truth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TruthReport {
    /// Pairs of rows in one cluster.
    pub pairs: Counted,
    /// Clusters that have all rows of one person and no other.
    pub clusters: Counted,
    /// For each row the share of its cluster that is the same person, and the share of the person's rows that its cluster
    /// has, both averaged over rows (B-cubed).
    pub b_cubed: Measures,
    /// Clusters that hold several persons.
    pub mixing: Mixing,
    /// Persons whose rows lie in several clusters.
    pub n_split: u64,
    /// How many pairs of each band of probability are matches, among the pairs that were kept.
    pub bands: Vec<Band>,
    /// Precision and recall of the kept pairs at thresholds, in order of bits.
    pub curve: Vec<ThresholdPoint>,
    /// Rows whose truth is not known; nothing above counts them.
    pub n_unknown: u64,
}

/// Right and wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Found and right.
    pub n_right: u64,
    /// Found.
    pub n_found: u64,
    /// Right.
    pub n_true: u64,
}

impl Counted {
    /// Precision, recall and F1; of nothing all is right.
    pub fn measures(self) -> Measures {
        Measures {
            precision: ratio(self.n_right, self.n_found),
            recall: ratio(self.n_right, self.n_true),
            f1: ratio(2 * self.n_right, self.n_found + self.n_true),
        }
    }
}

/// Shares from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// Of what was found the share that is right.
    pub precision: f64,
    /// Of what is right the share that was found.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

/// Holds a linkage against the truth: for each row the number of its person, 0 when not known. Persons in one cluster are
/// taken for brothers and sisters when they agree in one of the `household` columns.
///
/// # Errors
/// [`LinkError::Length`] when `truth` or a column has another number of rows than the linkage.
pub fn evaluate_truth(
    linkage: &Linkage,
    truth: &[u32],
    household: &[&Column],
) -> Result<TruthReport, LinkError> {
    let n_rows = linkage.cluster.len();
    if truth.len() != n_rows {
        return Err(LinkError::Length("truth".to_owned()));
    }
    if let Some(column) = household.iter().find(|column| column.values().len() != n_rows) {
        return Err(LinkError::Length(column.name().to_owned()));
    }
    let crossed = Crossed::of(&linkage.cluster, truth);
    let person = |row: u32| truth[row as usize];
    let is_known = |pair: &&Pair| person(pair.left) > 0 && person(pair.right) > 0;
    let known: Vec<(Pair, bool)> = linkage
        .pairs
        .iter()
        .filter(is_known)
        .map(|pair| (*pair, person(pair.left) == person(pair.right)))
        .collect();
    let pairs = crossed.pairs();
    Ok(TruthReport {
        pairs,
        clusters: crossed.clusters(),
        b_cubed: crossed.b_cubed(),
        mixing: crossed.mixing(&linkage.cluster, truth, household),
        n_split: crossed.n_split(),
        bands: bands(&known),
        curve: curve(&known, pairs.n_true),
        n_unknown: truth.iter().filter(|person| **person == 0).count() as u64,
    })
}

/// Sizes of clusters, of persons, and of what they have in common.
struct Crossed {
    found: HashMap<u32, u64>,
    persons: HashMap<u32, u64>,
    /// By cluster and person, in this order.
    both: Vec<((u32, u32), u64)>,
}

impl Crossed {
    fn of(cluster: &[u32], truth: &[u32]) -> Self {
        let (mut found, mut persons, mut both) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (cluster, person) in cluster.iter().zip(truth).filter(|(_, person)| **person > 0) {
            *found.entry(*cluster).or_insert(0) += 1;
            *persons.entry(*person).or_insert(0) += 1;
            *both.entry((*cluster, *person)).or_insert(0) += 1;
        }
        let mut both: Vec<((u32, u32), u64)> = both.into_iter().collect();
        both.sort_unstable();
        Self { found, persons, both }
    }

    fn pairs(&self) -> Counted {
        let of = |sizes: &mut dyn Iterator<Item = u64>| sizes.map(|n| n * (n - 1) / 2).sum();
        Counted {
            n_right: of(&mut self.both.iter().map(|(_, n)| *n)),
            n_found: of(&mut self.found.values().copied()),
            n_true: of(&mut self.persons.values().copied()),
        }
    }

    fn clusters(&self) -> Counted {
        let is_exact = |((cluster, person), n): &&((u32, u32), u64)| {
            *n == self.found[cluster] && *n == self.persons[person]
        };
        Counted {
            n_right: self.both.iter().filter(is_exact).count() as u64,
            n_found: self.found.len() as u64,
            n_true: self.persons.len() as u64,
        }
    }

    /// Source: Bagga and Baldwin, "Entity-based cross-document coreferencing" (1998).
    fn b_cubed(&self) -> Measures {
        let (mut precision, mut recall, mut n_rows) = (0.0, 0.0, 0);
        for ((cluster, person), n) in &self.both {
            precision += float(*n) * ratio(*n, self.found[cluster]);
            recall += float(*n) * ratio(*n, self.persons[person]);
            n_rows += n;
        }
        if n_rows == 0 {
            return Measures { precision: 1.0, recall: 1.0, f1: 1.0 };
        }
        let (precision, recall) = (precision / float(n_rows), recall / float(n_rows));
        Measures { precision, recall, f1: 2.0 * precision * recall / (precision + recall) }
    }

    fn n_split(&self) -> u64 {
        let is_part = |((_, person), n): &&((u32, u32), u64)| *n < self.persons[person];
        let mut split: Vec<u32> =
            self.both.iter().filter(is_part).map(|((_, person), _)| *person).collect();
        split.sort_unstable();
        split.dedup();
        split.len() as u64
    }

    fn mixing(&self, cluster: &[u32], truth: &[u32], household: &[&Column]) -> Mixing {
        let groups = self.both.chunk_by(|a, b| a.0.0 == b.0.0);
        let mut rows: HashMap<u32, Vec<u32>> =
            groups.filter(|group| group.len() > 1).map(|g| (g[0].0.0, Vec::new())).collect();
        for (row, (first, person)) in (0..).zip(cluster.iter().zip(truth)) {
            if let Some(rows) = rows.get_mut(first).filter(|_| *person > 0) {
                rows.push(row);
            }
        }
        let n_siblings =
            rows.values().filter(|rows| are_siblings(rows, truth, household)).count() as u64;
        let n_mixed = rows.len() as u64;
        let n_pure = self.found.len() as u64 - n_mixed;
        Mixing { n_pure, n_siblings, n_strangers: n_mixed - n_siblings }
    }
}

/// Whether two of the rows are different persons that share a value of a household.
fn are_siblings(rows: &[u32], truth: &[u32], household: &[&Column]) -> bool {
    household.iter().any(|column| {
        let value = |row: u32| column.values()[row as usize];
        let mut of: Vec<(u32, u32)> = rows
            .iter()
            .filter(|row| value(**row) > 0)
            .map(|row| (value(*row), truth[*row as usize]))
            .collect();
        of.sort_unstable();
        of.windows(2).any(|two| two[0].0 == two[1].0 && two[0].1 != two[1].1)
    })
}

fn bands(pairs: &[(Pair, bool)]) -> Vec<Band> {
    let empty = |bound: &[f64]| Band { from: bound[0], to: bound[1], n_pairs: 0, n_matches: 0 };
    let mut bands: Vec<Band> = BOUNDS.windows(2).map(empty).collect();
    for (pair, is_match) in pairs {
        let band = &mut bands[band(f64::from(pair.probability()))];
        band.n_pairs += 1;
        band.n_matches += u64::from(*is_match);
    }
    bands
}

/// `pairs` are strongest first.
fn curve(pairs: &[(Pair, bool)], n_true: u64) -> Vec<ThresholdPoint> {
    let (Some((first, _)), Some((last, _))) = (pairs.first(), pairs.last()) else {
        return Vec::new();
    };
    let (high, low) = (f64::from(first.bits), f64::from(last.bits));
    let mut so_far = Counted { n_true, ..Counted::default() };
    let mut rest = pairs.iter().peekable();
    let mut points = Vec::new();
    for step in 0..=POINTS {
        let bits = high - (high - low) * f64::from(step) / f64::from(POINTS);
        let is_last = step == POINTS;
        while let Some((_, is_match)) =
            rest.next_if(|(pair, _)| is_last || f64::from(pair.bits) >= bits)
        {
            so_far.n_found += 1;
            so_far.n_right += u64::from(*is_match);
        }
        let Measures { precision, recall, .. } = so_far.measures();
        points.push(ThresholdPoint { bits, precision, recall });
    }
    points.reverse();
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_counted_against_the_truth() {
        let guardian = Column::new("guardian", ["张", "张", "李", "王", "", "赵", "钱"]);
        // Rows 0 and 1 are siblings in one cluster, 2 and 3 strangers in one, 4 and 5 one person; 6 is not known.
        let linkage = Linkage { cluster: vec![0, 0, 2, 2, 4, 4, 4], ..Linkage::default() };
        let found = evaluate_truth(&linkage, &[1, 2, 3, 4, 5, 5, 0], &[&guardian]).unwrap();
        assert_eq!(found.mixing, Mixing { n_pure: 1, n_siblings: 1, n_strangers: 1 });
        assert_eq!(found.clusters, Counted { n_right: 1, n_found: 3, n_true: 5 });
        assert_eq!(found.pairs, Counted { n_right: 1, n_found: 3, n_true: 1 });
        assert_eq!((found.n_split, found.n_unknown), (0, 1));
        assert!((found.b_cubed.precision - 4.0 / 6.0).abs() < 1e-9);
        assert!((found.b_cubed.recall - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_curve_ends_with_all_pairs() {
        let pair = |left, right, bits| Pair { left, right, bits };
        let linkage = Linkage {
            cluster: vec![0, 0, 2, 3, 4],
            pairs: vec![pair(0, 1, 9.0), pair(0, 2, 1.0), pair(3, 4, -3.0)],
            ..Linkage::default()
        };
        let found = evaluate_truth(&linkage, &[1, 1, 1, 2, 3], &[]).unwrap();
        let (first, last) = (found.curve.first().unwrap(), found.curve.last().unwrap());
        assert!((first.precision - 2.0 / 3.0).abs() < 1e-9, "{first:?}");
        assert!((first.recall - 2.0 / 3.0).abs() < 1e-9);
        assert!((last.precision - 1.0).abs() < 1e-9 && (last.recall - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!(found.bands.iter().map(|band| band.n_pairs).sum::<u64>(), 3);
        assert_eq!(found.n_split, 1);
    }
}
