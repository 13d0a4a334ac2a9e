//! What is done about a tip-off.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_authz::{Action, Resource};
use baoxue_flow::{
    FlowError,
    cases::CaseError,
    tips::{Tip, TipBook, TipDesk, TipError},
};
use baoxue_store::StoreError;

use super::{OUTCOMES, desk, show, tip_of};
use crate::{
    app::App, display::child_of, door::Signed, forms::Posted, i18n::Lang, trouble::Trouble,
};

type Fields = BTreeMap<String, String>;

/// The right that an act needs.
fn action_of(act: &str) -> Option<Action> {
    match act {
        "link" | "answer" => Some(Action::WorkTips),
        "ask-informer" | "open-informer" => Some(Action::OpenInformer),
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
    signed.may(Action::ReadTips, &Resource::County)?;
    let action = action_of(&act).ok_or(Trouble::NotFound)?;
    let book = TipBook::load(app.store()).await?;
    let tip = tip_of(&key).and_then(|id| book.get(id)).ok_or(Trouble::NotFound)?;
    signed.may(action, &Resource::County)?;
    let lang = Lang::of(&headers);
    let cases = app.cases().await?;
    let desk = desk(&app, &book, &cases);
    // Whoever filled the form has seen so many events.
    let seen = fields.get("seen").and_then(|seen| seen.parse().ok());
    let done = if seen == Some(tip.n_events) {
        done((&app, &signed), (&desk, tip), &act, &fields).await
    } else {
        Err(TipError::Flow(StoreError::Moved("tip", tip.id).into()))
    };
    let (status, why) = match done {
        Ok(()) => return Ok(Redirect::to(&format!("/tips/{key}")).into_response()),
        Err(error) => why_not(&error)?,
    };
    let page = show((&app, &signed), &key, (&headers, ""), Some(lang.t(why))).await?;
    Ok((status, page).into_response())
}

async fn done(
    (app, signed): (&App, &Signed),
    (desk, tip): (&TipDesk<'_>, &Tip),
    act: &str,
    fields: &Fields,
) -> Result<(), TipError> {
    let field = |name: &str| fields.get(name).map_or("", String::as_str);
    let by = format!("{} {}", signed.name, signed.login);
    let me = (signed.actor.account, by.as_str());
    let purpose = format!("{act} tip {}", tip.id);
    let kept = async |action, children: &[baoxue_claim::ChildId]| {
        let kept = if children.is_empty() {
            signed.did(app, (action, &purpose), &Resource::County).await
        } else {
            signed.kept(app, (action, &purpose), children).await
        };
        // What cannot be logged is not done.
        kept.map_err(|_| TipError::from(StoreError::Stopped))
    };
    match act {
        "link" => {
            let roll = app.roll();
            let child = child_of(field("child")).and_then(|child| roll.entry(child));
            let entry = child.ok_or(TipError::Wordless)?;
            let despite = Some(field("reason"));
            kept(Action::WorkTips, &[entry.child]).await?;
            desk.link(tip, entry, &by, despite).await.map(drop)
        }
        "answer" => {
            let outcome = OUTCOMES.iter().find(|(value, _)| *value == field("outcome"));
            let (_, outcome) = outcome.ok_or(TipError::Wordless)?;
            kept(Action::WorkTips, &[]).await?;
            desk.answer(tip, (*outcome, field("words")), &by).await
        }
        "ask-informer" => {
            kept(Action::OpenInformer, &[]).await?;
            desk.ask_informer(tip, me, field("reason")).await
        }
        "open-informer" => {
            kept(Action::OpenInformer, &[]).await?;
            desk.open_informer(tip, me, field("reason")).await
        }
        _ => Err(TipError::State),
    }
}

/// The words for what the reader can mend; everything else is a trouble.
fn why_not(error: &TipError) -> Result<(StatusCode, &'static str), Trouble> {
    Ok(match error {
        TipError::Wordless => (StatusCode::UNPROCESSABLE_ENTITY, "tip-incomplete"),
        TipError::State => (StatusCode::UNPROCESSABLE_ENTITY, "tip-not-now"),
        TipError::SamePerson => (StatusCode::UNPROCESSABLE_ENTITY, "tip-same-person"),
        TipError::Case(CaseError::Flow(FlowError::Store(StoreError::CaseMoved(_))))
        | TipError::Flow(FlowError::Store(StoreError::CaseMoved(_) | StoreError::Moved(..))) => {
            (StatusCode::CONFLICT, "tip-moved")
        }
        TipError::Case(CaseError::Unreadable(..)) => (StatusCode::CONFLICT, "tip-case-unread"),
        TipError::Long | TipError::Full | TipError::Case(_) | TipError::Flow(_) => {
            return Err(Trouble::broken(error));
        }
    })
}
