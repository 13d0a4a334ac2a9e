//! 数出多门: children about whom sources disagree, and what the sides answer.

use axum::{
    extract::{Path, State},
    response::Response,
};
use baoxue_authz::{Action, Resource};
use baoxue_claim::Source;
use baoxue_determine::{About, Conflict};
use baoxue_flow::{Outcome, Reply, Roll, all_replies, answers_for, of_quarrel, standing};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    answer::{ChildKey, Listed, SourceKey, Words},
    children::ChildLine,
    once::Sent,
    problem::{Refusals, WriteRefusals},
    query::{LIMIT, Term, behind, check, limit, one},
};
use crate::{
    app::App,
    display::{child_key, child_of, covered},
    door::{Signed, place},
    forms::Asked,
    i18n::Lang,
    pages::conflicts::{BECAUSE, say, shown_to, side_of},
    trouble::Trouble,
};

/// A quarrel of sources.
#[derive(Serialize, ToSchema)]
pub(crate) struct Quarrel {
    /// `schooling` or `birth`.
    about: &'static str,
    /// Since when both sides say what they say.
    since: NaiveDate,
    /// The day on which it was first shown.
    opened: NaiveDate,
    answer_by: NaiveDate,
    /// Where it stands.
    standing: Words,
    sides: Vec<SideTold>,
    /// What the sides have answered, oldest first.
    answers: Vec<SideAnswer>,
}

/// A side.
#[derive(Serialize, ToSchema)]
pub(crate) struct SideTold {
    source: SourceKey,
    /// In Chinese.
    says: String,
    /// Who answers for it.
    seat: Words,
}

/// An answer of a side.
#[derive(Serialize, ToSchema)]
pub(crate) struct SideAnswer {
    side: SourceKey,
    /// `corrects` or `disagrees`.
    outcome: &'static str,
    because: String,
    at: DateTime<Utc>,
}

impl From<&Reply> for SideAnswer {
    fn from(reply: &Reply) -> Self {
        let outcome = match reply.outcome {
            Outcome::Corrects => "corrects",
            Outcome::StillDisagrees => "disagrees",
        };
        Self {
            side: reply.side.into(),
            outcome,
            because: covered(&reply.because, Lang::Zh),
            at: reply.at,
        }
    }
}

impl Quarrel {
    pub(crate) fn of(conflict: &Conflict, replies: &[Reply], today: NaiveDate) -> Self {
        let standing = standing(conflict, replies, today);
        let side = |side: &baoxue_determine::Side| SideTold {
            source: side.source.into(),
            says: side.says.clone(),
            seat: Words::new(side.seat.zh(), side.seat.en()),
        };
        Self {
            about: match conflict.about {
                About::Schooling => "schooling",
                About::Birth => "birth",
            },
            since: conflict.since,
            opened: conflict.opened,
            answer_by: conflict.answer_by,
            standing: Words::new(standing.zh(), standing.en()),
            sides: conflict.sides.iter().map(side).collect(),
            answers: of_quarrel(conflict, replies).map(SideAnswer::from).collect(),
        }
    }
}

/// A child about whom sources disagree.
#[derive(Serialize, ToSchema)]
pub(crate) struct Disputed {
    child: ChildLine,
    conflict: Quarrel,
    /// Sides for which the reader may answer.
    yours: Vec<SourceKey>,
    #[serde(skip)]
    #[schema(ignore)]
    key: String,
}

const TERMS: [Term; 2] = [LIMIT, one("after", |key| child_of(key).is_some())];

