//! 今日: what waits for the reader, in the order in which it must be done.

mod cases;
mod faults;
mod outside;

use std::collections::BTreeSet;

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use baoxue_act::{CaseId, Duty, Moment, PaperKind};
use baoxue_authz::{Action, Resource, Role, Scope, scope};
use baoxue_claim::{ChildId, Source, VerdictCode};
use baoxue_flow::{
    County, Entry, Filter, Group, Kind, Roll, Sort, Sources,
    exports::{ExportState, export_state},
    monthly,
};
use baoxue_store::ExportsOf;
use chrono::NaiveDate;

use super::{
    cases::{is_own, still::Still},
    children::{MONTH_DAYS, due_words},
    exports::OF_ANOTHER,
    map_numbers::{Kpi, kpis},
    sources::{SourceLine, lines},
    unusual::this_week,
};
use crate::{
    app::App,
    casebook::CaseDesk,
    chrome::{Chrome, Tab},
    display::{Status, child_key, html, name_of, source_word},
    door::Signed,
    i18n::{Lang, number},
    trouble::Trouble,
};

/// More lines stand behind a count.
const MAX_LINES: usize = 12;
/// A leader is told of so many.
const MAX_LEADER_LINES: usize = 5;
/// Duties on cases that stand one by one; the rest behind a count, so that papers and lists have room.
const MAX_OWN: usize = 7;
/// Cases that have reached a leader and stand one by one; the rest behind a count, so that other lines have room.
const MAX_REACHED: usize = 3;
/// So few children are named one by one to those who know them.
const MAX_NAMED: usize = 3;
/// A visit that is due within so many days is named.
const VISIT_DAYS: u64 = 7;
/// Sources in the table beside the list.
const MAX_SOURCES: usize = 8;

/// One thing to do.
struct Line {
    icon: &'static str,
    class: &'static str,
    what: String,
    /// The line begins with the name of a child.
    person: String,
    why: String,
    due: String,
    due_class: &'static str,
    verb: String,
    href: String,
}

#[derive(Template)]
#[template(path = "today.html")]
struct TodayPage {
    chrome: Chrome,
    hello: String,
    meta: String,
    /// Own visits that others contradict.
    still: Vec<Still>,
    lines: Vec<Line>,
    /// How many lines are not shown.
    more: usize,
    kpis: Vec<Kpi>,
    sources: Vec<SourceLine>,
    /// Whether the reader has reports.
    reports: bool,
    /// Whether the reader reports absences.
    absences: bool,
}

/// A list of children that somebody must do something about.
struct Task {
    /// Key of its words.
    key: &'static str,
    icon: &'static str,
    class: &'static str,
    query: &'static str,
    filter: Filter,
}

/// What waits for the reader.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let (roll, county, lang) = (app.roll(), app.county(), Lang::of(&headers));
    let as_of = county.settings.as_of;
    let reads = scope(&signed.actor, Action::ReadChild);
    let view = View { roll: &roll, scope: &reads, signed: &signed, lang, as_of };
    let (children, mut named) = view.children();
    let desk = app.cases().await?;
    let own = owed(&desk, &roll, &signed, desk.moment(app.now()));
    let mut waiting = view.faults(&app, &desk);
    let (of_duties, of_cases) = view.cases(&app, &desk, &own);
    waiting.extend(of_duties);
    let (still, of_still) = view.still(&app, &desk);
    named.extend(of_still);
    named.extend(of_cases);
    // Visits have their days, and stand before lists that have none. A child stands once.
    let visits = view.visits();
    let is_named = |line: &Line| visits.iter().any(|(_, visit)| visit.person_at(line));
    let children: Vec<Line> = children.into_iter().filter(|line| !is_named(line)).collect();
    named.extend(visits.iter().map(|(child, _)| *child));
    waiting.extend(visits.into_iter().map(|(_, line)| line));
    waiting.extend(view.asked_of_department(&app, &desk));
    waiting.extend(view.papers(&desk));
    waiting.extend(view.monthly(&app, &desk).await?);
    waiting.extend(view.tips(&app, &desk).await?);
    waiting.extend(view.findings(&app, &desk).await?);
    waiting.extend(view.exports(&app).await?);
    waiting.extend(view.unusual(&app).await?);
    waiting.extend(children);
    waiting.extend(view.pairs(&app).await?);
    let sources = if signed.can(Action::ReadSources, &Resource::County) {
        Some(app.sources().await?)
    } else {
        None
    };
    if let Some(sources) = &sources {
        waiting.extend(view.reports(sources, &county));
    }
    let most = if signed.actor.role == Role::CountyLeader { MAX_LEADER_LINES } else { MAX_LINES };
    let n = waiting.len();
    let asked = still.len();
    waiting.truncate(most);
    signed.lists(&app, Action::ReadChild, &named).await?;
    let mut fresh = sources.map(|s| lines(&s, &county, lang)).unwrap_or_default();
    fresh.retain(|line| line.came);
    fresh.sort_by_key(|line| !(line.old || line.gap));
    fresh.truncate(MAX_SOURCES);
    let name = ("name", signed.name.clone().into());
    html(&TodayPage {
        hello: lang.with("today-hello", &[name, ("n", number(n + asked))]),
        meta: lang.with("today-meta", &[("on", as_of.to_string().into())]),
        more: n - waiting.len(),
        still,
        lines: waiting,
        kpis: view.kpis(),
        sources: fresh,
        absences: signed.could_on_some(Action::ReportAbsence),
        reports: signed.could_on_some(Action::ReadReports)
            || signed.can(Action::ReadTask, &Resource::Task { unit: signed.actor.unit() }),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Today, &lang.t("nav-today")),
    })
}

