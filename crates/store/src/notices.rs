//! Who is told what by which channel, and what became of it: append-only, a delivery or a look at it is an event.

mod queue;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};

use crate::{
    Class, Store, StoreError,
    body::Column,
    sql::{Table, begin_write, get, marks, next_id, number, query},
    tree::{Kind, grow},
};

pub use queue::{ChannelCount, PendingNotice};

/// A notice that is to be made, unless its key is there.
#[derive(Clone, PartialEq, Eq)]
pub struct NewNotice {
    /// What it is about and for whom; the same thing is told to nobody twice. Holds no personal data.
    pub key: String,
    /// The account; `None` for a robot's.
    pub account: Option<i64>,
    /// `app`, or the channel by which it goes out.
    pub channel: String,
    /// What is told, as JSON; kept sealed.
    pub body: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A notice of an account as the application shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredNotice {
    /// Its number.
    pub id: i64,
    /// What is told.
    pub body: String,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Whether the account has read it.
    pub is_read: bool,
}

/// What became of a notice.
#[derive(Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is handed over now; what comes of it is noted after. A program that ends in between leaves it at that.
    Tried {
        /// What the message is known by to whom it goes; kept sealed.
        key: String,
    },
    /// It was taken.
    Sent,
    /// It was not taken.
    Failed {
        /// Why; kept sealed.
        why: String,
        /// When it is tried again.
        next_at: DateTime<Utc>,
    },
    /// It is not tried any more.
    Dropped {
        /// Why; kept sealed.
        why: String,
    },
    /// Its account has read it.
    Read,
}

/// Something that happened to a notice.
#[derive(Clone, PartialEq, Eq)]
pub struct NoticeEvent {
    /// The notice.
    pub notice: i64,
    /// What.
    pub fate: Fate,
    /// When.
    pub at: DateTime<Utc>,
}

impl fmt::Debug for NewNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewNotice({}, {})", self.channel, self.key)
    }
}

impl fmt::Debug for StoredNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredNotice({}, {})", self.id, self.is_read)
    }
}

impl fmt::Debug for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl fmt::Debug for NoticeEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoticeEvent({}, {:?})", self.notice, self.fate)
    }
}

impl Fate {
    const fn word(&self) -> &'static str {
        match self {
            Self::Tried { .. } => "tried",
            Self::Sent => "sent",
            Self::Failed { .. } => "failed",
            Self::Dropped { .. } => "dropped",
            Self::Read => "read",
        }
    }

    fn note(&self) -> &str {
        match self {
            Self::Tried { key } => key,
            Self::Failed { why, .. } | Self::Dropped { why } => why,
            Self::Sent | Self::Read => "",
        }
    }

    const fn next_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Failed { next_at, .. } => Some(*next_at),
            Self::Tried { .. } | Self::Sent | Self::Dropped { .. } | Self::Read => None,
        }
    }
}

const NOTICE: Table = Table {
    name: "notice",
    columns: &["notice_id", "notice_key", "account_id", "channel", "body", "made_at"],
};
const NOTICE_EVENT: Table = Table {
    name: "notice_event",
    columns: &["notice_event_id", "notice_id", "what", "note", "next_at", "happened_at"],
};
const BODY: Column = Column::new("notice.body", Class::Journal);
const NOTE: Column = Column::new("notice_event.note", Class::Journal);

/// Keys that are looked up in one query.
const KEYS: usize = 500;

