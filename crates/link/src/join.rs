//! Constrained agglomeration: the strongest pair first, and never against a constraint.
//!
//! Connected components would let one wrong pair join two children and everybody whom they are joined with. Here a join
//! is looked at for the whole of both clusters: people's rulings, verified numbers, lists that have each person once,
//! and the evidence between all their rows.

use std::collections::HashMap;

use crate::{
    Constraints, LinkError, Thresholds, VetoReason,
    compare::{Scored, score},
    prepare::{Outcome, Prepared},
};

/// Of larger clusters only so many rows each are held against each other for the mean evidence.
const MOST_ROWS: usize = 12;

/// Clusters while they grow. Rows are ranks.
pub(crate) struct Clusters<'p> {
    prepared: &'p Prepared,
    bridge_bits: f32,
    parent: Vec<u32>,
    /// By root: rows in rising order, lists with one row per person and the row in it, verified numbers. Empty for
    /// ranks that are no root.
    members: Vec<Vec<u32>>,
    promised: Vec<Vec<(u16, u32)>>,
    identities: Vec<Vec<u32>>,
    apart: HashMap<u32, Vec<u32>>,
    outcomes: Vec<Outcome>,
}

/// A join that did not happen.
pub(crate) struct Refused {
    pub(crate) pair: Scored,
    pub(crate) why: VetoReason,
}

impl<'p> Clusters<'p> {
    /// Every row alone, then people's rulings.
    pub(crate) fn new(
        prepared: &'p Prepared,
        constraints: &Constraints,
        thresholds: Thresholds,
    ) -> Result<Self, LinkError> {
        let n_rows = prepared.n_rows();
        let mut rank_of = vec![0u32; n_rows as usize];
        for (rank, row) in (0..).zip(&prepared.order) {
            rank_of[*row as usize] = rank;
        }
        let promised = |row: &u32| -> Vec<(u16, u32)> {
            let source = constraints.source.get(*row as usize).copied();
            let once =
                |source: &u16| constraints.one_per_source.get(usize::from(*source)) == Some(&true);
            source.filter(once).map(|source| (source, rank_of[*row as usize])).into_iter().collect()
        };
        let mut clusters = Self {
            prepared,
            bridge_bits: thresholds.bridge_bits,
            parent: (0..n_rows).collect(),
            members: (0..n_rows).map(|rank| vec![rank]).collect(),
            promised: prepared.order.iter().map(promised).collect(),
            identities: (0..n_rows).map(|rank| prepared.sure_identities(rank)).collect(),
            apart: HashMap::new(),
            outcomes: Vec::new(),
        };
        clusters.rule(constraints, &rank_of)?;
        Ok(clusters)
    }

    /// People's rulings: what must be together, and a check that nothing else must be apart.
    fn rule(&mut self, constraints: &Constraints, rank_of: &[u32]) -> Result<(), LinkError> {
        let n_rows = u32::try_from(rank_of.len()).unwrap_or(u32::MAX);
        let ruled = constraints.must_link.iter().chain(&constraints.cannot_link);
        if let Some(row) = ruled.flat_map(|(l, r)| [*l, *r]).find(|row| *row >= n_rows) {
            return Err(LinkError::RowMissing(row, n_rows));
        }
        for (left, right) in &constraints.must_link {
            self.unite(rank_of[*left as usize], rank_of[*right as usize]);
        }
        for (left, right) in &constraints.cannot_link {
            let (l, r) = (rank_of[*left as usize], rank_of[*right as usize]);
            if self.root(l) == self.root(r) {
                return Err(LinkError::Contradiction(*left, *right));
            }
            self.apart.entry(l).or_default().push(r);
            self.apart.entry(r).or_default().push(l);
        }
        Ok(())
    }

    /// Joins along the pairs, which must be sorted, and says what was refused.
    pub(crate) fn join(&mut self, pairs: &[Scored]) -> Vec<Refused> {
        let mut refused = Vec::new();
        for pair in pairs {
            let (left, right) = (self.root(pair.left), self.root(pair.right));
            if left == right {
                continue;
            }
            match self.veto(left, right) {
                Some(why) => refused.push(Refused { pair: *pair, why }),
                None => self.unite(left, right),
            }
        }
        refused
    }

    /// The root of a row's cluster.
    pub(crate) fn root(&mut self, rank: u32) -> u32 {
        let mut root = rank;
        while self.parent[root as usize] != root {
            let above = self.parent[root as usize];
            self.parent[root as usize] = self.parent[above as usize];
            root = above;
        }
        root
    }

    /// The rows of a root's cluster.
    pub(crate) fn members(&self, root: u32) -> &[u32] {
        &self.members[root as usize]
    }

    fn unite(&mut self, left: u32, right: u32) {
        let (left, right) = (self.root(left), self.root(right));
        if left == right {
            return;
        }
        // The smaller rank is the root: which of two is larger depends on how they grew.
        let (keep, drop) = (left.min(right) as usize, left.max(right) as usize);
        self.parent[drop] = left.min(right);
        let members = std::mem::take(&mut self.members[drop]);
        self.members[keep].extend(members);
        self.members[keep].sort_unstable();
        let promised = std::mem::take(&mut self.promised[drop]);
        self.promised[keep].extend(promised);
        let identities = std::mem::take(&mut self.identities[drop]);
        self.identities[keep].extend(identities);
        self.identities[keep].sort_unstable();
        self.identities[keep].dedup();
    }

    /// Why two roots must not be joined. Each is free of contradictions in itself, or a person has ruled so.
    fn veto(&mut self, left: u32, right: u32) -> Option<VetoReason> {
        let (l, r) = (left as usize, right as usize);
        if self.are_ruled_apart(left, right) {
            return Some(VetoReason::CannotLink);
        }
        let shares = |a: &[u32], b: &[u32]| a.iter().any(|identity| b.contains(identity));
        let (ids_l, ids_r) = (&self.identities[l], &self.identities[r]);
        if !ids_l.is_empty() && !ids_r.is_empty() && !shares(ids_l, ids_r) {
            return Some(VetoReason::TwoIdentities);
        }
        let twice = self.promised[l].iter().any(|(source, row)| {
            self.promised[r].iter().any(|(other, other_row)| {
                // The same verified number twice in one list is one person listed twice.
                let row_ids = self.prepared.sure_identities(*row);
                source == other && !shares(&row_ids, &self.prepared.sure_identities(*other_row))
            })
        });
        if twice {
            return Some(VetoReason::SameSource);
        }
        (self.mean_evidence(left, right) < self.bridge_bits).then_some(VetoReason::WeakBridge)
    }

    fn are_ruled_apart(&mut self, left: u32, right: u32) -> bool {
        if self.apart.is_empty() {
            return false;
        }
        let ruled: Vec<u32> = self.members[left as usize]
            .iter()
            .filter_map(|row| self.apart.get(row))
            .flatten()
            .copied()
            .collect();
        ruled.into_iter().any(|row| self.root(row) == right)
    }

    /// Mean of the bits, the prior left out, over the pairs across two clusters.
    fn mean_evidence(&mut self, left: u32, right: u32) -> f32 {
        let (mut sum, mut n) = (0.0, 0.0);
        let mut outcomes = std::mem::take(&mut self.outcomes);
        for l in self.members[left as usize].iter().take(MOST_ROWS) {
            for r in self.members[right as usize].iter().take(MOST_ROWS) {
                let bits = score(self.prepared, *l.min(r), *l.max(r), &mut outcomes);
                sum += bits - self.prepared.prior_match;
                n += 1.0;
            }
        }
        self.outcomes = outcomes;
        sum / n
    }
}
