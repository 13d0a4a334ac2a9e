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
    extract::DefaultBodyLimit,
    http::Method,
    routing::{self, MethodRouter},
};
use baoxue_authz::Action;
use baoxue_flow::intray::{Upload, UploadLimits};

use crate::{
    app::App,
    door::Signed,
    guard::MAX_FORM_BYTES,
    routes::{Line, Needs, get, post},
    trouble::Trouble,
};

/// What a form with a file has beside the file.
const AROUND_FILE: usize = 64 * 1024;

/// The routes of importing. Whoever may bring any list may begin; what may be brought is asked of each file.
pub(crate) fn table(limits: &UploadLimits) -> Vec<Line> {
    let brings = Needs::Action(&[Action::Import]);
    let file = usize::try_from(limits.file_bytes).unwrap_or(MAX_FORM_BYTES);
    let of_file = DefaultBodyLimit::max(file.saturating_add(AROUND_FILE));
    let of_piece = DefaultBodyLimit::max(limits.piece_bytes);
    // What is about one upload is its owner's, and to all others not there.
    let owner = Needs::Session;
    let sent = |path: &str, method: Method, answers: MethodRouter<App>| {
        Line::new((method, path.to_owned()), answers, owner)
    };
    vec![
        get("/imports", list::page, Needs::Action(&[Action::ReadSources])),
        post("/imports/derive", run::derive, Needs::Action(&[Action::UndoImport])),
        get("/imports/new", list::new_page, brings),
        sent("/imports/new", Method::POST, routing::post(upload::form).layer(of_file)),
        post("/imports/uploads", upload::begin, brings),
        sent("/imports/uploads/{id}", Method::PUT, routing::put(upload::piece).layer(of_piece)),
        post("/imports/uploads/{id}/done", upload::done, brings),
        get("/imports/{key}", result::page, owner),
        post("/imports/{key}/discard", upload::discard, owner),
        get("/imports/{key}/detect", detect::page, owner),
        post("/imports/{key}/detect", detect::tell, owner),
        get("/imports/{key}/map", map::page, owner),
        post("/imports/{key}/map", map::answer, owner),
        get("/imports/{key}/preview", preview::page, owner),
        get("/imports/{key}/rejects", preview::rejects, owner),
        get("/imports/{key}/run", run::page, owner),
        post("/imports/{key}/run", run::start, owner),
        post("/imports/{key}/stop", run::stop, owner),
        get("/imports/{key}/progress", run::progress, owner),
        post("/imports/{key}/undo", result::undo, owner),
    ]
}

/// The upload of an address. Another account's is not there.
async fn own(app: &App, signed: &Signed, key: &str) -> Result<Upload, Trouble> {
    Ok(app.intray().uploads.find(signed.actor.account, key).await?)
}
