//! Rows as a person sees them: some of each sheet, and those with something wrong.

use std::collections::BTreeSet;

use baoxue_claim::Private;
use baoxue_intake::{Aside, Column, Field, Level, Outcome, Reading, Reject, Row, SheetReading};

use super::{MAX_PROBLEMS, Problem, ProblemKind, RowMark, RowView};

/// Rows shown below the header, those with something wrong among them, and of those without data at the end.
const SHOWN: usize = 7;
const SHOWN_WRONG: usize = 3;
const SHOWN_ABOVE: u32 = 8;
const SHOWN_BELOW: usize = 2;

/// Columns shown of a row.
const COLUMNS: usize = 40;

/// The place of a 1-based column.
pub(super) fn index(column: u32) -> usize {
    usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1)
}

/// Rows that are records with something to look at, by sheet and number.
pub(super) fn doubted(reading: &Reading) -> BTreeSet<(&str, u32)> {
    let warned = reading.messages.iter().filter(|message| message.level != Level::Notice);
    let warned = warned.filter_map(|message| Some((message.sheet.as_str(), message.row?)));
    let marked = reading.sheets.iter().flat_map(|sheet| {
        let doubtful = |row: &&Row| match &row.outcome {
            Outcome::Record(record) => !record.doubts.is_empty() || record.review_only.is_some(),
            Outcome::Reject(_) | Outcome::Aside(_) => false,
        };
        sheet.rows.iter().filter(doubtful).map(|row| (sheet.name.as_str(), row.number))
    });
    warned.chain(marked).collect()
}

/// Rows and cells to look at with how many there are, those that cannot enter first.
pub(super) fn problems(reading: &Reading) -> (Vec<Problem>, usize) {
    let mut problems = Vec::new();
    for sheet in &reading.sheets {
        for row in &sheet.rows {
            if let Outcome::Reject(reject) = &row.outcome {
                problems.push(rejected(sheet, row, reject));
            }
        }
    }
    for message in reading.messages.iter().filter(|message| message.level != Level::Notice) {
        let Some(number) = message.row else { continue };
        // Of tables side by side on one sheet, the one that has the column.
        let has = |sheet: &&SheetReading| {
            let named =
                |column: &Column| Some(column.index) == message.column && !column.header.is_empty();
            sheet.name == message.sheet
                && (message.column.is_none() || sheet.columns.iter().any(named))
        };
        let named = |sheet: &&SheetReading| sheet.name == message.sheet;
        let sheets = || reading.sheets.iter();
        let sheet = sheets().find(has).or_else(|| sheets().find(named));
        let Some((sheet, row)) = sheet.and_then(|sheet| Some((sheet, at(sheet, number)?))) else {
            continue;
        };
        if matches!(row.outcome, Outcome::Record(_)) {
            let texts = (message.zh.as_str(), message.en.as_str());
            problems.push(problem(ProblemKind::Doubt, (sheet, row), message.column, texts));
        }
    }
    let n = problems.len();
    problems.truncate(MAX_PROBLEMS);
    (problems, n)
}

fn at(sheet: &SheetReading, number: u32) -> Option<&Row> {
    sheet.rows.get(index(number)).filter(|row| row.number == number)
}

fn rejected(sheet: &SheetReading, row: &Row, reject: &Reject) -> Problem {
    let texts = (reject.zh.as_str(), reject.en.as_str());
    problem(ProblemKind::Reject, (sheet, row), reject.column, texts)
}

fn problem(
    kind: ProblemKind,
    (sheet, row): (&SheetReading, &Row),
    column: Option<u32>,
    (zh, en): (&str, &str),
) -> Problem {
    let of = |field: Field| {
        let column = sheet.columns.iter().find(|column| column.field == Some(field))?;
        row.cells.get(index(column.index)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    };
    let header = column.and_then(|column| sheet.columns.iter().find(|c| c.index == column));
    let value = column.and_then(|column| row.cells.get(index(column)));
    Problem {
        kind,
        sheet: sheet.name.clone(),
        row: row.number,
        name: of(Field::Name).map(Private::new),
        header: header.map(|column| column.header.clone()),
        value: value.map(|cell| Private::new(cell.trim())),
        zh: Private::new(zh),
        en: Private::new(en),
    }
}

/// Some rows of a sheet: what stands above the first data with the headers, the first data, some with something wrong, and
/// totals at the end.
pub(super) fn shown(sheet: &SheetReading, doubted: &BTreeSet<(&str, u32)>) -> Vec<RowView> {
    let header = sheet.header_rows.last().copied().unwrap_or_default();
    let aside = |row: &&Row| matches!(row.outcome, Outcome::Aside(_));
    let above = sheet.rows.iter().filter(|row| {
        let blank = row.outcome == Outcome::Aside(Aside::Blank);
        !blank && row.number <= header && row.number + SHOWN_ABOVE > header
    });
    let below = || sheet.rows.iter().filter(|row| row.number > header);
    let data = below().filter(|row| !aside(row) || sheet.header_rows.is_empty());
    let wrong = below().filter(|row| {
        let reject = matches!(row.outcome, Outcome::Reject(_));
        let doubt = doubted.contains(&(sheet.name.as_str(), row.number));
        reject || (doubt && !aside(row))
    });
    let last = sheet.rows.iter().rev().take_while(|row| aside(row));
    let ends = last
        .filter(|row| row.outcome != Outcome::Aside(Aside::Blank) && !sheet.header_rows.is_empty());
    let mut rows: Vec<&Row> = above
        .chain(data.take(SHOWN))
        .chain(wrong.take(SHOWN_WRONG))
        .chain(ends.filter(|row| row.number > header).take(SHOWN_BELOW))
        .collect();
    rows.sort_by_key(|row| row.number);
    rows.dedup_by_key(|row| row.number);
    rows.into_iter().map(|row| view(sheet, row)).collect()
}

fn view(sheet: &SheetReading, row: &Row) -> RowView {
    let mark = if sheet.header_rows.contains(&row.number) {
        RowMark::Header
    } else if matches!(row.outcome, Outcome::Aside(_)) {
        RowMark::Aside
    } else {
        RowMark::Data
    };
    let wrong = match &row.outcome {
        Outcome::Record(record) => {
            record.doubts.iter().map(|noted| (noted.column, false)).collect()
        }
        Outcome::Reject(reject) => reject.column.map(|column| (column, true)).into_iter().collect(),
        Outcome::Aside(_) => Vec::new(),
    };
    let cells = row.cells.iter().take(COLUMNS).map(|cell| Private::new(cell.as_str())).collect();
    RowView { number: row.number, mark, cells, wrong }
}
