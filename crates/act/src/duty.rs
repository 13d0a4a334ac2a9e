//! What a case owes: who must do what by when, what is late, and whom it reaches then. All of it is told by the case, the
//! timetable, the calendar, the directory and the moment.

use std::{collections::BTreeSet, sync::Arc};

use baoxue_determine::Seat;
use chrono::{NaiveDate, NaiveTime};

use crate::{
    Anchor, Calendar, Case, Climb, Department, Directory, Done, Due, DutyId, Holder, Moment, Noted,
    Office, PaperKind, Responsible, Span, Stage, Step, Task, Term, Timetable, Trigger, Visit, When,
    case::day_after,
    closing::{closable_since, is_unsettled},
    plan,
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
            let owed_by = owed_by(case, duty, late);
            let first = falls_to(case, rules, &owed_by, due);
            let to = (0..step.up).fold(first, |to, _| above(case, rules, &to, due));
            Some(Climb { duty: duty.id.clone(), rung, to, due })
        })
        .collect()
}

/// The seat that owed a duty when it fell due: whoever gets the child by a move has not made it late.
pub(crate) fn owed_by(case: &Case, duty: &Duty, due: Moment) -> Holder {
    if matches!(duty.step.anchor, Anchor::Asked | Anchor::Instructed) {
        return duty.by.owed_by.clone();
    }
    case.place_at(due).holder(duty.step.seat)
}

/// Who must see on a day to what a seat owes.
fn falls_to(case: &Case, rules: &Rules, owed_by: &Holder, on: Moment) -> Holder {
    rules.directory.falls_to(owed_by, case.place_at(on), on.date())
}

/// The seat above; above the county's head stands the inspectorate, whose notice ends the ladder.
fn above(case: &Case, rules: &Rules, holder: &Holder, on: Moment) -> Holder {
    let top = Holder { seat: Seat::Inspectorate, office: Office::Inspectorate };
    if *holder == top {
        return top;
    }
    case.place_at(on).above(holder).map_or(top, |above| falls_to(case, rules, &above, on))
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
    /// The number of the event that started the same clock anew; `None` of the clock that runs.
    anew: Option<u32>,
}

