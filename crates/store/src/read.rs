//! Reading back what was appended.

mod pages;
mod rows;
mod some;

use std::{collections::HashMap, sync::Arc};

use baoxue_claim::{BatchId, Record, RecordId, Report};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use tokio::task::spawn_blocking;

use self::pages::Pages;
pub(crate) use self::pages::live_batches;
pub(crate) use self::rows::{RowPages, open_rows};
use crate::{
    BatchState, BatchSummary, NewSheet, SheetSummary, Store, StoreError, Withdrawal,
    append::{BROUGHT_BY, CELLS, EVENT_BY, EVENT_REASON, MESSAGES, SCHOOL},
    body::row_at,
    chunks::finished,
    keys::hex,
    sql::{begin_read, get, marks, number, parsed, query},
};

/// Records asked for in one query.
const CHUNK_IDS: usize = 1000;

impl Store {
    /// All batches, in the order of their numbers.
    pub async fn batches(&self) -> Result<Vec<BatchSummary>, StoreError> {
        let tx = begin_read(&self.reader).await?;
        let mut sheets = sheets(&tx, self.reports(&tx).await?).await?;
        let mut withdrawals = self.withdrawals(&tx).await?;
        let counts = counts(&tx).await?;
        let sql = "\
            select batch_id, file_name, content_hash, size_bytes, received_at, brought_by
            from batch
            order by batch_id";
        let mut batches = Vec::new();
        for row in query(&tx, sql, Vec::new()).await? {
            let id: i64 = get(&row, 0)?;
            let withdrawal = withdrawals.remove(&id);
            let count = |word| counts.get(&(id, word)).copied().unwrap_or_default();
            batches.push(BatchSummary {
                id: BatchId(number(&row, 0, "batch.batch_id")?),
                file: get(&row, 1)?,
                content_hash: hex(&get::<Vec<u8>>(&row, 2)?),
                size_bytes: number(&row, 3, "batch.size_bytes")?,
                received_at: get(&row, 4)?,
                brought_by: self.sealer.open_text(
                    BROUGHT_BY,
                    (id, 0),
                    &get::<Vec<u8>>(&row, 5)?,
                )?,
                state: if withdrawal.is_some() { BatchState::Withdrawn } else { BatchState::Live },
                withdrawal,
                n_records: count("record"),
                n_rejected: count("rejected"),
                n_known: count("known"),
                n_aside: count("aside"),
                sheets: sheets.remove(&id).unwrap_or_default(),
            });
        }
        Ok(batches)
    }

    /// A mark that changes with every file that comes or is withdrawn: whoever keeps [`Store::batches`] asks for this
    /// instead of having the rows of all files counted again.
    pub async fn batches_mark(&self) -> Result<(i64, i64), StoreError> {
        let sql = "\
            select
                (select coalesce(max(batch_id), 0) from batch),
                (select count(*) from batch_event)";
        let rows = query(&self.reader, sql, Vec::new()).await?;
        let row = rows.first().ok_or(StoreError::Damaged("batch"))?;
        Ok((get(row, 0)?, get(row, 1)?))
    }

    async fn withdrawals(
        &self,
        db: &impl ConnectionTrait,
    ) -> Result<HashMap<i64, Withdrawal>, StoreError> {
        let sql = "\
            select batch_event_id, batch_id, reason, done_by, happened_at
            from batch_event
            where what = 'withdrawn'
            order by batch_event_id";
        let rows = query(db, sql, Vec::new()).await?;
        rows.iter()
            .map(|row| {
                let at = (get(row, 0)?, 0);
                let withdrawal = Withdrawal {
                    reason: self.sealer.open_text(EVENT_REASON, at, &get::<Vec<u8>>(row, 2)?)?,
                    by: self.sealer.open_text(EVENT_BY, at, &get::<Vec<u8>>(row, 3)?)?,
                    at: get(row, 4)?,
                };
                Ok((get(row, 1)?, withdrawal))
            })
            .collect()
    }

