//! Voices from outside over the pages: who reads a tip-off and who finds nothing of it, who opens what its sender left, and a
//! finding of an inspection from a child's page to the second look.

use std::{
    collections::BTreeSet,
    io::Write as _,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use baoxue_web::routes;

use super::{
    browser::{Answer, Browser, PASSWORD, Server, hidden},
    child_links,
    readers::{address, children, encoded, percent, prepared, readers, subject_of},
};
use crate::program::{Engine, Program, sample_county};

/// Nobody else writes so.
const SECRET: &str = "紫藤巷口烧烤摊端盘子";
const CONTACT: &str = "翡翠大姐 13909157766";

/// Sends a tip-off as somebody without an account.
pub(super) fn tip(browser: &mut Browser, what: &str, contact: &str) -> Answer {
    let page = browser.get("/tip").body;
    let csrf = browser.csrf(&page);
    let fields = [
        ("csrf", csrf.as_str()),
        ("child", "王家二女儿"),
        ("place", "五里镇刘营村"),
        ("what", what),
        ("contact", contact),
    ];
    browser.post("/tip", &encoded(&fields))
}

/// Sends a form of a page about a tip-off or a finding.
pub(super) fn act(browser: &mut Browser, page: &str, act: &str, fields: &[(&str, &str)]) -> Answer {
    let body = browser.get(page).body;
    let (csrf, seen) = (browser.csrf(&body), hidden(&body, "seen"));
    let own = [("csrf", csrf.as_str()), ("seen", seen.as_str())];
    browser.post(&format!("{page}/{act}"), &encoded(&[&own, fields].concat()))
}

fn code_of(answer: &Answer) -> String {
    let part = answer.body.split("id=\"tip-code\">").nth(1).unwrap();
    part.split('<').next().unwrap().to_owned()
}

#[test]
fn t54_five_hundred_tips_leave_what_an_hour_may_and_one_is_answered_by_its_code() {
    let server = Server::start(Engine::Sqlite);
    let mut anybody = server.browser();
    let first = tip(&mut anybody, SECRET, "");
    assert_eq!(first.status, 200, "{}", first.body);
    let code = code_of(&first);
    let (mut taken, mut refused) = (1, 0);
    for n in 1..500 {
        let answer = tip(&mut anybody, &format!("第{n}件事"), "");
        match answer.status {
            200 => taken += 1,
            429 => {
                refused += 1;
                assert!(answer.header("retry-after").is_some());
                assert!(answer.body.contains(&format!("第{n}件事")), "what was typed stands there");
            }
            other => panic!("{other}: {}", answer.body),
        }
    }
    assert_eq!((taken, refused), (5, 495), "as many as one address may send in an hour");
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    let list = bureau.get("/tips").body;
    assert_eq!(list.matches("href=\"/tips/t_").count(), 5);
    assert!(bureau.get("/today").body.contains("/tips"), "the office is told");
    let words = ("words", "已核实，正在劝返。");
    let answered = act(&mut bureau, "/tips/t_1", "answer", &[("outcome", "founded"), words]);
    assert_eq!(answered.status, 303, "{}", answered.body);
    let page = anybody.get("/tip/answer").body;
    let csrf = anybody.csrf(&page);
    let asks = |browser: &mut Browser, code: &str| {
        browser.post("/tip/answer", &encoded(&[("csrf", &csrf), ("code", code)]))
    };
    let read = asks(&mut anybody, &code.to_uppercase());
    assert!(read.status == 200 && read.body.contains(words.1), "{}", read.body);
    assert!(!read.body.contains(SECRET), "a code shows the answer, not the tip");
    assert_eq!(asks(&mut anybody, "aaaa-aaaa-aaaa").status, 422);
    for _ in 0..20 {
        asks(&mut anybody, "aaaa-aaaa-aaaa");
    }
    assert_eq!(asks(&mut anybody, &code).status, 429, "codes are not guessed");
    assert!(!server.log().contains(SECRET));
}

#[test]
fn t54_school_village_and_town_find_nothing_of_a_tip_anywhere() {
    let server = prepared();
    let mut anybody = server.browser();
    assert_eq!(tip(&mut anybody, SECRET, CONTACT).status, 200);
    let mut readers = readers(&server);
    let mut bureau = readers[0].browser.clone();
    let town = readers.iter().position(|reader| reader.login == "zhenban").unwrap();
    let all = children(&mut bureau);
    // It is about a child of the town, whose case says that a tip-off came and not what it says.
    let own = all.iter().find(|child| readers[town].sees(child) && child.name.is_some()).unwrap();
    let linked = act(&mut bureau, "/tips/t_1", "link", &[("child", &own.key), ("reason", "")]);
    assert_eq!(linked.status, 303, "{}", linked.body);
    let page = bureau.get("/tips/t_1").body;
    assert!(page.contains(SECRET) && !page.contains(CONTACT), "the office reads it, not of whom");
    let case = page.split("href=\"/cases/").nth(1).unwrap().split('"').next().unwrap();
    let case = format!("/cases/{case}");
    let seen = readers[town].browser.get(&case);
    assert!(seen.status == 200 && seen.body.contains("举报"), "the town must verify");
    let subject = subject_of(&mut bureau, &own.key, "9999-1_9999-2");
    for reader in &mut readers {
        let reads = matches!(reader.login, "jiaotiju" | "ducha");
        let may = reader.browser.get("/tips/t_1");
        assert_eq!(may.status, if reads { 200 } else { 403 }, "{}", reader.login);
        let mut pages: Vec<String> = routes()
            .iter()
            .filter(|route| route.method == "GET" && (!reads || route.path.contains("/api/")))
            .map(|route| address(&route.path, &subject, true))
            .collect();
        pages.extend([case.clone(), format!("/children?q={}", percent(SECRET))]);
        if !reads {
            pages.extend(["/tips/t_1".to_owned(), "/tips".to_owned()]);
        }
        for path in pages {
            let body = reader.browser.get(&path).body;
            // What is searched for stands in the field of the search.
            let shown = body.contains(SECRET) && !path.contains("?q=");
            assert!(!shown && !body.contains(CONTACT), "{} {path}", reader.login);
        }
    }
    exported_without(&server, &mut bureau);
}

/// No export holds the words either: neither the ledger by the pages nor the lists of the command line.
fn exported_without(server: &Server, bureau: &mut Browser) {
    let page = bureau.get("/children/export").body;
    let csrf = bureau.csrf(&page);
    let form = encoded(&[("csrf", &csrf), ("query", "status=out"), ("purpose", "核查")]);
    assert!(!bureau.post("/children/export", &form).body.contains(SECRET));
    for what in ["links", "determinations"] {
        let output = server.program.command(&["export", what]).output().unwrap();
        assert!(output.status.success(), "{what}");
        assert!(!String::from_utf8_lossy(&output.stdout).contains(SECRET), "{what}");
    }
}

/// An account with a password and no second factor.
pub(super) fn add_account(server: &Server, login: &str, more: &[&str]) {
    let line =
        [&["account", "add", login, "--name", "某人", "--password-stdin"][..], more].concat();
    let mut command = server.program.command(&line);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut running = command.spawn().unwrap();
    writeln!(running.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(running.wait().unwrap().success(), "{login}");
}

/// Judges the county anew and waits for it.
pub(super) fn judged_anew(bureau: &mut Browser, server: &Server, done: &mut dyn FnMut() -> bool) {
    let page = bureau.get("/imports").body;
    let csrf = bureau.csrf(&page);
    assert_eq!(bureau.post("/imports/derive", &format!("csrf={csrf}")).status, 303);
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_mins(2), "a run: {}", server.log());
        thread::sleep(Duration::from_millis(300));
    }
}

