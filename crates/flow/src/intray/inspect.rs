//! What a file says before anything of it is kept: its sheets, its columns as understood, its rows by what would become of
//! them.

mod rows;
mod sheets;

use baoxue_claim::{BatchId, Private, Source, TownCode};
use baoxue_intake::{Field, Layouts, Outcome, Reading};
use baoxue_report::{Lang, RejectRow, RejectSheet, Workbook};
use baoxue_store::{RowPlace, Store};
use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    County, FlowError, ImportOptions, Told, ToldLevel,
    hex::hex,
    import::{
        self,
        read::{Content, read_bytes},
        told,
    },
    lines::town_name,
    roll::Said,
};

/// A file as understood. What it quotes of cells is [`Private`].
#[derive(Clone, Debug)]
pub struct Inspection {
    /// SM3 of its bytes.
    pub hash: String,
    /// Why nothing of it may enter, if so.
    pub refused: Option<Told>,
    /// The live batch that holds the same bytes and asks nothing.
    pub same_as: Option<BatchId>,
    /// What there is to say of file and sheets; of rows see the problems.
    pub notes: Vec<Note>,
    /// Its sheets, hidden ones too.
    pub sheets: Vec<SheetView>,
    /// Rows of all sheets.
    pub counts: RowCounts,
    /// Rows and cells that a person should look at, at most [`MAX_PROBLEMS`], those that cannot enter first.
    pub problems: Vec<Problem>,
    /// How many there are.
    pub n_problems: usize,
}

/// More problems than these are in the workbook of rejects.
const MAX_PROBLEMS: usize = 300;

/// Something to say of a file or sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// How grave.
    pub level: ToldLevel,
    /// Stable code.
    pub code: String,
    /// The sheet, if it is about one.
    pub sheet: Option<String>,
    /// In zh-CN; may quote a cell.
    pub zh: Private,
    /// In English; may quote a cell.
    pub en: Private,
}

/// Rows by what would become of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RowCounts {
    /// All rows.
    pub rows: u64,
    /// New records.
    pub fresh: u64,
    /// Of the new records: those with something to look at.
    pub doubtful: u64,
    /// Rows that came before.
    pub known: u64,
    /// Rows that cannot be used.
    pub rejected: u64,
    /// Rows of sheets that are not understood.
    pub untouched: u64,
    /// Titles, headers, totals and other rows without data.
    pub without_data: u64,
    /// Of those: rows with a total.
    pub totals: u64,
}

/// A sheet as understood.
#[derive(Clone, Debug)]
pub struct SheetView {
    /// Name; empty for csv.
    pub name: String,
    /// Whether the workbook hides it.
    pub hidden: bool,
    /// Who speaks on it, if that could be told.
    pub source: Option<Source>,
    /// The day for which it speaks.
    pub as_of: NaiveDate,
    /// The town whose sheet it is.
    pub town: Option<TownCode>,
    /// The schools that report by it.
    pub schools: Vec<String>,
    /// Whose answers count for it.
    pub sender: String,
    /// What its layout is known by.
    pub fingerprint: String,
    /// Its header rows.
    pub header_rows: Vec<u32>,
    /// Its columns.
    pub columns: Vec<ColumnView>,
    /// Its rows by what would become of them.
    pub counts: RowCounts,
    /// The number that its own total line states.
    pub stated_total: Option<u32>,
    /// Why somebody should say what the sheet is, if so; zh-CN.
    pub asked: Option<String>,
    /// Rows to show: the first, and totals at the end.
    pub rows: Vec<RowView>,
    /// Whether answers about it are remembered already.
    pub remembered: bool,
}

/// A column as understood.
#[derive(Clone, Debug)]
pub struct ColumnView {
    /// 1-based.
    pub index: u32,
    /// Its name in answers.
    pub key: String,
    /// Its header as written.
    pub header: String,
    /// Its meaning by name; `None` when nothing is taken from it.
    pub meaning: Option<&'static str>,
    /// Whether a person has said so.
    pub answered: bool,
    /// Why somebody should say what it means, if so; zh-CN.
    pub asked: Option<String>,
    /// What it may mean, likeliest first.
    pub candidates: Vec<&'static str>,
    /// A few values.
    pub samples: Vec<Private>,
    /// In columns that tell whether a child is in school: how that is written, the most frequent first.
    pub spellings: Vec<Spelling>,
}

/// One way of writing a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// As written.
    pub text: Private,
    /// Rows that write it so.
    pub n: u64,
    /// What most of these rows are understood to say.
    pub said: Said,
}

/// A row to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowView {
    /// 1-based.
    pub number: u32,
    /// What it is.
    pub mark: RowMark,
    /// Its cells.
    pub cells: Vec<Private>,
    /// 1-based columns with something wrong, and whether the row cannot enter for it.
    pub wrong: Vec<(u32, bool)>,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowMark {
    /// A header.
    Header,
    /// Without data.
    Aside,
    /// About a child.
    Data,
}

/// A row that a person should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether it cannot enter.
    pub kind: ProblemKind,
    /// The sheet.
    pub sheet: String,
    /// 1-based row.
    pub row: u32,
    /// Whom it is about.
    pub name: Option<Private>,
    /// The header of the column, if it is about one.
    pub header: Option<String>,
    /// The cell as found.
    pub value: Option<Private>,
    /// Reason and remedy, zh-CN.
    pub zh: Private,
    /// The same in English.
    pub en: Private,
}

/// How grave a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The row cannot enter.
    Reject,
    /// The row enters and somebody should look.
    Doubt,
}

/// A meaning that a column may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// Its name in answers.
    pub name: &'static str,
    /// What a clerk calls it.
    pub zh: &'static str,
}

