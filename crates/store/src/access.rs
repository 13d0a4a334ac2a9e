//! Who saw, changed and exported what: one entry for each request, one subject for each child (T-64).

use std::fmt;

use baoxue_claim::ChildId;
use chrono::{DateTime, Utc};
use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};

use crate::{
    Class, Store, StoreError,
    body::Column,
    sql::{Table, begin_write, get, marks, next_id, query},
    tree::{Kind, grow},
};

/// An entry of the access log.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessEntry {
    /// Whose account; none when it is not known.
    pub account: Option<i64>,
    /// What was done: a stable word such as `ReadChild`.
    pub what: String,
    /// What came of it: `done`, `refused` and the like.
    pub result: String,
    /// The policy that permitted it; empty where none was asked.
    pub policy: String,
    /// For what; kept sealed, empty where none is asked for.
    pub purpose: String,
    /// From where; kept sealed.
    pub address: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The children that were shown.
    pub subjects: Vec<ChildId>,
}

/// An entry as it stands in the log, without its subjects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAccess {
    /// Its number, from 1.
    pub id: i64,
    /// How many children it showed.
    pub n_subjects: u32,
    /// The entry; its list of subjects is empty.
    pub entry: AccessEntry,
}

/// A child that somebody was shown alone, or did something about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredLook {
    /// Whose account.
    pub account: i64,
    /// The child.
    pub child: ChildId,
    /// Whether something was done.
    pub acted: bool,
    /// When.
    pub at: DateTime<Utc>,
}

/// Which entries are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessFilter {
    /// Only those of an account.
    pub account: Option<i64>,
    /// Only those of these accounts: a unit's. An empty list gives nothing.
    pub accounts: Option<Vec<i64>>,
    /// Only those that showed a child.
    pub child: Option<ChildId>,
    /// Only those of a kind.
    pub what: Option<String>,
    /// Only those since.
    pub since: Option<DateTime<Utc>>,
    /// Only those before this entry: the last one of the page before.
    pub before: Option<i64>,
}

impl fmt::Debug for AccessEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccessEntry({:?}, {}, {})", self.account, self.what, self.result)
    }
}

const ACCESS_LOG: Table = Table {
    name: "access_log",
    columns: &[
        "access_log_id",
        "account_id",
        "what",
        "result",
        "policy",
        "n_subjects",
        "purpose",
        "address",
        "happened_at",
    ],
};
const ACCESS_SUBJECT: Table =
    Table { name: "access_subject", columns: &["child_id", "access_log_id"] };

/// An entry that waits beside the database.
const WAITING: Column = Column::new("access_log.waiting", Class::Account);
const PURPOSE: Column = Column::new("access_log.purpose", Class::Journal);
const ADDRESS: Column = Column::new("access_log.address", Class::Account);

/// An entry as it is sealed while it waits beside the database.
#[derive(Serialize, Deserialize)]
struct Waiting {
    account: Option<i64>,
    what: String,
    result: String,
    policy: String,
    purpose: String,
    address: String,
    at: DateTime<Utc>,
    subjects: Vec<ChildId>,
}

impl Store {
    /// Seals an entry that waits beside the database until there is room for it; `n` is its place there.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be sealed.
    pub fn seal_waiting(&self, n: i64, entry: &AccessEntry) -> Result<Vec<u8>, StoreError> {
        let AccessEntry { account, what, result, policy, purpose, address, at, subjects } =
            entry.clone();
        let waiting = Waiting { account, what, result, policy, purpose, address, at, subjects };
        let text =
            serde_json::to_string(&waiting).map_err(|_| StoreError::Damaged(WAITING.place))?;
        self.sealer.seal_text(WAITING, (n, 0), &text)
    }

    /// Opens an entry that waits beside the database.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it is not what was sealed at that place.
    pub fn open_waiting(&self, n: i64, sealed: &[u8]) -> Result<AccessEntry, StoreError> {
        let text = self.sealer.open_text(WAITING, (n, 0), sealed)?;
        let Waiting { account, what, result, policy, purpose, address, at, subjects } =
            serde_json::from_str(&text).map_err(|_| StoreError::Damaged(WAITING.place))?;
        Ok(AccessEntry { account, what, result, policy, purpose, address, at, subjects })
    }

