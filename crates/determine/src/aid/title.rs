//! Whether a pupil is entitled to an aid, and why.

use baoxue_claim::{AidKind, Source, Statement, StudyMode, VerdictCode};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::Known;

/// Whether a pupil is entitled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Title {
    /// It is.
    Entitled,
    /// It is if what only one side says holds.
    Likely,
    /// It is not.
    Not,
    /// Too little is known.
    Unknown,
}

/// Why a pupil is entitled, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// In school in the county.
    InSchool,
    /// Not in a school of the county.
    NotInSchool,
    /// Whether it is in school is not known.
    SchoolUnknown,
    /// In the poverty register or under monitoring.
    Poor,
    /// On a list of civil affairs.
    CivilAffairs,
    /// In the disability register only: one law asks no proof of poverty, the rules of the aid do.
    DisabledOnly,
    /// On no list of hardship.
    NoHardship,
    /// Boards.
    Boards,
    /// Does not board.
    DoesNotBoard,
    /// Nobody says whether it boards.
    ModeUnknown,
    /// No rule here says who is entitled to this aid.
    NoRule,
}

impl Reason {
    /// In zh-CN.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::InSchool => "在本县就读",
            Self::NotInSchool => "不在本县学校就读",
            Self::SchoolUnknown => "是否在校待核",
            Self::Poor => "建档立卡（脱贫、监测）户",
            Self::CivilAffairs => "民政保障对象",
            Self::DisabledOnly => {
                "仅有残疾证：残疾人保障法不要求另证贫困，补助办法要求，须人工认定"
            }
            Self::NoHardship => "不在任何困难名册",
            Self::Boards => "寄宿",
            Self::DoesNotBoard => "不寄宿",
            Self::ModeUnknown => "是否寄宿不明",
            Self::NoRule => "本系统无此项资助的条件",
        }
    }

    /// In English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::InSchool => "in school here",
            Self::NotInSchool => "not in a school of the county",
            Self::SchoolUnknown => "not known whether in school",
            Self::Poor => "in the poverty register or monitored",
            Self::CivilAffairs => "on a list of civil affairs",
            Self::DisabledOnly => "disabled, not proved poor: laws differ, a person decides",
            Self::NoHardship => "on no list of hardship",
            Self::Boards => "boards",
            Self::DoesNotBoard => "does not board",
            Self::ModeUnknown => "not known whether it boards",
            Self::NoRule => "no rule here says who is entitled",
        }
    }
}

/// What decides a title.
pub(super) struct Circumstances {
    /// In school here; `None` when not known.
    in_school: Option<bool>,
    poor: bool,
    civil_affairs: bool,
    disabled: bool,
    /// Whether it boards, by the newest row that says how it attends.
    boards: Option<bool>,
}

impl Circumstances {
    pub(super) fn of(child: &Known<'_>, as_of: NaiveDate) -> Self {
        let listed = |source| {
            child.records.iter().any(|record| record.source == source && record.as_of <= as_of)
        };
        Self {
            in_school: in_school(child.found.verdict.code),
            poor: child.found.profile.hardship.poverty,
            civil_affairs: listed(Source::CivilAffairs),
            disabled: child.found.profile.hardship.disabled,
            boards: boards(child, as_of),
        }
    }

    /// Whether the pupil is entitled to an aid. Living allowances need a pupil in school, hardship, and boarding or not.
    pub(super) fn title(&self, aid: AidKind) -> (Title, Vec<Reason>) {
        let must_board = match aid {
            AidKind::BoardingLiving => true,
            AidKind::DayLiving => false,
            AidKind::Meals
            | AidKind::FeesAndBooks
            | AidKind::OrphanAllowance
            | AidKind::Relief
            | AidKind::Other => return (Title::Unknown, vec![Reason::NoRule]),
        };
        let parts = [self.school(), self.hardship(), self.boarding(must_board)];
        let weakest = |title| parts.iter().any(|(part, _)| *part == title);
        let title = [Title::Not, Title::Unknown, Title::Likely].into_iter().find(|t| weakest(*t));
        let title = title.unwrap_or(Title::Entitled);
        let decides = |part: &Title| title == Title::Entitled || *part == title;
        let reasons = parts.iter().filter(|(part, _)| decides(part)).map(|(_, reason)| *reason);
        (title, reasons.collect())
    }

    const fn school(&self) -> (Title, Reason) {
        match self.in_school {
            Some(true) => (Title::Entitled, Reason::InSchool),
            Some(false) => (Title::Not, Reason::NotInSchool),
            None => (Title::Unknown, Reason::SchoolUnknown),
        }
    }

    const fn hardship(&self) -> (Title, Reason) {
        if self.poor {
            (Title::Entitled, Reason::Poor)
        } else if self.civil_affairs {
            (Title::Entitled, Reason::CivilAffairs)
        } else if self.disabled {
            (Title::Likely, Reason::DisabledOnly)
        } else {
            (Title::Not, Reason::NoHardship)
        }
    }

    const fn boarding(&self, must_board: bool) -> (Title, Reason) {
        match (self.boards, must_board) {
            (None, _) => (Title::Likely, Reason::ModeUnknown),
            (Some(true), true) => (Title::Entitled, Reason::Boards),
            (Some(false), false) => (Title::Entitled, Reason::DoesNotBoard),
            (Some(true), false) => (Title::Not, Reason::Boards),
            (Some(false), true) => (Title::Not, Reason::DoesNotBoard),
        }
    }
}

const fn in_school(code: VerdictCode) -> Option<bool> {
    match code {
        VerdictCode::EnrolledLocal | VerdictCode::HomeTeaching => Some(true),
        VerdictCode::Conflict
        | VerdictCode::Unverified
        | VerdictCode::Suspected
        | VerdictCode::OtherArrangement
        | VerdictCode::OverageIncomplete => None,
        VerdictCode::EnrolledElsewhere
        | VerdictCode::NotYetOfAge
        | VerdictCode::Completed
        | VerdictCode::Deferred
        | VerdictCode::Suspended
        | VerdictCode::Unable
        | VerdictCode::Dead
        | VerdictCode::MovedOut
        | VerdictCode::Emigrated
        | VerdictCode::RegisterError
        | VerdictCode::Missing
        | VerdictCode::Dropout
        | VerdictCode::NeverEnrolled => Some(false),
    }
}

/// What the registry says; a payment list says what its sender believes and decides nothing.
fn boards(child: &Known<'_>, as_of: NaiveDate) -> Option<bool> {
    let mut newest: Option<(NaiveDate, baoxue_claim::RecordId, bool)> = None;
    for (id, record, claim) in child.claims().filter(|(_, r, _)| r.as_of <= as_of) {
        let Statement::Enrolment(row) = &claim.what else { continue };
        let Some(mode) = row.mode else { continue };
        let this = (record.as_of, id.record, mode == StudyMode::Boarding);
        if newest.is_none_or(|known| (known.0, known.1) < (this.0, this.1)) {
            newest = Some(this);
        }
    }
    newest.map(|(_, _, boards)| boards)
}
