//! Who was asked what and did it when: figures that add up, and nothing late that is forgotten.

use std::collections::BTreeSet;

use baoxue_act::{
    Answer, CaseId, Directory, DutyId, Ending, Found, Met, Moment, Over, PROGRAM, Post, Request,
    Return, ReturnForm, What,
    account::{
        ChainLine, Charge, DepartmentFigures, Figures, Kind, Outcome, causes, charges, departments,
        figures_by,
    },
    fold,
};
use baoxue_claim::{Cause, Private, VerdictCode};
use baoxue_determine::Seat;
use proptest::prelude::*;

use crate::{
    common::{Told, at, day, place, rules, visit},
    histories::{play, tries},
};

fn all(told: &Told, now: Moment) -> Vec<Charge> {
    charges(&told.case(), &told.rules, now)
}

#[track_caller]
fn of<'c>(charges: &'c [Charge], step: &str) -> &'c Charge {
    charges.iter().find(|charge| charge.id.step == step).unwrap()
}

fn asked(request: u32) -> What {
    let (department, task) = ("labour".to_owned(), "child_at_work".to_owned());
    let within = "24 hours".parse().unwrap();
    What::Asked(Request { request, department, task, within, words: "请核实".into() })
}

#[test]
fn a_visit_that_comes_late_is_done_late_by_who_sat_there_when_it_fell_due() {
    let mut told = Told::opened(VerdictCode::Dropout, true, "2019-09-03 09:00");
    let village = place().holder(Seat::VillageHead);
    let post = |name: &str, from: &str, to: Option<&str>| Post {
        holder: village.clone(),
        is_substitute: false,
        name: Private::new(name),
        phone: None,
        from: day(from),
        to: to.map(day),
    };
    let known = rules().directory;
    let others = known.posts().filter(|post| post.holder != village).cloned();
    let posts: Vec<Post> = others
        .chain([
            post("老主任", "2019-01-01", Some("2019-09-06")),
            post("新主任", "2019-09-07", None),
        ])
        .collect();
    told.rules.directory = Directory::new(posts);
    let open = all(&told, at("2019-09-04 09:00"));
    assert_eq!(of(&open, "F1").outcome, Outcome::Open);
    // Due on 5 September at nine.
    let late = all(&told, at("2019-09-06 10:00"));
    assert_eq!(
        (of(&late, "F1").outcome, of(&late, "F1").late_days(at("2019-09-06 10:00"))),
        (Outcome::OpenLate, 2)
    );
    told.tell(at("2019-09-08 10:00"), "甲", visit("2019-09-08", Met::Guardian, Found::AtHome))
        .unwrap();
    let now = at("2019-09-20 10:00");
    let done = all(&told, now);
    let visit = of(&done, "F1");
    assert_eq!((visit.outcome, visit.late_days(now)), (Outcome::Late, 4));
    assert_eq!(visit.who, Some(Private::new("老主任")), "a successor did not make it late");
    assert_eq!(visit.climbed.as_ref().map(|climb| climb.rung), Some(0));
    assert_eq!(ChainLine::of(visit.by.falls_to.seat), ChainLine::Administrative);
    let figures = Figures::of([visit], now);
    assert_eq!((figures.late, figures.longest_days, figures.median_days()), (1, 4, Some(5)));
}

#[test]
fn what_the_case_went_on_without_is_told_and_what_was_late_by_then_is_not_wiped_out() {
    let mut told = Told::opened(VerdictCode::Unverified, false, "2019-09-03 09:00");
    told.tell(at("2019-09-03 10:00"), "甲", asked(1)).unwrap();
    told.tell(at("2019-09-05 10:00"), "甲", asked(2)).unwrap();
    let ended = at("2019-09-06 09:00");
    // The files on which it stood are withdrawn, and the case goes with them.
    told.tell(ended, PROGRAM, What::Ended { how: Ending::Withdrawn }).unwrap();
    assert!(told.case().over.is_some());
    let now = at("2019-12-01 09:00");
    let charges = all(&told, now);
    let request = |nth| charges.iter().find(|c| c.kind == Kind::Request && c.id.nth == nth);
    assert_eq!(request(1).unwrap().outcome, Outcome::CancelledLate);
    assert_eq!(request(2).unwrap().outcome, Outcome::Cancelled, "its day was not over");
    assert_eq!(request(1).unwrap().late_days(now), 0, "nobody owes it any more");
    let labour = &departments(&charges, now)["labour"];
    assert_eq!((labour.asked, labour.cancelled, labour.overdue), (2, 2, 0));
    assert!(labour.adds_up());
}

#[test]
fn a_department_is_measured_by_what_it_answers() {
    let mut told = Told::opened(VerdictCode::Dropout, true, "2019-09-03 09:00");
    for request in 1..=4 {
        told.tell(at("2019-09-03 10:00"), "甲", asked(request)).unwrap();
    }
    let answer =
        |request, answer| What::Answered { request, answer, words: "说明".into(), found: None };
    told.tell(at("2019-09-03 12:00"), "乙", answer(1, Answer::Done)).unwrap();
    told.tell(at("2019-09-05 12:00"), "乙", answer(2, Answer::Declined)).unwrap();
    told.tell(at("2019-09-05 12:00"), "乙", answer(3, Answer::Accepted)).unwrap();
    let now = at("2019-09-06 12:00");
    let labour = &departments(&all(&told, now), now)["labour"];
    let parts = [labour.waiting, labour.accepted, labour.done, labour.declined, labour.cancelled];
    assert_eq!((labour.asked, parts), (4, [1, 1, 1, 1, 0]));
    assert_eq!((labour.overdue, labour.late, labour.longest_days), (2, 1, 3));
    // One took no whole day, one took two.
    assert_eq!(labour.median_days(), Some(0));
}

