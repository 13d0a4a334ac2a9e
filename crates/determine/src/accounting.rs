//! 错报、漏报: who listed a child wrongly, who knew first of one out of school, and which town said zero while others knew.
//!
//! What a town finds itself is never held against it: `missed` counts the children out of school whom others named and
//! their town did not. A town that has sent nothing is told apart from one that reported nobody.

mod naming;
mod rank;
mod town;

use std::collections::{BTreeMap, BTreeSet};

use baoxue_claim::{ChildId, Source, TownCode, Towns, VerdictCode};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Known, Thresholds, comparison::SumError};

pub use naming::{Naming, names_out};
pub use rank::{Ranked, ranked};
pub use town::{ReportState, TownAccount};

/// The account of all children whom anybody named, or who are out of school.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounting {
    /// Every naming of a child that is not out of school, in order of child and day.
    pub wrong: Vec<WrongListing>,
    /// Every child out of school: who knew first.
    pub out: Vec<OutChild>,
    /// A row for each town, in the order of the configuration.
    pub towns: Vec<TownAccount>,
    /// A row for each kind of source that named anybody.
    pub sources: Vec<SourceAccount>,
}

/// What became of a word that a child is out of school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is out of school.
    Right,
    /// It is suspected.
    Suspected,
    /// It was out and is back: the list was right when it was made.
    CameBack,
    /// It was absent as reported, and is back or excused.
    Explained,
    /// It was not out of school (错报).
    Wrong,
    /// Sources contradict each other, or too little is known.
    Open,
}

impl Outcome {
    /// All of them, in the order of the tables.
    pub const ALL: [Self; 6] =
        [Self::Right, Self::Suspected, Self::CameBack, Self::Explained, Self::Wrong, Self::Open];
}

/// A child that a list called out of school and that was not (错报).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongListing {
    /// The child.
    pub child: ChildId,
    /// Who said so, where and when.
    pub by: Naming,
    /// What the child is.
    pub code: VerdictCode,
    /// Whether a word that decides was there on the day of the list, so that the sender could have known.
    pub known_before: bool,
    /// The first day on or after the list on which a source said what decides; `None` when none has since.
    pub corrected_on: Option<NaiveDate>,
    /// Days from the list to the correction, or to the day of determination while there is none.
    pub days: u32,
}

/// Who named a child that is out of school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundBy {
    /// Its own town, before anybody else or on the same day.
    TownFirst,
    /// Its own town, after somebody else.
    TownLater,
    /// Others only: missed by the town (漏报).
    OthersOnly,
}

/// A child out of school: who knew, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutChild {
    /// The child.
    pub child: ChildId,
    /// The town that answers for it.
    pub town: Option<TownCode>,
    /// Whether its town named it.
    pub found_by: FoundBy,
    /// Who knew first; `None` when nobody named the child and it follows from registers.
    pub first: Option<Naming>,
    /// When its town first named it.
    pub town_on: Option<NaiveDate>,
    /// What its town sent.
    pub report: ReportState,
    /// Days from the first naming to the town's own, or to the day of determination while it has none.
    pub days: u32,
}

/// How right a kind of source was. Numbers of children; `named` is the sum of the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceAccount {
    /// The source.
    pub source: Source,
    /// Children it called out of school, or absent past the first threshold.
    pub named: u32,
    /// Of these, by what became of the word, in the order of [`Outcome::ALL`].
    pub outcomes: [u32; 6],
}

/// Makes the account. `sent` are the towns that sent a survey or list; `thresholds` tell from which absence a
/// school's report names a child.
///
/// # Errors
/// [`SumError`] when the children of a town are not exactly those found first, later and by others.
pub fn accounting(
    children: &[Known<'_>],
    (towns, sent): (&Towns, &BTreeSet<TownCode>),
    (as_of, thresholds): (NaiveDate, &Thresholds),
) -> Result<Accounting, SumError> {
    let mut account = Accounting::default();
    let mut towns = town::Rows::new(towns, sent);
    let mut sources: BTreeMap<Source, [u32; 6]> = BTreeMap::new();
    for child in children {
        let named = naming::of(child, as_of, thresholds);
        let mut seen: BTreeSet<Source> = BTreeSet::new();
        for by in &named {
            let outcome = naming::outcome(child, by);
            if seen.insert(by.source) {
                sources.entry(by.source).or_default()[outcome as usize] += 1;
            }
            if outcome == Outcome::Wrong {
                account.wrong.push(wrong(child, by, as_of));
            }
        }
        towns.named(child, &named);
        if child.found.verdict.code.is_out() {
            account.out.push(out_child(child, &named, as_of));
        }
    }
    for out in &mut account.out {
        out.report = towns.state(out.town);
    }
    account.sources = sources
        .into_iter()
        .map(|(source, outcomes)| SourceAccount { source, named: outcomes.iter().sum(), outcomes })
        .collect();
    account.towns = towns.finish(&account)?;
    Ok(account)
}

fn wrong(child: &Known<'_>, by: &Naming, as_of: NaiveDate) -> WrongListing {
    let verdict = &child.found.verdict;
    let deciding = child
        .claims()
        .filter(|(id, _, claim)| verdict.claims.contains(id) && !names_out(&claim.what));
    let days: BTreeSet<NaiveDate> = deciding.map(|(_, _, claim)| claim.on).collect();
    let corrected_on = days.range(by.on..).next().copied();
    WrongListing {
        child: verdict.child,
        by: by.clone(),
        code: verdict.code,
        known_before: days.first().is_some_and(|day| *day <= by.on),
        corrected_on,
        days: days_between(by.on, corrected_on.unwrap_or(as_of)),
    }
}

fn out_child(child: &Known<'_>, named: &[Naming], as_of: NaiveDate) -> OutChild {
    let own = child.found.profile.town;
    let first = named.iter().min_by_key(|naming| (naming.on, !naming.is_of(own))).cloned();
    let town_on = named.iter().filter(|naming| naming.is_of(own)).map(|naming| naming.on).min();
    let found_by = match (&first, town_on) {
        (Some(first), Some(on)) if on <= first.on => FoundBy::TownFirst,
        (_, Some(_)) => FoundBy::TownLater,
        (_, None) => FoundBy::OthersOnly,
    };
    let since = first.as_ref().map_or(as_of, |first| first.on);
    OutChild {
        child: child.found.verdict.child,
        town: own,
        found_by,
        town_on,
        report: ReportState::None,
        days: days_between(since, town_on.unwrap_or(as_of)),
        first,
    }
}

fn days_between(from: NaiveDate, to: NaiveDate) -> u32 {
    u32::try_from((to - from).num_days()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
