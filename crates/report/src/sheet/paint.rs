//! Writing one sheet cell by cell: literals, heights, widths, view and print setup.

use rust_xlsxwriter::{ExcelDateTime, Format, Worksheet, XlsxError};

use super::{Field, Page, ReportError};
use crate::{
    Head, Lang, Masking,
    cell::{Cell, cell_text},
    rows::Rows,
    style::{Kind, Styles},
    width::{display_width, n_lines},
};

/// Narrowest and widest column, in half-width units.
const WIDTHS: (usize, usize) = (4, 60);

/// Heights in points: one line of text at ten points, the room around the lines, the title, the highest row there is.
const LINE: f64 = 13.0;
const ROOM: f64 = 6.0;
const TITLE: f64 = 34.0;
const HIGHEST: f64 = 409.0;

/// Lines that a heading may take before it widens its column.
const HEADING_LINES: usize = 4;

/// One sheet on its way: what it is written to and how it is laid out.
pub(super) struct Canvas<'a> {
    pub(super) sheet: &'a mut Worksheet,
    pub(super) styles: &'a Styles,
    pub(super) head: &'a Head,
    /// Half-width units per column, the ordinal's first.
    pub(super) widths: Vec<usize>,
}

/// Half-width units that stand side by side on a landscape page, at six tenths of their size: what is wider than the first
/// goes to A3, and what is wider than the second over several pages.
const A4_UNITS: usize = 260;
const A3_UNITS: usize = 360;

impl Canvas<'_> {
    /// Writes title, subtitle and notes; returns the row of the header.
    pub(super) fn above(&mut self, page: &Page<'_>, n_rows: usize) -> Result<u32, ReportError> {
        let last = last_column(self.widths.len());
        let mut lines = vec![subtitle(page, self.head, n_rows), provenance(page, self.head)];
        lines.extend(self.head.cautions.iter().cloned());
        lines.extend(page.notes.iter().cloned());
        self.sheet.merge_range(0, 0, 0, last, &cell_text(page.title), &self.styles.title)?;
        self.sheet.set_row_height(0, TITLE)?;
        let room = self.widths.iter().sum();
        let mut row = 1;
        for line in lines {
            self.sheet.merge_range(row, 0, row, last, &cell_text(&line), &self.styles.note)?;
            self.sheet.set_row_height(row, height(n_lines(&line, room)))?;
            row += 1;
        }
        Ok(row)
    }

    /// Writes the header row.
    pub(super) fn header<T>(&mut self, fields: &[Field<T>], row: u32) -> Result<(), ReportError> {
        let lang = self.head.lang;
        let headings = std::iter::once(ordinal(lang)).chain(fields.iter().map(|f| f.heading(lang)));
        let mut most = 1;
        for ((column, heading), width) in (0u16..).zip(headings).zip(&self.widths) {
            write_cell(self.sheet, (row, column), &Cell::text(heading), &self.styles.header)?;
            most = most.max(n_lines(heading, *width));
        }
        self.sheet.set_row_height(row, height(most) + ROOM)?;
        Ok(())
    }

    /// Writes the data rows from `first` on, each as high as its longest cell needs: not every spreadsheet finds the
    /// height of wrapped text by itself.
    pub(super) fn rows<T>(
        &mut self,
        fields: &[Field<T>],
        rows: &impl Rows<T>,
        first: u32,
    ) -> Result<(), ReportError> {
        let mut cells = Vec::with_capacity(fields.len());
        let mut n = 0u32;
        rows.each(&mut |row| {
            cells.clear();
            cells.extend(fields.iter().map(|field| field.cell(row, self.head)));
            let lines =
                cells.iter().zip(&self.widths[1..]).map(|(cell, width)| cell_lines(cell, *width));
            let at = first + n;
            n += 1;
            self.sheet.set_row_height(at, height(lines.max().unwrap_or(1)))?;
            let count = self.styles.of(Kind::Count);
            self.sheet.write_number_with_format(at, 0, n, count)?;
            for ((column, field), cell) in (1u16..).zip(fields).zip(&cells) {
                write_cell(self.sheet, (at, column), cell, self.styles.of(field.kind))?;
            }
            Ok(())
        })
    }

    /// Writes the row of totals.
    pub(super) fn totals<T>(
        &mut self,
        fields: &[Field<T>],
        totals: &[Cell],
        row: u32,
    ) -> Result<(), ReportError> {
        write_cell(self.sheet, (row, 0), &Cell::Blank, self.styles.of_total(Kind::Short))?;
        for ((column, field), cell) in (1u16..).zip(fields).zip(totals) {
            write_cell(self.sheet, (row, column), cell, self.styles.of_total(field.kind))?;
        }
        self.sheet.set_row_height(row, height(1))?;
        Ok(())
    }

    /// Header frozen and filtered, columns as wide as measured, paper.
    pub(super) fn set_up(
        &mut self,
        n_fixed_columns: u16,
        header: u32,
        n_rows: u32,
    ) -> Result<(), ReportError> {
        let last = last_column(self.widths.len());
        self.sheet.set_freeze_panes(header + 1, n_fixed_columns)?;
        self.sheet.autofilter(header, 0, header + n_rows, last)?;
        set_widths(self.sheet, &self.widths)?;
        set_up_print(self.sheet, header, self.head.lang)?;
        let units: usize = self.widths.iter().sum();
        if units > A4_UNITS {
            let pages = u16::try_from(units.div_ceil(A3_UNITS)).unwrap_or(u16::MAX);
            self.sheet.set_paper_size(8).set_print_fit_to_pages(pages, 0);
            if pages > 1 && n_fixed_columns > 0 {
                self.sheet.set_repeat_columns(0, n_fixed_columns - 1)?;
            }
        }
        Ok(())
    }
}

