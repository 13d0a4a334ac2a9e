//! A child: who says what, what follows, and why.

pub(crate) mod family;
pub(crate) mod forms;
pub(crate) mod teaching;
mod why;

pub(super) use why::{Told, Why, told};

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use baoxue_authz::{Action, Resource};
use baoxue_claim::{RecordId, VerdictCode};
use baoxue_flow::{Accord, ChildPage, Entry, Field, Outcome, child_page};

use super::{chain, me::act_words};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{
        Status, Strip, age, child_key, child_of, covered, day, html, moment, name_of, record_key,
        seat_word, sex_key, source_word,
    },
    door::{Signed, place},
    i18n::Lang,
    trouble::Trouble,
};

/// Looks shown on the page of a child.
const LOOKS: u32 = 200;

/// What stands above every tab of a child.
#[expect(clippy::struct_excessive_bools, reason = "what the head shows or not, each by itself")]
struct Head {
    key: String,
    first: String,
    name: String,
    status: Status,
    who: String,
    id: String,
    reveals: bool,
    town: String,
    village: String,
    home: String,
    school: String,
    strip: Strip,
    /// Its cases: address and words, the newest first.
    cases: Vec<(String, String)>,
    /// Whether the reader enters findings of inspections.
    inspects: bool,
    /// Whether it is, or was, taught at home.
    at_home: bool,
    /// Whether the reader reports its absences.
    absences: bool,
}

struct Column {
    source: String,
    on: String,
    old: bool,
    superseded: bool,
}

struct Cell {
    class: &'static str,
    mark: &'static str,
    label: String,
    text: String,
    row: String,
}

struct FieldLine {
    field: String,
    cells: Vec<Cell>,
    adopted: String,
    /// What stands in the cells is data and not to be translated.
    data: bool,
}

struct SideView {
    source: String,
    says: String,
    seat: String,
}

struct ReplyView {
    when: String,
    side: String,
    outcome: String,
    because: String,
}

struct Quarrel {
    by: String,
    sides: Vec<SideView>,
    replies: Vec<ReplyView>,
}

#[derive(Template)]
#[template(path = "child_evidence.html")]
struct EvidencePage {
    chrome: Chrome,
    head: Head,
    tab: &'static str,
    quarrel: Option<Quarrel>,
    n_disputed: usize,
    n_rows: usize,
    columns: Vec<Column>,
    lines: Vec<FieldLine>,
    claims: Vec<Told>,
    chain: Vec<chain::Node>,
    why: Why,
    also: Vec<(String, String)>,
}

struct Look {
    when: String,
    who: String,
    what: String,
}

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage {
    chrome: Chrome,
    head: Head,
    tab: &'static str,
    events: Vec<(String, String)>,
    looks: Option<Vec<Look>>,
}

/// The child of an address, when the reader may see it.
fn readable<'r>(
    roll: &'r baoxue_flow::Roll,
    signed: &Signed,
    key: &str,
    action: Action,
) -> Result<&'r Entry, Trouble> {
    let id = child_of(key).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(id).ok_or(Trouble::NotFound)?;
    signed.may(action, &Resource::Child(place(entry)))?;
    Ok(entry)
}

/// A child as one of its tabs begins: read when the reader may, and kept that it was shown.
struct Opened {
    page: ChildPage,
    head: Head,
    chrome: Chrome,
    place: Resource,
}

async fn open(
    (app, signed): (&App, &Signed),
    key: &str,
    (action, purpose): (Action, &str),
    headers: &HeaderMap,
) -> Result<Opened, Trouble> {
    let (roll, county, lang) = (app.roll(), app.county(), Lang::of(headers));
    let entry = readable(&roll, signed, key, action)?;
    signed.opens_page(app).await?;
    let page = child_page(app.store(), &county, &roll, entry.child).await?;
    signed.kept(app, (action, purpose), &[entry.child]).await?;
    let town = roll.town_name(entry).unwrap_or_default().to_owned();
    let mut head = head(&page.entry, town, signed, county.settings.as_of, lang);
    if signed.can(Action::ReadCase, &Resource::Child(place(entry))) {
        head.cases = super::cases::of_child(app, entry.child, lang).await?;
    }
    let chrome = Chrome::new(app, Some(signed), lang, Tab::Children, &lang.t("child-file"));
    Ok(Opened { place: Resource::Child(place(entry)), page, head, chrome })
}

/// 证据与认定.
pub(crate) async fn evidence(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let opened = open((&app, &signed), &key, (Action::ReadChild, ""), &headers).await?;
    let sees = signed.can(Action::ReadClaims, &opened.place);
    let Opened { page, head, chrome, .. } = opened;
    let chain = chain::of_child((&app, &signed), &page.entry, chrome.lang).await?;
    html(&evidence_of(&page, head, chrome, chain, (sees, app.county().settings.as_of)))
}