#[test]
fn a_request_that_was_withdrawn_is_counted_also_when_the_child_is_out_again() {
    let mut told = Told::opened(VerdictCode::Dropout, true, "2019-09-03 09:00");
    for request in 1..=2 {
        told.tell(at("2019-09-03 10:00"), "甲", asked(request)).unwrap();
    }
    let withdrawn = What::RequestWithdrawn { request: 1, why: "登记有误".into() };
    told.tell(at("2019-09-03 12:00"), "甲", withdrawn).unwrap();
    let (school, form) = ("五里初中".to_owned(), ReturnForm::FormerClass);
    let back = Return { on: day("2019-09-04"), school, class: None, form };
    told.tell(at("2019-09-04 09:00"), "乙", What::Returned(back)).unwrap();
    let missed = What::Checked { on: day("2019-09-09"), present: false };
    told.tell(at("2019-09-09 09:00"), "乙", missed).unwrap();
    let over = told.case().over.map(|over| over.what);
    assert_eq!(over, Some(Over::Ended(Ending::Relapsed)));
    // The one that waits goes on in the next episode and is counted there.
    let now = at("2019-09-10 09:00");
    let labour = &departments(&all(&told, now), now)["labour"];
    assert_eq!((labour.asked, labour.withdrawn, labour.overdue), (1, 1, 0));
    assert!(labour.adds_up());
}

#[test]
fn causes_are_counted_by_town_and_the_sealed_one_is_among_others() {
    let with = |code, cause: Option<Cause>| {
        let mut told = Told::opened(code, true, "2019-09-03 09:00");
        if let Some(cause) = cause {
            told.tell(at("2019-09-03 10:00"), "甲", What::CauseFound { cause }).unwrap();
        }
        told.case()
    };
    let cases = [
        with(VerdictCode::Dropout, Some(Cause::Work)),
        with(VerdictCode::Suspected, Some(Cause::Offence)),
        with(VerdictCode::Dropout, None),
        with(VerdictCode::Unverified, Some(Cause::Work)),
    ];
    let town = causes(&cases).remove(&place().town).unwrap();
    let counts: Vec<_> = town.into_iter().collect();
    assert_eq!(counts, [(None, 1), (Some(Cause::Work), 1), (Some(Cause::Other), 1)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Every thing asked has one outcome, in whatever order it is counted; nothing that climbed is forgotten.
    #[test]
    fn figures_add_up_in_any_order_and_nothing_late_is_lost(
        start in 0usize..10,
        tries in tries(),
        after in 0i64..100,
    ) {
        let told = play(start, &tries, 0);
        let now = told.clock + chrono::TimeDelta::days(after);
        let case = fold(CaseId(1), &told.events).unwrap();
        let charges = all(&told, now);
        let ids: BTreeSet<&DutyId> = charges.iter().map(|charge| &charge.id).collect();
        prop_assert_eq!(ids.len(), charges.len(), "nothing is asked twice");
        let figures = Figures::of(&charges, now);
        prop_assert!(figures.adds_up());
        prop_assert_eq!(usize::try_from(figures.asked).unwrap(), charges.len());
        prop_assert_eq!(&Figures::of(charges.iter().rev(), now), &figures);
        let parts = figures_by(&charges, |charge| charge.by.falls_to.clone(), now);
        let sum = |part: fn(&Figures) -> u32| parts.values().map(part).sum::<u32>();
        prop_assert_eq!(sum(|of| of.asked), figures.asked);
        prop_assert_eq!(sum(|of| of.open_late), figures.open_late);
        prop_assert!(parts.values().all(Figures::adds_up));
        // What goes on in the next episode is counted there.
        let relapsed = case.over.as_ref().is_some_and(|o| o.what == Over::Ended(Ending::Relapsed));
        let goes_on = |step: &str| relapsed && ["R1", "I1", "O1"].contains(&step);
        for climb in case.climbs.values() {
            let request = case.request(climb.duty.nth);
            let struck_out = climb.duty.step == "R1" && request.is_none();
            let is_told = struck_out || goes_on(&climb.duty.step) || ids.contains(&climb.duty);
            prop_assert!(is_told, "{:?}", climb.duty);
        }
        let mut department = DepartmentFigures::default();
        for charge in &charges {
            department.count(charge, now);
        }
        prop_assert!(department.adds_up());
        let requests = case.requests.iter().filter(|r| !relapsed || r.ended().is_some());
        prop_assert_eq!(usize::try_from(department.asked).unwrap(), requests.count());
        if case.over.is_some() {
            prop_assert_eq!((figures.open, figures.open_late), (0, 0));
        }
    }
}
