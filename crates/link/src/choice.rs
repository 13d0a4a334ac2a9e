//! Which pairs a person should look at first: those whose answer would change most.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::{Constraints, LinkError, Linkage, Pair, Review, ReviewReason, cluster::probability};

/// A constraint speaks against these, and how much that weighs nobody has measured: they count as an even chance at most.
const EVEN: f64 = 0.5;

/// A joined pair with less doubt is not asked about.
const LEAST_DOUBT: f64 = 0.001;

/// A pair and what an answer about it would change.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// The smaller row.
    pub left: u32,
    /// The larger row.
    pub right: u32,
    /// Log2 odds, prior included.
    pub bits: f32,
    /// What is asked.
    pub question: Question,
    /// The chance that the answer changes what is now decided.
    pub doubt: f64,
    /// Rows that would change hands: those of the smaller of the two parts.
    pub n_rows: u32,
    /// The sum of the stakes of both parts.
    pub stake: f64,
    /// What an answer changes in expectation: `doubt × (n_rows + stake)`. The list is ordered by it.
    pub change: f64,
}

/// What a person is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// The two are apart: should they be joined?
    Join(ReviewReason),
    /// They are joined, and their cluster hangs on this pair: should it be split?
    Split,
}

/// The questions worth asking, by what their answers would change, the most first. One for each two clusters that are
/// apart, and one for the weakest link of each cluster.
///
/// `stake` has for each row what hangs on it besides the row itself, in rows: how many verdicts, say; empty for nothing.
///
/// ```
/// use baoxue_link::{Column, Constraints, Model, Question, Table, choose, clusters};
/// // Three rows of one girl, and one of her brother.
/// let table = include!("../tests/reference/girl.in");
/// let model: Model = toml::from_str(include_str!("../tests/reference/model.toml"))?;
/// let free = Constraints::default();
/// let linkage = clusters(&table, &model, &free, &mut |_| {})?;
/// let asked = choose(&linkage, &free, &[])?;
/// assert_eq!(asked.iter().filter(|choice| choice.question == Question::Split).count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`LinkError::Length`] when `stake` is not empty and has not one number per row; [`LinkError::RowMissing`] when a ruling
/// names a row that does not exist.
pub fn choose(
    linkage: &Linkage,
    constraints: &Constraints,
    stake: &[f64],
) -> Result<Vec<Choice>, LinkError> {
    let n_rows = u32::try_from(linkage.cluster.len()).unwrap_or(u32::MAX);
    if !stake.is_empty() && stake.len() != linkage.cluster.len() {
        return Err(LinkError::Length("stake".to_owned()));
    }
    let ruled = constraints.must_link.iter().chain(&constraints.cannot_link);
    if let Some(row) = ruled.flat_map(|(l, r)| [*l, *r]).find(|row| *row >= n_rows) {
        return Err(LinkError::RowMissing(row, n_rows));
    }
    let mut parts = Parts::of(linkage, stake);
    let mut choices: Vec<Choice> =
        linkage.review.iter().filter_map(|review| join(review, &parts)).collect();
    choices.extend(parts.splits(linkage, constraints));
    choices.sort_by(|a, b| {
        b.change.total_cmp(&a.change).then((a.left, a.right).cmp(&(b.left, b.right)))
    });
    let mut seen = HashSet::new();
    let cluster = |row: u32| linkage.cluster[row as usize];
    choices.retain(|choice| {
        let (l, r) = (cluster(choice.left), cluster(choice.right));
        seen.insert((l.min(r), l.max(r)))
    });
    Ok(choices)
}

/// Two clusters that are apart: the chance that they are one.
fn join(review: &Review, parts: &Parts<'_>) -> Option<Choice> {
    let chance = f64::from(review.probability);
    let doubt = match review.reason {
        ReviewReason::Unsure | ReviewReason::ReviewOnly => chance,
        ReviewReason::TwoIdentities | ReviewReason::SameSource | ReviewReason::WeakBridge => {
            chance.min(EVEN)
        }
    };
    let (left, right) = (parts.cluster_of(review.left)?, parts.cluster_of(review.right)?);
    let pair = Pair { left: review.left, right: review.right, bits: review.bits };
    Some(choice(pair, Question::Join(review.reason), doubt, (left, right)))
}

