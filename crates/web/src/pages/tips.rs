//! 举报线索: what came by the public page, for the bureau's office and inspectors alone (T-54).

mod act;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use baoxue_authz::{Action, Resource};
use baoxue_claim::ChildId;
use baoxue_flow::{
    Filter, Population, Roll,
    tips::{Tip, TipBook, TipDesk, TipOutcome, TipState},
};

use super::{cases::case_key, tip::outcome_key};
use crate::{
    app::App,
    casebook::CaseDesk,
    chrome::{Chrome, Tab},
    display::{Status, child_key, covered, html, moment, name_of},
    door::Signed,
    forms::Asked,
    i18n::Lang,
    routes::{Line as RouteLine, Needs, get, post},
    trouble::Trouble,
};

/// Children that a search shows.
const CANDIDATES: usize = 10;
/// Tip-offs on the list.
const LISTED: usize = 200;

/// The routes of the office.
pub(super) fn table() -> Vec<RouteLine> {
    let reads = Needs::Action(&[Action::ReadTips]);
    vec![
        get("/tips", list, reads),
        get("/tips/{tip}", one, reads),
        post("/tips/{tip}/{act}", act::act, reads),
    ]
}

struct Line {
    key: String,
    state: String,
    class: &'static str,
    about: String,
    what: String,
    n: usize,
    received: String,
    last: String,
}

#[derive(Template)]
#[template(path = "tips.html")]
struct TipsPage {
    chrome: Chrome,
    meta: String,
    lines: Vec<Line>,
    more: usize,
}

/// A child that a tip-off may be about.
struct Candidate {
    key: String,
    name: String,
    who: String,
    status: Status,
}

/// What the sender left of himself, and how far it is open.
struct InformerView {
    /// Who asked, why, when.
    asked: Option<(String, String, String)>,
    opened: Option<(String, String, String)>,
    /// What the reader may read now.
    told: Option<Vec<String>>,
    asks: bool,
    agrees: bool,
    /// The reader could, once the second factor is proved again.
    step_up: bool,
}

#[derive(Template)]
#[template(path = "tip_one.html")]
struct OnePage {
    chrome: Chrome,
    key: String,
    line: Line,
    /// Label and text of what is told.
    told: Vec<(String, String)>,
    n_events: u32,
    child: Option<(String, String)>,
    case: Option<String>,
    harassing: bool,
    works: bool,
    /// Whether the reader may link and answer it now.
    links: bool,
    answer: Option<(String, String, String, String)>,
    typed: String,
    candidates: Vec<Candidate>,
    outcomes: Vec<(&'static str, String)>,
    informer: Option<InformerView>,
    error: Option<String>,
}

/// All of them.
async fn list(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ReadTips, &Resource::County)?;
    signed.did(&app, (Action::ReadTips, "list"), &Resource::County).await?;
    let (book, lang) = (TipBook::load(app.store()).await?, Lang::of(&headers));
    let all = book.all();
    let lines = all.iter().take(LISTED).map(|tip| line(tip, lang)).collect();
    html(&TipsPage {
        meta: lang.n("tips-sub", all.iter().filter(|t| t.state() != TipState::Answered).count()),
        lines,
        more: all.len().saturating_sub(LISTED),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::None, &lang.t("tips")),
    })
}

fn line(tip: &Tip, lang: Lang) -> Line {
    let (key, class) = match tip.state() {
        TipState::New => ("tip-state-new", "st-unk"),
        TipState::Again => ("tip-state-again", "st-con"),
        TipState::Harassing => ("tip-state-harassing", "st-sus"),
        TipState::Verifying => ("tip-state-verifying", "st-con"),
        TipState::Answered => ("tip-state-answered", "st-closed"),
    };
    let text = &tip.text;
    let about = [&text.child, &text.place, &text.school].map(String::as_str);
    let about: Vec<&str> = about.into_iter().filter(|part| !part.is_empty()).collect();
    Line {
        key: tip_key(tip.id),
        state: lang.t(key),
        class,
        about: about.join(&lang.t("comma")),
        what: text.what.chars().take(60).collect(),
        n: tip.n_copies,
        received: moment(tip.received),
        last: moment(tip.last),
    }
}

/// A tip-off in addresses.
fn tip_key(id: i64) -> String {
    format!("t_{id}")
}

fn tip_of(key: &str) -> Option<i64> {
    key.strip_prefix("t_")?.parse().ok()
}

/// One tip-off.
async fn one(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let typed = asked.one("q").unwrap_or_default();
    show((&app, &signed), &key, (&headers, typed), None).await
}

