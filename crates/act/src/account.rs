//! 问责台账: what was asked of which seat on a case, who sat there, when it was due, what was done of it and how late, and how
//! far it climbed; and figures of that. Whoever sums must find every thing asked in exactly one outcome.

use std::{collections::BTreeMap, sync::Arc};

use baoxue_claim::{Cause, Private, TownCode};
use baoxue_determine::Seat;

use crate::{
    Anchor, Answer, Case, CaseId, Climb, Done, Due, Duty, DutyId, Holder, Moment, Office,
    RequestState, Responsible, Rules, Seated, Step, carry::is_carried, duties, duty::owed_by,
};

/// What kind of thing was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A step of the timetable.
    Step,
    /// A request to a department (协查、协办).
    Request,
    /// An instruction of a leader (督办).
    Instruction,
}

/// What became of it. Each thing asked has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Done before its time was over.
    InTime,
    /// Done after it.
    Late,
    /// Owed, and there is time left, or its clock stands still.
    Open,
    /// Owed, and its time is over.
    OpenLate,
    /// The case went on without it before its time was over.
    Cancelled,
    /// The case went on without it when it was late already: that is not forgotten.
    CancelledLate,
}

/// One thing that was asked of a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// On which case.
    pub case: CaseId,
    /// The town of the child.
    pub town: Option<TownCode>,
    /// What kind of thing.
    pub kind: Kind,
    /// Which.
    pub id: DutyId,
    /// The step of the timetable.
    pub step: Arc<Step>,
    /// The seat that owes it, and the one to which it falls while that is empty.
    pub by: Responsible,
    /// Who sat there when it was done, or, of what is late, when it fell due; `None` when the directory names nobody.
    pub who: Option<Private>,
    /// When it was asked; `None` of what the case went on without.
    pub start: Option<Moment>,
    /// When it is due.
    pub due: Due,
    /// When it was done.
    pub done: Option<Moment>,
    /// What became of it.
    pub outcome: Outcome,
    /// The answer of the department that ended a request; before that its last one.
    pub answer: Option<Answer>,
    /// Whether it is a request that was withdrawn.
    pub withdrawn: bool,
    /// The highest rung of its ladder that was climbed.
    pub climbed: Option<Climb>,
}

impl Charge {
    /// Whole days after it was due until it was done or until `now`; a day that has begun counts. 0 of what is not late.
    pub fn late_days(&self, now: Moment) -> u32 {
        let end = match self.outcome {
            Outcome::Late => self.done,
            Outcome::OpenLate => Some(now),
            Outcome::InTime | Outcome::Open | Outcome::Cancelled | Outcome::CancelledLate => None,
        };
        let Some((due, end)) = self.due.moment().zip(end) else { return 0 };
        u32::try_from((end - due).num_days()).unwrap_or(0) + 1
    }

    /// Whole days from when it was asked until it was done.
    fn took(&self) -> Option<u32> {
        let (start, done) = self.start.zip(self.done)?;
        u32::try_from((done - start).num_days()).ok()
    }
}

/// All that was asked on a case until now, done or not.
pub fn charges(case: &Case, rules: &Rules, now: Moment) -> Vec<Charge> {
    let view = View { case, rules, now };
    let shown = duties(case, rules, now);
    let mut all: Vec<Charge> = shown.iter().map(|duty| view.of_duty(duty)).collect();
    all.extend(view.unanswered(&shown));
    all.extend(view.lapsed(&shown));
    all
}

struct View<'a> {
    case: &'a Case,
    rules: &'a Rules,
    now: Moment,
}

