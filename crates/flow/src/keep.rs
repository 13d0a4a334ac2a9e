//! What a run derived, into the store, in one transaction.

use baoxue_claim::{ChildId, Name, Record, RecordId, ResidentId, TownCode};
use baoxue_determine::{Context, Determined, Verdict, accounting::TownAccount, aid::lists};
use baoxue_store::{NewRun, Store, StoreError, StoredConflict, StoredVerdict};
use chrono::{DateTime, Utc};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    County, Derived, FlowError,
    derive::{MODEL_VERSION, input_digest},
    progress::{Observer, Progress, Stage},
    roll::{self, Marks},
};

/// Children whose rows are in memory beside what they were made from.
const MADE_AT_A_TIME: usize = 4096;

/// What is kept of a determined child: the verdict, and of the profile what the export names it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The verdict.
    pub(crate) verdict: Verdict,
    /// Resident ID.
    pub(crate) id: Option<ResidentId>,
    /// Name.
    pub(crate) name: Option<Name>,
    /// The town that answers for the child.
    pub(crate) town: Option<TownCode>,
}

impl Kept {
    pub(crate) fn of(found: &Determined) -> Self {
        Self {
            verdict: found.verdict.clone(),
            id: found.profile.id,
            name: found.profile.name.clone(),
            town: found.profile.town,
        }
    }
}

/// What a run has derived, to be kept.
pub(crate) struct Run<'r> {
    pub(crate) county: &'r County,
    pub(crate) derived: &'r Derived,
    /// In the order of the children.
    pub(crate) marks: &'r [Marks],
    pub(crate) context: &'r Context,
    /// Who listed whom, by town.
    pub(crate) towns: &'r [TownAccount],
    pub(crate) now: DateTime<Utc>,
}

/// Keeps a run.
pub(crate) async fn save(
    store: &Store,
    run: &Run<'_>,
    observe: Observer<'_>,
) -> Result<(), FlowError> {
    let Run { county, derived, marks, context, towns, now } = *run;
    let total = derived.children.len() as u64;
    observe(Progress { stage: Stage::Save, done: 0, total, what: String::new() });
    let mut conflicts = Vec::new();
    for Determined { verdict, .. } in &derived.determined {
        if let Some(conflict) = &verdict.conflict {
            conflicts
                .push(StoredConflict { child: verdict.child, body: serde_json::to_vec(conflict)? });
        }
    }
    let reviews = derived.reviews.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
    let mut children: Vec<(RecordId, ChildId)> = derived
        .children
        .iter()
        .flat_map(|child| derived.records_of(child).map(|record| (record.id, child.id)))
        .collect();
    children.sort_unstable();
    let run = NewRun {
        as_of: county.settings.as_of,
        rule_pack: county.pack.name(),
        model: MODEL_VERSION.to_owned(),
        started_at: now,
        input_digest: input_digest(store, county).await?,
        children,
        reviews,
        conflicts,
        note: roll::note(context, towns, lists(derived.records.iter(), &county.settings))?,
    };
    let households = roll::households(derived, marks);
    let entry = |at: usize| {
        let records: Vec<&Record> = derived.records_of(&derived.children[at]).collect();
        roll::stored(&derived.determined[at], &records, (&marks[at], households[at]), county)
    };
    let n = derived.determined.len();
    let verdicts = made_some_at_a_time(n, |at| stored(&derived.determined[at]));
    store.save_run(run, verdicts, made_some_at_a_time(n, entry)).await?;
    store.settle().await?;
    observe(Progress { stage: Stage::Save, done: total, total, what: String::new() });
    Ok(())
}

/// Rows made on all cores, some thousands before they are asked for.
fn made_some_at_a_time<T: Send>(
    n: usize,
    make: impl Fn(usize) -> T + Sync,
) -> impl Iterator<Item = T> {
    (0..n).step_by(MADE_AT_A_TIME).flat_map(move |from| {
        let part = from..n.min(from + MADE_AT_A_TIME);
        part.into_par_iter().map(&make).collect::<Vec<T>>()
    })
}

/// The verdict as the store takes it.
fn stored(found: &Determined) -> Result<StoredVerdict, StoreError> {
    let verdict = &found.verdict;
    let body = serde_json::to_vec(&Kept::of(found));
    Ok(StoredVerdict {
        child: verdict.child,
        code: verdict.code,
        rule: format!("{} {}", verdict.ground.rule, verdict.ground.version),
        claims: verdict.claims.clone(),
        body: body.map_err(|_| StoreError::Damaged("verdict.body"))?,
    })
}
