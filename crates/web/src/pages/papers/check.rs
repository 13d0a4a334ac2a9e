//! The public check of a paper's code: whether it is genuine, of what day and office. No name, no child (T-60).

use std::net::SocketAddr;

use askama::Template;
use axum::{
    extract::{ConnectInfo, Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_flow::papers::{Issuer, paper_of_code, read_code};

use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::html,
    forms::Asked,
    i18n::Lang,
    trouble::Trouble,
};

#[derive(Template)]
#[template(path = "check.html")]
struct CheckPage {
    chrome: Chrome,
    typed: String,
    /// Nothing was asked yet, when none.
    found: Option<Found>,
}

/// What anybody may know of a paper.
enum Found {
    /// No paper has this code.
    None,
    Paper {
        is_void: bool,
        title: String,
        number: String,
        issuer: String,
        on: String,
    },
}

/// The form.
pub(super) async fn form(
    State(app): State<App>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    match asked.one("code").and_then(read_code) {
        Some(code) => Ok(Redirect::to(&format!("/v/{code}")).into_response()),
        None => {
            let typed = asked.one("code").map(str::to_owned);
            let found = typed.as_ref().map(|_| Found::None);
            page_of(&app, Lang::of(&headers), typed.unwrap_or_default(), found)
        }
    }
}

/// What a code says.
pub(super) async fn page(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let address = app.address_of(peer, &headers);
    if let Some(wait) = app.checks().turn(&address, app.now()) {
        return Err(Trouble::TooMany("too-many-checks", wait));
    }
    let lang = Lang::of(&headers);
    let found = found(&app, &code, lang).await?.unwrap_or(Found::None);
    page_of(&app, lang, code, Some(found))
}

async fn found(app: &App, code: &str, lang: Lang) -> Result<Option<Found>, Trouble> {
    let Some((case, paper)) = paper_of_code(app.store(), code).await? else { return Ok(None) };
    let desk = app.cases().await?;
    let Some(paper) = desk.book.get(case).and_then(|file| file.case.paper(paper)) else {
        return Ok(None);
    };
    let issued = &paper.issued.what;
    Ok(Some(Found::Paper {
        is_void: !paper.stands(),
        title: lang.pick(issued.kind.zh(), issued.kind.en()).to_owned(),
        number: issued.number.clone(),
        issuer: Issuer::of(&issued.issuer, &app.county()).name,
        on: issued.on.to_string(),
    }))
}

fn page_of(
    app: &App,
    lang: Lang,
    typed: String,
    found: Option<Found>,
) -> Result<Response, Trouble> {
    let is_none = matches!(found, Some(Found::None));
    let status = if is_none { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let chrome = Chrome::new(app, None, lang, Tab::None, &lang.t("check-title"));
    Ok((status, html(&CheckPage { chrome, typed, found })?).into_response())
}