    /// The reports of every sheet, by batch and number of the sheet.
    async fn reports(
        &self,
        db: &impl ConnectionTrait,
    ) -> Result<HashMap<(i64, u32), Vec<Report>>, StoreError> {
        let sql = "\
            select batch_id, sheet_no, report_no, school, town, until, is_zero
            from report
            order by batch_id, sheet_no, report_no";
        let mut reports: HashMap<(i64, u32), Vec<Report>> = HashMap::new();
        for row in query(db, sql, Vec::new()).await? {
            let (batch, sheet) = (get(&row, 0)?, number(&row, 1, "report.sheet_no")?);
            let at = row_at(batch, sheet, number(&row, 2, "report.report_no")?);
            let school: Option<Vec<u8>> = get(&row, 3)?;
            let open = |sealed: Vec<u8>| self.sealer.open_text(SCHOOL, at, &sealed);
            let report = Report {
                school: school.map(open).transpose()?,
                town: parsed(get(&row, 4)?, "report.town")?,
                until: get(&row, 5)?,
                zero: get::<i64>(&row, 6)? == 1,
            };
            reports.entry((batch, sheet)).or_default().push(report);
        }
        Ok(reports)
    }

    /// Of live records that later files repeated word for word, the last file that did.
    pub async fn repeated(&self) -> Result<Vec<(RecordId, BatchId)>, StoreError> {
        let sql = "\
            select s.known_as, max(r.batch_id)
            from silent_record s
            join record r on r.record_id = s.record_id
            join live_batch b on b.batch_id = r.batch_id
            group by s.known_as
            order by s.known_as";
        let rows = query(&self.reader, sql, Vec::new()).await?;
        let pair = |row| Ok((RecordId(get(row, 0)?), BatchId(number(row, 1, "record.batch_id")?)));
        rows.iter().map(pair).collect()
    }

    /// What the reader said about the file of a batch.
    ///
    /// # Errors
    /// [`StoreError::NoBatch`].
    pub async fn messages(&self, batch: BatchId) -> Result<serde_json::Value, StoreError> {
        let id = i64::from(batch.0);
        let sql = "select messages from batch where batch_id = ?";
        let rows = query(&self.reader, sql, vec![id.into()]).await?;
        let row = rows.first().ok_or(StoreError::NoBatch(batch))?;
        self.sealer.open_json(MESSAGES, (id, 0), &get::<Vec<u8>>(row, 0)?)
    }

    /// All records of live batches with person and claims, in the order of their ids. A row that an earlier live batch
    /// had brought already is not among them.
    pub async fn live_records(&self) -> Result<Vec<Record>, StoreError> {
        let tx = begin_read(&self.reader).await?;
        let mut records = Vec::new();
        self.each_live_record(&tx, |page| records.extend(page)).await?;
        Ok(records)
    }

    /// Hands over the live records page by page; the next page is fetched while one is opened.
    pub(crate) async fn each_live_record(
        &self,
        tx: &DatabaseTransaction,
        mut take: impl FnMut(Vec<Record>),
    ) -> Result<(), StoreError> {
        let mut pages = Pages::start(tx).await?;
        let mut opening = None;
        while let Some(page) = pages.next(tx).await? {
            let sealer = Arc::clone(&self.sealer);
            let next = spawn_blocking(move || page.open(&sealer));
            if let Some(before) = opening.replace(next) {
                take(finished(before).await?);
            }
        }
        if let Some(last) = opening {
            take(finished(last).await?);
        }
        Ok(())
    }

    /// The raw cells behind records; ids that are not in the store are left out.
    pub async fn row_cells(
        &self,
        records: &[RecordId],
    ) -> Result<HashMap<RecordId, Vec<String>>, StoreError> {
        let mut cells = HashMap::with_capacity(records.len());
        for part in records.chunks(CHUNK_IDS) {
            let sql = format!(
                "\
                select r.record_id, r.batch_id, r.sheet_no, r.row_no, s.cells
                from record r
                join sheet_row s
                    on s.batch_id = r.batch_id and s.sheet_no = r.sheet_no and s.row_no = r.row_no
                where r.record_id in ({})",
                marks(part.len())
            );
            let ids = part.iter().map(|record| record.0.into()).collect();
            for row in query(&self.reader, &sql, ids).await? {
                let at = row_at(
                    get(&row, 1)?,
                    number(&row, 2, "record.sheet_no")?,
                    number(&row, 3, "record.row_no")?,
                );
                let found = self.sealer.open_json(CELLS, at, &get::<Vec<u8>>(&row, 4)?)?;
                cells.insert(RecordId(get(&row, 0)?), found);
            }
        }
        Ok(cells)
    }

