//! Workbooks that real programs write, read as they are.

use std::{fs, path::PathBuf};

use baoxue_intake::{
    format::{Cell, Merge, Sheet, Workbook},
    wire,
};
use chrono::NaiveDate;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula};

use crate::build::{codes, dimensions, number_cell, ods, read, record, texts, xls, xlsx};

type Written = rust_xlsxwriter::Workbook;

fn saved(mut book: Written) -> Workbook {
    read("名单.xlsx", &book.save_to_buffer().unwrap())
}

fn day(text: &str) -> Cell {
    Cell::Day(text.parse::<NaiveDate>().unwrap())
}

#[test]
fn values_keep_their_kind_and_their_place() {
    let mut book = Written::new();
    let sheet = book.add_worksheet().set_name("流水镇").unwrap();
    let date = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    let moment = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    sheet.write_string(2, 1, " 张　三 ").unwrap();
    sheet.write_number(2, 2, 42).unwrap();
    sheet.write_number(2, 3, 3.25).unwrap();
    sheet.write_boolean(2, 4, true).unwrap();
    sheet
        .write_datetime_with_format(2, 5, ExcelDateTime::from_ymd(2009, 3, 5).unwrap(), &date)
        .unwrap();
    let at_eight = ExcelDateTime::from_ymd(2019, 7, 5).unwrap().and_hms(8, 30, 0).unwrap();
    sheet.write_datetime_with_format(2, 6, at_eight, &moment).unwrap();
    sheet.write_string(2, 7, "610902200903058888").unwrap();
    sheet.write_blank(2, 9, &date).unwrap();
    sheet.write_string(4, 0, "   ").unwrap();
    let book = saved(book);

    let rows = &book.sheets[0].rows;
    assert_eq!(rows.len(), 3, "a last row of blanks is dropped, leading rows are not");
    assert!(rows[0].is_empty() && rows[1].is_empty());
    let expected = [
        Cell::Empty,
        Cell::Text(" 张　三 ".to_owned()),
        Cell::Number(42.0),
        Cell::Number(3.25),
        Cell::Bool(true),
        day("2009-03-05"),
        Cell::Text("2019-07-05 08:30:00".to_owned()),
        Cell::Text("610902200903058888".to_owned()),
    ];
    assert!(rows[2] == expected, "{:?}", texts(&book.sheets[0])[2]);
    assert_eq!(texts(&book.sheets[0])[2][1..6], [" 张　三 ", "42", "3.25", "TRUE", "2009-03-05"]);
}

#[test]
fn an_id_stored_as_a_number_shows_the_digits_that_are_left_and_no_more() {
    let cases = [
        (610_902_200_809_087_000.0, "6.10902200809087E+17"),
        // Written by a program that had all 18 digits: a float keeps 15 of them for sure.
        (610_902_200_809_087_123.0, "6.10902200809087E+17"),
        (610_902_200_809_080_000.0, "6.10902200809080E+17"),
        // Rounded by a list that had shown it as 6.10902E+17.
        (610_902_000_000_000_000.0, "6.10902E+17"),
        (-2e15, "-2E+15"),
        (610_902_090_308_123.0, "610902090308123"),
        (13_891_500_000.0, "13891500000"),
        (-0.5, "-0.5"),
    ];
    for (number, text) in cases {
        assert_eq!(Cell::Number(number).text(), text);
    }
    let (id, doubts) = baoxue_claim::IdMention::read(&Cell::Number(cases[1].0).text()).unwrap();
    assert_eq!(doubts, [baoxue_claim::Doubt::IdPrecisionLost]);
    assert_eq!(id.digits(), Some("610902200809087???"));
}

