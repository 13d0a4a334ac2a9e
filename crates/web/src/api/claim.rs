//! One row as it came: who said it, in which file, sheet, row and column.

use axum::{
    Json,
    extract::{Path, State},
};
use baoxue_authz::{Action, Resource};
use baoxue_claim::VerdictCode;
use baoxue_flow::{ClaimPage, claim_page};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::{SourceKey, Words},
    problem::Refusals,
};
use crate::{
    app::App,
    display::{child_of, column_letter, record_of, unless_sealed},
    door::{Signed, place},
    i18n::Lang,
    pages::claim::{readable, shown_words},
    trouble::Trouble,
};

/// A row of a file with its claims. Numbers of persons and telephones in it are covered in the middle, names of adults but for
/// the first character, addresses end with the village.
#[derive(Serialize, ToSchema)]
pub(crate) struct RowTold {
    source: SourceKey,
    /// The day for which it speaks.
    as_of: NaiveDate,
    file: String,
    /// Empty for files without sheets.
    sheet: String,
    /// As the spreadsheet counts, from 1.
    row: u32,
    received_at: DateTime<Utc>,
    brought_by: String,
    /// SM3 of the file, in hexadecimal.
    sm3: String,
    says: Vec<Statement>,
    doubts: Vec<DoubtTold>,
    cells: Vec<SheetCell>,
}

/// A claim.
#[derive(Serialize, ToSchema)]
pub(crate) struct Statement {
    words: Words,
    /// The sender's own words.
    sent: Option<String>,
}

/// What is doubtful in a cell.
#[derive(Serialize, ToSchema)]
pub(crate) struct DoubtTold {
    #[schema(example = "C")]
    column: String,
    words: Words,
}

/// A cell that is not empty.
#[derive(Serialize, ToSchema)]
pub(crate) struct SheetCell {
    #[schema(example = "C")]
    column: String,
    /// The heading above it.
    head: String,
    text: String,
}

/// One row of a child.
#[utoipa::path(
    get,
    path = "/api/v1/children/{child}/claims/{row}",
    operation_id = "row",
    params(
        ("child" = String, Path, description = "Key of the child.", example = "c_3-17"),
        ("row" = String, Path, description = "Key of the row.", example = "3-17"),
    ),
    responses((status = 200, description = "The row.", body = RowTold), Refusals),
)]
pub(crate) async fn one(
    State(app): State<App>,
    signed: Signed,
    Path((child, row)): Path<(String, String)>,
) -> Result<Json<RowTold>, Trouble> {
    let roll = app.roll();
    let id = child_of(&child).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(id).ok_or(Trouble::NotFound)?;
    signed.may(Action::ReadClaims, &Resource::Child(place(entry)))?;
    // Why a child is in the neutral class stays closed, and so do the rows that tell it.
    let row = record_of(&row).filter(|_| entry.code != VerdictCode::OtherArrangement);
    let row = row.ok_or(Trouble::NotFound)?;
    let found = claim_page(app.store(), id, row).await?.ok_or(Trouble::NotFound)?;
    signed.looked(&app, Action::ReadClaims, &[id]).await?;
    Ok(Json(told(&readable(found, &signed))))
}

fn told(found: &ClaimPage) -> RowTold {
    let ClaimPage { record, batch, .. } = found;
    let says = record.claims.iter().map(|claim| {
        let (zh, en) = baoxue_determine::statement_words(&claim.what);
        let sent = claim.words.as_ref().map(|words| shown_words(found, words.expose(), Lang::Zh));
        Statement { words: Words::new(zh, en), sent }
    });
    let doubts = record.doubts.iter().map(|noted| DoubtTold {
        column: column_letter((noted.column as usize).saturating_sub(1)),
        words: Words::new(noted.doubt.zh(), noted.doubt.en()),
    });
    let cells = found.shown_cells().map(|(at, head, cell)| SheetCell {
        column: column_letter(at),
        head: head.to_owned(),
        text: unless_sealed(&cell, Lang::Zh).unwrap_or(cell),
    });
    RowTold {
        source: record.source.into(),
        as_of: record.as_of,
        file: record.origin.file.to_string(),
        sheet: record.origin.sheet.to_string(),
        row: record.origin.row,
        received_at: batch.received_at,
        brought_by: batch.brought_by.clone(),
        sm3: batch.content_hash.clone(),
        says: says.collect(),
        doubts: doubts.collect(),
        cells: cells.collect(),
    }
}
