//! What a case owes: who must do what by when, what is late, and whom it reaches then. All of it is told by the case, the
//! timetable, the calendar, the directory and the moment.

use std::sync::Arc;

use baoxue_claim::VerdictCode;
use baoxue_determine::Seat;

use crate::{
    Anchor, Calendar, Case, Climb, Department, Directory, Done, Due, DutyId, Holder, Moment, Noted,
    Office, PaperKind, Responsible, Stage, Step, Task, Term, Timetable, Trigger, When,
    case::day_after, closing::closable_since,
};

/// What a county decides about cases.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Steps and lengths.
    pub timetable: Timetable,
    /// Which days count.
    pub calendar: Calendar,
    /// Who sits where.
    pub directory: Directory,
    /// Whom else the county may ask.
    pub departments: Vec<Department>,
    /// The local rule that lets somebody fine a guardian (地方处罚依据); without one the penalty form stays locked.
    pub penalty_basis: Option<String>,
}

impl Rules {
    /// What a department may be asked, with the department.
    pub fn task(&self, department: &str, task: &str) -> Option<(&Department, &Task)> {
        let department = self.departments.iter().find(|known| known.id == department)?;
        Some((department, department.task.iter().find(|known| known.id == task)?))
    }
}

/// What somebody owes on a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Which.
    pub id: DutyId,
    /// The step of the timetable.
    pub step: Arc<Step>,
    /// Who owes it, and to whom it falls while that seat is empty.
    pub by: Responsible,
    /// When its clock started.
    pub start: Moment,
    /// When it is due.
    pub due: Due,
    /// When it was done; `None` while it is owed.
    pub done: Option<Moment>,
}

impl Duty {
    /// Whether it is owed and its time is over.
    pub fn is_late(&self, now: Moment) -> bool {
        self.done.is_none() && self.due.is_past(now)
    }

    /// Whether it was done, but after its time.
    pub fn was_late(&self) -> bool {
        self.done.is_some_and(|done| self.due.is_past(done))
    }
}

/// All duties of a case at a moment, owed and done, in the order of the timetable. Of a case that is over, those that were
/// done.
pub fn duties(case: &Case, rules: &Rules, now: Moment) -> Vec<Duty> {
    let proof_days = rules.timetable.proof.attended_school_days;
    let view = View { case, rules, now, stage: case.stage(proof_days) };
    let steps = rules.timetable.on(now.date().max(case.opened.date()));
    steps.flat_map(|step| view.duties_of(step)).collect()
}

/// The duty that is due next, or is late for the longest: its holder owns the case. `None` of a case that is over.
pub fn next(duties: &[Duty]) -> Option<&Duty> {
    let owed = duties.iter().filter(|duty| duty.done.is_none());
    owed.min_by_key(|duty| (duty.due.moment().is_none(), duty.due.moment(), duty.start))
}

/// The rungs that are due and were not climbed yet, in order of time. Whoever records them gives each exactly once,
/// however often and at whatever moments this is asked.
pub fn climbs(case: &Case, rules: &Rules, now: Moment) -> Vec<Climb> {
    let owed = duties(case, rules, now).into_iter().filter(|duty| duty.is_late(now));
    let mut climbs: Vec<Climb> = owed
        .flat_map(|duty| rungs(case, rules, &duty))
        .filter(|climb| climb.due < now)
        .filter(|climb| !case.climbs.contains_key(&(climb.duty.clone(), climb.rung)))
        .collect();
    climbs.sort_by(|a, b| (a.due, &a.duty, a.rung).cmp(&(b.due, &b.duty, b.rung)));
    climbs
}

/// The rungs of a late duty that have a moment.
fn rungs(case: &Case, rules: &Rules, duty: &Duty) -> Vec<Climb> {
    let Some(late) = duty.due.moment() else { return Vec::new() };
    let pauses = if duty.step.stops { case.pauses() } else { Vec::new() };
    let rungs = (0u8..).zip(&duty.step.ladder);
    rungs
        .filter_map(|(rung, step)| {
            let due = match step.after {
                None => late,
                Some(after) => after.ends(late, &pauses, &rules.calendar).moment()?,
            };
            let first = falls_to(case, rules, &duty.by.owed_by, due);
            let to = (0..step.up).fold(first, |to, _| above(case, rules, &to, due));
            Some(Climb { duty: duty.id.clone(), rung, to, due })
        })
        .collect()
}

