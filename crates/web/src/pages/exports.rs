//! 导出: own requests and those that wait for a second person; the decision, the file (T-22).

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_authz::{Action, Resource};
use baoxue_flow::{
    exports::{ExportState, export_state},
    people::Account,
};
use baoxue_store::{ExportDecision, ExportRuling, ExportsOf, StoreError, StoredExport};
use serde::Deserialize;

use super::export::{action_of, list_words, made, named};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{covered, html, moment, thousands},
    door::Signed,
    forms::Posted,
    i18n::{Lang, number},
    trouble::Trouble,
};

/// Requests on the page.
const LINES: u32 = 50;
/// Characters of a reason.
const MAX_REASON: usize = 200;

struct Line {
    id: i64,
    when: String,
    who: String,
    found: String,
    full: bool,
    list: String,
    purpose: String,
    /// Colour and words of where it stands.
    class: &'static str,
    icon: &'static str,
    state: String,
    /// Who decided, when and why.
    decided: String,
    withdraws: bool,
    makes: bool,
    /// Until when it can be fetched; empty when it cannot.
    until: String,
}

#[derive(Template)]
#[template(path = "exports.html")]
struct ExportsPage {
    chrome: Chrome,
    asks: bool,
    own: Vec<Line>,
    decides: bool,
    waiting: Vec<Line>,
}

#[derive(Deserialize)]
pub(crate) struct ActForm {
    #[serde(default)]
    reason: String,
}

/// Somebody else's export: what the right to approve is asked about before there is one.
pub(crate) const OF_ANOTHER: Resource = Resource::Export { requester: 0 };

/// Own requests, and those of others that wait.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let lang = Lang::of(&headers);
    let asks = signed.could_on_some(Action::ExportMasked);
    let decides = signed.could(Action::ApproveExport, &OF_ANOTHER);
    if !asks && !decides {
        return Err(Trouble::NotYours);
    }
    let accounts = app.people().accounts().await.map_err(|error| Trouble::broken(&error))?;
    let own = app.store().exports(ExportsOf::Account(signed.actor.account), LINES).await?;
    let mut waiting = Vec::new();
    if decides {
        waiting = app.store().exports(ExportsOf::Waiting, LINES).await?;
        waiting.retain(|export| export.account != signed.actor.account);
    }
    let line = |export: &StoredExport| line(&app, export, &accounts, lang);
    html(&ExportsPage {
        asks,
        own: own.iter().map(line).collect(),
        decides,
        waiting: waiting.iter().map(line).collect(),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Children, &lang.t("exports")),
    })
}

fn line(app: &App, export: &StoredExport, accounts: &[Account], lang: Lang) -> Line {
    let name = |id: i64| {
        let account = accounts.iter().find(|account| account.id == id);
        account.map(|account| format!("{} {}", account.name, account.login)).unwrap_or_default()
    };
    let state = export_state(export, &app.options().exports, app.now());
    let (class, icon, key) = match state {
        ExportState::Waiting => ("c-sus", "clock", "export-waiting"),
        ExportState::Approved => ("c-in", "circle-check", "export-approved"),
        ExportState::Refused => ("c-out", "ban", "export-refused"),
        ExportState::Withdrawn => ("muted", "arrow-back-up", "export-withdrawn"),
        ExportState::Ready => ("c-in", "download", "export-ready"),
        ExportState::Over => ("muted", "archive", "export-over"),
    };
    let decided = export.decision.as_ref().map(|decision| {
        let (who, when) = (name(decision.account), moment(decision.at));
        [who, when, covered(&decision.reason, lang)].join(" ").trim().to_owned()
    });
    let n = export.n_children as usize;
    let made = export.made.filter(|_| state == ExportState::Ready);
    Line {
        id: export.id,
        when: moment(export.asked_at),
        who: name(export.account),
        found: lang.with("n-found", &[("n", number(n)), ("shown", thousands(n).into())]),
        full: export.full,
        list: list_words(app, &export.terms.query, lang).join(lang.pick("、", ", ")),
        purpose: covered(&export.terms.purpose, lang),
        class,
        icon,
        state: lang.t(key),
        decided: decided.unwrap_or_default(),
        withdraws: state == ExportState::Waiting,
        makes: state == ExportState::Approved,
        until: made.map(|made| moment(made.ends_at)).unwrap_or_default(),
    }
}

