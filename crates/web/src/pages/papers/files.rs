//! Photographs and scans of a case: added by who works on it, fetched by who may read it (T-44).

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_act::{CaseId, Item};
use baoxue_authz::{Action, Resource};
use baoxue_flow::papers::{FileError, Upload, attach, clean, is_sealed_file};

use super::{
    super::cases::{NotTaken, case_of, show},
    act::refused,
    one::attached,
};
use crate::{
    app::App,
    casebook::CaseDesk,
    door::{Signed, place},
    forms::Brought,
    i18n::Lang,
    trouble::Trouble,
};

/// Longest words of a file, in characters.
const WORDS: usize = 200;

/// The file as it is kept. Pictures are unpacked and packed again: not on a thread that answers others.
pub(in crate::pages) async fn cleaned(
    app: &App,
    bytes: Vec<u8>,
) -> Result<Result<Upload, FileError>, Trouble> {
    let _turn = app.heavy().await;
    let cleaned = tokio::task::spawn_blocking(move || clean(&bytes)).await;
    cleaned.map_err(|error| Trouble::broken(&error))
}

/// Adds a file to a case.
pub(super) async fn add(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
    brought: Brought,
) -> Result<Response, Trouble> {
    let lang = Lang::of(&headers);
    let (desk, roll) = (app.cases().await?, app.roll());
    let file = case_of(&key).and_then(|id| desk.book.get(id)).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(file.case.child).ok_or(Trouble::NotFound)?;
    signed.may(Action::WorkCase, &Resource::Child(place(entry)))?;
    let said = |name: &str| brought.fields.get(name).map_or("", |text| text.trim());
    let item = said("item").parse().ok().and_then(|n: usize| Item::ALL.get(n)).copied();
    let words: String = said("words").chars().take(WORDS).collect();
    let (Some(item), false) = (item, words.is_empty()) else {
        return again((&app, &signed), &key, &headers, lang.t("case-incomplete")).await;
    };
    let (by, now) = (format!("{} {}", signed.name, signed.login), desk.moment(app.now()));
    let done = match cleaned(&app, brought.bytes).await? {
        Ok(upload) => {
            let of = (app.store(), &desk.book, &*desk.rules);
            attach(of, file.case.id, (upload, item, &words), &by, now).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => {
            app.store().settle().await?;
            signed.kept(&app, (Action::WorkCase, "file"), &[entry.child]).await?;
            Ok(Redirect::to(&format!("/cases/{key}#h-folder")).into_response())
        }
        Err(error) => {
            let (_, why) = not_filed((&app, &desk), error, lang)?;
            again((&app, &signed), &key, &headers, why).await
        }
    }
}

/// Why nothing was recorded with a file, with the status of the answer.
pub(super) fn not_filed(
    (app, desk): (&App, &CaseDesk),
    error: FileError,
    lang: Lang,
) -> Result<(StatusCode, String), Trouble> {
    match error {
        FileError::Case(error) => refused((app, desk), error, lang),
        FileError::Random => Err(Trouble::broken(&error)),
        FileError::Large
        | FileError::Many
        | FileError::Kind
        | FileError::Pixels
        | FileError::Damaged
        | FileError::Active => Ok((StatusCode::UNPROCESSABLE_ENTITY, lang.t(why_not(&error)))),
    }
}

/// Key of the words that say why a file is not kept.
pub(in crate::pages) const fn why_not(error: &FileError) -> &'static str {
    match error {
        FileError::Large => "file-large",
        FileError::Many => "file-many",
        FileError::Pixels => "file-pixels",
        FileError::Damaged => "file-damaged",
        FileError::Active => "file-active",
        FileError::Kind | FileError::Random | FileError::Case(_) => "file-kind",
    }
}

async fn again(
    (app, signed): (&App, &Signed),
    key: &str,
    headers: &HeaderMap,
    why: String,
) -> Result<Response, Trouble> {
    let not_taken = NotTaken { act: "files".to_owned(), why, typed: BTreeMap::new() };
    let page = show((app, signed), key, headers, Some(not_taken)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Gives a file of a case that the reader may read.
pub(super) async fn fetch(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
) -> Result<Response, Trouble> {
    let found = app.store().case_file(&key).await?.ok_or(Trouble::NotFound)?;
    let (desk, roll) = (app.cases().await?, app.roll());
    let file = desk.book.get(CaseId(found.case)).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(file.case.child).ok_or(Trouble::NotFound)?;
    signed.may(Action::ReadCase, &Resource::Child(place(entry)))?;
    let action = if is_sealed_file(&file.case, &key) {
        signed.may(Action::RevealId, &Resource::Child(place(entry)))?;
        Action::RevealId
    } else {
        Action::ReadCase
    };
    signed.opens_page(&app).await?;
    signed.kept(&app, (action, &format!("/files/{key}")), &[entry.child]).await?;
    let end = if found.media == "application/pdf" { "pdf" } else { "jpg" };
    attached(found.bytes, &found.media, &format!("{key}.{end}"))
}
