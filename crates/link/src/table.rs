//! Rows as columns of interned text.

use std::collections::HashMap;

use crate::LinkError;

/// Stands between the alternatives of one cell: two telephone numbers, a name and a former name.
pub const ALTERNATIVE: char = '|';

/// One column: each distinct text once, and for every row the number of its text.
///
/// `Debug` shows name and sizes only, since cells are personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Column {
    name: String,
    values: Vec<u32>,
    texts: Vec<String>,
}

impl Column {
    /// Interns one cell per row. Empty text is a missing value. A cell may hold alternatives, see [`ALTERNATIVE`].
    pub fn new<'t>(name: &str, cells: impl IntoIterator<Item = &'t str>) -> Self {
        let mut texts = vec![String::new()];
        let mut known: HashMap<String, u32> = HashMap::new();
        let mut values = Vec::new();
        for cell in cells {
            let text = cell.trim();
            if text.is_empty() {
                values.push(0);
                continue;
            }
            if let Some(value) = known.get(text) {
                values.push(*value);
                continue;
            }
            let value = u32::try_from(texts.len()).unwrap_or(u32::MAX);
            texts.push(text.to_owned());
            known.insert(text.to_owned(), value);
            values.push(value);
        }
        Self { name: name.to_owned(), values, texts }
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
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The text of one row, empty when missing.
    pub fn text(&self, row: u32) -> &str {
        &self.texts[self.values[row as usize] as usize]
    }
}

impl std::fmt::Debug for Column {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (n_rows, n_texts) = (self.values.len(), self.texts.len() - 1);
        write!(f, "Column({}, {n_rows} rows, {n_texts} distinct)", self.name)
    }
}

/// Columns of equal length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    columns: Vec<Column>,
    keys: Vec<i64>,
}

impl Table {
    /// Puts columns together. `keys` has one number per row by which rows are told apart that are equal in every
    /// column; it decides ties, so give numbers that stay with the row (an empty `keys` means the row's position).
    ///
    /// # Errors
    /// [`LinkError::Length`] when a column or `keys` has another length, [`LinkError::Column`] when two columns have
    /// the same name, [`LinkError::Rows`] when there are more than `u32::MAX` rows.
    pub fn new(columns: Vec<Column>, keys: Vec<i64>) -> Result<Self, LinkError> {
        let n_rows = columns.first().map_or(keys.len(), |column| column.values.len());
        u32::try_from(n_rows).map_err(|_| LinkError::Rows(n_rows))?;
        for (at, column) in columns.iter().enumerate() {
            if column.values.len() != n_rows {
                return Err(LinkError::Length(column.name.clone()));
            }
            if columns[..at].iter().any(|before| before.name == column.name) {
                return Err(LinkError::Column(column.name.clone()));
            }
        }
        let keys = match keys.len() {
            0 => (0..).take(n_rows).collect(),
            n if n == n_rows => keys,
            _ => return Err(LinkError::Length("keys".to_owned())),
        };
        Ok(Self { columns, keys })
    }

    /// The number of rows.
    pub fn n_rows(&self) -> u32 {
        u32::try_from(self.keys.len()).unwrap_or(u32::MAX)
    }

    /// All columns, in the order given.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column with this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// One number per row that decides ties.
    pub fn keys(&self) -> &[i64] {
        &self.keys
    }
}
