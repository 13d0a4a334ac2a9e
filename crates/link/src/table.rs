//! Rows as columns of interned text.

use std::sync::Arc;

use crate::{
    LinkError,
    texts::{Slots, Texts},
};

/// Stands between the alternatives of one cell: two telephone numbers, a name and a former name.
pub const ALTERNATIVE: char = '|';

/// One column: each distinct text once, and for every row the number of its text. Cloning is cheap.
///
/// `Debug` shows name and sizes only, since cells are personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Column {
    name: String,
    values: Arc<Vec<u32>>,
    texts: Arc<Texts>,
}

impl Column {
    /// Interns one cell per row. Empty text is a missing value. A cell may hold alternatives, see [`ALTERNATIVE`]. A cell
    /// of more than 4,096 bytes is compared by its beginning; two of them are equal only when they are the same.
    pub fn new<'t>(name: &str, cells: impl IntoIterator<Item = &'t str>) -> Self {
        let mut column = ColumnBuilder::new(name);
        cells.into_iter().for_each(|cell| column.push(cell));
        column.finish()
    }

    /// The name that models use.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// For each row the index into [`texts`](Self::texts); 0 is a missing value.
    pub fn values(&self) -> &[u32] {
        &self.values
    }

    /// The distinct texts; the first is the empty one.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// A column of parts that were saved; `None` when a row has a number that no text has.
    pub(crate) fn of_parts(name: &str, values: Vec<u32>, texts: Texts) -> Option<Self> {
        let fits = values.iter().all(|value| (*value as usize) < texts.len());
        let (name, values, texts) = (name.to_owned(), Arc::new(values), Arc::new(texts));
        fits.then_some(Self { name, values, texts })
    }

    /// The distinct texts, to be kept beyond the column.
    pub(crate) fn shared_texts(&self) -> Arc<Texts> {
        Arc::clone(&self.texts)
    }

    /// The text of one row, empty when missing.
    pub fn text(&self, row: u32) -> &str {
        self.texts.get(self.values[row as usize])
    }
}

impl std::fmt::Debug for Column {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (n_rows, n_texts) = (self.values.len(), self.texts.len() - 1);
        write!(f, "Column({}, {n_rows} rows, {n_texts} distinct)", self.name)
    }
}

/// A column while its cells come in.
#[derive(Debug)]
pub struct ColumnBuilder {
    name: String,
    values: Vec<u32>,
    texts: crate::texts::Interner,
}

impl ColumnBuilder {
    /// An empty column.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), values: Vec::new(), texts: crate::texts::Interner::new() }
    }

    /// Makes room for so many rows more.
    pub fn reserve(&mut self, n_rows: usize) {
        self.values.reserve(n_rows);
    }

    /// Adds the cell of the next row.
    pub fn push(&mut self, cell: &str) {
        let value = self.texts.intern(cell.trim());
        self.values.push(value);
    }

    /// Adds the cells of the next rows; faster than one after the other.
    pub fn push_all(&mut self, cells: &[&str]) {
        let trimmed: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
        self.texts.intern_all(&trimmed, &mut self.values);
    }

    /// The numbers of the texts of some cells, for [`push_value`](Self::push_value): what a dictionary of the file holds
    /// once is interned once.
    pub fn values(&mut self, cells: &[&str], numbers: &mut Vec<u32>) {
        let trimmed: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
        self.texts.intern_all(&trimmed, numbers);
    }

    /// Adds the cell of the next row by the number that [`values`](Self::values) gave.
    pub fn push_value(&mut self, value: u32) {
        self.values.push(value);
    }

    /// The column.
    pub fn finish(self) -> Column {
        let (values, texts) = (Arc::new(self.values), Arc::new(self.texts.finish()));
        Column { name: self.name, values, texts }
    }
}

/// Columns of equal length. Cloning is cheap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    columns: Vec<Column>,
    keys: Arc<Vec<i64>>,
    n_rows: u32,
}

