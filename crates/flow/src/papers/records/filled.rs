//! The fields of a form as far as they are known.

use std::collections::BTreeMap;

use baoxue_paper::{Kind, Place, Spec, Value};
use chrono::NaiveDate;

use baoxue_claim::names_sealed;
use baoxue_report::masked_text;

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

    /// What somebody typed.
    pub(super) fn words(&mut self, name: &str, value: impl AsRef<str>) {
        self.text(name, told(value.as_ref()));
    }

    pub(super) fn day(&mut self, name: &str, day: Option<NaiveDate>) {
        if let Some(day) = day.filter(|_| self.has(name, Kind::Date)) {
            self.fields.insert(name.to_owned(), day.into());
        }
    }

    pub(super) fn lines(&mut self, name: &str, lines: &[String]) {
        if !lines.is_empty() && self.has(name, Kind::Lines) {
            let lines: Vec<String> = lines.iter().map(|line| told(line)).collect();
            self.fields.insert(name.to_owned(), lines.into());
        }
    }

    /// Rows, each with its cells by name of the column; what stands in them was typed.
    pub(super) fn rows(&mut self, name: &str, rows: Vec<Vec<(&str, String)>>) {
        if rows.is_empty() || !self.has(name, Kind::Rows) {
            return;
        }
        let columns = self.spec.field(name).map_or(&[][..], |field| &field.columns);
        let row = |cells: Vec<(&str, String)>| {
            let known = |column: &str| columns.iter().any(|known| known.name == column);
            let cells = cells.into_iter().filter(|(column, _)| known(column));
            cells.map(|(column, cell)| (column.to_owned(), told(&cell))).collect()
        };
        let rows = rows.into_iter().map(row).collect();
        self.fields.insert(name.to_owned(), Value::Rows(rows));
    }

    pub(super) fn done(self) -> BTreeMap<String, Value> {
        self.fields
    }
}

/// What somebody typed, as a form may have it: numbers of persons and telephones covered, and nothing of custody or an offence,
/// which no paper may tell.
pub(super) fn told(text: &str) -> String {
    text.lines()
        .map(|line| if names_sealed(line) { HIDDEN.to_owned() } else { masked_text(line) })
        .collect::<Vec<_>>()
        .join("\n")
}

const HIDDEN: &str = "（不显示）";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t23_what_was_typed_is_covered_and_custody_is_not_told() {
        let said = told("父亲电话13891231234，2019-09-03来过\n父亲服刑\n愿意返校");
        assert_eq!(said, "父亲电话138****1234，2019-09-03来过\n（不显示）\n愿意返校");
    }
}
