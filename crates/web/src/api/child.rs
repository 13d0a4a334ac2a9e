//! One child: the verdict with its ground, who says what, what would change it.

use axum::{
    Json,
    extract::{Path, State},
};
use baoxue_authz::{Action, Resource};
use baoxue_claim::VerdictCode;
use baoxue_determine::{Evidence, EvidenceState, Explanation};
use baoxue_flow::{Accord, ChildPage, Field, child_page};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::{CodeKey, SourceKey, Words},
    children::ChildLine,
    conflicts::Quarrel,
    problem::Refusals,
};
use crate::{
    app::App,
    display::{child_of, record_key},
    door::{Signed, place},
    trouble::Trouble,
};

/// A child with all that stands behind its status. Of a child in the neutral class (其他安排) nothing is told but that.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChildWhole {
    line: ChildLine,
    /// Number of the villagers' group.
    group: Option<u8>,
    verdict: VerdictTold,
    /// The quarrel of sources, when there is one.
    conflict: Option<Quarrel>,
    /// One column for each source: its newest row.
    columns: Vec<ColumnTold>,
    /// One line for each field, with a cell for each column.
    fields: Vec<FieldTold>,
    /// Every statement, the newest first.
    claims: Vec<ClaimTold>,
}

/// What was determined, by which rule, and why.
#[derive(Serialize, ToSchema)]
pub(crate) struct VerdictTold {
    code: CodeKey,
    /// Stable code of the reason.
    reason: String,
    words: Words,
    confirmed: bool,
    ground: GroundTold,
    /// What the ground needs.
    needs: Vec<NeedTold>,
    /// Evidence that was not accepted.
    refused: Vec<RefusedTold>,
    /// Rules that matched too.
    also: Vec<AlsoTold>,
    /// What would change the result.
    changes: Vec<ChangeTold>,
}

/// The rule that decided.
#[derive(Serialize, ToSchema)]
pub(crate) struct GroundTold {
    rule: String,
    version: String,
    /// In Chinese.
    title: String,
    /// The article it stands on.
    law: String,
}

/// A piece of evidence.
#[derive(Serialize, ToSchema)]
pub(crate) struct NeedTold {
    words: Words,
    /// `shown`, `missing` or `on_paper`.
    state: &'static str,
}

/// A statement that was not accepted.
#[derive(Serialize, ToSchema)]
pub(crate) struct RefusedTold {
    /// Key of its row.
    row: String,
    why: Words,
}

/// A rule that matched too.
#[derive(Serialize, ToSchema)]
pub(crate) struct AlsoTold {
    /// In Chinese.
    title: String,
    code: CodeKey,
}

/// What somebody would have to bring, and what would be so then.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChangeTold {
    words: Words,
    code: CodeKey,
    reason: String,
}

/// The newest row of a source.
#[derive(Serialize, ToSchema)]
pub(crate) struct ColumnTold {
    source: SourceKey,
    /// Key of the row.
    row: String,
    on: NaiveDate,
    old: bool,
    superseded: bool,
}

/// A field: what each column says, and what is adopted.
#[derive(Serialize, ToSchema)]
pub(crate) struct FieldTold {
    /// `attendance`, `school`, `grade`, `home`, `guardian`, `birth` or `id`.
    field: &'static str,
    cells: Vec<CellTold>,
    adopted: String,
}

/// What a column says of a field.
#[derive(Serialize, ToSchema)]
pub(crate) struct CellTold {
    words: Words,
    /// `same`, `differs`, `out` or `untold`.
    accord: &'static str,
}

/// A statement of a source.
#[derive(Serialize, ToSchema)]
pub(crate) struct ClaimTold {
    /// Key of its row.
    row: String,
    on: NaiveDate,
    /// Whether the verdict stands on it.
    used: bool,
    words: Words,
}