/// Conflicts about children that the reader may see, the nearest day first.
#[utoipa::path(
    get,
    path = "/api/v1/conflicts",
    operation_id = "conflicts",
    params(
        ("after" = Option<ChildKey>, Query, description = "Key of the child behind which the part begins: `next` of the part before."),
        ("limit" = Option<usize>, Query, description = "Lines of a part.", minimum = 1, maximum = 200),
    ),
    responses((status = 200, description = "A part of the list.", body = Listed<Disputed>), Refusals),
)]
pub(crate) async fn list(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
) -> Result<Response, Trouble> {
    let scope = signed.scope(Action::ReadClaims)?;
    check(&asked, &TERMS)?;
    let (roll, desk) = (app.roll(), app.desk().await?);
    let all = shown_to(&scope, &roll, &desk);
    let (total, limit) = (all.len(), limit(&asked));
    let mut part = behind(all, asked.one("after"), |(_, entry)| child_key(entry.child))?;
    part.truncate(limit);
    let seen: Vec<_> = part.iter().map(|(_, entry)| entry.child).collect();
    signed.lists(&app, Action::ReadClaims, &seen).await?;
    let replies = all_replies(app.store()).await?;
    let today = app.county().settings.as_of;
    let line = |(conflict, entry): &(&Conflict, &baoxue_flow::Entry)| {
        let own = replies.get(&entry.child).map(Vec::as_slice).unwrap_or_default();
        disputed((&signed, &roll), (conflict, entry), own, today)
    };
    let lines = part.iter().map(line).collect();
    Ok(Listed::of(lines, Some(total), limit, |line: &Disputed| line.key.clone()).answer())
}

fn disputed(
    (signed, roll): (&Signed, &Roll),
    (conflict, entry): (&Conflict, &baoxue_flow::Entry),
    replies: &[Reply],
    today: NaiveDate,
) -> Disputed {
    let answers = signed.can(Action::AnswerConflict, &Resource::Child(place(entry)));
    let yours = conflict.sides.iter().filter(|side| answers_for(signed.actor.role, side.seat));
    Disputed {
        key: child_key(entry.child),
        child: ChildLine::of(entry, roll),
        conflict: Quarrel::of(conflict, replies, today),
        yours: yours.filter(|_| answers).map(|side| side.source.into()).collect(),
    }
}

/// What a side answers: it corrects itself, or it still disagrees, because.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAnswer {
    /// The side, by its source.
    #[schema(value_type = SourceKey)]
    side: String,
    outcome: NewOutcome,
    /// Why.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    because: String,
}

/// What a side says now.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NewOutcome {
    /// It was wrong and will send its list again.
    Corrects,
    /// It stands by what it said.
    Disagrees,
}

/// Answers for a side. Nobody is overruled and no status changes: a new list or the seat above both sides settles it.
#[utoipa::path(
    post,
    path = "/api/v1/conflicts/{child}/answers",
    operation_id = "answer_conflict",
    params(
        ("child" = String, Path, description = "Key of the child.", example = "c_3-17"),
        ("Idempotency-Key" = String, Header, description = "The same key with the same body is done once and gets the same answer, for 24 hours.", min_length = 1, max_length = 64, pattern = "^[!-~]+$"),
    ),
    request_body = NewAnswer,
    responses((status = 200, description = "The answer as kept.", body = SideAnswer), WriteRefusals),
)]
pub(crate) async fn answer(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    sent: Sent<NewAnswer>,
) -> Result<Response, Trouble> {
    let id = child_of(&key).ok_or(Trouble::NotFound)?;
    let (new, once) = sent.parts();
    let doing = {
        let (app, signed) = (app.clone(), signed.clone());
        async move {
            let side = side_of((&app, &signed), id, &new.side).await.map_err(|trouble| {
                let is_source = new.side.parse::<Source>().is_ok();
                if matches!(trouble, Trouble::Changed(_)) && !is_source {
                    Trouble::Bad("no-json")
                } else {
                    trouble
                }
            })?;
            let because = new.because.trim();
            if because.is_empty() || because.chars().count() > BECAUSE {
                return Err(Trouble::Bad("because"));
            }
            let outcome = match new.outcome {
                NewOutcome::Corrects => Outcome::Corrects,
                NewOutcome::Disagrees => Outcome::StillDisagrees,
            };
            let said = say((&app, &signed), (id, side, outcome), because.to_owned()).await?;
            Ok(SideAnswer::from(&said))
        }
    };
    once.answer((app, signed), doing).await
}
