//! What holds a cluster together, and what keeps others out of it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{
    Constraints, LinkError, Linkage, Model, ReviewReason, Table, Thresholds, VetoReason, Waterfall,
    cluster::check_lengths,
    compare::score,
    explain::waterfall,
    prepare::{Prepared, Scratch},
};

/// In a larger cluster only the pairs that linking kept can be links.
const ALL_PAIRS: usize = 60;

/// Of larger parts only so many rows each are held against each other for the mean evidence.
const MOST_ROWS: usize = 12;

/// One cluster: who is in it, what holds it together, and what was kept out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClusterStory {
    /// Its rows, rising.
    pub rows: Vec<u32>,
    /// How many rows of each list, by list; empty when no lists were given.
    pub sources: Vec<SourceRows>,
    /// The links that hold it together (a maximum spanning tree): people's rulings, then pairs with the same verified
    /// number, then the others, each strongest first.
    pub links: Vec<Link>,
    /// The weakest link, of those by evidence alone if there are any; no person's ruling.
    pub weakest: Option<WeakestLink>,
    /// What was kept out, strongest first, one for each other cluster and reason.
    pub border: Vec<Border>,
}

/// Rows of one list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRows {
    /// The list, as in [`Constraints::source`].
    pub source: u16,
    /// Rows of it.
    pub n_rows: u32,
}

/// Two rows that hold a cluster together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// The smaller row.
    pub left: u32,
    /// The larger row.
    pub right: u32,
    /// What joins them.
    pub hold: Hold,
    /// The evidence.
    pub waterfall: Waterfall,
}

/// What joins two rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// A person has ruled so.
    Ruled,
    /// They have the same verified number.
    SameNumber,
    /// The evidence of the fields.
    Evidence,
}

/// The link on which most depends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeakestLink {
    /// Its place in [`ClusterStory::links`].
    pub link: usize,
    /// The rows that would be alone without it, rising: the smaller part, of equal ones the one without the first row.
    pub part: Vec<u32>,
    /// Mean evidence in bits, the prior left out, between this part and the rest.
    pub mean_bits: f32,
    /// Whether it is a weak bridge: the link is below `join_bits`, or the mean evidence is below `bridge_bits`.
    pub is_weak: bool,
}

/// A pair that leads out of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Border {
    /// The row inside.
    pub inside: u32,
    /// The row outside.
    pub outside: u32,
    /// The cluster of the latter.
    pub cluster: u32,
    /// Log2 odds; those of two verified numbers leave the numbers out.
    pub bits: f32,
    /// Why it did not join.
    pub why: Apart,
}

/// Why two clusters are not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Apart {
    /// A person has ruled so.
    Ruled,
    /// Different verified numbers.
    TwoIdentities,
    /// A list that should have each person once has a row in both.
    SameSource,
    /// One pair is strong, the rest of the two clusters is unlike.
    WeakBridge,
    /// The evidence lies between the thresholds.
    Unsure,
    /// One of the rows may only be linked by a person.
    ReviewOnly,
}

impl From<VetoReason> for Apart {
    fn from(why: VetoReason) -> Self {
        match why {
            VetoReason::CannotLink => Self::Ruled,
            VetoReason::TwoIdentities => Self::TwoIdentities,
            VetoReason::SameSource => Self::SameSource,
            VetoReason::WeakBridge => Self::WeakBridge,
        }
    }
}

impl From<ReviewReason> for Apart {
    fn from(why: ReviewReason) -> Self {
        match why {
            ReviewReason::TwoIdentities => Self::TwoIdentities,
            ReviewReason::SameSource => Self::SameSource,
            ReviewReason::WeakBridge => Self::WeakBridge,
            ReviewReason::Unsure => Self::Unsure,
            ReviewReason::ReviewOnly => Self::ReviewOnly,
        }
    }
}

