//! Which days count: working days with the official holidays and make-up days of each year, school days within the
//! county's terms, and every day.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;

use crate::day::Day;

/// The years whose holidays come with the program.
const BUILT_IN: [(&str, &str); 3] = [
    ("2019.toml", include_str!("../data/calendar/2019.toml")),
    ("2020.toml", include_str!("../data/calendar/2020.toml")),
    ("2026.toml", include_str!("../data/calendar/2026.toml")),
];

/// Holidays, make-up days and school terms of a county.
///
/// A year of which no file is known is counted by its weekdays, and [`Calendar::knows`] says so: a clock must neither stop
/// nor be taken for exact because nobody has entered next year's holidays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeSet<i32>,
    off: BTreeSet<NaiveDate>,
    work: BTreeSet<NaiveDate>,
    terms: Vec<Semester>,
}

/// A school term (学期), both days included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Semester {
    /// What it is called.
    pub name: String,
    /// First day with lessons.
    pub from: NaiveDate,
    /// Last day with lessons.
    pub to: NaiveDate,
}

/// A calendar file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {why}")]
pub struct CalendarError {
    /// The file.
    pub file: String,
    /// What is wrong with it and what was expected.
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    year: i32,
    source: String,
    #[serde(default)]
    holiday: Vec<Holiday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Holiday {
    name: String,
    from: Day,
    to: Day,
    work: Vec<Day>,
}

impl Calendar {
    /// The years that come with the program, without terms: those are the county's.
    pub fn built_in() -> Self {
        let mut calendar = Self::default();
        for (file, text) in BUILT_IN {
            // A file of ours that is wrong fails the tests of this module.
            let read = calendar.add_year(file, text);
            debug_assert!(read.is_ok(), "{read:?}");
        }
        calendar
    }

    /// Adds the holidays of a year; a year that is known already is replaced.
    ///
    /// # Errors
    /// [`CalendarError`] when the file is no such file, a holiday ends before it begins, lies outside the year and its two
    /// neighbours, or a day is both off and worked.
    pub fn add_year(&mut self, file: &str, text: &str) -> Result<(), CalendarError> {
        let wrong = |why: String| CalendarError { file: file.to_owned(), why };
        let read: YearFile =
            toml::from_str(text).map_err(|error| wrong(error.to_string().trim_end().to_owned()))?;
        if read.source.trim().is_empty() {
            return Err(wrong("`source` is empty; name the notice the days come from".to_owned()));
        }
        let mut off = BTreeSet::new();
        let mut work = BTreeSet::new();
        for Holiday { name, from, to, work: made_up } in read.holiday {
            if from > to {
                return Err(wrong(format!("`{name}` ends on {} before it begins", to.0)));
            }
            let days = from.0.iter_days().take_while(|day| *day <= to.0);
            if (to.0 - from.0).num_days() > 31 {
                return Err(wrong(format!("`{name}` is longer than a month")));
            }
            off.extend(days);
            work.extend(made_up.into_iter().map(|day| day.0));
        }
        let far = |day: &&NaiveDate| (day.year() - read.year).abs() > 1;
        if let Some(day) = off.iter().chain(&work).find(far) {
            return Err(wrong(format!("{day} is not near the year {}", read.year)));
        }
        if let Some(day) = off.intersection(&work).next() {
            return Err(wrong(format!("{day} is both a holiday and a make-up working day")));
        }
        self.off.retain(|day| day.year() != read.year || off.contains(day));
        self.work.retain(|day| day.year() != read.year || work.contains(day));
        self.off.extend(off);
        self.work.extend(work);
        self.years.insert(read.year);
        Ok(())
    }

    /// Adds a school term.
    ///
    /// # Errors
    /// [`CalendarError`] when it ends before it begins or overlaps one that is known.
    pub fn add_term(&mut self, term: Semester) -> Result<(), CalendarError> {
        let wrong = |why: String| CalendarError { file: term.name.clone(), why };
        if term.from > term.to {
            return Err(wrong(format!("the term ends on {} before it begins", term.to)));
        }
        let overlaps = |known: &&Semester| known.from <= term.to && term.from <= known.to;
        if let Some(known) = self.terms.iter().find(overlaps) {
            return Err(wrong(format!("the term overlaps `{}`", known.name)));
        }
        self.terms.push(term);
        self.terms.sort_by_key(|known| known.from);
        Ok(())
    }

    /// Whether the holidays of the year are known.
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// The years whose holidays are known, oldest first.
    pub fn years(&self) -> impl Iterator<Item = i32> {
        self.years.iter().copied()
    }

