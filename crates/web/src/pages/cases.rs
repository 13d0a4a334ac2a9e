//! 劝返案件: the board, the list, and one case.

mod act;
mod determine;
mod one;
mod parts;
pub(crate) mod still;

pub(super) use determine::{PATH as DETERMINATIONS, Proposed};
pub(super) use one::{NotTaken, show};

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use baoxue_act::{CaseId, Duty, Holder, Moment, Stage, next};
use baoxue_authz::{Action, Resource};
use baoxue_claim::ChildId;
use baoxue_flow::{Entry, Roll, cases::CaseFile, notices::sits_on_line};
use chrono::{Datelike, NaiveDate};

use super::{admin::missing_years, children::due_words, pager::Pager};
use crate::{
    app::App,
    casebook::CaseDesk,
    chrome::{Chrome, Tab},
    display::{Status, age, html, name_of},
    door::Signed,
    forms::Asked,
    i18n::{Lang, number},
    routes::{Line as RouteLine, Needs, get, post},
    trouble::Trouble,
};

/// Cards in a column of the board; the rest stands behind a count.
const CARDS: usize = 20;

/// The routes about cases.
pub(super) fn table() -> Vec<RouteLine> {
    let reads = Needs::Action(&[Action::ReadCase]);
    let acts = Needs::Action(&[
        Action::WorkCase,
        Action::DecideCase,
        Action::ConfirmDetermination,
        Action::Instruct,
    ]);
    vec![
        get("/cases", list, reads),
        get("/cases/{case}", one::page, reads),
        get(DETERMINATIONS, determine::page, Needs::Action(&[Action::ConfirmDetermination])),
        post("/cases/{case}/{act}", act::record, acts),
    ]
}

/// A case as lists show it.
struct Card {
    key: String,
    name: String,
    place: String,
    status: Status,
    stage: String,
    episode: Option<String>,
    /// What is next, and who must see to it.
    step: String,
    seat: String,
    due: String,
    due_class: &'static str,
    /// `ov` when something is late or cannot be read.
    class: &'static str,
    /// That a record cannot be read.
    unread: Option<String>,
}

struct Column {
    title: String,
    n: usize,
    cards: Vec<Card>,
    /// How many are not shown, and where they are.
    more: usize,
    href: String,
}

#[derive(Template)]
#[template(path = "cases.html")]
struct CasesPage {
    chrome: Chrome,
    meta: String,
    /// Value, word, address, whether in force.
    views: Vec<(&'static str, String, String, bool)>,
    late: Option<(String, String)>,
    /// That holidays of this year or the next are not known.
    calendar: Option<String>,
    only_late: bool,
    all: String,
    columns: Vec<Column>,
    rows: Vec<Card>,
    board: bool,
    pager: Pager,
    /// Whether tip-offs are the reader's.
    tips: bool,
}

/// A case that the reader may see, with its child and what it owes.
struct Visible<'a> {
    file: &'a CaseFile,
    entry: &'a Entry,
    stage: Stage,
    duties: Arc<[Duty]>,
}

impl Visible<'_> {
    fn is_late(&self, now: Moment) -> bool {
        self.duties.iter().any(|duty| duty.is_late(now))
    }
}

