//! 异常查阅: what reaches the audit each week (T-25).

use super::{
    browser::{Browser, Server},
    child_links,
};
use crate::program::Engine;

/// The Monday of this week as the page names it.
fn this_week(watcher: &mut Browser) -> String {
    let last = watcher.get("/audit/unusual").body;
    let next = last.split("href=\"/audit/unusual?week=").nth(2).unwrap();
    next.split('"').next().unwrap().to_owned()
}

#[test]
fn t25_who_opens_many_children_and_does_nothing_is_named_to_the_audit_without_a_child() {
    let server = Server::start(Engine::Sqlite);
    let mut town = server.browser();
    town.sign_in("zhenban");
    let children = child_links(&town.get("/children?size=100").body);
    assert!(children.len() > 40);
    for child in children.iter().take(40) {
        assert_eq!(town.get(child).status, 200);
    }
    let mut watcher = server.browser();
    watcher.sign_in("rizhi");
    let audit = watcher.get("/audit").body;
    assert!(audit.contains("href=\"/audit/unusual\""), "the audit leads there");
    let last = watcher.get("/audit/unusual");
    assert_eq!(last.status, 200);
    assert!(last.body.contains("没有明显异常"), "nobody was here last week");
    let week = format!("/audit/unusual?week={}", this_week(&mut watcher));
    let page = watcher.get(&week).body;
    for part in ["zhenban", "看过而没有办理任何事的 40 名", "本周未完"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("/c_") && !page.contains(">c_"), "no child is named");
    assert!(watcher.get("/audit?whose=all&act=ReadAllAudit").body.contains("unusual"), "kept");
    let english = watcher.get_with(&week, &[("Cookie", "lang=en")]).body;
    assert!(english.contains("40 looked at and nothing done"), "{english}");
    for (login, status) in [("shenji", 200), ("jiaotiju", 403), ("xitong", 403)] {
        let mut who = server.browser();
        who.sign_in(login);
        assert_eq!(who.get("/audit/unusual").status, status, "{login}");
    }
    assert_eq!(town.get("/audit/unusual").status, 403);
    for odd in ["week=x", "week=9999-12-31", "week=-262143-01-01", "week="] {
        assert_eq!(watcher.get(&format!("/audit/unusual?{odd}")).status, 200, "{odd}");
    }
}
