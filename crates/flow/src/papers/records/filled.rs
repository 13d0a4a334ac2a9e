//! The fields of a form as far as they are known.

use std::collections::BTreeMap;

use baoxue_paper::{Kind, Place, Spec, Value};
use chrono::NaiveDate;

use crate::papers::without_numbers;

/// Fields of one form. What a county's own form does not ask for is left out, and so is what is none of its choices: nothing that is
/// known may keep a form from being printed. Numbers of identity are covered (T-23).
pub(super) struct Filled<'s> {
    spec: &'s Spec,
    fields: BTreeMap<String, Value>,
}

impl<'s> Filled<'s> {
    pub(super) fn new(spec: &'s Spec) -> Self {
        Self { spec, fields: BTreeMap::new() }
    }

    fn has(&self, name: &str, kind: Kind) -> bool {
        let field = self.spec.field(name);
        field.is_some_and(|field| field.kind == kind && field.of == Place::Fields)
    }

    pub(super) fn text(&mut self, name: &str, value: impl AsRef<str>) {
        let value = value.as_ref().trim();
        let choices = self.spec.field(name).map_or(&[][..], |field| &field.choices);
        let fits = choices.is_empty() || choices.iter().any(|choice| choice == value);
        if fits && !value.is_empty() && self.has(name, Kind::Text) {
            self.fields.insert(name.to_owned(), without_numbers(value).into());
        }
    }

    pub(super) fn day(&mut self, name: &str, day: Option<NaiveDate>) {
        if let Some(day) = day.filter(|_| self.has(name, Kind::Date)) {
            self.fields.insert(name.to_owned(), day.into());
        }
    }

    pub(super) fn lines(&mut self, name: &str, lines: &[String]) {
        if !lines.is_empty() && self.has(name, Kind::Lines) {
            let lines: Vec<String> = lines.iter().map(|line| without_numbers(line)).collect();
            self.fields.insert(name.to_owned(), lines.into());
        }
    }

    /// Rows, each with its cells by name of the column.
    pub(super) fn rows(&mut self, name: &str, rows: Vec<Vec<(&str, String)>>) {
        if rows.is_empty() || !self.has(name, Kind::Rows) {
            return;
        }
        let columns = self.spec.field(name).map_or(&[][..], |field| &field.columns);
        let row = |cells: Vec<(&str, String)>| {
            let known = |column: &str| columns.iter().any(|known| known.name == column);
            let cells = cells.into_iter().filter(|(column, _)| known(column));
            cells.map(|(column, cell)| (column.to_owned(), without_numbers(&cell))).collect()
        };
        let rows = rows.into_iter().map(row).collect();
        self.fields.insert(name.to_owned(), Value::Rows(rows));
    }

    pub(super) fn done(self) -> BTreeMap<String, Value> {
        self.fields
    }
}
