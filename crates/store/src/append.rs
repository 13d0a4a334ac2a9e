//! Appending and withdrawing batches.

mod check;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use baoxue_claim::{BatchId, RecordId, Report, Source};
use chrono::{DateTime, Utc};
use rayon::prelude::*;
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};

use crate::{
    Class, Disposition, NewBatch, NewRow, NewSheet, RowPlace, Sealer, Store, StoreError,
    body::{CLAIM, Column, RECORD, RowOf, row_at, seal_claim, seal_record},
    chunks::Chunks,
    read::live_batches,
    sql::{
        Table, begin_read, begin_write, get, marks, next_id, number, prefer_indexes, query, scalar,
    },
    tree::{Kind, RowsHash, grow, grow_by},
};

/// Values compared in one query.
const CHUNK_KEYS: usize = 1000;

const BATCH: Table = Table {
    name: "batch",
    columns: &[
        "batch_id",
        "file_name",
        "content_hash",
        "size_bytes",
        "received_at",
        "brought_by",
        "messages",
    ],
};
const SHEET: Table = Table {
    name: "sheet",
    columns: &[
        "batch_id",
        "sheet_no",
        "name",
        "is_hidden",
        "source",
        "as_of",
        "town",
        "fingerprint",
        "n_rows",
        "stated_total",
    ],
};
const REPORT: Table = Table {
    name: "report",
    columns: &["batch_id", "sheet_no", "report_no", "school", "town", "until", "is_zero"],
};
const SHEET_ROW: Table = Table {
    name: "sheet_row",
    columns: &["batch_id", "sheet_no", "row_no", "disposition", "aside", "cells"],
};
const REJECT: Table = Table {
    name: "reject",
    columns: &["batch_id", "sheet_no", "row_no", "column_no", "code", "message"],
};
const BATCH_EVENT: Table = Table {
    name: "batch_event",
    columns: &["batch_event_id", "batch_id", "what", "reason", "done_by", "happened_at"],
};

pub(crate) const BROUGHT_BY: Column = Column::new("batch.brought_by", Class::Journal);
pub(crate) const MESSAGES: Column = Column::new("batch.messages", Class::Found);
pub(crate) const CELLS: Column = Column::new("sheet_row.cells", Class::Found);
pub(crate) const SCHOOL: Column = Column::new("report.school", Class::Found);
pub(crate) const REJECT_MESSAGE: Column = Column::new("reject.message", Class::Found);
pub(crate) const EVENT_REASON: Column = Column::new("batch_event.reason", Class::Journal);
pub(crate) const EVENT_BY: Column = Column::new("batch_event.done_by", Class::Journal);

impl Store {
    /// Appends a file in one transaction and numbers it; its records get the batch into their ids.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when a live batch has the same content hash, [`StoreError::Inconsistent`] when the rows
    /// contradict themselves. Nothing is stored then.
    pub async fn append_batch(&self, mut batch: NewBatch) -> Result<BatchId, StoreError> {
        check::check(&batch)?;
        let rows = std::mem::take(&mut batch.rows);
        let tx = begin_write(&self.writer).await?;
        if let Some(twin) = live_batch_by_hash(&tx, &batch.content_hash).await? {
            return Err(StoreError::Duplicate(twin));
        }
        let id = next_id(&tx, "select max(batch_id) from batch").await?;
        let number = u32::try_from(id).map_err(|_| StoreError::Damaged("batch.batch_id"))?;
        self.append_head(&tx, id, batch).await?;
        let hashed = append_rows(&tx, &self.sealer, BatchId(number), rows).await?;
        grow_by(&tx, &self.sealer, (Kind::Batch, id), hashed).await?;
        tx.commit().await?;
        Ok(BatchId(number))
    }

    async fn append_head(
        &self,
        tx: &DatabaseTransaction,
        id: i64,
        batch: NewBatch,
    ) -> Result<(), StoreError> {
        let size =
            i64::try_from(batch.size_bytes).map_err(|_| StoreError::Damaged("batch.size_bytes"))?;
        let values = vec![
            id.into(),
            batch.file_name.into(),
            batch.content_hash.to_vec().into(),
            size.into(),
            batch.received_at.into(),
            self.sealer.seal_text(BROUGHT_BY, (id, 0), &batch.brought_by)?.into(),
            self.sealer.seal_bytes(MESSAGES, (id, 0), &batch.messages)?.into(),
        ];
        BATCH.append(tx, values).await?;
        let mut reports = Vec::new();
        for (sheet, no) in batch.sheets.iter().zip(0..) {
            for (report, at) in sheet.reports.iter().zip(0..) {
                reports.extend(self.report_values(id, no, at, report)?);
            }
        }
        let sheets = batch.sheets.into_iter().zip(0i64..);
        let values = sheets.flat_map(|(sheet, no)| sheet_values(id, no, sheet)).collect();
        SHEET.append(tx, values).await?;
        REPORT.append(tx, reports).await?;
        Ok(())
    }