#[test]
fn hidden_sheets_rows_and_columns_are_read_and_said() {
    let mut book = Written::new();
    let shown = book.add_worksheet().set_name("一").unwrap();
    for row in 0..6 {
        shown.write_string(row, 0, "村").unwrap();
        shown.write_string(row, 3, "名").unwrap();
    }
    shown.set_row_hidden(2).unwrap();
    shown.set_row_hidden(4).unwrap();
    shown.set_column_range_hidden(1, 2).unwrap();
    shown.set_column_hidden(40).unwrap();
    shown.autofilter(0, 0, 5, 3).unwrap();
    book.add_worksheet().set_name("二").unwrap().set_hidden(true).write_string(0, 0, "丙").unwrap();
    book.add_worksheet()
        .set_name("三")
        .unwrap()
        .set_very_hidden(true)
        .write_string(0, 0, "丁")
        .unwrap();
    let book = saved(book);

    let hidden: Vec<bool> = book.sheets.iter().map(|sheet| sheet.hidden).collect();
    assert_eq!(hidden, [false, true, true]);
    assert_eq!(texts(&book.sheets[2]), [["丁"]]);
    assert_eq!(book.sheets[0].hidden_rows, [3, 5]);
    assert_eq!(book.sheets[0].hidden_columns, [2, 3], "not beyond the widest row");
    assert_eq!(codes(&book), ["HIDDEN_ROWS", "HIDDEN_COLUMNS", "HIDDEN_SHEET", "HIDDEN_SHEET"]);
    assert!(book.notes[0].zh.contains("筛选") && book.notes[0].zh.contains("3、5"));
}

#[test]
fn merged_cells_are_reported_and_not_filled() {
    let mut book = Written::new();
    let sheet = book.add_worksheet();
    sheet.merge_range(0, 0, 0, 2, "花名册", &Format::new()).unwrap();
    sheet.merge_range(1, 0, 3, 0, "泸康社区", &Format::new()).unwrap();
    sheet.write_string(3, 1, "三组").unwrap();
    let book = saved(book);
    assert_eq!(
        book.sheets[0].merges,
        [
            Merge { top: 1, left: 1, bottom: 1, right: 2 },
            Merge { top: 2, left: 1, bottom: 4, right: 1 }
        ],
        "cut to the filled part of the sheet"
    );
    assert_eq!(texts(&book.sheets[0])[2], Vec::<String>::new());
}

#[test]
fn formulas_stand_for_their_stored_value() {
    let mut book = Written::new();
    let sheet = book.add_worksheet().set_name("表").unwrap();
    sheet.write_formula(0, 0, Formula::new("=1+1").set_result("2")).unwrap();
    sheet.write_formula(0, 1, Formula::new("=A1&\"岁\"").set_result("2岁")).unwrap();
    sheet.write_formula(0, 2, Formula::new("=NA()").set_result("#N/A")).unwrap();
    let book = saved(book);
    assert_eq!(texts(&book.sheets[0]), [["2", "2岁", "#N/A"]]);
    assert!(matches!(book.sheets[0].rows[0][2], Cell::Error(_)));
    assert_eq!(codes(&book), ["FORMULAS"]);
    assert!(book.notes[0].zh.starts_with("3 "));

    let uncomputed = r#"<sheetData><row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><f t="shared" si="0"/><v>5</v></c></row></sheetData>"#;
    let book = read("名单.xlsx", &xlsx(uncomputed, &[]));
    assert_eq!(codes(&book), ["FORMULAS", "FORMULAS_WITHOUT_VALUE"]);
    assert!(book.notes[1].en.starts_with("1 "));
}

#[test]
fn cells_without_references_and_rich_texts_find_their_place() {
    let sheet = r#"<sheetData><row><c t="inlineStr"><is><r><t>张</t></r><r><t>三</t></r></is></c><c/><c t="s"><v>1</v></c></row><row><c><v>5</v></c></row></sheetData>"#;
    let strings = "<sst><si/><si><r><t>流水</t></r><r><t>镇</t></r><rPh sb=\"0\" eb=\"1\"><t>liu</t></rPh></si></sst>";
    let book = read("名单.xlsx", &xlsx(sheet, &[("xl/sharedStrings.xml", strings.as_bytes())]));
    assert_eq!(texts(&book.sheets[0]), [vec!["张三", "", "流水镇"], vec!["5"]]);
}