fn head(
    entry: &Entry,
    town: String,
    signed: &Signed,
    as_of: chrono::NaiveDate,
    lang: Lang,
) -> Head {
    let name = name_of(entry, lang);
    let sex = entry.sex.map(|sex| lang.t(sex_key(sex)));
    let years = entry.birth.and_then(|birth| age(birth, as_of));
    let years = years.map(|years| lang.n("years-old", usize::try_from(years).unwrap_or_default()));
    let born = entry.birth.map(|birth| lang.with("born", &[("on", birth.to_string().into())]));
    let who: Vec<String> = sex.into_iter().chain(years).chain(born).collect();
    let village = entry.village.as_deref().unwrap_or_default().to_owned();
    let group = entry.group.map(|n| lang.n("group-no", usize::from(n))).unwrap_or_default();
    let grade = entry.grade.map(|grade| lang.n("grade", usize::from(grade))).unwrap_or_default();
    let parts = |parts: [&str; 3]| parts.join(" ").trim().to_owned();
    Head {
        key: child_key(entry.child),
        first: name.chars().next().map(String::from).unwrap_or_default(),
        status: Status::of_entry(entry, lang),
        who: who.join(&lang.t("comma")),
        id: entry.id.as_deref().map_or_else(|| lang.t("unknown"), str::to_owned),
        reveals: entry.id.is_some()
            && signed.could(Action::RevealId, &Resource::Child(place(entry))),
        home: parts([&town, &village, &group]),
        school: parts([
            entry.school_shown().unwrap_or_default(),
            &grade,
            entry.class_shown().unwrap_or_default(),
        ]),
        strip: Strip::of(entry, lang),
        cases: Vec::new(),
        at_home: entry.home_teaching && entry.code != VerdictCode::OtherArrangement,
        absences: signed.could(Action::ReportAbsence, &Resource::Child(place(entry))),
        inspects: signed.could(Action::AddFinding, &Resource::Child(place(entry))),
        name,
        town,
        village,
    }
}

fn evidence_of(
    page: &ChildPage,
    head: Head,
    chrome: Chrome,
    chain: Vec<chain::Node>,
    (sees, as_of): (bool, chrono::NaiveDate),
) -> EvidencePage {
    let lang = chrome.lang;
    // Nothing is told of a child in the neutral class, nor to whom the claims are closed.
    let open = sees && page.entry.code != VerdictCode::OtherArrangement;
    let n_rows = page.records.len();
    let quarrel = quarrel(page, as_of, lang).filter(|_| open);
    let also = page
        .explanation
        .also
        .iter()
        .map(|(title, code)| (title.clone(), lang.pick(code.zh(), code.en()).to_owned()));
    EvidencePage {
        quarrel,
        n_disputed: if open { page.table.n_disputed() } else { 0 },
        n_rows,
        columns: if open { columns(page, as_of, lang) } else { Vec::new() },
        lines: if open { lines(page, &head, lang) } else { Vec::new() },
        claims: if open { told(&page.explanation, lang) } else { Vec::new() },
        chain,
        why: Why::of(page, open, lang),
        also: also.collect(),
        tab: "evidence",
        head,
        chrome,
    }
}

fn quarrel(page: &ChildPage, as_of: chrono::NaiveDate, lang: Lang) -> Option<Quarrel> {
    let conflict = page.explanation.verdict.conflict.as_ref()?;
    let sides = conflict.sides.iter().map(|side| SideView {
        source: source_word(side.source, lang),
        says: side.says.clone(),
        seat: seat_word(side.seat, lang),
    });
    let replies = page.replies.iter().map(|reply| ReplyView {
        when: reply.at.with_timezone(&crate::display::china()).format("%m-%d %H:%M").to_string(),
        side: source_word(reply.side, lang),
        outcome: lang.t(match reply.outcome {
            Outcome::Corrects => "outcome-corrects",
            Outcome::StillDisagrees => "outcome-disagrees",
        }),
        because: covered(&reply.because, lang),
    });
    Some(Quarrel {
        by: lang.with("answer-by", &[("on", day(conflict.answer_by, as_of, lang).into())]),
        sides: sides.collect(),
        replies: replies.collect(),
    })
}

fn columns(page: &ChildPage, as_of: chrono::NaiveDate, lang: Lang) -> Vec<Column> {
    let column = |column: &baoxue_flow::SourceColumn| Column {
        source: source_word(column.source, lang),
        on: day(column.on, as_of, lang),
        old: column.old,
        superseded: column.superseded,
    };
    page.table.columns.iter().map(column).collect()
}

