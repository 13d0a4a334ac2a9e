//! Hostile text in every place where something can be typed or addressed (T-40): nothing breaks, nothing comes back unescaped,
//! what is refused changes nothing, and a line of the log stays one line.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU64, Ordering},
};

use baoxue_web::{Route, routes};
use serde_json::Value;

use super::{
    browser::{Answer, Browser},
    expect::{ALL, Expected},
    readers::{Reader, Subject, address, decidable, pair_keys, percent, prepared, readers},
    state::Content,
};

/// What each attacks, and the text.
const PAYLOADS: [(&str, &str); 18] = [
    ("sql", "'; drop table child; --"),
    ("sql", "' or '1'='1"),
    ("sql", "1) union select password from account --"),
    ("html", "\"><script>alert(1)</script>"),
    ("html", "<img src=x onerror=alert(1)>"),
    ("html", "'><svg/onload=alert(1)>"),
    ("address", "javascript:alert(1)"),
    ("path", "../../../../etc/passwd"),
    ("path", "..%2f..%2fbaoxue.key"),
    ("header", "x\r\nX-Injected: yes\r\n\r\n<script>alert(1)</script>"),
    ("log", "x\n2026-01-01T00:00:00Z  INFO forged: line"),
    ("template", "{{7919*7907}}${7919*7907}#{7919*7907}<%=7919*7907%>"),
    ("template", "{% include \"/etc/passwd\" %}"),
    ("formula", "=cmd|' /C calc'!A0"),
    ("text", "\u{0}\u{202e}\u{feff}𠮷\u{1b}[31m"),
    ("text", "99999999999999999999"),
    ("text", "-1"),
    ("text", ""),
];

/// Accounts that were tried to be made.
static LOGINS: AtomicU64 = AtomicU64::new(0);

/// Tables that forms write.
const WRITTEN: &[&str] = &[
    "account",
    "account_event",
    "session",
    "one_time_link",
    "event",
    "decision",
    "kept_answer",
    "lease",
    "export_request",
    "export_decision",
    "export_made",
    "export_file",
    "saved_view",
    "saved_view_event",
    "case_event",
    "paper",
    "case_file",
    "tip_event",
    "tip_copy",
    "finding_event",
    "notice",
    "notice_event",
    "letter_event",
    "letter_paper",
    "letter_scan",
    "export_fetch",
    "leaf",
    "tree_head",
];

/// What must not stand in a page: a payload that came back as it went.
const UNESCAPED: [&str; 4] = ["<script>alert", "<img src=x", "<svg/onload", "href=\"javascript:"];

/// Words of the inside, and results that only an interpreter gives.
const INSIDE: [&str; 10] = [
    "62615533",
    "root:",
    "sqlx",
    "sea_orm",
    "Cannot parse",
    "panicked",
    "crates/",
    "baoxue_",
    "`i64`",
    "SELECT",
];

/// Routes that end the session, or slow down whoever signs in.
fn is_kept_out(route: &Route) -> bool {
    let guesses =
        ["/login", "/me/step-up", "/me/password", "/me/factor", "/logout", "/imports/derive"];
    route.method == "POST" && guesses.contains(&route.path.as_str())
}

#[track_caller]
fn harmless(answer: &Answer, what: &str) {
    assert!(answer.status < 500, "{what}: {}", answer.status);
    assert_eq!(answer.header("x-injected"), None, "{what}");
    let is_page = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    let unescaped = UNESCAPED.iter().find(|text| is_page && answer.body.contains(**text));
    assert_eq!(unescaped, None, "{what}");
    let inside = INSIDE.iter().find(|word| answer.body.contains(**word));
    assert_eq!(inside, None, "{what}: {}", answer.body);
    assert_eq!(answer.header("x-content-type-options").as_deref(), Some("nosniff"), "{what}");
}

/// The places of an address that vary, each filled with a text in turn.
fn hostile_addresses(path: &str, subject: &Subject, payload: &str) -> Vec<String> {
    let parts: Vec<&str> = path.split('/').collect();
    let varying = parts.iter().enumerate().filter(|(_, part)| part.starts_with('{'));
    let filled = varying.map(|(at, _)| {
        let mut parts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        parts[at] = if payload.is_empty() { "%20".to_owned() } else { percent(payload) };
        let held = parts.join("/");
        if held.contains('{') { address(&held, subject, true) } else { held }
    });
    filled.collect()
}

