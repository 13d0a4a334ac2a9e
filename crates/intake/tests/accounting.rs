//! Every row has exactly one outcome, whatever stands in the cells.

use baoxue_claim::{Town, Towns};
use baoxue_intake::{
    Context, Layouts, Outcome,
    format::{Cell, Merge, Sheet, Workbook},
    read,
};
use chrono::NaiveDate;
use proptest::prelude::*;

/// Cells that headers, data, totals and rubbish are made of.
fn cell() -> impl Strategy<Value = Cell> {
    let words = prop::sample::select(vec![
        "",
        "序号",
        "姓名",
        "学生姓名",
        "身份证号",
        "出生日期",
        "监护人",
        "就读情况",
        "户主",
        "合计",
        "小计",
        "审核人：",
        "王小明",
        "在校",
        "辍学在家",
        "1",
        "390人",
        "33010220080908001X",
        "6.1E+17",
        "2009-02-30",
        "13800000000",
        "上岩村",
        "无",
        "零报告",
        "#REF!",
        "保学退回修改｜来源：x",
        "户编号",
        "在校生状况",
        "缺课天数",
        "死亡日期",
        "反映内容",
        "\u{0}\u{feff}",
        "共3条",
        "岁",
        "村",
        "在",
        "2019年",
        "月",
        "截至",
        "就读于",
        "小学",
        "(",
        "）",
        "学生状态",
        "G33010220080908001X",
    ]);
    prop_oneof![
        6 => words.prop_map(|text| if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }),
        1 => any::<f64>().prop_map(Cell::Number),
        1 => "\\PC{0,12}".prop_map(Cell::Text),
        1 => "[0-9年月日.-]{0,12}".prop_map(Cell::Text),
    ]
}

fn merge() -> impl Strategy<Value = Merge> {
    (1u32..12, 1u32..8, 0u32..12, 0u32..8).prop_map(|(top, left, down, across)| Merge {
        top,
        left,
        bottom: top + down,
        right: left + across,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_row_of_a_random_grid_has_one_outcome(
        rows in prop::collection::vec(prop::collection::vec(cell(), 0..8), 0..14),
        merges in prop::collection::vec(merge(), 0..3),
        name in "\\PC{0,8}",
        file in prop::sample::select(vec!["a.xlsx", "户籍_20190630.xlsx", "摸排表.csv", ""]),
    ) {
        let town = Town {
            code: "330102101".parse().unwrap(),
            name: "云溪镇".to_owned(),
            aliases: Vec::new(),
            from: None,
            to: None,
        };
        let towns = Towns::new(vec![town]);
        let layouts = Layouts::default();
        let context = Context {
            file,
            towns: &towns,
            as_of: NaiveDate::from_ymd_opt(2019, 8, 25).unwrap(),
            told_as_of: None,
            told_source: None,
            told_town: None,
            adult_age: 18,
            layouts: &layouts,
        };
        let sheet = Sheet { name, rows: rows.clone(), merges, ..Sheet::default() };
        let workbook = Workbook { sheets: vec![sheet], ..Workbook::default() };
        let reading = read(&workbook, &context);
        prop_assert_eq!(reading.sheets.len(), 1);
        let sheet = &reading.sheets[0];
        prop_assert_eq!(sheet.rows.len(), rows.len());
        let numbers: Vec<u32> = sheet.rows.iter().map(|row| row.number).collect();
        let expected: Vec<u32> = (1..=u32::try_from(rows.len()).unwrap()).collect();
        prop_assert_eq!(numbers, expected);
        let mut ordinal = 0;
        for (row, cells) in sheet.rows.iter().zip(&rows) {
            let blank = cells.iter().all(Cell::is_empty);
            if let Outcome::Record(record) = &row.outcome {
                prop_assert!(!blank);
                prop_assert_eq!(record.id.ordinal(), ordinal);
                prop_assert_eq!(record.origin.row, row.number);
                ordinal += 1;
            }
            let data = matches!(row.outcome, Outcome::Record(_) | Outcome::Reject(_));
            prop_assert!(data || row.identity.is_empty());
        }
        prop_assert_eq!(read(&workbook, &context), reading, "reading twice gives the same");
    }
}
