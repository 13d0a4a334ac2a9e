//! Claims, dated rules and a date in, verdicts with grounds out.
//!
//! [`determine`] turns each child's records into a [`Profile`] (what is known of the child, by the order of evidence per
//! field) and a [`Verdict`] (its status on the date, with rule, law, claims, conflicts and expiry). The rules are the
//! Markdown files of a [`Pack`]; the order in which evidence decides is the county's ([`Settings`]). [`comparison`] and
//! [`towns`] count the results. Pure: no clock, files, network or database.

mod child;
pub mod comparison;
mod pack;
mod profile;
mod settings;
pub mod towns;
mod verdict;

pub use child::Child;
pub use pack::{Pack, RuleError};
pub use profile::{Hardship, Profile, profile};
pub use settings::{CertificateRules, MonthDay, ProfileOrder, Settings, Thresholds};
pub use verdict::{Conflict, Ground, Matched, Refused, Side, Verdict, verdict};

/// What is known of a child and its status on the date.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Determined {
    /// What the sources say of it, by the order of evidence per field.
    pub profile: Profile,
    /// Its status and why.
    pub verdict: Verdict,
}

/// Determines every child, in the order given. The result of a child depends on its own records only.
pub fn determine(children: &[Child<'_>], pack: &Pack, settings: &Settings) -> Vec<Determined> {
    children
        .iter()
        .map(|child| Determined {
            profile: profile(child, settings),
            verdict: verdict(child, pack, settings),
        })
        .collect()
}