#[test]
fn days_of_both_epochs_are_the_same_days() {
    let styles = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="46"/></cellXfs></styleSheet>"#;
    let sheet = r#"<sheetData><row r="1"><c r="A1" s="1"><v>39877</v></c><c r="B1" s="1"><v>60</v></c><c r="C1" s="1"><v>1</v></c><c r="D1" s="1"><v>0.5</v></c><c r="E1" s="1"><v>-3</v></c><c r="F1" s="1"><v>610902200809087000</v></c><c r="G1" s="2"><v>1.25</v></c><c r="H1" t="d"><v>2009-03-05T00:00:00</v></c></row></sheetData>"#;
    let book = read("名单.xlsx", &xlsx(sheet, &[("xl/styles.xml", styles.as_bytes())]));
    assert_eq!(
        texts(&book.sheets[0])[0],
        [
            "2009-03-05",
            "1900-02-29",
            "1900-01-01",
            "12:00:00",
            "-3",
            "6.10902200809087E+17",
            "30:00:00",
            "2009-03-05"
        ]
    );
}

#[test]
fn an_xls_tells_hidden_rows_columns_and_merges() {
    let hidden_row = [4_u16, 0, 1, 255, 0, 0, 0x20, 0].map(u16::to_le_bytes).concat();
    let hidden_columns = [1_u16, 2, 100, 0, 1, 0].map(u16::to_le_bytes).concat();
    let merge = [1_u16, 0, 0, 0, 3].map(u16::to_le_bytes).concat();
    let book = read(
        "名单.xls",
        &xls(&[
            dimensions(5, 4),
            record(0x0208, &hidden_row),
            record(0x007D, &hidden_columns),
            number_cell(0, 0, 7.0),
            number_cell(4, 3, 6.109_022_008_090_87e17),
            record(0x00E5, &merge),
        ]),
    );
    let sheet = &book.sheets[0];
    assert_eq!((sheet.name.as_str(), sheet.rows.len()), ("A", 5));
    assert_eq!(sheet.rows[4][3].text(), "6.10902200809087E+17");
    assert_eq!(sheet.hidden_rows, [5]);
    assert_eq!(sheet.hidden_columns, [2, 3]);
    assert_eq!(sheet.merges, [Merge { top: 1, left: 1, bottom: 1, right: 4 }]);
}

#[test]
fn an_ods_tells_repeats_spans_comments_and_hidden_parts() {
    let styles = r#"<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>"#;
    let tables = r#"<table:table table:name="一" table:style-name="ta1"><table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/><table:table-column table:number-columns-repeated="16381"/>
        <table:table-row><table:table-cell table:number-columns-spanned="3" office:value-type="string"><text:p>花<text:span>名</text:span>册</text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated="2"/></table:table-row>
        <table:table-row table:number-rows-repeated="2" table:visibility="filter"><table:table-cell office:value-type="float" office:value="8"><text:p>8.0</text:p></table:table-cell><table:table-cell office:value-type="string" table:number-columns-repeated="2"><office:annotation><text:p>批注</text:p></office:annotation><text:p>甲<text:s text:c="2"/>乙</text:p><text:p>丙&amp;&#20013;</text:p></table:table-cell></table:table-row>
        <table:table-row><table:table-cell office:value-type="date" office:date-value="2009-03-05"/><table:table-cell office:value-type="boolean" office:boolean-value="true"/><table:table-cell table:formula="of:=1/0" office:value-type="string"><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
        <table:table table:name="二" table:style-name="ta2"><table:table-row><table:table-cell office:value-type="string"><text:p>丁</text:p></table:table-cell></table:table-row></table:table>"#;
    let book = read("名单.ods", &ods(styles, tables));
    let sheet = &book.sheets[0];
    let row = vec!["8", "甲  乙\n丙&中", "甲  乙\n丙&中"];
    assert_eq!(
        texts(sheet),
        [vec!["花名册"], row.clone(), row, vec!["2009-03-05", "TRUE", "#DIV/0!"]]
    );
    assert_eq!(sheet.merges, [Merge { top: 1, left: 1, bottom: 1, right: 3 }]);
    assert_eq!(sheet.hidden_rows, [2, 3]);
    assert_eq!(sheet.hidden_columns, [2, 3]);
    assert!(!sheet.hidden && book.sheets[1].hidden);
    assert_eq!(codes(&book), ["HIDDEN_ROWS", "HIDDEN_COLUMNS", "FORMULAS", "HIDDEN_SHEET"]);
}

