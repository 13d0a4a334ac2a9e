//! What schools report each month.

use baoxue_claim::{Absence, Statement, compact};
use chrono::{Datelike, NaiveDate, TimeDelta};

use super::{Basis, LeaveFacts, Registry, Slot, Stance};
use crate::{
    Child,
    evidence::{Evidence, Of},
};

/// A report that ends within so many days of the next month is still the report of the month before: schools hand it in
/// when the month is over.
const GRACE_DAYS: i64 = 10;

/// The latest monthly report.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts that rules name")]
pub(crate) struct School {
    pub(crate) returned: bool,
    pub(crate) absent: bool,
    pub(crate) days_known: bool,
    /// Days of absence that no approved leave covers; -1 when unknown.
    pub(crate) days: i64,
    /// Whether approved leave covers a part of the absence.
    pub(crate) leave_covers: bool,
}

/// Reads the absence reports. Only the latest month counts; an absence at a school that the child has left for another,
/// or before it arrived at the reporting school, is none.
pub(crate) fn read<'a>(
    child: &Child<'a>,
    evidence: &Evidence<'a>,
    (registry, leave): (&Registry, &LeaveFacts),
    basis: &mut Basis<'a>,
) -> School {
    let mut reports = evidence.of(|claim| {
        let Statement::Absence(row) = &claim.what else { return None };
        Some(row)
    });
    let own = reports.iter().map(|(_, row)| month(row.until)).max();
    let latest = own.max(child.reports_until.map(month));
    reports.retain(|(item, row)| {
        let current = Some(month(row.until)) == latest;
        if !current {
            basis.refuse(*item, "已有更晚月份的月报，不再作数");
        }
        current
    });
    School::default().settle(&reports, (registry, leave), basis)
}

/// Whether the registry explains a report of absence by a change of school: the child has left the reporting school for
/// a live row elsewhere, or arrived after the day from which it is said not to have registered.
fn moved_away(row: &Absence, registry: &Registry) -> bool {
    if registry.live_at.is_empty() {
        return false;
    }
    let school = row.school.as_deref().map(compact);
    let at = |name: &String| school.as_deref() == Some(name.as_str());
    if registry.left_schools.iter().any(at) && !registry.live_at.iter().any(|(name, _)| at(name)) {
        return true;
    }
    let arrival = registry.live_at.iter().filter_map(|(_, arrived)| *arrived).max();
    row.no_show && arrival.is_some() && arrival >= row.since
}

impl School {
    fn settle<'a>(
        mut self,
        reports: &[Of<'a, Absence>],
        (registry, leave): (&Registry, &LeaveFacts),
        basis: &mut Basis<'a>,
    ) -> Self {
        self.days = -1;
        let moved = |row: &Absence| moved_away(row, registry);
        // Reports of the same month: that the child is back is the later news.
        self.returned = reports.iter().any(|(_, row)| row.returned && !moved(row));
        for (item, row) in reports {
            if moved(row) {
                basis.refuse(*item, "学籍显示已转入其他学校，该缺课不作数");
                continue;
            }
            let stance = if row.returned { Stance::InSchool } else { Stance::Out };
            basis.cite(Slot::School, stance, *item);
            if row.returned || self.returned {
                continue;
            }
            self.absent = true;
            if let Some(days) = days_of(row) {
                let covered = leave.covered_days(since_of(row, days), row.until);
                self.leave_covers |= covered > 0;
                self.days_known = true;
                self.days = self.days.max((i64::from(days) - covered).max(0));
            }
        }
        self
    }
}

/// Days of absence as the school states them, else from the first day of absence to the end of the report.
fn days_of(row: &Absence) -> Option<u32> {
    row.days.or_else(|| {
        let days = (row.until - row.since?).num_days();
        u32::try_from(days).ok()
    })
}

fn since_of(row: &Absence, days: u32) -> NaiveDate {
    let counted = row.until.checked_sub_signed(TimeDelta::days(i64::from(days)));
    row.since.or(counted).unwrap_or(row.until)
}

/// Number of the month that a report ending on `until` is about.
fn month(until: NaiveDate) -> i32 {
    let day = until.checked_sub_signed(TimeDelta::days(GRACE_DAYS)).unwrap_or(until);
    day.year() * 12 + day.month0().cast_signed()
}
