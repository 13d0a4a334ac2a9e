//! The routes.

mod absences;
mod admin;
pub(crate) mod audit;
pub(crate) mod cases;
mod chain;
mod child;
pub(crate) mod children;
pub(crate) mod claim;
pub(crate) mod conflicts;
mod described;
mod export;
mod exports;
pub(crate) mod factor;
mod imports;
mod inspect;
pub(crate) mod letters;
mod link;
pub(crate) mod login;
pub(crate) mod map;
mod map_late;
mod map_numbers;
mod me;
mod notices;
mod own;
mod pager;
pub(crate) mod pair_desk;
pub(crate) mod papers;
mod people_words;
mod reports;
mod review;
mod review_pair;
mod rules;
mod sources;
mod tasks;
mod tip;
mod tips;
mod today;
mod unusual;
mod user;
mod users;
mod views;

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use baoxue_authz::Action;
use baoxue_flow::intray::UploadLimits;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    api,
    app::App,
    assets::asset,
    door,
    guard::{self, MAX_FORM_BYTES, Open},
    metrics::Asked,
    routes::{FILE_FORM_BYTES, Line, Needs, Route, get, post, router_of},
    trouble::{self, Trouble},
};

/// For the body of a request and its answer: a workbook may take a minute and a half to be read.
const WORK: Duration = Duration::from_secs(150);

/// The routes of the pages. Whoever adds one adds what is expected of it to the tests that are made from this table.
fn table(uploads: &UploadLimits) -> Vec<Line> {
    let tables = [
        doors(),
        children(),
        cases::table(),
        papers::table(),
        tasks::table(),
        tip::table(),
        tips::table(),
        inspect::table(),
        letters::table(),
        absences::table(),
        reports::table(),
        notices::table(),
        county(),
        administration(),
        imports::table(uploads),
        api::table(),
    ];
    tables.into_iter().flatten().collect()
}

/// What everybody has: the way in and out, language and colours, one's own settings.
fn doors() -> Vec<Line> {
    let own = Needs::Action(&[Action::ManageOwn]);
    vec![
        get("/", own::front, Needs::Session),
        get("/login", login::page, Needs::Nothing),
        post("/login", login::sign_in, Needs::Nothing),
        post("/logout", login::sign_out, Needs::Session),
        get("/lang/{tag}", own::language, Needs::Nothing),
        get("/theme/{name}", own::theme, Needs::Nothing),
        get("/hotkeys/{name}", own::hotkeys, Needs::Nothing),
        get("/link/{token}", link::page, Needs::Nothing),
        post("/link/{token}", link::set_password, Needs::Nothing),
        get("/setup/{token}", link::first_page, Needs::Nothing),
        post("/setup/{token}", link::set_up, Needs::Nothing),
        get("/me", me::page, own),
        post("/me/password", me::password, own),
        post("/me/contact", me::contact, own),
        post("/me/sessions/{session}/end", me::end_session, own),
        get("/me/factor", factor::page, own),
        post("/me/factor", factor::enrol, own),
        get("/me/step-up", factor::step_up_page, Needs::Session),
        post("/me/step-up", factor::step_up, Needs::Session),
        get("/me/extend", own::extend, Needs::Session),
        get("/assets/{name}", asset, Needs::Nothing),
        get("/healthz", own::health, Needs::Nothing),
        get("/readyz", own::ready, Needs::Nothing),
    ]
}

/// Children, and what waits to be decided about them.
fn children() -> Vec<Line> {
    let reads = Needs::Action(&[Action::ReadChild]);
    let reads_claims = Needs::Action(&[Action::ReadClaims]);
    let decides = Needs::Action(&[Action::DecideIdentity]);
    let exports = Needs::Action(&[Action::ExportMasked]);
    vec![
        get("/children", children::list, reads),
        get("/children/export", export::page, exports),
        post("/children/export", export::ask, exports),
        post("/children/views", views::save, reads),
        get("/children/views/{slug}", views::open, reads),
        post("/children/views/{slug}/remove", views::remove, Needs::Session),
        get(
            "/exports",
            exports::page,
            Needs::Action(&[Action::ExportMasked, Action::ApproveExport]),
        ),
        get("/exports/{id}/file", exports::fetch, Needs::Session),
        post("/exports/{id}/{act}", exports::act, Needs::Session),
        get("/children/{child}", child::evidence, reads),
        post("/children/{child}/reveal", child::reveal, Needs::Action(&[Action::RevealId])),
        get("/children/{child}/history", child::history, Needs::Action(&[Action::ReadHistory])),
        get("/children/{child}/claims/{row}", claim::drawer, reads_claims),
        get("/children/{child}/teaching", child::teaching::page, reads_claims),
        get("/children/{child}/family", child::family::page, reads),
        get(
            "/children/{child}/forms/{form}",
            child::forms::page,
            Needs::Action(&[Action::WorkCase]),
        ),
        post(
            "/children/{child}/teaching",
            child::teaching::register,
            Needs::Action(&[Action::LogTeaching]),
        ),
        get("/review/identity", review::page, decides),
        post("/review/identity/{pair}/{answer}", review::answer, decides),
        get("/review/duplicates", review::duplicates, decides),
        post("/review/duplicates/{pair}/{answer}", review::answer, decides),
        get("/review/conflicts", conflicts::page, reads_claims),
        post(
            "/review/conflicts/{child}",
            conflicts::answer,
            Needs::Action(&[Action::AnswerConflict]),
        ),
    ]
}

