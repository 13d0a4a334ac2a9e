//! Which levels the fields of a pair have, in one word, and samples of pairs as counts of these.

use rayon::prelude::*;

use crate::{
    Progress,
    block::{Blocks, Met},
    compare::{Group, each_group},
    field::MISSING,
    prepare::{Prepared, Scratch, mix},
};

/// Fields of a pattern; a model with more cannot be trained.
pub(crate) const MOST_FIELDS: usize = 30;

/// Candidate pairs of which levels are learnt, about: the rarest level that counts is then still seen a few times.
const CANDIDATES: u64 = 150_000;

/// Random pairs by which the levels of strangers are learnt.
pub(crate) const RANDOM: u32 = 60_000;

/// Rows that random pairs are made of, about.
const ROWS: u32 = 30_000;

/// Pairs of one household, about.
const RELATIVES: u64 = 100_000;

/// The levels of all fields, four bits each, [`Pattern::NONE`] for a missing value; the uppermost bit says whether the
/// pair is one of those that relatives are learnt from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pattern(u128);

impl Pattern {
    const NONE: u128 = 15;
    const HOUSEHOLD: u128 = 1 << 127;

    fn of(prepared: &Prepared, left: u32, right: u32, scratch: &mut Scratch) -> Self {
        let level = |level: u8| if level == MISSING { Self::NONE } else { level.into() };
        let levels = prepared.levels(left, right, scratch).enumerate();
        Self(levels.fold(0, |all, (at, of_field)| all | level(of_field) << (4 * at)))
    }

    /// The level of a field, `None` when a value is missing.
    pub(crate) fn level(self, field: usize) -> Option<usize> {
        let level = (self.0 >> (4 * field)) & 15;
        (level != Self::NONE).then(|| usize::try_from(level).unwrap_or_default())
    }

    pub(crate) const fn is_household(self) -> bool {
        self.0 & Self::HOUSEHOLD != 0
    }
}

/// Distinct patterns with how many pairs each stands for.
pub(crate) type Counts = Vec<(Pattern, f64)>;

/// What is learnt from.
pub(crate) struct Sample {
    /// Pairs that the blocking rules reach, scaled up to all of these.
    pub(crate) candidates: Counts,
    /// How many pairs one of them stands for.
    pub(crate) candidate_scale: f64,
    /// Pairs that they do not reach, scaled up likewise.
    pub(crate) others: Counts,
    /// Pairs that agree in what a household shares; not scaled.
    pub(crate) households: Counts,
    /// How many household pairs one of `households` stands for.
    pub(crate) household_scale: f64,
    /// Pairs that people have ruled about.
    pub(crate) judged: Vec<Judged>,
    /// Pairs that were looked at: candidates and random ones.
    pub(crate) n_looked_at: (u64, u64),
}

/// What people have ruled about pairs of one pattern.
pub(crate) struct Judged {
    pub(crate) pattern: Pattern,
    /// Pairs ruled to be of one person, and of two.
    pub(crate) same: f64,
    pub(crate) different: f64,
    /// How many pairs of the table each of them speaks for: as many as one that is looked at, but all of them together for
    /// no more than there are of this pattern.
    pub(crate) weight: f64,
}

/// Pairs that people have ruled about, the smaller row first, each once.
#[derive(Default)]
pub(crate) struct Ruled {
    pub(crate) same: Vec<(u32, u32)>,
    pub(crate) different: Vec<(u32, u32)>,
}

/// Draws the sample. It depends on the rows and the seed only, not on their order or on the number of threads.
pub(crate) fn sample(
    prepared: &Prepared,
    blocks: &Blocks,
    households: Option<&Blocks>,
    ruled: &Ruled,
    seed: u64,
) -> Sample {
    let met = households.map(|blocks| &blocks.met);
    let n_candidates: u64 = blocks.reports.iter().map(|report| report.n_pairs).sum();
    let rate = share(CANDIDATES, n_candidates);
    let chosen = draw(prepared, blocks, Choice { rate, seed, met });
    let n_rows = f64::from(prepared.n_rows());
    let all_pairs = (n_rows * (n_rows - 1.0) / 2.0).max(1.0);
    let random_rate = f64::from(RANDOM) / all_pairs;
    let (inside, outside) = random(prepared, blocks, met, seed);
    let n_looked_at = (chosen.len() as u64, u64::from(RANDOM));
    let scale = 1.0 / (rate + random_rate);
    let mut candidates = chosen;
    candidates.extend(inside);
    let household = households.map(|blocks| {
        let n: u64 = blocks.reports.iter().map(|report| report.n_pairs).sum();
        let rate = share(RELATIVES, n);
        (draw(prepared, blocks, Choice { rate, seed: seed ^ 1, met }), 1.0 / rate)
    });
    let (household, household_scale) = household.unwrap_or_default();
    let candidates = counts(candidates, scale);
    Sample {
        judged: judged(prepared, met, ruled, (&candidates, scale)),
        candidates,
        candidate_scale: scale,
        others: counts(outside, 1.0 / random_rate),
        households: counts(household, 1.0),
        household_scale,
        n_looked_at,
    }
}

