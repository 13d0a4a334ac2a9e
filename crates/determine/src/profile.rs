//! What is known of a child, by the order of evidence per field.

use baoxue_claim::{
    Birth, ChildId, EnrolmentStatus, Grade, Guardian, InspectionFinding, Name, Person, Place,
    Private, Record, RecordId, ResidentId, Sex, Source, Statement, StudentNumber, SurveyFinding,
    TownCode,
};
use serde::{Deserialize, Serialize};

use crate::{
    Base, Child, Settings,
    facts::{Births, IMPLAUSIBLE_AGE, births_of},
};

/// What is known of a child. `None` means that no source says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "which lists hold the child, each by itself")]
pub struct Profile {
    /// The child.
    pub child: ChildId,
    /// Name.
    pub name: Option<Name>,
    /// Former name.
    pub former_name: Option<Name>,
    /// Resident ID with a right check character.
    pub id: Option<ResidentId>,
    /// The ID as written, when none is valid.
    pub id_raw: Option<Private>,
    /// National student number.
    pub student_number: Option<StudentNumber>,
    /// Birth.
    pub birth: Option<Birth>,
    /// Other births that sources give, which cannot be the same day.
    pub other_births: Vec<Birth>,
    /// Of compulsory age in the school year in force, as far as is known: a birth of month or year precision that may lie
    /// in the cohort lies in, and so does no birth at all.
    pub of_age: bool,
    /// Sex.
    pub sex: Option<Sex>,
    /// Ethnicity without 族.
    pub ethnicity: Option<String>,
    /// The town that answers for the child: of the register, else of the survey.
    pub town: Option<TownCode>,
    /// Village or community.
    pub village: Option<String>,
    /// Number of the villagers' group.
    pub group: Option<u8>,
    /// Registered address as written.
    pub address: Option<Private>,
    /// The town where the child lives, when a source says so.
    pub lives_in: Option<TownCode>,
    /// Address of residence as written.
    pub lives_at: Option<Private>,
    /// Guardian.
    pub guardian: Option<Name>,
    /// The guardian's relation as written.
    pub guardian_relation: Option<String>,
    /// A telephone number of the guardian or family.
    pub phone: Option<Private>,
    /// School as written.
    pub school: Option<String>,
    /// Grade.
    pub grade: Option<Grade>,
    /// Class as written.
    pub class: Option<String>,
    /// Hardship and disability.
    pub hardship: Hardship,
    /// The row of a town's own list of children out of school.
    pub on_town_ledger: Option<RecordId>,
    /// Whether an inspection found the child out of school.
    pub found_by_inspection: bool,
    /// Whether a live row of the population register holds it.
    pub in_population_register: bool,
    /// Which part of the population base holds it.
    pub base: Base,
    /// Whether a row of the student registry holds it that no newer export replaces.
    pub in_student_registry: bool,
    /// Whether a row of the student registry says that it is on a roll now.
    pub on_live_roll: bool,
}

/// Hardship and disability, as registers say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hardship {
    /// In the poverty register or under monitoring.
    pub poverty: bool,
    /// In the disability register.
    pub disabled: bool,
    /// Category of disability as written.
    pub disability: Option<String>,
    /// Grade of disability, 1 to 4.
    pub disability_grade: Option<u8>,
}

