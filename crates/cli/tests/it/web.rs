//! The web application, asked by real requests over a real connection, on the sample county.

mod api;
pub(crate) mod browser;
mod cases;
mod deciding;
mod doubled;
mod expect;
mod exports;
mod forms;
mod imports;
mod letters;
mod logged;
mod made;
mod matrix;
mod notices;
mod outside;
mod papers;
mod past;
mod played;
mod readers;
mod records;
mod reports;
mod schema;
mod session_over;
mod state;
mod sweep;
mod teaching;
mod together;
mod twice;
mod waiting;
mod watch;
mod whole_numbers;

use std::collections::BTreeSet;

use crate::program::Engine;
use browser::{Answer, Server};
pub(crate) use together::execute;

/// Pages that are there for everybody who is signed in and may see children.
const LISTS: [&str; 1] = ["/children"];

/// What is wrong, the headers, the form.
type Case<'c> = (&'c str, &'c [(&'c str, &'c str)], &'c str);

/// Whether a text holds a whole resident ID: eighteen characters with the right last one (GB 11643).
pub(crate) fn whole_ids(text: &str) -> Vec<String> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let bytes: Vec<char> = text.chars().collect();
    let windows = bytes.windows(18).filter(|w| w[..17].iter().all(char::is_ascii_digit));
    let right = windows.filter(|w| {
        let digits = w[..17].iter().filter_map(|c| c.to_digit(10));
        let sum: u32 = digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
        "10X98765432".chars().nth((sum % 11) as usize) == Some(w[17].to_ascii_uppercase())
    });
    right.map(|w| w.iter().collect()).collect()
}

pub(crate) fn child_links(page: &str) -> BTreeSet<String> {
    let parts = page.split("href=\"/children/c_").skip(1);
    parts.map(|part| format!("/children/c_{}", part.split('"').next().unwrap())).collect()
}

pub(crate) fn headers_stand_on(answer: &Answer, path: &str) {
    let policy = answer.header("content-security-policy").unwrap_or_default();
    // A file that somebody keeps (T-44) may do nothing at all.
    let is_file = answer.header("content-type").is_some_and(|kind| kind == "application/pdf");
    let page: &[&str] =
        &["default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"];
    let parts = if is_file { &["default-src 'none'", "sandbox"] } else { page };
    for part in parts {
        assert!(policy.contains(part), "{path}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{path}: {policy}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "geolocation=(), microphone=(), camera=()"),
    ] {
        assert_eq!(answer.header(name).as_deref(), Some(value), "{path}: {name}");
    }
    assert!(answer.header("server").is_none(), "{path}");
    let cached = answer.header("cache-control").unwrap_or_default();
    let is_asset = path.starts_with("/assets/") && answer.status == 200;
    assert_eq!(cached.contains("no-store"), !is_asset, "{path}: {cached}");
}

#[test]
fn t30_t31_headers_and_errors_of_every_answer() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    let page = bureau.get("/children");
    let asset =
        page.body.split('"').find(|part| part.starts_with("/assets/app")).unwrap().to_owned();
    let odd = [
        "/nowhere",
        "/children/c_9999-1",
        "/children/x",
        "/children/c_1-1/claims/1-2",
        "/assets/../../etc/passwd",
        "/assets/none.css",
        "/children?page=99999999999999999999",
        "/children?town=%00%ff&status='%20or%201=1--",
        "/children?q=%F0%A0%AE%B7%E7%94%B0",
        "/children?sort=1;drop%20table%20child",
        "/lang/xx",
        "/children/%2e%2e",
    ];
    for path in ["/login", "/children", "/healthz", "/", &asset].into_iter().chain(odd) {
        let answer = bureau.get(path);
        assert!(answer.status < 500, "{path}: {}", answer.status);
        headers_stand_on(&answer, path);
        for inside in ["sqlx", "sea_orm", "panicked", "crates/", "select ", "baoxue_"] {
            assert!(!answer.body.contains(inside) || path == asset, "{path} shows {inside}");
        }
    }
    assert_eq!(bureau.get("/nowhere").status, 404);
    // Fragments renew the clock of the session in the browser; what is for everybody has none.
    let part = [("HX-Request", "true"), ("HX-Target", "list")];
    let left = bureau.get_with("/children?status=con", &part).header("x-session-ends").unwrap();
    assert!((1..=15 * 60).contains(&left.parse::<i64>().unwrap()), "{left}");
    assert!(bureau.get(&asset).header("x-session-ends").is_none());
    assert!(server.browser().get("/login").header("x-session-ends").is_none());
    assert!(bureau.get("/nowhere").body.contains("没有找到"));
}

