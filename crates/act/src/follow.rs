//! What a new verdict does to the cases of a child, and what ends a case without a person.

use baoxue_claim::{ChildId, VerdictCode};
use chrono::NaiveDate;

use crate::{Case, Ending, Judged, Moment, Opening, Over, Place, Trigger, What};

/// What a run says of a child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The child.
    pub child: ChildId,
    /// The verdict.
    pub judged: Judged,
    /// Where it belongs.
    pub place: Place,
}

/// What follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Follow {
    /// Nothing.
    Nothing,
    /// A case is opened.
    Open(Opening),
    /// The open case hears of it.
    Append(Vec<What>),
}

/// Whether a verdict opens a case: an accusation, or a duty to verify.
pub const fn opens(code: VerdictCode) -> bool {
    code.accuses()
        || matches!(code, VerdictCode::Unverified | VerdictCode::Conflict | VerdictCode::Missing)
}

/// What a verdict does. `last` is the child's newest case; a child that another county took over is believed to be there for
/// `transferred_days`.
pub fn follow(last: Option<&Case>, seen: &Seen, transferred_days: u16) -> Follow {
    match last {
        Some(case) if case.over.is_none() => hear(case, seen),
        Some(_) | None if !opens(seen.judged.code) => Follow::Nothing,
        // Another county has the child: what is known of old does not bring it back, until the evidence should have followed.
        Some(case)
            if case.judged.what.code == seen.judged.code
                && is_transferred(case, seen.judged.on, transferred_days) =>
        {
            Follow::Nothing
        }
        last => Follow::Open(opening(last, seen, last.map_or(Trigger::Verdict, again))),
    }
}

/// The opening of a case of that child. `last` is its newest case.
pub fn opening(last: Option<&Case>, seen: &Seen, trigger: Trigger) -> Opening {
    Opening {
        child: seen.child,
        episode: last.map_or(1, next_number),
        trigger,
        judged: seen.judged,
        place: seen.place.clone(),
    }
}

/// A case that accused nobody was no time out of school.
fn next_number(case: &Case) -> u32 {
    case.episode + u32::from(case.accused.is_some())
}

fn is_transferred(case: &Case, on: NaiveDate, days: u16) -> bool {
    let over = case.over.as_ref().filter(|over| over.what == Over::Ended(Ending::Transferred));
    over.is_some_and(|over| (on - over.at.date()).num_days() <= i64::from(days))
}

/// A child that had been out of school, was back, and is out again.
fn again(case: &Case) -> Trigger {
    match &case.over {
        Some(over) if over.what == Over::Closed && case.returned.is_some() => {
            Trigger::Relapse { of: case.id }
        }
        _ => Trigger::Verdict,
    }
}

/// The same verdict said again is no event: a clock that each run could reset would never end.
fn hear(case: &Case, seen: &Seen) -> Follow {
    let known = case.judged.what;
    let is_new = (known.code, known.confirmed) != (seen.judged.code, seen.judged.confirmed);
    let mut what = Vec::new();
    if case.place != seen.place {
        what.push(What::Moved { place: seen.place.clone() });
    }
    if is_new {
        what.push(What::Judged(seen.judged));
    }
    if what.is_empty() { Follow::Nothing } else { Follow::Append(what) }
}

/// How the evidence ends the case, if it does.
pub fn ending(case: &Case) -> Option<Ending> {
    if case.over.is_some() {
        return None;
    }
    let transfer = case.transfer.as_ref().and_then(|transfer| transfer.answered.as_ref());
    if transfer.is_some_and(|answer| answer.what) {
        return Some(Ending::Transferred);
    }
    if has_relapsed(case) {
        return Some(Ending::Relapsed);
    }
    let code = case.judged.what.code;
    let is_accounted_for = code.clears() || code == VerdictCode::OverageIncomplete;
    // What somebody noticed is answered by who saw or learned that the child is in school; anything else is for two people.
    let asked = case.tips.iter().map(|tip| tip.at);
    let asked = asked.chain(case.missed.iter().map(|missed| missed.at));
    let asked = asked.chain(case.inspected_out().map(|found| found.at));
    let asked = asked.max().or_else(|| must_be_looked_at(case).then_some(case.opened));
    let last = case.visits.iter().rfind(|visit| visit.what.met.is_attempt());
    let is_answered = asked.is_none_or(|asked| {
        last.is_some_and(|visit| {
            visit.at >= asked && visit.what.found.is_in_school() && case.holds(visit)
        })
    });
    // Files that say it is in school do not answer a visit that saw it at home or at work, nor one that somebody stands by; a
    // visit that was taken back is for two people.
    let contradicted = case.visits.iter().any(|visit| visit.what.confirms())
        || case.disputes().any(|settled| settled.is_none());
    let verified = case.accused.is_none()
        && case.returned.is_none()
        && is_accounted_for
        && is_answered
        && !contradicted
        && case.requests.iter().all(|request| request.ended().is_some())
        && case.instructions.iter().all(|given| given.done.is_some())
        && case.open_objection().is_none();
    verified.then_some(Ending::Verified)
}

/// Whether files alone do not answer what opened the case: somebody has said more than they do.
pub(crate) fn must_be_looked_at(case: &Case) -> bool {
    match case.trigger {
        Trigger::Verdict => !case.missed.is_empty() || case.inspected_out().next().is_some(),
        Trigger::Absence { .. }
        | Trigger::Inspection
        | Trigger::TipOff
        | Trigger::Relapse { .. } => true,
    }
}

/// When somebody first spoke to the child or its guardian since it was missed, or found out of school by an inspection, last. What
/// was taken back is no look.
pub(crate) fn looked_at(case: &Case) -> Option<Moment> {
    let missed = case.missed.last().map(|missed| missed.at);
    let since = missed.max(case.inspected_out().last().map(|found| found.at));
    let attempts = case.standing().filter(|visit| visit.what.met.is_attempt());
    attempts.map(|visit| visit.at).find(|at| since.is_none_or(|since| *at >= since))
}

/// Whether the child was back and is out again: a check did not find it on a day without leave, or newer evidence says so.
fn has_relapsed(case: &Case) -> bool {
    let on_leave =
        |on: NaiveDate| case.leaves.iter().any(|leave| leave.what.0 <= on && on <= leave.what.1);
    let missed = case.checks.last().is_some_and(|check| !check.what.1 && !on_leave(check.what.0));
    case.returned.is_some() && (missed || case.out_again.is_some())
}

/// The opening of the episode that follows a relapse.
pub fn next_episode(case: &Case) -> Opening {
    Opening {
        child: case.child,
        episode: next_number(case),
        trigger: Trigger::Relapse { of: case.id },
        judged: case.judged.what,
        place: case.place.clone(),
    }
}
