//! The interface for programs: every answer is as its document says (T-89), a write is done once, lists go on where they ended.

use std::collections::BTreeSet;

use baoxue_web::routes;
use serde_json::{Value, json};

use super::{
    browser::{Answer, Browser, Server},
    schema::fault,
};
use crate::program::Engine;

const PROBLEM: &str = "application/problem+json";

/// The document of the interface, and whether answers are what it says.
struct Contract {
    document: Value,
    /// Operations with the statuses that were checked.
    checked: BTreeSet<(String, u16)>,
}

impl Contract {
    /// Checks an answer of an operation against the document: status, media type, body.
    #[track_caller]
    fn holds(&mut self, method: &str, pattern: &str, answer: &Answer) -> Value {
        let status = answer.status.to_string();
        let responses = &self.document["paths"][pattern][method]["responses"];
        let described = &responses[&status];
        assert!(
            !described.is_null(),
            "{method} {pattern}: {status} is not described: {}",
            answer.body
        );
        let kind = answer.header("content-type").unwrap_or_default();
        let schema = &described["content"][&kind]["schema"];
        assert!(!schema.is_null(), "{method} {pattern}: {kind} is not described");
        let value: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(
            fault(&self.document, schema, &value),
            None,
            "{method} {pattern} {}",
            answer.body
        );
        if kind == PROBLEM {
            assert_eq!(value["status"], answer.status);
        }
        self.checked.insert((format!("{method} {pattern}"), answer.status));
        value
    }

    fn gets(&mut self, browser: &mut Browser, pattern: &str, path: &str) -> Value {
        let answer = browser.get(path);
        self.holds("get", pattern, &answer)
    }

    fn writes(
        &mut self,
        browser: &mut Browser,
        at: (&str, &str),
        with: (&str, &str),
        body: &Value,
    ) -> (u16, Value) {
        let answer = browser.write(at.1, with, &body.to_string());
        let value = self.holds("post", at.0, &answer);
        (answer.status, value)
    }
}

fn bureau(server: &Server) -> (Browser, Contract, String) {
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    let document = bureau.json("/api/v1/openapi.json");
    let csrf = bureau.json("/api/v1/me")["csrf"].as_str().unwrap().to_owned();
    (bureau, Contract { document, checked: BTreeSet::new() }, csrf)
}

fn keys(part: &Value, name: &str) -> Vec<String> {
    let items = part["items"].as_array().unwrap().iter();
    items.map(|item| item.pointer(name).and_then(Value::as_str).unwrap().to_owned()).collect()
}

/// Every operation of the document.
fn operations(document: &Value) -> BTreeSet<String> {
    let paths = document["paths"].as_object().unwrap().iter();
    let all = paths.flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys();
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    all.collect()
}

#[test]
fn t89_every_route_is_described_and_every_answer_is_as_described() {
    // More children than a person may look at in an hour.
    let server = Server::start_with(Engine::Sqlite, &["--pages-per-hour", "1000000"]);
    let (mut bureau, mut contract, _) = bureau(&server);
    let operations = operations(&contract.document);
    let table = routes().into_iter().filter(|route| route.path.starts_with("/api/v1/"));
    let table = table.filter(|route| route.path != "/api/v1/openapi.json");
    let table: BTreeSet<String> =
        table.map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(operations, table);
    contract.gets(&mut bureau, "/api/v1/me", "/api/v1/me");
    contract.gets(&mut bureau, "/api/v1/map", "/api/v1/map");
    contract.gets(&mut bureau, "/api/v1/audit", "/api/v1/audit?limit=200");
    let ledger = contract.gets(&mut bureau, "/api/v1/children", "/api/v1/children?all=1&limit=200");
    for child in keys(&ledger, "/child") {
        let whole = contract.gets(
            &mut bureau,
            "/api/v1/children/{child}",
            &format!("/api/v1/children/{child}"),
        );
        for column in whole["columns"].as_array().unwrap().iter().take(1) {
            let row = column["row"].as_str().unwrap();
            let path = format!("/api/v1/children/{child}/claims/{row}");
            contract.gets(&mut bureau, "/api/v1/children/{child}/claims/{row}", &path);
        }
    }
    contract.gets(&mut bureau, "/api/v1/conflicts", "/api/v1/conflicts?limit=200");
    let pairs =
        contract.gets(&mut bureau, "/api/v1/review/pairs", "/api/v1/review/pairs?limit=200");
    for pair in keys(&pairs, "/pair") {
        contract.gets(
            &mut bureau,
            "/api/v1/review/pairs/{pair}",
            &format!("/api/v1/review/pairs/{pair}"),
        );
    }
    let rules = contract.gets(&mut bureau, "/api/v1/rules", "/api/v1/rules");
    for rule in rules["items"].as_array().unwrap() {
        let key =
            format!("{}@{}", rule["rule"].as_str().unwrap(), rule["version"].as_str().unwrap());
        contract.gets(&mut bureau, "/api/v1/rules/{rule}", &format!("/api/v1/rules/{key}"));
    }
    let sources = contract.gets(&mut bureau, "/api/v1/sources", "/api/v1/sources");
    for source in keys(&sources, "/source") {
        contract.gets(
            &mut bureau,
            "/api/v1/sources/{source}",
            &format!("/api/v1/sources/{source}"),
        );
    }
    refusals_are_as_described(&mut contract, &server);
    let reads = operations.iter().filter(|operation| operation.starts_with("GET"));
    for operation in reads {
        let seen = |status| contract.checked.contains(&(operation.replace("GET", "get"), status));
        assert!(seen(200) && seen(401), "{operation}");
    }
}

