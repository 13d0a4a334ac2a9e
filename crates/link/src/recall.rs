//! How many of the matches each blocking rule reaches, and how many no rule reaches.
//!
//! What no rule reaches cannot be seen, but it can be estimated as animals are counted that are caught twice: rules that
//! look at different columns are taken for traps that catch a match independently of each other. Matches that are easy
//! for one rule tend to be easy for the others too; so the estimate of what is missed is rather too low than too high.

use serde::{Deserialize, Serialize};

use crate::{
    BlockRule, Capped, Estimate, LinkError, Linkage, Model, Table, block::Blocks, estimate::Z,
};

/// Of a larger cluster only the pairs among so many rows are looked at.
const MOST_ROWS: usize = 200;

/// What the blocking rules reach of the matches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockingRecall {
    /// Each rule, in the order of the model.
    pub rules: Vec<RuleRecall>,
    /// Matched pairs that some rule reaches. Pairs of one cluster count 1; unsure pairs across clusters count with their
    /// probability; strong pairs that a constraint refused count nothing.
    pub reached: f64,
    /// Pairs of one cluster that no rule reaches: other rows or a person have joined them.
    pub unreached: f64,
    /// The rules that were held against each other to estimate what all of them miss: no two of them look at one column
    /// or at columns of which one contains the other.
    pub independent: Vec<String>,
    /// How many matched pairs there are in all, found or not. `None` when there are no two such rules, when no pair was
    /// reached by two of them, or when more matches are known than these rules let expect: then they are not independent.
    pub total: Option<Estimate>,
    /// The share of these that the rules reach.
    pub recall: Option<Estimate>,
    /// Clusters of more than 200 rows, of which only the pairs among the first 200 rows were looked at.
    pub n_cut_clusters: u64,
}

/// What one rule reaches of the matches.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleRecall {
    /// Name of the rule.
    pub name: String,
    /// Matched pairs that it reaches, counted as in [`BlockingRecall::reached`].
    pub reached: f64,
    /// Of all matched pairs that were found the share that it reaches.
    pub share: f64,
    /// Matched pairs that only this rule reaches.
    pub only: f64,
    /// Their share of all matched pairs that were found.
    pub only_share: f64,
    /// Pairs of one cluster that it reaches.
    pub n_in_clusters: u64,
    /// Pairs of one cluster that only it reaches.
    pub n_only_in_clusters: u64,
    /// Matched pairs that agree in its key and are not reached by it, because too many rows share the key.
    pub hot: f64,
    /// Its keys that too many rows share.
    pub capped: Capped,
}

/// Measures the rules of `model` by what was linked with it.
///
/// # Errors
/// [`LinkError`] when the model does not fit the table, or `linkage` belongs to another one.
pub fn blocking_recall(
    table: &Table,
    model: &Model,
    linkage: &Linkage,
) -> Result<BlockingRecall, LinkError> {
    if linkage.cluster.len() != table.n_rows() as usize {
        return Err(LinkError::Length("cluster".to_owned()));
    }
    model.check(table)?;
    let mut counts = Counts::new(table, &model.blocks);
    let n_cut_clusters = each_in_clusters(&linkage.cluster, &mut |left, right| {
        counts.add(left, right, None);
    });
    for pair in &linkage.pairs {
        let cluster = |row: u32| linkage.cluster[row as usize];
        let is_apart = cluster(pair.left) != cluster(pair.right);
        if is_apart && pair.bits < model.thresholds.join_bits {
            let weight = f64::from(pair.probability());
            counts.add(pair.left, pair.right, Some(weight));
        }
    }
    Ok(counts.recall(model, n_cut_clusters))
}

/// Visits the pairs within clusters, the smaller row first; says how many clusters were cut.
pub(crate) fn each_in_clusters(cluster: &[u32], visit: &mut dyn FnMut(u32, u32)) -> u64 {
    let mut rows: Vec<(u32, u32)> = (0..).zip(cluster).map(|(row, first)| (*first, row)).collect();
    rows.sort_unstable();
    let mut n_cut = 0;
    for members in rows.chunk_by(|a, b| a.0 == b.0) {
        n_cut += u64::from(members.len() > MOST_ROWS);
        let members = &members[..members.len().min(MOST_ROWS)];
        for (at, (_, left)) in members.iter().enumerate() {
            members[at + 1..].iter().for_each(|(_, right)| visit(*left, *right));
        }
    }
    n_cut
}

/// Sums over matched pairs.
struct Counts {
    blocks: Blocks,
    /// The rules that a limit of rows may keep from a pair, without this limit.
    open: Blocks,
    /// For each rule its place among these.
    open_at: Vec<Option<usize>>,
    rules: Vec<RuleRecall>,
    reached: f64,
    unreached: f64,
    /// For each set of rules that reach a pair, how many pairs; sets are lists of rules, rising.
    sets: std::collections::BTreeMap<Vec<usize>, f64>,
}

