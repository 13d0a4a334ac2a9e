//! One printed sheet: title, what it speaks of, header, rows, totals; widths and print setup.
//!
//! ```text
//! row 1    title
//! row 2    county, as-of date, number of rows
//! row 3    population base, rules, who printed, what is hidden
//! row 4..  notes, one row each (sums that must hold, whom a total misses)
//! then     header (frozen, filtered), data rows, the row of totals if there is one
//! ```

use std::{borrow::Cow, collections::BTreeSet};

use rust_xlsxwriter::{DocProperties, Worksheet, XlsxError};

use crate::{
    Head, Lang,
    cell::Cell,
    rows::Rows,
    style::{Kind, Styles},
};

mod names;
mod paint;

pub(crate) use names::tab_name;
pub(crate) use paint::{height, set_up_print, set_widths, write_cell};

use names::file_name;
use paint::{Canvas, excel_day, measure, page_header};

/// Rows that a sheet holds.
const MAX_ROWS: usize = 1_048_576;

/// Tables with more rows than this go through the writer's constant-memory mode, which buffers rows in an unnamed
/// temporary file; shorter ones never touch a disk.
const LARGE: usize = 20_000;

/// A finished file.
#[derive(Clone, PartialEq, Eq)]
pub struct Workbook {
    /// Its name without folder, such as `辍学学生台账_汉滨区_20190825.xlsx`.
    pub file_name: String,
    /// The .xlsx file.
    pub bytes: Vec<u8>,
    /// Data rows, as printed in the file.
    pub n_rows: u32,
}

impl std::fmt::Debug for Workbook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Workbook({} rows, {} bytes)", self.n_rows, self.bytes.len())
    }
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// More rows than a sheet holds.
    #[error("the table has {0} rows and a sheet holds 1048576: print it town by town")]
    Rows(usize),
    /// A ledger that does not hold the children who were counted.
    #[error("the ledger has {0} children and {1} were counted")]
    Population(usize, u32),
    /// A day before 1900, which a workbook cannot hold.
    #[error("the workbook cannot be dated {0}: give a day between 1900 and 9999")]
    Day(chrono::NaiveDate),
    /// The writer refused.
    #[error("the workbook could not be written")]
    Writer(#[from] XlsxError),
}

/// One column of a table whose rows are `T`: heading and content side by side, so that they cannot drift apart.
#[derive(Clone)]
pub(crate) struct Field<T> {
    zh: Cow<'static, str>,
    en: Cow<'static, str>,
    kind: Kind,
    /// Widest in half-width units; longer text wraps.
    widest: u8,
    content: Content<T>,
}

/// Where a column takes its cells from.
#[derive(Clone)]
enum Content<T> {
    /// A part of the row.
    Part(fn(&T, &Head) -> Cell),
    /// The n-th of a row's counts.
    Nth(fn(&T, usize) -> Cell, usize),
    /// Nowhere: empty, as wide as the field allows, for a person to write in.
    Hand,
}

impl<T> Field<T> {
    /// A column with a fixed heading (zh-CN, English).
    pub(crate) const fn new(
        heading: (&'static str, &'static str),
        kind: Kind,
        widest: u8,
        part: fn(&T, &Head) -> Cell,
    ) -> Self {
        let (zh, en) = (Cow::Borrowed(heading.0), Cow::Borrowed(heading.1));
        Self { zh, en, kind, widest, content: Content::Part(part) }
    }

    /// A column of numbers with a fixed heading.
    pub(crate) const fn number(
        heading: (&'static str, &'static str),
        part: fn(&T, &Head) -> Cell,
    ) -> Self {
        Self::new(heading, Kind::Count, 12, part)
    }

    /// The column of the `n`-th count, under a heading known only when the rows are.
    pub(crate) fn nth(heading: &str, n: usize, part: fn(&T, usize) -> Cell) -> Self {
        let heading: Cow<'static, str> = Cow::Owned(heading.to_owned());
        let content = Content::Nth(part, n);
        Self { zh: heading.clone(), en: heading, kind: Kind::Count, widest: 12, content }
    }

    /// The column of the `n`-th count, under a fixed heading.
    pub(crate) const fn nth_of(
        heading: (&'static str, &'static str),
        n: usize,
        part: fn(&T, usize) -> Cell,
    ) -> Self {
        let (zh, en) = (Cow::Borrowed(heading.0), Cow::Borrowed(heading.1));
        Self { zh, en, kind: Kind::Count, widest: 12, content: Content::Nth(part, n) }
    }

    /// The column of the `n`-th words, under a heading known only when the rows are.
    pub(crate) fn nth_words(heading: &str, n: usize, part: fn(&T, usize) -> Cell) -> Self {
        Self { kind: Kind::Words, widest: 28, ..Self::nth(heading, n, part) }
    }

    /// A column left empty for a person to write in.
    pub(crate) const fn by_hand(heading: (&'static str, &'static str), width: u8) -> Self {
        let (zh, en) = (Cow::Borrowed(heading.0), Cow::Borrowed(heading.1));
        Self { zh, en, kind: Kind::Words, widest: width, content: Content::Hand }
    }

    fn heading(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }

    fn is_by_hand(&self) -> bool {
        match self.content {
            Content::Hand => true,
            Content::Part(_) | Content::Nth(..) => false,
        }
    }

