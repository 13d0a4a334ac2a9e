//! One case: where it stands, what is owed by whom, what happened, and what the reader can record.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use baoxue_act::{
    Answer, Beside, Duty, Event, Found, Held, Holder, Item, Measure, MeasureKind, Met, Moment,
    Office, PROGRAM, PaperKind, RequestState, ReturnForm, What, is_confirmed, items, lacks,
    offered, unfounded,
};
use baoxue_authz::{Action, Resource};
use baoxue_claim::Cause;
use baoxue_flow::Entry;
use baoxue_flow::cases::{CaseFile, Speaker};
use baoxue_flow::{
    child_page,
    papers::{Besides, child_aid},
    teaching::teaching_log,
};
use chrono::NaiveDate;

use super::super::{
    chain::{self, Chain, ChainLetter},
    child::forms,
    papers::{self, Shelf, drafts, kind_word},
};
use super::{
    act::{PROVE, REPORT, may_withdraw},
    case_key, case_of, due, episode,
    parts::{DutyLine, Parts, Step, Told},
};
use crate::{
    app::App,
    casebook::CaseDesk,
    chrome::{Chrome, Tab},
    display::{Status, age, child_key, covered, day, html, name_of},
    door::{Signed, place},
    forms::Asked,
    i18n::Lang,
    trouble::Trouble,
};

/// A choice of a form.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) word: String,
}

/// What the reader may record.
#[expect(clippy::struct_excessive_bools, reason = "rights, each by itself")]
struct Rights {
    work: bool,
    /// To say that the child is back and was there.
    prove: bool,
    /// To sign or record the school's report.
    report: bool,
    decide: bool,
    confirm: bool,
    instruct: bool,
}

