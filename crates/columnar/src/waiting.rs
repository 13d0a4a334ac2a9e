//! Cells of one column that wait until there are many: a builder takes many faster than one after the other.

use baoxue_link::ColumnBuilder;

/// So many cells, or bytes, wait at most.
const MOST_CELLS: usize = 1 << 12;
const MOST_BYTES: usize = 1 << 20;

/// Cells, one after the other.
#[derive(Default)]
pub(crate) struct Waiting {
    text: String,
    ends: Vec<usize>,
}

impl Waiting {
    pub(crate) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    pub(crate) const fn is_full(&self) -> bool {
        self.ends.len() >= MOST_CELLS || self.text.len() >= MOST_BYTES
    }

    /// Gives the cells to the builder.
    pub(crate) fn pass_on(&mut self, builder: &mut ColumnBuilder) {
        self.take(|cells| builder.push_all(cells));
    }

    /// The numbers of the cells' texts in the column that is built.
    pub(crate) fn numbers(&mut self, builder: &mut ColumnBuilder, numbers: &mut Vec<u32>) {
        self.take(|cells| builder.values(cells, numbers));
    }

    fn take(&mut self, give: impl FnOnce(&[&str])) {
        if self.ends.is_empty() {
            return;
        }
        let mut from = 0;
        let cell = |end: &usize| {
            let cell = &self.text[from..*end];
            from = *end;
            cell
        };
        let cells: Vec<&str> = self.ends.iter().map(cell).collect();
        give(&cells);
        self.text.clear();
        self.ends.clear();
    }
}
