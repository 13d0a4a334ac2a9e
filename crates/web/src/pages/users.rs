//! The list of accounts. Reading it needs a fresh second factor, like everything about accounts.

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use baoxue_authz::{Action, State as AccountState};
use baoxue_flow::people::Account;
use chrono::{DateTime, Utc};

use super::{
    admin::{ANY_ACCOUNT, AdminTab, tabs},
    me::areas_words,
};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::html,
    door::Signed,
    forms::Asked,
    i18n::Lang,
    trouble::Trouble,
};

struct Line {
    id: i64,
    login: String,
    name: String,
    role: String,
    areas: String,
    state: String,
    works: bool,
    has_factor: bool,
}

#[derive(Template)]
#[template(path = "users.html")]
struct UsersPage {
    chrome: Chrome,
    tabs: Vec<AdminTab>,
    typed: String,
    makes: bool,
    n_unconfirmed: usize,
    lines: Vec<Line>,
}

/// Who manages accounts in one of the two ways.
pub(crate) fn must_manage(signed: &Signed) -> Result<(), Trouble> {
    signed.may(Action::ManageAccounts, &ANY_ACCOUNT).or_else(|other| {
        match signed.may(Action::ManageRoles, &ANY_ACCOUNT) {
            Err(Trouble::NotYours) => Err(other),
            answer => answer,
        }
    })
}

/// What a state is called on a day.
pub(crate) fn state_word(account: &Account, now: DateTime<Utc>, lang: Lang) -> String {
    lang.t(match account.state_at(now) {
        AccountState::Active => "state-active",
        AccountState::Suspended => "state-suspended",
        AccountState::Unconfirmed => "state-unconfirmed",
        AccountState::Expired => "state-expired",
    })
}

/// All accounts, or those that a text is found in.
pub(crate) async fn list(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    must_manage(&signed)?;
    let lang = Lang::of(&headers);
    let accounts = app.people().accounts().await.map_err(|error| Trouble::broken(&error))?;
    let typed: String = asked.one("q").unwrap_or_default().trim().chars().take(60).collect();
    let (now, county) = (app.now(), app.county());
    let line = |account: &Account| Line {
        id: account.id,
        login: account.login.clone(),
        name: account.name.clone(),
        role: lang.pick(account.grant.role.zh(), account.grant.role.en()).to_owned(),
        areas: areas_words(&account.grant.areas, &county.towns, lang),
        state: state_word(account, now, lang),
        works: account.state_at(now) == AccountState::Active,
        has_factor: account.has_factor,
    };
    let waits = |account: &&Account| account.state == AccountState::Unconfirmed;
    let holds = |line: &Line| {
        [&line.login, &line.name, &line.role, &line.areas].iter().any(|text| text.contains(&typed))
    };
    html(&UsersPage {
        tabs: tabs(&signed, "/admin/users", lang),
        makes: signed.can(Action::ManageAccounts, &ANY_ACCOUNT),
        n_unconfirmed: accounts.iter().filter(waits).count(),
        lines: accounts.iter().map(line).filter(holds).collect(),
        typed,
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Admin, &lang.t("admin-users")),
    })
}
