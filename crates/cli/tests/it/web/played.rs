//! The demonstration as the seed has it: its towns on the first morning, and what a month of made-up work leaves of every kind.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use baoxue_act::{Case, PROGRAM, Seated, Stage, duties, next};
use baoxue_determine::Seat;
use serde_json::Value;

use super::{
    browser::Server,
    past::{Past, path_of, sample},
};
use crate::program::{Engine, sample_county};

/// How many children of each town are out of school, of those that have any.
fn of_the_seed() -> BTreeMap<String, usize> {
    let seed = fs::read_to_string(sample_county("truth/seed_scenario.csv")).unwrap();
    let mut lines = seed.trim_start_matches('\u{feff}').lines();
    let heads: Vec<&str> = lines.next().unwrap().split(',').collect();
    let out = heads.iter().position(|head| *head == "true_out_of_school_all").unwrap();
    let towns = lines.map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        (cells[0].to_owned(), cells[out].parse().unwrap())
    });
    towns.filter(|(_, n)| *n > 0).collect()
}

#[test]
fn the_first_morning_has_the_cases_of_nine_towns_each_with_its_chain_and_somebody_who_is_next() {
    let program = sample();
    let past = Past::of(&program);
    let open = past.book.open().map(|file| &file.case);
    let out: Vec<&Case> = open.filter(|case| case.judged.what.code.is_out()).collect();
    let mut towns: BTreeMap<String, usize> = BTreeMap::new();
    for case in &out {
        *towns.entry(past.town_of(case).to_owned()).or_default() += 1;
        let owed = duties(case, &past.rules, case.last);
        let next = next(&owed).expect("an open case without a duty");
        assert!(next.due.moment().is_some(), "{:?}", next.id);
        let seated = past.rules.directory.seated(&next.by.falls_to, case.last.date());
        assert_ne!(seated, Seated::Vacant, "{:?}", next.by);
    }
    assert_eq!(towns, of_the_seed());
    assert_eq!((towns.len(), out.len()), (9, 26));
    assert_eq!(towns["牛蹄镇"], 1, "the one that nobody has explained");
    let paths: Vec<String> = out.iter().map(|case| path_of(case.id)).collect();
    let server = past.serve(program);
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    for path in paths {
        let page = bureau.get(&path).body;
        let helpers = page.matches("at-3 aid").count();
        let seats = page.matches("<div class=\"node ").count() - helpers;
        assert_eq!(seats, 7, "both lines of {path}: {page}");
        assert!(helpers <= 1, "{path}");
    }
}

#[test]
fn a_month_that_is_played_leaves_cases_of_every_kind() {
    let server = Server::start_with(Engine::Sqlite, &["--days", "30"]);
    let list = server.program.done(&["cases", "list", "--json"]).out;
    let list: Value = serde_json::from_str(&list).unwrap();
    assert!(list["now"].as_str().unwrap().starts_with("2019-09-24"), "{}", list["now"]);
    assert!(list["late"].as_u64().unwrap() > 0, "steps that are overdue");
    let past = Past::of(&server.program);
    let cases: Vec<&Case> = past.book.open().map(|file| &file.case).collect();
    let proof = past.rules.timetable.proof.attended_school_days;
    let stages: BTreeSet<Stage> = cases.iter().map(|case| case.stage(proof)).collect();
    for stage in [Stage::Found, Stage::Persuading, Stage::Settling] {
        assert!(stages.contains(&stage), "{stage:?}: {stages:?}");
    }
    let mut climbs = cases.iter().flat_map(|case| case.climbs.values());
    let reached = climbs.any(|climb| climb.rung > 0 && climb.to.seat == Seat::Inspectorate);
    assert!(reached, "what nobody did has reached the top");
    let asked = cases
        .iter()
        .flat_map(|case| &case.requests)
        .map(|request| (request.asked.what.department.as_str(), request.asked.by == PROGRAM));
    let asked: BTreeSet<(&str, bool)> = asked.collect();
    // One department was asked by an official, one by the program for a child that was seen at work.
    assert!(asked.contains(&("civil_affairs", false)), "{asked:?}");
    assert!(asked.contains(&("labour", true)), "{asked:?}");
    let mut civil = server.browser();
    civil.sign_in("minzheng");
    let today = civil.get("/today").body;
    assert!(today.contains("/tasks/t_") && today.contains("due-over"), "{today}");
    let mut leader = server.browser();
    leader.sign_in("quzhang");
    assert!(leader.get("/today").body.contains("do=instruct"), "the leader sees who is late");
}
