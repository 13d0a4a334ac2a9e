//! 身份核对: pairs of rows that a person must judge, with what was ruled about them since the run.

use std::collections::{BTreeMap, HashMap, HashSet};

use baoxue_claim::{ChildId, Record, RecordId, Source, TownCode};
use baoxue_store::{DecisionId, NewEvent, Ruling, Store};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{FlowError, ReviewPair, Roll, rulings::rule};

/// Words of the log for a pair that somebody looked at and could not judge, and for taking that back.
const UNSURE: &str = "pair_unsure";
const UNSURE_UNDONE: &str = "pair_unsure_undone";

/// The pairs of the newest run, strongest first.
#[derive(Debug, Default)]
pub struct PairQueue {
    /// The run; `None` before the first.
    pub run: Option<i64>,
    /// The pairs.
    pub pairs: Vec<QueuedPair>,
    at: HashMap<(RecordId, RecordId), usize>,
}

/// A pair with what a list shows of its rows.
#[derive(Debug)]
pub struct QueuedPair {
    /// The pair.
    pub pair: ReviewPair,
    /// Its two rows.
    pub rows: [QueuedRow; 2],
}

/// A row of a pair.
#[derive(Clone, PartialEq, Eq)]
pub struct QueuedRow {
    /// The row.
    pub record: RecordId,
    /// The child that has it now; none for a row that only a person may place.
    pub child: Option<ChildId>,
    /// The name that it mentions.
    pub name: Option<String>,
    /// Who says it.
    pub source: Source,
    /// The town that it names, or that sent it.
    pub town: Option<TownCode>,
}

impl std::fmt::Debug for QueuedRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "QueuedRow({:?}, {:?})", self.record, self.source)
    }
}

/// What somebody said of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairRuling {
    /// The answer.
    pub answer: PairAnswer,
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
    decision: Option<DecisionId>,
}

/// An answer to whether two rows are one child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairAnswer {
    /// One child.
    Same,
    /// Two children.
    Different,
    /// It cannot be told from the rows: somebody must ask the family or the school.
    Unsure,
}

/// What people said of pairs, in force now.
pub type PairRulings = BTreeMap<(RecordId, RecordId), PairRuling>;

#[derive(Serialize, Deserialize)]
struct Body {
    rows: (RecordId, RecordId),
    reason: String,
}

/// The two rows in one order, whoever names them first.
pub fn ordered((one, other): (RecordId, RecordId)) -> (RecordId, RecordId) {
    (one.min(other), one.max(other))
}

impl QueuedPair {
    /// Its rows in the order of their numbers.
    pub fn key(&self) -> (RecordId, RecordId) {
        ordered((self.pair.left, self.pair.right))
    }
}

impl PairQueue {
    /// Reads the pairs of the newest run.
    ///
    /// # Errors
    /// [`FlowError`] when the store refuses or a pair cannot be read.
    pub async fn load(store: &Store, roll: &Roll) -> Result<Self, FlowError> {
        let reviews = store.reviews().await?.into_iter();
        let pairs: Vec<ReviewPair> =
            reviews.map(serde_json::from_value).collect::<Result<_, _>>()?;
        let wanted: HashSet<RecordId> =
            pairs.iter().flat_map(|pair| [pair.left, pair.right]).collect();
        let ids: Vec<RecordId> = wanted.iter().copied().collect();
        let records: HashMap<RecordId, Record> =
            store.records(&ids).await?.into_iter().map(|record| (record.id, record)).collect();
        let child: HashMap<RecordId, ChildId> =
            store.children_of(&ids).await?.into_iter().collect();
        let row = |id: RecordId| {
            let record = records.get(&id)?;
            // A row that only a person may place has a number of its own and stands in no list.
            let child = child.get(&id).copied().filter(|child| roll.entry(*child).is_some());
            Some(QueuedRow::of(record, child))
        };
        // A pair whose file was withdrawn since is no question any more.
        let queued = pairs.into_iter().filter_map(|pair| {
            let rows = [row(pair.left)?, row(pair.right)?];
            Some(QueuedPair { pair, rows })
        });
        let pairs: Vec<QueuedPair> = queued.collect();
        let at = pairs.iter().enumerate().map(|(at, pair)| (pair.key(), at)).collect();
        Ok(Self { run: roll.run.as_ref().map(|run| run.id), pairs, at })
    }