impl Store {
    /// Makes the notices whose keys are not there yet; gives how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn add_notices(&self, notices: Vec<NewNotice>) -> Result<usize, StoreError> {
        // Nearly always all of them are there: nobody waits for the turn to write then.
        let notices = without_known(&self.reader, notices).await?;
        if notices.is_empty() {
            return Ok(0);
        }
        let tx = begin_write(&self.writer).await?;
        let notices = without_known(&tx, notices).await?;
        let first = next_id(&tx, "select max(notice_id) from notice").await?;
        let mut values: Vec<Value> = Vec::new();
        for (new, id) in notices.iter().zip(first..) {
            values.extend([
                id.into(),
                new.key.clone().into(),
                new.account.into(),
                new.channel.clone().into(),
                self.sealer.seal_text(BODY, (id, 0), &new.body)?.into(),
                new.at.into(),
            ]);
        }
        let ids = (first..).take(notices.len()).collect();
        NOTICE.append(&tx, values).await?;
        grow(&tx, &self.sealer, &[(Kind::Notice, ids)]).await?;
        tx.commit().await?;
        Ok(notices.len())
    }

    /// What an account was told in the application, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn notices_of(
        &self,
        account: i64,
        (skip, most): (u32, u32),
    ) -> Result<Vec<StoredNotice>, StoreError> {
        let sql = "\
            select n.notice_id, n.body, n.made_at,
                (select count(*) from notice_event e
                 where e.notice_id = n.notice_id and e.what = 'read')
            from notice n
            where n.account_id = ? and n.channel = 'app'
            order by n.notice_id desc
            limit ? offset ?";
        let values = vec![account.into(), i64::from(most).into(), i64::from(skip).into()];
        let rows = query(&self.reader, sql, values).await?;
        rows.iter()
            .map(|row| {
                let id = get(row, 0)?;
                let body = self.sealer.open_text(BODY, (id, 0), &get::<Vec<u8>>(row, 1)?)?;
                Ok(StoredNotice { id, body, at: get(row, 2)?, is_read: get::<i64>(row, 3)? > 0 })
            })
            .collect()
    }

    /// How many notices each account has, and how many of them it has not read; accounts without any are absent.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn notices_of_accounts(&self) -> Result<BTreeMap<i64, (usize, usize)>, StoreError> {
        let sql = "\
            select n.account_id, count(*), sum(case when exists (
                select 1 from notice_event e
                where e.notice_id = n.notice_id and e.what = 'read') then 0 else 1 end)
            from notice n
            where n.channel = 'app' and n.account_id is not null
            group by n.account_id";
        let rows = query(&self.reader, sql, Vec::new()).await?;
        let of = |row: &QueryResult| {
            Ok((get(row, 0)?, (number(row, 1, "notice")?, number(row, 2, "notice")?)))
        };
        rows.iter().map(of).collect()
    }

    /// An account has read what it was told up to a notice; gives how many it had not read before.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn read_notices(
        &self,
        account: i64,
        last: i64,
        at: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let sql = "\
            select n.notice_id
            from notice n
            where n.account_id = ? and n.channel = 'app' and n.notice_id <= ? and not exists (
                select 1 from notice_event e
                where e.notice_id = n.notice_id and e.what = 'read'
            )
            order by n.notice_id";
        let rows = query(&self.reader, sql, vec![account.into(), last.into()]).await?;
        let read =
            |row: &QueryResult| Ok(NoticeEvent { notice: get(row, 0)?, fate: Fate::Read, at });
        let events = rows.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
        let n = events.len();
        self.note_notices(events).await?;
        Ok(n)
    }

    /// Appends what happened to notices, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn note_notices(&self, events: Vec<NoticeEvent>) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let tx = begin_write(&self.writer).await?;
        let first = next_id(&tx, "select max(notice_event_id) from notice_event").await?;
        let mut values: Vec<Value> = Vec::new();
        for (event, id) in events.iter().zip(first..) {
            values.extend([
                id.into(),
                event.notice.into(),
                event.fate.word().into(),
                self.sealer.seal_text(NOTE, (id, 0), event.fate.note())?.into(),
                event.fate.next_at().into(),
                event.at.into(),
            ]);
        }
        let ids = (first..).take(events.len()).collect();
        NOTICE_EVENT.append(&tx, values).await?;
        grow(&tx, &self.sealer, &[(Kind::NoticeEvent, ids)]).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Those whose keys are not there, each key once.
async fn without_known(
    db: &impl ConnectionTrait,
    notices: Vec<NewNotice>,
) -> Result<Vec<NewNotice>, StoreError> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for part in notices.chunks(KEYS) {
        let sql =
            format!("select notice_key from notice where notice_key in ({})", marks(part.len()));
        let keys = part.iter().map(|notice| notice.key.clone().into()).collect();
        for row in query(db, &sql, keys).await? {
            known.insert(get(&row, 0)?);
        }
    }
    let mut new = notices;
    new.retain(|notice| known.insert(notice.key.clone()));
    Ok(new)
}
