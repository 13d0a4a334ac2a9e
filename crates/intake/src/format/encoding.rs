//! The text of a file whose encoding nobody wrote down.
//!
//! Chinese lists come as UTF-8 with or without a mark, as UTF-16 from "Unicode text", and as GBK or GB18030 from Excel.
//! Sometimes two files in different encodings were pasted together.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use super::{FileNote, OpenError, notes, notes::RowNumbers};

/// Text and how it was found.
pub(super) struct Decoded {
    pub(super) text: String,
    /// Name of the encoding when it was guessed.
    guessed: Option<&'static str>,
    /// Lines in GB18030 of a file mostly in UTF-8, counted from 0.
    other_lines: Vec<usize>,
}

/// Decodes a text file.
///
/// NUL characters stay in, for the caller to count.
pub(super) fn decode(bytes: &[u8]) -> Decoded {
    let bytes = match Encoding::for_bom(bytes) {
        // The mark tells how the file began; what was pasted into it later may be something else.
        Some((encoding, n_mark)) if encoding == UTF_8 => &bytes[n_mark..],
        Some((encoding, n_mark)) => {
            let (text, _) = encoding.decode_without_bom_handling(&bytes[n_mark..]);
            return Decoded::plain(text.into_owned());
        }
        None => bytes,
    };
    if let Some(encoding) = unmarked_utf16(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        return Decoded { guessed: Some(encoding.name()), ..Decoded::plain(text.into_owned()) };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded::plain(text.to_owned());
    }
    if let Some(mixed) = decode_by_line(bytes) {
        return mixed;
    }
    let encoding = legacy(bytes);
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Decoded { guessed: Some(encoding.name()), ..Decoded::plain(text.into_owned()) }
}

impl Decoded {
    fn plain(text: String) -> Self {
        Self { text, guessed: None, other_lines: Vec::new() }
    }

    /// What to tell about the decoding. `row_of` maps a line, counted from 0, to the row it stands in.
    ///
    /// # Errors
    /// [`OpenError::Encoding`] when more than one in twenty of the characters beyond ASCII could not be decoded: such a
    /// file would enter bent, name by name.
    pub(super) fn notes(&self, row_of: impl Fn(usize) -> u64) -> Result<Vec<FileNote>, OpenError> {
        let mut notes: Vec<FileNote> =
            self.guessed.map(notes::encoding_guessed).into_iter().collect();
        if !self.other_lines.is_empty() {
            notes.push(notes::encodings_mixed(&rows(&self.other_lines, &row_of)));
        }
        let (n_places, lines) = places_of(&self.text, char::REPLACEMENT_CHARACTER);
        if n_places > 0 {
            let rows = rows(&lines, &row_of);
            let n_foreign = self.text.chars().filter(|c| !c.is_ascii()).count() as u64;
            if n_places * 20 > n_foreign.max(20) {
                let row = rows.0.first().copied().unwrap_or(1);
                return Err(OpenError::Encoding { unreadable: n_places, row });
            }
            notes.push(notes::unreadable_characters(n_places, &rows));
        }
        Ok(notes)
    }
}

/// How often a character stands in a text, and in which lines, counted from 0.
pub(super) fn places_of(text: &str, character: char) -> (u64, Vec<usize>) {
    let (mut n_places, mut lines) = (0, Vec::new());
    if !text.contains(character) {
        return (n_places, lines);
    }
    for (line, content) in text.split('\n').enumerate() {
        let n = content.matches(character).count() as u64;
        if n > 0 {
            n_places += n;
            lines.push(line);
        }
    }
    (n_places, lines)
}

/// The rows of lines, each once.
pub(super) fn rows(lines: &[usize], row_of: impl Fn(usize) -> u64) -> RowNumbers {
    let mut rows: Vec<u64> = lines.iter().map(|line| row_of(*line)).collect();
    rows.dedup();
    RowNumbers(rows)
}

/// UTF-16 without a mark shows by its NUL bytes: digits, commas and line ends have one each, always on the same side.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let n_nul = |side: usize| bytes.iter().skip(side).step_by(2).filter(|b| **b == 0).count();
    let (first, second) = (n_nul(0), n_nul(1));
    let enough = (first + second) * 20 > bytes.len();
    match (enough, first, second) {
        (true, first, second) if second > 20 * first => Some(UTF_16LE),
        (true, first, second) if first > 20 * second => Some(UTF_16BE),
        _ => None,
    }
}

/// GB18030 wherever it fits: its readers are the senders of these files. Otherwise what the statistics say.
fn legacy(bytes: &[u8]) -> &'static Encoding {
    if GB18030.decode_without_bom_handling_and_without_replacement(bytes).is_some() {
        return GB18030;
    }
    // The whole file: after a long ASCII head the detector would settle too early.
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let is_chinese_or_unsure = guess == GBK || guess.is_single_byte();
    if is_chinese_or_unsure { GB18030 } else { guess }
}

/// A file in which some lines are plainly UTF-8 and others are not UTF-8 at all; `None` when it is not mixed so.
fn decode_by_line(bytes: &[u8]) -> Option<Decoded> {
    let kinds: Vec<LineKind> = bytes.split(|b| *b == b'\n').map(LineKind::of).collect();
    if !kinds.contains(&LineKind::Utf8) {
        return None;
    }
    let (mut text, mut other_lines) = (String::with_capacity(bytes.len()), Vec::new());
    for (line, (content, kind)) in bytes.split(|b| *b == b'\n').zip(&kinds).enumerate() {
        if line > 0 {
            text.push('\n');
        }
        match kind {
            LineKind::Ascii | LineKind::Utf8 => text.push_str(&String::from_utf8_lossy(content)),
            LineKind::Other => {
                let (decoded, is_broken) = GB18030.decode_without_bom_handling(content);
                let (as_utf8, _) = UTF_8.decode_without_bom_handling(content);
                // A single broken character of a UTF-8 line must not turn the whole line into other words.
                let nearly = foreign(&as_utf8) > 4 && damage(&as_utf8) * 4 <= foreign(&as_utf8);
                if nearly || (is_broken && damage(&as_utf8) == 0) {
                    text.push_str(&as_utf8);
                } else {
                    text.push_str(&decoded);
                    other_lines.push(line);
                }
            }
        }
    }
    Some(Decoded { text, guessed: None, other_lines })
}

fn damage(text: &str) -> usize {
    text.matches(char::REPLACEMENT_CHARACTER).count()
}

fn foreign(text: &str) -> usize {
    text.chars().filter(|c| !c.is_ascii()).count()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LineKind {
    Ascii,
    Utf8,
    Other,
}

impl LineKind {
    /// Two characters of GBK can be valid UTF-8 by chance, but then they read as Greek, Cyrillic or Arabic; only text
    /// of Chinese characters and marks counts as UTF-8.
    fn of(line: &[u8]) -> Self {
        if line.is_ascii() {
            return Self::Ascii;
        }
        let Ok(text) = std::str::from_utf8(line) else { return Self::Other };
        let mut foreign = text.chars().filter(|c| !c.is_ascii());
        let is_chinese = foreign.all(|c| {
            matches!(c, '\u{b7}' | '\u{d7}' | '\u{2000}'..='\u{206f}' | '\u{2100}'..='\u{27ff}' | '\u{3000}'..='\u{9fff}' | '\u{e000}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
        });
        let is_wide = text.chars().any(|c| c >= '\u{800}');
        if is_chinese && is_wide { Self::Utf8 } else { Self::Other }
    }
}
