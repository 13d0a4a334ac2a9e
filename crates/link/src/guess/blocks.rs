//! The blocking rules of a guessed model: of all combinations of keys those that find the most matches for the fewest
//! pairs.
//!
//! Matches are imagined: each key fails as often as it does in registers of people, and where values are missing. Pairs
//! are counted in a sample of rows. Rules are taken one after the other, that which finds the most matches that no rule
//! before it found, for its price, until nothing is gained or the pairs are spent.

mod keys;

use super::{ColumnGuess, ColumnKind as Kind, look::Look};
use crate::{BlockKey, BlockRule, Table, Transform};
use keys::{Key, Sample};

/// A key that more rows share is left to the other rules.
const MOST_ROWS: u32 = 300;

/// A rule that finds fewer of the imagined matches beyond the others is left out.
const LEAST_GAIN: f64 = 0.0005;

/// Rules at most: each costs a sort of all rows, and memory for each row.
const fn most_rules(n_rows: u32) -> usize {
    if n_rows < 1_000_000 { 12 } else { 8 }
}

/// A combination of keys this cheap, in pairs for each row, is not made finer.
const CHEAP: f64 = 2.0;

/// The rules for the columns.
pub(super) fn blocks(table: &Table, looks: &[Look<'_>], columns: &[ColumnGuess]) -> Vec<BlockRule> {
    let keys = keys::keys(looks, columns);
    let sample = Sample::new(table, &keys);
    let n_rows = f64::from(table.n_rows());
    // Pairs for each row: all of a small table, as many as hands can carry of a large one.
    let mut left = (20.0 + 2e6 / n_rows.max(1.0)).min(400.0);
    let dearest = left / 3.0;
    let found = keys::imagined(&keys);
    let mut rules = combinations(&sample, &found, dearest);
    let mut covered = Matches::none();
    let mut chosen: Vec<Rule> = Vec::new();
    while chosen.len() < most_rules(table.n_rows()) {
        rules.retain(|rule| rule.price <= left && rule.found.beyond(&covered) >= LEAST_GAIN);
        let worth = |rule: &Rule| rule.found.beyond(&covered) / (1.0 + rule.price);
        let Some(best) = (0..rules.len())
            .max_by(|a, b| worth(&rules[*a]).total_cmp(&worth(&rules[*b])).then(b.cmp(a)))
        else {
            break;
        };
        let rule = rules.swap_remove(best);
        left -= rule.price;
        covered = covered.or(&rule.found);
        chosen.push(rule);
    }
    chosen.into_iter().map(|rule| rule.named(&keys)).collect()
}

/// The rule by which rows of one household are found: the guardian, and where he lives.
pub(super) fn relatives(looks: &[Look<'_>], columns: &[ColumnGuess]) -> Option<BlockRule> {
    let find = |kind: Kind| columns.iter().position(|c| c.is_used && c.kind == kind);
    let guardian = find(Kind::GuardianName)?;
    let is_chinese = looks[guardian].han >= 0.5;
    let key = |at: usize, transform: Transform| BlockKey {
        columns: vec![columns[at].column.clone()],
        transform,
    };
    let homes = [
        (Kind::RegionCode, Transform::Whole),
        (Kind::Place, Transform::Place),
        (Kind::Phone, Transform::Folded),
        (Kind::Address, Transform::Folded),
        (Kind::Town, Transform::Folded),
    ];
    let home = homes.iter().find_map(|(kind, transform)| Some(key(find(*kind)?, *transform)));
    let name = key(guardian, if is_chinese { Transform::Sound } else { Transform::Folded });
    let keys: Vec<BlockKey> = std::iter::once(name).chain(home).collect();
    let names: Vec<&str> = keys.iter().flat_map(|key| &key.columns).map(String::as_str).collect();
    Some(BlockRule { name: names.join(" + "), keys, refine: Vec::new(), most_rows: 60 })
}

/// A combination of keys.
struct Rule {
    keys: Vec<usize>,
    /// Pairs for each row.
    price: f64,
    found: Matches,
}

impl Rule {
    fn named(self, keys: &[Key]) -> BlockRule {
        let parts: Vec<&Key> = self.keys.iter().map(|at| &keys[*at]).collect();
        let names: Vec<&str> = parts.iter().map(|key| key.name.as_str()).collect();
        BlockRule {
            name: names.join(" + "),
            keys: parts.iter().map(|key| key.part.clone()).collect(),
            refine: Vec::new(),
            most_rows: MOST_ROWS,
        }
    }
}

/// All combinations of up to three keys of different columns that are not too dear. A cheap one is not made finer.
fn combinations(sample: &Sample, found: &[Matches], dearest: f64) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut open: Vec<Vec<usize>> = (0..found.len()).map(|at| vec![at]).collect();
    for size in 1..=3 {
        let mut dear = Vec::new();
        for keys in open {
            if has_cheap_part(&rules, &keys) {
                continue;
            }
            let (price, lost) = sample.price(&keys, MOST_ROWS);
            if price > CHEAP || lost > 0.02 {
                dear.push(keys.clone());
            }
            if price <= dearest && lost < 0.9 {
                let all = keys.iter().fold(Matches::all(), |all, at| all.and(&found[*at]));
                rules.push(Rule { keys, price, found: all.without(lost) });
            }
        }
        if size == 3 {
            break;
        }
        open = dear
            .iter()
            .flat_map(|keys| {
                let last = keys.last().copied().unwrap_or_default();
                (last + 1..found.len())
                    .filter(|at| keys.iter().all(|key| !sample.is_kindred(*key, *at)))
                    .map(|at| keys.iter().copied().chain([at]).collect())
            })
            .collect();
    }
    rules
}

/// Whether a part of the keys is a cheap rule that loses nothing: the whole finds no more.
fn has_cheap_part(rules: &[Rule], keys: &[usize]) -> bool {
    rules.iter().any(|rule| {
        rule.price <= CHEAP
            && rule.keys.len() < keys.len()
            && rule.keys.iter().all(|k| keys.contains(k))
    })
}

/// Which of the imagined matches are found: a bit for each.
#[derive(Clone)]
struct Matches(Vec<u64>);

impl Matches {
    const WORDS: usize = 64;

    fn none() -> Self {
        Self(vec![0; Self::WORDS])
    }

    fn all() -> Self {
        Self(vec![u64::MAX; Self::WORDS])
    }

    fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }

    fn or(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a | b).collect())
    }

    /// The share of all that is here and not there.
    fn beyond(&self, other: &Self) -> f64 {
        let n: u32 = self.0.iter().zip(&other.0).map(|(a, b)| (a & !b).count_ones()).sum();
        f64::from(n) / f64::from(u32::try_from(Self::WORDS).unwrap_or(1) * 64)
    }

    /// A share of the matches taken away, always the same ones: what lies under hot keys.
    fn without(mut self, share: f64) -> Self {
        let mut dice = keys::Dice(11);
        for word in &mut self.0 {
            for bit in 0..64 {
                if dice.roll() < share {
                    *word &= !(1 << bit);
                }
            }
        }
        self
    }
}
