//! Constrained agglomeration: the strongest pair first, and never against a constraint.
//!
//! Connected components would let one wrong pair join two children and everybody whom they are joined with. Here a join
//! is looked at for the whole of both clusters: people's rulings, verified numbers, lists that have each person once,
//! and the evidence between all their rows.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::{
    Constraints, LinkError, Thresholds, VetoReason,
    compare::{Scored, score},
    prepare::{Prepared, Scratch},
};

/// Of larger clusters only so many rows each are held against each other for the mean evidence.
const MOST_ROWS: usize = 12;

/// Clusters while they grow.
pub(crate) struct Clusters<'p> {
    prepared: &'p Prepared,
    /// By row the list that promises one row per person, [`NO_PROMISE`] for none; empty when no list promises it.
    promised: Vec<u16>,
    /// By root the verified number of the cluster, [`NO_NUMBER`] or [`NUMBERS`].
    sure: Vec<u32>,
    bridge_bits: f32,
    parent: Vec<u32>,
    /// The rows of a cluster as a ring: for each row the next one.
    next: Vec<u32>,
    apart: HashMap<u32, Vec<u32>>,
    scratch: Scratch,
}

/// A row of a list that may have a person twice.
const NO_PROMISE: u16 = u16::MAX;

/// A cluster without a verified number, and one with several.
const NO_NUMBER: u32 = 0;
const NUMBERS: u32 = u32::MAX;

/// What the verified numbers of two clusters say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Identities {
    /// One of them has none.
    Unknown,
    /// They have one in common.
    Shared,
    /// Both have some, and none in common.
    Different,
}

/// A join that did not happen.
#[derive(Clone, Copy)]
pub(crate) struct Refused {
    pub(crate) pair: Scored,
    pub(crate) why: VetoReason,
}

/// The root of a row; ways to it grow shorter as they are gone.
pub(crate) fn root(parent: &mut [u32], row: u32) -> u32 {
    let mut root = row;
    while parent[root as usize] != root {
        let above = parent[root as usize];
        parent[root as usize] = parent[above as usize];
        root = above;
    }
    root
}

impl<'p> Clusters<'p> {
    /// Every row alone, then people's rulings.
    pub(crate) fn new(
        prepared: &'p Prepared,
        constraints: &Constraints,
        thresholds: Thresholds,
    ) -> Result<Self, LinkError> {
        Self::over((0..prepared.n_rows()).collect(), prepared, constraints, thresholds)
    }

    /// Goes on from clusters of which only those of one row may still be joined; by row the first row of its cluster.
    pub(crate) fn over(
        cluster: Vec<u32>,
        prepared: &'p Prepared,
        constraints: &Constraints,
        thresholds: Thresholds,
    ) -> Result<Self, LinkError> {
        let n_rows = prepared.n_rows();
        let promised = |row: u32| constraints.promise(row).unwrap_or(NO_PROMISE);
        let is_promised = constraints.one_per_source.contains(&true);
        let sure = |row: u32| {
            let mut numbers = prepared.sure_identities(row);
            match (numbers.next(), numbers.next()) {
                (None, _) => NO_NUMBER,
                (Some(number), None) => number,
                (Some(_), Some(_)) => NUMBERS,
            }
        };
        let mut clusters = Self {
            prepared,
            promised: if is_promised { (0..n_rows).map(promised).collect() } else { Vec::new() },
            sure: (0..n_rows).into_par_iter().map(sure).collect(),
            bridge_bits: thresholds.bridge_bits,
            parent: cluster,
            next: (0..n_rows).collect(),
            apart: HashMap::new(),
            scratch: Scratch::default(),
        };
        clusters.rule(constraints)?;
        Ok(clusters)
    }

    /// People's rulings: what must be together, and a check that nothing else must be apart.
    fn rule(&mut self, constraints: &Constraints) -> Result<(), LinkError> {
        let n_rows = self.prepared.n_rows();
        let ruled = constraints.must_link.iter().chain(&constraints.cannot_link);
        if let Some(row) = ruled.flat_map(|(l, r)| [*l, *r]).find(|row| *row >= n_rows) {
            return Err(LinkError::RowMissing(row, n_rows));
        }
        for (left, right) in &constraints.must_link {
            self.unite(*left, *right);
        }
        for (left, right) in &constraints.cannot_link {
            let (l, r) = (*left, *right);
            if self.root(l) == self.root(r) {
                return Err(LinkError::Contradiction(*left, *right));
            }
            self.apart.entry(l).or_default().push(r);
            self.apart.entry(r).or_default().push(l);
        }
        Ok(())
    }

