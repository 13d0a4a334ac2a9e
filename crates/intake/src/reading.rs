//! What reading a workbook gives: every row with its outcome, the columns as understood, questions and messages.

use std::fmt;

use baoxue_claim::{Record, Report, Source, TownCode, Towns};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Field, Layouts, Sender, columns};

/// What the reader must know besides the file itself.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Name of the file as it came, without folders.
    pub file: &'a str,
    /// The towns of the county.
    pub towns: &'a Towns,
    /// The county's day; a sheet that says no day of its own speaks for this one.
    pub as_of: NaiveDate,
    /// The day the sender was told to speak for; wins over what the sheets say.
    pub told_as_of: Option<NaiveDate>,
    /// The source as told by whoever brought the file; wins over what the sheets look like.
    pub told_source: Option<Source>,
    /// The town that sent the sheets as told; wins over what they say.
    pub told_town: Option<TownCode>,
    /// Persons older than this on the day of the sheet are adults in lists of households.
    pub adult_age: u8,
    /// Answers given or remembered about the layout of senders.
    pub layouts: &'a Layouts,
}

/// A workbook as understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// One per sheet of the workbook, hidden ones too, in the order of the file. A sheet with several tables side by side
    /// gives one for each, from left to right, under one name: cells of the other tables are blank in it.
    pub sheets: Vec<SheetReading>,
    /// What a person should answer.
    pub questions: Vec<Question>,
    /// Every doubt, with what to do.
    pub messages: Vec<Message>,
    /// Why nothing of the workbook may enter: a long sheet of which nearly no row can be used. There are no sheets then.
    pub refused: Option<Message>,
}

/// A sheet as understood.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetReading {
    /// Name of the sheet; empty for csv.
    pub name: String,
    /// Whether the sheet was hidden.
    pub hidden: bool,
    /// Who says it; `None` when nothing tells.
    pub source: Option<Source>,
    /// The day for which the sheet speaks.
    pub as_of: NaiveDate,
    /// The town whose sheet it is.
    pub town: Option<TownCode>,
    /// Whose sheet it is; what is answered about it is kept for this sender.
    pub sender: Sender,
    /// Identifies the layout: the folded header words in order. Empty when no header was found.
    pub fingerprint: String,
    /// The 1-based rows of the header, repeated ones not counted. Empty when none was found.
    pub header_rows: Vec<u32>,
    /// The columns, first to last.
    pub columns: Vec<Column>,
    /// Exactly one per row of the sheet, in order.
    pub rows: Vec<Row>,
    /// How many records the sheet's own total rows say there are.
    pub stated_total: Option<u32>,
    /// Which rejected rows it brings back, when it is a file that we sent out.
    pub returned: Option<Returned>,
    /// In reports of absent pupils: who has reported, whether with children or with none.
    pub reports: Vec<Report>,
}

/// Rejected rows that came back, mended or not: they are no longer waiting for their sender where they were first rejected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The batch that rejected them; files sent out by older versions do not say it.
    pub batch: Option<u32>,
    /// Name of the original file.
    pub file: String,
    /// Name of the original sheet; empty for csv.
    pub sheet: String,
    /// Which of several tables side by side on that sheet, from 1.
    #[serde(default = "first_table")]
    pub table: u32,
    /// Their 1-based rows in the original sheet, ascending.
    pub rows: Vec<u32>,
}

/// What older versions sent out: they knew one table per sheet.
fn first_table() -> u32 {
    1
}

impl SheetReading {
    /// The name of each column in the answers about the layout, in their order.
    pub fn column_keys(&self) -> Vec<String> {
        columns::keys(self.columns.iter().map(|column| column.header.as_str()))
    }
}

/// A column as understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// 1-based position.
    pub index: u32,
    /// The header as written; two levels are joined with `/`.
    pub header: String,
    /// The meaning; `None` when unknown: the cells stay in the row and nothing is taken from them.
    pub field: Option<Field>,
    /// How the meaning was found.
    pub by: Recognised,
}

/// How the meaning of a column was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recognised {
    /// By the words of the header.
    Header,
    /// By the words of the header together with what the values look like.
    Values,
    /// By an answer of a person.
    Answer,
    /// Assumed and asked about, or not found at all.
    Guess,
}

