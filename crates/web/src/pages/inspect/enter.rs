//! Entering a finding: on the page of a child, or about a child that no list names.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_authz::{Action, Place, Resource};
use baoxue_flow::{
    Entry, FlowError,
    cases::CaseError,
    findings::{FindingError, FindingForm, FoundThere, How, Plan, Subject},
    papers::FileError,
};
use baoxue_store::StoreError;
use chrono::Days;

use super::{desk, finding_key};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{child_key, child_of, html, name_of},
    door::{Signed, place},
    forms::{Asked, Brought, day},
    i18n::Lang,
    pages::papers::{cleaned, scan_refused},
    trouble::Trouble,
};

type Fields = BTreeMap<String, String>;

/// Days that a unit has unless the inspector says otherwise. Our own proposal; the law asks for a limit and sets none.
const DAYS: u64 = 15;
/// Longest words, in characters.
const WORDS: usize = 500;
/// Longest line, in characters.
const LINE: usize = 80;

#[derive(Template)]
#[template(path = "inspect_new.html")]
struct NewPage {
    chrome: Chrome,
    /// The child of the ledger: key, name, where.
    child: Option<(String, String, String)>,
    typed: Fields,
    /// Code, name.
    towns: Vec<(String, String)>,
    today: String,
    until: String,
    error: Option<String>,
}

impl NewPage {
    /// What was typed, or what the field begins with.
    fn typed<'a>(&'a self, name: &str, first: &'a str) -> &'a str {
        self.typed.get(name).map_or(first, String::as_str)
    }
}

/// The form, about a child when the address names one.
pub(super) async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.scope(Action::AddFinding)?;
    let kept = ["child", "found"].into_iter();
    let kept = kept.filter_map(|name| Some((name.to_owned(), asked.one(name)?.to_owned())));
    show((&app, &signed), kept.collect(), &headers, None).await
}

async fn show(
    (app, signed): (&App, &Signed),
    typed: Fields,
    headers: &HeaderMap,
    error: Option<String>,
) -> Result<Response, Trouble> {
    let (roll, county, lang) = (app.roll(), app.county(), Lang::of(headers));
    let key = typed.get("child").filter(|key| !key.is_empty());
    let entry = match key {
        Some(key) => {
            let entry = child_of(key).and_then(|child| roll.entry(child));
            Some(entry.ok_or(Trouble::NotFound)?)
        }
        None => None,
    };
    if let Some(entry) = entry {
        signed.may(Action::AddFinding, &Resource::Child(place(entry)))?;
        signed.looked(app, Action::ReadChild, &[entry.child]).await?;
    }
    let town = |entry: &Entry| roll.town_name(entry).unwrap_or_default().to_owned();
    let child = entry.map(|entry| {
        let parts = [entry.village.as_deref(), entry.school_shown()].into_iter().flatten();
        let parts: Vec<String> =
            [town(entry)].into_iter().chain(parts.map(str::to_owned)).collect();
        (child_key(entry.child), name_of(entry, lang), parts.join(&lang.t("comma")))
    });
    let mut typed = typed;
    if let Some(entry) = entry {
        typed.entry("unit".to_owned()).or_insert_with(|| town(entry));
    }
    typed.entry("measures".to_owned()).or_insert_with(|| lang.t("finding-usual-measures"));
    let today = app.cases().await?.moment(app.now()).date();
    let until = today.checked_add_days(Days::new(DAYS)).unwrap_or(today);
    html(&NewPage {
        child,
        typed,
        towns: county.towns.all().iter().map(|t| (t.code.to_string(), t.name.clone())).collect(),
        today: today.to_string(),
        until: until.to_string(),
        error,
        chrome: Chrome::new(app, Some(signed), lang, Tab::Inspect, &lang.t("finding-new")),
    })
}

/// Takes the form.
pub(super) async fn enter(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    Brought { fields, bytes }: Brought,
) -> Result<Response, Trouble> {
    signed.scope(Action::AddFinding)?;
    let (roll, lang) = (app.roll(), Lang::of(&headers));
    let key = fields.get("child").filter(|key| !key.is_empty());
    let entry = match key {
        Some(key) => {
            let entry = child_of(key).and_then(|child| roll.entry(child));
            Some(entry.ok_or(Trouble::NotFound)?)
        }
        None => None,
    };
    let (status, why) = match form(&app, &fields, entry) {
        None => (StatusCode::UNPROCESSABLE_ENTITY, lang.t("finding-incomplete")),
        Some(form) => match entered((&app, &signed), form, bytes).await? {
            Ok(id) => {
                return Ok(Redirect::to(&format!("/inspect/{}", finding_key(id))).into_response());
            }
            Err(error) => why_not(&error, lang)?,
        },
    };
    let page = show((&app, &signed), fields, &headers, Some(why)).await?;
    Ok((status, page).into_response())
}

