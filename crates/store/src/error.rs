//! What can go wrong in the store.

mod trouble;

use baoxue_claim::BatchId;

use crate::{KeyError, SealError};

pub use trouble::Trouble;

/// Why the store could not do what was asked. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused.
    #[error("the database refused")]
    Database(#[from] sea_orm::DbErr),
    /// The address is neither `sqlite://…` nor `postgres://…`.
    #[error("a database address begins with `sqlite://` or `postgres://`")]
    Url,
    /// A setting under which a confirmed write could be lost (T-81).
    #[error("the database runs with `{setting}` = `{found}`, needed is `{needed}`")]
    Unsafe {
        /// The setting.
        setting: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        needed: &'static str,
    },
    /// Another program is opening the database and does not come to an end.
    #[error("another program has been opening the database for minutes")]
    Busy,
    /// The database was sealed with another key.
    #[error("the key file does not belong to this database")]
    WrongKey,
    /// A newer program has made this database.
    #[error("the database was made by a newer version of the program")]
    Newer,
    /// A live batch holds the same bytes.
    #[error("the same file is in the store as batch {}", .0.0)]
    Duplicate(BatchId),
    /// No such batch.
    #[error("there is no batch {}", .0.0)]
    NoBatch(BatchId),
    /// The batch was withdrawn before.
    #[error("batch {} is withdrawn already", .0.0)]
    Withdrawn(BatchId),
    /// There is no such decision, or it was revoked before.
    #[error("there is no decision {0} in force")]
    NoDecision(i64),
    /// Another account has the same sign-in name.
    #[error("there is an account of that sign-in name already")]
    LoginTaken,
    /// There is no such account.
    #[error("there is no account {0}")]
    NoAccount(i64),
    /// There is no such export, or it is not where this could be done: decided already, not approved, made already.
    #[error("export {0} is not there or not in the state for this")]
    NoExport(i64),
    /// There is no such view, or it was removed before.
    #[error("there is no view {0}")]
    NoView(i64),
    /// The case has other events than were known: somebody else has recorded something meanwhile.
    #[error("case {0} has moved on")]
    CaseMoved(i64),
    /// The number of a paper is taken: another one was issued meanwhile.
    #[error("the number of the paper is taken")]
    NumberTaken,
    /// The tip-off, finding or letter has other events than were known: somebody else has recorded something meanwhile.
    #[error("{0} {1} has moved on")]
    Moved(&'static str, i64),
    /// What was handed over contradicts itself.
    #[error("row {row} of sheet {sheet}: {what}")]
    Inconsistent {
        /// Index of the sheet.
        sheet: u32,
        /// 1-based row.
        row: u32,
        /// The contradiction.
        what: &'static str,
    },
    /// A stored value cannot be read.
    #[error("a stored value in `{0}` cannot be read")]
    Damaged(&'static str),
    /// A sealed value cannot be opened.
    #[error("cannot open a sealed value in `{place}`")]
    Seal {
        /// Table and column.
        place: &'static str,
        /// Why.
        source: SealError,
    },
    /// The database file cannot be made.
    #[error("cannot make the database file")]
    File(#[source] std::io::Error),
    /// The program was stopped in the middle of the work.
    #[error("the work was stopped before it was done")]
    Stopped,
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
}
