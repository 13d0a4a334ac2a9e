//! What every format is read into.

use std::{borrow::Cow, fmt};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A file as sheets of cells.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Workbook {
    /// Every sheet that holds cells, hidden ones too, in the order of the file.
    pub sheets: Vec<Sheet>,
    /// What a person should know about how the file was read.
    pub notes: Vec<FileNote>,
}

/// A grid of cells.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// The name on the tab; empty for a csv file.
    pub name: String,
    /// Whether the sheet is hidden, in whatever way.
    pub hidden: bool,
    /// `rows[0]` is row 1 of the sheet, `rows[r][0]` column A: leading blank rows and columns are here, so that
    /// positions are true. Blank cells at the end of a row and blank rows at the end of the sheet are not.
    pub rows: Vec<Vec<Cell>>,
    /// Merged regions, in the order of the file. Only the cell at the top left holds a value.
    pub merges: Vec<Merge>,
    /// Hidden or filtered rows, counted from 1, ascending, not beyond `rows`.
    pub hidden_rows: Vec<u32>,
    /// Hidden columns, counted from 1, ascending, not beyond the widest row.
    pub hidden_columns: Vec<u32>,
}

/// A merged region; all four counted from 1 and inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Merge {
    /// First row.
    pub top: u32,
    /// First column.
    pub left: u32,
    /// Last row.
    pub bottom: u32,
    /// Last column.
    pub right: u32,
}

/// The value of a cell. `Debug` shows the kind and never the value, which may be a name or a number of a person.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    /// Nothing, or text of length 0.
    #[default]
    Empty,
    /// Text exactly as found, blanks and all.
    Text(String),
    /// A number that is no date.
    Number(f64),
    /// A number shown as a date, without a time of day.
    Day(NaiveDate),
    /// True or false.
    Bool(bool),
    /// An error of a formula, such as `#N/A`.
    Error(String),
}

impl Cell {
    /// The value as text: whole numbers without a point, numbers from 10¹⁵ on as `6.10902200809087E+17` (a sheet keeps
    /// 15 digits, so the rest would be invented), days as `2009-03-05`, `TRUE` and `FALSE`.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) | Self::Error(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number_text(*number)),
            Self::Day(day) => Cow::Owned(day.format("%Y-%m-%d").to_string()),
            Self::Bool(true) => Cow::Borrowed("TRUE"),
            Self::Bool(false) => Cow::Borrowed("FALSE"),
        }
    }

    /// Whether there is nothing, or nothing but blanks.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.chars().all(is_blank),
            Self::Number(_) | Self::Day(_) | Self::Bool(_) | Self::Error(_) => false,
        }
    }
}

/// Blanks, also the zero-width ones that copying from web pages leaves behind.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// From here on a spreadsheet shows, and often has, fewer digits than were typed.
const INEXACT: f64 = 1e15;

fn number_text(number: f64) -> String {
    if number.abs() < INEXACT || !number.is_finite() {
        return number.to_string();
    }
    let shortest = format!("{number:E}");
    let (mantissa, exponent) = shortest.split_once('E').unwrap_or((&shortest, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    // A sheet keeps 15 digits. Of 13 or more, missing ones at the end are zeros that were typed; a shorter mantissa was
    // rounded before it came here and stays short. More than 15 were written by a program and are cut, not rounded.
    let kept = if digits.len() < 13 { digits } else { format!("{digits:0<15.15}") };
    let (sign, fraction) = (if number < 0.0 { "-" } else { "" }, &kept[1..]);
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}E+{exponent}", &kept[..1])
}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Empty",
            Self::Text(_) => "Text(…)",
            Self::Number(_) => "Number(…)",
            Self::Day(_) => "Day(…)",
            Self::Bool(_) => "Bool(…)",
            Self::Error(_) => "Error(…)",
        })
    }
}

/// Something a person should know about how the file was read; it quotes no cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileNote {
    /// Stable code, such as `HIDDEN_SHEET`.
    pub code: String,
    /// The note in Chinese.
    pub zh: String,
    /// The note in English.
    pub en: String,
    /// The sheet it is about; `None` for the whole file.
    pub sheet: Option<String>,
}
