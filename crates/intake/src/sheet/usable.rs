//! Whether a row says enough of a child to enter, must go back, or needs a person to place it.

use baoxue_claim::{
    Birth, Claim, Doubt, EnrolmentStatus, InspectionFinding, Noted, Person, Place, Source,
    Statement, SurveyFinding,
};

use crate::{Field, Reject, line::Line, values::birth_of};

/// What is said of a row that enters by its number alone.
pub(super) const NAME_MISSING: (&str, &str) = (
    "没有姓名，仅凭号码录入。请按户口簿补填姓名",
    "no name; the row enters by its number alone, fill in the name of the household booklet",
);

/// A data row as far as it tells who is meant.
pub(super) struct Row<'a> {
    pub(super) line: &'a Line<'a>,
    pub(super) person: &'a Person,
    pub(super) doubts: &'a [Noted],
}

impl Row<'_> {
    /// Why the row must go back. `claims` are what it says: a row that may speak of a child out of school enters for
    /// review, however little tells who it is.
    pub(super) fn reject(&self, claims: &[Claim]) -> Option<Reject> {
        if self.person.name.is_none() && !self.has_number() {
            return Some(Reject {
                column: self.column(Field::Name),
                code: "NO_NAME_NO_ID",
                zh: "没有姓名，也没有可用的身份证号，不知道是哪一名学生。请补填姓名和身份证号"
                    .to_owned(),
                en: "neither a name nor a usable ID number; fill in both".to_owned(),
            });
        }
        if let Some(reject) = self.impossible_birth() {
            return Some(reject);
        }
        let lost = self.is_bare() && !claims.iter().any(|claim| may_be_out(&claim.what));
        lost.then(|| Reject {
            column: self.column(Field::Id),
            code: "NAME_ONLY",
            zh: "只有姓名，没有可用的身份证号、出生日期、监护人、住址或学校，无法知道是哪一名学生。请补填身份证号，或出生日期和监护人"
                .to_owned(),
            en: "nothing but a name: no usable ID number, birth date, guardian, place or school; fill in the ID number, or birth date and guardian"
                .to_owned(),
        })
    }

    /// Why a row has too little for a program to link it: a nickname, or nothing but a name where the list has room for
    /// number and birth date.
    pub(super) fn thin(&self) -> Option<String> {
        if self.is_bare() {
            return Some(
                "只有姓名，没有号码、出生日期、监护人、住址和学校，但所述情况可能未在校，须由人工核对是哪一名学生"
                    .to_owned(),
            );
        }
        let known = self.person.id.as_ref().is_some_and(|id| id.digits().is_some())
            || self.person.student_number.is_some()
            || matches!(self.person.birth, Some(Birth::Day(_) | Birth::Month(..)));
        if known {
            return None;
        }
        let columns = self.line.facts.columns;
        let nickname = self.doubts.iter().any(|noted| noted.doubt == Doubt::NameNickname);
        let asked = columns.has(Field::Id) && columns.has(Field::Birth);
        let survey = matches!(self.line.facts.source, Source::TownSurvey | Source::CivilAffairs);
        (nickname || (asked && survey)).then(|| {
            "只有姓名（可能是小名）和监护人，没有身份证号和出生日期，须由人工核对是哪一名学生"
                .to_owned()
        })
    }

    fn has_number(&self) -> bool {
        self.person.id.as_ref().is_some_and(|id| id.digits().is_some())
            || self.person.student_number.is_some()
            || self.person.disability_number.is_some()
    }

    /// Whether the row gives a name and nothing else by which the child could ever be found, in a list that asks for
    /// number and birth date: a short list of names alone cannot be mended by its sender.
    fn is_bare(&self) -> bool {
        let columns = self.line.facts.columns;
        columns.has(Field::Id) && columns.has(Field::Birth) && self.is_name_alone()
    }

    /// Whether the row is of no use at all: a name and no word that the child may be out of school.
    pub(super) fn is_useless(&self, claims: &[Claim]) -> bool {
        self.is_name_alone() && !claims.iter().any(|claim| may_be_out(&claim.what))
    }

    fn is_name_alone(&self) -> bool {
        let person = self.person;
        let in_school = person.school.is_some()
            || person.class.is_some()
            || person.grade.is_some()
            || self.line.facts.school.is_some();
        let somewhere =
            person.registered_at != Place::default() || person.lives_at != Place::default();
        let family =
            !person.guardians.is_empty() || person.household.is_some() || !person.phones.is_empty();
        !(self.has_number() || person.birth.is_some() || in_school || somewhere || family)
    }

    fn impossible_birth(&self) -> Option<Reject> {
        // A number with one wrong digit still tells when the child was born, if not in the future.
        let as_of = self.line.facts.as_of;
        let told = self.person.id.as_ref().and_then(birth_of).is_some_and(|day| day <= as_of);
        let cell = self.line.get(Field::Birth)?;
        let digits = cell.chars().filter(char::is_ascii_digit).count();
        // Words such as 不详 are no date; 2009-02-30 was meant as one.
        let impossible = self.doubts.iter().any(|noted| {
            noted.doubt == Doubt::BirthImpossible
                || (noted.doubt == Doubt::BirthUnreadable && digits >= 5)
        });
        (impossible && !told).then(|| Reject {
            column: self.column(Field::Birth),
            code: "BIRTH_IMPOSSIBLE",
            zh: format!(
                "出生日期“{}”不存在或不合理，又没有正确的身份证号可以核对。请按户口簿改正",
                cell.trim()
            ),
            en: format!(
                "birth date `{}` is not possible and no valid ID tells it; mend it",
                cell.trim()
            ),
        })
    }

    fn column(&self, field: Field) -> Option<u32> {
        Some(self.line.facts.columns.number(field)).filter(|column| *column > 0)
    }
}

