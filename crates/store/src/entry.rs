//! What pages show of every child, and what all children tell: derived with each run.

use std::{fmt, sync::Arc};

use baoxue_claim::ChildId;
use rayon::prelude::*;
use sea_orm::{DatabaseTransaction, QueryResult, Value};
use tokio::task::spawn_blocking;

use crate::{
    Class, Sealer, Store, StoreError,
    body::Column,
    chunks::{CHUNK, finished},
    sql::{Table, begin_read, get, query},
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

/// The row of a line.
pub(crate) fn sealed(
    sealer: &Sealer,
    run: i64,
    entry: &StoredEntry,
) -> Result<Vec<Value>, StoreError> {
    let child = entry.child.0;
    let body = sealer.seal_bytes(ENTRY_BODY, (child, run), &entry.body)?;
    Ok(vec![child.into(), run.into(), body.into()])
}

impl Store {
    pub(crate) async fn save_note(
        &self,
        tx: &DatabaseTransaction,
        run: i64,
        note: &[u8],
    ) -> Result<(), StoreError> {
        let body = self.sealer.seal_bytes(NOTE_BODY, (run, 0), note)?;
        Ok(RUN_NOTE.append(tx, vec![run.into(), body.into()]).await?)
    }

    /// Gives the lines of the newest run to `take`, some thousands at a time in the order of children: all at once, sealed and
    /// opened, they are several times as large as what is made of them.
    ///
    /// # Errors
    /// [`StoreError`] when a line cannot be read, and what `take` says.
    pub async fn entries<E: From<StoreError>>(
        &self,
        mut take: impl FnMut(Vec<StoredEntry>) -> Result<(), E>,
    ) -> Result<(), E> {
        // One state of the database: a run that ends meanwhile replaces all lines.
        let tx = begin_read(&self.reader).await.map_err(StoreError::from)?;
        let sql = format!(
            "\
            select child_id, run_id, body
            from entry
            where child_id > ?
            order by child_id
            limit {CHUNK}"
        );
        let mut done = i64::MIN;
        loop {
            let rows = query(&tx, &sql, vec![done.into()]).await.map_err(StoreError::from)?;
            let n_rows = rows.len();
            let sealer = Arc::clone(&self.sealer);
            let open = move || rows.par_iter().map(|row| opened(&sealer, row)).collect();
            let lines: Vec<StoredEntry> = finished(spawn_blocking(open)).await?;
            let Some(last) = lines.last() else { return Ok(()) };
            done = last.child.0;
            take(lines)?;
            if n_rows < CHUNK {
                return Ok(());
            }
        }
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

pub(crate) fn opened(sealer: &Sealer, row: &QueryResult) -> Result<StoredEntry, StoreError> {
    let at = (get(row, 0)?, get(row, 1)?);
    let body = sealer.open_bytes(ENTRY_BODY, at, &get::<Vec<u8>>(row, 2)?)?;
    Ok(StoredEntry { child: ChildId(at.0), body })
}
