//! Drawing letters up: one, or what waits of a layer.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_act::letter::{Layer, LetterRefusal, Party};
use baoxue_authz::Action;
use baoxue_claim::Private;
use baoxue_flow::{
    FlowError, child_page,
    letters::{Drawing, LetterError, LetterLine, Wanted, draw_up},
    papers::FileError,
};
use baoxue_store::StoreError;

use super::{
    Desk, KEEPS, Shown, children, keeping, letter_key,
    list::{AT_ONCE, Told, is_drawable, show},
};
use crate::{
    app::App,
    door::Signed,
    forms::{Asked, Posted},
    i18n::Lang,
    pages::papers::{scan_refused, unprinted},
    trouble::Trouble,
};

type Fields = BTreeMap<String, String>;

/// Draws up what the form names: the letter of `edge`, or else what waits of the layer, as far as it is the reader's.
pub(super) async fn draw(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    Posted(fields): Posted<Fields>,
) -> Result<Response, Trouble> {
    if !KEEPS.iter().any(|action| signed.could_on_some(*action)) {
        return Err(Trouble::NotYours);
    }
    let lang = Lang::of(&headers);
    let kept = ["year", "layer", "town"].into_iter();
    let kept = kept.filter_map(|name| {
        let value = fields.get(name).filter(|value| !value.is_empty())?;
        Some((name.to_owned(), value.clone()))
    });
    let asked = Asked(kept.collect());
    let refused = match asked.one("layer").and_then(Layer::of_word) {
        None => (StatusCode::UNPROCESSABLE_ENTITY, lang.t("letters-no-layer")),
        Some(layer) => {
            let edge = fields.get("edge").map_or("", String::as_str);
            match drawn((&app, &signed), (layer, edge), &asked, lang).await? {
                Ok(address) => return Ok(Redirect::to(&address).into_response()),
                Err(refused) => refused,
            }
        }
    };
    show((&app, &signed), &asked, &headers, Told::refused(refused)).await
}

type Refused = (StatusCode, String);

/// Draws up; gives the address to go to, or why nothing was done.
async fn drawn(
    (app, signed): (&App, &Signed),
    (layer, edge): (Layer, &str),
    asked: &Asked,
    lang: Lang,
) -> Result<Result<String, Refused>, Trouble> {
    let desk = Desk::of(app, signed, lang).await?;
    let shown = desk.asked(asked)?;
    let wanted = match wanted(&desk, &shown, edge) {
        Ok(lines) => lines,
        Err(key) => return Ok(Err((StatusCode::CONFLICT, lang.t(key)))),
    };
    let press = match app.press().await {
        Ok(press) => press,
        Err(error) => {
            return Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, unprinted(&error, lang)?)));
        }
    };
    let families = children(wanted.iter().copied());
    let drawing = Drawing {
        store: app.store(),
        county: &desk.county,
        press: &press,
        desk: shown.desk,
        now: desk.cases.moment(app.now()),
    };
    let mut letters = Vec::new();
    for line in &wanted {
        letters.push(Wanted { demand: line.demand.clone(), family: family(&desk, line).await? });
    }
    let by = format!("{} {}", signed.name, signed.login);
    // Printing fifty takes the machine for a while: one at a time.
    let turn = app.heavy().await;
    let done = draw_up(drawing, letters, &by).await;
    drop(turn);
    let ids = match done {
        Ok(ids) => ids,
        Err(error) => return why_not(&error, lang).map(Err),
    };
    app.store().settle().await?;
    let purpose = format!("draw up {} of {}", ids.len(), layer.word());
    kept((app, signed), (keeping(layer), &purpose), &families).await?;
    Ok(Ok(match ids.as_slice() {
        [one] if !edge.is_empty() => format!("/letters/{}", letter_key(*one)),
        _ => format!("/letters{}", asked.with("state", Some("drawn"))),
    }))
}

/// The lines to draw up.
fn wanted<'s>(
    desk: &Desk<'_>,
    shown: &'s Shown<'_>,
    edge: &str,
) -> Result<Vec<&'s LetterLine<'s>>, &'static str> {
    let own = shown.lines.iter().filter(|line| shown.filter.is_about(line) && desk.keeps(line));
    if !edge.is_empty() {
        let line = own.into_iter().find(|line| line.key() == edge);
        return match line {
            Some(line) if is_drawable(line.state) => Ok(vec![line]),
            Some(_) | None => Err("letters-again"),
        };
    }
    let lines: Vec<_> = own.filter(|line| is_drawable(line.state)).take(AT_ONCE).collect();
    if lines.is_empty() { Err("letters-nothing") } else { Ok(lines) }
}

/// The names of a child and its guardian, for a letter with a family.
async fn family(
    desk: &Desk<'_>,
    line: &LetterLine<'_>,
) -> Result<(Option<Private>, Option<Private>), Trouble> {
    let Party::Guardian(child) = line.demand.edge.taker else { return Ok((None, None)) };
    let page = child_page(desk.app.store(), &desk.county, &desk.roll, child).await?;
    let name = |name: Option<&baoxue_claim::Name>| name.map(|name| Private::new(name.expose()));
    Ok((name(page.profile.name.as_ref()), name(page.profile.guardian.as_ref())))
}

/// Keeps that something was done about letters, and about which children.
pub(super) async fn kept(
    (app, signed): (&App, &Signed),
    (action, purpose): (Action, &str),
    children: &[baoxue_claim::ChildId],
) -> Result<(), Trouble> {
    if children.is_empty() {
        return signed.noted(app, (action.name(), true), purpose).await;
    }
    signed.kept(app, (action, purpose), children).await
}

/// Why nothing was done, for what the reader can mend; everything else is a trouble.
pub(super) fn why_not(error: &LetterError, lang: Lang) -> Result<Refused, Trouble> {
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(match error {
        LetterError::Refused(LetterRefusal::Again) => {
            (StatusCode::CONFLICT, lang.t("letters-again"))
        }
        LetterError::Refused(refusal) => (wrong, lang.t(refusal_key(*refusal))),
        LetterError::Lacks(fields) => {
            let fields = fields.join(&lang.t("list-comma"));
            (wrong, lang.with("paper-lacks", &[("fields", fields.into())]))
        }
        LetterError::Paper(error) => (wrong, unprinted(error, lang)?),
        LetterError::File(FileError::Random | FileError::Case(_)) => {
            return Err(Trouble::broken(error));
        }
        LetterError::File(error) => (wrong, lang.t(scan_refused(error))),
        LetterError::Flow(FlowError::Store(StoreError::Moved(..) | StoreError::NumberTaken)) => {
            (StatusCode::CONFLICT, lang.t("letter-moved"))
        }
        LetterError::Flow(_) => return Err(Trouble::broken(error)),
    })
}

const fn refusal_key(refusal: LetterRefusal) -> &'static str {
    match refusal {
        LetterRefusal::Over => "letter-refused-over",
        LetterRefusal::Future => "letter-refused-future",
        LetterRefusal::Early => "letter-refused-early",
        LetterRefusal::Twice => "letter-refused-twice",
        LetterRefusal::Nameless => "letter-refused-nameless",
        LetterRefusal::OtherHolder => "letter-refused-holder",
        LetterRefusal::Vacant => "letter-refused-vacant",
        LetterRefusal::Unsigned => "letter-refused-unsigned",
        LetterRefusal::Many => "file-many",
        LetterRefusal::Wordless => "case-incomplete",
        LetterRefusal::Again => "letters-again",
    }
}
