//! A report: tables of words and figures, the first of which is also its workbook.

use baoxue_act::account::Figures;
use baoxue_report::{FigureRow, FigureTable};

use crate::i18n::Lang;

/// A report.
pub(super) struct Report {
    /// Its word in addresses.
    pub(super) name: &'static str,
    /// The code of its form.
    pub(super) form: &'static str,
    pub(super) title: String,
    pub(super) meta: String,
    /// What a row of the first section is.
    pub(super) unit: (&'static str, &'static str),
    pub(super) sections: Vec<Section>,
    pub(super) notes: Vec<String>,
}

/// A table.
#[derive(Default)]
pub(super) struct Section {
    pub(super) title: String,
    pub(super) sub: String,
    /// Headings of the words.
    pub(super) words: Vec<String>,
    /// Headings of the numbers.
    pub(super) numbers: Vec<String>,
    pub(super) rows: Vec<Row>,
    pub(super) totals: Option<Row>,
    /// What is said when there is no row.
    pub(super) none: String,
}

/// A row; a number that is not known is no 0.
#[derive(Clone, Default)]
pub(super) struct Row {
    pub(super) words: Vec<Word>,
    pub(super) numbers: Vec<Option<u32>>,
    /// Whether it asks for something.
    pub(super) late: bool,
}

/// Words, with the address to which they lead; empty where they lead nowhere.
#[derive(Clone, Default)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) href: String,
}

impl Word {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: String::new() }
    }

    pub(super) fn link(text: impl Into<String>, href: String) -> Self {
        Self { text: text.into(), href }
    }
}

impl Row {
    fn figures(&self) -> FigureRow {
        let words = self.words.iter().map(|word| word.text.clone()).collect();
        FigureRow { words, numbers: self.numbers.clone() }
    }
}

impl Report {
    /// The first section, as its workbook has it.
    pub(super) fn table(&self) -> FigureTable {
        let none = Section::default();
        let section = self.sections.first().unwrap_or(&none);
        FigureTable {
            form: self.form,
            title: self.title.clone(),
            unit: self.unit,
            words: section.words.clone(),
            numbers: section.numbers.clone(),
            rows: section.rows.iter().map(Row::figures).collect(),
            totals: section.totals.as_ref().map(Row::figures),
            notes: self.notes.clone(),
        }
    }
}

/// Headings of what was asked and what became of it.
pub(super) fn figure_heads(lang: Lang) -> Vec<String> {
    let keys = [
        "reports-asked",
        "reports-in-time",
        "reports-late",
        "reports-open",
        "reports-open-late",
        "reports-cancelled",
        "reports-cancelled-late",
        "reports-longest",
        "reports-median",
    ];
    keys.map(|key| lang.t(key)).to_vec()
}

/// The numbers under them.
pub(super) fn figure_cells(figures: &Figures) -> Vec<Option<u32>> {
    vec![
        Some(figures.asked),
        Some(figures.in_time),
        Some(figures.late),
        Some(figures.open),
        Some(figures.open_late),
        Some(figures.cancelled),
        Some(figures.cancelled_late),
        Some(figures.longest_days),
        figures.median_days(),
    ]
}
