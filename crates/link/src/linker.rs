//! Registers that are linked and go on changing.

mod change;
mod grow;
mod kept;
mod reach;
mod rows;
mod rulings;

use std::collections::HashSet;

use rayon::prelude::*;

pub use change::{Changes, Joined, JoinedBy, Split, SplitBy};

use crate::{
    Constraints, LinkError, Linkage, Model, Pair, Progress, Review, Stage, Table, Veto,
    block::{Blocks, Index},
    cluster::{self, Settled, check_lengths, settle, strongest_first},
    compare::{self, Compared, Scored, compare_pairs},
    join::Clusters,
    prepare::Prepared,
};
use grow::Grower;
use rows::Rows;
use rulings::{ruled_anew, without};

/// Linked rows, kept in memory so that a file which comes or is withdrawn costs what it touches and not what is there.
///
/// The clusters are those that a full run over the same rows gives ([`relink`](Self::relink) makes one). What the model weighs
/// by frequency stays as it was counted over the rows of [`new`](Self::new): a hundred rows do not make a name more
/// frequent, and a pair that nobody touched keeps its weight. After many changes ([`n_uncounted`](Self::n_uncounted)) learn and start anew.
///
/// ```
/// use baoxue_link::{Column, Constraints, Linker, Model, Table, Update};
/// let model: Model = toml::from_str(include_str!("../tests/reference/model.toml"))?;
/// let rows = |id: &str, name: &str| {
///     let cells = [id, name, "2009-12-31", "女", "张大山", "铁沟村5组"];
///     let names = ["id", "name", "birth", "sex", "guardian", "village"];
///     Table::new(names.iter().zip(cells).map(|(name, cell)| Column::new(name, [cell])).collect(), Vec::new())
/// };
/// let police = rows("110105200912310028", "张小莉")?;
/// let mut linker = Linker::new(police, model.clone(), Constraints::default(), &mut |_| {})?;
/// let school = rows("110105200912310028", "张小丽")?;
/// let changes = linker.update(Update { rows: Some(school), ..Update::default() })?;
/// assert_eq!(linker.cluster(), [0, 0]);
/// assert_eq!(changes.joined[0].new_rows, [1]);
/// linker.update(Update { withdrawn: vec![0], ..Update::default() })?;
/// assert_eq!(linker.cluster(), [0, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Linker {
    model: Model,
    table: Table,
    constraints: Constraints,
    prepared: Prepared,
    grower: Grower,
    index: Index,
    n_counted: u32,
    /// Rows before the last update.
    n_before: u32,
    /// By row whether it was withdrawn.
    gone: Vec<bool>,
    /// By row the first row of its cluster.
    cluster: Vec<u32>,
    compared: Compared,
    settled: Settled,
}

impl std::fmt::Debug for Linker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Linker({} rows, {} pairs)", self.table.n_rows(), self.compared.pairs.len())
    }
}

/// What comes, what goes, and what is ruled afterwards.
#[derive(Clone, Debug, Default)]
pub struct Update {
    /// New rows, with the columns of the linked ones in the same order. They get the numbers after the last row.
    pub rows: Option<Table>,
    /// Rows that are withdrawn. Their numbers are not used again.
    pub withdrawn: Vec<u32>,
    /// Rulings and sources as they are afterwards, for all rows, old and new. A ruling that names a withdrawn row is
    /// as if it had not been made.
    pub constraints: Constraints,
}