#[test]
fn t13_nothing_changes_without_a_form_of_ours() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    let page = bureau.get("/children");
    let child = child_links(&page.body).pop_first().unwrap();
    let csrf = bureau.csrf(&page.body);
    for path in ["/logout".to_owned(), format!("{child}/reveal"), "/login".to_owned()] {
        let form = format!("csrf={csrf}");
        let cases: [Case<'_>; 5] = [
            ("no token", &[("Origin", &server.origin)], ""),
            (
                "a foreign token",
                &[("Origin", &server.origin)],
                "csrf=00000000000000000000000000000000",
            ),
            ("a foreign origin", &[("Origin", "https://evil.example")], &form),
            (
                "another site",
                &[("Origin", &server.origin), ("Sec-Fetch-Site", "cross-site")],
                &form,
            ),
            ("no origin at all", &[], &form),
        ];
        for (what, headers, body) in cases {
            let answer = bureau.post_with(&path, headers, body);
            assert_eq!(answer.status, 403, "{path} with {what}");
        }
    }
    assert_eq!(bureau.get("/children").status, 200, "the session lives");
    let out = bureau.post("/logout", &format!("csrf={csrf}"));
    assert_eq!(out.status, 303);
}

#[test]
fn t12_a_session_that_ended_opens_nothing() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = server.browser();
    assert_eq!(bureau.get("/children").status, 303, "nobody is signed in");
    bureau.sign_in("jiaotiju");
    let stolen = bureau.clone();
    let page = bureau.get("/children");
    let csrf = bureau.csrf(&page.body);
    assert_eq!(bureau.post("/logout", &format!("csrf={csrf}")).status, 303);
    let mut stolen = stolen;
    let answer = stolen.get("/children");
    assert_eq!(
        (answer.status, answer.header("location").as_deref()),
        (303, Some("/login?next=%2Fchildren"))
    );
    let mut wrong = server.browser();
    assert_eq!(wrong.try_sign_in("jiaotiju", "Yige-Haizi-Ye-Bushai", None).status, 422);
    assert_eq!(wrong.try_sign_in("nobody", "Yige-Haizi-Ye-Bushao", None).status, 422);
}

/// What each role gets to see: of how many children, and of whose.
#[test]
fn t20_t23_each_role_sees_its_own_children_and_no_whole_number() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    let mut everybody = BTreeSet::new();
    for page in 1..=5 {
        everybody.extend(child_links(&bureau.get(&format!("/children?size=100&page={page}")).body));
    }
    assert!(everybody.len() > 400, "{} children", everybody.len());
    for (login, sees) in [
        ("quzhang", true),
        ("zhenban", true),
        ("cunganbu", true),
        ("xiaozhang", true),
        ("banzhuren", true),
        ("ducha", true),
        ("shenji", true),
        ("minzheng", false),
        ("xitong", false),
        ("anquan", false),
        ("rizhi", false),
    ] {
        let mut who = server.browser();
        who.sign_in(login);
        let list = who.get(&format!("{}?size=100", LISTS[0]));
        assert_eq!(list.status, if sees { 200 } else { 403 }, "{login}");
        assert_eq!(whole_ids(&list.body), Vec::<String>::new(), "{login}");
        let own = child_links(&list.body);
        let of_county = matches!(login, "quzhang" | "ducha" | "shenji");
        let foreign: Vec<&String> = everybody.difference(&own).take(40).collect();
        let mut refused = 0;
        for child in foreign {
            let answer = who.get(child);
            if of_county {
                assert_eq!(answer.status, 200, "{login} {child}");
                continue;
            }
            // A child on a later page of the list may be its own; all others look like no child at all.
            if answer.status == 200 {
                continue;
            }
            let nobody = who.get("/children/c_9999-1");
            assert_eq!((answer.status, answer.text()), (404, nobody.text()), "{login} {child}");
            refused += 1;
        }
        assert!(of_county || refused > 0, "{login} sees everybody");
        for child in own.iter().take(5) {
            let page = who.get(child);
            assert_eq!(page.status, 200, "{login} {child}");
            assert_eq!(whole_ids(&page.body), Vec::<String>::new(), "{login} {child}");
        }
    }
}

#[test]
fn a_child_is_found_and_explained_down_to_the_cell_on_postgresql_too() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let server = Server::start(engine);
        let mut bureau = server.browser();
        bureau.sign_in("jiaotiju");
        let out = bureau.get("/children?status=out&size=100");
        assert!(out.body.contains("共 26 人"), "the sample county has 26 children out of school");
        assert_eq!(child_links(&out.body).len(), 26);
        let child = child_links(&out.body).pop_first().unwrap();
        let page = bureau.get(&child);
        for part in ["各方怎么说", "为什么这样认定", "怎样改变结论", "双线七长"]
        {
            assert!(page.body.contains(part), "{part}");
        }
        let cell = page.body.split("href=\"").find(|part| part.contains("/claims/")).unwrap();
        let row = bureau.get(cell.split('"').next().unwrap());
        for part in ["文件", "工作表", "SM3 ", "原始表格行"] {
            assert!(row.body.contains(part), "{part}");
        }
        assert_eq!(whole_ids(&row.body), Vec::<String>::new());
        let english = bureau.get_with(&child, &[("Cookie", "lang=en")]);
        assert!(english.body.contains("Who says what") && !english.body.contains("各方怎么说"));
        let fragment = bureau
            .get_with("/children?status=con", &[("HX-Request", "true"), ("HX-Target", "list")]);
        assert!(fragment.body.trim_start().starts_with("<section"), "{}", &fragment.body[..80]);
        let mut auditor = server.browser();
        auditor.sign_in("shenji");
        let looks = auditor.get(&format!("{child}/history")).body;
        for part in ["jiaotiju", "查看儿童", "查看原始说法"] {
            assert!(looks.contains(part), "the auditor sees who looked: {part}");
        }
        let none = bureau.get("/children?q=zzzz");
        assert!(none.body.contains("没有找到符合条件的儿童"));
    }
}

