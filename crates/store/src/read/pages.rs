//! Live records, page by page in the order of their ids.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use baoxue_claim::{BatchId, Origin, Record};
use rayon::prelude::*;
use sea_orm::{ConnectionTrait, QueryResult};

use crate::{
    Sealer, StoreError,
    body::{RECORD_COLUMNS, open_claim, open_record},
    chunks::CHUNK,
    sql::{get, number, query},
};

/// A live batch and the names in it.
pub(crate) struct LiveBatch {
    pub(crate) id: BatchId,
    pub(crate) file: Arc<str>,
    /// Names of the sheets by their number.
    pub(crate) sheets: HashMap<u32, Arc<str>>,
}

impl LiveBatch {
    pub(crate) fn sheet(&self, no: u32) -> Result<Arc<str>, StoreError> {
        self.sheets.get(&no).cloned().ok_or(StoreError::Damaged("sheet.sheet_no"))
    }
}

/// The live batches in the order of their numbers.
pub(crate) async fn live_batches(db: &impl ConnectionTrait) -> Result<Vec<LiveBatch>, StoreError> {
    let sql = "select batch_id, file_name from live_batch order by batch_id";
    let mut batches = Vec::new();
    for row in query(db, sql, Vec::new()).await? {
        let id = BatchId(number(&row, 0, "batch.batch_id")?);
        let file = get::<String>(&row, 1)?.into();
        batches.push(LiveBatch { id, file, sheets: sheet_names(db, id).await? });
    }
    Ok(batches)
}

async fn sheet_names(
    db: &impl ConnectionTrait,
    batch: BatchId,
) -> Result<HashMap<u32, Arc<str>>, StoreError> {
    let sql = "select sheet_no, name from sheet where batch_id = ? order by sheet_no";
    let rows = query(db, sql, vec![i64::from(batch.0).into()]).await?;
    rows.iter()
        .map(|row| Ok((number(row, 0, "sheet.sheet_no")?, get::<String>(row, 1)?.into())))
        .collect()
}

/// The records that are silent because an earlier live batch brought the same row, with the record that speaks.
pub(crate) async fn silent_records(
    db: &impl ConnectionTrait,
) -> Result<HashMap<i64, i64>, StoreError> {
    let sql = "select record_id, known_as from silent_record order by record_id";
    let rows = query(db, sql, Vec::new()).await?;
    rows.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?))).collect()
}

/// Where the reading of live records stands.
pub(crate) struct Pages {
    batches: VecDeque<Arc<LiveBatch>>,
    /// Numbers up to this one have been read.
    done: i64,
    silent: Arc<HashMap<i64, i64>>,
}

impl Pages {
    pub(crate) async fn start(db: &impl ConnectionTrait) -> Result<Self, StoreError> {
        Ok(Self {
            batches: live_batches(db).await?.into_iter().map(Arc::new).collect(),
            done: -1,
            silent: Arc::new(silent_records(db).await?),
        })
    }

    /// The next page; `None` after the last.
    pub(crate) async fn next(
        &mut self,
        db: &impl ConnectionTrait,
    ) -> Result<Option<Page>, StoreError> {
        while let Some(batch) = self.batches.front().cloned() {
            let first = i64::from(batch.id.0) << 32;
            let records = records_between(db, self.done.max(first - 1), first + (1 << 32)).await?;
            if records.len() < CHUNK {
                self.batches.pop_front();
            }
            let (Some(head), Some(tail)) = (records.first(), records.last()) else { continue };
            let claims = claims_between(db, get(head, 0)?, get(tail, 0)?).await?;
            self.done = get(tail, 0)?;
            return Ok(Some(Page { batch, records, claims, silent: Arc::clone(&self.silent) }));
        }
        Ok(None)
    }
}

/// The first records after `after` and before `end`.
async fn records_between(
    db: &impl ConnectionTrait,
    after: i64,
    end: i64,
) -> Result<Vec<QueryResult>, StoreError> {
    let sql = format!(
        "\
        select {RECORD_COLUMNS}
        from record
        where record_id > ? and record_id < ?
        order by record_id
        limit {CHUNK}"
    );
    Ok(query(db, &sql, vec![after.into(), end.into()]).await?)
}

async fn claims_between(
    db: &impl ConnectionTrait,
    first: i64,
    last: i64,
) -> Result<Vec<QueryResult>, StoreError> {
    let sql = "\
        select record_id, position, body
        from claim
        where record_id >= ? and record_id <= ?
        order by record_id, position";
    Ok(query(db, sql, vec![first.into(), last.into()]).await?)
}

/// Some records of one batch, still sealed, with their claims.
pub(crate) struct Page {
    batch: Arc<LiveBatch>,
    records: Vec<QueryResult>,
    claims: Vec<QueryResult>,
    silent: Arc<HashMap<i64, i64>>,
}

impl Page {
    /// Opens all that is not silent, on all cores.
    pub(crate) fn open(&self, sealer: &Sealer) -> Result<Vec<Record>, StoreError> {
        let owners: Vec<i64> =
            self.claims.iter().map(|claim| get(claim, 0)).collect::<Result<_, _>>()?;
        let opened: Vec<Option<Record>> = self
            .records
            .par_iter()
            .map(|row| self.open_one(sealer, row, &owners))
            .collect::<Result<_, _>>()?;
        Ok(opened.into_iter().flatten().collect())
    }

    /// `owners` are the records of `self.claims`, ascending.
    fn open_one(
        &self,
        sealer: &Sealer,
        row: &QueryResult,
        owners: &[i64],
    ) -> Result<Option<Record>, StoreError> {
        let id: i64 = get(row, 0)?;
        if self.silent.contains_key(&id) {
            return Ok(None);
        }
        let origin = Origin {
            file: Arc::clone(&self.batch.file),
            sheet: self.batch.sheet(number(row, 1, "record.sheet_no")?)?,
            row: number(row, 2, "record.row_no")?,
        };
        let mut record = open_record(sealer, row, origin)?;
        let start = owners.partition_point(|owner| *owner < id);
        let end = start + owners[start..].partition_point(|owner| *owner == id);
        record.claims = self.claims[start..end]
            .iter()
            .map(|claim| open_claim(sealer, id, get(claim, 1)?, &get::<Vec<u8>>(claim, 2)?))
            .collect::<Result<_, _>>()?;
        // A vector grown by collecting has room for four; of hundreds of thousands of records that is a third.
        record.claims.shrink_to_fit();
        record.person.guardians.shrink_to_fit();
        record.person.phones.shrink_to_fit();
        record.doubts.shrink_to_fit();
        Ok(Some(record))
    }
}
