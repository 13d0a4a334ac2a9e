//! One finding: what was found, who missed it, what is done about it, and whether that was looked at again.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use baoxue_authz::{Action, Resource};
use baoxue_flow::findings::{Finding, FindingBook, FindingError, FindingState, How};
use baoxue_store::StoreError;

use super::{Line, View, desk, enter::why_not, finding_of};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{child_key, html, moment},
    door::Signed,
    forms::Posted,
    i18n::Lang,
    pages::cases::of_child,
    trouble::Trouble,
};

type Fields = BTreeMap<String, String>;

#[derive(Template)]
#[template(path = "inspect_one.html")]
struct OnePage {
    chrome: Chrome,
    key: String,
    line: Line,
    /// The child of the ledger, and its cases.
    child: Option<String>,
    cases: Vec<(String, String)>,
    how: String,
    words: String,
    on: String,
    by: String,
    measures: String,
    until: String,
    /// Which, words, by whom, when.
    notes: Vec<(String, String, String, String)>,
    n_events: u32,
    rectifies: bool,
    rechecks: bool,
    /// The reader entered it, so another must look again.
    own: bool,
    error: Option<String>,
}

/// The page.
pub(super) async fn page(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    show((&app, &signed), &key, &headers, None).await
}

async fn show(
    (app, signed): (&App, &Signed),
    key: &str,
    headers: &HeaderMap,
    error: Option<String>,
) -> Result<Response, Trouble> {
    let (book, roll, lang) = (FindingBook::load(app.store()).await?, app.roll(), Lang::of(headers));
    let finding = finding_of(key).and_then(|id| book.get(id)).ok_or(Trouble::NotFound)?;
    let children = book.children(app.store(), &roll).await?;
    let cases = app.cases().await?;
    let view = View { app, roll: &roll, children: &children, lang, desk: &cases };
    let at = Resource::Child(view.place(finding));
    signed.may(Action::ReadCase, &at)?;
    let child = children.get(&finding.id).copied();
    let purpose = format!("finding {}", finding.id);
    let seen: Vec<_> = child.into_iter().collect();
    signed.kept(app, (Action::ReadCase, &purpose), &seen).await?;
    let entered = &finding.entered;
    let notes = finding.notes.iter().map(|note| {
        let what = lang.t(match note.passed {
            None => "finding-note-rectified",
            Some(true) => "finding-note-passed",
            Some(false) => "finding-note-back",
        });
        (what, note.words.clone(), note.by.clone(), moment(note.at))
    });
    let waits = finding.state == FindingState::Rectified;
    let is_involved = finding.involved.contains(&signed.actor.account);
    let could_recheck = signed.could(Action::RecheckFinding, &at);
    html(&OnePage {
        line: view.line(finding),
        child: child.map(child_key),
        cases: match child {
            Some(child) => of_child(app, child, lang).await?,
            None => Vec::new(),
        },
        how: lang.t(match entered.how {
            How::AtHome => "how-home",
            How::AtSchool => "how-school",
            How::ByPhone => "how-phone",
        }),
        words: entered.words.clone(),
        on: entered.on.to_string(),
        by: finding.by.clone(),
        measures: entered.plan.measures.clone(),
        until: entered.plan.until.to_string(),
        notes: notes.collect(),
        n_events: finding.n_events,
        rectifies: finding.state == FindingState::Open && signed.could(Action::WorkCase, &at),
        rechecks: waits && could_recheck && !is_involved,
        own: waits && could_recheck && is_involved,
        error,
        key: key.to_owned(),
        chrome: Chrome::new(app, Some(signed), lang, Tab::Inspect, &lang.t("finding-one")),
    })
}

/// The right that an act needs.
fn action_of(act: &str) -> Option<Action> {
    match act {
        "rectify" => Some(Action::WorkCase),
        "recheck" => Some(Action::RecheckFinding),
        _ => None,
    }
}

/// Takes what a form of the page says.
pub(super) async fn act(
    State(app): State<App>,
    signed: Signed,
    Path((key, act)): Path<(String, String)>,
    headers: HeaderMap,
    Posted(fields): Posted<Fields>,
) -> Result<Response, Trouble> {
    let action = action_of(&act).ok_or(Trouble::NotFound)?;
    let (book, roll, lang) =
        (FindingBook::load(app.store()).await?, app.roll(), Lang::of(&headers));
    let finding = finding_of(&key).and_then(|id| book.get(id)).ok_or(Trouble::NotFound)?;
    let children = book.children(app.store(), &roll).await?;
    let cases = app.cases().await?;
    let view = View { app: &app, roll: &roll, children: &children, lang, desk: &cases };
    let at = Resource::Child(view.place(finding));
    signed.may(Action::ReadCase, &at)?;
    signed.may(action, &at)?;
    let seen: Vec<_> = children.get(&finding.id).copied().into_iter().collect();
    let purpose = format!("{act} finding {}", finding.id);
    signed.kept(&app, (action, &purpose), &seen).await?;
    let county = app.county();
    let desk = desk(&app, &county, &cases);
    let done = recorded(&signed, &desk, (finding, &act), &fields).await;
    let (status, why) = match done {
        Ok(()) => return Ok(Redirect::to(&format!("/inspect/{key}")).into_response()),
        Err(error) => why_not(&error, lang)?,
    };
    let page = show((&app, &signed), &key, &headers, Some(why)).await?;
    Ok((status, page).into_response())
}

async fn recorded(
    signed: &Signed,
    desk: &baoxue_flow::findings::FindingDesk<'_>,
    (finding, act): (&Finding, &str),
    fields: &Fields,
) -> Result<(), FindingError> {
    let field = |name: &str| fields.get(name).map_or("", String::as_str);
    // Whoever filled the form has seen so many events.
    if field("seen").parse() != Ok(finding.n_events) {
        return Err(StoreError::Moved("finding", finding.id).into());
    }
    let by = format!("{} {}", signed.name, signed.login);
    let me = (signed.actor.account, by.as_str());
    match (act, field("passed")) {
        ("rectify", _) => desk.rectify(finding, me, field("words")).await,
        ("recheck", passed @ ("yes" | "no")) => {
            desk.recheck(finding, me, (passed == "yes", field("words"))).await
        }
        _ => Err(FindingError::Wordless),
    }
}
