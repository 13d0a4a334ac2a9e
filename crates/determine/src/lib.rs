//! Claims, dated rules and a date in, verdicts with grounds out.
//!
//! [`determine`] turns each child's records into a [`Profile`] (what is known of the child, by the order of evidence per
//! field) and a [`Verdict`] (its status on the date, with rule, law, claims, conflicts and expiry). The rules are the
//! Markdown files of a [`Pack`]; the order in which evidence decides is the county's ([`Settings`]). [`comparison`],
//! [`towns`] and [`accounting`] count the results, [`monitor`] compares registers, [`aid`] and
//! [`exit`] tell who received what and whether schooling is secured. Pure: no clock, files, network or database.

pub mod accounting;
pub mod aid;
mod child;
pub mod comparison;
mod coverage;
mod duplicate;
mod evidence;
pub mod exit;
mod facts;
mod files;
mod known;
#[cfg(test)]
mod laws;
pub mod monitor;
mod pack;
mod pending;
mod profile;
mod say;
mod settings;
mod snapshot;
pub mod towns;
mod verdict;
mod what_if;

pub use child::Child;
pub use coverage::{Cover, Coverage};
pub use duplicate::mark_duplicates;
pub use files::Files;
pub use known::Known;
pub use pack::{Pack, RuleError, RuleSummary, facts as rule_facts};
pub use profile::{Hardship, Profile, profile};
pub use settings::{
    CertificateRules, MonthDay, MonthDayError, ProfileOrder, Settings, SnapshotRules, Thresholds,
};
pub use snapshot::{ListDoubt, SnapshotDoubt, mark_superseded};
pub use verdict::{Conflict, Ground, Matched, Refused, Side, Verdict, verdict};
pub use what_if::{Move, Rules, what_if};

use baoxue_claim::{Source, VerdictCode};
use serde::{Deserialize, Serialize};

/// What is known of a child and its status on the date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Determined {
    /// What the sources say of it, by the order of evidence per field.
    pub profile: Profile,
    /// Its status and why.
    pub verdict: Verdict,
}

impl Determined {
    /// Whether the child is of compulsory age and belongs to the population: not dead, moved, emigrated or a mistake of the
    /// register. This is the base of every rate and comparison.
    pub fn is_of_age(&self) -> bool {
        let gone = [
            VerdictCode::Dead,
            VerdictCode::MovedOut,
            VerdictCode::Emigrated,
            VerdictCode::RegisterError,
        ];
        self.profile.of_age && !gone.contains(&self.verdict.code)
    }
}

/// Determines every child, in the order given. `files` says what the files tell beside their rows: who has reported, and
/// when they came. Reports that have rows are found among the children too. Whether a register is in
/// the store, and a registry that is whole ([`Coverage`]), is found the same way.
pub fn determine(
    children: &[Child<'_>],
    files: &Files,
    pack: &Pack,
    settings: &Settings,
) -> Vec<Determined> {
    let rules = pack.in_order(settings);
    let files = files.with_reports_of(children, settings);
    let has_register = coverage::holds(children, Source::PopulationRegister);
    let coverage = Coverage::of(children, settings);
    let one = |child: &Child<'_>| {
        let has_registry = coverage.covers(child);
        let as_known = Child { files: Some(&files), has_register, has_registry, ..child.clone() };
        let verdict = pending::judge(&as_known, &rules, settings);
        Determined { profile: profile(&as_known, settings), verdict }
    };
    children.iter().map(one).collect()
}