/// All meanings of columns; the last is that nothing is taken from the column.
pub fn meanings() -> impl Iterator<Item = Meaning> {
    Field::ALL.into_iter().map(|field| Meaning { name: field.name(), zh: field.zh() })
}

/// What somebody says about a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SheetAnswer {
    /// Whose answers these are.
    pub sender: String,
    /// The layout.
    pub fingerprint: String,
    /// Who speaks on it, by name, if that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Whether it is to be left alone.
    pub ignore: bool,
    /// Columns and what they mean, by name.
    pub column: Vec<ColumnAnswer>,
}

/// What somebody says about a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnAnswer {
    /// The column's name in answers.
    pub header: String,
    /// Its meaning by name.
    pub meaning: String,
}

/// Answers as a mapping file, over those of an earlier one.
///
/// # Errors
/// [`FlowError::Mapping`] when a sender or meaning does not exist.
pub fn answered(before: &str, answers: &[SheetAnswer]) -> Result<String, FlowError> {
    #[derive(Serialize)]
    struct File<'a> {
        layout: &'a [SheetAnswer],
    }
    let mut layouts = Layouts::from_toml(before)?;
    // Plain texts in tables always have a form.
    let text = toml::to_string(&File { layout: answers }).unwrap_or_default();
    layouts.merge(Layouts::from_toml(&text)?);
    Ok(layouts.to_toml())
}

/// Reads a file without keeping anything. Takes as long as the file needs: not for a thread that answers requests.
///
/// # Errors
/// [`FlowError`] when the store refuses; a file that cannot be read is an inspection that says so.
pub async fn inspect(
    store: &Store,
    county: &County,
    (name, content): (&str, &[u8]),
    options: &ImportOptions,
) -> Result<Inspection, FlowError> {
    let layouts = import::answers(store, options).await?;
    let file = read_bytes((name, content), county, (options, &layouts));
    let twin = store.find_live_batch_by_hash(&file.content_hash).await?;
    let asking = if twin.is_some() { import::asking(store).await? } else { Vec::new() };
    let mut inspection = Inspection {
        hash: hex(&file.content_hash),
        refused: None,
        same_as: twin.filter(|batch| !asking.contains(batch)),
        notes: Vec::new(),
        sheets: Vec::new(),
        counts: RowCounts::default(),
        problems: Vec::new(),
        n_problems: 0,
    };
    match file.content {
        Content::Refused(why) => inspection.refused = Some(why),
        // A file that is read alone is never taken for a known one here.
        Content::Known(batch) => inspection.same_as = Some(batch),
        Content::Reading { notes, reading } => {
            inspection.notes = sheets::notes(&notes, &reading);
            // What says nothing is no list that could be taken in.
            inspection.refused = told::is_silent(&reading).then(|| told::no_data(name));
            let known = known(store, &reading).await?;
            let places = sheets::views(&reading, &known);
            inspection.counts = sheets::sum(&places);
            (inspection.problems, inspection.n_problems) = rows::problems(&reading);
            inspection.sheets = places;
        }
    }
    Ok(inspection)
}

/// Of each row of the reading, sheet by sheet, the live row that says the same.
pub(super) async fn known(
    store: &Store,
    reading: &Reading,
) -> Result<Vec<Option<RowPlace>>, FlowError> {
    let rows = reading.sheets.iter().flat_map(|sheet| &sheet.rows);
    let key = |row: &baoxue_intake::Row| match row.outcome {
        Outcome::Record(_) => row.identity.clone(),
        Outcome::Reject(_) | Outcome::Aside(_) => String::new(),
    };
    let keys: Vec<String> = rows.map(key).collect();
    Ok(store.known_row_keys(&keys).await?)
}

/// The rows of a file that cannot be used as a workbook for their sender; `None` when all can. Takes as long as the file
/// needs.
///
/// # Errors
/// [`FlowError`] when the store refuses or the workbook cannot be made.
pub async fn rejects_of(
    store: &Store,
    county: &County,
    (name, content): (&str, &[u8]),
    (options, lang): (&ImportOptions, Lang),
) -> Result<Option<Workbook>, FlowError> {
    let layouts = import::answers(store, options).await?;
    let file = read_bytes((name, content), county, (options, &layouts));
    let Content::Reading { reading, .. } = file.content else { return Ok(None) };
    let sheets: Vec<RejectSheet> = reading
        .sheets
        .iter()
        .enumerate()
        .map(|(at, sheet)| {
            let before = reading.sheets[..at].iter().filter(|other| other.name == sheet.name);
            let header = |row: &&baoxue_intake::Row| sheet.header_rows.contains(&row.number);
            RejectSheet {
                batch: 0,
                file: name.to_owned(),
                sheet: sheet.name.clone(),
                table: u32::try_from(before.count() + 1).unwrap_or(u32::MAX),
                source: sheet.source,
                as_of: sheet.as_of,
                town: town_name(sheet.town, &county.towns),
                header_rows: sheet.rows.iter().filter(header).map(|r| r.cells.clone()).collect(),
                rows: sheet.rows.iter().filter_map(|row| reject_row(row, lang)).collect(),
            }
        })
        .filter(|sheet| !sheet.rows.is_empty())
        .collect();
    if sheets.is_empty() {
        return Ok(None);
    }
    Ok(Some(baoxue_report::reject_workbook(&sheets, lang)?))
}

fn reject_row(row: &baoxue_intake::Row, lang: Lang) -> Option<RejectRow> {
    let Outcome::Reject(reject) = &row.outcome else { return None };
    Some(RejectRow {
        number: row.number,
        cells: row.cells.clone(),
        column: reject.column,
        reason: lang.pick(&reject.zh, &reject.en).to_owned(),
        advice: String::new(),
    })
}
