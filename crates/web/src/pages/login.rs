//! Signing in and out.

use std::net::SocketAddr;

use askama::Template;
use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use baoxue_flow::people::{PeopleError, SignInError, SignInTry, code_at};
use serde::Deserialize;

use crate::{
    app::{App, DemoAccount},
    chrome::{Chrome, Tab},
    display::html,
    door::{Signed, Taste, session_cookie},
    forms::{Asked, Posted},
    guard::FORM_COOKIE,
    held::{self, Held, HeldView},
    i18n::{Lang, cookie},
    trouble::Trouble,
};

/// A circle of the picture: place, colour, word.
type SeatDot = (u16, u16, &'static str, &'static str);

/// The seven seats of the two lines, as the picture draws them.
const SEATS: [SeatDot; 7] = [
    (40, 215, "#fff", "县长"),
    (250, 120, "#6db1f5", "镇长"),
    (460, 120, "#6db1f5", "村长"),
    (215, 310, "#66c7a9", "局长"),
    (365, 310, "#66c7a9", "校长"),
    (515, 310, "#66c7a9", "师长"),
    (690, 215, "#fff", "家长"),
];

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    chrome: Chrome,
    seats: [SeatDot; 7],
    error: Option<String>,
    login: String,
    next: String,
    token: String,
    /// What was typed when the session was found to be over.
    held: Option<HeldView>,
    /// Accounts of a synthetic county: role, name, sign-in name, password, code of this moment.
    demo: Vec<(String, String, String, String, String)>,
}

#[derive(Deserialize)]
pub(crate) struct LoginForm {
    login: String,
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
    #[serde(default)]
    held: String,
}

/// The form. It carries a token that a cookie repeats, since there is no session yet (T-13).
pub(crate) async fn page(
    State(app): State<App>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let next = asked.one("next").unwrap_or_default().to_owned();
    shown(&app, &headers, LoginForm { next, ..LoginForm::empty() }, None)
}

impl LoginForm {
    fn empty() -> Self {
        let [login, password, code, next, held] = [const { String::new() }; 5];
        Self { login, password, code, next, held }
    }
}

fn shown(
    app: &App,
    headers: &HeaderMap,
    form: LoginForm,
    error: Option<String>,
) -> Result<Response, Trouble> {
    let lang = Lang::of(headers);
    let (token, kept) = form_token(app, headers)?;
    let chrome = Chrome::new(app, None, lang, Tab::None, &lang.t("sign-in"));
    let failed = error.is_some();
    let told = |account: &DemoAccount| {
        let code = code_at(&account.secret, app.now()).map_err(|e| Trouble::broken(&e))?;
        let role = lang.pick(account.role.zh(), account.role.en()).to_owned();
        let (name, login, password) = (&account.name, &account.login, &account.password);
        Ok((role, name.clone(), login.clone(), password.clone(), code))
    };
    let demo = app.options().demo.iter().map(told).collect::<Result<_, Trouble>>()?;
    let (login, next) = (form.login, form.next);
    let held = Held::read(&form.held).map(Held::view);
    let page = LoginPage { demo, chrome, seats: SEATS, error, login, next, token, held };
    let status = if failed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, kept, html(&page)?).into_response())
}

/// The answer to a form whose session is over: the way in, with what was typed.
pub(crate) fn over(app: &App, headers: &HeaderMap, held: Held) -> Result<Response, Trouble> {
    let form = LoginForm { held: held.view().kept, ..LoginForm::empty() };
    let mut response = shown(app, headers, form, None)?;
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    Ok(response)
}

/// The token of a form that needs no session, with the header that gives the browser its cookie.
pub(crate) fn form_token(
    app: &App,
    headers: &HeaderMap,
) -> Result<(String, [(header::HeaderName, String); 1]), Trouble> {
    let token = match cookie(headers, FORM_COOKIE) {
        Some(token) if token.len() == 32 => token.to_owned(),
        Some(_) | None => fresh_token()?,
    };
    let secure = if app.options().secure { "; Secure" } else { "" };
    let kept = format!("{FORM_COOKIE}={token}; Path=/; SameSite=Strict; HttpOnly{secure}");
    Ok((token, [(header::SET_COOKIE, kept)]))
}