/// Nobody signed in, no right, nothing there, a query that is not understood: problem details, of which none tells anything.
fn refusals_are_as_described(contract: &mut Contract, server: &Server) {
    let (mut nobody, mut department) = (server.browser(), server.browser());
    department.sign_in("minzheng");
    let paths: Vec<String> =
        contract.document["paths"].as_object().unwrap().keys().cloned().collect();
    for pattern in paths.iter().filter(|path| !path.ends_with("/answers")) {
        let path = pattern
            .replace("{child}", "c_9999-1")
            .replace("{row}", "9999-1")
            .replace("{pair}", "9999-1_9999-2");
        let path = path.replace("{rule}", "none").replace("{source}", "none");
        let answer = nobody.get(&path);
        assert_eq!(
            (answer.status, answer.header("www-authenticate").as_deref()),
            (401, Some("Cookie")),
            "{path}"
        );
        contract.holds("get", pattern, &answer);
        let answer = department.get(&path);
        contract.holds("get", pattern, &answer);
        for query in ["limit=0", "limit=201", "nothing=1", "after=x", "limit=1&limit=1"] {
            let answer = department.get(&format!("{path}?{query}"));
            assert!(answer.status >= 400 || pattern.contains('{'), "{path}?{query}");
        }
    }
    let gone = department.get("/api/v1/nowhere");
    assert_eq!((gone.status, gone.header("content-type").as_deref()), (404, Some(PROBLEM)));
}

