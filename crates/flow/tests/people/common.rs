//! A county's people to test with, and a clock that the test moves.

use std::future::Future;

use baoxue_authz::{Areas, Role};
use baoxue_flow::people::{
    By, Cost, Grant, NewAccount, People, PeopleError, PeopleSettings, Session, SignInTry, SignedIn,
};
use baoxue_store::{Keys, Store, open};
use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "tulip-Kettle 48 窗台";

/// An empty database with a key file, on one of the engines.
pub(crate) struct TestDatabase {
    pub(crate) url: String,
    folder: TempDir,
}

impl TestDatabase {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("baoxue.db").display());
        Self::with_key(url, folder)
    }

    pub(crate) fn postgres() -> Self {
        Self::with_key(baoxue_testkit::postgres::url().unwrap(), tempfile::tempdir().unwrap())
    }

    fn with_key(url: String, folder: TempDir) -> Self {
        Keys::generate().unwrap().to_file(&folder.path().join("key")).unwrap();
        Self { url, folder }
    }

    pub(crate) async fn store(&self) -> Store {
        let keys = Keys::from_file(&self.folder.path().join("key")).unwrap();
        open(&self.url, keys).await.unwrap()
    }

    pub(crate) async fn people(&self) -> People {
        let settings = PeopleSettings {
            cost: Cost::CHEAPEST,
            words: ["汉滨区", "hanbin", "五里镇", "wulizhen", "五里小学", "wulixiaoxue"]
                .map(str::to_owned)
                .into(),
            ..PeopleSettings::default()
        };
        People::new(self.store().await, settings)
    }
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// Runs each of the tests once on each engine.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                crate::common::block_on(super::$name(crate::common::TestDatabase::sqlite()));
            })*
        }

        mod postgres {
            $(#[test]
            fn $name() {
                crate::common::block_on(super::$name(crate::common::TestDatabase::postgres()));
            })*
        }
    };
}
pub(crate) use on_both_engines;

/// Monday morning.
pub(crate) fn morning() -> DateTime<Utc> {
    "2026-03-02T01:00:00Z".parse().unwrap()
}

pub(crate) fn later(seconds: i64) -> DateTime<Utc> {
    morning() + TimeDelta::seconds(seconds)
}

pub(crate) fn grant(role: Role) -> Grant {
    let mut areas = Areas::default();
    if role == Role::Town {
        areas.towns.insert("610902104".parse().unwrap());
    }
    Grant { role, areas, until: None }
}

pub(crate) fn new_account(login: &str, role: Role) -> NewAccount {
    NewAccount {
        login: login.to_owned(),
        name: format!("{login}的人"),
        grant: grant(role),
        password: Some(PASSWORD.to_owned()),
    }
}

pub(crate) async fn add(people: &People, login: &str, role: Role) -> i64 {
    people.create(By::Operator, new_account(login, role), morning()).await.unwrap().id
}

pub(crate) fn sign_in_try(login: &str, password: &str) -> SignInTry {
    SignInTry {
        login: login.to_owned(),
        password: password.to_owned(),
        code: None,
        address: "10.1.2.3".to_owned(),
    }
}

pub(crate) async fn sign_in(people: &People, login: &str, now: DateTime<Utc>) -> SignedIn {
    people.sign_in(&sign_in_try(login, PASSWORD), now).await.unwrap()
}

pub(crate) async fn tries(
    people: &People,
    login: &str,
    password: &str,
    now: DateTime<Utc>,
) -> Result<SignedIn, PeopleError> {
    people.sign_in(&sign_in_try(login, password), now).await
}

pub(crate) async fn open_session(people: &People, login: &str, now: DateTime<Utc>) -> Session {
    let token = sign_in(people, login, now).await.token;
    people.session(&token, now).await.unwrap().unwrap()
}
