//! Cases over the pages: who sees which, what may be recorded by whom, and what two officials at once leave.

use std::collections::BTreeSet;

use baoxue_determine::Seat;

use super::{
    browser::{Browser, Server, hidden},
    child_links, whole_ids,
};
use crate::program::Engine;

fn case_links(page: &str) -> BTreeSet<String> {
    let parts = page.split("href=\"/cases/k_").skip(1);
    parts.map(|part| format!("/cases/k_{}", part.split('"').next().unwrap())).collect()
}

/// Sends a form of a case as the page has it.
pub(super) fn record(browser: &mut Browser, case: &str, act: &str, fields: &str) -> super::Answer {
    let page = browser.get(case).body;
    let (csrf, seen) = (browser.csrf(&page), hidden(&page, "seen"));
    browser.post(&format!("{case}/{act}"), &format!("csrf={csrf}&seen={seen}&{fields}"))
}

const VISIT: &str = "on=2019-08-25&visitors=%E7%94%B2&met=1&found=0&words=%E5%B7%B2%E5%8A%9D%E8%AF%B4&promised=&next=";

#[test]
fn cases_are_shown_to_those_whose_children_they_are() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    let all = case_links(&bureau.get("/cases?view=list&size=100").body);
    assert!(all.len() > 40, "{}", all.len());
    let board = bureau.get("/cases").body;
    assert!(case_links(&board).is_subset(&all) && whole_ids(&board).is_empty());
    let mut town = server.browser();
    town.sign_in("zhenban");
    let own = case_links(&town.get("/cases?view=list&size=100").body);
    assert!(!own.is_empty() && own.len() < all.len() && own.is_subset(&all));
    for foreign in all.difference(&own) {
        assert_eq!(town.get(foreign).status, 404, "{foreign}");
        let page = town.get(own.first().unwrap()).body;
        let form = format!("csrf={}&seen=1&words=x", town.csrf(&page));
        assert_eq!(town.post(&format!("{foreign}/note"), &form).status, 404, "{foreign}");
    }
    for case in own.iter().take(3) {
        let page = town.get(case);
        assert_eq!(page.status, 200, "{case}");
        assert!(page.body.contains(Seat::TownHead.zh()) && whole_ids(&page.body).is_empty());
    }
    for login in ["minzheng", "xitong", "anquan", "rizhi"] {
        let mut other = server.browser();
        other.sign_in(login);
        assert_eq!(case_links(&other.get("/cases").body), BTreeSet::new(), "{login}");
        assert_eq!(other.get(all.first().unwrap()).status, 404, "{login}");
    }
}

#[test]
fn a_visit_is_recorded_and_told_and_bad_input_changes_nothing() {
    let server = Server::start(Engine::Sqlite);
    let mut town = server.browser();
    town.sign_in("zhenban");
    let page = town.get("/cases?view=list").body;
    let case = case_links(&page).pop_first().unwrap();
    let before = town.get(&case).text();
    for (fields, status, why) in [
        ("on=&visitors=x&met=1&found=0&words=x", 422, "必填"),
        ("on=2019-08-25&visitors=x&met=99&found=0&words=x", 422, "必填"),
        ("on=2019-13-25&visitors=x&met=1&found=0&words=x", 422, "必填"),
        ("on=2019-08-26&visitors=x&met=1&found=0&words=x", 422, "还没有到"),
        ("on=2019-08-24&visitors=x&met=1&found=0&words=x", 422, "早于立案日"),
        ("on=2019-08-25&visitors=%2C&met=1&found=0&words=x", 422, "由谁家访"),
    ] {
        let answer = record(&mut town, &case, "visit", fields);
        assert_eq!(answer.status, status, "{fields}");
        assert!(answer.body.contains(why), "{fields}");
    }
    assert_eq!(town.get(&case).text(), before);
    assert_eq!(record(&mut town, &case, "visit", VISIT).status, 303);
    let after = town.get(&case).body;
    assert!(after.contains("已劝说") && after.contains("周立新"), "what was said, and by whom");
    // Whoever filled a form before that is told, and nothing is written twice.
    let (csrf, seen) = (town.csrf(&after), hidden(&before, "seen"));
    let late = town.post(&format!("{case}/visit"), &format!("csrf={csrf}&seen={seen}&{VISIT}"));
    assert_eq!(late.status, 409);
    assert!(late.body.contains("刚刚有人登记"));
    // A town may not confirm a determination, nor instruct anybody.
    for act in ["determine", "instruct"] {
        let refused = record(&mut town, &case, act, "to=1&words=x&days=3");
        assert_eq!(refused.status, 404, "{act}");
    }
    assert_eq!(record(&mut town, &case, "nothing", "").status, 404);
}

