//! Claims, dated rules and a date in, verdicts with grounds out.
//!
//! [`determine`] turns each child's records into a [`Profile`] (what is known of the child, by the order of evidence per
//! field) and a [`Verdict`] (its status on the date, with rule, law, claims, conflicts and expiry). The rules are the
//! Markdown files of a [`Pack`]; the order in which evidence decides is the county's ([`Settings`]). [`comparison`],
//! [`population`], [`towns`] and [`accounting`] count the results, [`monitor`] compares registers, [`aid`] and
//! [`exit`] tell who received what and whether schooling is secured. Pure: no clock, files, network or database.

pub mod accounting;
pub mod aid;
mod answers;
mod base;
mod body;
#[cfg(test)]
mod cells;
mod child;
pub mod comparison;
mod conflict;
mod context;
mod coverage;
mod duplicate;
mod evidence;
pub mod exit;
mod explain;
mod facts;
mod files;
mod known;
#[cfg(test)]
mod laws;
pub mod monitor;
mod pack;
mod pending;
pub mod population;
mod profile;
mod say;
mod seat;
mod settings;
mod signs;
mod sitting;
mod snapshot;
pub mod towns;
#[cfg(test)]
mod twin;
mod verdict;
mod what_if;

pub use answers::{Answer, Answers, InSchool, IsDropout, Watch};
pub use base::Base;
pub use body::Body;
pub use child::Child;
pub use conflict::{About, Conflict, Opening, Side};
pub use context::Context;
pub use coverage::{Cover, Coverage};
pub use duplicate::mark_duplicates;
pub use explain::{Evidence, EvidenceState, Explanation, Telling, WouldChange};
pub use facts::HomeVisits;
pub use files::Files;
pub use known::Known;
pub use pack::{
    Asked, CasePage, Change, Field as ChangedField, Pack, PackHead, PackText, RuleError, RulePage,
    RuleSummary, SettingsError, Standing, Subject, facts as rule_facts,
};
pub use profile::{Hardship, Profile, profile};
pub use say::statement_words;
pub use seat::Seat;
pub use settings::{
    AbuseRules, CertificateRules, Certifiers, Holiday, HomeTeachingRules, MonthDay, MonthDayError,
    PaperRules, ProfileOrder, Settings, SnapshotRules, Thresholds,
};
pub use signs::{Sign, Suspicion, signs};
pub use sitting::{Sitting, determine_some};
pub use snapshot::{ListDoubt, SnapshotDoubt, mark_superseded, withhold};
pub use verdict::{Ground, Matched, Missing, Refused, Verdict, verdict};
pub use what_if::{Move, Rules, what_if};

use baoxue_claim::VerdictCode;
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
    /// register. This is the base of every rate and comparison. Who is thought gone on one word, which is still to be confirmed,
    /// stays in it.
    pub fn is_of_age(&self) -> bool {
        let gone = [
            VerdictCode::Dead,
            VerdictCode::MovedOut,
            VerdictCode::Emigrated,
            VerdictCode::RegisterError,
        ];
        let is_open = self.verdict.answer.in_school == InSchool::Open;
        self.profile.of_age && (is_open || !gone.contains(&self.verdict.code))
    }

    /// Whether nothing but a register that was stopped names the child: it waits, in no base, for a person to look at that
    /// register. Any other row makes a child of unknown birth one of age.
    pub fn is_waiting(&self) -> bool {
        self.profile.birth.is_none() && !self.profile.of_age
    }
}

/// Determines every child, in the order given. `files` says what the files tell beside their rows: who has reported, and
/// when they came. Reports that have rows are found among the children too. Whether a register is in the store, and a
/// registry that is whole ([`Coverage`]), is found the same way. [`Sitting`] keeps what is needed to do one child again.
pub fn determine(
    children: &[Child<'_>],
    files: &Files,
    pack: &Pack,
    settings: &Settings,
) -> Vec<Determined> {
    sitting::judge_all(children, files, pack, settings).0
}

/// Determines every child like [`determine`], and gives with it what all children tell.
pub fn determine_all(
    children: &[Child<'_>],
    files: &Files,
    pack: &Pack,
    settings: &Settings,
) -> (Vec<Determined>, Context) {
    sitting::judge_all(children, files, pack, settings)
}
