//! The status of a child on a day, with its grounds.

use std::{collections::BTreeSet, sync::Arc};

use baoxue_claim::{Cause, ChildId, ClaimId, Source, Statement, VerdictCode};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    Child, Pack, Settings,
    answers::Answer,
    conflict::{self, Conflict},
    facts::{Basis, Current, Ends, Facts, Stance, facts_of},
    pack::{End, Rule},
    say::Words,
};

/// The status of a child on a day and why. Derived, never stored by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whose.
    pub child: ChildId,
    /// The status.
    pub code: VerdictCode,
    /// Stable code of the reason, such as `LONG_ABSENCE`.
    pub reason: String,
    /// The rule that decided; shared by all children it decided about.
    pub ground: Arc<Ground>,
    /// The claims on which the rule stands, in ascending order.
    pub claims: Vec<ClaimId>,
    /// All other rules that matched, in the order in which evidence decides.
    pub also: Vec<Matched>,
    /// Evidence that was not accepted, with the reason.
    pub refused: Vec<Refused>,
    /// Evidence that the ground needs and the files do not show.
    pub missing: Vec<Missing>,
    /// Whether the child is dropout, in school, watched: three questions that are not one.
    pub answer: Answer,
    /// The quarrel, when claims cannot all hold and no order decides; always there when the code is `CONFLICT`.
    pub conflict: Option<Conflict>,
    /// Last day on which the ground holds; the day after, the child is judged without it.
    pub expires: Option<NaiveDate>,
    /// Whether two independent sources, an inspection that saw the child, or a recorded visit agree. Only a confirmed verdict
    /// may reach a family.
    pub confirmed: bool,
    /// Why the child is out of school, if anybody states a cause.
    pub cause: Option<Cause>,
    /// What is so, who said it, which rule; for a village cadre.
    pub words_zh: String,
    /// The same in English.
    pub words_en: String,
}

/// The rule that decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// Stable id of the rule.
    pub rule: String,
    /// Its version.
    pub version: String,
    /// What it is called, in zh-CN.
    pub title: String,
    /// The article it stands on, or that it is the county's own rule.
    pub law: String,
}

/// A rule that matched too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// Stable id of the rule.
    pub rule: Arc<str>,
    /// What it would have said.
    pub code: VerdictCode,
}

/// Evidence that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The claim.
    pub claim: ClaimId,
    /// Why not, in zh-CN.
    pub why: String,
    /// The same in English.
    pub why_en: String,
}

/// A reason in zh-CN and in English.
pub(crate) type Why = (&'static str, &'static str);

/// Evidence that a ground needs and that no file shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// What, in zh-CN.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Refused {
    pub(crate) fn new(
        claim: ClaimId,
        (why, why_en): (impl Into<String>, impl Into<String>),
    ) -> Self {
        Self { claim, why: why.into(), why_en: why_en.into() }
    }
}

/// The verdict on one child, by its own records alone.
pub fn verdict(child: &Child<'_>, pack: &Pack, settings: &Settings) -> Verdict {
    judge(child, &pack.in_order(settings), settings)
}

/// The verdict by rules that are in force and in the order in which evidence decides.
pub(crate) fn judge(child: &Child<'_>, rules: &[&Rule], settings: &Settings) -> Verdict {
    let (facts, basis) = facts_of(child, settings);
    let mut matched = rules.iter().filter(|rule| rule.when.holds(&facts));
    let Some(rule) = matched.next() else {
        return nothing_matched(child.id, basis.refused, settings);
    };
    let mut also: Vec<Matched> = matched
        .filter(|other| !other.fallback)
        .map(|other| Matched { rule: Arc::clone(&other.id), code: other.code })
        .collect();
    // There is a verdict for every child of a county, and a vector grown by collecting has room for four.
    also.shrink_to_fit();
    let used = used(rule, &basis);
    let mut claims: Vec<ClaimId> = used.iter().map(|current| current.item.id).collect();
    claims.sort();
    claims.dedup();
    claims.shrink_to_fit();
    let expires = rule.expires.and_then(|end| basis.ends.of(end));
    let confirmed = is_confirmed(rule.code, &basis);
    let missing = missing(rule, &facts);
    let refused = &basis.refused;
    let words = Words { rule, used: &used, refused, missing: &missing, expires, confirmed };
    Verdict {
        child: child.id,
        code: rule.code,
        reason: rule.reason.clone(),
        ground: Arc::clone(&rule.ground),
        claims,
        also,
        conflict: conflict::of(child, rule, &basis, settings),
        expires,
        confirmed,
        cause: cause(rule.code, &facts),
        words_zh: words.zh(),
        words_en: words.en(),
        answer: if rule.provisional.as_ref().is_some_and(|condition| condition.holds(&facts)) {
            Answer::OPEN
        } else {
            settings.answers.of(rule.code, facts.age.watched)
        },
        missing,
        refused: basis.refused,
    }
}

