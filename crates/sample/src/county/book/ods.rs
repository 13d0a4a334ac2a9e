//! Spreadsheets of office programs other than Excel (`OpenDocument`), with just the parts that readers need.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{Cell, Visible};
use crate::county::county_error::CountyError;

const MIMETYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";
const HEAD: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8"?>"#,
    r#"<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0""#,
    r#" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0""#,
    r#" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0""#,
    r#" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.2">"#,
    r#"<office:automatic-styles><style:style style:name="hidden" style:family="table">"#,
    r#"<style:table-properties table:display="false"/></style:style></office:automatic-styles>"#,
    "<office:body><office:spreadsheet>",
);
const TAIL: &str = "</office:spreadsheet></office:body></office:document-content>";
const MANIFEST: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8"?>"#,
    r#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">"#,
    r#"<manifest:file-entry manifest:full-path="/""#,
    r#" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>"#,
    r#"<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>"#,
    "</manifest:manifest>",
);

/// The content part, growing row by row.
#[derive(Default)]
pub(super) struct OdsText {
    content: String,
    open: bool,
}

impl OdsText {
    pub(super) fn sheet(&mut self, name: &str, visible: Visible) {
        self.close();
        let style = match visible {
            Visible::Shown => "",
            Visible::Hidden => r#" table:style-name="hidden""#,
        };
        self.content.push_str("<table:table table:name=\"");
        escape(&mut self.content, name);
        self.content.push('"');
        self.content.push_str(style);
        self.content.push('>');
        self.open = true;
    }

    fn close(&mut self) {
        if self.open {
            self.content.push_str("</table:table>");
        }
        self.open = false;
    }

    pub(super) fn row(&mut self, cells: &[Cell]) {
        self.content.push_str("<table:table-row>");
        if cells.is_empty() {
            self.content.push_str("<table:table-cell/>");
        }
        for cell in cells {
            self.cell(cell);
        }
        self.content.push_str("</table:table-row>");
    }

    fn cell(&mut self, cell: &Cell) {
        let content = &mut self.content;
        // Writing into a string cannot fail.
        match cell {
            Cell::Blank => content.push_str("<table:table-cell/>"),
            Cell::Covered => content.push_str("<table:covered-table-cell/>"),
            Cell::Text(text) => {
                content.push_str("<table:table-cell office:value-type=\"string\"><text:p>");
                paragraph(content, text);
            }
            Cell::Number(number) => {
                let _ = write!(
                    content,
                    "<table:table-cell office:value-type=\"float\" office:value=\"{number}\"><text:p>{number}"
                );
            }
            Cell::Day(day) => {
                let _ = write!(
                    content,
                    "<table:table-cell office:value-type=\"date\" office:date-value=\"{day}\"><text:p>{day}"
                );
            }
            Cell::Tall(text, n_rows) => {
                let _ = write!(
                    content,
                    "<table:table-cell office:value-type=\"string\" table:number-columns-spanned=\"1\" \
                     table:number-rows-spanned=\"{n_rows}\"><text:p>"
                );
                paragraph(content, text);
            }
        }
        if !matches!(cell, Cell::Blank | Cell::Covered) {
            content.push_str("</text:p></table:table-cell>");
        }
    }

    pub(super) fn finish(mut self) -> Result<Vec<u8>, CountyError> {
        self.close();
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        // The default time of an entry is fixed (1980), which keeps the bytes the same. The type comes first, unpacked.
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        archive.start_file("mimetype", stored)?;
        archive.write_all(MIMETYPE.as_bytes())?;
        archive.start_file("META-INF/manifest.xml", packed)?;
        archive.write_all(MANIFEST.as_bytes())?;
        archive.start_file("content.xml", packed)?;
        for part in [HEAD, &self.content, TAIL] {
            archive.write_all(part.as_bytes())?;
        }
        Ok(archive.finish()?.into_inner())
    }
}

/// The text of a cell; `OpenDocument` folds runs of blanks unless they are marked.
fn paragraph(content: &mut String, text: &str) {
    let mut blank = true;
    for character in text.chars() {
        match character {
            '\n' => content.push_str("</text:p><text:p>"),
            ' ' if blank => content.push_str("<text:s/>"),
            '\t' => content.push_str("<text:tab/>"),
            other => escape(content, other.encode_utf8(&mut [0; 4])),
        }
        blank = character == ' ';
    }
}

fn escape(content: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => content.push_str("&amp;"),
            '<' => content.push_str("&lt;"),
            '>' => content.push_str("&gt;"),
            '"' => content.push_str("&quot;"),
            other => content.push(other),
        }
    }
}
