//! What a county decides for itself: dates, ages, day counts, the order in which evidence decides.

use std::{fmt, str::FromStr};

use baoxue_claim::{Cohort, SchoolYear, Source};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{aid::AidRules, monitor::MonitorRules};

/// The county's configuration of this stage. [`Settings::new`] gives the values of `CN-DEFAULT`.
///
/// National law has neither a number of days that makes a dropout nor a list of circumstances that do not count as one;
/// both are local. Every number here is therefore the county's to change; where it names no source it is our proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The day for which verdicts are made. There is no default.
    pub as_of: NaiveDate,
    /// Last birthday that still enters in a given year, as `MM-DD`. Default `08-31`.
    ///
    /// Source: Shaanxi education department, 16 March 2017.
    #[serde(default = "default_cutoff")]
    pub entry_cutoff: MonthDay,
    /// Age in years on the cut-off day at which a child must enter. Default 6.
    ///
    /// Source: Compulsory Education Law art. 11.
    #[serde(default = "default_entry_age")]
    pub entry_age: u8,
    /// Length of compulsory schooling in years. Default 9.
    ///
    /// Source: Compulsory Education Law art. 2.
    #[serde(default = "default_years")]
    pub years: u8,
    /// Age in years from which a child without completion is no longer watched. Default 16.
    ///
    /// Source: our proposal; under 16 nobody may employ the child (Minors Protection Law art. 61).
    #[serde(default = "default_watch")]
    pub watch_until_age: u8,
    /// Day counts of absence.
    #[serde(default)]
    pub thresholds: Thresholds,
    /// Rule ids or groups of rules in the order in which evidence decides: the first rule that matches decides, the rest
    /// are kept as "also matched". Rules that are not named come last, in the order of the pack. Default: the order of
    /// `CN-DEFAULT`.
    #[serde(default = "default_order")]
    pub order: Vec<String>,
    /// What makes a certificate of a school elsewhere good.
    #[serde(default)]
    pub certificate: CertificateRules,
    /// For how many months after its date a suspension that stands in the registry alone, without paper, is good.
    /// Default 12.
    ///
    /// Source: our proposal, after the one year for which a suspension is granted.
    #[serde(default = "default_suspension_months")]
    pub registry_suspension_months: u32,
    /// For how many months a word of study elsewhere holds that rests on no certificate: a transfer to a named school
    /// after the registry export that shows it, a school named by the town after the day of its survey. Default 12.
    ///
    /// Source: our proposal; the default rule set asks for a new check each September and March.
    #[serde(default = "default_elsewhere_months")]
    pub elsewhere_months: u32,
    /// A school's last word about an absent pupil is old when other schools have reported so many months more and it has
    /// not. Default 2.
    ///
    /// Source: our proposal: one month may be late, two are forgotten.
    #[serde(default = "default_overdue_months")]
    pub report_overdue_months: u32,
    /// When a newer full register replaces an older one.
    #[serde(default)]
    pub snapshot: SnapshotRules,
    /// Registers compared with each other, transfers and absences followed.
    #[serde(default)]
    pub monitor: MonitorRules,
    /// What aid is paid to whom.
    #[serde(default)]
    pub aid: AidRules,
    /// Days within which both sides of a conflict must answer. Default 5.
    ///
    /// Source: our proposal.
    #[serde(default = "default_answer_days")]
    pub conflict_answer_days: u32,
    /// For each field of the profile, who is believed first.
    #[serde(default)]
    pub profile: ProfileOrder,
}

impl Settings {
    /// The values of `CN-DEFAULT` for one day.
    pub fn new(as_of: NaiveDate) -> Self {
        Self {
            as_of,
            entry_cutoff: default_cutoff(),
            entry_age: default_entry_age(),
            years: default_years(),
            watch_until_age: default_watch(),
            thresholds: Thresholds::default(),
            order: default_order(),
            certificate: CertificateRules::default(),
            registry_suspension_months: default_suspension_months(),
            elsewhere_months: default_elsewhere_months(),
            report_overdue_months: default_overdue_months(),
            snapshot: SnapshotRules::default(),
            monitor: MonitorRules::default(),
            aid: AidRules::default(),
            conflict_answer_days: default_answer_days(),
            profile: ProfileOrder::default(),
        }
    }

