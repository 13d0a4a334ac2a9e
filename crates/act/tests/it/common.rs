//! A county for cases: both lines filled, one term, the built-in timetable.

use baoxue_act::{
    Calendar, Case, CaseId, Directory, Event, Follow, Found, Judged, Met, Moment, PROGRAM, Place,
    Post, Refusal, Rules, Seen, Semester, Timetable, Visit, Visitor, What, check, climbs, ending,
    fold, follow,
};
use baoxue_claim::{ChildId, Private, VerdictCode};
use baoxue_determine::Seat;
use chrono::NaiveDate;

pub(crate) fn at(text: &str) -> Moment {
    Moment::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn place() -> Place {
    Place {
        town: Some("610902104".parse().unwrap()),
        village: Some("东村".into()),
        school: Some("五里初中".into()),
        class: Some("八（1）班".into()),
    }
}

pub(crate) fn rules() -> Rules {
    let mut calendar = Calendar::built_in();
    let (from, to) = (day("2019-09-02"), day("2020-01-17"));
    calendar.add_term(Semester { name: "2019年秋季".into(), from, to }).unwrap();
    let (from, to) = (day("2020-02-17"), day("2020-07-10"));
    calendar.add_term(Semester { name: "2020年春季".into(), from, to }).unwrap();
    let posts = baoxue_act::CHAIN.map(|seat| Post {
        holder: place().holder(seat),
        is_substitute: false,
        name: Private::new(seat.zh()),
        phone: None,
        from: day("2019-01-01"),
        to: None,
    });
    let (timetable, directory) = (Timetable::built_in(), Directory::new(posts));
    let departments = baoxue_act::Settings::default().departments;
    Rules { timetable, calendar, directory, departments, penalty_basis: None }
}

pub(crate) fn judged(code: VerdictCode, confirmed: bool, on: &str) -> Judged {
    Judged { code, confirmed, on: day(on) }
}

pub(crate) fn visit(on: &str, met: Met, found: Found) -> What {
    What::Visited(Visit {
        on: day(on),
        visitors: vec![Visitor { name: "甲".into(), seat: Some(Seat::VillageHead) }],
        met,
        found,
        words: "已劝说".into(),
        promised: None,
        next: None,
        heard: baoxue_act::Heard::default(),
        employer: None,
    })
}

/// A case as a store would keep it: the pass runs before each append, so that what is late is recorded first.
#[derive(Clone)]
pub(crate) struct Told {
    pub(crate) events: Vec<Event>,
    pub(crate) rules: Rules,
    /// The latest moment that was ever seen: a clock that jumps back does not take time back.
    pub(crate) clock: Moment,
}

impl Told {
    pub(crate) fn opened(code: VerdictCode, confirmed: bool, now: &str) -> Self {
        let now = at(now);
        let judged = Judged { code, confirmed, on: now.date() };
        let seen = Seen { child: ChildId(7), judged, place: place() };
        let Follow::Open(opening) = follow(None, &seen, 30) else { panic!("{code} opens no case") };
        let event = Event { at: now, by: PROGRAM.into(), what: What::Opened(opening) };
        Self { events: vec![event], rules: rules(), clock: now }
    }

    pub(crate) fn case(&self) -> Case {
        fold(CaseId(1), &self.events).unwrap()
    }

    pub(crate) fn pass(&mut self, now: Moment) {
        self.clock = self.clock.max(now);
        let (case, now) = (self.case(), self.clock);
        for climb in climbs(&case, &self.rules, now) {
            self.push(now, PROGRAM, What::Climbed(climb));
        }
        if let Some(how) = ending(&self.case()) {
            self.push(now, PROGRAM, What::Ended { how });
        }
    }

    pub(crate) fn tell(&mut self, now: Moment, by: &str, what: What) -> Result<(), Refusal> {
        self.pass(now);
        let (case, now) = (self.case(), self.clock);
        check((&case, &self.events), &what, by, &self.rules, now)?;
        self.push(now, by, what);
        // What an event ends is recorded with it.
        if let Some(how) = ending(&self.case()) {
            self.push(now, PROGRAM, What::Ended { how });
        }
        Ok(())
    }

    fn push(&mut self, at: Moment, by: &str, what: What) {
        self.events.push(Event { at, by: by.to_owned(), what });
    }
}
