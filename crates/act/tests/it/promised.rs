//! Days that somebody named: a promise, the next visit, the review of a plan. Each is owed once it has come.

use std::collections::BTreeSet;

use baoxue_act::{
    CaseId, Ending, Event, Found, Heard, Measure, MeasureKind, Met, Onto, Over, PROGRAM, Plan,
    PlanReview, Refusal, Request, Return, ReturnForm, What, carried, duties, fold,
};
use baoxue_claim::VerdictCode::Dropout;
use chrono::NaiveDate;

use crate::common::{Told, at, day, visit};

/// Numbers of the duties of a step, and whether each is done.
fn of(told: &Told, step: &str, now: &str) -> Vec<(u32, bool)> {
    let found = duties(&told.case(), &told.rules, at(now));
    let of = found.iter().filter(|duty| duty.id.step == step);
    of.map(|duty| (duty.id.nth, duty.done.is_some())).collect()
}

fn spoken(on: &str, promised: Option<NaiveDate>, next: Option<NaiveDate>) -> What {
    let What::Visited(spoken) = visit(on, Met::Guardian, Found::AtHome) else { unreachable!() };
    let heard = Heard { difficulty: Some("没有人接送".into()), ..Heard::default() };
    What::Visited(baoxue_act::Visit { promised, next, heard, ..spoken })
}

fn plan(by: &str, review: &str) -> What {
    let measure = |what: &str| Measure {
        kind: MeasureKind::Quality,
        what: what.into(),
        who: "班主任".into(),
        by: day(by),
    };
    let measures = vec![measure("补课"), measure("谈心")];
    What::Planned(Plan { analysis: "跟不上".into(), measures, review: day(review) })
}

/// The town looks at the plan again.
fn reviewed(told: &mut Told, now: &str, done: &[u8], next: Option<&str>) -> Result<(), Refusal> {
    let done: BTreeSet<u8> = done.iter().copied().collect();
    let plan = told.case().plan().map_or(0, |plan| plan.no);
    let said = PlanReview { plan, done, words: "有进步".into(), next: next.map(day) };
    told.tell(at(now), "镇", What::PlanReviewed(said))
}

#[test]
fn a_promise_is_looked_after_on_its_day() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let promise = spoken("2019-09-03", Some(day("2019-09-09")), None);
    told.tell(at("2019-09-03 09:00"), "村", promise).unwrap();
    assert_eq!(of(&told, "W2", "2019-09-08 23:59"), [], "the day has not come");
    let no = told.case().visits[0].no;
    assert_eq!(of(&told, "W2", "2019-09-09 08:00"), [(no, false)]);
    told.pass(at("2019-09-12 09:00"));
    let climbed = told.case().climbs.keys().any(|(duty, _)| duty.step == "W2");
    assert!(climbed, "nobody looked within two working days");
    told.tell(at("2019-09-12 10:00"), "村", visit("2019-09-12", Met::Nobody, Found::NotFound))
        .unwrap();
    assert_eq!(of(&told, "W2", "2019-09-12 11:00"), [(no, false)], "nobody was met");
    told.tell(at("2019-09-13 09:00"), "村", spoken("2019-09-13", None, None)).unwrap();
    assert_eq!(of(&told, "W2", "2019-09-13 10:00"), [(no, true)]);
}

#[test]
fn a_later_visit_sets_another_day_in_the_place_of_the_first() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let first = spoken("2019-09-03", None, Some(day("2019-09-10")));
    told.tell(at("2019-09-03 09:00"), "村", first).unwrap();
    let second = spoken("2019-09-06", None, Some(day("2019-09-16")));
    told.tell(at("2019-09-06 09:00"), "村", second).unwrap();
    assert_eq!(of(&told, "W3", "2019-09-12 09:00"), [], "they have been there before the day");
    let no = told.case().visits[1].no;
    assert_eq!(of(&told, "W3", "2019-09-16 09:00"), [(no, false)]);
    told.tell(at("2019-09-16 15:00"), "村", spoken("2019-09-16", None, None)).unwrap();
    assert_eq!(of(&told, "W3", "2019-09-16 16:00"), [(no, true)]);
}

