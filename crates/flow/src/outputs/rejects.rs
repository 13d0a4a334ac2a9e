//! Rejected rows back to their senders, one workbook per file, and the open questions in one file.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
};

use baoxue_claim::{BatchId, RecordId};
use baoxue_intake::Returned;
use baoxue_report::{Lang, RejectRow, RejectSheet, Workbook};
use baoxue_store::{
    BatchState, BatchSummary, Disposition, RowLine, SheetSummary, Store, StoredReject, StoredRow,
};

use super::{OutputOptions, own::OwnFiles};
use crate::{County, FlowError, lines::town_name};

/// Answers that were filled in are brought back from wherever they were saved; the file itself is always ours.
const QUESTIONS: &str = "questions.toml";

/// What waits for the senders: written by `run` and `report`, and by `import` alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Returns {
    /// Files of `rejects/` with the number of their rows.
    pub rejects: Vec<(PathBuf, u32)>,
    /// Files that ask.
    pub n_questions: usize,
}

/// Writes `rejects/…` for every live batch with rejected rows that have not come back, and `questions.toml`; what an
/// earlier run wrote there and is settled since goes away.
///
/// # Errors
/// [`FlowError`] when the store refuses or a file cannot be written.
pub async fn write_returns(
    store: &Store,
    county: &County,
    options: &OutputOptions,
) -> Result<Returns, FlowError> {
    let batches = store.batches().await?;
    let messages = messages(store, &batches).await?;
    let mut own = OwnFiles::of(&options.folder, "rejects/");
    let mut rejects = Vec::new();
    for (batch, rows) in open_rejects(store, &batches, &messages).await? {
        let sheets: Vec<RejectSheet> = batch
            .sheets
            .iter()
            .filter_map(|sheet| reject_sheet(batch, sheet, &rows, county, options.lang))
            .collect();
        if sheets.is_empty() {
            continue;
        }
        let workbook = baoxue_report::reject_workbook(&sheets, options.lang)?;
        let path = own.add(&format!("rejects/{}", file_name(batch)), workbook.bytes);
        rejects.push((path, workbook.n_rows));
    }
    own.write()?;
    let n_questions = write_questions(&messages, &options.folder)?;
    Ok(Returns { rejects, n_questions })
}

fn live(batches: &[BatchSummary]) -> impl Iterator<Item = &BatchSummary> {
    batches.iter().filter(|batch| batch.state == BatchState::Live)
}

/// What was said of each live batch.
async fn messages(
    store: &Store,
    batches: &[BatchSummary],
) -> Result<Vec<serde_json::Value>, FlowError> {
    let mut messages = Vec::new();
    for batch in live(batches) {
        messages.push(store.messages(batch.id).await?);
    }
    Ok(messages)
}

/// The live batches with rejected rows, each with its rows but for those rejects that came back since.
async fn open_rejects<'b>(
    store: &Store,
    batches: &'b [BatchSummary],
    messages: &[serde_json::Value],
) -> Result<Vec<(&'b BatchSummary, Vec<StoredRow>)>, FlowError> {
    let live: Vec<&BatchSummary> = live(batches).collect();
    let back = Back::new(batches, &live, messages)?;
    let again = Again::of(store, &live).await?;
    let mut open = Vec::new();
    for batch in live.into_iter().filter(|batch| batch.n_rejected > 0) {
        let mut rows = store.batch_rows(batch.id).await?;
        rows.retain(|row| row.reject.is_none() || !(back.has(batch, row) || again.has(batch, row)));
        open.push((batch, rows));
    }
    Ok(open)
}

/// Sheets of live batches with rows that wait for their sender: batch and number of the sheet.
pub(super) async fn sheets_with_open_rejects(
    store: &Store,
    batches: &[BatchSummary],
) -> Result<BTreeSet<(BatchId, u32)>, FlowError> {
    let messages = messages(store, batches).await?;
    let open = open_rejects(store, batches, &messages).await?;
    let rejected = open.iter().flat_map(|(batch, rows)| {
        let rows = rows.iter().filter(|row| row.reject.is_some());
        rows.map(|row| (batch.id, row.sheet))
    });
    Ok(rejected.collect())
}

