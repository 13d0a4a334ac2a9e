//! Rule packs: Markdown files, one per legal ground, parsed and checked.
//!
//! ```text
//! # title — article                      what and on what law
//! > the article, or its substance        for the reader; a file without one is not loaded
//! ```rule … ```                          one block or several: TOML with a condition over facts (`when`)
//! | case | today | … | verdict |         worked cases, executed against the whole pack
//! ```

mod case;
mod condition;
mod file;

use std::{collections::BTreeMap, fmt, sync::Arc};

use baoxue_claim::VerdictCode;
use chrono::NaiveDate;

pub(crate) use condition::Condition;

use crate::{
    Ground, Settings,
    facts::{FIELDS, Slot},
};
use case::Case;

/// Rules ready to be applied, with their worked cases.
#[derive(Clone, Debug, Default)]
pub struct Pack {
    pub(crate) rules: Vec<Rule>,
    cases: Vec<Case>,
}

/// One rule.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) id: Arc<str>,
    /// What every verdict by this rule says of it.
    pub(crate) ground: Arc<Ground>,
    pub(crate) group: String,
    pub(crate) code: VerdictCode,
    pub(crate) reason: String,
    pub(crate) title_en: String,
    pub(crate) since: NaiveDate,
    pub(crate) until: Option<NaiveDate>,
    pub(crate) when: Condition,
    pub(crate) cites: Vec<Slot>,
    pub(crate) sides: Vec<Vec<Slot>>,
    pub(crate) expires: Option<End>,
    /// Matches everything that is left over; not listed as "also matched".
    pub(crate) fallback: bool,
    pub(crate) needs: Vec<String>,
    pub(crate) certifier: Option<String>,
    file: String,
    line: usize,
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
}

impl End {
    const NAMES: [(&'static str, Self); 10] = [
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
    ];
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

/// A rule as a reader of the pack sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSummary {
    /// Stable id.
    pub id: String,
    /// Version.
    pub version: String,
    /// Group, as in [`Settings::order`].
    pub group: String,
    /// What it says.
    pub code: VerdictCode,
    /// Title in zh-CN.
    pub title: String,
    /// The article it stands on.
    pub law: String,
    /// Evidence it needs.
    pub needs: Vec<String>,
    /// Who may certify.
    pub certifier: Option<String>,
    /// First and last day in force.
    pub in_force: (NaiveDate, Option<NaiveDate>),
}

/// The files of `CN-DEFAULT`.
const BUILTIN: [(&str, &str); 16] = [
    ("register-error.md", include_str!("../rules/register-error.md")),
    ("departure.md", include_str!("../rules/departure.md")),
    ("inspection.md", include_str!("../rules/inspection.md")),
    ("completed.md", include_str!("../rules/completed.md")),
    ("age.md", include_str!("../rules/age.md")),
    ("deferral.md", include_str!("../rules/deferral.md")),
    ("unable.md", include_str!("../rules/unable.md")),
    ("certificate.md", include_str!("../rules/certificate.md")),
    ("suspension.md", include_str!("../rules/suspension.md")),
    ("home-teaching.md", include_str!("../rules/home-teaching.md")),
    ("absence.md", include_str!("../rules/absence.md")),
    ("enrolled.md", include_str!("../rules/enrolled.md")),
    ("elsewhere.md", include_str!("../rules/elsewhere.md")),
    ("out-of-school.md", include_str!("../rules/out-of-school.md")),
    ("other-arrangement.md", include_str!("../rules/other-arrangement.md")),
    ("unverified.md", include_str!("../rules/unverified.md")),
];

impl Pack {
    /// Parses rule files, given as name and text. Rules keep the order of the files.
    ///
    /// # Errors
    /// All faults of all files, each with file, line and what was expected: a head that is no TOML, an unknown key or
    /// fact, a missing article, two rules of one id in force on the same day, a case that cannot be read. A pack with a fault
    /// is not loaded. Whether the cases hold is asked by [`Pack::failing_cases`], under the county's settings.
    pub fn from_files(files: &[(&str, &str)]) -> Result<Self, Vec<RuleError>> {
        let mut pack = Self::default();
        let mut errors = Vec::new();
        for (name, text) in files {
            let (rules, cases, faults) = file::parse(name, text);
            pack.rules.extend(rules);
            pack.cases.extend(cases);
            errors.extend(faults);
        }
        errors.extend(pack.overlaps());
        if errors.is_empty() { Ok(pack) } else { Err(errors) }
    }

