//! 身份核对: pairs of rows that a person must judge, the evidence for each, and ruling on one.

use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use baoxue_authz::Action;
use baoxue_flow::{
    PairAnswer, PairField, PairLine, PairRuling, QueuedPair, QueuedRow, ReviewReason, Waterfall,
    evidence_steps, holds_back, pair_lines,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    answer::{AnswerKey, Listed, PairKey, ShowKey, SourceKey, Words},
    once::Sent,
    problem::{Refusals, WriteRefusals},
    query::{self, LIMIT, Term, check, limit},
};
use crate::{
    app::App,
    display::{child_key, record_key},
    door::Signed,
    forms::Asked,
    i18n::Lang,
    pages::pair_desk::{PairDesk, REASON, children_of, key_of, rows_of},
    trouble::Trouble,
};

/// Two rows that may be one child.
#[derive(Serialize, ToSchema)]
pub(crate) struct PairTold {
    /// Its key.
    #[schema(example = "3-17_4-2")]
    pair: String,
    rows: Vec<PairRow>,
    /// How probable it is that they are one child, 0 to 1.
    probability: f32,
    /// Why a person is asked.
    reason: &'static str,
    /// Whether the question holds an accusation back.
    holds_back: bool,
    /// What somebody has said of it since the run.
    ruling: Option<RulingTold>,
}

/// A row of a pair.
#[derive(Serialize, ToSchema)]
pub(crate) struct PairRow {
    /// Key of the row.
    row: String,
    /// The child that has it now.
    child: Option<String>,
    name: Option<String>,
    source: SourceKey,
}

/// What somebody has said of a pair.
#[derive(Serialize, ToSchema)]
pub(crate) struct RulingTold {
    answer: AnswerKey,
    by: String,
    at: DateTime<Utc>,
    reason: String,
}

/// A pair with its evidence.
#[derive(Serialize, ToSchema)]
pub(crate) struct PairWhole {
    pair: PairTold,
    /// Field by field. Numbers, guardians and telephones are covered.
    fields: Vec<PairFieldTold>,
    /// Bits for (positive) and against one child, from the start on; empty where the run kept none.
    evidence: Vec<EvidenceStep>,
}

/// A field of both rows.
#[derive(Serialize, ToSchema)]
pub(crate) struct PairFieldTold {
    field: &'static str,
    /// What both say; empty where a row says nothing.
    texts: Vec<String>,
    /// How they compare.
    compared: Option<Words>,
    /// The bits that this weighs.
    bits: Option<f32>,
}

/// A step of the evidence.
#[derive(Serialize, ToSchema)]
pub(crate) struct EvidenceStep {
    words: Words,
    bits: f32,
}

impl From<&PairRuling> for RulingTold {
    fn from(ruling: &PairRuling) -> Self {
        let PairRuling { answer, by, at, reason, .. } = ruling.clone();
        Self { answer: answer.into(), by, at, reason }
    }
}

impl PairTold {
    fn of(queued: &QueuedPair, ruling: Option<&PairRuling>) -> Self {
        let row = |row: &QueuedRow| PairRow {
            row: record_key(row.record),
            child: row.child.map(child_key),
            name: row.name.clone(),
            source: row.source.into(),
        };
        Self {
            pair: key_of(queued),
            rows: queued.rows.iter().map(row).collect(),
            probability: queued.pair.probability,
            reason: reason_word(queued.pair.reason),
            holds_back: holds_back(queued.pair.reason),
            ruling: ruling.map(RulingTold::from),
        }
    }
}

const TERMS: [Term; 3] = [
    LIMIT,
    query::one("after", |key| rows_of(key).is_some()),
    query::one("show", |key| matches!(key, "open" | "unsure")),
];

/// Pairs that wait for the reader.
#[utoipa::path(
    get,
    path = "/api/v1/review/pairs",
    operation_id = "pairs",
    params(
        ("show" = Option<ShowKey>, Query, description = "`open` (unless asked otherwise): nobody has ruled; `unsure`: somebody could not judge them."),
        ("after" = Option<PairKey>, Query, description = "Key of the pair behind which the part begins: `next` of the part before."),
        ("limit" = Option<usize>, Query, description = "Lines of a part.", minimum = 1, maximum = 200),
    ),
    responses((status = 200, description = "A part of the list.", body = Listed<PairTold>), Refusals),
)]
pub(crate) async fn list(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
) -> Result<Response, Trouble> {
    signed.scope(Action::DecideIdentity)?;
    check(&asked, &TERMS)?;
    let (roll, desk) = (app.roll(), app.desk().await?);
    let pairs = PairDesk::open((&app, &signed), &roll, &desk).await?;
    let waiting = pairs.waiting(asked.one("show") == Some("unsure"));
    let (total, limit) = (waiting.len(), limit(&asked));
    // A pair that was ruled on meanwhile is no longer in the list, and the part goes on behind where it stood.
    let begin = match asked.one("after").and_then(rows_of) {
        Some(rows) => {
            let after = pairs.found(rows).ok_or(Trouble::NotFound)?;
            desk.pairs.place(after.key())
        }
        None => None,
    };
    // `None` is before every place.
    let is_behind = |queued: &&QueuedPair| begin < desk.pairs.place(queued.key());
    let part: Vec<&QueuedPair> = waiting.into_iter().filter(is_behind).take(limit).collect();
    let children: Vec<_> = part.iter().flat_map(|queued| children_of(queued)).collect();
    signed.lists(&app, Action::ReadChild, &children).await?;
    let line = |queued: &&QueuedPair| PairTold::of(queued, pairs.rulings.get(&queued.key()));
    let lines = part.iter().map(line).collect();
    Ok(Listed::of(lines, Some(total), limit, |line: &PairTold| line.pair.clone()).answer())
}

