//! Where a case stands, told by its events alone.

mod accused;

pub use accused::Span;

use std::collections::{BTreeMap, BTreeSet};

use baoxue_claim::{Cause, ChildId, VerdictCode};
use chrono::{Days, NaiveDate, NaiveTime};

use crate::{
    Answer, Attachment, CaseId, Climb, Draft, DutyId, Ending, Event, Holder, Inspection, Judged,
    Moment, Opening, Paper, PaperKind, Pause, Place, Plan, PlanReview, Reconsidered, Request,
    Return, Said, Service, Term, Trigger, Visit, What, clock::end_of, event::words,
};

/// Checks after a return count when so many days lie between them: they are weekly, and a week has its holidays.
const DAYS_BETWEEN_CHECKS: u64 = 5;

/// A stage of a case. Nobody sets it: evidence moves it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 发现: something says that the child is out of school, or nobody knows.
    Found,
    /// 认定: somebody with the right to do so has confirmed the evidence.
    Determined,
    /// 劝返: the child or its guardian was spoken to, or a paper served.
    Persuading,
    /// 返校: the child is back, not yet proved.
    Returned,
    /// 巩固: it attended for long enough to count as back.
    Settling,
    /// 销号: the case is over.
    Closed,
}

words!(Stage {
    Found = "发现", "found";
    Determined = "认定", "determined";
    Persuading = "劝返", "persuading";
    Returned = "返校", "returned";
    Settling = "巩固", "settling";
    Closed = "销号", "closed";
});

/// Something with the moment at which it was recorded and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted<T> {
    /// Its number among the events of the case, steps of ladders not counted: it stays when others are struck out, and does
    /// not depend on when the clock was looked at.
    pub no: u32,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: String,
    /// What.
    pub what: T,
}

/// A paper and what proves that it was served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperState {
    /// The paper.
    pub issued: Noted<Paper>,
    /// How it was served.
    pub served: Option<Noted<Service>>,
    /// Why it is void, if it is.
    pub voided: Option<Noted<String>>,
    /// The answer to an objection that was right: it takes back what was asked of the family before.
    pub overruled: Option<Noted<String>>,
}

impl PaperState {
    /// Whether it is in force.
    pub const fn stands(&self) -> bool {
        self.voided.is_none() && self.overruled.is_none()
    }
}

/// A request to a department and its answers, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestState {
    /// The request.
    pub asked: Noted<Request>,
    /// The answers.
    pub answers: Vec<Noted<(Answer, String)>>,
    /// Why it was withdrawn before it was answered, when it was.
    pub withdrawn: Option<Noted<String>>,
}

impl RequestState {
    /// When it was done or sent back.
    pub fn done(&self) -> Option<Moment> {
        let ends = self.answers.iter().find(|answer| answer.what.0 != Answer::Accepted);
        ends.map(|answer| answer.at)
    }

    /// When it was done, sent back or withdrawn: from then on nobody owes an answer.
    pub fn ended(&self) -> Option<Moment> {
        self.done().or_else(|| self.withdrawn.as_ref().map(|withdrawn| withdrawn.at))
    }
}

/// An instruction of a leader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstructionState {
    /// Its number.
    pub instruction: u32,
    /// To whom.
    pub to: Holder,
    /// What; when and by whom.
    pub given: Noted<String>,
    /// Within which time.
    pub within: Term,
    /// How it was carried out.
    pub done: Option<Noted<String>>,
}

/// An objection of the guardian.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectionState {
    /// The words.
    pub raised: Noted<String>,
    /// Whether it was upheld, and the answer.
    pub answered: Option<Noted<(bool, String)>>,
}

/// A transfer to another county.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferState {
    /// Which county was asked.
    pub asked: Noted<String>,
    /// Whether it takes the child over.
    pub answered: Option<Noted<bool>>,
}

/// School days attended after a return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attendance {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// School days on which the child was there.
    pub days: u16,
}

/// How a case is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Closed by a second person.
    Closed,
    /// Ended by the evidence.
    Ended(Ending),
}