/// What is known of one child.
pub fn profile(child: &Child<'_>, settings: &Settings) -> Profile {
    let child = &sorted(child);
    let order = &settings.profile;
    let Births { chosen: birth, others: other_births, .. } = births_of(child, settings);
    let home = first(child, &order.residence, |record| town_of(record).map(|_| record));
    let guardian = first(child, &order.guardian, guardian_of);
    let desk = first(child, &order.school, |record| school_of(record).map(|_| record));
    let id = first(child, &order.identity, |record| {
        record.person.id.as_ref()?.valid().filter(|id| is_childs(id, settings)).copied()
    });
    let raw = || first(child, &order.identity, |r| Some(r.person.id.as_ref()?.raw.clone()));
    let lived = |r: &Record| r.person.lives_at.text.clone();
    let lists = lists(child);
    let address = first(child, &order.residence, |r| r.person.registered_at.text.clone());
    // Whoever has a number is registered somewhere, and so is who is said to be registered at a place of no town of the
    // county. Of a child of its own towns, whom its register lacks, a survey's address says only where the family lives.
    let stranger = |record: &&Record| {
        let place = &record.person.registered_at;
        place.text.is_some() && place.town.is_none()
    };
    let is_elsewhere = id.is_some() || child.records.iter().any(stranger);
    Profile {
        child: child.id,
        name: most(child, &order.identity, |record| record.person.name.clone()),
        former_name: first(child, &order.identity, |record| record.person.former_name.clone()),
        id_raw: if id.is_some() { None } else { raw() },
        id,
        student_number: first(child, &order.identity, |r| r.person.student_number.clone()),
        // Whom nothing but a stopped register names is in no base yet.
        of_age: birth.map_or(!child.records.is_empty(), |birth| {
            settings.cohort().contains(birth) != Some(false)
        }),
        birth,
        other_births,
        sex: most(child, &order.identity, |record| record.person.sex),
        ethnicity: most(child, &order.identity, |record| record.person.ethnicity.clone()),
        town: home.and_then(town_of),
        village: home.and_then(|record| place_of(record).village.clone()),
        group: home.and_then(|record| place_of(record).group),
        address,
        lives_in: most(child, &order.residence, |record| record.person.lives_at.town),
        lives_at: first(child, &order.residence, lived),
        guardian: guardian.and_then(|guardian| guardian.name.clone()),
        guardian_relation: guardian.and_then(|guardian| guardian.relation.clone()),
        phone: first(child, &order.guardian, phone_of),
        school: desk.and_then(school_of),
        grade: desk.and_then(grade_of),
        class: desk.and_then(|record| record.person.class.clone()),
        base: Base::of(child, lists.in_population_register, is_elsewhere),
        ..lists
    }
}

/// The records in a fixed order, the latest of a source first: later rows of a source replace earlier ones.
fn sorted<'a>(child: &Child<'a>) -> Child<'a> {
    let mut child = child.clone();
    let received = |record: &Record| child.files.and_then(|files| files.came(record.id).0);
    child.records.sort_by(|a, b| {
        b.as_of
            .cmp(&a.as_of)
            .then_with(|| received(b).cmp(&received(a)))
            .then_with(|| a.id.cmp(&b.id))
            .then_with(|| a.origin.cmp(&b.origin))
    });
    child
}

/// What the first source in the order says, its latest row first.
fn first<'a, T>(
    child: &Child<'a>,
    order: &[Source],
    value: impl Fn(&'a Record) -> Option<T>,
) -> Option<T> {
    order.iter().find_map(|source| of_source(child, *source).find_map(&value))
}

/// What most rows of the first source that says anything say; on a tie the latest row.
fn most<'a, T: PartialEq>(
    child: &Child<'a>,
    order: &[Source],
    value: impl Fn(&'a Record) -> Option<T>,
) -> Option<T> {
    order.iter().find_map(|source| {
        let mut counts: Vec<(T, usize)> = Vec::new();
        for value in of_source(child, *source).filter_map(&value) {
            match counts.iter_mut().find(|(known, _)| *known == value) {
                Some((_, count)) => *count += 1,
                None => counts.push((value, 1)),
            }
        }
        counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(value, _)| value)
    })
}

fn of_source<'c, 'a>(
    child: &'c Child<'a>,
    source: Source,
) -> impl Iterator<Item = &'a Record> + 'c {
    child.records.iter().copied().filter(move |record| record.source == source)
}

/// Whether the number is a child's: lists carry the guardian's number in the child's column.
fn is_childs(id: &ResidentId, settings: &Settings) -> bool {
    settings.as_of.years_since(id.birth()).is_some_and(|years| years < IMPLAUSIBLE_AGE)
}

/// The town that answers for the child by this record: a register's by registration, a list's by who sent it.
fn town_of(record: &Record) -> Option<TownCode> {
    let person = &record.person;
    match record.source {
        Source::TownSurvey | Source::TownLedger => {
            record.town.or(person.registered_at.town).or(person.lives_at.town)
        }
        Source::PopulationRegister
        | Source::StudentRegistry
        | Source::PovertyRegister
        | Source::DisabilityRegister
        | Source::CivilAffairs
        | Source::SchoolReport
        | Source::RollCall
        | Source::Inspection
        | Source::TipOff
        | Source::Certificate
        | Source::Approval
        | Source::Departure
        | Source::AidPayment
        | Source::HomeTeachingLog
        | Source::SchoolDirectory
        | Source::OfficialsDirectory => {
            person.registered_at.town.or(person.lives_at.town).or(record.town)
        }
    }
}

fn place_of(record: &Record) -> &Place {
    let Person { registered_at, lives_at, .. } = &record.person;
    if registered_at.village.is_some() || lives_at.village.is_none() {
        registered_at
    } else {
        lives_at
    }
}

