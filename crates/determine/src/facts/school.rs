//! What schools report each month.

use baoxue_claim::{Absence, Report, Source, Statement, compact, same_school};
use chrono::{Datelike, NaiveDate, TimeDelta};

use super::{Basis, LeaveFacts, Registry, Slot, Stance, sealed::is_sealed};
use crate::{
    Child, Settings,
    evidence::{Evidence, Item, Of},
    verdict::Why,
};

/// A report that ends within so many days of the next month is still the report of the month before: schools hand it in
/// when the month is over.
const GRACE_DAYS: i64 = 10;
const LATER_MONTH: Why = ("已有更晚月份的月报，不再作数", "a report of a later month is there");
const MOVED: Why = (
    "学籍显示已转入其他学校，该缺课不作数",
    "the registry shows that the child had changed school",
);

/// The latest monthly report about the child that nothing answers.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts that rules name")]
pub(crate) struct School {
    pub(crate) returned: bool,
    /// The day of return, the last day of the report where it gives none.
    pub(crate) back_on: Option<NaiveDate>,
    pub(crate) absent: bool,
    /// A month's report says so, and not a teacher's note alone.
    pub(crate) monthly: bool,
    /// The first day of the absence, the latest of several.
    pub(crate) absent_from: Option<NaiveDate>,
    pub(crate) days_known: bool,
    /// Days of absence that no approved leave covers; -1 when unknown.
    pub(crate) days: i64,
    /// School days missed that no approved leave covers; -1 where the report does not count them.
    pub(crate) missed: i64,
    /// Attempts at persuasion that the school has recorded; -1 where the report does not say.
    pub(crate) persuasions: i64,
    /// Whether approved leave covers a part of the absence.
    pub(crate) leave_covers: bool,
    /// Whether other schools have reported months that this report's school has not.
    pub(crate) overdue: bool,
}

/// Reads the absence reports. Of the child's own rows only the latest month counts, and only as long as its school has not
/// reported a later month without it; what other schools report answers nothing. An absence at a school that the child has
/// left for another, or before it arrived at the reporting school, is none.
pub(crate) fn read<'a>(
    child: &Child<'a>,
    evidence: &Evidence<'a>,
    (registry, leave): (&Registry, &LeaveFacts),
    settings: &Settings,
    basis: &mut Basis<'a>,
) -> School {
    let mut rows = evidence.of(|claim| {
        let Statement::Absence(row) = &claim.what else { return None };
        Some(row)
    });
    let reports = child.files.map_or(&[][..], |files| &files.reports);
    // That a teacher noted an absence of some days is no report of a month: it retires none.
    let retires = |item: &Item<'_>, row: &Absence| row.returned || !is_note(item);
    let latest = rows.iter().filter(|(item, row)| retires(item, row));
    let latest = latest.map(|(_, row)| month(row.until)).max();
    rows.retain(|(item, row)| {
        if latest.is_some_and(|latest| month(row.until) < latest) {
            basis.refuse(*item, LATER_MONTH);
            return false;
        }
        let answer = reports
            .iter()
            .filter(|report| answers(report, item, row, registry))
            .max_by_key(|r| r.until);
        if let Some(answer) = answer {
            let zero = if answer.zero {
                ("学校此后为零报告，不再作数", "its school has since reported zero")
            } else {
                (
                    "学校此后的月报没有该生，不再作数",
                    "its school has since reported without the child",
                )
            };
            basis.refuse(*item, zero);
        }
        answer.is_none()
    });
    let latest = rows.iter().map(|(_, row)| month(row.until)).max();
    let county = reports.iter().map(|report| month(report.until)).max();
    let behind = county.zip(latest).map_or(0, |(county, latest)| i64::from(county - latest));
    let overdue = behind >= i64::from(settings.report_overdue_months);
    School { overdue, ..School::default() }.settle(&rows, (registry, leave), basis)
}

/// Whether a row is a note of a roll call: the school's word about this child on that day, and no report of its month.
fn is_note(item: &Item<'_>) -> bool {
    item.record.source == Source::RollCall
}

