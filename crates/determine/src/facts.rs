//! What a rule may ask about a child: named facts, computed from its claims on the day.
//!
//! Every fact is a yes/no, a whole number or a word out of a closed list. [`FIELDS`] is the vocabulary of rule files;
//! a name that is not in it is an error when a file is loaded. Dates never reach a rule: ages and day counts do.

mod age;
mod arrangement;
mod certificate;
mod home_log;
mod outside;
mod papers;
mod registry;
mod school;
mod sealed;
mod survey;
mod vocabulary;

use baoxue_claim::{Cause, Claim, Statement};
use chrono::NaiveDate;

pub(crate) use age::{Age, Births, IMPLAUSIBLE_AGE, births_of, two_births};
pub(crate) use arrangement::{Arrangement, is_institution};
pub(crate) use certificate::{CertificateFacts, on_its_roll};
pub(crate) use home_log::HomeLog;
pub use home_log::HomeVisits;
pub(crate) use outside::{Departures, Inspection, Schooling};
pub(crate) use papers::{DeferralFacts, LeaveFacts};
pub(crate) use registry::Registry;
pub(crate) use school::School;
pub(crate) use survey::{Survey, stance as survey_stance};
pub(crate) use vocabulary::{FIELDS, Field, Getter};

use crate::{
    Child, Settings,
    evidence::{Evidence, Item},
    settings::Thresholds,
    verdict::{Refused, Why},
};

/// Why a word that the child is out of school does not count.
const TOO_EARLY: Why = ("说这话时该生还未到入学年龄", "said when the child was not yet of age");

/// Everything a rule may ask about.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts that rules name")]
pub(crate) struct Facts {
    pub(crate) age: Age,
    pub(crate) registry: Registry,
    pub(crate) survey: Survey,
    pub(crate) school: School,
    pub(crate) home_log: HomeLog,
    pub(crate) leave: LeaveFacts,
    pub(crate) deferral: DeferralFacts,
    pub(crate) certificate: CertificateFacts,
    pub(crate) inspection: Inspection,
    pub(crate) departure: Departures,
    pub(crate) ledger: bool,
    /// A row of a town's list that no finding of "in school" answers.
    pub(crate) ledger_stands: bool,
    pub(crate) has_register: bool,
    pub(crate) has_registry: bool,
    pub(crate) register: bool,
    pub(crate) tip_off: bool,
    pub(crate) poverty: bool,
    pub(crate) disability: bool,
    pub(crate) duplicate: bool,
    /// Placements of the neutral class.
    pub(crate) arrangement: Arrangement,
    /// Disabled, and not older than disabled children may be when they start.
    pub(crate) may_wait: bool,
    /// Attempts at persuasion recorded by the school or on the town's list, the most that anybody says; -1 when nobody does.
    pub(crate) persuasions: i64,
    pub(crate) cause: Option<Cause>,
    pub(crate) county: Thresholds,
}

/// A kind of evidence that rules cite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    Register,
    Registry,
    Survey,
    Ledger,
    School,
    Inspection,
    Leave,
    Deferral,
    Certificate,
    Departure,
    TipOff,
    Poverty,
    Arrangement,
    HomeLog,
    Birth,
}

impl Slot {
    /// Names in rule files.
    pub(crate) const NAMES: [(&'static str, Self); 15] = [
        ("register", Self::Register),
        ("registry", Self::Registry),
        ("survey", Self::Survey),
        ("ledger", Self::Ledger),
        ("school", Self::School),
        ("inspection", Self::Inspection),
        ("leave", Self::Leave),
        ("deferral", Self::Deferral),
        ("certificate", Self::Certificate),
        ("departure", Self::Departure),
        ("tip_off", Self::TipOff),
        ("poverty", Self::Poverty),
        ("arrangement", Self::Arrangement),
        ("home_log", Self::HomeLog),
        ("birth", Self::Birth),
    ];
}

/// What a piece of evidence says of the child, coarsely: for counting who agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stance {
    InSchool,
    Elsewhere,
    Out,
    Excused,
    HomeTeaching,
    TooYoung,
    Done,
    Gone,
    NoSuchPerson,
    Nothing,
}

