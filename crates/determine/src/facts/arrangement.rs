//! Rare placements in one neutral class, so that the class reveals nothing: circumstances that are sealed, and children
//! whom sports teams, troupes, hospitals, rehabilitation centres and welfare institutions teach.

use baoxue_claim::{InspectionFinding, Statement, SurveyFinding, compact};
use chrono::{Months, NaiveDate};

use super::{Basis, Slot, Stance, certificate, sealed::is_sealed, survey::stance};
use crate::{
    Child, Settings,
    evidence::{Evidence, Item},
};

/// Institutions that teach and are no school of the county.
///
/// Source: bodies for arts and sports may teach with approval (Compulsory Education Law art. 14); the rest is our proposal.
const RARE: [&str; 9] =
    ["体工队", "运动队", "艺术团", "剧团", "歌舞团", "杂技团", "康复中心", "福利院", "医院"];
/// Schools of their own kind.
const RARE_SCHOOLS: [&str; 3] = ["体育运动学校", "体校", "戏曲学校"];
/// How a school of the ordinary kind is called, whoever keeps it: 某医院子弟小学.
const ORDINARY: [&str; 4] = ["小学", "中学", "初中", "学校"];

/// Whether the name is that of an institution of the neutral class.
pub(crate) fn is_institution(name: &str) -> bool {
    let text = compact(name);
    let holds = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let ordinary = ORDINARY.iter().any(|word| text.ends_with(word));
    (holds(&RARE) && !ordinary) || holds(&RARE_SCHOOLS) || baoxue_claim::names_sealed(name)
}

/// Placements of the neutral class that somebody names.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Arrangement {
    /// Somebody names one, not too long ago.
    pub(crate) any: bool,
    /// The institution itself says so, by its certificate or its roll.
    pub(crate) confirmed: bool,
    /// Somebody named one, and the months for which that holds are over.
    pub(crate) lapsed: bool,
}

/// Reads who puts the child into the neutral class.
pub(crate) fn read<'a>(
    child: &Child<'a>,
    evidence: &Evidence<'a>,
    settings: &Settings,
    basis: &mut Basis<'a>,
) -> Arrangement {
    let mut found = Arrangement::default();
    let mut last: Option<NaiveDate> = None;
    for item in &evidence.items {
        let (end, by_institution) = match &item.claim.what {
            Statement::Certificate(row) if row.school.as_deref().is_some_and(is_institution) => {
                (certificate::good(item, row, child, settings).ok(), true)
            }
            Statement::Enrolment(row) if is_institution(&row.school) => {
                (months_on(item, settings), true)
            }
            Statement::Survey { finding: SurveyFinding::InSchoolElsewhere { school, .. } }
                if is_institution(school) =>
            {
                (months_on(item, settings), false)
            }
            what if may_be_sealed(what) && is_sealed(item.claim) => {
                (months_on(item, settings), false)
            }
            Statement::Registered
            | Statement::Enrolment(_)
            | Statement::Survey { .. }
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
            | Statement::HomePlan(_) => continue,
        };
        let holds = end.is_some_and(|end| settings.as_of <= end);
        if holds {
            basis.cite(Slot::Arrangement, Stance::Nothing, *item);
            found.confirmed |= by_institution;
        }
        found.any |= holds;
        found.lapsed |= end.is_some();
        last = last.max(end);
    }
    found.lapsed &= !found.any;
    basis.ends.arrangement = last;
    found
}

/// Statements in which custody of the child can be told. That it is at school says that it is not in custody.
fn may_be_sealed(what: &Statement) -> bool {
    match what {
        Statement::Survey { finding } => {
            !matches!(stance(finding), Stance::InSchool | Stance::Elsewhere)
        }
        Statement::Inspection { finding, .. } => {
            !matches!(finding, InspectionFinding::InSchool | InspectionFinding::InSchoolMisreported)
        }
        Statement::Absence(row) => !row.returned,
        Statement::Enrolment(_)
        | Statement::Ledger(_)
        | Statement::Leave(_)
        | Statement::Deferral(_) => true,
        Statement::Registered
        | Statement::TipOff
        | Statement::Certificate(_)
        | Statement::Departure(_)
        | Statement::Poverty { .. }
        | Statement::Disability { .. }
        | Statement::Aid(_)
        | Statement::HomeVisit(_)
        | Statement::HomePlan(_) => false,
    }
}

/// The last of the months for which a word of another arrangement holds.
fn months_on(item: &Item<'_>, settings: &Settings) -> Option<NaiveDate> {
    let months = Months::new(settings.arrangement_months);
    item.claim.on.checked_add_months(months).and_then(|day| day.pred_opt())
}
