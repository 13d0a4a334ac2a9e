//! Nothing changes without a form of ours, and nothing changes by looking (T-13): asked of every route of the table.

use baoxue_web::{Needs, Route, routes};

use super::{
    browser::{Browser, PASSWORD, Server},
    expect::Expected,
    readers::{Subject, address, children, decidable, encoded, json, prepared, readers},
    state::Content,
    whole_ids,
};

/// What is wrong, the headers, and the token in the form.
type Case<'c> = (&'c str, Vec<(&'c str, &'c str)>, Option<&'c str>);

const FOREIGN_TOKEN: &str = "00000000000000000000000000000000";

/// Every way in which a request is not from a page of ours.
fn cases<'c>(origin: &'c str, token: &'c str, is_api: bool) -> Vec<Case<'c>> {
    let ours = ("Origin", origin);
    let right = if is_api { vec![("X-CSRF-Token", token)] } else { Vec::new() };
    let with = |headers: &[(&'c str, &'c str)]| [right.as_slice(), headers].concat();
    let own = Some(token);
    vec![
        ("no token", vec![ours], None),
        ("a foreign token", vec![ours], Some(FOREIGN_TOKEN)),
        ("a foreign token in the head", vec![ours, ("X-CSRF-Token", FOREIGN_TOKEN)], own),
        ("a foreign origin", with(&[("Origin", "https://evil.example")]), own),
        ("an origin of another port", with(&[("Origin", "http://127.0.0.1:1")]), own),
        ("an opaque origin", with(&[("Origin", "null")]), own),
        ("another site", with(&[ours, ("Sec-Fetch-Site", "cross-site")]), own),
        ("a site of the same owner", with(&[ours, ("Sec-Fetch-Site", "same-site")]), own),
        ("no origin at all", with(&[]), own),
    ]
}

fn is_unsafe(route: &Route) -> bool {
    !matches!(route.method.as_str(), "GET" | "HEAD" | "OPTIONS")
}

#[test]
fn t13_no_route_takes_a_change_that_is_not_from_a_page_of_ours() {
    let server = Server::start(crate::program::Engine::Sqlite);
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    let token = bureau.json("/api/v1/me")["csrf"].as_str().unwrap().to_owned();
    let mut nobody = server.browser();
    let page = nobody.get("/login").body;
    let form_token = nobody.csrf(&page);
    let subject = decidable(&mut bureau);
    let before = Content::of(&server.database());
    let mut n = 0;
    for route in routes().iter().filter(|route| is_unsafe(route)) {
        let expected = Expected::of(route);
        let path = address(&route.path, &subject, true);
        let (browser, token) = match route.needs {
            Needs::Nothing => (&mut nobody, &form_token),
            Needs::Session | Needs::Action(_) => (&mut bureau, &token),
        };
        for (what, mut headers, in_form) in cases(&server.origin, token, expected.is_api()) {
            let body = if expected.is_api() {
                headers.extend([("Content-Type", "application/json"), ("Idempotency-Key", "k")]);
                json(expected.fields)
            } else {
                let csrf: Vec<(&str, &str)> =
                    in_form.map(|token| ("csrf", token)).into_iter().collect();
                encoded(&[csrf.as_slice(), expected.fields].concat())
            };
            let form = ("application/x-www-form-urlencoded", body.as_bytes());
            let answer = browser.send((route.method.as_str(), &path), &headers, form);
            assert_eq!(answer.status, 403, "{} {path} with {what}", route.method);
            n += 1;
        }
    }
    assert!(n >= 100, "{n}");
    assert_eq!(before.changed(&Content::of(&server.database()), &[]), Vec::<String>::new());
    assert_eq!(bureau.get("/children").status, 200, "the session lives");
}

#[test]
fn t13_looking_changes_nothing_and_t20_nobody_gets_in_without_a_session() {
    let server = prepared();
    let mut readers = readers(&server);
    let mut bureau = readers[0].browser.clone();
    let subject = decidable(&mut bureau);
    let table: Vec<Route> = routes().into_iter().filter(|route| route.method == "GET").collect();
    assert!(table.len() > 40, "{}", table.len());
    let before = Content::of(&server.database());
    for round in 0..2 {
        for reader in readers
            .iter_mut()
            .filter(|r| matches!(r.login, "jiaotiju" | "zhenban" | "xitong" | "shenji"))
        {
            for route in &table {
                let answer = reader.browser.get(&address(&route.path, &subject, true));
                assert!(answer.status < 500, "{}: {}", route.path, answer.status);
            }
        }
        let after = Content::of(&server.database());
        assert_eq!(before.changed(&after, &[]), Vec::<String>::new(), "round {round}");
    }
    let known = children(&mut bureau);
    let names: Vec<String> =
        known.iter().take(200).filter_map(|child| child.name.clone()).collect();
    opens_nothing(&mut server.browser(), &subject, &names);
}

