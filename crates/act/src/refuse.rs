//! What may happen in a case now. The right of an account to do it is asked elsewhere; here stand the facts and the law: what
//! the evidence must show first, who alone may issue a paper, and that dates are possible.

use chrono::NaiveDate;

use crate::plan::latest_next;
use crate::{
    Answer, Case, Draft, Event, Inspection, Item, Lack, Moment, Noted, PROGRAM, Paper, PaperKind,
    Plan, PlanReview, Reconsidered, Rules, Service, ServiceProof, Visit, What, fold, lacks,
    questions,
};
use baoxue_determine::Seat;

/// A leave is for a year at most, as a suspension is: clocks must not stand still for longer on one entry.
const LONGEST_LEAVE_DAYS: i64 = 366;

/// Why something may not happen in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The case is over.
    Over,
    /// A day that has not come.
    Future(NaiveDate),
    /// A day before the case was opened.
    BeforeCase(NaiveDate),
    /// A day before what it answers.
    BeforeIssue(NaiveDate),
    /// A period ends before it begins.
    Backwards,
    /// Measures are not done, and no day is set on which somebody looks again.
    NoNextDay,
    /// The plan must be looked at again by this day.
    LateLook(NaiveDate),
    /// A leave of more than a year.
    LongLeave,
    /// A paper of that kind is issued and not served yet.
    Unserved(PaperKind),
    /// Words are missing.
    Wordless,
    /// Nobody is named who went.
    NoVisitor,
    /// The evidence does not accuse, or is not confirmed by a second source, an inspection or a visit.
    Unconfirmed,
    /// Only a person may do that.
    NotTheProgram,
    /// By law the seat may not issue the paper.
    Issuer(PaperKind),
    /// The penalty form is locked: no local legal basis is configured.
    Locked,
    /// The determination must be confirmed first.
    Undetermined,
    /// The paper before it must be served and its day be over.
    TooEarly(PaperKind),
    /// There is no such paper, request, instruction or objection.
    Unknown,
    /// It is answered, served or done already.
    Done,
    /// The child's return is not registered.
    NotReturned,
    /// The school was shut on so many of these days.
    Attendance {
        /// Days stated.
        days: u16,
        /// School days of the period.
        of: usize,
    },
    /// Since the paper was drafted the child moved, or the evidence says something else.
    Stale,
    /// The day by which the paper wants something done was over when it was served.
    Expired(NaiveDate),
    /// Attendance of these days is recorded already.
    Overlap,
    /// Closing needs what is not there.
    Lacks(Vec<Lack>),
    /// Nobody has held the case ready to be closed.
    Unproposed,
    /// Whoever proposed the closing may not close.
    SamePerson,
    /// The file that proves it is not in the case: a scan of the answer, the order, the decision.
    Unproved,
    /// What the program recorded from evidence and clocks cannot be corrected by hand.
    Recorded,
}

