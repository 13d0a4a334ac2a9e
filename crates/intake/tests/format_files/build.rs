//! Builds files, and asks the questions that the tests share.

use std::{
    io::{Cursor, Write},
    time::{Duration, Instant},
};

use baoxue_intake::format::{Limits, OpenError, Sheet, Workbook, open};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// A refusal must come quickly, also in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

#[track_caller]
pub(crate) fn read(name: &str, bytes: &[u8]) -> Workbook {
    open(name, bytes, &Limits::DEFAULT).unwrap_or_else(|error| panic!("{}", error.en()))
}

/// The refusal of a file, which must be quick and say something in both languages.
#[track_caller]
pub(crate) fn refused(name: &str, bytes: &[u8]) -> OpenError {
    refused_within(name, bytes, &Limits::DEFAULT)
}

#[track_caller]
pub(crate) fn refused_within(name: &str, bytes: &[u8], limits: &Limits) -> OpenError {
    let started = Instant::now();
    let error = open(name, bytes, limits).expect_err("the file should be refused");
    assert!(started.elapsed() < PATIENCE, "took {:?}", started.elapsed());
    assert!(
        error.zh().contains('。') && error.zh().contains('请') || error.zh().contains("没有打开")
    );
    assert!(error.en().len() > 20 && !error.en().contains('\n'));
    error
}

pub(crate) fn texts(sheet: &Sheet) -> Vec<Vec<String>> {
    sheet.rows.iter().map(|row| row.iter().map(|cell| cell.text().into_owned()).collect()).collect()
}

pub(crate) fn codes(book: &Workbook) -> Vec<&str> {
    book.notes.iter().map(|note| note.code.as_str()).collect()
}

/// A zip container of parts.
pub(crate) fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
pub(crate) const RELS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
pub(crate) const BOOK: &str = r#"<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="名单" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
pub(crate) const BOOK_RELS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;

/// A sheet part around what stands between `<worksheet>` and `</worksheet>`.
pub(crate) fn sheet_part(inside: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{inside}</worksheet>"#
    )
}

/// A workbook with one sheet, and more parts.
pub(crate) fn xlsx(sheet: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let sheet = sheet_part(sheet);
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    parts.extend_from_slice(more);
    zip(&parts)
}

/// An .ods workbook with the given tables and styles.
pub(crate) fn ods(styles: &str, tables: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"#
    );
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
    ])
}

const SECTOR: usize = 512;
const END: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;
const TABLE: u32 = 0xFFFF_FFFD;

/// A compound file: header, one table sector, one directory sector, then up to three streams.
pub(crate) fn compound(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut table = vec![TABLE, END];
    let mut directory = entry("Root Entry", 5, END, 0);
    let mut body = Vec::new();
    for (name, content) in streams {
        // Shorter streams would lie in the mini stream.
        let mut content = content.clone();
        content.resize(content.len().max(4_096).next_multiple_of(SECTOR), 0);
        let (first, n) = (table.len(), content.len() / SECTOR);
        directory.extend(entry(name, 2, first as u32, content.len() as u32));
        table.extend((first + 1..first + n).map(|next| next as u32));
        table.push(END);
        body.extend(content);
    }
    assert!(table.len() <= 128 && directory.len() <= SECTOR);
    table.resize(128, FREE);
    directory.resize(SECTOR, 0);
    let mut file = header();
    file.extend(table.iter().flat_map(|next| next.to_le_bytes()));
    file.extend(directory);
    file.extend(body);
    file
}

fn header() -> Vec<u8> {
    let mut header = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    header.resize(24, 0);
    for word in [0x3E_u16, 3, 0xFFFE, 9, 6] {
        header.extend(word.to_le_bytes());
    }
    header.resize(44, 0);
    for word in [1_u32, 1, 0, 4_096, END, 0, END, 0, 0] {
        header.extend(word.to_le_bytes());
    }
    header.resize(SECTOR, 0xFF);
    header
}

fn entry(name: &str, kind: u8, start: u32, size: u32) -> Vec<u8> {
    let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let n_bytes = entry.len() as u16 + 2;
    entry.resize(64, 0);
    entry.extend(n_bytes.to_le_bytes());
    entry.extend([kind, 1]);
    entry.extend([0xFF; 12]);
    entry.resize(116, 0);
    entry.extend(start.to_le_bytes());
    entry.extend(size.to_le_bytes());
    entry.resize(128, 0);
    entry
}

/// A record of an .xls stream.
pub(crate) fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut record = kind.to_le_bytes().to_vec();
    record.extend((data.len() as u16).to_le_bytes());
    record.extend(data);
    record
}

pub(crate) const BOF_BOOK: [u8; 16] = [0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0];
const BOF_SHEET: [u8; 16] = [0, 6, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0];

/// An .xls workbook of one sheet `A` made of the given records.
pub(crate) fn xls(records: &[Vec<u8>]) -> Vec<u8> {
    let mut stream = record(0x0809, &BOF_BOOK);
    let start = stream.len() + 4 + 9 + 4;
    let mut sheet = (start as u32).to_le_bytes().to_vec();
    sheet.extend([0, 0, 1, 0, b'A']);
    stream.extend(record(0x0085, &sheet));
    stream.extend(record(0x000A, &[]));
    assert_eq!(stream.len(), start);
    stream.extend(record(0x0809, &BOF_SHEET));
    stream.extend(records.iter().flatten());
    stream.extend(record(0x000A, &[]));
    compound(&[("Workbook", stream)])
}

/// A number cell of an .xls sheet, row and column counted from 0.
pub(crate) fn number_cell(row: u16, column: u16, value: f64) -> Vec<u8> {
    let mut data = row.to_le_bytes().to_vec();
    data.extend(column.to_le_bytes());
    data.extend([0, 0]);
    data.extend(value.to_le_bytes());
    record(0x0203, &data)
}

/// The declared rectangle of an .xls sheet.
pub(crate) fn dimensions(rows: u32, columns: u16) -> Vec<u8> {
    let mut data = 0_u32.to_le_bytes().to_vec();
    data.extend(rows.to_le_bytes());
    data.extend(0_u16.to_le_bytes());
    data.extend(columns.to_le_bytes());
    data.extend([0, 0]);
    record(0x0200, &data)
}
