//! What a file is, by its bytes.

use super::{Found, package::Package};

/// The reader that a file needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A zip container.
    Zip,
    /// A compound file: .xls, .doc, .et or a locked .xlsx.
    Compound,
    /// A web page.
    Html,
    /// Text with a delimiter.
    Text,
    /// Not a table.
    Not(Found),
    /// A table in a form that is not read.
    Unread(Found),
}

/// First bytes of files that are no tables, and of old workbooks without a container.
const SIGNATURES: &[(&[u8], Kind)] = &[
    (b"PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Zip),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Kind::Compound),
    (b"\x89PNG", Kind::Not(Found::Picture)),
    (b"\xFF\xD8\xFF", Kind::Not(Found::Picture)),
    (b"GIF8", Kind::Not(Found::Picture)),
    (b"II*\0", Kind::Not(Found::Picture)),
    (b"MM\0*", Kind::Not(Found::Picture)),
    (b"%PDF", Kind::Not(Found::Pdf)),
    (b"Rar!", Kind::Not(Found::Archive)),
    (b"7z\xBC\xAF\x27\x1C", Kind::Not(Found::Archive)),
    (b"\x1F\x8B", Kind::Not(Found::Archive)),
    (b"BZh", Kind::Not(Found::Archive)),
    (b"\xFD7zXZ", Kind::Not(Found::Archive)),
    (b"MZ\x90", Kind::Not(Found::Program)),
    (b"\x7FELF", Kind::Not(Found::Program)),
    (b"SQLite format 3", Kind::Not(Found::Database)),
    (b"\0\x01\0\0Standard", Kind::Not(Found::Database)),
    (b"{\\rtf", Kind::Not(Found::RichText)),
    (b"\x09\x08\x10\0\0\x06", Kind::Unread(Found::OldExcel)),
    (b"\x09\x08\x08\0\0\x05", Kind::Unread(Found::OldExcel)),
    (b"\x09\x04\x06\0", Kind::Unread(Found::OldExcel)),
    (b"\x09\x02\x06\0", Kind::Unread(Found::OldExcel)),
    (b"\x09\0\x04\0", Kind::Unread(Found::OldExcel)),
];

/// Bytes looked at to tell kinds of text apart.
const HEAD: usize = 4_096;

/// What a file is.
pub(super) fn kind(bytes: &[u8]) -> Kind {
    if let Some((_, kind)) = SIGNATURES.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return *kind;
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Kind::Not(Found::Picture);
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    text_kind(&super::encoding::decode(head).text, head)
}

fn text_kind(text: &str, head: &[u8]) -> Kind {
    let start = text.trim_start().to_ascii_lowercase();
    let is_xml = start.starts_with("<?xml") || start.starts_with("<workbook");
    if is_xml && start.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        return Kind::Unread(Found::Spreadsheet2003);
    }
    let html = ["<html", "<!doctype html", "<table", "<head", "<body", "<meta", "<style"];
    if html.iter().any(|tag| start.starts_with(tag)) {
        return Kind::Html;
    }
    if start.starts_with('<') && (start.contains("<html") || start.contains("<table")) {
        return Kind::Html;
    }
    let is_json = start.starts_with("[{") || start.starts_with("{\"") || start.starts_with("{\n");
    if is_xml || is_json {
        return Kind::Not(Found::DataText);
    }
    if is_binary(text, head) { Kind::Not(Found::Unknown) } else { Kind::Text }
}

/// Text has hardly any control characters. NUL bytes alone may be the accident of a program that wrote a list.
fn is_binary(text: &str, head: &[u8]) -> bool {
    let n_chars = text.chars().count().max(1);
    let odd = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{1a}' | '\0');
    let n_odd = text.chars().filter(odd).count();
    let n_nul = text.chars().filter(|c| *c == '\0').count();
    n_odd * 50 > n_chars || n_nul * 10 > n_chars || head.iter().all(|b| *b == 0)
}

/// What a zip container holds, when it is no workbook that is read here; `None` for an Excel workbook.
pub(super) fn stranger(package: &Package<'_>) -> Option<Kind> {
    let has = |name: &str| package.has(name);
    if has("xl/workbook.bin") {
        return Some(Kind::Unread(Found::Xlsb));
    }
    if has("word/document.xml") {
        return Some(Kind::Not(Found::Document));
    }
    if has("ppt/presentation.xml") {
        return Some(Kind::Not(Found::Presentation));
    }
    if has("Index/Document.iwa") || has("Index.zip") {
        return Some(Kind::Unread(Found::Numbers));
    }
    let is_workbook = has("xl/workbook.xml") || (has("[Content_Types].xml") && has("_rels/.rels"));
    (!is_workbook).then_some(Kind::Not(Found::Zip))
}