impl Table {
    /// Puts columns together. `keys` has one number per row by which rows are told apart that are equal in every
    /// column; it decides ties, so give numbers that stay with the row (an empty `keys` means the row's position).
    ///
    /// # Errors
    /// [`LinkError::Length`] when a column or `keys` has another length, [`LinkError::Column`] when two columns have
    /// the same name, [`LinkError::Rows`] when there are more than `u32::MAX` rows.
    pub fn new(columns: Vec<Column>, keys: Vec<i64>) -> Result<Self, LinkError> {
        Self::checked(columns, Arc::new(keys))
    }

    fn checked(columns: Vec<Column>, keys: Arc<Vec<i64>>) -> Result<Self, LinkError> {
        let n = columns.first().map_or(keys.len(), |column| column.values.len());
        let n_rows = u32::try_from(n).map_err(|_| LinkError::Rows(n))?;
        for (at, column) in columns.iter().enumerate() {
            if column.values.len() != n {
                return Err(LinkError::Length(column.name.clone()));
            }
            if columns[..at].iter().any(|before| before.name == column.name) {
                return Err(LinkError::Column(column.name.clone()));
            }
        }
        if !keys.is_empty() && keys.len() != n {
            return Err(LinkError::Length("keys".to_owned()));
        }
        Ok(Self { columns, keys, n_rows })
    }

    /// The table with one more column.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn with(mut self, column: Column) -> Result<Self, LinkError> {
        self.columns.push(column);
        Self::checked(self.columns, self.keys)
    }

    /// Some rows as a table of their own, with the same columns.
    ///
    /// # Panics
    /// When there is no such row.
    #[must_use]
    pub fn select(&self, rows: &[u32]) -> Self {
        let column = |column: &Column| {
            let mut builder = ColumnBuilder::new(&column.name);
            for row in rows {
                builder.push(column.text(*row));
            }
            builder.finish()
        };
        let keys = match self.keys.as_slice() {
            [] => Vec::new(),
            keys => rows.iter().map(|row| keys[*row as usize]).collect(),
        };
        let n_rows = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        Self { columns: self.columns.iter().map(column).collect(), keys: Arc::new(keys), n_rows }
    }

    /// Takes the rows of another table with the same columns in the same order; `slots` are those of the columns' texts.
    pub(crate) fn append(&mut self, rows: &Self, slots: &mut [Slots]) -> Result<(), LinkError> {
        let n_rows = self.n_rows as usize + rows.n_rows as usize;
        let n_rows = u32::try_from(n_rows).map_err(|_| LinkError::Rows(n_rows))?;
        if self.keys.is_empty() != rows.keys.is_empty() && self.n_rows > 0 && rows.n_rows > 0 {
            return Err(LinkError::Length("keys".to_owned()));
        }
        let names = |table: &Self| -> Vec<String> {
            table.columns.iter().map(|column| column.name.clone()).collect()
        };
        if names(self) != names(rows) {
            return Err(LinkError::Columns { expected: names(self), found: names(rows) });
        }
        for ((column, more), slots) in self.columns.iter_mut().zip(&rows.columns).zip(slots) {
            let texts = Arc::make_mut(&mut column.texts);
            let numbers: Vec<u32> =
                more.texts.iter().map(|text| slots.intern(texts, text)).collect();
            let values = Arc::make_mut(&mut column.values);
            values.extend(more.values.iter().map(|value| numbers[*value as usize]));
        }
        Arc::make_mut(&mut self.keys).extend(rows.keys.iter());
        self.n_rows = n_rows;
        Ok(())
    }

    /// The number of a text of a column, a new one when it is new.
    pub(crate) fn intern(&mut self, column: usize, slots: &mut Slots, text: &str) -> u32 {
        slots.intern(Arc::make_mut(&mut self.columns[column].texts), text)
    }

    /// The number of rows.
    pub const fn n_rows(&self) -> u32 {
        self.n_rows
    }

    /// All columns, in the order given.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column with this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The numbers of all rows that decide ties; empty when their positions do.
    pub(crate) fn keys(&self) -> Arc<Vec<i64>> {
        Arc::clone(&self.keys)
    }

    /// The number of a row that decides ties.
    pub fn key(&self, row: u32) -> i64 {
        self.keys.get(row as usize).copied().unwrap_or_else(|| i64::from(row))
    }
}
