//! 督查: findings with their rectification, and samples that both sides can draw again.

mod enter;
mod one;
mod sample;

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use baoxue_authz::{Action, Place, Resource, Scope, Standing};
use baoxue_claim::ChildId;
use baoxue_flow::{
    Roll,
    findings::{Finding, FindingBook, FindingDesk, FindingState, FoundThere, Lapse, MissedBy},
};
use chrono::NaiveDate;

use super::children::due_words;
use crate::{
    app::App,
    casebook::CaseDesk,
    chrome::{Chrome, Tab},
    display::{html, source_word},
    door::{Signed, place},
    i18n::{Lang, number},
    routes::{Line as RouteLine, Needs, get, post, post_file},
    trouble::Trouble,
};

/// Findings on the list.
const LISTED: usize = 200;

/// The routes of inspections.
pub(super) fn table() -> Vec<RouteLine> {
    let reads = Needs::Action(&[Action::ReadCase]);
    let enters = Needs::Action(&[Action::AddFinding]);
    let samples = Needs::Action(&[Action::AddFinding, Action::ConfirmDetermination]);
    let acts = Needs::Action(&[Action::WorkCase, Action::RecheckFinding]);
    vec![
        get("/inspect", list, reads),
        post_file("/inspect", enter::enter, enters),
        get("/inspect/new", enter::page, enters),
        get("/inspect/sample", sample::page, samples),
        get("/inspect/{finding}", one::page, reads),
        post("/inspect/{finding}/{act}", one::act, acts),
    ]
}

/// A finding as lists show it.
struct Line {
    key: String,
    name: String,
    place: String,
    found: String,
    unit: String,
    missed: String,
    state: String,
    class: &'static str,
    due: String,
    due_class: &'static str,
}

#[derive(Template)]
#[template(path = "inspect.html")]
struct InspectPage {
    chrome: Chrome,
    meta: String,
    lines: Vec<Line>,
    more: usize,
    enters: bool,
    /// Towns of which a sample can be drawn: code and name.
    towns: Vec<(String, String)>,
}

/// The findings of the reader's places.
async fn list(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let scope = signed.scope(Action::ReadCase)?;
    let (book, lang, roll) =
        (FindingBook::load(app.store()).await?, Lang::of(&headers), app.roll());
    let children = book.children(app.store(), &roll).await?;
    let desk = app.cases().await?;
    let view = View { app: &app, roll: &roll, children: &children, lang, desk: &desk };
    let mut all = book.all();
    all.retain(|finding| view.is_seen(&scope, finding));
    let (n, shown) = (all.len(), &all[..all.len().min(LISTED)]);
    let seen: Vec<ChildId> =
        shown.iter().filter_map(|finding| children.get(&finding.id).copied()).collect();
    signed.lists(&app, Action::ReadCase, &seen).await?;
    let open = all.iter().filter(|finding| finding.state != FindingState::Closed).count();
    let late = all.iter().filter(|finding| finding.is_late(view.today())).count();
    let samples = samples(&signed);
    let county = app.county();
    let towns = county.towns.all().iter().filter(|_| samples);
    html(&InspectPage {
        meta: lang.with("inspect-sub", &[("n", number(open)), ("late", number(late))]),
        lines: shown.iter().map(|finding| view.line(finding)).collect(),
        more: n - shown.len(),
        enters: signed.could_on_some(Action::AddFinding),
        towns: towns.map(|town| (town.code.to_string(), town.name.clone())).collect(),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Inspect, &lang.t("nav-inspect")),
    })
}

/// Whether the reader draws samples: of a whole town, so by whoever sees the county.
fn samples(signed: &Signed) -> bool {
    let may = |action| signed.could(action, &Resource::Child(Place::default()));
    may(Action::AddFinding) || may(Action::ConfirmDetermination)
}

/// What findings are shown with.
pub(super) struct View<'a> {
    pub(super) app: &'a App,
    pub(super) roll: &'a Roll,
    /// The child of each finding whose child is known.
    pub(super) children: &'a BTreeMap<i64, ChildId>,
    pub(super) lang: Lang,
    pub(super) desk: &'a CaseDesk,
}

impl View<'_> {
    fn today(&self) -> NaiveDate {
        self.desk.moment(self.app.now()).date()
    }

    fn entry(&self, finding: &Finding) -> Option<&baoxue_flow::Entry> {
        self.roll.entry(*self.children.get(&finding.id)?)
    }

    /// Where its child stands: as the newest run has it, or as it was entered.
    fn place(&self, finding: &Finding) -> Place {
        let entered = &finding.entered;
        self.entry(finding).map_or_else(
            || Place {
                town: entered.town,
                village: entered.village.clone(),
                school: entered.school.clone(),
                class: None,
            },
            place,
        )
    }

    pub(super) fn is_seen(&self, scope: &Scope, finding: &Finding) -> bool {
        let place = self.place(finding);
        scope.sees(Standing {
            town: place.town,
            village: place.village.as_deref(),
            school: place.school.as_deref(),
            class: place.class.as_deref(),
        })
    }

    fn line(&self, finding: &Finding) -> Line {
        let (lang, entered) = (self.lang, &finding.entered);
        let county = self.app.county();
        let town = entered.town.and_then(|town| county.towns.get(town)).map(|town| &town.name);
        let parts = [town, entered.village.as_ref(), entered.school.as_ref()];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        let (state, class) = state_of(finding.state);
        let (due, due_class) = if finding.state == FindingState::Closed {
            (String::new(), "")
        } else {
            due_words(entered.plan.until, self.today(), lang)
        };
        Line {
            key: finding_key(finding.id),
            name: entered.name.clone(),
            place: parts.join(&lang.t("comma")),
            found: lang.t(found_key(entered.found)),
            unit: entered.plan.unit.clone(),
            missed: self.missed(&entered.missed_by),
            state: lang.t(state),
            class,
            due,
            due_class,
        }
    }

    /// The units whose lists said otherwise.
    fn missed(&self, all: &[MissedBy]) -> String {
        let lang = self.lang;
        let one = |missed: &MissedBy| {
            let key = match missed.lapse {
                Lapse::NotListed => "missed-not-listed",
                Lapse::SaidIn => "missed-said-in",
                Lapse::SaidOut => "missed-said-out",
            };
            let source = missed.source.map(|source| source_word(source, lang)).unwrap_or_default();
            let values = [("unit", missed.unit.clone().into()), ("source", source.into())];
            lang.with(key, &values)
        };
        all.iter().map(one).collect::<Vec<_>>().join(&lang.t("list-comma"))
    }
}

fn state_of(state: FindingState) -> (&'static str, &'static str) {
    match state {
        FindingState::Open => ("finding-open", "st-sus"),
        FindingState::Rectified => ("finding-rectified", "st-con"),
        FindingState::Closed => ("finding-closed", "st-closed"),
    }
}

fn found_key(found: FoundThere) -> &'static str {
    match found {
        FoundThere::Out => "found-out",
        FoundThere::In => "found-in",
    }
}

/// A finding in addresses.
pub(super) fn finding_key(id: i64) -> String {
    format!("f_{id}")
}

fn finding_of(key: &str) -> Option<i64> {
    key.strip_prefix("f_")?.parse().ok()
}

/// Runs work on findings, whose needs borrow from the application.
fn desk<'a>(app: &'a App, county: &'a baoxue_flow::County, cases: &'a CaseDesk) -> FindingDesk<'a> {
    let now = app.now();
    FindingDesk {
        store: app.store(),
        county,
        cases: &cases.book,
        rules: &cases.rules,
        moment: cases.moment(now),
        now,
    }
}
