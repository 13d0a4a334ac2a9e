//! What a county decides for itself: dates, ages, day counts, the order in which evidence decides.

use std::{fmt, str::FromStr};

use baoxue_claim::{Cohort, SchoolYear, Source};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{Answers, Body, Pack, aid::AidRules, monitor::MonitorRules};

/// The values of one day, from the packs and the county's own configuration ([`Pack::settings`]). [`Settings::new`] gives
/// those of `CN-DEFAULT`.
///
/// National law has neither a number of days that makes a dropout nor a list of circumstances that do not count as one;
/// both are local. So no number stands here: each is a row of `rules/values.md`, or of a pack above, with its source and the
/// days for which it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The day for which verdicts are made.
    pub as_of: NaiveDate,
    /// Last birthday that still enters in a given year, as `MM-DD`.
    pub entry_cutoff: MonthDay,
    /// Age in years on the cut-off day at which a child must enter.
    pub entry_age: u8,
    /// Age in years on the cut-off day at which a disabled child must have entered.
    pub disabled_entry_age: u8,
    /// Length of compulsory schooling in years.
    pub years: u8,
    /// Age in years from which a child without completion is no longer watched.
    pub watch_until_age: u8,
    /// For how many years after the last cohort a child without a record of completion stays on the ledger.
    pub late_entry_slack: u8,
    /// The same for a disabled child.
    pub disabled_slack: u8,
    /// Until this day of its first school year nobody is accused of not having entered, as `MM-DD`.
    pub enrol_by: MonthDay,
    /// Day counts of absence.
    pub thresholds: Thresholds,
    /// Rule ids or groups of rules in the order in which evidence decides: the first rule that matches decides, the rest
    /// are kept as "also matched". Rules that are not named come last, in the order of the pack.
    pub order: Vec<String>,
    /// What makes a certificate of a school elsewhere good.
    pub certificate: CertificateRules,
    /// Who may approve what.
    pub certifiers: Certifiers,
    /// How long one approval may last.
    pub papers: PaperRules,
    /// For how many months after its date a suspension that stands in the registry alone, without paper, is good.
    pub registry_suspension_months: u32,
    /// For how many months a word of study elsewhere holds that rests on no certificate: a transfer to a named school
    /// after the registry export that shows it, a school named by the town after the day of its survey.
    pub elsewhere_months: u32,
    /// For how many months after it was said another arrangement holds.
    pub arrangement_months: u32,
    /// A school's last word about an absent pupil is old when other schools have reported so many months more and it has
    /// not.
    pub report_overdue_months: u32,
    /// For how many months after the day on which a child died or went away lists may still hold it without saying anything.
    pub departure_lag_months: u32,
    /// A child whom the police call missing is looked for again after so many months.
    pub recheck_months: u32,
    /// When a newer full register replaces an older one.
    pub snapshot: SnapshotRules,
    /// Registers compared with each other, transfers and absences followed.
    #[serde(default)]
    pub monitor: MonitorRules,
    /// What aid is paid to whom.
    #[serde(default)]
    pub aid: AidRules,
    /// For how long a log of home teaching counts as schooling.
    #[serde(default)]
    pub home_teaching: HomeTeachingRules,
    /// Days within which both sides of a conflict must answer.
    pub conflict_answer_days: u32,
    /// For each field of the profile, who is believed first.
    pub profile: ProfileOrder,
    /// For each verdict whether it is dropout, in school, watched.
    pub answers: Answers,
    /// What is shown as a sign of abuse.
    pub abuse: AbuseRules,
}

impl Settings {
    /// The values of `CN-DEFAULT` for one day; for a day before its first, those of its first.
    ///
    /// # Panics
    /// Never for a released program: a test reads the built-in values of every day from which one holds.
    pub fn new(as_of: NaiveDate) -> Self {
        #[expect(clippy::expect_used, reason = "the files are part of the program and tested")]
        Pack::builtin().settings_on(as_of).expect("the built-in values are settings")
    }

    /// The births that are of compulsory age in the school year in force on the day.
    pub fn cohort(&self) -> Cohort {
        let year = SchoolYear::of(self.as_of);
        Cohort::of(year, self.entry_age, self.years, self.entry_cutoff.parts())
            .unwrap_or(Cohort { first: NaiveDate::MAX, last: NaiveDate::MIN })
    }
}

/// Thresholds of absence: days as the school states them, school days where it counts those.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Absent this many days or more: suspected.
    pub suspected_days: u32,
    /// Missed this many school days or more: suspected, too.
    pub suspected_school_days: u32,
    /// Absent more than this many days: dropout.
    pub dropout_days: u32,
    /// Not before so many attempts at persuasion, where somebody counts them.
    pub dropout_persuasions: u32,
}

/// For how many months from its first day one approval may last: after them the child is neither excused nor accused until
/// there is a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperRules {
    /// Deferral of entry.
    pub deferral_months: u32,
    /// Suspension.
    pub suspension_months: u32,
    /// Sick leave.
    pub sick_leave_months: u32,
    /// Exemption, which takes an assessment every school year.
    pub exemption_months: u32,
}

