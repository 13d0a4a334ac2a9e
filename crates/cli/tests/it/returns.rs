//! What waits for senders: rejects and questions show what is open now, and answers hold for the sender who gave them.

use std::path::Path;

use crate::program::{Engine, Program, sample_county};

const BAD: &str = "序号,村,姓名,性别,出生日期,身份证号,监护人,就读情况\n\
                   1,东沟村,王小川,男,2010-03-05,,王大山,在校\n\
                   2,东沟村,,男,2010-03-05,,李大山,在校\n\
                   3,东沟村,赵小川,男,2009-02-30,,赵大山,在校\n";

/// The first row of the two, mended as a clerk would in the returned workbook.
const MENDED: &str = "保学退回修改｜原文件：甲镇摸排表.csv｜工作表：｜来源：town_survey｜截止日期：2019-07-25｜镇办：｜批次：1\n\
                      序号,村,姓名,性别,出生日期,身份证号,监护人,就读情况,退回原因及处理办法（保学）\n\
                      2,东沟村,李小川,男,2010-03-05,,李大山,在校,原第3行：没有姓名\n";

fn import(program: &Program, file: &Path, more: &[&str]) -> i32 {
    let (file, out) = (file.to_string_lossy(), program.path("out"));
    let mut arguments = vec!["import", &file, "--as-of", "2019-07-25"];
    arguments.extend(more);
    let out = out.to_string_lossy();
    arguments.extend(["--out", &out]);
    program.done(&arguments).code
}

/// Names in `out/rejects` with the number of their rows below mark and header.
fn rejects(program: &Program) -> Vec<(String, usize)> {
    use calamine::{Reader, Xlsx, open_workbook};
    let entries = std::fs::read_dir(program.path("out/rejects")).unwrap();
    let mut found: Vec<(String, usize)> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "xlsx"))
        .map(|path| {
            let mut workbook: Xlsx<_> = open_workbook(&path).unwrap();
            let (_, range) = workbook.worksheets().remove(0);
            (path.file_name().unwrap().to_string_lossy().into_owned(), range.height() - 2)
        })
        .collect();
    found.sort();
    found
}

fn only_open_rows_wait(engine: Engine) {
    let program = Program::new(engine);
    let survey: &[&str] = &["--source", "town_survey"];
    import(&program, &program.file("甲镇摸排表.csv", BAD), survey);
    let first = "甲镇摸排表_退回修改_第1批.xlsx".to_owned();
    assert_eq!(rejects(&program), [(first.clone(), 2)]);
    program.file("out/rejects/别人的.txt", "not ours");

    import(&program, &program.file("改好.csv", MENDED), &[]);
    assert_eq!(rejects(&program), [(first.clone(), 1)], "the mended row waits no more");

    program.done(&["withdraw", "2", "--why", "发错"]);
    import(&program, &program.path("甲镇摸排表.csv"), survey);
    assert_eq!(rejects(&program), [(first, 2)], "it waits again");

    program.done(&["withdraw", "1", "--why", "发错"]);
    import(&program, &program.file("x.csv", "说明\n"), &[]);
    assert!(rejects(&program).is_empty(), "nothing of a withdrawn file waits");
    assert!(program.path("out/rejects/别人的.txt").exists());
}

#[test]
fn only_open_rows_wait_for_their_sender() {
    only_open_rows_wait(Engine::Sqlite);
}

#[test]
fn only_open_rows_wait_on_postgresql_too() {
    only_open_rows_wait(Engine::Postgres);
}

/// Two tables side by side: both rows of row 2 lack a name, the right half of row 3 is blank.
const DOUBLED: &str = "序号,村,姓名,出生日期,监护人,就读情况,序号,村,姓名,出生日期,监护人,就读情况\n\
                       1,东沟村,,2010-03-05,王大山,在校,2,东沟村,,2010-03-06,李大山,在校\n\
                       3,东沟村,赵小川,2009-03-01,赵大山,在校,,,,,,\n\
                       4,东沟村,钱小川,2009-04-01,钱大山,在校,5,东沟村,孙小川,2009-05-01,孙大山,辍学在家\n";

/// The row of the right table, mended as a clerk would on the second sheet of the returned workbook.
const RIGHT_MENDED: &str = "保学退回修改｜原文件：甲镇摸排表.csv｜工作表：｜来源：镇办摸排｜截止日期：2019-07-25｜镇办：｜批次：1｜第几栏：2\n\
                            ,,,,,,序号,村,姓名,出生日期,监护人,就读情况,退回原因及处理办法（保学）\n\
                            ,,,,,,2,东沟村,李小川,2010-03-06,李大山,在校,原第2行：没有姓名\n";

/// Mark, heading and rows of each sheet of the one returned workbook.
fn returned_sheets(program: &Program) -> Vec<Vec<String>> {
    use calamine::{Data, Reader, Xlsx, open_workbook};
    let path = program.path("out/rejects/甲镇摸排表_退回修改_第1批.xlsx");
    let mut workbook: Xlsx<_> = open_workbook(path).unwrap();
    let text = |row: &[Data]| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let sheets = workbook.worksheets().into_iter();
    sheets.map(|(_, range)| range.rows().map(text).collect()).collect()
}

