//! What a person should know about how a file was read.

use super::{FileNote, Sheet};

/// Row numbers shown in one note; the count says how many there are.
const SHOWN: usize = 10;

fn note(code: &str, sheet: Option<&str>, zh: String, en: String) -> FileNote {
    FileNote { code: code.to_owned(), zh, en, sheet: sheet.map(str::to_owned) }
}

/// Row numbers for a note: `3、17、…`.
pub(super) struct RowNumbers(pub(super) Vec<u64>);

impl RowNumbers {
    fn joined(&self, separator: &str) -> String {
        let mut shown: Vec<String> = self.0.iter().take(SHOWN).map(u64::to_string).collect();
        if self.0.len() > SHOWN {
            shown.push("…".to_owned());
        }
        shown.join(separator)
    }
}

/// Hidden sheet, rows and columns of a finished sheet, and its filter.
pub(super) fn hidden(sheet: &Sheet, filtered: bool) -> Vec<FileNote> {
    let name = Some(sheet.name.as_str());
    let mut notes = Vec::new();
    if sheet.hidden && !sheet.rows.is_empty() {
        notes.push(note(
            "HIDDEN_SHEET",
            name,
            format!("工作表“{}”是隐藏的，也已读取。", sheet.name),
            format!("Sheet “{}” is hidden; it was read as well.", sheet.name),
        ));
    }
    let rows = RowNumbers(sheet.hidden_rows.iter().copied().map(u64::from).collect());
    if !rows.0.is_empty() {
        let why = if filtered {
            ("隐藏或被筛选掉的", "hidden or filtered out")
        } else {
            ("隐藏的", "hidden")
        };
        notes.push(note(
            "HIDDEN_ROWS",
            name,
            format!("{}行有 {} 行（第 {} 行），也已读取。", why.0, rows.0.len(), rows.joined("、")),
            format!(
                "{} rows are {} (rows {}); they were read as well.",
                rows.0.len(),
                why.1,
                rows.joined(", ")
            ),
        ));
    }
    let columns = RowNumbers(sheet.hidden_columns.iter().copied().map(u64::from).collect());
    if !columns.0.is_empty() {
        notes.push(note(
            "HIDDEN_COLUMNS",
            name,
            format!(
                "隐藏的列有 {} 列（第 {} 列），也已读取。",
                columns.0.len(),
                columns.joined("、")
            ),
            format!(
                "{} columns are hidden (columns {}); they were read as well.",
                columns.0.len(),
                columns.joined(", ")
            ),
        ));
    }
    notes
}

/// Formulas stand for the value that was stored with them.
pub(super) fn formulas(sheet: &str, n_formulas: u64, n_valueless: u64) -> Vec<FileNote> {
    let mut notes = Vec::new();
    if n_formulas > 0 {
        notes.push(note(
            "FORMULAS",
            Some(sheet),
            format!("{n_formulas} 个单元格是公式，按文件中保存的结果读取，没有重新计算。"),
            format!("{n_formulas} cells are formulas; the results stored in the file were read, nothing was computed."),
        ));
    }
    if n_valueless > 0 {
        notes.push(note(
            "FORMULAS_WITHOUT_VALUE",
            Some(sheet),
            format!("其中 {n_valueless} 个公式没有保存结果，按空白读取。请用 Excel 或 WPS 打开并保存后重新报送。"),
            format!("{n_valueless} of the formulas have no stored result and were read as blank; open and save the file in Excel or WPS and send it again."),
        ));
    }
    notes
}

/// The encoding of a text file that does not say it itself.
pub(super) fn encoding_guessed(name: &str) -> FileNote {
    let name = name.to_uppercase();
    note(
        "ENCODING_GUESSED",
        None,
        format!("文件没有注明文字编码，按 {name} 读取。"),
        format!("The file does not say its text encoding; it was read as {name}."),
    )
}

/// Some lines are in another encoding than the others.
pub(super) fn encodings_mixed(rows: &RowNumbers) -> FileNote {
    note(
        "ENCODINGS_MIXED",
        None,
        format!(
            "文件混用了两种文字编码（UTF-8 和 GB18030），已逐行识别；{} 行为 GB18030（第 {} 行）。请核对这些行。",
            rows.0.len(),
            rows.joined("、")
        ),
        format!(
            "The file mixes two text encodings (UTF-8 and GB18030), told apart line by line; {} lines are GB18030 (rows {}). Please check them.",
            rows.0.len(),
            rows.joined(", ")
        ),
    )
}

/// Characters that could not be decoded stand as U+FFFD.
pub(super) fn unreadable_characters(n_places: u64, rows: &RowNumbers) -> FileNote {
    note(
        "UNREADABLE_CHARACTERS",
        None,
        format!(
            "{n_places} 处文字无法识别，以“\u{fffd}”代替（第 {} 行）。请核对这些行。",
            rows.joined("、")
        ),
        format!(
            "{n_places} places could not be decoded and stand as “\u{fffd}” (rows {}). Please check them.",
            rows.joined(", ")
        ),
    )
}

/// NUL characters, which no text has, were left out.
pub(super) fn nul_characters(n_places: u64, rows: &RowNumbers) -> FileNote {
    note(
        "NUL_CHARACTERS",
        None,
        format!(
            "文件中有 {n_places} 个空字符（NUL），已去掉（第 {} 行）。请核对这些行。",
            rows.joined("、")
        ),
        format!(
            "{n_places} NUL characters were left out (rows {}). Please check them.",
            rows.joined(", ")
        ),
    )
}

/// A quotation mark that nothing closes is a character like any other.
pub(super) fn unpaired_quotes(rows: &RowNumbers) -> FileNote {
    note(
        "UNPAIRED_QUOTES",
        None,
        format!(
            "{} 处引号不成对（第 {} 行），按普通字符读取。请核对这些行。",
            rows.0.len(),
            rows.joined("、")
        ),
        format!(
            "{} quotation marks are not paired (rows {}) and were read as plain characters. Please check them.",
            rows.0.len(),
            rows.joined(", ")
        ),
    )
}

/// A web page or plain text under the name of a workbook.
pub(super) fn not_what_the_name_says(zh: &str, en: &str) -> FileNote {
    note(
        "NAME_AND_CONTENT_DIFFER",
        None,
        format!("文件名像是 Excel 工作簿，内容其实是{zh}，已按内容读取。"),
        format!("The file is named like an Excel workbook but is {en}; it was read as that."),
    )
}
