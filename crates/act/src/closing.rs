//! What a case still lacks before a second person may close it (销号).

use chrono::Days;

use crate::{
    Case, Moment, Proof, RequestState, Rules,
    clock::end_of,
    follow::{looked_at, must_be_looked_at},
};

/// Something that closing needs and that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The evidence still says that the child is out of school, or does not say that it is accounted for.
    Evidence,
    /// Nobody has spoken to the child or its guardian about what opened the case.
    Look,
    /// Somebody stands by a visit that says otherwise, and nobody has looked again.
    Dispute,
    /// The return is not registered.
    Registration,
    /// Attendance does not prove the return: so many school days of so many.
    Attendance {
        /// Recorded.
        days: u16,
        /// Needed.
        of: u16,
    },
    /// Checks after the return: so many of so many.
    Checks {
        /// Passed.
        passed: usize,
        /// Needed.
        of: u32,
    },
    /// The child is back, but not for long enough.
    Settled {
        /// When it is.
        until: Moment,
    },
    /// The guardian's objection is not answered.
    Objection,
    /// Requests to departments are not answered.
    Requests(usize),
    /// Instructions are not carried out.
    Instructions(usize),
    /// The other county has not answered.
    Transfer,
}

/// What a case lacks at a moment; nothing when it may be closed.
pub fn lacks(case: &Case, proof: &Proof, now: Moment) -> Vec<Lack> {
    let mut lacks = Vec::new();
    let code = case.judged.what.code;
    let is_open = code.accuses() || !(code.clears() || is_over_age(case));
    if is_open {
        lacks.push(Lack::Evidence);
    }
    if must_be_looked_at(case) && looked_at(case).is_none() {
        lacks.push(Lack::Look);
    }
    if case.disputes().any(|settled| settled.is_none()) {
        lacks.push(Lack::Dispute);
    }
    let came_back = case.returned.is_some() || case.seen_back.is_some();
    if came_back {
        lacks.extend(lacks_of_return(case, proof, now));
    }
    if case.open_objection().is_some() {
        lacks.push(Lack::Objection);
    }
    let requests = case.requests.iter().filter(|request| request.ended().is_none()).count();
    if requests > 0 {
        lacks.push(Lack::Requests(requests));
    }
    let instructions = case.instructions.iter().filter(|given| given.done.is_none()).count();
    if instructions > 0 {
        lacks.push(Lack::Instructions(instructions));
    }
    if case.transfer.as_ref().is_some_and(|transfer| transfer.answered.is_none()) {
        lacks.push(Lack::Transfer);
    }
    lacks
}

/// Whether nothing accounts for the child, or somebody must look at it before anything does.
pub(crate) fn is_unsettled(case: &Case, proof: &Proof, now: Moment) -> bool {
    let lacks = lacks(case, proof, now);
    lacks.iter().any(|lack| matches!(lack, Lack::Evidence | Lack::Look | Lack::Dispute))
}

fn lacks_of_return(case: &Case, proof: &Proof, now: Moment) -> Vec<Lack> {
    let mut lacks = Vec::new();
    if case.returned.is_none() {
        lacks.push(Lack::Registration);
    }
    let needed = proof.attended_school_days;
    match settled_at(case, proof) {
        None => lacks.push(Lack::Attendance { days: case.days_attended(), of: needed }),
        Some(until) if now < until => lacks.push(Lack::Settled { until }),
        Some(_) => {}
    }
    let passed = case.checks_passed().count();
    if passed < usize::try_from(proof.checks).unwrap_or(usize::MAX) {
        lacks.push(Lack::Checks { passed, of: proof.checks });
    }
    lacks
}

/// When a child that is back has been so for long enough.
fn settled_at(case: &Case, proof: &Proof) -> Option<Moment> {
    let proved = case.proved_at(proof.attended_school_days)?;
    Some(end_of(proved.date() + Days::new(u64::from(proof.settled_days))))
}

fn is_over_age(case: &Case) -> bool {
    case.judged.what.code == baoxue_claim::VerdictCode::OverageIncomplete
}

/// Since when nothing is lacking, as far as its events tell; `None` while something is.
pub(crate) fn closable_since(case: &Case, rules: &Rules, now: Moment) -> Option<Moment> {
    let proof = &rules.timetable.proof;
    if !lacks(case, proof, now).is_empty() {
        return None;
    }
    let mut checks = case.checks_passed().map(|check| check.at);
    let needed = usize::try_from(proof.checks).ok()?.checked_sub(1)?;
    let answers = case.objections.iter().filter_map(|objection| objection.answered.as_ref());
    let requests = case.requests.iter().filter_map(RequestState::ended);
    let instructions = case.instructions.iter().filter_map(|given| given.done.as_ref());
    let looked_at = looked_at(case).filter(|_| must_be_looked_at(case));
    let moments = [Some(case.judged.at), looked_at, settled_at(case, proof), checks.nth(needed)];
    let ends = answers.map(|answer| answer.at).chain(requests);
    let ends = ends.chain(instructions.map(|done| done.at)).chain(case.disputes().flatten());
    moments.into_iter().flatten().chain(ends).max()
}

impl Lack {
    /// What is lacking, in zh-CN.
    pub fn zh(self) -> String {
        match self {
            Self::Evidence => "现有证据尚不能说明该生已就学或依法不在校".to_owned(),
            Self::Look => "还没有人见过或联系上监护人、本人核实".to_owned(),
            Self::Dispute => "有人坚持家访时的说法，与“在校”不一致，须再次核实".to_owned(),
            Self::Registration => "未办理复学登记".to_owned(),
            Self::Attendance { days, of } => format!("到校考勤证明{days}天，需满{of}个教学日"),
            Self::Checks { passed, of } => format!("返校后核查{passed}次，需{of}次"),
            Self::Settled { until } => format!("巩固期至{}", until.format("%Y-%m-%d")),
            Self::Objection => "监护人异议未答复".to_owned(),
            Self::Requests(n) => format!("{n}件部门协查未办结"),
            Self::Instructions(n) => format!("{n}件督办未落实"),
            Self::Transfer => "外县尚未答复是否接收".to_owned(),
        }
    }

    /// The same in English.
    pub fn en(self) -> String {
        match self {
            Self::Evidence => {
                "the evidence does not say that the child is in school or lawfully not".to_owned()
            }
            Self::Look => "nobody has spoken to the child or its guardian".to_owned(),
            Self::Dispute => {
                "a visit says otherwise and is stood by; somebody must look again".to_owned()
            }
            Self::Registration => "the return is not registered".to_owned(),
            Self::Attendance { days, of } => format!("{days} of {of} school days attended"),
            Self::Checks { passed, of } => format!("{passed} of {of} checks after the return"),
            Self::Settled { until } => format!("to settle until {}", until.format("%Y-%m-%d")),
            Self::Objection => "the guardian's objection is not answered".to_owned(),
            Self::Requests(n) => format!("{n} requests to departments are open"),
            Self::Instructions(n) => format!("{n} instructions are open"),
            Self::Transfer => "the other county has not answered".to_owned(),
        }
    }
}
