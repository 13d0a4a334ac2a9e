//! Many signatures of one day: the letters that somebody ticks on the list. Each is recorded by itself; those that cannot be are
//! named with the reason.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_act::letter::{Letter, LetterEvent, LetterRefusal, Side};
use baoxue_claim::Private;
use baoxue_flow::letters::{LetterError, Recorder, record};
use chrono::NaiveDate;

use super::{
    Desk, KEEPS,
    draw::{kept, why_not},
    keeping, letter_of,
    list::{Told, show},
    one,
};
use crate::{
    app::App,
    door::Signed,
    forms::{Asked, Posted, day},
    i18n::{Lang, number},
    trouble::Trouble,
};

/// Most letters of one form: a page of the list has no more.
const MOST: usize = 100;

/// Which parties have signed.
#[derive(Clone, Copy)]
enum Sides {
    /// Whoever has not yet.
    All,
    One(Side),
}

/// What a form says of the letters that it ticks.
struct Signing {
    on: NaiveDate,
    sides: Sides,
}

/// Records the signatures of one day on all letters that are ticked.
pub(super) async fn sign(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    Posted(fields): Posted<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    if !KEEPS.iter().any(|action| signed.could_on_some(*action)) {
        return Err(Trouble::NotYours);
    }
    let (lang, fields) = (Lang::of(&headers), Asked(fields));
    let mut asked = Asked::default();
    for name in ["year", "layer", "town", "state"] {
        asked.0.extend(fields.one(name).map(|value| (name.to_owned(), value.to_owned())));
    }
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let ticked: Vec<&str> = fields.all("letter").collect();
    let told = match signing(&fields) {
        None => Told { status: wrong, done: 0, why: vec![lang.t("letters-sign-incomplete")] },
        Some(_) if ticked.is_empty() => {
            Told { status: wrong, done: 0, why: vec![lang.t("letters-sign-none")] }
        }
        Some(_) if ticked.len() > MOST => {
            Told { status: wrong, done: 0, why: vec![lang.t("letters-sign-many")] }
        }
        Some(signing) => recorded((&app, &signed), &ticked, &signing, lang).await?,
    };
    if told.why.is_empty() {
        let n = told.done.to_string();
        let address = format!("/letters{}", asked.with("signed", Some(&n)));
        return Ok(Redirect::to(&address).into_response());
    }
    show((&app, &signed), &asked, &headers, told).await
}

fn signing(fields: &Asked) -> Option<Signing> {
    let sides = match fields.one("side")? {
        "both" => Sides::All,
        "giver" => Sides::One(Side::Giver),
        "taker" => Sides::One(Side::Taker),
        _ => return None,
    };
    Some(Signing { on: day(fields.one("on")?)?, sides })
}

/// Records each, and gives how many were and why the others were not.
async fn recorded(
    (app, signed): (&App, &Signed),
    ticked: &[&str],
    signing: &Signing,
    lang: Lang,
) -> Result<Told, Trouble> {
    let desk = Desk::of(app, signed, lang).await?;
    let (mut done, mut unknown, mut why) = (0, 0, Vec::new());
    for word in ticked {
        match one_of((app, signed), &desk, word, signing).await? {
            One::Recorded => done += 1,
            One::Unknown => unknown += 1,
            One::Refused(letter, reason) => {
                let values = [("letter", letter.into()), ("why", reason.into())];
                why.push(lang.with("letters-sign-refused", &values));
            }
        }
    }
    if unknown > 0 {
        why.push(lang.with("letters-sign-unknown", &[("n", number(unknown))]));
    }
    if done > 0 {
        app.store().settle().await?;
    }
    let status = if done > 0 { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(Told { status, done, why })
}

/// What became of one letter that is ticked.
enum One {
    Recorded,
    /// It is not there or not the reader's: both look alike.
    Unknown,
    /// Its number, and why nothing was recorded.
    Refused(String, String),
}

/// Records the signatures on one letter. `word` is the letter and how many events of it were seen: `l_7.2`.
async fn one_of(
    (app, signed): (&App, &Signed),
    desk: &Desk<'_>,
    word: &str,
    signing: &Signing,
) -> Result<One, Trouble> {
    let (key, seen) = word.split_once('.').unwrap_or((word, ""));
    let found = letter_of(key).map(|_| one::found(desk, key));
    let Some(Ok((letter, child))) = found else { return Ok(One::Unknown) };
    let action = keeping(letter.drawn.edge.layer);
    if signed.may(action, &one::place_of(desk, letter)).is_err() {
        return Ok(One::Unknown);
    }
    let lang = desk.lang;
    let refused = |why: String| One::Refused(letter.drawn.number.clone(), why);
    if seen.parse() != Ok(letter.n_events) {
        return Ok(refused(lang.t("letter-moved")));
    }
    let by = format!("{} {}", signed.name, signed.login);
    let recorder = Recorder {
        store: app.store(),
        directory: &desk.cases.rules.directory,
        now: desk.cases.moment(app.now()),
        by: &by,
    };
    let events = events(letter, signing);
    let done = if events.is_empty() {
        Err(LetterError::Refused(LetterRefusal::Twice))
    } else {
        record(recorder, letter, events).await
    };
    if let Err(error) = done {
        return Ok(refused(why_not(&error, lang)?.1));
    }
    kept((app, signed), (action, &format!("sign {key}")), &child).await?;
    Ok(One::Recorded)
}

/// The signatures that the letter still lacks. Who is printed on it has signed; where nobody is, its own page asks for the name.
fn events(letter: &Letter, signing: &Signing) -> Vec<LetterEvent> {
    let sides = letter.unsigned().into_iter().filter(|side| match signing.sides {
        Sides::All => true,
        Sides::One(wanted) => *side == wanted,
    });
    let event = |side| {
        let name = letter.named(side).cloned().unwrap_or_else(|| Private::new(""));
        LetterEvent::Signed { side, on: signing.on, name }
    };
    sides.map(event).collect()
}
