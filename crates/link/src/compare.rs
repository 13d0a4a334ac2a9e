//! Every candidate pair compared once.

mod batch;

use rayon::prelude::*;

use crate::{
    BlockReport, Progress, Stage, Thresholds,
    block::{Blocks, Groups},
    cluster::strongest_first,
    prepare::{Outcome, Prepared, Scratch},
};
use batch::Batch;

/// Pairs in one piece of work, about.
const PIECE: u64 = 1 << 16;

/// A pair of rows, `left < right`, with its log2 odds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scored {
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) bits: f32,
    /// Decides between pairs of equal bits: a digest of what stands in both rows.
    pub(crate) tie: u32,
}

impl Scored {
    /// Sorts the strongest pair first, pairs of equal bits by their digests.
    pub(crate) fn rank(&self) -> u64 {
        // The bits of a float rise with its value, those of a negative one fall.
        let bits = self.bits.to_bits();
        let rising = if bits >> 31 == 1 { !bits } else { bits | 1 << 31 };
        u64::from(!rising) << 32 | u64::from(self.tie)
    }
}

/// What comparing gives.
#[derive(Default)]
pub(crate) struct Compared {
    /// Pairs from `review_bits` on, those with different verified numbers left out.
    pub(crate) pairs: Vec<Scored>,
    /// Pairs with different verified numbers that would be joined without these; the bits leave the numbers out.
    pub(crate) two_identities: Vec<Scored>,
}

impl Compared {
    /// No more memory than the pairs need: at this point of a run most of it is in use.
    fn add(&mut self, found: Vec<Self>) {
        self.pairs.reserve_exact(found.iter().map(|found| found.pairs.len()).sum());
        for found in found {
            self.pairs.extend(found.pairs);
            self.two_identities.extend(found.two_identities);
        }
    }

    /// Strongest first.
    pub(crate) fn sort(&mut self, prepared: &Prepared) {
        for pairs in [&mut self.pairs, &mut self.two_identities] {
            pairs.par_sort_unstable_by_key(Scored::rank);
            // Pairs of one rank are few, and what tells them apart lies elsewhere in memory.
            for pairs in pairs.chunk_by_mut(|a, b| a.rank() == b.rank()) {
                if pairs.len() > 1 {
                    pairs.sort_unstable_by(|a, b| strongest_first(prepared, a, b));
                }
            }
        }
    }
}

/// Compares some pairs.
pub(crate) fn compare_pairs(
    prepared: &Prepared,
    pairs: &[(u32, u32)],
    thresholds: Thresholds,
) -> Compared {
    let compare =
        |batch: &mut Batch, pairs: &[(u32, u32)]| batch.pairs((prepared, thresholds), pairs);
    let found: Vec<Compared> =
        pairs.par_chunks(1 << 12).map_init(Batch::default, compare).collect();
    let mut all = Compared::default();
    all.add(found);
    all
}

/// Compares all pairs that the rules reach. Gives the reports of the rules too; their groups are gone when it is done, so
/// that the pairs find room where these were.
pub(crate) fn compare(
    prepared: &Prepared,
    blocks: Blocks,
    thresholds: Thresholds,
    progress: &mut dyn FnMut(Progress),
) -> (Compared, Vec<BlockReport>) {
    let Blocks { rules, met, reports } = blocks;
    let total = rules.len() as u64;
    let mut found = Vec::new();
    for (number, groups) in rules.into_iter().enumerate() {
        progress(Progress { stage: Stage::Comparing, done: number as u64, total });
        let compare = |batch: &mut Batch, piece: std::ops::Range<usize>| {
            batch.groups((prepared, thresholds), (&met, number, &groups), piece)
        };
        let pieces = pieces(&groups).into_par_iter().map_init(Batch::default, compare);
        found.extend(pieces.collect::<Vec<_>>());
    }
    progress(Progress { stage: Stage::Comparing, done: total, total });
    drop(met);
    let mut all = Compared::default();
    all.add(found);
    (all, reports)
}

/// Rows that a rule brings together.
#[derive(Clone, Copy)]
pub(crate) struct Group<'b> {
    /// The number of the rule, and of the group under it.
    pub(crate) place: (usize, usize),
    pub(crate) rows: &'b [u32],
}

/// Visits every group of every rule, in pieces of work on all cores. What is found in the pieces of a rule is given to
/// `done`, in their order.
pub(crate) fn each_group<F: Default + Send>(
    blocks: &Blocks,
    visit: &(impl Fn(&mut F, &mut Scratch, Group<'_>) + Sync),
    done: &mut dyn FnMut(Vec<F>),
    progress: &mut dyn FnMut(Progress),
) {
    let total = blocks.rules.len() as u64;
    for (number, groups) in blocks.rules.iter().enumerate() {
        progress(Progress { stage: Stage::Comparing, done: number as u64, total });
        done(groups_of_rule(number, groups, visit));
    }
    progress(Progress { stage: Stage::Comparing, done: total, total });
}

/// Visits every group of one rule; what is found in each piece of work.
fn groups_of_rule<F: Default + Send>(
    number: usize,
    groups: &Groups,
    visit: &(impl Fn(&mut F, &mut Scratch, Group<'_>) + Sync),
) -> Vec<F> {
    pieces(groups)
        .par_iter()
        .map_init(Scratch::default, |scratch, piece| {
            let mut found = F::default();
            for group in piece.clone() {
                let rows = groups.members(group);
                visit(&mut found, scratch, Group { place: (number, group), rows });
            }
            found
        })
        .collect()
}

/// Groups in pieces of about the same number of pairs.
fn pieces(groups: &Groups) -> Vec<std::ops::Range<usize>> {
    let mut pieces = Vec::new();
    let (mut from, mut n_pairs) = (0, 0);
    for group in 0..groups.len() {
        let n = groups.members(group).len() as u64;
        n_pairs += n * (n - 1) / 2;
        if n_pairs >= PIECE || group + 1 == groups.len() {
            pieces.push(from..group + 1);
            (from, n_pairs) = (group + 1, 0);
        }
    }
    pieces
}

/// The odds of one pair.
pub(crate) fn score(prepared: &Prepared, left: u32, right: u32, scratch: &mut Scratch) -> f32 {
    prepared.outcomes(left, right, scratch);
    let (same, family) = sums(prepared, &scratch.outcomes);
    prepared.odds(same, family)
}

/// Sum of the fields' bits: for the same person and for relatives.
pub(crate) fn sums(prepared: &Prepared, outcomes: &[Outcome]) -> (f32, f32) {
    prepared
        .order
        .iter()
        .map(|at| outcomes[*at].bits)
        .fold((0.0, 0.0), |(same, family), bits| (same + bits.same, family + bits.family))
}