impl Reader {
    fn sweeps(
        &mut self,
        route: &Route,
        subject: &Subject,
        payload: &str,
        check: &mut dyn FnMut(&Answer, &str),
    ) {
        let expected = Expected::of(route);
        let path = address(&route.path, subject, true);
        for path in hostile_addresses(&route.path, subject, payload) {
            let answer = self.sends(expected, &path, expected.fields);
            check(&answer, &format!("{} {path}", route.method));
        }
        for name in expected.query {
            let path = format!("{path}?{name}={}", percent(payload));
            check(&self.browser.get(&path), &path);
        }
        for (at, (name, _)) in expected.fields.iter().enumerate() {
            let mut fields = expected.fields.to_vec();
            // A sign-in name is taken once, and a side of the conflict is one that may answer.
            let login = format!("mouren{}", LOGINS.fetch_add(1, Ordering::Relaxed));
            match fields[0].0 {
                "login" => fields[0].1 = &login,
                "side" => fields[0].1 = &subject.side,
                _ => {}
            }
            fields[at].1 = payload;
            let answer = self.sends(expected, &path, &fields);
            check(&answer, &format!("{path} with {name} {payload:?}"));
        }
    }
}

#[test]
fn t40_hostile_text_in_every_parameter_and_field_stays_text() {
    let server = prepared();
    let mut readers = readers(&server);
    let mut bureau = readers[0].browser.clone();
    let subject = decidable(&mut bureau);
    let table: Vec<Route> = routes().into_iter().filter(|route| !is_kept_out(route)).collect();
    let mut n = 0;
    for login in ["jiaotiju", "xitong"] {
        let reader = readers.iter_mut().find(|reader| reader.login == login).unwrap();
        for (kind, payload) in PAYLOADS {
            let before = Content::of(&server.database());
            let mut any_taken = false;
            let role = reader.role;
            for route in table.iter().filter(|route| Expected::of(route).may(role)) {
                let small = || Content::some(&server.database(), &|table| WRITTEN.contains(&table));
                let before = (route.method != "GET").then(small);
                let mut taken = false;
                reader.sweeps(route, &subject, payload, &mut |answer, what| {
                    harmless(answer, &format!("{kind}: {what}"));
                    taken |= answer.status < 400 && route.method != "GET";
                    n += 1;
                });
                if let Some(before) = before.filter(|_| !taken) {
                    // The turn of whoever sends notices is renewed by the clock, not by a form.
                    let changed = before.changed(&small(), &["lease"]);
                    assert!(changed.is_empty(), "{} {payload:?}: {changed:?}", route.path);
                }
                any_taken |= taken;
            }
            let taken = if any_taken { WRITTEN } else { &[] };
            let changed = before.changed(&Content::of(&server.database()), taken);
            assert!(changed.is_empty(), "{payload:?}: {changed:?}");
        }
        for route in table.iter().filter(|route| route.method == "GET") {
            let answer = reader.browser.get(&address(&route.path, &subject, true));
            harmless(&answer, &format!("{} after all", route.path));
        }
    }
    assert!(n > 2000, "{n}");
    guesses_are_harmless(&mut server.browser());
    every_input_is_swept(&mut readers);
    let log = server.log();
    let requests = log.lines().filter(|line| line.contains(" INFO ") && line.contains("method="));
    assert!(requests.count() > n, "a line for each request");
    let forged = log.lines().find(|line| line.starts_with("2026-01-01T00:00:00Z"));
    assert_eq!(forged, None);
}

/// The form of the sign-in, by somebody who has no session; at last, since it slows down the next one.
fn guesses_are_harmless(nobody: &mut Browser) {
    let page = nobody.get("/login").body;
    let csrf = nobody.csrf(&page);
    for (kind, payload) in PAYLOADS {
        for field in ["login", "password", "code", "next"] {
            let form = format!("csrf={csrf}&login=x&password=x&{field}={}", percent(payload));
            harmless(&nobody.post("/login", &form), &format!("{kind}: /login with {field}"));
        }
    }
}

