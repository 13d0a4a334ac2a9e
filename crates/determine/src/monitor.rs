//! Dynamic monitoring: what changed from one full register of schools or survey of a town to the next, and from one monthly
//! report of a school to the next; who left without arriving anywhere, whose grade stands still, and whose absence runs
//! towards a threshold. Every finding has a date; none of them accuses anybody.

mod absence;
mod arrival;
mod pair;
mod reports;
mod seen;
mod settings;

use baoxue_claim::{ChildId, RecordId, Source};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Child, Files, Settings};

pub use pair::SnapshotPair;
pub use settings::{AcceptedSnapshot, MonitorRules};

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// On the newer register, not on the older.
    Arrived,
    /// The newer register says that the child left: transferred, graduated, gone.
    Left,
    /// On both, at another school.
    ChangedSchool,
    /// On the older register and in no row of the newer: gone without a transfer.
    Vanished,
    /// In school by the older survey of a town, out of school by the newer.
    TurnedOut,
    /// Reported absent, and in a later report of the school not named, neither absent nor back.
    Unanswered,
    /// Transferred out, and no sign yet that it arrived anywhere.
    NotArrived,
    /// In a later school year in no higher grade.
    GradeStands,
    /// Absent, and not yet past the next threshold by the last report.
    AbsenceRuns,
}

impl Change {
    /// All of them, in the order of the tables.
    pub const ALL: [Self; 9] = [
        Self::Vanished,
        Self::TurnedOut,
        Self::Unanswered,
        Self::NotArrived,
        Self::AbsenceRuns,
        Self::GradeStands,
        Self::Left,
        Self::ChangedSchool,
        Self::Arrived,
    ];

    /// What a clerk calls it.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Arrived => "新增",
            Self::Left => "离开（有去向记录）",
            Self::ChangedSchool => "换学校",
            Self::Vanished => "消失（无转学记录）",
            Self::TurnedOut => "摸排由在校变为不在校",
            Self::Unanswered => "上期缺课，本期未再提及",
            Self::NotArrived => "转出后无到校凭据",
            Self::GradeStands => "年级未升",
            Self::AbsenceRuns => "缺课逼近期限",
        }
    }

    /// The same in English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::Arrived => "arrived",
            Self::Left => "left, with a reason",
            Self::ChangedSchool => "changed school",
            Self::Vanished => "vanished without a transfer",
            Self::TurnedOut => "in school by the older survey, out by the newer",
            Self::Unanswered => "reported absent, then no longer named",
            Self::NotArrived => "transferred, no sign of arrival",
            Self::GradeStands => "grade not advanced",
            Self::AbsenceRuns => "absence runs towards a threshold",
        }
    }
}

/// One change of one child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is.
    pub change: Change,
    /// The child.
    pub child: ChildId,
    /// The day on which it shows: of the newer register, the transfer, the report.
    pub on: NaiveDate,
    /// The day by which somebody must know better, where there is one.
    pub due: Option<NaiveDate>,
    /// Whether that day has passed.
    pub overdue: bool,
    /// Whose register or report shows it.
    pub source: Source,
    /// Where the child was: school, or grade where grades are the matter.
    pub from: Option<String>,
    /// Where it is or went; days of absence for an absence.
    pub to: Option<String>,
    /// The row that shows it.
    pub record: RecordId,
}

/// What monitoring found on the day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Monitoring {
    /// Pairs of registers that were compared, with sums.
    pub pairs: Vec<SnapshotPair>,
    /// Findings in the order of the tables, the oldest first.
    pub findings: Vec<Finding>,
}

impl Monitoring {
    /// How many findings there are of a kind, and how many of them are overdue.
    pub fn count(&self, change: Change) -> (usize, usize) {
        let of = || self.findings.iter().filter(|finding| finding.change == change);
        (of().count(), of().filter(|finding| finding.overdue).count())
    }
}

/// Compares registers, surveys and monthly reports, and follows transfers and absences. `files` tells who has reported for
/// which month, zero reports included. `children` are those after
/// [`mark_superseded`](crate::mark_superseded): only a list that the newer register covers can say that a child is gone.
pub fn monitor(children: &[Child<'_>], files: &Files, settings: &Settings) -> Monitoring {
    let mut findings = Vec::new();
    let mut pairs = pair::compare(children, settings, &mut findings);
    pairs.extend(reports::compare(children, files, settings, &mut findings));
    arrival::follow(children, settings, &mut findings);
    absence::follow(children, settings, &mut findings);
    let place = |change| Change::ALL.iter().position(|known| *known == change);
    findings.sort_by_key(|finding| (place(finding.change), finding.on, finding.child));
    Monitoring { pairs, findings }
}

#[cfg(test)]
mod tests;
