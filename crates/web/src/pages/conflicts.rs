//! 数出多门: children about whom sources disagree. Each side corrects itself or says why it does not; nobody is overruled.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_authz::{Action, Resource, Scope};
use baoxue_claim::{ChildId, Source, VerdictCode};
use baoxue_flow::{
    Conflict, Entry, FlowError, Outcome, Reply, Roll, all_replies, answers_for, of_quarrel, reply,
    standing,
};
use chrono::NaiveDate;
use serde::Deserialize;

use super::{children::due_words, pager::Pager};
use crate::{
    app::{App, Desk},
    chrome::{Chrome, Tab},
    display::{
        Status, child_key, child_of, covered, html, moment, name_of, seat_word, source_word,
    },
    door::{Signed, place},
    forms::{Asked, Posted},
    i18n::Lang,
    trouble::Trouble,
};

/// Longest reason, in characters.
pub(crate) const BECAUSE: usize = 500;

struct SideView {
    source: String,
    says: String,
    seat: String,
    /// The last answer: what, why, who and when.
    answer: Option<(String, String, String)>,
    /// Value of the side in the form, where the reader may answer for it.
    form: Option<&'static str>,
    /// Whether what was sent for it could not be taken, and what was typed.
    wrong: bool,
    because: String,
}

struct ChildView {
    key: String,
    name: String,
    town: String,
    status: Status,
    about: String,
    due: String,
    due_class: &'static str,
    standing: String,
    sides: Vec<SideView>,
}

/// What was typed and could not be taken.
struct Typed {
    child: String,
    side: String,
    because: String,
}

#[derive(Template)]
#[template(path = "conflicts.html")]
struct ConflictsPage {
    chrome: Chrome,
    decides: bool,
    n: usize,
    children: Vec<ChildView>,
    pager: Pager,
}

/// The conflicts of the reader's children, the nearest day first.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    html(&view(&app, &signed, &asked, (Lang::of(&headers), None)).await?)
}

/// The conflicts of the children that somebody may see, the nearest day first.
pub(crate) fn shown_to<'r>(
    scope: &Scope,
    roll: &'r Roll,
    desk: &'r Desk,
) -> Vec<(&'r Conflict, &'r Entry)> {
    let mut all: Vec<(&Conflict, &Entry)> = desk
        .conflicts
        .iter()
        .filter_map(|(child, conflict)| Some((conflict, roll.entry(*child)?)))
        .filter(|(_, entry)| scope.sees(entry.standing()))
        // Why a child is in the neutral class stays closed, and so does what sources say of it.
        .filter(|(_, entry)| entry.code != VerdictCode::OtherArrangement)
        .collect();
    all.sort_by_key(|(conflict, entry)| (conflict.answer_by, entry.child));
    all
}

async fn view(
    app: &App,
    signed: &Signed,
    asked: &Asked,
    (lang, typed): (Lang, Option<Typed>),
) -> Result<ConflictsPage, Trouble> {
    let scope = signed.scope(Action::ReadClaims)?;
    let (roll, desk) = (app.roll(), app.desk().await?);
    let all = shown_to(&scope, &roll, &desk);
    let first = (asked.page() - 1) * asked.size();
    let shown: Vec<_> = all.iter().skip(first).take(asked.size()).collect();
    let seen: Vec<ChildId> = shown.iter().map(|(_, entry)| entry.child).collect();
    signed.lists(app, Action::ReadClaims, &seen).await?;
    let replies = all_replies(app.store()).await?;
    let today = app.county().settings.as_of;
    let of = |(conflict, entry): &&(&Conflict, &Entry)| {
        let own = replies.get(&entry.child).map(Vec::as_slice).unwrap_or_default();
        child((signed, &roll), (conflict, entry, own), typed.as_ref(), (today, lang))
    };
    let children: Vec<ChildView> = shown.iter().map(of).collect();
    Ok(ConflictsPage {
        decides: signed.scope(Action::DecideIdentity).is_ok(),
        n: all.len(),
        pager: Pager::new(asked, all.len(), children.len(), lang),
        children,
        chrome: Chrome::new(app, Some(signed), lang, Tab::Review, &lang.t("conflicts-title")),
    })
}