    /// Joins along the pairs, which must be sorted, and says what was refused.
    pub(crate) fn join<'a>(&mut self, pairs: impl Iterator<Item = &'a Scored>) -> Vec<Refused> {
        let mut refused = Vec::new();
        for pair in pairs {
            let (left, right) = (self.root(pair.left), self.root(pair.right));
            if left == right {
                continue;
            }
            match self.veto(left, right, pair.bits) {
                Some(why) => refused.push(Refused { pair: *pair, why }),
                None => self.unite(left, right),
            }
        }
        refused
    }

    /// The root of a row's cluster.
    pub(crate) fn root(&mut self, row: u32) -> u32 {
        root(&mut self.parent, row)
    }

    /// The rows of a row's cluster, itself first.
    pub(crate) fn members(&self, first: u32) -> impl Iterator<Item = u32> + '_ {
        let mut next = Some(first);
        std::iter::from_fn(move || {
            let row = next?;
            next = Some(self.next[row as usize]).filter(|next| *next != first);
            Some(row)
        })
    }

    fn unite(&mut self, left: u32, right: u32) {
        let (left, right) = (self.root(left), self.root(right));
        if left == right {
            return;
        }
        // The smaller row is the root: which of two is larger depends on how they grew.
        let root = left.min(right);
        self.parent[left.max(right) as usize] = root;
        self.sure[root as usize] = match (self.sure[left as usize], self.sure[right as usize]) {
            (NO_NUMBER, number) | (number, NO_NUMBER) => number,
            (a, b) if a == b => a,
            _ => NUMBERS,
        };
        // Two rings become one when two of their links are exchanged.
        self.next.swap(left as usize, right as usize);
    }

    /// Why two roots must not be joined along a pair. Each is free of contradictions in itself, or a person has ruled so.
    fn veto(&mut self, left: u32, right: u32, bits: f32) -> Option<VetoReason> {
        if self.are_ruled_apart(left, right) {
            return Some(VetoReason::CannotLink);
        }
        let identities = self.identities(left, right);
        if identities == Identities::Different {
            return Some(VetoReason::TwoIdentities);
        }
        if self.are_twice_in_a_source(left, right) {
            return Some(VetoReason::SameSource);
        }
        if identities == Identities::Shared {
            return None; // no bridge is weak over which both sides carry the same verified number
        }
        let alone = |row: u32| self.next[row as usize] == row;
        // Two single rows were compared already.
        let evidence = if alone(left) && alone(right) {
            bits - self.prepared.prior_match
        } else {
            self.mean_evidence(left, right)
        };
        (evidence < self.bridge_bits).then_some(VetoReason::WeakBridge)
    }

    /// What the verified numbers of two clusters say.
    fn identities(&self, left: u32, right: u32) -> Identities {
        match (self.sure[left as usize], self.sure[right as usize]) {
            (NO_NUMBER, _) | (_, NO_NUMBER) => return Identities::Unknown,
            (NUMBERS, _) | (_, NUMBERS) => {}
            (a, b) if a == b => return Identities::Shared,
            _ => return Identities::Different,
        }
        let of = |root: u32| self.members(root).flat_map(|row| self.prepared.sure_identities(row));
        if of(right).any(|other| of(left).any(|one| one == other)) {
            Identities::Shared
        } else {
            Identities::Different
        }
    }

    /// Whether a list that promises each person once has a row in both. The same verified number twice in one list is
    /// one person listed twice.
    fn are_twice_in_a_source(&self, left: u32, right: u32) -> bool {
        if self.promised.is_empty() {
            return false;
        }
        let of = |root: u32| {
            let promised = |row: u32| (self.promised[row as usize], row);
            self.members(root).map(promised).filter(|(source, _)| *source != NO_PROMISE)
        };
        let shares = |a: u32, b: u32| {
            let mut ids = self.prepared.sure_identities(a);
            ids.any(|id| self.prepared.sure_identities(b).any(|other| other == id))
        };
        if of(left).next().is_none() {
            return false;
        }
        let mut lefts: Vec<(u16, u32)> = of(left).collect();
        lefts.sort_unstable();
        of(right).any(|(source, row)| {
            let from = lefts.partition_point(|(other, _)| *other < source);
            let same = lefts[from..].iter().take_while(|(other, _)| *other == source);
            same.into_iter().any(|(_, other)| !shares(*other, row))
        })
    }

    fn are_ruled_apart(&mut self, left: u32, right: u32) -> bool {
        if self.apart.is_empty() {
            return false;
        }
        let ruled: Vec<u32> =
            self.members(left).filter_map(|row| self.apart.get(&row)).flatten().copied().collect();
        ruled.into_iter().any(|row| self.root(row) == right)
    }

    /// Mean of the bits, the prior left out, over the pairs across two clusters.
    fn mean_evidence(&mut self, left: u32, right: u32) -> f32 {
        let sample = |root: u32| -> Vec<u32> {
            let mut rows: Vec<u32> = self.members(root).collect();
            rows.sort_unstable_by_key(|row| self.prepared.tie(*row));
            rows.truncate(MOST_ROWS);
            rows
        };
        let (lefts, rights) = (sample(left), sample(right));
        let (mut sum, mut n) = (0.0, 0.0);
        for l in &lefts {
            for r in &rights {
                let bits = score(self.prepared, *l.min(r), *l.max(r), &mut self.scratch);
                sum += bits - self.prepared.prior_match;
                n += 1.0;
            }
        }
        sum / n
    }
}
