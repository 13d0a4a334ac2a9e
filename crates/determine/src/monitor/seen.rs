//! One child in one list: a row of the student registry, or of a town's survey.

use baoxue_claim::{
    Enrolment, EnrolmentStatus, Record, Statement, SurveyFinding, compact, same_school,
};

use crate::facts::{Stance, survey_stance};

/// A row of a list.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) record: &'a Record,
    pub(super) row: Row<'a>,
}

/// What the row says.
#[derive(Clone, Copy)]
pub(super) enum Row<'a> {
    Roll(&'a Enrolment),
    Found(&'a SurveyFinding),
}

impl<'a> Seen<'a> {
    /// The rows of a record that stand in a list which comes whole.
    pub(super) fn of(record: &'a Record) -> impl Iterator<Item = Self> {
        record.claims.iter().filter_map(move |claim| {
            let row = match &claim.what {
                Statement::Enrolment(row) => Row::Roll(row),
                Statement::Survey { finding } => Row::Found(finding),
                Statement::Registered
                | Statement::Ledger(_)
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
                | Statement::HomePlan(_) => return None,
            };
            Some(Self { record, row })
        })
    }

    /// Whose list it is: the school, or the town.
    pub(super) fn list(&self) -> String {
        match self.row {
            Row::Roll(row) => compact(&row.school),
            Row::Found(_) => self.record.town.map(|town| town.to_string()).unwrap_or_default(),
        }
    }

    /// Whether the child belongs on the list from now on.
    pub(super) fn on_list(&self) -> bool {
        match self.row {
            Row::Roll(row) => {
                matches!(row.status, EnrolmentStatus::Attending | EnrolmentStatus::Suspended)
            }
            Row::Found(finding) => {
                !matches!(survey_stance(finding), Stance::Gone | Stance::NoSuchPerson)
            }
        }
    }

    /// The school; for a survey that names none, nothing.
    pub(super) fn school(&self) -> Option<&'a str> {
        match self.row {
            Row::Roll(row) => Some(&row.school),
            Row::Found(
                SurveyFinding::InSchool { school: Some(school), .. }
                | SurveyFinding::InSchoolElsewhere { school, .. },
            ) => Some(school),
            Row::Found(_) => None,
        }
    }

    /// Whether both rows name a school, and not the same.
    pub(super) fn elsewhere_than(&self, older: &Self) -> bool {
        let named = older.school().zip(self.school());
        named.is_some_and(|(was, is)| !same_school(was, is))
    }

    /// Whether the child is at school by this row, out of school by it, or neither.
    pub(super) fn at_school(&self) -> Option<bool> {
        match self.row {
            Row::Roll(_) => None,
            Row::Found(finding) => match survey_stance(finding) {
                Stance::InSchool | Stance::Elsewhere => Some(true),
                Stance::Out => Some(false),
                Stance::Excused
                | Stance::HomeTeaching
                | Stance::TooYoung
                | Stance::Done
                | Stance::Gone
                | Stance::NoSuchPerson
                | Stance::Nothing => None,
            },
        }
    }

    /// The row of the registry.
    pub(super) fn roll(&self) -> Option<&'a Enrolment> {
        match self.row {
            Row::Roll(row) => Some(row),
            Row::Found(_) => None,
        }
    }

    /// The receiving school, or why the child is off the list.
    pub(super) fn destination(&self) -> Option<String> {
        let row = match self.row {
            Row::Found(finding) => return Some(left_by(finding).to_owned()),
            Row::Roll(row) => row,
        };
        let school = row.transfer.as_ref().and_then(|transfer| transfer.school.clone());
        let why = match row.status {
            EnrolmentStatus::TransferredOut => "转出",
            EnrolmentStatus::Graduated => "毕业",
            EnrolmentStatus::Dead => "死亡",
            EnrolmentStatus::Abroad => "出国（境）",
            EnrolmentStatus::Left => "离校",
            EnrolmentStatus::DroppedOut => "辍学",
            EnrolmentStatus::Missing => "下落不明",
            EnrolmentStatus::Unclear => "学籍状态不明",
            EnrolmentStatus::Attending | EnrolmentStatus::Suspended => return school,
        };
        school.or_else(|| Some(why.to_owned()))
    }
}

/// Why a town no longer counts the child.
fn left_by(finding: &SurveyFinding) -> &'static str {
    match survey_stance(finding) {
        Stance::Gone => "镇办称已迁走、出国或去世",
        Stance::NoSuchPerson => "镇办称查无此人或重复登记",
        Stance::InSchool
        | Stance::Elsewhere
        | Stance::Out
        | Stance::Excused
        | Stance::HomeTeaching
        | Stance::TooYoung
        | Stance::Done
        | Stance::Nothing => "",
    }
}
