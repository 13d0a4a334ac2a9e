//! Taking a file in with a new run, and taking it back with another. Either all of it is done, or the old state stands.

use std::{future::poll_fn, pin::pin, task::Poll};

use baoxue_claim::BatchId;
use baoxue_store::{BatchState, BatchSummary, NewEvent, Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Effect;
use crate::{
    County, FileOutcome, FileStatus, FlowError, ImportOptions, Roll, derive,
    import::{self, read::read_bytes},
    progress::{Observer, Progress, Stage},
};

/// Words of these events in the log.
const ENTERED: &str = "import_entered";
const UNDO_WANTED: &str = "import_undo_wanted";

/// So long one person may take an import back alone; after that a second one has to agree.
///
/// Source: our proposal.
pub const ALONE: TimeDelta = TimeDelta::days(1);
/// So long an import can be taken back at all.
///
/// Source: our proposal.
pub const UNDO: TimeDelta = TimeDelta::days(7);

/// What came of taking a file in.
#[derive(Clone, Debug)]
pub struct Entered {
    /// What became of the file.
    pub outcome: FileOutcome,
    /// What it changed; `None` when nothing of it entered.
    pub effect: Option<Effect>,
}

#[derive(Serialize, Deserialize)]
struct Body {
    batch: BatchId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    effect: Option<Effect>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<i64>,
}

/// Takes a file in and makes a new run. When the run fails the file is withdrawn again. Takes as long as a run, or until
/// `stop` is over: then it ends as if the run had failed.
///
/// # Errors
/// [`FlowError`] when decisions contradict each other or the store refuses; the old state stands then.
/// [`StoreError::Stopped`] when it was stopped.
pub async fn enter(
    store: &Store,
    (county, roll): (&County, &Roll),
    (name, content): (&str, &[u8]),
    options: &ImportOptions,
    (observe, stop): (Observer<'_>, impl Future<Output = ()>),
) -> Result<Entered, FlowError> {
    observe(Progress { stage: Stage::Import, done: 0, total: 1, what: name.to_owned() });
    let layouts = import::answers(store, options).await?;
    let file = read_bytes((name, content), county, (options, &layouts));
    let asking = import::asking(store).await?;
    let twin = store.find_live_batch_by_hash(&file.content_hash).await?;
    let replaces = twin.is_some_and(|twin| asking.contains(&twin));
    import::give_way(store, &file, &asking, options).await?;
    let outcome = import::take_in(store, file, options).await?;
    let entered = outcome.batch.filter(|_| outcome.status != FileStatus::Duplicate);
    let Some(batch) = entered else { return Ok(Entered { outcome, effect: None }) };
    observe(Progress { stage: Stage::Import, done: 1, total: 1, what: String::new() });
    let run = derive(store, county, options.now, observe);
    let derived = match unless(stop, run).await {
        Ok(derived) => derived,
        // What has taken the place of the same file stays, or its rows would speak no more.
        Err(error) if replaces => return Err(error),
        Err(error) => {
            let why = "认定没有完成，自动撤回";
            store.withdraw(batch, why, &options.brought_by, options.now).await?;
            return Err(error);
        }
    };
    import::remember(store, options).await?;
    let effect = Effect::between(roll, &derived, Some(batch));
    log(
        store,
        ENTERED,
        (&options.brought_by, options.now),
        &Body { batch, effect: Some(effect.clone()), account: None },
    )
    .await?;
    Ok(Entered { outcome, effect: Some(effect) })
}

/// The end of some work, unless it is stopped first; what it has written by then is rolled back.
async fn unless<T>(
    stop: impl Future<Output = ()>,
    work: impl Future<Output = Result<T, FlowError>>,
) -> Result<T, FlowError> {
    let (mut stop, mut work) = (pin!(stop), pin!(work));
    poll_fn(|context| {
        // The work goes first: what is done by now is done.
        if let Poll::Ready(done) = work.as_mut().poll(context) {
            return Poll::Ready(done);
        }
        stop.as_mut().poll(context).map(|()| Err(StoreError::Stopped.into()))
    })
    .await
}

async fn log(
    store: &Store,
    what: &str,
    (by, at): (&str, DateTime<Utc>),
    body: &Body,
) -> Result<(), FlowError> {
    let body = serde_json::to_value(body)?;
    store.log(NewEvent { what: what.to_owned(), at, by: by.to_owned(), body }).await?;
    Ok(())
}

/// What a batch changed when it was taken in by the pages.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn remembered_effect(store: &Store, batch: BatchId) -> Result<Option<Effect>, FlowError> {
    for event in store.events().await?.into_iter().filter(|event| event.event.what == ENTERED) {
        let body: Body = serde_json::from_value(event.event.body)?;
        if body.batch == batch {
            return Ok(body.effect);
        }
    }
    Ok(None)
}

/// How a batch may be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undo {
    /// By one person.
    Alone,
    /// By two: one asks, another agrees.
    Together,
    /// Not any more: it is too old, or it was withdrawn.
    Never,
}

