//! Columns whose heading stands twice.

use super::*;

/// The outcomes of each table of the one sheet, with the rows' numbers in order.
fn tables(reading: &Reading) -> Vec<Vec<&'static str>> {
    let one = |at: usize| {
        let sheet = reading.sheets[at].clone();
        assert_eq!(sheet.name, reading.sheets[0].name);
        let numbers: Vec<u32> = sheet.rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, (1..=u32::try_from(sheet.rows.len()).unwrap()).collect::<Vec<_>>());
        outcomes(&Reading { sheets: vec![sheet], ..Reading::default() })
    };
    (0..reading.sheets.len()).map(one).collect()
}

const DOUBLED: [&str; 8] =
    ["序号", "姓名", "身份证号", "就读情况", "序号", "姓名", "身份证号", "就读情况"];

#[test]
fn two_tables_side_by_side_are_read_one_after_the_other() {
    let (child, sister) = (valid(CHILD), valid(SISTER));
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["云溪镇适龄儿童摸排表"],
            &DOUBLED,
            &["1", "王小明", &child, "在校", "3", "李小红", &sister, "辍学在家"],
            &["2", "王小兰", &sister, "在校", "", "", "", ""],
            &["合计", "3人", "", "", "", "", "", ""],
            &["填表人：王某", "", "", "", "审核人：李某", "", "", ""],
        ],
    );
    assert_eq!(
        tables(&reading),
        [
            vec!["title", "header", "record", "record", "total", "signature"],
            vec!["title", "header", "record", "blank", "blank", "blank"],
        ]
    );
    let all = records(&reading);
    let right = all[2];
    assert_eq!(right.origin.row, 3);
    assert_eq!(&*right.origin.sheet, "摸排表");
    assert_eq!(right.person.id.as_ref().unwrap().digits(), Some(sister.as_str()));
    assert!(matches!(
        right.claims[0].what,
        Statement::Survey { finding: SurveyFinding::Out { .. } }
    ));
    // Both know the town of the title, and their cells keep their columns.
    assert!(all.iter().all(|record| record.town.is_some() && record.town == all[0].town));
    assert_eq!(reading.sheets[1].rows[2].cells[5], "李小红");
    assert_eq!(reading.sheets[1].rows[2].cells[..4], ["", "", "", ""]);
    let codes: Vec<&str> = reading.messages.iter().map(|m| m.code.as_str()).collect();
    assert_eq!(codes, ["SIDE_BY_SIDE"], "{:?}", reading.messages);
    assert_eq!(reading.questions, Vec::new());
    assert_eq!(reading.sheets[0].fingerprint, reading.sheets[1].fingerprint);
}

#[test]
fn three_tables_with_blank_columns_between_and_the_header_repeated_below() {
    let (child, sister) = (valid(CHILD), valid(SISTER));
    let head = [
        "序号",
        "姓名",
        "身份证号",
        "",
        "序号",
        "姓名",
        "身份证号",
        "",
        "序号",
        "姓名",
        "身份证号",
    ];
    let reading = read_one(
        "适龄儿童摸排表.xlsx",
        "摸排表",
        &[
            &head,
            &["1", "王小明", &child, "", "2", "李小红", &sister, "", "3", "赵小雨", ""],
            &head,
            &["4", "王小二", &child, "", "5", "", "", "", "6", "", &sister],
        ],
    );
    let data = |table: &Vec<&'static str>| table[1] == "record" && table[2] == "header";
    assert_eq!(reading.sheets.len(), 3);
    assert!(tables(&reading).iter().all(data), "{:?}", tables(&reading));
    // A running number alone is no child.
    let last: Vec<&str> = tables(&reading).iter().map(|table| table[3]).collect();
    assert_eq!(last, ["record", "blank", "record"]);
}

