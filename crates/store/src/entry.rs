//! What pages show of every child, and what all children tell: derived with each run.

use std::{fmt, sync::Arc};

use baoxue_claim::ChildId;
use sea_orm::DatabaseTransaction;

use crate::{
    Class, Store, StoreError,
    body::Column,
    sql::{Table, get},
};

/// The line of a child as pages show it.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// The child.
    pub child: ChildId,
    /// The whole line in JSON; sealed in the store.
    pub body: Vec<u8>,
}

impl fmt::Debug for StoredEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredEntry({})", self.child)
    }
}

pub(crate) const ENTRY: Table = Table { name: "entry", columns: &["child_id", "run_id", "body"] };
pub(crate) const RUN_NOTE: Table = Table { name: "run_note", columns: &["run_id", "body"] };

const ENTRY_BODY: Column = Column::new("entry.body", Class::Derived);
const NOTE_BODY: Column = Column::new("run_note.body", Class::Derived);

impl Store {
    pub(crate) async fn save_entries(
        &self,
        tx: &DatabaseTransaction,
        run: i64,
        entries: impl IntoIterator<Item = Result<StoredEntry, StoreError>>,
    ) -> Result<(), StoreError> {
        let sealer = Arc::clone(&self.sealer);
        self.append_sealed(tx, ENTRY, entries, move |entry: Result<_, _>| {
            let entry: StoredEntry = entry?;
            let child = entry.child.0;
            let body = sealer.seal_bytes(ENTRY_BODY, (child, run), &entry.body)?;
            Ok(vec![child.into(), run.into(), body.into()])
        })
        .await
    }

    pub(crate) async fn save_note(
        &self,
        tx: &DatabaseTransaction,
        run: i64,
        note: &[u8],
    ) -> Result<(), StoreError> {
        let body = self.sealer.seal_bytes(NOTE_BODY, (run, 0), note)?;
        Ok(RUN_NOTE.append(tx, vec![run.into(), body.into()]).await?)
    }

    /// The lines of the newest run, in the order of children.
    pub async fn entries(&self) -> Result<Vec<StoredEntry>, StoreError> {
        let sql = "select child_id, run_id, body from entry order by child_id";
        self.opened(sql, |sealer, row| {
            let at = (get(row, 0)?, get(row, 1)?);
            let body = sealer.open_bytes(ENTRY_BODY, at, &get::<Vec<u8>>(row, 2)?)?;
            Ok(StoredEntry { child: ChildId(at.0), body })
        })
        .await
    }

    /// What all children told in the newest run.
    pub async fn run_note(&self) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "select run_id, body from run_note order by run_id";
        let notes = self.opened(sql, |sealer, row| {
            sealer.open_bytes(NOTE_BODY, (get(row, 0)?, 0), &get::<Vec<u8>>(row, 1)?)
        });
        Ok(notes.await?.pop())
    }
}
