//! The keys of all rows, kept so that rows can come and go.

use std::collections::HashSet;

use rayon::prelude::*;

use super::{Entry, Keys, Part, RowBits, Sorter, entries, finer_key, push_entries};
use crate::{BlockReport, BlockRule, LinkError, Table};

/// The keys of all rows under all rules.
pub(crate) struct Index {
    rules: Vec<BlockRule>,
    of: Vec<RuleIndex>,
    bits: RowBits,
}

/// The keys of all rows under one rule.
#[derive(Default)]
struct RuleIndex {
    /// Key and row, rising.
    entries: Vec<Entry>,
    /// The rows under keys that too many share: that key, then the finer key and the row, rising. Empty without a finer key.
    finer: Vec<(u64, Entry)>,
}

/// What rows that came and went have touched.
#[derive(Default)]
pub(crate) struct Touched {
    /// Pairs that are reached now and perhaps were not before, the smaller row first, rising.
    pub(crate) candidates: Vec<(u32, u32)>,
    /// Rows that stood together under a key that too many rows share now: pairs among them may be reached no more.
    pub(crate) doubted: Vec<u32>,
}

/// How the rows under a key are paired.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pairing {
    All,
    Finer,
    None,
}

impl Index {
    pub(crate) fn new(table: &Table, rules: &[BlockRule], gone: &[bool]) -> Self {
        let bits = RowBits::of(table.n_rows());
        let keys = Keys::new(table, rules);
        let is_gone = |row: u32| gone.get(row as usize) == Some(&true);
        let of = rules.iter().map(|rule| {
            let mut sorter = Sorter::default();
            entries(&keys, bits, rule, &mut sorter);
            let mut entries = sorter.entries;
            entries.retain(|entry| !is_gone(entry.row(bits)));
            let refine: Vec<Part<'_>> = rule.refine.iter().map(|key| keys.part(key)).collect();
            let mut index = RuleIndex { entries, finer: Vec::new() };
            for group in index.entries.chunk_by(|a, b| a.same_key(*b, bits)) {
                if pairing(rule, group.len()) == Pairing::Finer {
                    let finer = |entry: &Entry| finer(&refine, *entry, entry.row(bits), bits);
                    index.finer.extend(group.iter().filter_map(finer));
                }
            }
            index.finer.par_sort_unstable();
            index
        });
        Self { of: of.collect(), rules: rules.to_vec(), bits }
    }

    /// Whether so many rows can be told apart.
    pub(crate) fn holds(&self, n_rows: u32) -> Result<(), LinkError> {
        let fits = u64::from(n_rows) <= self.bits.most();
        if fits { Ok(()) } else { Err(LinkError::Rows(n_rows as usize)) }
    }

    /// Takes out rows and puts in others; `table` has the cells of both.
    pub(crate) fn update(&mut self, table: &Table, gone: &[u32], come: &[u32]) -> Touched {
        let bits = self.bits;
        let leaving: HashSet<u32> = gone.iter().copied().collect();
        let (old, new) = (Rows::new(table, gone), Rows::new(table, come));
        let (old, new) = (old.keys(&self.rules), new.keys(&self.rules));
        let touched = |(rule, index): (&BlockRule, &mut RuleIndex)| {
            let step = Step { table, rule, bits, leaving: &leaving };
            step.apply(index, &old.entries(rule, bits), &new.entries(rule, bits))
        };
        let each: Vec<Touched> = self.rules.par_iter().zip(&mut self.of).map(touched).collect();
        let mut all = Touched::default();
        for touched in each {
            all.candidates.extend(touched.candidates);
            all.doubted.extend(touched.doubted);
        }
        all.candidates.par_sort_unstable();
        all.candidates.dedup();
        all
    }

    /// Which of some pairs a rule reaches.
    pub(crate) fn reaches(&self, table: &Table, pairs: &[(u32, u32)]) -> Vec<bool> {
        let mut rows: Vec<u32> = pairs.iter().flat_map(|(l, r)| [*l, *r]).collect();
        rows.sort_unstable();
        rows.dedup();
        let rows = Rows::new(table, &rows);
        let keys = rows.keys(&self.rules);
        pairs
            .iter()
            .map(|pair| {
                let mut rules = self.rules.iter().zip(&self.of);
                rules.any(|(rule, index)| index.reaches(rule, self.bits, &keys, *pair))
            })
            .collect()
    }

    /// What each rule gives.
    pub(crate) fn reports(&self) -> Vec<BlockReport> {
        self.rules.iter().zip(&self.of).map(|(rule, index)| index.report(rule, self.bits)).collect()
    }
}

const fn pairing(rule: &BlockRule, n: usize) -> Pairing {
    if n <= rule.most_rows as usize {
        Pairing::All
    } else if rule.refine.is_empty() {
        Pairing::None
    } else {
        Pairing::Finer
    }
}

