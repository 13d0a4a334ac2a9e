//! One import: what became of its rows, what it changed, and taking it back.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use baoxue_authz::{Action, Resource};
use baoxue_claim::BatchId;
use baoxue_flow::intray::{self, Undo, Wanted};
use baoxue_report::Lang as ReportLang;
use baoxue_store::{BatchState, BatchSummary, SheetSummary};
use serde::Deserialize;

use super::{
    own,
    preview::{EffectView, attached, view},
    rights,
    run::renew,
};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{covered, html, moment, source_word, thousands},
    door::Signed,
    forms::Posted,
    i18n::Lang,
    jobs::on_its_own,
    trouble::Trouble,
};

/// Longest reason, in characters.
const REASON: usize = 300;

struct SheetLine {
    name: String,
    hidden: bool,
    source: String,
    town: String,
    as_of: String,
    rows: String,
    zero: bool,
}

/// What of taking back the page offers.
struct UndoView {
    /// A form stands there.
    form: bool,
    /// What there is to say of it.
    text: String,
}

#[derive(Template)]
#[template(path = "import_result.html")]
struct ResultPage {
    chrome: Chrome,
    key: String,
    file: String,
    live: bool,
    withdrawn: String,
    reason: String,
    at: String,
    by: String,
    hash: String,
    fresh: String,
    known: String,
    rejected: String,
    aside: String,
    has_rejects: bool,
    sheets: Vec<SheetLine>,
    effect: Option<EffectView>,
    undo: UndoView,
}

/// The import of a key.
pub(super) fn batch_of(key: &str) -> Option<BatchId> {
    let number = key.strip_prefix("i_")?;
    let plain = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
    Some(BatchId(number.parse().ok().filter(|_| plain)?))
}

async fn find(app: &App, batch: BatchId) -> Result<BatchSummary, Trouble> {
    let batches = app.store().batches().await?;
    batches.into_iter().find(|known| known.id == batch).ok_or(Trouble::NotFound)
}

/// One import, or the step at which a file on its way stands.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let Some(batch) = batch_of(&key) else {
        own(&app, &signed, &key).await?;
        let step = if app.intray().jobs.find(&key).is_some() { "run" } else { "detect" };
        return Ok(Redirect::to(&format!("/imports/{key}/{step}")).into_response());
    };
    signed.may(Action::ReadSources, &Resource::County)?;
    let lang = Lang::of(&headers);
    let found = find(&app, batch).await?;
    let effect = match intray::remembered_effect(app.store(), batch).await? {
        Some(effect) if found.state == BatchState::Live => {
            Some(view(&app, &signed, &effect, lang).await?)
        }
        Some(_) | None => None,
    };
    let wanted = intray::undo_wanted(app.store(), batch).await?;
    let count = |n: u64| thousands(usize::try_from(n).unwrap_or(usize::MAX));
    let withdrawal = found.withdrawal.as_ref();
    html(&ResultPage {
        undo: undo_view(&app, &signed, (&found, wanted.as_ref()), lang),
        has_rejects: found.n_rejected > 0 && may_see_rows(&signed, &found),
        live: found.state == BatchState::Live,
        withdrawn: withdrawal.map(|w| format!("{} {}", w.by, moment(w.at))).unwrap_or_default(),
        reason: withdrawal.map(|w| covered(&w.reason, lang)).unwrap_or_default(),
        at: moment(found.received_at),
        by: found.brought_by.clone(),
        hash: found.content_hash.clone(),
        fresh: count(found.n_records),
        known: count(found.n_known),
        rejected: count(found.n_rejected),
        aside: count(found.n_aside),
        sheets: found.sheets.iter().map(|sheet| sheet_line(&app, sheet, lang)).collect(),
        effect,
        key,
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Imports, &lang.t("import-one")),
        file: found.file,
    })
}

fn sheet_line(app: &App, sheet: &SheetSummary, lang: Lang) -> SheetLine {
    let county = app.county();
    let sheet = &sheet.sheet;
    let town = sheet.town.and_then(|town| county.towns.get(town));
    SheetLine {
        name: sheet.name.clone(),
        hidden: sheet.hidden,
        source: sheet.source.map(|source| source_word(source, lang)).unwrap_or_default(),
        town: town.map(|town| town.name.clone()).unwrap_or_default(),
        as_of: sheet.as_of.map(|day| day.to_string()).unwrap_or_default(),
        rows: thousands(sheet.n_rows as usize),
        zero: sheet.reports.iter().any(|report| report.zero),
    }
}

/// Rows of a list are for those who may bring such lists.
fn may_see_rows(signed: &Signed, batch: &BatchSummary) -> bool {
    batch.sheets.iter().all(|sheet| {
        let sheet = &sheet.sheet;
        let schools: Vec<String> = sheet.reports.iter().filter_map(|r| r.school.clone()).collect();
        let may = |source| rights::may_bring(signed, source, (sheet.town, &schools));
        sheet.source.is_none_or(may)
    }) && batch.sheets.iter().any(|sheet| sheet.sheet.source.is_some())
}

