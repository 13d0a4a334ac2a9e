//! Whatever happens to the bytes of a file: an answer, no panic.

use std::{fs, sync::LazyLock};

use baoxue_claim::Towns;
use baoxue_intake::{
    Context, Layouts,
    format::{Limits, OpenError, Workbook, open},
    read, wire,
};
use proptest::prelude::*;

use crate::build::{dimensions, number_cell, ods, xls, xlsx};

/// Small limits, so that a lucky lie is cheap.
const LIMITS: Limits = Limits {
    file_bytes: 1 << 20,
    unpacked_bytes: 4 << 20,
    zip_members: 40,
    ratio: 200,
    cells: 200_000,
    columns: 400,
    rows: 70_000,
    text_bytes: 4 << 20,
};

static SEEDS: LazyLock<Vec<(&'static str, Vec<u8>)>> = LazyLock::new(|| {
    let sheet = r#"<cols><col min="2" max="3" hidden="1"/></cols><sheetData><row r="1" hidden="1"><c r="A1" t="inlineStr"><is><t>张</t></is></c><c r="C1"><f>1</f><v>39877</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>"#;
    let table = r#"<table:table table:name="一"><table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="8"><text:p>8</text:p></table:table-cell></table:table-row></table:table>"#;
    let county = std::path::absolute("../../examples/county/input").unwrap();
    let real_xls = fs::read_dir(county)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "xls"))
        .map(|path| fs::read(path).unwrap())
        .min_by_key(Vec::len)
        .unwrap();
    vec![
        ("a.xlsx", xlsx(sheet, &[])),
        ("a.xls", xls(&[dimensions(3, 3), number_cell(0, 0, 1.0), number_cell(2, 2, 2.0)])),
        ("b.xls", real_xls),
        ("a.ods", ods("", table)),
        ("a.csv", "姓名,村\r\n张,\"流水\"\r\n".as_bytes().to_vec()),
        ("h.xls", "<table><tr><td colspan=2>张</td></tr><tr><td>&#20013;</td></tr></table>".into()),
    ]
});

/// The smallest file of each form in the sample county.
static REAL: LazyLock<Vec<(&'static str, Vec<u8>)>> = LazyLock::new(|| {
    let county = std::path::absolute("../../examples/county/input").unwrap();
    let of = |ending: &str| {
        let entries = fs::read_dir(&county).unwrap().map(|entry| entry.unwrap().path());
        let of = entries.filter(|path| path.extension().is_some_and(|found| found == ending));
        of.map(|path| fs::read(path).unwrap()).min_by_key(Vec::len).unwrap()
    };
    [("a.xlsx", "xlsx"), ("a.xls", "xls"), ("a.ods", "ods"), ("a.csv", "csv")]
        .map(|(name, ending)| (name, of(ending)))
        .to_vec()
});

/// A file that is read has one outcome per row; one that is refused has one message in both languages.
fn answered(result: &Result<Workbook, OpenError>) -> Result<(), TestCaseError> {
    let workbook = match result {
        Ok(workbook) => workbook,
        Err(error) => {
            prop_assert!(!error.zh().is_empty() && !error.to_string().is_empty());
            return Ok(());
        }
    };
    let (towns, layouts) = (Towns::default(), Layouts::default());
    let context = Context {
        file: "名单.xlsx",
        towns: &towns,
        as_of: chrono::NaiveDate::from_ymd_opt(2019, 8, 25).unwrap(),
        told_as_of: None,
        told_source: None,
        told_town: None,
        adult_age: 18,
        layouts: &layouts,
    };
    for sheet in read(workbook, &context).sheets {
        let numbers = sheet.rows.iter().map(|row| row.number as usize);
        prop_assert!(numbers.eq(1..=sheet.rows.len()));
    }
    Ok(())
}

/// A file with some bytes changed, and perhaps cut off.
fn changed(
    seed: &[u8],
    changes: Vec<(prop::sample::Index, u8)>,
    cut: Option<prop::sample::Index>,
) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for (at, value) in changes {
        let at = at.index(bytes.len());
        bytes[at] = value;
    }
    if let Some(cut) = cut {
        bytes.truncate(cut.index(bytes.len()));
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn t88_real_files_with_changed_bytes_are_read_or_refused_with_one_message(
        seed in 0_usize..4,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in prop::option::weighted(0.1, any::<prop::sample::Index>()),
    ) {
        let (name, seed) = &REAL[seed];
        let bytes = changed(seed, changes, cut);
        answered(&open(name, &bytes, &LIMITS))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn t88_any_bytes_under_any_name_are_read_or_refused_with_one_message(
        head in prop::sample::select(vec![
            &b""[..], b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"\xEF\xBB\xBF", b"\xFF\xFE", b"<table>", b"%PDF",
        ]),
        tail in prop::collection::vec(any::<u8>(), 0..600),
        name in prop::sample::select(vec!["a.xlsx", "a.xls", "a.ods", "a.csv", "a.et", "a"]),
    ) {
        let bytes = [head, &tail].concat();
        answered(&open(name, &bytes, &LIMITS))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn t88_changed_bytes_never_panic(
        seed in 0_usize..6,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let (name, seed) = &SEEDS[seed];
        let bytes = changed(seed, changes, cut);
        let result = open(name, &bytes, &LIMITS);
        prop_assert_eq!(wire::decode(&wire::encode(&result)), Ok(result));
    }

    #[test]
    fn t88_changed_sheets_inside_of_a_sound_container_never_panic(
        change in any::<prop::sample::Index>(),
        value in prop::sample::select(vec!["", "<", ">", "9999999999", "&#x0;", "\"", "</c>", "r=", "-1"]),
    ) {
        let sheet = r#"<dimension ref="A1:B2"/><sheetData><row r="1"><c r="A1" s="3" t="s"><v>0</v></c><c r="B1"><f t="shared" si="0" ref="B1:B2">A1</f><v>2</v></c></row></sheetData>"#;
        let at = change.index(sheet.len());
        let changed = format!("{}{value}{}", &sheet[..at], &sheet[at + 1..]);
        let strings = "<sst uniqueCount=\"1\"><si><t>张</t></si></sst>";
        let file = xlsx(&changed, &[("xl/sharedStrings.xml", strings.as_bytes())]);
        drop(open("a.xlsx", &file, &LIMITS));
    }

    #[test]
    fn any_text_is_a_list_or_a_refusal(text in "\\PC{0,200}", name in "[a-z]{1,4}\\.(csv|xls|et)") {
        drop(open(&name, text.as_bytes(), &LIMITS));
    }

    #[test]
    fn t88_any_bytes_on_the_pipe_are_decoded_or_refused(
        head in any::<bool>(),
        tail in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut message = if head { b"baoxue1\n\x01\x02[]".to_vec() } else { Vec::new() };
        message.extend(tail);
        drop(wire::decode(&message));
    }
}
