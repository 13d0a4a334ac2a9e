//! Notices over the pages: each seat has its own, what goes out names no child, and a robot that does not answer is seen.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use baoxue_testkit::post::FakeServer;

use super::browser::{Browser, Server};
use crate::program::{Engine, Program, sample_county};

/// A server that tells all offices down to the towns by a robot in a group, at any hour.
fn with_robot(robot: &FakeServer, name: &str) -> Server {
    let program = Program::new(Engine::Sqlite);
    program.file("robot.url", format!("http://{}/send?key=K", robot.address));
    let county = std::fs::read_to_string(sample_county("county.toml")).unwrap();
    let towns: Vec<&str> = county.lines().filter_map(|line| line.strip_prefix("code = ")).collect();
    assert_eq!(towns.len(), 12);
    let offices = format!("[\"bureau\", \"county\", {}]", towns.join(", "));
    let settings = program.file(
        "server.toml",
        format!(
            "[notices]\nquiet-from = \"00:00\"\nquiet-to = \"00:00\"\n\
             [[notices.robot]]\nname = \"{name}\"\nmake = \"wecom\"\nurl-file = \"robot.url\"\n\
             office = {offices}\n"
        ),
    );
    let settings = settings.to_string_lossy().into_owned();
    Server::over(program, &["--notices", &settings])
}

/// Asks again until something is there; the server looks at the cases beside answering, and sends once a minute.
fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_mins(2), "it did not come within two minutes");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The names of all children of the county.
fn names(server: &Server) -> BTreeSet<String> {
    let mut inspector = server.browser();
    inspector.sign_in("ducha");
    let children = inspector.listed("/api/v1/children");
    let names = children.iter().filter_map(|child| child["name"].as_str());
    let names: BTreeSet<String> = names.map(str::to_owned).collect();
    assert!(names.len() > 100, "{}", names.len());
    names
}

fn rows(page: &str) -> usize {
    page.matches("href=\"/cases/k_").count()
}

