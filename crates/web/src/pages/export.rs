//! Taking a list out of the ledger (T-22): what will be in it, for what, and who else must agree.

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse, Redirect, Response},
};
use baoxue_authz::Action;
use baoxue_claim::ChildId;
use baoxue_flow::{
    Entry, FlowError,
    exports::{AskedExport, Asking, Made, Making, ask_export, make_export, needs_second},
};
use baoxue_report::Lang as Printed;
use baoxue_store::{StoreError, StoredExport};
use serde::Deserialize;

use super::children::{Chip, chips, filter, list_query};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{html, moment, thousands},
    door::Signed,
    doubles::Repeats,
    forms::{Asked, Posted},
    i18n::{Lang, number},
    trouble::Trouble,
};

/// A purpose says something: at least so many characters, and no more than fit on every page.
const PURPOSE: std::ops::RangeInclusive<usize> = 4..=120;

#[derive(Template)]
#[template(path = "export.html")]
struct ExportPage {
    chrome: Chrome,
    found: String,
    /// What the filter says.
    words: Vec<String>,
    query: String,
    offers_full: bool,
    full: bool,
    /// Whether the list needs a second person even with masked numbers.
    second: bool,
    second_text: String,
    purpose: String,
    error: Option<String>,
    /// The verb with the number, when there is anything to export.
    verb: Option<String>,
}

#[derive(Template)]
#[template(path = "export_made.html")]
struct MadePage {
    chrome: Chrome,
    id: i64,
    found: String,
    passphrase: String,
    until: String,
}

#[derive(Deserialize)]
pub(crate) struct AskForm {
    #[serde(default)]
    query: String,
    #[serde(default)]
    full: String,
    #[serde(default)]
    purpose: String,
}

/// What numbers are shown for whom.
pub(crate) const fn action_of(full: bool) -> Action {
    if full { Action::ExportFull } else { Action::ExportMasked }
}

/// The children of a list that the reader may export, in the order of the screen.
fn listed(app: &App, signed: &Signed, asked: &Asked, full: bool) -> Result<Vec<ChildId>, Trouble> {
    let scope = signed.scope(action_of(full))?;
    let visible = |entry: &Entry| scope.sees(entry.standing());
    let roll = app.roll();
    let filter = filter(asked, app.county().settings.as_of);
    let found = roll.find(&visible, &filter, (0, usize::MAX));
    Ok(found.entries.iter().map(|entry| entry.child).collect())
}

/// What a list is called by its filter.
pub(crate) fn list_words(app: &App, query: &str, lang: Lang) -> Vec<String> {
    let asked = asked_of(query);
    let county = app.county();
    let sort = filter(&asked, county.settings.as_of).sort;
    let order = super::children::sort_word(sort, lang);
    let mut words: Vec<String> =
        chips(&asked, &county, lang).into_iter().map(|chip: Chip| chip.word).collect();
    if words.is_empty() {
        words.push(lang.t("export-everybody"));
    }
    words.push(order);
    words
}

/// The choices of a query that was kept.
pub(crate) fn asked_of(query: &str) -> Asked {
    Asked(serde_urlencoded::from_str(query).unwrap_or_default())
}

/// What will be exported.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    if asked.one("format").is_some_and(|format| format != "xlsx") {
        return Err(Trouble::Bad("export-format"));
    }
    let form = AskForm {
        query: list_query(&asked),
        full: asked.one("full").unwrap_or_default().to_owned(),
        purpose: String::new(),
    };
    let shown = shown(&app, &signed, (form, None), Lang::of(&headers)).await?;
    html(&shown)
}

async fn shown(
    app: &App,
    signed: &Signed,
    (form, error): (AskForm, Option<String>),
    lang: Lang,
) -> Result<ExportPage, Trouble> {
    let offers_full = signed.could_on_some(Action::ExportFull);
    let full = form.full == "1" && offers_full;
    let n = listed(app, signed, &asked_of(&form.query), full)?.len();
    let limits = &app.options().exports;
    let of = (signed.actor.account, false);
    let second = needs_second(app.store(), of, n, (limits, app.now())).await?;
    let values = [("n", number(n)), ("shown", thousands(n).into())];
    let most = ("most", limits.at_once.to_string().into());
    Ok(ExportPage {
        found: lang.with("n-found", &values),
        words: list_words(app, &form.query, lang),
        query: form.query,
        offers_full,
        full,
        second,
        second_text: lang.with("export-second", &[most]),
        purpose: form.purpose,
        error,
        verb: (n > 0).then(|| lang.with("export-do", &values)),
        chrome: Chrome::new(app, Some(signed), lang, Tab::Children, &lang.t("export-title")),
    })
}

