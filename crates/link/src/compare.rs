//! Every candidate pair compared once.

use rayon::prelude::*;

use crate::{
    BlockReport, Progress, Stage, Thresholds,
    block::{Blocks, Groups, Met},
    cluster::strongest_first,
    comparator::resident_id,
    prepare::{Outcome, Prepared, Row, Scratch},
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
            for (left, right) in pairs {
                let rows = (prepared.row(*left), prepared.row(*right));
                pair(prepared, thresholds, rows, &mut found, scratch);
            }
            found
        })
        .collect();
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
    let visit = |found: &mut Compared, scratch: &mut Scratch, group: Group<'_>| {
        let mut rows = std::mem::take(&mut scratch.rows);
        rows.gather(&met, group);
        for at in 0..group.rows.len() {
            for other in at + 1..group.rows.len() {
                if !met.elsewhere(rows.met(at), rows.met(other), group.place) {
                    let pair_of_rows = rows.pair(prepared, (at, other));
                    pair(prepared, thresholds, pair_of_rows, found, scratch);
                }
            }
        }
        scratch.rows = rows;
    };
    let total = rules.len() as u64;
    let mut found = Vec::new();
    for (number, groups) in rules.into_iter().enumerate() {
        progress(Progress { stage: Stage::Comparing, done: number as u64, total });
        found.extend(groups_of_rule(number, &groups, &visit));
    }
    progress(Progress { stage: Stage::Comparing, done: total, total });
    drop(met);
    let mut all = Compared::default();
    all.add(found);
    (all, reports)
}

/// The rows of a group side by side: each is met as often as there are others, and in the table they lie far apart.
#[derive(Default)]
pub(crate) struct Gathered {
    rows: Vec<u32>,
    /// Empty as long as no pair of the group is new: most pairs of later rules were met before.
    cells: Vec<u32>,
    met: Vec<u32>,
    n_cells: usize,
    n_met: usize,
}

impl Gathered {
    fn gather(&mut self, met: &Met, group: Group<'_>) {
        self.rows.clear();
        self.cells.clear();
        self.met.clear();
        self.rows.extend(group.rows);
        self.n_met = group.place.0 + 1;
        for row in group.rows {
            self.met.extend(&met.of(*row)[..self.n_met]);
        }
    }

    fn pair(&mut self, prepared: &Prepared, (left, right): (usize, usize)) -> (Row<'_>, Row<'_>) {
        if self.cells.is_empty() {
            for row in &self.rows {
                self.cells.extend(prepared.row(*row).cells);
            }
            self.n_cells = self.cells.len() / self.rows.len().max(1);
        }
        let row = |at: usize| Row {
            row: self.rows[at],
            cells: &self.cells[at * self.n_cells..][..self.n_cells],
        };
        (row(left), row(right))
    }

    fn met(&self, at: usize) -> &[u32] {
        &self.met[at * self.n_met..][..self.n_met]
    }
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
    (left, right): (Row<'_>, Row<'_>),
    found: &mut Compared,
    scratch: &mut Scratch,
) {
    let (mut same, mut family) = (0.0, 0.0);
    let mut two_identities = false;
    let mut least = thresholds.review_bits;
    let whole = prepared.outcomes_until(left.cells, right.cells, scratch, |at, outcome, rest| {
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
        let (left, right) = (left.row, right.row);
        pairs.push(Scored { left, right, bits, tie: prepared.pair_tie(left, right) });
    }
}
