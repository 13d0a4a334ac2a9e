//! On which day a quarrel between sources was first shown. It is kept in the log and never moved: neither judging the county
//! again nor sending the same list again gives a side more time to answer.

use std::collections::BTreeMap;

use baoxue_claim::ChildId;
use baoxue_determine::{About, Determined, Files, Opening};
use baoxue_store::{NewEvent, Store};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::FlowError;

/// The word of these events in the log.
const WHAT: &str = "conflicts_opened";

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
