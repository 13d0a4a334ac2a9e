//! Personal numbers on paper: masked, or full with a reason that is logged (T-23).

use baoxue_claim::ResidentId;

use crate::program::{Engine, Program, sample_county};

/// How many verified identity numbers stand in a text in full.
fn n_full(text: &str) -> usize {
    let bytes = text.as_bytes();
    (0..bytes.len().saturating_sub(17))
        .filter(|at| text.get(*at..at + 18).is_some_and(|part| part.parse::<ResidentId>().is_ok()))
        .count()
}

fn ledger_text(program: &Program) -> String {
    use calamine::{Reader, open_workbook_auto};
    let mut text = String::new();
    for entry in std::fs::read_dir(program.path("out")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "xlsx") {
            for (_, range) in open_workbook_auto(&path).unwrap().worksheets() {
                for cell in range.cells() {
                    text.push_str(&cell.2.to_string());
                    text.push('\n');
                }
            }
        }
    }
    text
}

#[test]
fn t23_no_full_number_stands_in_any_ledger_unless_a_reason_is_given() {
    let program = Program::new(Engine::Sqlite);
    program.run(&sample_county("input"));
    assert_eq!(n_full(&ledger_text(&program)), 0);
    assert_eq!(n_full(&program.export("determinations")), 0);
    let out = program.path("out").to_string_lossy().into_owned();
    let refused = program.answer(&["report", "--out", &out, "--full-ids"]);
    assert_eq!(refused.code, 2);
    program.done(&["report", "--out", &out, "--full-ids", "--reason", "上报核对"]);
    assert!(n_full(&ledger_text(&program)) > 1000);
}

#[test]
fn t40_no_name_reaches_the_messages_of_a_failure() {
    let program = Program::new(Engine::Sqlite);
    program.run(&sample_county("input"));
    std::fs::write(program.path("data/baoxue.key"), "broken").unwrap();
    let answer = program.answer(&["status"]);
    assert_eq!(answer.code, 3);
    assert!(answer.err.contains("没有留下做到一半的结果"), "{}", answer.err);
}
