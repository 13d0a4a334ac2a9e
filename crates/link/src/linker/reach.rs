//! How far an update reaches: which rows are joined anew, and which are shown to a person anew.

use super::{Linker, rows::Rows};
use crate::{Constraints, join::root};

impl Linker {
    /// The rows that are joined anew, and those whose review is chosen anew.
    pub(super) fn reached(
        &self,
        touched: &Rows,
        before: &Constraints,
        now: &Constraints,
    ) -> (Rows, Rows) {
        let mut touched = touched.clone();
        loop {
            let apart = self.hanging_together(&touched, before, now);
            let shown = self.shown_anew(&apart, now);
            // What such a row is shown with hangs on what its cluster is shown with, when it has others beside it.
            let more: Vec<u32> =
                shown.rows().filter(|row| !apart.has(*row) && self.is_with_others(*row)).collect();
            if more.is_empty() {
                return (apart, shown);
            }
            touched.extend(more);
        }
    }

    fn is_with_others(&self, row: u32) -> bool {
        let own = self.cluster[row as usize];
        self.cluster.iter().filter(|cluster| **cluster == own).nth(1).is_some()
    }

    /// The rows that may change their cluster: those that hang together with touched ones by sure pairs, by clusters
    /// or by rulings.
    fn hanging_together(&self, touched: &Rows, before: &Constraints, now: &Constraints) -> Rows {
        let n_rows = self.table.n_rows();
        let mut parent: Vec<u32> = (0..n_rows).collect();
        let join_bits = self.model.thresholds.join_bits;
        let pairs = &self.compared.pairs;
        let n_sure = pairs.partition_point(|pair| pair.bits >= join_bits);
        let rulings = before.must_link.iter().chain(&now.must_link).copied();
        let by_cluster = (0..n_rows).zip(self.cluster.iter().copied());
        let by_pair = pairs[..n_sure].iter().map(|pair| (pair.left, pair.right));
        for (a, b) in by_cluster.chain(by_pair).chain(rulings) {
            let (a, b) = (root(&mut parent, a), root(&mut parent, b));
            parent[a.max(b) as usize] = a.min(b);
        }
        let mut roots = Rows::new(n_rows);
        touched.rows().for_each(|row| roots.add(root(&mut parent, row)));
        let mut all = Rows::new(n_rows);
        all.extend((0..n_rows).filter(|row| roots.has(root(&mut parent, *row))));
        all
    }

    /// Rows whose review is chosen anew: besides these, rows that only a person may link and that stand in a pair with
    /// one of them, since of such a row only the best few pairs are shown.
    fn shown_anew(&self, apart: &Rows, constraints: &Constraints) -> Rows {
        let mut shown = apart.clone();
        if constraints.review_only.is_empty() {
            return shown;
        }
        loop {
            let pairs = self
                .compared
                .pairs
                .iter()
                .flat_map(|pair| [(pair.left, pair.right), (pair.right, pair.left)]);
            let more: Vec<u32> = pairs
                .filter(|(row, other)| {
                    constraints.is_review_only(*row) && shown.has(*other) && !shown.has(*row)
                })
                .map(|(row, _)| row)
                .collect();
            if more.is_empty() {
                return shown;
            }
            shown.extend(more);
        }
    }
}
