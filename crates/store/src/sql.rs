//! Statements that run on both engines.

use std::borrow::Cow;

use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, QueryResult, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait, TryGetable, Value,
};

use crate::StoreError;

/// Rows in one insert. Few lengths, so that few statements are kept prepared; 500 rows of the widest table stay far
/// below the parameters that both engines accept (SQLite 32,766, PostgreSQL 65,535).
const ROWS_IN_INSERT: [usize; 5] = [500, 100, 20, 4, 1];

/// Turns each `?` outside of quotes into `$1`, `$2` … for PostgreSQL.
fn placeholders(backend: DbBackend, sql: &str) -> Cow<'_, str> {
    if backend != DbBackend::Postgres {
        return Cow::Borrowed(sql);
    }
    let mut out = String::with_capacity(sql.len() + 16);
    let mut quoted = false;
    let mut n = 0;
    for c in sql.chars() {
        quoted ^= c == '\'';
        if c == '?' && !quoted {
            n += 1;
            out.push('$');
            out.push_str(&n.to_string());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn statement(backend: DbBackend, sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(backend, placeholders(backend, sql), values)
}

/// Runs a statement; gives the number of rows it touched.
pub(crate) async fn execute(
    db: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<u64, DbErr> {
    let statement = statement(db.get_database_backend(), sql, values);
    Ok(db.execute_raw(statement).await?.rows_affected())
}

/// All rows of a query.
pub(crate) async fn query(
    db: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<QueryResult>, DbErr> {
    db.query_all_raw(statement(db.get_database_backend(), sql, values)).await
}

/// The first column of the first row of a query.
pub(crate) async fn scalar<T: TryGetable>(
    db: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<T>, DbErr> {
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, values)).await?;
    row.map(|row| row.try_get_by_index(0)).transpose()
}

/// Whether the database is a file.
pub(crate) fn is_sqlite(db: &impl ConnectionTrait) -> bool {
    db.get_database_backend() == DbBackend::Sqlite
}

/// `?, ?, …` for a list of `n` values.
pub(crate) fn marks(n: usize) -> String {
    vec!["?"; n].join(", ")
}

/// A table and the columns that are filled, in the order of the values.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [&'static str],
}

impl Table {
    fn insert(&self, n_rows: usize) -> String {
        let row = format!("({})", marks(self.columns.len()));
        let rows = vec![row.as_str(); n_rows].join(", ");
        format!("insert into {} ({}) values {rows}", self.name, self.columns.join(", "))
    }

    /// Inserts rows, given as their values one after the other.
    pub(crate) async fn append(
        &self,
        db: &impl ConnectionTrait,
        values: Vec<Value>,
    ) -> Result<(), DbErr> {
        let n_columns = self.columns.len();
        let mut n_left = values.len() / n_columns;
        let mut values = values.into_iter();
        for n_rows in ROWS_IN_INSERT {
            while n_left >= n_rows {
                let part = values.by_ref().take(n_rows * n_columns).collect();
                execute(db, &self.insert(n_rows), part).await?;
                n_left -= n_rows;
            }
        }
        Ok(())
    }
}

/// Starts a transaction that writes, and waits for its turn: there is one writer at a time on either engine, so numbers
/// taken as max + 1 are not taken twice.
pub(crate) async fn begin_write(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: (db.get_database_backend() == DbBackend::Sqlite)
            .then_some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let tx = db.begin_with_options(options).await?;
    if db.get_database_backend() == DbBackend::Postgres {
        // An advisory lock needs no right that the application should not have, unlike `lock table`.
        let turn = "select pg_advisory_xact_lock(20240901, hashtext(current_schema()))";
        tx.query_one_raw(statement(DbBackend::Postgres, turn, Vec::new())).await?;
    }
    Ok(tx)
}

/// The number after the highest; `sql` asks for that one.
pub(crate) async fn next_id(
    tx: &DatabaseTransaction,
    sql: &'static str,
) -> Result<i64, StoreError> {
    let highest: Option<i64> = scalar(tx, sql, Vec::new()).await?.flatten();
    Ok(highest.unwrap_or_default() + 1)
}

/// Starts a transaction that sees one state of the database however many statements it reads.
pub(crate) async fn begin_read(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        let (level, mode) = (IsolationLevel::RepeatableRead, AccessMode::ReadOnly);
        return db.begin_with_config(Some(level), Some(mode)).await;
    }
    // A deferred transaction of SQLite is a snapshot already.
    db.begin().await
}

/// Until its statistics follow an import, PostgreSQL takes the table for small and reads all of it for every thousand
/// keys. Holds for the transaction.
pub(crate) async fn prefer_indexes(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        execute(tx, "set local enable_seqscan = off", Vec::new()).await?;
    }
    Ok(())
}

/// The value of a column by its position.
pub(crate) fn get<T: TryGetable>(row: &QueryResult, at: usize) -> Result<T, StoreError> {
    Ok(row.try_get_by_index(at)?)
}

/// A number that is kept as a wider one.
pub(crate) fn number<T: TryFrom<i64>>(
    row: &QueryResult,
    at: usize,
    place: &'static str,
) -> Result<T, StoreError> {
    let wide: i64 = get(row, at)?;
    T::try_from(wide).map_err(|_| StoreError::Damaged(place))
}

/// A text that stands for a value.
pub(crate) fn parsed<T: std::str::FromStr>(
    text: Option<String>,
    place: &'static str,
) -> Result<Option<T>, StoreError> {
    text.map(|text| text.parse().map_err(|_| StoreError::Damaged(place))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_marks_become_numbers_but_not_in_quotes() {
        let sql = "select '?' from t where a = ? and b in (?, ?)";
        assert_eq!(
            placeholders(DbBackend::Postgres, sql),
            "select '?' from t where a = $1 and b in ($2, $3)"
        );
        assert_eq!(placeholders(DbBackend::Sqlite, sql), sql);
    }

    #[test]
    fn an_insert_names_its_columns() {
        let table = Table { name: "home", columns: &["record_id", "child_id"] };
        assert_eq!(table.insert(2), "insert into home (record_id, child_id) values (?, ?), (?, ?)");
    }
}
