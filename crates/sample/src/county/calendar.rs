//! The school calendar around the day as of which the truth holds.

use baoxue_claim::SchoolYear;
use chrono::{Datelike, Days, Months, NaiveDate};

/// Everything about dates that the stories need.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    pub(super) as_of: NaiveDate,
    /// The school year in force; 2018 is 2018-19.
    pub(super) year: i32,
    /// Whether the ninth grade has left school: in July and August.
    pub(super) season_over: bool,
    /// Last days of the three school months that the schools reported, oldest first.
    pub(super) months: [NaiveDate; 3],
}

impl Calendar {
    /// `None` when the day is so early or late that the calendar has no such years.
    pub(super) fn new(as_of: NaiveDate) -> Option<Self> {
        let year = SchoolYear::of(as_of);
        let season_over = matches!(as_of.month(), 7 | 8);
        let mut months = [as_of; 3];
        let mut first = as_of.with_day(1)?;
        for slot in (0..3).rev() {
            loop {
                first = first.checked_sub_months(Months::new(1))?;
                if !matches!(first.month(), 2 | 7 | 8) {
                    break;
                }
            }
            months[slot] = month_closing(first)?;
        }
        Some(Self { as_of, year: year.0, season_over, months })
    }

    /// 1 to 9 in school age; 0 for who enters next September, less for younger, more for older.
    pub(super) fn grade(&self, birth: NaiveDate) -> i32 {
        let entry = birth.year() + if birth.month() >= 9 { 7 } else { 6 };
        self.year - entry + 1
    }

    /// First and last birthday of a grade.
    pub(super) fn births_of(&self, grade: i32) -> (NaiveDate, NaiveDate) {
        let last_year = self.year - grade + 1 - 6;
        let day =
            |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or(self.as_of);
        (day(last_year - 1, 9, 1), day(last_year, 8, 31))
    }

    pub(super) fn days_before(&self, n: i64) -> NaiveDate {
        let days = Days::new(n.unsigned_abs());
        self.as_of.checked_sub_days(days).unwrap_or(self.as_of)
    }

    /// The first of September in which the school year in force began.
    pub(super) fn term_start(&self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, 9, 1).unwrap_or(self.as_of)
    }
}

/// The day on which schools count: the last of the month, in June the end of term on 5 July.
fn month_closing(first: NaiveDate) -> Option<NaiveDate> {
    let next = first.checked_add_months(Months::new(1))?;
    if first.month() == 6 { next.with_day(5) } else { next.pred_opt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summer_of_2019_reports_april_to_june_and_grades_follow_the_cohort() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        let calendar = Calendar::new(day(2019, 8, 25)).unwrap();
        assert_eq!(calendar.months, [day(2019, 4, 30), day(2019, 5, 31), day(2019, 7, 5)]);
        assert_eq!(calendar.grade(day(2012, 8, 31)), 1);
        assert_eq!(calendar.grade(day(2012, 9, 1)), 0);
        assert_eq!(calendar.grade(day(2003, 9, 1)), 9);
        assert_eq!(calendar.births_of(9), (day(2003, 9, 1), day(2004, 8, 31)));
    }
}
