//! Whatever text comes, it goes in and out as text, in both modes of the writer.

use proptest::prelude::*;

use super::*;
use crate::{
    cell::cell_text,
    sample::{data, head, part, read_back},
};

const FIELDS: &[Field<String>] =
    &[Field::new(("文字", "Text"), Kind::Words, 40, |text, _| Cell::Text(text.clone()))];

fn book(texts: &[String]) -> Workbook {
    let head = head();
    let mut book = Book::new("测试", &head).unwrap();
    let page = Page {
        form: "T v1",
        tab: "表",
        title: "测试",
        unit: ("行", "rows"),
        notes: Vec::new(),
        totals: None,
        n_fixed_columns: 1,
    };
    book.table(&page, FIELDS, &texts.iter().collect::<Vec<_>>()).unwrap();
    book.finish().unwrap()
}

/// Written and read back, no formula in the file; `constant_memory` pads the table so that it takes the large path.
#[track_caller]
fn check(texts: &[String]) {
    let book = book(texts);
    let sheets = read_back(&book.bytes);
    let (_, rows) = data(&sheets[0].1);
    let read: Vec<&String> = rows.iter().map(|row| &row[1]).collect();
    let expected: Vec<String> = texts.iter().map(|text| cell_text(text).into_owned()).collect();
    assert_eq!(read, expected.iter().collect::<Vec<_>>());
    let xml = part(&book.bytes, "xl/worksheets/sheet1.xml");
    assert!(!xml.contains("<f>") && !xml.contains("<f ") && !xml.contains("hyperlink"));
}

#[test]
fn t41_text_that_looks_like_a_formula_stays_text() {
    let texts = [
        "=1+1",
        "+86 138",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        "=HYPERLINK(\"http://x\")",
        "{=1}",
        "'=1",
        "610902200809080018",
        "0123",
        "1e5",
        "TRUE",
        "2019-08-25",
        "http://example.org",
        "mailto:a@b.c",
        " 前后有空格 ",
        "两\n行",
        "_x0041_",
        "_x005F_",
        "\u{0}\u{1}\u{1f}",
        "a\u{fffe}\u{ffff}",
        "𠮷\u{200b}",
        "　",
        "&lt;f&gt;",
        "]]>",
    ];
    check(&texts.map(str::to_owned));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_text_is_read_back_equal(texts in proptest::collection::vec(any::<String>(), 1..30)) {
        check(&texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>());
    }

    #[test]
    fn any_mixture_of_marks_is_read_back_equal(
        texts in proptest::collection::vec("[=+@\t\r\n_x0-9A-F<>&;'\" \u{0}-\u{1f}]{1,20}", 1..30)
    ) {
        check(&texts);
    }
}

#[test]
fn a_long_table_comes_whole() {
    let texts: Vec<String> = (0..LARGE + 5_000)
        .map(|n| if n % 1_000 == 0 { format!("=第{n}行\u{1}_x0041_") } else { format!("第{n}行") })
        .collect();
    let book = book(&texts);
    assert_eq!(book.n_rows as usize, texts.len());
    assert_eq!(book.bytes, self::book(&texts).bytes, "the large path is deterministic too");
    check(&texts);
}

#[test]
fn a_table_longer_than_a_sheet_is_refused() {
    let text = String::new();
    let rows = vec![&text; MAX_ROWS];
    let head = head();
    let mut book = Book::new("测试", &head).unwrap();
    let page = Page {
        form: "T v1",
        tab: "表",
        title: "测试",
        unit: ("行", "rows"),
        notes: Vec::new(),
        totals: None,
        n_fixed_columns: 1,
    };
    assert!(matches!(book.table(&page, FIELDS, &rows), Err(ReportError::Rows(MAX_ROWS))));
}

#[test]
fn tab_names_are_short_clean_and_different() {
    let mut taken = BTreeSet::new();
    let long = "一张名字特别长的工作表它的名字超过了三十一个字符因此必须截断才行呢";
    assert_eq!(tab_name(long, &mut taken).chars().count(), 31);
    let second = tab_name(long, &mut taken);
    assert!(second.ends_with("~2") && second.chars().count() == 31);
    assert_eq!(tab_name("a/b:c", &mut taken), "a_b_c");
    assert_eq!(tab_name("A/B:C", &mut taken), "A_B_C~2");
    assert_eq!(tab_name(" ", &mut taken), "Sheet");
}
