//! Opening one at a time. Two programs that open a new database at once would both switch it to WAL, which SQLite refuses
//! at once however long the busy timeout, and both build the schema.

use std::{
    fs::{File, OpenOptions, TryLockError},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::Duration,
};

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, TransactionTrait};

use crate::StoreError;

/// How often a program that waits looks whether its turn has come.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Any number will do, as long as all programs that open the database take the same.
const ADVISORY_LOCK: i64 = 0x6261_6f78_7565;

/// Waits until no other program is opening the SQLite file at `path`; the turn ends when the file given back is dropped,
/// and with the program. The lock is on a file of its own: closing a second handle to the database would end SQLite's locks.
///
/// # Errors
/// [`StoreError::Busy`] after `wait`, [`StoreError::File`] when the lock file cannot be made.
pub(super) async fn of_file(path: &Path, wait: Duration) -> Result<File, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    let file = options.open(name).map_err(StoreError::File)?;
    let mut waited = Duration::ZERO;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(StoreError::File(error)),
            Err(TryLockError::WouldBlock) if waited >= wait => return Err(StoreError::Busy),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(LOOK_AGAIN).await,
        }
        waited += LOOK_AGAIN;
    }
}

/// Waits until no other program is opening the database of the server; the turn ends with the transaction.
///
/// # Errors
/// [`StoreError::Database`] when it takes longer than `wait`.
pub(super) async fn of_server(
    pool: &DatabaseConnection,
    wait: Duration,
) -> Result<DatabaseTransaction, StoreError> {
    let turn = pool.begin().await?;
    let wait_ms = wait.as_millis();
    turn.execute_unprepared(&format!("set local lock_timeout = {wait_ms}")).await?;
    turn.execute_unprepared(&format!("select pg_advisory_xact_lock({ADVISORY_LOCK})")).await?;
    Ok(turn)
}