impl Undo {
    /// How this batch may be taken back now.
    pub fn of(batch: &BatchSummary, now: DateTime<Utc>) -> Self {
        let age = now - batch.received_at;
        if batch.state == BatchState::Withdrawn || age > UNDO {
            Self::Never
        } else if age > ALONE {
            Self::Together
        } else {
            Self::Alone
        }
    }
}

/// Whoever has asked that a batch be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The account.
    pub account: i64,
    /// By name.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Keeps that somebody asks for a batch to be taken back.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn want_undo(
    store: &Store,
    batch: BatchId,
    (account, by): (i64, &str),
    at: DateTime<Utc>,
) -> Result<(), FlowError> {
    log(store, UNDO_WANTED, (by, at), &Body { batch, effect: None, account: Some(account) }).await
}

/// The first who asked for a batch to be taken back.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn undo_wanted(store: &Store, batch: BatchId) -> Result<Option<Wanted>, FlowError> {
    for event in store.events().await?.into_iter().filter(|event| event.event.what == UNDO_WANTED) {
        let body: Body = serde_json::from_value(event.event.body)?;
        if let Some(account) = body.account.filter(|_| body.batch == batch) {
            return Ok(Some(Wanted { account, by: event.event.by, at: event.event.at }));
        }
    }
    Ok(None)
}

/// Takes a batch back and makes a new run. Takes as long as a run.
///
/// # Errors
/// [`FlowError`] when the batch is withdrawn already or the store refuses. When only the run failed, the batch is
/// withdrawn and the results are the old ones until the next run.
pub async fn undo(
    store: &Store,
    county: &County,
    (batch, why): (BatchId, &str),
    (by, now): (&str, DateTime<Utc>),
    observe: Observer<'_>,
) -> Result<(), FlowError> {
    crate::withdraw(store, batch, (why, by, now)).await?;
    derive(store, county, now, observe).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_is_taken_back_by_one_for_a_day_and_by_two_for_a_week() {
        let received_at = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let batch = |state| BatchSummary {
            id: BatchId(1),
            file: "摸排表.csv".to_owned(),
            content_hash: String::new(),
            size_bytes: 1,
            received_at,
            brought_by: "jiaotiju".to_owned(),
            state,
            withdrawal: None,
            n_records: 1,
            n_rejected: 0,
            n_known: 0,
            n_aside: 0,
            sheets: Vec::new(),
        };
        let after =
            |hours| Undo::of(&batch(BatchState::Live), received_at + TimeDelta::hours(hours));
        let expected = [Undo::Alone, Undo::Alone, Undo::Together, Undo::Together, Undo::Never];
        assert_eq!([0, 24, 25, 168, 169].map(after), expected);
        assert_eq!(Undo::of(&batch(BatchState::Withdrawn), received_at), Undo::Never);
    }
}