    /// The live records with this verified resident ID, in the order of their ids.
    pub async fn records_with_id(&self, resident_id: &str) -> Result<Vec<RecordId>, StoreError> {
        let sql = "\
            select r.record_id
            from record r
            join live_batch b on b.batch_id = r.batch_id
            where r.id_index = ?
            and r.record_id not in (select record_id from silent_record)
            order by r.record_id";
        self.record_ids(sql, self.sealer.blind_id(resident_id)).await
    }

    /// The live records with this name in normal form, in the order of their ids.
    pub async fn records_named(&self, name: &str) -> Result<Vec<RecordId>, StoreError> {
        let sql = "\
            select r.record_id
            from record r
            join live_batch b on b.batch_id = r.batch_id
            where r.name_index = ?
            and r.record_id not in (select record_id from silent_record)
            order by r.record_id";
        self.record_ids(sql, self.sealer.blind_name(name)).await
    }

    async fn record_ids(&self, sql: &str, index: Vec<u8>) -> Result<Vec<RecordId>, StoreError> {
        let rows = query(&self.reader, sql, vec![index.into()]).await?;
        rows.iter().map(|row| Ok(RecordId(get(row, 0)?))).collect()
    }
}

/// The sheets of every batch.
async fn sheets(
    db: &impl ConnectionTrait,
    mut reports: HashMap<(i64, u32), Vec<Report>>,
) -> Result<HashMap<i64, Vec<SheetSummary>>, StoreError> {
    let sql = "\
        select batch_id, sheet_no, name, is_hidden, source, as_of, town, fingerprint, n_rows,
            stated_total
        from sheet
        order by batch_id, sheet_no";
    let mut sheets: HashMap<i64, Vec<SheetSummary>> = HashMap::new();
    for row in query(db, sql, Vec::new()).await? {
        let stated_total: Option<i64> = get(&row, 9)?;
        let stated_total = stated_total
            .map(|n| u32::try_from(n).map_err(|_| StoreError::Damaged("sheet.stated_total")))
            .transpose()?;
        let batch: i64 = get(&row, 0)?;
        let index = number(&row, 1, "sheet.sheet_no")?;
        let sheet = NewSheet {
            name: get(&row, 2)?,
            hidden: get::<i64>(&row, 3)? == 1,
            source: parsed(get(&row, 4)?, "sheet.source")?,
            as_of: get(&row, 5)?,
            town: parsed(get(&row, 6)?, "sheet.town")?,
            fingerprint: get(&row, 7)?,
            n_rows: number(&row, 8, "sheet.n_rows")?,
            stated_total,
            reports: reports.remove(&(batch, index)).unwrap_or_default(),
        };
        sheets.entry(batch).or_default().push(SheetSummary { index, sheet });
    }
    Ok(sheets)
}

/// Rows by batch and disposition.
async fn counts(
    db: &impl ConnectionTrait,
) -> Result<HashMap<(i64, &'static str), u64>, StoreError> {
    let sql = "\
        select batch_id, disposition, count(*)
        from sheet_row
        group by batch_id, disposition
        order by batch_id, disposition";
    let mut counts = HashMap::new();
    for row in query(db, sql, Vec::new()).await? {
        let found: String = get(&row, 1)?;
        let word = ["record", "rejected", "known", "aside"]
            .into_iter()
            .find(|word| *word == found)
            .ok_or(StoreError::Damaged("sheet_row.disposition"))?;
        counts.insert((get(&row, 0)?, word), number(&row, 2, "sheet_row")?);
    }
    Ok(counts)
}
