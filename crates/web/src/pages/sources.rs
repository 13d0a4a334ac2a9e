//! 来源: which lists have come, how old they are, who has not reported.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use baoxue_authz::{Action, Resource};
use baoxue_claim::{Source, Towns};
use baoxue_flow::{County, List, OLD_AFTER_DAYS, SourceState, Sources};
use chrono::NaiveDate;

use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{china, html, source_word, thousands},
    door::Signed,
    i18n::{Lang, number},
    trouble::Trouble,
};

/// A source in the list.
pub(crate) struct SourceLine {
    pub(crate) href: String,
    pub(crate) name: String,
    /// Something has come; else nothing but the name is told.
    pub(crate) came: bool,
    pub(crate) as_of: String,
    pub(crate) age: String,
    pub(crate) old: bool,
    received: String,
    by: String,
    records: String,
    rejected: String,
    /// Who of those asked has reported.
    pub(crate) reported: String,
    pub(crate) gap: bool,
}

#[derive(Template)]
#[template(path = "sources.html")]
struct SourcesPage {
    chrome: Chrome,
    intro: String,
    silent: Vec<String>,
    lines: Vec<SourceLine>,
    missing: Vec<String>,
}

/// A list of a source.
struct ListLine {
    anchor: String,
    file: String,
    sheet: String,
    town: String,
    as_of: String,
    received: String,
    by: String,
    withdrawn: bool,
    records: String,
    rejected: String,
    known: String,
    /// It says that there is nothing to report.
    zero: bool,
}

/// A town or school and what it has sent.
struct Reporter {
    name: String,
    on: String,
    state: String,
    class: &'static str,
    icon: &'static str,
}

#[derive(Template)]
#[template(path = "source.html")]
struct SourcePage {
    chrome: Chrome,
    line: SourceLine,
    lists: Vec<ListLine>,
    reporters: Vec<Reporter>,
    period: String,
}

/// Sources of which each town sends its own list.
const BY_TOWN: [Source; 2] = [Source::TownSurvey, Source::TownLedger];

/// All sources.
pub(crate) async fn list(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ReadSources, &Resource::County)?;
    let (sources, county, lang) = (app.sources().await?, app.county(), Lang::of(&headers));
    let (came, none): (Vec<_>, Vec<_>) =
        lines(&sources, &county, lang).into_iter().partition(|line| line.came);
    let silent = sources.silent.iter().filter_map(|code| county.towns.get(*code));
    let title = lang.t("sources");
    html(&SourcesPage {
        intro: lang.with("sources-intro", &[("on", county.settings.as_of.to_string().into())]),
        silent: silent.map(|town| town.name.clone()).collect(),
        lines: came,
        missing: none.into_iter().map(|line| line.name).collect(),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Imports, &title),
    })
}

/// Every source with how its newest list stands.
pub(crate) fn lines(sources: &Sources, county: &County, lang: Lang) -> Vec<SourceLine> {
    sources.states.iter().map(|state| line(state, county, lang)).collect()
}

fn line(state: &SourceState, county: &County, lang: Lang) -> SourceLine {
    let (newest, total) = (state.newest(), state.total());
    let as_of = newest.and_then(|list| list.as_of);
    let days = as_of.map(|day| (county.settings.as_of - day).num_days().max(0));
    let count = |n: u64| thousands(usize::try_from(n).unwrap_or(usize::MAX));
    let (reported, gap) = reported(state, &county.towns, lang);
    SourceLine {
        href: format!("/sources/{}", state.source.name()),
        name: source_word(state.source, lang),
        came: newest.is_some(),
        as_of: as_of.map(|day| day.to_string()).unwrap_or_default(),
        age: days
            .map(|n| lang.n("days-old", usize::try_from(n).unwrap_or_default()))
            .unwrap_or_default(),
        old: days.is_some_and(|days| days > OLD_AFTER_DAYS),
        received: newest.map(received).unwrap_or_default(),
        by: newest.map(|list| list.brought_by.clone()).unwrap_or_default(),
        records: count(total.records + total.known),
        rejected: count(total.rejected),
        reported,
        gap,
    }
}

fn received(list: &List) -> String {
    list.received_at.with_timezone(&china()).format("%Y-%m-%d %H:%M").to_string()
}

