//! How well the rows of one child were found to be one child.

use std::collections::{BTreeMap, HashMap};

use super::{
    Found, Rate, Score,
    table::{Answered, ChildRow, Truth},
};

/// The cluster of a row: what the product calls the child, or the row alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Cluster<'a> {
    Said(&'a str),
    Alone(usize),
}

/// Rows counted by child, by cluster, and by both.
struct Counts<'a> {
    both: HashMap<(usize, Cluster<'a>), u64>,
    children: HashMap<usize, u64>,
    clusters: HashMap<Cluster<'a>, u64>,
    /// Children in each cluster.
    members: HashMap<Cluster<'a>, Vec<usize>>,
}

pub(super) fn score(truth: &Truth, answered: &Answered, score: &mut Score) {
    let cluster = |at: usize| {
        let said = answered.links.get(&truth.rows[at].key).map(|link| link.child.as_str());
        said.filter(|child| !child.is_empty()).map_or(Cluster::Alone(at), Cluster::Said)
    };
    // Names in free text are for a person to read; whoever links them or not wins or loses nothing.
    let counted: Vec<usize> =
        (0..truth.rows.len()).filter(|at| !truth.rows[*at].has("free_text")).collect();
    let counts = count(truth, &counted, cluster);
    score.pairs = pairs(truth, &counts);
    score.clusters = clusters(truth, &counts);
    score.mixed_clusters = counts
        .members
        .iter()
        .filter(|(cluster, members)| {
            let mut roots: Vec<usize> = members.iter().map(|child| root(truth, *child)).collect();
            roots.sort_unstable();
            roots.dedup();
            matches!(cluster, Cluster::Said(_)) && roots.len() > 1
        })
        .count() as u64;
    let mut parts: HashMap<usize, u64> = HashMap::new();
    for (child, _) in counts.both.keys() {
        *parts.entry(*child).or_default() += 1;
    }
    score.split_children = parts.values().filter(|n| **n > 1).count() as u64;
    score.placed = placed(truth, &counts, (&counted, cluster));
}

fn root(truth: &Truth, child: usize) -> usize {
    truth.children[child].alias_of.unwrap_or(child)
}

fn count<'a>(
    truth: &Truth,
    counted: &[usize],
    cluster: impl Fn(usize) -> Cluster<'a>,
) -> Counts<'a> {
    let mut counts = Counts {
        both: HashMap::new(),
        children: HashMap::new(),
        clusters: HashMap::new(),
        members: HashMap::new(),
    };
    for at in counted {
        let (child, cluster) = (truth.rows[*at].child, cluster(*at));
        let both = counts.both.entry((child, cluster)).or_default();
        if *both == 0 {
            counts.members.entry(cluster).or_default().push(child);
        }
        *both += 1;
        *counts.children.entry(child).or_default() += 1;
        *counts.clusters.entry(cluster).or_default() += 1;
    }
    counts
}

/// Pairs of rows. Pairs between a second registration and the child that it repeats count neither for nor against.
fn pairs(truth: &Truth, counts: &Counts<'_>) -> Found {
    let of = |n: &u64| n * n.saturating_sub(1) / 2;
    let hits: u64 = counts.both.values().map(of).sum();
    let so: u64 = counts.children.values().map(of).sum();
    let said: u64 = counts.clusters.values().map(of).sum();
    let indifferent: u64 = counts
        .both
        .iter()
        .filter_map(|((child, cluster), n)| {
            let original = truth.children[*child].alias_of?;
            counts.both.get(&(original, *cluster)).map(|m| n * m)
        })
        .sum();
    Found { hits, wrong: said - indifferent - hits, missed: so - hits }
}

/// Children whose rows are a cluster of their own, a second registration of theirs aside.
fn clusters(truth: &Truth, counts: &Counts<'_>) -> Found {
    let exact = counts
        .both
        .iter()
        .filter(|((child, cluster), n)| {
            let whole = counts.children[child] == **n;
            let same = |other: &usize| root(truth, *other) == root(truth, *child);
            whole && counts.members[cluster].iter().all(same)
        })
        .count() as u64;
    let (said, so) = (counts.clusters.len() as u64, counts.children.len() as u64);
    // A cluster that holds a child and its second registration makes two children exact.
    Found { hits: exact, wrong: said.saturating_sub(exact), missed: so - exact }
}

/// Rows that lie where most rows of their child lie, by the first tag of the row.
fn placed<'a>(
    truth: &Truth,
    counts: &Counts<'a>,
    (counted, cluster): (&[usize], impl Fn(usize) -> Cluster<'a>),
) -> Vec<(String, Rate)> {
    let mut most: HashMap<usize, u64> = HashMap::new();
    for ((child, _), n) in &counts.both {
        let best = most.entry(*child).or_default();
        *best = (*best).max(*n);
    }
    let mut placed: BTreeMap<String, Rate> = BTreeMap::new();
    for at in counted {
        let row: &ChildRow = &truth.rows[*at];
        if counts.children[&row.child] < 2 {
            continue;
        }
        let right = counts.both[&(row.child, cluster(*at))] == most[&row.child];
        for tag in row.tags.iter().filter(|tag| !tag.starts_with("SEED")) {
            let rate = placed.entry(tag.clone()).or_default();
            rate.of += 1;
            rate.right += u64::from(right);
        }
    }
    placed.into_iter().collect()
}
