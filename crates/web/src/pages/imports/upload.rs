//! Files coming in: piece by piece from the script of the page, or whole in a plain form.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Multipart, Path, Query, State, multipart::MultipartRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_authz::Action;
use baoxue_flow::intray::{Inspection, Upload, UploadError, Uploads};
use serde::{Deserialize, Serialize};

use super::{list, own, rights};
use crate::{app::App, door::Signed, forms::Posted, guard::Expected, i18n::Lang, trouble::Trouble};

/// What the script announces.
#[derive(Deserialize)]
pub(crate) struct Announced {
    name: String,
    size: u64,
}

#[derive(Serialize)]
struct Begun {
    id: String,
    offset: u64,
}

#[derive(Serialize)]
struct Stands {
    offset: u64,
}

#[derive(Serialize)]
struct Refusal {
    detail: String,
}

#[derive(Serialize)]
struct Done {
    location: String,
}

#[derive(Deserialize)]
pub(crate) struct At {
    offset: u64,
}

/// Nobody brings files who may bring none.
fn may(signed: &Signed) -> Result<(), Trouble> {
    if rights::brings_any(signed) { Ok(()) } else { Err(Trouble::NotYours) }
}

/// Announces a file.
pub(crate) async fn begin(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Trouble> {
    may(&signed)?;
    let announced: Announced = serde_json::from_slice(&body).map_err(|_| Trouble::Bad("form"))?;
    let file = (announced.name.as_str(), announced.size);
    match app.intray().uploads.begin(signed.actor.account, file, app.now()).await {
        Ok(upload) => Ok(Json(Begun { id: upload.id, offset: upload.offset }).into_response()),
        Err(error) => refused(&error, Lang::of(&headers)),
    }
}

/// Takes a piece.
pub(crate) async fn piece(
    State(app): State<App>,
    signed: Signed,
    (Path(id), Query(At { offset })): (Path<String>, Query<At>),
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Trouble> {
    may(&signed)?;
    let piece = (offset, body.to_vec());
    match app.intray().uploads.add(signed.actor.account, &id, piece).await {
        Ok(offset) => Ok(Json(Stands { offset }).into_response()),
        Err(UploadError::Offset(offset)) => {
            Ok((StatusCode::CONFLICT, Json(Stands { offset })).into_response())
        }
        Err(error) => refused(&error, Lang::of(&headers)),
    }
}

/// All pieces are here: reads the file and says where to go on.
pub(crate) async fn done(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    may(&signed)?;
    let lang = Lang::of(&headers);
    let upload = match app.intray().uploads.close(signed.actor.account, &id).await {
        Ok(upload) => upload,
        Err(UploadError::Offset(offset)) => {
            return Ok((StatusCode::CONFLICT, Json(Stands { offset })).into_response());
        }
        Err(error) => return refused(&error, lang),
    };
    match looked_at(&app, &signed, upload, lang).await? {
        Ok(location) => Ok(Json(Done { location }).into_response()),
        Err((status, detail)) => Ok((status, Json(Refusal { detail })).into_response()),
    }
}

/// The address of the first step of a file that is whole, or why it is not taken; then it is taken away.
async fn looked_at(
    app: &App,
    signed: &Signed,
    upload: Upload,
    lang: Lang,
) -> Result<Result<String, (StatusCode, String)>, Trouble> {
    let twin = twin(&app.intray().uploads, &upload).await?;
    if let Some(twin) = twin {
        app.intray().uploads.remove(upload.owner, &upload.id).await?;
        return Ok(Ok(format!("/imports/{}/detect?same=1", twin.id)));
    }
    let inspection = app.intray().inspection(app, (signed, &upload)).await?;
    let purpose = format!("upload {}", inspection.hash);
    signed.did(app, (Action::Import, &purpose), &rights::resource(&inspection)).await?;
    if let Some(refusal) = refusal(&inspection, lang) {
        app.intray().uploads.remove(upload.owner, &upload.id).await?;
        return Ok(Err(refusal));
    }
    Ok(Ok(format!("/imports/{}/detect", upload.id)))
}

/// Another upload of the same account with the same bytes.
async fn twin(uploads: &Uploads, upload: &Upload) -> Result<Option<Upload>, Trouble> {
    let own = uploads.of(upload.owner).await?;
    Ok(own.into_iter().find(|other| other.id != upload.id && other.hash == upload.hash))
}

/// Why nothing of a file can be taken in.
fn refusal(inspection: &Inspection, lang: Lang) -> Option<(StatusCode, String)> {
    if let Some(told) = &inspection.refused {
        let text = lang.pick(&told.zh, &told.en).to_owned();
        return Some((StatusCode::UNPROCESSABLE_ENTITY, text));
    }
    let batch = inspection.same_as?;
    let text = lang.with("upload-same", &[("n", batch.0.to_string().into())]);
    Some((StatusCode::CONFLICT, text))
}

/// The answer to what cannot be taken: short, for the script to show.
fn refused(error: &UploadError, lang: Lang) -> Result<Response, Trouble> {
    let (status, detail) = match reason(error, lang) {
        Some(refused) => refused,
        None if matches!(error, UploadError::Unknown) => return Err(Trouble::NotFound),
        None => return Err(Trouble::broken(error)),
    };
    Ok((status, Json(Refusal { detail })).into_response())
}

/// Why a file or piece is not taken, if it is for what was sent.
fn reason(error: &UploadError, lang: Lang) -> Option<(StatusCode, String)> {
    let megabytes = |bytes: u64| (bytes / 1_000_000).to_string();
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    Some(match error {
        UploadError::TooLong(_, limit) => {
            let text = lang.with("upload-too-long", &[("mb", megabytes(*limit).into())]);
            (StatusCode::PAYLOAD_TOO_LARGE, text)
        }
        UploadError::Empty => (unprocessable, lang.t("upload-empty")),
        UploadError::TooMany(n) => (StatusCode::CONFLICT, lang.n("upload-too-many", *n)),
        UploadError::NoRoom => (StatusCode::CONFLICT, lang.t("upload-no-room")),
        UploadError::Piece => (unprocessable, lang.t("upload-piece")),
        UploadError::Unknown
        | UploadError::Offset(_)
        | UploadError::Disk(_)
        | UploadError::Store(_)
        | UploadError::Random
        | UploadError::Stopped => return None,
    })
}

/// Takes a whole file from a plain form. The token stands before the file.
pub(crate) async fn form(
    State(app): State<App>,
    signed: Signed,
    expected: Option<Extension<Expected>>,
    headers: HeaderMap,
    parts: Result<Multipart, MultipartRejection>,
) -> Result<Response, Trouble> {
    let lang = Lang::of(&headers);
    let mut parts = parts.map_err(|_| Trouble::Bad("form"))?;
    let first = parts.next_field().await.map_err(|_| Trouble::Bad("form"))?;
    let token = first.filter(|field| field.name() == Some("csrf")).ok_or(Trouble::Foreign)?;
    let token = token.text().await.map_err(|_| Trouble::Foreign)?;
    if !expected.is_some_and(|Extension(expected)| expected.is(&token)) {
        return Err(Trouble::Foreign);
    }
    may(&signed)?;
    while let Some(field) = parts.next_field().await.map_err(|_| Trouble::Bad("form"))? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let Ok(bytes) = field.bytes().await else {
            let limit = app.intray().uploads.limits().file_bytes;
            let told = reason(&UploadError::TooLong(limit, limit), lang);
            return list::refused(&app, &signed, lang, told).await;
        };
        return whole(&app, &signed, (name, &bytes), lang).await;
    }
    list::refused(&app, &signed, lang, reason(&UploadError::Empty, lang)).await
}

async fn whole(
    app: &App,
    signed: &Signed,
    (name, bytes): (String, &[u8]),
    lang: Lang,
) -> Result<Response, Trouble> {
    let (uploads, owner) = (&app.intray().uploads, signed.actor.account);
    let upload = match uploads.begin(owner, (&name, bytes.len() as u64), app.now()).await {
        Ok(upload) => upload,
        Err(error) => match reason(&error, lang) {
            Some(told) => return list::refused(app, signed, lang, Some(told)).await,
            None => return Err(Trouble::broken(&error)),
        },
    };
    let mut offset = 0;
    for piece in bytes.chunks(uploads.limits().piece_bytes) {
        offset = uploads.add(owner, &upload.id, (offset, piece.to_vec())).await?;
    }
    let upload = uploads.close(owner, &upload.id).await?;
    match looked_at(app, signed, upload, lang).await? {
        Ok(location) => Ok(Redirect::to(&location).into_response()),
        Err(told) => list::refused(app, signed, lang, Some(told)).await,
    }
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// Takes an upload away.
pub(crate) async fn discard(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Trouble> {
    let upload = own(&app, &signed, &key).await?;
    if app.intray().jobs.find(&key).is_some_and(|job| !job.now().finished) {
        return Err(Trouble::Changed("import-under-way"));
    }
    app.intray().uploads.remove(upload.owner, &upload.id).await?;
    Ok(Redirect::to("/imports").into_response())
}
