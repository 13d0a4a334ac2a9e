//! A reading as a batch for the store, with the row accounting checked.

use baoxue_intake::{Aside, Outcome, Reading};
use baoxue_store::{Disposition, NewBatch, NewRow, NewSheet, RowPlace, StoredReject};

use super::{FileStatus, ImportOptions, Told};
use crate::FlowError;

/// What the batch is about apart from its rows.
pub(super) struct Head<'a> {
    /// Name of the file.
    pub(super) file_name: &'a str,
    /// SM3 of the file.
    pub(super) content_hash: [u8; 32],
    /// Size of the file.
    pub(super) size_bytes: u64,
    /// How it is taken in.
    pub(super) options: &'a ImportOptions,
}

/// What is kept of what was said about a file.
#[derive(serde::Serialize)]
struct Said<'a> {
    messages: &'a [Told],
    questions: &'a str,
    /// The rejects that came back in this file.
    returned: Vec<baoxue_intake::Returned>,
}

/// Rows by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// New records.
    pub(super) records: u64,
    /// Rows that came before.
    pub(super) known: u64,
    /// Rejects.
    pub(super) rejected: u64,
    /// Rows of sheets that were not understood.
    pub(super) untouched: u64,
    /// Other recognised rows without data.
    pub(super) non_data: u64,
}

impl Counts {
    /// What to call a file with these rows. Rows that were not understood are kept too, so that every row is accounted for
    /// and the file can be read again when its questions are answered.
    pub(super) fn status(self) -> FileStatus {
        let aside = self.rejected + self.untouched;
        match (self.records + self.known, aside) {
            (_, 0) => FileStatus::Accepted,
            (0, _) => FileStatus::Rejected,
            (_, _) => FileStatus::Partial,
        }
    }
}

/// Takes the identity of each row that is a record out of the reading, empty for the others: what the store asks whether
/// it came before. Together these are as long as the file, so there is one of each.
pub(super) fn take_row_keys(reading: &mut Reading) -> Vec<String> {
    reading
        .sheets
        .iter_mut()
        .flat_map(|sheet| &mut sheet.rows)
        .map(|row| match row.outcome {
            Outcome::Record(_) => std::mem::take(&mut row.identity),
            Outcome::Reject(_) | Outcome::Aside(_) => String::new(),
        })
        .collect()
}

/// The batch. `keys` and `known` have one entry per row of the reading, sheet by sheet.
///
/// # Errors
/// [`FlowError::Accounting`] when a row has no outcome or a row number stands twice: the sheet must add up or nothing of the
/// file enters.
pub(super) fn new_batch(
    head: &Head<'_>,
    reading: Reading,
    (keys, known): (Vec<String>, Vec<Option<RowPlace>>),
    messages: &[Told],
) -> Result<(NewBatch, Counts), FlowError> {
    let named = [(head.file_name.to_owned(), reading)];
    let questions = if named[0].1.questions.is_empty() {
        String::new()
    } else {
        baoxue_intake::questions_to_toml(&named)
    };
    let [(_, reading)] = named;
    let returned = reading.sheets.iter().filter_map(|sheet| sheet.returned.clone()).collect();
    let mut counts = Counts::default();
    let mut sheets = Vec::with_capacity(reading.sheets.len());
    let mut rows = Vec::with_capacity(keys.len());
    let mut told = keys.into_iter().zip(known);
    for (index, sheet) in (0..).zip(reading.sheets) {
        let in_order = sheet.rows.iter().zip(1..).all(|(row, number)| row.number == number);
        let n_rows = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
        if !in_order {
            return Err(FlowError::Accounting {
                file: head.file_name.to_owned(),
                sheet: sheet.name,
                rows: sheet.rows.last().map_or(0, |row| row.number as usize),
                accounted: sheet.rows.len(),
            });
        }
        for row in sheet.rows {
            let (key, place) = told.next().unwrap_or_default();
            let row = new_row((index, row), key, place.is_some(), &mut counts);
            rows.push(row);
        }
        sheets.push(NewSheet {
            name: sheet.name,
            hidden: sheet.hidden,
            source: sheet.source,
            as_of: Some(sheet.as_of),
            town: sheet.town,
            fingerprint: sheet.fingerprint,
            n_rows,
            stated_total: sheet.stated_total,
            reports: sheet.reports,
        });
    }
    let batch = NewBatch {
        file_name: head.file_name.to_owned(),
        content_hash: head.content_hash,
        size_bytes: head.size_bytes,
        received_at: head.options.now,
        brought_by: head.options.brought_by.clone(),
        sheets,
        rows,
        messages: serde_json::to_vec(&Said { messages, questions: &questions, returned })?,
    };
    Ok((batch, counts))
}

fn new_row(
    (sheet, row): (u32, baoxue_intake::Row),
    key: String,
    came_before: bool,
    counts: &mut Counts,
) -> NewRow {
    let mut new = NewRow {
        sheet,
        row: row.number,
        disposition: Disposition::Record,
        cells: row.cells,
        row_key_input: String::new(),
        record: None,
        reject: None,
    };
    match row.outcome {
        Outcome::Record(record) => {
            new.record = Some(record);
            new.row_key_input = key;
            if came_before {
                counts.known += 1;
                new.disposition = Disposition::Known;
            } else {
                counts.records += 1;
            }
        }
        Outcome::Reject(reject) => {
            counts.rejected += 1;
            new.disposition = Disposition::Rejected;
            new.reject = Some(StoredReject {
                column: reject.column,
                code: reject.code.to_owned(),
                zh: reject.zh,
                en: reject.en,
            });
        }
        Outcome::Aside(aside) => {
            if aside == Aside::Untouched {
                counts.untouched += 1;
            } else {
                counts.non_data += 1;
            }
            new.disposition = Disposition::Aside(aside.name().into());
        }
    }
    new
}