    fn cell(&self, row: &T, head: &Head) -> Cell {
        match self.content {
            Content::Part(part) => part(row, head),
            Content::Nth(part, n) => part(row, n),
            Content::Hand => Cell::Blank,
        }
    }
}

/// What stands around the rows of one sheet.
pub(crate) struct Page<'a> {
    /// Form code and version, such as `BX-01 v1`.
    pub(crate) form: &'a str,
    /// Name of the tab.
    pub(crate) tab: &'a str,
    /// Title.
    pub(crate) title: &'a str,
    /// What is counted, such as `人`.
    pub(crate) unit: (&'a str, &'a str),
    /// Notes, one row each.
    pub(crate) notes: Vec<String>,
    /// The row of totals under the data, for the columns after the ordinal.
    pub(crate) totals: Option<Vec<Cell>>,
    /// Columns that stay in sight when scrolling sideways, the ordinal among them.
    pub(crate) n_fixed_columns: u16,
}

/// A workbook being written.
pub(crate) struct Book<'h> {
    workbook: rust_xlsxwriter::Workbook,
    styles: Styles,
    head: &'h Head,
    title: String,
    /// Printed above every page.
    stamp: Option<String>,
    tabs: BTreeSet<String>,
    n_rows: u32,
}

impl<'h> Book<'h> {
    /// A workbook with its properties set; dated by the head, so that the same input gives the same bytes.
    pub(crate) fn new(title: &str, head: &'h Head) -> Result<Self, ReportError> {
        let workbook = dated_workbook(title, head.printed_on)?;
        let (styles, title, tabs) = (Styles::new(), title.to_owned(), BTreeSet::new());
        Ok(Self { workbook, styles, head, title, stamp: None, tabs, n_rows: 0 })
    }

    /// The same with a line that prints above every page.
    pub(crate) fn stamped(self, stamp: String) -> Self {
        Self { stamp: Some(stamp), ..self }
    }

    /// Adds a sheet whose rows are the data of the table, an ordinal before each.
    pub(crate) fn table<T>(
        &mut self,
        page: &Page<'_>,
        fields: &[Field<T>],
        rows: &impl Rows<T>,
    ) -> Result<(), ReportError> {
        self.sheet(page, fields, rows)?;
        self.n_rows += count(rows.n_rows())?;
        Ok(())
    }

    /// Adds a sheet that sums up another; its rows are not counted as data.
    pub(crate) fn sheet<T>(
        &mut self,
        page: &Page<'_>,
        fields: &[Field<T>],
        rows: &impl Rows<T>,
    ) -> Result<(), ReportError> {
        let n_rows = count(rows.n_rows())?;
        let above = page.notes.len() + self.head.cautions.len() + 5;
        let mut sheet = new_sheet(&mut self.workbook, rows.n_rows(), above)?;
        sheet.set_name(tab_name(page.tab, &mut self.tabs))?;
        let widths = measure(fields, rows, self.head)?;
        let (styles, head) = (&self.styles, self.head);
        let mut canvas = Canvas { sheet: &mut sheet, styles, head, widths };
        let header = canvas.above(page, rows.n_rows())?;
        canvas.header(fields, header)?;
        canvas.rows(fields, rows, header + 1)?;
        if let Some(totals) = &page.totals {
            canvas.totals(fields, totals, header + 1 + n_rows)?;
        }
        canvas.set_up(page.n_fixed_columns, header, n_rows)?;
        if let Some(stamp) = &self.stamp {
            sheet.set_header(page_header(stamp));
        }
        self.workbook.push_worksheet(sheet);
        Ok(())
    }

    /// The finished file, named after title, county and day.
    pub(crate) fn finish(mut self) -> Result<Workbook, ReportError> {
        let day = self.head.as_of.format("%Y%m%d");
        let file_name = file_name(&format!("{}_{}_{day}", self.title, self.head.county));
        Ok(Workbook { file_name, bytes: self.workbook.save_to_buffer()?, n_rows: self.n_rows })
    }
}

/// A workbook whose properties name title and day, and neither author nor machine.
pub(crate) fn dated_workbook(
    title: &str,
    day: chrono::NaiveDate,
) -> Result<rust_xlsxwriter::Workbook, ReportError> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let created = excel_day(day).ok_or(ReportError::Day(day))?;
    workbook.set_properties(
        &DocProperties::new().set_title(title).set_author("").set_creation_datetime(&created),
    );
    Ok(workbook)
}

/// A sheet for `n_rows` rows of data below `n_above` others.
///
/// # Errors
/// [`ReportError::Rows`] when they are more than a sheet holds.
pub(crate) fn new_sheet(
    workbook: &mut rust_xlsxwriter::Workbook,
    n_rows: usize,
    n_above: usize,
) -> Result<Worksheet, ReportError> {
    if n_rows + n_above > MAX_ROWS {
        return Err(ReportError::Rows(n_rows));
    }
    if n_rows > LARGE {
        return Ok(workbook.new_worksheet_with_constant_memory()?);
    }
    Ok(Worksheet::new())
}

pub(crate) fn count(n: usize) -> Result<u32, ReportError> {
    u32::try_from(n).map_err(|_| ReportError::Rows(n))
}

#[cfg(test)]
mod tests;