#[test]
fn t54_the_row_of_a_tip_off_in_a_file_is_closed_to_school_village_and_town() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    // A row of a tip-off is a child's once somebody says so.
    let pairs = bureau.listed("/api/v1/review/pairs");
    let all = bureau.listed("/api/v1/children?all=1");
    let found = pairs.iter().find_map(|pair| {
        let rows = [&pair["rows"][0], &pair["rows"][1]];
        let tip = rows.iter().position(|row| row["source"] == "tip_off")?;
        let child = all.iter().find(|line| line["child"] == rows[1 - tip]["child"])?;
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let key = (text(&pair["pair"])?, text(&rows[tip]["row"])?);
        Some((key, text(&child["child"])?, text(&child["town"])?))
    });
    let ((pair, row), child, town) = found.unwrap();
    let page = bureau.get("/me").body;
    let ruled = format!("csrf={}&reason=x", bureau.csrf(&page));
    let at = format!("/review/identity/{pair}/same");
    assert_eq!(bureau.post(&at, &ruled).status, 303);
    let path = format!("/children/{child}/claims/{row}");
    let mut looks = bureau.clone();
    judged_anew(&mut bureau, &server, &mut || looks.get(&path).status == 200);
    let told = bureau.json(&format!("/api/v1{path}"));
    let cells = told["cells"].as_array().unwrap();
    let text = cells.iter().filter_map(|cell| cell["text"].as_str());
    let text = text.max_by_key(|text| text.chars().count()).unwrap();
    let text = text.lines().next().unwrap();
    assert!(text.chars().count() > 10 && bureau.get(&path).body.contains(text), "{text}");
    add_account(&server, "benzhen", &["--role", "town", "--town", &town]);
    let mut own = server.browser();
    assert_eq!(own.try_sign_in("benzhen", PASSWORD, None).status, 303);
    for path in [path.clone(), format!("/api/v1{path}"), format!("/children/{child}")] {
        let answer = own.get(&path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.body.contains(text), "{path}");
    }
}