#[test]
fn a_search_in_the_head_opens_the_only_child_or_the_case_of_a_number() {
    let server = Server::start(Engine::Sqlite);
    let [mut bureau, mut town] = [server.browser(), server.browser()];
    bureau.sign_in("jiaotiju");
    town.sign_in("zhenban");
    let list = bureau.get("/children?status=out&size=100").body;
    let names = list.split("class=\"person\" translate=\"no\">").skip(1);
    let names: BTreeSet<&str> = names.map(|part| part.split('<').next().unwrap()).collect();
    let (mut opened, mut foreign) = (0, 0);
    for name in &names {
        let query = readers::percent(name);
        let found = child_links(&bureau.get(&format!("/children?q={query}")).body);
        let answer = bureau.get(&format!("/children?q={query}&jump=1"));
        if found.len() != 1 {
            assert_eq!(answer.status, 200, "several are a list");
            continue;
        }
        let child = found.first().unwrap();
        assert_eq!((answer.status, answer.header("location").as_ref()), (303, Some(child)));
        opened += 1;
        // The list's own search stays, and so does whoever may not open the child.
        if town.get(child).status == 404 {
            let none = town.get(&format!("/children?q={query}&jump=1"));
            assert!(none.header("location").as_ref() != Some(child));
            foreign += 1;
        }
    }
    assert!(opened > 0 && foreign > 0, "{opened} {foreign}");
    let page = bureau.get("/children?q=%E7%8E%8B&jump=1");
    assert_eq!(page.status, 200);
    assert_eq!(page.body.matches("name=\"jump\"").count(), 1, "in the head alone");
    assert!(!page.body.contains("jump=1"), "no link carries it on");
    let cases = |page: &str| -> BTreeSet<String> {
        let parts = page.split("href=\"/cases/k_").skip(1);
        parts.map(|part| format!("k_{}", part.split('"').next().unwrap())).collect()
    };
    let all = cases(&bureau.get("/cases?view=list&size=100").body);
    let own = cases(&town.get("/cases?view=list&size=100").body);
    let (mine, other) = (own.first().unwrap(), all.difference(&own).next().unwrap());
    for typed in [mine.clone(), format!("+{}+", mine.to_uppercase())] {
        let answer = town.get(&format!("/children?q={typed}&jump=1"));
        assert_eq!(answer.header("location"), Some(format!("/cases/{mine}")), "{typed}");
    }
    for typed in [other.as_str(), "k_99999"] {
        let answer = town.get(&format!("/children?q={typed}&jump=1"));
        assert_eq!(answer.status, 200, "{typed}");
        assert!(answer.body.contains("没有找到符合条件的儿童"));
    }
    assert_eq!(town.get(&format!("/children?q={mine}")).status, 200, "only from the head");
}

#[test]
fn single_keys_are_switched_off_and_on_for_a_browser() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    let me = bureau.get("/me").body;
    assert!(me.contains("data-hotkeys=\"on\"") && me.contains("href=\"/hotkeys/off\""));
    for words in ["身份核对：是同一个人", "到顶部的搜索框", "<kbd class=\"kbd\">/</kbd>"]
    {
        assert!(me.contains(words), "{words}");
    }
    let off = bureau.get("/hotkeys/off");
    assert_eq!(off.status, 303);
    let kept = off.header("set-cookie").unwrap();
    assert!(kept.starts_with("hotkeys=off; Path=/; Max-Age="), "{kept}");
    let cookie = [("Cookie", "hotkeys=off")];
    for path in ["/me", "/today", "/review/identity"] {
        let page = bureau.get_with(path, &cookie).body;
        assert!(page.contains("data-hotkeys=\"off\""), "{path}");
    }
    assert!(bureau.get_with("/me", &cookie).body.contains("href=\"/hotkeys/on\""));
    assert_eq!(bureau.get("/hotkeys/sometimes").status, 404);
    let other = server.browser().get("/login").body;
    assert!(other.contains("data-hotkeys=\"on\""), "nobody else's");
}
