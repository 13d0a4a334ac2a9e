//! 重复登记: two rows of one source that look like one child have a queue of their own.

use std::{
    collections::BTreeSet,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::browser::{Browser, Server};
use crate::program::Engine;

/// Keys of the pairs of the queue at an address.
fn listed(browser: &mut Browser, path: &str) -> BTreeSet<String> {
    let page = browser.get(path).body;
    let list = page.split("<ul class=\"q\">").nth(1).unwrap_or_default().split("</ul>").next();
    let keys = list.unwrap_or_default().split("?pair=").skip(1);
    keys.map(|part| part.split(['"', '&']).next().unwrap().to_owned()).collect()
}

fn keys(pairs: &[Value], wanted: impl Fn(&Value) -> bool) -> BTreeSet<String> {
    let wanted = pairs.iter().filter(|pair| wanted(pair));
    wanted.map(|pair| pair["pair"].as_str().unwrap().to_owned()).collect()
}

fn is_of_one_source(pair: &Value) -> bool {
    pair["rows"][0]["source"] == pair["rows"][1]["source"]
}

fn post(browser: &mut Browser, path: &str, more: &str) -> super::Answer {
    let page = browser.get("/me").body;
    let csrf = browser.csrf(&page);
    browser.post(path, &format!("csrf={csrf}{more}"))
}

#[test]
fn rows_of_one_source_wait_in_their_own_queue_and_a_ruling_binds_the_next_run() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    let all = bureau.listed("/api/v1/review/pairs");
    let doubled = keys(&all, is_of_one_source);
    let others = keys(&all, |pair| !is_of_one_source(pair));
    assert!(doubled.len() >= 2 && !others.is_empty(), "{doubled:?}, {others:?}");
    assert_eq!(listed(&mut bureau, "/review/duplicates"), doubled, "these and no others");
    let identity = listed(&mut bureau, "/review/identity");
    assert!(identity.is_subset(&others) && !identity.is_empty(), "{identity:?}");
    let page = bureau.get("/review/duplicates").body;
    for part in
        ["同一来源重复登记", "data-key=\"y\"", "data-key=\"n\"", "data-key=\"u\"", "waterfall"]
    {
        assert!(page.contains(part), "{part}");
    }
    let english = bureau.get_with("/review/duplicates", &[("Cookie", "lang=en")]).body;
    assert!(english.contains("entered twice in one source") && !english.contains("重复登记"));

    // The evidence is not enough for the program: a person says that it is one child.
    let pair =
        all.iter().find(|pair| is_of_one_source(pair) && pair["reason"] == "unsure").unwrap();
    let key = pair["pair"].as_str().unwrap();
    let at = format!("/review/duplicates/{key}");
    let [one, other] = [0, 1].map(|row| pair["rows"][row].clone());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let other_as = |child: &str| format!("/children/{child}/claims/{}", text(&other["row"]));
    assert_ne!(one["child"], other["child"]);
    assert_eq!(bureau.get(&other_as(&text(&one["child"]))).status, 404, "another child's row");
    let answered = post(&mut bureau, &format!("{at}/same"), "&reason=%E6%8A%84%E9%87%8D%E4%BA%86");
    let next = answered.header("location").unwrap();
    assert!(next.starts_with("/review/duplicates?pair="), "the queue goes on: {next}");
    assert!(!listed(&mut bureau, "/review/duplicates").contains(key));
    let taken = post(&mut bureau, &format!("{at}/different"), "");
    assert_eq!(taken.status, 409, "ruled on: {}", taken.body);
    assert!(taken.body.contains("抄重了"), "by whom and why");

    // Taken back and said again; whatever the address, a pair is shown in its own queue.
    let undone = post(&mut bureau, &format!("{at}/undo"), "");
    let to = format!("/review/duplicates?pair={key}");
    assert_eq!(undone.header("location"), Some(to));
    assert_eq!(listed(&mut bureau, "/review/duplicates"), doubled);
    let shown = bureau.get(&format!("/review/identity?pair={key}")).body;
    assert!(shown.contains(&format!("{at}/same")), "in its own queue");
    assert_eq!(post(&mut bureau, &format!("{at}/same"), "").status, 303);

    assert_eq!(post(&mut bureau, "/imports/derive", "").status, 303);
    let begun = Instant::now();
    let mut row = bureau.get(&other_as(&text(&one["child"])));
    while row.status != 200 {
        assert!(begun.elapsed() < Duration::from_mins(2), "one child since: {}", server.log());
        thread::sleep(Duration::from_millis(300));
        row = bureau.get(&other_as(&text(&one["child"])));
    }
    let left = bureau.listed("/api/v1/review/pairs");
    assert!(!keys(&left, |_| true).contains(key), "and nobody is asked again");
}

/// A pair of two sources that a town may judge too.
fn shared_pair(town: &mut Browser) -> String {
    let own = town.listed("/api/v1/review/pairs");
    keys(&own, |pair| !is_of_one_source(pair)).pop_first().unwrap()
}

#[test]
fn of_two_accounts_that_judge_one_pair_the_second_is_told_by_whom_and_nothing_changes() {
    let server = Server::start(Engine::Sqlite);
    let [mut bureau, mut town] = ["jiaotiju", "zhenban"].map(|login| {
        let mut browser = server.browser();
        browser.sign_in(login);
        browser
    });
    let key = shared_pair(&mut town);
    let at = format!("/review/identity/{key}");
    for browser in [&mut bureau, &mut town] {
        let page = browser.get(&format!("/review/identity?pair={key}")).body;
        assert!(page.contains(&format!("{at}/same")), "both have it before them");
    }
    let first =
        post(&mut town, &format!("{at}/different"), "&reason=%E4%B8%8D%E6%98%AF%E4%B8%80%E4%BA%BA");
    assert_eq!(first.status, 303, "{}", first.body);
    for verb in ["same", "different", "unsure"] {
        let second = post(&mut bureau, &format!("{at}/{verb}"), "&reason=x");
        assert_eq!(second.status, 409, "{verb}");
        for part in
            ["没有保存：这一对刚由别人判断过", "周立新 zhenban", "判断不是同一人", "不是一人"]
        {
            assert!(second.body.contains(part), "{verb} {part}: {}", second.body);
        }
    }
    for browser in [&mut bureau, &mut town] {
        let left = browser.listed("/api/v1/review/pairs");
        assert!(!keys(&left, |_| true).contains(&key), "it waits for nobody");
    }
}

#[test]
fn of_two_accounts_that_judge_one_pair_at_the_same_moment_one_does() {
    let server = Server::start(Engine::Sqlite);
    let [mut bureau, mut town] = ["jiaotiju", "zhenban"].map(|login| {
        let mut browser = server.browser();
        browser.sign_in(login);
        browser
    });
    let at = format!("/review/identity/{}", shared_pair(&mut town));
    let (yes, no) = (format!("{at}/same"), format!("{at}/different"));
    let answers = thread::scope(|scope| {
        let one = scope.spawn(|| post(&mut bureau, &yes, "&reason=x"));
        let other = scope.spawn(|| post(&mut town, &no, "&reason=x"));
        [one, other].map(|hand| hand.join().unwrap())
    });
    let statuses = answers.each_ref().map(|answer| answer.status);
    assert!(statuses == [303, 409] || statuses == [409, 303], "{statuses:?}");
    let (late, winner) = if statuses[0] == 409 { (0, "周立新") } else { (1, "李敏") };
    assert!(answers[late].body.contains(winner), "{}", answers[late].body);
}
