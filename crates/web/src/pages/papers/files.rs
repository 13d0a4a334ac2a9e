//! Photographs and scans of a case: added by who works on it, fetched by who may read it (T-44).

use std::collections::BTreeMap;

use axum::{
    Extension,
    extract::{DefaultBodyLimit, Multipart, Path, State, multipart::MultipartRejection},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing,
};
use baoxue_act::{CaseId, Item};
use baoxue_authz::{Action, Resource};
use baoxue_flow::papers::{FileError, Upload, attach, clean};

use super::{
    super::cases::{NotTaken, case_of, show},
    act::refused,
    one::attached,
};
use crate::{
    app::App,
    door::{Signed, place},
    guard::Expected,
    i18n::Lang,
    routes::{Line, Needs},
    trouble::Trouble,
};

/// Largest form with a file.
pub(in crate::pages) const FORM_BYTES: usize = (20 << 20) + 64 * 1024;

/// The route that takes files.
pub(super) fn route(needs: Needs) -> Line {
    let answers = routing::post(add).layer(DefaultBodyLimit::max(FORM_BYTES));
    Line::new((Method::POST, "/cases/{case}/files".to_owned()), answers, needs)
}

/// What a form with a file carries.
#[derive(Default)]
pub(in crate::pages) struct Sent {
    item: String,
    words: String,
    pub(in crate::pages) bytes: Vec<u8>,
}

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
#[expect(clippy::too_many_arguments, reason = "each is a part of the request")]
async fn add(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    expected: Option<Extension<Expected>>,
    headers: HeaderMap,
    parts: Result<Multipart, MultipartRejection>,
) -> Result<Response, Trouble> {
    let lang = Lang::of(&headers);
    let (desk, roll) = (app.cases().await?, app.roll());
    let file = case_of(&key).and_then(|id| desk.book.get(id)).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(file.case.child).ok_or(Trouble::NotFound)?;
    signed.may(Action::WorkCase, &Resource::Child(place(entry)))?;
    let sent = received(parts, expected).await?;
    let item = sent.item.parse().ok().and_then(|n: usize| Item::ALL.get(n)).copied();
    let (Some(item), false) = (item, sent.words.trim().is_empty()) else {
        return again((&app, &signed), &key, &headers, lang.t("case-incomplete")).await;
    };
    let cleaned = cleaned(&app, sent.bytes).await?;
    let (by, now) = (format!("{} {}", signed.name, signed.login), desk.moment(app.now()));
    let done = match cleaned {
        Ok(upload) => {
            let of = (app.store(), &desk.book, &desk.rules);
            attach(of, file.case.id, (upload, item, sent.words.trim()), &by, now).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => {
            app.store().settle().await?;
            signed.kept(&app, (Action::WorkCase, "file"), &[entry.child]).await?;
            Ok(Redirect::to(&format!("/cases/{key}#h-folder")).into_response())
        }
        Err(FileError::Case(error)) => {
            let (_, why) = refused((&app, &desk), error, lang)?;
            again((&app, &signed), &key, &headers, why).await
        }
        Err(FileError::Random) => Err(Trouble::broken(&FileError::Random)),
        Err(error) => again((&app, &signed), &key, &headers, lang.t(why_not(&error))).await,
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

/// Reads the form; the token stands before everything else.
pub(in crate::pages) async fn received(
    parts: Result<Multipart, MultipartRejection>,
    expected: Option<Extension<Expected>>,
) -> Result<Sent, Trouble> {
    let bad = |_| Trouble::Bad("form");
    let mut parts = parts.map_err(|_| Trouble::Bad("form"))?;
    let first = parts.next_field().await.map_err(bad)?;
    let token = first.filter(|field| field.name() == Some("csrf")).ok_or(Trouble::Foreign)?;
    let token = token.text().await.map_err(|_| Trouble::Foreign)?;
    if !expected.is_some_and(|Extension(expected)| expected.is(&token)) {
        return Err(Trouble::Foreign);
    }
    let mut sent = Sent::default();
    while let Some(field) = parts.next_field().await.map_err(bad)? {
        match field.name() {
            Some("item") => sent.item = field.text().await.map_err(bad)?,
            Some("words") => {
                sent.words = field.text().await.map_err(bad)?.chars().take(200).collect();
            }
            Some("file") => sent.bytes = field.bytes().await.map_err(|_| Trouble::Large)?.to_vec(),
            _ => {}
        }
    }
    Ok(sent)
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
    signed.opens_page(&app).await?;
    signed.kept(&app, (Action::ReadCase, &format!("/files/{key}")), &[entry.child]).await?;
    let end = if found.media == "application/pdf" { "pdf" } else { "jpg" };
    attached(found.bytes, &found.media, &format!("{key}.{end}"))
}