impl View<'_> {
    fn of_duty(&self, duty: &Duty) -> Charge {
        let outcome = match duty.done {
            Some(_) if duty.was_late() => Outcome::Late,
            Some(_) => Outcome::InTime,
            None if duty.is_late(self.now) => Outcome::OpenLate,
            None => Outcome::Open,
        };
        let is_late = matches!(outcome, Outcome::Late | Outcome::OpenLate);
        let late = duty.due.moment().filter(|_| is_late);
        let by = late.map_or_else(|| duty.by.clone(), |due| self.of_then(duty, due));
        self.charge(Duty { by, ..duty.clone() }, outcome)
    }

    /// The seat that made it late: that of the place where the child belonged when it fell due.
    fn of_then(&self, duty: &Duty, due: Moment) -> Responsible {
        let owed_by = owed_by(self.case, duty, due);
        if owed_by == duty.by.owed_by {
            return duty.by.clone();
        }
        let place = self.case.place_at(due);
        let falls_to = self.rules.directory.falls_to(&owed_by, place, due.date());
        Responsible { owed_by, falls_to }
    }

    /// Requests and instructions that the case went on without, or that were withdrawn.
    fn unanswered(&self, shown: &[Duty]) -> Vec<Charge> {
        // What goes on in the next episode is counted there; what was withdrawn does not go on.
        let goes_on = is_carried(self.case);
        let over = self.case.over.as_ref().map_or(self.now, |over| over.at);
        let asked = self.case.requests.iter().filter(|request| request.done().is_none());
        let asked = asked.filter(|request| !goes_on || request.withdrawn.is_some());
        let asked = asked.map(|request| {
            let what = &request.asked.what;
            let of = (Anchor::Asked, what.request, what.holder());
            (of, request.asked.at, what.within, request.ended().unwrap_or(over))
        });
        let given = self.case.instructions.iter().filter(|given| given.done.is_none() && !goes_on);
        let given = given.map(|given| {
            let at = given.given.at;
            let of = (Anchor::Instructed, given.instruction, given.to.clone());
            (of, at, given.within, over)
        });
        let all = asked.chain(given).filter_map(|((anchor, nth, owed_by), start, within, end)| {
            let step = self.rules.timetable.steps().filter(|step| step.anchor == anchor).last()?;
            let id = DutyId { step: step.id.clone(), nth };
            if shown.iter().any(|duty| duty.id == id) {
                return None;
            }
            let due = within.ends(start, &[], &self.rules.calendar);
            let outcome =
                if due.is_past(end) { Outcome::CancelledLate } else { Outcome::Cancelled };
            let falls_to = self.rules.directory.falls_to(&owed_by, &self.case.place, end.date());
            let by = Responsible { owed_by, falls_to };
            let duty = Duty { id, step: Arc::clone(step), by, start, due, done: None };
            Some(self.charge(duty, outcome))
        });
        all.collect()
    }

    /// What had climbed and is owed no more. A look that was late was taken late by the next visit.
    fn lapsed(&self, shown: &[Duty]) -> Vec<Charge> {
        let first = self.case.climbs.values().filter(|climb| climb.rung == 0);
        let gone = first.filter(|climb| shown.iter().all(|duty| duty.id != climb.duty));
        let all = gone.filter_map(|climb| {
            let steps = self.rules.timetable.steps();
            let step = steps.filter(|step| step.id == climb.duty.step).last()?;
            // Who was asked by mistake was not asked; who was not mistaken stands among the unanswered.
            let goes_on = step.anchor == Anchor::Objected && is_carried(self.case);
            if goes_on || matches!(step.anchor, Anchor::Asked | Anchor::Instructed) {
                return None;
            }
            let looks = self.case.visits.iter().filter(|visit| visit.what.met.is_somebody());
            let look = looks.map(|visit| visit.at).find(|at| *at > climb.due);
            let done = look.filter(|_| step.done == Done::NextLook);
            let outcome = done.map_or(Outcome::CancelledLate, |_| Outcome::Late);
            let owed_by = self.case.place_at(climb.due).holder(step.seat);
            let by = Responsible { owed_by, falls_to: climb.to.clone() };
            let (id, due) = (climb.duty.clone(), Due::At(climb.due));
            let duty = Duty { id, step: Arc::clone(step), by, start: climb.due, due, done };
            // When its clock started is not known any more.
            Some(Charge { start: None, ..self.charge(duty, outcome) })
        });
        all.collect()
    }

    fn charge(&self, duty: Duty, outcome: Outcome) -> Charge {
        let Duty { id, step, by, start, due, done } = duty;
        let kind = if step.anchor == Anchor::Asked {
            Kind::Request
        } else if step.anchor == Anchor::Instructed {
            Kind::Instruction
        } else {
            Kind::Step
        };
        let request = self.case.request(id.nth).filter(|_| kind == Kind::Request);
        let climbs = self.case.climbs.values().filter(|climb| climb.duty == id);
        Charge {
            case: self.case.id,
            town: self.case.place.town,
            kind,
            who: self.who(&by.falls_to, done.unwrap_or(self.now), due),
            answer: request.and_then(last_answer),
            withdrawn: request.is_some_and(|request| request.withdrawn.is_some()),
            climbed: climbs.max_by_key(|climb| climb.rung).cloned(),
            start: Some(start),
            id,
            step,
            by,
            due,
            done,
            outcome,
        }
    }

    /// Who sat in a seat when something was done, or when it fell due if that was earlier: a successor did not make it late.
    fn who(&self, holder: &Holder, end: Moment, due: Due) -> Option<Private> {
        let on = due.moment().map_or(end, |due| due.min(end));
        match self.rules.directory.seated(holder, on.date()) {
            Seated::Filled(post) | Seated::Substitute(post) => Some(post.name.clone()),
            Seated::Vacant | Seated::Unknown => None,
        }
    }
}

