//! All that a page shows of one child, read without the other children.

mod shown;
mod table;

use baoxue_claim::{BatchId, ChildId, Record, RecordId};
use baoxue_determine::{Child, Explanation, Profile};
use baoxue_store::{BatchSummary, Decision, Store};

use crate::{County, Entry, FlowError, Reply, Roll, replies::replies_to};

pub use table::{Accord, ClaimsTable, Field, FieldRow, SourceColumn, TableCell};

/// One child with all that stands behind its status.
#[derive(Debug)]
pub struct ChildPage {
    /// Its line.
    pub entry: Entry,
    /// What sources say of it, field by field, as adopted.
    pub profile: Profile,
    /// Its rows.
    pub records: Vec<Record>,
    /// Rows that may be its own and wait for a person.
    pub maybe: Vec<Record>,
    /// The verdict and why.
    pub explanation: Explanation,
    /// Who says what.
    pub table: ClaimsTable,
    /// What the sides of a conflict have answered, oldest first.
    pub replies: Vec<Reply>,
    /// What people ruled about its rows.
    pub decisions: Vec<Decision>,
}

/// One row of a file as it came.
#[derive(Debug)]
pub struct ClaimPage {
    /// The row.
    pub record: Record,
    /// The cells, each with the text of the header above it.
    pub cells: Vec<(String, String)>,
    /// The file.
    pub batch: BatchSummary,
}

/// Reads a child of the newest run.
///
/// # Errors
/// [`FlowError::NoChild`] when the roll has no such child, and when the store refuses.
pub async fn child_page(
    store: &Store,
    county: &County,
    roll: &Roll,
    id: ChildId,
) -> Result<ChildPage, FlowError> {
    let entry = roll.entry(id).ok_or(FlowError::NoChild(id))?.clone();
    let context = roll.context.as_ref().ok_or(FlowError::NoChild(id))?;
    let records = store.records(&store.record_ids_of(id).await?).await?;
    let maybe = store.records(&entry.marks.maybe).await?;
    let mut child = Child::new(id, records.iter().collect());
    child.duplicate_of = entry.marks.duplicate_of;
    child.superseded = entry.marks.superseded.iter().copied().collect();
    child.maybe = maybe.iter().collect();
    let explanation = context.explain(&child, &county.pack, &county.settings);
    let profile = baoxue_determine::profile(&child, &county.settings);
    let table = table::of(&records, &entry, &profile, county);
    let ours = |decision: &Decision| {
        let (one, other) = decision.decision.records;
        records.iter().any(|record| record.id == one || record.id == other)
    };
    let mut decisions = store.decisions().await?;
    decisions.retain(ours);
    let replies = replies_to(store, id).await?;
    Ok(ChildPage { entry, profile, records, maybe, explanation, table, replies, decisions })
}

/// Reads one row of a child as it came; `None` when it is no row of that child.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn claim_page(
    store: &Store,
    child: ChildId,
    id: RecordId,
) -> Result<Option<ClaimPage>, FlowError> {
    if !store.record_ids_of(child).await?.contains(&id) {
        return Ok(None);
    }
    let Some(record) = store.records(&[id]).await?.pop() else { return Ok(None) };
    let cells = store.row_cells(&[id]).await?.remove(&id).unwrap_or_default();
    let header = store.header_above(id).await?;
    let Some(batch) = batch_of(store, id.batch()).await? else { return Ok(None) };
    let above = |at: usize| header.get(at).cloned().unwrap_or_default();
    let cells = cells.into_iter().enumerate().map(|(at, cell)| (above(at), cell)).collect();
    Ok(Some(ClaimPage { record, cells, batch }))
}

async fn batch_of(store: &Store, id: BatchId) -> Result<Option<BatchSummary>, FlowError> {
    Ok(store.batches().await?.into_iter().find(|batch| batch.id == id))
}