fn tables_side_by_side_return_each_by_itself(engine: Engine) {
    let program = Program::new(engine);
    let file = program.file("甲镇摸排表.csv", DOUBLED);
    import(&program, &file, &["--source", "town_survey"]);
    let sheets = returned_sheets(&program);
    assert_eq!(sheets.len(), 2, "{sheets:?}");
    assert!(!sheets[0][0].contains("第几栏") && sheets[1][0].contains("｜第几栏：2"), "{sheets:?}");
    assert!(sheets[0][2].starts_with("1,东沟村,,2010-03-05,王大山,在校,原第2行"), "{sheets:?}");
    assert!(sheets[1][1].starts_with(",,,,,,序号,村,姓名"), "{sheets:?}");
    assert!(
        sheets[1][2].starts_with(",,,,,,2,东沟村,,2010-03-06,李大山,在校,原第2行"),
        "{sheets:?}"
    );

    let (_, outcomes) = program.import(&[&program.file("改好.csv", RIGHT_MENDED)], &[]);
    assert_eq!(outcomes[0]["imported"], 1, "{:#}", outcomes[0]);
    assert_eq!((&outcomes[0]["known"], &outcomes[0]["set_aside"]), (&0.into(), &0.into()));
    import(&program, &file, &["--source", "town_survey"]);
    let sheets = returned_sheets(&program);
    assert_eq!(sheets.len(), 1, "the left row of the same number waits still: {sheets:?}");
    assert!(sheets[0][2].starts_with("1,东沟村,,2010-03-05"), "{sheets:?}");

    // The same list with a row per child: all but the row without a name came before.
    let plain = "序号,村,姓名,出生日期,监护人,就读情况\n1,东沟村,赵小川,2009-03-01,赵大山,在校\n2,东沟村,李小川,2010-03-06,李大山,在校\n\
                 3,东沟村,钱小川,2009-04-01,钱大山,在校\n4,东沟村,孙小川,2009-05-01,孙大山,辍学在家\n";
    let again = program.file("一人一行.csv", plain);
    let (_, outcomes) =
        program.import(&[&again], &["--source", "town_survey", "--as-of", "2019-07-25"]);
    assert_eq!((&outcomes[0]["imported"], &outcomes[0]["known"]), (&0.into(), &4.into()));
}

#[test]
fn tables_side_by_side_come_back_and_only_the_mended_row_comes_in() {
    tables_side_by_side_return_each_by_itself(Engine::Sqlite);
}

#[test]
fn tables_side_by_side_come_back_on_postgresql_too() {
    tables_side_by_side_return_each_by_itself(Engine::Postgres);
}

/// The whole list of [`BAD`] again, one of its two bad rows mended.
const AGAIN: &str = "序号,村,姓名,性别,出生日期,身份证号,监护人,就读情况\n\
                     1,东沟村,王小川,男,2010-03-05,,王大山,在校\n\
                     2,东沟村,李小川,男,2010-03-05,,李大山,在校\n\
                     3,东沟村,赵小川,男,2009-02-30,,赵大山,在校\n";

#[test]
fn a_list_that_comes_whole_again_takes_its_old_rejects_along() {
    let program = Program::new(Engine::Sqlite);
    let survey: &[&str] = &["--source", "town_survey"];
    import(&program, &program.file("甲镇摸排表.csv", BAD), survey);
    import(&program, &program.file("甲镇摸排表(改).csv", AGAIN), survey);
    assert_eq!(rejects(&program), [("甲镇摸排表(改)_退回修改_第2批.xlsx".to_owned(), 1)]);
    program.done(&["withdraw", "2", "--why", "发错"]);
    import(&program, &program.path("甲镇摸排表.csv"), survey);
    assert_eq!(rejects(&program), [("甲镇摸排表_退回修改_第1批.xlsx".to_owned(), 2)]);
}

/// A survey with a header whose meaning only its sender knows.
fn odd(given: &str) -> String {
    format!(
        "序号,学生,出生,家长,情况\n1,王小{given},2008-09-08,王大{given},在校\n\
         2,李小{given},2009-03-05,李大{given},辍学在家\n"
    )
}

fn a_town_answers_once(engine: Engine) {
    let program = Program::new(engine);
    let config = sample_county("county.toml").to_string_lossy().into_owned();
    let file = |name: &str, given: &str| program.file(name, odd(given));
    let code = import(&program, &file("大河镇摸排表.csv", "春"), &["--config", &config]);
    assert_eq!(code, 1, "questions wait");
    let questions = std::fs::read_to_string(program.path("out/questions.toml")).unwrap();
    assert!(questions.contains("sender = "), "{questions}");
    let answers = program.file("answers.toml", &questions).to_string_lossy().into_owned();
    import(&program, &program.path("大河镇摸排表.csv"), &["--mapping", &answers]);
    assert!(!program.path("out/questions.toml").exists(), "all is answered");

    import(&program, &file("大河镇摸排表8月.csv", "夏"), &[]);
    import(&program, &file("大河镇摸排表9月.csv", "秋"), &[]);
    assert!(!program.path("out/questions.toml").exists(), "the third file needs no question");

    import(&program, &file("洪山镇摸排表.csv", "冬"), &[]);
    let questions = std::fs::read_to_string(program.path("out/questions.toml")).unwrap();
    assert!(questions.contains("洪山镇摸排表.csv"), "another town is asked: {questions}");
}

#[test]
fn a_town_answers_once_and_no_other_town_is_read_by_its_answer() {
    a_town_answers_once(Engine::Sqlite);
}

#[test]
fn a_town_answers_once_on_postgresql_too() {
    a_town_answers_once(Engine::Postgres);
}
