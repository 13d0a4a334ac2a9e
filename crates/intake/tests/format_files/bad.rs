//! One clear refusal for each way in which a file can be broken or hostile.

use baoxue_intake::format::{Damage, Found, Limits, Measure, OpenError};

use crate::build::{
    BOF_BOOK, BOOK, BOOK_RELS, RELS, TYPES, compound, dimensions, number_cell, ods, read, record,
    refused, refused_within, sheet_part, texts, xls, xlsx, zip,
};

const ONE_CELL: &str = r#"<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>"#;

fn damage(name: &str, bytes: &[u8]) -> Damage {
    match refused(name, bytes) {
        OpenError::Damaged(damage) => damage,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_empty_file_is_refused() {
    for bytes in [&b""[..], b"  \r\n\r\n", b"\xEF\xBB\xBF\r\n", b"\xFF\xFE"] {
        assert_eq!(refused("名单.csv", bytes), OpenError::Empty);
    }
}

#[test]
fn a_truncated_workbook_is_refused_wherever_it_was_cut() {
    let whole = xlsx(ONE_CELL, &[]);
    for share in [1, 4, 9] {
        let cut = &whole[..whole.len() * share / 10];
        assert_eq!(damage("名单.xlsx", cut), Damage::Truncated, "at {share}/10");
    }
    let whole = xls(&[number_cell(0, 0, 1.0)]);
    for length in [300, 700, 1_200, 3_000] {
        let found = damage("名单.xls", &whole[..length]);
        assert!(matches!(found, Damage::Truncated | Damage::Sectors), "at {length}: {found:?}");
    }
}

#[test]
fn a_sheet_cut_inside_of_the_container_is_refused() {
    let cut = r#"<sheetData><row r="1"><c r="A1"><v>1</v></c>"#;
    let parts: [(&str, &[u8]); 5] = [
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS.as_bytes()),
        ("xl/worksheets/sheet1.xml", cut.as_bytes()),
    ];
    assert_eq!(damage("名单.xlsx", &zip(&parts)), Damage::Sheet("名单".to_owned()));
    assert_eq!(
        damage("名单.xlsx", &zip(&parts[..4])),
        Damage::PartMissing("xl/worksheets/sheet1.xml".to_owned())
    );
}

#[test]
fn a_password_is_named_as_the_reason() {
    let office = compound(&[("EncryptionInfo", vec![1; 600]), ("EncryptedPackage", vec![2; 600])]);
    assert_eq!(refused("名单.xlsx", &office), OpenError::Encrypted);

    let mut stream = record(0x0809, &BOF_BOOK);
    stream.extend(record(0x002F, &[1, 0, 1, 0]));
    stream.extend(record(0x000A, &[]));
    assert_eq!(refused("名单.xls", &compound(&[("Workbook", stream)])), OpenError::Encrypted);

    let manifest = b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let open_document = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", b"\x07\x93\x11\xF0"),
    ]);
    assert_eq!(refused("名单.ods", &open_document), OpenError::Encrypted);
}

