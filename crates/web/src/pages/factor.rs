//! The second factor (T-14): enrolling an authenticator, and proving it again where an action needs it fresh.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_authz::{Action, Factor, Resource};
use baoxue_flow::people::FactorOffer;
use serde::Deserialize;

use super::{
    login::{own_path, session_set},
    me::session_token,
    people_words::why_not,
};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::html,
    door::Signed,
    forms::{Asked, Posted},
    held::{Held, HeldView},
    i18n::Lang,
    trouble::Trouble,
};

#[derive(Template)]
#[template(path = "factor.html")]
struct FactorPage {
    chrome: Chrome,
    has_factor: bool,
    secret: String,
    /// The same in groups of four, as people type it.
    groups: String,
    uri: String,
    next: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "recovery.html")]
struct RecoveryPage {
    chrome: Chrome,
    codes: Vec<String>,
    next: String,
}

#[derive(Template)]
#[template(path = "step_up.html")]
struct StepUpPage {
    chrome: Chrome,
    next: String,
    error: Option<String>,
    /// What was typed when the code was found to be too old.
    held: Option<HeldView>,
}

#[derive(Deserialize)]
pub(crate) struct EnrolForm {
    secret: String,
    code: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(crate) struct CodeForm {
    code: String,
    #[serde(default)]
    next: String,
    #[serde(default)]
    held: String,
}

/// A fresh secret to enrol. Whoever has a factor proves it first.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    must_be_fresh(&signed)?;
    let offer = app.people().offer_factor(&signed.session.account);
    let offer = offer.map_err(|error| Trouble::broken(&error))?;
    let next = asked.one("next").unwrap_or_default().to_owned();
    html(&offered(&app, &signed, Lang::of(&headers), offer, (next, None)))
}

fn must_be_fresh(signed: &Signed) -> Result<(), Trouble> {
    signed.may(Action::ManageOwn, &Resource::Account(signed.actor.account))?;
    if signed.session.account.has_factor && signed.actor.factor != Factor::Fresh {
        return Err(Trouble::StepUp);
    }
    Ok(())
}

fn offered(
    app: &App,
    signed: &Signed,
    lang: Lang,
    offer: FactorOffer,
    (next, error): (String, Option<String>),
) -> FactorPage {
    let signs: Vec<char> = offer.secret.chars().collect();
    let groups: Vec<String> = signs.chunks(4).map(|four| four.iter().collect()).collect();
    FactorPage {
        chrome: Chrome::new(app, Some(signed), lang, Tab::None, &lang.t("factor-title")),
        has_factor: signed.session.account.has_factor,
        groups: groups.join(" "),
        secret: offer.secret,
        uri: offer.uri,
        next,
        error,
    }
}

/// Enrols with the first code, and shows the recovery codes once.
pub(crate) async fn enrol(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    Posted(form): Posted<EnrolForm>,
) -> Result<Response, Trouble> {
    must_be_fresh(&signed)?;
    let lang = Lang::of(&headers);
    let token = session_token(&app, &headers)?;
    let given = (form.secret.as_str(), form.code.as_str());
    match app.people().enrol(token, given, app.now()).await {
        Ok(enrolled) => {
            let title = lang.t("recovery-title");
            let page = RecoveryPage {
                chrome: Chrome::new(&app, Some(&signed), lang, Tab::None, &title),
                codes: enrolled.recovery,
                next: own_path(&form.next).to_owned(),
            };
            Ok((session_set(&app, &enrolled.signed_in.token), html(&page)?).into_response())
        }
        Err(error) => {
            let error = why_not(&error, lang)?;
            let label = app.people().offer_factor(&signed.session.account);
            let fresh = label.map_err(|error| Trouble::broken(&error))?;
            // The secret stays: it may stand in the authenticator already.
            let uri = fresh.uri.replace(&fresh.secret, &form.secret);
            let offer = FactorOffer { secret: form.secret, uri };
            let page = offered(&app, &signed, lang, offer, (form.next, Some(error)));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
    }
}

/// Asks for a code, and goes on to `next`. Who has no factor yet enrols one.
pub(crate) async fn step_up_page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let next = own_path(asked.one("next").unwrap_or_default()).to_owned();
    if !signed.session.account.has_factor {
        let next = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
        return Ok(Redirect::to(&format!("/me/factor?{next}")).into_response());
    }
    step_up_form((&app, &signed), Lang::of(&headers), (next, None), None)
}

/// Asks for a code, and holds a form that needs it.
pub(crate) fn held_form(
    (app, signed): (&App, &Signed),
    lang: Lang,
    held: Held,
) -> Result<Response, Trouble> {
    let held = held.view();
    let mut response = step_up_form((app, signed), lang, (held.from.clone(), None), Some(held))?;
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    Ok(response)
}

fn step_up_form(
    (app, signed): (&App, &Signed),
    lang: Lang,
    (next, error): (String, Option<String>),
    held: Option<HeldView>,
) -> Result<Response, Trouble> {
    let chrome = Chrome::new(app, Some(signed), lang, Tab::None, &lang.t("step-up-title"));
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, html(&StepUpPage { chrome, next, error, held })?).into_response())
}

/// Takes the code.
pub(crate) async fn step_up(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    Posted(form): Posted<CodeForm>,
) -> Result<Response, Trouble> {
    let token = session_token(&app, &headers)?;
    match app.people().give_code(token, &form.code, app.now()).await {
        Ok(renewed) => {
            let response = match Held::read(&form.held) {
                Some(held) => again((&app, &signed), &headers, &renewed.token, held).await?,
                None => Redirect::to(own_path(&form.next)).into_response(),
            };
            Ok((session_set(&app, &renewed.token), response).into_response())
        }
        Err(error) => {
            let lang = Lang::of(&headers);
            let error = why_not(&error, lang)?;
            let next = own_path(&form.next).to_owned();
            let held = Held::read(&form.held).map(Held::view);
            step_up_form((&app, &signed), lang, (next, Some(error)), held)
        }
    }
}

/// The form that was held, under the session that the code has renewed.
async fn again(
    (app, signed): (&App, &Signed),
    headers: &HeaderMap,
    token: &str,
    held: Held,
) -> Result<Response, Trouble> {
    let session = app.people().session(token, app.now()).await;
    let session = session.map_err(|error| Trouble::broken(&error))?.ok_or(Trouble::SignIn)?;
    held.again(app, &Signed::new(session, signed.taste.clone()), Lang::of(headers))
}
