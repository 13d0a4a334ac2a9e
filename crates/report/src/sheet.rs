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

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Worksheet, XlsxError};

use crate::{
    Head, Masking,
    cell::{Cell, cell_text},
    head::Lang,
    style::{Kind, Styles},
    width::display_width,
};

/// Rows that a sheet holds.
const MAX_ROWS: usize = 1_048_576;

/// Tables with more rows than this go through the writer's constant-memory mode, which buffers rows in an unnamed
/// temporary file; shorter ones never touch a disk.
const LARGE: usize = 20_000;

/// Narrowest and widest column, in half-width units.
const WIDTHS: (usize, usize) = (5, 44);

/// Row heights in points: one line of text, and the title.
const LINE_HEIGHT: f64 = 14.0;
const TITLE_HEIGHT: f64 = 32.0;

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

    /// The column of the `n`-th count, under a heading known only when the rows are.
    pub(crate) fn nth(heading: &str, n: usize, part: fn(&T, usize) -> Cell) -> Self {
        let heading: Cow<'static, str> = Cow::Owned(heading.to_owned());
        let content = Content::Nth(part, n);
        Self { zh: heading.clone(), en: heading, kind: Kind::Count, widest: 12, content }
    }

    fn heading(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }

    fn cell(&self, row: &T, head: &Head) -> Cell {
        match self.content {
            Content::Part(part) => part(row, head),
            Content::Nth(part, n) => part(row, n),
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
    tabs: BTreeSet<String>,
    n_rows: u32,
}

impl<'h> Book<'h> {
    /// A workbook with its properties set; dated by the head, so that the same input gives the same bytes.
    pub(crate) fn new(title: &str, head: &'h Head) -> Result<Self, ReportError> {
        let workbook = dated_workbook(title, head.printed_on)?;
        let (styles, title, tabs) = (Styles::new(), title.to_owned(), BTreeSet::new());
        Ok(Self { workbook, styles, head, title, tabs, n_rows: 0 })
    }

    /// Adds a sheet whose rows are the data of the table, an ordinal before each.
    pub(crate) fn table<T>(
        &mut self,
        page: &Page<'_>,
        fields: &[Field<T>],
        rows: &[&T],
    ) -> Result<(), ReportError> {
        self.sheet(page, fields, rows)?;
        self.n_rows += count(rows.len())?;
        Ok(())
    }

    /// Adds a sheet that sums up another; its rows are not counted as data.
    pub(crate) fn sheet<T>(
        &mut self,
        page: &Page<'_>,
        fields: &[Field<T>],
        rows: &[&T],
    ) -> Result<(), ReportError> {
        if rows.len() + page.notes.len() + 5 > MAX_ROWS {
            return Err(ReportError::Rows(rows.len()));
        }
        let mut sheet = if rows.len() > LARGE {
            self.workbook.new_worksheet_with_constant_memory()?
        } else {
            Worksheet::new()
        };
        sheet.set_name(tab_name(page.tab, &mut self.tabs))?;
        let header = write_above(&mut sheet, page, self, (fields.len(), rows.len()))?;
        let mut widths = write_header(&mut sheet, fields, header, self)?;
        write_rows(&mut sheet, fields, rows, (header, self, &mut widths))?;
        if let Some(totals) = &page.totals {
            write_totals(&mut sheet, fields, totals, (header + 1 + count(rows.len())?, self))?;
        }
        set_widths(&mut sheet, &widths)?;
        set_up_view(&mut sheet, page, header, (count(rows.len())?, fields.len()))?;
        set_up_print(&mut sheet, header, self.head.lang)?;
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

/// A tab name that spreadsheets accept and that is not in `taken` yet, which it then joins.
pub(crate) fn tab_name(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let clean: String = wanted
        .chars()
        .map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { '_' } else { c })
        .collect();
    let base = if clean.trim().is_empty() { "Sheet".to_owned() } else { clean };
    for n in 1u32.. {
        let tail = if n == 1 { String::new() } else { format!("~{n}") };
        let name = format!("{}{tail}", cut_units(&base, 31 - tail.len()));
        // Spreadsheets compare tab names without regard to case.
        if taken.insert(name.to_lowercase()) {
            return name;
        }
    }
    base
}

/// Writes one cell as a literal: text never becomes a formula, a number or a link (T-41).
pub(crate) fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    format: &Format,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Blank => sheet.write_blank(row, column, format)?,
        Cell::Text(text) => sheet.write_string_with_format(row, column, cell_text(text), format)?,
        Cell::Number(number) => sheet.write_number_with_format(row, column, *number, format)?,
        Cell::Date(day) => match excel_day(*day) {
            Some(day) => sheet.write_datetime_with_format(row, column, &day, format)?,
            None => sheet.write_string_with_format(row, column, day.to_string(), format)?,
        },
    };
    Ok(())
}