fn finer(refine: &[Part<'_>], entry: Entry, place: u32, bits: RowBits) -> Option<(u64, Entry)> {
    let key = finer_key(refine, place, entry.key(bits))?;
    Some((entry.key(bits), Entry::new(key, entry.row(bits), bits)))
}

/// Some rows of a table as a table of their own.
struct Rows<'r> {
    rows: &'r [u32],
    table: Table,
}

impl<'r> Rows<'r> {
    /// `rows` must rise.
    fn new(table: &Table, rows: &'r [u32]) -> Self {
        Self { rows, table: table.select(rows) }
    }

    fn keys(&self, rules: &[BlockRule]) -> RowKeys<'_> {
        RowKeys { rows: self.rows, keys: Keys::new(&self.table, rules) }
    }
}

/// Their keys.
struct RowKeys<'r> {
    rows: &'r [u32],
    keys: Keys<'r>,
}

impl RowKeys<'_> {
    fn parts(&self, keys: &[crate::BlockKey]) -> Vec<Part<'_>> {
        keys.iter().map(|key| self.keys.part(key)).collect()
    }

    /// Key and row, rising.
    fn entries(&self, rule: &BlockRule, bits: RowBits) -> Vec<Entry> {
        let parts = self.parts(&rule.keys);
        let mut entries = Vec::with_capacity(self.rows.len());
        for (place, row) in (0..).zip(self.rows) {
            push_entries(&parts, place, |key| Entry::new(key, *row, bits), &mut entries);
        }
        entries.sort_unstable();
        entries
    }

    /// The entries of one of the rows.
    fn of(&self, rule: &BlockRule, bits: RowBits, row: u32) -> Vec<Entry> {
        let mut entries = Vec::new();
        if let Ok(place) = self.rows.binary_search(&row)
            && let Ok(place) = u32::try_from(place)
        {
            let parts = self.parts(&rule.keys);
            push_entries(&parts, place, |key| Entry::new(key, row, bits), &mut entries);
        }
        entries
    }

    fn finer(&self, rule: &BlockRule, bits: RowBits, entry: Entry) -> Option<(u64, Entry)> {
        let place = u32::try_from(self.rows.binary_search(&entry.row(bits)).ok()?).ok()?;
        finer(&self.parts(&rule.refine), entry, place, bits)
    }
}

impl RuleIndex {
    fn reaches(
        &self,
        rule: &BlockRule,
        bits: RowBits,
        keys: &RowKeys<'_>,
        (left, right): (u32, u32),
    ) -> bool {
        let (lefts, rights) = (keys.of(rule, bits, left), keys.of(rule, bits, right));
        lefts.into_iter().any(|l| {
            let Some(r) = rights.iter().find(|r| r.same_key(l, bits)) else { return false };
            match pairing(rule, under(&self.entries, |e| e.key(bits), l.key(bits)).len()) {
                Pairing::All => true,
                Pairing::None => false,
                Pairing::Finer => {
                    let finer = |entry| Some(finer_of(keys.finer(rule, bits, entry)?, bits));
                    let (Some(a), Some(b)) = (finer(l), finer(*r)) else { return false };
                    a == b
                        && under(&self.finer, |e| finer_of(*e, bits), a).len()
                            <= rule.most_rows as usize
                }
            }
        })
    }

    fn report(&self, rule: &BlockRule, bits: RowBits) -> BlockReport {
        let mut report = BlockReport::new(rule);
        let mut n_refined = 0;
        for group in self.entries.chunk_by(|a, b| a.same_key(*b, bits)) {
            if pairing(rule, group.len()) == Pairing::Finer {
                n_refined += group.len() as u64;
            } else {
                report.count(group.len(), rule);
            }
        }
        report.capped.n_rows += n_refined - self.finer.len() as u64;
        for group in self.finer.chunk_by(|a, b| finer_of(*a, bits) == finer_of(*b, bits)) {
            report.count(group.len(), rule);
        }
        report
    }
}

/// The key under which an entry of the finer list stands.
const fn finer_of((key, entry): (u64, Entry), bits: RowBits) -> (u64, u64) {
    (key, entry.key(bits))
}

/// The entries under a key.
fn under<T, K: Ord + Copy>(sorted: &[T], key: impl Fn(&T) -> K, wanted: K) -> &[T] {
    let from = sorted.partition_point(|entry| key(entry) < wanted);
    let n = sorted[from..].partition_point(|entry| key(entry) <= wanted);
    &sorted[from..from + n]
}

/// Rows that come and go under one rule.
struct Step<'s> {
    table: &'s Table,
    rule: &'s BlockRule,
    bits: RowBits,
    leaving: &'s HashSet<u32>,
}

