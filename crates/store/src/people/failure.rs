//! How often signing in failed, and how long one must wait. Kept in the database, so that a restart forgets nothing.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DatabaseTransaction;

use super::session::blind_subject;
use crate::{
    Store, StoreError,
    sql::{begin_write, execute, get, query},
};

/// What failures are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The sign-in name, of an account or not.
    Login,
    /// The address.
    Address,
    /// The password, so that one password tried on many names is noticed. Only sixteen bits of its keyed hash are kept:
    /// enough to slow the one who sprays, too few to find the password by.
    Password,
}

/// When waiting begins and how it grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Failures without a wait; after this many it is one second and doubles with each more.
    pub free: u32,
    /// The longest wait.
    pub longest: Duration,
    /// After this long without a failure the count begins anew.
    pub forgets_after: Duration,
}

/// What an attempt to sign in counts by.
pub type Attempt<'a> = [(Subject, &'a str, Limit)];

impl Subject {
    const fn word(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Address => "address",
            Self::Password => "password",
        }
    }
}

impl Limit {
    /// The wait after the `n`th failure.
    fn wait(&self, n: i64) -> Duration {
        let beyond = n - i64::from(self.free);
        match u32::try_from(beyond) {
            Err(_) => Duration::ZERO,
            Ok(doublings) => {
                let seconds = 1_u64.checked_shl(doublings).unwrap_or(u64::MAX);
                Duration::from_secs(seconds).min(self.longest)
            }
        }
    }
}

impl Store {
    /// Begins an attempt to sign in: it is counted as failed before anything is checked, so that attempts at the same time
    /// count one after the other. Gives the time to wait when one must; then nothing is counted.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin_attempt(
        &self,
        attempt: &Attempt<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<Duration>, StoreError> {
        let tx = begin_write(&self.writer).await?;
        let mut counts = Vec::new();
        let mut longest: Option<TimeDelta> = None;
        for (kind, subject, limit) in attempt {
            let index = self.failure_index(*kind, subject);
            let (n, wait_until) = found(&tx, *kind, &index, (*limit, now)).await?;
            // A wait longer than the longest comes from a clock that was put back since: nobody is kept out by that.
            let wait = wait_until.map(|until| until - now).filter(|wait| {
                *wait > TimeDelta::zero() && wait.to_std().is_ok_and(|wait| wait <= limit.longest)
            });
            longest = longest.max(wait);
            counts.push((*kind, index, *limit, n + 1));
        }
        if let Some(wait) = longest {
            return Ok(Some(wait.to_std().unwrap_or_default()));
        }
        for (kind, index, limit, n) in counts {
            let until = now + TimeDelta::from_std(limit.wait(n)).unwrap_or(TimeDelta::MAX);
            let sql = "\
                insert into sign_in_failure (kind, subject, n_failures, last_at, wait_until)
                values (?, ?, ?, ?, ?)
                on conflict (kind, subject) do update
                set n_failures = excluded.n_failures, last_at = excluded.last_at,
                    wait_until = excluded.wait_until";
            let values = vec![kind.word().into(), index.into(), n.into(), now.into(), until.into()];
            execute(&tx, sql, values).await?;
        }
        tx.commit().await?;
        Ok(None)
    }

    /// The attempt succeeded: the name's failures are forgotten, of the other counts this attempt is taken back.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn attempt_succeeded(&self, attempt: &Attempt<'_>) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        for (kind, subject, _) in attempt {
            let key = [kind.word().into(), self.failure_index(*kind, subject).into()];
            let sql = match kind {
                Subject::Login => "delete from sign_in_failure where kind = ? and subject = ?",
                Subject::Address | Subject::Password => {
                    "update sign_in_failure set n_failures = n_failures - 1, wait_until = ?
                    where kind = ? and subject = ? and n_failures > 0"
                }
            };
            let over = (*kind != Subject::Login).then(|| DateTime::UNIX_EPOCH.into());
            execute(&tx, sql, over.into_iter().chain(key).collect()).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Forgets failures that no longer count.
    pub async fn sweep_failures(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        let sql = "delete from sign_in_failure where last_at < ? and wait_until < ?";
        execute(&self.writer, sql, vec![before.into(), before.into()]).await?;
        Ok(())
    }

    fn failure_index(&self, kind: Subject, subject: &str) -> Vec<u8> {
        let mut index = blind_subject(&self.sealer, kind.word(), subject);
        if kind == Subject::Password {
            index.truncate(2);
        }
        index
    }
}

/// Failures that still count, and until when one must wait.
async fn found(
    tx: &DatabaseTransaction,
    kind: Subject,
    index: &[u8],
    (limit, now): (Limit, DateTime<Utc>),
) -> Result<(i64, Option<DateTime<Utc>>), StoreError> {
    let sql = "\
        select n_failures, last_at, wait_until from sign_in_failure where kind = ? and subject = ?";
    let rows = query(tx, sql, vec![kind.word().into(), index.to_vec().into()]).await?;
    let Some(row) = rows.first() else { return Ok((0, None)) };
    let forgets = TimeDelta::from_std(limit.forgets_after).unwrap_or(TimeDelta::MAX);
    let (last, until): (DateTime<Utc>, _) = (get(row, 1)?, get(row, 2)?);
    let n = if now - last > forgets { 0 } else { get(row, 0)? };
    Ok((n, Some(until)))
}
