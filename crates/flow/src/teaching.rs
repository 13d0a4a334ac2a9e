//! A visit that a school registers at a child taught at home becomes its word: a log of one row, read like any other log of
//! home teaching, so that the next run uses it.

mod plan;

use baoxue_claim::{ChildId, HomeVisit, Private, RecordId, Source, Statement, VerdictCode};
use baoxue_determine::{HomeTeachingRules, HomeVisits};
use baoxue_store::Store;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::{
    ChildPage, County, FileStatus, FlowError, ImportOptions, Roll,
    cases::join,
    child_page,
    import::{Form, take_in_form},
};

pub use plan::{LoggedPlan, PlanForm, held_teaching, tell_plan};

/// The headings of whose row it is.
const WHO: [&str; 4] = ["学校", "学生姓名", "身份证号", "出生日期"];

/// The reasons for which a child taught at home is not counted as in school, by the rules of `home-teaching.md`.
const LAPSED: [&str; 2] = ["HOME_TEACHING_LAPSED", "HOME_TEACHING_NO_VISIT"];

/// A visit as the page sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The school whose word it is.
    pub school: String,
    /// The day.
    pub on: NaiveDate,
    /// Who taught.
    pub teachers: String,
    /// Lessons given.
    pub periods: u32,
    /// What was taught, and how the child took it.
    pub contents: String,
    /// Whether the guardian signed.
    pub signed: bool,
    /// The day promised for the next visit.
    pub next: Option<NaiveDate>,
    /// When the teachers came, if they say.
    pub from: Option<NaiveTime>,
    /// When they left.
    pub to: Option<NaiveTime>,
}

/// What became of a visit that somebody registers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registered {
    /// There is a new row.
    New,
    /// The same person has registered the same before; nothing changed.
    Again,
    /// The row cannot be used, with the reason in zh-CN and English; nothing is kept.
    Refused(String, String),
}

/// One visit of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedVisit {
    /// Its row.
    pub record: RecordId,
    /// The day.
    pub on: NaiveDate,
    /// What the row says of it.
    pub visit: HomeVisit,
}

/// How the log of a child stands to its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogState {
    /// It counts as schooling until the day.
    Fresh(NaiveDate),
    /// It has ceased to; the last visit was on the day.
    Lapsed(NaiveDate),
    /// A log is to be expected, and holds no visit that counts.
    Missing,
    /// Its school has sent no log: the registry's word stands alone.
    Unkept,
}

/// The log of a child that is taught at home, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeachingLog {
    /// How it stands; `None` when no registry says that the child is taught at home now.
    pub state: Option<LogState>,
    /// The day by which the next visit is due.
    pub due: Option<NaiveDate>,
    /// All visits, the newest first.
    pub visits: Vec<LoggedVisit>,
    /// Lessons in the school year of the day.
    pub periods: u32,
    /// What the county asks for.
    pub asked: HomeTeachingRules,
    /// Visits within thirty days, holidays left out, and how many plan and county ask for.
    pub month: (u32, u32),
    /// The plans and evaluations of the school year, the newest first.
    pub plans: Vec<LoggedPlan>,
}

/// The log of a child; `None` for one that nobody teaches at home, and for one in the neutral class, of which nothing is told.
pub fn teaching_log(page: &ChildPage, county: &County) -> Option<TeachingLog> {
    let verdict = &page.explanation.verdict;
    let settings = &county.settings;
    if verdict.code == VerdictCode::OtherArrangement {
        return None;
    }
    let mut visits = visits(page);
    let year = baoxue_claim::SchoolYear::of(settings.as_of);
    let plans = plan::plans(page, year);
    if visits.is_empty() && plans.is_empty() && !page.entry.home_teaching {
        return None;
    }
    visits.sort_by(|a, b| b.on.cmp(&a.on).then(a.record.cmp(&b.record)));
    let records: Vec<_> = page.records.iter().collect();
    let counted = HomeVisits::of(&records, settings);
    let last = counted.as_ref().and_then(|counted| counted.days.last().copied());
    let lapsed = LAPSED.contains(&verdict.reason.as_str());
    let state = match (verdict.code, last) {
        (VerdictCode::HomeTeaching, Some(_)) => {
            Some(LogState::Fresh(verdict.expires.unwrap_or(settings.as_of)))
        }
        (VerdictCode::HomeTeaching, None) => Some(LogState::Unkept),
        (_, Some(last)) if lapsed => Some(LogState::Lapsed(last)),
        (_, None) if lapsed => Some(LogState::Missing),
        _ => None,
    };
    let mut seen = std::collections::BTreeMap::new();
    for visit in visits.iter().filter(|visit| visit.on <= settings.as_of) {
        // A visit that two lists tell is one.
        let periods = seen.entry(visit.on).or_insert(0);
        *periods = visit.visit.periods.unwrap_or(0).max(*periods);
    }
    let of_year = seen.iter().filter(|(on, _)| baoxue_claim::SchoolYear::of(**on) == year);
    let month = counted.as_ref().map_or((0, 0), |counted| (counted.recent, counted.asked));
    Some(TeachingLog {
        month,
        plans,
        due: counted.map(|counted| counted.due()).filter(|_| state.is_some()),
        periods: of_year.map(|(_, periods)| *periods).sum(),
        asked: settings.home_teaching.clone(),
        state,
        visits,
    })
}

