//! Which groups rows stand in, so that a pair is compared once.

use super::Groups;

/// A row stands in several groups of one rule; the rest is its place in the list of these.
const MANY: u32 = 1 << 31;

/// Rules of which the groups of a row are fetched and compared together.
const LANES: usize = 4;

/// In which groups every row stands, for the rules done so far.
pub(crate) struct Met {
    /// Lanes of a row: the rules, filled up.
    n_parts: usize,
    /// By row, then by rule: 0 for no group, else its number from 1, or [`MANY`].
    groups: Vec<[u32; LANES]>,
    /// The groups of rows that stand in several, rising.
    many: Vec<Vec<u32>>,
}

impl Met {
    pub(super) fn new(n_rows: u32, n_rules: usize) -> Self {
        let n_parts = n_rules.div_ceil(LANES);
        Self { n_parts, groups: vec![[0; LANES]; n_rows as usize * n_parts], many: Vec::new() }
    }

    /// Notes the groups of a rule.
    pub(super) fn add(&mut self, rule: usize, groups: &Groups) {
        for group in 0..groups.len() {
            let number = u32::try_from(group + 1).unwrap_or(MANY - 1);
            for row in groups.members(group) {
                let slot =
                    &mut self.groups[*row as usize * self.n_parts + rule / LANES][rule % LANES];
                if *slot == 0 {
                    *slot = number;
                } else if *slot & MANY == 0 {
                    self.many.push(vec![*slot, number]);
                    *slot = MANY | u32::try_from(self.many.len() - 1).unwrap_or(MANY - 1);
                } else {
                    self.many[(*slot & !MANY) as usize].push(number);
                }
            }
        }
    }

    fn parts(&self, row: u32) -> &[[u32; LANES]] {
        &self.groups[row as usize * self.n_parts..][..self.n_parts]
    }

    /// The groups of a row, by rule.
    pub(crate) fn of(&self, row: u32) -> &[u32] {
        self.parts(row).as_flattened()
    }

    /// Whether two rows that share this group of this rule, given by their groups, were or will be compared elsewhere:
    /// under a rule before it, or in an earlier group.
    pub(crate) fn elsewhere(&self, l: &[u32], r: &[u32], (rule, group): (usize, usize)) -> bool {
        let both_many = l[rule] & r[rule] & MANY != 0;
        l[..rule].iter().zip(r).any(|(a, b)| self.first_shared(*a, *b).is_some())
            || (both_many
                && self.first_shared(l[rule], r[rule]).is_some_and(|first| first as usize <= group))
    }

    /// Whether two rows share a group of any rule.
    pub(crate) fn anywhere(&self, left: u32, right: u32) -> bool {
        self.of(left).iter().zip(self.of(right)).any(|(a, b)| self.first_shared(*a, *b).is_some())
    }

    /// Whether two rows share a group of this rule.
    pub(crate) fn shares(&self, left: u32, right: u32, rule: usize) -> bool {
        let slot = |row: u32| self.of(row)[rule];
        self.first_shared(slot(left), slot(right)).is_some()
    }

    fn first_shared(&self, a: u32, b: u32) -> Option<u32> {
        if (a | b) & MANY == 0 {
            return (a == b && a != 0).then_some(a);
        }
        let (a, b) = (self.list(&a), self.list(&b));
        a.iter().find(|group| **group != 0 && b.contains(group)).copied()
    }

    fn list<'g>(&'g self, slot: &'g u32) -> &'g [u32] {
        if slot & MANY == 0 {
            std::slice::from_ref(slot)
        } else {
            &self.many[(slot & !MANY) as usize]
        }
    }
}

/// The groups of some rows side by side: each is met as often as there are others, and in the table they lie far apart.
#[derive(Default)]
pub(crate) struct MetBatch {
    /// By row, as far as they matter for the rule.
    groups: Vec<[u32; LANES]>,
    n_parts: usize,
}

impl MetBatch {
    /// Fetches what tells whether these rows were compared before a rule.
    pub(crate) fn fetch(&mut self, met: &Met, rule: usize, rows: &[u32]) {
        // The rule's own groups matter only where a row stands in several of them.
        let n_lanes = if met.many.is_empty() { rule } else { rule + 1 };
        self.n_parts = n_lanes.div_ceil(LANES);
        self.groups.clear();
        for row in rows {
            for (part, groups) in met.parts(*row)[..self.n_parts].iter().enumerate() {
                let kept = |lane: usize| part * LANES + lane < n_lanes;
                let lane = |lane: usize| if kept(lane) { groups[lane] } else { 0 };
                self.groups.push(std::array::from_fn(lane));
            }
        }
    }

    /// As [`Met::elsewhere`], for two of the rows by their places.
    pub(crate) fn elsewhere(
        &self,
        met: &Met,
        (l, r): (usize, usize),
        place: (usize, usize),
    ) -> bool {
        let of = |at: usize| &self.groups[at * self.n_parts..][..self.n_parts];
        let (l, r) = (of(l), of(r));
        if !met.many.is_empty() {
            return met.elsewhere(l.as_flattened(), r.as_flattened(), place);
        }
        let shared = |(a, b): (&[u32; LANES], &[u32; LANES])| {
            // Without a jump for each: which of them is shared cannot be foretold.
            let n_shared = a.iter().zip(b).map(|(a, b)| u32::from(a == b) & u32::from(*a != 0));
            n_shared.sum::<u32>() > 0
        };
        l.iter().zip(r).any(shared)
    }
}
