//! Messages go out as the other side documents it, and what it does not take is said.
#![cfg(test)]

use std::{fs, path::Path};

use baoxue_notify::{Channels, Failed, Letter, Settings};
use baoxue_testkit::post::FakeServer;
use chrono::DateTime;

const TEXT: &str = "【保学】您有 1 项任务今天到期，案号 k_12。请登录系统查看。";

fn letter(to: &str) -> Letter {
    let at = DateTime::from_timestamp_millis(1_567_400_000_000).unwrap();
    Letter { to: to.to_owned(), text: TEXT.to_owned(), key: "baoxue-1-1-1".to_owned(), at }
}

fn opened(folder: &Path, text: &str) -> Result<Channels, String> {
    let settings: Settings = toml::from_str(text).map_err(|error| error.to_string())?;
    settings.open(folder).map_err(|error| error.to_string())
}

fn mail(folder: &Path, server: &FakeServer) -> Channels {
    let port = server.address.port();
    let text = format!(
        "[smtp]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nfrom = \"保学 <baoxue@county.example>\""
    );
    opened(folder, &text).unwrap()
}

#[test]
fn a_mail_is_taken_or_said_not_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = FakeServer::mail().unwrap();
    let carrier = mail(folder.path(), &server).mail.unwrap();
    carrier.carry(&letter("li@edu.example.cn")).unwrap();
    let took = server.took();
    assert_eq!(took.len(), 1);
    assert!(took[0].contains("To: li@edu.example.cn"), "{}", took[0]);
    assert!(took[0].contains("Message-ID: <baoxue-1-1-1@county.example>"), "{}", took[0]);
    server.off();
    let failed = carrier.carry(&letter("li@edu.example.cn")).unwrap_err();
    assert!(matches!(failed, Failed::Unreachable(_)), "{failed}");
    server.on().unwrap();
    carrier.carry(&letter("li@edu.example.cn")).unwrap();
    let wrong = carrier.carry(&letter("nobody")).unwrap_err();
    assert_eq!(wrong, Failed::Refused("not a mail address".to_owned()));
    assert_eq!(server.took().len(), 2);
}

fn robot(folder: &Path, server: &FakeServer, make: &str) -> Channels {
    fs::write(folder.join("url"), format!("http://{}/send?key=SECRETKEY\n", server.address))
        .unwrap();
    fs::write(folder.join("secret"), "SECtest\n").unwrap();
    let secret = if make == "dingtalk" { "secret-file = \"secret\"" } else { "" };
    let text = format!(
        "[[robot]]\nname = \"g\"\nmake = \"{make}\"\nurl-file = \"url\"\n{secret}\noffice = [\"bureau\"]"
    );
    opened(folder, &text).unwrap()
}

#[test]
fn robots_get_the_documented_body() {
    let folder = tempfile::tempdir().unwrap();
    let server = FakeServer::web(r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
    for make in ["wecom", "dingtalk"] {
        let channels = robot(folder.path(), &server, make);
        channels.robots[0].carrier.carry(&letter("")).unwrap();
    }
    let took = server.took();
    let body = format!(r#"{{"msgtype":"text","text":{{"content":"{TEXT}"}}}}"#);
    assert!(took.iter().all(|asked| asked.ends_with(&body)), "{took:?}");
    assert!(took[0].starts_with("POST /send?key=SECRETKEY HTTP/1.1"), "{}", took[0]);
    let signed = "POST /send?key=SECRETKEY&timestamp=1567400000000&sign=";
    assert!(took[1].starts_with(signed), "{}", took[1]);
}

#[test]
fn a_robot_that_says_no_in_its_body_has_taken_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = FakeServer::web(r#"{"errcode":93000,"errmsg":"invalid webhook"}"#).unwrap();
    let channels = robot(folder.path(), &server, "wecom");
    let carry = || channels.robots[0].carrier.carry(&letter("")).unwrap_err();
    assert_eq!(carry(), Failed::Refused("errcode 93000".to_owned()));
    server.answers("<html>");
    assert_eq!(carry(), Failed::Refused("the answer is not JSON".to_owned()));
    server.answers("HTTP 404");
    assert_eq!(carry(), Failed::Refused("HTTP 404".to_owned()));
    server.answers("HTTP 302");
    assert_eq!(carry(), Failed::Refused("HTTP 302".to_owned()));
    server.answers("HTTP 503");
    assert_eq!(carry(), Failed::Unreachable("HTTP 503".to_owned()));
    server.off();
    let failed = carry();
    assert!(matches!(failed, Failed::Unreachable(_)), "{failed}");
    assert!(!failed.to_string().contains("SECRETKEY"), "{failed}");
    assert!(!format!("{channels:?}").contains("SEC"), "{channels:?}");
}

#[test]
fn a_gateway_gets_number_text_and_id() {
    let folder = tempfile::tempdir().unwrap();
    let server = FakeServer::web("").unwrap();
    fs::write(folder.path().join("token"), "T0KEN").unwrap();
    let text = format!("[sms]\nurl = \"http://{}/sms\"\ntoken-file = \"token\"", server.address);
    let channels = opened(folder.path(), &text).unwrap();
    channels.sms.unwrap().carry(&letter("13800000000")).unwrap();
    let took = server.took().remove(0);
    let body = format!(r#"{{"id":"baoxue-1-1-1","text":"{TEXT}","to":"13800000000"}}"#);
    assert!(took.to_ascii_lowercase().contains("authorization: bearer t0ken"), "{took}");
    let sent: serde_json::Value =
        serde_json::from_str(took.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(sent, serde_json::from_str::<serde_json::Value>(&body).unwrap());
}

#[test]
fn wrong_settings_are_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("empty"), " \n").unwrap();
    fs::write(folder.path().join("word"), "SECRET").unwrap();
    fs::write(folder.path().join("address"), "https://robot.example/send?key=SECRET").unwrap();
    let smtp = "[smtp]\nhost = \"h\"\nfrom = \"a@b.example\"";
    for (text, named) in [
        ("quiet-from = \"25:00\"", "`25:00` is no time"),
        ("quiet = \"20:00\"", "unknown field `quiet`"),
        ("[smtp]\nhost = \"h\"\nfrom = \"nobody\"", "smtp.from"),
        (&format!("{smtp}\nuser = \"u\""), "smtp.user"),
        (&format!("{smtp}\nuser = \"u\"\npassword-file = \"none\""), "none"),
        (&format!("{smtp}\nuser = \"u\"\npassword-file = \"empty\""), "is empty"),
        (
            &format!("{smtp}\nuser = \"u\"\npassword-file = \"word\"\nsecurity = \"none\""),
            "smtp.security",
        ),
        ("[sms]\nurl = \"gateway/sms\"", "sms.url"),
        (
            "[[robot]]\nname = \"g\"\nmake = \"wecom\"\nurl-file = \"word\"\noffice = []",
            "robot.url-file",
        ),
        (
            "[[robot]]\nname = \"g\"\nmake = \"wecom\"\nurl-file = \"address\"\noffice = []",
            "robot.office",
        ),
    ] {
        let error = opened(folder.path(), text).unwrap_err();
        assert!(error.contains(named), "{text}: {error}");
        assert!(!error.contains("SECRET"), "{error}");
    }
    assert!(opened(folder.path(), "").unwrap().mail.is_none());
}
