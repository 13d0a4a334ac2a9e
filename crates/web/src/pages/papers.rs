//! 文书: drafts, papers that were issued, and how each reached its receiver.

mod act;
mod check;
mod draft;
mod files;
mod folder;
mod one;

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use baoxue_act::{CaseId, Draft, Noted, PaperState};
use baoxue_authz::{Action, Scope};
use baoxue_flow::{Entry, cases::CaseFile, papers::Issuer};

pub(super) use act::{refused, unread};
pub(crate) use draft::{drafts, kind_word};
pub(super) use files::{cleaned, why_not as scan_refused};
pub(super) use one::{attached, printed, unprinted};

use super::{cases::case_key, pager::Pager};
use crate::{
    app::App,
    casebook::CaseDesk,
    chrome::{Chrome, Tab},
    display::{day, html, name_of},
    door::Signed,
    forms::Asked,
    i18n::Lang,
    routes::{Line as RouteLine, Needs, get, post, post_file},
    trouble::Trouble,
};

/// The routes about papers.
pub(super) fn table() -> Vec<RouteLine> {
    let reads = Needs::Action(&[Action::ReadPapers]);
    let drafts = Needs::Action(&[Action::DraftPaper]);
    let acts = Needs::Action(&[
        Action::DraftPaper,
        Action::IssuePaper,
        Action::IssueReport,
        Action::DeliverPaper,
    ]);
    vec![
        get("/documents", list, reads),
        get("/documents/new", draft::page, drafts),
        post("/documents/new", draft::save, drafts),
        get("/documents/{document}", one::page, reads),
        post_file("/documents/{document}/{act}", act::act, acts),
        post_file("/cases/{case}/files", files::add, Needs::Action(&[Action::WorkCase])),
        get("/files/{file}", files::fetch, Needs::Action(&[Action::ReadCase])),
        get("/cases/{case}/folder.pdf", folder::page, Needs::Action(&[Action::ReadCase])),
        get("/v", check::form, Needs::Nothing),
        get("/v/{code}", check::page, Needs::Nothing),
        post("/v/{code}/object", check::object, Needs::Nothing),
    ]
}

/// A paper in addresses: its case and its number within the case.
pub(crate) fn paper_key(case: CaseId, paper: u32) -> String {
    format!("d_{}-{paper}", case.0)
}

/// The paper of an address.
fn paper_of(key: &str) -> Option<(CaseId, u32)> {
    let (case, paper) = key.strip_prefix("d_")?.split_once('-')?;
    Some((CaseId(case.parse().ok()?), paper.parse().ok()?))
}

/// Where a paper stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// Drafted: another person must issue it.
    Drafted,
    /// Issued, and to be served with proof.
    ToServe,
    /// Issued to an office, or served.
    Done,
    /// Void.
    Void,
}

impl Standing {
    const fn key(self) -> &'static str {
        match self {
            Self::Drafted => "paper-drafted",
            Self::ToServe => "paper-to-serve",
            Self::Done => "paper-done",
            Self::Void => "paper-void",
        }
    }

    const fn look(self) -> (&'static str, &'static str) {
        match self {
            Self::Drafted => ("edit", "c-sus"),
            Self::ToServe => ("walk", "c-out"),
            Self::Done => ("circle-check", "c-in"),
            Self::Void => ("circle-x", "muted"),
        }
    }
}

/// Where an issued paper stands.
pub(crate) fn standing(paper: &PaperState) -> Standing {
    if !paper.stands() {
        Standing::Void
    } else if paper.issued.what.kind.is_served() && paper.served.is_none() {
        Standing::ToServe
    } else {
        Standing::Done
    }
}

/// A paper as lists show it.
pub(crate) struct Line {
    pub(crate) key: String,
    pub(crate) case: String,
    pub(crate) title: String,
    pub(crate) number: String,
    pub(crate) child: String,
    pub(crate) issuer: String,
    pub(crate) when: String,
    pub(crate) until: String,
    pub(crate) state: String,
    pub(crate) icon: &'static str,
    pub(crate) class: &'static str,
    standing: Standing,
}

/// What lines are made with.
pub(crate) struct Shelf<'a> {
    pub(crate) app: &'a App,
    pub(crate) desk: &'a CaseDesk,
    pub(crate) lang: Lang,
}

