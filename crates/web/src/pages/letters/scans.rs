//! Scans of signed letters: added by who keeps them, fetched by who may read them (T-44).

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use baoxue_authz::Action;
use baoxue_flow::letters::{LetterError, Recorder, put_scan};

use super::{
    Desk,
    draw::{kept, why_not},
    keeping, one,
};
use crate::{
    app::App,
    door::Signed,
    forms::Brought,
    i18n::Lang,
    pages::papers::{attached, cleaned},
    trouble::Trouble,
};

/// Adds a scan.
pub(super) async fn add(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
    brought: Brought,
) -> Result<Response, Trouble> {
    let lang = Lang::of(&headers);
    let desk = Desk::of(&app, &signed, lang).await?;
    let (letter, child) = one::found(&desk, &key)?;
    let action = keeping(letter.drawn.edge.layer);
    signed.may(action, &one::place_of(&desk, letter))?;
    let cleaned = cleaned(&app, brought.bytes).await?;
    let by = format!("{} {}", signed.name, signed.login);
    let recorder = Recorder {
        store: app.store(),
        directory: &desk.cases.rules.directory,
        now: desk.cases.moment(app.now()),
        by: &by,
    };
    let done = match cleaned {
        Ok(upload) => put_scan(recorder, letter, upload).await,
        Err(error) => Err(LetterError::File(error)),
    };
    if let Err(error) = done {
        let refused = why_not(&error, lang)?;
        return one::show((&app, &signed), &key, &headers, Some(refused)).await;
    }
    app.store().settle().await?;
    kept((&app, &signed), (action, &format!("scan {key}")), &child).await?;
    Ok(Redirect::to(&format!("/letters/{key}")).into_response())
}

/// Gives a scan of a letter that the reader may read.
pub(super) async fn fetch(
    State(app): State<App>,
    signed: Signed,
    Path((key, scan)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let found = app.store().letter_scan(&scan).await?.ok_or(Trouble::NotFound)?;
    let desk = Desk::of(&app, &signed, Lang::Zh).await?;
    let (letter, child) = one::found(&desk, &key)?;
    if letter.id != found.letter {
        return Err(Trouble::NotFound);
    }
    if !child.is_empty() {
        signed.opens_page(&app).await?;
    }
    kept((&app, &signed), (Action::ReadLetters, &format!("{key}/{scan}")), &child).await?;
    let end = if found.media == "application/pdf" { "pdf" } else { "jpg" };
    attached(found.bytes, &found.media, &format!("{scan}.{end}"))
}
