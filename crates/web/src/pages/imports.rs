//! 数据导入: files on their way in, step by step, and the list of what has come.

mod detect;
mod list;
mod map;
mod preview;
mod result;
mod rights;
mod run;
mod steps;
mod upload;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post, put},
};
use baoxue_flow::intray::Upload;

use crate::{app::App, door::Signed, guard::MAX_FORM_BYTES, trouble::Trouble};

/// What a form with a file has beside the file.
const AROUND_FILE: usize = 64 * 1024;

/// The routes of importing.
pub(crate) fn routes(app: &App) -> Router<App> {
    let limits = *app.intray().uploads.limits();
    let file = usize::try_from(limits.file_bytes).unwrap_or(MAX_FORM_BYTES);
    Router::new()
        .route("/imports", get(list::page))
        .route("/imports/derive", post(run::derive))
        .route(
            "/imports/new",
            get(list::new_page)
                .post(upload::form)
                .layer(DefaultBodyLimit::max(file.saturating_add(AROUND_FILE))),
        )
        .route("/imports/uploads", post(upload::begin))
        .route(
            "/imports/uploads/{id}",
            put(upload::piece).layer(DefaultBodyLimit::max(limits.piece_bytes)),
        )
        .route("/imports/uploads/{id}/done", post(upload::done))
        .route("/imports/{key}", get(result::page))
        .route("/imports/{key}/discard", post(upload::discard))
        .route("/imports/{key}/detect", get(detect::page).post(detect::tell))
        .route("/imports/{key}/map", get(map::page).post(map::answer))
        .route("/imports/{key}/preview", get(preview::page))
        .route("/imports/{key}/rejects", get(preview::rejects))
        .route("/imports/{key}/run", get(run::page).post(run::start))
        .route("/imports/{key}/progress", get(run::progress))
        .route("/imports/{key}/undo", post(result::undo))
}

/// The upload of an address. Another account's is not there.
async fn own(app: &App, signed: &Signed, key: &str) -> Result<Upload, Trouble> {
    Ok(app.intray().uploads.find(signed.actor.account, key).await?)
}
