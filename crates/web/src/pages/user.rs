//! One account: made, granted, disabled, reset. What each of the three administrators may is decided in the policies and
//! in `flow`; nothing here edits an account, every act is an event.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_authz::{Action, Areas, Factor, Resource, Role, State as AccountState};
use baoxue_claim::Source;
use baoxue_flow::people::{Account, By, Grant, NewAccount, PeopleError, link_path};

use super::{
    admin::{ANY_ACCOUNT, AdminTab, tabs},
    login::session_set,
    me::{areas_words, session_token},
    people_words::why_not,
    users::{must_manage, state_word},
};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{html, moment, source_word},
    door::Signed,
    forms::{Asked, Posted},
    i18n::Lang,
    trouble::Trouble,
};

/// The fields of a form, several of which may have one name.
type Fields = Vec<(String, String)>;

/// A choice of a form: value, words, whether chosen.
type Choice = (String, String, bool);

/// What may be granted, as a form shows it.
struct GrantView {
    roles: Vec<Choice>,
    towns: Vec<Choice>,
    sources: Vec<Choice>,
    villages: String,
    schools: String,
    classes: String,
    department: String,
    until: String,
}

/// An account as its page shows it.
struct Shown {
    id: i64,
    login: String,
    name: String,
    role: String,
    areas: String,
    state: String,
    made: String,
    until: String,
    has_factor: bool,
    has_password: bool,
}

#[derive(Template)]
#[template(path = "user.html")]
struct UserPage {
    chrome: Chrome,
    tabs: Vec<AdminTab>,
    /// None while it is being made.
    account: Option<Shown>,
    login: String,
    name: String,
    /// Where the form of the grant goes; none where the reader does not grant.
    form: Option<(String, GrantView)>,
    /// Acts that the reader may do now: word of the address, key of the words.
    acts: Vec<(&'static str, &'static str)>,
    /// Whether a code of the second factor is asked for in the form.
    asks_code: bool,
    error: Option<String>,
    /// A link that sets a password, shown once.
    link: Option<String>,
    waits: bool,
}

fn broken(error: &PeopleError) -> Trouble {
    if matches!(error, PeopleError::NoAccount(_)) {
        Trouble::NotFound
    } else {
        Trouble::broken(error)
    }
}

/// The form for a new account.
pub(crate) async fn new_page(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ManageAccounts, &ANY_ACCOUNT)?;
    html(&making(&app, &signed, Lang::of(&headers), &Asked::default()))
}

/// The form with what was typed.
fn making(app: &App, signed: &Signed, lang: Lang, typed: &Asked) -> UserPage {
    let grant = grant_of(typed).unwrap_or_else(|_| Grant {
        role: Role::Town,
        areas: Areas::default(),
        until: None,
    });
    let mut form = grant_view(app, &grant, lang);
    // What could not be read stays as it was typed.
    for (name, field) in [
        ("villages", &mut form.villages),
        ("classes", &mut form.classes),
        ("schools", &mut form.schools),
        ("until", &mut form.until),
    ] {
        if let Some(text) = typed.one(name) {
            text.clone_into(field);
        }
    }
    UserPage {
        tabs: tabs(signed, "/admin/users", lang),
        account: None,
        login: typed.one("login").unwrap_or_default().to_owned(),
        name: typed.one("name").unwrap_or_default().to_owned(),
        form: Some(("/admin/users".to_owned(), form)),
        acts: Vec::new(),
        asks_code: signed.actor.factor != Factor::Fresh,
        error: None,
        link: None,
        waits: false,
        chrome: Chrome::new(app, Some(signed), lang, Tab::Admin, &lang.t("user-new")),
    }
}

/// An account.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<i64>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    must_manage(&signed)?;
    let account = app.people().account(id).await.map_err(|error| broken(&error))?;
    html(&showing(&app, &signed, &account, Lang::of(&headers)))
}

