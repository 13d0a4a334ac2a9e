//! Which pairs are looked at: rule by rule, each pair at the first rule that reaches it.

mod index;
mod met;

use std::{collections::HashMap, ops::Range};

use rayon::prelude::*;

use crate::{
    BlockKey, BlockReport, BlockRule, Capped, Table, Transform, comparator::name::Parser,
    prepare::mix, table::Column,
};

pub(crate) use index::Index;
pub(crate) use met::{Met, MetBatch};

/// A cell with more alternatives than this has no identity worth a key.
const MOST_KEYS: usize = 64;

/// The groups of one rule: rows that share a key.
pub(crate) struct Groups {
    members: Vec<u32>,
    /// Where each group ends in `members`.
    ends: Vec<u32>,
}

impl Groups {
    pub(crate) const fn len(&self) -> usize {
        self.ends.len()
    }

    /// The rows of one group, rising.
    pub(crate) fn members(&self, group: usize) -> &[u32] {
        self.all_members(group..group + 1)
    }

    /// The rows of some groups, one group after the other.
    pub(crate) fn all_members(&self, groups: Range<usize>) -> &[u32] {
        let end = |before: usize| before.checked_sub(1).map_or(0, |at| self.ends[at] as usize);
        &self.members[end(groups.start)..end(groups.end)]
    }
}

/// The groups of all rules, and in which of them every row stands.
pub(crate) struct Blocks {
    pub(crate) rules: Vec<Groups>,
    pub(crate) met: Met,
    pub(crate) reports: Vec<BlockReport>,
}

impl Blocks {
    /// Puts all rows under the keys of the rules. `step` is told how many rules are done.
    pub(crate) fn new(table: &Table, rules: &[BlockRule], step: &mut dyn FnMut(usize)) -> Self {
        Self::of(table, rules, &[], step)
    }

    /// As [`new`](Self::new), without the rows that are gone; `gone` has one entry per row, or none.
    pub(crate) fn of(
        table: &Table,
        rules: &[BlockRule],
        gone: &[bool],
        step: &mut dyn FnMut(usize),
    ) -> Self {
        let keys = Keys::new(table, rules);
        let mut blocks = Self {
            rules: Vec::with_capacity(rules.len()),
            met: Met::new(table.n_rows(), rules.len()),
            reports: Vec::with_capacity(rules.len()),
        };
        // As many rules at once as there are cores: more would only take memory. What sorting needs serves the next ones.
        let n_threads = rayon::current_num_threads();
        let mut sorters: Vec<Sorter> = (0..n_threads).map(|_| Sorter::default()).collect();
        for rules in rules.chunks(n_threads) {
            step(blocks.rules.len());
            let groups = |(rule, sorter)| groups(&keys, gone, rule, sorter);
            let made: Vec<(Groups, BlockReport)> =
                rules.par_iter().zip(&mut sorters).map(groups).collect();
            for (groups, report) in made {
                blocks.met.add(blocks.rules.len(), &groups);
                blocks.rules.push(groups);
                blocks.reports.push(report);
            }
        }
        step(rules.len());
        blocks
    }
}

/// What rules would give, by counting their keys; no pair is looked at.
pub(crate) fn reports(table: &Table, rules: &[BlockRule]) -> Vec<BlockReport> {
    let keys = Keys::new(table, rules);
    let report = |sorter: &mut Sorter, rule| groups(&keys, &[], rule, sorter).1;
    rules.par_iter().map_init(Sorter::default, report).collect()
}

/// The digests of the keys of every distinct text, for the columns and transforms of a model. Rules share them.
struct Keys<'t> {
    table: &'t Table,
    of: HashMap<(&'t str, Transform), KeysOf>,
}

/// For each distinct text of a column its key, 0 for none; texts with several keys stand in `many` instead.
struct KeysOf {
    one: Vec<u64>,
    many: HashMap<u32, Box<[u64]>>,
}

impl<'t> Keys<'t> {
    fn new(table: &'t Table, rules: &[BlockRule]) -> Self {
        let parts = rules.iter().flat_map(|rule| rule.keys.iter().chain(&rule.refine));
        let mut wanted: Vec<(&'t Column, Transform)> = Vec::new();
        for part in parts {
            for column in part.columns.iter().filter_map(|name| table.column(name)) {
                if !wanted.iter().any(|(c, t)| c.name() == column.name() && *t == part.transform) {
                    wanted.push((column, part.transform));
                }
            }
        }
        let of = wanted
            .into_par_iter()
            .map(|(column, transform)| ((column.name(), transform), KeysOf::new(column, transform)))
            .collect();
        Self { table, of }
    }

    fn part(&self, key: &BlockKey) -> Part<'_> {
        let columns = key.columns.iter().filter_map(|name| {
            let column = self.table.column(name)?;
            Some((column.values(), self.of.get(&(column.name(), key.transform))?))
        });
        Part { columns: columns.collect() }
    }
}