fn child(
    (signed, roll): (&Signed, &Roll),
    (conflict, entry, replies): (&Conflict, &Entry, &[Reply]),
    typed: Option<&Typed>,
    (today, lang): (NaiveDate, Lang),
) -> ChildView {
    let answers = signed.can(Action::AnswerConflict, &Resource::Child(place(entry)));
    let last: BTreeMap<Source, &Reply> =
        of_quarrel(conflict, replies).map(|reply| (reply.side, reply)).collect();
    let key = child_key(entry.child);
    let typed_for = |source: Source| {
        let typed = typed.filter(|typed| typed.child == key && typed.side == source.name());
        typed.map(|typed| typed.because.clone())
    };
    let sides = conflict.sides.iter().map(|side| SideView {
        wrong: typed_for(side.source).is_some(),
        because: typed_for(side.source).unwrap_or_default(),
        source: source_word(side.source, lang),
        says: side.says.clone(),
        seat: seat_word(side.seat, lang),
        answer: last.get(&side.source).map(|reply| {
            let by = format!("{} {}", reply.by, moment(reply.at));
            (lang.t(outcome_key(reply.outcome)), covered(&reply.because, lang), by)
        }),
        form: (answers && answers_for(signed.actor.role, side.seat)).then(|| side.source.name()),
    });
    let sides: Vec<SideView> = sides.collect();
    let (due, due_class) = due_words(conflict.answer_by, today, lang);
    let standing = standing(conflict, replies, today);
    let about = match conflict.about {
        baoxue_determine::About::Schooling => "about-schooling",
        baoxue_determine::About::Birth => "about-birth",
    };
    ChildView {
        key,
        name: name_of(entry, lang),
        town: roll.town_name(entry).unwrap_or_default().to_owned(),
        status: Status::of_entry(entry, lang),
        about: lang.t(about),
        due,
        due_class,
        standing: lang.pick(&standing.zh(), &standing.en()).to_owned(),
        sides,
    }
}

const fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Corrects => "outcome-corrects",
        Outcome::StillDisagrees => "outcome-disagrees",
    }
}

#[derive(Deserialize)]
pub(crate) struct ReplyForm {
    side: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    because: String,
}

/// Takes the answer of a side.
pub(crate) async fn answer(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
    Posted(form): Posted<ReplyForm>,
) -> Result<Response, Trouble> {
    let id = child_of(&key).ok_or(Trouble::NotFound)?;
    let side = side_of((&app, &signed), id, &form.side).await?;
    let outcome = match form.outcome.as_str() {
        "corrects" => Some(Outcome::Corrects),
        "disagrees" => Some(Outcome::StillDisagrees),
        _ => None,
    };
    let because: String = form.because.trim().chars().take(BECAUSE).collect();
    let Some(outcome) = outcome.filter(|_| !because.is_empty()) else {
        let typed = Typed { child: key, side: form.side, because };
        let asked = Asked::default();
        let page = view(&app, &signed, &asked, (Lang::of(&headers), Some(typed))).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
    };
    say((&app, &signed), (id, side, outcome), because).await?;
    Ok(Redirect::to(&crate::trouble::back_to("/review/conflicts", &headers)).into_response())
}

/// The side of that name in the conflict of a child, when the reader answers for it.
pub(crate) async fn side_of(
    (app, signed): (&App, &Signed),
    child: ChildId,
    name: &str,
) -> Result<Source, Trouble> {
    let (roll, desk) = (app.roll(), app.desk().await?);
    let entry = roll.entry(child).ok_or(Trouble::NotFound)?;
    signed.may(Action::AnswerConflict, &Resource::Child(place(entry)))?;
    let conflict = desk.conflicts.get(&child).ok_or(Trouble::Changed("no-conflict"))?;
    let side = conflict.sides.iter().find(|side| side.source.name() == name);
    let side = side.ok_or(Trouble::Changed("no-conflict"))?;
    // A side is answered for by those who sit there.
    if answers_for(signed.actor.role, side.seat) { Ok(side.source) } else { Err(Trouble::NotYours) }
}

/// Keeps what a side answers.
pub(crate) async fn say(
    (app, signed): (&App, &Signed),
    (child, side, outcome): (ChildId, Source, Outcome),
    because: String,
) -> Result<Reply, Trouble> {
    let by = format!("{} {}", signed.name, signed.login);
    let said = Reply { child, side, outcome, because, by, at: app.now() };
    let _turn = app.turn().await;
    match reply(app.store(), said.clone()).await {
        Ok(true) => {}
        // The same word again: the first one stands.
        Ok(false) => return Ok(said),
        Err(FlowError::NoConflict(..)) => return Err(Trouble::Changed("no-conflict")),
        Err(error) => return Err(error.into()),
    }
    signed.kept(app, (Action::AnswerConflict, side.name()), &[child]).await?;
    Ok(said)
}