/// The print setup of every sheet: A4 across, one page wide, header repeated, pages numbered.
pub(crate) fn set_up_print(
    sheet: &mut Worksheet,
    header: u32,
    lang: Lang,
) -> Result<(), XlsxError> {
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.7, 0.3, 0.35).set_print_center_horizontally(true);
    sheet.set_repeat_rows(header, header)?;
    sheet.set_footer(lang.pick(
        "&L填表人：　　　　　　审核人：　　　　　　单位负责人：&R第 &P 页 共 &N 页",
        "&LFilled in by:            Checked by:            Approved by:&RPage &P of &N",
    ));
    Ok(())
}

/// Column widths that fit, within the limits; `units` per column.
pub(crate) fn set_widths(sheet: &mut Worksheet, units: &[usize]) -> Result<(), XlsxError> {
    for (column, units) in (0u16..).zip(units) {
        let units = (*units).clamp(WIDTHS.0, WIDTHS.1);
        // One unit is a digit of the default font; the padding of a cell takes about one and a half.
        let width = f64::from(u8::try_from(units).unwrap_or(u8::MAX)).mul_add(1.05, 1.5);
        sheet.set_column_width(column, width)?;
    }
    Ok(())
}

pub(crate) fn count(n: usize) -> Result<u32, ReportError> {
    u32::try_from(n).map_err(|_| ReportError::Rows(n))
}

/// Writes title, subtitle and notes; returns the row of the header.
fn write_above(
    sheet: &mut Worksheet,
    page: &Page<'_>,
    book: &Book<'_>,
    (n_fields, n_rows): (usize, usize),
) -> Result<u32, ReportError> {
    let last = u16::try_from(n_fields).unwrap_or(u16::MAX);
    let mut lines = vec![subtitle(page, book.head, n_rows), provenance(page, book.head)];
    lines.extend(page.notes.iter().cloned());
    sheet.merge_range(0, 0, 0, last, &cell_text(page.title), &book.styles.title)?;
    sheet.set_row_height(0, TITLE_HEIGHT)?;
    let mut row = 1;
    for line in lines {
        sheet.merge_range(row, 0, row, last, &cell_text(&line), &book.styles.note)?;
        sheet.set_row_height(row, LINE_HEIGHT * 1.3)?;
        row += 1;
    }
    Ok(row)
}

fn subtitle(page: &Page<'_>, head: &Head, n_rows: usize) -> String {
    let (county, day) = (&head.county, head.as_of.format("%Y-%m-%d"));
    match head.lang {
        Lang::Zh => format!("填报单位：{county}　　截止日期：{day}　　共{n_rows}{}", page.unit.0),
        Lang::En => format!("Unit: {county}    As of: {day}    {n_rows} {}", page.unit.1),
    }
}

fn provenance(page: &Page<'_>, head: &Head) -> String {
    let day = head.printed_on.format("%Y-%m-%d");
    let (form, base, pack, by) = (page.form, &head.base, &head.rule_pack, &head.printed_by);
    let hidden = match (&head.masking, head.lang) {
        (Masking::Masked, Lang::Zh) => "证件号码、电话、住址、成年人姓名已部分遮盖".to_owned(),
        (Masking::Masked, Lang::En) => {
            "ID numbers, telephones, addresses and adults' names partly hidden".to_owned()
        }
        (Masking::Full { reason }, Lang::Zh) => format!("未遮盖，用途：{reason}，注意保管"),
        (Masking::Full { reason }, Lang::En) => format!("nothing hidden, purpose: {reason}"),
    };
    match head.lang {
        Lang::Zh => {
            format!("表号：{form}　人口口径：{base}　规则：{pack}　打印：{by} {day}　{hidden}")
        }
        Lang::En => format!(
            "Form: {form}  Population base: {base}  Rules: {pack}  Printed: {by} {day}  {hidden}"
        ),
    }
}

