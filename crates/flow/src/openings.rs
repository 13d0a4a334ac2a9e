//! On which day a quarrel between sources, or a child of whom too little is known, was first shown. It is kept in the log and never moved: neither judging the county
//! again nor sending the same list again gives a side more time to answer.

use std::collections::{BTreeMap, BTreeSet};

use baoxue_claim::{ChildId, VerdictCode};
use baoxue_determine::{About, Determined, Files, Opening};
use baoxue_store::{NewEvent, Store};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::FlowError;

/// The word of these events in the log.
const WHAT: &str = "conflicts_opened";

/// The word of the events that say since when a child is to be verified.
const VERIFYING: &str = "verification";

/// Who writes them.
const BY: &str = "baoxue";

/// The quarrels that a run was the first to show.
#[derive(Serialize, Deserialize)]
struct Body {
    on: NaiveDate,
    opened: Vec<(ChildId, About)>,
}

/// All quarrels by child, the first shown first.
pub(crate) async fn openings(store: &Store) -> Result<BTreeMap<ChildId, Vec<Opening>>, FlowError> {
    let mut known: BTreeMap<ChildId, Vec<Opening>> = BTreeMap::new();
    for event in store.events().await?.into_iter().filter(|event| event.event.what == WHAT) {
        let Body { on, opened } = serde_json::from_value(event.event.body)?;
        for (child, about) in opened {
            known.entry(child).or_default().push(Opening { about, on });
        }
    }
    Ok(known)
}

/// Appends the quarrels that nobody has been shown yet.
pub(crate) async fn keep(
    store: &Store,
    determined: &[Determined],
    (files, on): (&Files, NaiveDate),
    at: DateTime<Utc>,
) -> Result<(), FlowError> {
    let is_new = |found: &&Determined| {
        let known = files.openings.get(&found.verdict.child);
        let of = |known: &Vec<Opening>| {
            let conflict = found.verdict.conflict.as_ref();
            conflict.is_some_and(|conflict| known.iter().any(|opening| conflict.is_of(opening)))
        };
        !known.is_some_and(of)
    };
    let opened: Vec<(ChildId, About)> = determined
        .iter()
        .filter(is_new)
        .filter_map(|found| Some((found.verdict.child, found.verdict.conflict.as_ref()?.about)))
        .collect();
    if opened.is_empty() {
        return Ok(());
    }
    let body = serde_json::to_value(Body { on, opened })?;
    store.log(NewEvent { what: WHAT.to_owned(), at, by: BY.to_owned(), body }).await?;
    Ok(())
}

/// Children whom somebody must find out about from a day on, and those of whom enough is known now.
#[derive(Serialize, Deserialize)]
struct Verification {
    on: NaiveDate,
    begun: Vec<ChildId>,
    ended: Vec<ChildId>,
}

/// Since when each child is to be verified (核实中), as of the newest run.
pub(crate) async fn verifying(store: &Store) -> Result<BTreeMap<ChildId, NaiveDate>, FlowError> {
    let mut since = BTreeMap::new();
    for event in store.events().await?.into_iter().filter(|event| event.event.what == VERIFYING) {
        let Verification { on, begun, ended } = serde_json::from_value(event.event.body)?;
        let ended: BTreeSet<ChildId> = ended.into_iter().collect();
        since.retain(|child, _| !ended.contains(child));
        since.extend(begun.into_iter().map(|child| (child, on)));
    }
    Ok(since)
}

/// Appends whose verification began and ended with this run, and gives since when each child is to be verified.
pub(crate) async fn keep_verifying(
    store: &Store,
    determined: &[Determined],
    (on, at): (NaiveDate, DateTime<Utc>),
) -> Result<BTreeMap<ChildId, NaiveDate>, FlowError> {
    let mut since = verifying(store).await?;
    let waits = |found: &&Determined| {
        matches!(found.verdict.code, VerdictCode::Unverified | VerdictCode::Missing)
    };
    let open: BTreeSet<ChildId> =
        determined.iter().filter(waits).map(|found| found.verdict.child).collect();
    let begun: Vec<ChildId> =
        open.iter().filter(|child| !since.contains_key(child)).copied().collect();
    let ended: Vec<ChildId> = since.keys().filter(|child| !open.contains(child)).copied().collect();
    if begun.is_empty() && ended.is_empty() {
        return Ok(since);
    }
    since.retain(|child, _| open.contains(child));
    since.extend(begun.iter().map(|child| (*child, on)));
    let body = serde_json::to_value(Verification { on, begun, ended })?;
    store.log(NewEvent { what: VERIFYING.to_owned(), at, by: BY.to_owned(), body }).await?;
    Ok(since)
}
