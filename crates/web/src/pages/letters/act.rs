//! Recording signatures, and that a letter counts no more.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_act::letter::{Letter, LetterEvent, Side};
use baoxue_claim::Private;
use baoxue_flow::letters::{Recorder, record};

use super::{
    Desk,
    draw::{kept, why_not},
    keeping, one,
};
use crate::{
    app::App,
    door::Signed,
    forms::{Posted, day},
    i18n::Lang,
    trouble::Trouble,
};

/// Longest name, and longest words, in characters.
const NAME: usize = 40;
const WORDS: usize = 500;

type Fields = BTreeMap<String, String>;

/// Takes what a form of the page says.
pub(super) async fn act(
    State(app): State<App>,
    signed: Signed,
    Path((key, act)): Path<(String, String)>,
    headers: HeaderMap,
    Posted(fields): Posted<Fields>,
) -> Result<Response, Trouble> {
    match done((&app, &signed), (&key, &act), &fields, Lang::of(&headers)).await? {
        None => Ok(Redirect::to(&format!("/letters/{key}")).into_response()),
        Some(refused) => one::show((&app, &signed), &key, &headers, Some(refused)).await,
    }
}

/// Does it, or gives why not.
async fn done(
    (app, signed): (&App, &Signed),
    (key, act): (&str, &str),
    fields: &Fields,
    lang: Lang,
) -> Result<Option<(StatusCode, String)>, Trouble> {
    if !["sign", "withdraw"].contains(&act) {
        return Err(Trouble::NotFound);
    }
    let desk = Desk::of(app, signed, lang).await?;
    let (letter, child) = one::found(&desk, key)?;
    let action = keeping(letter.drawn.edge.layer);
    signed.may(action, &one::place_of(&desk, letter))?;
    // Whoever filled the form has seen so many events.
    if fields.get("seen").and_then(|seen| seen.parse().ok()) != Some(letter.n_events) {
        return Ok(Some((StatusCode::CONFLICT, lang.t("letter-moved"))));
    }
    let Some(events) = events(letter, act, fields) else {
        return Ok(Some((StatusCode::UNPROCESSABLE_ENTITY, lang.t("case-incomplete"))));
    };
    let by = format!("{} {}", signed.name, signed.login);
    let recorder = Recorder {
        store: app.store(),
        directory: &desk.cases.rules.directory,
        now: desk.cases.moment(app.now()),
        by: &by,
    };
    if let Err(error) = record(recorder, letter, events).await {
        return why_not(&error, lang).map(Some);
    }
    app.store().settle().await?;
    kept((app, signed), (action, &format!("{act} {key}")), &child).await?;
    Ok(None)
}

/// What a form says; `None` when a field is missing or is not what it must be.
fn events(letter: &Letter, act: &str, fields: &Fields) -> Option<Vec<LetterEvent>> {
    let text = |name: &str, most: usize| {
        let text = fields.get(name).map_or("", |text| text.trim());
        (text.chars().count() <= most).then(|| text.to_owned())
    };
    if act == "withdraw" {
        return Some(vec![LetterEvent::Withdrawn { why: text("why", WORDS)? }]);
    }
    let on = day(fields.get("on")?)?;
    let sides: &[Side] = match fields.get("side")?.as_str() {
        "giver" => &[Side::Giver],
        "taker" => &[Side::Taker],
        "both" => &[Side::Giver, Side::Taker],
        _ => return None,
    };
    let event = |side: &Side| {
        let field = match side {
            Side::Giver => "giver_name",
            Side::Taker => "taker_name",
        };
        // Who is printed on it signs it; a name is asked for only where the line was left blank.
        let named = letter.named(*side).cloned();
        let name = match named {
            Some(name) => name,
            None => Private::new(text(field, NAME)?),
        };
        Some(LetterEvent::Signed { side: *side, on, name })
    };
    sides.iter().map(event).collect()
}