fn fresh_token() -> Result<String, Trouble> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Trouble::broken(&std::io::Error::other(error)))?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

/// Signs in and goes to the page that was asked for.
pub(crate) async fn sign_in(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Posted(form): Posted<LoginForm>,
) -> Result<Response, Trouble> {
    let lang = Lang::of(&headers);
    let attempt = SignInTry {
        login: form.login.clone(),
        password: form.password.clone(),
        code: (!form.code.trim().is_empty()).then(|| form.code.clone()),
        address: app.address_of(peer, &headers),
    };
    match app.people().sign_in(&attempt, app.now()).await {
        Ok(signed) if signed.awaits_code => {
            shown(&app, &headers, form, Some(lang.t("login-needs-code")))
        }
        Ok(signed) => entered(&app, &headers, &signed.token, &form).await,
        Err(PeopleError::SignIn(SignInError::Refused)) => {
            shown(&app, &headers, form, Some(lang.t("login-refused")))
        }
        Err(PeopleError::SignIn(SignInError::Wait(wait))) => {
            let seconds = usize::try_from(wait.as_secs() + 1).unwrap_or(usize::MAX);
            let mut response = shown(&app, &headers, form, Some(lang.n("login-wait", seconds)))?;
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            Ok(response)
        }
        Err(error) => Err(Trouble::broken(&error)),
    }
}

/// Somebody is in: goes to the page that was asked for, or shows the form that could not be taken before.
async fn entered(
    app: &App,
    headers: &HeaderMap,
    token: &str,
    form: &LoginForm,
) -> Result<Response, Trouble> {
    let session = app.people().session(token, app.now()).await;
    let session = session.map_err(|error| Trouble::broken(&error))?.ok_or(Trouble::SignIn)?;
    let signed = Signed::new(session, Taste::of(headers));
    let response = match Held::read(&form.held) {
        Some(held) => held.again(app, &signed, Lang::of(headers))?,
        None => Redirect::to(own_path(&form.next)).into_response(),
    };
    let whose = held::whose(signed.actor.account, app.options().secure);
    let whose = AppendHeaders([(header::SET_COOKIE, whose)]);
    Ok((AppendHeaders(session_set(app, token)), whose, response).into_response())
}

/// Ends the session here and on the server.
pub(crate) async fn sign_out(
    State(app): State<App>,
    _signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let name = session_cookie(app.options().secure);
    if let Some(token) = cookie(&headers, name) {
        app.people().sign_out(token, app.now()).await.map_err(|e| Trouble::broken(&e))?;
    }
    let secure = if app.options().secure { "; Secure" } else { "" };
    let gone = format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}");
    let clear = [
        (header::SET_COOKIE.as_str(), gone),
        ("clear-site-data", "\"cache\", \"storage\"".to_owned()),
    ];
    Ok((clear, Redirect::to("/login")).into_response())
}

/// The header that gives a browser its session.
pub(crate) fn session_set(app: &App, token: &str) -> [(header::HeaderName, String); 1] {
    let secure = if app.options().secure { "; Secure" } else { "" };
    let name = session_cookie(app.options().secure);
    [(header::SET_COOKIE, format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax{secure}"))]
}

/// A path of ours and nothing else: an address elsewhere would lead away with the reader's trust.
pub(crate) fn own_path(next: &str) -> &str {
    let ours = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\n', '\r'])
        && !next.starts_with("/login");
    if ours { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn after_signing_in_nobody_is_led_elsewhere() {
        for next in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\nb"] {
            assert_eq!(own_path(next), "/", "{next}");
        }
        assert_eq!(own_path("/children?status=out"), "/children?status=out");
    }
}