impl Clock {
    /// Whether an event belongs to this clock, and neither to the one before nor the one after.
    fn has(self, no: u32) -> bool {
        no >= self.nth && self.anew.is_none_or(|anew| no < anew)
    }
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
        let starts = self.starts(step);
        // A clock that was started anew is owed no more; what was done in its time stays.
        let restarts = matches!(
            step.anchor,
            Anchor::Accused | Anchor::Confirmed | Anchor::ToDetermine | Anchor::Missing
        );
        let anew = |nth: u32| {
            let later = starts.iter().map(|(_, later)| *later).filter(|later| *later > nth);
            later.min().filter(|_| restarts)
        };
        let clocks = starts.iter().copied().flat_map(|(start, nth)| {
            // A clock keeps the length that held on the day it started.
            let editions = self.rules.timetable.on(start.date());
            // A step that is newer than the moment was not owed then.
            let step = editions.into_iter().find(|known| known.id == step.id);
            let clocks = step.map(|step| (step, self.clocks(step, (start, nth), anew(nth))));
            clocks.into_iter().flat_map(|(step, clocks)| {
                clocks.into_iter().map(move |clock| (Arc::clone(step), clock))
            })
        });
        let duties = clocks.filter_map(|(step, clock)| {
            let done = self.done(&step, clock);
            let is_shown =
                done.map_or(is_owed && clock.anew.is_none(), |done| self.was_owed(&step, done));
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
    fn clocks(&self, step: &Step, (start, nth): (Moment, u32), anew: Option<u32>) -> Vec<Clock> {
        let pauses = if step.stops { self.case.pauses() } else { Vec::new() };
        let term = self.term(step, nth);
        let mut clocks = Vec::new();
        let due = term.ends(start, &pauses, &self.rules.calendar);
        let mut clock = Clock { start, due, nth, time: 1, anew };
        loop {
            clocks.push(clock);
            let is_last = clock.time == step.times || step.times == 1;
            let Some(due) = clock.due.moment().filter(|_| !is_last) else { break };
            if self.done(step, clock).is_none() {
                break;
            }
            let next = term.ends(due, &pauses, &self.rules.calendar);
            let (nth, time) = (clock.nth + 1, clock.time + 1);
            clock = Clock { start: due, due: next, nth, time, anew };
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
            Anchor::Accused => case.accusals().map(|(no, span)| (span.at, no)).collect(),
            Anchor::Confirmed => self.to_determine(|span| span.confirmed),
            Anchor::ToDetermine => self.to_determine(|span| Some(span.at)),
            Anchor::Missing => case.missing.iter().map(|span| (span.at, span.no)).collect(),
            Anchor::LastLook => vec![self.last_look()],
            Anchor::ReturnNoticeEnded => self.paper_ended(PaperKind::ReturnNotice),
            Anchor::CorrectionOrderEnded => self.paper_ended(PaperKind::CorrectionOrder),
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
            Anchor::MissedAgain => self.missed_again(),
            Anchor::Inspected => of(case.inspected_out()),
            Anchor::Objected => of(case.objections.iter().map(|objection| &objection.raised)),
            Anchor::LeaveEnded => {
                let ends = case.leaves.iter().map(|leave| (day_after(leave.what.1), leave.no));
                ends.filter(|(at, _)| *at <= self.now).collect()
            }
            Anchor::Promised => self.set_by_visits(|visit| visit.promised),
            Anchor::NextVisit => self.set_by_visits(|visit| visit.next),
            Anchor::PlanDue => {
                let looks = plan::looks(case).into_iter();
                looks.filter(|(at, _)| *at <= self.now).collect()
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

    /// The absences that the school told of after the child was back.
    fn missed_again(&self) -> Vec<(Moment, u32)> {
        let case = self.case;
        let back = case.returned.as_ref().map(|back| back.no);
        let back = back.or(case.seen_back.as_ref().map(|back| back.no));
        of(case.missed.iter().filter(|missed| back.is_some_and(|back| missed.no > back)))
    }

    /// The days that visits set and that have come. A later visit that names another day takes the place of the first, and a child
    /// that is back before the day is asked for no more; a day that lay before the visit was entered counts from then.
    fn set_by_visits(&self, day: impl Fn(&Visit) -> Option<NaiveDate>) -> Vec<(Moment, u32)> {
        let case = self.case;
        let back =
            [case.returned.as_ref().map(|back| back.at), case.seen_back.as_ref().map(|b| b.at)];
        let back = earliest(back);
        let set = case.standing().filter_map(|visit| Some((visit, day(&visit.what)?)));
        let set = set.map(|(visit, on)| (visit.no, on.and_time(NaiveTime::MIN).max(visit.at)));
        let is_moot = |no: u32, at: Moment| {
            let mut later = case.standing().filter(|visit| visit.no > no);
            let answered = later.any(|visit| {
                let is_another = visit.at < at && day(&visit.what).is_some();
                is_another
                    || (visit.at < at && visit.what.learned() && visit.what.found.is_in_school())
            });
            answered || back.is_some_and(|back| back < at)
        };
        let set = set.filter(|(no, at)| *at <= self.now && !is_moot(*no, *at));
        set.map(|(no, at)| (at, no)).collect()
    }

    /// The first visit after the one that set a day, on that day or later.
    fn visited_on(&self, clock: Clock, counts: impl Fn(&Visit) -> bool) -> Option<Moment> {
        let day = clock.start.date();
        let later =
            self.case.standing().filter(|visit| visit.no > clock.nth && visit.what.on >= day);
        later
            .filter(|visit| counts(&visit.what))
            .map(|visit| visit.at)
            .find(|at| *at >= clock.start)
    }

    /// When somebody looked whether a promised return had come.
    fn promise_looked(&self, clock: Clock) -> Option<Moment> {
        let case = self.case;
        let after = |at: &Moment| *at >= clock.start;
        let attended = case.attended.iter().map(|attended| attended.at).find(after);
        let back = case.returned.as_ref().map(|back| back.at).filter(after);
        earliest([self.visited_on(clock, Visit::learned), attended, back])
    }

    /// When the plan was looked at again, or replaced.
    fn plan_reviewed(&self, clock: Clock) -> Option<Moment> {
        let case = self.case;
        let plans = case.plans.iter().map(|plan| (plan.no, plan.at));
        let reviews = case.plan_reviews.iter().map(|review| (review.no, review.at));
        let later = plans.chain(reviews).filter(|(no, _)| *no > clock.nth);
        later.min().map(|(_, at)| at)
    }

    /// When the term of a served paper was over, with the number from which papers count.
    fn paper_ended(&self, kind: PaperKind) -> Vec<(Moment, u32)> {
        let end = self.case.term_over(kind).filter(|end| *end < self.now);
        end.map(|end| (end, self.case.era())).into_iter().collect()
    }

    /// When a determination was needed: for each time in which the child is accused, and again when one was undone in it.
    fn to_determine(&self, since: impl Fn(&Span) -> Option<Moment>) -> Vec<(Moment, u32)> {
        let case = self.case;
        let mut starts = Vec::new();
        for (no, span) in case.accusals() {
            let Some(first) = since(span) else { continue };
            starts.push((first, no));
            let ended = |at: Moment| span.ended.is_some_and(|ended| ended <= at);
            let undone = case.undone.iter().filter(|(at, again)| *again > no && !ended(*at));
            starts.extend(undone.map(|(at, again)| ((*at).max(first), *again)));
        }
        starts
    }

    /// When somebody last looked after the child and found anybody, or it began to be said to be out of school.
    fn last_look(&self) -> (Moment, u32) {
        let case = self.case;
        let visits = case.visits.iter().filter(|visit| visit.what.met.is_somebody());
        let visits = visits.map(|visit| (visit.at, visit.no));
        let accusals = case.accusals().map(|(no, span)| (span.at, no));
        visits.chain(accusals).max().unwrap_or((case.opened, 0)).max((case.opened, 0))
    }

    /// The first moment at which a paper of one of these kinds was served that belongs to the same era as a clock: a paper from
    /// before an objection that was right, or from before a lawful absence, fulfils nothing after it.
    fn served_in(&self, clock: Clock, kinds: &[PaperKind]) -> Option<Moment> {
        let eras = self.case.eras();
        let since = eras.iter().rfind(|era| **era <= clock.nth).copied().unwrap_or_default();
        let until = eras.iter().find(|era| **era > clock.nth).copied();
        let of = |no: u32| no >= since && until.is_none_or(|until| no < until);
        let papers = self.case.papers.iter().filter(|paper| {
            kinds.contains(&paper.issued.what.kind) && paper.voided.is_none() && of(paper.issued.no)
        });
        papers.filter_map(|paper| Some(paper.served.as_ref()?.at)).min()
    }

    /// When the third attempt at persuasion on a day of its own was recorded.
    fn third_attempt(&self, clock: Clock) -> Option<Moment> {
        let mut days = BTreeSet::new();
        let attempts = self.case.visits.iter().filter(|visit| visit.what.met.is_attempt());
        let mut attempts = attempts.filter(|visit| clock.has(visit.no));
        attempts.find(|visit| days.insert(visit.what.on) && days.len() == 3).map(|visit| visit.at)
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
            When::Missing => before(self.case.missing.first().map(|span| span.at)),
            When::School | When::Absence | When::TipOff | When::Registered => self.holds(*when),
            // Closing is done once it is done.
            When::Closable | When::Unsettled => true,
        })
    }

    fn holds(&self, when: When) -> bool {
        let case = self.case;
        match when {
            When::Accused => case.open_accusal().is_some(),
            When::Unaccused => case.accused.is_none(),
            When::Confirmed => case.confirmed.is_some(),
            When::Unsettled => is_unsettled(case, &self.rules.timetable.proof, self.now),
            When::School => case.place.school.is_some(),
            When::Absence => {
                matches!(case.trigger, Trigger::Absence { .. }) || !case.missed.is_empty()
            }
            When::TipOff => case.trigger == Trigger::TipOff || !case.tips.is_empty(),
            When::Missing => case.missing.last().is_some_and(|span| span.ended.is_none()),
            When::Registered => case.returned.is_some(),
            When::Closable => closable_since(case, self.rules, self.now).is_some(),
        }
    }

    /// When a step was done.
    fn done(&self, step: &Step, clock: Clock) -> Option<Moment> {
        let case = self.case;
        // Who has been named, or reported, is so until the clock starts anew.
        let before = |no: u32| clock.anew.is_none_or(|anew| no < anew);
        let visits = || case.visits.iter().filter(|visit| clock.has(visit.no));
        let learned = || visits().find(|visit| visit.what.learned()).map(|visit| visit.at);
        match step.done {
            Done::Visit => visits().next().map(|visit| visit.at),
            Done::Learned => learned(),
            Done::Attempt => {
                visits().find(|visit| visit.what.met.is_attempt()).map(|visit| visit.at)
            }
            Done::ThreeAttempts => self.third_attempt(clock),
            Done::Report => case.reported.as_ref().filter(|r| before(r.no)).map(|r| r.at),
            Done::Owner => case.owner.as_ref().filter(|owner| before(owner.no)).map(|o| o.at),
            Done::Look => {
                let judged = Some(case.judged.at).filter(|at| *at > case.opened);
                earliest([learned(), judged])
            }
            Done::Found => case.missing.iter().find(|span| span.no == clock.nth)?.ended,
            Done::Determined => {
                let mut made = case.determinations.iter();
                made.find(|made| clock.has(made.no)).map(|made| made.at)
            }
            Done::ReturnNotice => {
                self.served_in(clock, &[PaperKind::ReturnNotice, PaperKind::CorrectionOrder])
            }
            Done::CorrectionOrder => self.served_in(clock, &[PaperKind::CorrectionOrder]),
            Done::LegalStep => case.legal.iter().find(|step| clock.has(step.no)).map(|s| s.at),
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
                let learned = case.standing().filter(|visit| visit.what.learned());
                let after = learned.map(|visit| visit.at);
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
            // Who found nobody and named another day was there.
            Done::VisitMade => {
                self.visited_on(clock, |visit| visit.met.is_somebody() || visit.next.is_some())
            }
            Done::PromiseLooked => self.promise_looked(clock),
            Done::PlanReviewed => self.plan_reviewed(clock),
            Done::RequestDone => case.request(clock.nth)?.done(),
            Done::CarriedOut => Some(case.instruction(clock.nth)?.done.as_ref()?.at),
            Done::TransferAnswered => Some(case.transfer.as_ref()?.answered.as_ref()?.at),
        }
    }

    /// The first visit, attendance or return that was recorded after a moment.
    fn looked_after(&self, start: Moment) -> Option<Moment> {
        let after = |at: &Moment| *at >= start;
        let case = self.case;
        let learned = case.visits.iter().filter(|visit| visit.what.learned());
        let visit = learned.map(|visit| visit.at).find(after);
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