/// What is about the county as a whole.
fn county() -> Vec<Line> {
    let (rules, sources) =
        (Needs::Action(&[Action::ReadRules]), Needs::Action(&[Action::ReadSources]));
    let map = Needs::Action(&[Action::ReadMap]);
    vec![
        get("/today", today::page, Needs::Session),
        get("/map", map::page, map),
        get("/map/definitions", map::definitions, map),
        get("/rules", rules::list, rules),
        get("/rules/{rule}", rules::one, rules),
        get("/sources", sources::list, sources),
        get("/sources/{source}", sources::one, sources),
        get("/api", described::page, Needs::Session),
    ]
}

/// The audit, accounts, places.
fn administration() -> Vec<Line> {
    let county = Needs::Action(&[Action::ManageCounty]);
    let accounts = Needs::Action(&[Action::ManageAccounts, Action::ManageRoles]);
    let makes = Needs::Action(&[Action::ManageAccounts]);
    vec![
        get("/audit", audit::page, Needs::Action(&[Action::ReadOwnAudit])),
        get("/audit/unusual", unusual::page, Needs::Action(&[Action::ReadAllAudit])),
        get("/admin", admin::first, Needs::Session),
        get("/admin/health", admin::health, Needs::Action(&[Action::ReadHealth])),
        get("/admin/keys", admin::keys, Needs::Action(&[Action::ManageKeys])),
        get("/admin/towns", admin::towns, county),
        get("/admin/schools", admin::schools, county),
        get("/admin/calendar", admin::calendar, county),
        get("/admin/escalation", admin::escalation, county),
        get("/admin/users", users::list, accounts),
        post("/admin/users", user::create, makes),
        get("/admin/users/new", user::new_page, makes),
        get("/admin/users/{id}", user::page, accounts),
        post("/admin/users/{id}/{act}", user::act, accounts),
    ]
}

/// Every route that the application answers.
pub fn routes() -> Vec<Route> {
    table(&UploadLimits::default()).into_iter().map(|line| line.route).collect()
}

/// All routes with what stands before them. From the outside in: headers, panics, who asks, troubles as pages, our own
/// forms only.
pub fn router(app: App) -> Router {
    guarded(table(app.intray().uploads.limits()), app)
}

fn guarded(table: Vec<Line>, app: App) -> Router {
    let open = Open::of(&table);
    router_of(table)
        .fallback(async || Trouble::NotFound)
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state((app.clone(), open), guard::from_our_page))
        // Whoever is no longer signed in sends a form with its files all the same: it is read to give back what was typed.
        .layer(DefaultBodyLimit::max(FILE_FORM_BYTES))
        .layer(middleware::from_fn(in_time))
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

/// A request whose body does not come to its end is given up (T-43).
async fn in_time(request: Request, next: Next) -> Response {
    let done = tokio::time::timeout(WORK, next.run(request)).await;
    done.unwrap_or_else(|_| Trouble::Bad("slow").into_response())
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

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::StatusCode;
    use baoxue_flow::{
        County, exports::ExportLimits, notices::Channels, papers::PressSetup,
        people::PeopleSettings,
    };
    use baoxue_store::Keys;
    use chrono::{DateTime, NaiveDate};
    use tower::Service;

    use super::*;
    use crate::Options;

    async fn app(folder: &std::path::Path) -> App {
        let url = format!("sqlite://{}?mode=rwc", folder.join("baoxue.db").display());
        let store = baoxue_store::open(&url, Keys::generate().unwrap()).await.unwrap();
        let options = Options {
            secure: false,
            origin: None,
            demo: Vec::new(),
            proxies: Vec::new(),
            people: PeopleSettings::default(),
            pages_per_hour: 200,
            exports: ExportLimits::default(),
            program: "baoxue".into(),
            data: folder.to_owned(),
            uploads: UploadLimits::default(),
            papers: PressSetup::default(),
            notices: Channels::default(),
            now: || DateTime::UNIX_EPOCH,
        };
        let day = NaiveDate::from_ymd_opt(2019, 8, 25).unwrap();
        App::new(store, County::unconfigured(day), options).await.unwrap()
    }

    async fn asked(router: &mut Router, path: &str) -> (u16, String) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = router.call(request).await.unwrap();
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// Fails when asked for a page.
    async fn panics() -> Response {
        let secret = std::hint::black_box("王浩宇 at crates/web/src");
        assert!(secret.is_empty(), "{secret}");
        StatusCode::OK.into_response()
    }

    #[tokio::test]
    async fn t31_a_panic_is_a_page_with_a_number_and_the_server_lives() {
        let folder = tempfile::tempdir().unwrap();
        let app = app(folder.path()).await;
        let mut table = table(&UploadLimits::default());
        table.push(get("/panics", panics, Needs::Nothing));
        table.push(get("/api/v1/panics", panics, Needs::Nothing));
        let mut router = guarded(table, app);
        for path in ["/panics", "/api/v1/panics"] {
            let (status, body) = asked(&mut router, path).await;
            assert_eq!(status, 500, "{path}: {body}");
            let is_number =
                |part: &[u8]| part[0] == b'E' && part[1..].iter().all(u8::is_ascii_hexdigit);
            let number = body.as_bytes().windows(9).any(is_number);
            assert!(number, "{path}: no number for the log: {body}");
            for inside in ["王浩宇", "crates/", "panicked", "src/", "assert"] {
                assert!(!body.contains(inside), "{path} shows {inside}: {body}");
            }
            assert_eq!(asked(&mut router, "/healthz").await.0, 200);
            assert_eq!(asked(&mut router, "/login").await.0, 200);
        }
    }
}
