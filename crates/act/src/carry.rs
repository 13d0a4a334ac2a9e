//! What goes on when a child is out again, or two cases turn out to be one child's: whatever was asked and not answered is owed
//! in the case that goes on too, by the same clocks.

use crate::{
    Anchor, Case, Climb, DutyId, Ending, Event, Moment, Over, PROGRAM, PlanReview, Request,
    Timetable, What,
};

/// The case in which it goes on, as far as numbers are concerned: what is carried is numbered behind what it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "what it has already, each by itself")]
pub struct Onto {
    /// The number of the next event, steps of ladders not counted.
    pub next: u32,
    /// The highest number of a request to a department.
    pub requests: u32,
    /// The highest number of an instruction.
    pub instructions: u32,
    /// Whether it was open before: then it is of the same time out of school, and takes plan, promises and transfer too.
    pub joins: bool,
    /// Whether its guardian waits for an answer already.
    pub objected: bool,
    /// Whether it has a cause.
    pub caused: bool,
    /// Whether it has a helper cadre.
    pub helped: bool,
    /// Whether it has a plan.
    pub planned: bool,
    /// Whether another county is asked.
    pub transferring: bool,
}

impl Onto {
    /// A case that was just opened.
    pub const OPENED: Self = Self {
        next: 1,
        requests: 0,
        instructions: 0,
        joins: false,
        objected: false,
        caused: false,
        helped: false,
        planned: false,
        transferring: false,
    };

    /// A case that is open.
    pub fn of(case: &Case, events: &[Event]) -> Self {
        let numbered = events.iter().filter(|event| !matches!(event.what, What::Climbed(_)));
        let requests = case.requests.iter().map(|request| request.asked.what.request);
        let instructions = case.instructions.iter().map(|given| given.instruction);
        Self {
            next: u32::try_from(numbered.count()).unwrap_or(u32::MAX),
            requests: requests.max().unwrap_or(0),
            instructions: instructions.max().unwrap_or(0),
            joins: true,
            planned: case.plan().is_some(),
            transferring: case.transfer.as_ref().is_some_and(|t| t.answered.is_none()),
            objected: case.open_objection().is_some(),
            caused: case.cause.is_some(),
            helped: case.helper.is_some(),
        }
    }
}

/// The events that go on in another case, each as it was recorded: requests, instructions and the objection
/// that wait for an answer, the cause, and leave that is not over. What of it was late has climbed and climbs no second time.
pub fn carried(case: &Case, timetable: &Timetable, onto: Onto, now: Moment) -> Vec<Event> {
    let mut carried = Carried { case, timetable, onto, events: Vec::new() };
    carried.objection();
    if let Some(cause) = case.cause.as_ref().filter(|_| !onto.caused) {
        carried.push((cause.at, &cause.by), What::CauseFound { cause: cause.what });
    }
    // Whoever helps a family does so whatever episode it is.
    if let Some(helper) = case.helper.as_ref().filter(|_| !onto.helped) {
        let what = What::HelperNamed { helper: helper.what.clone() };
        carried.push((helper.at, &helper.by), what);
    }
    for leave in case.leaves.iter().filter(|leave| leave.what.1 >= now.date()) {
        let (from, to) = leave.what;
        carried.push((leave.at, &leave.by), What::OnLeave { from, to });
    }
    carried.requests();
    carried.instructions();
    if onto.joins {
        carried.days(now);
    }
    carried.events
}

/// Whether what was open in a case goes on in another.
pub(crate) fn is_carried(case: &Case) -> bool {
    let over = case.over.as_ref().map(|over| over.what);
    matches!(over, Some(Over::Ended(Ending::Relapsed | Ending::Merged)))
}

struct Carried<'c> {
    case: &'c Case,
    timetable: &'c Timetable,
    onto: Onto,
    events: Vec<Event>,
}

