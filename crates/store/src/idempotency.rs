//! Writes that are done once however often they are sent: the answer of each is kept under the key that came with it.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use crate::{
    Class, Store, StoreError,
    body::Column,
    sql::{Table, begin_write, execute, get, number, query},
};

/// Whose write it is and what was sent: a key is one account's.
#[derive(Clone, Copy, Debug)]
pub struct WriteKey<'a> {
    /// The account.
    pub account: i64,
    /// The key as sent.
    pub key: &'a str,
    /// The request in one text: method, address, body.
    pub request: &'a str,
}

/// What is known of a write when it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// Nothing: it may be done now, and nobody else does it.
    Now,
    /// It was begun before and its answer is not known: it is being done, or the program was ended on the way.
    Before,
    /// It was done; this was the answer.
    Done(KeptAnswer),
    /// The key came with another request before.
    Otherwise,
}

/// An answer as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// Its status.
    pub status: u16,
    /// Its body; kept sealed.
    pub body: String,
}

const KEPT_ANSWER: Table =
    Table { name: "kept_answer", columns: &["key_index", "account_id", "request", "ends_at"] };

const BODY: Column = Column::new("kept_answer.body", Class::Account);

impl Store {
    /// Begins a write unless it was begun before; what is begun is known until `ends_at`.
    ///
    /// # Errors
    /// [`StoreError::Database`]; then nothing was begun.
    pub async fn begin_once(
        &self,
        write: WriteKey<'_>,
        now: DateTime<Utc>,
        ends_at: DateTime<Utc>,
    ) -> Result<Begun, StoreError> {
        let tx = begin_write(&self.writer).await?;
        execute(&tx, "delete from kept_answer where ends_at <= ?", vec![now.into()]).await?;
        let known = self.begun(&tx, write).await?;
        if known == Begun::Now {
            let request = self.sealer.blind("idempotent request", write.request);
            let values = vec![
                self.key_index(write).into(),
                write.account.into(),
                request.into(),
                ends_at.into(),
            ];
            KEPT_ANSWER.append(&tx, values).await?;
        }
        tx.commit().await?;
        Ok(known)
    }

    async fn begun(
        &self,
        db: &impl ConnectionTrait,
        write: WriteKey<'_>,
    ) -> Result<Begun, StoreError> {
        let sql = "select request, status, body from kept_answer where key_index = ?";
        let rows = query(db, sql, vec![self.key_index(write).into()]).await?;
        let Some(row) = rows.first() else { return Ok(Begun::Now) };
        if get::<Vec<u8>>(row, 0)? != self.sealer.blind("idempotent request", write.request) {
            return Ok(Begun::Otherwise);
        }
        let Some(sealed) = get::<Option<Vec<u8>>>(row, 2)? else { return Ok(Begun::Before) };
        let body = self.sealer.open_text(BODY, self.answer_at(write), &sealed)?;
        Ok(Begun::Done(KeptAnswer { status: number(row, 1, "kept_answer.status")?, body }))
    }

    /// Keeps the answer of a write that was begun.
    ///
    /// # Errors
    /// [`StoreError`]; then the write stays begun.
    pub async fn keep_answer(
        &self,
        write: WriteKey<'_>,
        answer: &KeptAnswer,
    ) -> Result<(), StoreError> {
        let body = self.sealer.seal_text(BODY, self.answer_at(write), &answer.body)?;
        let sql = "update kept_answer set status = ?, body = ? where key_index = ?";
        let status = i64::from(answer.status);
        let values = vec![status.into(), body.into(), self.key_index(write).into()];
        execute(&self.writer, sql, values).await?;
        Ok(())
    }

    /// Forgets a write that was begun and changed nothing: sent again, it is judged again.
    ///
    /// # Errors
    /// [`StoreError::Database`]; then the write stays begun.
    pub async fn forget_begun(&self, write: WriteKey<'_>) -> Result<(), StoreError> {
        let sql = "delete from kept_answer where key_index = ? and status is null";
        execute(&self.writer, sql, vec![self.key_index(write).into()]).await?;
        Ok(())
    }

    fn key_index(&self, write: WriteKey<'_>) -> Vec<u8> {
        self.sealer.blind(&format!("idempotency key of {}", write.account), write.key)
    }

    /// What the sealed answer is bound to: the account, and half of the hash of the key.
    fn answer_at(&self, write: WriteKey<'_>) -> (i64, i64) {
        let index = self.key_index(write);
        let half = index.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        (write.account, half.cast_signed())
    }
}