/// The rulings by pattern.
fn judged(
    prepared: &Prepared,
    met: Option<&Met>,
    ruled: &Ruled,
    (candidates, scale): (&Counts, f64),
) -> Vec<Judged> {
    let mut scratch = Scratch::default();
    let same = ruled.same.iter().map(|pair| (pair, true));
    let all = same.chain(ruled.different.iter().map(|pair| (pair, false)));
    let mut all: Vec<(Pattern, bool)> = all
        .map(|(pair, is_same)| (with_household(prepared, met, *pair, &mut scratch), is_same))
        .collect();
    all.sort_unstable();
    let of_pattern = |rulings: &[(Pattern, bool)]| {
        let pattern = rulings[0].0;
        let n = count(rulings.len() as u64);
        let same = count(rulings.iter().filter(|(_, is_same)| *is_same).count() as u64);
        let there = candidates.binary_search_by_key(&pattern, |(pattern, _)| *pattern);
        let there = there.map_or(0.0, |at| candidates[at].1).max(n);
        Judged { pattern, same, different: n - same, weight: scale.min(there / n) }
    };
    all.chunk_by(|a, b| a.0 == b.0).map(of_pattern).collect()
}

fn share(wanted: u64, there: u64) -> f64 {
    (count(wanted) / count(there.max(1))).min(1.0)
}

#[expect(clippy::cast_precision_loss, reason = "counts of pairs, used as ratios")]
const fn count(n: u64) -> f64 {
    n as f64
}

/// Which of the candidate pairs are looked at.
#[derive(Clone, Copy)]
struct Choice<'c> {
    rate: f64,
    seed: u64,
    met: Option<&'c Met>,
}

/// The patterns of some candidate pairs, each with the same chance: all pairs in which a drawn row comes first. To draw rows
/// costs what the rows cost and not what the pairs cost.
fn draw(prepared: &Prepared, blocks: &Blocks, choice: Choice<'_>) -> Vec<Pattern> {
    let limit = limit(choice.rate);
    let seed = mix(choice.seed);
    let drawn: Vec<bool> =
        prepared.content.par_iter().map(|content| mix(seed ^ content) <= limit).collect();
    let visit = |found: &mut Vec<Pattern>, scratch: &mut Scratch, group: Group<'_>| {
        for first in group.rows.iter().filter(|row| drawn[**row as usize]) {
            for other in group.rows {
                let met = (blocks.met.of(*first), blocks.met.of(*other));
                if prepared.tie(*first) < prepared.tie(*other)
                    && !blocks.met.elsewhere(met.0, met.1, group.place)
                {
                    let pair = (*first.min(other), *first.max(other));
                    found.push(with_household(prepared, choice.met, pair, scratch));
                }
            }
        }
    };
    let mut all = Vec::new();
    let mut add = |found: Vec<Vec<Pattern>>| all.extend(found.into_iter().flatten());
    each_group(blocks, &visit, &mut add, &mut |_: Progress| {});
    all
}

fn with_household(
    prepared: &Prepared,
    met: Option<&Met>,
    (left, right): (u32, u32),
    scratch: &mut Scratch,
) -> Pattern {
    let pattern = Pattern::of(prepared, left, right, scratch);
    if met.is_some_and(|met| met.anywhere(left, right)) {
        return Pattern(pattern.0 | Pattern::HOUSEHOLD);
    }
    pattern
}

/// Patterns of random pairs: of those that the rules reach, and of the others.
fn random(
    prepared: &Prepared,
    blocks: &Blocks,
    met: Option<&Met>,
    seed: u64,
) -> (Vec<Pattern>, Vec<Pattern>) {
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    let rows = drawn_rows(prepared, seed);
    if rows.len() < 2 {
        return (inside, outside);
    }
    let mut scratch = Scratch::default();
    let row = |lot: u64| rows[usize::try_from(lot % rows.len() as u64).unwrap_or_default()];
    for number in 0..u64::from(RANDOM) {
        let lot = mix(seed.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        let (left, right) = (row(lot), row(mix(lot)));
        if left == right {
            continue;
        }
        let pair = (left.min(right), left.max(right));
        let pattern = with_household(prepared, met, pair, &mut scratch);
        let side = if blocks.met.anywhere(left, right) { &mut inside } else { &mut outside };
        side.push(pattern);
    }
    (inside, outside)
}

/// Some rows in an order of their own, however they came.
fn drawn_rows(prepared: &Prepared, seed: u64) -> Vec<u32> {
    let rate = count(u64::from(ROWS)) / f64::from(prepared.n_rows().max(1));
    let limit = limit(rate.min(1.0));
    let drawn = |row: &u32| mix(seed ^ prepared.content[*row as usize]) <= limit;
    let mut rows: Vec<u32> = (0..prepared.n_rows()).filter(drawn).collect();
    rows.sort_unstable_by_key(|row| prepared.tie(*row));
    rows
}

/// The largest lot that is chosen at a rate from 0 to 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate is from 0 to 1, and a cast from above is cut to the largest number"
)]
fn limit(rate: f64) -> u64 {
    (rate * 18_446_744_073_709_551_616.0) as u64
}

fn counts(mut patterns: Vec<Pattern>, scale: f64) -> Counts {
    patterns.sort_unstable();
    patterns
        .chunk_by(|a, b| a == b)
        .map(|same| (same[0], count(same.len() as u64) * scale))
        .collect()
}
