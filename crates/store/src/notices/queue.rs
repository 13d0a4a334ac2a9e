//! What has not gone out yet, and how the channels stand.

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, Utc};
use sea_orm::QueryResult;

use super::{BODY, NOTE};
use crate::{
    Sealer, Store, StoreError,
    sql::{get, number, query},
};

/// A notice that has not gone out yet.
#[derive(Clone, PartialEq, Eq)]
pub struct PendingNotice {
    /// Its number.
    pub id: i64,
    /// Its key.
    pub key: String,
    /// The account; `None` for a robot's.
    pub account: Option<i64>,
    /// The channel.
    pub channel: String,
    /// What is told.
    pub body: String,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Attempts that failed.
    pub n_failed: u32,
    /// Not to be tried before, as the newest failure says.
    pub next_at: Option<DateTime<Utc>>,
    /// What the message is known by in which it was handed over last.
    pub tried: Option<String>,
}

/// How a channel stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelCount {
    /// The channel.
    pub channel: String,
    /// Notices that were made.
    pub n: u64,
    /// Sent.
    pub n_sent: u64,
    /// Given up.
    pub n_dropped: u64,
    /// The newest sign that it works.
    pub last_sent: Option<DateTime<Utc>>,
}

impl fmt::Debug for PendingNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PendingNotice({}, {}, {})", self.id, self.channel, self.n_failed)
    }
}

/// Notices that have neither gone out nor been given up.
const PENDING: &str = "\
    n.channel <> 'app' and not exists (
        select 1 from notice_event e
        where e.notice_id = n.notice_id and e.what in ('sent', 'dropped')
    )";

impl Store {
    /// What has not gone out, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn pending_notices(&self) -> Result<Vec<PendingNotice>, StoreError> {
        let sql = format!(
            "select n.notice_id, n.notice_key, n.account_id, n.channel, n.body, n.made_at,
                (select count(*) from notice_event e
                 where e.notice_id = n.notice_id and e.what = 'failed'),
                (select e.next_at from notice_event e
                 where e.notice_id = n.notice_id and e.what = 'failed'
                 order by e.notice_event_id desc limit 1),
                t.notice_event_id, t.note
            from notice n
            left join notice_event t on t.notice_event_id = (
                select max(e.notice_event_id) from notice_event e
                where e.notice_id = n.notice_id and e.what = 'tried')
            where {PENDING}
            order by n.notice_id"
        );
        let rows = query(&self.reader, &sql, Vec::new()).await?;
        rows.iter().map(|row| pending(&self.sealer, row)).collect()
    }

    /// How the channels by which notices go out stand.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn notice_channels(&self) -> Result<Vec<ChannelCount>, StoreError> {
        let sql = "\
            select n.channel, count(*), count(sent.notice_id), count(dropped.notice_id),
                max(sent.at)
            from notice n
            left join (
                select notice_id, max(happened_at) as at from notice_event
                where what = 'sent' group by notice_id
            ) sent on sent.notice_id = n.notice_id
            left join (
                select notice_id from notice_event where what = 'dropped' group by notice_id
            ) dropped on dropped.notice_id = n.notice_id
            where n.channel <> 'app'
            group by n.channel
            order by n.channel";
        let rows = query(&self.reader, sql, Vec::new()).await?;
        rows.iter()
            .map(|row| {
                Ok(ChannelCount {
                    channel: get(row, 0)?,
                    n: number(row, 1, "notice")?,
                    n_sent: number(row, 2, "notice")?,
                    n_dropped: number(row, 3, "notice")?,
                    last_sent: get(row, 4)?,
                })
            })
            .collect()
    }

    /// When the newest failure of each channel that has any was, and why.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn last_failures(
        &self,
    ) -> Result<BTreeMap<String, (DateTime<Utc>, String)>, StoreError> {
        let sql = "\
            select n.channel, e.notice_event_id, e.happened_at, e.note
            from notice_event e
            join notice n on n.notice_id = e.notice_id
            where e.notice_event_id in (
                select max(f.notice_event_id)
                from notice_event f
                join notice m on m.notice_id = f.notice_id
                where f.what in ('failed', 'dropped')
                group by m.channel
            )";
        let rows = query(&self.reader, sql, Vec::new()).await?;
        let of = |row: &QueryResult| {
            let note = get::<Vec<u8>>(row, 3)?;
            let why = self.sealer.open_text(NOTE, (get(row, 1)?, 0), &note)?;
            Ok((get(row, 0)?, (get(row, 2)?, why)))
        };
        rows.iter().map(of).collect()
    }
}

fn pending(sealer: &Sealer, row: &QueryResult) -> Result<PendingNotice, StoreError> {
    let id = get(row, 0)?;
    let tried = get::<Option<i64>>(row, 8)?.zip(get::<Option<Vec<u8>>>(row, 9)?);
    let tried = tried.map(|(event, key)| sealer.open_text(NOTE, (event, 0), &key));
    Ok(PendingNotice {
        id,
        key: get(row, 1)?,
        account: get(row, 2)?,
        channel: get(row, 3)?,
        body: sealer.open_text(BODY, (id, 0), &get::<Vec<u8>>(row, 4)?)?,
        at: get(row, 5)?,
        n_failed: number(row, 6, "notice_event")?,
        next_at: get(row, 7)?,
        tried: tried.transpose()?,
    })
}
