//! Pairs for a person: one for each two clusters, the strongest.

use std::collections::{HashMap, HashSet};

use crate::{
    ReviewReason, VetoReason,
    cluster::strongest_first,
    compare::Scored,
    join::{Clusters, Refused},
    prepare::Prepared,
};

/// A row that only a person may link is shown with so many clusters.
const BEST: usize = 3;

/// Collects pairs across clusters.
pub(crate) struct Reviews<'c, 'p> {
    prepared: &'p Prepared,
    clusters: &'c mut Clusters<'p>,
    seen: HashSet<(u32, u32)>,
    found: Vec<(Scored, ReviewReason)>,
}

impl<'c, 'p> Reviews<'c, 'p> {
    pub(crate) fn new(prepared: &'p Prepared, clusters: &'c mut Clusters<'p>) -> Self {
        Self { prepared, clusters, seen: HashSet::new(), found: Vec::new() }
    }

    /// Clusters that a person has ruled to be different are not asked about again.
    pub(crate) fn ruled_apart(&mut self, rows: &[(u32, u32)]) {
        for (left, right) in rows {
            let (a, b) = (self.clusters.root(*left), self.clusters.root(*right));
            self.seen.insert((a.min(b), a.max(b)));
        }
    }

    /// Strong pairs that a constraint stopped.
    pub(crate) fn refused(&mut self, refused: &[Refused]) {
        for Refused { pair, why } in refused {
            let reason = match why {
                VetoReason::CannotLink => continue,
                VetoReason::TwoIdentities => ReviewReason::TwoIdentities,
                VetoReason::SameSource => ReviewReason::SameSource,
                VetoReason::WeakBridge => ReviewReason::WeakBridge,
            };
            self.push(pair, reason);
        }
    }

    /// Pairs, strongest first.
    pub(crate) fn add<'a>(
        &mut self,
        pairs: impl Iterator<Item = &'a Scored>,
        reason: ReviewReason,
    ) {
        for pair in pairs {
            self.push(pair, reason);
        }
    }

    /// For each row that stays alone its best clusters. `pairs` are strongest first.
    pub(crate) fn best_of_each<'a>(
        &mut self,
        pairs: impl Iterator<Item = &'a Scored>,
        alone: &dyn Fn(u32) -> bool,
    ) {
        let mut n_shown: HashMap<u32, usize> = HashMap::new();
        for pair in pairs {
            for row in [pair.left, pair.right].into_iter().filter(|row| alone(*row)) {
                let n = n_shown.entry(row).or_default();
                if *n < BEST && self.push(pair, ReviewReason::ReviewOnly) {
                    *n += 1;
                }
            }
        }
    }

    /// All pairs, strongest first.
    pub(crate) fn done(mut self) -> Vec<(Scored, ReviewReason)> {
        self.found.sort_by(|(a, _), (b, _)| strongest_first(self.prepared, a, b));
        self.found
    }

    /// Whether the pair is new: its clusters are two and were not paired before.
    fn push(&mut self, pair: &Scored, reason: ReviewReason) -> bool {
        let roots = self.roots(pair);
        let is_new = roots.0 != roots.1 && self.seen.insert(roots);
        if is_new {
            self.found.push((*pair, reason));
        }
        is_new
    }

    fn roots(&mut self, pair: &Scored) -> (u32, u32) {
        let (a, b) = (self.clusters.root(pair.left), self.clusters.root(pair.right));
        (a.min(b), a.max(b))
    }
}
