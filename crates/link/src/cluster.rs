//! Which rows are one person: best pairs first, never against a constraint.

use serde::{Deserialize, Serialize};

use crate::{
    LinkError, Model, Table, Thresholds, Waterfall,
    block::Blocks,
    compare::{self, Compared, Scored},
    explain,
    join::{Clusters, Refused},
    prepare::{Prepared, Scratch},
    review::Reviews,
};

/// What is known about rows apart from their columns. All vectors that are not empty have one entry per row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constraints {
    /// Rows that a person has ruled to be the same. Absolute.
    pub must_link: Vec<(u32, u32)>,
    /// Rows that a person has ruled to be different. Absolute.
    pub cannot_link: Vec<(u32, u32)>,
    /// The list that each row comes from, as an index into `one_per_source`; empty when all come from one list.
    pub source: Vec<u16>,
    /// For each list whether a person stands in it at most once.
    pub one_per_source: Vec<bool>,
    /// Rows that only a person may link: they stay alone and give review pairs. Empty when there are none.
    pub review_only: Vec<bool>,
}

/// How far the work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Steps done of this stage.
    pub done: u64,
    /// Steps of this stage.
    pub total: u64,
}

/// A stage of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Rows are put under their keys.
    Blocking,
    /// Parameters are learnt.
    Training,
    /// Pairs are compared.
    Comparing,
    /// Pairs are joined.
    Joining,
}

/// The result.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Linkage {
    /// For each row the smallest row of its cluster.
    pub cluster: Vec<u32>,
    /// All pairs from `review_bits` on, strongest first.
    pub pairs: Vec<Pair>,
    /// Pairs that a person should look at, strongest first.
    pub review: Vec<Review>,
    /// The evidence for each of those pairs, in their order.
    pub why: Vec<Waterfall>,
    /// Joins that a constraint stopped.
    pub vetoes: Vec<Veto>,
    /// What each blocking rule did.
    pub blocks: Vec<BlockReport>,
}

/// Two rows and the evidence that they are one person.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The smaller row.
    pub left: u32,
    /// The larger row.
    pub right: u32,
    /// Log2 odds, prior included.
    pub bits: f32,
}

impl Pair {
    /// The probability that belongs to `bits`.
    pub fn probability(&self) -> f32 {
        probability(self.bits)
    }
}

/// The probability that belongs to log2 odds.
pub(crate) fn probability(bits: f32) -> f32 {
    1.0 / (1.0 + (-bits).exp2())
}

/// Two rows that a person should look at.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// The smaller row.
    pub left: u32,
    /// The larger row.
    pub right: u32,
    /// Log2 odds, prior included; for [`ReviewReason::TwoIdentities`] those without the numbers.
    pub bits: f32,
    /// The probability that belongs to `bits`.
    pub probability: f32,
    /// Why.
    pub reason: ReviewReason,
}

/// Why a pair is shown to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewReason {
    /// The evidence lies between the thresholds.
    Unsure,
    /// One of the rows may only be linked by a person.
    ReviewOnly,
    /// The evidence is strong, and the two rows have different verified numbers.
    TwoIdentities,
    /// The evidence is strong, and both stand in a list that should have each person once.
    SameSource,
    /// The pair is strong, the groups that it would bridge are unlike.
    WeakBridge,
}

/// A join that was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Veto {
    /// The smaller row of the pair that would have joined two clusters.
    pub left: u32,
    /// The larger row.
    pub right: u32,
    /// What stopped it.
    pub why: VetoReason,
}

/// What stops a join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VetoReason {
    /// A person's ruling.
    CannotLink,
    /// Different verified numbers.
    TwoIdentities,
    /// A list that should have each person once.
    SameSource,
    /// Too little or contrary evidence between the rest of the two clusters.
    WeakBridge,
}

/// What a blocking rule did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockReport {
    /// Name of the rule.
    pub name: String,
    /// Distinct keys that at least two rows share.
    pub n_keys: u64,
    /// Pairs that the rule gives, those of other rules included.
    pub n_pairs: u64,
    /// Keys that too many rows share, and how many rows they have together: these pairs were left to other rules.
    pub capped: Capped,
}

/// Keys left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capped {
    /// Number of keys.
    pub n_keys: u64,
    /// Number of rows under them.
    pub n_rows: u64,
}

/// Decides which rows are one person.
///
/// The same rows in another order, or on another number of threads, give the same clusters.
///
/// # Errors
/// [`LinkError`] when the model does not fit the table, or decisions contradict each other.
pub fn clusters(
    table: &Table,
    model: &Model,
    constraints: &Constraints,
    progress: &mut dyn FnMut(Progress),
) -> Result<Linkage, LinkError> {
    let n_rows = table.n_rows();
    check_lengths(constraints, n_rows)?;
    progress(Progress { stage: Stage::Blocking, done: 0, total: 1 });
    let prepared = Prepared::new(table, model)?;
    let blocks = blocks(table, model, progress);
    join(&prepared, blocks, (model, constraints), progress)
}