#[expect(clippy::struct_excessive_bools, reason = "what a page shows or not, each by itself")]
#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    chrome: Chrome,
    key: String,
    child: String,
    name: String,
    status: Status,
    episode: Option<String>,
    who: String,
    cause: String,
    opened: String,
    /// What is due next, the class of its words, and when.
    next: Option<(String, &'static str, String)>,
    steps: Vec<Step>,
    duties: Vec<DutyLine>,
    n_open: usize,
    n_done: usize,
    chain: Vec<chain::Node>,
    lacks: Vec<String>,
    told: Vec<Told>,
    rights: Rights,
    /// Whether something may be recorded.
    is_open: bool,
    /// That a record cannot be read, and what to do.
    unread: Option<String>,
    /// The verdict that may be confirmed now.
    determines: Option<String>,
    /// Who holds the case ready to be closed.
    proposed: Option<String>,
    objected: bool,
    returned: bool,
    /// Instructions that are not carried out: number and words.
    instructions: Vec<(u32, String)>,
    /// Requests that are not answered: number, department and task.
    requests: Vec<(u32, String)>,
    /// Of those the ones that the reader may withdraw.
    withdrawable: Vec<Choice>,
    /// Of those the ones that the program made and nothing calls for any more, in words.
    unfounded: Vec<String>,
    tasks: Vec<Choice>,
    answers: Vec<Choice>,
    causes: Vec<Choice>,
    met: Vec<Choice>,
    found: Vec<Choice>,
    forms: Vec<Choice>,
    seats: Vec<Choice>,
    n_events: usize,
    today: String,
    school: String,
    /// Who fills the form of a visit.
    visitor: String,
    /// First day and school days since the return, as far as no leave is known.
    attended: (String, usize),
    /// Whether another county has not answered yet.
    transferring: bool,
    /// What people recorded and may have recorded wrongly: position and words.
    correctable: Vec<Choice>,
    refused: Option<NotTaken>,
    /// The form that the address asks for.
    unfolded: Option<String>,
    /// Whom an instruction is for, by the number of the choice, and its first words: what is late for the longest.
    instructs: (String, String),
    reads_papers: bool,
    papers: Vec<papers::Line>,
    /// Papers that may be drafted now: words and the word of the form.
    offers: Vec<(String, &'static str)>,
    /// Parts of the folder: icon, class, words, and the files in it.
    folder: Vec<PartLine>,
    /// Forms that can be printed: address and words.
    prints: Vec<(String, String)>,
    items: Vec<Choice>,
    measures: Vec<Choice>,
    /// As it was typed: what the form begins with.
    plan_analysis: String,
    /// The same, covered.
    plan_why: String,
    plan_review: String,
    /// What the last review found.
    plan_found: String,
    /// The measures of the plan: words, and whether each is done.
    plan: Vec<(String, bool)>,
}

impl CasePage {
    /// What was typed into a field of a form that was not taken, or what it begins with.
    fn typed<'a>(&'a self, act: &str, name: &str, first: &'a str) -> &'a str {
        let refused = self.refused.as_ref().filter(|refused| refused.act == act);
        refused.map_or(first, |refused| refused.typed.get(name).map_or("", String::as_str))
    }

    /// Whether a measure is ticked: as it was sent with a review that was not taken, else as the last review has it.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template hands over references")]
    fn is_ticked(&self, at: &usize, done: &bool) -> bool {
        let refused = self.refused.as_ref().filter(|refused| refused.act == "plan-review");
        refused.map_or(*done, |refused| refused.typed.contains_key(&format!("done{at}")))
    }

    /// Whether that form is open: it was not taken, or the address asks for it.
    fn is_unfolded(&self, act: &str) -> bool {
        let refused = self.refused.as_ref().map(|refused| refused.act.as_str());
        refused.or(self.unfolded.as_deref()) == Some(act)
    }
}

/// A part of the folder: icon, class, words, and address and words of each file in it.
type PartLine = (&'static str, &'static str, String, Vec<(String, String)>);

/// What could not be recorded.
pub(in crate::pages) struct NotTaken {
    pub(in crate::pages) act: String,
    pub(in crate::pages) why: String,
    pub(in crate::pages) typed: BTreeMap<String, String>,
}

/// The page of a case; `?do=` unfolds one of its forms.
pub(super) async fn page(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let unfolded = asked.one("do").map(str::to_owned);
    shown((&app, &signed), &key, &headers, Unfolded { act: unfolded, refused: None }).await
}

/// The page, with what could not be recorded.
pub(in crate::pages) async fn show(
    of: (&App, &Signed),
    key: &str,
    headers: &HeaderMap,
    not_taken: Option<NotTaken>,
) -> Result<Response, Trouble> {
    shown(of, key, headers, Unfolded { act: None, refused: not_taken }).await
}

/// A form that is not folded when the page comes.
struct Unfolded {
    /// The one that the address asks for.
    act: Option<String>,
    /// The one that was not taken.
    refused: Option<NotTaken>,
}

async fn shown(
    (app, signed): (&App, &Signed),
    key: &str,
    headers: &HeaderMap,
    unfolded: Unfolded,
) -> Result<Response, Trouble> {
    let (desk, roll, lang) = (app.cases().await?, app.roll(), Lang::of(headers));
    let file = case_of(key).and_then(|id| desk.book.get(id)).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(file.case.child).ok_or(Trouble::NotFound)?;
    signed.may(Action::ReadCase, &Resource::Child(place(entry)))?;
    signed.opens_page(app).await?;
    signed.kept(app, (Action::ReadCase, ""), &[entry.child]).await?;
    let (county, now) = (app.county(), desk.moment(app.now()));
    let shelf = app.letters(&desk).await?;
    let year = county.letters.year_of(now.date());
    let lines = shelf.desk(&county, &desk, (year, now.date())).of_child(entry);
    let of_child = child_page(app.store(), &county, &roll, entry.child).await?;
    let teaching = teaching_log(&of_child, &county);
    let aid = child_aid(&of_child, &roll, &county);
    let besides = Besides { letters: &lines, teaching: teaching.as_ref(), aid: &aid };
    let view = View {
        file,
        letters: lines.iter().map(|line| chain::letter(signed, entry, line)).collect(),
        held: besides.held(),
        prints: if signed.could(Action::WorkCase, &Resource::Child(place(entry))) {
            forms::prints((app, &desk), (&of_child, Some(&file.case)), besides, lang)
        } else {
            Vec::new()
        },
        entry,
        town: roll.town_name(entry).unwrap_or_default().to_owned(),
        speaker: desk.speaker(&county, lang),
        now,
        desk: &desk,
        lang,
    };
    html(&view.page((app, signed), unfolded))
}

struct View<'a> {
    file: &'a CaseFile,
    letters: Vec<ChainLetter>,
    /// What the folder has beside the case.
    held: Beside,
    /// Forms that can be printed: address and words.
    prints: Vec<(String, String)>,
    entry: &'a Entry,
    town: String,
    speaker: Speaker<'a>,
    now: Moment,
    desk: &'a CaseDesk,
    lang: Lang,
}

