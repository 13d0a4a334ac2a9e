//! Sessions, one-time links and codes that were used. Tokens are known by keyed hashes only.

use std::fmt;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult};

use crate::{
    Class, Sealer, Store, StoreError,
    body::Column,
    keys::hex,
    sql::{Table, begin_write, execute, get, next_id, query, scalar},
};

/// A session to be begun.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSession {
    /// The account.
    pub account: i64,
    /// The password was right and the code of the second factor is still to come.
    pub awaits_code: bool,
    /// When the user signed in.
    pub began_at: DateTime<Utc>,
    /// When this token was given.
    pub at: DateTime<Utc>,
    /// When it ends whatever the user does.
    pub ends_at: DateTime<Utc>,
    /// When the second factor was last proved.
    pub factor_at: Option<DateTime<Utc>>,
    /// From where; kept sealed.
    pub address: String,
}

/// A session.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// Its number, by which its user may end it.
    pub id: i64,
    /// When it was last seen.
    pub seen_at: DateTime<Utc>,
    /// As it began.
    pub session: NewSession,
}

/// What a one-time link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Makes the first account.
    First,
    /// Sets the password of an account.
    Password,
    /// Stands in for the second factor of an account.
    Recovery,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Password => "password",
            Self::Recovery => "recovery",
        }
    }
}

impl fmt::Debug for NewSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewSession(account {}, until {})", self.account, self.ends_at)
    }
}

impl fmt::Debug for StoredSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredSession({}, {:?})", self.id, self.session)
    }
}

const SESSION: Table = Table {
    name: "session",
    columns: &[
        "session_id",
        "token_index",
        "account_id",
        "awaits_code",
        "began_at",
        "seen_at",
        "ends_at",
        "factor_at",
        "address",
    ],
};
const ONE_TIME_LINK: Table =
    Table { name: "one_time_link", columns: &["token_index", "purpose", "account_id", "ends_at"] };

const ADDRESS: Column = Column::new("session.address", Class::Account);

