//! Tip-offs as they are sent (T-54): counted, known again, and limited by the hour, in one transaction.

use std::fmt;

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, QueryResult};

use crate::{
    Class, Store, StoreError,
    body::Column,
    sql::{Table, begin_write, get, next_id, query, scalar},
    streams::{NewStreamEvent, TIP},
    tree::{Kind, grow},
};

/// A tip-off as somebody sends it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewTip {
    /// What makes two tips the same: the words, folded. Kept as a keyed hash.
    pub sameness: String,
    /// The code by which the sender asks for the answer. Kept as a keyed hash.
    pub code: String,
    /// By which the tips of one sender are known, as far as they can be. Kept as a keyed hash.
    pub channel: String,
    /// What the sender left of himself; kept sealed under a key of its own.
    pub informer: Option<String>,
    /// The words, as JSON; kept sealed.
    pub body: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// How many tip-offs are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TipLimit {
    /// Copies from this moment on count.
    pub since: DateTime<Utc>,
    /// So many are taken.
    pub most: u32,
    /// The same words as those of a tip that began after this moment are a copy of it.
    pub same_since: DateTime<Utc>,
}

/// What became of a tip-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TipTaken {
    /// A new one.
    New(i64),
    /// The same words came before.
    Again(i64),
    /// Too many came; nothing was kept.
    Full,
}

/// A copy of a tip-off, without what its sender left of himself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TipCopy {
    /// Its number among all copies.
    pub id: i64,
    /// Its tip.
    pub tip: i64,
    /// The sender, as far as known: a keyed hash.
    pub channel: Vec<u8>,
    /// Whether the sender left something of himself.
    pub has_informer: bool,
    /// When it came.
    pub at: DateTime<Utc>,
}

impl fmt::Debug for NewTip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewTip({})", self.at)
    }
}

const COPY: Table = Table {
    name: "tip_copy",
    columns: &[
        "tip_copy_id",
        "tip_id",
        "fingerprint",
        "code_index",
        "channel",
        "informer",
        "received_at",
    ],
};
const INFORMER: Column = Column::new("tip_copy.informer", Class::Informer);

impl Store {
    /// Keeps a tip-off unless too many came.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn take_tip(&self, new: &NewTip, limit: TipLimit) -> Result<TipTaken, StoreError> {
        let tx = begin_write(&self.writer).await?;
        let sql = "select count(*) from tip_copy where received_at >= ?";
        let n: i64 = scalar(&tx, sql, vec![limit.since.into()]).await?.unwrap_or_default();
        if n >= i64::from(limit.most) {
            return Ok(TipTaken::Full);
        }
        let fingerprint = self.sealer.blind("tip", &new.sameness);
        let known = known(&tx, &fingerprint, limit.same_since).await?;
        let tip = match known {
            Some(tip) => tip,
            None => next_id(&tx, "select max(tip_id) from tip_copy").await?,
        };
        let id = next_id(&tx, "select max(tip_copy_id) from tip_copy").await?;
        let seal = |text: &String| self.sealer.seal_text(INFORMER, (id, 0), text);
        let informer = new.informer.as_ref().map(seal).transpose()?;
        let values = vec![
            id.into(),
            tip.into(),
            fingerprint.into(),
            self.sealer.blind("tip code", &new.code).into(),
            self.sealer.blind("tip channel", &new.channel).into(),
            informer.into(),
            new.at.into(),
        ];
        COPY.append(&tx, values).await?;
        grow(&tx, &self.sealer, &[(Kind::TipCopy, vec![id])]).await?;
        if known.is_none() {
            let (by, body) = (String::new(), new.body.clone());
            let event = NewStreamEvent { at: new.at, by, body };
            TIP.append(&tx, &self.sealer, (tip, 0), &event).await?;
        }
        tx.commit().await?;
        Ok(known.map_or(TipTaken::New(tip), TipTaken::Again))
    }

    /// All copies of tip-offs, in the order in which they came.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tip_copies(&self) -> Result<Vec<TipCopy>, StoreError> {
        let sql = "\
            select tip_copy_id, tip_id, channel, received_at,
                cast(case when informer is null then 0 else 1 end as bigint) as has_informer
            from tip_copy order by tip_copy_id";
        let rows = query(&self.reader, sql, Vec::new()).await?;
        rows.iter().map(copy).collect()
    }

    /// The tip-off of a code, and when that copy of it came.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tip_of_code(
        &self,
        code: &str,
    ) -> Result<Option<(i64, DateTime<Utc>)>, StoreError> {
        let sql = "select tip_id, received_at from tip_copy where code_index = ?";
        let index = self.sealer.blind("tip code", code);
        let rows = query(&self.reader, sql, vec![index.into()]).await?;
        rows.first().map(|row| Ok((get(row, 0)?, get(row, 1)?))).transpose()
    }

    /// What the senders of a tip-off left of themselves. Whoever calls this has made sure that two persons want it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn informers(&self, tip: i64) -> Result<Vec<String>, StoreError> {
        let sql = "\
            select tip_copy_id, informer from tip_copy
            where tip_id = ? and informer is not null order by tip_copy_id";
        let rows = query(&self.reader, sql, vec![tip.into()]).await?;
        let open = |row: &QueryResult| {
            let id: i64 = get(row, 0)?;
            self.sealer.open_text(INFORMER, (id, 0), &get::<Vec<u8>>(row, 1)?)
        };
        rows.iter().map(open).collect()
    }
}

/// The tip-off of the same words that is young enough.
async fn known(
    tx: &DatabaseTransaction,
    fingerprint: &[u8],
    since: DateTime<Utc>,
) -> Result<Option<i64>, StoreError> {
    let sql = "\
        select tip_id from tip_copy where fingerprint = ?
        group by tip_id having min(received_at) >= ?
        order by tip_id desc limit 1";
    Ok(scalar(tx, sql, vec![fingerprint.to_vec().into(), since.into()]).await?)
}

fn copy(row: &QueryResult) -> Result<TipCopy, StoreError> {
    Ok(TipCopy {
        id: get(row, 0)?,
        tip: get(row, 1)?,
        channel: get(row, 2)?,
        at: get(row, 3)?,
        has_informer: get::<i64>(row, 4)? == 1,
    })
}