/// Writes the header and returns the widths it asks for.
fn write_header<T>(
    sheet: &mut Worksheet,
    fields: &[Field<T>],
    row: u32,
    book: &Book<'_>,
) -> Result<Vec<usize>, ReportError> {
    let lang = book.head.lang;
    let headings: Vec<&str> = std::iter::once(lang.pick("序号", "No."))
        .chain(fields.iter().map(|field| field.heading(lang)))
        .collect();
    let limits = std::iter::once(6).chain(fields.iter().map(|field| usize::from(field.widest)));
    let mut widths = Vec::with_capacity(headings.len());
    let mut n_lines = 1;
    for ((column, heading), limit) in (0u16..).zip(&headings).zip(limits) {
        write_cell(sheet, (row, column), &Cell::text(*heading), &book.styles.header)?;
        // A long heading breaks into two or three lines rather than widen a column of short values.
        let wide = display_width(heading) + 2;
        let width = if wide > 12 { wide.div_ceil(if wide > 24 { 3 } else { 2 }) + 1 } else { wide };
        let width = width.min(limit.max(6));
        n_lines = n_lines.max(wide.div_ceil(width));
        widths.push(width);
    }
    let n_lines = f64::from(u16::try_from(n_lines).unwrap_or(u16::MAX));
    sheet.set_row_height(row, n_lines.mul_add(LINE_HEIGHT, 8.0))?;
    Ok(widths)
}

fn write_rows<T>(
    sheet: &mut Worksheet,
    fields: &[Field<T>],
    rows: &[&T],
    (header, book, widths): (u32, &Book<'_>, &mut Vec<usize>),
) -> Result<(), ReportError> {
    let ordinal = book.styles.of(Kind::Count);
    for (n, row) in (1u32..).zip(rows) {
        let at = header + n;
        sheet.write_number_with_format(at, 0, n, ordinal)?;
        for ((column, field), width) in (1u16..).zip(fields).zip(widths.iter_mut().skip(1)) {
            let cell = field.cell(row, book.head);
            let limit = usize::from(field.widest);
            if *width < limit {
                *width = (*width).max(cell_width(&cell).min(limit));
            }
            write_cell(sheet, (at, column), &cell, book.styles.of(field.kind))?;
        }
    }
    Ok(())
}

fn write_totals<T>(
    sheet: &mut Worksheet,
    fields: &[Field<T>],
    totals: &[Cell],
    (row, book): (u32, &Book<'_>),
) -> Result<(), ReportError> {
    write_cell(sheet, (row, 0), &Cell::Blank, book.styles.of_total(Kind::Short))?;
    for ((column, field), cell) in (1u16..).zip(fields).zip(totals) {
        write_cell(sheet, (row, column), cell, book.styles.of_total(field.kind))?;
    }
    Ok(())
}

fn set_up_view(
    sheet: &mut Worksheet,
    page: &Page<'_>,
    header: u32,
    (n_rows, n_fields): (u32, usize),
) -> Result<(), ReportError> {
    let last = u16::try_from(n_fields).unwrap_or(u16::MAX);
    sheet.set_freeze_panes(header + 1, page.n_fixed_columns)?;
    sheet.autofilter(header, 0, header + n_rows, last)?;
    Ok(())
}

fn cell_width(cell: &Cell) -> usize {
    match cell {
        Cell::Blank => 0,
        Cell::Text(text) => display_width(text),
        Cell::Number(number) => number.checked_ilog10().map_or(1, |log| log as usize + 1),
        Cell::Date(_) => 10,
    }
}

fn excel_day(day: chrono::NaiveDate) -> Option<ExcelDateTime> {
    use chrono::Datelike;
    let year = u16::try_from(day.year()).ok()?;
    let (month, day) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
}

/// A file name without characters that some system forbids.
fn file_name(stem: &str) -> String {
    let clean: String = stem
        .chars()
        .map(|c| if "/\\:*?\"<>|".contains(c) || c.is_control() { '_' } else { c })
        .collect();
    format!("{clean}.xlsx")
}

fn cut_units(text: &str, units: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += c.len_utf16();
        used > units
    });
    end.map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests;
