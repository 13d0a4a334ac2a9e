//! No page and no answer of the interface holds a whole number of a person or a telephone, in whatever way a file wrote it.

use std::collections::BTreeSet;

use baoxue_claim::{ResidentId, compact};
use serde_json::Value;

use super::browser::{Browser, Server};
use crate::program::Engine;

/// Towns whose lists write numbers in full width, and in groups with blanks and hyphens between them.
const ODD_TOWNS: [&str; 2] = ["大河镇", "石梯镇"];

/// The texts of a page: what stands between its tags, and what a form holds.
fn texts(page: &str) -> Vec<String> {
    let texts = page.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    let values = page.split(" value=\"").skip(1).map(|part| part.split('"').next().unwrap());
    texts.chain(values).map(str::to_owned).collect()
}

fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|value| strings(value, found)),
        Value::Object(map) => map.values().for_each(|value| strings(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whole numbers of persons and telephones in a text, after folding every width and taking out blanks and hyphens.
fn whole(text: &str) -> Vec<String> {
    let folded: String =
        compact(text).chars().filter(|c| !matches!(c, '-' | '\u{2010}'..='\u{2015}')).collect();
    let is_part = |c: char| c.is_ascii_alphanumeric();
    let runs = folded.split(|c| !is_part(c)).filter(|run| run.len() >= 10);
    runs.filter(|run| holds_id(run) || is_phone(run)).map(str::to_owned).collect()
}

fn holds_id(run: &str) -> bool {
    let windows = (0..run.len().saturating_sub(17)).filter_map(|at| run.get(at..at + 18));
    // The sum of the hash of a file is no number of a person, though some eighteen of its signs may look like one.
    let is_hash = run.len() == 64 && run.bytes().all(|byte| byte.is_ascii_hexdigit());
    !is_hash && windows.into_iter().any(|part| part.parse::<ResidentId>().is_ok())
}

fn is_phone(run: &str) -> bool {
    let digits = run.bytes().all(|byte| byte.is_ascii_digit());
    let mobile = run.len() == 11 && run.starts_with('1') && run.as_bytes()[1] >= b'3';
    digits && (mobile || (run.starts_with("0915") && (11..=12).contains(&run.len())))
}

#[test]
fn the_scan_sees_numbers_in_every_width() {
    for text in [
        "６１０９０２２００８０２１２３６０３",
        "610902 20130527 0869",
        "610902-20130527-0869",
        "610902201305270869610902201305270869",
        "138 9123 1234",
        "０９１５－３２１２３４５",
    ] {
        assert!(!whole(text).is_empty(), "{text}");
    }
    for text in ["610902********0869", "138****1234", "2019-08-25 2019-09-01 10:30", "2161000123"] {
        assert_eq!(whole(text), Vec::<String>::new());
    }
}

/// Somebody who reads rows.
struct Desk {
    login: &'static str,
    browser: Browser,
    n_rows: usize,
    wrong: BTreeSet<String>,
}

impl Desk {
    fn reads(&mut self, path: &str) -> String {
        let answer = self.browser.get(path);
        assert_eq!(answer.status, 200, "{} {path}", self.login);
        let mut all = texts(&answer.body);
        if path.starts_with("/api/") {
            all.clear();
            strings(&serde_json::from_str(&answer.body).unwrap(), &mut all);
        }
        for text in all {
            let found = whole(&text).into_iter();
            self.wrong.extend(found.map(|number| format!("{} {path}: {number}", self.login)));
        }
        answer.body
    }

    /// The page of a child, every row of it in the drawer and by the interface, its history.
    fn looks_through(&mut self, key: &str) {
        let page = self.reads(&format!("/children/{key}"));
        self.reads(&format!("/children/{key}/history"));
        self.reads(&format!("/api/v1/children/{key}"));
        let links = page.split("href=\"").map(|part| part.split('"').next().unwrap());
        let rows: BTreeSet<String> =
            links.filter(|link| link.contains("/claims/")).map(str::to_owned).collect();
        for row in &rows {
            self.reads(row);
            self.reads(&format!("/api/v1{row}"));
        }
        self.n_rows += rows.len();
    }
}

#[test]
fn t23_no_page_shows_a_whole_number_or_telephone_in_whatever_way_it_was_written() {
    // More rows than a person may look at in an hour.
    let server = Server::start_with(Engine::Sqlite, &["--pages-per-hour", "1000000"]);
    let mut wrong = BTreeSet::new();
    for (login, step) in [("quzhang", 40), ("shenji", 60), ("zhenban", 6)] {
        let mut browser = server.browser();
        browser.sign_in(login);
        let all = browser.listed("/api/v1/children?all=1");
        let mut desk = Desk { login, browser, n_rows: 0, wrong: BTreeSet::new() };
        let odd = |child: &Value| ODD_TOWNS.iter().any(|town| child["town_name"] == *town);
        for (at, child) in all.iter().enumerate() {
            let every = if odd(child) && login == "quzhang" { 2 } else { step };
            if at % every == 0 {
                desk.looks_through(child["child"].as_str().unwrap());
            }
        }
        for page in ["/children?size=100", "/review/conflicts?size=100", "/cases", "/today"] {
            desk.reads(page);
        }
        assert!(desk.n_rows > 40, "{login}: {} rows", desk.n_rows);
        wrong.append(&mut desk.wrong);
    }
    let some: Vec<&String> = wrong.iter().take(20).collect();
    assert!(wrong.is_empty(), "{} whole numbers: {some:#?}", wrong.len());
}

/// What stands beside a child is shown in part: the guardian by the first character, the address down to the village.
#[test]
fn t23_a_row_shows_guardians_by_one_character_and_addresses_to_the_village() {
    let server = Server::start_with(Engine::Sqlite, &["--pages-per-hour", "1000000"]);
    let mut leader = server.browser();
    leader.sign_in("quzhang");
    let (mut guardians, mut addresses) = (0, 0);
    for child in leader.listed("/api/v1/children?all=1").iter().step_by(9) {
        let key = child["child"].as_str().unwrap();
        let whole = leader.json(&format!("/api/v1/children/{key}"));
        for column in whole["columns"].as_array().unwrap() {
            let row = column["row"].as_str().unwrap();
            let told = leader.json(&format!("/api/v1/children/{key}/claims/{row}"));
            for cell in told["cells"].as_array().unwrap() {
                let (head, text) = (cell["head"].as_str().unwrap(), cell["text"].as_str().unwrap());
                let is = |words: &[&str]| words.iter().any(|word| compact(head) == *word);
                if is(&["监护人", "监护人姓名", "家长姓名", "户主姓名", "监护人一", "父亲姓名"])
                {
                    let bare = text.chars().filter(|c| c.is_alphabetic()).count();
                    assert!(
                        bare <= text.split(['、', '，', ' ', '/', '(', '（']).count(),
                        "{head}: {text}"
                    );
                    guardians += 1;
                }
                if is(&["家庭住址", "户籍地址", "现住址", "家庭详细住址"]) {
                    let deep = text.contains('组') || text.contains('号') || text.contains("单元");
                    assert!(!deep, "{head}: {text}");
                    addresses += 1;
                }
            }
        }
    }
    assert!(guardians > 20 && addresses > 20, "{guardians} guardians, {addresses} addresses");
}
