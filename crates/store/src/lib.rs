//! Keeps what the stages make: one schema and one set of queries on SQLite and PostgreSQL.
//!
//! What came from outside (batches, rows, records, claims, decisions, events) is appended and never changed; triggers
//! refuse updates and deletes on both engines. What is derived (children, verdicts, conflicts) is replaced by each
//! run; a row that says the same as before stays. Personal data is sealed field by field before it reaches the database, see [`Sealer`].

mod access;
mod append;
mod batch;
mod beside;
mod body;
mod cases;
mod chunks;
mod digest;
mod entry;
mod error;
mod exports;
mod idempotency;
mod journal;
mod keys;
mod lease;
mod letters;
mod migration;
mod notices;
mod open;
mod papers;
mod people;
mod read;
mod run;
mod seal;
mod sql;
mod streams;
mod tips;
mod tree;
mod unchanged;
mod views;

pub use access::{AccessEntry, AccessFilter, StoredAccess, StoredLook};
pub use batch::{
    BatchState, BatchSummary, Disposition, NewBatch, NewRow, NewSheet, RowLine, RowPlace,
    SheetSummary, StoredReject, StoredRow, Withdrawal,
};
pub use cases::{CaseAppend, CaseEvent, NewCaseEvent};
pub use entry::StoredEntry;
pub use error::{StoreError, Trouble};
pub use exports::{
    ExportDecision, ExportFile, ExportRuling, ExportTerms, ExportsOf, MadeExport, NewExport,
    StoredExport,
};
pub use idempotency::{Begun, KeptAnswer, WriteKey};
pub use journal::{Decision, DecisionId, Event, Layout, NewDecision, NewEvent, Ruling};
pub use keys::{KeyError, Keys};
pub use letters::{NewLetter, NewLetterScan, StoredLetterScan};
pub use notices::{ChannelCount, Fate, NewNotice, NoticeEvent, PendingNotice, StoredNotice};
pub use open::{Store, open};
pub use papers::{NewCaseFile, NewPaper, Series, SeriesState, StoredCaseFile};
pub use people::{
    AccountEvent, Attempt, Limit, NewAccountEvent, NewSession, Purpose, StoredAccount,
    StoredSession, Subject,
};
pub use run::{NewRun, RunSummary, StoredConflict, StoredVerdict};
pub use seal::{Class, SealError, Sealer};
pub use streams::{NewStreamEvent, StreamEvent};
pub use tips::{NewTip, TipCopy, TipLimit, TipTaken};
pub use tree::{Consistency, Fault, Hash, TreeCheck, TreeHead, consistency, is_consistent, root};
pub use views::{StoredView, ViewBody};
