//! Exports: asked for, decided by a second person, made, fetched. All of it is appended; only the file itself goes.

mod read;

use std::fmt;

use baoxue_claim::ChildId;
use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};

use crate::{
    Class, Store, StoreError,
    body::Column,
    sql::{Table, begin_write, execute, next_id, scalar},
    tree::{Kind, grow},
};

pub use read::{ExportsOf, MadeExport, StoredExport};

/// For what an export is, and which list it is: kept sealed, since a search may name a child.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportTerms {
    /// For what, in the words of whoever asked.
    pub purpose: String,
    /// The filter as the query of an address.
    pub query: String,
}

/// An export that somebody asks for.
#[derive(Clone, PartialEq, Eq)]
pub struct NewExport {
    /// Who asks.
    pub account: i64,
    /// Whether numbers stand in it in full.
    pub full: bool,
    /// Whether a second person must approve it.
    pub needs_second: bool,
    /// Purpose and filter.
    pub terms: ExportTerms,
    /// The children that the filter gave.
    pub children: Vec<ChildId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportRuling {
    /// A second person approved it.
    Approved,
    /// A second person refused it.
    Refused,
    /// Whoever asked took it back.
    Withdrawn,
}

/// A decision on a request.
#[derive(Clone, PartialEq, Eq)]
pub struct ExportDecision {
    /// The decision.
    pub ruling: ExportRuling,
    /// Who decided.
    pub account: i64,
    /// Why; empty for an approval.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A file that was made.
#[derive(Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// The children in the order of their rows: the mark by which an excerpt is traced.
    pub order: Vec<ChildId>,
    /// SM3 of the file.
    pub hash: [u8; 32],
    /// The file, encrypted under a passphrase that is kept nowhere.
    pub bytes: Vec<u8>,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// When it can no longer be fetched.
    pub ends_at: DateTime<Utc>,
}

impl fmt::Debug for ExportTerms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExportTerms")
    }
}

impl fmt::Debug for NewExport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewExport({}, {} children)", self.account, self.children.len())
    }
}

impl fmt::Debug for ExportDecision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExportDecision({:?}, {})", self.ruling, self.account)
    }
}

impl fmt::Debug for ExportFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExportFile({} rows, {} bytes)", self.order.len(), self.bytes.len())
    }
}

impl ExportRuling {
    const ALL: [Self; 3] = [Self::Approved, Self::Refused, Self::Withdrawn];

    const fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    fn from_word(word: &str) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|ruling| ruling.word() == word);
        found.ok_or(StoreError::Damaged("export_decision.what"))
    }
}

const REQUEST: Table = Table {
    name: "export_request",
    columns: &[
        "export_id",
        "account_id",
        "is_full",
        "needs_second",
        "n_children",
        "terms",
        "children",
        "asked_at",
    ],
};
const DECISION: Table = Table {
    name: "export_decision",
    columns: &["export_id", "what", "account_id", "reason", "decided_at"],
};
const MADE: Table = Table {
    name: "export_made",
    columns: &["export_id", "n_rows", "file_hash", "row_order", "made_at", "ends_at"],
};
const FETCH: Table = Table {
    name: "export_fetch",
    columns: &["export_fetch_id", "export_id", "account_id", "address", "fetched_at"],
};
const FILE: Table = Table { name: "export_file", columns: &["export_id", "body"] };

const TERMS: Column = Column::new("export_request.terms", Class::Journal);
const CHILDREN: Column = Column::new("export_request.children", Class::Journal);
const REASON: Column = Column::new("export_decision.reason", Class::Journal);
const ROW_ORDER: Column = Column::new("export_made.row_order", Class::Journal);
const ADDRESS: Column = Column::new("export_fetch.address", Class::Account);
const BODY: Column = Column::new("export_file.body", Class::Found);