    /// The pair of two rows.
    pub fn get(&self, rows: (RecordId, RecordId)) -> Option<&QueuedPair> {
        self.place(rows).map(|at| &self.pairs[at])
    }

    /// Where the pair of two rows stands.
    pub fn place(&self, rows: (RecordId, RecordId)) -> Option<usize> {
        self.at.get(&ordered(rows)).copied()
    }
}

impl QueuedRow {
    fn of(record: &Record, child: Option<ChildId>) -> Self {
        let person = &record.person;
        let town = person.registered_at.town.or(person.lives_at.town).or(record.town);
        Self {
            record: record.id,
            child,
            name: person.name.as_ref().map(|name| name.expose().to_owned()),
            source: record.source,
            town,
        }
    }
}

/// What people said of pairs, in force now.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn pair_rulings(store: &Store) -> Result<PairRulings, FlowError> {
    let mut rulings = PairRulings::new();
    for event in store.events().await? {
        let event = event.event;
        if event.what != UNSURE && event.what != UNSURE_UNDONE {
            continue;
        }
        let Body { rows, reason } = serde_json::from_value(event.body)?;
        rulings.remove(&ordered(rows));
        if event.what == UNSURE {
            let (answer, by, at) = (PairAnswer::Unsure, event.by, event.at);
            let ruling = PairRuling { answer, by, at, reason, decision: None };
            rulings.insert(ordered(rows), ruling);
        }
    }
    for found in store.decisions().await? {
        let decision = found.decision;
        let answer = match decision.ruling {
            Ruling::MustLink => PairAnswer::Same,
            Ruling::CannotLink => PairAnswer::Different,
        };
        let ruling = PairRuling {
            answer,
            by: decision.by,
            at: decision.at,
            reason: decision.reason,
            decision: Some(found.id),
        };
        rulings.insert(ordered(decision.records), ruling);
    }
    Ok(rulings)
}

/// Answers whether two rows are one child. It binds the next run; "cannot be told" binds nothing. When somebody has ruled
/// before, nothing changes and the earlier ruling is given back.
///
/// # Errors
/// [`FlowError::Contradiction`] with rulings about other rows; [`FlowError::NoRecord`] when a row is gone.
pub async fn answer_pair(
    store: &Store,
    answer: PairAnswer,
    rows: (RecordId, RecordId),
    why: (&str, &str, DateTime<Utc>),
) -> Result<Option<PairRuling>, FlowError> {
    let earlier = pair_rulings(store).await?.remove(&ordered(rows));
    if let Some(earlier) = earlier.filter(|e| e.answer != PairAnswer::Unsure || e.answer == answer)
    {
        return Ok(Some(earlier));
    }
    match answer {
        PairAnswer::Same => rule(store, Some(Ruling::MustLink), rows, why).await?,
        PairAnswer::Different => rule(store, Some(Ruling::CannotLink), rows, why).await?,
        PairAnswer::Unsure => note(store, UNSURE, rows, why).await?,
    }
    Ok(None)
}

/// Takes back what was said of a pair. Tells whether there was anything.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn undo_pair(
    store: &Store,
    rows: (RecordId, RecordId),
    why: (&str, &str, DateTime<Utc>),
) -> Result<bool, FlowError> {
    let Some(ruling) = pair_rulings(store).await?.remove(&ordered(rows)) else { return Ok(false) };
    let (reason, by, at) = why;
    match ruling.decision {
        Some(id) => {
            store.revoke(id, reason, by, at).await?;
            store.settle().await?;
        }
        None => note(store, UNSURE_UNDONE, rows, why).await?,
    }
    Ok(true)
}

async fn note(
    store: &Store,
    what: &str,
    rows: (RecordId, RecordId),
    (reason, by, at): (&str, &str, DateTime<Utc>),
) -> Result<(), FlowError> {
    let body = serde_json::to_value(Body { rows: ordered(rows), reason: reason.to_owned() })?;
    store.log(NewEvent { what: what.to_owned(), at, by: by.to_owned(), body }).await?;
    Ok(store.settle().await?)
}
