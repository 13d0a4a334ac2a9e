//! Filters of the ledger that somebody keeps under a name: append-only, a removal is an event.

use std::fmt;

use chrono::{DateTime, Utc};
use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};

use crate::{
    Class, Store, StoreError,
    body::Column,
    sql::{Table, begin_write, get, next_id, query, scalar},
    tree::{Kind, grow},
};

/// A name with the filter behind it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewBody {
    /// What it is called.
    pub name: String,
    /// The filter as the query of an address.
    pub query: String,
}

/// A view as kept.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredView {
    /// Its number, from 1.
    pub id: i64,
    /// Whose it is.
    pub account: i64,
    /// Whether everybody sees it.
    pub shared: bool,
    /// Name and filter.
    pub body: ViewBody,
    /// When it was kept.
    pub at: DateTime<Utc>,
}

impl fmt::Debug for ViewBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ViewBody")
    }
}

impl fmt::Debug for StoredView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredView({}, {}, {})", self.id, self.account, self.shared)
    }
}

const SAVED_VIEW: Table = Table {
    name: "saved_view",
    columns: &["saved_view_id", "account_id", "is_shared", "body", "saved_at"],
};
const SAVED_VIEW_EVENT: Table = Table {
    name: "saved_view_event",
    columns: &["saved_view_event_id", "saved_view_id", "what", "account_id", "happened_at"],
};

const BODY: Column = Column::new("saved_view.body", Class::Journal);

/// The views that were not removed.
const SELECT: &str = "\
    select v.saved_view_id, v.account_id, v.is_shared, v.body, v.saved_at
    from saved_view v
    where not exists (
        select 1 from saved_view_event e where e.saved_view_id = v.saved_view_id
    )";

impl Store {
    /// Keeps a view and gives its number.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn save_view(
        &self,
        (account, shared): (i64, bool),
        body: &ViewBody,
        at: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let tx = begin_write(&self.writer).await?;
        let id = next_id(&tx, "select max(saved_view_id) from saved_view").await?;
        let sealed = self.sealer.seal_json(BODY, (id, 0), body)?;
        let values =
            vec![id.into(), account.into(), i64::from(shared).into(), sealed.into(), at.into()];
        SAVED_VIEW.append(&tx, values).await?;
        grow(&tx, &self.sealer, &[(Kind::SavedView, vec![id])]).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Removes a view by an event.
    ///
    /// # Errors
    /// [`StoreError::NoView`] when it is not there.
    pub async fn remove_view(&self, id: i64, by: i64, at: DateTime<Utc>) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        let sql = format!("select count(*) from ({SELECT} and v.saved_view_id = ?) as live");
        if scalar::<i64>(&tx, &sql, vec![id.into()]).await? != Some(1) {
            return Err(StoreError::NoView(id));
        }
        let event = next_id(&tx, "select max(saved_view_event_id) from saved_view_event").await?;
        let values = vec![event.into(), id.into(), "removed".into(), by.into(), at.into()];
        SAVED_VIEW_EVENT.append(&tx, values).await?;
        grow(&tx, &self.sealer, &[(Kind::SavedViewEvent, vec![event])]).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The views that an account sees: its own and those that are shared, in the order in which they were kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn views_of(&self, account: i64) -> Result<Vec<StoredView>, StoreError> {
        let sql =
            format!("{SELECT} and (v.account_id = ? or v.is_shared = 1) order by v.saved_view_id");
        let rows = query(&self.reader, &sql, vec![account.into()]).await?;
        rows.iter().map(|row| self.stored_view(row)).collect()
    }

    fn stored_view(&self, row: &QueryResult) -> Result<StoredView, StoreError> {
        let id = get(row, 0)?;
        let body = self.sealer.open_json(BODY, (id, 0), &get::<Vec<u8>>(row, 3)?)?;
        let shared = get::<i64>(row, 2)? == 1;
        Ok(StoredView { id, account: get(row, 1)?, shared, body, at: get(row, 4)? })
    }
}
