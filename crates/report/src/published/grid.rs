//! A table with its sums as a network: hiding, and how far a hidden count can lie from what it is.
//!
//! A row or column whose counts add up to its sum is a node, a count an arc between its row and its column, a sum an arc the
//! other way. Another table with the same visible counts differs by a circulation over the hidden arcs, so that how far a
//! count can rise or fall is a maximal flow round it.

use std::collections::VecDeque;

use super::{SMALLEST, Shown, WIDTH};

/// Counts, then the sums as last row and last column.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    n_rows: usize,
    n_columns: usize,
    value: Vec<u32>,
    hidden: Vec<bool>,
}

impl Grid {
    /// The table with its sums; `None` when one is too large.
    pub(super) fn of(rows: &[&[u32]], n_columns: usize) -> Option<Self> {
        let mut value = Vec::new();
        let mut sums = vec![0_u32; n_columns + 1];
        for row in rows {
            let total = row.iter().try_fold(0_u32, |sum, count| sum.checked_add(*count))?;
            for (sum, count) in sums.iter_mut().zip(row.iter().chain([&total])) {
                *sum = sum.checked_add(*count)?;
            }
            value.extend(row.iter().chain([&total]));
        }
        value.extend(sums);
        let hidden = vec![false; value.len()];
        Some(Self { n_rows: rows.len() + 1, n_columns: n_columns + 1, value, hidden })
    }

    pub(super) fn shown(&self, row: usize, column: usize) -> Shown {
        let at = row * self.n_columns + column;
        if self.hidden[at] { Shown::Hidden } else { Shown::Count(self.value[at]) }
    }

    /// Hides small counts, and others until no hidden one can be told.
    pub(super) fn hide(&mut self) {
        for at in 0..self.value.len() {
            self.hidden[at] = (1..SMALLEST).contains(&self.value[at]);
        }
        while let Some(told) = self.told() {
            let Some(more) = self.partner(told) else { return };
            self.hidden[more] = true;
        }
    }

    /// A hidden count that can be told too nearly; one that stands alone in its row or column comes first, since it needs
    /// the least to be covered.
    fn told(&self) -> Option<usize> {
        let told = (0..self.value.len()).filter(|at| self.hidden[*at] && self.width(*at) < WIDTH);
        told.min_by_key(|at| !(self.is_alone(*at, true) || self.is_alone(*at, false)))
    }

    /// Whether no other count is hidden in the row or in the column of one.
    fn is_alone(&self, of: usize, in_row: bool) -> bool {
        let line = |at: usize| if in_row { at / self.n_columns } else { at % self.n_columns };
        !(0..self.value.len()).any(|at| at != of && self.hidden[at] && line(at) == line(of))
    }

    /// How far apart the values that a hidden count can have lie, as far as it matters.
    fn width(&self, at: usize) -> u32 {
        let rises = self.changes(at, true, WIDTH);
        let falls = self.changes(at, false, WIDTH);
        flow_of(&rises) + flow_of(&falls)
    }

    /// What to hide with a count that can be told: in the row or column in which it stands alone, then beside it, then
    /// elsewhere; of these a count before a sum, one that itself stands beside a hidden one, one that is not zero, and the
    /// smallest, since it is missed least.
    fn partner(&self, told: usize) -> Option<usize> {
        let row = |at: usize| at / self.n_columns;
        let column = |at: usize| at % self.n_columns;
        let (row_alone, column_alone) = (self.is_alone(told, true), self.is_alone(told, false));
        let key = |at: &usize| {
            let at = *at;
            let (in_row, in_column) = (row(at) == row(told), column(at) == column(told));
            let place = match (in_row, in_column) {
                (true, _) if row_alone => 0,
                (_, true) if column_alone => 0,
                (true, _) | (_, true) => 1,
                (false, false) => 2,
            };
            let is_sum = row(at) == self.n_rows - 1 || column(at) == self.n_columns - 1;
            // Of a count in the row, what matters is its column, and the other way round.
            let leads_nowhere = self.is_alone(at, !in_row);
            (place, is_sum, leads_nowhere, self.value[at] == 0, self.value[at])
        };
        (0..self.value.len()).filter(|at| !self.hidden[*at]).min_by_key(key)
    }

    /// The nodes of a count: from which to which its arc leads.
    fn arc(&self, at: usize) -> (usize, usize) {
        let (row, column) = (at / self.n_columns, at % self.n_columns);
        let (row_node, column_node) = (row, self.n_rows + column);
        let forward = (row == self.n_rows - 1) == (column == self.n_columns - 1);
        if forward { (row_node, column_node) } else { (column_node, row_node) }
    }

    /// How the hidden counts change when one rises or falls by as much as it can, up to a limit: the change of each count,
    /// that of the count itself first.
    pub(super) fn changes(&self, of: usize, rises: bool, limit: u32) -> Vec<(usize, i64)> {
        let (from, to) = self.arc(of);
        let (source, sink) = if rises { (to, from) } else { (from, to) };
        let limit = if rises { limit } else { limit.min(self.value[of]) };
        let mut change = vec![0_i64; self.value.len()];
        let mut done = 0_i64;
        while done < i64::from(limit) {
            let Some(path) = self.path(of, (source, sink), &change) else { break };
            let room = path.iter().map(|step| self.room(*step, &change)).min().unwrap_or(0);
            let step = room.min(i64::from(limit) - done);
            for (at, forward) in path {
                change[at] += if forward { step } else { -step };
            }
            done += step;
        }
        change[of] = if rises { done } else { -done };
        let others = (0..change.len()).filter(|at| *at != of && change[*at] != 0);
        std::iter::once(of).chain(others).map(|at| (at, change[at])).collect()
    }

