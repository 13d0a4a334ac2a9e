//! Moves the demonstration forward in time: what officials of the sample county do on open cases, day by day. Some work at
//! once, some late, some not at all, so that every state of a case can be seen. All of it goes the way of real work.

use baoxue_act::{
    CaseId, Draft, Found, Heard, Measure, MeasureKind, Met, Moment, PROGRAM, PaperKind, Plan,
    Request, Return, ReturnForm, Rules, Service, ServiceProof, Stage, Term, Unit, Visit, Visitor,
    What, end_of,
};
use baoxue_claim::Cause;
use baoxue_determine::Seat;
use baoxue_flow::{
    Roll,
    cases::{self, CaseBook, CaseClock, CaseError, CaseFile, Speaker},
    child_page,
    papers::{self, IssueDesk, IssueError, Press, PressSetup, Subject, fields_of, form_of},
};
use chrono::{Days, NaiveDate, TimeDelta};

use super::letters::Letters;
use crate::{failure::Failure, session::Session};

/// How the officials of a case work.
#[derive(Clone, Copy)]
enum Manner {
    /// They visit at once, and the child comes back.
    Prompt,
    /// They come late.
    Late,
    /// They find nobody at home, then the guardian.
    Unlucky,
    /// They do nothing: it climbs to the top.
    Idle,
}

/// What was played.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Played {
    /// Things recorded by people.
    pub(super) n_done: usize,
    /// Steps of ladders.
    pub(super) n_climbed: usize,
}

/// Plays so many days and leaves the clock of cases there.
pub(super) async fn play(session: &Session, days: u64) -> Result<Played, Failure> {
    let (store, county) = (&session.store, &session.county);
    let rules = cases::rules(store, county).await?;
    let roll = Roll::load(store, &county.towns).await?;
    // A machine without a Chinese font plays a month without papers.
    let press = Press::open(&PressSetup::default()).ok();
    let home = super::home(&roll).and_then(|entry| entry.school.as_deref().map(str::to_owned));
    let book = CaseBook::load(store).await?;
    let mut stage = Scene { session, rules, roll, home, press, book };
    let first = CaseClock::of(store).await?.moment(session.now, &stage.book);
    let mut played = Played::default();
    for day in 1..=days {
        let morning = first + Days::new(day);
        let passed = cases::pass(store, &stage.book, &stage.rules, morning).await?;
        played.n_climbed += passed.n_climbed;
        stage.book.refresh(store).await?;
        let letters = Letters {
            session,
            rules: &stage.rules,
            roll: &stage.roll,
            press: stage.press.as_ref(),
            cases: &stage.book,
        };
        played.n_done += letters.day(morning).await?;
        let open: Vec<CaseId> = stage.book.open().map(|file| file.case.id).collect();
        for id in open {
            stage.day(id, morning, &mut played).await?;
        }
    }
    let last = end_of((first + Days::new(days)).date()) - TimeDelta::hours(2);
    cases::set_clock(store, last, PROGRAM, session.now).await?;
    Ok(played)
}

/// What the play is played with.
struct Scene<'a> {
    session: &'a Session,
    rules: Rules,
    roll: Roll,
    /// The school of the accounts that one can sign in with.
    home: Option<String>,
    press: Option<Press>,
    book: CaseBook,
}