/// Whether a child may be out of school if this is true. Wider than what accuses: no such child may be lost between
/// sender and county.
fn may_be_out(what: &Statement) -> bool {
    match what {
        Statement::Survey { finding } => found_out(finding),
        Statement::Ledger(_) | Statement::TipOff => true,
        Statement::Absence(absence) => !absence.returned,
        Statement::Inspection { finding, .. } => match finding {
            InspectionFinding::Out | InspectionFinding::OutMissed | InspectionFinding::Unclear => {
                true
            }
            InspectionFinding::InSchool | InspectionFinding::InSchoolMisreported => false,
        },
        Statement::Enrolment(enrolment) => {
            matches!(enrolment.status, EnrolmentStatus::Left | EnrolmentStatus::Missing)
        }
        Statement::Poverty { out, .. } => *out,
        Statement::Disability { in_school, .. } => *in_school == Some(false),
        Statement::Registered
        | Statement::Certificate(_)
        | Statement::Leave(_)
        | Statement::Deferral(_)
        | Statement::Departure(_)
        | Statement::Aid(_)
        | Statement::HomeVisit(_)
        | Statement::HomePlan(_) => false,
    }
}

fn found_out(finding: &SurveyFinding) -> bool {
    match finding {
        SurveyFinding::ElsewhereUnnamed
        | SurveyFinding::Out { .. }
        | SurveyFinding::NeverEnrolled
        | SurveyFinding::SuspensionLapsed
        | SurveyFinding::Ill
        | SurveyFinding::DisabledAtHome
        | SurveyFinding::Away
        | SurveyFinding::Unreachable
        | SurveyFinding::Unclear => true,
        SurveyFinding::InSchool { .. }
        | SurveyFinding::InSchoolElsewhere { .. }
        | SurveyFinding::NotYetOfAge
        | SurveyFinding::Graduated
        | SurveyFinding::Returned
        | SurveyFinding::Suspended
        | SurveyFinding::Deferred
        | SurveyFinding::HomeTeaching
        | SurveyFinding::Transferred
        | SurveyFinding::NoSuchPerson
        | SurveyFinding::RegisteredTwice
        | SurveyFinding::MovedAway
        | SurveyFinding::Abroad
        | SurveyFinding::Dead
        | SurveyFinding::Silent => false,
    }
}
