//! What the rules make of rows that are linked as they truly are: for measuring determination apart from linkage.

use std::{
    collections::{BTreeMap, HashMap},
    hash::BuildHasher,
};

use baoxue_claim::{ChildId, Origin, Record};
use baoxue_determine::{Child, mark_duplicates, mark_superseded, withhold};
use baoxue_store::Store;

use crate::{County, FlowError, derive, export};

/// A row of a sheet: name of the file, of the sheet (empty for csv), 1-based row.
pub type Place = (String, String, u32);

/// The links and the determinations of children whose rows `owner` gives, in the forms of
/// [`links_csv`](crate::links_csv) and [`determinations_csv`](crate::determinations_csv). Nothing is kept. Rows without an
/// owner belong to nobody, and no row waits for a person.
///
/// # Errors
/// [`FlowError`] when the store refuses or a table cannot be written.
pub async fn truly_linked<S: BuildHasher>(
    store: &Store,
    county: &County,
    owner: &HashMap<Place, i64, S>,
) -> Result<(String, String), FlowError> {
    let records = store.live_records().await?;
    let files = derive::files(store).await?;
    let mut members: BTreeMap<ChildId, Vec<&Record>> = BTreeMap::new();
    let mut links = export::csv_writer();
    links.write_record(["source_file", "sheet", "row", "child_id", "disposition"])?;
    for record in &records {
        let Some(child) = owner.get(&place(&record.origin)).copied().map(ChildId) else { continue };
        members.entry(child).or_default().push(record);
        let (file, sheet, row) = place(&record.origin);
        links.write_record([file, sheet, row.to_string(), child.to_string(), "linked".into()])?;
    }
    let mut children: Vec<Child<'_>> =
        members.into_iter().map(|(id, records)| Child::new(id, records)).collect();
    mark_duplicates(&mut children);
    let doubts = mark_superseded(&mut children, &county.settings);
    withhold(&mut children, &doubts);
    let (pack, settings) = (&county.pack, &county.settings);
    let found = baoxue_determine::determine(&children, &files, pack, settings);
    let determinations = export::determinations(found.iter().map(crate::keep::Kept::of), county)?;
    Ok((export::text(links)?, determinations))
}

fn place(origin: &Origin) -> Place {
    (origin.file.to_string(), origin.sheet.trim().to_owned(), origin.row)
}
