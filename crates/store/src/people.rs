//! Accounts and what happened to them; sessions and failed sign-ins are in the modules below.

mod failure;
mod session;

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, QueryResult};

use crate::{
    Class, Sealer, Store, StoreError,
    body::Column,
    sql::{Table, begin_write, execute, get, next_id, query, scalar},
    tree::{Kind, grow},
};

pub use failure::{Attempt, Limit, Subject};
pub use session::{NewSession, Purpose, StoredSession};

/// Something that happened to an account, to be appended.
#[derive(Clone, PartialEq)]
pub struct NewAccountEvent {
    /// What, a stable word such as `disabled`.
    pub what: String,
    /// The rest; kept sealed.
    pub body: serde_json::Value,
    /// The account that did it; none for the operator at the machine.
    pub by: Option<i64>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Something that happened to an account.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountEvent {
    /// Its number, from 1.
    pub id: i64,
    /// What happened.
    pub event: NewAccountEvent,
}

/// An account with its whole history.
#[derive(Clone, PartialEq)]
pub struct StoredAccount {
    /// Its number, from 1.
    pub id: i64,
    /// The sign-in name.
    pub login: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// What happened to it, oldest first.
    pub events: Vec<AccountEvent>,
}

impl fmt::Debug for NewAccountEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewAccountEvent({}, {})", self.what, self.at)
    }
}

impl fmt::Debug for StoredAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredAccount({}, {} events)", self.id, self.events.len())
    }
}

const ACCOUNT: Table =
    Table { name: "account", columns: &["account_id", "login_index", "login", "made_at"] };
const ACCOUNT_EVENT: Table = Table {
    name: "account_event",
    columns: &["account_event_id", "account_id", "what", "body", "done_by", "happened_at"],
};

const LOGIN: Column = Column::new("account.login", Class::Account);
const BODY: Column = Column::new("account_event.body", Class::Account);

impl Store {
    /// Makes an account with its first events and gives its number. Sign-in names are compared as they are given: the
    /// caller folds case and width.
    ///
    /// # Errors
    /// [`StoreError::LoginTaken`].
    pub async fn add_account(
        &self,
        login: &str,
        at: DateTime<Utc>,
        events: Vec<NewAccountEvent>,
    ) -> Result<i64, StoreError> {
        let tx = begin_write(&self.writer).await?;
        let index = self.sealer.blind("login", login);
        let sql = "select count(*) from account where login_index = ?";
        if scalar::<i64>(&tx, sql, vec![index.clone().into()]).await? != Some(0) {
            return Err(StoreError::LoginTaken);
        }
        let id = next_id(&tx, "select max(account_id) from account").await?;
        let sealed = self.sealer.seal_text(LOGIN, (id, 0), login)?;
        ACCOUNT.append(&tx, vec![id.into(), index.into(), sealed.into(), at.into()]).await?;
        grow(&tx, &self.sealer, &[(Kind::Account, vec![id])]).await?;
        for event in events {
            append_event(&tx, &self.sealer, id, event).await?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// Appends what happened to an account. With `ends_sessions` all its sessions end in the same transaction (T-12).
    ///
    /// # Errors
    /// [`StoreError::NoAccount`].
    pub async fn append_account_event(
        &self,
        account: i64,
        event: NewAccountEvent,
        ends_sessions: bool,
    ) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        let sql = "select count(*) from account where account_id = ?";
        if scalar::<i64>(&tx, sql, vec![account.into()]).await? != Some(1) {
            return Err(StoreError::NoAccount(account));
        }
        append_event(&tx, &self.sealer, account, event).await?;
        if ends_sessions {
            let sql = "delete from session where account_id = ?";
            execute(&tx, sql, vec![account.into()]).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The number of the account with that sign-in name.
    pub async fn account_of_login(&self, login: &str) -> Result<Option<i64>, StoreError> {
        let sql = "select account_id from account where login_index = ?";
        let index = self.sealer.blind("login", login);
        Ok(scalar(&self.reader, sql, vec![index.into()]).await?)
    }

    /// Whether there is any account.
    pub async fn has_accounts(&self) -> Result<bool, StoreError> {
        let n = scalar::<i64>(&self.reader, "select count(*) from account", Vec::new()).await?;
        Ok(n.unwrap_or_default() > 0)
    }

    /// An account with its history.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`].
    pub async fn account(&self, id: i64) -> Result<StoredAccount, StoreError> {
        let sql = "select account_id, login, made_at from account where account_id = ?";
        let rows = query(&self.reader, sql, vec![id.into()]).await?;
        let row = rows.first().ok_or(StoreError::NoAccount(id))?;
        let mut account = self.stored_account(row)?;
        let sql = "\
            select account_event_id, account_id, what, body, done_by, happened_at
            from account_event where account_id = ? order by account_event_id";
        for row in query(&self.reader, sql, vec![id.into()]).await? {
            account.events.push(self.account_event(&row)?);
        }
        Ok(account)
    }

    /// All accounts with their histories, in the order in which they were made.
    pub async fn accounts(&self) -> Result<Vec<StoredAccount>, StoreError> {
        let sql = "select account_id, login, made_at from account order by account_id";
        let mut accounts = BTreeMap::new();
        for row in query(&self.reader, sql, Vec::new()).await? {
            let account = self.stored_account(&row)?;
            accounts.insert(account.id, account);
        }
        let sql = "\
            select account_event_id, account_id, what, body, done_by, happened_at
            from account_event order by account_event_id";
        for row in query(&self.reader, sql, Vec::new()).await? {
            // An account made between the two queries comes with the next asking.
            if let Some(account) = accounts.get_mut(&get::<i64>(&row, 1)?) {
                account.events.push(self.account_event(&row)?);
            }
        }
        Ok(accounts.into_values().collect())
    }

    fn stored_account(&self, row: &QueryResult) -> Result<StoredAccount, StoreError> {
        let id = get(row, 0)?;
        let login = self.sealer.open_text(LOGIN, (id, 0), &get::<Vec<u8>>(row, 1)?)?;
        Ok(StoredAccount { id, login, made_at: get(row, 2)?, events: Vec::new() })
    }

    fn account_event(&self, row: &QueryResult) -> Result<AccountEvent, StoreError> {
        let id = get(row, 0)?;
        let body = self.sealer.open_json(BODY, (id, 0), &get::<Vec<u8>>(row, 3)?)?;
        let event =
            NewAccountEvent { what: get(row, 2)?, body, by: get(row, 4)?, at: get(row, 5)? };
        Ok(AccountEvent { id, event })
    }
}

async fn append_event(
    tx: &DatabaseTransaction,
    sealer: &Sealer,
    account: i64,
    event: NewAccountEvent,
) -> Result<(), StoreError> {
    let id = next_id(tx, "select max(account_event_id) from account_event").await?;
    let values = vec![
        id.into(),
        account.into(),
        event.what.into(),
        sealer.seal_json(BODY, (id, 0), &event.body)?.into(),
        event.by.into(),
        event.at.into(),
    ];
    ACCOUNT_EVENT.append(tx, values).await?;
    grow(tx, sealer, &[(Kind::AccountEvent, vec![id])]).await
}