/// A claim that still counts on the day.
pub(crate) struct Current<'a> {
    pub(crate) slot: Slot,
    pub(crate) stance: Stance,
    pub(crate) item: Item<'a>,
}

/// The claims behind the facts.
#[derive(Default)]
pub(crate) struct Basis<'a> {
    pub(crate) current: Vec<Current<'a>>,
    pub(crate) refused: Vec<Refused>,
    pub(crate) ends: Ends,
}

/// Last days of the grounds in force.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ends {
    pub(crate) suspension: Option<NaiveDate>,
    pub(crate) registry_suspension: Option<NaiveDate>,
    pub(crate) sick_leave: Option<NaiveDate>,
    pub(crate) deferral: Option<NaiveDate>,
    pub(crate) exemption: Option<NaiveDate>,
    pub(crate) certificate: Option<NaiveDate>,
    pub(crate) transfer: Option<NaiveDate>,
    pub(crate) named_school: Option<NaiveDate>,
    pub(crate) home_teaching: Option<NaiveDate>,
    pub(crate) entry: Option<NaiveDate>,
    pub(crate) arrangement: Option<NaiveDate>,
}

impl<'a> Basis<'a> {
    pub(crate) fn cite(&mut self, slot: Slot, stance: Stance, item: Item<'a>) {
        self.current.push(Current { slot, stance, item });
    }

    pub(crate) fn refuse(&mut self, item: Item<'a>, why: (impl Into<String>, impl Into<String>)) {
        self.refused.push(Refused::new(item.id, why));
    }
}

/// The facts of a child on the day, and the claims they rest on.
pub(crate) fn facts_of<'a>(child: &Child<'a>, settings: &Settings) -> (Facts, Basis<'a>) {
    let evidence = Evidence::gather(child, settings.as_of);
    let mut basis = Basis::default();
    let registry = registry::read(child, &evidence, settings, &mut basis);
    let leave = papers::leave(&evidence, settings, &registry, &mut basis);
    let age = age::read(child, settings, &mut basis);
    let survey = survey::read(child, &evidence, (age.entry, settings), &mut basis);
    let mut facts = Facts {
        age,
        school: school::read(child, &evidence, (&registry, &leave), settings, &mut basis),
        home_log: home_log::read(child, &evidence, &registry, settings, &mut basis),
        deferral: papers::deferral(&evidence, settings, &mut basis),
        certificate: certificate::read(child, &evidence, settings, &mut basis),
        arrangement: arrangement::read(child, &evidence, settings, &mut basis),
        inspection: outside::inspection(&evidence, age.entry, &mut basis),
        departure: outside::departures(&evidence, settings, &mut basis),
        registry,
        leave,
        survey,
        duplicate: child.duplicate_of.is_some(),
        has_register: child.has_register,
        has_registry: child.has_registry,
        county: settings.thresholds,
        ..Facts::default()
    };
    lists(&evidence, &mut facts, &mut basis);
    facts.answer_inspection();
    facts.departure.answered = outside::is_answered(&basis, settings);
    facts.registry.vanished = vanished(&facts.registry, &basis);
    facts.leave.not_resumed = papers::not_resumed(&facts);
    facts.persuasions = facts.school.persuasions.max(persuasions(&evidence));
    facts.cause = cause(&basis).or_else(|| registered_cause(&facts));
    let disabled = facts.disability || facts.cause == Some(Cause::Disability);
    facts.may_wait = disabled && facts.age.disabled_slack;
    basis.refused.extend(evidence.refused);
    basis.refused.sort_by(|a, b| a.claim.cmp(&b.claim).then_with(|| a.why.cmp(&b.why)));
    (facts, basis)
}