#[test]
fn what_goes_out_names_cases_and_no_child() {
    let robot = FakeServer::web(r#"{"errcode":0}"#).unwrap();
    let server = with_robot(&robot, "教育局");
    let sent = until(|| Some(robot.took()).filter(|took| !took.is_empty())).join("\n");
    assert!(sent.contains("【保学】本单位有") && sent.contains("案号 k_"), "{sent}");
    let mut told = String::new();
    for login in ["jiaotiju", "zhenban", "cunganbu", "xiaozhang", "banzhuren"] {
        let mut who = server.browser();
        who.sign_in(login);
        told.push_str(who.get("/notices").body.split("<main").nth(1).unwrap());
    }
    assert!(rows(&told) > 20, "{told}");
    for name in names(&server) {
        assert!(!sent.contains(&name) && !told.contains(&name), "{name}");
    }
    assert!(super::whole_ids(&sent).is_empty());
}

#[test]
fn notices_are_read_by_their_account_alone() {
    let server = Server::start(Engine::Sqlite);
    let mut town = server.browser();
    town.sign_in("zhenban");
    let page = until(|| {
        let page = town.get("/notices").body;
        (rows(&page) > 0 && page.contains("全部标为已读")).then_some(page)
    });
    let first = page.split("href=\"/cases/k_").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(town.get(&format!("/cases/k_{first}")).status, 200, "it leads to the case");
    let last = page.split("name=\"last\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let form = |csrf: &str| format!("csrf={csrf}&last={last}");
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    let others = bureau.get("/notices").body;
    assert!(others.contains("全部标为已读"));
    let csrf = town.csrf(&page);
    assert_eq!(town.post("/notices/read", &form(&csrf)).status, 303);
    let read = town.get("/notices").body;
    assert!(read.contains("0 条未读") && !read.contains("全部标为已读"));
    assert!(bureau.get("/notices").body.contains("全部标为已读"), "the bureau has not read");
    // Another's number, none at all, and a page that is not there.
    let csrf = bureau.csrf(&others);
    for (last, status) in [("-1", 303), ("0", 303), ("%3Cscript%3E", 400), ("", 400)] {
        let answer = bureau.post("/notices/read", &format!("csrf={csrf}&last={last}"));
        assert_eq!(answer.status, status, "{last}: {}", answer.body);
    }
    assert!(bureau.get("/notices").body.contains("全部标为已读"));
    assert_eq!(bureau.get("/notices?page=99999999999999999999").status, 200);
    assert_eq!(town.get("/admin/notices").status, 403);
}

fn save_contact(who: &mut Browser, fields: &str) -> (u16, String) {
    let page = who.get("/me").body;
    let answer = who.post("/me/contact", &format!("csrf={}&{fields}", who.csrf(&page)));
    (answer.status, answer.body)
}

#[test]
fn an_address_is_kept_and_a_wrong_one_is_said() {
    let server = Server::start(Engine::Sqlite);
    let mut town = server.browser();
    town.sign_in("zhenban");
    let (status, body) = save_contact(&mut town, "mail=nobody&phone=");
    assert_eq!(status, 422);
    assert!(body.contains("value=\"nobody\"") && body.contains("11 位数字"), "{body}");
    let (status, _) = save_contact(&mut town, "mail=li%40edu.example&phone=13800000000");
    assert_eq!(status, 303);
    let page = town.get("/me?done=contact").body;
    for kept in ["value=\"li@edu.example\"", "value=\"13800000000\"", "通知方式已保存"] {
        assert!(page.contains(kept), "{kept}: {page}");
    }
    for hostile in [
        "mail=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%40a.cn&phone=",
        "mail=a%40b.cn%0D%0ABcc%3A+c%40d.cn&phone=",
        "mail=&phone=13800000000%27+or+1%3D1",
        &format!("mail={}%40a.cn&phone=", "a".repeat(10_000)),
    ] {
        let (status, body) = save_contact(&mut town, hostile);
        assert_eq!(status, 422, "{hostile}");
        assert!(!body.contains("<script>alert"), "{body}");
    }
    let (status, _) = save_contact(&mut town, "mail=a%40b.cn");
    assert!((400..500).contains(&status), "a field is missing: {status}");
    assert!(town.get("/me").body.contains("value=\"li@edu.example\""), "nothing was kept");
    let mut other = server.browser();
    other.sign_in("ducha");
    assert!(!other.get("/me").body.contains("li@edu.example"));
    assert_eq!(save_contact(&mut town, "mail=&phone=").0, 303);
    assert!(!town.get("/me").body.contains("li@edu.example"));
}

#[test]
fn a_robot_that_does_not_answer_is_seen_by_who_runs_the_system() {
    let mut robot = FakeServer::web(r#"{"errcode":0}"#).unwrap();
    robot.off();
    let server = with_robot(&robot, "教育局");
    let mut admin = server.browser();
    admin.sign_in("xitong");
    let page = until(|| {
        let page = admin.get("/admin/notices").body;
        page.contains("no answer").then_some(page)
    });
    assert!(page.contains("群机器人 教育局") && page.contains("class=\"c-out\""), "{page}");
    assert!(!page.contains("key=K") && !server.log().contains("key=K"), "the address is a secret");
    robot.on().unwrap();
    // The first pause is a minute.
    let n = until(|| Some(robot.took().len()).filter(|n| *n > 0));
    let page = until(|| {
        let page = admin.get("/admin/notices").body;
        (!page.contains("class=\"c-out\"")).then_some(page)
    });
    assert!(page.contains("最近发出") && n > 0, "{page}");
}

#[test]
fn a_robot_that_says_no_has_taken_nothing_and_its_words_are_text() {
    let robot = FakeServer::web(r#"{"errcode":93000,"errmsg":"<script>invalid webhook"}"#).unwrap();
    let server = with_robot(&robot, "<b>教育局</b>");
    let mut admin = server.browser();
    admin.sign_in("xitong");
    let page = until(|| {
        let page = admin.get("/admin/notices").body;
        page.contains("errcode 93000").then_some(page)
    });
    assert!(page.contains("class=\"c-out\"") && !page.contains("invalid webhook"), "{page}");
    assert!(page.contains("教育局") && !page.contains("<b>教育局"), "{page}");
}
