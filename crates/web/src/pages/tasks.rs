//! What a department is asked about a child (联控联保): only the fields that the task may carry, and the answer.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_act::{Answer, Duty, Found, Office, RequestState, Rules, What};
use baoxue_authz::{Action, Resource, Role};
use baoxue_flow::{
    cases::{self, CaseFile},
    child_page,
    papers::told,
};

use super::{
    cases::{case_of, due},
    papers::refused,
};
use crate::{
    app::App,
    casebook::CaseDesk,
    chrome::{Chrome, Tab},
    display::{day, html},
    door::Signed,
    forms::Posted,
    i18n::Lang,
    routes::{Line as RouteLine, Needs, get, post},
    trouble::Trouble,
};

/// Longest words of an answer, in characters.
const WORDS: usize = 1_000;

type Fields = BTreeMap<String, String>;

/// The routes of departments.
pub(super) fn table() -> Vec<RouteLine> {
    vec![
        get("/cases/{case}/tasks/{task}", page, Needs::Action(&[Action::ReadTask])),
        post("/cases/{case}/tasks/{task}", answer, Needs::Action(&[Action::AnswerTask])),
    ]
}

/// The address of a task.
pub(crate) fn task_href(case: &str, request: u32) -> String {
    format!("/cases/{case}/tasks/t_{request}")
}

/// The unit that answers a department's tasks, as accounts have it.
pub(crate) fn unit_of(rules: &Rules, department: &str) -> Option<String> {
    let known = rules.departments.iter().find(|known| known.id == department)?;
    Some(format!("department/{}", known.zh))
}

/// Whether a duty is of the reader's department.
pub(crate) fn is_of_own_department(signed: &Signed, rules: &Rules, duty: &Duty) -> bool {
    let Office::Department(department) = &duty.by.owed_by.office else { return false };
    signed.actor.role == Role::Department && signed.actor.unit() == unit_of(rules, department)
}

#[derive(Template)]
#[template(path = "task.html")]
struct TaskPage {
    chrome: Chrome,
    href: String,
    title: String,
    who: String,
    due: String,
    due_class: &'static str,
    /// Label and value of what may be told; an empty value says that nothing is known.
    fields: Vec<(String, String)>,
    asked_by: String,
    asked_on: String,
    words: String,
    basis: String,
    told: Vec<String>,
    /// Why it was withdrawn: nothing is owed any more.
    withdrawn: Option<String>,
    is_open: bool,
    n_events: usize,
    /// Where the child may be said to be.
    found: Vec<&'static str>,
    typed: String,
    refused: Option<String>,
}

async fn page(
    State(app): State<App>,
    signed: Signed,
    Path(keys): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    shown((&app, &signed), &keys, &headers, None).await
}

/// The case and the request of an address that the reader's department answers.
fn found<'a>(
    desk: &'a CaseDesk,
    signed: &Signed,
    (case, task): &(String, String),
    action: Action,
) -> Result<(&'a CaseFile, &'a RequestState), Trouble> {
    let file = case_of(case).and_then(|id| desk.book.get(id)).ok_or(Trouble::NotFound)?;
    let number = task.strip_prefix("t_").and_then(|number| number.parse().ok());
    let request = number.and_then(|number| file.case.request(number)).ok_or(Trouble::NotFound)?;
    let unit = unit_of(&desk.rules, &request.asked.what.department);
    // Another department's task is not there.
    signed.may(action, &Resource::Task { unit }).map_err(|trouble| {
        if matches!(trouble, Trouble::NotYours) { Trouble::NotFound } else { trouble }
    })?;
    Ok((file, request))
}

