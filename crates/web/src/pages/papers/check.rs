//! The public check of a paper's code: whether it is genuine, of what day and office (no name, no child, T-60), and the
//! guardian's objection (T-53).

use std::net::SocketAddr;

use askama::Template;
use axum::{
    extract::{ConnectInfo, Extension, Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_flow::{
    cases::object_by_code,
    letters::party_name,
    papers::{Issuer, paper_of_code, read_code},
};
use serde::Deserialize;

use super::{super::login::form_token, act::refused};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::html,
    door::Signed,
    forms::{Asked, Posted},
    i18n::Lang,
    trouble::Trouble,
};

/// Codes that one address may ask about in an hour: a family has a few, who guesses needs millions.
const CODES: u32 = 120;

/// Longest words of an objection, in characters.
const WORDS: usize = 500;

#[derive(Template)]
#[template(path = "check.html")]
struct CheckPage {
    chrome: Chrome,
    typed: String,
    /// Nothing was asked yet, when none.
    found: Option<Found>,
    token: String,
    /// What came of an objection, and whether it was taken.
    told: Option<(bool, String)>,
    words: String,
}

/// What anybody may know of a paper.
enum Found {
    /// No paper has this code.
    None,
    Paper {
        is_void: bool,
        /// Whether the family can object to it here.
        objects: bool,
        title: String,
        number: String,
        issuer: String,
        on: String,
    },
}

/// What a page shows.
#[derive(Default)]
struct Shown {
    typed: String,
    found: Option<Found>,
    told: Option<(bool, String)>,
    words: String,
}

/// The form.
pub(super) async fn form(
    State(app): State<App>,
    signed: Option<Extension<Signed>>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    if let Some(code) = asked.one("code").and_then(read_code) {
        return Ok(Redirect::to(&format!("/v/{code}")).into_response());
    }
    let typed = asked.one("code").map(str::to_owned);
    let found = typed.as_ref().map(|_| Found::None);
    let shown = Shown { typed: typed.unwrap_or_default(), found, ..Shown::default() };
    page_of(&app, signed, &headers, shown)
}

/// What a code says.
pub(super) async fn page(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    signed: Option<Extension<Signed>>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    turn(&app, peer, &headers)?;
    let found = found(&app, &code, Lang::of(&headers)).await?.unwrap_or(Found::None);
    let typed = read_code(&code).unwrap_or_default();
    page_of(&app, signed, &headers, Shown { typed, found: Some(found), ..Shown::default() })
}

/// Codes are asked about as often as a person does; who guesses is stopped.
fn turn(app: &App, peer: SocketAddr, headers: &HeaderMap) -> Result<(), Trouble> {
    let address = app.address_of(peer, headers);
    let turn = app.doors().papers.turn(&address, CODES, app.now());
    turn.map(|_| ()).map_err(|wait| Trouble::TooMany("too-many-checks", wait))
}

#[derive(Deserialize)]
pub(super) struct Objection {
    #[serde(default)]
    words: String,
}

/// Takes a guardian's objection (异议): clocks stand still until it is answered (T-53).
#[expect(clippy::too_many_arguments, reason = "each is a part of the request")]
pub(super) async fn object(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    signed: Option<Extension<Signed>>,
    Path(code): Path<String>,
    headers: HeaderMap,
    Posted(objection): Posted<Objection>,
) -> Result<Response, Trouble> {
    turn(&app, peer, &headers)?;
    let (lang, desk) = (Lang::of(&headers), app.cases().await?);
    let words: String = objection.words.trim().chars().take(WORDS).collect();
    let now = desk.moment(app.now());
    let of = (&desk.book, &*desk.rules);
    let official = signed.as_ref().map(|Extension(who)| format!("{} {}", who.name, who.login));
    let said = (code.as_str(), words.as_str(), official.as_deref());
    let told = match object_by_code(app.store(), of, said, now).await {
        Ok(None) => None,
        Ok(Some(_)) => {
            app.store().settle().await?;
            Some((true, lang.t("objected")))
        }
        Err(error) => Some((false, refused((&app, &desk), error, lang)?.1)),
    };
    let found = found(&app, &code, lang).await?.unwrap_or(Found::None);
    let is_taken = told.as_ref().is_some_and(|(taken, _)| *taken);
    let words = if is_taken { String::new() } else { words };
    page_of(&app, signed, &headers, Shown { typed: code, found: Some(found), told, words })
}

async fn found(app: &App, code: &str, lang: Lang) -> Result<Option<Found>, Trouble> {
    let Some((case, paper)) = paper_of_code(app.store(), code).await? else {
        return letter(app, code, lang).await;
    };
    let desk = app.cases().await?;
    let Some(file) = desk.book.get(case) else { return Ok(None) };
    let Some(paper) = file.case.paper(paper) else { return Ok(None) };
    let issued = &paper.issued.what;
    Ok(Some(Found::Paper {
        is_void: !paper.stands(),
        objects: paper.stands() && issued.kind.is_served() && file.case.over.is_none(),
        title: lang.pick(issued.kind.zh(), issued.kind.en()).to_owned(),
        number: issued.number.clone(),
        issuer: Issuer::of(&issued.issuer, &app.county()).name,
        on: issued.on.to_string(),
    }))
}

/// What a code on a letter of responsibility says. Nobody objects to what both sides sign.
async fn letter(app: &App, code: &str, lang: Lang) -> Result<Option<Found>, Trouble> {
    let Some(code) = read_code(code) else { return Ok(None) };
    let desk = app.cases().await?;
    let shelf = app.letters(&desk).await?;
    let Some(letter) = shelf.book.of_code(&code) else { return Ok(None) };
    let edge = &letter.drawn.edge;
    let layer = lang.pick(edge.layer.zh(), edge.layer.en()).to_owned();
    Ok(Some(Found::Paper {
        is_void: letter.withdrawn.is_some(),
        objects: false,
        title: lang.with("check-letter", &[("layer", layer.into())]),
        number: letter.drawn.number.clone(),
        issuer: party_name(&edge.giver.office, &app.county()),
        on: letter.drawn.on.to_string(),
    }))
}

fn page_of(
    app: &App,
    signed: Option<Extension<Signed>>,
    headers: &HeaderMap,
    shown: Shown,
) -> Result<Response, Trouble> {
    let Shown { typed, found, told, words } = shown;
    let status = match (&found, &told) {
        (Some(Found::None), _) => StatusCode::NOT_FOUND,
        (_, Some((false, _))) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let lang = Lang::of(headers);
    let chrome = Chrome::new(app, None, lang, Tab::None, &lang.t("check-title"));
    let (token, kept) = form_token(app, headers)?;
    // Somebody may be signed in at this machine: forms bring the session's token then.
    let token = signed.map_or(token, |Extension(signed)| signed.csrf.clone());
    let page = html(&CheckPage { chrome, typed, found, token, told, words })?;
    Ok((status, kept, page).into_response())
}
