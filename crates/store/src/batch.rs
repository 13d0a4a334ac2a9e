//! What an import hands over, and how batches and rows come back.

use std::{borrow::Cow, fmt, sync::Arc};

use baoxue_claim::{BatchId, Record, RecordId, Report, Source, TownCode};
use chrono::{DateTime, NaiveDate, Utc};

use crate::StoreError;

/// One file as read, ready to be appended in one transaction.
#[derive(Clone)]
pub struct NewBatch {
    /// Name of the file as it came, without folders.
    pub file_name: String,
    /// SM3 of the file's bytes.
    pub content_hash: [u8; 32],
    /// Size of the file.
    pub size_bytes: u64,
    /// When it was taken in.
    pub received_at: DateTime<Utc>,
    /// Who brought it.
    pub brought_by: String,
    /// Its sheets, in the order of the workbook.
    pub sheets: Vec<NewSheet>,
    /// All rows of all sheets; each (sheet, row) once.
    pub rows: Vec<NewRow>,
    /// What the reader had to say about the file, in JSON; kept sealed, since messages may quote cells.
    pub messages: Vec<u8>,
}

/// One sheet of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSheet {
    /// Name; empty for csv.
    pub name: String,
    /// Whether the workbook hides it.
    pub hidden: bool,
    /// Who speaks on it, if that could be told.
    pub source: Option<Source>,
    /// The day for which it speaks.
    pub as_of: Option<NaiveDate>,
    /// The town it is about.
    pub town: Option<TownCode>,
    /// Fingerprint of its layout; the key of remembered answers.
    pub fingerprint: String,
    /// Rows of the sheet, all kinds together.
    pub n_rows: u32,
    /// The number of records that the sheet's own total line states.
    pub stated_total: Option<u32>,
    /// Who has reported absent pupils by it, zero reports included.
    pub reports: Vec<Report>,
}

/// One row of a sheet with what became of it.
#[derive(Clone)]
pub struct NewRow {
    /// Index into [`NewBatch::sheets`].
    pub sheet: u32,
    /// 1-based row of the sheet.
    pub row: u32,
    /// What became of it.
    pub disposition: Disposition,
    /// The cells as found.
    pub cells: Vec<String>,
    /// What makes two rows the same row; kept only as a keyed hash. Empty means: never the same as another.
    pub row_key_input: String,
    /// The record; needed for [`Disposition::Record`] and for [`Disposition::Known`]: a known row speaks again when the
    /// batch that brought it first is withdrawn.
    pub record: Option<Box<Record>>,
    /// The reason; needed for [`Disposition::Rejected`].
    pub reject: Option<StoredReject>,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Disposition {
    /// It is a record.
    Record,
    /// It could not be used.
    Rejected,
    /// The same row came in an earlier batch that is live.
    Known,
    /// It holds no data: the kind, such as `title`, `header`, `total`, `blank`.
    Aside(Cow<'static, str>),
}

/// Why a row was rejected.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredReject {
    /// The 1-based column at fault, if it is one column.
    pub column: Option<u32>,
    /// The stable code.
    pub code: String,
    /// Reason and what to do, in Chinese; may quote the cell, kept sealed.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// Where a row that is already live stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowPlace {
    /// The batch.
    pub batch: BatchId,
    /// Index of the sheet within the batch.
    pub sheet: u32,
    /// 1-based row.
    pub row: u32,
    /// The record it became.
    pub record: RecordId,
}

/// Whether a batch counts; told by its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BatchState {
    /// It counts.
    Live,
    /// It was withdrawn; its rows are kept but speak no more.
    Withdrawn,
}

/// Why a batch counts no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// The reason given.
    pub reason: String,
    /// Who did it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// One batch with its counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchSummary {
    /// Number.
    pub id: BatchId,
    /// Name of the file.
    pub file: String,
    /// SM3 of the file, 64 hexadecimal digits.
    pub content_hash: String,
    /// Size of the file.
    pub size_bytes: u64,
    /// When it was taken in.
    pub received_at: DateTime<Utc>,
    /// Who brought it.
    pub brought_by: String,
    /// Whether it counts.
    pub state: BatchState,
    /// Why, by whom and when it was withdrawn, if it was.
    pub withdrawal: Option<Withdrawal>,
    /// Rows that are records.
    pub n_records: u64,
    /// Rows that could not be used.
    pub n_rejected: u64,
    /// Rows that an earlier batch had brought.
    pub n_known: u64,
    /// Rows without data.
    pub n_aside: u64,
    /// Its sheets.
    pub sheets: Vec<SheetSummary>,
}

/// One sheet of a stored batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetSummary {
    /// Index within the batch.
    pub index: u32,
    /// The sheet as it was handed over.
    pub sheet: NewSheet,
}

/// One row for the accounting: every row of every live batch has exactly one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowLine {
    /// The batch.
    pub batch: BatchId,
    /// Name of the file.
    pub file: Arc<str>,
    /// Name of the sheet.
    pub sheet: Arc<str>,
    /// 1-based row.
    pub row: u32,
    /// What became of it, as things stand now: a known row whose first batch was withdrawn is a record again.
    pub disposition: Disposition,
    /// Its live record.
    pub record: Option<RecordId>,
    /// For a known row, the live record that says the same.
    pub known_as: Option<RecordId>,
}

/// One row with its cells.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredRow {
    /// Index of the sheet within the batch.
    pub sheet: u32,
    /// 1-based row.
    pub row: u32,
    /// What became of it when it came.
    pub disposition: Disposition,
    /// The cells as found.
    pub cells: Vec<String>,
    /// The reason, if it was rejected.
    pub reject: Option<StoredReject>,
}

impl Disposition {
    /// A row that holds no data, of the kind given.
    pub const fn aside(kind: &'static str) -> Self {
        Self::Aside(Cow::Borrowed(kind))
    }

    /// The stable word, and the kind of a row without data.
    pub(crate) fn into_words(self) -> (&'static str, Option<String>) {
        match self {
            Self::Record => ("record", None),
            Self::Rejected => ("rejected", None),
            Self::Known => ("known", None),
            Self::Aside(kind) => ("aside", Some(kind.into_owned())),
        }
    }

    /// What [`Disposition::into_words`] gave.
    pub(crate) fn from_words(word: &str, aside: Option<String>) -> Result<Self, StoreError> {
        match (word, aside) {
            ("record", None) => Ok(Self::Record),
            ("rejected", None) => Ok(Self::Rejected),
            ("known", None) => Ok(Self::Known),
            ("aside", Some(kind)) => Ok(Self::Aside(Cow::Owned(kind))),
            _ => Err(StoreError::Damaged("sheet_row.disposition")),
        }
    }
}

impl fmt::Debug for NewBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewBatch({} sheets, {} rows)", self.sheets.len(), self.rows.len())
    }
}

impl fmt::Debug for NewRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewRow(sheet {}, row {}, {:?})", self.sheet, self.row, self.disposition)
    }
}

impl fmt::Debug for StoredReject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredReject({})", self.code)
    }
}

impl fmt::Debug for StoredRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredRow(sheet {}, row {}, {:?})", self.sheet, self.row, self.disposition)
    }
}
