//! Sets of rows.

/// Rows, each once, in the order in which they came in.
#[derive(Clone)]
pub(super) struct Rows {
    has: Vec<bool>,
    rows: Vec<u32>,
}

impl Rows {
    pub(super) fn new(n_rows: u32) -> Self {
        Self { has: vec![false; n_rows as usize], rows: Vec::new() }
    }

    pub(super) fn add(&mut self, row: u32) {
        if !std::mem::replace(&mut self.has[row as usize], true) {
            self.rows.push(row);
        }
    }

    pub(super) fn extend(&mut self, rows: impl IntoIterator<Item = u32>) {
        rows.into_iter().for_each(|row| self.add(row));
    }

    pub(super) fn has(&self, row: u32) -> bool {
        self.has[row as usize]
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = u32> + '_ {
        self.rows.iter().copied()
    }
}