impl Shelf<'_> {
    /// The papers of a case, drafts first.
    pub(crate) fn of_case(&self, file: &CaseFile, entry: &Entry) -> Vec<Line> {
        let drafts = file.case.open_drafts().map(|draft| self.draft(file, entry, draft));
        let papers = file.case.papers.iter().rev().map(|paper| self.paper(file, entry, paper));
        drafts.chain(papers).collect()
    }

    fn draft(&self, file: &CaseFile, entry: &Entry, draft: &Noted<Draft>) -> Line {
        let (kind, issuer) = (draft.what.kind, &draft.what.issuer);
        let said = (kind.zh(), kind.en(), Issuer::of(issuer, &self.app.county()).name);
        let days = (draft.at.date(), draft.what.until);
        self.line((file, entry), (draft.what.paper, ""), said, (days, Standing::Drafted))
    }

    fn paper(&self, file: &CaseFile, entry: &Entry, paper: &PaperState) -> Line {
        let what = &paper.issued.what;
        let issuer = Issuer::of(&what.issuer, &self.app.county()).name;
        let said = (what.kind.zh(), what.kind.en(), issuer);
        let days = (what.on, what.until);
        self.line((file, entry), (what.paper, &what.number), said, (days, standing(paper)))
    }

    fn line(
        &self,
        (file, entry): (&CaseFile, &Entry),
        (paper, number): (u32, &str),
        (zh, en, issuer): (&str, &str, String),
        ((on, until), standing): ((chrono::NaiveDate, Option<chrono::NaiveDate>), Standing),
    ) -> Line {
        let lang = self.lang;
        let today = self.desk.moment(self.app.now()).date();
        let (icon, class) = standing.look();
        Line {
            key: paper_key(file.case.id, paper),
            case: case_key(file.case.id),
            title: lang.pick(zh, en).to_owned(),
            number: number.to_owned(),
            child: name_of(entry, lang),
            issuer,
            when: day(on, today, lang),
            until: until.map(|until| day(until, today, lang)).unwrap_or_default(),
            state: lang.t(standing.key()),
            icon,
            class,
            standing,
        }
    }
}

#[derive(Template)]
#[template(path = "documents.html")]
struct DocumentsPage {
    chrome: Chrome,
    /// Key of the words, address, count, whether in force.
    tabs: Vec<(&'static str, String, usize, bool)>,
    lines: Vec<Line>,
    pager: Pager,
    /// Issuer, year, count, highest number: numbers have no gaps.
    series: Vec<(String, i32, u32, u32)>,
    /// Parts of what the reader has to serve: address and number.
    prints: Vec<(String, usize)>,
    /// Whether the reader has reports.
    reports: bool,
}

const TABS: [(&str, &str, Option<Standing>); 5] = [
    ("drafted", "paper-drafted", Some(Standing::Drafted)),
    ("serve", "paper-to-serve", Some(Standing::ToServe)),
    ("done", "paper-done", Some(Standing::Done)),
    ("void", "paper-void", Some(Standing::Void)),
    ("all", "paper-all", None),
];

/// The papers of the reader's children.
async fn list(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let (desk, roll, lang) = (app.cases().await?, app.roll(), Lang::of(&headers));
    let scope = signed.scope(Action::ReadPapers)?;
    let shelf = Shelf { app: &app, desk: &desk, lang };
    let mut all = Vec::new();
    for file in desk.book.all() {
        let Some(entry) = roll.entry(file.case.child).filter(|e| scope.sees(e.standing())) else {
            continue;
        };
        all.extend(shelf.of_case(file, entry).into_iter().map(|line| (entry.child, line)));
    }
    all.sort_by_key(|(_, line)| line.standing);
    let count = |of: Option<Standing>| {
        all.iter().filter(|(_, line)| of.is_none_or(|of| line.standing == of)).count()
    };
    let first = TABS.iter().find(|(_, _, of)| count(*of) > 0).map_or("all", |(word, ..)| word);
    let word = asked.one("show").unwrap_or(first);
    let of = TABS.iter().find(|(known, ..)| *known == word).and_then(|(_, _, of)| *of);
    let tabs = TABS.map(|(known, key, of)| {
        (key, format!("/documents{}", asked.with("show", Some(known))), count(of), known == word)
    });
    let serves = signed.could_on_some(Action::DeliverPaper);
    let n_serve = if serves { count(Some(Standing::ToServe)) } else { 0 };
    let prints = (1..=n_serve.div_ceil(one::BOUND)).map(part_of).collect();
    all.retain(|(_, line)| of.is_none_or(|of| line.standing == of));
    let n = all.len();
    let start = (asked.page() - 1) * asked.size();
    let shown: Vec<_> = all.into_iter().skip(start).take(asked.size()).collect();
    let seen: Vec<_> = shown.iter().map(|(child, _)| *child).collect();
    signed.lists(&app, Action::ReadPapers, &seen).await?;
    let lines: Vec<Line> = shown.into_iter().map(|(_, line)| line).collect();
    html(&DocumentsPage {
        tabs: tabs.into_iter().collect(),
        pager: Pager::new(&asked, n, lines.len(), lang),
        prints,
        lines,
        reports: signed.could_on_some(Action::ReadReports),
        series: series(&app, &scope).await?,
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Papers, &lang.t("nav-papers")),
    })
}

/// A part of what is to be served: address and number.
fn part_of(part: usize) -> (String, usize) {
    let query = if part == 1 { String::new() } else { format!("?page={part}") };
    (format!("/documents/to-serve.pdf{query}"), part)
}

/// The numbers that were taken, for whoever answers for the whole county.
async fn series(app: &App, scope: &Scope) -> Result<Vec<(String, i32, u32, u32)>, Trouble> {
    if *scope != Scope::All {
        return Ok(Vec::new());
    }
    let county = app.county();
    let named = |issuer: &str| match issuer.split_once('/') {
        Some(("town", code)) => {
            let town = code.parse().ok().and_then(|code| county.towns.get(code));
            town.map_or_else(|| code.to_owned(), |town| town.name.clone())
        }
        Some((_, school)) => school.to_owned(),
        None => county.name.clone(),
    };
    let states = app.store().paper_series().await?;
    let lines = states
        .into_iter()
        .map(|state| (named(&state.series.issuer), state.series.year, state.n, state.last));
    Ok(lines.collect())
}