/// A duty that the reader owes, or that has reached the reader by being late.
struct Owed<'a> {
    case: CaseId,
    entry: &'a Entry,
    duty: Duty,
    reached: bool,
}

/// What waits for the reader on open cases: what is late first, then by day.
fn owed<'a>(desk: &CaseDesk, roll: &'a Roll, signed: &Signed, now: Moment) -> Vec<Owed<'a>> {
    let scope = scope(&signed.actor, Action::ReadCase);
    let mut all = Vec::new();
    for file in desk.book.open() {
        let Some(entry) = roll.entry(file.case.child).filter(|e| scope.sees(e.standing())) else {
            continue;
        };
        for duty in desk.duties(file, now).iter().filter(|duty| duty.done.is_none()) {
            let mine = is_own(signed, &duty.by.falls_to);
            let climbs = file.case.climbs.values().filter(|climb| climb.duty == duty.id);
            let reached = climbs.filter(|climb| climb.rung > 0).any(|c| is_own(signed, &c.to));
            if mine || reached {
                let (case, duty) = (file.case.id, duty.clone());
                all.push(Owed { case, entry, duty, reached: reached && !mine });
            }
        }
    }
    all.sort_by_key(|owed| {
        let due = owed.duty.due.moment();
        (!owed.duty.is_late(now), owed.reached, due.is_none(), due, owed.case)
    });
    all
}

/// What the lines are made from.
struct View<'a> {
    roll: &'a Roll,
    scope: &'a Scope,
    signed: &'a Signed,
    lang: Lang,
    as_of: NaiveDate,
}

impl Line {
    /// Whether another line leads to the page of the same child.
    fn person_at(&self, other: &Self) -> bool {
        self.href.strip_suffix("/teaching").is_some_and(|child| child == other.href)
    }
}

