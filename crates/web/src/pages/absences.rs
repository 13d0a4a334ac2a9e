//! 记一笔: a teacher or principal says that a pupil stays away.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_act::CaseId;
use baoxue_authz::{Action, Resource};
use baoxue_claim::ChildId;
use baoxue_flow::{
    Entry, Filter, FlowError, Population,
    cases::{AbsenceDesk, AbsenceError, AbsenceForm, Away, CaseError},
};
use baoxue_store::StoreError;

use super::{cases::case_key, papers::unread};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{Status, child_key, child_of, html, name_of},
    door::{Signed, place},
    forms::{Asked, Posted, day},
    i18n::Lang,
    routes::{Line as RouteLine, Needs, get, post},
    trouble::Trouble,
};

type Fields = BTreeMap<String, String>;

/// Pupils on one list: a class, or what a search leaves of a school.
const LISTED: usize = 100;
/// Longest words, in characters.
const WORDS: usize = 300;

/// The routes of absences.
pub(super) fn table() -> Vec<RouteLine> {
    let reports = Needs::Action(&[Action::ReportAbsence]);
    vec![
        get("/absences", list, reports),
        get("/absences/new", page, reports),
        post("/absences", tell, reports),
    ]
}

/// A pupil as the list shows it.
struct Pupil {
    key: String,
    name: String,
    class: String,
    status: Status,
}

#[derive(Template)]
#[template(path = "absences.html")]
struct ListPage {
    chrome: Chrome,
    typed: String,
    pupils: Vec<Pupil>,
    more: usize,
}

#[derive(Template)]
#[template(path = "absence.html")]
struct AbsencePage {
    chrome: Chrome,
    child: String,
    name: String,
    class: String,
    /// Value and words of each reason.
    reasons: Vec<(String, &'static str)>,
    typed: Fields,
    today: String,
    error: Option<String>,
    /// The open case, which hears of it.
    case: Option<String>,
}

impl AbsencePage {
    /// What was typed, or what the field begins with.
    fn typed<'a>(&'a self, name: &str, first: &'a str) -> &'a str {
        self.typed.get(name).map_or(first, String::as_str)
    }
}

/// The reader's pupils, to choose one.
async fn list(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let scope = signed.scope(Action::ReportAbsence)?;
    let (roll, lang) = (app.roll(), Lang::of(&headers));
    let typed = asked.one("q").unwrap_or_default().to_owned();
    let filter =
        Filter { typed: typed.clone(), population: Population::Everybody, ..Filter::default() };
    let found = roll.find(&|entry| scope.sees(entry.standing()), &filter, (0, LISTED));
    let shown: Vec<ChildId> = found.entries.iter().map(|entry| entry.child).collect();
    signed.lists(&app, Action::ReadChild, &shown).await?;
    let pupil = |entry: &&Entry| Pupil {
        key: child_key(entry.child),
        name: name_of(entry, lang),
        class: entry.class.as_deref().unwrap_or_default().to_owned(),
        status: Status::of_entry(entry, lang),
    };
    html(&ListPage {
        typed,
        more: found.total - found.entries.len(),
        pupils: found.entries.iter().map(pupil).collect(),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::None, &lang.t("absence-new")),
    })
}

/// The form about a pupil.
async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let child = ("child".to_owned(), asked.one("child").unwrap_or_default().to_owned());
    show((&app, &signed), Fields::from([child]), &headers, None).await
}

async fn show(
    (app, signed): (&App, &Signed),
    typed: Fields,
    headers: &HeaderMap,
    error: Option<String>,
) -> Result<Response, Trouble> {
    let (roll, lang) = (app.roll(), Lang::of(headers));
    signed.scope(Action::ReportAbsence)?;
    let child = typed.get("child").and_then(|key| child_of(key)).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(child).ok_or(Trouble::NotFound)?;
    signed.may(Action::ReportAbsence, &Resource::Child(place(entry)))?;
    signed.looked(app, Action::ReadChild, &[child]).await?;
    let desk = app.cases().await?;
    html(&AbsencePage {
        child: child_key(child),
        name: name_of(entry, lang),
        class: entry.class.as_deref().unwrap_or_default().to_owned(),
        reasons: (0..).zip(Away::ALL).map(reason(lang)).collect(),
        today: desk.moment(app.now()).date().to_string(),
        typed,
        error,
        case: open_case(&desk.book, child).map(case_key),
        chrome: Chrome::new(app, Some(signed), lang, Tab::None, &lang.t("absence-new")),
    })
}

fn reason(lang: Lang) -> impl Fn((usize, Away)) -> (String, &'static str) {
    move |(at, away)| (at.to_string(), lang.pick(away.zh(), away.en()))
}

fn open_case(book: &baoxue_flow::cases::CaseBook, child: ChildId) -> Option<CaseId> {
    let file = book.of_child(child).last()?;
    file.case.over.is_none().then_some(file.case.id)
}

/// Takes the form.
async fn tell(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    Posted(fields): Posted<Fields>,
) -> Result<Response, Trouble> {
    let (roll, lang) = (app.roll(), Lang::of(&headers));
    signed.scope(Action::ReportAbsence)?;
    let child = fields.get("child").and_then(|key| child_of(key)).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(child).ok_or(Trouble::NotFound)?;
    signed.may(Action::ReportAbsence, &Resource::Child(place(entry)))?;
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let (status, why) = match form(&fields) {
        None => (wrong, lang.t("absence-incomplete")),
        Some(form) => {
            let (desk, county, now) = (app.cases().await?, app.county(), app.now());
            let desk = AbsenceDesk {
                store: app.store(),
                county: &county,
                roll: &roll,
                cases: &desk.book,
                rules: &desk.rules,
                moment: desk.moment(now),
                now,
            };
            let by = format!("{} {}", signed.name, signed.login);
            match desk.tell(entry, form, &by).await {
                Ok(_) => {
                    signed.kept(&app, (Action::ReportAbsence, ""), &[child]).await?;
                    // The book is read anew: the case may be new.
                    let case = open_case(&app.cases().await?.book, child);
                    let to = case.map_or_else(
                        || format!("/children/{}", child_key(child)),
                        |case| format!("/cases/{}", case_key(case)),
                    );
                    return Ok(Redirect::to(&to).into_response());
                }
                Err(error) => why_not(error, lang)?,
            }
        }
    };
    let page = show((&app, &signed), fields, &headers, Some(why)).await?;
    Ok((status, page).into_response())
}

/// What the form says; `None` when a field is missing or is not what it must be.
fn form(fields: &Fields) -> Option<AbsenceForm<'_>> {
    let since = day(fields.get("since")?)?;
    let words = fields.get("words").map_or("", |words| words.trim());
    let away = Away::ALL.get(fields.get("why")?.parse::<usize>().ok()?)?;
    (words.chars().count() <= WORDS).then_some(AbsenceForm { since, away: *away, words })
}

/// The words for what the reader can mend; everything else is a trouble.
fn why_not(error: AbsenceError, lang: Lang) -> Result<(StatusCode, String), Trouble> {
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(match error {
        AbsenceError::Day => (wrong, lang.t("absence-day")),
        AbsenceError::NoSchool => (wrong, lang.t("absence-no-school")),
        AbsenceError::Case(CaseError::Flow(FlowError::Store(StoreError::CaseMoved(_)))) => {
            (StatusCode::CONFLICT, lang.t("case-moved"))
        }
        AbsenceError::Case(CaseError::Unreadable(_, no)) => {
            (StatusCode::CONFLICT, unread(no, lang))
        }
        AbsenceError::Case(error) => return Err(Trouble::broken(&error)),
    })
}
