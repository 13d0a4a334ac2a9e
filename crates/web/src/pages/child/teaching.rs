//! 送教上门: the plan and the log of a child taught at home, and the forms by which its school tells them.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_authz::Action;
use baoxue_claim::{Private, names_sealed};
use baoxue_flow::{
    Entry, FlowError,
    teaching::{
        Lesson, LogState, LoggedPlan, LoggedVisit, PlanForm, Registered, TeachingLog, teaching_log,
        tell_plan, tell_visit,
    },
};
use chrono::{NaiveDate, NaiveTime};

use super::{Head, Opened, open, readable};
use crate::{
    app::App,
    chrome::Chrome,
    display::{html, record_key},
    door::Signed,
    forms::{Asked, Posted, day},
    i18n::{Lang, number},
    trouble::Trouble,
};

/// Longest line and longest words, in characters.
const LINE: usize = 80;
const WORDS: usize = 500;
/// Most lessons of one visit; more is a slip of the hand.
const MOST: u32 = 12;
/// Most visits of a month.
const MOST_VISITS: u32 = 31;

type Fields = BTreeMap<String, String>;

struct VisitLine {
    on: String,
    /// From when to when, as far as the row says.
    times: String,
    teachers: String,
    periods: String,
    contents: String,
    signed: String,
    row: String,
}

#[derive(Template)]
#[template(path = "child_teaching.html")]
struct TeachingPage {
    chrome: Chrome,
    head: Head,
    tab: &'static str,
    /// How the log stands: the class and the icon of the words, and the words.
    state: Option<(&'static str, &'static str, String)>,
    due: Option<String>,
    sums: Vec<String>,
    visits: Vec<VisitLine>,
    /// The plan of the school year: label and value, and its row.
    plan: Option<(Vec<(String, String)>, String)>,
    /// Evaluations of terms: day, words, row.
    evaluations: Vec<(String, String, String)>,
    /// Whether the reader registers visits.
    writes: bool,
    typed: Fields,
    today: String,
    saved: bool,
    error: Option<String>,
}

impl TeachingPage {
    /// What was typed, or what the field begins with.
    fn typed<'a>(&'a self, name: &str, first: &'a str) -> &'a str {
        self.typed.get(name).map_or(first, String::as_str)
    }

    /// Whether a form was not taken and stays open.
    fn is_unfolded(&self, form: &str) -> bool {
        self.typed.get("form").is_some_and(|typed| typed == form)
    }
}

/// What became of a form: what was typed and why it was not taken, or that it was.
enum Form {
    Empty,
    Saved,
    Refused(Fields, String),
}

/// The log.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let form = if asked.one("saved").is_some() { Form::Saved } else { Form::Empty };
    show((&app, &signed), &key, &headers, form).await
}

async fn show(
    (app, signed): (&App, &Signed),
    key: &str,
    headers: &HeaderMap,
    form: Form,
) -> Result<Response, Trouble> {
    let opened = open((app, signed), key, (Action::ReadClaims, "teaching"), headers).await?;
    let writes = signed.can(Action::LogTeaching, &opened.place) && opened.page.entry.home_teaching;
    let Opened { page, head, chrome, .. } = opened;
    let (county, lang) = (app.county(), chrome.lang);
    let log = teaching_log(&page, &county);
    let today = app.cases().await?.moment(app.now()).date();
    let (typed, error, saved) = match form {
        Form::Empty => (Fields::new(), None, false),
        Form::Saved => (Fields::new(), None, true),
        Form::Refused(typed, why) => (typed, Some(why), false),
    };
    html(&TeachingPage {
        state: log.as_ref().and_then(|log| log.state).map(|state| words(state, lang)),
        due: log.as_ref().and_then(|log| log.due).map(|due| due.to_string()),
        sums: log.as_ref().map(|log| sums(log, lang)).unwrap_or_default(),
        visits: log.iter().flat_map(|log| &log.visits).map(|visit| line(visit, lang)).collect(),
        tab: "teaching",
        today: today.to_string(),
        writes,
        plan: log.as_ref().and_then(TeachingLog::plan).map(|plan| plan_lines(plan, lang)),
        evaluations: log
            .iter()
            .flat_map(TeachingLog::evaluations)
            .map(|told| {
                let words = shown(told.plan.evaluated.as_ref());
                (told.on.to_string(), words, record_key(told.record))
            })
            .collect(),
        typed,
        saved,
        error,
        head,
        chrome,
    })
}

