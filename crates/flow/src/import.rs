//! Taking in files: read ahead in worker processes, append each in one transaction, say what became of every row.

mod batch;
mod form;
pub(crate) mod read;
pub(crate) mod told;

use std::path::{Path, PathBuf};

use baoxue_claim::{BatchId, Source, TownCode};
use baoxue_intake::Layouts;
use baoxue_store::{Store, StoreError};
use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    County, FlowError,
    progress::{Observer, Progress, Stage},
    worker::WorkerLimits,
};

pub(crate) use form::{Form, take_in_form};
pub use told::{Told, ToldLevel};

/// How files are taken in.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// The program that reads files when it is started with the hidden command; normally the running one.
    pub program: PathBuf,
    /// Limits of the reading process.
    pub limits: WorkerLimits,
    /// The source as told by whoever brings the files.
    pub source: Option<Source>,
    /// The day as told.
    pub as_of: Option<NaiveDate>,
    /// The town whose lists they are, as told.
    pub town: Option<TownCode>,
    /// Answers brought along, on top of the remembered ones.
    pub answers: Layouts,
    /// Who brings the files.
    pub brought_by: String,
    /// Now.
    pub now: DateTime<Utc>,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileStatus {
    /// Every data row entered or was there before.
    Accepted,
    /// Some rows were set aside.
    Partial,
    /// Nothing entered.
    Rejected,
    /// The same bytes are in the store.
    Duplicate,
}

/// What became of a file, with counts and messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOutcome {
    /// Name of the file without folders.
    pub file: String,
    /// What became of it.
    pub status: FileStatus,
    /// Its batch; for a duplicate the one that holds the same bytes.
    pub batch: Option<BatchId>,
    /// New records.
    pub imported: u64,
    /// Rows set aside with a reason.
    pub set_aside: u64,
    /// Those among the rows set aside whose sheet was not understood: they wait for an answer and are not sent back.
    pub untouched: u64,
    /// Rows that came before.
    pub known: u64,
    /// Recognised rows without data.
    pub non_data: u64,
    /// What there is to say.
    pub messages: Vec<Told>,
}

impl FileOutcome {
    /// A link found in a folder, which is not followed.
    pub(crate) fn of_link(path: &Path) -> Self {
        let name = read::display_name(path);
        let told = told::link(&name);
        refused(name, told)
    }
}

/// Takes in files in the order given; each is one transaction, and one that cannot be read does not stop the others.
///
/// # Errors
/// [`FlowError`] when the store refuses or a reading thread dies; files before it stay taken in.
pub async fn import(
    store: &Store,
    county: &County,
    files: &[PathBuf],
    options: &ImportOptions,
    observe: Observer<'_>,
) -> Result<Vec<FileOutcome>, FlowError> {
    let layouts = remember(store, options).await?;
    let mut known = live_hashes(store).await?;
    let asking =
        if options.answers == Layouts::default() { Vec::new() } else { asking(store).await? };
    known.retain(|(_, batch)| !asking.contains(batch));
    let mut readings = read::ahead(files, county, options, &layouts, known);
    let mut outcomes = Vec::with_capacity(files.len());
    let total = files.len() as u64;
    for (done, path) in (0..).zip(files) {
        let what = read::display_name(path);
        observe(Progress { stage: Stage::Import, done, total, what: what.clone() });
        let file = readings.next().await.ok_or(FlowError::Reader(what))?;
        give_way(store, &file, &asking, options).await?;
        outcomes.push(take_in(store, file, options).await?);
    }
    store.settle().await?;
    observe(Progress { stage: Stage::Import, done: total, total, what: String::new() });
    Ok(outcomes)
}

/// The remembered answers with those brought along.
pub(crate) async fn answers(store: &Store, options: &ImportOptions) -> Result<Layouts, FlowError> {
    let mut layouts = Layouts::default();
    for layout in store.layouts().await? {
        layouts.merge(Layouts::from_toml(&layout.toml)?);
    }
    layouts.merge(options.answers.clone());
    Ok(layouts)
}

