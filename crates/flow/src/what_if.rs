//! What a changed configuration would do before it applies. Nothing is kept.

use std::collections::BTreeMap;

use baoxue_claim::{ChildId, VerdictCode};
use baoxue_determine::{Rules, what_if};
use baoxue_store::Store;
use serde::Serialize;

use crate::{
    County, FlowError, derive,
    lines::town_name,
    progress::{Observer, Progress, Stage},
};

/// A child that would move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The child.
    pub child: ChildId,
    /// Its name.
    pub name: Option<String>,
    /// The town that answers for it.
    pub town: Option<String>,
    /// Its status by the rules in force.
    pub from: VerdictCode,
    /// Its status by the changed ones.
    pub to: VerdictCode,
    /// The rule that decides now.
    pub from_rule: String,
    /// The rule that would.
    pub to_rule: String,
}

/// Who would move from where to where under a changed configuration, in the order of the children. Rows are linked as they
/// are; which registers replace older ones stays as it is.
///
/// # Errors
/// [`FlowError`] when decisions contradict each other or the store refuses.
pub async fn what_if_changed(
    store: &Store,
    county: &County,
    changed: &County,
    observe: Observer<'_>,
) -> Result<Vec<Moved>, FlowError> {
    let records = store.live_records().await?;
    let decisions = derive::decisions(store, &records).await?;
    let (_, linkage) = derive::link(&records, &decisions, observe)?;
    let homes = store.homes().await?;
    let children = derive::group(&records, &linkage, &homes);
    let files = derive::files(store).await?;
    let mut judged = derive::as_judged(&records, &children, &linkage);
    let doubts = baoxue_determine::mark_superseded(&mut judged, &county.settings);
    baoxue_determine::withhold(&mut judged, &doubts);
    let total = judged.len() as u64;
    observe(Progress { stage: Stage::Determine, done: 0, total, what: String::new() });
    let now = Rules { pack: &county.pack, settings: &county.settings };
    let then = Rules { pack: &changed.pack, settings: &changed.settings };
    let found = what_if(&judged, &files, now, then);
    observe(Progress { stage: Stage::Determine, done: total, total, what: String::new() });
    let at: BTreeMap<ChildId, usize> = (0..).zip(&judged).map(|(at, c)| (c.id, at)).collect();
    let moved = found.into_iter().map(|found| {
        let child = at.get(&found.child).map(|at| &judged[*at]);
        let profile = child.map(|child| baoxue_determine::profile(child, &county.settings));
        Moved {
            child: found.child,
            name: profile.as_ref().and_then(|p| Some(p.name.as_ref()?.expose().to_owned())),
            town: profile.and_then(|profile| town_name(profile.town, &county.towns)),
            from: found.from,
            to: found.to,
            from_rule: found.from_rule,
            to_rule: found.to_rule,
        }
    });
    Ok(moved.collect())
}