    /// Appends entries with their subjects, all in one transaction; a child named twice in an entry counts once.
    ///
    /// # Errors
    /// [`StoreError::Database`]; then nothing may be shown.
    pub async fn log_access(&self, entries: Vec<AccessEntry>) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        let mut id = next_id(&tx, "select max(access_log_id) from access_log").await?;
        let (mut heads, mut subjects) = (Vec::new(), Vec::new());
        let first = id;
        for mut entry in entries {
            entry.subjects.sort_unstable();
            entry.subjects.dedup();
            let n = i64::try_from(entry.subjects.len())
                .map_err(|_| StoreError::Damaged("access_log.n_subjects"))?;
            heads.extend([
                id.into(),
                entry.account.into(),
                entry.what.into(),
                entry.result.into(),
                entry.policy.into(),
                n.into(),
                self.sealer.seal_text(PURPOSE, (id, 0), &entry.purpose)?.into(),
                self.sealer.seal_text(ADDRESS, (id, 0), &entry.address)?.into(),
                entry.at.into(),
            ]);
            for child in entry.subjects {
                subjects.extend([child.0.into(), id.into()]);
            }
            id += 1;
        }
        ACCESS_LOG.append(&tx, heads).await?;
        ACCESS_SUBJECT.append(&tx, subjects).await?;
        grow(&tx, &self.sealer, &[(Kind::Access, (first..id).collect())]).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A page of entries, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn access_entries(
        &self,
        filter: &AccessFilter,
        limit: u32,
    ) -> Result<Vec<StoredAccess>, StoreError> {
        let mut sql = String::from(
            "select l.access_log_id, l.account_id, l.what, l.result, l.policy, l.n_subjects, \
             l.purpose, l.address, l.happened_at from access_log l",
        );
        let mut values = Vec::new();
        if let Some(child) = filter.child {
            sql.push_str(
                " join access_subject s on s.access_log_id = l.access_log_id and s.child_id = ?",
            );
            values.push(child.0.into());
        }
        sql.push_str(" where 1 = 1");
        let conditions = [
            (" and l.account_id = ?", filter.account.map(Into::into)),
            (" and l.what = ?", filter.what.clone().map(Into::into)),
            (" and l.happened_at >= ?", filter.since.map(Into::into)),
            (" and l.access_log_id < ?", filter.before.map(Into::into)),
        ];
        for (condition, value) in conditions {
            if let Some(value) = value {
                sql.push_str(condition);
                values.push(value);
            }
        }
        if let Some(accounts) = &filter.accounts {
            if accounts.is_empty() {
                return Ok(Vec::new());
            }
            let among = marks(accounts.len());
            sql.extend([" and l.account_id in (", among.as_str(), ")"]);
            values.extend(accounts.iter().map(|account| (*account).into()));
        }
        sql.push_str(" order by l.access_log_id desc limit ?");
        values.push(i64::from(limit).into());
        let rows = query(&self.reader, &sql, values).await?;
        rows.iter().map(|row| self.stored_access(row)).collect()
    }

    /// When an account was shown one child alone, by what was done, since a moment: the last `limit` times, newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn times_shown(
        &self,
        (account, whats): (i64, &[&str]),
        since: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<DateTime<Utc>>, StoreError> {
        let among = marks(whats.len());
        let sql = format!(
            "select happened_at from access_log where account_id = ? and n_subjects = 1 \
             and result = 'done' and what in ({among}) and happened_at > ? \
             order by access_log_id desc limit ?"
        );
        let mut values = vec![account.into()];
        values.extend(whats.iter().map(|what| (*what).into()));
        values.extend([since.into(), i64::from(limit).into()]);
        let rows = query(&self.reader, &sql, values).await?;
        rows.iter().map(|row| get(row, 0)).collect()
    }

    /// The children that an account was shown by any of these acts since a moment, with the last time.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn children_shown(
        &self,
        (account, whats): (i64, &[&str]),
        since: DateTime<Utc>,
    ) -> Result<Vec<(ChildId, DateTime<Utc>)>, StoreError> {
        let among = marks(whats.len());
        let sql = format!(
            "\
            select s.child_id, l.happened_at
            from access_log l
            join access_subject s on s.access_log_id = l.access_log_id
            where l.account_id = ? and l.result = 'done' and l.what in ({among})
                and l.happened_at > ?
            order by l.access_log_id"
        );
        let mut values = vec![account.into()];
        values.extend(whats.iter().map(|what| (*what).into()));
        values.push(since.into());
        let rows = query(&self.reader, &sql, values).await?;
        rows.iter().map(|row| Ok((ChildId(get(row, 0)?), get(row, 1)?))).collect()
    }

    /// The single children that accounts were shown, and all that they did something about, from one moment to another, in
    /// their order: `shown` and `done` are the words of the log for either.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn looks_between(
        &self,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        (shown, done): (&[&str], &[&str]),
    ) -> Result<Vec<StoredLook>, StoreError> {
        let words = |words: &[&str]| marks(words.len());
        let sql = format!(
            "\
            select l.account_id, s.child_id, l.what, l.happened_at
            from access_log l
            join access_subject s on s.access_log_id = l.access_log_id
            where l.happened_at >= ? and l.happened_at < ? and l.result = 'done'
                and l.account_id is not null
                and ((l.n_subjects = 1 and l.what in ({})) or l.what in ({}))
            order by l.access_log_id, s.child_id",
            words(shown),
            words(done)
        );
        let mut values = vec![from.into(), to.into()];
        values.extend(shown.iter().chain(done).map(|what| (*what).into()));
        let look = |row: &QueryResult| {
            let what: String = get(row, 2)?;
            Ok(StoredLook {
                account: get(row, 0)?,
                child: ChildId(get(row, 1)?),
                acted: done.contains(&what.as_str()),
                at: get(row, 3)?,
            })
        };
        query(&self.reader, &sql, values).await?.iter().map(look).collect()
    }

    fn stored_access(&self, row: &QueryResult) -> Result<StoredAccess, StoreError> {
        let id = get(row, 0)?;
        let open = |column, at| self.sealer.open_text(column, (id, 0), &get::<Vec<u8>>(row, at)?);
        let entry = AccessEntry {
            account: get(row, 1)?,
            what: get(row, 2)?,
            result: get(row, 3)?,
            policy: get(row, 4)?,
            purpose: open(PURPOSE, 6)?,
            address: open(ADDRESS, 7)?,
            at: get(row, 8)?,
            subjects: Vec::new(),
        };
        let n_subjects = crate::sql::number(row, 5, "access_log.n_subjects")?;
        Ok(StoredAccess { id, n_subjects, entry })
    }

    /// The children that an entry showed, in the order of their ids.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn access_subjects(&self, entry: i64) -> Result<Vec<ChildId>, StoreError> {
        let sql = "select child_id from access_subject where access_log_id = ? order by child_id";
        let rows = query(&self.reader, sql, vec![entry.into()]).await?;
        rows.iter().map(|row| Ok(ChildId(get(row, 0)?))).collect()
    }
}
