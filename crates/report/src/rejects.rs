//! Rejected rows back to their sender: the rows as they were, plus a column with the reason and what to do.
//!
//! ```text
//! row 1    保学退回修改｜原文件：…｜工作表：…｜来源：…｜截止日期：…｜镇办：…｜批次：…[｜第几栏：…]     (intake knows the file by this row)
//! then     the sender's header rows, the last with one more heading at its end
//! then     the rejected rows, cells in their places, the bad cell marked and noted, the reason at the end
//! ```

use std::collections::BTreeSet;

use baoxue_claim::Source;
use chrono::NaiveDate;
use rust_xlsxwriter::{Note, Worksheet};

use crate::{
    Lang, ReportError, Workbook,
    cell::Cell,
    sheet::{
        count, dated_workbook, height, new_sheet, set_up_print, set_widths, tab_name, write_cell,
    },
    style::Styles,
    width::{display_width, n_lines},
};

/// What row 1 begins with. `intake` looks for it: changing it breaks the return of files already sent out.
const MARK: &str = "保学退回修改";

/// The heading of the last column, fixed for the same reason.
const REASON_HEADING: &str = "退回原因及处理办法（保学）";

/// Notes per sheet: spreadsheets grow slow with many; the colour and the last column say the same for every row.
const MAX_NOTES: u32 = 2_000;

/// Widest column in half-width units, and the width of the reasons.
const WIDEST: usize = 24;
const REASON_WIDTH: usize = 44;

/// The rejected rows of one original sheet.
#[derive(Clone, PartialEq, Eq)]
pub struct RejectSheet {
    /// Number of the batch that the original file became.
    pub batch: u32,
    /// Name of the original file.
    pub file: String,
    /// Name of the original sheet; empty for csv.
    pub sheet: String,
    /// Which of the tables side by side on that sheet, from 1.
    pub table: u32,
    /// Who sent it, if that could be told.
    pub source: Option<Source>,
    /// The day of the file.
    pub as_of: NaiveDate,
    /// The town that sent it, by name.
    pub town: Option<String>,
    /// The sender's header rows as they were, a merged cell's text in each of its positions.
    pub header_rows: Vec<Vec<String>>,
    /// The rejected rows in their order.
    pub rows: Vec<RejectRow>,
}

/// One rejected row.
#[derive(Clone, PartialEq, Eq)]
pub struct RejectRow {
    /// 1-based row in the original sheet.
    pub number: u32,
    /// All cells as text, in their original positions.
    pub cells: Vec<String>,
    /// The 1-based column of the bad cell, if it is one cell.
    pub column: Option<u32>,
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub advice: String,
}

impl std::fmt::Debug for RejectSheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RejectSheet({:?}, {} rows)", self.source, self.rows.len())
    }
}

impl std::fmt::Debug for RejectRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RejectRow({}, column {:?})", self.number, self.column)
    }
}

/// The workbook that goes back, one sheet per original sheet; nothing in it is masked, it holds only what its sender
/// wrote. Dated by the latest of the files, so that the same rejects give the same bytes. `n_rows` counts rejected rows.
///
/// # Errors
/// [`ReportError`] when a sheet is too long, a date cannot be written, or the writer refuses.
pub fn reject_workbook(sheets: &[RejectSheet], lang: Lang) -> Result<Workbook, ReportError> {
    let title = lang.pick("退回修改", "Rejected rows");
    let day = sheets.iter().map(|sheet| sheet.as_of).max().unwrap_or_default();
    let mut workbook = dated_workbook(title, day)?;
    let styles = Styles::new();
    let mut tabs = BTreeSet::new();
    let mut n_rows = 0;
    for rejects in sheets {
        let wanted = if rejects.sheet.is_empty() { &rejects.file } else { &rejects.sheet };
        let n_above = rejects.header_rows.len() + 1;
        let mut sheet = new_sheet(&mut workbook, rejects.rows.len(), n_above)?;
        sheet.set_name(tab_name(wanted, &mut tabs))?;
        write_sheet(&mut sheet, rejects, &styles, lang)?;
        n_rows += count(rejects.rows.len())?;
        workbook.push_worksheet(sheet);
    }
    if sheets.is_empty() {
        workbook.add_worksheet().set_name(title)?;
    }
    let file_name = format!("{title}_{}.xlsx", day.format("%Y%m%d"));
    Ok(Workbook { file_name, bytes: workbook.save_to_buffer()?, n_rows })
}

