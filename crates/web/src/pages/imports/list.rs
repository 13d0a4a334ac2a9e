//! What has come, what is on its way, and where files are dropped.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use baoxue_authz::{Action, Resource};
use baoxue_flow::{intray::Upload, is_fresh};
use baoxue_store::{BatchState, BatchSummary};

use super::{
    rights,
    steps::{Step, steps},
};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{html, moment, source_word, thousands},
    door::Signed,
    forms::Asked,
    i18n::Lang,
    pages::pager::Pager,
    trouble::Trouble,
};

/// An import in the list.
struct ImportLine {
    key: String,
    file: String,
    sources: String,
    towns: String,
    at: String,
    by: String,
    used: String,
    known: String,
    rejected: String,
    aside: String,
    live: bool,
    /// Who took it back and when.
    withdrawn: String,
}

/// A file that is not taken in yet.
struct OpenLine {
    key: String,
    name: String,
    size: String,
    at: String,
    /// It is here as a whole.
    whole: bool,
    /// It is being taken in.
    running: bool,
}

#[derive(Template)]
#[template(path = "imports.html")]
struct ImportsPage {
    chrome: Chrome,
    brings: bool,
    /// Only these kinds, when not all are the reader's.
    kinds: Vec<String>,
    limit: String,
    open: Vec<OpenLine>,
    /// What has come since the newest run waits for a new one; whether the reader may start it.
    stale: Option<bool>,
    lines: Vec<ImportLine>,
    pager: Pager,
    many: bool,
}

#[derive(Template)]
#[template(path = "import_new.html")]
struct NewPage {
    chrome: Chrome,
    steps: Vec<Step>,
    brings: bool,
    kinds: Vec<String>,
    limit: String,
    /// Why the file that was just sent was not taken.
    refused: Option<String>,
    open: Vec<OpenLine>,
}

/// The list.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ReadSources, &Resource::County)?;
    let lang = Lang::of(&headers);
    let mut batches = app.store().batches().await?;
    batches.reverse();
    let total = batches.len();
    let first = (asked.page() - 1) * asked.size();
    let shown = batches.iter().skip(first).take(asked.size());
    let lines: Vec<ImportLine> = shown.map(|batch| line(&app, batch, lang)).collect();
    let fresh = is_fresh(app.store(), &app.county()).await?;
    let starts = signed.can(Action::UndoImport, &Resource::County);
    let kinds = kinds(&signed, lang);
    html(&ImportsPage {
        brings: kinds.is_some(),
        kinds: kinds.unwrap_or_default(),
        limit: limit(&app),
        open: open(&app, &signed).await?,
        stale: (!fresh).then_some(starts),
        pager: Pager::new(&asked, total, lines.len(), lang),
        many: total > asked.size(),
        lines,
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Imports, &lang.t("imports-title")),
    })
}

/// Where a file is dropped.
pub(crate) async fn new_page(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    if !rights::brings_any(&signed) {
        return Err(Trouble::NotYours);
    }
    html(&drop_page(&app, &signed, Lang::of(&headers), None).await?)
}

/// The same after a file that was not taken, with the reason.
pub(super) async fn refused(
    app: &App,
    signed: &Signed,
    lang: Lang,
    told: Option<(StatusCode, String)>,
) -> Result<Response, Trouble> {
    let (status, text) = told.ok_or(Trouble::Bad("form"))?;
    let page = drop_page(app, signed, lang, Some(text)).await?;
    Ok((status, html(&page)?).into_response())
}

async fn drop_page(
    app: &App,
    signed: &Signed,
    lang: Lang,
    refused: Option<String>,
) -> Result<NewPage, Trouble> {
    let kinds = kinds(signed, lang);
    Ok(NewPage {
        steps: steps("", 0, lang),
        brings: kinds.is_some(),
        kinds: kinds.unwrap_or_default(),
        limit: limit(app),
        refused,
        open: open(app, signed).await?,
        chrome: Chrome::new(app, Some(signed), lang, Tab::Imports, &lang.t("import-new-title")),
    })
}

/// The kinds of lists that the reader may bring; none named when it is all of them, `None` when there is none.
fn kinds(signed: &Signed, lang: Lang) -> Option<Vec<String>> {
    let kinds = rights::kinds(signed);
    if kinds.is_empty() {
        return None;
    }
    let all = kinds.len() == baoxue_claim::Source::ALL.len();
    Some(kinds.into_iter().filter(|_| !all).map(|kind| source_word(kind, lang)).collect())
}

fn limit(app: &App) -> String {
    (app.intray().uploads.limits().file_bytes / 1_000_000).to_string()
}

/// The reader's own files on their way.
async fn open(app: &App, signed: &Signed) -> Result<Vec<OpenLine>, Trouble> {
    let own = app.intray().uploads.of(signed.actor.account).await?;
    let line = |upload: Upload| OpenLine {
        size: size(upload.size),
        at: moment(upload.began_at),
        whole: upload.hash.is_some(),
        running: app.intray().jobs.find(&upload.id).is_some_and(|job| !job.now().finished),
        name: upload.name,
        key: upload.id,
    };
    Ok(own.into_iter().map(line).collect())
}

/// Bytes as people read them.
pub(super) fn size(bytes: u64) -> String {
    const KILO: u64 = 1000;
    const MEGA: u64 = KILO * KILO;
    match bytes {
        0..KILO => format!("{bytes} B"),
        KILO..MEGA => format!("{} KB", bytes.div_ceil(KILO)),
        _ => format!("{}.{} MB", bytes / MEGA, bytes % MEGA * 10 / MEGA),
    }
}

fn line(app: &App, batch: &BatchSummary, lang: Lang) -> ImportLine {
    let county = app.county();
    let count = |n: u64| thousands(usize::try_from(n).unwrap_or(usize::MAX));
    let mut sources: Vec<String> = Vec::new();
    let mut towns: Vec<String> = Vec::new();
    for sheet in batch.sheets.iter().map(|sheet| &sheet.sheet) {
        let source = sheet.source.map(|source| source_word(source, lang));
        let town = sheet.town.and_then(|town| county.towns.get(town)).map(|t| t.name.clone());
        sources.extend(source.filter(|source| !sources.contains(source)));
        towns.extend(town.filter(|town| !towns.contains(town)));
    }
    let withdrawn = batch.withdrawal.as_ref();
    ImportLine {
        key: key(batch),
        file: batch.file.clone(),
        sources: sources.join(&lang.t("comma")),
        towns: towns.join(&lang.t("comma")),
        at: moment(batch.received_at),
        by: batch.brought_by.clone(),
        used: count(batch.n_records),
        known: count(batch.n_known),
        rejected: count(batch.n_rejected),
        aside: count(batch.n_aside),
        live: batch.state == BatchState::Live,
        withdrawn: withdrawn.map(|w| format!("{} {}", w.by, moment(w.at))).unwrap_or_default(),
    }
}

/// The key of an import in addresses.
pub(super) fn key(batch: &BatchSummary) -> String {
    format!("i_{}", batch.id.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_at_a_glance() {
        let told = [0, 999, 1000, 1001, 2_149_000, 40_000_000].map(size);
        assert_eq!(told, ["0 B", "999 B", "1 KB", "2 KB", "2.1 MB", "40.0 MB"]);
    }
}