async fn shown(
    (app, signed): (&App, &Signed),
    keys: &(String, String),
    headers: &HeaderMap,
    again: Option<(String, String)>,
) -> Result<Response, Trouble> {
    let (desk, roll, lang) = (app.cases().await?, app.roll(), Lang::of(headers));
    let (file, request) = found(&desk, signed, keys, Action::ReadTask)?;
    let asked = &request.asked.what;
    let (_, task) = desk.rules.task(&asked.department, &asked.task).ok_or(Trouble::NotFound)?;
    signed.opens_page(app).await?;
    signed.kept(app, (Action::ReadTask, &asked.task), &[file.case.child]).await?;
    let (county, now) = (app.county(), desk.moment(app.now()));
    let is_open = request.ended().is_none() && file.case.over.is_none();
    // What was told for a task is told while it lasts.
    let fields = if is_open {
        let child = child_page(app.store(), &county, &roll, file.case.child).await?;
        told(task, (&child.profile, &file.case), &county, now)
    } else {
        Vec::new()
    };
    let duties = desk.duties(file, now);
    let own = duties.iter().find(|duty| {
        matches!(&duty.by.owed_by.office, Office::Department(of) if *of == asked.department)
            && duty.id.nth == asked.request
    });
    let (due, due_class) = own.map_or_else(Default::default, |d| due(d, now.date(), lang));
    let said = |(answer, words): &(Answer, String)| {
        format!("{} {words}", lang.pick(answer.zh(), answer.en())).trim().to_owned()
    };
    let refused = again.as_ref().map(|(_, why)| why.clone());
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = html(&TaskPage {
        href: task_href(&keys.0, asked.request),
        title: lang.pick(&task.zh, &task.en).to_owned(),
        who: fields
            .iter()
            .find(|(field, _)| matches!(field, baoxue_act::Told::Name))
            .map(|(_, value)| value.clone())
            .unwrap_or_default(),
        due,
        due_class,
        fields: fields
            .into_iter()
            .map(|(field, value)| (lang.pick(field.zh(), field.en()).to_owned(), value))
            .collect(),
        asked_by: request.asked.by.clone(),
        asked_on: day(request.asked.at.date(), now.date(), lang),
        words: crate::display::covered(&asked.words, lang),
        basis: task.basis.clone(),
        told: request.answers.iter().map(|answer| said(&answer.what)).collect(),
        withdrawn: request.withdrawn.as_ref().map(|withdrawn| withdrawn.what.clone()),
        is_open,
        n_events: file.events.len(),
        found: Found::ALL.iter().map(|found| lang.pick(found.zh(), found.en())).collect(),
        typed: again.map(|(words, _)| words).unwrap_or_default(),
        refused,
        chrome: Chrome::new(app, Some(signed), lang, Tab::Today, &lang.t("task")),
    })?;
    Ok((status, page).into_response())
}

/// Takes the answer.
async fn answer(
    State(app): State<App>,
    signed: Signed,
    Path(keys): Path<(String, String)>,
    headers: HeaderMap,
    Posted(fields): Posted<Fields>,
) -> Result<Response, Trouble> {
    let (desk, lang) = (app.cases().await?, Lang::of(&headers));
    let (file, request) = found(&desk, &signed, &keys, Action::AnswerTask)?;
    let words: String = fields
        .get("words")
        .map(|words| words.trim().chars().take(WORDS).collect())
        .unwrap_or_default();
    let again = |why: String| shown((&app, &signed), &keys, &headers, Some((words.clone(), why)));
    if fields.get("seen").and_then(|seen| seen.parse().ok()) != Some(file.events.len()) {
        return again(lang.t("case-moved")).await;
    }
    let answer = match fields.get("answer").map(String::as_str) {
        Some("accepted") => Answer::Accepted,
        Some("done") => Answer::Done,
        Some("declined") => Answer::Declined,
        Some(_) | None => return again(lang.t("case-incomplete")).await,
    };
    // Left out, the department says nothing of where the child is.
    let found = fields.get("found").and_then(|n| n.trim().parse::<usize>().ok());
    let found = found.and_then(|n| Found::ALL.get(n).copied());
    let request = request.asked.what.request;
    let what = What::Answered { request, answer, words: words.clone(), found };
    let by = format!("{} {}", signed.name, signed.login);
    let now = desk.moment(app.now());
    let done = (file.case.id, by.as_str(), what);
    if let Err(error) = cases::record(app.store(), &desk.book, &desk.rules, done, now).await {
        let (_, why) = refused((&app, &desk), error, lang)?;
        return again(why).await;
    }
    app.store().settle().await?;
    signed.kept(&app, (Action::AnswerTask, &keys.1), &[file.case.child]).await?;
    Ok(Redirect::to(&task_href(&keys.0, request)).into_response())
}
