//! 预览和纠错: what would become of every row, and what the file would change, before anything is written.

use std::{sync::Arc, time::Duration};

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use baoxue_authz::Action;
use baoxue_claim::ChildId;
use baoxue_flow::intray::{self, Effect, Inspection, Problem, ProblemKind, Upload};
use baoxue_report::Lang as ReportLang;

use super::{
    detect::{cell_text, what},
    own, result, rights,
    steps::{Step, steps},
};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{child_key, covered, html, name_of, thousands},
    door::Signed,
    i18n::Lang,
    jobs::{Failure, on_its_own},
    trouble::Trouble,
};

/// So long a page waits for the effect before it is shown without.
const PATIENCE: Duration = Duration::from_millis(2_500);

/// Children named on one page.
const NAMED: usize = 50;

/// Problems on one page.
const PROBLEMS: usize = 100;

/// A row to look at.
struct ProblemLine {
    sheet: String,
    row: u32,
    name: String,
    header: String,
    value: String,
    class: &'static str,
    kind: String,
    reason: String,
}

/// A child whose status changes.
pub(super) struct ChangeLine {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) town: String,
    pub(super) from: String,
    pub(super) to: String,
}

/// What a file changes, in words and names.
#[derive(Default)]
pub(super) struct EffectView {
    pub(super) linked: String,
    pub(super) new_children: String,
    pub(super) conflicts: String,
    pub(super) waiting: String,
    pub(super) changed: String,
    pub(super) settled: String,
    pub(super) moves: Vec<(String, String, String)>,
    pub(super) children: Vec<ChangeLine>,
    /// Children that are not the reader's, or too many to be named.
    pub(super) unnamed: usize,
    pub(super) quiet: bool,
}

/// How the effect stands.
enum Found {
    Known(EffectView),
    /// It is being found out.
    UnderWay,
    Failed(String),
    /// There is no row that could change anything.
    Nothing,
}

#[derive(Template)]
#[template(path = "import_preview.html")]
struct PreviewPage {
    chrome: Chrome,
    steps: Vec<Step>,
    key: String,
    file: String,
    sheets: Vec<String>,
    fresh: String,
    doubtful: String,
    known: String,
    rejected: String,
    untouched: String,
    rows: String,
    aside: String,
    problems: Vec<ProblemLine>,
    more: usize,
    has_rejects: bool,
    effect: Option<EffectView>,
    under_way: bool,
    failed: Option<String>,
    foreign: Vec<String>,
    /// Rows that the button names; nothing is offered before the effect is known.
    goes_in: Option<String>,
}

/// The preview.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let upload = own(&app, &signed, &key).await?;
    let inspection = app.intray().inspection(&app, (&signed, &upload)).await?;
    let lang = Lang::of(&headers);
    let foreign = rights::foreign(&signed, &inspection);
    let foreign: Vec<String> = foreign.iter().map(|sheet| what(sheet, lang)).collect();
    let speaks = inspection.refused.is_none() && inspection.same_as.is_none();
    let found = if foreign.is_empty() && speaks {
        find(&app, (&signed, &upload), lang).await?
    } else {
        Found::Nothing
    };
    let counts = inspection.counts;
    let count = |n: u64| thousands(usize::try_from(n).unwrap_or(usize::MAX));
    let (effect, under_way, failed) = match found {
        Found::Known(view) => (Some(view), false, None),
        Found::UnderWay => (None, true, None),
        Found::Failed(number) => (None, false, Some(number)),
        Found::Nothing => (None, false, None),
    };
    html(&PreviewPage {
        steps: steps(&key, 3, lang),
        file: upload.name,
        sheets: inspection
            .sheets
            .iter()
            .filter(|s| s.source.is_some())
            .map(|s| what(s, lang))
            .collect(),
        fresh: count(counts.fresh),
        doubtful: count(counts.doubtful),
        known: count(counts.known),
        rejected: count(counts.rejected),
        untouched: count(counts.untouched),
        rows: count(counts.rows),
        aside: count(counts.without_data),
        problems: inspection.problems.iter().take(PROBLEMS).map(|p| problem(p, lang)).collect(),
        more: inspection.n_problems.saturating_sub(PROBLEMS.min(inspection.problems.len())),
        has_rejects: counts.rejected > 0,
        goes_in: effect.as_ref().map(|_| count(counts.fresh)),
        effect,
        under_way,
        failed,
        foreign,
        key,
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Imports, &lang.t("step-preview")),
    })
}

fn problem(problem: &Problem, lang: Lang) -> ProblemLine {
    let (class, kind) = match problem.kind {
        ProblemKind::Reject => ("cellbad", "problem-reject"),
        ProblemKind::Doubt => ("cellwarn", "problem-doubt"),
    };
    let text = |cell: &Option<baoxue_claim::Private>| {
        cell.as_ref().map(|cell| cell_text(cell, lang)).unwrap_or_default()
    };
    ProblemLine {
        sheet: problem.sheet.clone(),
        row: problem.row,
        name: text(&problem.name),
        header: problem.header.clone().unwrap_or_default(),
        value: text(&problem.value),
        class,
        kind: lang.t(kind),
        reason: covered(lang.pick(problem.zh.expose(), problem.en.expose()), lang),
    }
}

