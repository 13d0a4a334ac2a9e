//! Hostile and broken files: one clear message each, nothing half imported, the others of the folder still done, the
//! program alive (T-42).

use std::{
    io::{Cursor, Write},
    time::{Duration, Instant},
};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::program::{Engine, Program};

const GOOD: &str = "序号,村,姓名,性别,出生日期,身份证号,监护人,就读情况\n1,东沟村,王小川,男,2010-03-05,,王大山,在校\n";

/// A workbook of the given parts.
fn workbook(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const TYPES: &[u8] = br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
const RELS: &[u8] = br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &[u8] = br#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const BOOK_RELS: &[u8] = br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;

pub(crate) fn with_sheet(sheet: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    parts.extend(more);
    workbook(&parts)
}

pub(crate) fn sheet(rows: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    )
}

/// Name and bytes of each file that must be refused whole.
pub(crate) fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let good_workbook = with_sheet(
        &sheet(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>"#),
        &[],
    );
    let bomb = vec![b' '; 400 << 20];
    let bomb_sheet = [sheet("").as_bytes(), &bomb].concat();
    let entities = r#"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="str"><v>&d;</v></c></row></sheetData></worksheet>"#;
    let strings = br#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="4294967295" uniqueCount="4294967295"><si><t>x</t></si></sst>"#;
    let far_row = sheet(r#"<row r="4294967295"><c r="A4294967295"><v>1</v></c></row>"#);
    let columns = "列,".repeat(200_000);
    vec![
        ("截断.xlsx", good_workbook[..good_workbook.len() / 2].to_vec()),
        ("图片.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01".to_vec()),
        ("空.xlsx", Vec::new()),
        ("空.csv", Vec::new()),
        (
            "压缩炸弹.xlsx",
            workbook(&[
                ("[Content_Types].xml", TYPES),
                ("xl/workbook.xml", BOOK),
                ("xl/worksheets/sheet1.xml", &bomb_sheet),
            ]),
        ),
        ("实体展开.xlsx", with_sheet(entities, &[])),
        ("远行.xlsx", with_sheet(&far_row, &[])),
        (
            "假计数.xlsx",
            with_sheet(
                &sheet(r#"<row r="1"><c r="A1" t="s"><v>7</v></c></row>"#),
                &[("xl/sharedStrings.xml", strings)],
            ),
        ),
        ("二十万列.csv", columns.into_bytes()),
        ("路径.xlsx", workbook(&[("../../etc/passwd", b"x"), ("..\\..\\evil.xml", b"x")])),
        ("无表头.csv", "一段说明文字\n没有任何表格\n".as_bytes().to_vec()),
    ]
}

#[test]
fn t42_each_hostile_file_gets_one_message_and_the_rest_of_the_folder_is_done() {
    let program = Program::new(Engine::Sqlite);
    let folder = program.path("files");
    for (name, bytes) in hostile() {
        program.file(&format!("files/{name}"), bytes);
    }
    program.file("files/甲镇摸排表.csv", GOOD);
    let started = Instant::now();
    let answer = program.run(&folder);
    assert_eq!(answer.code, 1);
    assert!(started.elapsed() < Duration::from_mins(1), "{:?}", started.elapsed());
    let summary: serde_json::Value =
        serde_json::from_slice(&std::fs::read(program.path("out/summary.json")).unwrap()).unwrap();
    let files = summary["files"].as_array().unwrap();
    assert_eq!(files.len(), hostile().len() + 1);
    for file in files {
        let name = file["file"].as_str().unwrap();
        if name == "甲镇摸排表.csv" {
            assert_eq!(file["imported"], 1, "{file:#}");
            continue;
        }
        assert_eq!(file["imported"], 0, "{file:#}");
        assert_ne!(file["status"], "accepted", "{file:#}");
        let messages = file["messages"].as_array().unwrap();
        assert!(!messages.is_empty(), "{name} says nothing");
        assert!(messages[0].as_str().unwrap().contains(name), "{name}: {messages:?}");
    }
    assert_eq!(summary["rows"]["records"], 1);
}

#[test]
fn a_file_that_does_not_exist_is_said_and_the_others_are_done() {
    let program = Program::new(Engine::Sqlite);
    let good = program.file("甲镇摸排表.csv", GOOD);
    let (code, outcomes) = program.import(&[&program.path("没有.xlsx"), &good], &[]);
    assert_eq!(code, 1);
    assert_eq!(outcomes[0]["status"], "rejected");
    assert_eq!(outcomes[1]["imported"], 1);
}

/// Rows that are read, with a doubt or a reason that names row and column.
#[test]
fn doubtful_and_bad_cells_are_named_with_row_and_column() {
    let program = Program::new(Engine::Sqlite);
    let text = "序号,村,姓名,性别,出生日期,身份证号,监护人,就读情况\n\
        1,东沟村,王一川,男,2010-03-05,110105194912310021,王大山,在校\n\
        2,东沟村,王二川,男,2051-03-05,,王大山,在校\n\
        3,东沟村,,,,,,\n\
        4,东沟村,王四川,男,2010-03-05,6.10902E+17,王大山,在校\n\
        5,东沟村,=cmd|' /C calc'!A0,男,2010-03-05,,王大山,在校\n\
        6,东沟村,王六\0川,男,2010-03-05,,王大山,在校\n";
    let file = program.file("甲镇摸排表.csv", text);
    let (code, outcomes) = program.import(&[&file], &[]);
    assert_eq!(code, 1);
    let details = outcomes[0]["details"].as_array().unwrap();
    let about = |row: u64, code: &str| {
        details.iter().any(|d| {
            d["row"] == row
                && d["code"].as_str().unwrap().starts_with(code)
                && !d["column"].is_null()
        })
    };
    assert!(about(2, "ID_CHECKSUM") || about(2, "ID_"), "{details:#?}");
    assert!(about(3, "BIRTH_IMPOSSIBLE"), "{details:#?}");
    assert!(about(5, "ID_PRECISION_LOST"), "{details:#?}");
    assert!(details.iter().any(|d| d["row"] == 4), "{details:#?}");
}

#[test]
fn mixed_encodings_lose_no_row() {
    let program = Program::new(Engine::Sqlite);
    let mut bytes = GOOD.as_bytes().to_vec();
    // 张三, 在校 in GBK, in a file that is UTF-8.
    bytes.extend_from_slice(
        b"2,\xb6\xab\xb9\xb5\xb4\xe5,\xd5\xc5\xc8\xfd,\xc4\xd0,2010-04-05,,,\xd4\xda\xd0\xa3\n",
    );
    let file = program.file("甲镇摸排表.csv", bytes);
    let (code, outcomes) = program.import(&[&file], &[]);
    assert!(code == 1 || code == 3);
    let outcome = &outcomes[0];
    let n = |key: &str| outcome[key].as_u64().unwrap();
    assert!(outcome["status"] == "rejected" || n("imported") + n("set_aside") == 2, "{outcome:#}");
    assert!(!outcome["messages"].as_array().unwrap().is_empty());
}

#[test]
fn doubled_headers_are_said() {
    let program = Program::new(Engine::Sqlite);
    let text =
        "序号,姓名,姓名,性别,出生日期,监护人,就读情况\n1,王一川,王大山,男,2010-03-05,王大山,在校\n";
    let file = program.file("甲镇摸排表.csv", text);
    let (code, outcomes) = program.import(&[&file], &[]);
    assert_eq!(code, 1);
    assert!(outcomes[0]["messages"].to_string().contains("姓名"), "{:#}", outcomes[0]);
}

#[test]
fn wrong_configuration_wrong_kind_and_wrong_usage_change_nothing() {
    let program = Program::new(Engine::Sqlite);
    let config = program.file("county.toml", "name = 3");
    let file = program.file("甲镇摸排表.csv", GOOD);
    let config = config.to_string_lossy().into_owned();
    let file = file.to_string_lossy().into_owned();
    let answer = program.answer(&["import", &file, "--config", &config]);
    assert_eq!(answer.code, 3);
    assert!(answer.err.contains("name"), "{}", answer.err);
    assert!(!program.path("data/baoxue.db").exists(), "no database is left behind");
    assert_eq!(program.answer(&["import", &file, "--source", "摸底"]).code, 2);
    assert_eq!(program.answer(&["impart", &file]).code, 2);
    let mapping = program
        .file("questions.toml", "[[layout]]\nsource = \"nobody\"\n")
        .to_string_lossy()
        .into_owned();
    let answer = program.answer(&["import", &file, "--mapping", &mapping]);
    assert_eq!(answer.code, 3, "{}", answer.err);
}