impl Store {
    /// Appends a request and gives its number.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn ask_export(&self, new: &NewExport) -> Result<i64, StoreError> {
        let tx = begin_write(&self.writer).await?;
        let id = next_id(&tx, "select max(export_id) from export_request").await?;
        let n = count(new.children.len(), "export_request.n_children")?;
        let values = vec![
            id.into(),
            new.account.into(),
            i64::from(new.full).into(),
            i64::from(new.needs_second).into(),
            n.into(),
            self.sealer.seal_json(TERMS, (id, 0), &new.terms)?.into(),
            self.sealer.seal_json(CHILDREN, (id, 0), &new.children)?.into(),
            new.at.into(),
        ];
        REQUEST.append(&tx, values).await?;
        grow(&tx, &self.sealer, &[(Kind::ExportRequest, vec![id])]).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Decides a request that waits: once.
    ///
    /// # Errors
    /// [`StoreError::NoExport`] when it waits for nobody.
    pub async fn decide_export(
        &self,
        id: i64,
        decision: &ExportDecision,
    ) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        let sql = "\
            select count(*) from export_request r
            where r.export_id = ? and r.needs_second = 1
            and not exists (select 1 from export_decision d where d.export_id = r.export_id)";
        must_be(&tx, sql, id).await?;
        let values = vec![
            id.into(),
            decision.ruling.word().into(),
            decision.account.into(),
            self.sealer.seal_text(REASON, (id, 0), &decision.reason)?.into(),
            decision.at.into(),
        ];
        DECISION.append(&tx, values).await?;
        grow(&tx, &self.sealer, &[(Kind::ExportDecision, vec![id])]).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Keeps the file of a request that needs no approval or has it: once.
    ///
    /// # Errors
    /// [`StoreError::NoExport`] when it is not approved, or was made before.
    pub async fn keep_export(&self, id: i64, file: &ExportFile) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        let sql = "\
            select count(*) from export_request r
            where r.export_id = ?
            and not exists (select 1 from export_made m where m.export_id = r.export_id)
            and (r.needs_second = 0 or exists (
                select 1 from export_decision d
                where d.export_id = r.export_id and d.what = 'approved'
            ))";
        must_be(&tx, sql, id).await?;
        let values = vec![
            id.into(),
            count(file.order.len(), "export_made.n_rows")?.into(),
            file.hash.to_vec().into(),
            self.sealer.seal_json(ROW_ORDER, (id, 0), &file.order)?.into(),
            file.at.into(),
            file.ends_at.into(),
        ];
        MADE.append(&tx, values).await?;
        let body = self.sealer.seal_bytes(BODY, (id, 0), &file.bytes)?;
        FILE.append(&tx, vec![id.into(), body.into()]).await?;
        grow(&tx, &self.sealer, &[(Kind::ExportMade, vec![id])]).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Notes that a file was fetched, and from where.
    ///
    /// # Errors
    /// [`StoreError::NoExport`] when there is no such file.
    pub async fn note_fetch(
        &self,
        id: i64,
        (account, address): (i64, &str),
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        must_be(&tx, "select count(*) from export_made where export_id = ?", id).await?;
        let fetch = next_id(&tx, "select max(export_fetch_id) from export_fetch").await?;
        let address = self.sealer.seal_text(ADDRESS, (fetch, 0), address)?;
        let values = vec![fetch.into(), id.into(), account.into(), address.into(), at.into()];
        FETCH.append(&tx, values).await?;
        grow(&tx, &self.sealer, &[(Kind::ExportFetch, vec![fetch])]).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Deletes the files whose time is over; what was made, for whom and in which order stays.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn sweep_exports(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let sql = "\
            delete from export_file
            where export_id in (select export_id from export_made where ends_at <= ?)";
        execute(&self.writer, sql, vec![now.into()]).await?;
        Ok(())
    }
}

/// Refuses unless the query counts one.
async fn must_be(tx: &DatabaseTransaction, sql: &str, id: i64) -> Result<(), StoreError> {
    match scalar::<i64>(tx, sql, vec![id.into()]).await? {
        Some(1) => Ok(()),
        Some(_) | None => Err(StoreError::NoExport(id)),
    }
}

fn count(n: usize, place: &'static str) -> Result<i64, StoreError> {
    i64::try_from(n).map_err(|_| StoreError::Damaged(place))
}
