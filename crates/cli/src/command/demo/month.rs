//! Moves the demonstration forward in time: what officials of the sample county do on open cases, day by day. Some work at
//! once, some late, some not at all, so that every state of a case can be seen. All of it goes the way of real work.

use baoxue_act::{
    Found, Met, Moment, PROGRAM, Return, ReturnForm, Stage, Visit, Visitor, What, end_of,
};
use baoxue_claim::Cause;
use baoxue_flow::cases::{self, CaseBook, CaseClock, CaseError, CaseFile};
use chrono::{Days, TimeDelta};

use crate::{failure::Failure, session::Session};

/// How the officials of a case work.
#[derive(Clone, Copy)]
enum Manner {
    /// They visit at once, and the child comes back.
    Prompt,
    /// They come late.
    Late,
    /// They find nobody at home, then the guardian.
    Unlucky,
    /// They do nothing: it climbs to the top.
    Idle,
}

/// What was played.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Played {
    /// Things recorded by people.
    pub(super) n_done: usize,
    /// Steps of ladders.
    pub(super) n_climbed: usize,
}

/// Plays so many days and leaves the clock of cases there.
pub(super) async fn play(session: &Session, days: u64) -> Result<Played, Failure> {
    let (store, county) = (&session.store, &session.county);
    let rules = cases::rules(store, county).await?;
    let mut book = CaseBook::load(store).await?;
    let first = CaseClock::of(store).await?.moment(session.now, &book);
    let mut played = Played::default();
    for day in 1..=days {
        let morning = first + Days::new(day);
        let passed = cases::pass(store, &book, &rules, morning).await?;
        played.n_climbed += passed.n_climbed;
        book.refresh(store).await?;
        let open: Vec<CaseFile> = book.open().cloned().collect();
        for file in open {
            let since = u64::try_from((morning - file.case.opened).num_days()).unwrap_or(0);
            for (hour, what) in doings(&file, since, morning) {
                let at = morning + TimeDelta::hours(hour);
                let done = (file.case.id, OFFICIAL, what);
                match cases::record(store, &book, &rules, done, at).await {
                    Ok(recorded) => {
                        played.n_done += 1;
                        played.n_climbed += recorded.n_climbed;
                    }
                    // What facts or law do not allow is not done in a demonstration either.
                    Err(CaseError::Refused(_) | CaseError::Unknown(_)) => continue,
                    Err(CaseError::Flow(error)) => return Err(error.into()),
                }
                book.refresh(store).await?;
            }
        }
    }
    let last = end_of((first + Days::new(days)).date()) - TimeDelta::hours(2);
    cases::set_clock(store, last, PROGRAM, session.now).await?;
    Ok(played)
}

/// Under whose name the demonstration records; no such person exists.
const OFFICIAL: &str = "演示人员";

/// What is done on a case on the day so many days after it was opened, with the hour after nine.
fn doings(file: &CaseFile, day: u64, morning: Moment) -> Vec<(i64, What)> {
    let case = &file.case;
    let on = morning.date();
    let visit = |met, found, words: &str| {
        What::Visited(Visit {
            on,
            visitors: vec![Visitor { name: "演示村干部".to_owned(), seat: None }],
            met,
            found,
            words: words.to_owned(),
            promised: None,
            next: None,
        })
    };
    let talked = || visit(Met::Guardian, Found::AtHome, "向监护人宣讲义务教育法，商量返校");
    let school = case.place.school.clone().unwrap_or_else(|| "就近学校".to_owned());
    let back = || {
        let form = ReturnForm::OtherClass;
        What::Returned(Return { on, school: school.clone(), class: None, form })
    };
    let determine = (1, What::Determined { code: case.judged.what.code });
    match (manner(file), day) {
        (Manner::Prompt, 1) => {
            vec![(0, What::OwnerNamed { owner: "演示包案人".to_owned() }), (2, talked())]
        }
        (Manner::Prompt, 2) => {
            vec![(0, What::CauseFound { cause: Cause::SchoolAverse }), determine]
        }
        (Manner::Prompt, 3) => vec![(0, What::Reported { on }), (2, talked())],
        (Manner::Prompt | Manner::Late, 6) | (Manner::Unlucky, 9 | 11) => vec![(2, talked())],
        (Manner::Prompt, 8) => vec![(0, back())],
        (Manner::Prompt, 16) => vec![(8, attended(file, morning))],
        (Manner::Prompt, 15 | 22 | 29) => vec![(3, What::Checked { on, present: true })],
        (Manner::Late, 12) => vec![(1, What::Reported { on }), determine],
        (Manner::Unlucky, 2 | 5) => vec![(2, visit(Met::Nobody, Found::NotFound, "家中无人"))],
        (Manner::Unlucky, 7) => {
            vec![(2, visit(Met::Guardian, Found::AtWork, "监护人称孩子随亲戚外出"))]
        }
        (Manner::Prompt | Manner::Late | Manner::Unlucky | Manner::Idle, _) => Vec::new(),
    }
}

/// Every week day since the return was attended.
fn attended(file: &CaseFile, morning: Moment) -> What {
    let to = morning.date();
    let from = file.case.returned.as_ref().map_or(to, |returned| returned.what.on);
    What::Attended { from, to, days: 5 }
}

/// Which manner a case has: by its number, so that a second demonstration plays the same.
fn manner(file: &CaseFile) -> Manner {
    if file.case.stage(1) == Stage::Closed {
        return Manner::Idle;
    }
    match file.case.id.0 % 4 {
        0 => Manner::Prompt,
        1 => Manner::Late,
        2 => Manner::Unlucky,
        _ => Manner::Idle,
    }
}