impl KeysOf {
    fn new(column: &Column, transform: Transform) -> Self {
        let mut parser = Parser::default();
        let mut keys = Vec::new();
        let mut of = Self { one: Vec::with_capacity(column.texts().len()), many: HashMap::new() };
        for (number, text) in (0..).zip(column.texts().iter()) {
            keys.clear();
            transform.keys(text, &mut parser, &mut keys);
            keys.sort_unstable();
            keys.dedup();
            of.one.push(match keys.as_slice() {
                [] => 0,
                [key] => (*key).max(1),
                several => {
                    of.many.insert(number, several.into());
                    0
                }
            });
        }
        of
    }

    fn of(&self, text: u32) -> &[u64] {
        let one = std::slice::from_ref(&self.one[text as usize]);
        match one {
            [0] => self.many.get(&text).map_or(&[], |keys| keys),
            _ => one,
        }
    }
}

/// One part of a key: its columns' values by row, with the keys of their texts.
struct Part<'k> {
    columns: Vec<(&'k [u32], &'k KeysOf)>,
}

impl Part<'_> {
    /// The only key of a row, 0 for none, `None` when there may be several.
    fn one(&self, row: u32) -> Option<u64> {
        let [(values, keys)] = self.columns.as_slice() else { return None };
        let text = values[row as usize];
        match keys.one[text as usize] {
            0 if !keys.many.is_empty() && keys.many.contains_key(&text) => None,
            key => Some(key),
        }
    }

    /// Every key so far with every key of this part.
    fn extend(&self, row: u32, keys: &[u64]) -> Vec<u64> {
        let mut all = Vec::new();
        for (values, of) in &self.columns {
            for key in of.of(values[row as usize]) {
                all.extend(keys.iter().map(|before| mix(before ^ key)));
            }
        }
        all
    }
}

/// The groups of one rule, and what it gives.
fn groups(
    keys: &Keys<'_>,
    gone: &[bool],
    rule: &BlockRule,
    sorter: &mut Sorter,
) -> (Groups, BlockReport) {
    let bits = RowBits::of(keys.table.n_rows());
    entries(keys, bits, rule, sorter);
    let entries = &mut sorter.entries;
    if !gone.is_empty() {
        entries.retain(|entry| !gone[entry.row(bits) as usize]);
    }
    let refine: Vec<Part<'_>> = rule.refine.iter().map(|key| keys.part(key)).collect();
    let mut report = BlockReport::new(rule);
    let mut groups = Groups { members: Vec::with_capacity(entries.len()), ends: Vec::new() };
    let mut finer = Vec::new();
    for group in entries.chunk_by(|a, b| a.same_key(*b, bits)) {
        if group.len() <= rule.most_rows as usize || refine.is_empty() {
            groups.push(group, bits, rule, &mut report);
            continue;
        }
        finer.clear();
        finer.extend(group.iter().filter_map(|entry| {
            let row = entry.row(bits);
            Some(Entry::new(finer_key(&refine, row, entry.key(bits))?, row, bits))
        }));
        report.capped.n_rows += (group.len() - finer.len()) as u64;
        finer.sort_unstable();
        for group in finer.chunk_by(|a, b| a.same_key(*b, bits)) {
            groups.push(group, bits, rule, &mut report);
        }
    }
    (groups, report)
}

