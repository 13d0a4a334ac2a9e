//! Which pairs are looked at.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::{
    BlockKey, BlockReport, BlockRule, Capped, Table,
    prepare::{hash, mix},
    table::Column,
};

/// A cell with more alternatives than this has no identity worth a key.
const MOST_KEYS: usize = 64;

/// One rule over the whole table, by rank.
pub(crate) struct Block {
    /// Ranks in the order of their keys.
    members: Vec<u32>,
    /// `members[groups[g]..groups[g + 1]]` share one key.
    groups: Vec<u32>,
    /// `of_rank[starts[rank]..starts[rank + 1]]` are the groups of a rank.
    starts: Vec<u32>,
    of_rank: Vec<u32>,
}

/// All rules, and what each of them gives.
pub(crate) fn blocks(
    table: &Table,
    order: &[u32],
    rules: &[BlockRule],
) -> Vec<(Block, BlockReport)> {
    rules.par_iter().map(|rule| Block::new(table, order, rule)).collect()
}

/// The ranks above `left` that some rule puts beside it, each once, in rising order.
pub(crate) fn candidates(blocks: &[Block], left: u32, into: &mut Vec<u32>) {
    into.clear();
    for block in blocks {
        for group in block.groups_of(left) {
            let members = block.members_of(*group);
            let above = members.partition_point(|rank| *rank <= left);
            into.extend(&members[above..]);
        }
    }
    into.sort_unstable();
    into.dedup();
}

impl Block {
    fn new(table: &Table, order: &[u32], rule: &BlockRule) -> (Self, BlockReport) {
        let entries = entries(table, order, rule);
        let n_rows = order.len();
        let mut report = BlockReport {
            name: rule.name.clone(),
            n_keys: 0,
            n_pairs: 0,
            capped: Capped::default(),
        };
        let mut block =
            Self { members: Vec::new(), groups: vec![0], starts: Vec::new(), of_rank: Vec::new() };
        for group in entries.chunk_by(|a, b| a.0 == b.0) {
            let n = group.len() as u64;
            if n < 2 {
                continue;
            }
            report.n_keys += 1;
            if n > u64::from(rule.most_rows) {
                report.capped.n_keys += 1;
                report.capped.n_rows += n;
                continue;
            }
            report.n_pairs += n * (n - 1) / 2;
            block.members.extend(group.iter().map(|(_, rank)| rank));
            block.groups.push(u32::try_from(block.members.len()).unwrap_or(u32::MAX));
        }
        block.index(n_rows);
        (block, report)
    }

    /// Lists the groups of each rank by counting.
    fn index(&mut self, n_rows: usize) {
        let mut starts = vec![0u32; n_rows + 1];
        for rank in &self.members {
            starts[*rank as usize + 1] += 1;
        }
        for at in 0..n_rows {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        self.of_rank = vec![0; self.members.len()];
        for group in 0..self.groups.len() - 1 {
            let number = u32::try_from(group).unwrap_or(u32::MAX);
            for at in self.groups[group]..self.groups[group + 1] {
                let slot = &mut next[self.members[at as usize] as usize];
                self.of_rank[*slot as usize] = number;
                *slot += 1;
            }
        }
        self.starts = starts;
    }

    fn groups_of(&self, rank: u32) -> &[u32] {
        let rank = rank as usize;
        &self.of_rank[self.starts[rank] as usize..self.starts[rank + 1] as usize]
    }

    /// Ranks under one key, rising.
    fn members_of(&self, group: u32) -> &[u32] {
        let group = group as usize;
        &self.members[self.groups[group] as usize..self.groups[group + 1] as usize]
    }
}

/// Key and rank of every row, sorted, each once.
fn entries(table: &Table, order: &[u32], rule: &BlockRule) -> Vec<(u64, u32)> {
    let parts: Vec<Part<'_>> = rule.keys.iter().map(|key| Part::new(table, key)).collect();
    let mut entries = Vec::new();
    let mut keys: Vec<u64> = Vec::new();
    for (rank, row) in order.iter().enumerate() {
        keys.clear();
        keys.push(0);
        for part in &parts {
            keys = part.extend(*row, &keys);
            if keys.is_empty() {
                break;
            }
        }
        keys.sort_unstable();
        keys.dedup();
        if keys.len() <= MOST_KEYS {
            let rank = u32::try_from(rank).unwrap_or(u32::MAX);
            entries.extend(keys.iter().map(|key| (*key, rank)));
        }
    }
    entries.par_sort_unstable();
    entries
}

/// One part of a key: for each distinct text of each column the hashes of its key texts.
struct Part<'t> {
    columns: Vec<(&'t Column, Vec<Box<[u64]>>)>,
}

impl<'t> Part<'t> {
    fn new(table: &'t Table, key: &BlockKey) -> Self {
        let columns = key
            .columns
            .iter()
            .filter_map(|name| table.column(name))
            .map(|column| {
                let mut known: HashMap<String, u64> = HashMap::new();
                let mut hashed = |text: &String| -> Box<[u64]> {
                    let keys = key.transform.keys(text);
                    keys.into_iter()
                        .map(|text| {
                            *known.entry(text).or_insert_with_key(|text| hash(text.as_bytes()))
                        })
                        .collect()
                };
                (column, column.texts().iter().map(&mut hashed).collect())
            })
            .collect();
        Self { columns }
    }

    /// Every key so far with every value of this part.
    fn extend(&self, row: u32, keys: &[u64]) -> Vec<u64> {
        let mut out = Vec::new();
        for (column, hashes) in &self.columns {
            for hash in &hashes[column.values()[row as usize] as usize] {
                out.extend(keys.iter().map(|key| mix(key ^ hash)));
            }
        }
        out
    }
}