impl Store {
    /// Begins a session under `token`; that of `instead_of`, if any, ends in the same transaction.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin_session(
        &self,
        token: &str,
        session: NewSession,
        instead_of: Option<i64>,
    ) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        if let Some(old) = instead_of {
            execute(&tx, "delete from session where session_id = ?", vec![old.into()]).await?;
        }
        let id = next_id(&tx, "select max(session_id) from session").await?;
        let id = id.max(instead_of.map_or(0, |old| old + 1));
        let values = vec![
            id.into(),
            self.sealer.blind("session", token).into(),
            session.account.into(),
            i64::from(session.awaits_code).into(),
            session.began_at.into(),
            session.at.into(),
            session.ends_at.into(),
            session.factor_at.into(),
            self.sealer.seal_text(ADDRESS, (id, 0), &session.address)?.into(),
        ];
        SESSION.append(&tx, values).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The session of a token, ended by its clocks or not.
    pub async fn session(&self, token: &str) -> Result<Option<StoredSession>, StoreError> {
        let sql = "\
            select session_id, account_id, awaits_code, began_at, seen_at, ends_at, factor_at, address
            from session where token_index = ?";
        let index = self.sealer.blind("session", token);
        let rows = query(&self.reader, sql, vec![index.into()]).await?;
        rows.first().map(|row| self.stored_session(row)).transpose()
    }

    /// The sessions of an account, oldest first.
    pub async fn sessions_of(&self, account: i64) -> Result<Vec<StoredSession>, StoreError> {
        let sql = "\
            select session_id, account_id, awaits_code, began_at, seen_at, ends_at, factor_at, address
            from session where account_id = ? order by session_id";
        let rows = query(&self.reader, sql, vec![account.into()]).await?;
        rows.iter().map(|row| self.stored_session(row)).collect()
    }

    fn stored_session(&self, row: &QueryResult) -> Result<StoredSession, StoreError> {
        let id = get(row, 0)?;
        let seen_at = get(row, 4)?;
        let session = NewSession {
            account: get(row, 1)?,
            awaits_code: get::<i64>(row, 2)? == 1,
            began_at: get(row, 3)?,
            at: seen_at,
            ends_at: get(row, 5)?,
            factor_at: get(row, 6)?,
            address: self.sealer.open_text(ADDRESS, (id, 0), &get::<Vec<u8>>(row, 7)?)?,
        };
        Ok(StoredSession { id, seen_at, session })
    }

    /// Notes that a session was seen.
    pub async fn session_seen(&self, id: i64, at: DateTime<Utc>) -> Result<(), StoreError> {
        let sql = "update session set seen_at = ? where session_id = ?";
        execute(&self.writer, sql, vec![at.into(), id.into()]).await?;
        Ok(())
    }

    /// Ends a session of an account; tells whether there was one.
    pub async fn end_session(&self, id: i64, account: i64) -> Result<bool, StoreError> {
        let sql = "delete from session where session_id = ? and account_id = ?";
        Ok(execute(&self.writer, sql, vec![id.into(), account.into()]).await? > 0)
    }

    /// Forgets sessions and links whose time is over.
    pub async fn sweep_sessions(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        for sql in [
            "delete from session where ends_at <= ?",
            "delete from one_time_link where ends_at <= ?",
        ] {
            execute(&self.writer, sql, vec![now.into()]).await?;
        }
        Ok(())
    }

    /// Keeps a link that works once.
    pub async fn add_link(
        &self,
        (purpose, token): (Purpose, &str),
        account: Option<i64>,
        ends_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let index = self.link_index(purpose, token);
        let values = vec![index.into(), purpose.word().into(), account.into(), ends_at.into()];
        Ok(ONE_TIME_LINK.append(&self.writer, values).await?)
    }

    /// Whom a link is for, as long as it works: an account, or nobody yet.
    pub async fn link(
        &self,
        (purpose, token): (Purpose, &str),
        now: DateTime<Utc>,
    ) -> Result<Option<Option<i64>>, StoreError> {
        find_link(&self.reader, self.link_index(purpose, token), now).await
    }

    /// Uses up a link; tells whom it was for, if it worked.
    pub async fn take_link(
        &self,
        (purpose, token): (Purpose, &str),
        now: DateTime<Utc>,
    ) -> Result<Option<Option<i64>>, StoreError> {
        let index = self.link_index(purpose, token);
        let tx = begin_write(&self.writer).await?;
        let found = find_link(&tx, index.clone(), now).await?;
        execute(&tx, "delete from one_time_link where token_index = ?", vec![index.into()]).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// Forgets the links of a purpose for an account, or for nobody.
    pub async fn drop_links(
        &self,
        purpose: Purpose,
        account: Option<i64>,
    ) -> Result<(), StoreError> {
        let (sql, account) = match account {
            Some(id) => {
                ("delete from one_time_link where purpose = ? and account_id = ?", Some(id.into()))
            }
            None => ("delete from one_time_link where purpose = ? and account_id is null", None),
        };
        let values = std::iter::once(purpose.word().into()).chain(account).collect();
        execute(&self.writer, sql, values).await?;
        Ok(())
    }

    fn link_index(&self, purpose: Purpose, token: &str) -> Vec<u8> {
        self.sealer.blind(&format!("link/{}", purpose.word()), token)
    }

    /// Uses up the step of a code; tells whether it was new.
    pub async fn use_code(&self, account: i64, step: i64) -> Result<bool, StoreError> {
        let tx = begin_write(&self.writer).await?;
        let sql = "select count(*) from used_code where account_id = ? and step >= ?";
        // A code older than the last one used is refused with it (RFC 6238, 5.2).
        let newer = scalar::<i64>(&tx, sql, vec![account.into(), step.into()]).await?;
        if newer != Some(0) {
            return Ok(false);
        }
        execute(&tx, "delete from used_code where account_id = ?", vec![account.into()]).await?;
        let sql = "insert into used_code (account_id, step) values (?, ?)";
        execute(&tx, sql, vec![account.into(), step.into()]).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The CSRF token that belongs to a session token (T-13): nothing is kept, nobody without the key can make one.
    pub fn csrf_of(&self, token: &str) -> String {
        hex(&self.sealer.blind("csrf", token))
    }
}

async fn find_link(
    db: &impl ConnectionTrait,
    index: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<Option<Option<i64>>, StoreError> {
    let sql = "select account_id, ends_at from one_time_link where token_index = ?";
    let rows = query(db, sql, vec![index.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok((get::<DateTime<Utc>>(row, 1)? > now).then_some(get(row, 0)?))
}

/// For the limits of sign-in, which know names and addresses by keyed hashes only.
pub(super) fn blind_subject(sealer: &Sealer, kind: &str, subject: &str) -> Vec<u8> {
    sealer.blind(&format!("failure/{kind}"), subject)
}
