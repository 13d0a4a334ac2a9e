//! What a case tells, and to whom: what is owed, the day before it is due, and each rung once.

use std::collections::BTreeSet;

use baoxue_act::{DutyId, Found, Matter, Met, Tell, duties, tells};
use baoxue_claim::VerdictCode;

use crate::common::{Told, at, visit};

fn told(case: &Told, now: &str) -> Vec<Tell> {
    tells(&case.case(), &case.rules, at(now))
}

fn of(tells: &[Tell], matter: Matter) -> BTreeSet<DutyId> {
    let of = tells.iter().filter(|tell| tell.matter == matter);
    of.map(|tell| tell.duty.clone()).collect()
}

#[test]
fn each_duty_that_is_owed_is_told_to_the_seat_to_which_it_falls() {
    let case = Told::opened(VerdictCode::Dropout, true, "2019-09-03 09:00");
    let now = "2019-09-03 10:00";
    let owed = duties(&case.case(), &case.rules, at(now));
    let owed = owed.into_iter().filter(|duty| duty.done.is_none());
    let expected: BTreeSet<_> = owed.map(|duty| (duty.id, duty.by.falls_to)).collect();
    let tells = told(&case, now);
    let assigned = tells.iter().filter(|tell| tell.matter == Matter::Assigned);
    let assigned: BTreeSet<_> = assigned.map(|tell| (tell.duty.clone(), tell.to.clone())).collect();
    assert!(!expected.is_empty());
    assert_eq!(assigned, expected);
}

#[test]
fn a_duty_is_told_of_on_the_day_before_and_on_its_day_and_not_when_it_is_late() {
    let case = Told::opened(VerdictCode::Dropout, true, "2019-09-03 09:00");
    let first = told(&case, "2019-09-03 10:00");
    let far = first.iter().filter(|tell| tell.matter == Matter::Assigned).max_by_key(|t| t.due);
    let (duty, due) = (far.unwrap().duty.clone(), far.unwrap().due.unwrap());
    assert!((due.date() - at("2019-09-03 10:00").date()).num_days() > 2, "{due}");
    for (days, expected) in [(-2, false), (-1, true), (0, true), (1, false)] {
        let now = (due.date() + chrono::TimeDelta::days(days)).and_hms_opt(10, 0, 0).unwrap();
        let tells = tells(&case.case(), &case.rules, now);
        assert_eq!(of(&tells, Matter::Due).contains(&duty), expected, "{days} days");
    }
}

#[test]
fn a_late_duty_tells_each_rung_that_was_climbed_until_it_is_done() {
    let mut case = Told::opened(VerdictCode::Dropout, true, "2019-09-03 09:00");
    case.pass(at("2019-09-30 10:00"));
    let tells = told(&case, "2019-09-30 10:00");
    let climbed = tells.iter().filter(|tell| matches!(tell.matter, Matter::Climbed(_)));
    let recorded = case.case().climbs;
    let mut n = 0;
    for tell in climbed {
        let Matter::Climbed(rung) = tell.matter else { continue };
        assert_eq!(recorded[&(tell.duty.clone(), rung)].to, tell.to);
        n += 1;
    }
    assert!(n > 1, "{n}");
    let seen = visit("2019-09-30", Met::Both, Found::AtHome);
    case.tell(at("2019-09-30 11:00"), "甲", seen).unwrap();
    let left = told(&case, "2019-09-30 12:00");
    assert!(left.len() < tells.len(), "what is done is told no more");
}