/// Whether a report is a later word of the school that reported the child, of the school on whose roll it is now, or of
/// the sender of a list that names no school.
fn answers(report: &Report, item: &Item<'_>, row: &Absence, registry: &Registry) -> bool {
    if month(report.until) <= month(row.until) {
        return false;
    }
    let Some(school) = &report.school else {
        let sender_knows_schools = report.town.is_none() && row.school.is_some();
        return report.town == item.record.town && !sender_knows_schools;
    };
    let reported = row.school.as_ref().is_some_and(|own| same_school(own, school));
    reported || registry.live_at.iter().any(|(name, _)| same_school(name, school))
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
        (self.days, self.missed, self.persuasions) = (-1, -1, -1);
        let moved = |row: &Absence| moved_away(row, registry);
        let back = reports.iter().filter(|(_, row)| row.returned && !moved(row));
        self.back_on = back.map(|(_, row)| row.returned_on.unwrap_or(row.until)).max();
        // Reports of the same month: that the child is back is the later news, unless a later word has it away after that.
        let away_again = |row: &Absence| {
            let until = days_of(row)
                .map_or(row.until, |days| since_of(row, days) + TimeDelta::days(i64::from(days)));
            !row.returned
                && !moved(row)
                && self.back_on.is_some_and(|back| row.until > back && until > back)
        };
        let is_away_again =
            self.back_on.is_some() && reports.iter().any(|(_, row)| away_again(row));
        let is_over = |row: &Absence| is_away_again && !away_again(row);
        self.returned = self.back_on.is_some() && !is_away_again;
        for (item, row) in reports {
            if moved(row) {
                basis.refuse(*item, MOVED);
                continue;
            }
            // An absence in custody is no truancy: the neutral class has the child.
            if !row.returned && is_sealed(item.claim) {
                continue;
            }
            let stance = if row.returned { Stance::InSchool } else { Stance::Out };
            basis.cite(Slot::School, stance, *item);
            if row.returned || self.returned || is_over(row) {
                continue;
            }
            self.absent = true;
            self.monthly |= !is_note(item);
            let from = days_of(row).map(|days| since_of(row, days));
            self.absent_from = self.absent_from.max(from);
            let attempts = row.persuasions.map_or(-1, i64::from);
            self.persuasions = self.persuasions.max(attempts);
            if let Some(days) = days_of(row) {
                let covered = leave.covered_days(since_of(row, days), row.until);
                self.leave_covers |= covered > 0;
                self.days_known = true;
                self.days = self.days.max((i64::from(days) - covered).max(0));
                if let Some(days) = row.school_days {
                    self.missed = self.missed.max((i64::from(days) - covered).max(0));
                }
            }
        }
        self
    }
}

/// Days of absence as the school states them, else from the first day of absence to the end of the report, else so many as
/// there were school days at the least.
fn days_of(row: &Absence) -> Option<u32> {
    let from_first_day = || {
        let days = (row.until - row.since?).num_days();
        u32::try_from(days).ok()
    };
    row.days.or_else(from_first_day).or(row.school_days)
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

#[cfg(test)]
mod tests {
    use baoxue_claim::{BatchId, ChildId, Record, RecordId, Source, Statement, VerdictCode};
    use chrono::NaiveDate;

    use crate::{Child, Pack, Settings, pack::records_of_case};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// What cells of worked cases say.
    fn told(cells: &[(&str, &str)]) -> Vec<Record> {
        records_of_case(day("2019-10-20"), cells).unwrap()
    }

    /// A teacher's note of a day: away since another, or back.
    fn note(on: &str, since: Option<&str>) -> Record {
        let mut note = told(&[("report", "2019-09 3 days")]).remove(0);
        note.id = RecordId::new(BatchId(77), 0);
        note.source = Source::RollCall;
        for claim in &mut note.claims {
            claim.on = day(on);
            let Statement::Absence(row) = &mut claim.what else { continue };
            row.until = day(on);
            row.since = since.map(day);
            row.days = since.map(|since| u32::try_from((day(on) - day(since)).num_days()).unwrap());
            row.returned = since.is_none();
            row.returned_on = since.is_none().then(|| day(on));
        }
        note
    }

    fn code(records: &[Record]) -> VerdictCode {
        let child = Child::new(ChildId(1), records.iter().collect());
        crate::verdict(&child, &Pack::builtin(), &Settings::new(day("2019-10-20"))).code
    }

    #[test]
    fn a_note_below_the_threshold_changes_nothing() {
        for cells in [
            &[("registry", "attending 7"), ("survey", "out")][..],
            &[("registry", "attending 7"), ("report", "2019-09 25 days")],
            &[("survey", "out")],
            &[("registry", "attending 7")],
        ] {
            let mut records = told(cells);
            let before = code(&records);
            records.push(note("2019-10-12", Some("2019-10-09")));
            assert_eq!(code(&records), before, "{cells:?}");
        }
    }

    #[test]
    fn a_note_past_the_threshold_is_a_suspicion() {
        let mut records = told(&[("registry", "attending 7")]);
        records.push(note("2019-10-18", Some("2019-10-08")));
        assert_eq!(code(&records), VerdictCode::Suspected);
    }

    #[test]
    fn the_later_word_of_a_month_decides_whether_the_child_is_back() {
        let back = note("2019-09-15", None);
        let mut records =
            told(&[("registry", "attending 7"), ("report", "2019-09 since 2019-09-05")]);
        assert_eq!(code(&records), VerdictCode::Suspected);
        records.push(back.clone());
        assert_eq!(code(&records), VerdictCode::Suspected, "the month's report is later");
        let earlier = note("2019-09-12", Some("2019-09-02"));
        let mut records = told(&[("registry", "attending 7")]);
        records.extend([earlier, Record { id: RecordId::new(BatchId(78), 0), ..back }]);
        assert_eq!(code(&records), VerdictCode::EnrolledLocal, "it came back after");
    }
}