/// The cases of the reader's children.
async fn list(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let (desk, roll, lang) = (app.cases().await?, app.roll(), Lang::of(&headers));
    let now = desk.moment(app.now());
    let mut all = visible(&desk, &roll, &signed, now)?;
    let n_open = all.iter().filter(|case| case.stage != Stage::Closed).count();
    let n_late = all.iter().filter(|case| case.is_late(now)).count();
    let only_late = asked.one("late").is_some();
    all.retain(|case| !only_late || case.is_late(now));
    let wanted = asked.one("stage").and_then(stage_of);
    all.retain(|case| wanted.is_none_or(|stage| case.stage == stage));
    all.sort_by_key(|case| (case.stage == Stage::Closed, due_of(&case.duties), case.file.case.id));
    let board = asked.one("view") != Some("list") && wanted.is_none();
    let view = Shown { desk: &desk, roll: &roll, app: &app, now, lang };
    let (columns, rows, pager, seen) = if board {
        let (columns, seen) = view.columns(&all);
        (columns, Vec::new(), Pager::new(&asked, 0, 0, lang), seen)
    } else {
        let first = (asked.page() - 1) * asked.size();
        let shown: Vec<&Visible<'_>> = all.iter().skip(first).take(asked.size()).collect();
        let rows: Vec<Card> = shown.iter().map(|case| view.card(case)).collect();
        let seen = shown.iter().map(|case| case.entry.child).collect();
        (Vec::new(), rows, Pager::new(&asked, all.len(), shown.len(), lang), seen)
    };
    signed.lists(&app, Action::ReadCase, &seen).await?;
    let values = [
        ("n", number(n_open)),
        ("late", number(n_late)),
        ("on", now.format("%Y-%m-%d").to_string().into()),
    ];
    html(&CasesPage {
        meta: lang.with("cases-sub", &values),
        views: vec![
            ("board", lang.t("cases-board"), to(&asked.with("view", None)), board),
            ("list", lang.t("cases-list"), to(&asked.with("view", Some("list"))), !board),
        ],
        late: (n_late > 0 && !only_late)
            .then(|| (lang.n("cases-late", n_late), to(&asked.with("late", Some("1"))))),
        calendar: missing_years(&desk.rules.calendar, now.year(), lang),
        only_late,
        all: to(&asked.with("late", None)),
        columns,
        rows,
        board,
        pager,
        tips: signed.can(Action::ReadTips, &Resource::County),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Cases, &lang.t("nav-cases")),
    })
}

/// The address of the list with a query, or without an empty one.
fn to(query: &str) -> String {
    if query == "?" { "/cases".to_owned() } else { format!("/cases{query}") }
}

/// The cases of children whom the reader may see. A case whose child no run knows any more is over.
fn visible<'a>(
    desk: &'a CaseDesk,
    roll: &'a Roll,
    signed: &Signed,
    now: Moment,
) -> Result<Vec<Visible<'a>>, Trouble> {
    let scope = signed.scope(Action::ReadCase)?;
    let known = desk.book.all().filter_map(|file| Some((file, roll.entry(file.case.child)?)));
    let known = known.filter(|(_, entry)| scope.sees(entry.standing()));
    Ok(known
        .map(|(file, entry)| Visible {
            stage: desk.stage(file),
            duties: desk.duties(file, now),
            file,
            entry,
        })
        .collect())
}

fn due_of(duties: &[Duty]) -> (bool, Option<Moment>) {
    let due = next(duties).and_then(|duty| duty.due.moment());
    (due.is_none(), due)
}

/// What cards are made with.
struct Shown<'a> {
    desk: &'a CaseDesk,
    roll: &'a Roll,
    app: &'a App,
    now: Moment,
    lang: Lang,
}

