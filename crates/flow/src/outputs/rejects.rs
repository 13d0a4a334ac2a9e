//! Rejected rows back to their senders, one workbook per file, and the open questions in one file.

use std::path::{Path, PathBuf};

use baoxue_report::{Lang, RejectRow, RejectSheet};
use baoxue_store::{
    BatchState, BatchSummary, Disposition, SheetSummary, Store, StoredReject, StoredRow,
};

use super::OutputOptions;
use crate::{County, FlowError, data::write_whole, lines::town_name};

/// Writes `rejects/…` for every live batch with rejected rows; gives file and number of rows.
///
/// # Errors
/// [`FlowError`] when the store refuses or a file cannot be written.
pub async fn write_rejects(
    store: &Store,
    county: &County,
    batches: &[BatchSummary],
    options: &OutputOptions,
) -> Result<Vec<(PathBuf, u32)>, FlowError> {
    let mut written = Vec::new();
    for batch in batches.iter().filter(|b| b.state == BatchState::Live && b.n_rejected > 0) {
        let rows = store.batch_rows(batch.id).await?;
        let sheets: Vec<RejectSheet> = batch
            .sheets
            .iter()
            .filter_map(|sheet| reject_sheet(batch, sheet, &rows, county, options.lang))
            .collect();
        let workbook = baoxue_report::reject_workbook(&sheets, options.lang)?;
        let path = options.folder.join("rejects").join(file_name(batch));
        write_whole(&path, &workbook.bytes).map_err(|e| FlowError::file(&path, e))?;
        written.push((path, workbook.n_rows));
    }
    Ok(written)
}

/// Writes `questions.toml` with the open questions of all live batches; gives how many batches ask.
///
/// # Errors
/// [`FlowError`] when the store refuses or the file cannot be written.
pub(super) async fn write_questions(
    store: &Store,
    batches: &[BatchSummary],
    folder: &Path,
) -> Result<usize, FlowError> {
    let mut text = String::new();
    let mut n_asking = 0;
    for batch in batches.iter().filter(|b| b.state == BatchState::Live) {
        let messages = store.messages(batch.id).await?;
        let Some(questions) = messages["questions"].as_str().filter(|q| !q.trim().is_empty())
        else {
            continue;
        };
        // Each batch's questions begin with the same explanation; once is enough.
        let entries = if n_asking == 0 { 0 } else { questions.find("\n\n").unwrap_or(0) };
        text.push_str(&questions[entries..]);
        text.push('\n');
        n_asking += 1;
    }
    let path = folder.join("questions.toml");
    if n_asking > 0 {
        write_whole(&path, text.as_bytes()).map_err(|e| FlowError::file(&path, e))?;
    }
    Ok(n_asking)
}

/// The original name with the number of the batch, so that two files of one name do not overwrite each other.
fn file_name(batch: &BatchSummary) -> String {
    let stem = Path::new(&batch.file).file_stem().unwrap_or_default().to_string_lossy();
    format!("{stem}_退回修改_第{}批.xlsx", batch.id.0)
}

fn reject_sheet(
    batch: &BatchSummary,
    sheet: &SheetSummary,
    rows: &[StoredRow],
    county: &County,
    lang: Lang,
) -> Option<RejectSheet> {
    let of_sheet = || rows.iter().filter(|row| row.sheet == sheet.index);
    let rejected: Vec<RejectRow> = of_sheet()
        .filter_map(|row| row.reject.as_ref().map(|reject| reject_row(row, reject, lang)))
        .collect();
    let first = rejected.first()?.number;
    let header = |row: &&StoredRow| {
        row.row < first && row.disposition == Disposition::Aside("header".into())
    };
    Some(RejectSheet {
        file: batch.file.clone(),
        sheet: sheet.sheet.name.clone(),
        source: sheet.sheet.source,
        as_of: sheet.sheet.as_of?,
        town: town_name(sheet.sheet.town, &county.towns),
        header_rows: of_sheet().filter(header).map(|row| row.cells.clone()).collect(),
        rows: rejected,
    })
}

fn reject_row(row: &StoredRow, reject: &StoredReject, lang: Lang) -> RejectRow {
    RejectRow {
        number: row.row,
        cells: row.cells.clone(),
        column: reject.column,
        reason: lang.pick(&reject.zh, &reject.en).to_owned(),
        advice: String::new(),
    }
}
