//! Every candidate pair compared once.

use rayon::prelude::*;

use crate::{
    Progress, Stage, Thresholds,
    block::{Blocks, Groups},
    cluster::strongest_first,
    comparator::resident_id,
    prepare::{Outcome, Prepared, Scratch},
};

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
    /// Strongest first.
    pub(crate) fn sort(&mut self, prepared: &Prepared) {
        self.pairs.par_sort_unstable_by(|a, b| strongest_first(prepared, a, b));
        self.two_identities.par_sort_unstable_by(|a, b| strongest_first(prepared, a, b));
    }
}

/// Compares some pairs.
pub(crate) fn compare_pairs(
    prepared: &Prepared,
    pairs: &[(u32, u32)],
    thresholds: Thresholds,
) -> Compared {
    let found: Vec<Compared> = pairs
        .par_chunks(1 << 12)
        .map_init(Scratch::default, |scratch, pairs| {
            let mut found = Compared::default();
            for rows in pairs {
                pair(prepared, thresholds, *rows, &mut found, scratch);
            }
            found
        })
        .collect();
    let mut all = Compared::default();
    for found in found {
        all.pairs.extend(found.pairs);
        all.two_identities.extend(found.two_identities);
    }
    all
}

/// Compares all pairs that the rules reach.
pub(crate) fn compare(
    prepared: &Prepared,
    blocks: &Blocks,
    thresholds: Thresholds,
    progress: &mut dyn FnMut(Progress),
) -> Compared {
    let mut all = Compared::default();
    let mut add = |found: Compared| {
        all.pairs.extend(found.pairs);
        all.two_identities.extend(found.two_identities);
    };
    each_pair(
        blocks,
        &|_, _| true,
        &|found, scratch, left, right| pair(prepared, thresholds, (left, right), found, scratch),
        &mut add,
        progress,
    );
    all
}

/// Visits every wanted pair that some rule reaches, once, in pieces of work on all cores. What is found in a piece is given to
/// `done`, in the order of the pieces.
pub(crate) fn each_pair<F: Default + Send>(
    blocks: &Blocks,
    is_wanted: &(impl Fn(u32, u32) -> bool + Sync),
    visit: &(impl Fn(&mut F, &mut Scratch, u32, u32) + Sync),
    done: &mut dyn FnMut(F),
    progress: &mut dyn FnMut(Progress),
) {
    let total = blocks.rules.len() as u64;
    for (number, groups) in blocks.rules.iter().enumerate() {
        progress(Progress { stage: Stage::Comparing, done: number as u64, total });
        let found: Vec<F> = pieces(groups)
            .par_iter()
            .map_init(Scratch::default, |scratch, piece| {
                let mut found = F::default();
                for group in piece.clone() {
                    for (at, left) in groups.members(group).iter().enumerate() {
                        for right in &groups.members(group)[at + 1..] {
                            if is_wanted(*left, *right)
                                && !blocks.met.elsewhere(*left, *right, number, group)
                            {
                                visit(&mut found, scratch, *left, *right);
                            }
                        }
                    }
                }
                found
            })
            .collect();
        found.into_iter().for_each(&mut *done);
    }
    progress(Progress { stage: Stage::Comparing, done: total, total });
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
    let (same, family) = sums(&scratch.outcomes);
    prepared.odds(same, family)
}

/// Sum of the fields' bits: for the same person and for relatives.
pub(crate) fn sums(outcomes: &[Outcome]) -> (f32, f32) {
    outcomes.iter().fold((0.0, 0.0), |(same, family), outcome| {
        (same + outcome.bits.same, family + outcome.bits.family)
    })
}

/// Compares field by field until the pair cannot reach what it needs any more.
fn pair(
    prepared: &Prepared,
    thresholds: Thresholds,
    (left, right): (u32, u32),
    found: &mut Compared,
    scratch: &mut Scratch,
) {
    let (mut same, mut family) = (0.0, 0.0);
    let mut two_identities = false;
    let mut least = thresholds.review_bits;
    let whole = prepared.outcomes_until(left, right, scratch, |at, outcome, rest| {
        if prepared.identity == Some(at) && outcome.level == resident_id::Level::Conflict as u8 {
            two_identities = true;
            least = thresholds.join_bits;
        } else {
            same += outcome.bits.same;
            family += outcome.bits.family;
        }
        prepared.prior_match + same + rest < least
    });
    let bits = prepared.odds(same, family);
    if whole && bits >= least {
        let pairs = if two_identities { &mut found.two_identities } else { &mut found.pairs };
        pairs.push(Scored { left, right, bits, tie: prepared.pair_tie(left, right) });
    }
}
