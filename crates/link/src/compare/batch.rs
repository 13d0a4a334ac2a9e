//! Many pairs at a time.
//!
//! Rows that meet lie far apart in the table, and so do the values in which they differ: most of the time of a comparison
//! is waiting for memory. So the rows of many groups are fetched in one go, and many pairs go through one field before the
//! next one: the memory then fetches several at once.

use super::{Compared, Scored};
use crate::{
    Thresholds,
    block::{Groups, Met, MetBatch},
    comparator::{Memory, resident_id},
    field::{LevelBits, MISSING, ROUNDING},
    prepare::{Prepared, n_values},
};

/// Rows whose groups are looked at in one go, about.
const ROWS: usize = 1 << 11;

/// Pairs that go through a field together.
const PAIRS: usize = 1 << 9;

/// A row that no pair needs.
const UNWANTED: u32 = u32::MAX;

/// Pairs on their way through the fields.
#[derive(Default)]
pub(super) struct Batch {
    met: MetBatch,
    /// For each row of the batch its place in `rows`.
    places: Vec<u32>,
    /// The rows of new pairs, and their cells.
    rows: Vec<u32>,
    cells: Vec<u32>,
    /// New pairs by the places of their rows.
    pairs: Vec<(u32, u32)>,
    under_way: Vec<UnderWay>,
    /// For each pair of `under_way` and each field its level.
    levels: Vec<u8>,
    memories: Vec<Memory>,
}

/// A pair that can still reach what it needs.
struct UnderWay {
    /// Its place in `levels`.
    number: u32,
    left: u32,
    right: u32,
    same: f32,
    family: f32,
    /// The most that the fields to come can add for the same person.
    rest: f32,
    least: f32,
    two_identities: bool,
}

impl UnderWay {
    fn add(&mut self, bits: LevelBits) {
        self.same += bits.same;
        self.family += bits.family;
    }
}

impl Batch {
    /// Compares what some groups of a rule bring together for the first time.
    pub(super) fn groups(
        &mut self,
        (prepared, thresholds): (&Prepared, Thresholds),
        (met, rule, groups): (&Met, usize, &Groups),
        piece: std::ops::Range<usize>,
    ) -> Compared {
        let mut found = Compared::default();
        let mut from = piece.start;
        while from < piece.end {
            let mut to = from;
            let mut n_rows = 0;
            while to < piece.end && n_rows < ROWS {
                n_rows += groups.members(to).len();
                to += 1;
            }
            self.new_pairs(met, rule, (groups, from..to));
            self.fetch(prepared);
            self.score(prepared, thresholds, &mut found);
            from = to;
        }
        found
    }

    /// Compares pairs of rows.
    pub(super) fn pairs(
        &mut self,
        (prepared, thresholds): (&Prepared, Thresholds),
        pairs: &[(u32, u32)],
    ) -> Compared {
        self.rows.clear();
        self.pairs.clear();
        for ((left, right), at) in pairs.iter().zip((0..).step_by(2)) {
            self.rows.extend([left, right]);
            self.pairs.push((at, at + 1));
        }
        self.fetch(prepared);
        let mut found = Compared::default();
        self.score(prepared, thresholds, &mut found);
        found
    }

    /// Finds the pairs of some groups that are compared nowhere else.
    fn new_pairs(
        &mut self,
        met: &Met,
        rule: usize,
        (groups, some): (&Groups, std::ops::Range<usize>),
    ) {
        self.rows.clear();
        self.pairs.clear();
        self.places.clear();
        let all = groups.all_members(some.clone());
        self.places.resize(all.len(), UNWANTED);
        self.met.fetch(met, rule, all);
        let mut first = 0;
        for group in some {
            let members = groups.members(group);
            for at in first..first + members.len() {
                for other in at + 1..first + members.len() {
                    if !self.met.elsewhere(met, (at, other), (rule, group)) {
                        let left = self.want(all, at);
                        let right = self.want(all, other);
                        self.pairs.push((left, right));
                    }
                }
            }
            first += members.len();
        }
    }

    /// The place of a row among those that are needed.
    fn want(&mut self, all: &[u32], at: usize) -> u32 {
        if self.places[at] == UNWANTED {
            self.places[at] = u32::try_from(self.rows.len()).unwrap_or(UNWANTED);
            self.rows.push(all[at]);
        }
        self.places[at]
    }

