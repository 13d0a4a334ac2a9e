//! Rows that cannot be used go back to their sender; corrected, they come in alone.

use std::path::{Path, PathBuf};

use calamine::{Reader, Xlsx, open_workbook};

use crate::program::{Engine, Program};

const HEADER: &str = "序号,村,姓名,性别,出生日期,身份证号,监护人,就读情况";

/// A survey of a hundred children, three of whom cannot be read: no name and no number, a day in the future, a day that does
/// not exist.
fn survey(corrected: bool) -> String {
    let row = |n: usize| {
        let (name, birth) = match (n, corrected) {
            (7, false) => (String::new(), "2010-03-05".to_owned()),
            (8, false) => (name(n), "2031-01-02".to_owned()),
            (9, false) => (name(n), "2009-02-30".to_owned()),
            _ => (name(n), format!("20{:02}-0{}-1{}", 7 + n % 5, 1 + n % 9, n % 10)),
        };
        format!("{n},东沟村,{name},男,{birth},,监护人{n},在校")
    };
    let head = format!("甲镇适龄儿童摸排表 2019年7月25日\n{HEADER}\n");
    head + &(1..=100).map(row).collect::<Vec<_>>().join("\n")
}

fn name(n: usize) -> String {
    let given: Vec<char> = "春夏秋冬东南西北江河湖海山川日月".chars().collect();
    format!("王{}{}", given[n % 16], given[(n / 16) % 16])
}

#[track_caller]
fn check(program: &Program, file: &Path, expected: (&str, u64, u64, u64)) -> serde_json::Value {
    let (_, outcomes) = program.import(&[file], &["--source", "town_survey"]);
    let outcome = outcomes[0].clone();
    let count = |key: &str| outcome[key].as_u64().unwrap();
    let status = outcome["status"].as_str().unwrap();
    assert_eq!(
        (status, count("imported"), count("set_aside"), count("known")),
        expected,
        "{outcome:#}"
    );
    outcome
}

fn three_bad_of_a_hundred(engine: Engine) {
    let program = Program::new(engine);
    let file = program.file("files/摸排.csv", survey(false));
    let outcome = check(&program, &file, ("partial", 97, 3, 0));
    let messages = outcome["messages"].to_string();
    for place in ["第9行", "第10行", "第11行"] {
        assert!(messages.contains(place), "{place} is named: {messages}");
    }
    check(&program, &file, ("duplicate", 0, 0, 0));

    let returned = returned_workbook(&program);
    let corrected = correct(&returned, &program.path("改好.xlsx"));
    check(&program, &corrected, ("accepted", 3, 0, 0));
    assert_eq!(n_children(&program), 100);

    let whole = program.file("files/摸排改.csv", survey(true));
    let (_, outcomes) = program.import(&[&whole], &["--source", "town_survey"]);
    assert_eq!(
        outcomes[0]["imported"].as_u64().unwrap() + outcomes[0]["known"].as_u64().unwrap(),
        100
    );
    assert!(outcomes[0]["known"].as_u64().unwrap() >= 97, "{:#}", outcomes[0]);
}

#[test]
fn three_bad_rows_of_a_hundred_come_back_and_corrected_come_in_alone() {
    three_bad_of_a_hundred(Engine::Sqlite);
}

#[test]
fn the_same_on_postgresql() {
    three_bad_of_a_hundred(Engine::Postgres);
}

fn n_children(program: &Program) -> u64 {
    let answer = program.done(&["link", "--json"]);
    let found: serde_json::Value = serde_json::from_str(answer.out.trim()).unwrap();
    found["rows"].as_u64().unwrap()
}

fn returned_workbook(program: &Program) -> PathBuf {
    let file = program.path("files/摸排.csv");
    program.done(&[
        "import",
        &file.to_string_lossy(),
        "--out",
        &program.path("out").to_string_lossy(),
    ]);
    std::fs::read_dir(program.path("out/rejects")).unwrap().next().unwrap().unwrap().path()
}

/// Fills in what was wrong, as a clerk would, and leaves the rest as it came.
fn correct(returned: &Path, to: &Path) -> PathBuf {
    let mut workbook: Xlsx<_> = open_workbook(returned).unwrap();
    let name_of_sheet = workbook.sheet_names()[0].clone();
    let range = workbook.worksheet_range(&name_of_sheet).unwrap();
    let mut corrected = rust_xlsxwriter::Workbook::new();
    let sheet = corrected.add_worksheet();
    let mut n_bad = 0;
    for (row, cells) in range.rows().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let text = match (row, column) {
                (0 | 1, _) => cell.to_string(),
                (_, 2) if cell.to_string().is_empty() => "王补全".to_owned(),
                (_, 4) if !cell.to_string().starts_with("2010") => "2010-06-06".to_owned(),
                _ => cell.to_string(),
            };
            let (row, column) = (u32::try_from(row).unwrap(), u16::try_from(column).unwrap());
            sheet.write_string(row, column, text).unwrap();
        }
        n_bad += usize::from(row > 1);
    }
    assert_eq!(n_bad, 3, "the workbook holds the three rows");
    corrected.save(to).unwrap();
    to.to_owned()
}