impl Scene<'_> {
    /// All that is done on a case on one day.
    async fn day(
        &mut self,
        id: CaseId,
        morning: Moment,
        played: &mut Played,
    ) -> Result<(), Failure> {
        let Some(file) = self.book.get(id).cloned() else { return Ok(()) };
        let since = u64::try_from((morning - file.case.opened).num_days()).unwrap_or(0);
        for (hour, doing) in doings((&file, self.home.as_deref()), since, morning) {
            let at = morning + TimeDelta::hours(hour);
            let done = match doing {
                Doing::Record(what) => self.record(id, recorder(&what), what, at).await,
                Doing::Draft(kind, seat) => self.draft(id, (kind, seat), at).await,
                Doing::Issue => self.issue(id, at).await,
                Doing::Serve => self.serve(id, at).await,
            };
            match done {
                Ok(n_climbed) => {
                    played.n_done += 1;
                    played.n_climbed += n_climbed;
                }
                // What facts or law do not allow is not done in a demonstration either.
                Err(CaseError::Refused(_) | CaseError::Unknown(_) | CaseError::Unreadable(..)) => {
                    continue;
                }
                Err(CaseError::Flow(error)) => return Err(error.into()),
            }
            self.book.refresh(&self.session.store).await?;
        }
        Ok(())
    }

    async fn record(
        &self,
        id: CaseId,
        by: &str,
        what: What,
        at: Moment,
    ) -> Result<usize, CaseError> {
        let store = &self.session.store;
        let recorded = cases::record(store, &self.book, &self.rules, (id, by, what), at).await?;
        Ok(recorded.n_climbed)
    }

    /// Drafts a paper from what is known; what is not known is filled in with a word that says so.
    async fn draft(
        &self,
        id: CaseId,
        (kind, seat): (PaperKind, Seat),
        now: Moment,
    ) -> Result<usize, CaseError> {
        let (store, county) = (&self.session.store, &self.session.county);
        let Some(press) = &self.press else { return Err(CaseError::Unknown(id)) };
        let file = self.book.get(id).ok_or(CaseError::Unknown(id))?;
        let page = child_page(store, county, &self.roll, file.case.child).await?;
        let speaker = Speaker { rules: &self.rules, towns: &county.towns, zh: true };
        let (case, profile) = (&file.case, &page.profile);
        let mut fields = Subject { case, profile, county, speaker, now }.known(kind);
        let spec = press.forms().spec(form_of(kind));
        for field in fields_of(spec).filter(|field| field.required) {
            fields.entry(field.name.clone()).or_insert_with(|| "（演示）".to_owned());
        }
        let until = spec.fields.iter().any(|field| field.name == "until");
        let until = until.then(|| now.date() + Days::new(u64::from(county.papers.days)));
        let issuer = case.place.holder(seat);
        let draft = Draft { paper: case.next_paper(), kind, issuer, until, fields };
        self.record(id, CLERK, What::Drafted(draft), now).await
    }

    /// Issues what was drafted.
    async fn issue(&self, id: CaseId, now: Moment) -> Result<usize, CaseError> {
        let file = self.book.get(id).ok_or(CaseError::Unknown(id))?;
        let (Some(press), Some(draft)) = (&self.press, file.case.open_drafts().last()) else {
            return Err(CaseError::Unknown(id));
        };
        let desk = IssueDesk {
            store: &self.session.store,
            book: &self.book,
            rules: &self.rules,
            county: &self.session.county,
            press,
        };
        match papers::issue(desk, (file, draft), OFFICIAL, now).await {
            Ok(_) => Ok(0),
            Err(IssueError::Case(error)) => Err(error),
            // A name that no font of this machine can print stays a draft.
            Err(IssueError::Lacks(_) | IssueError::Paper(_) | IssueError::Random) => {
                Err(CaseError::Unknown(id))
            }
        }
    }

    /// Serves what was issued last.
    async fn serve(&self, id: CaseId, now: Moment) -> Result<usize, CaseError> {
        let file = self.book.get(id).ok_or(CaseError::Unknown(id))?;
        let paper = file.case.notices().filter(|paper| paper.served.is_none()).last();
        let paper = paper.ok_or(CaseError::Unknown(id))?.issued.what.paper;
        let proof = ServiceProof::Signed { receiver: "演示监护人".to_owned() };
        let by = VISITOR.to_owned();
        let service = Service { paper, on: now.date(), by, proof, file: None };
        self.record(id, OFFICIAL, What::Served(service), now).await
    }
}

/// Something that is done.
enum Doing {
    Record(What),
    Draft(PaperKind, Seat),
    Issue,
    Serve,
}

/// Under whose name papers are drafted.
const CLERK: &str = "演示拟稿人";

/// Under whose name the demonstration records; no such person exists.
const OFFICIAL: &str = "演示人员";

/// Who went there, as the village's head: whoever sits there is asked when another says otherwise.
const VISITOR: &str = "演示村干部";

/// Who speaks for the school.
const SCHOOL: &str = "演示校长";

/// Who records it: a village, a school or an office, so that one of them can say otherwise than another.
const fn recorder(what: &What) -> &'static str {
    if matches!(what, What::Visited(_)) {
        return VISITOR;
    }
    let of_school =
        matches!(what, What::Returned(_) | What::Attended { .. } | What::Checked { .. });
    if of_school { SCHOOL } else { OFFICIAL }
}

