//! The routes.

mod admin;
mod audit;
mod child;
mod children;
mod claim;
mod conflicts;
mod factor;
mod link;
mod login;
mod map;
mod map_numbers;
mod me;
mod own;
mod pager;
mod people_words;
mod review;
mod review_pair;
mod rules;
mod sources;
mod today;
mod user;
mod users;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    app::App,
    assets::asset,
    door,
    guard::{self, MAX_FORM_BYTES},
    metrics::Asked,
    trouble::{self, Trouble},
};

/// All routes with what stands before them. From the outside in: headers, panics, who asks, troubles as pages, our own
/// forms only.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/", get(own::front))
        .route("/login", get(login::page).post(login::sign_in))
        .route("/logout", post(login::sign_out))
        .route("/lang/{tag}", get(own::language))
        .route("/theme/{name}", get(own::theme))
        .route("/link/{token}", get(link::page).post(link::set_password))
        .route("/setup/{token}", get(link::first_page).post(link::set_up))
        .route("/me", get(me::page))
        .route("/me/password", post(me::password))
        .route("/me/sessions/{session}/end", post(me::end_session))
        .route("/me/factor", get(factor::page).post(factor::enrol))
        .route("/me/step-up", get(factor::step_up_page).post(factor::step_up))
        .route("/me/extend", get(own::extend))
        .route("/children", get(children::list))
        .route("/children/{child}", get(child::evidence))
        .route("/children/{child}/reveal", post(child::reveal))
        .route("/children/{child}/history", get(child::history))
        .route("/children/{child}/claims/{row}", get(claim::drawer))
        .route("/rules", get(rules::list))
        .route("/rules/{rule}", get(rules::one))
        .route("/sources", get(sources::list))
        .route("/sources/{source}", get(sources::one))
        .route("/map", get(map::page))
        .route("/map/definitions", get(map::definitions))
        .route("/review/identity", get(review::page))
        .route("/review/identity/{pair}/{answer}", post(review::answer))
        .route("/review/conflicts", get(conflicts::page))
        .route("/review/conflicts/{child}", post(conflicts::answer))
        .route("/audit", get(audit::page))
        .route("/admin", get(admin::first))
        .route("/admin/health", get(admin::health))
        .route("/admin/towns", get(admin::towns))
        .route("/admin/schools", get(admin::schools))
        .route("/admin/users", get(users::list).post(user::create))
        .route("/admin/users/new", get(user::new_page))
        .route("/admin/users/{id}", get(user::page))
        .route("/admin/users/{id}/{act}", post(user::act))
        .route("/today", get(today::page))
        .route("/assets/{name}", get(asset))
        .route("/healthz", get(own::health))
        .route("/readyz", get(own::ready))
        .fallback(async || Trouble::NotFound)
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(middleware::from_fn_with_state(app.clone(), guard::from_our_page))
        .layer(middleware::from_fn_with_state(app.clone(), trouble::told))
        .layer(middleware::from_fn_with_state(app.clone(), door::recognise))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(app.clone(), guard::headers))
        .layer(middleware::from_fn_with_state(app.clone(), measured))
        .with_state(app)
}

/// A panic is a fault of ours; the server lives on (T-31).
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    Trouble::broken(&std::io::Error::other("a handler panicked")).into_response()
}

/// One line of the log for each request, and the numbers of the monitoring: no query, since it may hold a name.
async fn measured(State(app): State<App>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), logged(request.uri().path()));
    let asked = Asked::of(&request);
    let begun = std::time::Instant::now();
    let response = next.run(request).await;
    let (took, status) = (begun.elapsed(), response.status().as_u16());
    app.metrics().answered(&asked, status, took);
    tracing::info!(%method, %path, status, ms = took.as_millis(), "request");
    response
}

/// A path as the log may have it: without the tokens of links, which open an account.
fn logged(path: &str) -> String {
    match ["/link/", "/setup/"].into_iter().find(|start| path.starts_with(start)) {
        Some(start) => format!("{start}…"),
        None => path.to_owned(),
    }
}
