//! Pairs for people to judge, drawn so that their answers say how good the linkage is; and answers as rulings.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use crate::{
    Constraints, LinkError, Linkage, Pair, Table,
    prepare::{content, mix},
    recall::each_in_clusters,
};

/// Bounds of the bands of probability.
pub(crate) const BOUNDS: [f64; 10] = [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0];

/// The band of a probability.
pub(crate) fn band(probability: f64) -> usize {
    BOUNDS[1..BOUNDS.len() - 1].partition_point(|bound| *bound <= probability)
}

/// A person's answer about two rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// One row.
    pub left: u32,
    /// The other.
    pub right: u32,
    /// Whether they are one person.
    pub is_same: bool,
}

/// Pairs to be judged, and what they stand for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LabelSample {
    /// Pairs of one kind; pairs are drawn from each.
    pub strata: Vec<Stratum>,
    /// The pairs drawn, in an order that says nothing about their kind.
    pub asked: Vec<Asked>,
}

/// Pairs of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stratum {
    /// Whether the two rows are in one cluster.
    pub is_joined: bool,
    /// The bounds of their probability; `None` for pairs of one cluster that were not compared or are below
    /// `review_bits`.
    pub band: Option<(f64, f64)>,
    /// How many such pairs there are.
    pub n_pairs: u64,
    /// How many of them are matches, if their probabilities are right.
    pub expected: f64,
}

/// A pair to be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The smaller row.
    pub left: u32,
    /// The larger row.
    pub right: u32,
    /// Its place in [`LabelSample::strata`].
    pub stratum: usize,
}

/// Draws up to `n_per_stratum` pairs of each kind: by band of probability, joined or apart. The draw depends on the seed
/// and the content of the rows only, not on their order.
///
/// ```
/// use baoxue_link::{Column, Constraints, Label, Model, Table, clusters, evaluate_labels, sample_for_labels};
/// // Three rows of one girl, and one of her brother.
/// let table = include!("../tests/reference/girl.in");
/// let model: Model = toml::from_str(include_str!("../tests/reference/model.toml"))?;
/// let linkage = clusters(&table, &model, &Constraints::default(), &mut |_| {})?;
/// let sample = sample_for_labels(&table, &linkage, 10, 1)?;
/// // Somebody says that all of them are one person.
/// let label = |asked: &baoxue_link::Asked| Label { left: asked.left, right: asked.right, is_same: true };
/// let labels: Vec<Label> = sample.asked.iter().map(label).collect();
/// assert_eq!(evaluate_labels(&sample, &labels, None).precision.value, 1.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`LinkError::Length`] when `linkage` belongs to another table.
pub fn sample_for_labels(
    table: &Table,
    linkage: &Linkage,
    n_per_stratum: usize,
    seed: u64,
) -> Result<LabelSample, LinkError> {
    if linkage.cluster.len() != table.n_rows() as usize {
        return Err(LinkError::Length("cluster".to_owned()));
    }
    let content = content(table);
    let lot = |left: u32, right: u32| {
        let (a, b) = (content[left as usize], content[right as usize]);
        mix(mix(seed ^ a.min(b)) ^ a.max(b))
    };
    // By kind: joined or apart, then band.
    let mut kinds: BTreeMap<(bool, Option<usize>), Drawn> = BTreeMap::new();
    let cluster = |row: u32| linkage.cluster[row as usize];
    let mut compared: BTreeSet<(u32, u32)> = BTreeSet::new();
    for pair in &linkage.pairs {
        let Pair { left, right, .. } = *pair;
        let is_joined = cluster(left) == cluster(right);
        if is_joined {
            compared.insert((left, right));
        }
        let chance = f64::from(pair.probability());
        let drawn = kinds.entry((!is_joined, Some(band(chance)))).or_default();
        drawn.add((lot(left, right), left, right), chance, n_per_stratum);
    }
    each_in_clusters(&linkage.cluster, &mut |left, right| {
        if !compared.contains(&(left, right)) {
            let drawn = kinds.entry((false, None)).or_default();
            drawn.add((lot(left, right), left, right), 1.0, n_per_stratum);
        }
    });
    let mut sample = LabelSample::default();
    let mut all = Vec::new();
    for (number, ((is_apart, band), drawn)) in kinds.into_iter().enumerate() {
        let band = band.map(|band| (BOUNDS[band], BOUNDS[band + 1]));
        let (n_pairs, expected) = (drawn.n_pairs, drawn.expected);
        sample.strata.push(Stratum { is_joined: !is_apart, band, n_pairs, expected });
        all.extend(drawn.pairs.into_iter().map(|pair| (pair, number)));
    }
    all.sort_unstable();
    let asked = |((_, left, right), stratum)| Asked { left, right, stratum };
    sample.asked = all.into_iter().map(asked).collect();
    Ok(sample)
}

/// Pairs with the smallest lots.
#[derive(Default)]
struct Drawn {
    pairs: BTreeSet<(u64, u32, u32)>,
    n_pairs: u64,
    expected: f64,
}

impl Drawn {
    fn add(&mut self, pair: (u64, u32, u32), chance: f64, most: usize) {
        self.n_pairs += 1;
        self.expected += chance;
        self.pairs.insert(pair);
        if self.pairs.len() > most {
            self.pairs.pop_last();
        }
    }
}

impl Constraints {
    /// Adds people's answers: they are obeyed by [`clusters`](crate::clusters), and [`train`](crate::train) learns from
    /// them.
    pub fn add_labels(&mut self, labels: &[Label]) {
        for Label { left, right, is_same } in labels {
            let ruled = if *is_same { &mut self.must_link } else { &mut self.cannot_link };
            ruled.push((*left, *right));
        }
    }

    /// Every ruling that two rows are different which other rulings contradict, with the shortest chain of these.
    pub fn contradictions(&self) -> Vec<Contradiction> {
        let mut same: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for (left, right) in &self.must_link {
            same.entry(*left).or_default().insert(*right);
            same.entry(*right).or_default().insert(*left);
        }
        let found = self.cannot_link.iter().filter_map(|(left, right)| {
            let chain = chain(&same, *left, *right)?;
            Some(Contradiction { apart: (*left, *right), chain })
        });
        found.collect()
    }
}

/// Rulings of which not all can be obeyed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contradiction {
    /// Two rows ruled to be different.
    pub apart: (u32, u32),
    /// Rulings that rows are the same, leading from the one to the other.
    pub chain: Vec<(u32, u32)>,
}

/// The shortest way from one row to another.
fn chain(same: &BTreeMap<u32, BTreeSet<u32>>, from: u32, to: u32) -> Option<Vec<(u32, u32)>> {
    let mut before: BTreeMap<u32, u32> = BTreeMap::from([(from, from)]);
    let mut next = VecDeque::from([from]);
    while let Some(row) = next.pop_front() {
        if row == to {
            break;
        }
        for other in same.get(&row).into_iter().flatten() {
            if !before.contains_key(other) {
                before.insert(*other, row);
                next.push_back(*other);
            }
        }
    }
    let mut chain = Vec::new();
    let mut row = to;
    while row != from {
        let above = *before.get(&row)?;
        chain.push((above, row));
        row = above;
    }
    chain.reverse();
    Some(chain)
}
