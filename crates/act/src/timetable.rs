//! The timetable of a case (报告与升级时限) as data: what starts a clock, how long it runs, who owes what, what fulfils it, and
//! whom it reaches when it is late. Each step holds from a day on, so that last year's case keeps last year's clocks.

use std::sync::Arc;

use baoxue_determine::Seat;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::{Stage, Term, day::Day};

/// The timetable that comes with the program.
const BUILT_IN: &str = include_str!("../data/timetable.toml");

/// What starts the clock of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// The case is opened.
    Opened,
    /// The evidence begins to say that the child is out of school.
    Accused,
    /// That is confirmed; again when a determination was undone.
    Confirmed,
    /// The evidence begins to say that the child is out of school; again when a determination was undone.
    ToDetermine,
    /// The police begin to say that nobody knows where the child is.
    Missing,
    /// Somebody last looked after the child.
    LastLook,
    /// The day printed on the notice to return is over.
    ReturnNoticeEnded,
    /// The day printed on the order to correct is over.
    CorrectionOrderEnded,
    /// The evidence says that the child is back.
    SeenBack,
    /// The return is registered.
    Returned,
    /// The last of the first checks is made.
    Checked,
    /// All that closing needs is there.
    Closable,
    /// A tip-off comes.
    TippedOff,
    /// The school says that the child stays away.
    Missed,
    /// The school says so again, after the child was back.
    MissedAgain,
    /// An inspection finds the child out of school.
    Inspected,
    /// The guardian objects.
    Objected,
    /// A leave is over.
    LeaveEnded,
    /// The day has come by which a return was promised.
    Promised,
    /// The day has come for which the next visit was set.
    NextVisit,
    /// The plan for the child must be looked at again.
    PlanDue,
    /// A department is asked.
    Asked,
    /// A leader instructs.
    Instructed,
    /// Another county is asked.
    TransferAsked,
}

/// What fulfils a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// A visit.
    Visit,
    /// A visit that learned something, from the family or others.
    Learned,
    /// A visit that spoke to the child or its guardian.
    Attempt,
    /// Three of them, on three days.
    ThreeAttempts,
    /// The school's written report.
    Report,
    /// Somebody is named who looks after the case.
    Owner,
    /// A visit that learned something, or other evidence, which is another verdict.
    Look,
    /// The child is found: another verdict than missing.
    Found,
    /// The determination is confirmed.
    Determined,
    /// The notice to return is served.
    ReturnNotice,
    /// The order to correct is served.
    CorrectionOrder,
    /// A legal step is on file.
    LegalStep,
    /// The next visit.
    NextLook,
    /// The return is registered.
    Return,
    /// Attendance proves the return.
    Proved,
    /// The next check after return.
    Check,
    /// The next check after the first ones.
    LaterCheck,
    /// The case is closed.
    Closed,
    /// A visit after the tip-off, or after an inspection's finding, that learned something and was not taken back.
    TipVerified,
    /// Somebody spoke to the child or its guardian after it was missed, and has not taken the word back.
    MissLooked,
    /// The objection is answered.
    ObjectionAnswered,
    /// A visit that learned something, or attendance, after the leave.
    LookAfterLeave,
    /// A visit on or after the day that was set for it.
    VisitMade,
    /// A visit on or after the promised day that learned something, attendance, or the return.
    PromiseLooked,
    /// The plan was looked at again, or replaced.
    PlanReviewed,
    /// The department has done it, or sent it back.
    RequestDone,
    /// The instruction is carried out.
    CarriedOut,
    /// The other county has answered.
    TransferAnswered,
}

/// What must hold for a step to be owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// The evidence says that the child is out of school, and nothing has answered for it since.
    Accused,
    /// It has never said so.
    Unaccused,
    /// And it is confirmed.
    Confirmed,
    /// The child has a school.
    School,
    /// A school noticed the absence.
    Absence,
    /// A tip-off opened the case, or came later.
    TipOff,
    /// The police say that nobody knows where the child is.
    Missing,
    /// The return is registered.
    Registered,
    /// All that closing needs is there.
    Closable,
    /// Nothing accounts for the child, or somebody must look at it.
    Unsettled,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Stable id, such as `T7`.
    pub id: String,
    /// What is owed, in zh-CN.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// What starts the clock.
    pub anchor: Anchor,
    /// How long it runs.
    pub term: Term,
    /// Who owes it.
    pub seat: Seat,
    /// What fulfils it.
    pub done: Done,
    /// While the case stands at one of these.
    pub stages: Vec<Stage>,
    /// And all of these hold.
    pub when: Vec<When>,
    /// How often it is owed; 0 for as long as the case stands there.
    pub times: u32,
    /// Whom it reaches when it is late.
    pub ladder: Vec<Rung>,
    /// Whether leave and objection stop its clock.
    pub stops: bool,
    /// Where the step and its length come from.
    pub source: String,
    /// The article that asks for it, if one does.
    pub law: Option<String>,
    /// The first day of its clocks.
    pub since: NaiveDate,
}

