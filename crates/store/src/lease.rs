//! Leases: work that one program at a time does, though several look at one database. A lease ends by itself, so that a program
//! that was killed holds up nobody for long. It is no record of anything: nothing is lost when its row goes.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Store, StoreError,
    sql::{Table, begin_write, execute, scalar},
};

const LEASE: Table = Table { name: "lease", columns: &["lease_name", "holder", "ends_at"] };

impl Store {
    /// Takes a lease, or makes one's own longer: it ends when `length` is over from `now`. Gives whether `holder` has it now.
    ///
    /// Clocks of two programs may differ by as much as `length`. What ends later than that was taken by a clock that stood
    /// far ahead, and is nobody's.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn take_lease(
        &self,
        (name, holder): (&str, &str),
        now: DateTime<Utc>,
        length: TimeDelta,
    ) -> Result<bool, StoreError> {
        let tx = begin_write(&self.writer).await?;
        let sql = "\
            delete from lease
            where lease_name = ? and (holder = ? or ends_at <= ? or ends_at > ?)";
        let latest = now + length + length;
        let values = vec![name.into(), holder.into(), now.into(), latest.into()];
        execute(&tx, sql, values).await?;
        let sql = "select count(*) from lease where lease_name = ?";
        let is_free = scalar::<i64>(&tx, sql, vec![name.into()]).await?.unwrap_or(0) == 0;
        if is_free {
            let values = vec![name.into(), holder.into(), (now + length).into()];
            LEASE.append(&tx, values).await?;
        }
        tx.commit().await?;
        Ok(is_free)
    }

    /// Gives a lease back; nothing happens when it is another's by now.
    ///
    /// # Errors
    /// [`StoreError::Database`]; it ends by itself then.
    pub async fn give_lease_back(&self, name: &str, holder: &str) -> Result<(), StoreError> {
        let sql = "delete from lease where lease_name = ? and holder = ?";
        execute(&self.writer, sql, vec![name.into(), holder.into()]).await?;
        Ok(())
    }
}
