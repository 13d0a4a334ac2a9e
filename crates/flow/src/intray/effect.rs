//! What taking a file in would change, found out by the same stages as a run, in memory; nothing is written.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use baoxue_claim::{BatchId, ChildId, Record, VerdictCode};
use baoxue_determine::Determined;
use baoxue_intake::{Outcome, Reading};
use baoxue_store::{RowPlace, Store};
use serde::{Deserialize, Serialize};

use super::inspect::known;
use crate::{
    County, Derived, FlowError, ImportOptions, Roll,
    derive::{Inputs, judge},
    import::{
        self,
        read::{Content, read_bytes},
    },
    progress::{Observer, Progress, Stage},
};

/// Children named in one effect; the counts are of all.
const NAMED: usize = 500;

/// What a file changes among the children of the run before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// New rows that are about children known before.
    pub linked: u64,
    /// Children that nobody had named.
    pub new_children: u64,
    /// Pairs and rows of the file that wait for a person.
    pub waiting: u64,
    /// Children about whom sources disagree from now on.
    pub new_conflicts: u64,
    /// Children about whom sources disagree no more.
    pub settled: u64,
    /// Children known before whose status is another one.
    pub changed: u64,
    /// Children of the run before that are no child of their own any more.
    pub gone: u64,
    /// From which status to which, and how many.
    pub moves: Vec<(VerdictCode, VerdictCode, u64)>,
    /// The children whose status changes, at most [`NAMED`].
    pub children: Vec<Moved>,
    /// Children known before about whom sources disagree from now on, at most [`NAMED`].
    pub conflicts: Vec<ChildId>,
}

/// A child whose status changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The child.
    pub child: ChildId,
    /// Before.
    pub from: VerdictCode,
    /// After.
    pub to: VerdictCode,
}

impl Effect {
    /// Compares a pass with the run before. `batch` is the file's; when it was taken back, no row of it is left.
    pub(super) fn between(roll: &Roll, derived: &Derived, batch: Option<BatchId>) -> Self {
        let mut effect = Self::default();
        let is_new = |record: &Record| Some(record.id.batch()) == batch;
        let mut moves: BTreeMap<(VerdictCode, VerdictCode), u64> = BTreeMap::new();
        let mut seen: HashSet<ChildId> = HashSet::new();
        for (child, found) in derived.children.iter().zip(&derived.determined) {
            let n_new = derived.records_of(child).filter(|record| is_new(record)).count() as u64;
            let Some(before) = roll.entry(child.id) else {
                effect.new_children += 1;
                effect.new_conflicts += u64::from(found.verdict.conflict.is_some());
                continue;
            };
            seen.insert(child.id);
            effect.linked += n_new;
            effect.quarrel(before.quarrel, found);
            if before.code != found.verdict.code {
                let (from, to) = (before.code, found.verdict.code);
                *moves.entry((from, to)).or_default() += 1;
                effect.changed += 1;
                if effect.children.len() < NAMED {
                    effect.children.push(Moved { child: child.id, from, to });
                }
            }
        }
        effect.gone = roll.entries().iter().filter(|e| !seen.contains(&e.child)).count() as u64;
        effect.moves = moves.into_iter().map(|((from, to), n)| (from, to, n)).collect();
        let of_file = |id: baoxue_claim::RecordId| Some(id.batch()) == batch;
        let pairs = derived.reviews.iter().filter(|r| of_file(r.left) || of_file(r.right)).count();
        let alone = derived.unplaced().filter(|record| is_new(record)).count();
        effect.waiting = (pairs + alone) as u64;
        effect
    }

    fn quarrel(&mut self, before: bool, found: &Determined) {
        match (before, found.verdict.conflict.is_some()) {
            (false, true) => {
                self.new_conflicts += 1;
                if self.conflicts.len() < NAMED {
                    self.conflicts.push(found.verdict.child);
                }
            }
            (true, false) => self.settled += 1,
            (true, true) | (false, false) => {}
        }
    }
}

/// What a file would change; `None` when nothing of it can enter. Takes as long as a run.
///
/// # Errors
/// [`FlowError`] when decisions contradict each other or the store refuses.
pub async fn effect(
    store: &Store,
    (county, roll): (&County, &Roll),
    (name, content): (&str, &[u8]),
    options: &ImportOptions,
    observe: Observer<'_>,
) -> Result<Option<Effect>, FlowError> {
    observe(Progress { stage: Stage::Import, done: 0, total: 1, what: name.to_owned() });
    let layouts = import::answers(store, options).await?;
    let file = read_bytes((name, content), county, (options, &layouts));
    let Content::Reading { reading, .. } = file.content else { return Ok(None) };
    let known = known(store, &reading).await?;
    let gives_way = store.find_live_batch_by_hash(&file.content_hash).await?;
    let last = store.batches().await?.last().map_or(0, |batch| batch.id.0);
    let batch = BatchId(last + 1);
    observe(Progress { stage: Stage::Import, done: 1, total: 1, what: String::new() });
    let mut inputs = Inputs::load(store, observe).await?;
    if let Some(old) = gives_way {
        inputs.records.retain(|record| record.id.batch() != old);
    }
    add(&mut inputs, reading, &known, (batch, options));
    let judged = judge(inputs, county, observe)?;
    Ok(Some(Effect::between(roll, &judged.derived, Some(batch))))
}

/// Puts a reading beside what is live, as it would be if it had been taken in.
fn add(
    inputs: &mut Inputs,
    reading: Reading,
    known: &[Option<RowPlace>],
    (batch, options): (BatchId, &ImportOptions),
) {
    inputs.files.received.insert(batch, options.now.date_naive());
    inputs.files.together.insert(batch, batch);
    let live: BTreeSet<_> = inputs.records.iter().map(|record| record.id).collect();
    let mut known = known.iter();
    for sheet in reading.sheets {
        inputs.files.reports.extend(sheet.reports);
        for row in sheet.rows {
            let before = known.next().copied().flatten().map(|place| place.record);
            let Outcome::Record(mut record) = row.outcome else { continue };
            if let Some(before) = before.filter(|before| live.contains(before)) {
                inputs.files.repeated.insert(before, batch);
                continue;
            }
            record.id = record.id.in_batch(batch);
            inputs.records.push(*record);
        }
    }
}