/// All rejected rows of one batch as a workbook; `None` when it has none.
///
/// # Errors
/// [`FlowError`] when the store refuses or the workbook cannot be made.
pub async fn rejects_of_batch(
    store: &Store,
    county: &County,
    batch: BatchId,
    lang: Lang,
) -> Result<Option<Workbook>, FlowError> {
    let batches = store.batches().await?;
    let Some(batch) = batches.iter().find(|known| known.id == batch) else { return Ok(None) };
    let rows = store.batch_rows(batch.id).await?;
    let sheets = batch.sheets.iter();
    let sheets: Vec<RejectSheet> =
        sheets.filter_map(|sheet| reject_sheet(batch, sheet, &rows, county, lang)).collect();
    if sheets.is_empty() {
        return Ok(None);
    }
    Ok(Some(baoxue_report::reject_workbook(&sheets, lang)?))
}

/// Rejected rows that came back in a live file, by content of the original file, or by its name where a returned file of
/// an older version says no more.
struct Back {
    by_content: BTreeSet<Place>,
    by_name: BTreeSet<Place>,
}

/// A rejected row: file, sheet, which table of the sheet, row.
type Place = (String, String, u32, u32);

impl Back {
    fn new(
        all: &[BatchSummary],
        live: &[&BatchSummary],
        messages: &[serde_json::Value],
    ) -> Result<Self, FlowError> {
        let mut back = Self { by_content: BTreeSet::new(), by_name: BTreeSet::new() };
        for (batch, messages) in live.iter().zip(messages) {
            let Some(returned) = messages.get("returned") else { continue };
            for from in serde_json::from_value::<Vec<Returned>>(returned.clone())? {
                let of = from.batch.and_then(|id| all.iter().find(|b| b.id.0 == id));
                // A number of another data folder says nothing here.
                let of =
                    of.filter(|of| of.id < batch.id && of.file.replace('：', ":") == from.file);
                for row in from.rows {
                    let key = |file: &str| (file.to_owned(), from.sheet.clone(), from.table, row);
                    match of {
                        Some(of) => back.by_content.insert(key(&of.content_hash)),
                        None if from.batch.is_none() => back.by_name.insert(key(&from.file)),
                        None => false,
                    };
                }
            }
        }
        Ok(back)
    }

    fn has(&self, batch: &BatchSummary, row: &StoredRow) -> bool {
        let sheet = batch.sheets.iter().find(|sheet| sheet.index == row.sheet);
        let name = sheet.map_or("", |sheet| sheet.sheet.name.as_str());
        let table = table(batch, row.sheet);
        let key = |file: &str| (file.to_owned(), name.to_owned(), table, row.row);
        self.by_content.contains(&key(&batch.content_hash))
            || self.by_name.contains(&key(&batch.file))
    }
}

/// Which of the tables of one sheet this is, from 1: tables side by side are kept as sheets of one name.
fn table(batch: &BatchSummary, index: u32) -> u32 {
    let name = |at: u32| {
        batch.sheets.iter().find(|sheet| sheet.index == at).map(|sheet| &sheet.sheet.name)
    };
    let before = (0..index).filter(|at| name(*at).is_some() && name(*at) == name(index)).count();
    u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
}

/// Lists that came whole again in a later file: what of them cannot be used there waits with that file.
#[derive(Default)]
struct Again(BTreeSet<(BatchId, u32)>);

/// Percent of the rows of a list that a later file must repeat to be the same list; the rest may have been corrected too.
///
/// Source: our proposal.
const SAME_LIST: usize = 80;

impl Again {
    /// Looks among the live files. The rows of the store are asked for only when there can be such a list.
    async fn of(store: &Store, live: &[&BatchSummary]) -> Result<Self, FlowError> {
        let open = live.iter().filter(|batch| batch.n_rejected > 0);
        let first = open.map(|batch| batch.id).min();
        let later = |batch: &&&BatchSummary| first.is_some_and(|first| batch.id > first);
        if live.iter().filter(later).all(|batch| batch.n_known == 0) {
            return Ok(Self::default());
        }
        let rows = store.rows().await?;
        let lists = ListRows::of(&rows);
        let mut again = Self::default();
        for batch in live.iter().filter(|batch| batch.n_rejected > 0) {
            for sheet in &batch.sheets {
                if lists.came_again(batch.id, &sheet.sheet.name) {
                    again.0.insert((batch.id, sheet.index));
                }
            }
        }
        Ok(again)
    }

    fn has(&self, batch: &BatchSummary, row: &StoredRow) -> bool {
        self.0.contains(&(batch.id, row.sheet))
    }
}

/// A sheet of a batch.
type List<'r> = (BatchId, &'r str);

