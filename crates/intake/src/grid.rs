//! A sheet as texts, merged cells filled downwards within their merge and nowhere else.

use crate::format::{Merge, Sheet};

/// Cells that merges may fill in one sheet; a file that declares more is not believed.
const FILL_LIMIT: usize = 4_000_000;

/// A sheet as rows of texts. Rows and columns count from 0 here; what leaves the crate counts from 1.
#[derive(Debug)]
pub(crate) struct Grid<'s> {
    sheet: &'s Sheet,
    /// As found, with the value of a merge over several rows repeated in each of its rows.
    rows: Vec<Vec<String>>,
}

impl<'s> Grid<'s> {
    pub(crate) fn new(sheet: &'s Sheet) -> Self {
        let mut rows: Vec<Vec<String>> = sheet
            .rows
            .iter()
            .map(|row| {
                let used = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
                row[..used].iter().map(|cell| cell.text().into_owned()).collect()
            })
            .collect();
        let mut left = FILL_LIMIT;
        for merge in &sheet.merges {
            fill_down(&mut rows, merge, &mut left);
        }
        Self { sheet, rows }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn into_rows(self) -> Vec<Vec<String>> {
        self.rows
    }

    pub(crate) fn row(&self, at: usize) -> &[String] {
        self.rows.get(at).map_or(&[], Vec::as_slice)
    }

    /// Whether no cell of the row has text of its own; what a merge fills in does not count.
    pub(crate) fn is_blank(&self, at: usize) -> bool {
        self.sheet.rows.get(at).is_none_or(|row| row.iter().all(crate::format::Cell::is_empty))
    }

    /// How many cells of the row have text of their own.
    pub(crate) fn own_cells(&self, at: usize) -> usize {
        self.sheet.rows.get(at).map_or(0, |row| row.iter().filter(|c| !c.is_empty()).count())
    }

    /// The texts of a row with merges over several columns repeated in each of their columns: for headers only.
    pub(crate) fn row_across(&self, at: usize) -> Vec<String> {
        let mut cells = self.row(at).to_vec();
        for (left, right) in self.spans(at) {
            let text = cells.get(left).cloned().unwrap_or_default();
            if text.is_empty() || right - left > 200 {
                continue;
            }
            if cells.len() <= right {
                cells.resize(right + 1, String::new());
            }
            cells[left..=right].fill(text);
        }
        cells
    }

    /// First and last column of the merges over several columns that cross the row.
    pub(crate) fn spans(&self, at: usize) -> Vec<(usize, usize)> {
        self.sheet
            .merges
            .iter()
            .filter(|m| m.right > m.left && (m.top..=m.bottom).contains(&number(at)))
            .map(|m| (index(m.left), index(m.right)))
            .collect()
    }

    /// Whether the sheet has merges at all; a csv has none, and its group headers stand in their first column only.
    pub(crate) fn has_merges(&self) -> bool {
        !self.sheet.merges.is_empty()
    }
}

/// The 1-based number of a 0-based row or column.
pub(crate) fn number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

/// The 0-based index of a 1-based row or column.
pub(crate) fn index(number: u32) -> usize {
    usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX)
}

fn fill_down(rows: &mut [Vec<String>], merge: &Merge, budget: &mut usize) {
    let (top, column) = (index(merge.top), index(merge.left));
    let bottom = index(merge.bottom).min(rows.len().saturating_sub(1));
    if bottom <= top {
        return;
    }
    let Some(text) = rows.get(top).and_then(|row| row.get(column)).cloned() else { return };
    if text.is_empty() || *budget < bottom - top {
        return;
    }
    *budget -= bottom - top;
    for row in &mut rows[top + 1..=bottom] {
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        if row[column].is_empty() {
            row[column].clone_from(&text);
        }
    }
}