#[test]
fn t20_an_account_that_is_suspended_in_the_middle_of_its_session_gets_what_nobody_gets() {
    let server = prepared();
    let mut readers = readers(&server);
    let mut bureau = readers[0].browser.clone();
    let subject = decidable(&mut bureau);
    let known = children(&mut bureau);
    let names: Vec<String> = known.iter().filter_map(|child| child.name.clone()).collect();
    for login in ["zhenban", "ducha"] {
        let reader = readers.iter_mut().find(|reader| reader.login == login).unwrap();
        assert_eq!(reader.browser.get("/children").status, 200, "{login}");
        let mut line = server.program.command(&["account", "disable", login]);
        assert!(line.output().unwrap().status.success(), "{login}");
        assert_eq!(reader.browser.try_sign_in(login, PASSWORD, None).status, 422, "{login}");
        opens_nothing(&mut reader.browser, &subject, &names);
    }
    assert_eq!(bureau.get("/children").status, 200, "others go on");
}

/// T-60: what is there for everybody names no child, no number and no place of one. There is no public list of children;
/// whoever adds an address for everybody has it looked at here.
#[test]
fn t60_no_address_for_everybody_tells_of_a_child() {
    let server = prepared();
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    let subject = decidable(&mut bureau);
    let known = children(&mut bureau);
    let long = |name: &String| name.chars().count() > 2;
    let names: Vec<String> = known.iter().filter_map(|c| c.name.clone()).filter(long).collect();
    assert!(names.len() > 400);
    let mut nobody = server.browser();
    let open: Vec<Route> = routes().into_iter().filter(|r| r.needs == Needs::Nothing).collect();
    assert!(open.len() >= 8, "{}", open.len());
    for route in &open {
        let (expected, path) = (Expected::of(route), address(&route.path, &subject, true));
        let login = nobody.get("/login").body;
        let csrf = nobody.csrf(&login);
        let answer = if is_unsafe(route) {
            let token = [("csrf", csrf.as_str())];
            nobody.post(&path, &encoded(&[&token[..], expected.fields].concat()))
        } else {
            nobody.get(&path)
        };
        assert!(answer.status < 500, "{path}: {}", answer.status);
        let told = names.iter().find(|name| answer.body.contains(*name));
        assert_eq!((told, whole_ids(&answer.body)), (None, Vec::new()), "{} {path}", route.method);
    }
}

/// Asks for all that needs a session, by whoever has none; `names` are of children.
fn opens_nothing(nobody: &mut Browser, subject: &Subject, names: &[String]) {
    let login = nobody.get("/login").body;
    for route in routes().iter().filter(|route| route.needs != Needs::Nothing) {
        let (expected, path) = (Expected::of(route), address(&route.path, subject, true));
        let answer = if !is_unsafe(route) {
            nobody.get(&path)
        } else if expected.is_api() {
            nobody.write(&path, ("x", "k"), &json(expected.fields))
        } else if expected.method == "PUT" {
            let csrf = nobody.csrf(&login);
            nobody.put(&path, &csrf)
        } else {
            let csrf = nobody.csrf(&login);
            let token = [("csrf", csrf.as_str())];
            nobody.post(&path, &encoded(&[&token[..], expected.fields].concat()))
        };
        let to = answer.header("location").unwrap_or_default();
        let refused = match (expected.is_api(), is_unsafe(route)) {
            (true, true) => matches!(answer.status, 401 | 403),
            (true, false) => answer.status == 401,
            // What was typed is given back with the way in.
            (false, true) if answer.status == 401 => answer.body.contains("action=\"/login\""),
            (false, _) => answer.status == 303 && to.starts_with("/login"),
        };
        assert!(refused, "{} {path}: {} {to}", route.method, answer.status);
        let told =
            names.iter().find(|name| name.chars().count() > 2 && answer.body.contains(*name));
        assert_eq!(told, None, "{path}");
    }
}
