//! 我的设置: own data, password, second factor, sessions, what oneself has seen.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_authz::{Action, Areas, Resource};
use baoxue_claim::Towns;
use baoxue_flow::people::Contact;
use baoxue_store::{AccessFilter, StoredAccess};
use serde::Deserialize;

use super::{login::session_set, people_words::why_not};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{html, moment, source_word},
    door::{Signed, session_cookie},
    forms::Posted,
    i18n::{Lang, cookie},
    trouble::Trouble,
};

/// Entries of the own history on this page; the rest stands in the audit.
const OWN_LOOKS: u32 = 10;

struct SessionLine {
    id: i64,
    here: bool,
    began: String,
    seen: String,
    address: String,
}

#[derive(Template)]
#[template(path = "me.html")]
struct MePage {
    chrome: Chrome,
    name: String,
    login: String,
    role: String,
    areas: String,
    until: String,
    has_factor: bool,
    error: Option<String>,
    changed: bool,
    contact: Contact,
    contact_changed: bool,
    sessions: Vec<SessionLine>,
    looks: Vec<(String, String, u32)>,
    /// Single keys and what they do.
    keys: Vec<(&'static str, String)>,
}

/// Single keys and the keys of their words.
const KEYS: [(&str, &str); 6] = [
    ("/", "hotkey-search"),
    ("Y", "hotkey-same"),
    ("N", "hotkey-different"),
    ("U", "hotkey-unsure"),
    ("Z", "hotkey-undo"),
    ("J K", "hotkey-turn"),
];

/// The page.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: crate::forms::Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ManageOwn, &own(&signed))?;
    html(&view(&app, &signed, Lang::of(&headers), (None, asked.one("done"))).await?)
}

/// One's own account.
fn own(signed: &Signed) -> Resource {
    Resource::Account(signed.actor.account)
}

async fn view(
    app: &App,
    signed: &Signed,
    lang: Lang,
    (error, done): (Option<String>, Option<&str>),
) -> Result<MePage, Trouble> {
    let account = &signed.session.account;
    let broken = |error| Trouble::broken(&error);
    let open = app.people().sessions_of(account.id, app.now()).await.map_err(broken)?;
    let sessions = open.into_iter().map(|open| SessionLine {
        id: open.id,
        here: open.id == signed.session.id,
        began: moment(open.began_at),
        seen: moment(open.seen_at),
        address: open.address,
    });
    let filter = AccessFilter { account: Some(account.id), ..AccessFilter::default() };
    let looks = app.access().entries(&filter, OWN_LOOKS).await?;
    let look =
        |found: &StoredAccess| (moment(found.entry.at), act_words(found, lang), found.n_subjects);
    Ok(MePage {
        chrome: Chrome::new(app, Some(signed), lang, Tab::None, &lang.t("nav-me")),
        name: account.name.clone(),
        login: account.login.clone(),
        role: lang.pick(account.grant.role.zh(), account.grant.role.en()).to_owned(),
        areas: areas_words(&account.grant.areas, &app.county().towns, lang),
        until: account.grant.until.map(|day| day.to_string()).unwrap_or_default(),
        has_factor: account.has_factor,
        error,
        changed: done == Some("password"),
        contact: account.contact.clone(),
        contact_changed: done == Some("contact"),
        sessions: sessions.collect(),
        looks: looks.iter().map(look).collect(),
        keys: KEYS.map(|(key, word)| (key, lang.t(word))).into(),
    })
}

/// What an entry of the access log says was done.
pub(crate) fn act_words(found: &StoredAccess, lang: Lang) -> String {
    let act = lang.t(&format!("act-{}", found.entry.what));
    match found.entry.result.as_str() {
        "refused" => format!("{act}{}{}", lang.t("colon"), lang.t("act-refused")),
        "awaits code" => format!("{act}{}{}", lang.t("colon"), lang.t("act-awaits-code")),
        _ => act,
    }
}

/// The areas of an account in one line.
pub(crate) fn areas_words(areas: &Areas, towns: &Towns, lang: Lang) -> String {
    let town = |code| towns.get(code).map_or_else(|| format!("{code}"), |town| town.name.clone());
    let mut words: Vec<String> = areas.towns.iter().map(|code| town(*code)).collect();
    words.extend(areas.villages.iter().map(|(code, name)| format!("{}{name}", town(*code))));
    words.extend(areas.schools.iter().cloned());
    words.extend(areas.classes.iter().map(|(school, class)| format!("{school}{class}")));
    words.extend(areas.sources.iter().map(|source| source_word(*source, lang)));
    words.extend(areas.department.clone());
    words.join(lang.pick("、", ", "))
}

#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    old: String,
    new: String,
    again: String,
}

/// Changes the own password; the other sessions end.
pub(crate) async fn password(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    Posted(form): Posted<PasswordForm>,
) -> Result<Response, Trouble> {
    signed.may(Action::ManageOwn, &own(&signed))?;
    let lang = Lang::of(&headers);
    let token = session_token(&app, &headers)?;
    let error = if form.new == form.again {
        let pair = (form.old.as_str(), form.new.as_str());
        match app.people().change_password(token, pair, app.now()).await {
            Ok(renewed) => {
                let to = Redirect::to("/me?done=password");
                return Ok((session_set(&app, &renewed.token), to).into_response());
            }
            Err(error) => why_not(&error, lang)?,
        }
    } else {
        lang.t("passwords-differ")
    };
    let page = view(&app, &signed, lang, (Some(error), None)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

#[derive(Deserialize)]
pub(crate) struct ContactForm {
    mail: String,
    phone: String,
}

/// Says where notices go.
pub(crate) async fn contact(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    Posted(form): Posted<ContactForm>,
) -> Result<Response, Trouble> {
    signed.may(Action::ManageOwn, &own(&signed))?;
    let lang = Lang::of(&headers);
    let contact = Contact { mail: form.mail, phone: form.phone };
    match app.people().set_contact(signed.actor.account, &contact, app.now()).await {
        Ok(()) => Ok(Redirect::to("/me?done=contact").into_response()),
        Err(error) => {
            let why = why_not(&error, lang)?;
            let page = MePage { contact, ..view(&app, &signed, lang, (Some(why), None)).await? };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
    }
}

/// Ends one of the own sessions.
pub(crate) async fn end_session(
    State(app): State<App>,
    signed: Signed,
    Path(session): Path<i64>,
) -> Result<Redirect, Trouble> {
    signed.may(Action::ManageOwn, &own(&signed))?;
    let ended = app.people().end_session(signed.actor.account, session).await;
    // One that has ended meanwhile is what was asked for.
    ended.map_err(|error| Trouble::broken(&error))?;
    Ok(Redirect::to("/me"))
}

/// The session id that the browser sent.
pub(crate) fn session_token<'h>(app: &App, headers: &'h HeaderMap) -> Result<&'h str, Trouble> {
    cookie(headers, session_cookie(app.options().secure)).ok_or(Trouble::SignIn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_logged_has_words_in_both_languages() {
        for lang in [Lang::Zh, Lang::En] {
            for action in Action::ALL {
                let key = format!("act-{}", action.name());
                assert!(!lang.t(&key).contains(&key), "{key}");
            }
        }
    }
}
