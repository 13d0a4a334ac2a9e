//! Rows with what became of them.

use std::collections::HashMap;

use baoxue_claim::{BatchId, RecordId};
use rayon::prelude::*;
use sea_orm::{ConnectionTrait, QueryResult};
use tokio::task::spawn_blocking;

use super::pages::{LiveBatch, live_batches, silent_records};
use crate::{
    Disposition, RowLine, Sealer, Store, StoreError, StoredReject, StoredRow,
    append::{CELLS, REJECT_MESSAGE},
    body::row_at,
    chunks::{CHUNK, finished},
    sql::{begin_read, get, number, query, scalar},
};

impl Store {
    /// One line for every row of every live batch, in the order of batch, sheet and row.
    pub async fn rows(&self) -> Result<Vec<RowLine>, StoreError> {
        let tx = begin_read(&self.reader).await?;
        let silent = silent_records(&tx).await?;
        let mut lines = Vec::new();
        for batch in live_batches(&tx).await? {
            lines.extend(lines_of(&tx, &batch, &silent).await?);
        }
        Ok(lines)
    }

    /// The rejected rows of a batch with their cells and reasons, in the order of sheet and row.
    ///
    /// # Errors
    /// [`StoreError::NoBatch`].
    pub async fn rejects(&self, batch: BatchId) -> Result<Vec<StoredRow>, StoreError> {
        self.rows_of(batch, "and s.disposition = 'rejected'").await
    }

    /// All rows of a batch with their cells, in the order of sheet and row.
    ///
    /// # Errors
    /// [`StoreError::NoBatch`].
    pub async fn batch_rows(&self, batch: BatchId) -> Result<Vec<StoredRow>, StoreError> {
        self.rows_of(batch, "").await
    }

    async fn rows_of(
        &self,
        batch: BatchId,
        only: &'static str,
    ) -> Result<Vec<StoredRow>, StoreError> {
        let tx = begin_read(&self.reader).await?;
        let sql = "select count(*) from batch where batch_id = ?";
        if scalar::<i64>(&tx, sql, vec![i64::from(batch.0).into()]).await? != Some(1) {
            return Err(StoreError::NoBatch(batch));
        }
        let mut pages = RowPages::new(batch, only);
        let mut rows = Vec::new();
        while let Some(page) = pages.next(&tx).await? {
            let sealer = std::sync::Arc::clone(&self.sealer);
            rows.extend(finished(spawn_blocking(move || open_rows(&sealer, batch, &page))).await?);
        }
        Ok(rows)
    }
}

/// Where the reading of a batch's rows stands.
pub(crate) struct RowPages {
    batch: BatchId,
    sql: String,
    /// Sheet and row of the last one read; `None` after the end.
    after: Option<(i64, i64)>,
}

impl RowPages {
    /// `only` is a condition in SQL that narrows the rows.
    fn new(batch: BatchId, only: &'static str) -> Self {
        let sql = format!(
            "\
            select s.sheet_no, s.row_no, s.disposition, s.aside, s.cells, r.column_no, r.code,
                r.message
            from sheet_row s
            left join reject r
                on r.batch_id = s.batch_id and r.sheet_no = s.sheet_no and r.row_no = s.row_no
            where s.batch_id = ? and (s.sheet_no, s.row_no) > (?, ?) {only}
            order by s.sheet_no, s.row_no
            limit {CHUNK}"
        );
        Self { batch, sql, after: Some((-1, -1)) }
    }

    /// All rows of a batch.
    pub(crate) fn all(batch: BatchId) -> Self {
        Self::new(batch, "")
    }

    /// The next rows, still sealed.
    pub(crate) async fn next(
        &mut self,
        db: &impl ConnectionTrait,
    ) -> Result<Option<Vec<QueryResult>>, StoreError> {
        let Some((sheet, row)) = self.after else { return Ok(None) };
        let values = vec![i64::from(self.batch.0).into(), sheet.into(), row.into()];
        let rows = query(db, &self.sql, values).await?;
        self.after = match rows.last() {
            Some(last) if rows.len() == CHUNK => Some((get(last, 0)?, get(last, 1)?)),
            Some(_) | None => None,
        };
        Ok((!rows.is_empty()).then_some(rows))
    }
}

