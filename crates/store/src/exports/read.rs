//! Reading exports.

use std::fmt;

use baoxue_claim::ChildId;
use chrono::{DateTime, Utc};
use sea_orm::QueryResult;

use super::{BODY, CHILDREN, ExportDecision, ExportRuling, ExportTerms, REASON, ROW_ORDER, TERMS};
use crate::{
    Store, StoreError,
    sql::{get, number, query},
};

/// Which requests are asked for, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportsOf {
    /// Those of an account.
    Account(i64),
    /// Those that wait for a second person, of all accounts.
    Waiting,
}

/// A request with what became of it.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredExport {
    /// Its number, from 1.
    pub id: i64,
    /// Who asked.
    pub account: i64,
    /// Whether numbers stand in it in full.
    pub full: bool,
    /// Whether a second person must approve it.
    pub needs_second: bool,
    /// How many children the filter gave.
    pub n_children: u32,
    /// Purpose and filter.
    pub terms: ExportTerms,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// The decision of a second person, or of whoever asked.
    pub decision: Option<ExportDecision>,
    /// The file.
    pub made: Option<MadeExport>,
    /// How often the file was fetched.
    pub n_fetches: u32,
}

/// What is known of a file that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MadeExport {
    /// Children in it.
    pub n_rows: u32,
    /// When.
    pub at: DateTime<Utc>,
    /// When it can no longer be fetched.
    pub ends_at: DateTime<Utc>,
}

impl fmt::Debug for StoredExport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredExport({}, {:?}, {:?})", self.id, self.decision, self.made)
    }
}

const SELECT: &str = "\
    select r.export_id, r.account_id, r.is_full, r.needs_second, r.n_children, r.terms, r.asked_at,
        d.what, d.account_id, d.reason, d.decided_at, m.n_rows, m.made_at, m.ends_at,
        (select count(*) from export_fetch f where f.export_id = r.export_id)
    from export_request r
    left join export_decision d on d.export_id = r.export_id
    left join export_made m on m.export_id = r.export_id";

impl Store {
    /// Requests with what became of them, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn exports(
        &self,
        of: ExportsOf,
        limit: u32,
    ) -> Result<Vec<StoredExport>, StoreError> {
        let (condition, mut values) = match of {
            ExportsOf::Account(account) => ("r.account_id = ?", vec![account.into()]),
            ExportsOf::Waiting => ("r.needs_second = 1 and d.what is null", Vec::new()),
        };
        values.push(i64::from(limit).into());
        let sql = format!("{SELECT} where {condition} order by r.export_id desc limit ?");
        let rows = query(&self.reader, &sql, values).await?;
        rows.iter().map(|row| self.stored_export(row)).collect()
    }

    /// One request; `None` when there is none of that number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn export(&self, id: i64) -> Result<Option<StoredExport>, StoreError> {
        let sql = format!("{SELECT} where r.export_id = ?");
        let rows = query(&self.reader, &sql, vec![id.into()]).await?;
        rows.first().map(|row| self.stored_export(row)).transpose()
    }

    /// The children that a request is about.
    ///
    /// # Errors
    /// [`StoreError::NoExport`].
    pub async fn export_children(&self, id: i64) -> Result<Vec<ChildId>, StoreError> {
        let sql = "select children from export_request where export_id = ?";
        let rows = query(&self.reader, sql, vec![id.into()]).await?;
        let row = rows.first().ok_or(StoreError::NoExport(id))?;
        self.sealer.open_json(CHILDREN, (id, 0), &get::<Vec<u8>>(row, 0)?)
    }

    /// The children of a file in the order of its rows.
    ///
    /// # Errors
    /// [`StoreError::NoExport`] when none was made.
    pub async fn export_order(&self, id: i64) -> Result<Vec<ChildId>, StoreError> {
        let sql = "select row_order from export_made where export_id = ?";
        let rows = query(&self.reader, sql, vec![id.into()]).await?;
        let row = rows.first().ok_or(StoreError::NoExport(id))?;
        self.sealer.open_json(ROW_ORDER, (id, 0), &get::<Vec<u8>>(row, 0)?)
    }

    /// The numbers of all requests whose file was made, and who asked, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn exports_made(&self) -> Result<Vec<(i64, i64)>, StoreError> {
        let sql = "\
            select r.export_id, r.account_id
            from export_request r join export_made m on m.export_id = r.export_id
            order by r.export_id";
        let rows = query(&self.reader, sql, Vec::new()).await?;
        rows.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?))).collect()
    }

    /// The file; `None` when it was never made, or is gone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn export_file(&self, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "select body from export_file where export_id = ?";
        let rows = query(&self.reader, sql, vec![id.into()]).await?;
        let open =
            |row: &QueryResult| self.sealer.open_bytes(BODY, (id, 0), &get::<Vec<u8>>(row, 0)?);
        rows.first().map(open).transpose()
    }

    fn stored_export(&self, row: &QueryResult) -> Result<StoredExport, StoreError> {
        let id = get(row, 0)?;
        let terms = self.sealer.open_json(TERMS, (id, 0), &get::<Vec<u8>>(row, 5)?)?;
        Ok(StoredExport {
            id,
            account: get(row, 1)?,
            full: get::<i64>(row, 2)? == 1,
            needs_second: get::<i64>(row, 3)? == 1,
            n_children: number(row, 4, "export_request.n_children")?,
            terms,
            asked_at: get(row, 6)?,
            decision: self.export_decision(row, id)?,
            made: made(row)?,
            n_fetches: number(row, 14, "export_fetch.export_id")?,
        })
    }

    fn export_decision(
        &self,
        row: &QueryResult,
        id: i64,
    ) -> Result<Option<ExportDecision>, StoreError> {
        let Some(what) = get::<Option<String>>(row, 7)? else { return Ok(None) };
        Ok(Some(ExportDecision {
            ruling: ExportRuling::from_word(&what)?,
            account: get(row, 8)?,
            reason: self.sealer.open_text(REASON, (id, 0), &get::<Vec<u8>>(row, 9)?)?,
            at: get(row, 10)?,
        }))
    }
}

fn made(row: &QueryResult) -> Result<Option<MadeExport>, StoreError> {
    if get::<Option<i64>>(row, 11)?.is_none() {
        return Ok(None);
    }
    let n_rows = number(row, 11, "export_made.n_rows")?;
    Ok(Some(MadeExport { n_rows, at: get(row, 12)?, ends_at: get(row, 13)? }))
}