/// Asks for an export; what needs nobody else is made at once.
pub(crate) async fn ask(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    Posted(form): Posted<AskForm>,
) -> Result<Response, Trouble> {
    let (lang, full) = (Lang::of(&headers), form.full == "1");
    let children = listed(&app, &signed, &asked_of(&form.query), full)?;
    let purpose = form.purpose.trim().to_owned();
    let error = if children.is_empty() {
        Some("export-none")
    } else if !PURPOSE.contains(&purpose.chars().count()) {
        Some("export-purpose-wrong")
    } else {
        None
    };
    if let Some(key) = error {
        let page = shown(&app, &signed, (form, Some(lang.t(key))), lang).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
    }
    let query = list_query(&asked_of(&form.query));
    let account = signed.actor.account;
    let asking = Asking { account, full, purpose: &purpose, query: &query, children };
    let limits = (&app.options().exports, app.now());
    let asked = {
        let _turn = app.turn().await;
        ask_export(app.store(), asking, limits).await?
    };
    match asked {
        AskedExport::TooMany => Err(Trouble::TooMany("too-many-exports", 3600)),
        AskedExport::Waits(id) => {
            signed.noted(&app, ("AskExport", true), &named(id, &purpose)).await?;
            Ok(Redirect::to("/exports").into_response())
        }
        AskedExport::AtOnce(id) => {
            signed.noted(&app, ("AskExport", true), &named(id, &purpose)).await?;
            let export = app.store().export(id).await?.ok_or(Trouble::NotFound)?;
            made(&app, &signed, export, lang).await
        }
    }
}

/// An export as the log names it.
pub(crate) fn named(id: i64, purpose: &str) -> String {
    format!("№{id} {purpose}")
}

/// Makes the file of an export and shows its passphrase, this once.
pub(crate) async fn made(
    app: &App,
    signed: &Signed,
    export: StoredExport,
    lang: Lang,
) -> Result<Response, Trouble> {
    let id = export.id;
    let scope = signed.scope(action_of(export.full))?;
    let (roll, county) = (app.roll(), app.county());
    let mut children = app.store().export_children(id).await?;
    // Rights and children may have changed since the request.
    children.retain(|child| roll.entry(*child).is_some_and(|entry| scope.sees(entry.standing())));
    if children.is_empty() {
        return Err(Trouble::Changed("export-empty"));
    }
    let sort = filter(&asked_of(&export.terms.query), county.settings.as_of).sort;
    let who = format!("{}（{}）", signed.name, signed.login);
    let making = Making { export, children, sort, who, lang: printed(lang) };
    let limits = app.options().exports;
    let now = app.now();
    app.store().sweep_exports(now).await?;
    let made = make_export(app.store(), (&county, &roll), making, (&limits, now)).await;
    let Made { passphrase, n_rows } = made.map_err(|error| {
        let elsewhere = matches!(error, FlowError::Store(StoreError::NoExport(_)));
        if elsewhere { Trouble::Changed("export-state") } else { error.into() }
    })?;
    let until = now + chrono::TimeDelta::from_std(limits.lasts).unwrap_or_default();
    let page = MadePage {
        id,
        found: lang.with("n-found", &[("n", number(n_rows)), ("shown", thousands(n_rows).into())]),
        passphrase,
        until: moment(until),
        chrome: Chrome::new(app, Some(signed), lang, Tab::Children, &lang.t("export-made")),
    };
    let page = page.render()?;
    // Whoever presses twice sees the second answer: it must be the one that says the passphrase.
    let repeats = Repeats(page.as_str().into());
    Ok((Extension(repeats), Html(page)).into_response())
}

const fn printed(lang: Lang) -> Printed {
    match lang {
        Lang::Zh => Printed::Zh,
        Lang::En => Printed::En,
    }
}