/// Whether `what` may be recorded in the case by somebody at a moment. `events` are those of the case.
///
/// # Errors
/// [`Refusal`] with the reason.
#[expect(clippy::too_many_lines, reason = "one arm for each kind of event")]
pub fn check(
    (case, events): (&Case, &[Event]),
    what: &What,
    by: &str,
    rules: &Rules,
    now: Moment,
) -> Result<(), Refusal> {
    // What was served before the case ended may be told after, and a wrong paper can always be made void.
    if case.over.is_some() && !matches!(what, What::Served(_) | What::Voided { .. }) {
        return Err(Refusal::Over);
    }
    let possible = |on: NaiveDate| possible(case, on, now);
    match what {
        What::Opened(_) => Err(Refusal::Recorded),
        What::Judged(_)
        | What::Moved { .. }
        | What::Identified { .. }
        | What::Climbed(_)
        | What::Ended { .. } => {
            if by == PROGRAM {
                Ok(())
            } else {
                Err(Refusal::Recorded)
            }
        }
        What::Determined { code } => {
            let is_so = case.judged.what.code == *code && code.accuses();
            person(by)?;
            ensure(is_so && is_confirmed(case), Refusal::Unconfirmed)
        }
        What::OwnerNamed { owner: words }
        | What::HelperNamed { helper: words }
        | What::Noted { words } => worded(words),
        What::Reported { on } => possible(*on),
        What::Visited(visit) => visited(visit, case, now),
        What::CauseFound { .. } => Ok(()),
        What::Drafted(draft) => drafted(draft, case, by, rules, now),
        What::Issued(paper) => issued(paper, case, by, rules, now),
        What::Voided { paper, why } => {
            person(by)?;
            let paper = case.paper(*paper).ok_or(Refusal::Unknown)?;
            ensure(paper.stands(), Refusal::Done)?;
            worded(why)
        }
        What::Planned(plan) => planned(plan, case),
        What::PlanReviewed(review) => plan_reviewed(review, case, now),
        What::Attached(file) => worded(&file.words),
        What::Served(service) => served(service, case, now),
        What::LegalStep { on, words } => {
            possible(*on)?;
            ensure(case.determined.is_some(), Refusal::Undetermined)?;
            over(case, PaperKind::CorrectionOrder, now)?;
            // Papers of police and courts are on file, never made here.
            let since = case.legal.last().map_or(0, |step| step.no);
            let mut files = case.attached.iter().filter(|file| file.what.item == Item::Notices);
            ensure(files.any(|file| file.no > since), Refusal::Unproved)?;
            worded(words)
        }
        What::Asked(request) => {
            rules.task(&request.department, &request.task).ok_or(Refusal::Unknown)?;
            ensure(case.request(request.request).is_none(), Refusal::Done)
        }
        What::Answered { request, answer, words, .. } => {
            let request = case.request(*request).ok_or(Refusal::Unknown)?;
            ensure(request.ended().is_none(), Refusal::Done)?;
            if *answer == Answer::Accepted { Ok(()) } else { worded(words) }
        }
        What::RequestWithdrawn { request, why } => {
            person(by)?;
            let request = case.request(*request).ok_or(Refusal::Unknown)?;
            ensure(request.ended().is_none(), Refusal::Done)?;
            worded(why)
        }
        What::Instructed { instruction, words, .. } => {
            ensure(case.instruction(*instruction).is_none(), Refusal::Done)?;
            worded(words)
        }
        What::CarriedOut { instruction, words } => {
            let given = case.instruction(*instruction).ok_or(Refusal::Unknown)?;
            ensure(given.done.is_none(), Refusal::Done)?;
            worded(words)
        }
        What::Returned(back) => {
            possible(back.on)?;
            ensure(case.returned.is_none(), Refusal::Done)?;
            worded(&back.school)
        }
        What::Attended { from, to, days } => attended(case, (*from, *to, *days), rules, now),
        What::Checked { on, .. } => {
            possible(*on)?;
            let returned = case.returned.as_ref().ok_or(Refusal::NotReturned)?;
            ensure(*on >= returned.what.on, Refusal::BeforeIssue(*on))
        }
        What::TippedOff => person(by),
        What::Missed { since, words } => {
            ensure(*since <= now.date(), Refusal::Future(*since))?;
            person(by)?;
            worded(words)
        }
        What::Inspected(found) => {
            ensure(found.on <= now.date(), Refusal::Future(found.on))?;
            person(by)?;
            let known = |inspected: &Noted<Inspection>| inspected.what.finding == found.finding;
            ensure(!case.inspected.iter().any(known), Refusal::Done)
        }
        What::Reconsidered(answer) => reconsidered(answer, (case, events), by),
        What::Objected { words } => {
            ensure(case.open_objection().is_none(), Refusal::Done)?;
            worded(words)
        }
        What::ObjectionAnswered { words, .. } => {
            ensure(case.open_objection().is_some(), Refusal::Unknown)?;
            person(by)?;
            worded(words)
        }
        What::OnLeave { from, to } => {
            person(by)?;
            ensure(from <= to, Refusal::Backwards)?;
            ensure(*from >= case.opened.date(), Refusal::BeforeCase(*from))?;
            ensure((*to - *from).num_days() <= LONGEST_LEAVE_DAYS, Refusal::LongLeave)
        }
        What::TransferAsked { county } => {
            let waits = case.transfer.as_ref().is_some_and(|t| t.answered.is_none());
            ensure(!waits, Refusal::Done)?;
            worded(county)
        }
        What::TransferAnswered { accepted } => transfer_answered(*accepted, case, rules, by, now),
        What::Corrected { of, instead, why } => {
            worded(why)?;
            corrected(events, *of, instead.as_deref())?;
            // What is entered instead must be possible in a case where the wrong entry never was.
            let Some(instead) = instead else { return Ok(()) };
            let without = struck(events, *of, (by, now));
            let case = fold(case.id, &without).map_err(|_| Refusal::Recorded)?;
            check((&case, &without), instead, by, rules, now)
        }
        What::ClosingProposed => {
            person(by)?;
            complete(case, rules, now)
        }
        What::Closed => {
            person(by)?;
            let proposed = case.proposed.as_ref().ok_or(Refusal::Unproposed)?;
            ensure(!is_same_person(&proposed.by, by), Refusal::SamePerson)?;
            complete(case, rules, now)
        }
    }
}