    /// Fetches the cells of the rows.
    fn fetch(&mut self, prepared: &Prepared) {
        let n_values = n_values(&prepared.fields);
        self.cells.resize(self.rows.len() * n_values, 0);
        if n_values > 0 {
            for (cells, row) in self.cells.chunks_exact_mut(n_values).zip(&self.rows) {
                cells.copy_from_slice(prepared.cells_of(*row));
            }
        }
    }

    fn score(&mut self, prepared: &Prepared, thresholds: Thresholds, found: &mut Compared) {
        let n_fields = prepared.fields.len();
        self.memories.resize_with(n_fields, Memory::default);
        for from in (0..self.pairs.len()).step_by(PAIRS) {
            let to = self.pairs.len().min(from + PAIRS);
            self.start(prepared, thresholds, from..to);
            for at in &prepared.order {
                self.field(prepared, thresholds, *at);
                let can_reach = |pair: &UnderWay| {
                    prepared.prior_match + pair.same + (pair.rest + ROUNDING) >= pair.least
                };
                self.under_way.retain(can_reach);
            }
            self.finish(prepared, found);
        }
    }

    fn start(
        &mut self,
        prepared: &Prepared,
        thresholds: Thresholds,
        pairs: std::ops::Range<usize>,
    ) {
        let n_fields = prepared.fields.len();
        self.levels.resize(PAIRS * n_fields, MISSING);
        self.under_way.clear();
        let (cells, n_values) = (&self.cells, n_values(&prepared.fields));
        let of = |row: u32| &cells[row as usize * n_values..][..n_values];
        for (number, (left, right)) in (0..).zip(&self.pairs[pairs]) {
            // What a row does not say cannot add anything.
            let both = of(*left).iter().zip(of(*right)).zip(prepared.most());
            let rest: f32 =
                both.map(|((l, r), most)| if *l != 0 && *r != 0 { *most } else { 0.0 }).sum();
            self.under_way.push(UnderWay {
                number,
                left: *left,
                right: *right,
                same: 0.0,
                family: 0.0,
                rest: rest + prepared.most_together(),
                least: thresholds.review_bits,
                two_identities: false,
            });
        }
    }

    /// One field of all pairs that are under way.
    fn field(&mut self, prepared: &Prepared, thresholds: Thresholds, at: usize) {
        let (n_fields, n_values) = (prepared.fields.len(), n_values(&prepared.fields));
        if at >= n_values {
            return self.together(prepared, at);
        }
        let field = &prepared.fields[at];
        let most = prepared.most()[at];
        let is_identity = prepared.identity == Some(at);
        let memory = &mut self.memories[at];
        let cell = |row: u32| self.cells[row as usize * n_values + at];
        // What the values are is read once for nothing, so that the memory fetches that of many pairs at once.
        let touch = |pair: &UnderWay| field.touch(cell(pair.left), cell(pair.right));
        std::hint::black_box(self.under_way.iter().fold(0, |all, pair| all ^ touch(pair)));
        for pair in &mut self.under_way {
            let (l, r) = (cell(pair.left), cell(pair.right));
            let (level, values) = field.level(l, r, memory);
            let levels = &mut self.levels[pair.number as usize * n_fields..][..n_fields];
            levels[at] = level;
            if l != 0 && r != 0 {
                pair.rest -= most;
            }
            if is_identity && level == resident_id::Level::Conflict as u8 {
                pair.two_identities = true;
                pair.least = thresholds.join_bits;
            } else if level != MISSING && !field.is_contained(|other| levels[other]) {
                pair.add(field.weigh(level, values));
            }
        }
    }

    /// One field that is about two others.
    fn together(&mut self, prepared: &Prepared, at: usize) {
        let n_fields = prepared.fields.len();
        let (field, most) = (&prepared.fields[at], prepared.most()[at]);
        for pair in &mut self.under_way {
            let levels = &mut self.levels[pair.number as usize * n_fields..][..n_fields];
            let level = field.level_together(|other| levels[other]);
            levels[at] = level;
            pair.rest -= most;
            if level != MISSING && !field.is_contained(|other| levels[other]) {
                pair.add(field.weigh(level, [0; 2]));
            }
        }
    }

    /// The pairs that went through all fields.
    fn finish(&mut self, prepared: &Prepared, found: &mut Compared) {
        for pair in &self.under_way {
            let bits = prepared.odds(pair.same, pair.family);
            if bits >= pair.least {
                let (left, right) = (self.rows[pair.left as usize], self.rows[pair.right as usize]);
                let pairs =
                    if pair.two_identities { &mut found.two_identities } else { &mut found.pairs };
                pairs.push(Scored { left, right, bits, tie: prepared.pair_tie(left, right) });
            }
        }
    }
}
