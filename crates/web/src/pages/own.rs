//! Language, colours, keys, the session's length, and whether the server lives.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_authz::Role;
use serde::Serialize;

use crate::{
    app::App,
    door::Signed,
    trouble::{Trouble, back},
};

/// A year, for what is no secret.
const KEPT_SECONDS: u32 = 31_536_000;

/// The first page of a role: leaders look at the whole county, everybody else at what there is to do.
pub(crate) async fn front(signed: Signed) -> Redirect {
    Redirect::to(if signed.actor.role == Role::CountyLeader { "/map" } else { "/today" })
}

/// Chooses the language of this browser, and goes back to the page.
pub(crate) async fn language(
    State(app): State<App>,
    Path(tag): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    match tag.as_str() {
        "zh-CN" | "en" => Ok(chosen(&app, "lang", &tag, &headers)),
        _ => Err(Trouble::NotFound),
    }
}

/// Chooses light, dark, or what the system says.
pub(crate) async fn theme(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    match name.as_str() {
        "light" | "dark" | "auto" => Ok(chosen(&app, "theme", &name, &headers)),
        _ => Err(Trouble::NotFound),
    }
}

/// Chooses whether single keys do something in this browser (WCAG 2.1.4).
pub(crate) async fn hotkeys(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    match name.as_str() {
        "on" | "off" => Ok(chosen(&app, "hotkeys", &name, &headers)),
        _ => Err(Trouble::NotFound),
    }
}

fn chosen(app: &App, name: &str, value: &str, headers: &HeaderMap) -> Response {
    let secure = if app.options().secure { "; Secure" } else { "" };
    let cookie =
        format!("{name}={value}; Path=/; Max-Age={KEPT_SECONDS}; SameSite=Lax; HttpOnly{secure}");
    ([(header::SET_COOKIE, cookie)], Redirect::to(&back(headers))).into_response()
}

#[derive(Serialize)]
struct Extended {
    left: i64,
    csrf: String,
}

/// Says how long the session still lasts; asking for it has made it longer.
pub(crate) async fn extend(State(app): State<App>, signed: Signed) -> Response {
    let left = signed.left(&app).num_seconds();
    Json(Extended { left, csrf: signed.csrf.clone() }).into_response()
}

/// The program lives. Whoever restarts what does not answer must not be misled by a database that is away.
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// Whether the database answers, so that pages can be given.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    match app.store().latest_run().await {
        Ok(_) => (StatusCode::OK, "ok\n").into_response(),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "database\n").into_response()
        }
    }
}