/// Opens a page of [`RowPages`] on all cores.
pub(crate) fn open_rows(
    sealer: &Sealer,
    batch: BatchId,
    page: &[QueryResult],
) -> Result<Vec<StoredRow>, StoreError> {
    page.par_iter()
        .map(|row| {
            let sheet = number(row, 0, "sheet_row.sheet_no")?;
            let row_no = number(row, 1, "sheet_row.row_no")?;
            let at = row_at(i64::from(batch.0), sheet, row_no);
            Ok(StoredRow {
                sheet,
                row: row_no,
                disposition: disposition(row, 2)?,
                cells: sealer.open_json(CELLS, at, &get::<Vec<u8>>(row, 4)?)?,
                reject: reject(sealer, row, at)?,
            })
        })
        .collect()
}

/// From the columns for word and kind.
fn disposition(row: &QueryResult, at: usize) -> Result<Disposition, StoreError> {
    Disposition::from_words(&get::<String>(row, at)?, get(row, at + 1)?)
}

fn reject(
    sealer: &Sealer,
    row: &QueryResult,
    at: (i64, i64),
) -> Result<Option<StoredReject>, StoreError> {
    let (Some(code), Some(message)) = (get(row, 6)?, get::<Option<Vec<u8>>>(row, 7)?) else {
        return Ok(None);
    };
    let column: Option<i64> = get(row, 5)?;
    let column = column
        .map(|column| u32::try_from(column).map_err(|_| StoreError::Damaged("reject.column_no")))
        .transpose()?;
    let (zh, en) = sealer.open_json(REJECT_MESSAGE, at, &message)?;
    Ok(Some(StoredReject { column, code, zh, en }))
}

async fn lines_of(
    db: &impl ConnectionTrait,
    batch: &LiveBatch,
    silent: &HashMap<i64, i64>,
) -> Result<Vec<RowLine>, StoreError> {
    let records = record_places(db, batch.id).await?;
    let sql = "\
        select sheet_no, row_no, disposition, aside
        from sheet_row
        where batch_id = ?
        order by sheet_no, row_no";
    let rows = query(db, sql, vec![i64::from(batch.id.0).into()]).await?;
    rows.iter()
        .map(|row| {
            let (sheet, row_no) = (number(row, 0, "sheet_row.sheet_no")?, get(row, 1)?);
            let record = records.get(&(i64::from(sheet), row_no)).copied();
            let known_as = record.and_then(|record| silent.get(&record).copied());
            let stored = disposition(row, 2)?;
            let speaks_again = stored == Disposition::Known && known_as.is_none();
            Ok(RowLine {
                batch: batch.id,
                file: batch.file.clone(),
                sheet: batch.sheet(sheet)?,
                row: number(row, 1, "sheet_row.row_no")?,
                disposition: if speaks_again { Disposition::Record } else { stored },
                record: record.filter(|_| known_as.is_none()).map(RecordId),
                known_as: known_as.map(RecordId),
            })
        })
        .collect()
}

/// The records of a batch by sheet and row.
async fn record_places(
    db: &impl ConnectionTrait,
    batch: BatchId,
) -> Result<HashMap<(i64, i64), i64>, StoreError> {
    let first = i64::from(batch.0) << 32;
    let sql = "\
        select sheet_no, row_no, record_id
        from record
        where record_id >= ? and record_id < ?
        order by record_id";
    let rows = query(db, sql, vec![first.into(), (first + (1 << 32)).into()]).await?;
    rows.iter().map(|row| Ok(((get(row, 0)?, get(row, 1)?), get(row, 2)?))).collect()
}
