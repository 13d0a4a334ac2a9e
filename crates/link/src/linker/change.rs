//! What an update has changed in the clusters, and why.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::Linker;
use crate::{Pair, Veto, compare::Compared};

/// What an update has changed. Clusters are named by their smallest row, before or after as said.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Changes {
    /// Clusters that have grown together, or have taken a new row.
    pub joined: Vec<Joined>,
    /// Clusters that have come apart.
    pub split: Vec<Split>,
    /// Clusters, after, that have new rows only.
    pub founded: Vec<u32>,
    /// Clusters, before, of which every row was withdrawn.
    pub emptied: Vec<u32>,
    /// Clusters, after, that were looked at anew and have the rows that they had, withdrawn ones left out.
    pub stayed: Vec<u32>,
    /// How many rows were not looked at, since nothing that came or went touches them.
    pub n_untouched: u32,
}

/// A cluster made of several.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Joined {
    /// The cluster, after.
    pub cluster: u32,
    /// The clusters, before, whose rows stand in it.
    pub of: Vec<u32>,
    /// The new rows in it.
    pub new_rows: Vec<u32>,
    /// What joins its parts.
    pub why: JoinedBy,
}

/// What joins the parts of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum JoinedBy {
    /// Evidence; the strongest pair across its parts.
    Pair(Pair),
    /// A person's ruling on two of its rows.
    Ruling {
        /// The smaller row.
        left: u32,
        /// The larger row.
        right: u32,
    },
    /// Rows of several parts that others hold together.
    Others,
}

/// A cluster that came apart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Split {
    /// The cluster, before.
    pub cluster: u32,
    /// The clusters, after, among which its rows are now.
    pub into: Vec<u32>,
    /// Why.
    pub why: SplitBy,
}

/// Why a cluster came apart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum SplitBy {
    /// A row that held it together was withdrawn.
    Withdrawn {
        /// The row.
        row: u32,
    },
    /// A constraint now stops a pair that held it together.
    Veto(Veto),
    /// A person's ruling was taken back, or the keys of its rows are now shared by too many.
    LessEvidence,
}

/// Compares the clusters of some rows before, given with each row, and after.
pub(super) fn changes(linker: &Linker, old: &[(u32, u32)], pairs: &Compared) -> Changes {
    let mut before: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut after: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let is_new = |row: u32| row >= linker.n_before;
    for (row, was) in old {
        if !is_new(*row) {
            before.entry(*was).or_default().push(*row);
        }
        if !linker.gone[*row as usize] {
            after.entry(linker.cluster[*row as usize]).or_default().push(*row);
        }
    }
    let was: HashMap<u32, u32> = old.iter().copied().collect();
    let strongest = strongest(linker, &was, pairs);
    let n_untouched = linker.table.n_rows() - u32::try_from(old.len()).unwrap_or(u32::MAX);
    let mut changes = Changes { n_untouched, ..Changes::default() };
    for (cluster, rows) in &after {
        let (new_rows, old_rows): (Vec<u32>, Vec<u32>) =
            rows.iter().copied().partition(|row| is_new(*row));
        let of: BTreeSet<u32> = old_rows.iter().map(|row| was[row]).collect();
        if of.is_empty() {
            changes.founded.push(*cluster);
        } else if of.len() > 1 || !new_rows.is_empty() {
            let why = joined_by(linker, *cluster, &was, strongest.get(cluster));
            let of = of.into_iter().collect();
            changes.joined.push(Joined { cluster: *cluster, of, new_rows, why });
        } else {
            let whole = of
                .first()
                .and_then(|was| before.get(was))
                .map_or(0, |rows| rows.iter().filter(|row| !linker.gone[**row as usize]).count());
            if whole == rows.len() {
                changes.stayed.push(*cluster);
            }
        }
    }
    for (cluster, rows) in before {
        let live = rows.iter().filter(|row| !linker.gone[**row as usize]);
        let into: BTreeSet<u32> = live.map(|row| linker.cluster[*row as usize]).collect();
        if into.is_empty() {
            changes.emptied.push(cluster);
        } else if into.len() > 1 {
            let why = split_by(linker, &rows);
            changes.split.push(Split { cluster, into: into.into_iter().collect(), why });
        }
    }
    changes
}

/// For each cluster its strongest pair across parts that were not together.
fn strongest(linker: &Linker, was: &HashMap<u32, u32>, pairs: &Compared) -> HashMap<u32, Pair> {
    let mut strongest = HashMap::new();
    for pair in &pairs.pairs {
        let (l, r) = (linker.cluster[pair.left as usize], linker.cluster[pair.right as usize]);
        if l == r && was.get(&pair.left) != was.get(&pair.right) {
            strongest.entry(l).or_insert_with(|| Pair::from(*pair));
        }
    }
    strongest
}

fn joined_by(
    linker: &Linker,
    cluster: u32,
    was: &HashMap<u32, u32>,
    strongest: Option<&Pair>,
) -> JoinedBy {
    let ruled = linker.constraints.must_link.iter().find(|(left, right)| {
        linker.cluster[*left as usize] == cluster
            && linker.cluster[*right as usize] == cluster
            && was.get(left) != was.get(right)
    });
    match (ruled, strongest) {
        (Some((left, right)), _) => {
            JoinedBy::Ruling { left: *left.min(right), right: *left.max(right) }
        }
        (None, Some(pair)) => JoinedBy::Pair(*pair),
        (None, None) => JoinedBy::Others,
    }
}

fn split_by(linker: &Linker, rows: &[u32]) -> SplitBy {
    let has = |row: u32| rows.binary_search(&row).is_ok();
    let refused = linker.settled.refused.iter();
    let mut vetoes = refused.map(Veto::from).filter(|veto| has(veto.left) && has(veto.right));
    if let Some(row) = rows.iter().find(|row| linker.gone[**row as usize]) {
        SplitBy::Withdrawn { row: *row }
    } else if let Some(veto) = vetoes.next() {
        SplitBy::Veto(veto)
    } else {
        SplitBy::LessEvidence
    }
}