/// The same; those brought along are remembered from now on.
pub(crate) async fn remember(store: &Store, options: &ImportOptions) -> Result<Layouts, FlowError> {
    let layouts = answers(store, options).await?;
    if options.answers != Layouts::default() {
        let layout = baoxue_store::Layout {
            sender: String::new(),
            fingerprint: String::new(),
            toml: layouts.to_toml(),
        };
        store.remember_layout(layout, options.now).await?;
    }
    Ok(layouts)
}

async fn live_hashes(store: &Store) -> Result<Vec<(String, BatchId)>, FlowError> {
    let live = |b: &baoxue_store::BatchSummary| b.state == baoxue_store::BatchState::Live;
    Ok(store.batches().await?.into_iter().filter(live).map(|b| (b.content_hash, b.id)).collect())
}

/// Live batches that asked about columns: with answers at hand their files are read anew.
pub(crate) async fn asking(store: &Store) -> Result<Vec<BatchId>, FlowError> {
    let mut asking = Vec::new();
    for (_, batch) in live_hashes(store).await? {
        let messages = store.messages(batch).await?;
        if messages["questions"].as_str().is_some_and(|text| !text.is_empty()) {
            asking.push(batch);
        }
    }
    Ok(asking)
}

/// Withdraws the batch that asked when its file was read again with the answers.
pub(crate) async fn give_way(
    store: &Store,
    file: &read::ReadFile,
    asking: &[BatchId],
    options: &ImportOptions,
) -> Result<(), FlowError> {
    if !matches!(file.content, read::Content::Reading { .. }) {
        return Ok(());
    }
    match store.find_live_batch_by_hash(&file.content_hash).await? {
        Some(batch) if asking.contains(&batch) => {
            let why = "按新的列对照重新读取";
            Ok(store.withdraw(batch, why, &options.brought_by, options.now).await?)
        }
        Some(_) | None => Ok(()),
    }
}

/// Appends a file as read, in one transaction.
pub(crate) async fn take_in(
    store: &Store,
    file: read::ReadFile,
    options: &ImportOptions,
) -> Result<FileOutcome, FlowError> {
    let (workbook_notes, mut reading) = match file.content {
        read::Content::Known(batch) => return Ok(duplicate(file.name, batch)),
        read::Content::Refused(told) => return Ok(refused(file.name, told)),
        read::Content::Reading { notes, reading } => (notes, reading),
    };
    let mut messages = told::of_notes(&file.name, &workbook_notes);
    messages.extend(told::of_reading(&file.name, &reading));
    let silent = told::is_silent(&reading);
    messages.extend(silent.then(|| told::no_data(&file.name)));
    reading.messages = Vec::new();
    let keys = batch::take_row_keys(&mut reading);
    let known = store.known_row_keys(&keys).await?;
    let head = batch::Head {
        file_name: &file.name,
        content_hash: file.content_hash,
        size_bytes: file.size_bytes,
        options,
    };
    let (batch, counts) = batch::new_batch(&head, reading, (keys, known), &messages)?;
    let appended = store.append_batch(batch).await;
    drop(file.share);
    match appended {
        Ok(id) => Ok(FileOutcome {
            file: file.name,
            status: if silent { FileStatus::Rejected } else { counts.status() },
            batch: Some(id),
            imported: counts.records,
            set_aside: counts.rejected + counts.untouched,
            untouched: counts.untouched,
            known: counts.known,
            non_data: counts.non_data,
            messages,
        }),
        Err(StoreError::Duplicate(id)) => Ok(duplicate(file.name, id)),
        Err(error) => Err(error.into()),
    }
}

fn duplicate(file: String, batch: BatchId) -> FileOutcome {
    let told = told::duplicate(&file, batch);
    FileOutcome { batch: Some(batch), status: FileStatus::Duplicate, ..refused(file, told) }
}

fn refused(file: String, told: Told) -> FileOutcome {
    FileOutcome {
        file,
        status: FileStatus::Rejected,
        batch: None,
        imported: 0,
        set_aside: 0,
        untouched: 0,
        known: 0,
        non_data: 0,
        messages: vec![told],
    }
}
