//! What goes on when a child is out again: whatever was asked and not answered is owed in the next episode too, by the same
//! clocks.

use crate::{Anchor, Case, Climb, DutyId, Ending, Event, Moment, Over, PROGRAM, Timetable, What};

/// The events that follow the opening of the next episode, each as it was recorded: requests, instructions and the objection
/// that wait for an answer, the cause, and leave that is not over. What of it was late has climbed and climbs no second time.
pub fn carried(case: &Case, timetable: &Timetable, now: Moment) -> Vec<Event> {
    let mut carried = Carried { case, timetable, events: Vec::new() };
    carried.objection();
    if let Some(cause) = &case.cause {
        carried.push((cause.at, &cause.by), What::CauseFound { cause: cause.what });
    }
    for leave in case.leaves.iter().filter(|leave| leave.what.1 >= now.date()) {
        let (from, to) = leave.what;
        carried.push((leave.at, &leave.by), What::OnLeave { from, to });
    }
    carried.requests();
    carried.instructions();
    carried.events
}

/// Whether what was open in a case goes on in the next episode.
pub(crate) fn is_carried(case: &Case) -> bool {
    case.over.as_ref().is_some_and(|over| over.what == Over::Ended(Ending::Relapsed))
}

struct Carried<'c> {
    case: &'c Case,
    timetable: &'c Timetable,
    events: Vec<Event>,
}

impl Carried<'_> {
    fn push(&mut self, (at, by): (Moment, &str), what: What) {
        self.events.push(Event { at, by: by.to_owned(), what });
    }

    /// First, so that its number is known: a duty to answer is known by it.
    fn objection(&mut self) {
        let Some(open) = self.case.open_objection() else { return };
        let raised = &open.raised;
        self.push((raised.at, &raised.by), What::Objected { words: raised.what.clone() });
        self.climbs(Anchor::Objected, (raised.no, 1));
    }

    fn requests(&mut self) {
        for request in self.case.requests.iter().filter(|request| request.ended().is_none()) {
            let asked = &request.asked;
            self.push((asked.at, &asked.by), What::Asked(asked.what.clone()));
            let number = asked.what.request;
            for answer in &request.answers {
                let (answered, words) = answer.what.clone();
                let what = What::Answered { request: number, answer: answered, words, found: None };
                self.push((answer.at, &answer.by), what);
            }
            self.climbs(Anchor::Asked, (number, number));
        }
    }

    fn instructions(&mut self) {
        for open in self.case.instructions.iter().filter(|given| given.done.is_none()) {
            let (instruction, to, within) = (open.instruction, open.to.clone(), open.within);
            let words = open.given.what.clone();
            let what = What::Instructed { instruction, to, words, within };
            self.push((open.given.at, &open.given.by), what);
            self.climbs(Anchor::Instructed, (instruction, instruction));
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
