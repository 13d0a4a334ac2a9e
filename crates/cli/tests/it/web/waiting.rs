//! What 今日 tells of voices from outside and to whom, with its day; and that a year is coming of which no holidays are known.

use baoxue_act::TipSettings;
use baoxue_flow::tips::{TipForm, TipText, take};
use chrono::TimeDelta;

use super::{
    browser::{Browser, Server},
    child_links,
    outside::{act, tip},
    past::{Past, now, sample},
    readers::encoded,
};
use crate::program::Engine;

/// Who is asked about the lines, in this order: office, leader, inspector, town.
const LOGINS: [&str; 4] = ["jiaotiju", "quzhang", "ducha", "zhenban"];

fn signed_in(server: &Server) -> [Browser; 4] {
    LOGINS.map(|login| {
        let mut browser = server.browser();
        browser.sign_in(login);
        browser
    })
}

/// The line of 今日 with some words in it, without its marks.
fn line(browser: &mut Browser, words: &str) -> Option<String> {
    let page = browser.get("/today").body;
    let mut lines = page.split("<li class=\"todo\">").skip(1);
    let line = lines.find(|line| line.contains(words))?;
    Some(line.split("</li>").next().unwrap_or_default().to_owned())
}

/// Whether no line speaks of tip-offs to somebody.
fn hears_of_no_tip(browser: &mut Browser) -> bool {
    line(browser, "条群众举报").is_none()
}

#[test]
fn a_tip_off_that_came_today_is_the_offices_with_the_day_by_which_it_must_be_linked() {
    let server = Server::start(Engine::Sqlite);
    let [mut bureau, mut leader, mut inspector, mut town] = signed_in(&server);
    assert!(hears_of_no_tip(&mut bureau), "nothing came");
    let mut anybody = server.browser();
    assert_eq!(tip(&mut anybody, "孩子在砖厂搬砖", "").status, 200);
    let told = line(&mut bureau, "1 条群众举报待处理").unwrap();
    // It came on a Sunday: Monday is the working day that the office has.
    assert!(told.contains("剩 1 天") && told.contains("href=\"/tips\""), "{told}");
    for (browser, login) in [&mut leader, &mut inspector, &mut town].into_iter().zip(&LOGINS[1..]) {
        assert!(hears_of_no_tip(browser), "{login}");
    }
    // Answered, it waits for nobody.
    let fields = [("outcome", "founded"), ("words", "已核实")];
    assert_eq!(act(&mut bureau, "/tips/t_1", "answer", &fields).status, 303);
    assert!(hears_of_no_tip(&mut bureau));
}

/// A county on the fifth of September, a Thursday, with a tip-off of the Saturday before.
fn with_a_late_tip() -> Server {
    let program = sample();
    let mut past = Past::of(&program);
    let text = TipText {
        place: "五里镇刘营村".to_owned(),
        what: "孩子在砖厂搬砖".to_owned(),
        ..TipText::default()
    };
    let form = TipForm { text, contact: String::new() };
    let came = now() - TimeDelta::days(5);
    past.wait(take(&past.store, &form, TipSettings::default(), came)).unwrap();
    past.comes("2019-09-05 12:00");
    past.serve(program)
}

#[test]
fn a_tip_off_that_nobody_looked_at_in_time_reaches_the_leader_without_its_words() {
    let server = with_a_late_tip();
    let [mut bureau, mut leader, mut inspector, mut town] = signed_in(&server);
    let told = line(&mut bureau, "1 条群众举报待处理").unwrap();
    assert!(told.contains("超 3 天"), "Monday was its day: {told}");
    let told = line(&mut leader, "1 条群众举报逾期未处理").unwrap();
    assert!(told.contains("超 3 天") && told.contains("href=\"/reports\""), "{told}");
    assert!(!told.contains("砖厂") && !told.contains("/tips"), "{told}");
    assert!(hears_of_no_tip(&mut inspector) && hears_of_no_tip(&mut town));
    assert_eq!(town.get("/tips").status, 403);
}

