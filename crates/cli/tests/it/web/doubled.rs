//! Forms that are sent twice are done once and answered alike, whether the button was pressed again or the page behind was sent
//! once more.

use std::thread;

use baoxue_web::routes;

use super::{
    browser::{Answer, Browser, Server},
    expect::{ALL, Expected},
    readers::{address, decidable, prepared, readers},
    session_over::Form,
    state::Content,
};
use crate::program::Engine;

/// Forms that leave nothing behind, or are for whoever is not signed in: their own rules say what a second one does.
const WITHOUT: [&str; 7] = ["/logout", "/login", "/tip", "/tip/answer", "/v/", "/link/", "/setup/"];

#[test]
fn every_form_of_every_page_has_a_token_by_which_it_is_known_again() {
    let server = prepared();
    let mut readers = readers(&server);
    let mut bureau = readers[0].browser.clone();
    let subject = decidable(&mut bureau);
    let table = routes();
    let (mut n, mut without) = (0, Vec::new());
    for reader in &mut readers {
        for route in table.iter().filter(|route| route.method == "GET") {
            let expected = Expected::of(route);
            let page = reader.browser.get(&address(expected.path, &subject, true)).body;
            for form in page.split("<form ").skip(1) {
                let form = form.split("</form>").next().unwrap();
                let to = form.split("action=\"").nth(1).unwrap_or_default();
                let is_out = WITHOUT.iter().any(|out| to.starts_with(out));
                if !form.contains("method=\"post\"") || is_out {
                    continue;
                }
                n += 1;
                if !form.contains("name=\"once\"") {
                    without.push(format!("{}: {}", expected.path, &to[..to.len().min(40)]));
                }
            }
        }
    }
    assert!(without.is_empty(), "{without:#?}");
    assert!(n > 100 && ALL.len() == table.len(), "{n} forms");
}

/// A form that is filled in well: by whom, on which page, where it goes, and what is typed.
type Good<'g> = (&'g str, &'g str, &'g str, &'g [(&'g str, &'g str)]);

const GOOD: [Good<'_>; 5] = [
    (
        "jiaotiju",
        "/review/conflicts",
        "/review/conflicts/",
        &[("outcome", "disagrees"), ("because", "家长不在家")],
    ),
    ("jiaotiju", "/children?status=out", "/children/views", &[("name", "失学"), ("shared", "1")]),
    (
        "ducha",
        "/children/export?status=out&format=xlsx",
        "/children/export",
        &[("purpose", "上户核查")],
    ),
    ("zhenban", "/me", "/me/contact", &[("mail", "a@example.cn"), ("phone", "")]),
    ("zhenban", "/review/identity", "/review/identity/", &[("reason", "同一个人")]),
];

#[test]
fn a_form_that_is_sent_twice_is_done_once_and_answered_alike() {
    let server = Server::start(Engine::Sqlite);
    for login in ["jiaotiju", "ducha", "zhenban"] {
        let mut who = server.browser();
        who.sign_in(login);
        for (_, page, action, typed) in GOOD.iter().filter(|(by, ..)| *by == login) {
            let form = Form::of(&who.get(page).body, action);
            let before = Content::of(&server.database());
            let first = form.sent(&mut who, typed);
            assert!(matches!(first.status, 200 | 303), "{login} {action}: {}", first.body);
            let once = Content::of(&server.database());
            assert!(!before.changed(&once, &[]).is_empty(), "{login} {action} changes something");
            let second = form.sent(&mut who, typed);
            let twice = Content::of(&server.database());
            assert_eq!(once.changed(&twice, &[]), Vec::<String>::new(), "{login} {action}");
            assert_eq!(same(&first), same(&second), "{login} {action}");
        }
    }
}

/// What two answers have in common.
fn same(answer: &Answer) -> (u16, Option<String>, String) {
    let body = if answer.status == 200 { answer.body.clone() } else { String::new() };
    (answer.status, answer.header("location"), body)
}

#[test]
fn pressed_twice_at_once_makes_one_file_and_both_see_its_passphrase() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    let page = bureau.get("/children/export?status=out&format=xlsx").body;
    let form = Form::of(&page, "/children/export");
    let pressed = |mut browser: Browser| form.sent(&mut browser, &[("purpose", "上户核查")]);
    let answers: Vec<Answer> = thread::scope(|scope| {
        let hands: Vec<_> = (0..4).map(|_| scope.spawn(|| pressed(bureau.clone()))).collect();
        hands.into_iter().map(|hand| hand.join().unwrap()).collect()
    });
    let phrase = |answer: &Answer| {
        let part = answer.body.split("id=\"passphrase\">").nth(1).map(str::to_owned);
        part.and_then(|part| part.split('<').next().map(str::to_owned))
    };
    let first = phrase(&answers[0]);
    assert!(first.is_some(), "{}", answers[0].body);
    assert!(answers.iter().all(|answer| phrase(answer) == first));
    let list = bureau.get("/exports").body;
    assert!(list.contains("/exports/1/file") && !list.contains("/exports/2/"), "{list}");
}

/// Without a token too: what is said twice in the same words is one answer, and a view that is there is not kept again.
#[test]
fn the_same_answer_and_the_same_view_are_kept_once_however_they_are_sent() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    for (page, action, typed) in [
        ("/review/conflicts", "/review/conflicts/", GOOD[0].3),
        ("/children?status=out", "/children/views", GOOD[1].3),
    ] {
        let mut form = Form::of(&bureau.get(page).body, action);
        form.fields.retain(|(name, _)| name != "once");
        assert_eq!(form.sent(&mut bureau, typed).status, 303);
        let once = Content::of(&server.database());
        assert_eq!(form.sent(&mut bureau, typed).status, 303);
        assert_eq!(once.changed(&Content::of(&server.database()), &[]), Vec::<String>::new());
    }
    // Other words are another answer.
    let form = Form::of(&bureau.get("/review/conflicts").body, "/review/conflicts/");
    let once = Content::of(&server.database());
    form.sent(&mut bureau, &[("outcome", "corrects"), ("because", "已更正")]);
    assert!(!once.changed(&Content::of(&server.database()), &[]).is_empty());
}