/// A case as its events leave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The child.
    pub child: ChildId,
    /// Which time the child is out of school, from 1.
    pub episode: u32,
    /// What opened it.
    pub trigger: Trigger,
    /// When it was opened.
    pub opened: Moment,
    /// Where the child belongs.
    pub place: Place,
    /// What the evidence says now, and since when.
    pub judged: Noted<Judged>,
    /// Since when the evidence says, or said, that the child is out of school.
    pub accused: Option<Moment>,
    /// The times in which it says so, in order: a lawful ground or a return ends one.
    pub accusals: Vec<Span>,
    /// Since when the evidence for that is confirmed.
    pub confirmed: Option<Moment>,
    /// The times in which the police say that nobody knows where the child is.
    pub missing: Vec<Span>,
    /// Who confirmed the determination that stands.
    pub determined: Option<Noted<VerdictCode>>,
    /// All determinations, also those that evidence or an objection undid.
    pub determinations: Vec<Noted<VerdictCode>>,
    /// When a determination that was undone was needed again.
    pub undone: Vec<(Moment, u32)>,
    /// Whether the last determination was undone, and nothing accuses the child yet.
    pub lapsed: bool,
    /// Where the child belonged before, each with the moment until which.
    pub former: Vec<(Moment, Place)>,
    /// Who looks after the case.
    pub owner: Option<Noted<String>>,
    /// Who helps the child and its family.
    pub helper: Option<Noted<String>>,
    /// The school's written report.
    pub reported: Option<Noted<NaiveDate>>,
    /// Visits, in the order of recording.
    pub visits: Vec<Noted<Visit>>,
    /// The cause.
    pub cause: Option<Noted<Cause>>,
    /// Drafts of papers, in the order of recording.
    pub drafts: Vec<Noted<Draft>>,
    /// Papers that were issued, in that order.
    pub papers: Vec<PaperState>,
    /// The plans for the child, each in the place of the one before.
    pub plans: Vec<Noted<Plan>>,
    /// What was found when they were looked at again.
    pub plan_reviews: Vec<Noted<PlanReview>>,
    /// Files.
    pub attached: Vec<Noted<Attachment>>,
    /// Steps before courts and bodies outside.
    pub legal: Vec<Noted<(NaiveDate, String)>>,
    /// Requests to departments.
    pub requests: Vec<RequestState>,
    /// Instructions of leaders.
    pub instructions: Vec<InstructionState>,
    /// Since when the evidence says that the child, once out, is in a school of the county.
    pub seen_back: Option<Noted<()>>,
    /// Since when newer evidence says that it is out again after its return.
    pub out_again: Option<Moment>,
    /// Its return.
    pub returned: Option<Noted<Return>>,
    /// What it attended after.
    pub attended: Vec<Noted<Attendance>>,
    /// Checks after the return: the day, and whether it was there.
    pub checks: Vec<Noted<(NaiveDate, bool)>>,
    /// Tip-offs that came while the case was open.
    pub tips: Vec<Noted<()>>,
    /// Absences that the school told of while the case was open: the first day.
    pub missed: Vec<Noted<NaiveDate>>,
    /// What inspections found, as far as the case was told of it.
    pub inspected: Vec<Noted<Inspection>>,
    /// Whether visits that others contradict still hold, as whoever recorded them says.
    pub reconsidered: Vec<Noted<Reconsidered>>,
    /// The answers among them, by their numbers, of which the visit or the other statement was struck out since.
    pub moot: BTreeSet<u32>,
    /// Objections.
    pub objections: Vec<ObjectionState>,
    /// Approved leave.
    pub leaves: Vec<Noted<(NaiveDate, NaiveDate)>>,
    /// Transfer to another county.
    pub transfer: Option<TransferState>,
    /// Steps of the ladder that were taken.
    pub climbs: BTreeMap<(DutyId, u8), Climb>,
    /// Who holds it ready to be closed.
    pub proposed: Option<Noted<()>>,
    /// How it is over.
    pub over: Option<Noted<Over>>,
    /// The last moment of all its events: later ones are never recorded earlier.
    pub last: Moment,
}