impl Step<'_> {
    fn apply(&self, index: &mut RuleIndex, gone: &[Entry], come: &[Entry]) -> Touched {
        let bits = self.bits;
        let mut touched = Touched::default();
        let after = merged(&index.entries, gone, come);
        let before = std::mem::replace(&mut index.entries, after);
        let mut keys: Vec<u64> = gone.iter().chain(come).map(|entry| entry.key(bits)).collect();
        keys.sort_unstable();
        keys.dedup();
        let key = |entry: &Entry| entry.key(bits);
        let (mut refined, mut unrefined) = (Vec::new(), HashSet::new());
        for wanted in keys {
            let was = under(&before, key, wanted);
            let is = under(&index.entries, key, wanted);
            let new = under(come, key, wanted);
            match (pairing(self.rule, was.len()), pairing(self.rule, is.len())) {
                (Pairing::All, Pairing::All) => self.pair(&mut touched, is, new),
                (Pairing::Finer | Pairing::None, Pairing::All) => {
                    unrefined.insert(wanted);
                    self.pair(&mut touched, is, is);
                }
                (Pairing::All, Pairing::Finer) => {
                    touched.doubted.extend(was.iter().map(|entry| entry.row(bits)));
                    refined.extend(is);
                }
                (Pairing::All, Pairing::None) => {
                    touched.doubted.extend(was.iter().map(|entry| entry.row(bits)));
                }
                (Pairing::Finer, Pairing::Finer) => refined.extend(new),
                (Pairing::None, _) | (_, Pairing::None) => {}
            }
        }
        self.refine(index, (&refined, &unrefined), &mut touched);
        touched
    }

    /// Puts rows under finer keys and takes others out.
    fn refine(
        &self,
        index: &mut RuleIndex,
        (refined, unrefined): (&[Entry], &HashSet<u64>),
        touched: &mut Touched,
    ) {
        let bits = self.bits;
        if refined.is_empty() && unrefined.is_empty() && self.leaving.is_empty() {
            return;
        }
        let mut rows: Vec<u32> = refined.iter().map(|entry| entry.row(bits)).collect();
        rows.sort_unstable();
        rows.dedup();
        let rows = Rows::new(self.table, &rows);
        let keys = rows.keys(std::slice::from_ref(self.rule));
        let mut come: Vec<(u64, Entry)> =
            refined.iter().filter_map(|entry| keys.finer(self.rule, bits, *entry)).collect();
        come.sort_unstable();
        let leaves = |(key, entry): &(u64, Entry)| {
            unrefined.contains(key) || self.leaving.contains(&entry.row(bits))
        };
        let gone: Vec<(u64, Entry)> = index.finer.iter().copied().filter(leaves).collect();
        let after = merged(&index.finer, &gone, &come);
        let before = std::mem::replace(&mut index.finer, after);
        let key = |entry: &(u64, Entry)| finer_of(*entry, bits);
        let mut touched_keys: Vec<(u64, u64)> = gone.iter().chain(&come).map(key).collect();
        touched_keys.sort_unstable();
        touched_keys.dedup();
        let most = self.rule.most_rows as usize;
        let bare = |entries: &[(u64, Entry)]| -> Vec<Entry> {
            entries.iter().map(|(_, entry)| *entry).collect()
        };
        for wanted in touched_keys {
            let was = under(&before, key, wanted);
            let is = bare(under(&index.finer, key, wanted));
            match (was.len() <= most, is.len() <= most) {
                (true, true) => self.pair(touched, &is, &bare(under(&come, key, wanted))),
                (true, false) => {
                    touched.doubted.extend(was.iter().map(|(_, entry)| entry.row(bits)));
                }
                (false, true) => self.pair(touched, &is, &is),
                (false, false) => {}
            }
        }
    }

    /// Every one of `some` with every one of `all`.
    fn pair(&self, touched: &mut Touched, all: &[Entry], some: &[Entry]) {
        for one in some {
            let one = one.row(self.bits);
            let others = all.iter().map(|entry| entry.row(self.bits));
            let pairs = others.filter(|other| *other != one);
            touched.candidates.extend(pairs.map(|other| (one.min(other), one.max(other))));
        }
    }
}

/// A sorted list without some of its entries and with others; both are sorted.
fn merged<T: Copy + Ord>(list: &[T], gone: &[T], come: &[T]) -> Vec<T> {
    let mut all = Vec::with_capacity(list.len() + come.len() - gone.len().min(list.len()));
    let (mut gone, mut come) = (gone.iter().peekable(), come.iter().peekable());
    for entry in list {
        while let Some(new) = come.next_if(|new| *new < entry) {
            all.push(*new);
        }
        while gone.next_if(|old| *old < entry).is_some() {}
        if gone.peek() != Some(&entry) {
            all.push(*entry);
        }
    }
    all.extend(come);
    all
}