    /// The pack `CN-DEFAULT` that is built into the program.
    ///
    /// # Panics
    /// Never for a released program: a test loads the built-in files and runs their cases.
    pub fn builtin() -> Self {
        #[expect(clippy::expect_used, reason = "the files are part of the program and tested")]
        Self::from_files(&BUILTIN).expect("the built-in rules are well-formed")
    }

    /// The rules, in the order of the files.
    pub fn rules(&self) -> Vec<RuleSummary> {
        let summary = |rule: &Rule| RuleSummary {
            id: rule.ground.rule.clone(),
            version: rule.ground.version.clone(),
            group: rule.group.clone(),
            code: rule.code,
            title: rule.ground.title.clone(),
            law: rule.ground.law.clone(),
            needs: rule.needs.clone(),
            certifier: rule.certifier.clone(),
            in_force: (rule.since, rule.until),
        };
        self.rules.iter().map(summary).collect()
    }

    /// Number of worked cases.
    pub fn n_cases(&self) -> usize {
        self.cases.len()
    }

    /// Runs every worked case; an error for each that gives another verdict than it says. The day of `settings` is
    /// replaced by the day of the case.
    pub fn failing_cases(&self, settings: &Settings) -> Vec<RuleError> {
        self.cases.iter().filter_map(|case| case.failure(self, settings)).collect()
    }

    /// The names in the county's order that are neither a rule nor a group of this pack.
    pub fn unknown_in_order<'s>(&self, settings: &'s Settings) -> Vec<&'s str> {
        let known = |name: &String| self.rules.iter().any(|r| *r.id == **name || r.group == *name);
        settings.order.iter().filter(|name| !known(name)).map(String::as_str).collect()
    }

    /// The rules in force on the day, in the order in which evidence decides.
    pub(crate) fn in_order(&self, settings: &Settings) -> Vec<&Rule> {
        let as_of = settings.as_of;
        let in_force =
            |rule: &&Rule| rule.since <= as_of && rule.until.is_none_or(|until| as_of <= until);
        let place = |rule: &&Rule| {
            let named = |name: &String| *rule.id == **name || rule.group == *name;
            settings.order.iter().position(named).unwrap_or(usize::MAX)
        };
        let mut rules: Vec<&Rule> = self.rules.iter().filter(in_force).collect();
        rules.sort_by_key(|rule| (rule.fallback, place(rule)));
        rules
    }

    fn overlaps(&self) -> Vec<RuleError> {
        let mut by_id: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
        for rule in &self.rules {
            by_id.entry(&rule.id).or_default().push(rule);
        }
        let mut errors = Vec::new();
        for rules in by_id.into_values() {
            for (at, rule) in rules.iter().enumerate() {
                let meets = |other: &&&Rule| {
                    rule.since <= other.until.unwrap_or(NaiveDate::MAX)
                        && other.since <= rule.until.unwrap_or(NaiveDate::MAX)
                };
                if let Some(other) = rules[..at].iter().find(meets) {
                    errors.push(RuleError {
                        file: rule.file.clone(),
                        line: rule.line,
                        message: format!(
                            "rule `{}` is in force on the same days as {}:{}; give the older one an `until`",
                            rule.id, other.file, other.line
                        ),
                    });
                }
            }
        }
        errors
    }
}

/// The records of a case's cells, for tests that put children together.
#[cfg(test)]
pub(crate) fn records_of_case(
    today: NaiveDate,
    row: &[(&str, &str)],
) -> Result<Vec<baoxue_claim::Record>, String> {
    case::records(row, today)
}

/// The text of every condition of the built-in pack.
#[cfg(test)]
pub(crate) fn sources() -> Vec<String> {
    BUILTIN.iter().flat_map(|(_, text)| file::conditions(text)).collect()
}

/// The facts that rules may name, with their meaning: for the reference page.
pub fn facts() -> impl Iterator<Item = (&'static str, &'static str)> {
    FIELDS.iter().map(|field| (field.path, field.meaning))
}