fn words(state: LogState, lang: Lang) -> (&'static str, &'static str, String) {
    let on = |key: &str, day: NaiveDate| lang.with(key, &[("on", day.to_string().into())]);
    match state {
        LogState::Fresh(until) => ("okc", "circle-check", on("teaching-fresh", until)),
        LogState::Lapsed(last) => ("noc", "alert-triangle", on("teaching-lapsed", last)),
        LogState::Missing => ("noc", "alert-triangle", lang.t("teaching-missing")),
        LogState::Unkept => ("muted", "help-circle", lang.t("teaching-unkept")),
    }
}

/// Lessons of the school year, and what the county asks for.
fn sums(log: &TeachingLog, lang: Lang) -> Vec<String> {
    let n = |n: u32| ("n", number(usize::try_from(n).unwrap_or(usize::MAX)));
    let mut sums = vec![lang.with("teaching-periods", &[n(log.periods)])];
    let asked = [
        ("teaching-asked-gap", log.asked.gap_days),
        ("teaching-asked-month", log.asked.min_per_month),
        ("teaching-asked-year", log.asked.min_periods_year),
    ];
    sums.extend(asked.into_iter().filter(|(_, n)| *n > 0).map(|(key, k)| lang.with(key, &[n(k)])));
    let (recent, asked) = log.month;
    if asked > 0 {
        sums.push(lang.with(
            "teaching-month",
            &[n(recent), ("of", number(usize::try_from(asked).unwrap_or(usize::MAX)))],
        ));
    }
    sums
}

/// What the school plans, with what is not told named.
fn plan_lines(told: &LoggedPlan, lang: Lang) -> (Vec<(String, String)>, String) {
    let day =
        |day: Option<NaiveDate>| day.map_or_else(|| lang.t("not-told"), |day| day.to_string());
    let plan = &told.plan;
    let lines = [
        ("plan-on", told.on.to_string()),
        ("plan-visits", plan.per_month.map(|n| n.to_string()).unwrap_or_default()),
        ("teaching-teachers", shown(plan.teachers.as_ref())),
        ("plan-contents", shown(plan.contents.as_ref())),
        ("plan-assessed", day(plan.assessed)),
        ("plan-consented", day(plan.consented)),
    ];
    (lines.into_iter().map(|(key, value)| (lang.t(key), value)).collect(), record_key(told.record))
}

/// Words that touch custody are shown nowhere.
fn shown(text: Option<&Private>) -> String {
    text.map(Private::expose).filter(|text| !names_sealed(text)).unwrap_or_default().to_owned()
}

fn line(logged: &LoggedVisit, lang: Lang) -> VisitLine {
    let visit = &logged.visit;
    let time = |time: Option<NaiveTime>| {
        time.map_or_else(|| "?".to_owned(), |time| time.format("%H:%M").to_string())
    };
    let told = visit.from.is_some() || visit.to.is_some();
    VisitLine {
        on: logged.on.to_string(),
        times: if told {
            format!("{}–{}", time(visit.from), time(visit.to))
        } else {
            String::new()
        },
        teachers: shown(visit.teachers.as_ref()),
        periods: visit.periods.map(|periods| periods.to_string()).unwrap_or_default(),
        contents: shown(visit.contents.as_ref()),
        signed: match visit.signed {
            Some(true) => lang.t("teaching-signed-yes"),
            Some(false) => lang.t("teaching-signed-no"),
            None => lang.t("not-told"),
        },
        row: record_key(logged.record),
    }
}

/// What a form of the page tells.
enum Said {
    Visit(Lesson),
    Plan(String, PlanForm),
}

/// Takes a visit, a plan or an evaluation.
pub(crate) async fn register(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
    Posted(fields): Posted<Fields>,
) -> Result<Response, Trouble> {
    let (roll, lang) = (app.roll(), Lang::of(&headers));
    let entry = readable(&roll, &signed, &key, Action::LogTeaching)?;
    let today = app.cases().await?.moment(app.now()).date();
    let (status, why) = match said(&fields, entry, today) {
        Err(key) => (StatusCode::UNPROCESSABLE_ENTITY, lang.t(key)),
        Ok(said) => {
            let what = if matches!(said, Said::Visit(_)) { "visit" } else { "plan" };
            signed.kept(&app, (Action::LogTeaching, what), &[entry.child]).await?;
            let by = format!("{} {}", signed.name, signed.login);
            let by = (by.as_str(), app.now());
            let (county, child) = (app.county(), entry.child);
            let place = (&*county, &*roll);
            let told = match &said {
                Said::Visit(lesson) => tell_visit(app.store(), place, (child, lesson), by).await,
                Said::Plan(school, form) => {
                    tell_plan(app.store(), place, (child, school, form), by).await
                }
            };
            app.store().settle().await?;
            match told {
                Ok(Registered::New | Registered::Again) => {
                    let page = format!("/children/{key}/teaching?saved=1");
                    return Ok(Redirect::to(&page).into_response());
                }
                Ok(Registered::Refused(zh, en)) => {
                    let why = ("why", lang.pick(&zh, &en).to_owned().into());
                    (StatusCode::UNPROCESSABLE_ENTITY, lang.with("finding-row", &[why]))
                }
                Err(FlowError::Contradiction(..)) => {
                    (StatusCode::CONFLICT, lang.t("finding-contradicts"))
                }
                Err(error) => return Err(error.into()),
            }
        }
    };
    let page = show((&app, &signed), &key, &headers, Form::Refused(fields, why)).await?;
    Ok((status, page).into_response())
}