impl Shown<'_> {
    /// The columns, and the children on their cards.
    fn columns(&self, all: &[Visible<'_>]) -> (Vec<Column>, Vec<ChildId>) {
        let mut seen = Vec::new();
        let columns = Stage::ALL.iter().map(|stage| {
            let of: Vec<&Visible<'_>> = all.iter().filter(|case| case.stage == *stage).collect();
            let shown = &of[..of.len().min(CARDS)];
            seen.extend(shown.iter().map(|case| case.entry.child));
            Column {
                title: self.lang.pick(stage.zh(), stage.en()).to_owned(),
                n: of.len(),
                more: of.len() - shown.len(),
                href: format!("/cases?view=list&stage={}", stage_word(*stage)),
                cards: shown.iter().map(|case| self.card(case)).collect(),
            }
        });
        (columns.collect(), seen)
    }

    fn card(&self, case: &Visible<'_>) -> Card {
        let (lang, today) = (self.lang, self.now.date());
        let county = self.app.county();
        let speaker = self.desk.speaker(&county, lang);
        let years = case.entry.birth.and_then(|birth| age(birth, today));
        let years = years.map(|n| lang.n("years-old", usize::try_from(n).unwrap_or_default()));
        let town = self.roll.town_name(case.entry).map(str::to_owned);
        let parts: Vec<String> = town.into_iter().chain(years).collect();
        let owed = next(&case.duties);
        let seat = owed.map(|duty| {
            let who = speaker.person(&duty.by.falls_to, self.now);
            format!("{} {who}", speaker.seat(&duty.by.falls_to)).trim().to_owned()
        });
        let (due, due_class) = owed.map_or_else(Default::default, |duty| due(duty, today, lang));
        let late = case.is_late(self.now);
        Card {
            key: case_key(case.file.case.id),
            name: name_of(case.entry, lang),
            place: parts.join(&lang.t("comma")),
            status: Status::of_entry(case.entry, lang),
            stage: lang.pick(case.stage.zh(), case.stage.en()).to_owned(),
            episode: episode(case.file, lang),
            step: owed.map(|duty| speaker.duty(duty)).unwrap_or_default(),
            seat: seat.unwrap_or_default(),
            due,
            due_class,
            class: if late || case.file.unread.is_some() { "ov" } else { "" },
            unread: case.file.unread.map(|unread| {
                lang.n("case-unread-short", usize::try_from(unread.no).unwrap_or_default())
            }),
        }
    }
}

/// That it is not the first time.
fn episode(file: &CaseFile, lang: Lang) -> Option<String> {
    let n = usize::try_from(file.case.episode).unwrap_or(usize::MAX);
    (n > 1).then(|| lang.n("case-episode", n))
}

/// When a duty is due, in words.
pub(crate) fn due(duty: &Duty, today: NaiveDate, lang: Lang) -> (String, &'static str) {
    match duty.due.moment() {
        Some(due) => due_words(due.date(), today, lang),
        None => (lang.t("case-stopped"), "muted"),
    }
}

/// A case in addresses.
pub(crate) fn case_key(id: CaseId) -> String {
    format!("k_{}", id.0)
}

/// The case of an address.
pub(crate) fn case_of(key: &str) -> Option<CaseId> {
    key.strip_prefix("k_")?.parse().ok().map(CaseId)
}

const STAGES: [(Stage, &str); 6] = [
    (Stage::Found, "found"),
    (Stage::Determined, "determined"),
    (Stage::Persuading, "persuading"),
    (Stage::Returned, "returned"),
    (Stage::Settling, "settling"),
    (Stage::Closed, "closed"),
];

fn stage_of(word: &str) -> Option<Stage> {
    STAGES.iter().find(|(_, known)| *known == word).map(|(stage, _)| *stage)
}

fn stage_word(stage: Stage) -> &'static str {
    STAGES.iter().find(|(known, _)| *known == stage).map_or("", |(_, word)| word)
}

/// The cases of a child, the newest first: address and words.
pub(crate) async fn of_child(
    app: &App,
    child: ChildId,
    lang: Lang,
) -> Result<Vec<(String, String)>, Trouble> {
    let desk = app.cases().await?;
    let files: Vec<&CaseFile> = desk.book.of_child(child).collect();
    let links = files.into_iter().rev().map(|file| {
        let stage = desk.stage(file);
        let words = [("stage", lang.pick(stage.zh(), stage.en()).to_owned().into())];
        let again = episode(file, lang).map(|episode| format!(" {episode}")).unwrap_or_default();
        let href = format!("/cases/{}", case_key(file.case.id));
        (href, format!("{}{again}", lang.with("case-of-child", &words)))
    });
    Ok(links.collect())
}

/// Whether what a seat owes is the reader's: of its own office, by its role.
pub(crate) fn is_own(signed: &Signed, holder: &Holder) -> bool {
    sits_on_line(&signed.actor, holder)
}
