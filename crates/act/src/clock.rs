//! Terms and when they end: hours, calendar days, working days, school days, and the pauses that stop them.
//!
//! Moments are those of the county's own clocks. The day on which a term starts does not count; a term of days ends with
//! its last day.

use std::{fmt, str::FromStr};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::Calendar;

/// A point in time as the county's clocks show it.
pub type Moment = NaiveDateTime;

/// Days after which a term is cut off, so that a calendar without lessons cannot keep a clock from ending.
const LONGEST_DAYS: usize = 1500;

/// What a term is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 小时.
    Hours,
    /// 日 (自然日).
    Days,
    /// 工作日.
    WorkingDays,
    /// 教学日. While no term is known that is still to come, working days are counted instead: a clock without an end
    /// would be a child that nobody sees.
    SchoolDays,
}

/// A length of time within which something is due, such as `24 hours` or `5 school_days`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Term {
    /// How many; at least one.
    pub n: u16,
    /// Of what.
    pub unit: Unit,
}

/// The text is no term.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no term; write a number from 1 and hours, days, working_days or school_days, such as `5 school_days`"
)]
pub struct TermError(String);

/// A time in which clocks stand still: approved leave, or an objection that is not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub from: Moment,
    /// When clocks go on; `None` while nobody knows.
    pub to: Option<Moment>,
}

/// When a term ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Due {
    /// At this moment.
    At(Moment),
    /// Not before a pause ends.
    Stopped,
}

impl Due {
    /// The moment, if the clock goes.
    pub const fn moment(self) -> Option<Moment> {
        match self {
            Self::At(moment) => Some(moment),
            Self::Stopped => None,
        }
    }

    /// Whether it is over: a stopped clock never is.
    pub fn is_past(self, now: Moment) -> bool {
        self.moment().is_some_and(|due| due < now)
    }
}

impl Term {
    /// When the term ends that starts at `start`. `pauses` may overlap and be in any order.
    pub fn ends(self, start: Moment, pauses: &[Pause], calendar: &Calendar) -> Due {
        match self.unit {
            Unit::Hours => self.hours_end(start, pauses),
            Unit::Days => self.days_end(start, pauses, |_| true),
            Unit::WorkingDays => self.days_end(start, pauses, |day| calendar.is_working(day)),
            Unit::SchoolDays => self.days_end(start, pauses, |day| {
                if calendar.has_lessons_from(day) {
                    calendar.is_school(day)
                } else {
                    calendar.is_working(day)
                }
            }),
        }
    }

    fn hours_end(self, start: Moment, pauses: &[Pause]) -> Due {
        let mut pauses: Vec<&Pause> = pauses.iter().collect();
        pauses.sort_by_key(|pause| pause.from);
        let mut left = TimeDelta::hours(i64::from(self.n));
        let mut now = start;
        for pause in pauses {
            if pause.to.is_some_and(|to| to <= now) {
                continue;
            }
            let runs = (pause.from - now).max(TimeDelta::zero());
            if runs >= left {
                break;
            }
            left -= runs;
            let Some(to) = pause.to else { return Due::Stopped };
            now = to;
        }
        Due::At(now + left)
    }

    fn days_end(self, start: Moment, pauses: &[Pause], counts: impl Fn(NaiveDate) -> bool) -> Due {
        let mut left = self.n;
        for day in start.date().iter_days().skip(1).take(LONGEST_DAYS) {
            let within = |pause: &&Pause| {
                pause.from.date() <= day && pause.to.is_none_or(|to| day < to.date())
            };
            if let Some(pause) = pauses.iter().find(within) {
                if pause.to.is_none() {
                    return Due::Stopped;
                }
                continue;
            }
            left -= u16::from(counts(day));
            if left == 0 {
                return Due::At(end_of(day));
            }
        }
        Due::At(end_of(start.date() + TimeDelta::days(1500)))
    }
}

/// The last second of a day.
pub fn end_of(day: NaiveDate) -> Moment {
    day.and_time(NaiveTime::MIN) + TimeDelta::seconds(86_399)
}

impl Unit {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Hours, "hours", "小时"),
        (Self::Days, "days", "日"),
        (Self::WorkingDays, "working_days", "个工作日"),
        (Self::SchoolDays, "school_days", "个教学日"),
    ];
}

impl Term {
    /// The words in zh-CN, such as 5个教学日.
    pub fn zh(self) -> String {
        let words = Unit::ALL.iter().find(|(unit, _, _)| *unit == self.unit);
        format!("{}{}", self.n, words.map_or("", |(_, _, zh)| zh))
    }
}