impl Counts {
    fn new(table: &Table, rules: &[BlockRule]) -> Self {
        let blocks = Blocks::new(table, rules, &mut |_| {});
        let mut open = Vec::new();
        let open_at = rules.iter().zip(&blocks.reports).map(|(rule, report)| {
            let is_limited = report.capped != Capped::default() || !rule.refine.is_empty();
            is_limited.then(|| {
                open.push(BlockRule { most_rows: u32::MAX, ..rule.clone() });
                open.len() - 1
            })
        });
        let open_at = open_at.collect();
        let named = |(rule, report): (&BlockRule, &crate::BlockReport)| RuleRecall {
            name: rule.name.clone(),
            capped: report.capped,
            ..RuleRecall::default()
        };
        Self {
            rules: rules.iter().zip(&blocks.reports).map(named).collect(),
            blocks,
            open: Blocks::new(table, &open, &mut |_| {}),
            open_at,
            reached: 0.0,
            unreached: 0.0,
            sets: std::collections::BTreeMap::new(),
        }
    }

    /// Adds a matched pair; without a weight it is one of a cluster.
    fn add(&mut self, left: u32, right: u32, weight: Option<f64>) {
        let counts_as = weight.unwrap_or(1.0);
        let in_cluster = u64::from(weight.is_none());
        let reaches = |rule: &usize| self.blocks.met.shares(left, right, *rule);
        let set: Vec<usize> = (0..self.rules.len()).filter(reaches).collect();
        for (at, rule) in self.rules.iter_mut().enumerate() {
            let is_hot = |open: usize| self.open.met.shares(left, right, open);
            if !set.contains(&at) && self.open_at[at].is_some_and(is_hot) {
                rule.hot += counts_as;
            }
        }
        for at in &set {
            self.rules[*at].reached += counts_as;
            self.rules[*at].n_in_clusters += in_cluster;
        }
        match set.as_slice() {
            [] if weight.is_none() => self.unreached += counts_as,
            // A rule has brought the pair together, though the model was another one then.
            [] => {}
            [only] => {
                self.reached += counts_as;
                self.rules[*only].only += counts_as;
                self.rules[*only].n_only_in_clusters += in_cluster;
            }
            _ => self.reached += counts_as,
        }
        *self.sets.entry(set).or_default() += counts_as;
    }

    fn recall(mut self, model: &Model, n_cut_clusters: u64) -> BlockingRecall {
        let known = self.reached + self.unreached;
        for rule in &mut self.rules {
            rule.share = rule.reached / known.max(f64::MIN_POSITIVE);
            rule.only_share = rule.only / known.max(f64::MIN_POSITIVE);
        }
        let chosen = independent(model, &self.rules);
        let caught = |of: &dyn Fn(&[usize]) -> bool| -> f64 {
            self.sets.iter().filter(|(set, _)| of(set)).map(|(_, n)| n).sum()
        };
        let lists: Vec<f64> = chosen.iter().map(|rule| caught(&|set| set.contains(rule))).collect();
        let distinct = caught(&|set| set.iter().any(|rule| chosen.contains(rule)));
        let total = recapture(&lists, distinct).filter(|n| n.high >= known);
        let total = total.map(|n| Estimate {
            value: n.value.max(known),
            low: n.low.max(known),
            high: n.high.max(known),
        });
        BlockingRecall {
            independent: chosen.iter().map(|rule| self.rules[*rule].name.clone()).collect(),
            rules: self.rules,
            reached: self.reached,
            unreached: self.unreached,
            total,
            recall: total.map(|n| Estimate {
                value: self.reached / n.value,
                low: self.reached / n.high,
                high: self.reached / n.low,
            }),
            n_cut_clusters,
        }
    }
}

/// Rules of which no two look at the same or at related columns: those with the fewest columns first, then those that
/// reach most.
fn independent(model: &Model, rules: &[RuleRecall]) -> Vec<usize> {
    let columns: Vec<Vec<&str>> = model.blocks.iter().map(|rule| related(model, rule)).collect();
    let mut order: Vec<usize> =
        (0..rules.len()).filter(|rule| rules[*rule].reached > 0.0).collect();
    order.sort_by(|a, b| {
        let n_keys = |rule: usize| model.blocks[rule].keys.len();
        n_keys(*a).cmp(&n_keys(*b)).then(rules[*b].reached.total_cmp(&rules[*a].reached))
    });
    let mut chosen: Vec<usize> = Vec::new();
    for rule in order {
        let apart =
            |other: &usize| !columns[*other].iter().any(|name| columns[rule].contains(name));
        if chosen.iter().all(apart) {
            chosen.push(rule);
        }
    }
    chosen.sort_unstable();
    chosen
}

