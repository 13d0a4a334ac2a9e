//! What the sides of a conflict answer: "we correct ourselves", or "we still disagree, because". Appended to the log, never
//! edited; the last answer of a side counts.

use std::collections::BTreeMap;

use baoxue_authz::Role;
use baoxue_claim::{ChildId, Source};
use baoxue_determine::{Conflict, Seat};
use baoxue_store::{NewEvent, Store};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::FlowError;

/// The word of these answers in the log.
const WHAT: &str = "conflict_answered";

/// An answer of one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The child.
    pub child: ChildId,
    /// The side, by its source.
    pub side: Source,
    /// What it says now.
    pub outcome: Outcome,
    /// Why.
    pub because: String,
    /// Who answers.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What a side says when it is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was wrong and will send its list again.
    Corrects,
    /// It stands by what it said.
    StillDisagrees,
}

/// Where a conflict stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Sides have not answered, and there is time.
    Open {
        /// Whose answers are awaited.
        awaited: Vec<Seat>,
    },
    /// Sides have not answered in time.
    Overdue {
        /// Whose answers are late.
        awaited: Vec<Seat>,
    },
    /// All have answered and a side corrects itself: its new list settles the conflict.
    ToBeCorrected,
    /// All have answered and stand by what they said: the seat above both lines decides.
    StillDisagree {
        /// Who decides.
        decides: Seat,
    },
}

#[derive(Serialize, Deserialize)]
struct Body {
    child: ChildId,
    side: Source,
    outcome: Outcome,
    because: String,
}

/// Appends an answer. Whoever says the last word of a side once more has said nothing new: nothing is appended, and the
/// answer is `false`. Whoever may be told twice at once holds a turn.
///
/// # Errors
/// [`FlowError::NoConflict`] when the newest run has no conflict of the child with such a side.
pub async fn reply(store: &Store, reply: Reply) -> Result<bool, FlowError> {
    let (child, side) = (reply.child, reply.side);
    let conflicts = store.conflicts().await?;
    let found = conflicts.iter().filter(|conflict| conflict.child == child).find_map(|conflict| {
        let conflict: Conflict = serde_json::from_slice(&conflict.body).ok()?;
        conflict.sides.iter().any(|known| known.source == side).then_some(conflict)
    });
    let conflict = found.ok_or(FlowError::NoConflict(child, side))?;
    let said = replies_to(store, child).await?;
    let last = of_quarrel(&conflict, &said).filter(|said| said.side == side).last();
    if last.is_some_and(|last| reply.repeats(last)) {
        return Ok(false);
    }
    let Reply { outcome, because, by, at, .. } = reply;
    let body = serde_json::to_value(Body { child, side, outcome, because })?;
    store.log(NewEvent { what: WHAT.to_owned(), at, by, body }).await?;
    store.settle().await?;
    Ok(true)
}

impl Reply {
    /// Whether the same person says the same again.
    fn repeats(&self, last: &Self) -> bool {
        self.outcome == last.outcome && self.because == last.because && self.by == last.by
    }
}

/// The conflicts of the newest run by child.
///
/// # Errors
/// [`FlowError`] when the store refuses or one cannot be read.
pub async fn open_conflicts(store: &Store) -> Result<BTreeMap<ChildId, Conflict>, FlowError> {
    let stored = store.conflicts().await?.into_iter();
    let open = stored.map(|found| Ok((found.child, serde_json::from_slice(&found.body)?)));
    open.collect()
}

/// Whether somebody of that role answers for a side whose seat this is. The bureau may write down what any side says.
pub fn answers_for(role: Role, seat: Seat) -> bool {
    match role {
        Role::Bureau => true,
        Role::Town => matches!(seat, Seat::TownHead | Seat::VillageHead),
        Role::Principal => matches!(seat, Seat::Principal | Seat::Teacher),
        Role::CountyLeader
        | Role::Village
        | Role::Teacher
        | Role::Department
        | Role::Inspector
        | Role::Auditor
        | Role::SystemAdmin
        | Role::SecurityAdmin
        | Role::AuditAdmin => false,
    }
}

/// The answers about a child, oldest first.
pub(crate) async fn replies_to(store: &Store, child: ChildId) -> Result<Vec<Reply>, FlowError> {
    Ok(all_replies(store).await?.remove(&child).unwrap_or_default())
}

/// All answers by child, oldest first.
///
/// # Errors
/// [`FlowError`] when the store refuses or one cannot be read.
pub async fn all_replies(store: &Store) -> Result<BTreeMap<ChildId, Vec<Reply>>, FlowError> {
    let mut replies: BTreeMap<ChildId, Vec<Reply>> = BTreeMap::new();
    for event in store.events().await?.into_iter().filter(|event| event.event.what == WHAT) {
        let body: Body = serde_json::from_value(event.event.body)?;
        replies.entry(body.child).or_default().push(Reply {
            child: body.child,
            side: body.side,
            outcome: body.outcome,
            because: body.because,
            by: event.event.by,
            at: event.event.at,
        });
    }
    Ok(replies)
}

/// The answers since the conflict was first shown.
pub fn of_quarrel<'r>(
    conflict: &Conflict,
    replies: &'r [Reply],
) -> impl Iterator<Item = &'r Reply> {
    let opened = conflict.opened;
    replies.iter().filter(move |reply| reply.at.date_naive() >= opened)
}