/// A rung of a ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// How long after it was due; `None` for the moment itself.
    pub after: Option<Term>,
    /// How many seats above the one that should have done it.
    pub up: u8,
}

/// When a return counts as proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// School days to be attended.
    pub attended_school_days: u16,
    /// Checks to be passed.
    pub checks: u32,
    /// Days between the proof and the closing.
    pub settled_days: u16,
    /// Days for which another county's word that it has the child stands; evidence that still says the same then opens a case.
    pub transferred_days: u16,
}

/// All steps, in the order in which they are shown; of each id the editions, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timetable {
    /// When a return counts as proved.
    pub proof: Proof,
    /// Whom a late duty reaches when its step says nothing else.
    ladder: Vec<Rung>,
    steps: Vec<Vec<Arc<Step>>>,
}

/// A timetable that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("timetable: {0}")]
pub struct TimetableError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    since: Option<Day>,
    proof: Option<ProofFile>,
    #[serde(default)]
    ladder: Vec<Rung>,
    #[serde(default)]
    step: Vec<StepFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProofFile {
    attended_school_days: u16,
    checks: u32,
    settled_days: u16,
    #[serde(default = "transferred_days")]
    transferred_days: u16,
    source: String,
}

const fn transferred_days() -> u16 {
    30
}

/// A step as a file writes it. A county's writes the id, the day since which it holds, its source, and what differs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepFile {
    id: String,
    zh: Option<String>,
    en: Option<String>,
    anchor: Option<Anchor>,
    term: Option<Term>,
    seat: Option<Seat>,
    done: Option<Done>,
    stages: Option<Vec<Stage>>,
    when: Option<Vec<When>>,
    times: Option<u32>,
    ladder: Option<Vec<Rung>>,
    stops: Option<bool>,
    source: String,
    law: Option<String>,
    since: Option<Day>,
}

impl Timetable {
    /// The timetable that comes with the program.
    ///
    /// # Panics
    /// Never: a test reads the file.
    pub fn built_in() -> Self {
        let none = Self {
            proof: Proof {
                attended_school_days: 5,
                checks: 4,
                settled_days: 30,
                transferred_days: transferred_days(),
            },
            ladder: Vec::new(),
            steps: Vec::new(),
        };
        none.with(BUILT_IN).unwrap_or(none)
    }

    /// The timetable with a county's file over it: steps of known ids hold from their day on, new ids are added.
    ///
    /// # Errors
    /// [`TimetableError`] names the step and what is wrong with it.
    pub fn with(&self, text: &str) -> Result<Self, TimetableError> {
        let file: File = toml::from_str(text)
            .map_err(|e| TimetableError(e.to_string().trim_end().to_owned()))?;
        let mut table = self.clone();
        if let Some(proof) = file.proof {
            table.proof = proof_of(&proof)?;
        }
        if !file.ladder.is_empty() {
            table.ladder = file.ladder;
        }
        for step in file.step {
            let since = step.since.or(file.since);
            let id = step.id.clone();
            let edition = table
                .edition(step, since)
                .map_err(|why| TimetableError(format!("step `{id}`: {why}")))?;
            table.add(edition).map_err(|why| TimetableError(format!("step `{id}`: {why}")))?;
        }
        Ok(table)
    }

    /// The editions of all steps.
    pub fn steps(&self) -> impl Iterator<Item = &Arc<Step>> {
        self.steps.iter().flatten()
    }

    /// Of each step the edition that holds on a day, in the order in which they are shown.
    pub fn on(&self, day: NaiveDate) -> impl Iterator<Item = &Arc<Step>> {
        self.steps
            .iter()
            .filter_map(move |editions| editions.iter().rev().find(|step| step.since <= day))
    }

    fn edition(&self, file: StepFile, since: Option<Day>) -> Result<Step, String> {
        let Some(since) = since else {
            return Err("`since`, the day from which it holds, is missing".to_owned());
        };
        if file.source.trim().is_empty() {
            return Err("`source` is empty; name the document the length comes from".to_owned());
        }
        let known = self.steps.iter().find(|editions| editions[0].id == file.id);
        let known = known.and_then(|editions| editions.last());
        let lacks = |key: &str| format!("`{key}` is missing");
        let ladder = file.ladder.or_else(|| known.map(|step| step.ladder.clone()));
        let step = Step {
            zh: file.zh.or_else(|| Some(known?.zh.clone())).ok_or_else(|| lacks("zh"))?,
            en: file.en.or_else(|| Some(known?.en.clone())).ok_or_else(|| lacks("en"))?,
            anchor: file.anchor.or_else(|| Some(known?.anchor)).ok_or_else(|| lacks("anchor"))?,
            term: file.term.or_else(|| Some(known?.term)).ok_or_else(|| lacks("term"))?,
            seat: file.seat.or_else(|| Some(known?.seat)).ok_or_else(|| lacks("seat"))?,
            done: file.done.or_else(|| Some(known?.done)).ok_or_else(|| lacks("done"))?,
            stages: file
                .stages
                .or_else(|| Some(known?.stages.clone()))
                .ok_or_else(|| lacks("stages"))?,
            when: file.when.or_else(|| Some(known?.when.clone())).unwrap_or_default(),
            times: file.times.or_else(|| Some(known?.times)).unwrap_or(1),
            stops: file.stops.or_else(|| Some(known?.stops)).unwrap_or(true),
            ladder: ladder.unwrap_or_else(|| self.ladder.clone()),
            law: file.law.or_else(|| known?.law.clone()),
            source: file.source,
            since: since.0,
            id: file.id,
        };
        check(&step)?;
        Ok(step)
    }

