//! One line of the roll.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use baoxue_authz::{Place, Standing};
use baoxue_claim::{
    AidKind, Birth, ChildId, EnrolmentStatus, InspectionFinding, Record, RecordId, Sex, Source,
    Statement, StudyMode, SurveyFinding, TownCode, VerdictCode, names_sealed,
};
use baoxue_determine::{Base, Child, Context, Determined, accounting::TownAccount};
use baoxue_store::{StoreError, StoredEntry};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{County, FlowError, teaching};

/// The sources of the strip, in the order of its cells: 户 学 镇 校 扶 残 督 举.
pub const STRIP: [(&str, &[Source]); 8] = [
    ("户", &[Source::PopulationRegister]),
    ("学", &[Source::StudentRegistry]),
    ("镇", &[Source::TownSurvey, Source::TownLedger]),
    ("校", &[Source::SchoolReport, Source::RollCall, Source::HomeTeachingLog]),
    ("扶", &[Source::PovertyRegister]),
    ("残", &[Source::DisabilityRegister]),
    ("督", &[Source::Inspection]),
    ("举", &[Source::TipOff]),
];

/// Days after which a list is called old on pages. It decides nothing; the rules have limits of their own.
pub const OLD_AFTER_DAYS: i64 = 365;

/// What a source says of whether the child is in school.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// No row, or one that says nothing of it.
    #[default]
    Nothing,
    /// It knows the child or says that it is in school.
    In,
    /// Not in school.
    Out,
    /// Lawfully not, or not in the population.
    Excused,
}

/// One cell of the strip of sources (口径条).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StripCell {
    /// What the newest row says.
    pub said: Said,
    /// Whether that row is more than a year older than the day of the run.
    pub old: bool,
}

/// What the rules were told of a child beside its own live rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// The child of whom it is a second registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<ChildId>,
    /// Rows that a newer register replaces, with its day, in the order of rows.
    #[serde(with = "dated", default, skip_serializing_if = "<[_]>::is_empty")]
    pub superseded: Box<[(RecordId, NaiveDate)]>,
    /// Rows that may be the child's and wait for a person.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub maybe: Box<[RecordId]>,
}

/// One child as lists show it. Names and numbers in it are personal: it is kept sealed and never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "facts of a child, each asked for by itself")]
pub struct Entry {
    /// The child.
    pub child: ChildId,
    /// Name.
    pub name: Option<Box<str>>,
    /// The resident ID with its middle covered, such as `6109********0375`.
    pub id: Option<Box<str>>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Birth, as precise as known.
    pub birth: Option<Birth>,
    /// The town that answers for the child.
    pub town: Option<TownCode>,
    /// Village or community.
    pub village: Option<Arc<str>>,
    /// Number of the villagers' group.
    pub group: Option<u8>,
    /// School as written.
    pub school: Option<Arc<str>>,
    /// Grade, 1 to 9.
    pub grade: Option<u8>,
    /// Class as written.
    pub class: Option<Arc<str>>,
    /// The status.
    pub code: VerdictCode,
    /// What the rule that decided is called.
    pub ground: Arc<str>,
    /// Whether two sources, an inspection or a visit agree.
    pub confirmed: bool,
    /// Of compulsory age and in the population.
    pub of_age: bool,
    /// Which part of the population base holds the child.
    pub base: Base,
    /// Whether sources contradict each other.
    pub quarrel: bool,
    /// The day by which the sides of a conflict must answer.
    pub answer_by: Option<NaiveDate>,
    /// The last day of the ground.
    pub expires: Option<NaiveDate>,
    /// In the poverty register or under monitoring.
    pub poverty: bool,
    /// In the disability register.
    pub disabled: bool,
    /// Taught at home.
    pub home_teaching: bool,
    /// The day by which the next visit is due to a child taught at home whose visits are logged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit_due: Option<NaiveDate>,
    /// The household, by the first of its children; `None` when registers know of no other child in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household: Option<ChildId>,
    /// What each source says.
    pub strip: [StripCell; 8],
    /// What the rules were told beside the rows.
    #[serde(default)]
    pub marks: Marks,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Entry({}, {})", self.child, self.code)
    }
}

impl Entry {
    /// The school as lists and pages may name it: of a child in the neutral class none, for its name would say why it is there, and
    /// none whose name betrays what no page may tell.
    pub fn school_shown(&self) -> Option<&str> {
        let is_told = self.code != VerdictCode::OtherArrangement;
        self.school.as_deref().filter(|name| is_told && !names_sealed(name))
    }

    /// The class, where the school may be named.
    pub fn class_shown(&self) -> Option<&str> {
        self.class.as_deref().filter(|_| self.school_shown().is_some())
    }