/// The effect as far as it is known. Finding it out takes as long as a run, so it is a job; a short one is waited for.
async fn find(
    app: &App,
    (signed, upload): (&Signed, &Upload),
    lang: Lang,
) -> Result<Found, Trouble> {
    let run = app.roll().run.as_ref().map(|run| run.id);
    let job_key = format!("effect/{}", upload.id);
    if app.intray().effect(upload, run).is_none() {
        start(app, (signed, upload), (&job_key, run)).await?;
        let job = app.intray().jobs.find(&job_key).ok_or(Trouble::NotFound)?;
        let mut state = job.state.clone();
        let ended = state.wait_for(|state| state.finished);
        // Whoever is not ready in time, or has ended without a word, is looked at below.
        let _ = tokio::time::timeout(PATIENCE, ended).await.map(drop);
        let now = job.now();
        match (now.finished, now.failed) {
            (false, _) => return Ok(Found::UnderWay),
            (true, Some(Failure::Broken(number))) => return Ok(Found::Failed(number)),
            (true, Some(Failure::Said(zh, en))) => {
                return Ok(Found::Failed(lang.pick(&zh, &en).to_owned()));
            }
            (true, None) => {}
        }
    }
    let Some(effect) = app.intray().effect(upload, run) else { return Ok(Found::UnderWay) };
    match &*effect {
        Some(effect) => Ok(Found::Known(view(app, signed, effect, lang).await?)),
        None => Ok(Found::Nothing),
    }
}

async fn start(
    app: &App,
    (signed, upload): (&Signed, &Upload),
    (key, run): (&str, Option<i64>),
) -> Result<(), Trouble> {
    let bytes = app.intray().uploads.bytes(upload.owner, &upload.id).await?;
    let options = app.intray().options(app, (signed, &upload.told))?;
    let (app, upload) = (app.clone(), upload.clone());
    let about = upload.name.clone();
    let owner = upload.owner;
    let jobs_app = app.clone();
    jobs_app.intray().jobs.start(key, (owner, &about), move |teller| async move {
        let (county, roll) = (app.county(), app.roll());
        let file = (upload.name.as_str(), bytes.as_slice());
        let observe = &mut |progress| teller.tell(&progress);
        let found = intray::effect(app.store(), (&county, &roll), file, &options, observe).await?;
        app.intray().keep_effect(&upload, run, found);
        Ok(format!("/imports/{}/preview", upload.id))
    });
    Ok(())
}

/// An effect with the names of those children that the reader may see. Whatever is named is kept in the log.
pub(super) async fn view(
    app: &App,
    signed: &Signed,
    effect: &Effect,
    lang: Lang,
) -> Result<EffectView, Trouble> {
    let roll = app.roll();
    let scope = signed.scope(Action::ReadChild).ok();
    let seen = |child: ChildId| {
        let entry = roll.entry(child)?;
        scope.as_ref().is_some_and(|scope| scope.sees(entry.standing())).then_some(entry)
    };
    let named = effect.children.iter().filter_map(|moved| Some((moved, seen(moved.child)?)));
    let named: Vec<_> = named.take(NAMED).collect();
    let ids: Vec<ChildId> = named.iter().map(|(moved, _)| moved.child).collect();
    signed.lists(app, Action::ReadChild, &ids).await?;
    let code = |code: baoxue_claim::VerdictCode| lang.pick(code.zh(), code.en()).to_owned();
    let children: Vec<ChangeLine> = named
        .into_iter()
        .map(|(moved, entry)| ChangeLine {
            key: child_key(moved.child),
            name: name_of(entry, lang),
            town: roll.town_name(entry).unwrap_or_default().to_owned(),
            from: code(moved.from),
            to: code(moved.to),
        })
        .collect();
    let count = |n: u64| thousands(usize::try_from(n).unwrap_or(usize::MAX));
    Ok(EffectView {
        linked: count(effect.linked),
        new_children: count(effect.new_children),
        conflicts: count(effect.new_conflicts),
        waiting: count(effect.waiting),
        changed: count(effect.changed),
        settled: count(effect.settled),
        moves: effect.moves.iter().map(|(f, t, n)| (code(*f), code(*t), count(*n))).collect(),
        unnamed: usize::try_from(effect.changed).unwrap_or_default().saturating_sub(children.len()),
        children,
        quiet: effect.changed + effect.new_conflicts + effect.new_children == 0,
    })
}

/// The rows that cannot be used, as a workbook for their sender: of a file on its way, or of an import.
pub(crate) async fn rejects(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let lang = Lang::of(&headers);
    let of_report = if lang == Lang::Zh { ReportLang::Zh } else { ReportLang::En };
    if let Some(batch) = result::batch_of(&key) {
        return result::rejects(&app, &signed, batch, of_report).await;
    }
    let upload = own(&app, &signed, &key).await?;
    let inspection: Arc<Inspection> = app.intray().inspection(&app, (&signed, &upload)).await?;
    let purpose = format!("rejects {}", inspection.hash);
    signed.did(&app, (Action::Import, &purpose), &rights::resource(&inspection)).await?;
    let bytes = app.intray().uploads.bytes(upload.owner, &upload.id).await?;
    let options = app.intray().options(&app, (&signed, &upload.told))?;
    let (store, county) = (app.store().clone(), app.county());
    let made = on_its_own(move || async move {
        let file = (upload.name.as_str(), bytes.as_slice());
        intray::rejects_of(&store, &county, file, (&options, of_report)).await
    });
    Ok(attached(made.await?.ok_or(Trouble::NotFound)?.bytes))
}

/// A workbook as an answer that is kept, not opened. Its name says nothing of the sender's.
pub(super) fn attached(bytes: Vec<u8>) -> Response {
    const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let headers = [
        (header::CONTENT_TYPE, KIND),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"rejects.xlsx\""),
    ];
    (headers, bytes).into_response()
}