/// Whether two independent sources, an inspection, or a visit that spoke to the family agree that the child is out of
/// school.
pub fn is_confirmed(case: &Case) -> bool {
    case.judged.what.confirmed || case.standing().any(|visit| visit.what.confirms())
}

/// Only what is asked is answered, and once.
fn reconsidered(
    answer: &Reconsidered,
    (case, events): (&Case, &[Event]),
    by: &str,
) -> Result<(), Refusal> {
    person(by)?;
    let pair = (answer.visit, answer.against);
    let known = |of: &Reconsidered| (of.visit, of.against) == pair;
    ensure(!case.reconsidered.iter().any(|of| known(&of.what)), Refusal::Done)?;
    let asked = questions(case, events);
    let asked = asked.iter().find(|asked| (asked.visit, asked.against) == pair);
    ensure(asked.is_some_and(|asked| asked.said == answer.said), Refusal::Unknown)
}

/// Whether two records may be of one person: they share a name or a sign-in name.
pub(crate) fn is_same_person(one: &str, other: &str) -> bool {
    one.split_whitespace().any(|word| other.split_whitespace().any(|known| known == word))
}

/// Another county has the child only when its answer is on file, a second person has seen it, and nobody waits for an answer of
/// this one.
fn transfer_answered(
    accepted: bool,
    case: &Case,
    rules: &Rules,
    by: &str,
    now: Moment,
) -> Result<(), Refusal> {
    person(by)?;
    let transfer = case.transfer.as_ref().ok_or(Refusal::Unknown)?;
    ensure(transfer.answered.is_none(), Refusal::Done)?;
    if !accepted {
        return Ok(());
    }
    ensure(!is_same_person(&transfer.asked.by, by), Refusal::SamePerson)?;
    let is_there = case.attached.iter().any(|file| file.no > transfer.asked.no);
    ensure(is_there, Refusal::Unproved)?;
    let mut waiting = lacks(case, &rules.timetable.proof, now);
    waiting
        .retain(|lack| matches!(lack, Lack::Objection | Lack::Requests(_) | Lack::Instructions(_)));
    ensure(waiting.is_empty(), Refusal::Lacks(waiting))
}

fn ensure(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal) }
}

fn person(by: &str) -> Result<(), Refusal> {
    ensure(by != PROGRAM && !by.trim().is_empty(), Refusal::NotTheProgram)
}

fn worded(words: &str) -> Result<(), Refusal> {
    ensure(!words.trim().is_empty(), Refusal::Wordless)
}

fn possible(case: &Case, on: NaiveDate, now: Moment) -> Result<(), Refusal> {
    ensure(on <= now.date(), Refusal::Future(on))?;
    ensure(on >= case.opened.date(), Refusal::BeforeCase(on))
}

fn visited(visit: &Visit, case: &Case, now: Moment) -> Result<(), Refusal> {
    possible(case, visit.on, now)?;
    ensure(
        visit.visitors.iter().any(|visitor| !visitor.name.trim().is_empty()),
        Refusal::NoVisitor,
    )?;
    let planned = [visit.promised, visit.next].into_iter().flatten();
    match planned.min() {
        Some(day) if day < visit.on => Err(Refusal::Backwards),
        Some(_) | None => worded(&visit.words),
    }
}

/// A paper may be drafted when it could be issued.
fn drafted(
    draft: &Draft,
    case: &Case,
    by: &str,
    rules: &Rules,
    now: Moment,
) -> Result<(), Refusal> {
    person(by)?;
    ensure(case.next_paper() == draft.paper, Refusal::Done)?;
    ensure(draft.until.is_none_or(|until| until > now.date()), Refusal::Backwards)?;
    may_stand((draft.kind, draft.issuer.seat), case, rules, now)
}

fn issued(paper: &Paper, case: &Case, by: &str, rules: &Rules, now: Moment) -> Result<(), Refusal> {
    person(by)?;
    possible(case, paper.on, now)?;
    ensure(case.paper(paper.paper).is_none(), Refusal::Done)?;
    let draft = case.open_drafts().find(|draft| draft.what.paper == paper.paper);
    let draft = draft.ok_or(Refusal::Unknown)?;
    let drafted = (draft.what.kind, &draft.what.issuer, draft.what.until);
    ensure(drafted == (paper.kind, &paper.issuer, paper.until), Refusal::Unknown)?;
    ensure(!case.is_stale(draft), Refusal::Stale)?;
    // Two people see every paper before it reaches a family or an office. A school's report has the principal's name on it
    // and goes to those who will look.
    let is_alone = is_same_person(&draft.by, by) && paper.kind != PaperKind::SchoolReport;
    ensure(!is_alone, Refusal::SamePerson)?;
    worded(&paper.number)?;
    ensure(paper.until.is_none_or(|until| until > paper.on), Refusal::Backwards)?;
    may_stand((paper.kind, paper.issuer.seat), case, rules, now)
}