#[test]
fn lists_of_the_interface_go_on_where_they_ended() {
    let server = Server::start(Engine::Sqlite);
    let (mut bureau, _, _) = bureau(&server);
    for (path, key) in
        [("/api/v1/children?sort=name", "/child"), ("/api/v1/review/pairs?show=open", "/pair")]
    {
        let whole: Vec<Value> = bureau.listed(path);
        let (mut told, mut after) = (Vec::new(), String::new());
        loop {
            let part = bureau.json(&format!("{path}&limit=7{after}"));
            assert_eq!(part["total"], whole.len());
            told.extend(keys(&part, key));
            let Some(next) = part["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        let wanted: Vec<String> = whole
            .iter()
            .map(|item| item.pointer(key).and_then(Value::as_str).unwrap().to_owned())
            .collect();
        assert!(wanted.len() > 14, "{path}: {}", wanted.len());
        assert_eq!(told, wanted, "{path}");
    }
    let mut town = server.browser();
    town.sign_in("zhenban");
    let own: BTreeSet<String> =
        town.listed("/api/v1/children?all=1").iter().map(|c| c["child"].to_string()).collect();
    let all = bureau.listed("/api/v1/children?all=1");
    let foreign = all.iter().find(|child| !own.contains(&child["child"].to_string())).unwrap();
    // Where a foreign child would stand in the own list is nobody's business, and an unknown one looks the same.
    let refused = |town: &mut Browser, key: &str| {
        let answer = town.get(&format!("/api/v1/children?after={key}"));
        (answer.status, answer.body)
    };
    let (unknown, foreign) =
        (refused(&mut town, "c_9999-1"), refused(&mut town, foreign["child"].as_str().unwrap()));
    assert_eq!((unknown.0, &unknown), (404, &foreign));
}

fn writes_are_done_once(engine: Engine) {
    let server = Server::start(engine);
    let (mut bureau, mut contract, csrf) = bureau(&server);
    let list = "/api/v1/review/pairs";
    let pairs = keys(&bureau.json(list), "/pair");
    let at = |pair: &str| format!("/api/v1/review/pairs/{pair}/answers");
    let pattern = "/api/v1/review/pairs/{pair}/answers";
    let different = json!({ "answer": "different", "reason": "两个孩子" });
    let mut write = |contract: &mut Contract, pair: &str, key: &str, body: &Value| {
        contract.writes(&mut bureau, (pattern, &at(pair)), (&csrf, key), body)
    };
    let (status, first) = write(&mut contract, &pairs[0], "one", &different);
    assert_eq!((status, &first["answer"]), (200, &json!("different")), "{first}");
    assert_eq!(write(&mut contract, &pairs[0], "one", &different), (200, first), "again");
    let other = write(&mut contract, &pairs[1], "one", &different);
    assert_eq!((other.0, &other.1["code"]), (409, &json!("key-reused")));
    let taken = write(&mut contract, &pairs[0], "two", &json!({ "answer": "same" }));
    assert_eq!((taken.0, &taken.1["code"]), (409, &json!("pair-ruled")));
    let nowhere = write(&mut contract, "9999-1_9999-2", "three", &different);
    assert_eq!(nowhere.0, 404);
    let left = keys(&bureau.json(list), "/pair");
    assert!(!left.contains(&pairs[0]) && left.contains(&pairs[1]), "one pair was ruled on");
    conflict_is_answered_once(&mut bureau, &mut contract, &csrf);
    for key in ["", "a b", &"k".repeat(65)] {
        let answer = bureau.write(&at(&pairs[1]), (&csrf, key), &different.to_string());
        let problem = contract.holds("post", pattern, &answer);
        assert_eq!((answer.status, &problem["code"]), (400, &json!("no-key")), "{key}");
    }
    assert_eq!(keys(&bureau.json(list), "/pair"), left);
}

fn conflict_is_answered_once(bureau: &mut Browser, contract: &mut Contract, csrf: &str) {
    let conflicts = bureau.json("/api/v1/conflicts");
    let disputed = &conflicts["items"][0];
    let child = disputed["child"]["child"].as_str().unwrap().to_owned();
    let (path, pattern) =
        (format!("/api/v1/conflicts/{child}/answers"), "/api/v1/conflicts/{child}/answers");
    let body =
        json!({ "side": disputed["yours"][0], "outcome": "disagrees", "because": " 本人在家 " });
    let first = contract.writes(bureau, (pattern, &path), (csrf, "c1"), &body);
    assert_eq!((first.0, &first.1["because"]), (200, &json!("本人在家")), "{}", first.1);
    assert_eq!(contract.writes(bureau, (pattern, &path), (csrf, "c1"), &body), first);
    let whole = bureau.json(&format!("/api/v1/children/{child}"));
    assert_eq!(whole["conflict"]["answers"].as_array().unwrap().len(), 1, "answered once");
    let empty = json!({ "side": disputed["yours"][0], "outcome": "disagrees", "because": " " });
    assert_eq!(contract.writes(bureau, (pattern, &path), (csrf, "c2"), &empty).0, 400);
    let strange = json!({ "side": "nobody", "outcome": "corrects", "because": "x" });
    assert_eq!(contract.writes(bureau, (pattern, &path), (csrf, "c3"), &strange).0, 400);
}

#[test]
fn a_write_of_the_interface_is_done_once() {
    writes_are_done_once(Engine::Sqlite);
}

#[test]
fn a_write_of_the_interface_is_done_once_on_postgresql() {
    writes_are_done_once(Engine::Postgres);
}