impl FromStr for Term {
    type Err = TermError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || TermError(text.to_owned());
        let (n, unit) = text.split_once(' ').ok_or_else(wrong)?;
        let n = n.parse().ok().filter(|n| *n > 0).ok_or_else(wrong)?;
        let unit = Unit::ALL.iter().find(|(_, word, _)| *word == unit).ok_or_else(wrong)?.0;
        Ok(Self { n, unit })
    }
}

impl TryFrom<String> for Term {
    type Error = TermError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = Unit::ALL.iter().find(|(unit, _, _)| *unit == self.unit);
        write!(f, "{} {}", self.n, words.map_or("", |(_, word, _)| word))
    }
}

impl From<Term> for String {
    fn from(term: Term) -> Self {
        term.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Semester;

    fn at(text: &str) -> Moment {
        Moment::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    fn calendar() -> Calendar {
        let mut calendar = Calendar::built_in();
        let day = |text: &str| text.parse().unwrap();
        let (from, to) = (day("2019-09-02"), day("2020-01-17"));
        calendar.add_term(Semester { name: "秋".into(), from, to }).unwrap();
        calendar
    }

    #[track_caller]
    fn check(term: &str, start: &str, pauses: &[(&str, Option<&str>)], expected: Option<&str>) {
        let pauses: Vec<Pause> =
            pauses.iter().map(|(from, to)| Pause { from: at(from), to: to.map(at) }).collect();
        let due = term.parse::<Term>().unwrap().ends(at(start), &pauses, &calendar());
        let due = due.moment().map(|due| due.format("%Y-%m-%d %H:%M").to_string());
        assert_eq!(due.as_deref(), expected, "{term} from {start}");
    }

    #[test]
    fn a_term_counts_what_it_says() {
        check("24 hours", "2019-09-30 10:00", &[], Some("2019-10-01 10:00"));
        check("7 days", "2019-09-30 10:00", &[], Some("2019-10-07 23:59"));
        // Six days of holidays lie between, and a Saturday is worked.
        check("4 working_days", "2019-09-30 10:00", &[], Some("2019-10-11 23:59"));
        check("5 working_days", "2019-09-30 10:00", &[], Some("2019-10-12 23:59"));
        check("3 school_days", "2019-08-28 10:00", &[], Some("2019-09-04 23:59"));
        check("1 days", "2020-02-28 10:00", &[], Some("2020-02-29 23:59"));
        // After the last term that is known working days are counted.
        check("2 school_days", "2020-01-16 10:00", &[], Some("2020-01-19 23:59"));
    }

    #[test]
    fn a_pause_stops_the_clock_and_nothing_is_lost() {
        let pause = [("2019-09-04 12:00", Some("2019-09-10 12:00"))];
        check("7 days", "2019-09-02 10:00", &pause, Some("2019-09-15 23:59"));
        check("72 hours", "2019-09-02 10:00", &pause, Some("2019-09-11 10:00"));
        check("7 days", "2019-09-02 10:00", &[("2019-09-04 12:00", None)], None);
        check("72 hours", "2019-09-02 10:00", &[("2019-09-04 12:00", None)], None);
        // A pause after the end changes nothing, nor does one that was over before.
        check(
            "1 days",
            "2019-09-02 10:00",
            &[("2019-09-04 12:00", None)],
            Some("2019-09-03 23:59"),
        );
        let before = [("2019-08-01 00:00", Some("2019-09-01 00:00"))];
        check("24 hours", "2019-09-02 10:00", &before, Some("2019-09-03 10:00"));
        // Two that overlap count once.
        let two = [
            ("2019-09-03 10:00", Some("2019-09-06 10:00")),
            ("2019-09-04 10:00", Some("2019-09-08 10:00")),
        ];
        check("48 hours", "2019-09-02 10:00", &two, Some("2019-09-09 10:00"));
    }

    #[test]
    fn a_term_is_read_as_it_is_written() {
        for text in ["24 hours", "7 days", "3 working_days", "5 school_days"] {
            assert_eq!(text.parse::<Term>().unwrap().to_string(), text);
        }
        for text in ["", "5", "0 days", "-1 days", "5 weeks", "5  days", "70000 days"] {
            assert!(text.parse::<Term>().is_err(), "{text}");
        }
        assert_eq!("5 school_days".parse::<Term>().unwrap().zh(), "5个教学日");
    }
}