/// Whether law and evidence let the paper be there now.
fn may_stand(
    (kind, issuer): (PaperKind, Seat),
    case: &Case,
    rules: &Rules,
    now: Moment,
) -> Result<(), Refusal> {
    ensure(may_issue(kind, issuer), Refusal::Issuer(kind))?;
    let mut unserved = case.notices().filter(|known| known.served.is_none());
    ensure(unserved.all(|known| known.issued.what.kind != kind), Refusal::Unserved(kind))?;
    match kind {
        PaperKind::EntryNotice | PaperKind::SchoolReport | PaperKind::Inquiry => Ok(()),
        PaperKind::ReturnNotice => stands(case, now),
        PaperKind::CorrectionOrder => {
            stands(case, now)?;
            over(case, PaperKind::ReturnNotice, now)
        }
        PaperKind::Penalty => {
            ensure(rules.penalty_basis.is_some(), Refusal::Locked)?;
            stands(case, now)?;
            over(case, PaperKind::CorrectionOrder, now)
        }
    }
}

/// The seats that may issue anything, the one that usually does first.
const ISSUERS: [Seat; 4] = [Seat::TownHead, Seat::BureauHead, Seat::Principal, Seat::CountyHead];

/// The papers that law and evidence let be drafted now, each with the seats that may issue it.
pub fn offered(case: &Case, rules: &Rules, now: Moment) -> Vec<(PaperKind, Vec<Seat>)> {
    if case.over.is_some() {
        return Vec::new();
    }
    let of = |kind: PaperKind| {
        let seats = ISSUERS.into_iter();
        let seats: Vec<Seat> =
            seats.filter(|seat| may_stand((kind, *seat), case, rules, now).is_ok()).collect();
        (!seats.is_empty()).then_some((kind, seats))
    };
    PaperKind::ALL.iter().filter_map(|kind| of(*kind)).collect()
}

fn planned(plan: &Plan, case: &Case) -> Result<(), Refusal> {
    worded(&plan.analysis)?;
    ensure(!plan.measures.is_empty(), Refusal::Wordless)?;
    let opened = case.opened.date();
    for measure in &plan.measures {
        worded(&measure.what)?;
        worded(&measure.who)?;
        ensure(measure.by >= opened, Refusal::BeforeCase(measure.by))?;
    }
    ensure(plan.review >= opened, Refusal::BeforeCase(plan.review))
}

/// Only what is planned is done, and what is not done has a day on which somebody looks again.
fn plan_reviewed(review: &PlanReview, case: &Case, now: Moment) -> Result<(), Refusal> {
    let plan = case.plan().ok_or(Refusal::Unknown)?;
    ensure(review.plan == plan.no, Refusal::Stale)?;
    let n = plan.what.measures.len();
    ensure(review.done.iter().all(|at| usize::from(*at) < n), Refusal::Unknown)?;
    worded(&review.words)?;
    match review.next {
        Some(next) => {
            ensure(next > now.date(), Refusal::Backwards)?;
            let latest = latest_next(&plan.what, &review.done, now.date());
            ensure(next <= latest, Refusal::LateLook(latest))
        }
        None => ensure(review.done.len() == n, Refusal::NoNextDay),
    }
}

/// A paper that accuses needs the determination of a named person, evidence that still stands, and no open objection; a child
/// that is back, or away with leave, is not accused.
fn stands(case: &Case, now: Moment) -> Result<(), Refusal> {
    let is_back = case.returned.is_some() && case.out_again.is_none();
    let today = now.date();
    let on_leave = case.leaves.iter().any(|leave| leave.what.0 <= today && today <= leave.what.1);
    ensure(!is_back && !on_leave, Refusal::Unconfirmed)?;
    ensure(case.determined.is_some(), Refusal::Undetermined)?;
    // Whoever confirmed one verdict has not confirmed another.
    let code = case.judged.what.code;
    let same = case.determined.as_ref().is_some_and(|determined| determined.what == code);
    let stands = same && code.accuses() && is_confirmed(case);
    ensure(stands && case.open_objection().is_none(), Refusal::Unconfirmed)
}