fn showing(app: &App, signed: &Signed, account: &Account, lang: Lang) -> UserPage {
    let it = Resource::Account(account.id);
    let manages = signed.could(Action::ManageAccounts, &it);
    let grants = signed.could(Action::ManageRoles, &it);
    let state = account.state;
    let acts = [
        ("confirm", "user-confirm", grants && state == AccountState::Unconfirmed),
        ("disable", "user-disable", manages && state != AccountState::Suspended),
        ("enable", "user-enable", manages && state == AccountState::Suspended),
        ("reset", "user-reset", manages),
    ];
    let acts = acts.into_iter().filter(|(.., may)| *may).map(|(act, key, _)| (act, key));
    let form = grants.then(|| {
        (format!("/admin/users/{}/grant", account.id), grant_view(app, &account.grant, lang))
    });
    let role = account.grant.role;
    UserPage {
        tabs: tabs(signed, "/admin/users", lang),
        account: Some(Shown {
            id: account.id,
            login: account.login.clone(),
            name: account.name.clone(),
            role: lang.pick(role.zh(), role.en()).to_owned(),
            areas: areas_words(&account.grant.areas, &app.county().towns, lang),
            state: state_word(account, app.now(), lang),
            made: moment(account.made_at),
            until: account.grant.until.map(|day| day.to_string()).unwrap_or_default(),
            has_factor: account.has_factor,
            has_password: account.has_password,
        }),
        login: account.login.clone(),
        name: account.name.clone(),
        form,
        acts: acts.collect(),
        asks_code: false,
        error: None,
        link: None,
        waits: state == AccountState::Unconfirmed,
        chrome: Chrome::new(app, Some(signed), lang, Tab::Admin, &account.login),
    }
}

fn grant_view(app: &App, grant: &Grant, lang: Lang) -> GrantView {
    let areas = &grant.areas;
    let role = |role: &Role| {
        let words = lang.pick(role.zh(), role.en()).to_owned();
        (role.word().to_owned(), words, *role == grant.role)
    };
    let county = app.county();
    let town = |town: &baoxue_claim::Town| {
        (town.code.to_string(), town.name.clone(), areas.towns.contains(&town.code))
    };
    let source = |source: &Source| {
        let on = areas.sources.contains(source);
        (source.name().to_owned(), source_word(*source, lang), on)
    };
    let pairs = |pairs: Vec<(String, &String)>| {
        let lines: Vec<String> =
            pairs.into_iter().map(|(one, two)| format!("{one}/{two}")).collect();
        lines.join("\n")
    };
    GrantView {
        roles: Role::ALL.iter().map(role).collect(),
        towns: county.towns.all().iter().map(town).collect(),
        sources: Source::ALL.iter().map(source).collect(),
        villages: pairs(
            areas.villages.iter().map(|(town, name)| (town.to_string(), name)).collect(),
        ),
        schools: areas.schools.iter().cloned().collect::<Vec<_>>().join("\n"),
        classes: pairs(areas.classes.iter().map(|(school, name)| (school.clone(), name)).collect()),
        department: areas.department.clone().unwrap_or_default(),
        until: grant.until.map(|day| day.to_string()).unwrap_or_default(),
    }
}

/// Reads a grant from the fields of a form; lines of an area are written as on the command line.
fn grant_of(fields: &Asked) -> Result<Grant, PeopleError> {
    let wrong = |text: &str| PeopleError::Area(text.to_owned());
    let lines = |name: &str| -> Vec<String> {
        let text = fields.one(name).unwrap_or_default();
        text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    };
    let pair = |line: &String| {
        let parts = line.split_once('/').map(|(one, two)| (one.trim(), two.trim()));
        let parts = parts.filter(|(one, two)| !one.is_empty() && !two.is_empty());
        parts.map(|(one, two)| (one.to_owned(), two.to_owned())).ok_or_else(|| wrong(line))
    };
    let town = |code: &str| code.parse().map_err(|_| wrong(code));
    let role = fields.one("role").and_then(|word| word.parse().ok());
    let areas = Areas {
        towns: fields.all("town").map(town).collect::<Result<_, _>>()?,
        villages: lines("villages")
            .iter()
            .map(|line| pair(line).and_then(|(code, name)| Ok((town(&code)?, name))))
            .collect::<Result<_, _>>()?,
        schools: lines("schools").into_iter().collect(),
        classes: lines("classes").iter().map(pair).collect::<Result<_, _>>()?,
        sources: fields
            .all("source")
            .map(|name| name.parse().map_err(|_| wrong(name)))
            .collect::<Result<_, _>>()?,
        department: fields.one("department").map(|name| name.trim().to_owned()),
    };
    let until = match fields.one("until") {
        Some(day) => Some(day.trim().parse().map_err(|_| wrong(day))?),
        None => None,
    };
    Ok(Grant { role: role.ok_or_else(|| wrong("role"))?, areas, until })
}