/// A row of a sheet. `Debug` hides the cells.
#[derive(Clone, PartialEq)]
pub struct Row {
    /// 1-based number in the sheet.
    pub number: u32,
    /// The cells as found.
    pub cells: Vec<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// The row's cells without running numbers and our own columns, after source, town and day. Two rows with the same
    /// identity in different files are one row sent twice. Empty for rows that are no data.
    pub identity: String,
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match &self.outcome {
            Outcome::Record(_) => "record",
            Outcome::Reject(reject) => reject.code,
            Outcome::Aside(aside) => aside.name(),
        };
        write!(f, "Row({}, {} cells, {outcome})", self.number, self.cells.len())
    }
}

/// What became of a row: exactly one of three.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It mentions a person and enters.
    Record(Box<Record>),
    /// It should mention a child and cannot be used; it goes back to the sender.
    Reject(Reject),
    /// It is no data about a child.
    Aside(Aside),
}

/// Kinds of rows that carry no claim about a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Aside {
    /// No cell has text.
    Blank,
    /// Above the header: title, sender, day, the head line of a returned file.
    Title,
    /// The header, repeated ones too.
    Header,
    /// 合计, 小计, 共…人.
    Total,
    /// A remark that stands for itself, a problem without a child.
    Note,
    /// 审核人, 填表人, 校长签字.
    Signature,
    /// 无, 零报告.
    ZeroReport,
    /// An adult in a list of households or deaths.
    Adult,
    /// A school in the directory of schools.
    SchoolEntry,
    /// A person of the duty lines.
    OfficialEntry,
    /// The sheet was not understood or is to be ignored; asked about.
    Untouched,
}

impl Aside {
    /// The stable name, such as `zero_report`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Title => "title",
            Self::Header => "header",
            Self::Total => "total",
            Self::Note => "note",
            Self::Signature => "signature",
            Self::ZeroReport => "zero_report",
            Self::Adult => "adult",
            Self::SchoolEntry => "school_entry",
            Self::OfficialEntry => "official_entry",
            Self::Untouched => "untouched",
        }
    }
}

/// Why a row cannot enter, and what to do. `Debug` hides the texts, which may quote a cell.
#[derive(Clone, PartialEq, Eq)]
pub struct Reject {
    /// The 1-based column to mend, when it is one.
    pub column: Option<u32>,
    /// Stable code, such as `NO_NAME_NO_ID`.
    pub code: &'static str,
    /// Reason and remedy in zh-CN.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl fmt::Debug for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reject({}, column {:?})", self.code, self.column)
    }
}

/// How grave a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Rows could not be used.
    Error,
    /// Rows are used and a person should look.
    Warning,
    /// Worth knowing.
    Notice,
}

/// One thing to tell the user who sent the file. `Debug` hides the texts, which may quote a cell.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// How grave.
    pub level: Level,
    /// Name of the sheet.
    pub sheet: String,
    /// 1-based row, when it is about one.
    pub row: Option<u32>,
    /// 1-based column, when it is about one.
    pub column: Option<u32>,
    /// Stable code, such as `ID_CHECKSUM`.
    pub code: String,
    /// What was found and what to do, in zh-CN.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({:?} {} {:?} {:?})", self.level, self.code, self.row, self.column)
    }
}

/// What a person should answer about a sheet (`column` 0) or a column.
#[derive(Clone, PartialEq, Eq)]
pub struct Question {
    /// Name of the sheet.
    pub sheet: String,
    /// 1-based column; 0 when the question is what the sheet is.
    pub column: u32,
    /// The header as written.
    pub header: String,
    /// A few values as found; names and numbers of persons among them, so `Debug` hides them.
    pub samples: Vec<String>,
    /// What it may mean, likeliest first.
    pub candidates: Vec<Field>,
    /// What was assumed for this reading; `None` when nothing was taken from the column.
    pub assumed: Option<Field>,
    /// Why it is asked, in zh-CN.
    pub why: String,
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question")
            .field("sheet", &self.sheet)
            .field("column", &self.column)
            .field("header", &self.header)
            .field("candidates", &self.candidates)
            .field("assumed", &self.assumed)
            .finish_non_exhaustive()
    }
}