/// The page, with why something was not done.
async fn show(
    (app, signed): (&App, &Signed),
    key: &str,
    (headers, typed): (&HeaderMap, &str),
    error: Option<String>,
) -> Result<Response, Trouble> {
    signed.may(Action::ReadTips, &Resource::County)?;
    let (book, lang) = (TipBook::load(app.store()).await?, Lang::of(headers));
    let tip = tip_of(key).and_then(|id| book.get(id)).ok_or(Trouble::NotFound)?;
    let (cases, roll) = (app.cases().await?, app.roll());
    let known = tip.child.and_then(|child| roll.entry(child));
    let purpose = format!("tip {}", tip.id);
    match known {
        Some(entry) => signed.kept(app, (Action::ReadTips, &purpose), &[entry.child]).await?,
        None => signed.did(app, (Action::ReadTips, &purpose), &Resource::County).await?,
    }
    let works = signed.can(Action::WorkTips, &Resource::County);
    let is_open = tip.answered.as_ref().is_none_or(|answer| answer.at < tip.last);
    let (candidates, seen) = candidates(&roll, if works { typed } else { "" }, lang);
    signed.lists(app, Action::ReadChild, &seen).await?;
    let text = &tip.text;
    let told = [
        ("tip-child", &text.child),
        ("tip-place", &text.place),
        ("tip-school", &text.school),
        ("tip-what", &text.what),
        ("tip-since", &text.since),
    ];
    let told = told.into_iter().filter(|(_, text)| !text.is_empty());
    html(&OnePage {
        line: line(tip, lang),
        told: told.map(|(key, text)| (lang.t(key), text.clone())).collect(),
        n_events: tip.n_events,
        child: known.map(|entry| (child_key(entry.child), name_of(entry, lang))),
        case: tip.case.map(case_key),
        harassing: tip.harassing,
        works,
        links: works && is_open,
        answer: tip.answered.as_ref().map(|answer| {
            let outcome = lang.t(outcome_key(answer.outcome));
            (outcome, answer.words.clone(), answer.by.clone(), moment(answer.at))
        }),
        typed: typed.to_owned(),
        candidates,
        outcomes: outcomes(lang),
        informer: informer((app, signed), (&book, &cases, tip), lang).await?,
        error,
        key: key.to_owned(),
        chrome: Chrome::new(app, Some(signed), lang, Tab::None, &lang.t("tip-one")),
    })
}

/// The children that a search finds.
fn candidates(roll: &Roll, typed: &str, lang: Lang) -> (Vec<Candidate>, Vec<ChildId>) {
    if typed.trim().is_empty() {
        return (Vec::new(), Vec::new());
    }
    let filter =
        Filter { typed: typed.to_owned(), population: Population::Everybody, ..Filter::default() };
    let found = roll.find(&|_| true, &filter, (0, CANDIDATES)).entries;
    let one = |entry: &&baoxue_flow::Entry| {
        let parts = [roll.town_name(entry), entry.village.as_deref(), entry.school_shown()];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        Candidate {
            key: child_key(entry.child),
            name: name_of(entry, lang),
            who: parts.join(&lang.t("comma")),
            status: Status::of_entry(entry, lang),
        }
    };
    (found.iter().map(one).collect(), found.iter().map(|entry| entry.child).collect())
}

/// The words and values of what may come of a tip-off.
const OUTCOMES: [(&str, TipOutcome); 4] = [
    ("founded", TipOutcome::Founded),
    ("unfounded", TipOutcome::Unfounded),
    ("unverifiable", TipOutcome::Unverifiable),
    ("elsewhere", TipOutcome::Elsewhere),
];

fn outcomes(lang: Lang) -> Vec<(&'static str, String)> {
    OUTCOMES.iter().map(|(value, outcome)| (*value, lang.t(outcome_key(*outcome)))).collect()
}

/// What is known of the sender, as far as the reader may know it. That it was read is kept first.
async fn informer(
    (app, signed): (&App, &Signed),
    (book, cases, tip): (&TipBook, &CaseDesk, &Tip),
    lang: Lang,
) -> Result<Option<InformerView>, Trouble> {
    if !tip.has_informer {
        return Ok(None);
    }
    let county = &Resource::County;
    let (could, can) =
        (signed.could(Action::OpenInformer, county), signed.can(Action::OpenInformer, county));
    let account = signed.actor.account;
    let told = if can {
        let found = desk(app, book, cases).informers(tip, account).await;
        found.map_err(|error| Trouble::broken(&error))?
    } else {
        None
    };
    if told.is_some() {
        let purpose = format!("informer of tip {}", tip.id);
        signed.did(app, (Action::OpenInformer, &purpose), county).await?;
    }
    let waits = tip.asked.is_some() && tip.opened.is_none();
    let by_me = tip.asked.as_ref().is_some_and(|asked| asked.account == account);
    let said = |opener: &baoxue_flow::tips::Opener| {
        (opener.by.clone(), covered(&opener.reason, lang), moment(opener.at))
    };
    Ok(Some(InformerView {
        asked: tip.asked.as_ref().map(said),
        opened: tip.opened.as_ref().map(said),
        asks: can && !waits && told.is_none(),
        agrees: can && waits && !by_me,
        step_up: could && !can,
        told,
    }))
}

/// What work on tip-offs needs.
fn desk<'a>(app: &'a App, tips: &'a TipBook, cases: &'a CaseDesk) -> TipDesk<'a> {
    let now = app.now();
    TipDesk {
        store: app.store(),
        tips,
        cases: &cases.book,
        rules: &cases.rules,
        as_of: app.county().settings.as_of,
        moment: cases.moment(now),
        now,
    }
}
