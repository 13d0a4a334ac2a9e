//! Five thousand open cases: folding their events, what they owe, and one look at the clock.
#![expect(missing_docs, reason = "criterion's macros make items without")]

use baoxue_act::{
    Calendar, Case, CaseId, Directory, Event, Found, Judged, Met, Opening, PROGRAM, Place, Rules,
    Trigger, Visit, Visitor, What, climbs, duties, fold,
};
use baoxue_claim::{ChildId, VerdictCode};
use chrono::{NaiveDate, TimeDelta};
use criterion::{Criterion, criterion_group, criterion_main};

const CASES: i64 = 5_000;

fn rules() -> Rules {
    let settings = baoxue_act::Settings::default();
    let calendar: Calendar = settings.calendar;
    let directory = Directory::default();
    let departments = settings.departments;
    Rules { timetable: settings.timetable, calendar, directory, departments, penalty_basis: None }
}

/// A case of that number with four weeks of events, and what has climbed by then.
fn events(n: i64, rules: &Rules) -> Vec<Event> {
    let day = NaiveDate::from_ymd_opt(2019, 8, 25).unwrap_or_default() + TimeDelta::days(n % 20);
    let start = day.and_time(chrono::NaiveTime::MIN) + TimeDelta::hours(9);
    let judged = Judged { code: VerdictCode::Dropout, confirmed: true, on: day };
    let place =
        Place { village: Some("东村".into()), school: Some("初中".into()), ..Place::default() };
    let (child, episode, trigger) = (ChildId(n), 1, Trigger::Verdict);
    let opening = Opening { child, episode, trigger, judged, place };
    let mut events = vec![Event { at: start, by: PROGRAM.into(), what: What::Opened(opening) }];
    for week in 1..=4 {
        let at = start + TimeDelta::weeks(week);
        let case = fold(CaseId(n), &events);
        let late = case.map(|case| climbs(&case, rules, at)).unwrap_or_default();
        let late = late.into_iter().map(What::Climbed);
        events.extend(late.map(|what| Event { at, by: PROGRAM.into(), what }));
        let visit = Visit {
            on: at.date(),
            visitors: vec![Visitor { name: "甲".into(), seat: None }],
            met: Met::Guardian,
            found: Found::AtHome,
            words: "已劝说".into(),
            promised: None,
            next: None,
            heard: baoxue_act::Heard::default(),
            employer: None,
        };
        events.push(Event { at, by: "甲".into(), what: What::Visited(visit) });
    }
    events
}

fn cases(c: &mut Criterion) {
    let rules = rules();
    let all: Vec<Vec<Event>> = (0..CASES).map(|n| events(n, &rules)).collect();
    let folded: Vec<Case> =
        all.iter().zip(0..).filter_map(|(events, n)| fold(CaseId(n), events).ok()).collect();
    let last = all.iter().flatten().map(|event| event.at).max().unwrap_or_default();
    let now = last + TimeDelta::days(1);
    let mut group = c.benchmark_group("5,000 cases");
    group.sample_size(10);
    group.bench_function("fold their events", |b| {
        b.iter(|| all.iter().zip(0..).filter_map(|(e, n)| fold(CaseId(n), e).ok()).count());
    });
    group.bench_function("what they owe", |b| {
        b.iter(|| folded.iter().map(|case| duties(case, &rules, now).len()).sum::<usize>());
    });
    group.bench_function("a look at the clock", |b| {
        b.iter(|| folded.iter().map(|case| climbs(case, &rules, now).len()).sum::<usize>());
    });
    group.finish();
}

criterion_group!(benches, cases);
criterion_main!(benches);