    /// How much further a count can go in a direction.
    fn room(&self, (at, forward): (usize, bool), change: &[i64]) -> i64 {
        if forward { i64::from(u32::MAX) } else { i64::from(self.value[at]) + change[at] }
    }

    /// A shortest way over hidden counts that still have room.
    fn path(
        &self,
        without: usize,
        (source, sink): (usize, usize),
        change: &[i64],
    ) -> Option<Vec<(usize, bool)>> {
        let mut came: Vec<Option<(usize, bool, usize)>> = vec![None; self.n_rows + self.n_columns];
        let mut queue = VecDeque::from([source]);
        while let Some(node) = queue.pop_front() {
            if node == sink {
                break;
            }
            for at in (0..self.value.len()).filter(|at| self.hidden[*at] && *at != without) {
                let (from, to) = self.arc(at);
                let (next, forward) = match node {
                    n if n == from => (to, true),
                    n if n == to => (from, false),
                    _ => continue,
                };
                let open = next != source && came[next].is_none();
                if open && self.room((at, forward), change) > 0 {
                    came[next] = Some((at, forward, node));
                    queue.push_back(next);
                }
            }
        }
        let mut path = Vec::new();
        let mut node = sink;
        while node != source {
            let (at, forward, before) = came[node]?;
            path.push((at, forward));
            node = before;
        }
        Some(path)
    }
}

/// How far the count itself changed.
fn flow_of(changes: &[(usize, i64)]) -> u32 {
    changes.first().and_then(|(_, n)| u32::try_from(n.abs()).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether the sums of a table are right.
    fn adds_up(grid: &Grid, value: &[i64]) -> bool {
        let at = |row: usize, column: usize| value[row * grid.n_columns + column];
        let (rows, columns) = (grid.n_rows - 1, grid.n_columns - 1);
        (0..=rows).all(|row| (0..columns).map(|c| at(row, c)).sum::<i64>() == at(row, columns))
            && (0..=columns).all(|c| (0..rows).map(|row| at(row, c)).sum::<i64>() == at(rows, c))
    }

    /// For a hidden count, two tables with the same visible counts in which it differs by the width: what a reader of the
    /// public table cannot tell apart.
    #[track_caller]
    fn cannot_be_told(grid: &Grid, of: usize) {
        let real: Vec<i64> = grid.value.iter().map(|n| i64::from(*n)).collect();
        let mut found = Vec::new();
        for rises in [true, false] {
            let mut other = real.clone();
            for (at, change) in grid.changes(of, rises, WIDTH) {
                other[at] += change;
            }
            assert!(adds_up(grid, &other), "{grid:?} {of}");
            for (at, value) in other.iter().enumerate() {
                assert!(*value >= 0 && (grid.hidden[at] || *value == real[at]), "{grid:?} {of}");
            }
            found.push(other[of]);
        }
        assert!(found[0] - found[1] >= i64::from(WIDTH), "{grid:?} {of}: {found:?}");
    }

    fn hidden(rows: &[Vec<u32>]) -> Grid {
        let rows: Vec<&[u32]> = rows.iter().map(Vec::as_slice).collect();
        let mut grid = Grid::of(&rows, rows.first().map_or(0, |row| row.len())).unwrap();
        grid.hide();
        grid
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn t61_no_hidden_count_can_be_told_in_a_thousand_tables(
            rows in (1_usize..7).prop_flat_map(|columns| {
                let count = prop_oneof![3 => 0_u32..8, 1 => 0_u32..60, 1 => Just(0)];
                proptest::collection::vec(proptest::collection::vec(count, columns), 1..13)
            })
        ) {
            let grid = hidden(&rows);
            for at in 0..grid.value.len() {
                if (1..SMALLEST).contains(&grid.value[at]) {
                    prop_assert!(grid.hidden[at]);
                }
                if grid.hidden[at] {
                    cannot_be_told(&grid, at);
                }
            }
        }
    }

    #[test]
    fn t61_large_counts_and_zeros_stay() {
        let grid = hidden(&[vec![10, 0, 20], vec![7, 9, 0]]);
        assert!(grid.hidden.iter().all(|hidden| !hidden));
    }

    #[test]
    fn t61_one_small_count_takes_others_with_it() {
        let grid = hidden(&[vec![2, 30, 40], vec![50, 60, 70], vec![80, 90, 99]]);
        let n = grid.hidden.iter().filter(|hidden| **hidden).count();
        assert!((4..=6).contains(&n), "{n} hidden");
        assert!(!grid.hidden[15], "the sum of all stays");
    }

    #[test]
    fn t61_fourteen_children_over_nine_towns_are_all_hidden_but_their_sum() {
        let towns: Vec<Vec<u32>> =
            [3, 1, 2, 1, 1, 2, 1, 1, 2].into_iter().map(|n| vec![n, 500 + n]).collect();
        let grid = hidden(&towns);
        let out = (0..9).filter(|row| grid.hidden[row * 3]).count();
        assert_eq!(out, 9);
    }
}
