//! The two exports that other programs read: the child of every row, and the status of every child.

use std::collections::HashMap;

use baoxue_claim::{ChildId, RecordId};
use baoxue_store::{Disposition, Store};

use crate::{County, FlowError, keep::Kept, lines::town_name};

/// `source_file,sheet,row,child_id,disposition`: every row of every live file that is not blank. A row that is no record has
/// no child and the disposition `ignored`, `rejected` or `review`; a row that came before in another file has the child of
/// that row.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn links_csv(store: &Store) -> Result<String, FlowError> {
    let children: HashMap<RecordId, ChildId> = store.children().await?.into_iter().collect();
    let mut csv = csv_writer();
    csv.write_record(["source_file", "sheet", "row", "child_id", "disposition"])?;
    for line in store.rows().await? {
        let child = line.record.or(line.known_as).and_then(|record| children.get(&record));
        let disposition = match (&line.disposition, child) {
            (Disposition::Aside(kind), _) if kind == "blank" => continue,
            (Disposition::Aside(kind), _) if kind == "untouched" => "review",
            (Disposition::Aside(_), _) => "ignored",
            (Disposition::Rejected, _) => "rejected",
            (Disposition::Record | Disposition::Known, Some(_)) => "linked",
            (Disposition::Record | Disposition::Known, None) => "review",
        };
        let child = child.map(ToString::to_string).unwrap_or_default();
        csv.write_record([
            plain(&line.file).as_str(),
            plain(&line.sheet).as_str(),
            line.row.to_string().as_str(),
            &child,
            disposition,
        ])?;
    }
    text(csv)
}

/// `child_id,id_card,name,code,reason,town`: one line per child of the newest run. Identity numbers are masked unless `full_ids`; the caller
/// has logged the reason then.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn determinations_csv(
    store: &Store,
    county: &County,
    full_ids: bool,
) -> Result<String, FlowError> {
    let mut kept: Vec<Kept> = Vec::new();
    for stored in store.verdicts().await? {
        kept.push(serde_json::from_slice(&stored.body)?);
    }
    written(kept.into_iter(), county, full_ids)
}

/// The same of children that were not kept, with full numbers: for measuring.
pub(crate) fn determinations(
    kept: impl Iterator<Item = Kept>,
    county: &County,
) -> Result<String, FlowError> {
    written(kept, county, true)
}

fn written(
    kept: impl Iterator<Item = Kept>,
    county: &County,
    full_ids: bool,
) -> Result<String, FlowError> {
    let mut csv = csv_writer();
    csv.write_record(["child_id", "id_card", "name", "code", "reason", "town"])?;
    for Kept { verdict, id, name, town } in kept {
        let id = id.map(|id| if full_ids { id.expose().to_owned() } else { id.masked() });
        let name = name.as_ref().map(|name| plain(name.expose()));
        csv.write_record([
            verdict.child.to_string(),
            id.unwrap_or_default(),
            name.unwrap_or_default(),
            verdict.code.to_string(),
            verdict.reason.clone(),
            town_name(town, &county.towns).unwrap_or_default(),
        ])?;
    }
    text(csv)
}

/// Text that a spreadsheet would take for a formula gets an apostrophe (T-41); intake takes it off again.
fn plain(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

pub(crate) fn csv_writer() -> csv::Writer<Vec<u8>> {
    csv::Writer::from_writer(Vec::new())
}

pub(crate) fn text(csv: csv::Writer<Vec<u8>>) -> Result<String, FlowError> {
    let bytes = csv.into_inner().map_err(|error| FlowError::Csv(error.into_error().into()))?;
    String::from_utf8(bytes)
        .map_err(|error| FlowError::Csv(csv::Error::from(std::io::Error::other(error))))
}