#[test]
fn a_bad_cell_of_the_right_table_is_named_by_its_own_column() {
    let (child, sister) = (valid(CHILD), valid(SISTER));
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &DOUBLED,
            &["1", "王小明", &child, "在校", "2", "", "", "辍学在家"],
            &["3", "王小兰", &sister, "在校", "4", "李小红", "6.10902E+17", "在校"],
        ],
    );
    assert_eq!(
        tables(&reading),
        [vec!["header", "record", "record"], vec!["header", "NO_NAME_NO_ID", "record"]]
    );
    let at = |code: &str| {
        let message = reading.messages.iter().find(|message| message.code == code).unwrap();
        (message.sheet.as_str(), message.row, message.column)
    };
    assert_eq!(at("NO_NAME_NO_ID"), ("摸排表", Some(2), Some(6)));
    assert_eq!(at("ID_PRECISION_LOST"), ("摸排表", Some(3), Some(7)));
}

#[test]
fn the_corrected_rows_of_the_right_table_are_known_as_its_own() {
    let sister = valid(SISTER);
    let mark = "保学退回修改｜原文件：x.xlsx｜工作表：摸排表｜来源：镇办摸排｜截止日期：2019-08-01｜镇办：云溪镇｜批次：3｜第几栏：2";
    let reading = read_one(
        "退回.xlsx",
        "摸排表~2",
        &[
            &[mark],
            &["", "", "", "", "序号", "姓名", "身份证号", "就读情况", "退回原因及处理办法（保学）"],
            &["", "", "", "", "2", "李小红", &sister, "辍学在家", "原第2行：没有姓名"],
        ],
    );
    assert_eq!(outcomes(&reading), ["title", "header", "record"]);
    let returned = reading.sheets[0].returned.as_ref().unwrap();
    assert_eq!((returned.table, returned.rows.as_slice()), (2, [2].as_slice()));
    assert_eq!((returned.batch, returned.sheet.as_str()), (Some(3), "摸排表"));
}

#[test]
fn halves_with_different_headings_are_asked_about_and_their_rows_go_back() {
    let (child, sister) = (valid(CHILD), valid(SISTER));
    let halves: [&[&str]; 3] = [
        &["序号", "姓名", "身份证号", "就读情况", "序号", "姓名", "身份证号"],
        &["村", "姓名", "身份证号", "就读情况", "序号", "姓名", "身份证号"],
        &["序号", "姓名", "身份证号", "就读情况", "姓名", "身份证号", "备注"],
    ];
    for head in halves {
        let reading = read_one(
            "x.xlsx",
            "摸排表",
            &[
                head,
                &["1", "王小明", &child, "在校", "2", "李小红", &sister],
                &["1", "王小明", &child, "在校", "李小红", &sister, ""],
                &["2", "王小兰", &child, "在校", "", "", ""],
            ],
        );
        assert_eq!(reading.sheets.len(), 1, "{head:?}");
        let codes = outcomes(&reading);
        assert!(codes.contains(&"TWO_CHILDREN") && codes[3] == "record", "{head:?} {codes:?}");
        let second = head.iter().rposition(|word| *word == "姓名").unwrap() + 1;
        let asked = reading.questions.iter().find(|question| question.column as usize == second);
        assert!(asked.is_some_and(|asked| asked.why.contains("并排")), "{:?}", reading.questions);
    }
}

#[test]
fn a_person_s_answer_about_the_second_name_is_not_overruled() {
    let (child, sister) = (valid(CHILD), valid(SISTER));
    let rows: &[&[&str]] =
        &[&DOUBLED, &["1", "王小明", &child, "在校", "2", "李小红", &sister, "辍学在家"]];
    let answered = |meaning: &str| {
        let text = format!(
            "[[layout]]\nfingerprint = \"序号|姓名|身份证号|就读情况|序号|姓名|身份证号|就读情况\"\n\n\
             [[layout.column]]\nheader = \"姓名#2\"\nmeaning = \"{meaning}\"\n"
        );
        let layouts = Layouts::from_toml(&text).unwrap();
        read_with("摸排表.xlsx", vec![sheet("摸排表", rows)], &layouts)
    };
    assert_eq!(outcomes(&answered("guardian")), ["header", "record"]);
    // That it is a child's name does not make one row two.
    assert_eq!(outcomes(&answered("name")), ["header", "TWO_CHILDREN"]);
}

