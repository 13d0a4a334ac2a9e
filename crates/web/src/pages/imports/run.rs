//! 导入: taking the file in while somebody looks on, or does something else meanwhile.

use std::{convert::Infallible, time::Duration};

use askama::Template;
use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
    response::{
        IntoResponse, Redirect, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use baoxue_authz::{Action, Resource};
use baoxue_flow::{FileStatus, FlowError, Observer, intray};
use baoxue_store::StoreError;
use tokio::sync::mpsc;
use tokio_stream::{
    Stream, StreamExt,
    wrappers::{ReceiverStream, WatchStream},
};

use super::{
    own, rights,
    steps::{Step, steps},
};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::html,
    door::Signed,
    forms::{Asked, Posted},
    i18n::Lang,
    jobs::{Failure, Job},
    pages::imports::upload::Nothing,
    trouble::Trouble,
};

/// How often it is looked whether the session of whoever looks on still lives.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The steps of a run with the keys of their words.
const STAGES: [(&str, &str); 5] = [
    ("import", "stage-import"),
    ("load", "stage-load"),
    ("link", "stage-link"),
    ("determine", "stage-determine"),
    ("save", "stage-save"),
];

#[derive(Template)]
#[template(path = "import_run.html")]
struct RunPage {
    chrome: Chrome,
    steps: Vec<Step>,
    key: String,
    about: String,
    /// Whether somebody asked it to stop.
    stops: bool,
    /// A file is taken in; otherwise one is taken back, or the county is judged anew.
    enters: bool,
    stages: Vec<(&'static str, String, &'static str)>,
    done: u64,
    total: u64,
    /// Why it failed, and a number of ours.
    failed: Option<(String, String)>,
}