fn guardian_of(record: &Record) -> Option<&Guardian> {
    record.person.guardians.iter().find(|guardian| guardian.name.is_some())
}

fn phone_of(record: &Record) -> Option<Private> {
    let guardians = record.person.guardians.iter().flat_map(|guardian| &guardian.phones);
    guardians.chain(&record.person.phones).next().cloned()
}

/// The school where the child is by this record. A registry row counts only while it is live or suspended: a school that
/// the child has left is not its school.
fn school_of(record: &Record) -> Option<String> {
    let mut left = false;
    for claim in &record.claims {
        match &claim.what {
            Statement::Enrolment(row) => match row.status {
                EnrolmentStatus::Attending | EnrolmentStatus::Suspended => {
                    return Some(row.school.clone());
                }
                EnrolmentStatus::TransferredOut => {
                    return row.transfer.as_ref().and_then(|transfer| transfer.school.clone());
                }
                EnrolmentStatus::Graduated
                | EnrolmentStatus::Dead
                | EnrolmentStatus::Abroad
                | EnrolmentStatus::Left
                | EnrolmentStatus::DroppedOut
                | EnrolmentStatus::Missing => left = true,
                EnrolmentStatus::Unclear => {}
            },
            Statement::Certificate(row) => return row.school.clone(),
            Statement::Survey {
                finding:
                    SurveyFinding::InSchoolElsewhere { school, .. }
                    | SurveyFinding::InSchool { school: Some(school), .. },
            } => return Some(school.clone()),
            Statement::Registered
            | Statement::Survey { .. }
            | Statement::Ledger(_)
            | Statement::Absence(_)
            | Statement::Inspection { .. }
            | Statement::TipOff
            | Statement::Leave(_)
            | Statement::Deferral(_)
            | Statement::Departure(_)
            | Statement::Poverty { .. }
            | Statement::Disability { .. }
            | Statement::Aid(_)
            | Statement::HomeVisit(_)
            | Statement::HomePlan(_) => {}
        }
    }
    if left { None } else { record.person.school.clone() }
}

fn grade_of(record: &Record) -> Option<Grade> {
    record.person.grade.or_else(|| {
        record.claims.iter().find_map(|claim| {
            let Statement::Enrolment(row) = &claim.what else { return None };
            row.grade
        })
    })
}

/// Which lists hold the child.
fn lists(child: &Child<'_>) -> Profile {
    let mut profile = Profile::empty(child.id);
    for record in &child.records {
        profile.in_population_register |= record.source == Source::PopulationRegister;
        let replaced = child.superseded.contains_key(&record.id);
        profile.in_student_registry |= record.source == Source::StudentRegistry && !replaced;
        profile.hardship.poverty |= record.source == Source::PovertyRegister;
        for claim in &record.claims {
            profile.note(record.id, &claim.what);
            let Statement::Enrolment(row) = &claim.what else { continue };
            profile.on_live_roll |= row.status == EnrolmentStatus::Attending && !replaced;
        }
    }
    profile
}

impl Profile {
    fn note(&mut self, record: RecordId, what: &Statement) {
        match what {
            Statement::Ledger(_) => {
                let first = self.on_town_ledger.map_or(record, |known| known.min(record));
                self.on_town_ledger = Some(first);
            }
            Statement::Inspection {
                finding: InspectionFinding::Out | InspectionFinding::OutMissed,
                ..
            } => self.found_by_inspection = true,
            Statement::Disability { category, grade, .. } => {
                self.hardship.disability = self.hardship.disability.take().or(category.clone());
                // 1 is the gravest.
                let grades = [self.hardship.disability_grade, *grade];
                self.hardship.disability_grade = grades.into_iter().flatten().min();
                self.hardship.disabled = true;
            }
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
            | Statement::Aid(_)
            | Statement::HomeVisit(_)
            | Statement::HomePlan(_) => {}
        }
    }

    /// A child of whom nothing is known.
    fn empty(child: ChildId) -> Self {
        Self {
            child,
            name: None,
            former_name: None,
            id: None,
            id_raw: None,
            student_number: None,
            birth: None,
            other_births: Vec::new(),
            of_age: true,
            sex: None,
            ethnicity: None,
            town: None,
            village: None,
            group: None,
            address: None,
            lives_in: None,
            lives_at: None,
            guardian: None,
            guardian_relation: None,
            phone: None,
            school: None,
            grade: None,
            class: None,
            hardship: Hardship::default(),
            on_town_ledger: None,
            found_by_inspection: false,
            in_population_register: false,
            base: Base::Unknown,
            in_student_registry: false,
            on_live_roll: false,
        }
    }
}