fn visits(page: &ChildPage) -> Vec<LoggedVisit> {
    let claims = page
        .records
        .iter()
        .flat_map(|record| record.claims.iter().map(move |claim| (record.id, claim)));
    claims
        .filter_map(|(record, claim)| {
            let Statement::HomeVisit(visit) = &claim.what else { return None };
            Some(LoggedVisit { record, on: claim.on, visit: visit.clone() })
        })
        .collect()
}

/// The day by which a visit is due to a child of the roll: today where a log is expected and none has come.
pub(crate) fn visit_due(
    (code, reason): (VerdictCode, &str),
    records: &[&baoxue_claim::Record],
    county: &County,
) -> Option<NaiveDate> {
    let lapsed = LAPSED.contains(&reason);
    if code != VerdictCode::HomeTeaching && !lapsed {
        return None;
    }
    let visits = HomeVisits::of(records, &county.settings);
    let due = visits.map(|visits| visits.due());
    due.or_else(|| lapsed.then_some(county.settings.as_of))
}

/// Takes a visit in as the word of the child's school, and rules that its row is this child.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn tell_visit(
    store: &Store,
    place: (&County, &Roll),
    (child, lesson): (ChildId, &Lesson),
    by: (&str, DateTime<Utc>),
) -> Result<Registered, FlowError> {
    let time = |time: Option<NaiveTime>| {
        time.map(|time| time.format("%H:%M").to_string()).unwrap_or_default()
    };
    let mut said = vec![
        ("送教日期", lesson.on.to_string()),
        ("送教教师", lesson.teachers.clone()),
        ("送教节数", lesson.periods.to_string()),
        ("送教内容", lesson.contents.clone()),
        ("监护人签字", if lesson.signed { "是" } else { "否" }.to_owned()),
        ("下次送教日期", lesson.next.map(|next| next.to_string()).unwrap_or_default()),
    ];
    if lesson.from.is_some() || lesson.to.is_some() {
        said.extend([("到达时间", time(lesson.from)), ("离开时间", time(lesson.to))]);
    }
    let name = format!("送教登记_{}", lesson.on);
    let row = (name.as_str(), lesson.on, said);
    tell_row(store, place, (child, &lesson.school), row, by).await
}

/// Takes a row of the log in as the word of the child's school: the name of its list, its day, and headings with cells.
async fn tell_row(
    store: &Store,
    (county, roll): (&County, &Roll),
    (child, school): (ChildId, &str),
    (name, on, said): (&str, NaiveDate, Vec<(&str, String)>),
    (by, now): (&str, DateTime<Utc>),
) -> Result<Registered, FlowError> {
    let page = child_page(store, county, roll, child).await?;
    let options = ImportOptions {
        source: Some(Source::HomeTeachingLog),
        as_of: Some(on),
        ..ImportOptions::of_form(by, now)
    };
    let mut header = WHO.map(str::to_owned).to_vec();
    let mut row = who(&page, school);
    for (heading, cell) in said {
        header.push(heading.to_owned());
        row.push(cell);
    }
    let form = Form { name, sheet: "登记", rows: vec![header, row] };
    let outcome = take_in_form(store, county, form, &options).await?;
    let (batch, registered) = match (outcome.status, outcome.batch) {
        (FileStatus::Accepted, Some(batch)) if outcome.imported == 1 => (batch, Registered::New),
        // Killed between the row and the ruling, the same form finds its row again.
        (FileStatus::Duplicate, Some(batch)) => (batch, Registered::Again),
        (_, batch) => {
            if let Some(batch) = batch {
                let why = "送教登记的行无法使用，自动撤回";
                store.withdraw(batch, why, by, now).await?;
            }
            let told = outcome.messages.first();
            let (zh, en) = told.map(|told| (told.zh.clone(), told.en.clone())).unwrap_or_default();
            return Ok(Registered::Refused(zh, en));
        }
    };
    join(store, &page, batch, ("学校登记送教的就是这名学生", by, now)).await?;
    Ok(registered)
}

/// Whose row it is.
fn who(page: &ChildPage, school: &str) -> Vec<String> {
    let known = &page.profile;
    let private = |text: &Private| text.expose().to_owned();
    let id = known.id.as_ref().map(|id| id.expose().to_owned());
    vec![
        school.to_owned(),
        known.name.as_ref().map(|name| name.expose().to_owned()).unwrap_or_default(),
        id.or_else(|| known.id_raw.as_ref().map(private)).unwrap_or_default(),
        known.birth.map(|birth| birth.to_string()).unwrap_or_default(),
    ]
}