impl Linker {
    /// Links all rows.
    ///
    /// # Errors
    /// As for [`clusters`](crate::clusters).
    pub fn new(
        table: Table,
        model: Model,
        constraints: Constraints,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, LinkError> {
        check_lengths(&constraints, table.n_rows())?;
        progress(Progress { stage: Stage::Blocking, done: 0, total: 1 });
        let n_counted = table.n_rows();
        let (prepared, texts) = Prepared::counting(&table, &model, n_counted)?;
        let index = Index::new(&table, &model.blocks, &[]);
        let mut linker = Self {
            grower: Grower::new(&table, &model, texts),
            n_counted,
            n_before: n_counted,
            gone: vec![false; n_counted as usize],
            cluster: (0..n_counted).collect(),
            compared: Compared::default(),
            settled: Settled::default(),
            model,
            table,
            constraints,
            prepared,
            index,
        };
        let blocks = cluster::blocks(&linker.table, &linker.model, progress);
        let (cluster, compared, settled) = linker.link_blocks(blocks, progress)?;
        (linker.cluster, linker.compared, linker.settled) = (cluster, compared, settled);
        Ok(linker)
    }

    /// The rows, those that came later at the end, withdrawn ones included.
    pub const fn table(&self) -> &Table {
        &self.table
    }

    /// The model.
    pub const fn model(&self) -> &Model {
        &self.model
    }

    /// For each row the smallest row of its cluster, as in [`Linkage::cluster`].
    pub fn cluster(&self) -> &[u32] {
        &self.cluster
    }

    /// By row whether it was withdrawn.
    pub fn withdrawn(&self) -> &[bool] {
        &self.gone
    }

    /// Rows that came after the frequencies were counted, and rows that went.
    pub fn n_uncounted(&self) -> u32 {
        let n_gone = self.gone.iter().filter(|gone| **gone).count();
        self.table.n_rows() - self.n_counted + u32::try_from(n_gone).unwrap_or(u32::MAX)
    }

    /// The result as a whole.
    pub fn linkage(&self) -> Linkage {
        Linkage {
            cluster: self.cluster.clone(),
            pairs: self.compared.pairs.iter().copied().map(Pair::from).collect(),
            review: self.settled.review.iter().map(Review::from).collect(),
            why: self.settled.why(&self.prepared, &self.model),
            vetoes: self.settled.refused.iter().map(Veto::from).collect(),
            blocks: self.index.reports(),
        }
    }

    /// A full run over all rows that are not withdrawn, with the same model and frequencies.
    ///
    /// # Errors
    /// As for [`clusters`](crate::clusters).
    pub fn relink(&self, progress: &mut dyn FnMut(Progress)) -> Result<Linkage, LinkError> {
        let mut steps = |_| {};
        let blocks = Blocks::of(&self.table, &self.model.blocks, &self.gone, &mut steps);
        let reports = blocks.reports.clone();
        let (cluster, compared, settled) = self.link_blocks(blocks, progress)?;
        Ok(Linkage {
            cluster,
            pairs: compared.pairs.into_iter().map(Pair::from).collect(),
            review: settled.review.iter().map(Review::from).collect(),
            why: settled.why(&self.prepared, &self.model),
            vetoes: settled.refused.iter().map(Veto::from).collect(),
            blocks: reports,
        })
    }

    fn link_blocks(
        &self,
        blocks: Blocks,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Vec<u32>, Compared, Settled), LinkError> {
        let thresholds = self.model.thresholds;
        let (mut compared, _) = compare::compare(&self.prepared, blocks, thresholds, progress);
        compared.sort(&self.prepared);
        progress(Progress { stage: Stage::Joining, done: 0, total: 1 });
        let constraints = without(&self.constraints, &self.gone);
        let mut clusters = Clusters::new(&self.prepared, &constraints, thresholds)?;
        let settled = settle(&self.prepared, &mut clusters, &compared, (thresholds, &constraints));
        let cluster = (0..self.table.n_rows()).map(|row| clusters.root(row)).collect();
        progress(Progress { stage: Stage::Joining, done: 1, total: 1 });
        Ok((cluster, compared, settled))
    }

    /// Takes in what comes, what goes and what is ruled, and says what has changed. Nothing changes when there is an
    /// error.
    ///
    /// # Errors
    /// [`LinkError`] when new rows have other columns, a row or ruling names a row that is not there, or rulings
    /// contradict each other.
    pub fn update(&mut self, update: Update) -> Result<Changes, LinkError> {
        let Update { rows, withdrawn, constraints } = update;
        let withdrawn = self.check(rows.as_ref(), withdrawn, &constraints)?;
        let n_before = self.table.n_rows();
        self.n_before = n_before;
        if let Some(rows) = &rows {
            self.grower.append(&mut self.table, &self.model, &mut self.prepared, rows)?;
        }
        let n_rows = self.table.n_rows();
        self.gone.resize(n_rows as usize, false);
        self.cluster.extend(n_before..n_rows);
        for row in &withdrawn {
            self.gone[*row as usize] = true;
        }
        let come: Vec<u32> = (n_before..n_rows).collect();
        let mut touched = Rows::new(n_rows);
        touched.extend(come.iter().chain(&withdrawn).copied());
        let before = std::mem::replace(&mut self.constraints, constraints);
        touched.extend(ruled_anew(&before, &self.constraints, n_before));
        self.rescore(&withdrawn, &come, &mut touched);
        self.rejoin(&touched, &before)
    }

    /// Rows to withdraw, each once, when all fits together.
    fn check(
        &self,
        rows: Option<&Table>,
        mut withdrawn: Vec<u32>,
        constraints: &Constraints,
    ) -> Result<Vec<u32>, LinkError> {
        let n_before = self.table.n_rows();
        let n_rows = n_before as usize + rows.map_or(0, |rows| rows.n_rows() as usize);
        let n_rows = u32::try_from(n_rows).map_err(|_| LinkError::Rows(n_rows))?;
        self.index.holds(n_rows)?;
        check_lengths(constraints, n_rows)?;
        if let Some(row) = withdrawn.iter().find(|row| **row >= n_before) {
            return Err(LinkError::RowMissing(*row, n_before));
        }
        withdrawn.sort_unstable();
        withdrawn.dedup();
        withdrawn.retain(|row| !self.gone[*row as usize]);
        let mut gone = self.gone.clone();
        gone.resize(n_rows as usize, false);
        for row in &withdrawn {
            gone[*row as usize] = true;
        }
        let ruled = constraints.must_link.iter().chain(&constraints.cannot_link);
        if let Some(row) = ruled.flat_map(|(l, r)| [*l, *r]).find(|row| *row >= n_rows) {
            return Err(LinkError::RowMissing(row, n_rows));
        }
        if let Some(found) = without(constraints, &gone).contradictions().first() {
            return Err(LinkError::Contradiction(found.apart.0, found.apart.1));
        }
        Ok(withdrawn)
    }

    /// Brings the pairs up to date; notes the rows of pairs that came or went.
    fn rescore(&mut self, withdrawn: &[u32], come: &[u32], touched: &mut Rows) {
        let found = self.index.update(&self.table, withdrawn, come);
        let lost = self.lost(&found.doubted);
        let mut new = compare_pairs(&self.prepared, &found.candidates, self.model.thresholds);
        new.sort(&self.prepared);
        for (pairs, new) in [
            (&mut self.compared.pairs, new.pairs),
            (&mut self.compared.two_identities, new.two_identities),
        ] {
            let gone = |row: u32| self.gone[row as usize];
            let goes = |pair: &Scored| {
                gone(pair.left) || gone(pair.right) || lost.contains(&(pair.left, pair.right))
            };
            let leaving: Vec<Scored> = pairs.par_iter().copied().filter(goes).collect();
            touched.extend(leaving.iter().chain(&new).flat_map(|pair| [pair.left, pair.right]));
            *pairs = merged(&self.prepared, pairs, &goes, new);
        }
    }

    /// Pairs among doubted rows that no rule reaches any more.
    fn lost(&self, doubted: &[u32]) -> HashSet<(u32, u32)> {
        if doubted.is_empty() {
            return HashSet::new();
        }
        let mut rows = Rows::new(self.table.n_rows());
        rows.extend(doubted.iter().copied());
        let Compared { pairs, two_identities } = &self.compared;
        let asked: Vec<(u32, u32)> = pairs
            .iter()
            .chain(two_identities)
            .filter(|pair| rows.has(pair.left) && rows.has(pair.right))
            .map(|pair| (pair.left, pair.right))
            .filter(|(l, r)| !self.gone[*l as usize] && !self.gone[*r as usize])
            .collect();
        let reached = self.index.reaches(&self.table, &asked);
        asked.into_iter().zip(reached).filter(|(_, reached)| !reached).map(|(p, _)| p).collect()
    }

    /// Joins anew whatever hangs together with touched rows.
    fn rejoin(&mut self, touched: &Rows, before: &Constraints) -> Result<Changes, LinkError> {
        let thresholds = self.model.thresholds;
        let constraints = without(&self.constraints, &self.gone);
        let (apart, shown) = self.reached(touched, before, &constraints);
        let old: Vec<(u32, u32)> =
            apart.rows().map(|row| (row, self.cluster[row as usize])).collect();
        let start = (0..self.table.n_rows())
            .map(|row| if apart.has(row) { row } else { self.cluster[row as usize] })
            .collect();
        let mut clusters = Clusters::over(start, &self.prepared, &constraints, thresholds)?;
        let is_shown = |pair: &Scored| shown.has(pair.left) || shown.has(pair.right);
        let some = Compared {
            pairs: self.compared.pairs.par_iter().copied().filter(is_shown).collect(),
            two_identities: self.compared.two_identities.iter().copied().filter(is_shown).collect(),
        };
        let settled = settle(&self.prepared, &mut clusters, &some, (thresholds, &constraints));
        for row in apart.rows() {
            self.cluster[row as usize] = clusters.root(row);
        }
        drop(clusters);
        self.settled.review.retain(|(pair, _)| !is_shown(pair));
        self.settled.refused.retain(|refused| !apart.has(refused.pair.left));
        self.settled.review.extend(settled.review);
        self.settled.refused.extend(settled.refused);
        let prepared = &self.prepared;
        self.settled.review.sort_by(|(a, _), (b, _)| strongest_first(prepared, a, b));
        self.settled.refused.sort_by(|a, b| strongest_first(prepared, &a.pair, &b.pair));
        Ok(change::changes(self, &old, &some))
    }
}

/// Sorted pairs without those that go and with new ones, each once.
fn merged(
    prepared: &Prepared,
    pairs: &[Scored],
    goes: &(impl Fn(&Scored) -> bool + Sync),
    new: Vec<Scored>,
) -> Vec<Scored> {
    let mut all = Vec::with_capacity(pairs.len() + new.len());
    let mut new = new.into_iter().peekable();
    for pair in pairs.iter().filter(|pair| !goes(pair)) {
        while let Some(next) = new.next_if(|new| strongest_first(prepared, new, pair).is_lt()) {
            all.push(next);
        }
        // A pair of old rows that is reached again was perhaps never lost.
        while new.next_if(|new| (new.left, new.right) == (pair.left, pair.right)).is_some() {}
        all.push(*pair);
    }
    all.extend(new);
    all
}
