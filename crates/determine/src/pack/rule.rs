//! One rule, as parsed and checked.

use std::{fmt, sync::Arc};

use baoxue_claim::VerdictCode;
use chrono::NaiveDate;
use serde::Deserialize;

use super::Condition;
use crate::{Ground, facts::Slot};

/// One rule.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) id: Arc<str>,
    /// What every verdict by this rule says of it.
    pub(crate) ground: Arc<Ground>,
    pub(crate) group: String,
    pub(crate) code: VerdictCode,
    pub(crate) reason: String,
    pub(crate) standing: Standing,
    pub(crate) title_en: String,
    pub(crate) since: NaiveDate,
    pub(crate) until: Option<NaiveDate>,
    pub(crate) when: Condition,
    /// The condition as written.
    pub(crate) source: String,
    pub(crate) cites: Vec<Slot>,
    pub(crate) sides: Vec<Vec<Slot>>,
    pub(crate) expires: Option<End>,
    /// Matches everything that is left over; not listed as "also matched".
    pub(crate) fallback: bool,
    /// When it rests on one word that is still to be confirmed: then it is open whether the child is in school, and it is
    /// watched.
    pub(crate) provisional: Option<Condition>,
    pub(crate) needs: Vec<Need>,
    /// Who may certify, in zh-CN and English.
    pub(crate) certifier: Option<(String, String)>,
    /// Takes the place of a rule of that id in a pack below.
    pub(crate) replaces: bool,
    /// Stands directly before the rule of that id, wherever its own group is.
    pub(crate) before: Option<String>,
    pub(crate) place: Place,
}

/// How firm the ground is on which a rule stands.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Read in the text of the law.
    Law,
    /// Found in a public document.
    Found,
    /// Contested, or different from place to place.
    Contested,
    /// General knowledge, to be checked before relying on it.
    Unsure,
    /// Our proposal; the county must confirm it.
    Proposed,
}

impl Standing {
    /// What is added to the law in a ground.
    pub(crate) const fn note(self) -> &'static str {
        match self {
            Self::Law | Self::Found => "",
            Self::Contested => "（各地做法不一，须由本县确认）",
            Self::Unsure => "（出处待核）",
            Self::Proposed => "（本系统建议，须由本县确认）",
        }
    }

    /// In a few words, in zh-CN.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Law => "法律明文",
            Self::Found => "公开文件",
            Self::Contested => "各地不一，须本县确认",
            Self::Unsure => "出处待核",
            Self::Proposed => "系统建议，须本县确认",
        }
    }

    /// In a few words, in English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::Law => "text of the law",
            Self::Found => "public document",
            Self::Contested => "contested, the county confirms",
            Self::Unsure => "source to be checked",
            Self::Proposed => "proposed, the county confirms",
        }
    }

    /// Whether a county may rely on it without looking.
    pub const fn is_firm(self) -> bool {
        matches!(self, Self::Law | Self::Found)
    }
}

/// A piece of evidence that a ground needs.
#[derive(Clone, Debug)]
pub(crate) struct Need {
    pub(crate) zh: String,
    pub(crate) en: String,
    /// Whether the files show it; `None` for papers that no file tells of.
    pub(crate) shown: Option<Condition>,
}

/// Where something stands in a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: String,
    /// 1-based.
    pub(crate) line: usize,
}

impl Place {
    /// An error at this place.
    pub(crate) fn error(&self, message: impl Into<String>) -> RuleError {
        RuleError { file: self.file.clone(), line: self.line, message: message.into() }
    }
}

impl Rule {
    /// Whether it is in force on the day.
    pub(crate) fn in_force(&self, day: NaiveDate) -> bool {
        self.since <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// Whether two spans of days meet; an open end never comes.
pub(crate) fn meets(
    (since, until): (NaiveDate, Option<NaiveDate>),
    (other_since, other_until): (NaiveDate, Option<NaiveDate>),
) -> bool {
    since <= other_until.unwrap_or(NaiveDate::MAX) && other_since <= until.unwrap_or(NaiveDate::MAX)
}

/// Whose last day is the last day of the ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Suspension,
    RegistrySuspension,
    SickLeave,
    Deferral,
    Exemption,
    Certificate,
    Transfer,
    NamedSchool,
    HomeTeaching,
    Entry,
    Arrangement,
}

impl End {
    pub(crate) const NAMES: [(&'static str, Self); 11] = [
        ("suspension", Self::Suspension),
        ("registry_suspension", Self::RegistrySuspension),
        ("sick_leave", Self::SickLeave),
        ("deferral", Self::Deferral),
        ("exemption", Self::Exemption),
        ("certificate", Self::Certificate),
        ("transfer", Self::Transfer),
        ("named_school", Self::NamedSchool),
        ("home_teaching", Self::HomeTeaching),
        ("entry", Self::Entry),
        ("arrangement", Self::Arrangement),
    ];
}

/// Whether a verdict of this code rests on a ground that must end some day: the day after, the child is judged without it.
pub(crate) const fn must_end(code: VerdictCode) -> bool {
    matches!(
        code,
        VerdictCode::EnrolledElsewhere
            | VerdictCode::HomeTeaching
            | VerdictCode::NotYetOfAge
            | VerdictCode::Deferred
            | VerdictCode::Suspended
            | VerdictCode::Unable
            | VerdictCode::OtherArrangement
    )
}

/// What is wrong with a rule file, or which of its cases fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct RuleError {
    /// Name of the file.
    pub file: String,
    /// 1-based line.
    pub line: usize,
    /// What was found and what was expected.
    pub message: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}
