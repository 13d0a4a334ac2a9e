//! Properties of any history of a case: whatever people do, in whatever order, and however the machine's clock jumps.

use std::collections::{BTreeMap, BTreeSet};

use baoxue_act::{
    Answer, Attachment, CHAIN, Case, CaseId, Climb, Directory, Draft, Event, Found, Inspection,
    Item, Judged, Measure, MeasureKind, Met, Moment, PROGRAM, Paper, PaperKind, Place, Plan, Post,
    Reconsidered, Request, Return, ReturnForm, Said, Seated, Service, ServiceProof, Stage, What,
    duties, fold, next, questions,
};
use baoxue_claim::VerdictCode;
use baoxue_determine::Seat;
use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;

use crate::common::{Told, at, day, place, rules, visit};

const CODES: [VerdictCode; 7] = [
    VerdictCode::Suspected,
    VerdictCode::Dropout,
    VerdictCode::NeverEnrolled,
    VerdictCode::Unverified,
    VerdictCode::Conflict,
    VerdictCode::EnrolledLocal,
    VerdictCode::Suspended,
];

/// One thing somebody tries: after how many hours, what, and a number that the thing makes of it what it needs.
pub(crate) type Try = (i64, u8, u32);

pub(crate) fn tries() -> impl Strategy<Value = Vec<Try>> {
    let hours = prop_oneof![
        8 => 0i64..200,
        1 => Just(-72i64),
        1 => Just(72i64),
        1 => Just(400 * 24i64),
        1 => Just(-400 * 24i64),
    ];
    prop::collection::vec((hours, 0u8..34, any::<u32>()), 0..25)
}

/// What is tried; the day is that of the machine.
#[expect(clippy::too_many_lines, reason = "one arm for each kind of event")]
fn attempt(told: &Told, now: Moment, (_, kind, n): Try) -> (&'static str, What) {
    let case = told.case();
    let on = now.date();
    let text = on.to_string();
    let by = ["甲", "乙", PROGRAM][usize::try_from(n % 3).unwrap()];
    let code = CODES[usize::try_from(n).unwrap() % CODES.len()];
    let words = || "说明".to_owned();
    let number = case.papers.last().map_or(0, |paper| paper.issued.what.paper);
    // A draft first, then the paper of it.
    let paper = |kind, seat| {
        if let Some(draft) = case.open_drafts().find(|draft| draft.what.kind == kind) {
            let Draft { paper, issuer, until, .. } = draft.what.clone();
            let (number, hash, code) = (words(), String::new(), String::new());
            return What::Issued(Paper { paper, kind, number, issuer, on, until, hash, code });
        }
        let until = Some(on + TimeDelta::days(i64::from(n % 9) + 1));
        let (issuer, fields) = (case.place.holder(seat), BTreeMap::new());
        What::Drafted(Draft { paper: case.next_paper(), kind, issuer, until, fields })
    };
    let what = match kind {
        0 | 1 => {
            return (PROGRAM, What::Judged(Judged { code, confirmed: n.is_multiple_of(2), on }));
        }
        2 => What::Determined { code },
        3 => visit(
            &text,
            Met::ALL[usize::try_from(n).unwrap() % 5],
            Found::ALL[usize::try_from(n / 5).unwrap() % 7],
        ),
        4 => visit(&text, Met::Guardian, Found::AtHome),
        5 => paper(
            PaperKind::ReturnNotice,
            if n.is_multiple_of(3) { Seat::Principal } else { Seat::TownHead },
        ),
        6 => paper(
            PaperKind::CorrectionOrder,
            if n.is_multiple_of(3) { Seat::VillageHead } else { Seat::BureauHead },
        ),
        7 => {
            let proof = ServiceProof::Signed { receiver: words() };
            What::Served(Service { paper: number, on, by: words(), proof, file: None })
        }
        8 => {
            let (school, form) = (words(), ReturnForm::OtherClass);
            What::Returned(Return { on, school, class: None, form })
        }
        9 => What::Attended {
            from: on - TimeDelta::days(6),
            to: on,
            days: u16::try_from(n % 6).unwrap(),
        },
        10 => What::Checked { on, present: !n.is_multiple_of(5) },
        11 => What::Objected { words: words() },
        12 => What::ObjectionAnswered { upheld: n.is_multiple_of(2), words: words() },
        13 => What::OnLeave { from: on, to: on + TimeDelta::days(i64::from(n % 40)) },
        14 => {
            let request = u32::try_from(case.requests.len()).unwrap() + 1;
            let (department, task) = ("labour".to_owned(), "child_at_work".to_owned());
            let within = "3 working_days".parse().unwrap();
            What::Asked(Request { request, department, task, within, words: words() })
        }
        15 => {
            let request = u32::try_from(case.requests.len()).unwrap();
            let answer = Answer::ALL[usize::try_from(n).unwrap() % 3];
            What::Answered { request, answer, words: words(), found: None }
        }
        16 => What::Corrected { of: of_a_person(told, n), instead: None, why: words() },
        17 => What::ClosingProposed,
        18 => What::Closed,
        19 => {
            let finding = i64::from(n % 4);
            What::Inspected(Inspection { finding, on, out: !n.is_multiple_of(3), words: words() })
        }
        20 => {
            let asked = questions(&case, &told.events).into_iter().next();
            let (visit, against, said) = asked
                .map_or((1, 1, Said::InSchool), |asked| (asked.visit, asked.against, asked.said));
            What::Reconsidered(Reconsidered { visit, against, said, holds: n.is_multiple_of(2) })
        }
        21 => What::Reported { on },
        22 => return (PROGRAM, What::Moved { place: elsewhere(n) }),
        _ => of_others(&case, on, (kind, n)),
    };
    (by, what)
}