/// One child.
#[utoipa::path(
    get,
    path = "/api/v1/children/{child}",
    operation_id = "child",
    params(("child" = String, Path, description = "Key of the child.", example = "c_3-17")),
    responses((status = 200, description = "The child.", body = ChildWhole), Refusals),
)]
pub(crate) async fn one(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
) -> Result<Json<ChildWhole>, Trouble> {
    let (roll, county) = (app.roll(), app.county());
    let id = child_of(&key).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(id).ok_or(Trouble::NotFound)?;
    let it = Resource::Child(place(entry));
    signed.may(Action::ReadChild, &it)?;
    signed.opens_page(&app).await?;
    let page = child_page(app.store(), &county, &roll, id).await?;
    signed.kept(&app, (Action::ReadChild, ""), &[id]).await?;
    let open =
        signed.can(Action::ReadClaims, &it) && page.entry.code != VerdictCode::OtherArrangement;
    let conflict = page.explanation.verdict.conflict.as_ref().filter(|_| open);
    Ok(Json(ChildWhole {
        line: ChildLine::of(entry, &roll),
        group: entry.group,
        verdict: verdict(&page.explanation, open),
        conflict: conflict.map(|c| Quarrel::of(c, &page.replies, county.settings.as_of)),
        columns: if open { columns(&page) } else { Vec::new() },
        fields: if open { fields(&page) } else { Vec::new() },
        claims: if open { claims(&page.explanation) } else { Vec::new() },
    }))
}

fn verdict(explanation: &Explanation, open: bool) -> VerdictTold {
    let verdict = &explanation.verdict;
    let refused = verdict.refused.iter().filter(|_| open).map(|refused| RefusedTold {
        row: record_key(refused.claim.record),
        why: Words::new(&refused.why, &refused.why_en),
    });
    let also = explanation.also.iter();
    let changes = explanation.changes.iter().map(|change| ChangeTold {
        words: Words::new(&change.zh, &change.en),
        code: change.code.into(),
        reason: change.reason.clone(),
    });
    let ground = &verdict.ground;
    VerdictTold {
        code: verdict.code.into(),
        reason: verdict.reason.clone(),
        words: Words::new(&verdict.words_zh, &verdict.words_en),
        confirmed: verdict.confirmed,
        ground: GroundTold {
            rule: ground.rule.clone(),
            version: ground.version.clone(),
            title: ground.title.clone(),
            law: ground.law.clone(),
        },
        needs: explanation.needs.iter().map(need).collect(),
        refused: refused.collect(),
        also: also
            .map(|(title, code)| AlsoTold { title: title.clone(), code: (*code).into() })
            .collect(),
        changes: changes.collect(),
    }
}

fn need(need: &Evidence) -> NeedTold {
    let state = match need.state {
        EvidenceState::Shown => "shown",
        EvidenceState::Missing => "missing",
        EvidenceState::OnPaper => "on_paper",
    };
    NeedTold { words: Words::new(&need.zh, &need.en), state }
}

fn columns(page: &ChildPage) -> Vec<ColumnTold> {
    let column = |column: &baoxue_flow::SourceColumn| ColumnTold {
        source: column.source.into(),
        row: record_key(column.record),
        on: column.on,
        old: column.old,
        superseded: column.superseded,
    };
    page.table.columns.iter().map(column).collect()
}

fn fields(page: &ChildPage) -> Vec<FieldTold> {
    let field = |row: &baoxue_flow::FieldRow| FieldTold {
        field: match row.field {
            Field::Attendance => "attendance",
            Field::School => "school",
            Field::Grade => "grade",
            Field::Home => "home",
            Field::Guardian => "guardian",
            Field::Birth => "birth",
            Field::Id => "id",
        },
        cells: row.cells.iter().map(cell).collect(),
        adopted: row.adopted.clone(),
    };
    page.table.rows.iter().map(field).collect()
}

fn cell(cell: &baoxue_flow::TableCell) -> CellTold {
    let accord = match cell.accord {
        Accord::Same => "same",
        Accord::Differs => "differs",
        Accord::Out => "out",
        Accord::Untold => "untold",
    };
    CellTold { words: Words::new(&cell.zh, &cell.en), accord }
}

fn claims(explanation: &Explanation) -> Vec<ClaimTold> {
    let told = explanation.told.iter().rev().map(|telling| ClaimTold {
        row: record_key(telling.claim.record),
        on: telling.on,
        used: telling.used,
        words: Words::new(&telling.zh, &telling.en),
    });
    told.collect()
}