#[test]
fn a_web_page_named_xls_is_read_and_said() {
    let page = "<html><head><meta charset=\"gb2312\"><style>td{color:red}</style></head><body><table border=1>\n<tr><th colspan='2'>花名册</th><th>备注</th></tr><tr><td rowspan=2>流水镇</td><td>张&nbsp;三<br>李四</td></tr>\n<tr><td style=\"a>b\">610902200903058888</td><td>a &lt; b</td></tr></table></body></html>";
    let (bytes, ..) = encoding_rs::GBK.encode(page);
    let book = read("名单.xls", &bytes);
    assert_eq!(
        texts(&book.sheets[0]),
        [
            vec!["花名册", "", "备注"],
            vec!["流水镇", "张\u{a0}三\n李四"],
            vec!["", "610902200903058888", "a < b"]
        ]
    );
    assert_eq!(
        book.sheets[0].merges,
        [
            Merge { top: 1, left: 1, bottom: 1, right: 2 },
            Merge { top: 2, left: 1, bottom: 3, right: 1 }
        ]
    );
    assert_eq!(codes(&book), ["NAME_AND_CONTENT_DIFFER"]);
}

fn county(name_part: &str, ending: &str) -> Vec<(PathBuf, Workbook)> {
    let folder = std::path::absolute("../../examples/county/input").unwrap();
    let mut books = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(ending) && name.contains(name_part) {
            books.push((path.clone(), read(&name, &fs::read(&path).unwrap())));
        }
    }
    books
}

fn row_counts(sheets: &[Sheet]) -> Vec<usize> {
    sheets.iter().map(|sheet| sheet.rows.len()).collect()
}

#[test]
fn the_files_of_the_sample_county_are_read_as_other_programs_read_them() {
    // Counted with xlrd, odfpy and openpyxl.
    let poverty = county("03_", ".xls");
    assert_eq!(
        row_counts(&poverty[0].1.sheets),
        [44, 31, 22, 117, 133, 128, 69, 223, 80, 133, 101, 67]
    );
    let first = &poverty[0].1.sheets[0];
    assert_eq!(first.rows[2][4].text(), "姓名");
    assert_eq!(first.merges.len(), 2);
    let survey = county("05_07_", ".xls");
    assert_eq!(row_counts(&survey[0].1.sheets), [133, 4]);
    let open_document = county("05_10_", ".ods");
    assert_eq!(row_counts(&open_document[0].1.sheets), [240, 4]);
    assert_eq!(open_document[0].1.sheets[0].rows[3][5].text(), "2004-04-11");
    let registry = county("02_", ".xlsx");
    assert_eq!(row_counts(&registry[0].1.sheets), [2_356]);
}

#[test]
fn what_is_read_survives_the_pipe() {
    for ending in [".xls", ".ods", ".csv", ".xlsx"] {
        let (_, book) = county("", ending).swap_remove(0);
        let sent = wire::encode(&Ok(book.clone()));
        assert!(wire::decode(&sent) == Ok(Ok(book)));
        assert!(wire::decode(&sent[..sent.len() - 1]).is_err());
    }
    let refusal = crate::build::refused("名单.xlsx", b"%PDF-1.4");
    assert_eq!(wire::decode(&wire::encode(&Err(refusal.clone()))), Ok(Err(refusal)));
}

#[test]
fn a_debug_print_of_cells_shows_no_values() {
    let book = read("名单.csv", "姓名\r\n张小雨".as_bytes());
    assert!(!format!("{book:?}").contains("小雨"));
}