/// The answer that ended a request; before that the last one.
fn last_answer(request: &RequestState) -> Option<Answer> {
    let mut answers = request.answers.iter().map(|answer| answer.what.0);
    answers.find(|answer| *answer != Answer::Accepted).or(request.answers.last().map(|a| a.what.0))
}

/// Figures of what was asked: `asked` = `in_time` + `late` + `open` + `open_late` + `cancelled` + `cancelled_late`, in
/// whatever order it was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Asked.
    pub asked: u32,
    /// Done in time.
    pub in_time: u32,
    /// Done late.
    pub late: u32,
    /// Owed, in time.
    pub open: u32,
    /// Owed and late.
    pub open_late: u32,
    /// The case went on without it, in time.
    pub cancelled: u32,
    /// The case went on without it, late.
    pub cancelled_late: u32,
    /// Days of the one that was, or is, late for the longest.
    pub longest_days: u32,
    /// How many of those done took how many whole days.
    pub took: BTreeMap<u32, u32>,
}

impl Figures {
    /// The figures of some charges.
    pub fn of<'c>(charges: impl IntoIterator<Item = &'c Charge>, now: Moment) -> Self {
        let mut figures = Self::default();
        for charge in charges {
            figures.count(charge, now);
        }
        figures
    }

    /// Counts one more.
    pub fn count(&mut self, charge: &Charge, now: Moment) {
        self.asked += 1;
        *match charge.outcome {
            Outcome::InTime => &mut self.in_time,
            Outcome::Late => &mut self.late,
            Outcome::Open => &mut self.open,
            Outcome::OpenLate => &mut self.open_late,
            Outcome::Cancelled => &mut self.cancelled,
            Outcome::CancelledLate => &mut self.cancelled_late,
        } += 1;
        self.longest_days = self.longest_days.max(charge.late_days(now));
        if let Some(days) = charge.took() {
            *self.took.entry(days).or_default() += 1;
        }
    }

    /// The median of the whole days from asked to done, of those that were done; of two in the middle the smaller. `None`
    /// when nothing was done.
    pub fn median_days(&self) -> Option<u32> {
        median(&self.took)
    }

    /// Whether every thing asked stands in one of the parts.
    pub const fn adds_up(&self) -> bool {
        let done = self.in_time + self.late;
        let open = self.open + self.open_late;
        self.asked == done + open + self.cancelled + self.cancelled_late
    }
}

fn median(took: &BTreeMap<u32, u32>) -> Option<u32> {
    let n: u32 = took.values().sum();
    let mut before = 0;
    took.iter().find_map(|(days, of)| {
        before += of;
        (2 * before >= n).then_some(*days)
    })
}

/// Figures by whatever tells charges apart.
pub fn figures_by<'c, K: Ord>(
    charges: impl IntoIterator<Item = &'c Charge>,
    key: impl Fn(&Charge) -> K,
    now: Moment,
) -> BTreeMap<K, Figures> {
    let mut all: BTreeMap<K, Figures> = BTreeMap::new();
    for charge in charges {
        all.entry(key(charge)).or_default().count(charge, now);
    }
    all
}