/// Tells why the cluster of `row` is as it is. `linkage` is what came of the same table, model and constraints.
///
/// ```
/// use baoxue_link::{Column, Constraints, Model, Table, clusters, explain_cluster};
/// // Three rows of one girl, and one of her brother.
/// let table = include!("../tests/reference/girl.in");
/// let model: Model = toml::from_str(include_str!("../tests/reference/model.toml"))?;
/// let free = Constraints::default();
/// let linkage = clusters(&table, &model, &free, &mut |_| {})?;
/// let story = explain_cluster(&table, &model, &free, &linkage, 2)?;
/// assert_eq!(story.rows, [0, 1, 2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`LinkError`] when the model, the constraints or the linkage do not fit the table, or the row does not exist.
pub fn explain_cluster(
    table: &Table,
    model: &Model,
    constraints: &Constraints,
    linkage: &Linkage,
    row: u32,
) -> Result<ClusterStory, LinkError> {
    check_lengths(constraints, table.n_rows())?;
    if linkage.cluster.len() != table.n_rows() as usize {
        return Err(LinkError::Length("cluster".to_owned()));
    }
    let Some(cluster) = linkage.cluster.get(row as usize).copied() else {
        return Err(LinkError::RowMissing(row, table.n_rows()));
    };
    let prepared = Prepared::new(table, model)?;
    let is_inside = |row: &u32| linkage.cluster[*row as usize] == cluster;
    let rows: Vec<u32> = (0..table.n_rows()).filter(is_inside).collect();
    let mut teller =
        Teller { prepared: &prepared, model, linkage, cluster, scratch: Scratch::default() };
    let links = teller.links(&rows, constraints);
    Ok(ClusterStory {
        sources: sources(&rows, constraints),
        weakest: teller.weakest(&rows, &links),
        border: teller.border(constraints),
        links,
        rows,
    })
}

fn sources(rows: &[u32], constraints: &Constraints) -> Vec<SourceRows> {
    let mut sources: Vec<u16> =
        rows.iter().filter_map(|row| constraints.source.get(*row as usize).copied()).collect();
    sources.sort_unstable();
    let count = |same: &[u16]| SourceRows {
        source: same[0],
        n_rows: u32::try_from(same.len()).unwrap_or(u32::MAX),
    };
    sources.chunk_by(|a, b| a == b).map(count).collect()
}

struct Teller<'t> {
    prepared: &'t Prepared,
    model: &'t Model,
    linkage: &'t Linkage,
    cluster: u32,
    scratch: Scratch,
}