    fn add(&mut self, step: Step) -> Result<(), String> {
        let Some(editions) = self.steps.iter_mut().find(|editions| editions[0].id == step.id)
        else {
            self.steps.push(vec![Arc::new(step)]);
            return Ok(());
        };
        if let Some(last) = editions.last().filter(|last| last.since >= step.since) {
            let (new, old) = (step.since, last.since);
            return Err(format!("holds from {new}, but another edition holds from {old} already"));
        }
        editions.push(Arc::new(step));
        Ok(())
    }
}

fn proof_of(file: &ProofFile) -> Result<Proof, TimetableError> {
    if file.source.trim().is_empty() {
        return Err(TimetableError("[proof] `source` is empty".to_owned()));
    }
    if file.attended_school_days == 0 || file.checks == 0 {
        return Err(TimetableError(
            "[proof] a return without attendance or checks proves nothing; write at least 1"
                .to_owned(),
        ));
    }
    let ProofFile { attended_school_days, checks, settled_days, transferred_days, .. } = *file;
    Ok(Proof { attended_school_days, checks, settled_days, transferred_days })
}

fn check(step: &Step) -> Result<(), String> {
    if step.stages.is_empty() || step.stages.contains(&Stage::Closed) {
        return Err("`stages` names no stage of an open case".to_owned());
    }
    if step.times != 1 && !matches!(step.done, Done::Check | Done::LaterCheck) {
        return Err("`times` is for what `check` or `later_check` fulfils".to_owned());
    }
    if let Some(pair) = step.ladder.windows(2).find(|pair| pair[0].up > pair[1].up) {
        return Err(format!("the ladder goes down, from {} to {}", pair[0].up, pair[1].up));
    }
    if step.ladder.iter().skip(1).any(|rung| rung.after.is_none()) {
        return Err("only the first rung may be without `after`".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_timetable_that_comes_with_the_program_can_be_read() {
        let none = Timetable { steps: Vec::new(), ladder: Vec::new(), ..Timetable::built_in() };
        let read = none.with(BUILT_IN).unwrap();
        assert_eq!(read, Timetable::built_in());
        assert!(read.steps().count() > 20);
        assert_eq!(read.on(day("2019-09-01")).count(), read.steps().count());
        assert_eq!(read.on(day("2006-08-31")).count(), 0, "before the law there are no clocks");
    }

    #[test]
    fn a_countys_length_holds_from_its_day_on() {
        let own = "[[step]]\nid = 'T7'\nterm = '10 days'\nsince = 2019-09-01\nsource = '某县文件'";
        let table = Timetable::built_in().with(own).unwrap();
        let term = |on| {
            let found = table.on(day(on)).find(|step| step.id == "T7").unwrap();
            (found.term.to_string(), found.zh.clone())
        };
        let zh = "发出并送达限期复学通知书".to_owned();
        assert_eq!(term("2019-08-31"), ("14 days".to_owned(), zh.clone()));
        assert_eq!(term("2019-09-01"), ("10 days".to_owned(), zh));
    }

    #[test]
    fn a_file_that_is_wrong_names_the_step() {
        let check = |text: &str, expected: &str| {
            let error = Timetable::built_in().with(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        let step = |rest: &str| format!("[[step]]\nid = 'T7'\nsource = 'x'\n{rest}");
        check(&step(""), "step `T7`: `since`, the day from which it holds, is missing");
        check(&step("since = 2006-09-01"), "another edition holds from 2006-09-01 already");
        check(&step("since = 2020-01-01\nterm = '0 days'"), "`0 days` is no term");
        check(&step("since = 2020-01-01\ntrem = '5 days'"), "unknown field `trem`");
        check(&step("since = 2020-01-01\nstages = []"), "names no stage");
        check("[[step]]\nid='Z'\nsince=2020-01-01\nsource='x'", "step `Z`: `zh` is missing");
        check("[[step]]\nid='T7'\nsince=2020-01-01\nsource=' '", "`source` is empty");
        check(
            "[proof]\nattended_school_days=0\nchecks=4\nsettled_days=30\nsource='x'",
            "proves nothing",
        );
    }
}
