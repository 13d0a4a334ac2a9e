//! Messages about a file, each a whole sentence with file, sheet, row, column and what to do.

use baoxue_claim::BatchId;
use baoxue_intake::{Aside, Level, Message, Outcome, Reading, Row, SheetReading, format::FileNote};
use serde::{Deserialize, Serialize};

/// How grave a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToldLevel {
    /// Rows or the whole file could not be used.
    Error,
    /// Used, and a person should look.
    Warning,
    /// Worth knowing.
    Notice,
}

/// One message to whoever brought the file. `Debug` hides the sentences, which may quote a cell. The fields stand in the
/// order of their names, as in every object of `summary.json`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Stable code.
    pub code: String,
    /// 1-based column.
    pub column: Option<u32>,
    /// The sentence in English.
    pub en: String,
    /// File.
    pub file: String,
    /// How grave.
    pub level: ToldLevel,
    /// 1-based row.
    pub row: Option<u32>,
    /// Sheet, if it is about one; empty for csv.
    pub sheet: Option<String>,
    /// The sentence in zh-CN.
    pub zh: String,
}

impl std::fmt::Debug for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Told({:?} {} {:?} {:?})", self.level, self.code, self.row, self.column)
    }
}

impl Told {
    /// A message about a whole file.
    pub fn of_file(file: &str, code: &str, zh: &str, en: &str) -> Self {
        Self {
            level: ToldLevel::Error,
            file: file.to_owned(),
            sheet: None,
            row: None,
            column: None,
            code: code.to_owned(),
            zh: format!("文件《{file}》：{zh}"),
            en: format!("file `{file}`: {en}"),
        }
    }
}

/// The same bytes came before.
pub(super) fn duplicate(file: &str, batch: BatchId) -> Told {
    let n = batch.0;
    let zh = format!("内容与第 {n} 批相同，没有重复导入。");
    let en = format!("the same content is in the store as batch {n}; nothing was taken in again");
    Told { level: ToldLevel::Notice, ..Told::of_file(file, "DUPLICATE", &zh, &en) }
}

/// What the format reader noticed.
pub(super) fn of_notes(file: &str, notes: &[FileNote]) -> Vec<Told> {
    let one = |note: &FileNote| {
        let place = Place { file, sheet: note.sheet.as_deref(), row: None, column: None };
        Told {
            level: note_level(&note.code),
            file: file.to_owned(),
            sheet: note.sheet.clone(),
            row: None,
            column: None,
            code: note.code.clone(),
            zh: format!("{}：{}", place.zh(), note.zh),
            en: format!("{}: {}", place.en(), note.en),
        }
    };
    notes.iter().map(one).collect()
}

/// Hidden sheets are read and an encoding is guessed without loss; for the rest a person must look at the cells.
pub(crate) fn note_level(code: &str) -> ToldLevel {
    match code {
        "FORMULAS"
        | "FORMULAS_WITHOUT_VALUE"
        | "ENCODINGS_MIXED"
        | "UNREADABLE_CHARACTERS"
        | "NUL_CHARACTERS"
        | "UNPAIRED_QUOTES"
        | "NAME_AND_CONTENT_DIFFER" => ToldLevel::Warning,
        _ => ToldLevel::Notice,
    }
}

/// A link leads anywhere on the machine.
pub(super) fn link(file: &str) -> Told {
    Told::of_file(
        file,
        "LINK",
        "是指向别处的链接，没有读取。请把文件本身放进文件夹。",
        "is a link to somewhere else and was not read; put the file itself into the folder",
    )
}

/// The file has no row about anybody: whoever meant to report that there is nobody must say so.
pub(crate) fn no_data(file: &str) -> Told {
    Told::of_file(
        file,
        "NO_DATA",
        "没有读到任何数据行，不算已报送。如是名单，请补上表头（姓名、身份证号等）和数据后重新提交；如确实没有学生，请在表中写明“零报告”。",
        "no row with data was found, and it does not count as a report; if it is a list, add header (name, ID number) and rows and send it again; if there is nobody to report, write 零报告 into the table",
    )
}