impl Teller<'_> {
    fn bits(&mut self, left: u32, right: u32) -> f32 {
        score(self.prepared, left.min(right), left.max(right), &mut self.scratch)
    }

    /// A maximum spanning tree: people's rulings before the same verified number, and this before all other evidence.
    fn links(&mut self, rows: &[u32], constraints: &Constraints) -> Vec<Link> {
        let inside = |(left, right): &(u32, u32)| {
            let of = |row: u32| self.linkage.cluster.get(row as usize) == Some(&self.cluster);
            left != right && of(*left) && of(*right)
        };
        let in_order = |(left, right): (u32, u32)| (left.min(right), left.max(right));
        let mut ruled: Vec<(u32, u32)> =
            constraints.must_link.iter().copied().filter(inside).map(in_order).collect();
        ruled.sort_unstable();
        let mut pairs: Vec<(bool, f32, u32, u32)> = self
            .pairs_within(rows)
            .into_iter()
            .map(|(bits, left, right)| (self.share_number(left, right), bits, left, right))
            .collect();
        pairs.sort_by(|a, b| {
            b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then((a.2, a.3).cmp(&(b.2, b.3)))
        });
        let ruled = ruled.into_iter().map(|(left, right)| (Hold::Ruled, left, right));
        let others = pairs.into_iter().map(|(shared, _, left, right)| {
            (if shared { Hold::SameNumber } else { Hold::Evidence }, left, right)
        });
        let mut forest = Forest::default();
        let mut links = Vec::new();
        for (hold, left, right) in ruled.chain(others) {
            if forest.join(left, right) {
                let waterfall =
                    waterfall(self.prepared, self.model, (left, right), &mut self.scratch);
                links.push(Link { left, right, hold, waterfall });
            }
        }
        links
    }

    /// The pairs that can be links, with their bits.
    fn pairs_within(&mut self, rows: &[u32]) -> Vec<(f32, u32, u32)> {
        if rows.len() > ALL_PAIRS {
            let kept = self.linkage.pairs.iter();
            let cluster = |row: u32| self.linkage.cluster[row as usize];
            return kept
                .filter(|pair| [pair.left, pair.right].map(cluster) == [self.cluster; 2])
                .map(|pair| (pair.bits, pair.left, pair.right))
                .collect();
        }
        let mut pairs = Vec::new();
        for (at, left) in rows.iter().enumerate() {
            for right in &rows[at + 1..] {
                pairs.push((self.bits(*left, *right), *left, *right));
            }
        }
        pairs
    }

    /// Whether two rows have the same verified number.
    fn share_number(&self, left: u32, right: u32) -> bool {
        let mut ids = self.prepared.sure_identities(left);
        ids.any(|id| self.prepared.sure_identities(right).any(|other| other == id))
    }

    fn weakest(&mut self, rows: &[u32], links: &[Link]) -> Option<WeakestLink> {
        let own = links.iter().enumerate().filter(|(_, link)| link.hold != Hold::Ruled);
        let (at, weakest) = own.min_by(|(_, a), (_, b)| {
            let is_sure = |link: &Link| link.hold == Hold::SameNumber;
            is_sure(a).cmp(&is_sure(b)).then(a.waterfall.bits.total_cmp(&b.waterfall.bits))
        })?;
        let mut forest = Forest::default();
        for link in links.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, l)| l) {
            forest.join(link.left, link.right);
        }
        let root = forest.root(weakest.left);
        let (mut part, mut rest): (Vec<u32>, Vec<u32>) =
            rows.iter().partition(|row| forest.root(**row) == root);
        if (part.len(), part.first() == rows.first()) > (rest.len(), rest.first() == rows.first()) {
            std::mem::swap(&mut part, &mut rest);
        }
        let mean_bits = self.mean_evidence(&part, &rest);
        let Thresholds { join_bits, bridge_bits, .. } = self.model.thresholds;
        let is_weak = weakest.hold == Hold::Evidence
            && (weakest.waterfall.bits < join_bits || mean_bits < bridge_bits);
        Some(WeakestLink { link: at, part, mean_bits, is_weak })
    }

    fn mean_evidence(&mut self, left: &[u32], right: &[u32]) -> f32 {
        let (mut sum, mut n) = (0.0, 0.0);
        for l in left.iter().take(MOST_ROWS) {
            for r in right.iter().take(MOST_ROWS) {
                sum += self.bits(*l, *r) - self.prepared.prior_match;
                n += 1.0;
            }
        }
        if n > 0.0 { sum / n } else { 0.0 }
    }

    /// Rulings, vetoes and review pairs that lead out of the cluster.
    fn border(&mut self, constraints: &Constraints) -> Vec<Border> {
        let ruled = constraints.cannot_link.iter().map(|(l, r)| (*l, *r, Apart::Ruled));
        let vetoes = self.linkage.vetoes.iter().map(|v| (v.left, v.right, v.why.into()));
        let mut found: Vec<(u32, u32, Apart, Option<f32>)> =
            ruled.chain(vetoes).map(|(l, r, why)| (l, r, why, None)).collect();
        let reviews = self.linkage.review.iter();
        found.extend(reviews.map(|r| (r.left, r.right, r.reason.into(), Some(r.bits))));
        let mut border: HashMap<(u32, Apart), Border> = HashMap::new();
        for (left, right, why, bits) in found {
            let of = |row: u32| self.linkage.cluster.get(row as usize).copied();
            let (Some(l), Some(r)) = (of(left), of(right)) else { continue };
            if (l == self.cluster) == (r == self.cluster) {
                continue;
            }
            let (inside, outside, cluster) =
                if l == self.cluster { (left, right, r) } else { (right, left, l) };
            let bits = bits.unwrap_or_else(|| self.bits(left, right));
            let new = Border { inside, outside, cluster, bits, why };
            let old = border.entry((new.cluster, why)).or_insert(new);
            if (new.bits, old.inside, old.outside) > (old.bits, inside, outside) {
                *old = new;
            }
        }
        let mut border: Vec<Border> = border.into_values().collect();
        border.sort_by(|a, b| {
            b.bits.total_cmp(&a.bits).then((a.cluster, a.why).cmp(&(b.cluster, b.why)))
        });
        border
    }
}

/// Parts that grow together.
#[derive(Default)]
struct Forest(HashMap<u32, u32>);

impl Forest {
    fn root(&mut self, row: u32) -> u32 {
        let mut root = row;
        while let Some(above) = self.0.get(&root).copied() {
            if let Some(higher) = self.0.get(&above).copied() {
                self.0.insert(root, higher);
            }
            root = above;
        }
        root
    }

    /// Whether the two were apart.
    fn join(&mut self, left: u32, right: u32) -> bool {
        let (left, right) = (self.root(left), self.root(right));
        if left != right {
            self.0.insert(left.max(right), left.min(right));
        }
        left != right
    }
}