/// What a department did with what it was asked: `asked` = `waiting` + `accepted` + `done` + `declined` + `withdrawn` +
/// `cancelled`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DepartmentFigures {
    /// Asked.
    pub asked: u32,
    /// Not answered yet.
    pub waiting: u32,
    /// Accepted and not done yet (已受理).
    pub accepted: u32,
    /// Done (已办结).
    pub done: u32,
    /// Sent back with a reason (退回).
    pub declined: u32,
    /// Withdrawn before the answer (已撤回).
    pub withdrawn: u32,
    /// The case was over before the answer.
    pub cancelled: u32,
    /// Of those waiting and accepted: their time is over.
    pub overdue: u32,
    /// Of those done and declined: after their time.
    pub late: u32,
    /// Days of the one that was, or is, late for the longest.
    pub longest_days: u32,
    /// How many of those done or sent back took how many whole days.
    pub took: BTreeMap<u32, u32>,
}

impl DepartmentFigures {
    /// Counts a request; anything else is none of a department's.
    pub fn count(&mut self, charge: &Charge, now: Moment) {
        if charge.kind != Kind::Request {
            return;
        }
        self.asked += 1;
        let is_over = matches!(charge.outcome, Outcome::Cancelled | Outcome::CancelledLate);
        *match charge.answer {
            Some(Answer::Done) => &mut self.done,
            Some(Answer::Declined) => &mut self.declined,
            _ if charge.withdrawn => &mut self.withdrawn,
            _ if is_over => &mut self.cancelled,
            Some(Answer::Accepted) => &mut self.accepted,
            None => &mut self.waiting,
        } += 1;
        self.overdue += u32::from(charge.outcome == Outcome::OpenLate);
        self.late += u32::from(charge.outcome == Outcome::Late);
        self.longest_days = self.longest_days.max(charge.late_days(now));
        if let Some(days) = charge.took() {
            *self.took.entry(days).or_default() += 1;
        }
    }

    /// The median of the whole days from asked to done or sent back, as [`Figures::median_days`].
    pub fn median_days(&self) -> Option<u32> {
        median(&self.took)
    }

    /// Whether every request stands in one of the parts.
    pub const fn adds_up(&self) -> bool {
        let open = self.waiting + self.accepted;
        self.asked == open + self.done + self.declined + self.withdrawn + self.cancelled
    }
}

/// The department that a request is of, by its id in the county's list.
pub fn department(charge: &Charge) -> Option<&str> {
    let Office::Department(id) = &charge.by.owed_by.office else { return None };
    (charge.kind == Kind::Request).then_some(id.as_str())
}

/// The figures of each department that was asked anything, by its id.
pub fn departments<'c>(
    charges: impl IntoIterator<Item = &'c Charge>,
    now: Moment,
) -> BTreeMap<String, DepartmentFigures> {
    let mut all: BTreeMap<String, DepartmentFigures> = BTreeMap::new();
    for charge in charges {
        if let Some(id) = department(charge) {
            all.entry(id.to_owned()).or_default().count(charge, now);
        }
    }
    all
}

/// The line of the duty chain that a seat stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChainLine {
    /// 行政线.
    Administrative,
    /// 教育线.
    Education,
    /// Departments, police, inspectorate.
    Beside,
}

impl ChainLine {
    /// The line of a seat.
    pub const fn of(seat: Seat) -> Self {
        match seat {
            Seat::CountyHead | Seat::TownHead | Seat::VillageHead => Self::Administrative,
            Seat::BureauHead | Seat::Principal | Seat::Teacher => Self::Education,
            Seat::Inspectorate | Seat::Police | Seat::Department => Self::Beside,
        }
    }
}

/// Cases of one town by cause; `None` where none is known yet.
pub type Causes = BTreeMap<Option<Cause>, u32>;

/// Cases that said, or say, that a child is out of school, by town and cause. The sum of all is the number of such cases. A
/// sealed cause counts among the others.
pub fn causes<'c>(cases: impl IntoIterator<Item = &'c Case>) -> BTreeMap<Option<TownCode>, Causes> {
    let mut all: BTreeMap<Option<TownCode>, Causes> = BTreeMap::new();
    for case in cases.into_iter().filter(|case| case.accused.is_some()) {
        let told = |cause| if cause == Cause::Offence { Cause::Other } else { cause };
        let cause = case.cause.as_ref().map(|cause| told(cause.what));
        *all.entry(case.place.town).or_default().entry(cause).or_default() += 1;
    }
    all
}
