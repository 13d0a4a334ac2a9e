//! When the disk is full or the database is gone, a page says so in our words, and all goes on once there is room (T-31).
//! One test, in a program of its own: the limit on the size of files holds for the whole of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up its story must fail")]

use std::{fs::OpenOptions, net::SocketAddr, path::Path};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request},
};
use baoxue_flow::{
    County, exports::ExportLimits, intray::UploadLimits, papers::PressSetup, people::PeopleSettings,
};
use baoxue_store::Keys;
use baoxue_web::{App, Options, router};
use chrono::{DateTime, NaiveDate};
use rlimit::Resource;
use tokio::signal::unix::{SignalKind, signal};
use tower::Service;

/// Sent to a program that writes beyond the limit; held, the write fails instead.
const SIGXFSZ: i32 = 25;

async fn app(folder: &Path) -> App {
    let url = format!("sqlite://{}?mode=rwc", folder.join("baoxue.db").display());
    let store = baoxue_store::open(&url, Keys::generate().unwrap()).await.unwrap();
    let options = Options {
        secure: false,
        origin: None,
        demo: Vec::new(),
        proxies: Vec::new(),
        people: PeopleSettings::default(),
        pages_per_hour: 200,
        exports: ExportLimits::default(),
        program: "baoxue".into(),
        data: folder.to_owned(),
        uploads: UploadLimits::default(),
        notices: baoxue_flow::notices::Channels::default(),
        papers: PressSetup::default(),
        now: || DateTime::UNIX_EPOCH,
    };
    let day = NaiveDate::from_ymd_opt(2019, 8, 25).unwrap();
    App::new(store, County::unconfigured(day), options).await.unwrap()
}

/// A browser that keeps the cookie of the form.
struct Browser {
    router: Router,
    cookie: String,
    csrf: String,
}

impl Browser {
    async fn send(&mut self, mut request: Request) -> (u16, String) {
        let peer: SocketAddr = "127.0.0.1:9".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = self.router.call(request).await.unwrap();
        if let Some(cookie) = answer.headers().get("set-cookie") {
            let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
            cookie.clone_into(&mut self.cookie);
        }
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn get(&mut self, path: &str) -> (u16, String) {
        let request = Request::get(path).header("host", "localhost").header("cookie", &self.cookie);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Tries to sign in as somebody new, which the database has to count.
    async fn sign_in(&mut self, login: &str) -> (u16, String) {
        let form = format!("csrf={}&login={login}&password=Yige-Haizi&code=", self.csrf);
        let request = Request::post("/login")
            .header("host", "localhost")
            .header("origin", "http://localhost")
            .header("cookie", &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form)).unwrap()).await
    }
}

/// A page of ours that says that something failed, with its number, and nothing of the inside.
#[track_caller]
fn is_told((status, body): &(u16, String)) {
    assert_eq!(*status, 500, "{body}");
    assert!(body.contains("<html") && body.contains('E'), "{body}");
    for inside in ["sqlx", "sqlite", "SQL", "sea_orm", "insert into", "panicked", "crates/", ".db"]
    {
        assert!(!body.contains(inside), "shows {inside}: {body}");
    }
}

#[tokio::test]
async fn t31_a_full_disk_and_a_database_that_is_gone_are_told_in_our_words() {
    let folder = tempfile::tempdir().unwrap();
    let router = router(app(folder.path()).await);
    let mut browser = Browser { router, cookie: String::new(), csrf: String::new() };
    let (_, page) = browser.get("/login").await;
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap();
    csrf.split('"').next().unwrap().clone_into(&mut browser.csrf);
    assert_eq!(browser.sign_in("first").await.0, 422, "it works");

    let _held = signal(SignalKind::from_raw(SIGXFSZ)).unwrap();
    let (soft, hard) = Resource::FSIZE.get().unwrap();
    Resource::FSIZE.set(1024, hard).unwrap();
    let full = browser.sign_in("second").await;
    let (pages, lives) = (browser.get("/login").await, browser.get("/healthz").await);
    Resource::FSIZE.set(soft, hard).unwrap();
    is_told(&full);
    assert_eq!((pages.0, lives.0), (200, 200), "what writes nothing goes on");
    assert_eq!(browser.sign_in("third").await.0, 422, "by itself, once there is room");
    assert_eq!(browser.get("/readyz").await.0, 200);

    for name in ["baoxue.db", "baoxue.db-wal"] {
        let file = OpenOptions::new().write(true).open(folder.path().join(name)).unwrap();
        file.set_len(0).unwrap();
    }
    is_told(&browser.sign_in("fourth").await);
    assert_eq!(browser.get("/readyz").await.0, 503, "nobody should be sent here");
    assert_eq!(browser.get("/healthz").await.0, 200, "the program lives");
}
