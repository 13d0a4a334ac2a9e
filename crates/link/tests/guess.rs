//! What a table's columns are taken for, and what comes of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use baoxue_link::{
    Column, ColumnKind as Kind, Comparator, Constraints, Guess, Reason, Table, clusters, guess,
};

/// A table of rows that a function gives by number, under these names.
fn table<const N: usize>(names: [&str; N], n: usize, row: impl Fn(usize) -> [String; N]) -> Table {
    let rows: Vec<[String; N]> = (0..n).map(row).collect();
    let column = |(at, name): (usize, &&str)| Column::new(name, rows.iter().map(|row| &*row[at]));
    Table::new(names.iter().enumerate().map(column).collect(), Vec::new()).unwrap()
}

fn pick<'t>(texts: &'t str, number: usize) -> &'t str {
    let texts: Vec<&'t str> = texts.split(' ').collect();
    texts[number * 7919 % texts.len()]
}

fn english(n: usize) -> Table {
    let names = [
        "record",
        "Given Name",
        "lastName",
        "DOB",
        "e-mail",
        "post_code",
        "Sex",
        "cluster",
        "note",
        "nationality",
        "tags",
    ];
    table(names, n, |row| {
        let person = row / 2;
        let given = pick("Anna Robert Lucy Peter Maria John Susan Karl Ellen Hugo Vera", person);
        let surname = pick("Smith Jones Kelly Hall Dean Rowe Cook", person / 3);
        [
            format!("r{row}"),
            given.to_owned(),
            surname.to_owned(),
            format!("{}/{}/{}", person % 28 + 1, person % 12 + 1, 1950 + person % 50),
            format!("{given}.{surname}{person}@example.org"),
            format!("TQ{} {}AB", person % 20, person % 9),
            pick("f m", person).to_owned(),
            person.to_string(),
            String::new(),
            "British".to_owned(),
            format!("{}; {}", pick("red blue green", person), pick("tall short", person / 2)),
        ]
    })
}

fn kinds(guess: &Guess) -> Vec<Kind> {
    guess.columns.iter().map(|column| column.kind).collect()
}

#[test]
fn columns_of_an_english_list() {
    let guess = guess(&english(400));
    let expected = [
        Kind::RowId,
        Kind::GivenName,
        Kind::Surname,
        Kind::Date,
        Kind::Email,
        Kind::Postcode,
        Kind::Sex,
        Kind::Truth,
        Kind::Empty,
        Kind::Empty,
        Kind::Category,
    ];
    assert_eq!(kinds(&guess), expected);
    assert_eq!(guess.columns[8].reason, Reason::MostlyMissing);
    assert_eq!(guess.columns[9].reason, Reason::OneValue);
    let first = guess.model.fields.first().unwrap();
    assert_eq!((first.comparator, first.columns.len()), (Comparator::Pair, 2));
}

#[test]
fn columns_of_a_chinese_register() {
    let names = [
        "序号",
        "来源",
        "姓名",
        "性别",
        "出生日期",
        "身份证号",
        "监护人",
        "区划代码",
        "住址",
        "就读学校",
        "联系电话",
    ];
    let guess = guess(&table(names, 400, |row| {
        let name = |shift: usize| {
            let surname = pick("张 王 李 赵 陈", row + shift);
            format!(
                "{surname}{}{}",
                pick("小 大 明 文 志", row / 5 + shift),
                pick("雨 军 芳 强", row / 25)
            )
        };
        [
            row.to_string(),
            pick("户籍 学籍", row).to_owned(),
            name(0),
            pick("男 女", row).to_owned(),
            format!("20{:02}-{:02}-{:02}", row % 15, row % 12 + 1, row % 28 + 1),
            if row % 3 == 0 { String::new() } else { "11010519491231002X".to_owned() },
            name(1),
            format!("610902{:03}{:03}", row % 20, row % 9),
            format!("铁沟村{}组{row}号", row % 9),
            format!("{}沟中心小学", pick("铁 石 王家 李家", row)),
            format!("138{row:08}"),
        ]
    }));
    let expected = [
        Kind::RowId,
        Kind::Source,
        Kind::FullName,
        Kind::Sex,
        Kind::Date,
        Kind::Empty,
        Kind::GuardianName,
        Kind::RegionCode,
        Kind::Place,
        Kind::School,
        Kind::Phone,
    ];
    assert_eq!(kinds(&guess), expected);
}