/// One pair with its evidence.
#[utoipa::path(
    get,
    path = "/api/v1/review/pairs/{pair}",
    operation_id = "pair",
    params(("pair" = String, Path, description = "Key of the pair.", example = "3-17_4-2")),
    responses((status = 200, description = "The pair.", body = PairWhole), Refusals),
)]
pub(crate) async fn one(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
) -> Result<Json<PairWhole>, Trouble> {
    let (roll, desk) = (app.roll(), app.desk().await?);
    let pairs = PairDesk::open((&app, &signed), &roll, &desk).await?;
    let queued = rows_of(&key).and_then(|rows| pairs.found(rows)).ok_or(Trouble::NotFound)?;
    let pair = &queued.pair;
    let mut records = app.store().records(&[pair.left, pair.right]).await?;
    if pair.left > pair.right {
        records.reverse();
    }
    let [left, right] = records.as_slice() else { return Err(Trouble::Changed("pair-gone")) };
    let children: Vec<_> = children_of(queued).collect();
    signed.looked(&app, Action::ReadClaims, &children).await?;
    let why = pair.why.as_ref();
    let lines = pair_lines([left, right], why, &app.county());
    Ok(Json(PairWhole {
        pair: PairTold::of(queued, pairs.rulings.get(&queued.key())),
        fields: lines.into_iter().map(field).collect(),
        evidence: why.map_or_else(Vec::new, evidence),
    }))
}

fn field(line: PairLine) -> PairFieldTold {
    let compared = line.compared.as_ref();
    PairFieldTold {
        field: field_key(line.field),
        compared: compared.map(|compared| Words::new(&compared.zh, &compared.en)),
        bits: compared.map(|compared| compared.bits),
        texts: line.texts.into(),
    }
}

const fn field_key(field: PairField) -> &'static str {
    match field {
        PairField::Name => "name",
        PairField::Sex => "sex",
        PairField::Birth => "birth",
        PairField::Id => "id",
        PairField::StudentNumber => "student_number",
        PairField::Guardian => "guardian",
        PairField::Home => "home",
        PairField::School => "school",
        PairField::Phone => "phone",
    }
}

const fn reason_word(reason: ReviewReason) -> &'static str {
    match reason {
        ReviewReason::Unsure => "unsure",
        ReviewReason::ReviewOnly => "review_only",
        ReviewReason::TwoIdentities => "two_identities",
        ReviewReason::SameSource => "same_source",
        ReviewReason::WeakBridge => "weak_bridge",
    }
}

fn evidence(why: &Waterfall) -> Vec<EvidenceStep> {
    let (zh, en) = (evidence_steps(why, true), evidence_steps(why, false));
    let both = zh.into_iter().zip(en);
    both.map(|((zh, bits), (en, _))| EvidenceStep { words: Words::new(zh, en), bits }).collect()
}

/// An answer to whether two rows are one child.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRuling {
    answer: NewPairAnswer,
    /// Why.
    #[serde(default)]
    #[schema(max_length = 200)]
    reason: String,
}

/// Whether two rows are one child.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NewPairAnswer {
    /// One child.
    Same,
    /// Two children.
    Different,
    /// It cannot be told from the rows.
    Unsure,
}

/// A ruling as kept.
#[derive(Serialize, ToSchema)]
pub(crate) struct Ruled {
    pair: String,
    answer: AnswerKey,
    /// It binds the next run.
    binds_next_run: bool,
}

/// Rules on a pair. The ruling binds the next run; no record is changed.
#[utoipa::path(
    post,
    path = "/api/v1/review/pairs/{pair}/answers",
    operation_id = "answer_pair",
    params(
        ("pair" = String, Path, description = "Key of the pair.", example = "3-17_4-2"),
        ("Idempotency-Key" = String, Header, description = "The same key with the same body is done once and gets the same answer, for 24 hours.", min_length = 1, max_length = 64, pattern = "^[!-~]+$"),
    ),
    request_body = NewRuling,
    responses((status = 200, description = "The ruling as kept.", body = Ruled), WriteRefusals),
)]
pub(crate) async fn answer(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
    sent: Sent<NewRuling>,
) -> Result<Response, Trouble> {
    signed.scope(Action::DecideIdentity)?;
    let rows = rows_of(&key).ok_or(Trouble::NotFound)?;
    let (new, once) = sent.parts();
    let lang = Lang::of(&headers);
    let doing = {
        let (app, signed) = (app.clone(), signed.clone());
        async move {
            let (roll, desk) = (app.roll(), app.desk().await?);
            let _turn = app.turn().await;
            let pairs = PairDesk::open((&app, &signed), &roll, &desk).await?;
            // What is gone and what was never the reader's look alike.
            let queued = pairs.found(rows).ok_or(Trouble::NotFound)?;
            if new.reason.chars().count() > REASON {
                return Err(Trouble::Bad("because"));
            }
            let answer = match new.answer {
                NewPairAnswer::Same => PairAnswer::Same,
                NewPairAnswer::Different => PairAnswer::Different,
                NewPairAnswer::Unsure => PairAnswer::Unsure,
            };
            match pairs.rule(queued, answer, (&new.reason, lang)).await? {
                None => Ok(Ruled {
                    pair: key_of(queued),
                    answer: answer.into(),
                    binds_next_run: answer != PairAnswer::Unsure,
                }),
                Some(_) => Err(Trouble::Changed("pair-ruled")),
            }
        }
    };
    once.answer((app, signed), doing).await
}