#[test]
fn t54_what_an_informer_left_is_opened_by_two_and_both_stand_in_the_log() {
    let server = Server::start(Engine::Sqlite);
    let mut anybody = server.browser();
    assert_eq!(tip(&mut anybody, SECRET, CONTACT).status, 200);
    let [mut bureau, mut inspector] = ["jiaotiju", "ducha"].map(|login| {
        let mut browser = server.browser();
        browser.sign_in(login);
        browser
    });
    let page = "/tips/t_1";
    let asked = act(&mut bureau, page, "ask-informer", &[("reason", "需要核对地点")]);
    assert_eq!(asked.status, 303, "{}", asked.body);
    assert!(!bureau.get(page).body.contains(CONTACT), "one person opens nothing");
    let alone = act(&mut bureau, page, "open-informer", &[("reason", "自己同意")]);
    assert_eq!(alone.status, 422);
    assert!(alone.body.contains("须由另一人"), "{}", alone.body);
    assert_eq!(act(&mut inspector, page, "open-informer", &[("reason", "同意")]).status, 303);
    for browser in [&mut bureau, &mut inspector] {
        assert!(browser.get(page).body.contains(CONTACT));
    }
    let log = inspector.get("/audit?whose=all&act=OpenInformer").body;
    for part in ["jiaotiju", "ducha", "informer of tip 1"] {
        assert!(log.contains(part), "{part}");
    }
}

/// The sample county with a second inspector.
fn with_another_inspector() -> Server {
    let program = Program::new(Engine::Sqlite);
    program.run(&sample_county("input"));
    let server = Server::over(program, &[]);
    add_account(&server, "fucha", &["--role", "inspector"]);
    server
}

