//! Lists as text, in every encoding and with every slip.

use baoxue_intake::format::OpenError;
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use crate::build::{codes, read, refused, texts};

const LIST: &str = "姓名,村,备注\r\n张小雨,流水村,\"在家,外出\"\r\n李𠮷,牛蹄村,7.25\r\n";

fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
    let swap = |unit: u16| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() };
    text.encode_utf16().flat_map(swap).collect()
}

#[track_caller]
fn check(bytes: &[u8], notes: &[&str]) {
    let book = read("名单.csv", bytes);
    assert_eq!(
        texts(&book.sheets[0]),
        [
            vec!["姓名", "村", "备注"],
            vec!["张小雨", "流水村", "在家,外出"],
            vec!["李𠮷", "牛蹄村", "7.25"]
        ]
    );
    assert_eq!(codes(&book), notes);
}

#[test]
fn every_encoding_gives_the_same_rows() {
    check(LIST.as_bytes(), &[]);
    check(&[b"\xEF\xBB\xBF", LIST.as_bytes()].concat(), &[]);
    check(&GB18030.encode(LIST).0, &["ENCODING_GUESSED"]);
    assert_eq!((UTF_16LE.name(), UTF_16BE.name()), ("UTF-16LE", "UTF-16BE"));
    for big_endian in [false, true] {
        check(&utf16(&format!("\u{feff}{LIST}"), big_endian), &[]);
        check(&utf16(LIST, big_endian), &["ENCODING_GUESSED"]);
    }
}

#[test]
fn every_delimiter_is_found() {
    for delimiter in ["\t", ";", "|"] {
        let list = LIST.replace("\"在家,外出\"", "在家").replace(',', delimiter);
        let book = read("名单.txt", list.as_bytes());
        assert_eq!(texts(&book.sheets[0])[1], ["张小雨", "流水村", "在家"], "{delimiter:?}");
    }
    let one_column = read("名单.txt", "姓名\n张小雨\n".as_bytes());
    assert_eq!(texts(&one_column.sheets[0]), [["姓名"], ["张小雨"]]);
    let named_xls = read("名单.xls", LIST.as_bytes());
    assert_eq!(codes(&named_xls), ["NAME_AND_CONTENT_DIFFER"]);
}

#[test]
fn rows_are_counted_as_python_counts_records() {
    let list = "a,b\n\n\"x\ny\",1\r\n\r\nlast,\"2\"\"3\"\n\n\n";
    let book = read("名单.csv", list.as_bytes());
    assert_eq!(
        texts(&book.sheets[0]),
        [vec!["a", "b"], vec![], vec!["x\ny", "1"], vec![], vec!["last", "2\"3"]]
    );
}

#[test]
fn a_quotation_mark_that_nothing_closes_costs_one_row() {
    let row = |row: u32| format!("张{row},{}\n", if row == 10 { "\"外出" } else { "在校" });
    let list = format!("姓名,备注\n{}", (2..=500).map(row).collect::<Vec<_>>().concat());
    for list in [list.clone(), list + "末行,\"没有结束"] {
        let book = read("名单.csv", list.as_bytes());
        let rows = texts(&book.sheets[0]);
        assert!(rows.len() >= 500);
        assert_eq!(rows[9], ["张10", "\"外出"]);
        assert_eq!(rows[10], ["张11", "在校"]);
        assert_eq!(codes(&book), ["UNPAIRED_QUOTES"]);
        assert!(book.notes[0].zh.contains("第 10"));
    }
}

#[test]
fn a_file_of_quotation_marks_ends_quickly() {
    for pattern in ["\"", "\"\"", ",\"a", "\"\n", "\"\"\n", "a\"\"\",\"\n"] {
        let list = format!("姓名,备注\n{}", pattern.repeat(300_000 / pattern.len()));
        let started = std::time::Instant::now();
        let book = baoxue_intake::format::open(
            "名单.csv",
            list.as_bytes(),
            &baoxue_intake::format::Limits::DEFAULT,
        );
        assert!(started.elapsed().as_secs() < 20, "{pattern:?}");
        assert!(book.is_ok() || matches!(book, Err(OpenError::Limit { .. })), "{pattern:?}");
    }
}

#[test]
fn nul_characters_are_left_out_and_said() {
    let list = format!("姓名,村\n{}张\0小雨,流水村\n", "李明,牛蹄村\n".repeat(30));
    let book = read("名单.csv", list.as_bytes());
    assert_eq!(texts(&book.sheets[0])[31], ["张小雨", "流水村"]);
    assert_eq!(codes(&book), ["NUL_CHARACTERS"]);
    assert!(book.notes[0].en.contains("rows 32"));
}

#[test]
fn two_encodings_in_one_file_are_told_apart_by_line() {
    let mut bytes = "姓名,村,就读情况\n李明明,牛蹄村,在校\n".as_bytes().to_vec();
    bytes.extend_from_slice(&GB18030.encode("张小雨,流水村,在家\n").0);
    bytes.extend_from_slice("王强,大河村,在校\n".as_bytes());
    let book = read("名单.csv", &bytes);
    let rows = texts(&book.sheets[0]);
    assert_eq!(rows[1], ["李明明", "牛蹄村", "在校"]);
    assert_eq!(rows[2], ["张小雨", "流水村", "在家"]);
    assert_eq!(rows[3], ["王强", "大河村", "在校"]);
    assert_eq!(codes(&book), ["ENCODINGS_MIXED"]);
    assert!(book.notes[0].zh.contains("第 3 行"));
}

#[test]
fn a_broken_character_is_shown_and_a_broken_file_is_refused() {
    let mut bytes = LIST.repeat(20).into_bytes();
    let at = LIST.len() + "姓名,村,备注\r\n张".len();
    bytes[at] = 0xFF;
    let book = read("名单.csv", &bytes);
    assert_eq!(codes(&book), ["UNREADABLE_CHARACTERS"]);
    assert!(texts(&book.sheets[0])[4][0].contains('\u{fffd}'));
    assert!(book.notes[0].zh.contains("第 5 行"));

    let mut torn = Vec::new();
    for _ in 0..40 {
        torn.extend_from_slice(b"name,\xE5\xFF\xB0\xFF\xE6\xFF,x\n");
    }
    assert_eq!(refused("名单.csv", &torn).code(), "FILE_ENCODING");
}