/// The events are no case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the events of case {} do not begin with its opening", .0.0)]
pub struct NoCase(pub CaseId);

/// The case that the events make, in the order in which they were recorded.
///
/// # Errors
/// [`NoCase`] when the first event does not open a case.
pub fn fold(id: CaseId, events: &[Event]) -> Result<Case, NoCase> {
    let corrected = corrections(events);
    let Some((first, rest)) = corrected.split_first() else { return Err(NoCase(id)) };
    let What::Opened(opening) = first.what else { return Err(NoCase(id)) };
    let mut case = Case::begun(id, first, opening);
    for event in rest {
        case.apply(event);
    }
    case.moot = moot(&case, &corrected);
    case.last = events.iter().map(|event| event.at).max().unwrap_or(case.last);
    Ok(case)
}

/// The answers of which one of the two statements is not among the events any more.
fn moot(case: &Case, told: &[Effective<'_>]) -> BTreeSet<u32> {
    let is_told = |no: u32| {
        // A step of a ladder has the number of the event after it.
        told.iter().any(|event| event.no == no && !matches!(event.what, What::Climbed(_)))
    };
    let moot = case.reconsidered.iter();
    let moot = moot.filter(|of| !is_told(of.what.visit) || !is_told(of.what.against));
    moot.map(|answer| answer.no).collect()
}

/// An event as the last correction leaves it. When and by whom it was recorded stays: a correction resets no clock.
pub(crate) struct Effective<'e> {
    pub(crate) no: u32,
    pub(crate) at: Moment,
    pub(crate) by: &'e str,
    pub(crate) what: &'e What,
}

/// The events as corrections leave them, each with its number.
pub(crate) fn corrections(events: &[Event]) -> Vec<Effective<'_>> {
    let mut instead: BTreeMap<u32, Option<&What>> = BTreeMap::new();
    for event in events {
        if let What::Corrected { of, instead: what, .. } = &event.what {
            instead.insert(*of, what.as_deref());
        }
    }
    let mut n_climbed = 0;
    let mut effective = Vec::with_capacity(events.len());
    for (position, event) in (0u32..).zip(events) {
        let no = position - n_climbed;
        n_climbed += u32::from(matches!(event.what, What::Climbed(_)));
        let Some(what) = instead.get(&position).copied().unwrap_or(Some(&event.what)) else {
            continue;
        };
        effective.push(Effective { no, at: event.at, by: &event.by, what });
    }
    effective
}

