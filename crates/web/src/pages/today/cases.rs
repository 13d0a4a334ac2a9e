//! What waits for the reader on cases.

use baoxue_act::{CaseId, Done, Duty};
use baoxue_authz::{Action, Role, Scope};
use baoxue_claim::ChildId;
use baoxue_flow::cases::Speaker;
use chrono::NaiveDate;

use super::{Line, MAX_LINES, MAX_OWN, MAX_REACHED, Owed, View};
use crate::{
    app::App,
    casebook::CaseDesk,
    display::name_of,
    i18n::number,
    pages::{
        cases::{
            DETERMINATIONS, Proposed, case_key, due,
            still::{self, Still},
        },
        tasks::{is_of_own_department, task_href},
    },
};

impl View<'_> {
    /// Lines about what the reader owes on cases, the latest first, and whom they name.
    pub(super) fn cases(
        &self,
        app: &App,
        desk: &CaseDesk,
        own: &[Owed<'_>],
    ) -> (Vec<Line>, Vec<ChildId>) {
        let (county, lang) = (app.county(), self.lang);
        let speaker = desk.speaker(&county, lang);
        let today = desk.moment(app.now()).date();
        if self.names_children() {
            let shown = own.iter().take(MAX_OWN);
            let lines = shown.clone().map(|owed| {
                let (due, due_class) = due(&owed.duty, today, lang);
                Line {
                    person: name_of(owed.entry, lang),
                    href: format!(
                        "/cases/{}{}",
                        case_key(owed.case),
                        form_for(owed.duty.step.done)
                    ),
                    ..self.case_line((speaker.duty(&owed.duty), "today-case-why"), due, due_class)
                }
            });
            let mut lines: Vec<Line> = lines.collect();
            let more = own.len() - lines.len();
            if more > 0 {
                let look = ("clipboard-check", "s");
                lines.push(self.counted(
                    look,
                    ("duties-more", more),
                    ("verb-case", "/cases?view=list"),
                ));
            }
            return (lines, shown.map(|owed| owed.entry.child).collect());
        }
        if self.acts(Action::Instruct) != Scope::Nothing {
            return (self.reached(&speaker, own, today), Vec::new());
        }
        let mut steps: Vec<(String, usize, &Owed<'_>)> = Vec::new();
        for owed in own {
            let what = speaker.duty(&owed.duty);
            match steps.iter_mut().find(|(known, _, _)| *known == what) {
                Some((_, n, _)) => *n += 1,
                None => steps.push((what, 1, owed)),
            }
        }
        let lines = steps.into_iter().map(|(what, n, first)| {
            if first.duty.step.done == Done::Determined && self.confirms() {
                return self.determinations(app, desk, &first.duty);
            }
            let (due, due_class) = due(&first.duty, today, lang);
            let why = if first.reached { "today-case-reached-why" } else { "today-case-why" };
            let what = lang.with("today-case", &[("what", what.into()), ("n", number(n))]);
            let line = self.case_line((what, why), due, due_class);
            let late = first.reached || due_class == "due-over";
            Line { href: if late { "/cases?late=1" } else { "/cases" }.to_owned(), ..line }
        });
        (lines.collect(), Vec::new())
    }

    /// Whether the reader confirms determinations.
    fn confirms(&self) -> bool {
        self.signed.could_on_some(Action::ConfirmDetermination)
    }

    /// What waits to be confirmed: how many can be, how many lack something.
    fn determinations(&self, app: &App, desk: &CaseDesk, first: &Duty) -> Line {
        let lang = self.lang;
        let proposed = Proposed::of(app, desk, self.roll, self.scope);
        let (ready, lacking) = (proposed.ready.len(), proposed.lacking.len());
        let (due, due_class) = due(first, desk.moment(app.now()).date(), lang);
        Line {
            due,
            due_class,
            why: lang.with(
                "today-determine-why",
                &[("ready", number(ready)), ("lacking", number(lacking))],
            ),
            ..self.counted(
                ("gavel", "s"),
                ("determine", ready + lacking),
                ("verb-determine", DETERMINATIONS),
            )
        }
    }

    /// Visits of the reader's seat that others contradict, and whom they name.
    pub(super) fn still(&self, app: &App, desk: &CaseDesk) -> (Vec<Still>, Vec<ChildId>) {
        let (county, works) = (app.county(), self.acts(Action::WorkCase));
        let speaker = desk.speaker(&county, self.lang);
        let (mut all, mut named) = (Vec::new(), Vec::new());
        if works == Scope::Nothing {
            return (all, named);
        }
        for file in desk.book.open().filter(|file| !file.case.visits.is_empty()) {
            let entry = self.roll.entry(file.case.child);
            let Some(entry) = entry.filter(|entry| works.sees(entry.standing())) else { continue };
            let person = name_of(entry, self.lang);
            let of_case = still::asked((self.signed, &speaker, self.lang), file, &person);
            if !of_case.is_empty() && all.len() < MAX_LINES {
                named.push(entry.child);
                all.extend(of_case);
            }
        }
        (all, named)
    }

    /// Cases that wait for a leader: each leads to the form that instructs whoever is late. No child is named.
    fn reached(&self, speaker: &Speaker<'_>, own: &[Owed<'_>], today: NaiveDate) -> Vec<Line> {
        let lang = self.lang;
        let mut cases: Vec<&Owed<'_>> = Vec::new();
        for owed in own {
            if cases.iter().all(|known| known.case != owed.case) {
                cases.push(owed);
            }
        }
        let more = cases.split_off(cases.len().min(MAX_REACHED));
        let mut lines: Vec<Line> = cases
            .into_iter()
            .map(|owed| {
                let (due, due_class) = due(&owed.duty, today, lang);
                let (key, late) = (case_key(owed.case), due_class == "due-over");
                let line = self.case_line(
                    (speaker.duty(&owed.duty), "today-case-reached-why"),
                    due,
                    due_class,
                );
                let who = speaker.seat(&owed.duty.by.falls_to);
                let why = [("who", who.into()), ("case", key.clone().into())];
                let verb = if late { "verb-instruct" } else { "verb-case" };
                let form = if late { "?do=instruct#instruct-to" } else { "" };
                Line {
                    why: lang.with("today-instruct-why", &why),
                    verb: lang.t(verb),
                    href: format!("/cases/{key}{form}"),
                    ..line
                }
            })
            .collect();
        if !more.is_empty() {
            let look = ("clipboard-check", "o");
            let key = ("instruct-more", more.len());
            lines.push(self.counted(look, key, ("verb-case", "/cases?late=1")));
        }
        lines
    }

    /// What the reader's department is asked, each with its own page: a case is not for it to read.
    pub(super) fn asked_of_department(&self, app: &App, desk: &CaseDesk) -> Vec<Line> {
        let (county, lang, now) = (app.county(), self.lang, desk.moment(app.now()));
        if self.signed.actor.role != Role::Department {
            return Vec::new();
        }
        let speaker = desk.speaker(&county, lang);
        let mut owed: Vec<(CaseId, Duty)> = Vec::new();
        for file in desk.book.open() {
            let duties = desk.duties(file, now);
            let own = duties.iter().filter(|duty| {
                duty.done.is_none() && is_of_own_department(self.signed, &desk.rules, duty)
            });
            owed.extend(own.map(|duty| (file.case.id, duty.clone())));
        }
        owed.sort_by_key(|(case, duty)| (duty.due.moment().is_none(), duty.due.moment(), *case));
        let lines = owed.iter().map(|(case, duty)| {
            let (due, due_class) = due(duty, now.date(), lang);
            let what = (speaker.duty(duty), "today-task-why");
            let href = task_href(&case_key(*case), duty.id.nth);
            Line { href, ..self.case_line(what, due, due_class) }
        });
        lines.collect()
    }
}

/// The form on the page of the case that fulfils a duty.
fn form_for(done: Done) -> String {
    let act = match done {
        Done::Visit
        | Done::Learned
        | Done::Attempt
        | Done::ThreeAttempts
        | Done::Look
        | Done::Found
        | Done::NextLook
        | Done::TipVerified
        | Done::MissLooked
        | Done::VisitMade
        | Done::PromiseLooked
        | Done::LookAfterLeave => "visit",
        Done::PlanReviewed => "plan-review",
        Done::Report => "report",
        Done::LegalStep => "legal",
        Done::Owner => "owner",
        Done::Return => "return",
        Done::Proved => "attended",
        Done::Check | Done::LaterCheck => "checked",
        Done::CarriedOut => "carry-out",
        Done::ObjectionAnswered => "answer-objection",
        Done::TransferAnswered => "transfer-answer",
        Done::Determined
        | Done::ReturnNotice
        | Done::CorrectionOrder
        | Done::Closed
        | Done::RequestDone => return String::new(),
    };
    format!("?do={act}#do-{act}")
}