/// The columns of a rule, and those whose evidence contains theirs or is contained in it.
fn related<'m>(model: &'m Model, rule: &'m BlockRule) -> Vec<&'m str> {
    let own: Vec<&str> =
        rule.keys.iter().flat_map(|key| &key.columns).map(String::as_str).collect();
    let mut all = own.clone();
    for field in &model.fields {
        for containment in &field.contained_in {
            let container = model.fields.iter().find(|other| other.name == containment.field);
            let Some(container) = container else { continue };
            let touches = |columns: &[String]| columns.iter().any(|name| own.contains(&&**name));
            if touches(&field.columns) || touches(&container.columns) {
                all.extend(field.columns.iter().chain(&container.columns).map(String::as_str));
            }
        }
    }
    all
}

/// How many there are in all, by how many each of some independent lists has and how many they have together.
///
/// Source: two lists, Chapman (1951) with Seber's variance (1970); more, the maximum likelihood of Darroch, "The
/// multiple-recapture census I" (1958), which is the log-linear model without interactions. The interval takes the
/// logarithm of the number missed as normal: Chao, "Estimating the population size for capture-recapture data" (1987).
fn recapture(lists: &[f64], distinct: f64) -> Option<Estimate> {
    let sum: f64 = lists.iter().sum();
    let twice = sum - distinct;
    if lists.len() < 2 || twice <= 1e-9 {
        return None;
    }
    let (all, variance) = if let [a, b] = lists {
        let all = (a + 1.0) * (b + 1.0) / (twice + 1.0) - 1.0;
        let rest = (a - twice).max(0.0) * (b - twice).max(0.0);
        let variance = (a + 1.0) * (b + 1.0) * rest / ((twice + 1.0).powi(2) * (twice + 2.0));
        (all, variance)
    } else {
        darroch(lists, distinct)
    };
    let missed = (all - distinct).max(0.0);
    if missed < 1e-9 {
        return Some(Estimate::exact(distinct));
    }
    let spread = (Z * (variance / missed.powi(2)).ln_1p().sqrt()).exp();
    Some(Estimate {
        value: distinct + missed,
        low: distinct + missed / spread,
        high: distinct + missed * spread,
    })
}

/// Number and variance for lists that are independent of each other.
fn darroch(lists: &[f64], distinct: f64) -> (f64, f64) {
    let none = |all: f64| lists.iter().map(|n| (1.0 - n / all).max(0.0)).product::<f64>();
    let surplus = |all: f64| all - distinct - all * none(all);
    let (mut low, mut high) = (distinct, distinct * 2.0);
    while surplus(high) < 0.0 && high < distinct * 1e9 {
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if surplus(middle) < 0.0 { low = middle } else { high = middle }
    }
    let all = f64::midpoint(low, high);
    let missed_by: Vec<f64> = lists.iter().map(|n| 1.0 - n / all).collect();
    if missed_by.iter().any(|share| *share < 1e-9) {
        return (all, 0.0);
    }
    let n_lists = crate::estimate::float(lists.len() as u64);
    let curvature = 1.0 / missed_by.iter().product::<f64>() + n_lists
        - 1.0
        - missed_by.iter().map(|share| 1.0 / share).sum::<f64>();
    (all, all / curvature.max(1e-9))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recapture_finds_the_number_again() {
        // Two lists: 1000 in all, caught with 0.8 and 0.5.
        let two = recapture(&[800.0, 500.0], 900.0).unwrap();
        assert!((two.value - 1000.0).abs() < 1.0 && two.low < 1000.0 && two.high > 1000.0);
        // Three: 0.8, 0.5 and 0.4 leave 0.06 of them uncaught.
        let three = recapture(&[800.0, 500.0, 400.0], 940.0).unwrap();
        assert!((three.value - 1000.0).abs() < 1.0, "{three:?}");
        assert!(three.low > 960.0 && three.high < 1050.0 && three.low < three.high);
    }

    #[test]
    fn rules_that_fail_together_estimate_nothing() {
        // Four rows of one child; two rules reach all pairs but those with the last row, which somebody has joined.
        let column = |name: &str, texts: [&str; 4]| crate::Column::new(name, texts);
        let columns = vec![column("a", ["1", "1", "1", "2"]), column("b", ["3", "3", "3", "4"])];
        let table = Table::new(columns, Vec::new()).unwrap();
        let rule = |name: &str| BlockRule {
            name: name.to_owned(),
            keys: vec![crate::BlockKey {
                columns: vec![name.to_owned()],
                transform: crate::Transform::Whole,
            }],
            refine: Vec::new(),
            most_rows: 100,
        };
        let guessed = crate::guess(&table).model;
        let model = Model {
            fields: Vec::new(),
            identity: None,
            blocks: ["a", "b"].map(rule).to_vec(),
            ..guessed
        };
        let linkage = Linkage { cluster: vec![0; 4], ..Linkage::default() };
        let found = blocking_recall(&table, &model, &linkage).unwrap();
        assert!((found.reached - 3.0).abs() < 1e-9 && (found.unreached - 3.0).abs() < 1e-9);
        assert_eq!((found.total, found.recall), (None, None));
    }

    #[test]
    fn lists_that_never_meet_say_nothing() {
        assert_eq!(recapture(&[10.0, 10.0], 20.0), None);
        assert_eq!(recapture(&[10.0], 10.0), None);
    }
}