fn write_sheet(
    sheet: &mut Worksheet,
    rejects: &RejectSheet,
    styles: &Styles,
    lang: Lang,
) -> Result<(), ReportError> {
    write_cell(sheet, (0, 0), &Cell::text(mark(rejects)), &styles.mark)?;
    let n_columns = n_columns(rejects);
    let mut at = 1;
    for (n, cells) in rejects.header_rows.iter().enumerate() {
        let is_last = n + 1 == rejects.header_rows.len();
        let end = if is_last { REASON_HEADING } else { "" };
        let mut cells = padded(cells, n_columns);
        cells.push(end);
        for (column, text) in (0u16..).zip(cells) {
            write_cell(sheet, (at, column), &Cell::text(text), &styles.header)?;
        }
        sheet.set_row_height(at, height(2))?;
        at += 1;
    }
    let first = at;
    for (n, row) in (0u32..).zip(&rejects.rows) {
        write_row(sheet, (first + n, n_columns), row, styles)?;
        if n < MAX_NOTES {
            add_note(sheet, first + n, n_columns, row)?;
        }
    }
    let header = first.saturating_sub(1);
    let last_column = u16::try_from(n_columns).unwrap_or(u16::MAX);
    let n_rows = count(rejects.rows.len())?;
    sheet.set_freeze_panes(first, 0)?;
    if !rejects.header_rows.is_empty() {
        sheet.autofilter(header, 0, header + n_rows, last_column)?;
    }
    set_widths(sheet, &widths(rejects, n_columns))?;
    set_up_print(sheet, header, lang)?;
    Ok(())
}

/// Row 1, by which `intake` knows where the rows belong.
fn mark(rejects: &RejectSheet) -> String {
    let table = match rejects.table {
        0 | 1 => String::new(),
        nth => format!("｜第几栏：{nth}"),
    };
    format!(
        "{MARK}｜原文件：{}｜工作表：{}｜来源：{}｜截止日期：{}｜镇办：{}｜批次：{}{table}",
        rejects.file,
        rejects.sheet,
        rejects.source.map_or("", Source::zh),
        rejects.as_of.format("%Y-%m-%d"),
        rejects.town.as_deref().unwrap_or_default(),
        rejects.batch,
    )
}

/// Columns of the original, the widest of header and rows; the reason stands in the one after them.
fn n_columns(rejects: &RejectSheet) -> usize {
    let headers = rejects.header_rows.iter().map(Vec::len);
    headers.chain(rejects.rows.iter().map(|row| row.cells.len())).max().unwrap_or(0)
}

fn padded(cells: &[String], n_columns: usize) -> Vec<&str> {
    let texts = cells.iter().map(String::as_str);
    texts.chain(std::iter::repeat("")).take(n_columns).collect()
}

fn write_row(
    sheet: &mut Worksheet,
    (at, n_columns): (u32, usize),
    row: &RejectRow,
    styles: &Styles,
) -> Result<(), ReportError> {
    for (column, text) in (0u16..).zip(padded(&row.cells, n_columns)) {
        let is_bad = row.column == Some(u32::from(column) + 1);
        let format = if is_bad { &styles.alarm } else { &styles.plain };
        write_cell(sheet, (at, column), &Cell::text(text), format)?;
    }
    let end = u16::try_from(n_columns).unwrap_or(u16::MAX);
    let why = why(row);
    sheet.set_row_height(at, height(n_lines(&why, REASON_WIDTH)))?;
    write_cell(sheet, (at, end), &Cell::text(why), &styles.alarm)?;
    Ok(())
}

fn why(row: &RejectRow) -> String {
    crate::cell::join(
        [Some(format!("原第{}行：{}", row.number, row.reason)), Some(row.advice.clone())],
        "；",
    )
}

/// A note at the bad cell; without one bad cell the reason column is enough.
fn add_note(
    sheet: &mut Worksheet,
    at: u32,
    n_columns: usize,
    row: &RejectRow,
) -> Result<(), ReportError> {
    let column = row.column.and_then(|column| u16::try_from(column).ok()?.checked_sub(1));
    let Some(column) = column.filter(|column| usize::from(*column) < n_columns) else {
        return Ok(());
    };
    let text = why(row);
    let note = Note::new(text.as_str()).add_author_prefix(false).set_width(220).set_height(90);
    sheet.insert_note(at, column, &note)?;
    Ok(())
}

