//! Rows and their addresses.

use std::{fmt, sync::Arc};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Claim, Noted, Person, Source, TownCode};

/// One file taken in, numbered from 1 in the order of acceptance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BatchId(pub u32);

/// One row of a batch. Its number is the batch in the high 31 bits and the row's ordinal in the low 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub i64);

impl RecordId {
    /// The record with `ordinal` (from 0) in `batch`.
    pub fn new(batch: BatchId, ordinal: u32) -> Self {
        Self((i64::from(batch.0) << 32) | i64::from(ordinal))
    }

    /// The batch.
    pub fn batch(self) -> BatchId {
        BatchId(u32::try_from(self.0 >> 32).unwrap_or_default())
    }

    /// The ordinal within the batch.
    pub fn ordinal(self) -> u32 {
        u32::try_from(self.0 & 0xffff_ffff).unwrap_or_default()
    }

    /// The same ordinal in another batch: intake numbers rows before the store has numbered the batch.
    #[must_use]
    pub fn in_batch(self, batch: BatchId) -> Self {
        Self::new(batch, self.ordinal())
    }
}

/// One claim: the record and its position among the record's claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClaimId {
    /// The record that makes it.
    pub record: RecordId,
    /// Position from 0.
    pub position: u8,
}

/// A child: a cluster of records. The id is that of the record the child was first known by, so it survives re-runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChildId(pub i64);

impl From<RecordId> for ChildId {
    fn from(founder: RecordId) -> Self {
        Self(founder.0)
    }
}

impl fmt::Display for ChildId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let record = RecordId(self.0);
        write!(f, "C{}-{}", record.batch().0, record.ordinal())
    }
}

/// Where a row stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Origin {
    /// Name of the file as it came, without folders.
    pub file: Arc<str>,
    /// Name of the sheet; empty for csv.
    pub sheet: Arc<str>,
    /// 1-based row of the sheet, title rows counted; for csv the record number, header 1.
    pub row: u32,
}

/// One row that mentions a child, with all that it claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its number; intake leaves the batch 0.
    pub id: RecordId,
    /// Where it stands.
    pub origin: Origin,
    /// Who says it.
    pub source: Source,
    /// The day for which the sender speaks.
    pub as_of: NaiveDate,
    /// The town that sent it, or whose sheet it is.
    pub town: Option<TownCode>,
    /// Whom it mentions.
    pub person: Person,
    /// What it claims.
    pub claims: Vec<Claim>,
    /// What is doubtful, by column.
    pub doubts: Vec<Noted>,
    /// Why a person must link it, if a program must not: free text, nickname and guardian only.
    pub review_only: Option<String>,
}
