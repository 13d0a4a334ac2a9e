//! Sheets and columns as a person sees them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use baoxue_claim::{Private, Source, Statement};
use baoxue_intake::{
    Aside, Column, Field, Outcome, Question, Reading, Recognised, Row, SheetReading,
    format::FileNote,
};
use baoxue_store::RowPlace;

use super::{ColumnView, Note, RowCounts, SheetView, Spelling, rows};
use crate::{
    import::told,
    roll::{Said, said},
};

/// Values shown of a column, and ways of writing one.
const SAMPLES: usize = 3;
const SPELLINGS: usize = 24;

/// Codes of what the steps of the pages ask in their own words.
const ASKED: [&str; 3] = ["COLUMN_UNCERTAIN", "COLUMN_UNUSED", "SOURCE_UNCERTAIN"];

/// Columns that tell whether a child is in school.
const TELLING: [Field; 7] = [
    Field::Status,
    Field::InSchool,
    Field::OutOfSchool,
    Field::StudentStatus,
    Field::PovertySchoolStatus,
    Field::Returned,
    Field::Verdict,
];

/// What is said of the file and its sheets.
pub(super) fn notes(of_file: &[FileNote], reading: &Reading) -> Vec<Note> {
    let file = of_file.iter().map(|note| Note {
        level: told::note_level(&note.code),
        code: note.code.clone(),
        sheet: note.sheet.clone(),
        zh: Private::new(note.zh.clone()),
        en: Private::new(note.en.clone()),
    });
    let of_sheet = reading.messages.iter().filter(|message| message.row.is_none());
    let of_sheet = of_sheet.filter(|message| !ASKED.contains(&message.code.as_str()));
    // The format reader has said it with the numbers of the rows.
    let of_sheet = of_sheet.filter(|m| !told::SAID_BY_READER.contains(&m.code.as_str()));
    let sheets = of_sheet.map(|message| Note {
        level: told::level(message.level),
        code: message.code.clone(),
        sheet: Some(message.sheet.clone()).filter(|name| !name.is_empty()),
        zh: Private::new(message.zh.clone()),
        en: Private::new(message.en.clone()),
    });
    let mut notes: Vec<Note> = file.chain(sheets).collect();
    notes.sort_by_key(|note| note.level);
    notes
}

/// All sheets. `known` has one entry for each row.
pub(super) fn views(reading: &Reading, known: &[Option<RowPlace>]) -> Vec<SheetView> {
    let doubted = rows::doubted(reading);
    let mut at = 0;
    let mut views = Vec::with_capacity(reading.sheets.len());
    for sheet in &reading.sheets {
        let of_sheet = known.get(at..at + sheet.rows.len()).unwrap_or_default();
        at += sheet.rows.len();
        let questions: Vec<&Question> =
            reading.questions.iter().filter(|question| question.sheet == sheet.name).collect();
        views.push(view(sheet, of_sheet, &questions, &doubted));
    }
    views
}

/// Rows of all sheets together.
pub(super) fn sum(sheets: &[SheetView]) -> RowCounts {
    sheets.iter().map(|sheet| sheet.counts).fold(RowCounts::default(), |a, b| RowCounts {
        rows: a.rows + b.rows,
        fresh: a.fresh + b.fresh,
        doubtful: a.doubtful + b.doubtful,
        known: a.known + b.known,
        rejected: a.rejected + b.rejected,
        untouched: a.untouched + b.untouched,
        without_data: a.without_data + b.without_data,
        totals: a.totals + b.totals,
    })
}

fn view(
    sheet: &SheetReading,
    known: &[Option<RowPlace>],
    questions: &[&Question],
    doubted: &BTreeSet<(&str, u32)>,
) -> SheetView {
    let keys = sheet.column_keys();
    let columns = sheet.columns.iter().zip(keys);
    let own = columns.map(|(column, key)| column_view(sheet, column, key, questions));
    SheetView {
        name: sheet.name.clone(),
        hidden: sheet.hidden,
        source: sheet.source,
        as_of: sheet.as_of,
        town: sheet.town,
        schools: schools(sheet),
        sender: sheet.sender.to_string(),
        fingerprint: sheet.fingerprint.clone(),
        header_rows: sheet.header_rows.clone(),
        columns: own.collect(),
        counts: counts(sheet, known, doubted),
        stated_total: sheet.stated_total,
        asked: questions.iter().find(|q| q.column == 0).map(|q| q.why.clone()),
        rows: rows::shown(sheet, doubted),
        remembered: sheet.columns.iter().any(|column| column.by == Recognised::Answer),
    }
}