impl Case {
    fn begun(id: CaseId, first: &Effective<'_>, opening: &Opening) -> Self {
        let at = first.at;
        let mut case = Self {
            id,
            child: opening.child,
            episode: opening.episode,
            trigger: opening.trigger,
            opened: at,
            place: opening.place.clone(),
            judged: noted(first, opening.judged),
            accused: None,
            accusals: Vec::new(),
            confirmed: None,
            missing: Vec::new(),
            determined: None,
            determinations: Vec::new(),
            undone: Vec::new(),
            lapsed: false,
            former: Vec::new(),
            owner: None,
            helper: None,
            reported: None,
            visits: Vec::new(),
            cause: None,
            drafts: Vec::new(),
            papers: Vec::new(),
            plans: Vec::new(),
            plan_reviews: Vec::new(),
            attached: Vec::new(),
            legal: Vec::new(),
            requests: Vec::new(),
            instructions: Vec::new(),
            seen_back: None,
            out_again: None,
            returned: None,
            attended: Vec::new(),
            checks: Vec::new(),
            tips: Vec::new(),
            missed: Vec::new(),
            inspected: Vec::new(),
            reconsidered: Vec::new(),
            moot: BTreeSet::new(),
            objections: Vec::new(),
            leaves: Vec::new(),
            transfer: None,
            climbs: BTreeMap::new(),
            proposed: None,
            over: None,
            last: at,
        };
        case.judge(first, opening.judged);
        // Somebody looked and did not find the child in school: what files say of it does not answer that.
        if matches!(opening.trigger, Trigger::Relapse { .. }) {
            case.accused.get_or_insert(at);
            case.begin_accusal(first);
        }
        case
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind of event")]
    fn apply(&mut self, event: &Effective<'_>) {
        match event.what {
            // The first is read before; corrections are applied before; words decide nothing.
            What::Opened(_) | What::Corrected { .. } | What::Noted { .. } => {}
            What::Judged(judged) => self.judge(event, *judged),
            What::Moved { place } => {
                let before = std::mem::replace(&mut self.place, place.clone());
                self.former.push((event.at, before));
            }
            What::Identified { child } => self.child = *child,
            What::Determined { code } => self.determine(noted(event, *code)),
            What::HelperNamed { helper } => self.helper = Some(noted(event, helper.clone())),
            What::OwnerNamed { owner } => again(&mut self.owner, noted(event, owner.clone())),
            What::Reported { on } => again(&mut self.reported, noted(event, *on)),
            What::Visited(visit) => self.visit(noted(event, visit.clone())),
            What::CauseFound { cause } => self.cause = Some(noted(event, *cause)),
            What::LegalStep { on, words } => self.legal.push(noted(event, (*on, words.clone()))),
            What::Returned(back) => self.returned = Some(noted(event, back.clone())),
            What::Attended { from, to, days } => {
                let attended = Attendance { from: *from, to: *to, days: *days };
                self.attended.push(noted(event, attended));
            }
            What::Checked { on, present } => {
                self.checks.push(noted(event, (*on, *present)));
                self.proposed = None;
            }
            What::OnLeave { from, to } => self.leaves.push(noted(event, (*from, *to))),
            What::Climbed(climb) => {
                self.climbs.insert((climb.duty.clone(), climb.rung), climb.clone());
            }
            What::ClosingProposed => self.proposed = Some(noted(event, ())),
            What::Closed => self.over = Some(noted(event, Over::Closed)),
            What::Ended { how } => self.over = Some(noted(event, Over::Ended(*how))),
            What::Issued(paper) => {
                let issued = noted(event, paper.clone());
                if paper.kind == PaperKind::SchoolReport {
                    again(&mut self.reported, noted(event, paper.on));
                }
                self.papers.push(PaperState {
                    issued,
                    served: None,
                    voided: None,
                    overruled: None,
                });
            }
            What::Drafted(draft) => self.drafts.push(noted(event, draft.clone())),
            What::Voided { paper, why } => {
                let mut papers = self.papers.iter_mut();
                if let Some(known) = papers.find(|p| p.issued.what.paper == *paper) {
                    known.voided = Some(noted(event, why.clone()));
                }
            }
            What::Planned(plan) => self.plans.push(noted(event, plan.clone())),
            What::PlanReviewed(review) => self.plan_reviews.push(noted(event, review.clone())),
            What::Attached(file) => self.attached.push(noted(event, file.clone())),
            What::Served(service) => self.serve(noted(event, service.clone())),
            What::Asked(request) => {
                let asked = noted(event, request.clone());
                self.requests.push(RequestState { asked, answers: Vec::new(), withdrawn: None });
            }
            What::Answered { request, answer, words, .. } => {
                self.answer(*request, noted(event, (*answer, words.clone())));
            }
            What::RequestWithdrawn { request, why } => {
                self.withdraw(*request, noted(event, why.clone()));
            }
            What::Instructed { instruction, to, words, within } => {
                let (instruction, to, within) = (*instruction, to.clone(), *within);
                let given = noted(event, words.clone());
                let state = InstructionState { instruction, to, given, within, done: None };
                self.instructions.push(state);
            }
            What::CarriedOut { instruction, words } => {
                self.carry_out(*instruction, noted(event, words.clone()));
            }
            What::TippedOff => self.tips.push(noted(event, ())),
            What::Missed { since, .. } => self.missed.push(noted(event, *since)),
            What::Inspected(found) => self.inspected.push(noted(event, found.clone())),
            What::Reconsidered(answer) => self.reconsider(noted(event, *answer)),
            What::Objected { words } => {
                let raised = noted(event, words.clone());
                self.proposed = None;
                self.objections.push(ObjectionState { raised, answered: None });
            }
            What::ObjectionAnswered { upheld, words } => {
                self.answer_objection(noted(event, (*upheld, words.clone())));
            }
            What::TransferAsked { county } => {
                let asked = noted(event, county.clone());
                self.transfer = Some(TransferState { asked, answered: None });
            }
            What::TransferAnswered { accepted } => {
                if let Some(transfer) = &mut self.transfer {
                    transfer.answered = Some(noted(event, *accepted));
                }
            }
        }
    }

    fn serve(&mut self, service: Noted<Service>) {
        let mut papers = self.papers.iter_mut();
        if let Some(paper) = papers.find(|p| p.issued.what.paper == service.what.paper) {
            paper.served = Some(service);
        }
    }

    fn answer(&mut self, request: u32, answer: Noted<(Answer, String)>) {
        let mut requests = self.requests.iter_mut();
        if let Some(found) = requests.find(|known| known.asked.what.request == request) {
            found.answers.push(answer);
        }
    }

    fn withdraw(&mut self, request: u32, why: Noted<String>) {
        let mut requests = self.requests.iter_mut();
        if let Some(found) = requests.find(|known| known.asked.what.request == request) {
            found.withdrawn = Some(why);
        }
    }

    fn carry_out(&mut self, instruction: u32, done: Noted<String>) {
        let mut given = self.instructions.iter_mut();
        if let Some(found) = given.find(|known| known.instruction == instruction) {
            found.done = Some(done);
        }
    }

    /// Where the case stands. `proof_days` is how many school days a child must have attended to count as back.
    pub fn stage(&self, proof_days: u16) -> Stage {
        if self.over.is_some() {
            return Stage::Closed;
        }
        if self.returned.is_some() || self.seen_back.is_some() {
            let proved = self.proved_at(proof_days).is_some();
            return if proved { Stage::Settling } else { Stage::Returned };
        }
        if self.determined.is_none() {
            return Stage::Found;
        }
        let served = self.notices().any(|paper| paper.served.is_some());
        if served || self.attempts() > 0 { Stage::Persuading } else { Stage::Determined }
    }

    /// The plan in force.
    pub fn plan(&self) -> Option<&Noted<Plan>> {
        self.plans.last()
    }

    /// The last review of the plan in force.
    pub fn plan_review(&self) -> Option<&Noted<PlanReview>> {
        let plan = self.plan()?;
        self.plan_reviews.iter().rfind(|review| review.what.plan == plan.no)
    }

    /// Where the child works, as the last visit that heard of it says.
    pub fn employer(&self) -> Option<&str> {
        self.standing().rev().find_map(|visit| visit.what.employer.as_deref())
    }

    /// Attempts at persuasion: visits at which the child or its guardian was spoken to.
    pub fn attempts(&self) -> usize {
        self.visits.iter().filter(|visit| visit.what.met.is_attempt()).count()
    }

    /// Whether whoever recorded a visit has not taken it back since (改为).
    pub fn holds(&self, visit: &Noted<Visit>) -> bool {
        !self.reconsidered.iter().any(|answer| answer.what.visit == visit.no && !answer.what.holds)
    }

    /// The visits that were not taken back.
    pub fn standing(&self) -> impl DoubleEndedIterator<Item = &Noted<Visit>> {
        self.visits.iter().filter(move |visit| self.holds(visit))
    }

    /// What inspections found out of school.
    pub(crate) fn inspected_out(&self) -> impl Iterator<Item = &Noted<Inspection>> {
        self.inspected.iter().filter(|inspected| inspected.what.out)
    }

    /// The answers of which neither the visit nor the other statement was struck out.
    pub(crate) fn answers(&self) -> impl Iterator<Item = &Noted<Reconsidered>> {
        self.reconsidered.iter().filter(move |answer| !self.moot.contains(&answer.no))
    }

    /// Whether the evidence accounts for the child elsewhere than in a classroom: it moved away, died, completed, is taught at
    /// home. Who would look for it at school would look for ever.
    fn is_elsewhere(&self) -> bool {
        let code = self.judged.what.code;
        let in_class = matches!(code, VerdictCode::EnrolledLocal | VerdictCode::EnrolledElsewhere);
        (code.clears() && !in_class) || code == VerdictCode::OverageIncomplete
    }

    /// For each visit that somebody stands by although another says that the child is in school: when a later visit to the
    /// child or its guardian saw or learned that it is, or the word was taken back; `None` while neither is so. Nothing is
    /// disputed once a statement of the two was struck out, the visit was corrected to say the same, or the evidence accounts
    /// for the child elsewhere.
    pub(crate) fn disputes(&self) -> impl Iterator<Item = Option<Moment>> {
        let is_elsewhere = self.is_elsewhere();
        let stood_by = self.answers().filter(move |_| !is_elsewhere);
        let stood_by = stood_by.filter(|a| a.what.holds && a.what.said == Said::InSchool);
        let stood_by = stood_by.filter(move |answer| {
            let mut visits = self.visits.iter().filter(|visit| visit.no == answer.what.visit);
            visits.any(|visit| answer.what.said.contradicts(visit.what.found))
        });
        stood_by.map(move |answer| {
            let seen = |visit: &&Noted<Visit>| {
                let seen = visit.what.met.is_attempt() && visit.what.found.is_in_school();
                visit.no > answer.no && seen
            };
            let taken_back = self.reconsidered.iter();
            let mut taken_back =
                taken_back.filter(|a| a.what.visit == answer.what.visit && !a.what.holds);
            let moments =
                [self.standing().find(seen).map(|v| v.at), taken_back.next().map(|a| a.at)];
            moments.into_iter().flatten().min()
        })
    }

    /// School days attended since the return.
    pub fn days_attended(&self) -> u16 {
        let Some(returned) = &self.returned else { return 0 };
        let since = self.attended.iter().filter(|a| a.what.from >= returned.what.on);
        since.map(|a| a.what.days).sum()
    }

    /// When the return was proved: recorded attendance reached `proof_days`.
    pub fn proved_at(&self, proof_days: u16) -> Option<Moment> {
        let returned = self.returned.as_ref()?;
        let mut days = 0;
        for attended in self.attended.iter().filter(|a| a.what.from >= returned.what.on) {
            days += attended.what.days;
            if days >= proof_days {
                return Some(attended.at);
            }
        }
        None
    }

    /// The papers of that kind that were served and stand, in the order of issue.
    pub fn served(&self, kind: PaperKind) -> impl DoubleEndedIterator<Item = &PaperState> {
        let of_kind = self.papers.iter().filter(move |paper| paper.issued.what.kind == kind);
        of_kind.filter(|paper| paper.served.is_some() && paper.stands())
    }

    /// When the term of the last served paper of that kind is over: the day printed on it, and as long again as clocks stood
    /// still meanwhile; `None` while they do. A paper from before an objection that was right, or from before the child was lawfully
    /// away, proves nothing any more.
    pub fn term_over(&self, kind: PaperKind) -> Option<Moment> {
        let paper = self.served(kind).next_back().filter(|paper| paper.issued.no >= self.era())?;
        let mut end = end_of(paper.issued.what.until?);
        let mut counted = paper.issued.at;
        let mut pauses = self.pauses();
        pauses.sort_by_key(|pause| pause.from);
        for pause in pauses {
            let from = pause.from.max(counted);
            if from >= end {
                continue;
            }
            let to = pause.to?;
            if to > from {
                end += to - from;
                counted = to;
            }
        }
        Some(end)
    }

    /// Whether the child moved, or the evidence says something else, since a paper was drafted.
    pub fn is_stale(&self, draft: &Noted<Draft>) -> bool {
        let determined = self.determined.as_ref().map_or(0, |determined| determined.no);
        let later = self.judged.no.max(determined) > draft.no;
        let issuer = &draft.what.issuer;
        later || self.place.holder(issuer.seat) != *issuer
    }

    /// Whether a paper of that kind was issued and stands.
    pub fn has_paper(&self, kind: PaperKind) -> bool {
        self.papers.iter().any(|paper| paper.issued.what.kind == kind && paper.stands())
    }

    /// The papers that want something of the family, as far as they stand.
    pub fn notices(&self) -> impl Iterator<Item = &PaperState> {
        self.papers.iter().filter(|paper| paper.stands() && paper.issued.what.kind.is_served())
    }

    /// The paper of that number.
    pub fn paper(&self, number: u32) -> Option<&PaperState> {
        self.papers.iter().find(|paper| paper.issued.what.paper == number)
    }

    /// The draft of that number, as it was drafted last.
    pub fn draft(&self, number: u32) -> Option<&Noted<Draft>> {
        self.drafts.iter().rev().find(|draft| draft.what.paper == number)
    }

    /// The drafts that wait to be issued: of each form the last one, when no paper came of it.
    pub fn open_drafts(&self) -> impl Iterator<Item = &Noted<Draft>> {
        self.drafts.iter().enumerate().filter_map(|(at, draft)| {
            let later = self.drafts.iter().skip(at + 1);
            let replaced = later.filter(|l| l.what.kind == draft.what.kind).count() > 0;
            let issued = self.paper(draft.what.paper).is_some();
            (!replaced && !issued).then_some(draft)
        })
    }

    /// The number that the next paper of the case gets.
    pub fn next_paper(&self) -> u32 {
        let drafted = self.drafts.iter().map(|draft| draft.what.paper);
        let issued = self.papers.iter().map(|paper| paper.issued.what.paper);
        drafted.chain(issued).max().unwrap_or(0) + 1
    }

    /// The objection that waits for an answer.
    pub fn open_objection(&self) -> Option<&ObjectionState> {
        self.objections.iter().find(|objection| objection.answered.is_none())
    }

    /// The times in which clocks stand still.
    pub fn pauses(&self) -> Vec<Pause> {
        let objections = self.objections.iter().map(|objection| Pause {
            from: objection.raised.at,
            to: objection.answered.as_ref().map(|answer| answer.at),
        });
        let leaves = self.leaves.iter().map(|leave| {
            let (from, to) = leave.what;
            // What was late when the leave was recorded stays late: an entry of today does not change what was owed yesterday.
            Pause { from: from.and_time(NaiveTime::MIN).max(leave.at), to: Some(day_after(to)) }
        });
        let all = objections.chain(leaves);
        all.filter(|pause| pause.to.is_none_or(|to| pause.from < to)).collect()
    }

    /// Checks at which the child was there, each at least so many days after its return or the one before: four on one day
    /// are one.
    pub fn checks_passed(&self) -> impl Iterator<Item = &Noted<(NaiveDate, bool)>> {
        let since = self.returned.as_ref().map(|returned| returned.what.on);
        let mut last: Option<NaiveDate> = None;
        self.checks.iter().filter(move |check| {
            let (on, present) = check.what;
            let far = last.is_none_or(|last| on >= last + Days::new(DAYS_BETWEEN_CHECKS));
            let counts = present && since.is_some_and(|since| on >= since) && far;
            if counts {
                last = Some(on);
            }
            counts
        })
    }

    /// The request of that number.
    pub fn request(&self, number: u32) -> Option<&RequestState> {
        self.requests.iter().find(|request| request.asked.what.request == number)
    }

    /// The instruction of that number.
    pub fn instruction(&self, number: u32) -> Option<&InstructionState> {
        self.instructions.iter().find(|given| given.instruction == number)
    }

    /// The objection of that number.
    pub fn objection(&self, no: u32) -> Option<&ObjectionState> {
        self.objections.iter().find(|objection| objection.raised.no == no)
    }
}

/// The first moment of the day after.
pub(crate) fn day_after(day: NaiveDate) -> Moment {
    day.checked_add_days(Days::new(1)).unwrap_or(day).and_time(NaiveTime::MIN)
}

/// Said again, the words are the last ones; what was done was done the first time.
fn again<T>(known: &mut Option<Noted<T>>, now: Noted<T>) {
    match known {
        Some(known) => known.what = now.what,
        None => *known = Some(now),
    }
}

fn noted<T>(event: &Effective<'_>, what: T) -> Noted<T> {
    Noted { no: event.no, at: event.at, by: event.by.to_owned(), what }
}