impl Carried<'_> {
    fn push(&mut self, (at, by): (Moment, &str), what: What) {
        self.events.push(Event { at, by: by.to_owned(), what });
    }

    /// The number that the next event will have there: duties are known by it.
    fn next(&self) -> u32 {
        let numbered = self.events.iter().filter(|e| !matches!(e.what, What::Climbed(_)));
        self.onto.next + u32::try_from(numbered.count()).unwrap_or(u32::MAX)
    }

    fn objection(&mut self) {
        let Some(open) = self.case.open_objection() else { return };
        let raised = &open.raised;
        if self.onto.objected {
            // Two are answered as one; the words of the second stand where whoever answers reads them.
            let words = format!("并入的案件中监护人的异议：{}", raised.what);
            return self.push((raised.at, &raised.by), What::Noted { words });
        }
        let no = self.next();
        self.push((raised.at, &raised.by), What::Objected { words: raised.what.clone() });
        self.climbs(Anchor::Objected, (raised.no, no));
    }

    fn requests(&mut self) {
        let open = self.case.requests.iter().filter(|request| request.ended().is_none());
        for (again, request) in (self.onto.requests + 1..).zip(open) {
            let asked = &request.asked;
            let was = asked.what.request;
            let number = if self.onto.requests == 0 { was } else { again };
            let what = What::Asked(Request { request: number, ..asked.what.clone() });
            self.push((asked.at, &asked.by), what);
            for answer in &request.answers {
                let (answered, words) = answer.what.clone();
                let what = What::Answered { request: number, answer: answered, words, found: None };
                self.push((answer.at, &answer.by), what);
            }
            self.climbs(Anchor::Asked, (was, number));
        }
    }

    fn instructions(&mut self) {
        let given = self.case.instructions.iter().filter(|given| given.done.is_none());
        for (again, open) in (self.onto.instructions + 1..).zip(given) {
            let (was, to, within) = (open.instruction, open.to.clone(), open.within);
            let instruction = if self.onto.instructions == 0 { was } else { again };
            let words = open.given.what.clone();
            let what = What::Instructed { instruction, to, words, within };
            self.push((open.given.at, &open.given.by), what);
            self.climbs(Anchor::Instructed, (was, instruction));
        }
    }

    /// The plan, the days that visits named and that are still to come, and what another county was asked.
    fn days(&mut self, now: Moment) {
        let case = self.case;
        for visit in case.standing() {
            let named = [visit.what.promised, visit.what.next].into_iter().flatten();
            if named.max().is_some_and(|day| day >= now.date()) {
                self.push((visit.at, &visit.by), What::Visited(visit.what.clone()));
            }
        }
        if let Some(plan) = case.plan().filter(|_| !self.onto.planned) {
            let no = self.next();
            self.push((plan.at, &plan.by), What::Planned(plan.what.clone()));
            self.climbs(Anchor::PlanDue, (plan.no, no));
            for review in case.plan_reviews.iter().filter(|review| review.what.plan == plan.no) {
                let again = self.next();
                let what = What::PlanReviewed(PlanReview { plan: no, ..review.what.clone() });
                self.push((review.at, &review.by), what);
                self.climbs(Anchor::PlanDue, (review.no, again));
            }
        }
        let open = case.transfer.as_ref().filter(|transfer| transfer.answered.is_none());
        if let Some(open) = open.filter(|_| !self.onto.transferring) {
            let (county, no) = (open.asked.what.clone(), self.next());
            self.push((open.asked.at, &open.asked.by), What::TransferAsked { county });
            self.climbs(Anchor::TransferAsked, (open.asked.no, no));
        }
    }

    fn climbs(&mut self, anchor: Anchor, (nth, again): (u32, u32)) {
        let (case, timetable) = (self.case, self.timetable);
        let is_of = |climb: &&Climb| {
            let mut steps = timetable.steps().filter(|step| step.anchor == anchor);
            climb.duty.nth == nth && steps.any(|step| step.id == climb.duty.step)
        };
        let of = case.climbs.values().filter(is_of);
        for climb in of {
            let duty = DutyId { nth: again, ..climb.duty.clone() };
            self.push((climb.due, PROGRAM), What::Climbed(Climb { duty, ..climb.clone() }));
        }
    }
}