    /// Holidays of a year that would be days of work, and days of rest that are worked.
    pub fn changed(&self, year: i32) -> (Vec<NaiveDate>, Vec<NaiveDate>) {
        let of = |days: &BTreeSet<NaiveDate>| -> Vec<NaiveDate> {
            days.iter().copied().filter(|day| day.year() == year).collect()
        };
        let is_weekday = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        (of(&self.off).into_iter().filter(is_weekday).collect(), of(&self.work))
    }

    /// The terms, as they were added.
    pub fn terms(&self) -> &[Semester] {
        &self.terms
    }

    /// Whether offices work on the day.
    pub fn is_working(&self, day: NaiveDate) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        self.work.contains(&day) || !(weekend || self.off.contains(&day))
    }

    /// Whether there are lessons on the day: a working day within a term.
    pub fn is_school(&self, day: NaiveDate) -> bool {
        self.term_of(day).is_some() && self.is_working(day)
    }

    /// The term the day lies in.
    pub fn term_of(&self, day: NaiveDate) -> Option<&Semester> {
        self.terms.iter().find(|term| term.from <= day && day <= term.to)
    }

    /// Whether a term begins on or after the day, or the day lies in one: without it no school day is ever counted.
    pub fn has_lessons_from(&self, day: NaiveDate) -> bool {
        self.terms.iter().any(|term| term.to >= day)
    }

    /// School days from `from` to `to`, both included.
    pub fn school_days(&self, from: NaiveDate, to: NaiveDate) -> usize {
        from.iter_days().take_while(|day| *day <= to).filter(|day| self.is_school(*day)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn every_year_that_comes_with_the_program_can_be_read() {
        let mut calendar = Calendar::default();
        for (file, text) in BUILT_IN {
            calendar.add_year(file, text).unwrap();
        }
        assert_eq!(calendar, Calendar::built_in());
        assert!(calendar.knows(2019) && !calendar.knows(2021));
    }

    #[test]
    fn holidays_are_off_and_make_up_days_are_worked() {
        let calendar = Calendar::built_in();
        let works = |y, m, d| calendar.is_working(day(y, m, d));
        assert!(!works(2019, 10, 1), "national day, a Tuesday");
        assert!(works(2019, 9, 29) && works(2019, 10, 12), "a Sunday and a Saturday made up");
        assert!(!works(2019, 10, 13), "an ordinary Sunday");
        assert!(works(2018, 12, 29), "made up in the year before");
        assert!(!works(2020, 1, 31), "the lengthened holiday of 2020");
        assert!(works(2021, 10, 1), "of 2021 nothing is known: a Friday");
    }

    #[test]
    fn lessons_are_within_terms() {
        let mut calendar = Calendar::built_in();
        let term = |name: &str, from, to| Semester { name: name.into(), from, to };
        calendar.add_term(term("秋", day(2019, 9, 2), day(2020, 1, 17))).unwrap();
        assert!(!calendar.is_school(day(2019, 8, 30)), "the summer holidays");
        assert!(calendar.is_school(day(2019, 9, 2)));
        assert!(calendar.is_school(day(2019, 9, 29)), "a Sunday made up");
        assert_eq!(calendar.school_days(day(2019, 9, 27), day(2019, 10, 8)), 4);
        assert!(!calendar.has_lessons_from(day(2020, 1, 18)));
        let over = calendar.add_term(term("春", day(2020, 1, 10), day(2020, 6, 30)));
        assert_eq!(over.unwrap_err().to_string(), "春: the term overlaps `秋`");
    }

    #[test]
    fn a_file_that_is_wrong_says_where() {
        let check = |text: &str, expected: &str| {
            let error = Calendar::default().add_year("2030.toml", text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check("year = 2030", "missing field `source`");
        check("year = 2030\nsource = ' '", "`source` is empty");
        let holiday = |from: &str, to: &str, work: &str| {
            format!(
                "year = 2030\nsource = 'x'\n[[holiday]]\nname = '元旦'\nfrom = {from}\nto = {to}\nwork = [{work}]"
            )
        };
        check(&holiday("2030-01-03", "2030-01-01", ""), "before it begins");
        check(&holiday("2030-01-01", "2030-01-03", "2030-01-02"), "2030-01-02 is both");
        check(&holiday("2020-01-01", "2020-01-03", ""), "2020-01-01 is not near the year 2030");
        check(&holiday("2030-01-01", "2030-03-03", ""), "longer than a month");
        check(&holiday("\"2030-02-30\"", "2030-03-03", ""), "`2030-02-30` is no day");
    }
}