    /// Where the child stands, as the policies ask.
    pub fn place(&self) -> Place {
        let owned = |name: Option<&str>| name.map(str::to_owned);
        let Standing { town, village, school, class } = self.standing();
        Place { town, village: owned(village), school: owned(school), class: owned(class) }
    }

    /// The same, lent: for [`Scope::sees`](baoxue_authz::Scope::sees).
    pub fn standing(&self) -> Standing<'_> {
        Standing {
            town: self.town,
            village: self.village.as_deref(),
            school: self.school.as_deref(),
            class: self.class.as_deref(),
        }
    }
}

impl Marks {
    /// Whether a newer register replaces a row.
    pub fn replaces(&self, record: RecordId) -> bool {
        self.superseded.binary_search_by_key(&record, |(old, _)| *old).is_ok()
    }
}

/// Rows with a day are a map outside: a few pairs take a tenth of its memory.
mod dated {
    use serde::{Deserializer, Serializer};

    use super::{BTreeMap, Deserialize, NaiveDate, RecordId};

    type Dated = Box<[(RecordId, NaiveDate)]>;

    pub(super) fn serialize<S: Serializer>(rows: &Dated, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(rows.iter().map(|(row, day)| (row, day)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Dated, D::Error> {
        Ok(BTreeMap::deserialize(from)?.into_iter().collect())
    }
}

/// The marks of children, in their order.
pub(crate) fn marks_of(children: &[Child<'_>]) -> Vec<Marks> {
    let marks = |child: &Child<'_>| Marks {
        duplicate_of: child.duplicate_of,
        superseded: child.superseded.iter().map(|(row, day)| (*row, *day)).collect(),
        maybe: child.maybe.iter().map(|record| record.id).collect(),
    };
    children.iter().map(marks).collect()
}

/// The line of a child as the store takes it.
pub(crate) fn stored(
    found: &Determined,
    records: &[&Record],
    (marks, household): (&Marks, Option<ChildId>),
    county: &County,
) -> Result<StoredEntry, StoreError> {
    let entry = Entry { household, ..entry(found, records, marks, county) };
    let body = serde_json::to_vec(&entry).map_err(|_| StoreError::Damaged("entry.body"))?;
    Ok(StoredEntry { child: entry.child, body })
}

/// What is kept of a run beside its children.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Note {
    /// What all children tell.
    pub(super) context: Context,
    /// Wrong and missing listings by town (错报、漏报).
    pub(super) towns: Vec<TownAccount>,
    /// For which aid a list of the term has come.
    #[serde(default)]
    pub(super) aid_lists: BTreeSet<AidKind>,
}

impl Note {
    /// Reads a note; one of an older program has the context alone.
    pub(super) fn read(note: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(note).or_else(|_| {
            let context = serde_json::from_slice(note)?;
            Ok(Self { context, towns: Vec::new(), aid_lists: BTreeSet::new() })
        })
    }
}

/// What is kept of a run beside its children, as the store takes it.
pub(crate) fn note(
    context: &Context,
    towns: &[TownAccount],
    aid_lists: BTreeSet<AidKind>,
) -> Result<Vec<u8>, FlowError> {
    let (context, towns) = (context.clone(), towns.to_vec());
    Ok(serde_json::to_vec(&Note { context, towns, aid_lists })?)
}

fn entry(found: &Determined, records: &[&Record], marks: &Marks, county: &County) -> Entry {
    let Determined { profile, verdict } = found;
    let id = profile.id.as_ref().map(|id| baoxue_report::masked_id(id.expose()));
    let modes = records.iter().flat_map(|record| &record.claims);
    let home_teaching = verdict.code == VerdictCode::HomeTeaching
        || modes.filter_map(|claim| enrolled_as(&claim.what)).any(|m| m == StudyMode::HomeTeaching);
    let live = |record: &&&Record| !marks.replaces(record.id);
    // Why a child is in the neutral class is nobody's business, nor is what a source says of it.
    let open = verdict.code != VerdictCode::OtherArrangement;
    let live: Vec<&Record> = records.iter().filter(live).filter(|_| open).copied().collect();
    Entry {
        child: verdict.child,
        name: profile.name.as_ref().map(|name| name.expose().into()),
        id: id.map(Into::into),
        sex: profile.sex,
        birth: profile.birth,
        town: profile.town,
        village: profile.village.as_deref().map(Into::into),
        group: profile.group,
        school: profile.school.as_deref().map(Into::into),
        grade: profile.grade.map(baoxue_claim::Grade::number),
        class: profile.class.as_deref().map(Into::into),
        code: verdict.code,
        ground: verdict.ground.title.as_str().into(),
        confirmed: verdict.confirmed,
        of_age: found.is_of_age(),
        base: profile.base,
        quarrel: verdict.conflict.is_some(),
        answer_by: verdict.conflict.as_ref().map(|conflict| conflict.answer_by),
        expires: verdict.expires,
        poverty: profile.hardship.poverty,
        disabled: profile.hardship.disabled,
        home_teaching,
        visit_due: teaching::visit_due((verdict.code, &verdict.reason), records, county),
        household: None,
        strip: STRIP.map(|(_, sources)| cell(sources, &live, county.settings.as_of)),
        marks: marks.clone(),
    }
}

fn enrolled_as(statement: &Statement) -> Option<StudyMode> {
    let Statement::Enrolment(enrolment) = statement else { return None };
    enrolment.mode
}

fn cell(sources: &[Source], records: &[&Record], as_of: NaiveDate) -> StripCell {
    let of_source = records.iter().filter(|record| sources.contains(&record.source));
    let told = of_source.flat_map(|record| record.claims.iter().map(|c| (c.on, said(&c.what))));
    let newest =
        told.filter(|(on, said)| *on <= as_of && *said != Said::Nothing).max_by_key(|t| t.0);
    newest.map_or_else(StripCell::default, |(on, said)| StripCell {
        said,
        old: (as_of - on).num_days() > OLD_AFTER_DAYS,
    })
}

/// What a statement says of whether the child is in school.
pub(crate) fn said(statement: &Statement) -> Said {
    let when = |says: bool| if says { Said::In } else { Said::Out };
    match statement {
        Statement::Registered | Statement::Certificate(_) => Said::In,
        Statement::Enrolment(row) => enrolment(row.status),
        Statement::Survey { finding } => survey(finding),
        Statement::Ledger(_) | Statement::TipOff => Said::Out,
        Statement::Absence(row) => when(row.returned),
        Statement::Inspection { finding, .. } => match finding {
            InspectionFinding::InSchool | InspectionFinding::InSchoolMisreported => Said::In,
            InspectionFinding::Out | InspectionFinding::OutMissed => Said::Out,
            InspectionFinding::Unclear => Said::Nothing,
        },
        Statement::Leave(_)
        | Statement::Deferral(_)
        | Statement::Departure(_)
        | Statement::HomeVisit(_) => Said::Excused,
        Statement::Poverty { grade, out } if *out || grade.is_some() => when(!out),
        Statement::Disability { in_school, .. } => in_school.map_or(Said::Nothing, when),
        Statement::Poverty { .. } | Statement::Aid(_) | Statement::HomePlan(_) => Said::Nothing,
    }
}

fn enrolment(status: EnrolmentStatus) -> Said {
    match status {
        EnrolmentStatus::Attending => Said::In,
        EnrolmentStatus::Suspended
        | EnrolmentStatus::TransferredOut
        | EnrolmentStatus::Graduated
        | EnrolmentStatus::Dead
        | EnrolmentStatus::Abroad => Said::Excused,
        EnrolmentStatus::Left | EnrolmentStatus::DroppedOut | EnrolmentStatus::Missing => Said::Out,
        EnrolmentStatus::Unclear => Said::Nothing,
    }
}

fn survey(finding: &SurveyFinding) -> Said {
    match finding {
        SurveyFinding::InSchool { .. }
        | SurveyFinding::InSchoolElsewhere { .. }
        | SurveyFinding::ElsewhereUnnamed
        | SurveyFinding::Returned => Said::In,
        SurveyFinding::Out { .. }
        | SurveyFinding::NeverEnrolled
        | SurveyFinding::SuspensionLapsed => Said::Out,
        SurveyFinding::NotYetOfAge
        | SurveyFinding::Graduated
        | SurveyFinding::Suspended
        | SurveyFinding::Ill
        | SurveyFinding::DisabledAtHome
        | SurveyFinding::Deferred
        | SurveyFinding::HomeTeaching
        | SurveyFinding::Transferred
        | SurveyFinding::NoSuchPerson
        | SurveyFinding::RegisteredTwice
        | SurveyFinding::MovedAway
        | SurveyFinding::Abroad
        | SurveyFinding::Dead => Said::Excused,
        SurveyFinding::Away
        | SurveyFinding::Unreachable
        | SurveyFinding::Silent
        | SurveyFinding::Unclear => Said::Nothing,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use baoxue_claim::BatchId;

    use super::*;

    /// A child of whom nothing is known but its number.
    pub(crate) fn plain_entry(n: u32) -> Entry {
        Entry {
            child: ChildId::from(RecordId::new(BatchId(1), n)),
            name: None,
            id: None,
            sex: None,
            birth: None,
            town: None,
            village: None,
            group: None,
            school: None,
            grade: None,
            class: None,
            code: VerdictCode::Unverified,
            ground: "".into(),
            confirmed: false,
            of_age: true,
            base: Base::Unknown,
            quarrel: false,
            answer_by: None,
            expires: None,
            poverty: false,
            disabled: false,
            home_teaching: false,
            visit_due: None,
            household: None,
            strip: [StripCell::default(); 8],
            marks: Marks::default(),
        }
    }
}