fn widths(rejects: &RejectSheet, n_columns: usize) -> Vec<usize> {
    let mut widths = vec![0; n_columns];
    let rows = rejects.header_rows.iter().chain(rejects.rows.iter().map(|row| &row.cells));
    for cells in rows {
        for (width, text) in widths.iter_mut().zip(cells) {
            *width = (*width).max(display_width(text)).min(WIDEST);
        }
    }
    widths.push(REASON_WIDTH);
    widths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{day, part, read_back};

    fn texts<const N: usize>(cells: [&str; N]) -> Vec<String> {
        cells.map(str::to_owned).to_vec()
    }

    pub(crate) fn sheet() -> RejectSheet {
        RejectSheet {
            batch: 3,
            file: "柳林镇摸排表(最终版).xlsx".into(),
            sheet: "青石村".into(),
            table: 1,
            source: Some(Source::TownSurvey),
            as_of: day(2019, 8, 20),
            town: Some("柳林镇".into()),
            header_rows: vec![
                texts(["序号", "儿童", "儿童", "监护人"]),
                texts(["序号", "姓名", "身份证号", "电话"]),
            ],
            rows: vec![
                RejectRow {
                    number: 7,
                    cells: texts(["3", "赵小雨", "=6.1E+17", "", "多出的一格"]),
                    column: Some(3),
                    reason: "身份证号末几位已丢失".into(),
                    advice: "把该列设为文本格式后重新填写18位号码".into(),
                },
                RejectRow {
                    number: 12,
                    cells: texts(["8"]),
                    column: None,
                    reason: "没有姓名，也没有身份证号".into(),
                    advice: "补填后交回".into(),
                },
            ],
        }
    }

    #[test]
    fn the_rows_go_back_as_they_were_with_the_reason_at_the_end() {
        let book = reject_workbook(&[sheet()], Lang::Zh).unwrap();
        assert_eq!(book.n_rows, 2);
        let (name, rows) = read_back(&book.bytes).remove(0);
        assert_eq!(name, "青石村");
        assert_eq!(
            rows[0][0],
            "保学退回修改｜原文件：柳林镇摸排表(最终版).xlsx｜工作表：青石村｜来源：镇办摸排｜截止日期：2019-08-20｜镇办：柳林镇｜批次：3"
        );
        assert_eq!(rows[1], ["序号", "儿童", "儿童", "监护人", "", ""]);
        assert_eq!(rows[2], ["序号", "姓名", "身份证号", "电话", "", REASON_HEADING]);
        assert_eq!(rows[3][..5], ["3", "赵小雨", "=6.1E+17", "", "多出的一格"]);
        assert_eq!(
            rows[3][5],
            "原第7行：身份证号末几位已丢失；把该列设为文本格式后重新填写18位号码"
        );
        assert_eq!(rows[4][..5], ["8", "", "", "", ""]);
        assert!(rows[4][5].starts_with("原第12行：没有姓名"));
        assert_eq!(rows.len(), 5);
    }

    #[test]
    fn the_bad_cell_is_marked_and_noted() {
        let book = reject_workbook(&[sheet()], Lang::Zh).unwrap();
        let notes = part(&book.bytes, "xl/comments1.xml");
        assert_eq!(notes.matches("<comment ").count(), 1);
        assert!(notes.contains(r#"<comment ref="C4""#) && notes.contains("末几位已丢失"));
        let xml = part(&book.bytes, "xl/worksheets/sheet1.xml");
        let style = |cell: &str| {
            let at = xml.find(&format!(r#"<c r="{cell}" s=""#)).unwrap() + cell.len() + 11;
            xml[at..].split('"').next().unwrap().to_owned()
        };
        assert_eq!(style("C4"), style("F4"));
        assert_ne!(style("C4"), style("B4"));
    }

    #[test]
    fn a_file_rejected_as_a_whole_comes_back_whole() {
        let mut sheet = sheet();
        let row = sheet.rows.remove(0);
        sheet.rows = (0..20_500).map(|n| RejectRow { number: n, ..row.clone() }).collect();
        let book = reject_workbook(&[sheet], Lang::Zh).unwrap();
        let (_, rows) = read_back(&book.bytes).remove(0);
        assert_eq!((book.n_rows, rows.len()), (20_500, 20_503));
        assert!(rows.last().unwrap()[5].starts_with("原第20499行"));
        let xml = part(&book.bytes, "xl/worksheets/sheet1.xml");
        let last = &xml[xml.find(r#"<row r="20503""#).unwrap()..];
        assert!(last.split('>').next().unwrap().contains(" ht="), "rows keep their height");
    }

    #[test]
    fn two_sheets_of_one_name_and_a_file_without_town_come_whole() {
        let other = RejectSheet { town: None, sheet: String::new(), ..sheet() };
        let sheets = [sheet(), RejectSheet { table: 2, ..sheet() }, other];
        let book = reject_workbook(&sheets, Lang::Zh).unwrap();
        assert_eq!(book.n_rows, 6);
        let names: Vec<String> = read_back(&book.bytes).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["青石村", "青石村~2", "柳林镇摸排表(最终版).xlsx"]);
        assert!(
            read_back(&book.bytes)[2].1[0][0]
                .ends_with("｜工作表：｜来源：镇办摸排｜截止日期：2019-08-20｜镇办：｜批次：3")
        );
        assert!(read_back(&book.bytes)[1].1[0][0].ends_with("｜批次：3｜第几栏：2"));
        assert_eq!(book.bytes, reject_workbook(&sheets, Lang::Zh).unwrap().bytes);
        assert_eq!(reject_workbook(&[], Lang::Zh).unwrap().n_rows, 0);
    }
}