/// What the form says, or the key of the words that tell what is wrong with it.
fn said(fields: &Fields, entry: &Entry, today: NaiveDate) -> Result<Said, &'static str> {
    let form = match fields.get("form").map(String::as_str) {
        Some("plan") => planned(fields, today)?,
        Some("evaluation") => PlanForm::Evaluation {
            on: past(fields, "on", today)?,
            words: text(fields, "words", WORDS)?,
        },
        Some(_) | None => return lesson(fields, entry, today).map(Said::Visit),
    };
    if !entry.home_teaching {
        return Err("teaching-not-at-home");
    }
    let school = entry.school.as_deref().ok_or("teaching-not-at-home")?;
    Ok(Said::Plan(school.to_owned(), form))
}

/// A field is missing or is not what it must be.
const WRONG: &str = "finding-incomplete";

fn text(fields: &Fields, name: &str, most: usize) -> Result<String, &'static str> {
    let text = fields.get(name).map_or("", |text| text.trim());
    let fits = !text.is_empty() && text.chars().count() <= most;
    fits.then(|| text.to_owned()).ok_or(WRONG)
}

/// A field that may be left out, read when it is not.
fn optional<T>(
    fields: &Fields,
    name: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, &'static str> {
    match fields.get(name).map_or("", |text| text.trim()) {
        "" => Ok(None),
        text => read(text).map(Some).ok_or(WRONG),
    }
}

/// A day that has come.
fn past(fields: &Fields, name: &str, today: NaiveDate) -> Result<NaiveDate, &'static str> {
    let on = day(fields.get(name).map_or("", String::as_str)).ok_or(WRONG)?;
    if on > today { Err("plan-wrong-day") } else { Ok(on) }
}

fn planned(fields: &Fields, today: NaiveDate) -> Result<PlanForm, &'static str> {
    let per_month: u32 = text(fields, "visits", LINE)?.parse().map_err(|_| WRONG)?;
    if per_month == 0 || per_month > MOST_VISITS {
        return Err("plan-wrong-visits");
    }
    let (assessed, consented) =
        (optional(fields, "assessed", day)?, optional(fields, "consented", day)?);
    if [assessed, consented].into_iter().flatten().any(|day| day > today) {
        return Err("plan-wrong-day");
    }
    Ok(PlanForm::Plan {
        on: past(fields, "on", today)?,
        teachers: text(fields, "teachers", LINE)?,
        per_month,
        contents: text(fields, "contents", WORDS)?,
        assessed,
        consented,
    })
}

fn lesson(fields: &Fields, entry: &Entry, today: NaiveDate) -> Result<Lesson, &'static str> {
    let text = |name: &str, most: usize| text(fields, name, most);
    let on = day(fields.get("on").map_or("", String::as_str)).ok_or(WRONG)?;
    let next = optional(fields, "next", day)?;
    let (from, to) = (optional(fields, "from", time)?, optional(fields, "to", time)?);
    if from.zip(to).is_some_and(|(from, to)| to <= from) {
        return Err("teaching-wrong-times");
    }
    let lesson = Lesson {
        school: entry.school.as_deref().ok_or("teaching-not-at-home")?.to_owned(),
        on,
        teachers: text("teachers", LINE)?,
        periods: text("periods", LINE)?.parse().map_err(|_| WRONG)?,
        contents: text("contents", WORDS)?,
        signed: match fields.get("signed").map(String::as_str) {
            Some("yes") => true,
            Some("no") => false,
            _ => return Err(WRONG),
        },
        next,
        from,
        to,
    };
    if !entry.home_teaching {
        return Err("teaching-not-at-home");
    }
    if lesson.periods == 0 || lesson.periods > MOST {
        return Err("teaching-wrong-periods");
    }
    // What is older comes with a list, which others see: nobody fills a gap on the evening before an inspection.
    if (today - on).num_days() > LATEST_DAYS {
        return Err("teaching-too-old");
    }
    if on > today || next.is_some_and(|next| next <= on) {
        return Err("teaching-wrong-day");
    }
    Ok(lesson)
}

/// A time of day as browsers send it: `09:30`.
fn time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

/// Days after which a visit is registered by a list and not by a form.
const LATEST_DAYS: i64 = 7;
