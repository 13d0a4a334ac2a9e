//! When the time to answer begins.

use std::collections::BTreeMap;

use baoxue_claim::{ChildId, Record};
use chrono::NaiveDate;

use super::{About, Opening};
use crate::{Child, Conflict, Files, Pack, Settings, pack::records_of_case, verdict};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The quarrel of a case on a day, when it was first shown on `openings`.
fn on(today: &str, row: &[(&str, &str)], openings: &[(About, &str)]) -> Conflict {
    let records = records_of_case(day(today), row).unwrap();
    let openings = openings.iter().map(|(about, on)| Opening { about: *about, on: day(on) });
    let files =
        Files { openings: BTreeMap::from([(ChildId(1), openings.collect())]), ..Files::default() };
    let rows: Vec<&Record> = records.iter().collect();
    let child = Child { files: Some(&files), ..Child::new(ChildId(1), rows) };
    verdict(&child, &Pack::builtin(), &Settings::new(day(today))).conflict.unwrap()
}

#[test]
fn the_time_to_answer_runs_from_the_day_it_was_first_shown() {
    let row = [("registry", "attending 3 seen 2019-07-05"), ("survey", "2019-07-20 out")];
    let dates = |today: &str, openings: &[(About, &str)]| {
        let found = on(today, &row, openings);
        assert_eq!(found.since, day("2019-07-20"));
        (found.opened.to_string(), found.answer_by.to_string())
    };
    let expect = |opened: &str, by: &str| (opened.to_owned(), by.to_owned());
    let shown = [(About::Schooling, "2019-08-01")];
    assert_eq!(dates("2019-08-01", &[]), expect("2019-08-01", "2019-08-06"));
    assert_eq!(dates("2019-08-25", &shown), expect("2019-08-01", "2019-08-06"));
    assert_eq!(dates("2019-09-25", &shown), expect("2019-08-01", "2019-08-06"));
    // A day before the first one is judged as it was then.
    assert_eq!(dates("2019-07-25", &shown), expect("2019-07-25", "2019-07-30"));
    // A quarrel about something else, or an older one that was settled since, is another.
    assert_eq!(dates("2019-08-25", &[(About::Birth, "2019-08-01")]).0, "2019-08-25");
    assert_eq!(dates("2019-08-25", &[(About::Schooling, "2019-07-19")]).0, "2019-08-25");
    let both = [(About::Schooling, "2019-03-01"), (About::Schooling, "2019-08-02")];
    assert_eq!(dates("2019-08-25", &both).0, "2019-08-02");
}

#[test]
fn saying_the_same_again_moves_nothing_and_a_change_of_mind_does() {
    let since = |registry: &str, survey: &str| {
        on("2019-08-25", &[("registry", registry), ("survey", survey)], &[]).since.to_string()
    };
    let registry = "attending 3 seen 2019-03-05";
    assert_eq!(since(registry, "2019-05-20 out"), "2019-05-20");
    assert_eq!(since(registry, "2019-05-20 out; 2019-07-20 out work"), "2019-05-20");
    assert_eq!(
        since(registry, "2019-05-20 out; 2019-06-20 silent; 2019-07-20 never"),
        "2019-05-20"
    );
    assert_eq!(since(registry, "2019-05-20 out; 2019-06-20 in; 2019-07-20 out"), "2019-07-20");
    // Two rows of one day, sent month by month.
    let split = "2019-05-20 out; 2019-05-20 in; 2019-07-20 out; 2019-07-20 in";
    assert_eq!(since(registry, split), "2019-05-20");
    // The roll speaks last.
    assert_eq!(since("attending 3 seen 2019-07-05", "2019-05-20 out"), "2019-07-05");
}

#[test]
fn a_quarrel_about_the_birth_is_called_one() {
    let row = [("born", "2012-08-31; 2012-09-02"), ("register", "yes; yes")];
    let found = on("2018-09-20", &row, &[]);
    assert_eq!((found.about, found.about.zh()), (About::Birth, "出生日期"));
}
