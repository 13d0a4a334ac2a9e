//! One data row with the means to read it.

use baoxue_claim::{Doubt, Noted, Private, Source, SurveyFinding, TownCode};
use chrono::NaiveDate;

use crate::{Context, Field, columns::Columns, day, text::fold, words::Lexicon};

/// What holds for every row of a sheet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) source: Source,
    /// The day for which the sheet speaks.
    pub(crate) as_of: NaiveDate,
    /// The day the sheet itself names, whatever was told: the end of a report's month.
    pub(crate) own_day: NaiveDate,
    pub(crate) town: Option<TownCode>,
    pub(crate) columns: &'a Columns,
    pub(crate) lexicon: &'a Lexicon,
    /// Whether IDs of the column have lost their tails, see [`Understood`](crate::sheet::Understood).
    pub(crate) zeroed: bool,
    /// Title rows, name of the sheet and name of the file in one text.
    pub(crate) heading: &'a str,
    /// The one school that the heading names.
    pub(crate) school: Option<&'a str>,
}

/// A row, its cells by meaning.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) facts: Facts<'a>,
    pub(crate) cells: &'a [String],
    /// 1-based.
    pub(crate) number: u32,
}

impl<'a> Line<'a> {
    /// The text of a meaning; `None` when there is no such column, or the cell is blank or an error value.
    pub(crate) fn get(&self, field: Field) -> Option<&'a str> {
        self.facts.columns.cell(self.cells, field).filter(|cell| !is_error(cell))
    }

    /// A doubt about the cell of a meaning.
    pub(crate) fn doubt(&self, doubt: Doubt, field: Field) -> Noted {
        Noted {
            doubt,
            column: self.facts.columns.number(field),
            raw: Private::new(self.facts.columns.cell(self.cells, field).unwrap_or_default()),
        }
    }

    /// What the words of a cell say of the child's schooling on the day of the sheet.
    pub(crate) fn finding(&self, cell: &str) -> SurveyFinding {
        let text = fold(cell);
        match day::with_to_come(&text, self.facts.as_of) {
            Some(marked) => self.facts.lexicon.finding(&marked),
            None => self.facts.lexicon.finding(&text),
        }
    }

    /// The cells of several meanings as written, joined with `；`; `None` when all are blank.
    pub(crate) fn words(&self, fields: &[Field]) -> Option<Private> {
        let mut words: Vec<&str> = Vec::new();
        for field in fields {
            if let Some(text) = self.get(*field).map(str::trim)
                && !words.contains(&text)
            {
                words.push(text);
            }
        }
        (!words.is_empty()).then(|| Private::new(words.join("；")))
    }

    /// Doubts about cells that hold an error value of the spreadsheet.
    pub(crate) fn cell_errors(&self) -> Vec<Noted> {
        let error = |(at, cell): (usize, &String)| {
            is_error(cell).then(|| Noted {
                doubt: Doubt::CellError,
                column: crate::grid::number(at),
                raw: Private::new(cell.as_str()),
            })
        };
        self.cells.iter().enumerate().filter_map(error).collect()
    }
}

/// `#REF!`, `#N/A`, `#VALUE!` and their kin.
pub(crate) fn is_error(cell: &str) -> bool {
    let Some(rest) = cell.trim().strip_prefix('#') else { return false };
    ["REF!", "N/A", "VALUE!", "NAME?", "DIV/0!", "NULL!", "NUM!"].contains(&rest)
}
