//! What kind of trouble the database is in, so that a person can be told what to do about it.

use sea_orm::{DbErr, RuntimeErr};
use sqlx::Error as Cause;

use super::StoreError;

/// Why a database refused, as far as somebody can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No server answers at the address.
    Unreachable,
    /// The server does not let this user in with this password.
    Denied,
    /// The server has no such database.
    NoDatabase,
    /// The disk is full.
    DiskFull,
    /// Another program holds the database.
    Locked,
    /// File or server cannot be written.
    ReadOnly,
    /// The file is no database, or damaged.
    Corrupt,
    /// Anything else.
    Other,
}

impl StoreError {
    /// The kind of trouble; `None` when it was not the database that refused.
    pub fn trouble(&self) -> Option<Trouble> {
        let Self::Database(error) = self else { return None };
        if let DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) = error
        {
            return Some(of_cause(cause));
        }
        let waited = matches!(error, DbErr::ConnectionAcquire(_));
        Some(if waited { Trouble::Locked } else { Trouble::Other })
    }
}

fn of_cause(cause: &Cause) -> Trouble {
    if matches!(cause, Cause::Io(_) | Cause::Tls(_)) {
        return Trouble::Unreachable;
    }
    if matches!(cause, Cause::PoolTimedOut) {
        return Trouble::Locked;
    }
    let Cause::Database(error) = cause else { return Trouble::Other };
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
        of_sqlite(code.parse().unwrap_or(0))
    } else {
        of_postgres(&code)
    }
}

/// Source: <https://www.sqlite.org/rescode.html>; extended codes carry the primary one in their last byte.
fn of_sqlite(code: u32) -> Trouble {
    match code & 0xff {
        5 | 6 => Trouble::Locked,
        8 | 14 => Trouble::ReadOnly,
        11 | 26 => Trouble::Corrupt,
        13 => Trouble::DiskFull,
        _ => Trouble::Other,
    }
}

/// Source: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn of_postgres(code: &str) -> Trouble {
    match code {
        "28000" | "28P01" | "42501" => Trouble::Denied,
        "3D000" => Trouble::NoDatabase,
        "53100" => Trouble::DiskFull,
        "55P03" | "40P01" | "53300" => Trouble::Locked,
        "25006" => Trouble::ReadOnly,
        "57P01" | "57P02" | "57P03" => Trouble::Unreachable,
        "XX001" | "XX002" => Trouble::Corrupt,
        code if code.starts_with("08") => Trouble::Unreachable,
        _ => Trouble::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Trouble::{Corrupt, Denied, DiskFull, Locked, NoDatabase, Other, ReadOnly, Unreachable},
        *,
    };

    #[test]
    fn codes_of_both_engines_tell_the_trouble() {
        // 517 is `SQLITE_BUSY_SNAPSHOT`, 778 `SQLITE_IOERR_WRITE`.
        let of = [5, 517, 13, 11, 26, 8, 14, 778].map(of_sqlite);
        assert_eq!(of, [Locked, Locked, DiskFull, Corrupt, Corrupt, ReadOnly, ReadOnly, Other]);
        let of = ["28P01", "3D000", "53100", "55P03", "08006", "XX001", "23505"].map(of_postgres);
        assert_eq!(of, [Denied, NoDatabase, DiskFull, Locked, Unreachable, Corrupt, Other]);
    }
}