/// How many of those who send such lists have, and whether somebody is missing.
fn reported(state: &SourceState, towns: &Towns, lang: Lang) -> (String, bool) {
    let told = |key: &str, n: usize, all: usize| {
        (lang.with(key, &[("n", number(n)), ("all", number(all))]), n < all)
    };
    if BY_TOWN.contains(&state.source) {
        let by_town = state.by_town();
        let n = towns.all().iter().filter(|town| by_town.contains_key(&town.code)).count();
        return told("n-towns-of", n, towns.all().len());
    }
    let Some(reporting) = &state.reporting else { return (String::new(), false) };
    let n = reporting.reported.len();
    told("n-schools-of", n, n + reporting.missing.len())
}

/// One source with all its lists.
pub(crate) async fn one(
    State(app): State<App>,
    signed: Signed,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ReadSources, &Resource::County)?;
    let (sources, county, lang) = (app.sources().await?, app.county(), Lang::of(&headers));
    let source: Source = name.parse().map_err(|_| Trouble::NotFound)?;
    let state = sources.of(source).ok_or(Trouble::NotFound)?;
    let line = line(state, &county, lang);
    let until = state.reporting.as_ref().map(|reporting| reporting.until);
    let until = until.map(|day| lang.with("period-until", &[("on", day.to_string().into())]));
    let chrome = Chrome::new(&app, Some(&signed), lang, Tab::Imports, &line.name);
    html(&SourcePage {
        lists: state.lists.iter().map(|list| list_line(list, &county.towns)).collect(),
        reporters: reporters(state, &county.towns, lang),
        period: until.unwrap_or_default(),
        line,
        chrome,
    })
}

fn list_line(list: &List, towns: &Towns) -> ListLine {
    let counts = list.counts.unwrap_or_default();
    let count = |n: u64| thousands(usize::try_from(n).unwrap_or(usize::MAX));
    ListLine {
        anchor: format!("i_{}", list.batch.0),
        file: list.file.clone(),
        sheet: list.sheet.clone(),
        town: list.town.and_then(|t| towns.get(t)).map(|t| t.name.clone()).unwrap_or_default(),
        as_of: list.as_of.map(|day| day.to_string()).unwrap_or_default(),
        received: received(list),
        by: list.brought_by.clone(),
        withdrawn: list.counts.is_none(),
        records: count(counts.records),
        rejected: count(counts.rejected),
        known: count(counts.known),
        zero: counts.speaks && counts.records + counts.rejected + counts.known == 0,
    }
}

/// Who has reported, those who have not first.
fn reporters(state: &SourceState, towns: &Towns, lang: Lang) -> Vec<Reporter> {
    let reporter = |name: &str, on: Option<NaiveDate>, key: &str| {
        let (class, icon) = match key {
            "reported" => ("okc", "circle-check"),
            "reported-zero" => ("okc", "circle"),
            _ => ("noc", "alert-triangle"),
        };
        let on = on.map(|day| day.to_string()).unwrap_or_default();
        Reporter { name: name.to_owned(), on, state: lang.t(key), class, icon }
    };
    if BY_TOWN.contains(&state.source) {
        let by_town = state.by_town();
        let told = |town: &baoxue_claim::Town| match by_town.get(&town.code) {
            Some(list) if list.counts.is_some_and(|c| c.records + c.rejected + c.known == 0) => {
                reporter(&town.name, list.as_of, "reported-zero")
            }
            Some(list) => reporter(&town.name, list.as_of, "reported"),
            None => reporter(&town.name, None, "not-reported"),
        };
        let mut all: Vec<Reporter> = towns.all().iter().map(told).collect();
        all.sort_by_key(|reporter| reporter.class != "noc");
        return all;
    }
    let Some(reporting) = &state.reporting else { return Vec::new() };
    let missing =
        reporting.missing.iter().map(|(name, day)| reporter(name, Some(*day), "not-reported"));
    let now = reporting.reported.iter().map(|name| {
        let key = if reporting.zero.contains(name) { "reported-zero" } else { "reported" };
        reporter(name, Some(reporting.until), key)
    });
    missing.chain(now).collect()
}