impl View<'_> {
    /// The lists of children, the most urgent first: answers that are due, then what a status asks for, then grounds that
    /// end.
    fn tasks(&self) -> Vec<Task> {
        let of_kind = |key, icon, class, query, kind| Task {
            key,
            icon,
            class,
            query,
            filter: Filter { kinds: vec![kind], ..Filter::default() },
        };
        let quarrels =
            Filter { groups: vec![Group::Quarrel], sort: Sort::Due, ..Filter::default() };
        let ends_by = self.as_of.checked_add_days(chrono::Days::new(MONTH_DAYS));
        let ends = Filter { ends_by, sort: Sort::Due, ..Filter::default() };
        vec![
            Task {
                key: "quarrel",
                icon: "git-compare",
                class: "s",
                query: "group=quarrel&sort=due",
                filter: quarrels,
            },
            of_kind("out", "circle-x", "o", "status=out", Kind::Out),
            of_kind("sus", "alert-triangle", "s", "status=sus", Kind::Suspected),
            Task {
                key: "ends",
                icon: "calendar-event",
                class: "",
                query: "ends=month&sort=due",
                filter: ends,
            },
            of_kind("unk", "help-circle", "", "status=unk", Kind::Unverified),
        ]
    }

    /// Papers that wait for the reader: drafts to be issued, and issued ones to be served.
    fn papers(&self, desk: &CaseDesk) -> Vec<Line> {
        let (mut n_drafts, mut n_serve) = (0, 0);
        let (issues, serves) = (self.acts(Action::IssuePaper), self.acts(Action::DeliverPaper));
        let signs = self.acts(Action::IssueReport);
        for file in desk.book.open() {
            let Some(entry) = self.roll.entry(file.case.child) else { continue };
            let at = entry.standing();
            let drafted = file.case.open_drafts().filter(|draft| {
                let scope =
                    if draft.what.kind == PaperKind::SchoolReport { &signs } else { &issues };
                scope.sees(at)
            });
            n_drafts += drafted.count();
            if serves.sees(at) {
                n_serve += file.case.notices().filter(|paper| paper.served.is_none()).count();
            }
        }
        let line = |n: usize, key: &str, look, href: &str| {
            (n > 0).then(|| self.counted(look, (key, n), (&format!("verb-{key}"), href)))
        };
        let drafts = line(n_drafts, "drafts", ("file-certificate", "v"), "/documents?show=drafted");
        let serve = line(n_serve, "serve", ("printer", "s"), "/documents?show=serve");
        [drafts, serve].into_iter().flatten().collect()
    }

    /// Visits to children taught at home that are due soon or overdue, those first, for who registers them.
    fn visits(&self) -> Vec<(ChildId, Line)> {
        let (lang, scope) = (self.lang, self.acts(Action::LogTeaching));
        if scope == Scope::Nothing {
            return Vec::new();
        }
        let soon = self.as_of.checked_add_days(chrono::Days::new(VISIT_DAYS));
        let due = self.roll.entries().iter().filter_map(|entry| {
            let due = entry.visit_due.filter(|due| Some(*due) <= soon)?;
            scope.sees(entry.standing()).then_some((due, entry))
        });
        let mut due: Vec<(NaiveDate, &Entry)> = due.collect();
        due.sort_by_key(|(due, entry)| (*due, entry.child));
        due.truncate(MAX_LINES);
        let lines = due.into_iter().map(|(due, entry)| {
            let late = due < self.as_of || entry.code != VerdictCode::HomeTeaching;
            let (due, due_class) = due_words(due, self.as_of, lang);
            let line = Line {
                icon: "calendar-event",
                class: if late { "s" } else { "" },
                what: lang.t("today-visit"),
                person: name_of(entry, lang),
                why: lang.t(if late { "today-visit-late-why" } else { "today-visit-why" }),
                due,
                due_class,
                verb: lang.t("verb-visit"),
                href: format!("/children/{}/teaching", child_key(entry.child)),
            };
            (entry.child, line)
        });
        lines.collect()
    }

    fn acts(&self, action: Action) -> Scope {
        scope(&self.signed.actor, action)
    }

    fn case_line(&self, (what, why): (String, &str), due: String, due_class: &'static str) -> Line {
        Line {
            icon: "clipboard-check",
            class: if due_class == "due-over" { "o" } else { "s" },
            what,
            person: String::new(),
            why: self.lang.t(why),
            due,
            due_class,
            verb: self.lang.t("verb-case"),
            href: String::new(),
        }
    }

    /// Lines about children, and whom they name.
    fn children(&self) -> (Vec<Line>, Vec<ChildId>) {
        let (mut lines, mut named) = (Vec::new(), Vec::new());
        let tasks = self.tasks();
        let lists: Vec<Filter> = tasks.iter().map(|task| task.filter.clone()).collect();
        let firsts = self.roll.firsts(self.scope, &lists, MAX_NAMED);
        for (task, (total, children)) in tasks.iter().zip(firsts.iter()) {
            let entries = children.iter().filter_map(|child| self.roll.entry(*child));
            let entries: Vec<&Entry> = entries.collect();
            if *total == 0 {
                continue;
            }
            if self.names_children() && *total <= MAX_NAMED {
                // A child stands once, under what is most urgent.
                let new = entries.into_iter().filter(|entry| !named.contains(&entry.child));
                let entries: Vec<&Entry> = new.collect();
                named.extend(entries.iter().map(|entry| entry.child));
                lines.extend(entries.into_iter().map(|entry| self.child(task, entry)));
            } else {
                let first = entries.first().and_then(|entry| due_of(task, entry));
                lines.push(self.group(task, *total, first));
            }
        }
        (lines, named)
    }

    /// Whether the reader knows the children by name.
    fn names_children(&self) -> bool {
        matches!(
            self.signed.actor.role,
            Role::Town | Role::Village | Role::Principal | Role::Teacher
        )
    }

    fn child(&self, task: &Task, entry: &Entry) -> Line {
        let lang = self.lang;
        let due = due_of(task, entry).map(|due| due_words(due, self.as_of, lang));
        let (due, due_class) = due.unwrap_or_default();
        Line {
            icon: task.icon,
            class: task.class,
            what: Status::of_entry(entry, lang).word,
            person: name_of(entry, lang),
            why: lang.t(&format!("today-{}-why", task.key)),
            due,
            due_class,
            verb: self.verb(task.key),
            href: format!("/children/{}", child_key(entry.child)),
        }
    }

    fn group(&self, task: &Task, n: usize, first: Option<NaiveDate>) -> Line {
        let lang = self.lang;
        let due = first.map(|due| due_words(due, self.as_of, lang));
        let (due, due_class) = due.unwrap_or_default();
        Line {
            icon: task.icon,
            class: task.class,
            what: lang.n(&format!("today-{}", task.key), n),
            person: String::new(),
            why: lang.t(&format!("today-{}-why", task.key)),
            due,
            due_class,
            verb: self.verb(task.key),
            href: format!("/children?{}", task.query),
        }
    }

    /// What the reader does about it: who may not answer only looks.
    fn verb(&self, key: &str) -> String {
        let acts = match key {
            "quarrel" => scope(&self.signed.actor, Action::AnswerConflict) != Scope::Nothing,
            "unk" | "sus" => scope(&self.signed.actor, Action::AddClaim) != Scope::Nothing,
            _ => false,
        };
        self.lang.t(&if acts { format!("verb-{key}") } else { "verb-look".to_owned() })
    }

    /// Exports that wait for the reader's decision, and own ones that were approved: somebody waits for each.
    async fn exports(&self, app: &App) -> Result<Vec<Line>, Trouble> {
        let mut waiting = 0;
        if self.signed.could(Action::ApproveExport, &OF_ANOTHER) {
            let mut all = app.store().exports(ExportsOf::Waiting, 100).await?;
            all.retain(|export| export.account != self.signed.actor.account);
            waiting = all.len();
        }
        let own = ExportsOf::Account(self.signed.actor.account);
        let own = app.store().exports(own, 20).await?;
        let approved = own.iter().filter(|export| {
            let state = export_state(export, &app.options().exports, app.now());
            export.needs_second && state == ExportState::Approved
        });
        let line = |key: &str, n: usize| {
            self.counted(("download", "v"), (key, n), (&format!("verb-{key}"), "/exports"))
        };
        let both = [("exports-waiting", waiting), ("exports-approved", approved.count())];
        Ok(both.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| line(key, n)).collect())
    }

    /// The month's report that is owed.
    async fn monthly(&self, app: &App, desk: &CaseDesk) -> Result<Option<Line>, Trouble> {
        if !self.signed.can(Action::SubmitReport, &Resource::County) {
            return Ok(None);
        }
        let sent = monthly::submitted(app.store()).await?;
        let today = desk.moment(app.now()).date();
        let first = desk.book.all().map(|file| file.case.opened.date()).min();
        let due_day = app.county().act.month_report_day;
        let Some((month, due)) = monthly::owed(&sent, first, (today, due_day)) else {
            return Ok(None);
        };
        let lang = self.lang;
        let (due, due_class) = due_words(due, today, lang);
        Ok(Some(Line {
            icon: "calendar-event",
            class: "s",
            what: lang.with("today-monthly", &[("month", month.to_string().into())]),
            person: String::new(),
            why: lang.t("today-monthly-why"),
            due,
            due_class,
            verb: lang.t("verb-monthly"),
            href: format!("/reports/monthly?month={month}"),
        }))
    }

    /// Accounts that the audit should ask about last week: each week's report reaches who answers for the audit.
    async fn unusual(&self, app: &App) -> Result<Option<Line>, Trouble> {
        if self.signed.actor.role != Role::AuditAdmin
            || !self.signed.can(Action::ReadAllAudit, &Resource::County)
        {
            return Ok(None);
        }
        let monday = this_week(app) - chrono::TimeDelta::days(7);
        let n = app.unusual(monday, true).await?.len();
        let href = "/audit/unusual";
        Ok((n > 0).then(|| self.counted(("eye", "s"), ("unusual", n), ("verb-look", href))))
    }

    /// A line about so many of something.
    fn counted(
        &self,
        (icon, class): (&'static str, &'static str),
        (key, n): (&str, usize),
        (verb, href): (&str, &str),
    ) -> Line {
        Line {
            icon,
            class,
            what: self.lang.n(&format!("today-{key}"), n),
            person: String::new(),
            why: self.lang.t(&format!("today-{key}-why")),
            due: String::new(),
            due_class: "",
            verb: self.lang.t(verb),
            href: href.to_owned(),
        }
    }

    /// Pairs of rows that wait for somebody who decides on the whole county's.
    async fn pairs(&self, app: &App) -> Result<Option<Line>, Trouble> {
        if scope(&self.signed.actor, Action::DecideIdentity) != Scope::All {
            return Ok(None);
        }
        let n = app.desk().await?.pairs.pairs.len();
        let href = "/review/identity";
        Ok((n > 0).then(|| self.counted(("users", "v"), ("pairs", n), ("verb-pairs", href))))
    }

    /// Lists that have not come: everybody's for the bureau, the own ones for others.
    fn reports(&self, sources: &Sources, county: &County) -> Vec<Line> {
        let (actor, lang) = (&self.signed.actor, self.lang);
        let is_bureau = actor.role == Role::Bureau;
        let mut lines = Vec::new();
        let silent = sources.silent.iter();
        let silent = silent.filter(|code| is_bureau || actor.areas.towns.contains(code));
        let names: Vec<&str> =
            silent.filter_map(|code| Some(county.towns.get(*code)?.name.as_str())).collect();
        if !names.is_empty() {
            let href = format!("/sources/{}", Source::TownSurvey.name());
            lines.push(self.report("today-silent", &names, href));
        }
        let reporting =
            sources.states.iter().filter_map(|s| Some((s.source, s.reporting.as_ref()?)));
        for (source, reporting) in reporting {
            let missing = reporting.missing.iter().map(|(school, _)| school.as_str());
            let missing = missing.filter(|name| is_bureau || actor.areas.schools.contains(*name));
            let names: Vec<&str> = missing.collect();
            if !names.is_empty() {
                lines.push(self.report(
                    "today-schools",
                    &names,
                    format!("/sources/{}", source.name()),
                ));
            }
        }
        let asked: BTreeSet<Source> = actor.areas.sources.clone();
        for state in lines_of(sources, is_bureau, &asked) {
            let word = source_word(state, lang);
            let old = self.report("today-old", &[&word], format!("/sources/{}", state.name()));
            let state = sources.of(state);
            let day = state.and_then(|state| state.newest()).and_then(|list| list.as_of);
            let is_old =
                |day: NaiveDate| (self.as_of - day).num_days() > baoxue_flow::OLD_AFTER_DAYS;
            if day.is_none_or(is_old) {
                lines.push(old);
            }
        }
        lines
    }

    fn report(&self, key: &str, names: &[&str], href: String) -> Line {
        const SHOWN: usize = 4;
        let lang = self.lang;
        let mut why =
            names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(&lang.t("list-comma"));
        if names.len() > SHOWN {
            why.push('…');
        }
        Line {
            icon: "file-alert",
            class: "s",
            what: lang.n(key, names.len()),
            person: String::new(),
            why,
            due: String::new(),
            due_class: "",
            verb: lang.t("verb-sources"),
            href,
        }
    }

    /// The numbers beside the list, without the two that ask for nothing.
    fn kpis(&self) -> Vec<Kpi> {
        let scope = scope(&self.signed.actor, Action::ReadMap);
        if scope == Scope::Nothing {
            return Vec::new();
        }
        let figures = self.roll.figures_of(&scope, self.as_of);
        kpis(&figures, "", self.lang).into_iter().skip(2).collect()
    }
}

/// The day that a line tells: of an answer, of the end of a ground; a status alone has none.
fn due_of(task: &Task, entry: &Entry) -> Option<NaiveDate> {
    match task.key {
        "quarrel" => entry.answer_by,
        "ends" => entry.expires,
        _ => None,
    }
}

/// The sources whose age concerns the reader: all that came for the bureau, the own registers for a department.
fn lines_of(sources: &Sources, is_bureau: bool, own: &BTreeSet<Source>) -> Vec<Source> {
    let came =
        sources.states.iter().filter(|state| state.newest().is_some_and(|l| l.as_of.is_some()));
    let came: BTreeSet<Source> = came.map(|state| state.source).collect();
    let all = Source::ALL.into_iter();
    all.filter(|source| own.contains(source) || (is_bureau && came.contains(source))).collect()
}