/// What voices from outside, leaders, other counties, departments and courts tell, and what is taken back.
fn of_others(case: &Case, on: NaiveDate, (kind, n): (u8, u32)) -> What {
    let words = || "说明".to_owned();
    let county = || "某县".to_owned();
    let at = usize::try_from(n).unwrap();
    let instruction = case.instructions.iter().map(|given| given.instruction).max().unwrap_or(0);
    match kind {
        23 => What::TippedOff,
        24 => What::Missed { since: on - TimeDelta::days(i64::from(n % 9)), words: words() },
        25 => What::Instructed {
            instruction: instruction + 1,
            to: case.place.holder(CHAIN[at % CHAIN.len()]),
            words: words(),
            within: "3 working_days".parse().unwrap(),
        },
        26 => What::CarriedOut { instruction, words: words() },
        27 => What::TransferAsked { county: county() },
        28 => What::TransferAnswered { accepted: n.is_multiple_of(2) },
        29 => {
            let request = u32::try_from(case.requests.len()).unwrap();
            What::RequestWithdrawn { request, why: words() }
        }
        30 => {
            let paper = case.papers.last().map_or(0, |paper| paper.issued.what.paper);
            What::Voided { paper, why: words() }
        }
        31 => What::Planned(plan(on)),
        32 => What::LegalStep { on, words: words() },
        // The scan without which no legal step and no other county's acceptance is recorded.
        _ => What::Attached(Attachment {
            key: n.to_string(),
            item: Item::Notices,
            words: words(),
            hash: String::new(),
            media: "application/pdf".to_owned(),
        }),
    }
}

fn plan(on: NaiveDate) -> Plan {
    let by = on + TimeDelta::days(14);
    let kind = MeasureKind::Quality;
    let measure = Measure { kind, what: "补习".to_owned(), who: "甲".to_owned(), by };
    Plan { analysis: "跟不上".to_owned(), measures: vec![measure], review: by }
}

/// Where a child belongs after a move: back, in another village, in no school, in another town.
fn elsewhere(n: u32) -> Place {
    match n % 4 {
        0 => place(),
        1 => Place { village: Some("西村".into()), ..place() },
        2 => Place { school: None, class: None, ..place() },
        _ => {
            let town = Some("610902115".parse().unwrap());
            Place { town, village: Some("北村".into()), ..place() }
        }
    }
}

/// A directory in which all seats are filled, or the village's, or those of town and school, are empty after some days.
fn directory(start: usize) -> Directory {
    let empty: &[Seat] = match start % 3 {
        0 => &[],
        1 => &[Seat::VillageHead],
        _ => &[Seat::TownHead, Seat::Principal],
    };
    let known = rules().directory;
    let posts = known.posts().cloned().map(|post| {
        let to = empty.contains(&post.holder.seat).then(|| day("2019-09-05"));
        Post { to, ..post }
    });
    Directory::new(posts)
}

/// Some event that a person recorded: how many the program recorded between them depends on when the clock was looked at.
fn of_a_person(told: &Told, n: u32) -> u32 {
    let people: Vec<u32> = (0u32..)
        .zip(&told.events)
        .filter(|(_, event)| event.by != PROGRAM)
        .map(|(at, _)| at)
        .collect();
    let at = usize::try_from(n).unwrap() % people.len().max(1);
    people.get(at).copied().unwrap_or(0)
}

/// Plays a history; `passes` says how often the clock is looked at between two things.
pub(crate) fn play(start: usize, tries: &[Try], passes: u8) -> Told {
    let first = CODES[start % 5];
    let mut told = Told::opened(first, start.is_multiple_of(2), "2019-08-30 09:00");
    told.rules.directory = directory(start);
    let mut now = at("2019-08-30 09:00");
    for tried in tries {
        let before = now;
        now += TimeDelta::hours(tried.0);
        for pass in 1..=passes {
            let part = (now - before) * i32::from(pass) / i32::from(passes + 1);
            told.pass(before + part);
        }
        let (by, what) = attempt(&told, now.max(told.clock), *tried);
        let _refused_or_not = told.tell(now, by, what);
    }
    told.pass(now + TimeDelta::days(400));
    told
}