impl Outcome {
    /// The words in zh-CN.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Corrects => "更正",
            Self::StillDisagrees => "仍不一致，因为",
        }
    }

    /// The words in English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::Corrects => "corrects itself",
            Self::StillDisagrees => "still disagrees, because",
        }
    }
}

impl Standing {
    /// Where it stands, in zh-CN.
    pub fn zh(&self) -> String {
        let list =
            |seats: &[Seat]| seats.iter().map(|seat| seat.zh()).collect::<Vec<_>>().join("、");
        match self {
            Self::Open { awaited } => format!("等待答复：{}", list(awaited)),
            Self::Overdue { awaited } => format!("逾期未答复：{}", list(awaited)),
            Self::ToBeCorrected => "已答复更正，等待重新报送".to_owned(),
            Self::StillDisagree { decides } => format!("各方坚持原说法，由{}裁定", decides.zh()),
        }
    }

    /// The same in English.
    pub fn en(&self) -> String {
        let list =
            |seats: &[Seat]| seats.iter().map(|seat| seat.en()).collect::<Vec<_>>().join(", ");
        match self {
            Self::Open { awaited } => format!("awaited: {}", list(awaited)),
            Self::Overdue { awaited } => format!("late: {}", list(awaited)),
            Self::ToBeCorrected => "corrected; the new list is awaited".to_owned(),
            Self::StillDisagree { decides } => {
                format!("the sides still disagree; the {} decides", decides.en())
            }
        }
    }
}

/// Where a conflict stands on a day, told by its answers alone; `replies` are in order of time. Answers from before it was
/// first shown belong to an older quarrel.
pub fn standing(conflict: &Conflict, replies: &[Reply], today: NaiveDate) -> Standing {
    let last: BTreeMap<Source, Outcome> =
        of_quarrel(conflict, replies).map(|reply| (reply.side, reply.outcome)).collect();
    let mut awaited: Vec<Seat> = conflict
        .sides
        .iter()
        .filter(|side| !last.contains_key(&side.source))
        .map(|side| side.seat)
        .collect();
    awaited.dedup();
    if !awaited.is_empty() {
        let late = conflict.answer_by < today;
        return if late { Standing::Overdue { awaited } } else { Standing::Open { awaited } };
    }
    let corrects = conflict.sides.iter().any(|side| last[&side.source] == Outcome::Corrects);
    if corrects {
        Standing::ToBeCorrected
    } else {
        Standing::StillDisagree { decides: Seat::CountyHead }
    }
}

#[cfg(test)]
mod tests {
    use baoxue_determine::{About, Side};
    use chrono::TimeZone;

    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 8, day).unwrap()
    }

    fn conflict() -> Conflict {
        let side = |source, seat| Side { source, seat, claims: Vec::new(), says: String::new() };
        Conflict {
            sides: vec![
                side(Source::TownSurvey, Seat::TownHead),
                side(Source::StudentRegistry, Seat::Principal),
            ],
            about: About::Schooling,
            since: day(20),
            opened: day(25),
            answer_by: day(30),
            seats: vec![Seat::TownHead, Seat::Principal],
        }
    }

    fn said(side: Source, outcome: Outcome) -> Reply {
        let at = Utc.with_ymd_and_hms(2019, 8, 26, 8, 0, 0).unwrap();
        Reply {
            child: ChildId(1), side, outcome, because: "已核实".into(), by: "甲".into(), at
        }
    }

    #[test]
    fn a_conflict_stands_where_its_answers_leave_it() {
        use Outcome::{Corrects, StillDisagrees};
        let check = |replies: &[(Source, Outcome)], today: u32, expected: Standing| {
            let replies: Vec<Reply> =
                replies.iter().map(|(side, what)| said(*side, *what)).collect();
            assert_eq!(standing(&conflict(), &replies, day(today)), expected, "{replies:?}");
        };
        let (town, school) = (Source::TownSurvey, Source::StudentRegistry);
        let both = vec![Seat::TownHead, Seat::Principal];
        check(&[], 30, Standing::Open { awaited: both.clone() });
        check(&[], 31, Standing::Overdue { awaited: both });
        let awaited = vec![Seat::Principal];
        check(&[(town, StillDisagrees)], 27, Standing::Open { awaited });
        let decides = Seat::CountyHead;
        let disagree = [(town, StillDisagrees), (school, StillDisagrees)];
        check(&disagree, 31, Standing::StillDisagree { decides });
        check(&[(town, StillDisagrees), (school, Corrects)], 31, Standing::ToBeCorrected);
        // What was answered in an older quarrel is no answer to this one.
        let mut old = said(school, Corrects);
        old.at = Utc.with_ymd_and_hms(2019, 8, 24, 23, 0, 0).unwrap();
        let awaited = vec![Seat::Principal];
        let found = standing(&conflict(), &[old, said(town, StillDisagrees)], day(27));
        assert_eq!(found, Standing::Open { awaited });
        // The last word of a side counts.
        let last = [(town, Corrects), (school, StillDisagrees), (town, StillDisagrees)];
        check(&last, 31, Standing::StillDisagree { decides });
    }
}
