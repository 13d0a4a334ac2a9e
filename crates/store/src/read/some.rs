//! The records of one child, without reading the others.

use std::sync::Arc;

use baoxue_claim::{ChildId, Origin, Record, RecordId};
use sea_orm::QueryResult;

use super::CHUNK_IDS;
use crate::{
    Store, StoreError,
    append::CELLS,
    body::{RECORD_COLUMNS, open_claim, open_record, row_at},
    sql::{begin_read, get, marks, number, query},
};

impl Store {
    /// The numbers of a child's records by the newest run, ascending; none when there is no such child.
    pub async fn record_ids_of(&self, child: ChildId) -> Result<Vec<RecordId>, StoreError> {
        let sql = "select record_id from child_record where child_id = ? order by record_id";
        let rows = query(&self.reader, sql, vec![child.0.into()]).await?;
        rows.iter().map(|row| Ok(RecordId(get(row, 0)?))).collect()
    }

    /// The child of each of those records by the newest run, in the order of records; one that no child has is left out.
    pub async fn children_of(
        &self,
        records: &[RecordId],
    ) -> Result<Vec<(RecordId, ChildId)>, StoreError> {
        let tx = begin_read(&self.reader).await?;
        let mut found = Vec::with_capacity(records.len());
        for part in records.chunks(CHUNK_IDS) {
            let among = marks(part.len());
            let sql = format!(
                "select record_id, child_id from child_record where record_id in ({among})"
            );
            let values = part.iter().map(|id| id.0.into()).collect();
            for row in query(&tx, &sql, values).await? {
                found.push((RecordId(get(&row, 0)?), ChildId(get(&row, 1)?)));
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// The records of those numbers, withdrawn ones too, in the order of their numbers; what is not in the store is left out.
    pub async fn records(&self, ids: &[RecordId]) -> Result<Vec<Record>, StoreError> {
        let tx = begin_read(&self.reader).await?;
        let mut records = Vec::with_capacity(ids.len());
        for part in ids.chunks(CHUNK_IDS) {
            let values = || part.iter().map(|id| id.0.into()).collect();
            let among = marks(part.len());
            let sql = format!(
                "\
                select {RECORD_COLUMNS}
                from record
                where record_id in ({among})
                order by record_id"
            );
            let rows = query(&tx, &sql, values()).await?;
            let sql = format!(
                "\
                select r.record_id, b.file_name, s.name
                from record r
                join batch b on b.batch_id = r.batch_id
                join sheet s on s.batch_id = r.batch_id and s.sheet_no = r.sheet_no
                where r.record_id in ({among})
                order by r.record_id"
            );
            let places = query(&tx, &sql, values()).await?;
            let sql = format!(
                "\
                select record_id, position, body
                from claim
                where record_id in ({among})
                order by record_id, position"
            );
            let claims = query(&tx, &sql, values()).await?;
            for (row, place) in rows.iter().zip(&places) {
                records.push(self.open_with_claims(row, place, &claims)?);
            }
        }
        records.sort_unstable_by_key(|record| record.id);
        Ok(records)
    }

    /// The header that stands next above a record's row on its sheet; empty when none was recognised. Of a header of two
    /// levels it is the lower one.
    pub async fn header_above(&self, record: RecordId) -> Result<Vec<String>, StoreError> {
        let sql = "\
            select s.batch_id, s.sheet_no, s.row_no, s.cells
            from record r
            join sheet_row s on s.batch_id = r.batch_id and s.sheet_no = r.sheet_no
            where r.record_id = ? and s.disposition = 'aside' and s.aside = 'header'
                and s.row_no < r.row_no
            order by s.row_no desc
            limit 1";
        let rows = query(&self.reader, sql, vec![record.0.into()]).await?;
        let Some(row) = rows.first() else { return Ok(Vec::new()) };
        let sheet = number(row, 1, "sheet_row.sheet_no")?;
        let at = row_at(get(row, 0)?, sheet, number(row, 2, "sheet_row.row_no")?);
        self.sealer.open_json(CELLS, at, &get::<Vec<u8>>(row, 3)?)
    }

    fn open_with_claims(
        &self,
        row: &QueryResult,
        place: &QueryResult,
        claims: &[QueryResult],
    ) -> Result<Record, StoreError> {
        let id: i64 = get(row, 0)?;
        let origin = Origin {
            file: Arc::from(get::<String>(place, 1)?),
            sheet: Arc::from(get::<String>(place, 2)?),
            row: number(row, 2, "record.row_no")?,
        };
        let mut record = open_record(&self.sealer, row, origin)?;
        for claim in claims {
            if get::<i64>(claim, 0)? == id {
                let sealed: Vec<u8> = get(claim, 2)?;
                record.claims.push(open_claim(&self.sealer, id, get(claim, 1)?, &sealed)?);
            }
        }
        Ok(record)
    }
}