impl Facts {
    /// A school that reports the child back after the inspection found it out answers the inspection: the order to rectify
    /// was obeyed. The word of the town alone does not. A school that reports it away since the inspection saw it in class
    /// answers it too.
    fn answer_inspection(&mut self) {
        let later = self.inspection.on.zip(self.school.back_on).is_some_and(|(on, back)| on < back);
        if later && self.inspection.saw == Some(Schooling::Out) {
            self.inspection = Inspection::default();
        }
        // Nor does what was seen in class once hold for a child that stays away since.
        let away =
            self.inspection.on.zip(self.school.absent_from).is_some_and(|(on, away)| on < away);
        if away && self.inspection.saw == Some(Schooling::In) {
            self.inspection = Inspection::default();
        }
    }

    /// Two towns contradict each other, one of them on its list: neither says anything plainly then.
    fn towns_disagree(&mut self) {
        self.survey.split = true;
        (self.survey.in_school, self.survey.out, self.ledger_stands) = (false, false, false);
    }

    /// Whether the town says plainly that the child is out of school, at the door or on its own list, as far as
    /// [`Listed`] leaves the list standing.
    pub(crate) fn town_says_out(&self) -> bool {
        self.survey.out || self.ledger_stands
    }
}

/// Whether the child left the registry and nobody has said since that it is at a school, present or absent.
fn vanished(registry: &Registry, basis: &Basis<'_>) -> bool {
    let Some(day) = registry.vanished_on else { return false };
    let later = basis.current.iter().filter(|current| current.item.claim.on >= day);
    let at_school = |current: &Current<'_>| match current.slot {
        Slot::School => true,
        Slot::Survey | Slot::Inspection => {
            matches!(current.stance, Stance::InSchool | Stance::Elsewhere)
        }
        Slot::Register
        | Slot::Registry
        | Slot::Ledger
        | Slot::Leave
        | Slot::Deferral
        | Slot::Certificate
        | Slot::Departure
        | Slot::TipOff
        | Slot::Poverty
        | Slot::Arrangement
        | Slot::HomeLog
        | Slot::Birth => false,
    };
    !later.into_iter().any(at_school)
}

/// What becomes of a town's list where surveys find the child in school.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Listed {
    /// Nobody answers it.
    Stands,
    /// The town of the list found the child in school on that day or later: of one town the later word counts.
    Answered,
    /// Another town found the child in school. One town does not take back what another says: they disagree.
    Against,
}

impl Listed {
    fn of(ledger: &Item<'_>, basis: &Basis<'_>) -> Self {
        let found = basis.current.iter().filter(|current| current.slot == Slot::Survey);
        let mut listed = Self::Stands;
        for current in found.filter(|current| current.stance == Stance::InSchool) {
            let (here, there) = (ledger.record.town, current.item.record.town);
            if here.is_some() && there.is_some() && here != there {
                listed = Self::Against;
            } else if ledger.claim.on <= current.item.claim.on {
                return Self::Answered;
            }
        }
        listed
    }
}

