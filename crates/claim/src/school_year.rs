//! School years and the cohort of compulsory age.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::Birth;

/// A school year, named by the calendar year of its September: 2018 is 2018-19.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SchoolYear(pub i32);

impl SchoolYear {
    /// The school year in force on a day: until 31 August it is the one that began the September before.
    pub fn of(day: NaiveDate) -> Self {
        Self(if day.month() >= 9 { day.year() } else { day.year() - 1 })
    }
}

/// The births that are of compulsory age in a school year.
///
/// With entry age 6, cut-off 31 August and nine years: of age in 2018-19 are those born 2003-09-01 … 2012-08-31.
///
/// Source: Compulsory Education Law art. 11; Shaanxi education department, 16 March 2017, for the cut-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cohort {
    /// First birthday of the cohort.
    pub first: NaiveDate,
    /// Last birthday of the cohort.
    pub last: NaiveDate,
}

impl Cohort {
    /// The cohort of `year` for children who enter when they are `entry_age` on the cut-off day and stay `years`.
    /// `None` when the cut-off is no date.
    ///
    /// ```
    /// use baoxue_claim::{Cohort, SchoolYear};
    /// let cohort = Cohort::of(SchoolYear(2018), 6, 9, (8, 31)).unwrap();
    /// assert_eq!(cohort.first.to_string(), "2003-09-01");
    /// assert_eq!(cohort.last.to_string(), "2012-08-31");
    /// ```
    pub fn of(year: SchoolYear, entry_age: u8, years: u8, cutoff: (u32, u32)) -> Option<Self> {
        let last_year = year.0 - i32::from(entry_age);
        let last = NaiveDate::from_ymd_opt(last_year, cutoff.0, cutoff.1)?;
        let before = NaiveDate::from_ymd_opt(last_year - i32::from(years), cutoff.0, cutoff.1)?;
        Some(Self { first: before.succ_opt()?, last })
    }

    /// Whether a birth lies in the cohort; `None` when a birth of month or year precision may lie in or out.
    pub fn contains(&self, birth: Birth) -> Option<bool> {
        let (early, late) = (birth.earliest(), birth.latest());
        if self.first <= early && late <= self.last {
            return Some(true);
        }
        if late < self.first || early > self.last {
            return Some(false);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boundary_is_the_night_before_the_first_of_september() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        let cohort = Cohort::of(SchoolYear::of(day(2019, 8, 25)), 6, 9, (8, 31)).unwrap();
        assert_eq!(cohort.contains(Birth::Day(day(2012, 8, 31))), Some(true));
        assert_eq!(cohort.contains(Birth::Day(day(2012, 9, 1))), Some(false));
        assert_eq!(cohort.contains(Birth::Day(day(2003, 9, 1))), Some(true));
        assert_eq!(cohort.contains(Birth::Day(day(2003, 8, 31))), Some(false));
        assert_eq!(cohort.contains(Birth::Year(2012)), None);
        assert_eq!(cohort.contains(Birth::Month(2012, 8)), Some(true));
    }
}
