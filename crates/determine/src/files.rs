//! What files tell beside their rows about children: who has reported for which month, and when they came.

use std::collections::{BTreeMap, BTreeSet};

use baoxue_claim::{BatchId, ChildId, RecordId, Report};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::Opening;

/// What the files in the store tell beside their rows about children, and what was shown of them before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Files {
    /// Who has reported absent pupils, zero reports included; in any order.
    pub reports: Vec<Report>,
    /// The day on which each file was received.
    pub received: BTreeMap<BatchId, NaiveDate>,
    /// Of files that came together with others, the first of them: none of them came later than another, whatever its name.
    pub together: BTreeMap<BatchId, BatchId>,
    /// Of rows that came again word for word, the last file that said so.
    pub repeated: BTreeMap<RecordId, BatchId>,
    /// Schools whose roll is in the store, by their compact names. [`determine`](crate::determine) finds them among the
    /// children.
    pub rolls: BTreeSet<String>,
    /// Schools that keep a log of home teaching, by their compact names, the empty one for a log that names none; found
    /// among the children likewise.
    #[serde(default)]
    pub home_logs: BTreeSet<String>,
    /// Quarrels about a child as they were first shown, the first shown first: not from files, but kept beside them.
    #[serde(default)]
    pub openings: BTreeMap<ChildId, Vec<Opening>>,
}

/// When a row was last said: the day its file was received and the number of the first file that came with it. What is
/// greater came later.
pub(crate) type Came = (Option<NaiveDate>, BatchId);

impl Files {
    /// When the row was last said.
    pub(crate) fn came(&self, record: RecordId) -> Came {
        let batch = self.repeated.get(&record).copied().unwrap_or_else(|| record.batch());
        let first = self.together.get(&batch).copied().unwrap_or(batch);
        (self.received.get(&batch).copied(), first)
    }
}
