//! Rows that come to a table that is prepared already.

use std::sync::Arc;

use rayon::prelude::*;

use crate::{
    Comparator, FieldModel, LinkError, Model, Table,
    field::{Runs, each_value},
    joined,
    prepare::{Prepared, n_values},
    table::ALTERNATIVE,
    texts::{Slots, Texts},
};

/// Finds the numbers of texts in a table and in its fields, old and new ones.
pub(super) struct Grower {
    /// For each column of the table.
    columns: Vec<Slots>,
    /// For each field of the model.
    fields: Vec<Values>,
    texts: Vec<Arc<Texts>>,
}

/// Whose numbers the values of a field have.
enum Values {
    /// Those of the texts of a column.
    Column(usize),
    /// Its own.
    Own(Slots),
}

impl Grower {
    /// `texts` are the distinct values of the fields.
    pub(super) fn new(table: &Table, model: &Model, texts: Vec<Arc<Texts>>) -> Self {
        let columns: Vec<Slots> =
            table.columns().par_iter().map(|column| Slots::of(column.texts())).collect();
        let values = |(field, texts): (&FieldModel, &Arc<Texts>)| {
            let of_column = |name: &String| {
                let mut columns = table.columns().iter();
                let at = columns.position(|column| column.name() == name)?;
                Arc::ptr_eq(&table.columns()[at].shared_texts(), texts).then_some(at)
            };
            match field.columns.as_slice() {
                [name] if let Some(at) = of_column(name) => Values::Column(at),
                _ => Values::Own(Slots::of(texts)),
            }
        };
        let fields = model.fields.par_iter().zip(&texts).map(values).collect();
        let mut grower = Self { columns, fields, texts };
        grower.release();
        grower
    }

    /// Puts rows at the end of the table and of what is prepared of it. Nothing changes when they do not fit.
    pub(super) fn append(
        &mut self,
        table: &mut Table,
        model: &Model,
        prepared: &mut Prepared,
        rows: &Table,
    ) -> Result<(), LinkError> {
        table.append(rows, &mut self.columns)?;
        let n_values = n_values(&prepared.fields);
        let mut cells = vec![0; rows.n_rows() as usize * n_values];
        for (at, field) in model.fields.iter().enumerate().take(n_values) {
            let into = |row: u32, cell| {
                cells[row as usize * n_values + at] = cell;
            };
            let runs = &mut prepared.fields[at].runs;
            match &mut self.fields[at] {
                Values::Column(column) => {
                    let slots = &mut self.columns[*column];
                    let values = (runs, field.comparator);
                    column_cells((table, *column), slots, values, rows, into);
                    self.texts[at] = table.columns()[*column].shared_texts();
                }
                Values::Own(slots) => {
                    let texts = Arc::make_mut(&mut self.texts[at]);
                    own_cells((texts, slots), field, (runs, rows), into);
                }
            }
        }
        prepared.extend(rows, &self.texts, cells, model.identity.as_ref());
        self.release();
        Ok(())
    }

    /// Texts that the columns own are not held, or they would be copied when they grow.
    fn release(&mut self) {
        for (values, texts) in self.fields.iter().zip(&mut self.texts) {
            if let Values::Column(_) = values {
                *texts = Arc::new(Texts::empty());
            }
        }
    }
}

/// The cells of a field whose values are the texts of a column.
fn column_cells(
    (table, column): (&mut Table, usize),
    slots: &mut Slots,
    (runs, comparator): (&mut Runs, Comparator),
    rows: &Table,
    mut into: impl FnMut(u32, u32),
) {
    let first = table.n_rows() - rows.n_rows();
    for row in 0..rows.n_rows() {
        let text = rows.columns()[column].text(row);
        let cell = if text.contains(ALTERNATIVE) || !comparator.leaves(text) {
            let mut parts: Vec<u32> = text
                .split(ALTERNATIVE)
                .map(|part| table.intern(column, slots, &comparator.canonical(part.trim())))
                .filter(|number| *number != 0)
                .collect();
            parts.sort_unstable();
            parts.dedup();
            runs.cell(&parts)
        } else {
            table.columns()[column].values()[(first + row) as usize]
        };
        into(row, cell);
    }
}

/// The cells of a field with values of its own.
fn own_cells(
    (texts, slots): (&mut Texts, &mut Slots),
    field: &FieldModel,
    (runs, rows): (&mut Runs, &Table),
    mut into: impl FnMut(u32, u32),
) {
    let columns: Vec<_> = field.columns.iter().filter_map(|name| rows.column(name)).collect();
    let mut values = Vec::new();
    for row in 0..rows.n_rows() {
        let cells = columns.iter().map(|column| column.text(row));
        values.clear();
        if field.comparator.is_joined() {
            values.push(slots.intern(texts, &joined::canonical(cells, field.comparator)));
            values.retain(|value| *value != 0);
        } else {
            cells.for_each(|cell| {
                each_value(cell, field.comparator, &mut values, |value| slots.intern(texts, value));
            });
        }
        if columns.len() > 1 {
            values.sort_unstable();
        }
        into(row, runs.cell(&values));
    }
}
