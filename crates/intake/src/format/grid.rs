//! Puts cells at their true positions while counting what they cost.

use super::{Cell, Limits, Measure, Merge, OpenError, Sheet};

/// What is left to spend on the cells of one file.
pub(super) struct Budget<'l> {
    limits: &'l Limits,
    cells: u64,
    text_bytes: u64,
}

impl<'l> Budget<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self { limits, cells: 0, text_bytes: 0 }
    }

    fn spend(&mut self, cells: u64, text_bytes: u64, sheet: &str) -> Result<(), OpenError> {
        self.cells += cells;
        self.text_bytes += text_bytes;
        if self.cells > self.limits.cells {
            return Err(beyond(Measure::Cells, self.limits.cells, sheet));
        }
        if self.text_bytes > self.limits.text_bytes {
            return Err(beyond(Measure::TextBytes, self.limits.text_bytes, sheet));
        }
        Ok(())
    }
}

/// The error for too much of something; a csv file has no sheet name to show.
pub(super) fn beyond(what: Measure, limit: u64, sheet: &str) -> OpenError {
    let sheet = (!sheet.is_empty()).then(|| sheet.to_owned());
    OpenError::Limit { what, limit, sheet }
}

/// A sheet under construction. Positions are counted from 0.
pub(super) struct Grid {
    name: String,
    rows: Vec<Vec<Cell>>,
}

impl Grid {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), rows: Vec::new() }
    }

    /// Puts a cell; an empty one costs nothing. The last one put at a position stays, as in Excel.
    ///
    /// # Errors
    /// [`OpenError::Limit`] before memory is spent beyond the budget: a cell pays for itself, for the blank ones left
    /// of it and for the blank rows above it.
    pub(super) fn put(
        &mut self,
        (row, column): (u32, u32),
        cell: Cell,
        budget: &mut Budget<'_>,
    ) -> Result<(), OpenError> {
        let text_bytes = match &cell {
            Cell::Empty => return Ok(()),
            Cell::Text(text) | Cell::Error(text) if text.is_empty() => return Ok(()),
            Cell::Text(text) | Cell::Error(text) => text.len() as u64,
            Cell::Number(_) | Cell::Day(_) | Cell::Bool(_) => 0,
        };
        let limits = budget.limits;
        if row >= limits.rows {
            return Err(beyond(Measure::Rows, limits.rows.into(), &self.name));
        }
        if column >= limits.columns {
            return Err(beyond(Measure::Columns, limits.columns.into(), &self.name));
        }
        let (at_row, at_column) = (row as usize, column as usize);
        let width = self.rows.get(at_row).map_or(0, Vec::len);
        let new_rows = (at_row + 1).saturating_sub(self.rows.len());
        let new_cells = (at_column + 1).saturating_sub(width);
        budget.spend((new_rows + new_cells) as u64, text_bytes, &self.name)?;
        if new_rows > 0 {
            self.rows.resize_with(at_row + 1, Vec::new);
        }
        let cells = &mut self.rows[at_row];
        if new_cells > 0 {
            cells.resize_with(at_column + 1, Cell::default);
        }
        cells[at_column] = cell;
        Ok(())
    }

    /// The finished sheet: trailing blanks dropped; merges and hidden rows and columns cut to what is left.
    pub(super) fn finish(mut self, layout: Layout) -> Sheet {
        for cells in &mut self.rows {
            let filled = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
            cells.truncate(filled);
            cells.shrink_to_fit();
        }
        let n_rows = self.rows.iter().rposition(|cells| !cells.is_empty()).map_or(0, |at| at + 1);
        self.rows.truncate(n_rows);
        let n_columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let (height, width) = (as_position(n_rows), as_position(n_columns));
        Sheet {
            name: self.name,
            hidden: layout.hidden,
            rows: self.rows,
            merges: layout.merges.into_iter().filter_map(|m| cut(m, height, width)).collect(),
            hidden_rows: within(layout.hidden_rows, height),
            hidden_columns: within(layout.hidden_columns, width),
        }
    }
}

/// What a sheet says about itself besides its cells. Positions are counted from 1; hidden rows and columns are
/// inclusive spans, because one entry of a file may hide a million of them.
#[derive(Default)]
pub(super) struct Layout {
    pub(super) hidden: bool,
    pub(super) merges: Vec<Merge>,
    pub(super) hidden_rows: Vec<(u32, u32)>,
    pub(super) hidden_columns: Vec<(u32, u32)>,
}

fn as_position(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The part of a merged region that lies on filled rows and columns; `None` when a single cell is left.
fn cut(merge: Merge, height: u32, width: u32) -> Option<Merge> {
    let cut = Merge { bottom: merge.bottom.min(height), right: merge.right.min(width), ..merge };
    let ordered = cut.top >= 1 && cut.left >= 1 && cut.top <= cut.bottom && cut.left <= cut.right;
    (ordered && (cut.top, cut.left) != (cut.bottom, cut.right)).then_some(cut)
}

fn within(spans: Vec<(u32, u32)>, last: u32) -> Vec<u32> {
    let mut spans = spans;
    spans.sort_unstable();
    let mut positions: Vec<u32> = Vec::new();
    for (from, to) in spans {
        let from = from.max(positions.last().map_or(1, |p| p + 1));
        positions.extend(from..=to.min(last));
    }
    positions
}