#[test]
fn the_same_headings_over_the_numbers_of_adults_are_one_table() {
    let (child, father) = (valid(CHILD), valid(FATHER));
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[&["姓名", "身份证号", "姓名", "身份证号"], &["王小明", &child, "王大明", &father]],
    );
    assert_eq!(reading.sheets.len(), 1);
    assert_eq!(outcomes(&reading), ["header", "record"]);
}

#[test]
fn a_school_with_children_in_the_right_table_alone_has_not_reported_nobody() {
    let sister = valid(SISTER);
    let head = ["序号", "姓名", "身份证号", "缺课天数", "序号", "姓名", "身份证号", "缺课天数"];
    let rows: [&[&str]; 3] = [
        &["云溪镇中心小学2019年6月缺课学生月报表"],
        &head,
        &["1", "", "", "", "2", "李小红", &sister, "12"],
    ];
    let reading = read_one("缺课月报.xlsx", "月报", &rows);
    assert_eq!(reading.sheets.len(), 2);
    let zero: Vec<bool> =
        reading.sheets.iter().flat_map(|sheet| &sheet.reports).map(|report| report.zero).collect();
    assert_eq!(zero, [false], "{:?}", reading.sheets[0].reports);
}

#[test]
fn a_second_name_with_the_numbers_of_adults_is_no_second_child() {
    let (child, father) = (valid(CHILD), valid(FATHER));
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["姓名", "身份证号", "就读情况", "姓名", "身份证号"],
            &["王小明", &child, "在校", "王大明", &father],
        ],
    );
    assert_eq!(outcomes(&reading), ["header", "record"]);
}

#[test]
fn a_second_id_column_with_the_numbers_of_children_is_not_the_guardians() {
    let (child, sister) = (valid(CHILD), valid(SISTER));
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["姓名", "身份证号", "监护人", "就读情况", "身份证号"],
            &["王小明", &child, "王大明", "在校", &sister],
        ],
    );
    assert!(records(&reading)[0].person.guardians[0].id.is_none());
    let question = reading.questions.iter().find(|question| question.column == 5).unwrap();
    assert!(question.why.contains("未成年人"), "{}", question.why);
}

#[test]
fn two_columns_of_one_heading_say_two_things() {
    let id = valid(CHILD);
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["姓名", "身份证号", "就读情况", "就读情况"],
            &["王小明", &id, "在校", "辍学在家"],
            &["李小红", "", "", "辍学在家"],
        ],
    );
    let said: Vec<usize> = records(&reading).iter().map(|record| record.claims.len()).collect();
    assert_eq!(said, [2, 1]);
    let Statement::Survey { finding } = &records(&reading)[0].claims[1].what else { panic!() };
    assert!(matches!(finding, SurveyFinding::Out { .. }), "{finding:?}");
    assert!(matches!(findings(&reading)[1], SurveyFinding::Out { .. }));
    assert!(reading.questions.iter().any(|question| question.column == 4));
}

#[test]
fn a_second_id_column_behind_the_guardian_is_the_guardians() {
    let (child, father) = (valid(CHILD), valid(FATHER));
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["姓名", "身份证号", "监护人", "身份证号", "就读情况"],
            &["王小明", &child, "王大明", &father, "在校"],
        ],
    );
    let record = records(&reading)[0];
    assert_eq!(record.person.id.as_ref().unwrap().digits(), Some(child.as_str()));
    assert_eq!(record.person.guardians[0].id.as_ref().unwrap().digits(), Some(father.as_str()));
}

#[test]
fn a_doubled_name_column_is_asked_about() {
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["姓名", "姓名", "身份证号", "就读情况"],
            &["王小明", "王大明", "", "在校"],
            &["李小红", "李大红", "", "在校"],
        ],
    );
    assert_eq!(records(&reading)[0].person.name.as_ref().unwrap().expose(), "王小明");
    let question = reading.questions.iter().find(|question| question.column == 2).unwrap();
    assert_eq!(question.assumed, None);
}
