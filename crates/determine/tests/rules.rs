//! The rule files that ship: they load, their cases hold, and every rule is reached by one of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot build its input must fail")]

use baoxue_determine::{Pack, Settings};
use chrono::NaiveDate;

fn settings() -> Settings {
    Settings::new(NaiveDate::from_ymd_opt(2019, 8, 25).unwrap())
}

#[test]
fn every_worked_case_gives_its_verdict() {
    let pack = Pack::builtin();
    assert!(pack.n_cases() > 150, "{} cases", pack.n_cases());
    let failures = pack.failing_cases();
    let text: Vec<String> = failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{}", text.join("\n"));
}

#[test]
fn the_default_order_names_rules_that_exist() {
    assert_eq!(Pack::builtin().unknown_in_order(&settings()), Vec::<&str>::new());
}