#[test]
fn a_plan_is_looked_at_when_its_first_measure_should_be_done_and_until_all_are() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    told.tell(at("2019-09-03 09:00"), "镇", plan("2019-09-10", "2019-10-08")).unwrap();
    let no = told.case().plan().unwrap().no;
    assert_eq!(of(&told, "M1", "2019-09-10 18:00"), [], "the day of the measure is not over");
    assert_eq!(of(&told, "M1", "2019-09-11 09:00"), [(no, false)]);
    let refused = reviewed(&mut told, "2019-09-11 09:00", &[0], None);
    assert_eq!(refused, Err(Refusal::NoNextDay), "one of two is not done");
    let refused = reviewed(&mut told, "2019-09-11 09:00", &[0, 2], Some("2019-09-20"));
    assert_eq!(refused, Err(Refusal::Unknown), "there is no third measure");
    let refused = reviewed(&mut told, "2019-09-11 09:00", &[0], Some("2019-09-11"));
    assert_eq!(refused, Err(Refusal::Backwards));
    reviewed(&mut told, "2019-09-11 10:00", &[0], Some("2019-09-20")).unwrap();
    let again = told.case().plan_review().unwrap().no;
    assert_eq!(of(&told, "M1", "2019-09-19 09:00"), [(no, true)]);
    assert_eq!(of(&told, "M1", "2019-09-20 09:00"), [(no, true), (again, false)]);
    reviewed(&mut told, "2019-09-20 09:00", &[0, 1], None).unwrap();
    assert_eq!(of(&told, "M1", "2020-01-10 09:00"), [(no, true), (again, true)], "all is done");
}

#[test]
fn another_plan_takes_the_place_of_one_whose_day_has_not_come() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let refused = reviewed(&mut told, "2019-09-02 10:00", &[], Some("2019-09-20"));
    assert_eq!(refused, Err(Refusal::Unknown), "there is no plan");
    told.tell(at("2019-09-03 09:00"), "镇", plan("2019-09-10", "2019-10-08")).unwrap();
    told.tell(at("2019-09-05 09:00"), "镇", plan("2019-09-24", "2019-10-08")).unwrap();
    let no = told.case().plan().unwrap().no;
    assert_eq!(of(&told, "M1", "2019-09-12 09:00"), []);
    assert_eq!(of(&told, "M1", "2019-09-25 09:00"), [(no, false)]);
}

#[test]
fn a_child_that_stays_away_after_its_return_is_asked_for_at_once() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let (school, form) = ("五里初中".to_owned(), ReturnForm::FormerClass);
    let back = What::Returned(Return { on: day("2019-09-09"), school, class: None, form });
    told.tell(at("2019-09-09 09:00"), "校", back).unwrap();
    let missed = What::Missed { since: day("2019-09-12"), words: "旷课".into() };
    told.tell(at("2019-09-13 09:00"), "师", missed).unwrap();
    let no = told.case().missed[0].no;
    assert_eq!(of(&told, "T14", "2019-09-13 10:00"), [(no, false)]);
    assert_eq!(of(&told, "T1", "2019-09-13 10:00"), [], "that of before stays as it was");
}