/// What is done on a case on the day so many days after it was opened, with the hour after nine.
fn doings((file, home): (&CaseFile, Option<&str>), day: u64, morning: Moment) -> Vec<(i64, Doing)> {
    let case = &file.case;
    let on = morning.date();
    let visit = |met, found, words| visited(on, (met, found), words);
    let talked = || visit(Met::Guardian, Found::AtHome, "向监护人宣讲义务教育法，商量返校");
    let school = case.place.school.clone().unwrap_or_else(|| "就近学校".to_owned());
    let back = || {
        let form = ReturnForm::OtherClass;
        Doing::Record(What::Returned(Return { on, school: school.clone(), class: None, form }))
    };
    let determine = (1, Doing::Record(What::Determined { code: case.judged.what.code }));
    let say = |what| (0, Doing::Record(what));
    let caused = |cause| say(What::CauseFound { cause });
    let reported = || (0, Doing::Draft(PaperKind::SchoolReport, Seat::Principal));
    match (manner(file, home), day) {
        (Manner::Prompt, 1) => {
            vec![say(What::OwnerNamed { owner: "演示包案人".to_owned() }), (2, talked())]
        }
        (Manner::Prompt, 2) => {
            vec![caused(Cause::SchoolAverse), determine, say(plan(on))]
        }
        (Manner::Prompt, 3) => vec![reported(), (1, Doing::Issue), (2, talked())],
        (Manner::Prompt | Manner::Late, 6) | (Manner::Unlucky, 9 | 11) => vec![(2, talked())],
        (Manner::Prompt, 8) => vec![(0, back())],
        (Manner::Prompt, 16) => vec![(8, Doing::Record(attended(file, morning)))],
        (Manner::Prompt, 15 | 22 | 29) => {
            vec![(3, Doing::Record(What::Checked { on, present: true }))]
        }
        (Manner::Late, 10) => vec![(
            1,
            Doing::Record(ask(
                ("civil_affairs", "relief"),
                Term { n: 10, unit: Unit::WorkingDays },
                "家中困难，请核定救助资格（演示）",
            )),
        )],
        (Manner::Late, 12) => vec![say(What::Reported { on }), determine],
        (Manner::Late, 13) | (Manner::Unlucky, 15) => {
            vec![(1, Doing::Draft(PaperKind::ReturnNotice, Seat::TownHead))]
        }
        (Manner::Late, 14) => vec![(1, Doing::Issue)],
        (Manner::Late, 16) => vec![(2, Doing::Serve)],
        (Manner::Late, 24) => vec![(1, Doing::Draft(PaperKind::CorrectionOrder, Seat::TownHead))],
        (Manner::Unlucky, 2 | 5) => vec![(2, visit(Met::Nobody, Found::NotFound, "家中无人"))],
        (Manner::Unlucky, 7) => vec![
            (2, visit(Met::Guardian, Found::AtWork, "监护人称孩子随亲戚外出")),
            caused(Cause::Work),
        ],
        (Manner::Unlucky, 13) => vec![determine],
        (Manner::Prompt | Manner::Late | Manner::Unlucky | Manner::Idle, _) => Vec::new(),
    }
}

/// A visit by somebody of the village.
fn visited(on: NaiveDate, (met, found): (Met, Found), words: &str) -> Doing {
    Doing::Record(What::Visited(Visit {
        on,
        visitors: vec![Visitor { name: VISITOR.to_owned(), seat: Some(Seat::VillageHead) }],
        met,
        found,
        words: words.to_owned(),
        promised: None,
        next: None,
        heard: Heard::default(),
        employer: None,
    }))
}

/// A department is asked for something.
fn ask((department, task): (&str, &str), within: Term, words: &str) -> What {
    let (department, task) = (department.to_owned(), task.to_owned());
    What::Asked(Request { request: 1, department, task, within, words: words.to_owned() })
}

/// What is planned for a child that does not like school.
fn plan(on: NaiveDate) -> What {
    let measure = |kind, what: &str| Measure {
        kind,
        what: what.to_owned(),
        who: "演示帮扶人".to_owned(),
        by: on + Days::new(14),
    };
    let measures = vec![
        measure(MeasureKind::Quality, "补习落下的功课"),
        measure(MeasureKind::Feeling, "班主任每周谈心"),
    ];
    let analysis = "学习跟不上，不愿到校（演示）".to_owned();
    What::Planned(Plan { analysis, measures, review: on + Days::new(30) })
}

/// Every week day since the return was attended.
fn attended(file: &CaseFile, morning: Moment) -> What {
    let to = morning.date();
    let from = file.case.returned.as_ref().map_or(to, |returned| returned.what.on);
    What::Attended { from, to, days: 5 }
}

/// Which manner a case has: by its number, so that a second demonstration plays the same.
fn manner(file: &CaseFile, home: Option<&str>) -> Manner {
    if file.case.stage(1) == Stage::Closed {
        return Manner::Idle;
    }
    // Whoever tries the demonstration out as a principal sees a child that came back.
    if home.is_some() && file.case.place.school.as_deref() == home {
        return Manner::Prompt;
    }
    match file.case.id.0 % 4 {
        0 => Manner::Prompt,
        1 => Manner::Late,
        2 => Manner::Unlucky,
        _ => Manner::Idle,
    }
}