fn over(case: &Case, kind: PaperKind, now: Moment) -> Result<(), Refusal> {
    let is_over = case.term_over(kind).is_some_and(|end| end < now);
    ensure(is_over, Refusal::TooEarly(kind))
}

/// Who may issue a paper by law. A village and a school may not order anybody to do anything.
///
/// Source: Compulsory Education Law art. 13, 58; Law on the Protection of Minors art. 28, 83.
pub fn may_issue(kind: PaperKind, seat: Seat) -> bool {
    match kind {
        PaperKind::EntryNotice => matches!(seat, Seat::TownHead | Seat::Principal),
        PaperKind::ReturnNotice => seat == Seat::TownHead,
        PaperKind::CorrectionOrder => matches!(seat, Seat::TownHead | Seat::BureauHead),
        PaperKind::SchoolReport => seat == Seat::Principal,
        PaperKind::Inquiry => seat == Seat::BureauHead,
        PaperKind::Penalty => matches!(seat, Seat::CountyHead | Seat::BureauHead | Seat::TownHead),
    }
}

fn served(service: &Service, case: &Case, now: Moment) -> Result<(), Refusal> {
    possible(case, service.on, now)?;
    let mut papers = case.papers.iter();
    let paper =
        papers.find(|known| known.issued.what.paper == service.paper).ok_or(Refusal::Unknown)?;
    ensure(paper.served.is_none() && paper.stands(), Refusal::Done)?;
    ensure(service.on >= paper.issued.what.on, Refusal::BeforeIssue(service.on))?;
    // Whoever gets a paper must have time to do what it says.
    if let Some(until) = paper.issued.what.until.filter(|until| service.on >= *until) {
        return Err(Refusal::Expired(until));
    }
    worded(&service.by)?;
    let has = |key: &String| case.attached.iter().any(|file| file.what.key == *key);
    ensure(service.file.as_ref().is_none_or(has), Refusal::Unknown)?;
    match &service.proof {
        ServiceProof::Signed { receiver } => worded(receiver),
        ServiceProof::Photo { receiver, hash } => worded(receiver).and(worded(hash)),
        ServiceProof::Refused { words, witnesses } => {
            worded(words)?;
            let [first, second] = witnesses;
            ensure(first.trim() != second.trim(), Refusal::Wordless)?;
            worded(first).and(worded(second))
        }
        ServiceProof::Mailed { number } => worded(number),
    }
}

fn attended(
    case: &Case,
    (from, to, days): (NaiveDate, NaiveDate, u16),
    rules: &Rules,
    now: Moment,
) -> Result<(), Refusal> {
    possible(case, to, now)?;
    ensure(from <= to, Refusal::Backwards)?;
    let returned = case.returned.as_ref().ok_or(Refusal::NotReturned)?;
    ensure(from >= returned.what.on, Refusal::BeforeIssue(from))?;
    let overlaps = case.attended.iter().any(|known| known.what.from <= to && from <= known.what.to);
    ensure(!overlaps, Refusal::Overlap)?;
    let calendar = &rules.calendar;
    let counts = |day: &NaiveDate| {
        if calendar.has_lessons_from(from) {
            calendar.is_school(*day)
        } else {
            calendar.is_working(*day)
        }
    };
    let of = from.iter_days().take_while(|day| *day <= to).filter(counts).count();
    ensure(usize::from(days) <= of, Refusal::Attendance { days, of })
}

fn complete(case: &Case, rules: &Rules, now: Moment) -> Result<(), Refusal> {
    let lacks = lacks(case, &rules.timetable.proof, now);
    if lacks.is_empty() { Ok(()) } else { Err(Refusal::Lacks(lacks)) }
}

/// The events, with one struck out.
fn struck(events: &[Event], of: u32, (by, at): (&str, Moment)) -> Vec<Event> {
    let what = What::Corrected { of, instead: None, why: String::new() };
    let mut events = events.to_vec();
    events.push(Event { at, by: by.to_owned(), what });
    events
}

/// A correction may change what a person entered, into the same kind of thing, and nothing else: what legal papers, closings
/// and clocks stand on is undone by events of its own.
fn corrected(events: &[Event], of: u32, instead: Option<&What>) -> Result<(), Refusal> {
    let position = usize::try_from(of).map_err(|_| Refusal::Unknown)?;
    let event = events.get(position).ok_or(Refusal::Unknown)?;
    let may = event.by != PROGRAM && event.what.is_correctable();
    ensure(may, Refusal::Recorded)?;
    let same = |what: &What| std::mem::discriminant(what) == std::mem::discriminant(&event.what);
    ensure(instead.is_none_or(same), Refusal::Recorded)
}
