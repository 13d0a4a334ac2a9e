//! A session that ends in the middle of a form, and a code that is asked for in the middle of one: what was typed is given back
//! and sent by one click of whoever typed it.

use std::{io::Write as _, process::Stdio};

use baoxue_flow::people::code_at;

use super::{
    browser::{Answer, Browser, PASSWORD, Server, hidden},
    readers::{encoded, percent},
    state::Content,
    together::{enrolled, execute},
};
use crate::program::{Engine, Program, sample_county};

const BECAUSE: &str = "孩子说<b>不读了</b> & \"明年\" 再来 ' 核实";

/// The sample county with two more accounts of a town and one of the bureau, none with an authenticator yet.
fn county() -> Server {
    let program = Program::new(Engine::Sqlite);
    program.run(&sample_county("input"));
    let town = ["--role", "town", "--town", "610902104"];
    for (login, more) in
        [("zhenyi", &town[..]), ("zhener", &town[..]), ("erren", &["--role", "bureau"][..])]
    {
        let line = [&["account", "add", login, "--name", "某人", "--password-stdin"][..], more];
        let mut command = program.command(&line.concat());
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut running = command.spawn().unwrap();
        writeln!(running.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        assert!(running.wait().unwrap().success(), "{login}");
    }
    Server::over(program, &[])
}

/// A form of a page: address and hidden fields.
pub(super) struct Form {
    pub(super) action: String,
    pub(super) fields: Vec<(String, String)>,
}

impl Form {
    /// The first form of a page whose address begins so.
    pub(super) fn of(page: &str, action: &str) -> Self {
        let mark = format!("action=\"{action}");
        let at = page.find(&mark);
        assert!(at.is_some(), "no form to {action}: {page}");
        let form = page[at.unwrap()..].split("</form>").next().unwrap();
        let action = form["action=\"".len()..].split('"').next().unwrap();
        let hidden = form.split("<input type=\"hidden\" name=\"").skip(1).map(|part| {
            let (name, rest) = part.split_once("\" value=\"").unwrap();
            (plain(name), plain(rest.split('"').next().unwrap()))
        });
        Self { action: plain(action), fields: hidden.collect() }
    }

    pub(super) fn sent(&self, browser: &mut Browser, more: &[(&str, &str)]) -> Answer {
        let own = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let fields: Vec<(&str, &str)> = own.chain(more.iter().copied()).collect();
        browser.post(&self.action, &encoded(&fields))
    }
}

/// A text of a page as people read it.
fn plain(text: &str) -> String {
    let signs = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    signs.iter().fold(text.to_owned(), |text, (written, sign)| text.replace(written, sign))
}

/// The conflict form of somebody who is signed in, and a session that ends behind the back of the page.
fn left_open(server: &Server, login: &str) -> (Browser, Form) {
    let mut one = server.browser();
    assert_eq!(one.try_sign_in(login, PASSWORD, None).status, 303, "{login}");
    let page = one.get("/review/conflicts").body;
    let form = Form::of(&page, "/review/conflicts/");
    let mut elsewhere = one.clone();
    let csrf = elsewhere.csrf(&page);
    assert_eq!(elsewhere.post("/logout", &format!("csrf={csrf}")).status, 303);
    (one, form)
}

fn signs_in(browser: &mut Browser, page: &str, login: &str) -> Answer {
    let fields = [("login", login), ("password", PASSWORD), ("code", "")];
    Form::of(page, "/login").sent(browser, &fields)
}

const ANSWER: [(&str, &str); 2] = [("outcome", "disagrees"), ("because", BECAUSE)];

#[test]
fn what_was_typed_before_the_session_ended_is_sent_after_signing_in() {
    let server = county();
    let (mut one, form) = left_open(&server, "zhenyi");
    let before = Content::of(&server.database());
    let over = form.sent(&mut one, &ANSWER);
    assert_eq!(over.status, 401);
    assert!(over.body.contains("登录已到期，刚才的内容还没有提交"), "{}", over.body);
    assert!(plain(&over.body).contains(BECAUSE) && !over.body.contains("<b>不读了"), "escaped");
    let old = form.fields.iter().find(|(name, _)| name == "csrf").unwrap();
    assert!(!over.body.contains(&old.1), "the token of the session is not in the page");
    assert_eq!(before.changed(&Content::of(&server.database()), &[]), Vec::<String>::new());

    let again = signs_in(&mut one, &over.body, "zhenyi");
    assert_eq!(again.status, 200, "{}", again.body);
    let again = Form::of(&again.body, &form.action);
    let fresh = again.fields.iter().find(|(name, _)| name == "csrf").unwrap();
    assert_ne!(fresh.1, old.1, "a token of the new session");
    let sent = again.sent(&mut one, &[]);
    assert_eq!(sent.status, 303, "one click: {}", sent.body);
    let page = one.get("/review/conflicts").body;
    assert!(plain(&page).contains(BECAUSE), "{page}");
}

#[test]
fn what_one_account_typed_is_not_sent_by_another() {
    let server = county();
    let (mut one, form) = left_open(&server, "zhenyi");
    let over = form.sent(&mut one, &ANSWER);
    let other = signs_in(&mut one, &over.body, "zhener");
    assert_eq!(other.status, 200);
    assert!(other.body.contains("另一个账号填的") && !other.body.contains("不读了"));
    assert!(!other.body.contains("action=\"/review/conflicts"), "nothing to send");

    // Whose it is cannot be told: to copy, not to send.
    let mut nobody = server.browser();
    let over = form.sent(&mut nobody, &ANSWER);
    assert_eq!(over.status, 401);
    assert!(over.body.contains("请先复制下来") && plain(&over.body).contains(BECAUSE));
    let inside = signs_in(&mut nobody, &over.body, "zhener");
    assert!(plain(&inside.body).contains(BECAUSE), "to copy");
    assert!(!inside.body.contains("action=\"/review/conflicts"), "nothing to send");

    // A token that is not of the session that ended proves nothing.
    let (mut two, mut form) = left_open(&server, "zhener");
    form.fields.retain(|(name, _)| name != "csrf");
    let over = form.sent(&mut two, &ANSWER);
    assert!(over.status == 401 && over.body.contains("请先复制下来"));
}

#[test]
fn nothing_secret_is_held_and_nothing_leads_elsewhere() {
    let server = county();
    let (mut one, form) = left_open(&server, "zhenyi");
    let csrf = hidden_of(&form, "csrf");
    let over = one.post(
        "/me/password",
        &encoded(&[("csrf", &csrf), ("old", "Geheim-Eins"), ("new", "Geheim-Zwei")]),
    );
    assert_eq!(over.status, 401);
    assert!(!over.body.contains("Geheim"), "no password in a page");
    let evil = r#"{"to":"https://evil.example/x","from":"//evil.example","by":null,"fields":[["a","<script>alert(1)</script>"]],"files":false,"cut":false}"#;
    let page = one.get("/login").body;
    let login = Form::of(&page, "/login");
    let held = [("login", "zhenyi"), ("password", PASSWORD), ("held", evil)];
    let inside = login.sent(&mut one, &held);
    assert_eq!(inside.status, 200);
    assert!(!inside.body.contains("evil.example") && !inside.body.contains("<script>alert"));

    // From another site nothing is given back at all.
    let (mut two, form) = left_open(&server, "zhener");
    let body = format!("csrf={}&because={}", hidden_of(&form, "csrf"), percent(BECAUSE));
    let foreign = two.post_with(&form.action, &[("Origin", "https://evil.example")], &body);
    assert_eq!(foreign.status, 403);
    assert!(!foreign.body.contains("不读了"));
    // Too long to be held.
    let long = "长".repeat(40_000);
    let cut = form.sent(&mut two, &[("outcome", "disagrees"), ("because", &long)]);
    assert!(cut.status == 401 && cut.body.contains("没有全部保留") && !cut.body.contains("长长长"));
    // Files are not held, and the page says so; what stands behind them is.
    let fields = [("csrf", hidden_of(&form, "csrf")), ("words", "家长答应九月送来".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let file = two.brings("/cases/k_1/files", &fields, &vec![7; 3 << 20]);
    assert_eq!(file.status, 401);
    assert!(file.body.contains("没有保留") && file.body.contains("家长答应九月送来"));
}

fn hidden_of(form: &Form, name: &str) -> String {
    form.fields.iter().find(|(field, _)| field == name).unwrap().1.clone()
}

#[test]
fn who_signs_in_again_comes_to_the_page_that_was_asked_for_with_its_query() {
    let server = county();
    let (mut one, _) = left_open(&server, "zhenyi");
    let asked = one.get("/children?status=out&q=%E7%8E%8B");
    let to = asked.header("location").unwrap();
    assert_eq!(
        (asked.status, to.as_str()),
        (303, "/login?next=%2Fchildren%3Fstatus%3Dout%26q%3D%25E7%258E%258B")
    );
    let page = one.get(&to).body;
    assert_eq!(plain(&hidden(&page, "next")), "/children?status=out&q=%E7%8E%8B");
    let inside = signs_in(&mut one, &page, "zhenyi");
    assert_eq!(inside.header("location").as_deref(), Some("/children?status=out&q=%E7%8E%8B"));
    // Whoever signs out twice has nothing to lose.
    let csrf = one.csrf(&one.clone().get("/me").body);
    assert_eq!(one.post("/logout", &format!("csrf={csrf}")).status, 303);
    let twice = one.post("/logout", &format!("csrf={csrf}"));
    assert_eq!(twice.status, 303);
    assert!(twice.header("location").unwrap().starts_with("/login"));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "an authenticator shows the code of this moment")]
fn a_code_that_is_asked_for_in_the_middle_of_a_form_keeps_what_was_typed() {
    let server = county();
    let (mut bureau, secret) = enrolled(&server, "erren");
    let page = bureau.get("/children/export?status=out&format=xlsx&full=1").body;
    let form = Form::of(&page, "/children/export");
    let yesterday = "update session set factor_at = \
                     replace(factor_at, substr(factor_at, 1, 10), date('now', '-1 days'))";
    execute(&server.database(), &[yesterday]);
    let purpose = [("full", "1"), ("purpose", "上户核查失学儿童")];
    let wants = form.sent(&mut bureau, &purpose);
    assert_eq!(wants.status, 401);
    assert!(wants.body.contains("验证后点一下就能再提交"), "{}", wants.body);
    let next = std::time::SystemTime::now() + std::time::Duration::from_secs(30);
    let code = code_at(&secret, next.into()).unwrap();
    let again = Form::of(&wants.body, "/me/step-up").sent(&mut bureau, &[("code", &code)]);
    assert_eq!(again.status, 200, "{}", again.body);
    let sent = Form::of(&again.body, "/children/export").sent(&mut bureau, &[]);
    assert_eq!(sent.header("location").as_deref(), Some("/exports"), "{}", sent.body);
    assert!(bureau.get("/exports").body.contains("上户核查失学儿童"));
}
