//! What people rule: two rows are the same child or not, a batch is withdrawn. Both are appended, never edited.

use baoxue_claim::{BatchId, RecordId};
use baoxue_store::{NewDecision, NewEvent, Ruling, Store};
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
    let decision =
        NewDecision { ruling, records: rows, reason: reason.to_owned(), by: by.to_owned(), at };
    store.decide(decision).await?;
    Ok(())
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