/// Who must see on a day to what a seat owes.
fn falls_to(case: &Case, rules: &Rules, owed_by: &Holder, on: Moment) -> Holder {
    rules.directory.falls_to(owed_by, &case.place, on.date())
}

/// The seat above; above the county's head stands the inspectorate, whose notice ends the ladder.
fn above(case: &Case, rules: &Rules, holder: &Holder, on: Moment) -> Holder {
    let top = Holder { seat: Seat::Inspectorate, office: Office::Inspectorate };
    if *holder == top {
        return top;
    }
    case.place.above(holder).map_or(top, |above| falls_to(case, rules, &above, on))
}

/// A clock that started.
#[derive(Clone, Copy)]
struct Clock {
    start: Moment,
    due: Due,
    /// What it is known by.
    nth: u32,
    /// Which time it is owed, from 1.
    time: u32,
}

struct View<'a> {
    case: &'a Case,
    rules: &'a Rules,
    now: Moment,
    stage: Stage,
}

impl View<'_> {
    /// The duties of a step whose clocks started and that are owed or done.
    fn duties_of(&self, step: &Arc<Step>) -> Vec<Duty> {
        let is_owed = self.is_owed(step);
        let clocks = self.starts(step).into_iter().flat_map(|(start, nth)| {
            // A clock keeps the length that held on the day it started.
            let editions = self.rules.timetable.on(start.date());
            // A step that is newer than the moment was not owed then.
            let step = editions.into_iter().find(|known| known.id == step.id);
            let clocks = step.map(|step| (step, self.clocks(step, start, nth)));
            clocks.into_iter().flat_map(|(step, clocks)| {
                clocks.into_iter().map(move |clock| (Arc::clone(step), clock))
            })
        });
        let duties = clocks.filter_map(|(step, clock)| {
            let done = self.done(&step, clock);
            let is_shown = done.map_or(is_owed, |done| self.was_owed(&step, done));
            if !is_shown {
                return None;
            }
            let id = DutyId { step: step.id.clone(), nth: clock.nth };
            let by = self.responsible(&step, clock.nth, done.unwrap_or(self.now));
            Some(Duty { id, step, by, start: clock.start, due: clock.due, done })
        });
        duties.collect()
    }

    /// The clock of a step; of a step that is owed again and again, all until the first that is not done.
    fn clocks(&self, step: &Step, start: Moment, nth: u32) -> Vec<Clock> {
        let pauses = if step.stops { self.case.pauses() } else { Vec::new() };
        let term = self.term(step, nth);
        let mut clocks = Vec::new();
        let due = term.ends(start, &pauses, &self.rules.calendar);
        let mut clock = Clock { start, due, nth, time: 1 };
        loop {
            clocks.push(clock);
            let is_last = clock.time == step.times || step.times == 1;
            let Some(due) = clock.due.moment().filter(|_| !is_last) else { break };
            if self.done(step, clock).is_none() {
                break;
            }
            let next = term.ends(due, &pauses, &self.rules.calendar);
            clock = Clock { start: due, due: next, nth: clock.nth + 1, time: clock.time + 1 };
        }
        clocks
    }

    /// When the clocks of a step start, each with the number of the event that started it: what is struck out or said again
    /// changes no other's.
    fn starts(&self, step: &Step) -> Vec<(Moment, u32)> {
        let case = self.case;
        let one = |at: Option<Moment>| at.map(|at| (at, 0)).into_iter().collect();
        match step.anchor {
            Anchor::Opened => one(Some(case.opened)),
            Anchor::Confirmed => one(case.confirmed),
            Anchor::LastLook => {
                let last = case.visits.last();
                vec![last.map_or((case.opened, 0), |visit| (visit.at, visit.no))]
            }
            Anchor::ReturnNoticeEnded => one(self.paper_ended(PaperKind::ReturnNotice)),
            Anchor::CorrectionOrderEnded => one(self.paper_ended(PaperKind::CorrectionOrder)),
            Anchor::SeenBack => of(case.seen_back.iter()),
            Anchor::Returned => of(case.returned.iter()),
            Anchor::Checked => {
                let last = self.passed(self.rules.timetable.proof.checks);
                last.zip(case.returned.as_ref())
                    .map(|(at, back)| (at, back.no))
                    .into_iter()
                    .collect()
            }
            Anchor::Closable => {
                let no = case.returned.as_ref().map_or(0, |back| back.no);
                let since = closable_since(case, self.rules, self.now);
                since.map(|at| (at, no)).into_iter().collect()
            }
            Anchor::TippedOff => {
                let first = (case.trigger == Trigger::TipOff).then_some((case.opened, 0));
                first.into_iter().chain(of(case.tips.iter())).collect()
            }
            Anchor::Missed => {
                let is_first = matches!(case.trigger, Trigger::Absence { .. });
                let first = is_first.then_some((case.opened, 0));
                first.into_iter().chain(of(case.missed.iter())).collect()
            }
            Anchor::Inspected => of(case.inspected_out()),
            Anchor::Objected => of(case.objections.iter().map(|objection| &objection.raised)),
            Anchor::LeaveEnded => {
                let ends = case.leaves.iter().map(|leave| (day_after(leave.what.1), leave.no));
                ends.filter(|(at, _)| *at <= self.now).collect()
            }
            Anchor::Asked => {
                let asked = case.requests.iter().filter(|request| request.withdrawn.is_none());
                asked.map(|request| (request.asked.at, request.asked.what.request)).collect()
            }
            Anchor::Instructed => {
                let given = case.instructions.iter();
                given.map(|given| (given.given.at, given.instruction)).collect()
            }
            Anchor::TransferAsked => of(case.transfer.iter().map(|transfer| &transfer.asked)),
        }
    }

    /// When the term of a served paper was over.
    fn paper_ended(&self, kind: PaperKind) -> Option<Moment> {
        self.case.term_over(kind).filter(|end| *end < self.now)
    }

    /// When the nth check after the return was passed.
    fn passed(&self, nth: u32) -> Option<Moment> {
        let before = usize::try_from(nth).ok()?.checked_sub(1)?;
        self.case.checks_passed().map(|check| check.at).nth(before)
    }

    /// How long a step has: a request and an instruction say so themselves.
    fn term(&self, step: &Step, nth: u32) -> Term {
        let own = if step.anchor == Anchor::Asked {
            self.case.request(nth).map(|request| request.asked.what.within)
        } else if step.anchor == Anchor::Instructed {
            self.case.instruction(nth).map(|given| given.within)
        } else {
            None
        };
        own.unwrap_or(step.term)
    }

    fn responsible(&self, step: &Step, nth: u32, on: Moment) -> Responsible {
        let own = if step.anchor == Anchor::Asked {
            self.case.request(nth).map(|request| request.asked.what.holder())
        } else if step.anchor == Anchor::Instructed {
            self.case.instruction(nth).map(|given| given.to.clone())
        } else {
            None
        };
        let owed_by = own.unwrap_or_else(|| self.case.place.holder(step.seat));
        let falls_to = falls_to(self.case, self.rules, &owed_by, on);
        Responsible { owed_by, falls_to }
    }

    fn is_owed(&self, step: &Step) -> bool {
        step.stages.contains(&self.stage) && step.when.iter().all(|when| self.holds(*when))
    }

    /// Whether a step that is done was owed when it was.
    fn was_owed(&self, step: &Step, done: Moment) -> bool {
        let before = |since: Option<Moment>| since.is_some_and(|since| since <= done);
        step.when.iter().all(|when| match when {
            When::Accused => before(self.case.accused),
            When::Unaccused => !before(self.case.accused),
            When::Confirmed => before(self.case.confirmed),
            When::Missing => before(self.case.missing),
            When::School | When::Absence | When::TipOff | When::Registered => self.holds(*when),
            // Closing is done once it is done.
            When::Closable => true,
        })
    }

    fn holds(&self, when: When) -> bool {
        let case = self.case;
        match when {
            When::Accused => case.accused.is_some(),
            When::Unaccused => case.accused.is_none(),
            When::Confirmed => case.confirmed.is_some(),
            When::School => case.place.school.is_some(),
            When::Absence => {
                matches!(case.trigger, Trigger::Absence { .. }) || !case.missed.is_empty()
            }
            When::TipOff => case.trigger == Trigger::TipOff || !case.tips.is_empty(),
            When::Missing => case.judged.what.code == VerdictCode::Missing,
            When::Registered => case.returned.is_some(),
            When::Closable => closable_since(case, self.rules, self.now).is_some(),
        }
    }

    /// When a step was done.
    fn done(&self, step: &Step, clock: Clock) -> Option<Moment> {
        let case = self.case;
        let served = |kind| Some(case.served(kind).next()?.served.as_ref()?.at);
        let attempts = case.visits.iter().filter(|visit| visit.what.met.is_attempt());
        match step.done {
            Done::Visit => case.visits.first().map(|visit| visit.at),
            Done::Attempt => attempts.map(|visit| visit.at).next(),
            Done::ThreeAttempts => attempts.map(|visit| visit.at).nth(2),
            Done::Report => case.reported.as_ref().map(|reported| reported.at),
            Done::Owner => case.owner.as_ref().map(|owner| owner.at),
            Done::Look => {
                let judged = Some(case.judged.at).filter(|at| *at > case.opened);
                earliest([case.visits.first().map(|visit| visit.at), judged])
            }
            Done::Found => {
                Some(case.judged.at).filter(|_| case.judged.what.code != VerdictCode::Missing)
            }
            Done::Determined => case.determined.as_ref().map(|determined| determined.at),
            Done::ReturnNotice => {
                earliest([served(PaperKind::ReturnNotice), served(PaperKind::CorrectionOrder)])
            }
            Done::CorrectionOrder => served(PaperKind::CorrectionOrder),
            Done::LegalStep => case.legal.first().map(|step| step.at),
            // The clock of the next look starts anew with each look.
            Done::NextLook => None,
            Done::Return => case.returned.as_ref().map(|returned| returned.at),
            Done::Proved => case.proved_at(self.rules.timetable.proof.attended_school_days),
            Done::Check => self.passed(clock.time),
            Done::LaterCheck => self.passed(self.rules.timetable.proof.checks + clock.time),
            Done::Closed => case.over.as_ref().map(|over| over.at),
            // An attempt to persuade took place whatever became of its word; who was to find out has found nothing out by a
            // visit that was taken back.
            Done::TipVerified => {
                let after = case.standing().map(|visit| visit.at);
                after.filter(|at| *at >= clock.start).min()
            }
            Done::MissLooked => {
                let looks = case.standing().filter(|visit| visit.what.met.is_attempt());
                looks.map(|visit| visit.at).find(|at| *at >= clock.start)
            }
            Done::ObjectionAnswered => {
                case.objection(clock.nth)?.answered.as_ref().map(|answer| answer.at)
            }
            Done::LookAfterLeave => self.looked_after(clock.start),
            Done::RequestDone => case.request(clock.nth)?.done(),
            Done::CarriedOut => Some(case.instruction(clock.nth)?.done.as_ref()?.at),
            Done::TransferAnswered => Some(case.transfer.as_ref()?.answered.as_ref()?.at),
        }
    }

    /// The first visit, attendance or return that was recorded after a moment.
    fn looked_after(&self, start: Moment) -> Option<Moment> {
        let after = |at: &Moment| *at >= start;
        let case = self.case;
        let visit = case.visits.iter().map(|visit| visit.at).find(after);
        let attended = case.attended.iter().map(|attended| attended.at).find(after);
        let returned = case.returned.as_ref().map(|returned| returned.at).filter(after);
        earliest([visit, attended, returned])
    }
}

fn earliest(moments: impl IntoIterator<Item = Option<Moment>>) -> Option<Moment> {
    moments.into_iter().flatten().min()
}

fn of<'a, T: 'a>(events: impl Iterator<Item = &'a Noted<T>>) -> Vec<(Moment, u32)> {
    events.map(|event| (event.at, event.no)).collect()
}