/// For how long a log of home teaching (送教上门) counts as schooling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomeTeachingRules {
    /// Days after a visit for which it counts, days of [`holidays`](Self::holidays) left out.
    pub gap_days: u32,
    /// Visits asked within the last thirty days, holidays left out; 0 asks for none.
    pub min_per_month: u32,
    /// Lessons asked in a school year; 0 asks for none. Shown beside the log, decides nothing.
    pub min_periods_year: u32,
    /// Whether a visit counts of which the log says that the guardian has not signed.
    pub unsigned_counts: bool,
    /// Whether every child taught at home needs a log once any school of the county has sent one; else only those of the
    /// schools that have.
    pub all_schools: bool,
    /// Days of the year on which no visit is due.
    pub holidays: Vec<Holiday>,
}

impl Default for HomeTeachingRules {
    /// What is read into settings that were kept before there was a log.
    fn default() -> Self {
        Self {
            gap_days: 30,
            min_per_month: 0,
            min_periods_year: 0,
            unsigned_counts: false,
            all_schools: false,
            holidays: Vec::new(),
        }
    }
}

/// Days of every year from one day to another, written `MM-DD..MM-DD`; the second may lie in the next year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Holiday {
    first: MonthDay,
    last: MonthDay,
}

impl Holiday {
    /// Whether it holds the day.
    pub(crate) fn contains(self, day: NaiveDate) -> bool {
        let on = (day.month(), day.day());
        let (first, last) = (self.first.parts(), self.last.parts());
        if first <= last { first <= on && on <= last } else { first <= on || on <= last }
    }
}

impl TryFrom<String> for Holiday {
    type Error = MonthDayError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (first, last) = text.split_once("..").ok_or_else(|| MonthDayError(text.clone()))?;
        Ok(Self { first: first.trim().parse()?, last: last.trim().parse()? })
    }
}

impl From<Holiday> for String {
    fn from(holiday: Holiday) -> Self {
        format!("{}..{}", holiday.first, holiday.last)
    }
}

/// When a newer register replaces an older one: the registry of a school, the survey of a town.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotRules {
    /// The newer one must have so many percent of the children of the older, those who finish primary or junior school in
    /// between left out; more than 100 replaces nothing.
    pub full_percent: u32,
    /// One that has fewer, but so many percent, is asked about.
    pub ask_percent: u32,
}

/// What makes a certificate of a school elsewhere good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateRules {
    /// Whether the school's seal must be on it.
    pub must_be_sealed: bool,
    /// Whether somebody must have verified it, by telephone, letter or registry.
    pub must_be_verified: bool,
    /// For how many months after its issue it holds.
    pub valid_months: u32,
    /// Words in the name of what is no school of compulsory education.
    pub no_schools: Vec<String>,
    /// Words for a verification that is none.
    pub no_verification: Vec<String>,
}

/// Who may approve what. A paper approved by somebody who is recognised and is not in the list is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certifiers {
    /// Suspension.
    pub suspension: Vec<Body>,
    /// Sick leave.
    pub sick_leave: Vec<Body>,
    /// Deferral of entry.
    pub deferral: Vec<Body>,
    /// Exemption.
    pub exemption: Vec<Body>,
}

/// What is shown as a sign of abuse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbuseRules {
    /// So many papers of one kind in one village are asked about.
    pub cluster_papers: u32,
    /// So many papers that name one hospital, or one doctor, within [`within_days`](Self::within_days) are asked about.
    pub issuer_papers: u32,
    /// Days within which such papers were signed.
    pub within_days: u32,
    /// Words for a hospital below the county level.
    pub low_hospitals: Vec<String>,
}

/// Who is believed first, field by field; a source that is not named is not asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileOrder {
    /// Names, ID number, sex, ethnicity.
    pub identity: Vec<Source>,
    /// Birth date. Among rows of one source the date most rows give counts. A valid ID number stands between the
    /// police and the rest.
    pub birth: Vec<Source>,
    /// Town, village and group that answer for the child.
    pub residence: Vec<Source>,
    /// Guardian and telephone.
    pub guardian: Vec<Source>,
    /// School, grade and class.
    pub school: Vec<Source>,
}

/// A day of the year, written `MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MonthDay {
    month: u32,
    day: u32,
}

/// The text is no day of every year.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no day of the year; write it as MM-DD, such as 08-31")]
pub struct MonthDayError(String);

impl MonthDay {
    /// Month and day of the month.
    pub(crate) const fn parts(self) -> (u32, u32) {
        (self.month, self.day)
    }
}

impl FromStr for MonthDay {
    type Err = MonthDayError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || MonthDayError(text.to_owned());
        let (month, day) = text.split_once('-').ok_or_else(wrong)?;
        let month = month.parse().map_err(|_| wrong())?;
        let day = day.parse().map_err(|_| wrong())?;
        // 2001 is no leap year: 29 February is a day of some years only.
        NaiveDate::from_ymd_opt(2001, month, day).ok_or_else(wrong)?;
        Ok(Self { month, day })
    }
}

impl TryFrom<String> for MonthDay {
    type Error = MonthDayError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<MonthDay> for String {
    fn from(day: MonthDay) -> Self {
        day.to_string()
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}