#[test]
fn what_is_no_table_is_called_by_its_kind() {
    let docx = zip(&[("[Content_Types].xml", TYPES.as_bytes()), ("word/document.xml", b"<w/>")]);
    let text_document =
        zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>")]);
    let noise: Vec<u8> =
        (0..4_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let cases: [(&[u8], Found); 9] = [
        (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", Found::Picture),
        (b"\xFF\xD8\xFF\xE0\0\x10JFIF", Found::Picture),
        (b"%PDF-1.7\n%\xE2\xE3", Found::Pdf),
        (b"Rar!\x1A\x07\0", Found::Archive),
        (b"{\\rtf1\\ansi", Found::RichText),
        (&docx, Found::Document),
        (&zip(&[("readme.txt", b"hello")]), Found::Zip),
        (&text_document, Found::OpenDocumentOther),
        (&noise, Found::Unknown),
    ];
    for (bytes, found) in cases {
        assert_eq!(refused("名单.xlsx", bytes), OpenError::NotAWorkbook { found });
    }
    assert_eq!(
        refused("名单.xls", &compound(&[("WordDocument", vec![1; 600])])),
        OpenError::NotAWorkbook { found: Found::Document }
    );
    assert_eq!(refused("名单.csv", &[0; 2_000]), OpenError::NotAWorkbook { found: Found::Unknown });
}

#[test]
fn tables_in_forms_that_are_not_read_are_sent_back_to_be_saved_anew() {
    let xlsb = zip(&[("[Content_Types].xml", TYPES.as_bytes()), ("xl/workbook.bin", b"\x83\x01")]);
    let xml_2003 = br#"<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>"#;
    let mut old = BOF_BOOK;
    old[1] = 5;
    let old = compound(&[("Workbook", record(0x0809, &old))]);
    let cases: [(&str, &[u8], Found); 5] = [
        ("名单.xlsb", &xlsb, Found::Xlsb),
        ("名单.xls", xml_2003, Found::Spreadsheet2003),
        ("名单.xls", &old, Found::OldExcel),
        ("名单.xls", &compound(&[("Book", vec![9; 600])]), Found::OldExcel),
        ("名单.et", &compound(&[("ET_Workbook", vec![9; 600])]), Found::WpsSpreadsheet),
    ];
    for (name, bytes, found) in cases {
        let refusal = refused(name, bytes);
        assert_eq!(refusal, OpenError::Unsupported { found });
        assert!(refusal.zh().contains(".xlsx"));
    }
}

#[test]
fn t42_a_zip_bomb_is_stopped_while_it_inflates() {
    let bomb = xlsx(ONE_CELL, &[("xl/media/image1.png", &vec![0; 6 << 20])]);
    assert!(bomb.len() < 20_000);
    assert!(matches!(
        refused("名单.xlsx", &bomb),
        OpenError::ZipBomb { part, .. } if part == "xl/media/image1.png"
    ));
    let limits = Limits { unpacked_bytes: 1_000, ..Limits::DEFAULT };
    assert_eq!(refused_within("名单.xlsx", &xlsx(ONE_CELL, &[]), &limits).code(), "FILE_ZIP_BOMB");
}

#[test]
fn entity_declarations_are_refused_in_any_part_and_across_a_chunk() {
    let laughs =
        r#"<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><sst>&lol2;</sst>"#;
    // The declaration lies across the border of the first block of 64 KiB that is inflated.
    let padded = format!("<?xml version=\"1.0\"?>{}{laughs}", " ".repeat((64 << 10) - 26));
    let small = format!("<?xml version=\"1.0\"?>{}", laughs.to_lowercase());
    for strings in [laughs.to_owned(), padded, small] {
        let file = xlsx(ONE_CELL, &[("xl/sharedStrings.xml", strings.as_bytes())]);
        assert_eq!(
            refused("名单.xlsx", &file),
            OpenError::EntityExpansion { part: "xl/sharedStrings.xml".to_owned() }
        );
    }
}

#[test]
fn positions_outside_of_every_sheet_are_refused_with_their_place() {
    let cases = [
        (
            r#"<sheetData><row r="4294967295"><c r="A4294967295"><v>1</v></c></row></sheetData>"#,
            "4294967295",
        ),
        (r#"<sheetData><row r="1"><c r="A1048577"><v>1</v></c></row></sheetData>"#, "A1048577"),
        (r#"<sheetData><row r="0"><c r="A0"><v>1</v></c></row></sheetData>"#, "0"),
        (r#"<sheetData><row r="99999999999999999999"/></sheetData>"#, "99999999999999999999"),
        // Column 200,000.
        (r#"<sheetData><row r="1"><c r="KIVD1"><v>1</v></c></row></sheetData>"#, "KIVD1"),
        (r#"<sheetData/><mergeCells><mergeCell ref="A1:XFE9"/></mergeCells>"#, "A1:XFE9"),
    ];
    for (sheet, reference) in cases {
        assert_eq!(
            damage("名单.xlsx", &xlsx(sheet, &[])),
            Damage::Position { sheet: "名单".to_owned(), reference: reference.to_owned() }
        );
    }
}

#[test]
fn t42_a_false_count_of_texts_is_refused_before_memory_is_reserved() {
    for declared in ["4294967295", "99999999999999999999999"] {
        let strings = format!(r#"<sst uniqueCount="{declared}"><si><t>张</t></si></sst>"#);
        let found =
            damage("名单.xlsx", &xlsx(ONE_CELL, &[("xl/sharedStrings.xml", strings.as_bytes())]));
        assert!(matches!(found, Damage::StringCount { bytes: 40..100, .. }), "{found:?}");
    }
}

#[test]
fn a_far_cell_costs_what_it_is_and_a_far_column_is_refused() {
    let far_row = r#"<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="A1048576"><v>7</v></c></row></sheetData>"#;
    let book = read("名单.xlsx", &xlsx(far_row, &[]));
    assert_eq!(book.sheets[0].rows.len(), 1_048_576);
    assert_eq!(book.sheets[0].rows[1_048_575][0].text(), "7");

    let far_corner =
        r#"<sheetData><row r="1048576"><c r="XFD1048576"><v>7</v></c></row></sheetData>"#;
    assert_eq!(
        refused("名单.xlsx", &xlsx(far_corner, &[])),
        OpenError::Limit { what: Measure::Columns, limit: 2_000, sheet: Some("名单".to_owned()) }
    );
}

#[test]
fn many_far_cells_are_paid_for_by_the_budget() {
    let limits = Limits { cells: 100_000, ..Limits::DEFAULT };
    let row = |row: u32| format!(r#"<row r="{row}"><c r="BXX{row}"><v>1</v></c></row>"#);
    let rows = (1..=60).map(row).collect::<Vec<_>>().concat();
    let file = xlsx(&format!("<sheetData>{rows}</sheetData>"), &[]);
    assert!(matches!(
        refused_within("名单.xlsx", &file, &limits),
        OpenError::Limit { what: Measure::Cells, .. }
    ));
    let repeated = r#"<table:table table:name="A"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="1000" office:value-type="float" office:value="1"/></table:table-row></table:table>"#;
    assert!(matches!(
        refused("名单.ods", &ods("", repeated)),
        OpenError::Limit { what: Measure::Cells, .. }
    ));
}

#[test]
fn a_text_file_of_two_hundred_thousand_columns_is_refused() {
    let header = (0..200_000).map(|n| format!("列{n}")).collect::<Vec<_>>().join(",");
    assert_eq!(
        refused("名单.csv", header.as_bytes()),
        OpenError::Limit { what: Measure::Columns, limit: 2_000, sheet: None }
    );
}

#[test]
fn names_of_parts_that_lead_outside_or_stand_twice_are_refused() {
    for name in ["../../etc/passwd", "xl\\..\\..\\boot.ini", "C:/windows/x"] {
        assert_eq!(damage("名单.xlsx", &xlsx(ONE_CELL, &[(name, b"x")])), Damage::PartName);
    }
    let twice =
        xlsx(ONE_CELL, &[("XL/Worksheets/Sheet1.xml", sheet_part("<sheetData/>").as_bytes())]);
    assert_eq!(damage("名单.xlsx", &twice), Damage::PartName);
}

#[test]
fn two_sheets_of_one_name_are_refused() {
    let book =
        BOOK.replace("</sheets>", r#"<sheet name="名单" sheetId="2" r:id="rId1"/></sheets>"#);
    let sheet = sheet_part(ONE_CELL);
    let file = zip(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ]);
    assert_eq!(damage("名单.xlsx", &file), Damage::SheetNames);
}

#[test]
fn t42_too_many_parts_and_too_many_bytes_are_refused() {
    let names: Vec<String> = (0..1_100).map(|n| format!("xl/media/{n}.xml")).collect();
    let more: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(
        refused("名单.xlsx", &xlsx(ONE_CELL, &more)),
        OpenError::Limit { what: Measure::Parts, limit: 1_000, sheet: None }
    );
    let limits = Limits { file_bytes: 10, ..Limits::DEFAULT };
    assert_eq!(
        refused_within("名单.csv", b"a,b\r\n1,2\r\n3,4", &limits),
        OpenError::TooLarge { bytes: 13, limit: 10 }
    );
}

#[test]
fn lies_in_the_tables_of_an_xls_are_refused() {
    let whole = xls(&[number_cell(0, 0, 1.0)]);
    // Number of table sectors, of mini table sectors, of table lists; first directory sector; first entry of the table.
    for place in [44, 64, 72] {
        let mut file = whole.clone();
        file[place..place + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(damage("名单.xls", &file), Damage::Sectors, "at {place}");
    }
    let mut file = whole.clone();
    file[48..52].copy_from_slice(&0x00FF_FFFF_u32.to_le_bytes());
    assert_eq!(damage("名单.xls", &file), Damage::Truncated);
    // A chain that runs in a circle: the directory is followed by itself.
    let mut file = whole;
    file[512 + 4..512 + 8].copy_from_slice(&1_u32.to_le_bytes());
    assert_eq!(damage("名单.xls", &file), Damage::Sectors);
}

#[test]
fn lies_in_the_records_of_an_xls_are_refused() {
    let lies = [dimensions(u32::MAX, 256), dimensions(65_536, u16::MAX), record(0x0200, &[0; 3])];
    for lie in lies {
        assert_eq!(damage("名单.xls", &xls(&[lie, number_cell(0, 0, 1.0)])), Damage::Workbook);
    }
    assert_eq!(
        damage("名单.xls", &xls(&[number_cell(9, 300, 1.0)])),
        Damage::Workbook,
        "a column that no .xls sheet has"
    );
    // The rectangle around two far cells is what the reader would allocate.
    let limits = Limits { cells: 1_000_000, ..Limits::DEFAULT };
    let far = xls(&[number_cell(0, 0, 1.0), number_cell(65_535, 255, 2.0)]);
    assert!(matches!(
        refused_within("名单.xls", &far, &limits),
        OpenError::Limit { what: Measure::Cells, .. }
    ));
}

#[test]
fn a_web_page_that_is_no_plain_table_is_refused() {
    let pages: [&str; 3] = [
        "<html><body>请登录</body></html>",
        "<table><tr><td><table><tr><td>张</td></tr></table></td></tr></table>",
        "<!DOCTYPE html><html><table></table></html>",
    ];
    for page in pages {
        assert_eq!(
            refused("名单.xls", page.as_bytes()),
            OpenError::NotAWorkbook { found: Found::WebPage }
        );
    }
}

#[test]
fn a_dimension_that_lies_does_not_matter() {
    let sheet = format!(r#"<dimension ref="A1:XFD1048576"/>{ONE_CELL}"#);
    assert_eq!(texts(&read("名单.xlsx", &xlsx(&sheet, &[])).sheets[0]), [["1"]]);
}

#[test]
fn an_ods_with_two_tables_of_one_name_is_refused() {
    let table = r#"<table:table table:name="表"><table:table-row/></table:table>"#;
    let other = table.replace("表", "另");
    assert_eq!(damage("名单.ods", &ods("", &table.repeat(2))), Damage::SheetNames);
    let two = format!("{table}{other}");
    assert_eq!(read("名单.ods", &ods("", &two)).sheets.len(), 2);
}