#[test]
fn what_was_open_in_two_cases_of_one_child_goes_on_in_one_under_other_numbers() {
    let asked = |request: u32, words: &str| {
        What::Asked(Request {
            request,
            department: "labour".into(),
            task: "child_at_work".into(),
            within: "24 hours".parse().unwrap(),
            words: words.into(),
        })
    };
    let mut one = Told::opened(Dropout, true, "2019-09-02 09:00");
    one.tell(at("2019-09-03 09:00"), "局", asked(1, "甲厂")).unwrap();
    let mut other = Told::opened(Dropout, true, "2019-09-02 09:00");
    other.tell(at("2019-09-04 09:00"), "局", asked(1, "乙厂")).unwrap();
    other.tell(at("2019-09-04 10:00"), "家长", What::Objected { words: "不服".into() }).unwrap();
    let now = at("2019-09-04 12:00");
    let onto = Onto::of(&one.case(), &one.events);
    assert_eq!((onto.requests, onto.objected), (1, false));
    let carried = carried(&other.case(), &other.rules.timetable, onto, now);
    let mut events = one.events.clone();
    events.extend(carried);
    let case = fold(CaseId(1), &events).unwrap();
    let words: Vec<_> =
        case.requests.iter().map(|r| (r.asked.what.request, r.asked.what.words.as_str())).collect();
    assert_eq!(words, [(1, "甲厂"), (2, "乙厂")]);
    assert_eq!(case.requests[1].asked.at, at("2019-09-04 09:00"), "the clock goes on");
    assert!(case.open_objection().is_some());
    let ended = What::Ended { how: Ending::Merged };
    other.events.push(Event { at: now, by: PROGRAM.into(), what: ended });
    assert_eq!(other.case().over.map(|over| over.what), Some(Over::Ended(Ending::Merged)));
}

#[test]
fn a_day_that_a_visit_set_for_itself_is_done_by_none_but_a_later_one() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    // Entered late: the day that it names has gone by.
    let late = spoken("2019-09-03", Some(day("2019-09-05")), Some(day("2019-09-05")));
    told.tell(at("2019-09-09 09:00"), "村", late).unwrap();
    let no = told.case().visits[0].no;
    for step in ["W2", "W3"] {
        assert_eq!(of(&told, step, "2019-09-09 10:00"), [(no, false)], "{step}");
        let found = duties(&told.case(), &told.rules, at("2019-09-09 10:00"));
        let duty = found.iter().find(|duty| duty.id.step == step).unwrap();
        assert_eq!(duty.start, at("2019-09-09 09:00"), "nobody is late by what was entered now");
    }
}

#[test]
fn a_child_that_comes_back_before_the_promised_day_makes_nobody_late() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let promise = spoken("2019-09-03", Some(day("2019-09-09")), Some(day("2019-09-09")));
    told.tell(at("2019-09-03 09:00"), "村", promise).unwrap();
    let (school, form) = ("五里初中".to_owned(), ReturnForm::FormerClass);
    let back = What::Returned(Return { on: day("2019-09-06"), school, class: None, form });
    told.tell(at("2019-09-06 09:00"), "校", back).unwrap();
    let (from, to) = (day("2019-09-09"), day("2019-09-12"));
    told.tell(at("2019-09-16 09:00"), "校", What::Attended { from, to, days: 4 }).unwrap();
    for step in ["W2", "W3"] {
        assert_eq!(of(&told, step, "2019-09-16 10:00"), [], "{step}");
    }
}

#[test]
fn whoever_owes_the_look_does_not_put_it_off_for_ever() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    // The days of the measures lay before the plan was entered: its clock starts when it was.
    told.tell(at("2019-10-08 09:00"), "镇", plan("2019-09-10", "2019-11-08")).unwrap();
    let found = duties(&told.case(), &told.rules, at("2019-10-08 10:00"));
    let duty = found.iter().find(|duty| duty.id.step == "M1").unwrap();
    assert_eq!(duty.start, at("2019-10-08 09:00"));
    let refused = reviewed(&mut told, "2019-10-09 09:00", &[], Some("2019-11-09"));
    assert_eq!(refused, Err(Refusal::LateLook(day("2019-11-08"))), "its own review comes before");
    reviewed(&mut told, "2019-10-09 09:00", &[], Some("2019-11-08")).unwrap();
    let refused = reviewed(&mut told, "2019-11-11 09:00", &[], Some("2019-12-31"));
    assert_eq!(refused, Err(Refusal::LateLook(day("2019-12-12"))), "a month at most");
}