impl View<'_> {
    #[expect(clippy::too_many_lines, reason = "one line for each thing on the page")]
    fn page(&self, (app, signed): (&App, &Signed), unfolded: Unfolded) -> CasePage {
        let (case, lang) = (&self.file.case, self.lang);
        let duties = self.desk.duties(self.file, self.now);
        let next = baoxue_act::next(&duties).map(|duty| {
            let (words, class) = due(duty, self.now.date(), lang);
            (self.speaker.duty(duty), class, words)
        });
        let parts = Parts {
            file: self.file,
            speaker: &self.speaker,
            now: self.now,
            proof_days: self.desk.rules.timetable.proof.attended_school_days,
            lang,
        };
        let n_done = duties.iter().filter(|duty| duty.done.is_some()).count();
        let code = case.judged.what.code;
        let determines = case.determined.is_none()
            && code.accuses()
            && is_confirmed(case)
            && case.open_objection().is_none();
        let open = case.instructions.iter().filter(|given| given.done.is_none());
        let reads_papers = signed.could(Action::ReadPapers, &Resource::Child(place(self.entry)));
        CasePage {
            key: case_key(case.id),
            child: child_key(case.child),
            name: name_of(self.entry, lang),
            status: Status::of_entry(self.entry, lang),
            episode: episode(self.file, lang),
            who: self.who(),
            cause: case
                .cause
                .as_ref()
                .map(|cause| cause.what)
                .map_or("", |c| lang.pick(c.zh(), c.en()))
                .to_owned(),
            opened: day(case.opened.date(), self.now.date(), lang),
            next,
            steps: parts.steps(self.desk.stage(self.file)),
            n_open: duties.len() - n_done,
            n_done,
            chain: self.chain(&duties),
            lacks: self.lacks(),
            told: self.file.events.iter().rev().map(|event| parts.told(event)).collect(),
            rights: self.rights(signed),
            is_open: case.over.is_none() && self.file.unread.is_none(),
            unread: self.file.unread.map(|unread| papers::unread(unread.no, lang)),
            determines: determines.then(|| lang.pick(code.zh(), code.en()).to_owned()),
            proposed: case.proposed.as_ref().map(|proposed| proposed.by.clone()),
            objected: case.open_objection().is_some(),
            returned: case.returned.is_some(),
            instructions: open.map(|given| (given.instruction, given.given.what.clone())).collect(),
            requests: self.requests(|_| true),
            withdrawable: self.withdrawable(signed),
            unfounded: self.unfounded(signed),
            tasks: self.tasks(),
            answers: numbered(Answer::ALL.iter().map(|answer| lang.pick(answer.zh(), answer.en()))),
            causes: choices(CAUSES, |c| (c.number(), lang.pick(c.zh(), c.en()))),
            met: numbered(Met::ALL.iter().map(|met| lang.pick(met.zh(), met.en()))),
            found: numbered(Found::ALL.iter().map(|found| lang.pick(found.zh(), found.en()))),
            forms: numbered(ReturnForm::ALL.iter().map(|form| lang.pick(form.zh(), form.en()))),
            seats: parts.seats(),
            n_events: self.file.events.len(),
            today: self.now.date().to_string(),
            visitor: signed.name.clone(),
            attended: self.attended(),
            transferring: case.transfer.as_ref().is_some_and(|t| t.answered.is_none()),
            correctable: self.correctable(),
            school: case.place.school.clone().unwrap_or_default(),
            duties: duties.iter().map(|duty| parts.duty(duty)).collect(),
            instructs: self.instructs(&duties),
            unfolded: unfolded.act,
            refused: unfolded.refused,
            reads_papers,
            papers: if reads_papers {
                Shelf { app, desk: self.desk, lang }.of_case(self.file, self.entry)
            } else {
                Vec::new()
            },
            offers: self.offers(signed),
            folder: self.folder(),
            prints: self.prints.clone(),
            items: numbered(Item::ALL.iter().map(|item| lang.pick(item.zh(), item.en()))),
            measures: numbered(MeasureKind::ALL.iter().map(|kind| lang.pick(kind.zh(), kind.en()))),
            plan_analysis: case.plan().map_or("", |plan| &plan.what.analysis).to_owned(),
            plan_why: covered(case.plan().map_or("", |plan| &plan.what.analysis), lang),
            plan_review: self.plan_review(),
            plan_found: covered(case.plan_review().map_or("", |r| &r.what.words), lang),
            plan: self.plan(),
            chrome: Chrome::new(app, Some(signed), lang, Tab::Cases, &lang.t("case")),
        }
    }

    fn chain(&self, duties: &[Duty]) -> Vec<chain::Node> {
        let chain = Chain {
            place: &self.file.case.place,
            duties,
            letters: &self.letters,
            is_helped: self.entry.poverty,
            helper: self.file.case.helper.as_ref().map(|helper| helper.what.as_str()),
            speaker: &self.speaker,
            now: self.now,
            lang: self.lang,
        };
        chain.nodes()
    }

    fn who(&self) -> String {
        let lang = self.lang;
        let years = self.entry.birth.and_then(|birth| age(birth, self.now.date()));
        let years = years.map(|n| lang.n("years-old", usize::try_from(n).unwrap_or_default()));
        let home = format!("{}{}", self.town, self.entry.village.as_deref().unwrap_or_default());
        let school = self.entry.school_shown().map(str::to_owned);
        let parts = [Some(home).filter(|home| !home.is_empty()), years, school];
        parts.into_iter().flatten().collect::<Vec<_>>().join(&lang.t("comma"))
    }

    /// Whom a leader instructs first, and to do what: the seat whose duty is late for the longest.
    fn instructs(&self, duties: &[Duty]) -> (String, String) {
        let late = baoxue_act::next(duties).filter(|duty| duty.is_late(self.now));
        let Some(duty) = late else { return Default::default() };
        let chain = self.file.case.place.chain();
        let at = |holder: &Holder| {
            let same = |(seat, office): &(_, Option<Office>)| {
                *seat == holder.seat && office.as_ref() == Some(&holder.office)
            };
            chain.iter().position(same)
        };
        let seat = at(&duty.by.falls_to).or_else(|| at(&duty.by.owed_by));
        let words = [("what", self.speaker.duty(duty).into())];
        let seat = seat.map(|at| at.to_string()).unwrap_or_default();
        (seat, self.lang.with("act-instruct-first", &words))
    }

    /// The days of school since the return without those of leave: what attendance is to prove.
    fn attended(&self) -> (String, usize) {
        let (case, today) = (&self.file.case, self.now.date());
        let Some(back) = case.returned.as_ref().map(|returned| returned.what.on) else {
            return Default::default();
        };
        let away = |day: NaiveDate| {
            case.leaves.iter().any(|leave| leave.what.0 <= day && day <= leave.what.1)
        };
        let days = back.iter_days().take_while(|day| *day <= today);
        let calendar = &self.desk.rules.calendar;
        let n = days.filter(|day| calendar.is_school(*day) && !away(*day)).count();
        (back.to_string(), n)
    }

    /// What may be struck out: the newest first, without what was struck out already.
    fn correctable(&self) -> Vec<Choice> {
        let struck = |at: usize| {
            self.file.events.iter().any(|event| {
                matches!(&event.what, What::Corrected { of, .. } if usize::try_from(*of) == Ok(at))
            })
        };
        let all = self.file.events.iter().enumerate().rev();
        let all = all.filter(|(at, event)| {
            event.by != PROGRAM && event.what.is_correctable() && !struck(*at)
        });
        let choice = |(at, event): (usize, &Event)| Choice {
            value: at.to_string(),
            word: format!(
                "{} {}",
                event.at.format("%Y-%m-%d %H:%M"),
                covered(&self.speaker.event(event), self.lang)
            ),
        };
        all.map(choice).collect()
    }

    /// What closing still needs.
    fn lacks(&self) -> Vec<String> {
        if self.file.case.over.is_some() {
            return Vec::new();
        }
        let lacks = lacks(&self.file.case, &self.desk.rules.timetable.proof, self.now);
        let words = |lack: &baoxue_act::Lack| match self.lang {
            Lang::Zh => lack.zh(),
            Lang::En => lack.en(),
        };
        lacks.iter().map(words).collect()
    }

    /// What departments may be asked, with what is told to them and how long they have.
    fn tasks(&self) -> Vec<Choice> {
        let lang = self.lang;
        let all = self.desk.rules.departments.iter();
        let all =
            all.flat_map(|department| department.task.iter().map(move |task| (department, task)));
        let choices = all.map(|(department, task)| {
            let fields: Vec<&str> =
                task.fields.iter().map(|field| lang.pick(field.zh(), field.en())).collect();
            let within = match lang {
                Lang::Zh => task.within.zh(),
                Lang::En => task.within.to_string().replace('_', " "),
            };
            let values = [
                ("who", lang.pick(&department.zh, &department.en).to_owned().into()),
                ("what", lang.pick(&task.zh, &task.en).to_owned().into()),
                ("within", within.into()),
                ("fields", fields.join(&lang.t("list-comma")).into()),
            ];
            let value = format!("{}.{}", department.id, task.id);
            Choice { value, word: lang.with("act-task", &values) }
        });
        choices.collect()
    }

    /// Papers that law and evidence let be drafted now, for whoever drafts such.
    fn offers(&self, signed: &Signed) -> Vec<(String, &'static str)> {
        if !signed.could(Action::DraftPaper, &Resource::Child(place(self.entry))) {
            return Vec::new();
        }
        let offered = offered(&self.file.case, &self.desk.rules, self.now).into_iter();
        let open = |kind: PaperKind| self.file.case.open_drafts().any(|d| d.what.kind == kind);
        let asked = !self.file.case.requests.is_empty();
        let offered = offered
            .map(|(kind, _)| kind)
            .filter(|kind| drafts(signed, *kind) && !open(*kind))
            .filter(|kind| *kind != PaperKind::Inquiry || asked);
        offered
            .map(|kind| (self.lang.pick(kind.zh(), kind.en()).to_owned(), kind_word(kind)))
            .collect()
    }

    /// The parts of the folder with what was put into each.
    fn folder(&self) -> Vec<PartLine> {
        let case = &self.file.case;
        let parts = items(case, self.held).into_iter().map(|(item, held)| {
            let (icon, class) = match held {
                Held::Present => ("circle-check", "c-in"),
                Held::Missing => ("circle-x", "c-out"),
                Held::NotDue => ("circle-dashed", "muted"),
            };
            let files = case.attached.iter().filter(|file| file.what.item == item);
            let files =
                files.map(|file| (format!("/files/{}", file.what.key), file.what.words.clone()));
            let mut words = self.lang.pick(item.zh(), item.en()).to_owned();
            if item == Item::Responsibility && held == Held::Missing {
                words = format!("{words} {}", self.unsigned());
            }
            (icon, class, words, files.collect())
        });
        parts.collect()
    }

    /// The layers whose letters on the chain are not signed.
    fn unsigned(&self) -> String {
        let lang = self.lang;
        let missing = self.letters.iter().filter(|letter| !letter.state.is_signed());
        let layers: Vec<&str> =
            missing.map(|letter| lang.pick(letter.layer.zh(), letter.layer.en())).collect();
        let layers = layers.join(&lang.t("list-comma"));
        lang.with("folder-letters-missing", &[("layers", layers.into())])
    }

    /// The measures of the plan: its words, and whether it is done.
    fn plan(&self) -> Vec<(String, bool)> {
        let case = &self.file.case;
        let measures = case.plan().into_iter().flat_map(|plan| &plan.what.measures);
        let done = case.plan_review().map(|review| &review.what.done);
        let line = |(at, measure): (u8, &Measure)| {
            let kind = self.lang.pick(measure.kind.zh(), measure.kind.en());
            let comma = self.lang.t("comma");
            let words =
                format!("{kind} {}{comma}{}{comma}{}", measure.what, measure.who, measure.by);
            (covered(&words, self.lang), done.is_some_and(|done| done.contains(&at)))
        };
        (0..).zip(measures).map(line).collect()
    }

    /// The day on which somebody looks at the plan again.
    fn plan_review(&self) -> String {
        let case = &self.file.case;
        let Some(plan) = case.plan() else { return String::new() };
        let again = case.plan_review().map_or(Some(plan.what.review), |review| review.what.next);
        again.map(|day| day.to_string()).unwrap_or_default()
    }

    /// Those that are not answered and are asked for: number, department and task.
    fn requests(&self, which: impl Fn(&RequestState) -> bool) -> Vec<(u32, String)> {
        let open = self.file.case.requests.iter().filter(|request| request.ended().is_none());
        let open = open.filter(|request| which(request));
        let words = open.map(|request| {
            let asked = &request.asked.what;
            let task = self.desk.rules.task(&asked.department, &asked.task);
            let (department, task) = task.map_or((asked.department.as_str(), ""), |(d, t)| {
                (self.lang.pick(&d.zh, &d.en), self.lang.pick(&t.zh, &t.en))
            });
            (asked.request, format!("{department} {task} {}", asked.words))
        });
        words.collect()
    }

    fn withdrawable(&self, signed: &Signed) -> Vec<Choice> {
        let child = Resource::Child(place(self.entry));
        let own = self.requests(|request| may_withdraw(signed, Some(request), &child));
        own.into_iter().map(|(n, word)| Choice { value: n.to_string(), word }).collect()
    }

    fn unfounded(&self, signed: &Signed) -> Vec<String> {
        let child = Resource::Child(place(self.entry));
        let all = unfounded(&self.file.case, &self.desk.rules);
        let own = self.requests(|request| {
            all.contains(&request) && may_withdraw(signed, Some(request), &child)
        });
        own.into_iter().map(|(_, word)| word).collect()
    }

    fn rights(&self, signed: &Signed) -> Rights {
        let child = Resource::Child(place(self.entry));
        Rights {
            work: signed.could(Action::WorkCase, &child),
            prove: PROVE.iter().any(|action| signed.could(*action, &child)),
            report: REPORT.iter().any(|action| signed.could(*action, &child)),
            decide: signed.could(Action::DecideCase, &child),
            confirm: signed.could(Action::ConfirmDetermination, &child),
            instruct: signed.could(Action::Instruct, &child),
        }
    }
}

fn choices<T>(
    of: impl IntoIterator<Item = T>,
    word: impl Fn(T) -> (u8, &'static str),
) -> Vec<Choice> {
    let all = of.into_iter().map(|value| {
        let (number, word) = word(value);
        Choice { value: number.to_string(), word: word.to_owned() }
    });
    all.collect()
}

fn numbered<'w>(words: impl Iterator<Item = &'w str>) -> Vec<Choice> {
    let all = words.enumerate();
    all.map(|(n, word)| Choice { value: n.to_string(), word: word.to_owned() }).collect()
}

/// The causes that a visitor may choose; what is sealed is not among them.
pub(super) const CAUSES: [Cause; 16] = [
    Cause::SchoolAverse,
    Cause::Work,
    Cause::EarlyMarriage,
    Cause::Religion,
    Cause::Illness,
    Cause::Disability,
    Cause::Poverty,
    Cause::Distance,
    Cause::Family,
    Cause::Bullying,
    Cause::Internet,
    Cause::Migration,
    Cause::NoRegistration,
    Cause::NotPromoted,
    Cause::SuspensionLapsed,
    Cause::Other,
];