/// Approves or refuses somebody else's request; takes back or makes an own one.
pub(crate) async fn act(
    State(app): State<App>,
    signed: Signed,
    Path((key, act)): Path<(String, String)>,
    headers: HeaderMap,
    Posted(form): Posted<ActForm>,
) -> Result<Response, Trouble> {
    let lang = Lang::of(&headers);
    let export = found(&app, &key).await?;
    let decides = signed.could(Action::ApproveExport, &Resource::Export { requester: 0 });
    if !decides {
        must_be_own(&signed, &export)?;
    }
    let id = export.id;
    let reason: String = form.reason.trim().chars().take(MAX_REASON).collect();
    match act.as_str() {
        "approve" => rule(&app, &signed, &export, (ExportRuling::Approved, reason)).await?,
        "refuse" if reason.is_empty() => return Err(Trouble::Bad("export-reason")),
        "refuse" => rule(&app, &signed, &export, (ExportRuling::Refused, reason)).await?,
        "withdraw" => {
            must_be_own(&signed, &export)?;
            keep(&app, &signed, id, (ExportRuling::Withdrawn, reason)).await?;
        }
        "make" => {
            must_be_own(&signed, &export)?;
            let state = export_state(&export, &app.options().exports, app.now());
            if state != ExportState::Approved {
                return Err(Trouble::Changed("export-state"));
            }
            return made(&app, &signed, export, lang).await;
        }
        _ => return Err(Trouble::NotFound),
    }
    Ok(Redirect::to("/exports").into_response())
}

async fn found(app: &App, key: &str) -> Result<StoredExport, Trouble> {
    let id = key.parse().map_err(|_| Trouble::NotFound)?;
    app.store().export(id).await?.ok_or(Trouble::NotFound)
}

/// Of exports of others nobody learns by their numbers.
fn must_be_own(signed: &Signed, export: &StoredExport) -> Result<(), Trouble> {
    if export.account == signed.actor.account { Ok(()) } else { Err(Trouble::NotFound) }
}

async fn rule(
    app: &App,
    signed: &Signed,
    export: &StoredExport,
    (ruling, reason): (ExportRuling, String),
) -> Result<(), Trouble> {
    let about = Resource::Export { requester: export.account };
    let name = named(export.id, &export.terms.purpose);
    if let Err(trouble) = signed.may(Action::ApproveExport, &about) {
        // Whoever tries to approve the own request is remembered.
        if matches!(trouble, Trouble::NotYours) {
            signed.noted(app, (Action::ApproveExport.name(), false), &name).await?;
        }
        return Err(trouble);
    }
    let approves = ruling == ExportRuling::Approved;
    keep(app, signed, export.id, (ruling, reason)).await?;
    if approves {
        signed.kept(app, (Action::ApproveExport, &name), &[]).await
    } else {
        signed.noted(app, ("RefuseExport", true), &name).await
    }
}

async fn keep(
    app: &App,
    signed: &Signed,
    id: i64,
    (ruling, reason): (ExportRuling, String),
) -> Result<(), Trouble> {
    let decision = ExportDecision { ruling, account: signed.actor.account, reason, at: app.now() };
    app.store().decide_export(id, &decision).await.map_err(|error| {
        let elsewhere = matches!(error, StoreError::NoExport(_));
        if elsewhere { Trouble::Changed("export-state") } else { error.into() }
    })
}

/// The file of an own export. That it was fetched is kept first, with every child in it.
pub(crate) async fn fetch(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
) -> Result<Response, Trouble> {
    let export = found(&app, &key).await?;
    let id = export.id;
    must_be_own(&signed, &export)?;
    let scope = signed.scope(action_of(export.full))?;
    let now = app.now();
    match export_state(&export, &app.options().exports, now) {
        ExportState::Ready => {}
        ExportState::Over if export.made.is_some() => {
            app.store().sweep_exports(now).await?;
            return Err(Trouble::Gone);
        }
        ExportState::Over
        | ExportState::Waiting
        | ExportState::Approved
        | ExportState::Refused
        | ExportState::Withdrawn => return Err(Trouble::NotFound),
    }
    let children = app.store().export_order(id).await?;
    let roll = app.roll();
    // Whoever lost a town since does not fetch its children.
    let lost = |child| roll.entry(child).is_some_and(|entry| !scope.sees(entry.standing()));
    if children.iter().any(|child| lost(*child)) {
        return Err(Trouble::NotYours);
    }
    let file = app.store().export_file(id).await?.ok_or(Trouble::Gone)?;
    let name = named(id, &export.terms.purpose);
    signed.kept(&app, (action_of(export.full), &name), &children).await?;
    let from = (signed.actor.account, signed.session.address.as_str());
    app.store().note_fetch(id, from, now).await?;
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"export-{id}.zip\""));
    let disposition = disposition.map_err(|error| Trouble::broken(&error))?;
    let zip = HeaderValue::from_static("application/zip");
    Ok(([(header::CONTENT_TYPE, zip), (header::CONTENT_DISPOSITION, disposition)], file)
        .into_response())
}