/// The fields of all forms, and the names in all addresses, that pages show stand among what was swept.
fn every_input_is_swept(readers: &mut [Reader]) {
    let swept: BTreeSet<&str> = ALL
        .iter()
        .flat_map(|expected| {
            expected.query.iter().copied().chain(expected.fields.iter().map(|f| f.0))
        })
        .chain(["csrf"])
        .collect();
    let mut n = 0;
    for reader in &mut *readers {
        for expected in
            ALL.iter().filter(|expected| expected.method == "GET" && !expected.path.contains('{'))
        {
            let answer = reader.browser.get(expected.path);
            for (what, name) in inputs(&answer.body) {
                assert!(swept.contains(name), "{} has {what} `{name}`", expected.path);
                n += 1;
            }
        }
    }
    assert!(n > 200, "{n}");
    let document = readers[0].browser.json("/api/v1/openapi.json");
    for (path, item) in document["paths"].as_object().unwrap() {
        let listed = item["get"]["parameters"].as_array().into_iter().flatten();
        let asked: BTreeSet<&str> =
            listed.filter(|p| p["in"] == "query").filter_map(|p| p["name"].as_str()).collect();
        let expected = ALL.iter().find(|e| e.path == path && e.method == "GET");
        let swept = expected.map(|expected| expected.query.iter().copied().collect());
        assert_eq!(asked, swept.unwrap_or_default(), "{path}");
    }
}

/// Names of form fields and of parts of queries in a page.
fn inputs(page: &str) -> Vec<(&'static str, &str)> {
    let fields = page.split(" name=\"").skip(1).filter_map(|part| part.split('"').next());
    let addresses = page.split("href=\"/").skip(1).filter_map(|part| part.split('"').next());
    let queries = addresses.filter_map(|address| address.split_once('?')).flat_map(|(_, query)| {
        // An `&` is written as an entity.
        let parts = query.split(['&', ';']).filter(|part| !matches!(*part, "#38" | "amp"));
        parts.filter_map(|part| part.split('=').next())
    });
    let head = ["viewport", "icons", "htmx-config", "csrf", "once", "session-ends"];
    let fields = fields.filter(|name| !head.contains(name)).map(|name| ("a field", name));
    fields.chain(queries.map(|name| ("a query", name))).collect()
}

/// T-31: a body or an address that is no text at all, and JSON that is none.
#[test]
fn t31_t40_what_is_no_text_and_no_json_is_refused_in_our_words() {
    let server = prepared();
    let mut readers = readers(&server);
    let pair = pair_keys(&mut readers[0].browser.clone()).swap_remove(0);
    let (csrf, path) = (
        readers[0].me["csrf"].as_str().unwrap().to_owned(),
        format!("/api/v1/review/pairs/{pair}/answers"),
    );
    let bureau = &mut readers[0].browser;
    for body in [
        "",
        "{",
        "null",
        "[]",
        "{\"answer\": 1}",
        "{\"answer\": \"same\", \"more\": 1}",
        "\"same\"",
        "{\"answer\": \"same\"} x",
    ] {
        let answer = bureau.write(&path, (&csrf, "k"), body);
        harmless(&answer, body);
        let problem: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!((answer.status, &problem["code"]), (400, &Value::from("no-json")), "{body}");
        assert_eq!(answer.header("content-type").as_deref(), Some("application/problem+json"));
    }
    for path in [
        "/children?q=%FF%FE",
        "/api/v1/children?q=%FF",
        "/children/%FF",
        "/admin/users/x",
        "/me/sessions/x/end",
        "/children/c_1-1/claims/%2e%2e%2f",
    ] {
        harmless(&bureau.get(path), path);
    }
    let answer =
        bureau.post_with("/api/v1/map", &[("Origin", &server.origin), ("X-CSRF-Token", &csrf)], "");
    harmless(&answer, "a method that is not there");
    assert_eq!((answer.status, answer.header("allow").as_deref()), (405, Some("GET,HEAD")));
}