const RECTIFY: &str = "1 条督查问题整改中";
const RECHECK: &str = "1 条督查问题待复查";
const LATE: &str = "1 条督查问题逾期未整改";

#[test]
fn a_finding_is_told_to_who_must_put_it_right_to_who_looks_again_and_late_to_who_leads() {
    let program = sample();
    let mut past = Past::of(&program);
    past.comes("2019-09-05 12:00");
    let server = past.serve(program);
    let [mut bureau, mut leader, mut inspector, mut town] = signed_in(&server);
    let mut civil = server.browser();
    civil.sign_in("minzheng");
    let child = child_links(&town.get("/children?status=in&size=100").body).pop_first().unwrap();
    let key = child.trim_start_matches("/children/");
    let form = inspector.get(&format!("/inspect/new?child={key}&found=out")).body;
    let csrf = inspector.csrf(&form);
    let saved = inspector.post(
        "/inspect",
        &encoded(&[
            ("csrf", csrf.as_str()),
            ("child", key),
            ("found", "out"),
            ("how", "home"),
            ("on", "2019-08-25"),
            ("words", "在家，没有去学校"),
            ("unit", "五里镇"),
            ("measures", "劝返复学"),
            ("until", "2019-09-01"),
        ]),
    );
    assert_eq!(saved.status, 303, "{}", saved.body);
    let finding = saved.header("location").unwrap();
    for browser in [&mut bureau, &mut town] {
        let told = line(browser, RECTIFY).unwrap();
        assert!(told.contains("超 4 天") && told.contains("href=\"/inspect\""), "{told}");
        assert_eq!(line(browser, RECHECK), None);
    }
    for browser in [&mut leader, &mut inspector] {
        assert!(line(browser, LATE).unwrap().contains("超 4 天"));
        assert_eq!((line(browser, RECTIFY), line(browser, RECHECK)), (None, None));
    }
    assert_eq!(line(&mut civil, "条督查问题"), None, "no department's");
    let words = ("words", "已送回学校");
    assert_eq!(act(&mut town, &finding, "rectify", &[words]).status, 303);
    assert!(line(&mut inspector, RECHECK).unwrap().contains("超 4 天"));
    for browser in [&mut bureau, &mut leader, &mut town] {
        assert_eq!(line(browser, "条督查问题"), None, "it waits for the inspectors alone");
    }
}

/// What the page says of years whose holidays are not known.
const UNKNOWN: &str = "年的放假安排";

#[test]
fn pages_and_command_line_say_that_no_holidays_are_known_of_the_year_that_comes() {
    let program = sample();
    let listed = program.done(&["cases", "list"]);
    assert!(!listed.err.contains("节假日安排"), "2019 and 2020 are known: {}", listed.err);
    let mut past = Past::of(&program);
    // The holidays of 2020 come with the program, those of 2021 do not.
    past.comes("2020-03-02 12:00");
    let listed = program.done(&["cases", "list"]);
    assert!(listed.err.contains("没有 2021 年的节假日安排"), "{}", listed.err);
    let english = program.done(&["cases", "list", "--lang", "en"]);
    assert!(english.err.contains("the holidays of 2021 are not known"), "{}", english.err);
    let server = past.serve(program);
    let [mut bureau, mut leader, _, mut town] = signed_in(&server);
    let mut system = server.browser();
    system.sign_in("xitong");
    for (browser, path) in [
        (&mut bureau, "/cases"),
        (&mut leader, "/cases"),
        (&mut town, "/cases"),
        (&mut system, "/admin/calendar"),
    ] {
        let page = browser.get(path).body;
        assert!(page.contains(&format!("没有 2021 {UNKNOWN}")), "{path}: {page}");
    }
}

#[test]
fn while_this_year_and_the_next_are_known_no_page_speaks_of_holidays() {
    let server = Server::start(Engine::Sqlite);
    let [mut bureau, ..] = signed_in(&server);
    assert!(!bureau.get("/cases").body.contains(UNKNOWN));
}
