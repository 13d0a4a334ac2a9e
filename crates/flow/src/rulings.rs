//! What people rule: two rows are the same child or not, a batch is withdrawn. Both are appended, never edited.

use baoxue_claim::{BatchId, RecordId};
use baoxue_store::{Decision, NewDecision, NewEvent, Ruling, Store};
use chrono::{DateTime, Utc};

use crate::FlowError;

/// Reads a row number as lists print it: batch and ordinal, such as `3-120`, with a leading `C` or not.
pub fn parse_record(text: &str) -> Option<RecordId> {
    let (batch, ordinal) = text.trim().trim_start_matches(['C', 'c']).split_once('-')?;
    Some(RecordId::new(BatchId(batch.parse().ok()?), ordinal.parse().ok()?))
}

/// Appends a ruling on two rows, or revokes the one in force (`ruling` = `None`). It binds the next run.
///
/// # Errors
/// [`FlowError::NoRecord`] when a row is not live or there is nothing to revoke.
pub async fn rule(
    store: &Store,
    ruling: Option<Ruling>,
    rows: (RecordId, RecordId),
    why: (&str, &str, DateTime<Utc>),
) -> Result<(), FlowError> {
    let (reason, by, at) = why;
    let shown = |id: RecordId| format!("{}-{}", id.batch().0, id.ordinal());
    let live = store.row_cells(&[rows.0, rows.1]).await?;
    for row in [rows.0, rows.1] {
        if !live.contains_key(&row) {
            return Err(FlowError::NoRecord(shown(row)));
        }
    }
    let Some(ruling) = ruling else {
        let same_rows = |pair: (RecordId, RecordId)| pair == rows || pair == (rows.1, rows.0);
        let in_force = store.decisions().await?.into_iter().find(|d| same_rows(d.decision.records));
        let found = in_force
            .ok_or_else(|| FlowError::NoRecord(format!("{} / {}", shown(rows.0), shown(rows.1))))?;
        return Ok(store.revoke(found.id, reason, by, at).await?);
    };
    if contradicts(&store.decisions().await?, ruling, rows) {
        return Err(FlowError::Contradiction(shown(rows.0), shown(rows.1)));
    }
    let decision =
        NewDecision { ruling, records: rows, reason: reason.to_owned(), by: by.to_owned(), at };
    store.decide(decision).await?;
    Ok(store.settle().await?)
}

/// Whether a ruling and those in force cannot all hold: rows ruled the same, directly or over others, and ruled different.
fn contradicts(in_force: &[Decision], ruling: Ruling, rows: (RecordId, RecordId)) -> bool {
    let all = || {
        let earlier = in_force.iter().map(|found| (found.decision.ruling, found.decision.records));
        earlier.chain([(ruling, rows)])
    };
    let same_as = |row: RecordId| {
        let mut group = vec![row];
        let mut next = 0;
        while let Some(row) = group.get(next).copied() {
            next += 1;
            for (_, pair) in all().filter(|(ruling, _)| *ruling == Ruling::MustLink) {
                for (one, other) in [pair, (pair.1, pair.0)] {
                    if one == row && !group.contains(&other) {
                        group.push(other);
                    }
                }
            }
        }
        group
    };
    all()
        .filter(|(ruling, _)| *ruling == Ruling::CannotLink)
        .any(|(_, pair)| same_as(pair.0).contains(&pair.1))
}

/// Withdraws a batch. What is derived follows with the next run.
///
/// # Errors
/// [`FlowError::Store`] when there is no such live batch.
pub async fn withdraw(
    store: &Store,
    batch: BatchId,
    why: (&str, &str, DateTime<Utc>),
) -> Result<(), FlowError> {
    let (reason, by, at) = why;
    Ok(store.withdraw(batch, reason, by, at).await?)
}

/// Logs that full identity numbers were asked for, before they are printed (T-23).
///
/// # Errors
/// [`FlowError::Store`] when the log refuses; then nothing may be printed.
pub async fn log_unmasking(
    store: &Store,
    what: &str,
    why: (&str, &str, DateTime<Utc>),
) -> Result<(), FlowError> {
    let (reason, by, at) = why;
    let event = NewEvent {
        what: "unmasked".to_owned(),
        at,
        by: by.to_owned(),
        body: serde_json::json!({ "what": what, "reason": reason }),
    };
    store.log(event).await?;
    Ok(())
}