async fn entered(
    (app, signed): (&App, &Signed),
    mut form: FindingForm<'_>,
    bytes: Vec<u8>,
) -> Result<Result<i64, FindingError>, Trouble> {
    let (at, child) = match form.subject {
        Subject::Known(entry) => (place(entry), Some(entry.child)),
        Subject::Unlisted { town, .. } => (Place { town: Some(town), ..Place::default() }, None),
    };
    signed.may(Action::AddFinding, &Resource::Child(at))?;
    if !bytes.is_empty() {
        match cleaned(app, bytes).await? {
            Ok(photo) => form.photo = Some(photo),
            Err(error) => return Ok(Err(error.into())),
        }
    }
    let children: Vec<_> = child.into_iter().collect();
    signed.kept(app, (Action::AddFinding, "finding"), &children).await?;
    let (cases, county) = (app.cases().await?, app.county());
    let by = format!("{} {}", signed.name, signed.login);
    Ok(desk(app, &county, &cases).enter(&form, (signed.actor.account, &by)).await)
}

/// What the form says; `None` when a field is missing or is not what it must be.
fn form<'a>(app: &App, fields: &'a Fields, entry: Option<&'a Entry>) -> Option<FindingForm<'a>> {
    let text = |name: &str, most: usize| {
        let text = fields.get(name).map_or("", |text| text.trim());
        (text.chars().count() <= most).then_some(text)
    };
    let subject = if let Some(entry) = entry {
        Subject::Known(entry)
    } else {
        let code = fields.get("town")?.parse().ok()?;
        Subject::Unlisted {
            name: text("name", LINE).filter(|name| !name.is_empty())?,
            birth: text("birth", LINE)?,
            town: app.county().towns.get(code)?.code,
            village: text("village", LINE)?,
            school: text("school", LINE)?,
        }
    };
    Some(FindingForm {
        subject,
        found: match fields.get("found")?.as_str() {
            "out" => FoundThere::Out,
            "in" => FoundThere::In,
            _ => return None,
        },
        how: match fields.get("how")?.as_str() {
            "home" => How::AtHome,
            "school" => How::AtSchool,
            "phone" => How::ByPhone,
            _ => return None,
        },
        words: text("words", WORDS)?,
        on: day(fields.get("on")?)?,
        plan: Plan {
            unit: text("unit", LINE)?.to_owned(),
            measures: text("measures", WORDS)?.to_owned(),
            until: day(fields.get("until")?)?,
        },
        photo: None,
    })
}

/// The words for what the reader can mend; everything else is a trouble.
pub(super) fn why_not(error: &FindingError, lang: Lang) -> Result<(StatusCode, String), Trouble> {
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(match error {
        FindingError::Wordless => (wrong, lang.t("finding-incomplete")),
        FindingError::Day => (wrong, lang.t("finding-day")),
        FindingError::Again => (StatusCode::CONFLICT, lang.t("finding-again")),
        FindingError::Row(zh, en) => {
            let why = lang.pick(zh, en).to_owned();
            (wrong, lang.with("finding-row", &[("why", why.into())]))
        }
        FindingError::NoCase => (wrong, lang.t("finding-no-case")),
        FindingError::File(FileError::Random | FileError::Case(_)) => {
            return Err(Trouble::broken(error));
        }
        FindingError::File(error) => {
            let why = lang.t(scan_refused(error));
            (wrong, lang.with("file-again", &[("why", why.into())]))
        }
        FindingError::State => (wrong, lang.t("finding-not-now")),
        FindingError::SamePerson => (wrong, lang.t("finding-same-person")),
        FindingError::Flow(FlowError::Contradiction(..)) => {
            (StatusCode::CONFLICT, lang.t("finding-contradicts"))
        }
        FindingError::Case(CaseError::Flow(FlowError::Store(StoreError::CaseMoved(_))))
        | FindingError::Flow(FlowError::Store(StoreError::CaseMoved(_) | StoreError::Moved(..))) => {
            (StatusCode::CONFLICT, lang.t("finding-moved"))
        }
        FindingError::Case(_) | FindingError::Flow(_) => return Err(Trouble::broken(error)),
    })
}
