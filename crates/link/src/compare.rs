//! Every candidate pair compared once.

use rayon::prelude::*;

use crate::{
    Progress, Stage, Thresholds,
    block::{Block, candidates},
    comparator::resident_id,
    prepare::{Outcome, Prepared},
};

/// Rows between two reports of progress.
const SLAB: u32 = 8192;

/// A pair of ranks, `left < right`, with its log2 odds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scored {
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) bits: f32,
}

/// What comparing gives.
#[derive(Default)]
pub(crate) struct Compared {
    /// Pairs from `review_bits` on, those with different verified numbers left out.
    pub(crate) pairs: Vec<Scored>,
    /// Pairs with different verified numbers that would be joined without these; the bits leave the numbers out.
    pub(crate) two_identities: Vec<Scored>,
}

/// Compares all candidates, in the order of ranks.
pub(crate) fn compare(
    prepared: &Prepared,
    blocks: &[Block],
    thresholds: Thresholds,
    progress: &mut dyn FnMut(Progress),
) -> Compared {
    let n_rows = prepared.n_rows();
    let mut all = Compared::default();
    let mut from = 0;
    while from < n_rows {
        let to = from.saturating_add(SLAB).min(n_rows);
        let chunk = (from..to)
            .into_par_iter()
            .with_min_len(64)
            .fold(Worker::default, |mut worker, left| {
                worker.row(prepared, blocks, thresholds, left);
                worker
            })
            .map(|worker| worker.found)
            .collect::<Vec<Compared>>();
        for found in chunk {
            all.pairs.extend(found.pairs);
            all.two_identities.extend(found.two_identities);
        }
        from = to;
        progress(Progress { stage: Stage::Comparing, done: from.into(), total: n_rows.into() });
    }
    all
}

/// The odds of one pair.
pub(crate) fn score(
    prepared: &Prepared,
    left: u32,
    right: u32,
    outcomes: &mut Vec<Outcome>,
) -> f32 {
    prepared.outcomes(left, right, outcomes);
    let (same, family) = sums(outcomes);
    prepared.odds(same, family)
}

/// Sum of the fields' bits: for the same person and for relatives.
pub(crate) fn sums(outcomes: &[Outcome]) -> (f32, f32) {
    outcomes.iter().fold((0.0, 0.0), |(same, family), outcome| {
        (same + outcome.bits.same, family + outcome.bits.family)
    })
}

#[derive(Default)]
struct Worker {
    found: Compared,
    candidates: Vec<u32>,
    outcomes: Vec<Outcome>,
}

impl Worker {
    fn row(&mut self, prepared: &Prepared, blocks: &[Block], thresholds: Thresholds, left: u32) {
        candidates(blocks, left, &mut self.candidates);
        for right in &self.candidates {
            let bits = score(prepared, left, *right, &mut self.outcomes);
            let (pairs, bits, least) = match without_identity(prepared, &self.outcomes) {
                Some(bits) => (&mut self.found.two_identities, bits, thresholds.join_bits),
                None => (&mut self.found.pairs, bits, thresholds.review_bits),
            };
            if bits >= least {
                pairs.push(Scored { left, right: *right, bits });
            }
        }
    }
}

/// The odds without the numbers, if these are verified and differ.
fn without_identity(prepared: &Prepared, outcomes: &[Outcome]) -> Option<f32> {
    let identity = outcomes[prepared.identity?];
    (identity.level == resident_id::Level::Conflict as u8).then(|| {
        let (same, family) = sums(outcomes);
        prepared.odds(same - identity.bits.same, family - identity.bits.family)
    })
}
