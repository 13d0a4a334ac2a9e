//! Columns whose cells make one value together.

use std::collections::HashMap;

use crate::{
    Comparator,
    comparator::pair::BETWEEN,
    table::{ALTERNATIVE, Column},
    texts::{Interner, Texts},
};

/// For each row the number of its value of all columns, 0 for none, and the distinct values. Of cells with alternatives
/// the first counts.
pub(crate) fn intern(
    columns: &[&Column],
    n_rows: usize,
    comparator: Comparator,
) -> (Vec<u32>, Texts) {
    let mut interner = Interner::new();
    let mut known: HashMap<Vec<u32>, u32> = HashMap::new();
    let rows = (0..n_rows).map(|row| {
        let cells: Vec<u32> = columns.iter().map(|column| column.values()[row]).collect();
        *known.entry(cells).or_insert_with_key(|cells| {
            let texts = columns.iter().zip(cells).map(|(column, cell)| column.texts().get(*cell));
            interner.intern(&canonical(texts, comparator))
        })
    });
    let rows = rows.collect();
    (rows, interner.finish())
}

/// The value of all cells of a row.
pub(crate) fn canonical<'t>(
    cells: impl Iterator<Item = &'t str>,
    comparator: Comparator,
) -> String {
    let first = |cell: &'t str| cell.split(ALTERNATIVE).next().unwrap_or_default().trim();
    let whole: Vec<&str> = cells.map(first).collect();
    comparator.canonical(&whole.join(&BETWEEN.to_string()))
}
