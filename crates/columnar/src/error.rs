//! What can be wrong with files: what stops the reading, and what is only worth knowing.

/// Why files could not be read. Each variant names the file and, where there is one, record, line or column. Records
/// are counted from 1 without the heading, lines from 1 with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The file has no bytes, or no heading.
    #[error("`{file}` is empty: give a file with a heading and records")]
    EmptyFile {
        /// The file.
        file: String,
    },
    /// No file has a record.
    #[error("there are no records in `{file}`: only a heading was found")]
    NoRecords {
        /// The first file.
        file: String,
    },
    /// The file has no such column and cannot do without.
    #[error("`{file}` has no column `{column}`; it has: {}", found.join(", "))]
    NoColumn {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// The columns that there are.
        found: Vec<String>,
    },
    /// No file has a column that is asked for.
    #[error("no file has the column `{column}`; there are: {}", found.join(", "))]
    NowhereColumn {
        /// The column.
        column: String,
        /// The columns that there are.
        found: Vec<String>,
    },
    /// Two columns of a file have one name.
    #[error("`{file}` has the column `{column}` twice: rename one of them")]
    TwiceColumn {
        /// The file.
        file: String,
        /// The column.
        column: String,
    },
    /// A record without id.
    #[error(
        "`{file}`, record {record}: the id in `{column}` is empty; give each record an id of its own"
    )]
    NoId {
        /// The file.
        file: String,
        /// The record.
        record: u64,
        /// The column of ids.
        column: String,
    },
    /// An id that stands for two records.
    #[error(
        "the id `{id}` is there twice: `{first_file}` record {first_record} and `{second_file}` record {second_record}; each record needs an id of its own"
    )]
    TwiceId {
        /// The id.
        id: String,
        /// File of the first record.
        first_file: String,
        /// The first record.
        first_record: u64,
        /// File of the second record.
        second_file: String,
        /// The second record.
        second_record: u64,
    },
    /// A line of a CSV file with more or fewer cells than the heading.
    #[error(
        "`{file}`, line {line}: {found} cells, the heading has {expected}; look for a missing or stray delimiter or quote"
    )]
    Ragged {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// Cells of the line.
        found: usize,
        /// Cells of the heading.
        expected: usize,
    },
    /// A quoted cell that does not end.
    #[error("`{file}`, line {line}: a quoted cell begins here and does not end; close the quote")]
    OpenQuote {
        /// The file.
        file: String,
        /// The line.
        line: u64,
    },
    /// Bytes that are text in none of the encodings.
    #[error(
        "`{file}`, line {line}: not readable as {encoding}; save the file as UTF-8 and try again"
    )]
    Encoding {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// The encoding that fits best.
        encoding: &'static str,
    },
    /// Neither CSV nor Parquet.
    #[error("`{file}` is a {found}, not a CSV or Parquet file; save it as CSV and try again")]
    OtherFormat {
        /// The file.
        file: String,
        /// What it is.
        found: &'static str,
    },
    /// A file that is called or begins like Parquet and is not.
    #[error("`{file}` is not a Parquet file or is damaged: {why}; copy or export it again")]
    NotParquet {
        /// The file.
        file: String,
        /// What is wrong.
        why: String,
    },
    /// A compression that this program does not read.
    #[error(
        "`{file}`, column `{column}`: compressed with {codec}; write it with snappy, zstd or without compression"
    )]
    Compression {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// The compression.
        codec: String,
    },
    /// Bytes in a column that are no text.
    #[error(
        "`{file}`, record {record}, column `{column}`: the bytes are no UTF-8 text; convert the column to text"
    )]
    NoText {
        /// The file.
        file: String,
        /// The record.
        record: u64,
        /// The column.
        column: String,
    },
    /// More records than can be numbered.
    #[error("there are more than 4294967294 records; link them in parts")]
    TooMany,
    /// The operating system could not read.
    #[error("`{file}` could not be read: {why}")]
    Read {
        /// The file.
        file: String,
        /// What the operating system says.
        why: String,
    },
}

/// What was noticed while reading; the records are all there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A nested or otherwise unreadable column of a Parquet file is left out.
    Ignored {
        /// The file.
        file: String,
        /// The column.
        column: String,
    },
    /// A column that other files have is missing here: empty for all records of this file.
    Absent {
        /// The file.
        file: String,
        /// The column.
        column: String,
    },
    /// A cell longer than what is compared.
    LongCell {
        /// The file.
        file: String,
        /// The record.
        record: u64,
        /// The column.
        column: String,
        /// Its length.
        size_bytes: usize,
    },
    /// A file with a heading and no records.
    NoRecords {
        /// The file.
        file: String,
    },
    /// There is one record only: nothing to compare.
    OneRecord,
}
