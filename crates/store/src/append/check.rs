//! What must hold within a batch before anything of it is stored.

use std::collections::HashSet;

use crate::{Disposition, NewBatch, NewRow, StoreError};

/// The row ids of sealed values keep the number of the sheet in 32 bits, workbooks far fewer.
const MAX_SHEETS: usize = 1 << 16;
/// [`baoxue_claim::ClaimId`] counts claims in a byte.
const MAX_CLAIMS: usize = 1 << 8;

/// Refuses a batch whose rows contradict themselves: stored like that, a record would be lost or bent.
pub(super) fn check(batch: &NewBatch) -> Result<(), StoreError> {
    // PostgreSQL keeps no NUL in texts; what one engine refuses, the other must not take.
    let mut texts = std::iter::once(&batch.file_name)
        .chain(batch.sheets.iter().flat_map(|sheet| [&sheet.name, &sheet.fingerprint]));
    if texts.any(|text| text.contains('\0')) {
        let what = "the name of the file or of a sheet holds a NUL character";
        return Err(StoreError::Inconsistent { sheet: 0, row: 0, what });
    }
    let mut places = HashSet::with_capacity(batch.rows.len());
    let mut ordinals = HashSet::with_capacity(batch.rows.len());
    for row in &batch.rows {
        let fresh = places.insert((row.sheet, row.row));
        let ordinal_fresh = row.record.as_ref().is_none_or(|r| ordinals.insert(r.id.ordinal()));
        let fault = match fault_of(batch, row) {
            None if !fresh => Some("the row comes twice"),
            None if !ordinal_fresh => Some("the number of its record comes twice"),
            fault => fault,
        };
        if let Some(what) = fault {
            return Err(StoreError::Inconsistent { sheet: row.sheet, row: row.row, what });
        }
    }
    Ok(())
}

fn fault_of(batch: &NewBatch, row: &NewRow) -> Option<&'static str> {
    let sheet = usize::try_from(row.sheet).ok().filter(|sheet| *sheet < MAX_SHEETS);
    let Some(sheet) = sheet.and_then(|sheet| batch.sheets.get(sheet)) else {
        return Some("there is no such sheet");
    };
    let (needs_record, needs_reject) = match row.disposition {
        Disposition::Record | Disposition::Known => (true, false),
        Disposition::Rejected => (false, true),
        Disposition::Aside(_) => (false, false),
    };
    if row.record.is_some() != needs_record {
        return Some(if needs_record { "its record is missing" } else { "it has a record" });
    }
    if row.reject.is_some() != needs_reject {
        return Some(if needs_reject { "the reason is missing" } else { "it has a reason" });
    }
    if row.disposition == Disposition::Known && row.row_key_input.is_empty() {
        return Some("a known row needs a row key");
    }
    let record = row.record.as_ref()?;
    let origin = &record.origin;
    if origin.row != row.row || *origin.sheet != *sheet.name || *origin.file != *batch.file_name {
        return Some("its record says it stands elsewhere");
    }
    (record.claims.len() > MAX_CLAIMS).then_some("it makes more claims than can be numbered")
}
