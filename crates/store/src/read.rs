//! Reading back what was appended.

use std::collections::HashMap;

use baoxue_claim::{BatchId, Record, RecordId};

use crate::{BatchSummary, RowLine, Store, StoreError, StoredRow};

impl Store {
    /// All batches, in the order of their numbers.
    pub async fn batches(&self) -> Result<Vec<BatchSummary>, StoreError> {
        todo!()
    }
    /// What the reader said about the file of a batch.
    pub async fn messages(&self, batch: BatchId) -> Result<serde_json::Value, StoreError> {
        let _ = batch;
        todo!()
    }
    /// All records of live batches with person and claims, in the order of their ids.
    pub async fn live_records(&self) -> Result<Vec<Record>, StoreError> {
        todo!()
    }
    /// One line for every row of every live batch, in the order of batch, sheet and row.
    pub async fn rows(&self) -> Result<Vec<RowLine>, StoreError> {
        todo!()
    }
    /// The rejected rows of a batch with their cells and reasons, in the order of sheet and row.
    pub async fn rejects(&self, batch: BatchId) -> Result<Vec<StoredRow>, StoreError> {
        let _ = batch;
        todo!()
    }
    /// All rows of a batch with their cells, in the order of sheet and row.
    pub async fn batch_rows(&self, batch: BatchId) -> Result<Vec<StoredRow>, StoreError> {
        let _ = batch;
        todo!()
    }
    /// The raw cells behind records.
    pub async fn row_cells(
        &self,
        records: &[RecordId],
    ) -> Result<HashMap<RecordId, Vec<String>>, StoreError> {
        let _ = records;
        todo!()
    }
    /// The live records with this resident ID (18 characters, verified), in the order of their ids.
    pub async fn records_with_id(&self, resident_id: &str) -> Result<Vec<RecordId>, StoreError> {
        let _ = resident_id;
        todo!()
    }
    /// The live records with this name in normal form, in the order of their ids.
    pub async fn records_named(&self, name: &str) -> Result<Vec<RecordId>, StoreError> {
        let _ = name;
        todo!()
    }
}