fn choice(pair: Pair, question: Question, doubt: f64, (left, right): (Part, Part)) -> Choice {
    let (n_rows, stake) = (left.n_rows.min(right.n_rows), left.stake + right.stake);
    let change = doubt * (f64::from(n_rows) + stake);
    let Pair { left, right, bits } = pair;
    Choice { left, right, bits, question, doubt, n_rows, stake, change }
}

/// Rows together and what hangs on them.
#[derive(Clone, Copy, Default)]
struct Part {
    n_rows: u32,
    stake: f64,
}

/// Clusters, and parts of them while they grow along their strongest pairs.
struct Parts<'l> {
    cluster: &'l [u32],
    stake: &'l [f64],
    whole: HashMap<u32, Part>,
    parent: Vec<u32>,
    grown: HashMap<u32, Part>,
}

impl<'l> Parts<'l> {
    fn of(linkage: &'l Linkage, stake: &'l [f64]) -> Self {
        let mut whole: HashMap<u32, Part> = HashMap::new();
        for (row, first) in linkage.cluster.iter().enumerate() {
            let part = whole.entry(*first).or_default();
            part.n_rows += 1;
            part.stake += stake.get(row).copied().unwrap_or_default();
        }
        let n_rows = u32::try_from(linkage.cluster.len()).unwrap_or(u32::MAX);
        let parent = (0..n_rows).collect();
        Self { cluster: &linkage.cluster, stake, whole, parent, grown: HashMap::new() }
    }

    fn cluster_of(&self, row: u32) -> Option<Part> {
        self.whole.get(self.cluster.get(row as usize)?).copied()
    }

    /// For each cluster the weakest pair of its maximum spanning tree, unless a person has ruled about it.
    fn splits(&mut self, linkage: &Linkage, constraints: &Constraints) -> Vec<Choice> {
        for (left, right) in &constraints.must_link {
            self.grow(*left, *right);
        }
        let mut last: HashMap<u32, Choice> = HashMap::new();
        for pair in &linkage.pairs {
            let cluster = self.cluster[pair.left as usize];
            if cluster != self.cluster[pair.right as usize] {
                continue;
            }
            if let Some(parts) = self.grow(pair.left, pair.right) {
                let doubt = f64::from(1.0 - probability(pair.bits));
                last.insert(cluster, choice(*pair, Question::Split, doubt, parts));
            }
        }
        let mut splits: Vec<Choice> =
            last.into_values().filter(|choice| choice.doubt >= LEAST_DOUBT).collect();
        splits.sort_by_key(|choice| (choice.left, choice.right));
        splits
    }

    fn root(&mut self, row: u32) -> u32 {
        let mut root = row;
        while self.parent[root as usize] != root {
            let above = self.parent[root as usize];
            self.parent[root as usize] = self.parent[above as usize];
            root = above;
        }
        root
    }

    /// The two parts before they became one; `None` when they were one already.
    fn grow(&mut self, left: u32, right: u32) -> Option<(Part, Part)> {
        let (left, right) = (self.root(left), self.root(right));
        if left == right {
            return None;
        }
        let part = |root: u32| {
            let stake = self.stake.get(root as usize).copied().unwrap_or_default();
            self.grown.get(&root).copied().unwrap_or(Part { n_rows: 1, stake })
        };
        let (a, b) = (part(left), part(right));
        let root = left.min(right);
        self.parent[left.max(right) as usize] = root;
        self.grown.insert(root, Part { n_rows: a.n_rows + b.n_rows, stake: a.stake + b.stake });
        Some((a, b))
    }
}