/// Whether no row of the file says anything, not even that there is nobody to report.
pub(crate) fn is_silent(reading: &Reading) -> bool {
    let silent = |aside: &Aside| match aside {
        Aside::Blank
        | Aside::Title
        | Aside::Header
        | Aside::Total
        | Aside::Signature
        | Aside::Untouched => true,
        Aside::Note
        | Aside::ZeroReport
        | Aside::Adult
        | Aside::SchoolEntry
        | Aside::OfficialEntry => false,
    };
    // A table that waits for an answer has been told about.
    let waits = |sheet: &SheetReading| {
        let untouched =
            sheet.rows.iter().any(|row| row.outcome == Outcome::Aside(Aside::Untouched));
        untouched && !sheet.header_rows.is_empty()
    };
    let says = |row: &Row| match &row.outcome {
        Outcome::Record(_) | Outcome::Reject(_) => true,
        Outcome::Aside(aside) => !silent(aside),
    };
    let said = |sheet: &SheetReading| {
        waits(sheet) || !sheet.reports.is_empty() || sheet.rows.iter().any(says)
    };
    !reading.sheets.iter().any(said)
}

/// Codes of what the format reader says with the numbers of the rows.
pub(crate) const SAID_BY_READER: [&str; 2] = ["SHEET_HIDDEN", "ROWS_HIDDEN"];

/// What understanding the sheets brought up: doubts, rejects and questions. Each question is asked in a message of its own
/// sheet or column.
pub(super) fn of_reading(file: &str, reading: &Reading) -> Vec<Told> {
    let mut told: Vec<Told> =
        reading.messages.iter().map(|message| of_message(file, message)).collect();
    told.retain(|told| !SAID_BY_READER.contains(&told.code.as_str()));
    told.sort_by(|a, b| {
        (a.level, &a.sheet, a.row, a.column).cmp(&(b.level, &b.sheet, b.row, b.column))
    });
    told
}

/// One message with its place.
pub(super) fn of_message(file: &str, m: &Message) -> Told {
    let place = Place { file, sheet: Some(&m.sheet), row: m.row, column: m.column };
    Told {
        level: level(m.level),
        file: file.to_owned(),
        sheet: Some(m.sheet.clone()),
        row: m.row,
        column: m.column,
        code: m.code.clone(),
        zh: format!("{}：{}", place.zh(), m.zh),
        en: format!("{}: {}", place.en(), m.en),
    }
}

pub(crate) fn level(level: Level) -> ToldLevel {
    match level {
        Level::Error => ToldLevel::Error,
        Level::Warning => ToldLevel::Warning,
        Level::Notice => ToldLevel::Notice,
    }
}

/// Where in a file.
struct Place<'a> {
    file: &'a str,
    sheet: Option<&'a str>,
    row: Option<u32>,
    column: Option<u32>,
}

impl Place<'_> {
    fn zh(&self) -> String {
        let sheet = self.sheet.filter(|sheet| !sheet.is_empty());
        [
            Some(format!("文件《{}》", self.file)),
            sheet.map(|sheet| format!("工作表“{sheet}”")),
            self.row.map(|row| format!("第{row}行")),
            self.column.map(|column| format!("{}列", letters(column))),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn en(&self) -> String {
        let sheet = self.sheet.filter(|sheet| !sheet.is_empty());
        let parts = [
            Some(format!("file `{}`", self.file)),
            sheet.map(|sheet| format!("sheet `{sheet}`")),
            self.row.map(|row| format!("row {row}")),
            self.column.map(|column| format!("column {}", letters(column))),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// The letters by which spreadsheets name a 1-based column: 1 is A, 27 is AA.
fn letters(mut column: u32) -> String {
    let mut reversed = Vec::new();
    while column > 0 {
        column -= 1;
        reversed.push(char::from(b'A' + u8::try_from(column % 26).unwrap_or_default()));
        column /= 26;
    }
    reversed.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_where() {
        assert_eq!(letters(1), "A");
        assert_eq!(letters(26), "Z");
        assert_eq!(letters(27), "AA");
        assert_eq!(letters(16_384), "XFD");
        let place = Place { file: "甲.xlsx", sheet: Some("一"), row: Some(12), column: Some(6) };
        assert_eq!(place.zh(), "文件《甲.xlsx》工作表“一”第12行F列");
        assert_eq!(place.en(), "file `甲.xlsx`, sheet `一`, row 12, column F");
    }
}