    /// The values of one report; the name of its school is sealed, for another column may be misread as schools.
    fn report_values(
        &self,
        batch: i64,
        sheet: u32,
        no: u32,
        report: &Report,
    ) -> Result<[Value; 7], StoreError> {
        let at = row_at(batch, sheet, no);
        let school = report.school.as_ref();
        let school = school.map(|school| self.sealer.seal_text(SCHOOL, at, school)).transpose()?;
        Ok([
            batch.into(),
            i64::from(sheet).into(),
            i64::from(no).into(),
            school.into(),
            report.town.map(|town| town.to_string()).into(),
            report.until.into(),
            i64::from(report.zero).into(),
        ])
    }

    /// Brings all that is confirmed into the database file itself, so that a copy of the file is a whole copy. On PostgreSQL
    /// there is nothing to do. Somebody who reads meanwhile may keep a rest in the WAL for the next time.
    pub async fn settle(&self) -> Result<(), StoreError> {
        if self.writer.get_database_backend() == sea_orm::DbBackend::Sqlite {
            query(&self.writer, "pragma wal_checkpoint(truncate)", Vec::new()).await?;
        }
        Ok(())
    }

    /// The live batch with these bytes.
    pub async fn find_live_batch_by_hash(
        &self,
        content_hash: &[u8; 32],
    ) -> Result<Option<BatchId>, StoreError> {
        live_batch_by_hash(&self.reader, content_hash).await
    }

    /// For each row key the first live row that has it, in the order of `inputs`.
    pub async fn known_row_keys(
        &self,
        inputs: &[String],
    ) -> Result<Vec<Option<RowPlace>>, StoreError> {
        let keys: Vec<Option<Vec<u8>>> =
            inputs.par_iter().map(|input| self.sealer.blind_row(input)).collect();
        let tx = begin_read(&self.reader).await?;
        prefer_indexes(&tx).await?;
        let live: HashSet<BatchId> =
            live_batches(&tx).await?.into_iter().map(|batch| batch.id).collect();
        let mut found: HashMap<Vec<u8>, RowPlace> = HashMap::new();
        let asked: Vec<&Vec<u8>> = keys.iter().flatten().collect();
        for part in asked.chunks(CHUNK_KEYS) {
            for (key, place) in rows_with_keys(&tx, part).await? {
                let first = found.get(&key);
                let is_first = first.is_none_or(|first| place.record < first.record);
                if is_first && live.contains(&place.batch) {
                    found.insert(key, place);
                }
            }
        }
        Ok(keys.iter().map(|key| found.get(key.as_ref()?).copied()).collect())
    }

