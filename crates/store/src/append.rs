//! Appending and withdrawing batches.

use baoxue_claim::BatchId;
use chrono::{DateTime, Utc};

use crate::{NewBatch, RowPlace, Store, StoreError};

impl Store {
    /// Appends a file in one transaction and numbers it; its records get the batch into their ids.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when a live batch has the same content hash; [`StoreError::Inconsistent`] when the rows
    /// contradict themselves. Nothing is stored then.
    pub async fn append_batch(&self, batch: NewBatch) -> Result<BatchId, StoreError> {
        let _ = batch;
        todo!()
    }

    /// The live batch with these bytes.
    pub async fn find_live_batch_by_hash(
        &self,
        content_hash: &[u8; 32],
    ) -> Result<Option<BatchId>, StoreError> {
        let _ = content_hash;
        todo!()
    }

    /// For each row key the live row that has it already, in the order of `inputs`.
    pub async fn known_row_keys(
        &self,
        inputs: &[String],
    ) -> Result<Vec<Option<RowPlace>>, StoreError> {
        let _ = inputs;
        todo!()
    }

    /// Withdraws a batch: an event is appended, nothing is deleted, its rows speak no more.
    pub async fn withdraw(
        &self,
        batch: BatchId,
        reason: &str,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let _ = (batch, reason, by, at);
        todo!()
    }
}
