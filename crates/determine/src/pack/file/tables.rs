//! Tables of a pack: dated values, and rules of packs below that are off.

use chrono::NaiveDate;
use serde::Deserialize;

use super::File;
use crate::pack::{
    layer::{Off, Value},
    rule::Standing,
};

const VALUE_COLUMNS: [&str; 7] = ["value", "is", "since", "until", "standing", "title", "source"];
const OFF_COLUMNS: [&str; 4] = ["off", "since", "until", "source"];

impl File<'_> {
    /// A row `| key | is | since | until | standing | title | source |`.
    pub(super) fn value(&mut self, row: &[(&str, &str)], line: usize) {
        let Some(row) = self.row(row, &VALUE_COLUMNS, line) else { return };
        let [key, is, since, until, standing, title, source] = row;
        let Ok(table) = format!("is = {is}").parse::<toml::Table>() else {
            let known = "write 30, true, \"08-31\" or [\"a\", \"b\"]";
            self.fault(line, format!("`{is}` is no value; {known}"));
            return;
        };
        let standing = Standing::deserialize(toml::Value::String(standing.to_owned()));
        if let Err(error) = &standing {
            self.fault(line, error.message().to_owned());
        }
        if source.is_empty() {
            self.fault(line, format!("missing source of `{key}`"));
        }
        let days = self.span(since, until, line);
        let (Ok(standing), Some((since, until)), Some(is)) = (standing, days, table.get("is"))
        else {
            return;
        };
        let source = format!("{title}：{source}{}", standing.note());
        let (key, is, place) = (key.to_owned(), is.clone(), self.place(line));
        self.layer.values.push(Value { key, is, since, until, source, place });
    }

    /// A row `| rule | since | until | source |`.
    pub(super) fn off(&mut self, row: &[(&str, &str)], line: usize) {
        let Some([rule, since, until, source]) = self.row(row, &OFF_COLUMNS, line) else { return };
        if source.is_empty() {
            self.fault(line, format!("missing source: why is `{rule}` off?"));
            return;
        }
        let Some((since, until)) = self.span(since, until, line) else { return };
        let place = self.place(line);
        let (rule, source) = (rule.to_owned(), source.to_owned());
        self.layer.offs.push(Off { rule, since, until, source, place });
    }

    /// First and last day of a row of a table.
    fn span(
        &mut self,
        since: &str,
        until: &str,
        line: usize,
    ) -> Option<(NaiveDate, Option<NaiveDate>)> {
        let first = self.date(since, line)?;
        let last = if until.is_empty() { None } else { Some(self.date(until, line)?) };
        if last.is_some_and(|last| last < first) {
            self.fault(line, "`until` lies before `since`");
            return None;
        }
        Some((first, last))
    }

    /// The cells of a row by the names of its columns.
    fn row<'r, const N: usize>(
        &mut self,
        row: &[(&'r str, &'r str)],
        names: &[&str; N],
        line: usize,
    ) -> Option<[&'r str; N]> {
        let mut cells = [""; N];
        if row.len() != N {
            self.fault(line, format!("expected {N} cells: {}", names.join(", ")));
            return None;
        }
        for (column, text) in row {
            let Some(at) = names.iter().position(|name| name == column) else {
                self.fault(
                    line,
                    format!("unknown column `{column}`; expected {}", names.join(", ")),
                );
                return None;
            };
            cells[at] = text;
        }
        Some(cells)
    }
}