#[test]
fn a_finding_goes_from_the_child_to_the_unit_and_the_next_run_uses_it() {
    let server = with_another_inspector();
    let mut inspector = server.browser();
    inspector.sign_in("ducha");
    let mut town = server.browser();
    town.sign_in("zhenban");
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    let listed = town.get("/children?status=in&size=100").body;
    let child = child_links(&listed).pop_first().unwrap();
    // Child, not in school, photograph, save.
    let page = inspector.get(&child).body;
    let key = child.trim_start_matches("/children/");
    let out = format!("/inspect/new?child={key}&amp;found=out");
    let escaped = out.replace("&amp;", "&#38;");
    assert!(page.contains(&out) || page.contains(&escaped), "the child's page leads there");
    assert!(!town.get(&child).body.contains("/inspect/new"), "only inspectors enter findings");
    let form = inspector.get(&format!("/inspect/new?child={key}&found=out")).body;
    let csrf = inspector.csrf(&form);
    let fields = [
        ("csrf", csrf.as_str()),
        ("child", key),
        ("found", "out"),
        ("how", "home"),
        ("on", "2019-08-25"),
        ("words", "在家，没有去学校"),
        ("unit", "五里镇"),
        ("measures", "劝返复学"),
        ("until", "2019-09-09"),
    ];
    let svg = inspector.brings("/inspect", &fields, b"<svg onload='alert(1)'/>");
    assert!(svg.status == 422 && svg.body.contains("没有登记任何内容"), "{}", svg.body);
    assert!(svg.body.contains("value=\"在家，没有去学校\""), "what was typed stays");
    assert!(!inspector.get("/inspect").body.contains("href=\"/inspect/f_"), "nothing is entered");
    let photo = include_bytes!("../../../../flow/tests/data/page.pdf");
    let saved = inspector.brings("/inspect", &fields, photo);
    assert_eq!(saved.status, 303, "{}", saved.body);
    let finding = saved.header("location").unwrap();
    let told = town.get(&finding);
    assert!(
        told.status == 200 && told.body.contains("说在校"),
        "who said otherwise: {}",
        told.body
    );
    let again = inspector.post("/inspect", &encoded(&fields));
    assert_eq!(again.status, 409, "the same is entered once");
    // Its case is opened by the inspection at once; the verdict waits for the run.
    let before = town.get(&child).body;
    assert!(before.contains("/cases/k_"), "a case");
    let case = before.split("href=\"/cases/").nth(1).unwrap().split('"').next().unwrap();
    let case = town.get(&format!("/cases/{case}")).body;
    let file = case.split("href=\"/files/").nth(1).expect("the photograph is in its case");
    let file = file.split('"').next().unwrap();
    assert!(case.contains("督查照片"), "{case}");
    assert!(town.get(&format!("/files/{file}")).bytes.starts_with(b"%PDF"));
    assert!(before.contains("st-in st-lg"), "the status is as it was");
    let mut looks = town.clone();
    judged_anew(&mut bureau, &server, &mut || !looks.get(&child).body.contains("st-in st-lg"));
    second_look(&mut town, (&server, &mut inspector), &finding);
}

fn second_look(town: &mut Browser, (server, inspector): (&Server, &mut Browser), finding: &str) {
    let words = ("words", "已送回学校，更正名单");
    assert_eq!(act(town, finding, "rectify", &[words]).status, 303);
    let by_town = town.post(&format!("{finding}/recheck"), "x");
    assert!(matches!(by_town.status, 403 | 404), "{}", by_town.status);
    let page = inspector.get(finding).body;
    assert!(!page.contains("/recheck"), "whoever entered it is not asked");
    let csrf = inspector.csrf(&inspector.clone().get("/inspect/new").body);
    let form = encoded(&[("csrf", &csrf), ("seen", "2"), ("passed", "yes"), ("words", "看过")]);
    let own = inspector.post(&format!("{finding}/recheck"), &form);
    assert_eq!(own.status, 422);
    assert!(own.body.contains("须由另一人"), "{}", own.body);
    let mut other = server.browser();
    assert_eq!(other.try_sign_in("fucha", PASSWORD, None).status, 303);
    // Without a second factor an inspector sees nothing yet.
    assert!(matches!(other.get(finding).status, 303 | 401 | 403 | 404));
}

#[test]
fn a_sample_is_the_same_for_both_sides() {
    let server = Server::start(Engine::Sqlite);
    let [mut inspector, mut bureau] = ["ducha", "jiaotiju"].map(|login| {
        let mut browser = server.browser();
        browser.sign_in(login);
        browser
    });
    let list = inspector.get("/inspect").body;
    let town = list.split("href=\"/inspect/sample?town=").nth(1).unwrap();
    let town = town.split('"').next().unwrap();
    let form = inspector.get(&format!("/inspect/sample?town={town}")).body;
    assert!(child_links(&form).is_empty(), "nothing is drawn before it is asked for");
    let seed = form.split("id=\"seed\"").nth(1).unwrap().split("value=\"").nth(1).unwrap();
    let seed = seed.split('"').next().unwrap();
    let path = format!("/inspect/sample?town={town}&n=20&seed=2019-08");
    let drawn = inspector.get(&path).body;
    let first = child_links(&drawn);
    assert!(first.len() == 20 && drawn.contains("2019-08") && !seed.is_empty());
    assert_eq!(child_links(&bureau.get(&path).body), first, "both sides draw the same");
    let other = child_links(&inspector.get(&path.replace("2019-08", "other")).body);
    assert_ne!(other, first);
    let known: BTreeSet<String> = (1..=5)
        .flat_map(|page| {
            let path = format!("/children?town={town}&size=100&page={page}");
            child_links(&bureau.get(&path).body)
        })
        .collect();
    assert!(first.is_subset(&known), "of that town");
}