/// Starts to take a file in.
pub(crate) async fn start(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Trouble> {
    let to_run = || Redirect::to(&format!("/imports/{key}/run")).into_response();
    let mine = |job: &Job| job.owner == signed.actor.account;
    // Sent twice: the first is under way, or done.
    if let Some(job) = app.intray().jobs.find(&key).filter(mine) {
        let now = job.now();
        if !now.finished || now.location.is_some() {
            return Ok(to_run());
        }
    }
    let upload = own(&app, &signed, &key).await?;
    let inspection = app.intray().inspection(&app, (&signed, &upload)).await?;
    if !rights::foreign(&signed, &inspection).is_empty() {
        return Err(Trouble::NotYours);
    }
    if inspection.same_as.is_some() || inspection.refused.is_some() {
        return Err(Trouble::Changed("import-known"));
    }
    let purpose = format!("import {}", inspection.hash);
    signed.did(&app, (Action::Import, &purpose), &rights::resource(&inspection)).await?;
    let bytes = app.intray().uploads.bytes(upload.owner, &upload.id).await?;
    let options = app.intray().options(&app, (&signed, &upload.told))?;
    let (inner, owner, about) = (app.clone(), upload.owner, upload.name.clone());
    app.intray().jobs.start(&key, (owner, &about), move |teller| async move {
        let app = inner;
        let (county, roll) = (app.county(), app.roll());
        let file = (upload.name.as_str(), bytes.as_slice());
        if teller.is_stopped() {
            return Err(stopped());
        }
        let observe = &mut |progress| teller.tell(&progress);
        let until = (observe as Observer<'_>, teller.stopped());
        let entered = intray::enter(app.store(), (&county, &roll), file, &options, until).await;
        let entered = entered.map_err(|error| {
            let asked =
                teller.is_stopped() && matches!(error, FlowError::Store(StoreError::Stopped));
            if asked { stopped() } else { error.into() }
        })?;
        renew(&app).await?;
        let batch =
            entered.outcome.batch.filter(|_| entered.outcome.status != FileStatus::Duplicate);
        let Some(batch) = batch else {
            let told = entered.outcome.messages.into_iter().next();
            let (zh, en) = told.map(|told| (told.zh, told.en)).unwrap_or_default();
            return Err(Failure::Said(zh, en));
        };
        if let Err(error) = app.intray().uploads.remove(upload.owner, &upload.id).await {
            tracing::warn!(%error, "an upload that was taken in stays until it is swept");
        }
        app.tell_imported(upload.owner, batch.0).await;
        Ok(format!("/imports/i_{}", batch.0))
    });
    Ok(to_run())
}

/// What somebody reads who stopped an import.
fn stopped() -> Failure {
    let (zh, en) = ("已按您的要求停止。", "Stopped as you asked.");
    Failure::Said(zh.to_owned(), en.to_owned())
}

/// Stops an import of the reader's that is under way. One that is done stays done.
pub(crate) async fn stop(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Trouble> {
    // Of all jobs only the taking in of an own file may be stopped.
    own(&app, &signed, &key).await?;
    let job = job(&app, &signed, &key).ok_or(Trouble::NotFound)?;
    if !job.now().finished && !job.stops() {
        signed.noted(&app, ("StopImport", true), &format!("stop {key}")).await?;
        job.stop();
    }
    Ok(Redirect::to(&format!("/imports/{key}/run")).into_response())
}

/// Shows what a run has made.
pub(super) async fn renew(app: &App) -> Result<(), FlowError> {
    app.intray().forget();
    app.reload().await
}

/// Judges the county anew: what came or went since the newest run counts then.
pub(crate) async fn derive(
    State(app): State<App>,
    signed: Signed,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Trouble> {
    signed.may(Action::UndoImport, &Resource::County)?;
    signed.did(&app, (Action::UndoImport, "derive"), &Resource::County).await?;
    let (inner, now) = (app.clone(), app.now());
    let owner = signed.actor.account;
    app.intray().jobs.start("derive", (owner, ""), move |teller| async move {
        let app = inner;
        let observe = &mut |progress| teller.tell(&progress);
        baoxue_flow::derive(app.store(), &app.county(), now, observe).await?;
        renew(&app).await?;
        Ok("/imports".to_owned())
    });
    Ok(Redirect::to("/imports/derive/run").into_response())
}

/// The job of a page, if it is the reader's.
fn job(app: &App, signed: &Signed, key: &str) -> Option<Job> {
    app.intray().jobs.find(key).filter(|job| job.owner == signed.actor.account)
}

/// How far it is; whoever comes back later finds it here.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let lang = Lang::of(&headers);
    let Some(job) = job(&app, &signed, &key) else {
        own(&app, &signed, &key).await?;
        return Ok(Redirect::to(&format!("/imports/{key}/preview")).into_response());
    };
    let state = job.now();
    if let Some(location) = state.location {
        return Ok(Redirect::to(&location).into_response());
    }
    let at = STAGES.iter().position(|(stage, _)| *stage == state.stage);
    let stages = STAGES.iter().enumerate().map(|(n, (stage, key))| {
        let class = match at {
            Some(at) if n < at => "dn",
            Some(at) if n == at => "nw",
            Some(_) | None => "",
        };
        (*stage, lang.t(key), class)
    });
    let enters = own(&app, &signed, &key).await.is_ok();
    html(&RunPage {
        steps: if enters { steps(&key, 4, lang) } else { Vec::new() },
        enters,
        about: job.about.clone(),
        stops: job.stops(),
        stages: stages.collect(),
        done: state.done,
        total: state.total,
        failed: state.failed.map(|failure| match failure {
            Failure::Broken(number) => (String::new(), number),
            Failure::Said(zh, en) => (lang.pick(&zh, &en).to_owned(), String::new()),
        }),
        key,
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Imports, &lang.t("step-import")),
    })
}

/// How far it is, for the script of the page: as events, or once when asked so.
pub(crate) async fn progress(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    asked: Asked,
) -> Result<Response, Trouble> {
    let of_effect = asked.one("of") == Some("effect");
    let job_key = if of_effect { format!("effect/{key}") } else { key.clone() };
    let job = job(&app, &signed, &job_key).ok_or(Trouble::NotFound)?;
    let back = if of_effect { "preview" } else { "run" };
    let back = format!("/imports/{key}/{back}");
    let told = move |mut state: crate::jobs::State| {
        // A job that failed leads to the page that says why.
        if state.finished && state.location.is_none() {
            state.location = Some(back.clone());
        }
        state
    };
    if asked.one("poll").is_some() {
        return Ok(Json(told(job.now())).into_response());
    }
    let events = WatchStream::new(job.state).map(move |state| {
        let json = serde_json::to_string(&told(state)).unwrap_or_default();
        Ok::<_, Infallible>(Event::default().data(json))
    });
    let events = until_over(events, (app, signed));
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}

/// Events as long as the session lives: whoever signed out elsewhere, or lost the right to it, is told nothing more. Looking
/// does not keep the session open.
fn until_over<E: Send + 'static>(
    events: impl Stream<Item = E> + Send + Unpin + 'static,
    (app, signed): (App, Signed),
) -> impl Stream<Item = E> + Send {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut events = events;
        let mut looks = tokio::time::interval(LOOK_EVERY);
        loop {
            tokio::select! {
                event = events.next() => {
                    let Some(event) = event else { return };
                    if sender.send(event).await.is_err() {
                        return;
                    }
                }
                _ = looks.tick() => {
                    if sender.is_closed() || !lives(&app, &signed).await {
                        return;
                    }
                }
            }
        }
    });
    ReceiverStream::new(receiver)
}

/// Whether the session is still among those of its account.
async fn lives(app: &App, signed: &Signed) -> bool {
    let own = app.people().sessions_of(signed.actor.account, app.now()).await;
    own.is_ok_and(|own| own.iter().any(|session| session.id == signed.session.id))
}
