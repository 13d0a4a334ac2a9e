//! Claims, dated rules and a date in, verdicts with grounds out.
//!
//! [`determine`] turns each child's records into a [`Profile`] (what is known of the child, by the order of evidence per
//! field) and a [`Verdict`] (its status on the date, with rule, law, claims, conflicts and expiry). The rules are the
//! Markdown files of a [`Pack`]; the order in which evidence decides is the county's ([`Settings`]). [`comparison`] and
//! [`towns`] count the results. Pure: no clock, files, network or database.

mod answers;
mod body;
mod child;
pub mod comparison;
mod duplicate;
mod evidence;
mod facts;
mod files;
#[cfg(test)]
mod laws;
mod pack;
mod pending;
mod profile;
mod say;
mod seat;
mod settings;
mod snapshot;
pub mod towns;
mod verdict;

pub use answers::{Answer, Answers, InSchool, IsDropout, Watch};
pub use body::Body;
pub use child::Child;
pub use duplicate::mark_duplicates;
pub use files::Files;
pub use pack::{
    Change, Field as ChangedField, Pack, PackHead, PackText, RuleError, RuleSummary, SettingsError,
    Subject, facts as rule_facts,
};
pub use profile::{Base, Hardship, Profile, profile};
pub use seat::Seat;
pub use settings::{
    AbuseRules, CertificateRules, Certifiers, MonthDay, MonthDayError, ProfileOrder, Settings,
    SnapshotRules, Thresholds,
};
pub use snapshot::{ListDoubt, SnapshotDoubt, mark_superseded};
pub use verdict::{Conflict, Ground, Matched, Missing, Refused, Side, Verdict, verdict};

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
/// when they came. Reports that have rows are found among the children too. Whether a register and a registry are in the
/// store is found the same way.
pub fn determine(
    children: &[Child<'_>],
    files: &Files,
    pack: &Pack,
    settings: &Settings,
) -> Vec<Determined> {
    let rules = pack.in_order(settings);
    let files = files.with_rows_of(children, settings);
    let has_register = holds(children, Source::PopulationRegister);
    let has_registry = holds(children, Source::StudentRegistry);
    let one = |child: &Child<'_>| {
        let as_known = Child { files: Some(&files), has_register, has_registry, ..child.clone() };
        let verdict = pending::judge(&as_known, &rules, settings);
        Determined { profile: profile(&as_known, settings), verdict }
    };
    children.iter().map(one).collect()
}

/// Whether any child has a record of the source, its own or one that waits for a person.
fn holds(children: &[Child<'_>], source: Source) -> bool {
    let mut records = children.iter().flat_map(|child| child.records.iter().chain(&child.maybe));
    records.any(|record| record.source == source)
}