/// Makes an account, and shows the link that sets its password once.
pub(crate) async fn create(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    Posted(fields): Posted<Fields>,
) -> Result<Response, Trouble> {
    if !signed.could(Action::ManageAccounts, &ANY_ACCOUNT) {
        return Err(Trouble::NotYours);
    }
    let (lang, typed) = (Lang::of(&headers), Asked(fields));
    let (signed, renewed, refused) = proved(&app, signed, &headers, &typed).await?;
    let made = match (refused, grant_of(&typed)) {
        (Some(refused), _) => Err(refused),
        (None, Err(error)) => Err(why_not(&error, lang)?),
        (None, Ok(grant)) => {
            let text = |name| typed.one(name).unwrap_or_default().to_owned();
            let new =
                NewAccount { login: text("login"), name: text("name"), grant, password: None };
            match app.people().create(By::Actor(&signed.actor), new, app.now()).await {
                Ok(made) => Ok(made),
                Err(error) => Err(why_not(&error, lang)?),
            }
        }
    };
    let mut response = match made {
        Ok(made) => {
            let account = app.people().account(made.id).await.map_err(|error| broken(&error))?;
            signed.kept(&app, (Action::ManageAccounts, &account.login), &[]).await?;
            let mut page = showing(&app, &signed, &account, lang);
            page.link = made.link.map(|token| address_of(&app, &headers, &token));
            html(&page)?
        }
        Err(words) => {
            let mut page = making(&app, &signed, lang, &typed);
            page.error = Some(words);
            (StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response()
        }
    };
    for (name, value) in renewed.into_iter().flat_map(|token| session_set(&app, &token)) {
        let value = value.parse().map_err(|_| Trouble::Bad("form"))?;
        response.headers_mut().append(name, value);
    }
    Ok(response)
}

/// Whoever sends the form: with a fresh second factor, when a code came with it. Gives the new session's token then, and
/// otherwise what to say; what was typed is kept in the form.
async fn proved(
    app: &App,
    signed: Signed,
    headers: &HeaderMap,
    typed: &Asked,
) -> Result<(Signed, Option<String>, Option<String>), Trouble> {
    let lang = Lang::of(headers);
    if signed.actor.factor == Factor::Fresh {
        return Ok((signed, None, None));
    }
    let Some(code) = typed.one("code") else {
        return Ok((signed, None, Some(lang.t("user-code-needed"))));
    };
    let token = session_token(app, headers)?;
    match app.people().give_code(token, code, app.now()).await {
        Ok(renewed) => {
            let session = app
                .people()
                .session(&renewed.token, app.now())
                .await
                .map_err(|error| broken(&error))?;
            let session = session.ok_or(Trouble::SignIn)?;
            let fresh = Signed::new(session, signed.taste.clone());
            Ok((fresh, Some(renewed.token), None))
        }
        Err(error) => Ok((signed, None, Some(why_not(&error, lang)?))),
    }
}

/// The whole address behind a token, by the origin that browsers use.
fn address_of(app: &App, headers: &HeaderMap, token: &str) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if app.options().secure { "https" } else { "http" };
    let origin = app.options().origin.clone().unwrap_or_else(|| format!("{scheme}://{host}"));
    format!("{origin}{}", link_path(token))
}

/// Disables, enables, resets, confirms or grants.
pub(crate) async fn act(
    State(app): State<App>,
    signed: Signed,
    Path((id, act)): Path<(i64, String)>,
    headers: HeaderMap,
    Posted(fields): Posted<Fields>,
) -> Result<Response, Trouble> {
    let action = match act.as_str() {
        "disable" | "enable" | "reset" => Action::ManageAccounts,
        "confirm" | "grant" => Action::ManageRoles,
        _ => return Err(Trouble::NotFound),
    };
    signed.may(action, &Resource::Account(id))?;
    let (people, by, now) = (app.people(), By::Actor(&signed.actor), app.now());
    let mut link = None;
    let done = match act.as_str() {
        "disable" => people.disable(by, id, now).await,
        "enable" => people.enable(by, id, now).await,
        "confirm" => people.confirm(by, id, now).await,
        "reset" => people.reset(by, id, now).await.map(|token| link = Some(token)),
        _ => match grant_of(&Asked(fields)) {
            Ok(grant) => people.grant(by, id, grant, now).await,
            Err(error) => Err(error),
        },
    };
    let lang = Lang::of(&headers);
    let error = match done {
        Ok(()) => None,
        Err(error) => Some(why_not(&error, lang)?),
    };
    let account = people.account(id).await.map_err(|error| broken(&error))?;
    if error.is_none() {
        let purpose = format!("{act} {}", account.login);
        signed.kept(&app, (action, &purpose), &[]).await?;
        if link.is_none() {
            return Ok(Redirect::to(&format!("/admin/users/{id}")).into_response());
        }
    }
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut page = showing(&app, &signed, &account, lang);
    page.link = link.map(|token| address_of(&app, &headers, &token));
    page.error = error;
    Ok((status, html(&page)?).into_response())
}
