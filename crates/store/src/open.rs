//! Opening a database: connections, schema, and the settings without which a confirmed write could be lost.

mod keyring;
mod turn;

use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt, path::Path, sync::Arc, time::Duration};

use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr};
use sea_orm_migration::MigratorTrait;
use sqlx::{
    Connection, PgConnection,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::{
    Keys, Sealer, StoreError,
    chunks::CHUNK,
    migration::{self, Migrator},
    sql::{begin_write, scalar},
    tree::plant,
};

/// SQLite before this can damage a database when the WAL is reset (T-81).
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
/// How long a writer waits for another program's import.
const WAIT_FOR_WRITER: Duration = Duration::from_mins(2);
/// How long a server may take to answer at all.
const WAIT_FOR_SERVER: Duration = Duration::from_secs(30);
/// Connections that read; two cores cannot use more.
const N_READERS: u32 = 4;

/// 64 MB in SQLite's unit of negative KiB: an import touches the pages of three indexes at random.
const WRITER_CACHE: &str = "-65536";

/// 8 MB: reading goes through the tables in their order, and each connection keeps what it has.
const READER_CACHE: &str = "-8192";

/// An open database with the keys to it. Cloning shares the connections.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) writer: DatabaseConnection,
    pub(crate) reader: DatabaseConnection,
    pub(crate) sealer: Arc<Sealer>,
}

/// Opens `sqlite://path` (made if missing, readable by its owner only) or `postgres://…`, brings the schema up to date
/// and makes sure that the keys belong to it.
///
/// # Errors
/// [`StoreError::Unsafe`] when the engine might lose confirmed writes, [`StoreError::WrongKey`], [`StoreError::Newer`].
pub async fn open(url: &str, keys: Keys) -> Result<Store, StoreError> {
    let (writer, reader, sealer) = if url.starts_with("sqlite:") {
        open_sqlite(url, &keys).await?
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        open_postgres(url, &keys).await?
    } else {
        return Err(StoreError::Url);
    };
    Ok(Store { writer, reader, sealer: Arc::new(sealer) })
}

/// The connection that writes and those that read.
type Connections = (DatabaseConnection, DatabaseConnection);

/// The same with the schema up to date, the keys checked, and what seals.
type Unlocked = (DatabaseConnection, DatabaseConnection, Sealer);

async fn open_sqlite(url: &str, keys: &Keys) -> Result<Unlocked, StoreError> {
    let options: SqliteConnectOptions = url.parse().map_err(|_| StoreError::Url)?;
    let path = options.get_filename();
    let _turn = turn::of_file(path, WAIT_FOR_WRITER).await?;
    create_private(path)?;
    let (writer, reader) = sqlite(url).await?;
    let has_new_tree = migrate(&writer).await?;
    let sealer = keyring::unlock(&writer, keys).await?;
    plant_new_tree(&writer, &sealer, has_new_tree).await?;
    Ok((writer, reader, sealer))
}

async fn open_postgres(url: &str, keys: &Keys) -> Result<Unlocked, StoreError> {
    let pool = postgres(url).await?;
    let turn = turn::of_server(&pool, WAIT_FOR_WRITER).await?;
    let has_new_tree = migrate(&pool).await?;
    let sealer = keyring::unlock(&pool, keys).await?;
    plant_new_tree(&pool, &sealer, has_new_tree).await?;
    turn.commit().await?;
    Ok((pool.clone(), pool, sealer))
}