    /// The births that are of compulsory age in the school year in force on the day.
    pub fn cohort(&self) -> Cohort {
        let year = SchoolYear::of(self.as_of);
        Cohort::of(year, self.entry_age, self.years, self.entry_cutoff.parts())
            .unwrap_or(Cohort { first: NaiveDate::MAX, last: NaiveDate::MIN })
    }
}

/// Day counts of absence, in calendar days as the school states them.
///
/// Source: our proposal; notices found elsewhere use "more than a week" and "more than a month".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// Absent this many days or more: suspected. Default 7.
    pub suspected_days: u32,
    /// Absent more than this many days: dropout. Default 30.
    pub dropout_days: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { suspected_days: 7, dropout_days: 30 }
    }
}

/// When a newer register replaces an older one: the registry of a school, the survey of a town.
///
/// Source: our proposal. Classes change by a few pupils in a term; a list that lacks a fifth of them is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SnapshotRules {
    /// The newer one must have so many percent of the children of the older, those who finish primary or junior school in
    /// between left out. Default 80; more than 100 replaces nothing.
    pub full_percent: u32,
    /// One that has fewer, but so many percent, is asked about. Default 20.
    pub ask_percent: u32,
}

impl Default for SnapshotRules {
    fn default() -> Self {
        Self { full_percent: 80, ask_percent: 20 }
    }
}

/// What makes a certificate of a school elsewhere good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CertificateRules {
    /// Whether the school's seal must be on it. Default true.
    pub must_be_sealed: bool,
    /// Whether somebody must have verified it, by telephone, letter or registry. Default true.
    pub must_be_verified: bool,
    /// For how many months after its issue it holds. Default 12, one school year.
    ///
    /// Source: our proposal; the default rule set speaks of one term and a new check each September and March.
    pub valid_months: u32,
}

impl Default for CertificateRules {
    fn default() -> Self {
        Self { must_be_sealed: true, must_be_verified: true, valid_months: 12 }
    }
}

/// Who is believed first, field by field; a source that is not named is not asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
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

impl Default for ProfileOrder {
    fn default() -> Self {
        use Source::{
            Approval, Certificate, Departure, DisabilityRegister, Inspection, PopulationRegister,
            PovertyRegister, RollCall, SchoolReport, StudentRegistry, TipOff, TownLedger,
            TownSurvey,
        };
        let identity = vec![
            PopulationRegister,
            StudentRegistry,
            DisabilityRegister,
            PovertyRegister,
            TownSurvey,
            TownLedger,
            Approval,
            Certificate,
            Departure,
            SchoolReport,
            Inspection,
            TipOff,
        ];
        Self {
            birth: identity.clone(),
            residence: vec![
                PopulationRegister,
                TownSurvey,
                TownLedger,
                PovertyRegister,
                DisabilityRegister,
                Inspection,
                TipOff,
            ],
            guardian: vec![
                TownSurvey,
                PopulationRegister,
                StudentRegistry,
                PovertyRegister,
                TownLedger,
                DisabilityRegister,
                Inspection,
                TipOff,
            ],
            school: vec![
                StudentRegistry,
                SchoolReport,
                RollCall,
                Certificate,
                Approval,
                TownSurvey,
                TownLedger,
                Inspection,
                TipOff,
            ],
            identity,
        }
    }
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

/// First what ends every question, then the inspection, age, lawful grounds on paper, the school's word, the registry and
/// last the town's.
///
/// Source: our proposal, after `CN-DEFAULT-6` (exits, completion, study elsewhere, suspension, deferral, absence).
fn default_order() -> Vec<String> {
    let groups = [
        "register_error",
        "departure",
        "inspection",
        "age",
        "deferral",
        "certificate",
        "suspension",
        "home_teaching",
        "school_report",
        "registry",
        "town",
        "unverified",
    ];
    groups.map(str::to_owned).to_vec()
}

const fn default_cutoff() -> MonthDay {
    MonthDay { month: 8, day: 31 }
}

const fn default_entry_age() -> u8 {
    6
}

const fn default_years() -> u8 {
    9
}

const fn default_watch() -> u8 {
    16
}

const fn default_suspension_months() -> u32 {
    12
}

const fn default_elsewhere_months() -> u32 {
    12
}

const fn default_overdue_months() -> u32 {
    2
}

const fn default_answer_days() -> u32 {
    5
}