fn lines(page: &ChildPage, head: &Head, lang: Lang) -> Vec<FieldLine> {
    let rows: Vec<RecordId> = page.table.columns.iter().map(|column| column.record).collect();
    let line = |row: &baoxue_flow::FieldRow| {
        let (key, data) = match row.field {
            Field::Attendance => ("field-attendance", false),
            Field::School => ("field-school", true),
            Field::Grade => ("field-grade", true),
            Field::Home => ("field-home", true),
            Field::Guardian => ("field-guardian", true),
            Field::Birth => ("field-birth", true),
            Field::Id => ("field-id", true),
        };
        let cells = row.cells.iter().zip(&rows).map(|(cell, record)| {
            let (class, mark, label) = match cell.accord {
                Accord::Same => ("agr", "✓", "mark-same"),
                Accord::Differs => ("dis", "≠", "mark-differs"),
                Accord::Out => ("neg", "✕", "mark-out"),
                Accord::Untold => ("non", "", "not-told"),
            };
            Cell {
                class,
                mark,
                label: lang.t(label),
                text: lang.pick(&cell.zh, &cell.en).to_owned(),
                row: record_key(*record),
            }
        });
        let adopted = if data { row.adopted.clone() } else { head.status.word.clone() };
        FieldLine { field: lang.t(key), cells: cells.collect(), adopted, data }
    };
    page.table.rows.iter().map(line).collect()
}

/// 历史与访问记录.
pub(crate) async fn history(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let opened = open((&app, &signed), &key, (Action::ReadHistory, ""), &headers).await?;
    let sees_looks = signed.can(Action::ReadLooks, &opened.place);
    let Opened { page, head, chrome, .. } = opened;
    let lang = chrome.lang;
    let looks = if sees_looks { Some(looks(&app, &page.entry, lang).await?) } else { None };
    html(&HistoryPage { events: events(&page, lang), looks, tab: "history", head, chrome })
}

/// What people did about the child's rows, the newest first.
fn events(page: &ChildPage, lang: Lang) -> Vec<(String, String)> {
    let mut events: Vec<_> = page
        .decisions
        .iter()
        .map(|found| {
            let decision = &found.decision;
            let key = match decision.ruling {
                baoxue_store::Ruling::MustLink => "event-same",
                baoxue_store::Ruling::CannotLink => "event-different",
            };
            let by = ("by", decision.by.clone().into());
            (decision.at, lang.with(key, &[by, ("why", covered(&decision.reason, lang).into())]))
        })
        .chain(page.replies.iter().map(|reply| {
            let side = ("side", source_word(reply.side, lang).into());
            let by = ("by", reply.by.clone().into());
            (
                reply.at,
                lang.with(
                    "event-answer",
                    &[side, by, ("why", covered(&reply.because, lang).into())],
                ),
            )
        }))
        .collect();
    events.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    events.into_iter().map(|(at, text)| (moment(at), text)).collect()
}

/// Who has looked at a child in the last thirty days, the newest first.
async fn looks(app: &App, entry: &Entry, lang: Lang) -> Result<Vec<Look>, Trouble> {
    const DAYS: i64 = 30;
    let since = app.now() - chrono::TimeDelta::days(DAYS);
    let found = app.access().looks_at(entry.child, since, (None, LOOKS)).await?;
    let accounts = app.people().accounts().await.map_err(|error| Trouble::broken(&error))?;
    let name = |id: Option<i64>| {
        let account = accounts.iter().find(|account| Some(account.id) == id);
        account.map(|account| format!("{} {}", account.name, account.login)).unwrap_or_default()
    };
    let look = |found: &baoxue_store::StoredAccess| Look {
        when: moment(found.entry.at),
        who: name(found.entry.account),
        what: act_words(found, lang),
    };
    Ok(found.iter().map(look).collect())
}

/// Shows the whole number once, on the page of the child; that it was shown is kept.
pub(crate) async fn reveal(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let asked = (Action::RevealId, "child page");
    let opened = open((&app, &signed), &key, asked, &headers).await?;
    let sees = signed.can(Action::ReadClaims, &opened.place);
    let Opened { page, mut head, chrome, .. } = opened;
    if let Some(id) = &page.profile.id {
        id.expose().clone_into(&mut head.id);
        head.reveals = false;
    }
    let chain = chain::of_child((&app, &signed), &page.entry, chrome.lang).await?;
    html(&evidence_of(&page, head, chrome, chain, (sees, app.county().settings.as_of)))
}