/// One connection that writes and some that read; on SQLite writers exclude each other, readers disturb nobody.
async fn sqlite(url: &str) -> Result<Connections, StoreError> {
    let connect = async |n_connections: u32, cache: &'static str| {
        let mut options = ConnectOptions::new(url);
        // Without limits to the age of connections no task looks after them: that of sqlx 0.9 counts those at rest in two
        // steps, and a look between the two, at a new pool on a busy machine, makes it count down from 2^64.
        options
            .max_connections(n_connections)
            .acquire_timeout(WAIT_FOR_WRITER)
            .sqlx_logging(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .map_sqlx_sqlite_opts(move |options| {
                sqlite_settings(options).pragma("cache_size", cache)
            });
        Database::connect(options).await
    };
    let writer = connect(1, WRITER_CACHE).await?;
    let version: String =
        scalar(&writer, "select sqlite_version()", Vec::new()).await?.unwrap_or_default();
    if sqlite_version(&version).is_none_or(|version| version < OLDEST_SQLITE) {
        return Err(StoreError::Unsafe {
            setting: "sqlite_version",
            found: version,
            needed: "3.51.3",
        });
    }
    Ok((writer, connect(N_READERS, READER_CACHE).await?))
}

/// Set on every connection: most of these are not kept in the file.
fn sqlite_settings(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .page_size(8192) // rows of sealed columns take about 1 kB
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(WAIT_FOR_WRITER)
        .row_buffer_size(CHUNK) // rows cross a thread; with few in the buffer the two threads mostly wake each other
        .pragma("journal_size_limit", "67108864")
        .pragma("temp_store", "memory")
        .pragma("recursive_triggers", "on") // so that `insert or replace` fires the triggers for deletes
        .pragma("trusted_schema", "off")
}

fn sqlite_version(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}

/// SQLite would make the file readable to all; its WAL takes over the rights of the file.
fn create_private(path: &Path) -> Result<(), StoreError> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(StoreError::File(error))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

/// A pool keeps on trying where nobody answers; here one answer is wanted, at once.
async fn reach(url: &str) -> Result<(), StoreError> {
    let options: PgConnectOptions = url.parse().map_err(|_| StoreError::Url)?;
    let refused = |error| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)));
    let connect = tokio::time::timeout(WAIT_FOR_SERVER, PgConnection::connect_with(&options));
    let connection = connect
        .await
        .map_err(|_| refused(std::io::Error::from(std::io::ErrorKind::TimedOut).into()))?;
    Ok(connection.map_err(refused)?.close().await.map_err(refused)?)
}

async fn postgres(url: &str) -> Result<DatabaseConnection, StoreError> {
    reach(url).await?;
    let mut options = ConnectOptions::new(url);
    options.max_connections(N_READERS + 1).acquire_timeout(WAIT_FOR_WRITER).sqlx_logging(false);
    options.idle_timeout(None).max_lifetime(None); // as in `sqlite`
    let pool = Database::connect(options).await?;
    for (setting, allowed) in [
        ("fsync", &["on"][..]),
        ("full_page_writes", &["on"]),
        ("synchronous_commit", &["on", "remote_apply"]),
    ] {
        let sql = "select current_setting(?)";
        let found: String = scalar(&pool, sql, vec![setting.into()]).await?.unwrap_or_default();
        if !allowed.contains(&found.as_str()) {
            return Err(StoreError::Unsafe { setting, found, needed: "on" });
        }
    }
    Ok(pool)
}

/// Brings the schema up to date; tells whether the tree of leaves came with it.
async fn migrate(db: &DatabaseConnection) -> Result<bool, StoreError> {
    let refused = |error: DbErr| if is_newer(&error) { StoreError::Newer } else { error.into() };
    let pending = Migrator::get_pending_migrations(db).await.map_err(refused)?;
    Migrator::up(db, None).await.map_err(refused)?;
    Ok(pending.iter().any(|step| step.name() == migration::TREE))
}

/// Gives leaves to what a database held before it had a tree. Only then: later on, a row without a leaf is one that came
/// in past the program, and opening must not hide it.
async fn plant_new_tree(
    db: &DatabaseConnection,
    sealer: &Sealer,
    is_new: bool,
) -> Result<(), StoreError> {
    if is_new {
        let tx = begin_write(db).await?;
        plant(&tx, sealer).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The migrator says so when the database names a step that this program does not have.
fn is_newer(error: &DbErr) -> bool {
    matches!(error, DbErr::Custom(text) if text.contains("is missing"))
}