/// The key of a row under a key that too many rows share.
fn finer_key(refine: &[Part<'_>], row: u32, key: u64) -> Option<u64> {
    let finer = |key, part: &Part<'_>| part.extend(row, &[key]).first().copied();
    refine.iter().try_fold(key, finer)
}

/// The upper bits of a key's digest and below them a row: half the memory of both in full, and sorted twice as fast. Two
/// keys that happen to agree in these bits (36 of them up to 268 million rows) make one group; all that costs is a few
/// pairs compared in vain.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry(u64);

/// How many bits of an entry are the row.
#[derive(Clone, Copy)]
struct RowBits(u32);

impl RowBits {
    fn of(n_rows: u32) -> Self {
        Self((u32::BITS - n_rows.leading_zeros()).max(28))
    }

    /// The most rows that entries of this kind can have.
    const fn most(self) -> u64 {
        (1 << self.0) - 1
    }
}

impl Entry {
    const fn new(key: u64, row: u32, bits: RowBits) -> Self {
        Self((key >> bits.0) << bits.0 | row as u64)
    }

    const fn key(self, bits: RowBits) -> u64 {
        self.0 >> bits.0
    }

    const fn same_key(self, other: Self, bits: RowBits) -> bool {
        (self.0 ^ other.0) >> bits.0 == 0
    }

    #[expect(clippy::cast_possible_truncation, reason = "a row has 32 bits")]
    const fn row(self, bits: RowBits) -> u32 {
        (self.0 & ((1 << bits.0) - 1)) as u32
    }
}

impl Groups {
    fn push(&mut self, group: &[Entry], bits: RowBits, rule: &BlockRule, report: &mut BlockReport) {
        if report.count(group.len(), rule) {
            self.members.extend(group.iter().map(|entry| entry.row(bits)));
            self.ends.push(u32::try_from(self.members.len()).unwrap_or(u32::MAX));
        }
    }
}

impl BlockReport {
    fn new(rule: &BlockRule) -> Self {
        Self { name: rule.name.clone(), n_keys: 0, n_pairs: 0, capped: Capped::default() }
    }

    /// Counts the rows under a key, and says whether they are paired.
    fn count(&mut self, n: usize, rule: &BlockRule) -> bool {
        let n = n as u64;
        if n < 2 {
            return false;
        }
        self.n_keys += 1;
        if n > u64::from(rule.most_rows) {
            self.capped.n_keys += 1;
            self.capped.n_rows += n;
            return false;
        }
        self.n_pairs += n * (n - 1) / 2;
        true
    }
}

/// Entries, and room to sort them.
#[derive(Default)]
struct Sorter {
    entries: Vec<Entry>,
    other: Vec<Entry>,
    /// Where the next entry of each digit goes.
    places: Vec<usize>,
}

/// Makes the key and row of every row, sorted, each once.
fn entries(keys: &Keys<'_>, bits: RowBits, rule: &BlockRule, sorter: &mut Sorter) {
    let parts: Vec<Part<'_>> = rule.keys.iter().map(|key| keys.part(key)).collect();
    let n_rows = keys.table.n_rows();
    sorter.entries.clear();
    sorter.entries.reserve(n_rows as usize);
    for row in 0..n_rows {
        push_entries(&parts, row, |key| Entry::new(key, row, bits), &mut sorter.entries);
    }
    sorter.sort(bits);
}

impl Sorter {
    /// Sorts entries of which the rows rise: by one digit of the key after the other, the lowest first.
    fn sort(&mut self, bits: RowBits) {
        const DIGIT: u32 = 12;
        let Self { entries, other, places } = self;
        places.resize(1 << DIGIT, 0);
        if entries.len() < 1 << DIGIT {
            entries.sort_unstable();
            return;
        }
        other.resize(entries.len(), Entry(0));
        for shift in (bits.0..u64::BITS).step_by(DIGIT as usize) {
            let digit = |entry: &Entry| (entry.0 >> shift & ((1 << DIGIT) - 1)) as usize;
            places.fill(0);
            for entry in entries.iter() {
                places[digit(entry)] += 1;
            }
            let mut at = 0;
            for place in places.iter_mut() {
                at += std::mem::replace(place, at);
            }
            for entry in entries.iter() {
                let place = &mut places[digit(entry)];
                other[*place] = *entry;
                *place += 1;
            }
            std::mem::swap(entries, other);
        }
    }
}

fn push_entries(
    parts: &[Part<'_>],
    row: u32,
    entry: impl Fn(u64) -> Entry,
    entries: &mut Vec<Entry>,
) {
    let mut one = Some(0);
    for part in parts {
        one = match (one, part.one(row)) {
            (_, Some(0)) => return,
            (Some(before), Some(key)) => Some(mix(before ^ key)),
            (None, _) | (_, None) => None,
        };
    }
    if let Some(key) = one {
        entries.push(entry(key));
        return;
    }
    let mut keys = vec![0];
    for part in parts {
        keys = part.extend(row, &keys);
    }
    keys.sort_unstable();
    keys.dedup();
    if keys.len() <= MOST_KEYS {
        entries.extend(keys.iter().map(|key| entry(*key)));
    }
}
