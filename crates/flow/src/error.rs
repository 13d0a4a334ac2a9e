//! What makes a whole step impossible.

use std::{
    io,
    path::{Path, PathBuf},
};

use baoxue_claim::{ChildId, Source};

use crate::CountyError;

/// Why a step could not be done. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// A file or folder cannot be read or written.
    #[error("cannot use `{}`", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The configuration is wrong.
    #[error("`{}`: {error}", path.display())]
    County {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: CountyError,
    },
    /// The database is there, its key is not.
    #[error("the key file `{}` is missing, and the database cannot be read without it", .0.display())]
    KeyMissing(PathBuf),
    /// The mapping file is wrong.
    #[error("mapping file: {0}")]
    Mapping(#[from] baoxue_intake::LayoutError),
    /// There are no rules for a day.
    #[error(transparent)]
    Day(#[from] CountyError),
    /// The newest run has no such child.
    #[error("the newest run has no child {0}")]
    NoChild(ChildId),
    /// The events of a case do not begin with its opening.
    #[error("the events of case {} do not begin with its opening", .0.0)]
    NoCase(baoxue_act::CaseId),
    /// The newest run has no such conflict.
    #[error("the newest run has no conflict of child {0} in which {1:?} speaks")]
    NoConflict(ChildId, Source),
    /// The key file cannot be used.
    #[error(transparent)]
    Key(#[from] baoxue_store::KeyError),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] baoxue_store::StoreError),
    /// Linkage refused, contradictory decisions for example.
    #[error(transparent)]
    Link(#[from] crate::children::ChildrenError),
    /// A table does not add up.
    #[error("a table does not add up: {0}")]
    Sum(#[from] baoxue_determine::comparison::SumError),
    /// A breakdown that somebody brought does not add up, or there is no such table.
    #[error(transparent)]
    Breakdown(#[from] crate::compare::Refusal),
    /// A row of the town table does not add up.
    #[error("a table does not add up: {0}")]
    Row(#[from] baoxue_determine::towns::RowError),
    /// A ledger cannot be written.
    #[error(transparent)]
    Report(#[from] baoxue_report::ReportError),
    /// A value cannot be turned into its stored form.
    #[error("cannot encode a result")]
    Encode(#[from] serde_json::Error),
    /// An export cannot be written.
    #[error("cannot write an export")]
    Csv(#[from] csv::Error),
    /// Rows of a file are not all accounted for: a defect of the program, never of the file.
    #[error(
        "`{file}`, sheet `{sheet}`: {rows} rows, but {accounted} accounted for; the file was not taken in"
    )]
    Accounting {
        /// File.
        file: String,
        /// Sheet.
        sheet: String,
        /// Rows of the sheet.
        rows: usize,
        /// Rows with an outcome.
        accounted: usize,
    },
    /// A ruling that cannot hold together with those in force.
    #[error("records `{0}` and `{1}`: this ruling contradicts an earlier one; revoke that first")]
    Contradiction(String, String),
    /// A row that a ruling names does not exist.
    #[error("there is no record `{0}`")]
    NoRecord(String),
    /// A head cannot be signed or read.
    #[error(transparent)]
    Audit(#[from] crate::audit::SignerError),
    /// An export cannot be locked.
    #[error("an export cannot be locked")]
    Lock(#[from] zip::result::ZipError),
    /// An export cannot be made.
    #[error("an export cannot be made: {0}")]
    Export(&'static str),
    /// A reading thread ended without an answer.
    #[error("reading `{0}` ended without an answer")]
    Reader(String),
}

impl FlowError {
    /// A file error with its path.
    pub fn file(path: &Path, source: io::Error) -> Self {
        Self::File { path: path.to_owned(), source }
    }
}

/// What the system says of a file, in zh-CN.
pub fn io_zh(error: &io::Error) -> String {
    use io::ErrorKind;
    let known = [
        (ErrorKind::NotFound, "没有这个文件或文件夹"),
        (ErrorKind::PermissionDenied, "没有权限"),
        (ErrorKind::AlreadyExists, "已经存在"),
        (ErrorKind::StorageFull, "磁盘空间不足"),
        (ErrorKind::QuotaExceeded, "超出磁盘配额"),
        (ErrorKind::ReadOnlyFilesystem, "磁盘只读，不能写入"),
        (ErrorKind::IsADirectory, "是文件夹，不是文件"),
        (ErrorKind::NotADirectory, "不是文件夹"),
        (ErrorKind::InvalidInput, "不是普通文件"),
        (ErrorKind::InvalidData, "不是可读的文本"),
        (ErrorKind::InvalidFilename, "文件名不合规"),
    ];
    let words = known.iter().find(|(kind, _)| *kind == error.kind());
    words.map_or_else(|| error.to_string(), |(_, zh)| (*zh).to_owned())
}