fn undo_view(
    app: &App,
    signed: &Signed,
    (batch, wanted): (&BatchSummary, Option<&Wanted>),
    lang: Lang,
) -> UndoView {
    let may = signed.can(Action::UndoImport, &Resource::County);
    let undo = Undo::of(batch, app.now());
    let own = wanted.is_some_and(|wanted| wanted.account == signed.actor.account);
    let text = match (undo, wanted) {
        (Undo::Never, _) => lang.t("undo-never"),
        (_, _) if !may => lang.t("undo-who"),
        (Undo::Alone, _) => lang.t("undo-alone"),
        (Undo::Together, None) => lang.t("undo-together"),
        (Undo::Together, Some(wanted)) => {
            let values = [("by", wanted.by.clone().into()), ("at", moment(wanted.at).into())];
            lang.with(if own { "undo-own" } else { "undo-wanted" }, &values)
        }
    };
    let waits = undo == Undo::Together && own;
    UndoView { form: may && undo != Undo::Never && !waits, text }
}

/// The rejected rows of an import as a workbook.
pub(super) async fn rejects(
    app: &App,
    signed: &Signed,
    batch: BatchId,
    lang: ReportLang,
) -> Result<Response, Trouble> {
    let found = find(app, batch).await?;
    if !may_see_rows(signed, &found) {
        return Err(Trouble::NotYours);
    }
    let sheet = found.sheets.iter().map(|sheet| &sheet.sheet).find(|s| s.source.is_some());
    let resource = sheet.and_then(|sheet| {
        let school = sheet.reports.iter().find_map(|report| report.school.clone());
        Some(Resource::File { source: sheet.source?, town: sheet.town, school })
    });
    let purpose = format!("rejects i_{}", batch.0);
    signed.did(app, (Action::Import, &purpose), &resource.unwrap_or(Resource::County)).await?;
    let (store, county) = (app.store().clone(), app.county());
    let made = on_its_own(move || async move {
        baoxue_flow::rejects_of_batch(&store, &county, batch, lang).await
    });
    Ok(attached(made.await?.ok_or(Trouble::NotFound)?.bytes))
}

#[derive(Deserialize)]
pub(crate) struct UndoForm {
    #[serde(default)]
    reason: String,
}

/// Takes an import back; an older one when a second person agrees.
pub(crate) async fn undo(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    Posted(form): Posted<UndoForm>,
) -> Result<Response, Trouble> {
    let batch = batch_of(&key).ok_or(Trouble::NotFound)?;
    signed.may(Action::UndoImport, &Resource::County)?;
    let reason: String = form.reason.trim().chars().take(REASON).collect();
    if reason.is_empty() {
        return Err(Trouble::Bad("undo-reason"));
    }
    let found = find(&app, batch).await?;
    let undo = Undo::of(&found, app.now());
    if undo == Undo::Never {
        return Err(Trouble::Changed("undo-late"));
    }
    let account = signed.actor.account;
    let mut why = reason;
    if undo == Undo::Together {
        match intray::undo_wanted(app.store(), batch).await? {
            None => {
                let purpose = format!("undo wanted i_{}", batch.0);
                signed.did(&app, (Action::UndoImport, &purpose), &Resource::County).await?;
                let by = format!("{} {}", signed.name, signed.login);
                intray::want_undo(app.store(), batch, (account, &by), app.now()).await?;
                return Ok(Redirect::to(&format!("/imports/{key}")).into_response());
            }
            Some(wanted) if wanted.account == account => {
                return Err(Trouble::Changed("undo-second"));
            }
            Some(wanted) => why = format!("{why}（{}）", wanted.by),
        }
    }
    let purpose = format!("undo i_{}", batch.0);
    signed.did(&app, (Action::UndoImport, &purpose), &Resource::County).await?;
    start(&app, &signed, (batch, &found.file), why);
    Ok(Redirect::to(&format!("/imports/{key}/run")).into_response())
}

fn start(app: &App, signed: &Signed, (batch, file): (BatchId, &str), why: String) {
    let key = format!("i_{}", batch.0);
    let (inner, by, now) = (app.clone(), signed.login.clone(), app.now());
    let owner = signed.actor.account;
    app.intray().jobs.start(&key, (owner, file), move |teller| async move {
        let app = inner;
        let observe = &mut |progress| teller.tell(&progress);
        let county = app.county();
        intray::undo(app.store(), &county, (batch, &why), (&by, now), observe).await?;
        renew(&app).await?;
        Ok(format!("/imports/i_{}", batch.0))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_imports_have_one_form() {
        assert_eq!(batch_of("i_12"), Some(BatchId(12)));
        for key in ["", "i_", "i_0", "i_012", "i_+1", "i_-1", "12", "i_99999999999"] {
            assert_eq!(batch_of(key), None, "{key}");
        }
    }
}