#[test]
fn values_speak_where_names_do_not() {
    let names = ["a", "b", "c", "d", "e"];
    let guess = guess(&table(names, 400, |row| {
        [
            format!("{}-{:02}-{:02}", 1900 + row % 90, row % 12 + 1, row % 28 + 1),
            format!("x{}@example.org", row % 300),
            format!("{}.5", row % 120),
            format!("{:07}", row % 350 * 7919),
            format!("the {} of {} street", pick("end house corner", row), pick("long high", row)),
        ]
    }));
    let expected = [Kind::Date, Kind::Email, Kind::Number, Kind::Identifier, Kind::Category];
    assert_eq!(kinds(&guess), expected);
}

#[test]
fn hidden_and_rounded_numbers_are_still_numbers() {
    let names = ["a", "b", "c", "d"];
    let guess = guess(&table(names, 400, |row| {
        let (day, month) = (row % 28 + 1, row % 12 + 1);
        [
            format!("110105********{:04}", row * 7919 % 10_000),
            format!("610902{}{month:02}{day:02}****", 1990 + row % 30),
            format!("6.10902{}{month:02}{day:02}{}E+17", 1990 + row % 30, row % 10),
            format!("138****{:04}", row * 7919 % 10_000),
        ]
    }));
    assert_eq!(kinds(&guess)[..3], [Kind::ResidentId; 3]);
    assert_ne!(guess.columns[3].kind, Kind::ResidentId);
}

#[test]
fn what_tells_the_rows_apart_and_the_truth_are_never_used() {
    let table = english(400);
    let guess = guess(&table);
    let fields = guess.model.fields.iter().flat_map(|field| field.columns.clone());
    let parts = guess.model.blocks.iter().flat_map(|rule| rule.keys.clone());
    for column in fields.chain(parts.flat_map(|part| part.columns)) {
        assert!(!["record", "cluster", "note", "nationality"].contains(&column.as_str()));
    }
    assert!(guess.model.check(&table).is_ok());
}

#[test]
fn a_column_that_repeats_others_is_counted_once() {
    let names = ["first_name", "surname", "both"];
    let guess = guess(&table(names, 400, |row| {
        let (given, surname) = (pick("Anna Robert Lucy", row), pick("Smith Jones", row / 3));
        [given.to_owned(), surname.to_owned(), format!("{given} {surname}")]
    }));
    let parts = vec!["first_name".to_owned(), "surname".to_owned()];
    assert_eq!(guess.columns[2].reason, Reason::Repeats(parts));
    assert!(!guess.columns[2].is_used);
}

#[test]
fn every_two_rows_of_a_person_are_found_without_training() {
    let table = english(400);
    let guess = guess(&table);
    let linkage = clusters(&table, &guess.model, &Constraints::default(), &mut |_| {}).unwrap();
    for (row, cluster) in (0..).zip(&linkage.cluster) {
        assert_eq!(*cluster, row / 2 * 2, "row {row}");
    }
}

#[test]
fn tables_with_nothing_in_them() {
    for n in [0, 1, 2, 50] {
        let empty = table(["name", "dob"], n, |_| [String::new(), String::new()]);
        let guess = guess(&empty);
        assert!(guess.model.fields.is_empty() && guess.model.blocks.is_empty());
        let linkage = clusters(&empty, &guess.model, &Constraints::default(), &mut |_| {}).unwrap();
        assert_eq!(linkage.cluster.len(), n);
    }
}