/// The schools that report by a sheet, or whose list it is by its sender.
fn schools(sheet: &SheetReading) -> Vec<String> {
    let reporting = sheet.reports.iter().filter_map(|report| report.school.clone());
    let named: BTreeSet<String> = reporting.chain(teaching(sheet)).collect();
    let by_schools = matches!(
        sheet.source,
        Some(Source::SchoolReport | Source::RollCall | Source::HomeTeachingLog)
    );
    if !named.is_empty() || !by_schools {
        return named.into_iter().collect();
    }
    let sender = sheet.sender.to_string();
    let place = sender.split_once('｜').map_or("", |(_, place)| place);
    let is_school = !place.is_empty() && place.parse::<baoxue_claim::TownCode>().is_err();
    if is_school { vec![place.to_owned()] } else { Vec::new() }
}

/// The schools whose visits a log of home teaching holds.
fn teaching(sheet: &SheetReading) -> impl Iterator<Item = String> + '_ {
    let records = sheet.rows.iter().filter_map(|row| match &row.outcome {
        Outcome::Record(record) => Some(record),
        Outcome::Reject(_) | Outcome::Aside(_) => None,
    });
    records.flat_map(|record| &record.claims).filter_map(|claim| {
        let Statement::HomeVisit(visit) = &claim.what else { return None };
        visit.school.clone()
    })
}

fn counts(
    sheet: &SheetReading,
    known: &[Option<RowPlace>],
    doubted: &BTreeSet<(&str, u32)>,
) -> RowCounts {
    let mut counts = RowCounts { rows: sheet.rows.len() as u64, ..RowCounts::default() };
    for (at, row) in sheet.rows.iter().enumerate() {
        match &row.outcome {
            Outcome::Record(_) if known.get(at).is_some_and(Option::is_some) => counts.known += 1,
            Outcome::Record(_) => {
                counts.fresh += 1;
                counts.doubtful += u64::from(doubted.contains(&(sheet.name.as_str(), row.number)));
            }
            Outcome::Reject(_) => counts.rejected += 1,
            Outcome::Aside(Aside::Untouched) => counts.untouched += 1,
            Outcome::Aside(aside) => {
                counts.without_data += 1;
                counts.totals += u64::from(*aside == Aside::Total);
            }
        }
    }
    counts
}

fn column_view(
    sheet: &SheetReading,
    column: &Column,
    key: String,
    questions: &[&Question],
) -> ColumnView {
    let question = questions.iter().find(|question| question.column == column.index);
    let at = rows::index(column.index);
    let telling = column.field.is_some_and(|field| TELLING.contains(&field));
    ColumnView {
        index: column.index,
        key,
        header: column.header.clone(),
        meaning: column.field.map(Field::name),
        answered: column.by == Recognised::Answer,
        asked: question.map(|question| question.why.clone()),
        candidates: question.map_or_else(Vec::new, |question| {
            question.candidates.iter().map(|field| field.name()).collect()
        }),
        samples: samples(sheet, at),
        spellings: if telling { spellings(sheet, at) } else { Vec::new() },
    }
}

/// The first different values of a column in rows with data or not understood.
fn samples(sheet: &SheetReading, at: usize) -> Vec<Private> {
    let data = |row: &&Row| match &row.outcome {
        Outcome::Record(_) | Outcome::Reject(_) => true,
        Outcome::Aside(aside) => *aside == Aside::Untouched,
    };
    let header = sheet.header_rows.last().copied().unwrap_or_default();
    let below = sheet.rows.iter().filter(|row| row.number > header).filter(data);
    let mut found: Vec<&str> = Vec::new();
    for cell in below.filter_map(|row| row.cells.get(at)).map(|cell| cell.trim()) {
        if !cell.is_empty() && !found.contains(&cell) {
            found.push(cell);
        }
        if found.len() == SAMPLES {
            break;
        }
    }
    found.into_iter().map(Private::new).collect()
}

/// How a column writes what it tells, and what most rows that write it so are understood to say.
fn spellings(sheet: &SheetReading, at: usize) -> Vec<Spelling> {
    let mut found: BTreeMap<&str, HashMap<Said, u64>> = BTreeMap::new();
    for row in &sheet.rows {
        let Outcome::Record(record) = &row.outcome else { continue };
        let told = record.claims.iter().map(|claim| said(&claim.what));
        let told = told.into_iter().find(|told| *told != Said::Nothing).unwrap_or_default();
        let text = row.cells.get(at).map_or("", |cell| cell.trim());
        *found.entry(text).or_default().entry(told).or_default() += 1;
    }
    let mut all: Vec<Spelling> = found
        .into_iter()
        .map(|(text, told)| Spelling {
            text: Private::new(text),
            n: told.values().sum(),
            said: told
                .into_iter()
                .max_by_key(|(said, n)| (*n, *said as u8))
                .map_or(Said::Nothing, |(said, _)| said),
        })
        .collect();
    all.sort_by_key(|spelling| std::cmp::Reverse(spelling.n));
    all.truncate(SPELLINGS);
    all
}