/// The data rows of each list, and which later lists repeat them.
#[derive(Default)]
struct ListRows<'r> {
    /// Data rows, rejects among them.
    n_rows: HashMap<List<'r>, usize>,
    /// Rows that are records.
    n_records: HashMap<List<'r>, usize>,
    /// How many records of the first list the second repeats.
    repeats: BTreeMap<(List<'r>, List<'r>), usize>,
}

impl<'r> ListRows<'r> {
    fn of(rows: &'r [RowLine]) -> Self {
        let mut lists = Self::default();
        let mut place: HashMap<RecordId, List<'r>> = HashMap::new();
        for row in rows {
            let list = (row.batch, row.sheet.as_ref());
            if !matches!(row.disposition, Disposition::Aside(_)) {
                *lists.n_rows.entry(list).or_default() += 1;
            }
            if let Some(record) = row.record {
                *lists.n_records.entry(list).or_default() += 1;
                place.insert(record, list);
            }
        }
        for row in rows {
            if let Some(list) = row.known_as.and_then(|record| place.get(&record)) {
                let later = (row.batch, row.sheet.as_ref());
                *lists.repeats.entry((*list, later)).or_default() += 1;
            }
        }
        lists
    }

    /// Whether a later list has nearly all records of this one and as many rows.
    fn came_again(&self, batch: BatchId, sheet: &str) -> bool {
        let own = (batch, sheet);
        let n_records = self.n_records.get(&own).copied().unwrap_or(0);
        let n_rows = self.n_rows.get(&own).copied().unwrap_or(0);
        let whole = |((list, later), repeated): (&(List<'_>, List<'_>), &usize)| {
            *list == own
                && later.0 > batch
                && repeated * 100 >= n_records * SAME_LIST
                && self.n_rows.get(later).is_some_and(|n| *n >= n_rows)
        };
        self.repeats.iter().any(whole)
    }
}

/// Writes `questions.toml` with the open questions of all live batches, or takes it away when nothing is open and nobody
/// has filled it in; gives how many batches ask.
fn write_questions(messages: &[serde_json::Value], folder: &Path) -> Result<usize, FlowError> {
    let mut text = String::new();
    let mut n_asking = 0;
    for messages in messages {
        let Some(questions) = messages["questions"].as_str().filter(|q| !q.trim().is_empty())
        else {
            continue;
        };
        // Each batch's questions begin with the same explanation; once is enough.
        let entries = if n_asking == 0 { 0 } else { questions.find("\n\n").unwrap_or(0) };
        text.push_str(&questions[entries..]);
        text.push('\n');
        n_asking += 1;
    }
    let mut own = OwnFiles::of(folder, QUESTIONS);
    if n_asking > 0 {
        own.replace(QUESTIONS, text.into_bytes());
    }
    own.write()?;
    Ok(n_asking)
}

/// The original name with the number of the batch, so that two files of one name do not overwrite each other.
fn file_name(batch: &BatchSummary) -> String {
    let stem = Path::new(&batch.file).file_stem().unwrap_or_default().to_string_lossy();
    format!("{stem}_退回修改_第{}批.xlsx", batch.id.0)
}

fn reject_sheet(
    batch: &BatchSummary,
    sheet: &SheetSummary,
    rows: &[StoredRow],
    county: &County,
    lang: Lang,
) -> Option<RejectSheet> {
    let of_sheet = || rows.iter().filter(|row| row.sheet == sheet.index);
    let rejected: Vec<RejectRow> = of_sheet()
        .filter_map(|row| row.reject.as_ref().map(|reject| reject_row(row, reject, lang)))
        .collect();
    let first = rejected.first()?.number;
    let header = |row: &&StoredRow| {
        row.row < first && row.disposition == Disposition::Aside("header".into())
    };
    Some(RejectSheet {
        batch: batch.id.0,
        file: batch.file.clone(),
        sheet: sheet.sheet.name.clone(),
        table: table(batch, sheet.index),
        source: sheet.sheet.source,
        as_of: sheet.sheet.as_of?,
        town: town_name(sheet.sheet.town, &county.towns),
        header_rows: of_sheet().filter(header).map(|row| row.cells.clone()).collect(),
        rows: rejected,
    })
}

fn reject_row(row: &StoredRow, reject: &StoredReject, lang: Lang) -> RejectRow {
    RejectRow {
        number: row.row,
        cells: row.cells.clone(),
        column: reject.column,
        reason: lang.pick(&reject.zh, &reject.en).to_owned(),
        advice: String::new(),
    }
}
