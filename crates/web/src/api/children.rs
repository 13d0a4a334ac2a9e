//! The ledger, with the filters of its page.

use axum::{extract::State, response::Response};
use baoxue_authz::Action;
use baoxue_claim::{TownCode, VerdictCode};
use baoxue_flow::{Entry, Group, Kind, Roll, SchoolStage};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::{
        AllFlag, ChildKey, CodeKey, DueKey, EndsKey, GroupKey, Listed, SaidKey, SortKey, StageKey,
        StatusKey, StripKey, StripPair, TownTerm,
    },
    problem::Refusals,
    query::{LIMIT, Term, check, is_short, limit, many, one},
};
use crate::{
    app::App,
    display::{child_key, child_of, pair_of, sex_key},
    door::Signed,
    forms::Asked,
    pages::children::{SORTS, filter},
    trouble::Trouble,
};

/// A child as lists show it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChildLine {
    /// Its key.
    #[schema(example = "c_3-17")]
    child: String,
    /// Name, where a source gives one.
    name: Option<String>,
    /// The resident ID with its middle covered.
    #[schema(example = "610000********0000")]
    id: Option<String>,
    /// `male` or `female`.
    sex: Option<&'static str>,
    /// Birth, as precise as known: a day, a month or a year.
    #[schema(example = "2013-05-02")]
    birth: Option<String>,
    /// The town that answers for the child: its code.
    #[schema(value_type = Option<String>)]
    town: Option<TownCode>,
    /// The same by name.
    town_name: Option<String>,
    village: Option<String>,
    school: Option<String>,
    /// Grade, 1 to 9.
    grade: Option<u8>,
    class: Option<String>,
    status: StatusKey,
    code: CodeKey,
    /// Whether two sources, an inspection or a visit agree. Only a confirmed verdict may reach a family.
    confirmed: bool,
    /// Whether sources contradict each other.
    quarrel: bool,
    /// The day by which the sides of a conflict must answer.
    answer_by: Option<NaiveDate>,
    /// The last day of the ground.
    expires: Option<NaiveDate>,
    /// What each source says, in the order of the strip.
    sources: Vec<SourceSays>,
}

/// What a source says of whether a child is in school.
#[derive(Serialize, ToSchema)]
pub(crate) struct SourceSays {
    source: StripKey,
    said: SaidKey,
    /// Whether its newest row is more than a year old.
    old: bool,
}

impl ChildLine {
    pub(crate) fn of(entry: &Entry, roll: &Roll) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let sources = entry.strip.iter().enumerate().filter_map(|(at, cell)| {
            let source = StripKey::at(at)?;
            Some(SourceSays { source, said: cell.said.into(), old: cell.old })
        });
        Self {
            child: child_key(entry.child),
            name: owned(entry.name.as_deref()),
            id: owned(entry.id.as_deref()),
            sex: entry.sex.map(sex_key),
            birth: entry.birth.map(|birth| birth.to_string()),
            town: entry.town,
            town_name: roll.town_name(entry).map(str::to_owned),
            village: owned(entry.village.as_deref()),
            school: owned(entry.school_shown()),
            grade: entry.grade,
            class: owned(entry.class.as_deref()),
            status: entry.kind().into(),
            code: entry.code.into(),
            confirmed: entry.confirmed,
            quarrel: entry.quarrel,
            answer_by: entry.answer_by,
            expires: entry.expires,
            sources: sources.collect(),
        }
    }
}

const TERMS: [Term; 15] = [
    LIMIT,
    one("after", |key| child_of(key).is_some()),
    one("q", is_short),
    one("all", |text| text == "1"),
    many("status", |key| Kind::from_key(key).is_some()),
    one("code", |code| code.parse::<VerdictCode>().is_ok()),
    many("town", |code| code == "none" || code.parse::<TownCode>().is_ok()),
    one("village", is_short),
    one("school", is_short),
    many("group", |key| Group::from_key(key).is_some()),
    many("stage", |key| SchoolStage::ALL.into_iter().any(|stage| stage.key() == key)),
    one("due", |key| matches!(key, "over" | "soon")),
    one("ends", |key| key == "month"),
    one("pair", |key| pair_of(key).is_some()),
    one("sort", |key| SORTS.iter().any(|(known, _)| *known == key)),
];

/// Children that the reader may see.
#[utoipa::path(
    get,
    path = "/api/v1/children",
    operation_id = "children",
    params(
        ("q" = Option<String>, Query, description = "Name, pinyin, initials or the end of a number.", max_length = 80),
        ("all" = Option<AllFlag>, Query, description = "`1`: also children who are not of compulsory age."),
        ("status" = Option<Vec<StatusKey>>, Query, description = "Any of these statuses."),
        ("code" = Option<CodeKey>, Query, description = "One code."),
        ("town" = Option<Vec<TownTerm>>, Query, description = "Any of these towns: codes of nine digits, or `none`."),
        ("village" = Option<String>, Query, description = "A village by name.", max_length = 80),
        ("school" = Option<String>, Query, description = "A school by name.", max_length = 80),
        ("group" = Option<Vec<GroupKey>>, Query, description = "In all of these groups."),
        ("stage" = Option<Vec<StageKey>>, Query, description = "Any of these stages."),
        ("due" = Option<DueKey>, Query, description = "Something is overdue, or due within three days."),
        ("ends" = Option<EndsKey>, Query, description = "The ground ends within a month."),
        ("pair" = Option<StripPair>, Query, description = "Two sources of the strip that say different things, such as `xueji-zhen`."),
        ("sort" = Option<SortKey>, Query, description = "The order; `urgency` unless asked otherwise."),
        ("after" = Option<ChildKey>, Query, description = "Key of the child behind which the part begins: `next` of the part before."),
        ("limit" = Option<usize>, Query, description = "Lines of a part.", minimum = 1, maximum = 200),
    ),
    responses((status = 200, description = "A part of the list.", body = Listed<ChildLine>), Refusals),
)]
pub(crate) async fn list(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
) -> Result<Response, Trouble> {
    let scope = signed.scope(Action::ReadChild)?;
    check(&asked, &TERMS)?;
    let (roll, county) = (app.roll(), app.county());
    let filter = filter(&asked, county.settings.as_of);
    let visible = |entry: &Entry| scope.sees(entry.standing());
    let (after, limit) = (asked.one("after").and_then(child_of), limit(&asked));
    let found = roll.find_after(&visible, &filter, (after, limit)).ok_or(Trouble::NotFound)?;
    let shown: Vec<_> = found.entries.iter().map(|entry| entry.child).collect();
    signed.lists(&app, Action::ReadChild, &shown).await?;
    let lines = found.entries.iter().map(|entry| ChildLine::of(entry, &roll)).collect();
    Ok(Listed::of(lines, Some(found.total), limit, |line: &ChildLine| line.child.clone()).answer())
}