/// Puts the rows under the keys of the model.
pub(crate) fn blocks(table: &Table, model: &Model, progress: &mut dyn FnMut(Progress)) -> Blocks {
    let total = model.blocks.len() as u64;
    let mut step = |done| progress(Progress { stage: Stage::Blocking, done: done as u64, total });
    Blocks::new(table, &model.blocks, &mut step)
}

/// Compares and joins.
pub(crate) fn join(
    prepared: &Prepared,
    blocks: Blocks,
    (model, constraints): (&Model, &Constraints),
    progress: &mut dyn FnMut(Progress),
) -> Result<Linkage, LinkError> {
    let thresholds = model.thresholds;
    let (mut compared, reports) = compare::compare(prepared, blocks, thresholds, progress);
    compared.sort(prepared);
    progress(Progress { stage: Stage::Joining, done: 0, total: 1 });
    let mut clusters = Clusters::new(prepared, constraints, thresholds)?;
    let settled = settle(prepared, &mut clusters, &compared, (thresholds, constraints));
    let linkage = Linkage {
        cluster: (0..prepared.n_rows()).map(|row| clusters.root(row)).collect(),
        pairs: compared.pairs.into_iter().map(Pair::from).collect(),
        review: settled.review.iter().map(Review::from).collect(),
        why: settled.why(prepared, model),
        vetoes: settled.refused.iter().map(Veto::from).collect(),
        blocks: reports,
    };
    progress(Progress { stage: Stage::Joining, done: 1, total: 1 });
    Ok(linkage)
}

/// What joining leaves beside the clusters, strongest first.
#[derive(Default)]
pub(crate) struct Settled {
    pub(crate) review: Vec<(Scored, ReviewReason)>,
    pub(crate) refused: Vec<Refused>,
}

impl Settled {
    /// The evidence for each pair that a person should look at.
    pub(crate) fn why(&self, prepared: &Prepared, model: &Model) -> Vec<Waterfall> {
        let mut scratch = Scratch::default();
        let pairs = self.review.iter().map(|(pair, _)| (pair.left, pair.right));
        pairs.map(|pair| explain::waterfall(prepared, model, pair, &mut scratch)).collect()
    }
}

/// Joins along sorted pairs and chooses what a person should look at.
pub(crate) fn settle<'p>(
    prepared: &'p Prepared,
    clusters: &mut Clusters<'p>,
    compared: &Compared,
    (thresholds, constraints): (Thresholds, &Constraints),
) -> Settled {
    let alone = |row: u32| constraints.is_review_only(row);
    let touches = |pair: &&Scored| alone(pair.left) || alone(pair.right);
    let pairs = &compared.pairs;
    let n_sure = pairs.partition_point(|pair| pair.bits >= thresholds.join_bits);
    let (sure, unsure) = pairs.split_at(n_sure);
    let refused = clusters.join(sure.iter().filter(|pair| !touches(pair)));
    let mut review = Reviews::new(prepared, clusters);
    review.ruled_apart(&constraints.cannot_link);
    review.refused(&refused);
    review.add(compared.two_identities.iter(), ReviewReason::TwoIdentities);
    review.add(unsure.iter().filter(|pair| !touches(pair)), ReviewReason::Unsure);
    if !constraints.review_only.is_empty() {
        review.best_of_each(pairs.iter().filter(touches), &alone);
    }
    Settled { review: review.done(), refused }
}

impl Constraints {
    pub(crate) fn is_review_only(&self, row: u32) -> bool {
        self.review_only.get(row as usize) == Some(&true)
    }

    /// The list of a row when it promises each person once.
    pub(crate) fn promise(&self, row: u32) -> Option<u16> {
        let source = self.source.get(row as usize).copied();
        source.filter(|source| self.one_per_source.get(usize::from(*source)) == Some(&true))
    }
}

pub(crate) fn check_lengths(constraints: &Constraints, n_rows: u32) -> Result<(), LinkError> {
    let fits = |n: usize| n == 0 || u32::try_from(n) == Ok(n_rows);
    if !fits(constraints.source.len()) {
        return Err(LinkError::Length("source".to_owned()));
    }
    if !fits(constraints.review_only.len()) {
        return Err(LinkError::Length("review_only".to_owned()));
    }
    Ok(())
}

/// Strongest first; ties by what stands in the rows.
pub(crate) fn strongest_first(prepared: &Prepared, a: &Scored, b: &Scored) -> std::cmp::Ordering {
    let ties = |pair: &Scored| {
        let (left, right) = (prepared.tie(pair.left), prepared.tie(pair.right));
        (left.min(right), left.max(right))
    };
    a.rank().cmp(&b.rank()).then_with(|| ties(a).cmp(&ties(b)))
}

impl From<Scored> for Pair {
    fn from(pair: Scored) -> Self {
        Self { left: pair.left, right: pair.right, bits: pair.bits }
    }
}

impl From<&Refused> for Veto {
    fn from(refused: &Refused) -> Self {
        Self { left: refused.pair.left, right: refused.pair.right, why: refused.why }
    }
}

impl From<&(Scored, ReviewReason)> for Review {
    fn from((pair, reason): &(Scored, ReviewReason)) -> Self {
        Self {
            left: pair.left,
            right: pair.right,
            bits: pair.bits,
            probability: probability(pair.bits),
            reason: *reason,
        }
    }
}