/// The lists that decide nothing by themselves, and the register.
fn lists<'a>(evidence: &Evidence<'a>, facts: &mut Facts, basis: &mut Basis<'a>) {
    let birth_says = match facts.age {
        Age { not_yet: true, .. } => Stance::TooYoung,
        Age { over: true, .. } => Stance::Done,
        Age { .. } => Stance::Nothing,
    };
    let mut split = false;
    for item in &evidence.items {
        let (flag, slot, stance) = match &item.claim.what {
            Statement::Registered => (&mut facts.register, Slot::Register, birth_says),
            Statement::Ledger(_) => {
                let early = facts.age.entry.is_some_and(|entry| item.claim.on <= entry);
                if early {
                    basis.refuse(*item, TOO_EARLY);
                }
                // Of whom a list tells custody, it says nothing more: the neutral class has the child.
                let says_nothing = early || sealed::is_sealed(item.claim);
                let listed = if says_nothing { Listed::Answered } else { Listed::of(item, basis) };
                facts.ledger_stands |= listed == Listed::Stands;
                split |= listed == Listed::Against;
                let out = listed != Listed::Answered;
                let stance = if out { Stance::Out } else { Stance::Nothing };
                (&mut facts.ledger, Slot::Ledger, stance)
            }
            Statement::TipOff => (&mut facts.tip_off, Slot::TipOff, Stance::Nothing),
            Statement::Poverty { .. } => (&mut facts.poverty, Slot::Poverty, Stance::Nothing),
            Statement::Disability { .. } => {
                facts.disability = true;
                continue;
            }
            Statement::Enrolment(_)
            | Statement::Survey { .. }
            | Statement::Absence(_)
            | Statement::Inspection { .. }
            | Statement::Certificate(_)
            | Statement::Leave(_)
            | Statement::Deferral(_)
            | Statement::Departure(_)
            | Statement::Aid(_)
            | Statement::HomeVisit(_)
            | Statement::HomePlan(_) => continue,
        };
        *flag = true;
        basis.cite(slot, stance, *item);
    }
    if split {
        facts.towns_disagree();
    }
}

/// The most attempts at persuasion on the town's lists; -1 when none says.
fn persuasions(evidence: &Evidence<'_>) -> i64 {
    let listed = evidence.items.iter().filter_map(|item| match &item.claim.what {
        Statement::Ledger(row) => row.persuasions,
        Statement::Registered
        | Statement::Enrolment(_)
        | Statement::Survey { .. }
        | Statement::Absence(_)
        | Statement::Inspection { .. }
        | Statement::TipOff
        | Statement::Certificate(_)
        | Statement::Leave(_)
        | Statement::Deferral(_)
        | Statement::Departure(_)
        | Statement::Poverty { .. }
        | Statement::Disability { .. }
        | Statement::Aid(_)
        | Statement::HomeVisit(_)
        | Statement::HomePlan(_) => None,
    });
    listed.max().map_or(-1, i64::from)
}

/// The cause that somebody states. The town's own list first, then its survey, then the school.
fn cause(basis: &Basis<'_>) -> Option<Cause> {
    [Slot::Ledger, Slot::Survey, Slot::School].into_iter().find_map(|slot| {
        let of_slot = basis.current.iter().filter(|current| current.slot == slot);
        of_slot.filter_map(|c| stated_cause(c.item.claim)).min_by_key(|cause| cause.number())
    })
}

/// The cause in a claim. A school's "other" is none: it is what the form offers for "unknown".
pub(crate) fn stated_cause(claim: &Claim) -> Option<Cause> {
    match &claim.what {
        Statement::Ledger(row) => row.cause.or_else(|| survey::cause_in(&row.whereabouts)),
        Statement::Survey { finding } => survey::cause_in(finding),
        Statement::Absence(row) => row.cause.filter(|cause| *cause != Cause::Other),
        Statement::Registered
        | Statement::Enrolment(_)
        | Statement::Inspection { .. }
        | Statement::TipOff
        | Statement::Certificate(_)
        | Statement::Leave(_)
        | Statement::Deferral(_)
        | Statement::Departure(_)
        | Statement::Poverty { .. }
        | Statement::Disability { .. }
        | Statement::Aid(_)
        | Statement::HomeVisit(_)
        | Statement::HomePlan(_) => None,
    }
}

/// The cause that registers and papers show when nobody states one.
fn registered_cause(facts: &Facts) -> Option<Cause> {
    if facts.leave.not_resumed {
        return Some(Cause::SuspensionLapsed);
    }
    if facts.registry.transferred_out {
        return Some(Cause::Migration);
    }
    facts.registry.graduated_primary.then_some(Cause::NotPromoted)
}