/// What the rule needs and the files do not show. Papers that no file tells of are not missed: nobody could send them.
fn missing(rule: &Rule, facts: &Facts) -> Vec<Missing> {
    let lacks =
        rule.needs.iter().filter(|need| need.shown.as_ref().is_some_and(|c| !c.holds(facts)));
    let mut found: Vec<Missing> =
        lacks.map(|need| Missing { zh: need.zh.clone(), en: need.en.clone() }).collect();
    found.shrink_to_fit();
    found
}

/// A pack whose rules leave a child over says so of the child, instead of losing it.
fn nothing_matched(child: ChildId, refused: Vec<Refused>, settings: &Settings) -> Verdict {
    Verdict {
        child,
        code: VerdictCode::Unverified,
        reason: "NO_RULE".to_owned(),
        ground: Arc::new(Ground {
            rule: "none".to_owned(),
            version: String::new(),
            title: "没有适用的规则".to_owned(),
            law: String::new(),
        }),
        claims: Vec::new(),
        also: Vec::new(),
        refused,
        missing: Vec::new(),
        answer: settings.answers.of(VerdictCode::Unverified, true),
        conflict: None,
        expires: None,
        confirmed: false,
        cause: None,
        words_zh: "核实中：规则包中没有适用于该生的规则。".to_owned(),
        words_en: "Unverified: no rule of the pack applies to this child.".to_owned(),
    }
}

/// The current claims that the rule cites, in the order in which it cites them.
fn used<'b, 'a>(rule: &Rule, basis: &'b Basis<'a>) -> Vec<&'b Current<'a>> {
    let slots = rule.cites.iter().chain(rule.sides.iter().flatten());
    slots.flat_map(|slot| basis.current.iter().filter(move |c| c.slot == *slot)).collect()
}

/// The cause, for children who are or may be out of school. What is sealed is called "other".
fn cause(code: VerdictCode, facts: &Facts) -> Option<Cause> {
    let cause = facts.cause.filter(|_| code.accuses() || code == VerdictCode::Conflict)?;
    Some(if cause == Cause::Offence { Cause::Other } else { cause })
}

/// Who stands behind a source: two lists of the same office are one voice.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Voice {
    Police,
    School,
    Town,
    Bureau,
    SchoolElsewhere,
    Inspection,
    Other,
}

fn is_confirmed(code: VerdictCode, basis: &Basis<'_>) -> bool {
    let agreeing = basis.current.iter().filter(|current| agrees(code, current.stance));
    let mut voices = BTreeSet::new();
    for current in agreeing {
        if matches!(current.item.claim.what, Statement::Inspection { seen: true, .. }) {
            return true;
        }
        voices.insert(voice(current.item.source()));
    }
    voices.len() > 1
}

fn agrees(code: VerdictCode, stance: Stance) -> bool {
    let needed: &[Stance] = match code {
        VerdictCode::EnrolledLocal => &[Stance::InSchool],
        VerdictCode::EnrolledElsewhere => &[Stance::Elsewhere],
        VerdictCode::HomeTeaching => &[Stance::HomeTeaching],
        VerdictCode::NotYetOfAge => &[Stance::TooYoung],
        VerdictCode::Completed => &[Stance::Done],
        VerdictCode::Deferred | VerdictCode::Suspended | VerdictCode::Unable => &[Stance::Excused],
        VerdictCode::Dead | VerdictCode::MovedOut | VerdictCode::Emigrated => &[Stance::Gone],
        VerdictCode::RegisterError => &[Stance::NoSuchPerson, Stance::Gone],
        VerdictCode::Suspected
        | VerdictCode::Dropout
        | VerdictCode::NeverEnrolled
        | VerdictCode::OverageIncomplete => &[Stance::Out],
        VerdictCode::OtherArrangement
        | VerdictCode::Missing
        | VerdictCode::Conflict
        | VerdictCode::Unverified => &[],
    };
    needed.contains(&stance)
}

const fn voice(source: Source) -> Voice {
    match source {
        Source::PopulationRegister | Source::Departure => Voice::Police,
        Source::StudentRegistry
        | Source::SchoolReport
        | Source::RollCall
        | Source::HomeTeachingLog => Voice::School,
        Source::TownSurvey | Source::TownLedger => Voice::Town,
        Source::Approval => Voice::Bureau,
        Source::Certificate => Voice::SchoolElsewhere,
        Source::Inspection => Voice::Inspection,
        Source::PovertyRegister
        | Source::DisabilityRegister
        | Source::CivilAffairs
        | Source::TipOff
        | Source::AidPayment
        | Source::SchoolDirectory
        | Source::OfficialsDirectory => Voice::Other,
    }
}

impl Ends {
    const fn of(&self, end: End) -> Option<NaiveDate> {
        match end {
            End::Suspension => self.suspension,
            End::RegistrySuspension => self.registry_suspension,
            End::SickLeave => self.sick_leave,
            End::Deferral => self.deferral,
            End::Exemption => self.exemption,
            End::Certificate => self.certificate,
            End::Transfer => self.transfer,
            End::NamedSchool => self.named_school,
            End::HomeTeaching => self.home_teaching,
            End::Entry => self.entry,
            End::Arrangement => self.arrangement,
        }
    }
}