#[test]
fn one_official_proposes_and_another_closes() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    let page = bureau.get("/cases?view=list&size=100").body;
    let confirmed =
        case_links(&page).into_iter().find(|case| bureau.get(case).body.contains("/determine\""));
    let case = confirmed.unwrap();
    assert_eq!(record(&mut bureau, &case, "determine", "").status, 303);
    let again = record(&mut bureau, &case, "propose", "");
    assert_eq!(again.status, 422);
    assert!(again.body.contains("还不能销号"), "the evidence still says that it is out");
    let mut leader = server.browser();
    leader.sign_in("quzhang");
    let told = record(&mut leader, &case, "instruct", "to=1&words=%E6%9F%A5&days=3");
    assert_eq!(told.status, 303);
    assert!(leader.get(&case).body.contains("督办"));
}

/// Cases in the list of those that can be confirmed.
fn ready(page: &str) -> BTreeSet<String> {
    let parts = page.split("/determinations?at=").skip(1);
    parts.map(|part| part.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn determinations_are_read_and_confirmed_one_after_the_other() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    assert!(bureau.get("/today").body.contains("href=\"/determinations\""));
    let before = bureau.get("/determinations").body;
    assert!(whole_ids(&before).is_empty());
    let all = ready(&before);
    assert!(all.len() > 1, "the sample county has some that are ready");
    // Only what can be confirmed can be chosen; the rest leads to its case.
    let others = case_links(&before).into_iter().filter(|case| !case.contains('?'));
    for lacking in others.filter(|case| !before.contains(&format!("{case}/"))) {
        assert!(!bureau.get(&lacking).body.contains("/determine\""), "{lacking}");
    }
    let last = all.last().unwrap();
    let page = bureau.get(&format!("/determinations?at={last}")).body;
    let form = format!("/cases/{last}/determine");
    assert!(page.contains(&form), "the one that was asked for is read");
    let fields = format!("csrf={}&seen={}&next=1", bureau.csrf(&page), hidden(&page, "seen"));
    let done = bureau.post(&form, &fields);
    assert_eq!((done.status, done.header("location").as_deref()), (303, Some("/determinations")));
    let mut left = all.clone();
    left.remove(last);
    assert_eq!(ready(&bureau.get("/determinations").body), left);
    // Twice is once: whoever saw the page before it was confirmed is told.
    assert_eq!(bureau.post(&form, &fields).status, 409);
    // An address that names no waiting case shows the first; other roles have no such page.
    assert_eq!(ready(&bureau.get("/determinations?at=k_99999").body), left);
    for login in ["zhenban", "quzhang", "ducha"] {
        let mut other = server.browser();
        other.sign_in(login);
        let answer = other.get("/determinations");
        assert!(answer.status != 200, "{login}: {}", answer.status);
    }
}

/// The form by which 今日 asks whether a visit still holds: case, visit, and what it is asked against.
fn asked(page: &str) -> Option<(String, String, String)> {
    let form = page.split("action=\"/cases/").nth(1)?;
    let case = form.split("/still\"").next().filter(|case| case.starts_with("k_"))?;
    Some((format!("/cases/{case}"), hidden(form, "visit"), hidden(form, "against")))
}

#[test]
fn whoever_recorded_a_visit_is_asked_once_when_another_says_otherwise_and_both_stay() {
    let server = Server::start(Engine::Sqlite);
    let sign_in = |login: &str| {
        let mut browser = server.browser();
        browser.sign_in(login);
        browser
    };
    let (mut village, mut town) = (sign_in("cunganbu"), sign_in("zhenban"));
    let case = case_links(&village.get("/cases?view=list").body).pop_first().unwrap();
    let visit = |by: &str, found: &str| {
        format!(
            "on=2019-08-25&visitors={by}&met=1&found={found}&words=%E5%B7%B2%E8%AF%B4&promised=&next="
        )
    };
    // 王建军 met nobody who knew; 周立新 saw the child in school on the same day.
    let nobody = visit("%E7%8E%8B%E5%BB%BA%E5%86%9B", "6");
    assert_eq!(record(&mut village, &case, "visit", &nobody).status, 303);
    assert_eq!(asked(&village.get("/today").body), None, "nobody has said otherwise");
    let seen = visit("%E5%91%A8%E7%AB%8B%E6%96%B0", "2");
    assert_eq!(record(&mut town, &case, "visit", &seen).status, 303);
    let page = village.get("/today").body;
    let (of, number, against) = asked(&page).unwrap();
    assert_eq!(of, case);
    for words in
        ["您填“未能核实”", "报“在校就读”", "周立新", "两条都会保留", "仍然如此", "改为“已到校”"]
    {
        assert!(page.contains(words), "{words}");
    }
    // Whoever is not asked is not shown it, and finds nothing to answer.
    let mut bureau = sign_in("jiaotiju");
    for other in [&mut town, &mut bureau] {
        let own = other.get("/today").body;
        assert_eq!(asked(&own), None);
        let page = other.get(&case).body;
        let csrf = other.csrf(&page);
        let form = format!("csrf={csrf}&visit={number}&against={against}&holds=no");
        assert_eq!(other.post(&format!("{case}/still"), &form).status, 404);
    }
    let csrf = village.csrf(&page);
    let mut answers =
        |fields: &str| village.post(&format!("{case}/still"), &format!("csrf={csrf}&{fields}"));
    let pair = format!("visit={number}&against={against}");
    assert_eq!(answers(&format!("{pair}&holds=perhaps")).status, 422);
    assert_eq!(answers(&format!("visit={number}&against=999&holds=no")).status, 409);
    assert_eq!(answers(&format!("visit=999&against={against}&holds=no")).status, 404);
    for _sent_twice in 0..2 {
        let answer = answers(&format!("{pair}&holds=no"));
        assert_eq!((answer.status, answer.header("location").as_deref()), (303, Some("/today")));
    }
    assert_eq!(answers(&format!("{pair}&holds=yes")).status, 409, "it is answered");
    assert_eq!(asked(&village.get("/today").body), None, "once");
    let told = village.get(&case).body;
    assert_eq!(told.matches("家访时的说法改为").count(), 1, "kept once");
    assert!(told.contains("未能核实") && told.contains("在校就读"), "both statements stay");
    assert!(!told.contains("<b>销号</b>") && told.contains("/visit\""), "the case goes on");
}

/// The two lines as a page shows them.
fn chain(page: &str) -> &str {
    let (_, chain) = page.split_once("<div class=\"chain").unwrap();
    chain.split_once("lnlab-g").unwrap().0
}

/// Who sits in the seats of a chain, from the county's head to the guardian.
fn seated(chain: &str) -> Vec<&str> {
    let parts = chain.split("<div class=\"who\" translate=\"no\">").skip(1);
    parts.map(|part| part.split('<').next().unwrap()).collect()
}

#[test]
fn a_child_shows_who_sits_in_its_seven_seats_with_a_case_and_without() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    let cases = case_links(&bureau.get("/cases?view=list").body);
    let mut turns = 0;
    for case in cases.iter().take(5) {
        let of_case = bureau.get(case).body;
        let child = child_links(&of_case).pop_first().unwrap();
        let of_child = bureau.get(&child).body;
        assert_eq!(chain(&of_child), chain(&of_case), "{case} {child}");
        turns += chain(&of_child).matches("轮到办").count();
    }
    assert!((1..=5).contains(&turns), "{turns}: it is one seat's turn at most, or a department's");
    let all = child_links(&bureau.get("/children?status=in&size=100").body);
    let without = all.into_iter().map(|child| bureau.get(&child).body);
    let page = without.into_iter().find(|page| !page.contains("href=\"/cases/k_")).unwrap();
    let chain = chain(&page);
    for seat in [
        Seat::CountyHead,
        Seat::TownHead,
        Seat::VillageHead,
        Seat::BureauHead,
        Seat::Principal,
        Seat::Teacher,
    ] {
        assert!(chain.contains(seat.zh()), "{seat:?}");
    }
    let seated = seated(chain);
    assert!(seated.len() >= 7, "{seated:?}");
    for head in &seated[..2] {
        assert!(!head.is_empty() && !["（未登记）", "空缺"].contains(head), "{seated:?}");
    }
    assert!(!chain.contains("轮到办") && !chain.contains(" late"), "nobody owes anything");
    assert!(!page.contains("style="), "the policy of the pages forbids it");
}