fn climbed(events: &[Event]) -> Vec<Climb> {
    let climbs = events.iter().filter_map(|event| {
        let What::Climbed(climb) = &event.what else { return None };
        Some(climb.clone())
    });
    climbs.collect()
}

/// What an event says the evidence is.
fn judged_by(event: &Event) -> Option<Judged> {
    if let What::Judged(judged) = &event.what {
        return Some(*judged);
    }
    let What::Opened(opening) = &event.what else { return None };
    Some(opening.judged)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// However often the clock is looked at, and however it jumps, each step of the ladder comes once and none is lost.
    #[test]
    fn t84_no_escalation_is_lost_or_doubled(start in 0usize..10, tries in tries(), passes in 1u8..4) {
        let rarely = climbed(&play(start, &tries, 0).events);
        let often = climbed(&play(start, &tries, passes).events);
        let set: BTreeSet<&Climb> = rarely.iter().collect();
        prop_assert_eq!(set.len(), rarely.len());
        let other: BTreeSet<&Climb> = often.iter().collect();
        prop_assert_eq!(other.len(), often.len());
        prop_assert_eq!(set, other);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_open_case_has_one_owner_and_one_next_date(start in 0usize..10, tries in tries()) {
        let told = play(start, &tries, 0);
        for n in 1..=told.events.len() {
            let case = fold(CaseId(1), &told.events[..n]).unwrap();
            let found = duties(&case, &told.rules, case.last);
            let next = next(&found);
            if case.over.is_some() {
                prop_assert!(next.is_none(), "{:?}", next.map(|duty| &duty.id));
            } else {
                let next = next.expect("an open case without a duty");
                prop_assert!(next.due.moment().is_some(), "{:?}", next.id);
                let owner = told.rules.directory.seated(&next.by.falls_to, case.last.date());
                prop_assert!(owner != Seated::Vacant, "nobody sees to {:?}", next.id);
            }
        }
    }

    /// No accusation and no legal paper without evidence of two sources, an inspection or a visit, and a named person (T-53).
    #[test]
    fn t53_nobody_is_accused_by_one_click(start in 0usize..10, tries in tries()) {
        let told = play(start, &tries, 0);
        for (n, event) in told.events.iter().enumerate() {
            let before = &told.events[..n];
            let is_paper = matches!(
                &event.what,
                What::Issued(paper) if paper.kind != PaperKind::EntryNotice
            );
            if !is_paper && !matches!(event.what, What::Determined { .. }) {
                continue;
            }
            prop_assert!(event.by != PROGRAM);
            let judged: Vec<Judged> = before.iter().filter_map(judged_by).collect();
            let accused = judged.iter().any(|judged| judged.code.accuses());
            let seen = |event: &Event| matches!(&event.what, What::Visited(v) if v.confirms());
            let confirmed = judged.iter().any(|judged| judged.confirmed) || before.iter().any(seen);
            prop_assert!(accused && confirmed);
            if let What::Issued(paper) = &event.what {
                let drafted = |e: &&Event| {
                    matches!(&e.what, What::Drafted(draft) if draft.paper == paper.paper)
                };
                let draft = before.iter().rfind(drafted).expect("a paper without a draft");
                prop_assert!(draft.by != event.by);
            }
            if is_paper {
                let determined = |e: &Event| matches!(e.what, What::Determined { .. });
                prop_assert!(before.iter().any(determined));
            }
        }
    }

    /// A state does not depend on how its events were cut into batches, nor does an event change what was before.
    #[test]
    fn replay_gives_the_same_state(start in 0usize..10, tries in tries(), cut in any::<prop::sample::Index>()) {
        let told = play(start, &tries, 1);
        let cut = cut.index(told.events.len());
        let (first, rest) = told.events.split_at(cut);
        let text = serde_json::to_string(first).unwrap();
        let mut again: Vec<Event> = serde_json::from_str(&text).unwrap();
        again.extend(rest.iter().cloned());
        prop_assert_eq!(fold(CaseId(1), &again), fold(CaseId(1), &told.events));
    }

    /// Nobody closes alone, and no case that was closed goes on.
    #[test]
    fn closing_takes_two_and_ends_it(start in 0usize..10, tries in tries()) {
        let told = play(start, &tries, 0);
        let Some(at) = told.events.iter().position(|e| e.what == What::Closed) else {
            return Ok(());
        };
        // What was served before may be told after, and a wrong paper made void: nothing else.
        let is_told = |e: &Event| matches!(e.what, What::Served(_) | What::Voided { .. });
        prop_assert!(told.events[at + 1..].iter().all(is_told));
        let before = &told.events[..at];
        let proposed = before.iter().rfind(|e| e.what == What::ClosingProposed).unwrap();
        prop_assert!(proposed.by != told.events[at].by);
        let stage = fold(CaseId(1), before).unwrap().stage(5);
        prop_assert!(stage != Stage::Closed);
    }
}