    /// Withdraws a batch: an event is appended, nothing is deleted, its rows speak no more.
    ///
    /// # Errors
    /// [`StoreError::NoBatch`], [`StoreError::Withdrawn`].
    pub async fn withdraw(
        &self,
        batch: BatchId,
        reason: &str,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        let id = i64::from(batch.0);
        let sql = "select count(*) from batch where batch_id = ?";
        if scalar::<i64>(&tx, sql, vec![id.into()]).await? != Some(1) {
            return Err(StoreError::NoBatch(batch));
        }
        let sql = "select count(*) from batch_event where batch_id = ? and what = 'withdrawn'";
        if scalar::<i64>(&tx, sql, vec![id.into()]).await? != Some(0) {
            return Err(StoreError::Withdrawn(batch));
        }
        let event = next_id(&tx, "select max(batch_event_id) from batch_event").await?;
        let values = vec![
            event.into(),
            id.into(),
            "withdrawn".into(),
            self.sealer.seal_text(EVENT_REASON, (event, 0), reason)?.into(),
            self.sealer.seal_text(EVENT_BY, (event, 0), by)?.into(),
            at.into(),
        ];
        BATCH_EVENT.append(&tx, values).await?;
        grow(&tx, &self.sealer, &[(Kind::BatchEvent, vec![event])]).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn sheet_values(batch: i64, no: i64, sheet: NewSheet) -> [Value; 10] {
    [
        batch.into(),
        no.into(),
        sheet.name.into(),
        i64::from(sheet.hidden).into(),
        sheet.source.map(Source::name).into(),
        sheet.as_of.into(),
        sheet.town.map(|town| town.to_string()).into(),
        sheet.fingerprint.into(),
        i64::from(sheet.n_rows).into(),
        sheet.stated_total.map(i64::from).into(),
    ]
}

/// Appends rows; gives the hashes of what was appended.
async fn append_rows(
    tx: &DatabaseTransaction,
    sealer: &Arc<Sealer>,
    batch: BatchId,
    rows: Vec<NewRow>,
) -> Result<Vec<RowsHash>, StoreError> {
    let sealer = Arc::clone(sealer);
    let hashes = TABLES.map(|table| RowsHash::of(Kind::Batch, table));
    let hashes = Arc::new(Mutex::new(hashes));
    let hashing = Arc::clone(&hashes);
    let mut chunks = Chunks::new(rows, move |rows| {
        let values = SealedRows::seal(&sealer, batch, rows)?;
        // One chunk is sealed after the other, so the rows come here in their order.
        let mut hashes = hashing.lock().unwrap_or_else(PoisonError::into_inner);
        let parts = TABLES.into_iter().zip(values.tables()).collect::<Vec<_>>();
        hashes.par_iter_mut().zip(parts).try_for_each(|(hash, (table, values))| {
            hash.as_mut().map_or(Ok(()), |hash| hash.add(table, values))
        })?;
        Ok(values)
    });
    while let Some(sealed) = chunks.next().await? {
        SHEET_ROW.append(tx, sealed.sheet_rows).await?;
        REJECT.append(tx, sealed.rejects).await?;
        RECORD.append(tx, sealed.records).await?;
        CLAIM.append(tx, sealed.claims).await?;
    }
    drop(chunks);
    let hashes = Arc::into_inner(hashes).ok_or(StoreError::Stopped)?;
    let hashes = hashes.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(hashes.into_iter().flatten().collect())
}

/// The tables of [`SealedRows`], in the order of its fields.
const TABLES: [&Table; 4] = [&SHEET_ROW, &REJECT, &RECORD, &CLAIM];

/// The values of some rows for each table, one row after the other.
#[derive(Default)]
struct SealedRows {
    sheet_rows: Vec<Value>,
    rejects: Vec<Value>,
    records: Vec<Value>,
    claims: Vec<Value>,
}

impl SealedRows {
    fn tables(&self) -> [&[Value]; 4] {
        [&self.sheet_rows, &self.rejects, &self.records, &self.claims]
    }

    fn seal(sealer: &Sealer, batch: BatchId, rows: Vec<NewRow>) -> Result<Self, StoreError> {
        rows.into_par_iter()
            .try_fold(Self::default, |mut sealed, row| {
                sealed.push(sealer, batch, row)?;
                Ok(sealed)
            })
            // The parts of a parallel fold are joined in the order of the rows.
            .try_reduce(Self::default, |mut left, right| {
                left.sheet_rows.extend(right.sheet_rows);
                left.rejects.extend(right.rejects);
                left.records.extend(right.records);
                left.claims.extend(right.claims);
                Ok(left)
            })
    }

    fn push(&mut self, sealer: &Sealer, batch: BatchId, row: NewRow) -> Result<(), StoreError> {
        let NewRow { sheet, row, disposition, cells, row_key_input, record, reject } = row;
        let id = i64::from(batch.0);
        let at = row_at(id, sheet, row);
        let place: [Value; 3] = [id.into(), i64::from(sheet).into(), i64::from(row).into()];
        let came_known = disposition == Disposition::Known;
        let (word, aside) = disposition.into_words();
        self.sheet_rows.extend(place.clone());
        let cells = sealer.seal_json(CELLS, at, &cells)?;
        self.sheet_rows.extend([word.into(), aside.into(), cells.into()]);
        if let Some(reject) = reject {
            self.rejects.extend(place);
            let message = sealer.seal_json(REJECT_MESSAGE, at, &(reject.zh, reject.en))?;
            self.rejects.extend([
                reject.column.map(i64::from).into(),
                reject.code.into(),
                message.into(),
            ]);
        }
        if let Some(mut record) = record.map(|record| *record) {
            record.id = record.id.in_batch(batch);
            for (claim, position) in record.claims.iter().zip(0..) {
                self.claims.extend(seal_claim(sealer, record.id.0, position, claim)?);
            }
            let row_key = sealer.blind_row(&row_key_input);
            let of = RowOf { batch: id, sheet, row, came_known, row_key };
            seal_record(sealer, record, of, &mut self.records)?;
        }
        Ok(())
    }
}

async fn live_batch_by_hash(
    db: &impl ConnectionTrait,
    content_hash: &[u8; 32],
) -> Result<Option<BatchId>, StoreError> {
    let sql = "\
        select batch_id
        from live_batch
        where content_hash = ?
        order by batch_id
        limit 1";
    let rows = query(db, sql, vec![content_hash.to_vec().into()]).await?;
    rows.first().map(|row| Ok(BatchId(number(row, 0, "batch.batch_id")?))).transpose()
}

/// Rows that have one of the keys, whether their batch is live or not.
async fn rows_with_keys(
    db: &impl ConnectionTrait,
    keys: &[&Vec<u8>],
) -> Result<Vec<(Vec<u8>, RowPlace)>, StoreError> {
    let sql = format!(
        "\
        select row_key, record_id, batch_id, sheet_no, row_no
        from record
        where row_key in ({})",
        marks(keys.len())
    );
    let values = keys.iter().map(|key| (*key).clone().into()).collect();
    let rows = query(db, &sql, values).await?;
    rows.iter()
        .map(|row| {
            let place = RowPlace {
                batch: BatchId(number(row, 2, "record.batch_id")?),
                sheet: number(row, 3, "record.sheet_no")?,
                row: number(row, 4, "record.row_no")?,
                record: RecordId(get(row, 1)?),
            };
            Ok((get(row, 0)?, place))
        })
        .collect()
}
