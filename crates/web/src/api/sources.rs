//! Which lists have come, how old they are, who has not reported.

use axum::{
    Json,
    extract::{Path, State},
};
use baoxue_authz::{Action, Resource};
use baoxue_claim::{Source, TownCode};
use baoxue_flow::{List, ListCounts, OLD_AFTER_DAYS, Reporting, SourceState};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::{SourceKey, Words},
    problem::Refusals,
    query::check,
};
use crate::{app::App, door::Signed, forms::Asked, trouble::Trouble};

/// All sources.
#[derive(Serialize, ToSchema)]
pub(crate) struct SourcesTold {
    items: Vec<SourceLine>,
    /// Towns that sent neither survey nor ledger.
    #[schema(value_type = Vec<String>)]
    silent_towns: Vec<TownCode>,
}

/// How a source stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct SourceLine {
    source: SourceKey,
    name: Words,
    /// The newest list that counts; absent when nothing has come.
    newest: Option<SourceList>,
    /// Whether it is more than a year old.
    old: bool,
    /// Rows of all lists that count.
    rows: RowCounts,
}

/// A list of a source.
#[derive(Serialize, ToSchema)]
pub(crate) struct SourceList {
    batch: u32,
    file: String,
    sheet: String,
    /// The town it is about.
    #[schema(value_type = Option<String>)]
    town: Option<TownCode>,
    /// The day for which it speaks.
    as_of: Option<NaiveDate>,
    received_at: DateTime<Utc>,
    brought_by: String,
    /// Absent when it was withdrawn.
    rows: Option<RowCounts>,
}

/// Rows by what became of them.
#[derive(Serialize, ToSchema)]
pub(crate) struct RowCounts {
    records: u64,
    rejected: u64,
    /// Came before.
    known: u64,
}

/// A source with all its lists.
#[derive(Serialize, ToSchema)]
pub(crate) struct SourceWhole {
    line: SourceLine,
    lists: Vec<SourceList>,
    /// Which schools have reported; absent for sources whose lists name no reporters.
    reporting: Option<ReportingTold>,
}

/// Who has reported for the newest period.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReportingTold {
    /// Last day of the period.
    until: NaiveDate,
    reported: Vec<String>,
    /// Of those: they report no child.
    zero: Vec<String>,
    missing: Vec<MissingSchool>,
}

/// A school that has reported before and not for this period.
#[derive(Serialize, ToSchema)]
pub(crate) struct MissingSchool {
    school: String,
    /// Last day of its newest report.
    until: NaiveDate,
}

impl From<ListCounts> for RowCounts {
    fn from(counts: ListCounts) -> Self {
        let ListCounts { records, rejected, known, .. } = counts;
        Self { records, rejected, known }
    }
}

impl From<&List> for SourceList {
    fn from(list: &List) -> Self {
        Self {
            batch: list.batch.0,
            file: list.file.clone(),
            sheet: list.sheet.clone(),
            town: list.town,
            as_of: list.as_of,
            received_at: list.received_at,
            brought_by: list.brought_by.clone(),
            rows: list.counts.map(RowCounts::from),
        }
    }
}

impl SourceLine {
    fn of(state: &SourceState, today: NaiveDate) -> Self {
        let newest = state.newest();
        let as_of = newest.and_then(|list| list.as_of);
        Self {
            source: state.source.into(),
            name: Words::of_source(state.source),
            newest: newest.map(SourceList::from),
            old: as_of.is_some_and(|day| (today - day).num_days() > OLD_AFTER_DAYS),
            rows: state.total().into(),
        }
    }
}

impl From<&Reporting> for ReportingTold {
    fn from(reporting: &Reporting) -> Self {
        let missing = reporting.missing.iter();
        Self {
            until: reporting.until,
            reported: reporting.reported.iter().cloned().collect(),
            zero: reporting.zero.iter().cloned().collect(),
            missing: missing
                .map(|(school, until)| MissingSchool { school: school.clone(), until: *until })
                .collect(),
        }
    }
}

/// All sources, whether they sent something or not.
#[utoipa::path(
    get,
    path = "/api/v1/sources",
    operation_id = "sources",
    responses((status = 200, description = "The list, whole.", body = SourcesTold), Refusals),
)]
pub(crate) async fn list(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
) -> Result<Json<SourcesTold>, Trouble> {
    signed.may(Action::ReadSources, &Resource::County)?;
    check(&asked, &[])?;
    let (sources, today) = (app.sources().await?, app.county().settings.as_of);
    let items = sources.states.iter().map(|state| SourceLine::of(state, today)).collect();
    Ok(Json(SourcesTold { items, silent_towns: sources.silent.clone() }))
}

/// One source.
#[utoipa::path(
    get,
    path = "/api/v1/sources/{source}",
    operation_id = "source",
    params(("source" = SourceKey, Path, description = "The source.")),
    responses((status = 200, description = "The source with all its lists.", body = SourceWhole), Refusals),
)]
pub(crate) async fn one(
    State(app): State<App>,
    signed: Signed,
    Path(name): Path<String>,
) -> Result<Json<SourceWhole>, Trouble> {
    signed.may(Action::ReadSources, &Resource::County)?;
    let (sources, today) = (app.sources().await?, app.county().settings.as_of);
    let source: Source = name.parse().map_err(|_| Trouble::NotFound)?;
    let state = sources.of(source).ok_or(Trouble::NotFound)?;
    Ok(Json(SourceWhole {
        line: SourceLine::of(state, today),
        lists: state.lists.iter().map(SourceList::from).collect(),
        reporting: state.reporting.as_ref().map(ReportingTold::from),
    }))
}
