//! Runs and what they derive.

use std::collections::HashMap;

use baoxue_claim::{ChildId, ClaimId, RecordId, VerdictCode};
use chrono::{DateTime, NaiveDate, Utc};

use crate::{Store, StoreError};

/// One pass of the pipeline with all it derived; replaces what the run before derived.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// The day for which it speaks.
    pub as_of: NaiveDate,
    /// Version of the rule pack.
    pub rule_pack: String,
    /// Version of the linkage model.
    pub model: String,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// Digest of its inputs.
    pub input_digest: String,
    /// The child of each live record.
    pub children: Vec<(RecordId, ChildId)>,
    /// Pairs that a person must decide; kept sealed.
    pub reviews: Vec<serde_json::Value>,
    /// One verdict for each child; kept sealed but for code and rule.
    pub verdicts: Vec<StoredVerdict>,
    /// Contradictions; kept sealed.
    pub conflicts: Vec<StoredConflict>,
}

/// The verdict about a child.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredVerdict {
    /// The child.
    pub child: ChildId,
    /// The code.
    pub code: VerdictCode,
    /// Rule id with version.
    pub rule: String,
    /// The claims used.
    pub claims: Vec<ClaimId>,
    /// The whole verdict in JSON; sealed in the store.
    pub body: Vec<u8>,
}

/// A contradiction about a child.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredConflict {
    /// The child.
    pub child: ChildId,
    /// The whole conflict in JSON; sealed in the store.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for StoredVerdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredVerdict({}, {}, {})", self.child, self.code, self.rule)
    }
}

impl std::fmt::Debug for StoredConflict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredConflict({})", self.child)
    }
}

/// The head of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSummary {
    /// Number, from 1.
    pub id: i64,
    /// The day for which it speaks.
    pub as_of: NaiveDate,
    /// Version of the rule pack.
    pub rule_pack: String,
    /// Version of the linkage model.
    pub model: String,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// Digest of its inputs.
    pub input_digest: String,
}

impl Store {
    /// Replaces everything derived by what this run derived, in one transaction; homes of records are kept as first
    /// given and appended for records that have none.
    pub async fn save_run(&self, run: NewRun) -> Result<i64, StoreError> {
        let _ = run;
        todo!()
    }
    /// The newest run.
    pub async fn latest_run(&self) -> Result<Option<RunSummary>, StoreError> {
        todo!()
    }
    /// The child of each record by the newest run, in the order of records.
    pub async fn children(&self) -> Result<Vec<(RecordId, ChildId)>, StoreError> {
        todo!()
    }
    /// The verdicts of the newest run, in the order of children.
    pub async fn verdicts(&self) -> Result<Vec<StoredVerdict>, StoreError> {
        todo!()
    }
    /// The conflicts of the newest run, in the order given.
    pub async fn conflicts(&self) -> Result<Vec<StoredConflict>, StoreError> {
        todo!()
    }
    /// The reviews of the newest run, in the order given.
    pub async fn reviews(&self) -> Result<Vec<serde_json::Value>, StoreError> {
        todo!()
    }
    /// The child id that each record was first given.
    pub async fn homes(&self) -> Result<HashMap<RecordId, ChildId>, StoreError> {
        todo!()
    }
}
