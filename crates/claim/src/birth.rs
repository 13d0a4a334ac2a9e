//! Birth dates of different precision.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    Doubt,
    date::{date_parts, numerals, read_date, year_of_ambiguous},
    text::half_width,
};

/// A birth date as precise as the list has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Birth {
    /// The day.
    Day(NaiveDate),
    /// Year and month.
    Month(i32, u8),
    /// The year.
    Year(i32),
}

impl fmt::Display for Birth {
    /// As precise as it is known: `2012-08-31`, `2012-08`, `2012`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Year(year) => write!(f, "{year:04}"),
        }
    }
}

/// What a birth cell gave: perhaps a birth, and what is doubtful.
pub type BirthReading = (Option<Birth>, Vec<Doubt>);

impl Birth {
    /// Reads a birth cell; `as_of` is the day of the file, no child is born after it. Empty text gives no doubt.
    pub fn read(cell: &str, as_of: NaiveDate) -> BirthReading {
        let text = half_width(cell);
        if text.is_empty() {
            return (None, Vec::new());
        }
        let Some(birth) = read_birth(&text) else { return (None, vec![Doubt::BirthUnreadable]) };
        if birth.year() < 1900 || birth.earliest() > as_of {
            return (None, vec![Doubt::BirthImpossible]);
        }
        let doubts = match birth {
            Self::Day(day) if day.ordinal() == 1 => vec![Doubt::BirthDefault],
            Self::Day(_) => Vec::new(),
            Self::Month(..) => vec![Doubt::BirthMonthOnly],
            Self::Year(_) => vec![Doubt::BirthYearOnly],
        };
        (Some(birth), doubts)
    }

    /// The year.
    pub fn year(self) -> i32 {
        match self {
            Self::Day(day) => day.year(),
            Self::Month(year, _) | Self::Year(year) => year,
        }
    }

    /// The day, if known.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            Self::Day(day) => Some(day),
            Self::Month(..) | Self::Year(_) => None,
        }
    }

    /// The first day it can be.
    pub fn earliest(self) -> NaiveDate {
        let (year, month) = match self {
            Self::Day(day) => return day,
            Self::Month(year, month) => (year, month),
            Self::Year(year) => (year, 1),
        };
        NaiveDate::from_ymd_opt(year, u32::from(month), 1).unwrap_or(NaiveDate::MIN)
    }

    /// The last day it can be.
    pub fn latest(self) -> NaiveDate {
        let next = match self {
            Self::Day(day) => return day,
            Self::Month(year, 12) | Self::Year(year) => NaiveDate::from_ymd_opt(year + 1, 1, 1),
            Self::Month(year, month) => NaiveDate::from_ymd_opt(year, u32::from(month) + 1, 1),
        };
        next.and_then(|day| day.pred_opt()).unwrap_or(NaiveDate::MAX)
    }

    /// Whether two births can be the same day.
    pub fn agrees(self, other: Self) -> bool {
        self.earliest() <= other.latest() && other.earliest() <= self.latest()
    }
}

fn read_birth(text: &str) -> Option<Birth> {
    if let Some(day) = read_date(text) {
        return Some(Birth::Day(day));
    }
    let month = |y: &str, m: &str| {
        let (year, month) = (y.parse().ok()?, m.parse().ok()?);
        (1..=12).contains(&month).then_some(Birth::Month(year, month))
    };
    if let Some(year) = year_of_ambiguous(text) {
        return Some(Birth::Year(year));
    }
    match date_parts(&numerals(text)).as_slice() {
        [y, m] if y.len() == 4 && m.len() <= 2 => month(y, m),
        [whole] if whole.len() == 6 => month(&whole[..4], &whole[4..]),
        [y] if y.len() == 4 => y.parse().ok().map(Birth::Year),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, birth: Option<Birth>, doubts: &[Doubt]) {
        let as_of = NaiveDate::from_ymd_opt(2019, 8, 25).unwrap();
        assert_eq!(Birth::read(cell, as_of), (birth, doubts.to_vec()), "{cell}");
    }

    #[test]
    fn day_month_year() {
        let day = Birth::Day(NaiveDate::from_ymd_opt(2009, 3, 5).unwrap());
        check("2009.3.5", Some(day), &[]);
        check("2009.03", Some(Birth::Month(2009, 3)), &[Doubt::BirthMonthOnly]);
        check("2009年3月", Some(Birth::Month(2009, 3)), &[Doubt::BirthMonthOnly]);
        check("二〇〇九年三月", Some(Birth::Month(2009, 3)), &[Doubt::BirthMonthOnly]);
        check("05/03/2009", Some(Birth::Year(2009)), &[Doubt::BirthYearOnly]);
        check("31/02/2009", None, &[Doubt::BirthUnreadable]);
        check("200903", Some(Birth::Month(2009, 3)), &[Doubt::BirthMonthOnly]);
        check("2009", Some(Birth::Year(2009)), &[Doubt::BirthYearOnly]);
        check("20090230", None, &[Doubt::BirthUnreadable]);
        check("2031-01-02", None, &[Doubt::BirthImpossible]);
        check("", None, &[]);
    }

    #[test]
    fn february_ends_where_it_ends() {
        assert_eq!(Birth::Month(2008, 2).latest(), NaiveDate::from_ymd_opt(2008, 2, 29).unwrap());
        assert!(Birth::Month(2008, 2).agrees(Birth::Year(2008)));
    }
}
