//! What one cell holds, and text made fit for a spreadsheet.

use std::borrow::Cow;

use chrono::NaiveDate;

/// Characters that a cell of a workbook holds, in UTF-16 units.
///
/// Source: "Excel specifications and limits", total number of characters that a cell can contain.
const MAX_UNITS: usize = 32_767;

/// What stands at the end of a text that was cut.
const CUT_MARK: &str = "……〔原文过长，此处截断〕";

/// What one cell holds. There is no formula among the kinds, so none can be written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// Nothing.
    Blank,
    /// Text, whatever it begins with.
    Text(String),
    /// A count.
    Number(u32),
    /// A day.
    Date(NaiveDate),
}

impl Cell {
    /// Text, or blank when it is empty.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Blank } else { Self::Text(text) }
    }

    /// Text if there is any.
    pub(crate) fn maybe(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Blank, Self::text)
    }

    /// A day if it is known.
    pub(crate) fn day(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Blank, Self::Date)
    }

    /// A number if it is known; unknown is blank, never 0.
    pub(crate) fn count(number: Option<u32>) -> Self {
        number.map_or(Self::Blank, Self::Number)
    }

    /// The parts that are known, joined with `sign`.
    pub(crate) fn joined(parts: impl IntoIterator<Item = Option<String>>, sign: &str) -> Self {
        Self::text(join(parts, sign))
    }
}

/// The parts that are known and not empty, joined with `sign`.
pub(crate) fn join(parts: impl IntoIterator<Item = Option<String>>, sign: &str) -> String {
    let known: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    known.join(sign)
}

/// The text as a cell can hold it: at most 32,767 UTF-16 units, the cut said at its end.
///
/// Control characters stay: the writer stores them as `_xHHHH_`, which spreadsheets read back. One combination it stores
/// wrongly, `_xHHHH` directly before a control character; there the control character becomes its picture (U+2400 …).
pub(crate) fn cell_text(text: &str) -> Cow<'_, str> {
    let text = picture_after_escape(text);
    // A UTF-16 unit takes at least one byte of UTF-8, so a short text needs no count.
    if text.len() <= MAX_UNITS || text.encode_utf16().count() <= MAX_UNITS {
        return text;
    }
    let room = MAX_UNITS - CUT_MARK.encode_utf16().count();
    let mut units = 0;
    let end = text
        .char_indices()
        .find(|(_, c)| {
            units += c.len_utf16();
            units > room
        })
        .map_or(text.len(), |(at, _)| at);
    Cow::Owned(format!("{}{CUT_MARK}", &text[..end]))
}

fn picture_after_escape(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") || !text.chars().any(is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_escaped(c) && ends_like_escape(&out) {
            let picture = u32::from(c).checked_add(0x2400).filter(|_| c < ' ');
            out.push(picture.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Characters that the writer stores as `_xHHHH_`.
fn is_escaped(c: char) -> bool {
    (c < ' ' && c != '\t' && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// Whether the text ends with `_x` and four hexadecimal digits.
fn ends_like_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(tail) = bytes.len().checked_sub(6).map(|at| &bytes[at..]) else { return false };
    tail.starts_with(b"_x") && tail[2..].iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_longer_than_a_cell_is_cut_and_says_so() {
        let long = "长".repeat(40_000);
        let cut = cell_text(&long);
        assert_eq!(cut.encode_utf16().count(), MAX_UNITS);
        assert!(cut.ends_with(CUT_MARK));
        let pairs = "𠮷".repeat(20_000);
        assert!(cell_text(&pairs).encode_utf16().count() <= MAX_UNITS);
        let fits = "长".repeat(MAX_UNITS);
        assert_eq!(cell_text(&fits), fits);
    }

    #[test]
    fn a_control_character_after_a_literal_escape_becomes_its_picture() {
        assert_eq!(cell_text("_x0041\u{1}"), "_x0041\u{2401}");
        assert_eq!(cell_text("_x0041_\u{1}"), "_x0041_\u{1}");
        assert_eq!(cell_text("a\u{1}_x0041"), "a\u{1}_x0041");
    }
}
