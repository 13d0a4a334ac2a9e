//! One row as it came: who said it, in which file, sheet, row and column.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{Html, IntoResponse, Response},
};
use baoxue_authz::{Action, Resource};
use baoxue_claim::Source;
use baoxue_flow::{ClaimPage, claim_page};

use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{child_of, china, column_letter, html, record_of, source_word, unless_sealed},
    door::{Signed, place},
    i18n::Lang,
    trouble::Trouble,
};

#[derive(Template)]
#[template(path = "claim.html", blocks = ["drawer"])]
struct ClaimView {
    chrome: Chrome,
    key: String,
    source: String,
    on: String,
    file: String,
    sheet: String,
    row: u32,
    as_of: String,
    received: String,
    by: String,
    hash: String,
    /// What each claim says in our words, and in the sender's.
    says: Vec<(String, String)>,
    doubts: Vec<String>,
    /// Letter of the column, heading, cell.
    cells: Vec<(String, String, String)>,
}

/// The row, as a page or in the drawer.
pub(crate) async fn drawer(
    State(app): State<App>,
    signed: Signed,
    Path((child, row)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let id = child_of(&child).ok_or(Trouble::NotFound)?;
    let roll = app.roll();
    let entry = roll.entry(id).ok_or(Trouble::NotFound)?;
    signed.may(Action::ReadClaims, &Resource::Child(place(entry)))?;
    let row = record_of(&row).ok_or(Trouble::NotFound)?;
    signed.opens_page(&app).await?;
    let found = claim_page(app.store(), id, row).await?.ok_or(Trouble::NotFound)?;
    // Why a child is in the neutral class stays closed, and so do the rows that tell it.
    if entry.code == baoxue_claim::VerdictCode::OtherArrangement {
        return Err(Trouble::NotFound);
    }
    signed.looked(&app, Action::ReadClaims, &[id]).await?;
    let lang = Lang::of(&headers);
    let title = lang.t("row-as-found");
    let chrome = Chrome::new(&app, Some(&signed), lang, Tab::Children, &title);
    let page = view(&readable(found, &signed), child, chrome, lang);
    let part = headers.get("hx-target").is_some_and(|target| target == "drawer-body");
    let response =
        if part { Html(page.as_drawer().render()?).into_response() } else { html(&page)? };
    Ok(([(header::VARY, "HX-Request")], response).into_response())
}

/// The row as the reader may have it: what a tip-off says is for few, and neither for whom it accuses nor for whoever works for
/// them (T-54).
pub(crate) fn readable(mut found: ClaimPage, signed: &Signed) -> ClaimPage {
    if found.record.source == Source::TipOff && !signed.can(Action::ReadTips, &Resource::County) {
        found.cells.clear();
        found.record.doubts.clear();
        for claim in &mut found.record.claims {
            claim.words = None;
        }
    }
    found
}

/// What the sender wrote, as a page or an answer may show it.
pub(crate) fn shown_words(found: &ClaimPage, words: &str, lang: Lang) -> String {
    unless_sealed(words, lang).unwrap_or_else(|| found.shown_words(words))
}

fn view(found: &ClaimPage, key: String, chrome: Chrome, lang: Lang) -> ClaimView {
    let ClaimPage { record, batch, .. } = found;
    let says = record.claims.iter().map(|claim| {
        let (zh, en) = baoxue_determine::statement_words(&claim.what);
        let words = claim.words.as_ref().map(|words| shown_words(found, words.expose(), lang));
        (lang.pick(&zh, &en).to_owned(), words.unwrap_or_default())
    });
    let doubts = record.doubts.iter().map(|noted| {
        let at = column_letter((noted.column as usize).saturating_sub(1));
        format!("{at}{}{}", lang.t("colon"), lang.pick(noted.doubt.zh(), noted.doubt.en()))
    });
    let cell = |(at, head, cell): (usize, &str, String)| {
        let text = unless_sealed(&cell, lang).unwrap_or(cell);
        (column_letter(at), head.to_owned(), text)
    };
    ClaimView {
        key,
        source: source_word(record.source, lang),
        on: record.as_of.to_string(),
        file: record.origin.file.to_string(),
        sheet: record.origin.sheet.to_string(),
        row: record.origin.row,
        as_of: record.as_of.to_string(),
        received: batch.received_at.with_timezone(&china()).format("%Y-%m-%d %H:%M").to_string(),
        by: batch.brought_by.clone(),
        hash: batch.content_hash.clone(),
        says: says.collect(),
        doubts: doubts.collect(),
        cells: found.shown_cells().map(cell).collect(),
        chrome,
    }
}