/// The width of each column, the ordinal's first: as wide as its widest cell, at most what the field allows, at least
/// what the heading needs in four lines.
pub(super) fn measure<T>(
    fields: &[Field<T>],
    rows: &impl Rows<T>,
    head: &Head,
) -> Result<Vec<usize>, ReportError> {
    let digits = rows.n_rows().checked_ilog10().map_or(1, |log| log as usize + 1);
    let mut widths = vec![digits.max(WIDTHS.0)];
    widths.extend(fields.iter().map(|field| least_width(field, head.lang)));
    rows.each(&mut |row| {
        for (field, width) in fields.iter().zip(&mut widths[1..]) {
            let limit = usize::from(field.widest);
            if *width < limit {
                *width = cell_width(&field.cell(row, head)).min(limit).max(*width);
            }
        }
        Ok(())
    })?;
    Ok(widths)
}

/// The width that a column has whatever its cells hold.
fn least_width<T>(field: &Field<T>, lang: Lang) -> usize {
    let heading = field.heading(lang);
    let least = (WIDTHS.0..WIDTHS.1)
        .find(|width| n_lines(heading, *width) <= HEADING_LINES)
        .unwrap_or(WIDTHS.1)
        .max(longest_word(heading));
    if field.is_by_hand() { least.max(usize::from(field.widest)) } else { least }
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

/// Characters of a page header that spreadsheets take, the sign for its place among them.
const MAX_HEADER: usize = 255;

/// A text as the header of every printed page, on the right. An ampersand begins a code there, so it stands twice.
pub(super) fn page_header(text: &str) -> String {
    let mut header = String::from("&R");
    let mut units = header.len();
    for c in text.chars() {
        let sign = match c {
            '&' => "&&".to_owned(),
            c if c.is_control() => " ".to_owned(),
            c => c.to_string(),
        };
        units += sign.encode_utf16().count();
        if units > MAX_HEADER {
            break;
        }
        header.push_str(&sign);
    }
    header
}

/// Column widths that fit, within the limits; `units` per column.
pub(crate) fn set_widths(sheet: &mut Worksheet, units: &[usize]) -> Result<(), XlsxError> {
    for (column, units) in (0u16..).zip(units) {
        let units = u8::try_from((*units).clamp(WIDTHS.0, WIDTHS.1)).unwrap_or(u8::MAX);
        // A unit of ten-point text is a little narrower than the digit of eleven points that columns are measured in;
        // the padding of a cell takes what is left.
        sheet.set_column_width(column, f64::from(units) + 1.0)?;
    }
    Ok(())
}

/// The height of a row whose longest cell takes `lines` lines.
pub(crate) fn height(lines: usize) -> f64 {
    let lines = f64::from(u16::try_from(lines).unwrap_or(u16::MAX));
    lines.mul_add(LINE, ROOM).min(HIGHEST)
}

/// A day as the file stores it; `None` outside 1900 to 9999.
pub(super) fn excel_day(day: chrono::NaiveDate) -> Option<ExcelDateTime> {
    use chrono::Datelike;
    let year = u16::try_from(day.year()).ok()?;
    let (month, day) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
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

fn ordinal(lang: Lang) -> &'static str {
    lang.pick("序号", "No.")
}

fn last_column(n_columns: usize) -> u16 {
    u16::try_from(n_columns.saturating_sub(1)).unwrap_or(u16::MAX)
}

fn cell_width(cell: &Cell) -> usize {
    match cell {
        Cell::Blank => 0,
        Cell::Text(text) => display_width(text),
        Cell::Number(number) => number.checked_ilog10().map_or(1, |log| log as usize + 1),
        Cell::Date(_) => 10,
    }
}

fn cell_lines(cell: &Cell, width: usize) -> usize {
    match cell {
        Cell::Text(text) => n_lines(text, width),
        Cell::Blank | Cell::Number(_) | Cell::Date(_) => 1,
    }
}

/// The longest run that no line break can divide.
fn longest_word(heading: &str) -> usize {
    heading.split(|c: char| !c.is_ascii_alphanumeric()).map(str::len).max().unwrap_or(0)
}
