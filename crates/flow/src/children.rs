//! Which rows are the same child: turns records into columns, brings the model for children, and calls `link`.

mod columns;

use std::collections::HashMap;

use baoxue_claim::{Record, RecordId, Source};
use baoxue_link::{Constraints, LinkError, Linkage, Model, Progress, Table};

/// What people have ruled about rows. Absolute, and revocable by leaving it out of the next run. A ruling about a record
/// that is not there (its batch was withdrawn) rests until it comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// The same child.
    pub must: Vec<(RecordId, RecordId)>,
    /// Two children.
    pub cannot: Vec<(RecordId, RecordId)>,
}

/// Why children could not be linked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChildrenError {
    /// The model file of this build cannot be read.
    #[error("the model for children cannot be read: {0}")]
    Model(String),
    /// The engine refused.
    #[error(transparent)]
    Link(#[from] LinkError),
}

/// The records as columns, in their order. The names of the columns are those of `models/children.toml`.
///
/// # Errors
/// [`LinkError::Rows`] when there are too many.
pub fn table(records: &[Record]) -> Result<Table, LinkError> {
    Table::new(columns::columns(records), records.iter().map(|record| record.id.0).collect())
}

/// The model for children.
///
/// # Errors
/// [`ChildrenError::Model`] when the embedded file is broken.
pub fn model() -> Result<Model, ChildrenError> {
    toml::from_str(include_str!("../models/children.toml"))
        .map_err(|error| ChildrenError::Model(error.to_string()))
}

/// What the sources promise about the records: one row per child in one file, where the source says so, and which
/// records only a person may link.
pub fn constraints(records: &[Record]) -> Constraints {
    let mut lists: HashMap<(u32, &str, Source), u16> = HashMap::new();
    let mut one_per_source = Vec::new();
    let source = records
        .iter()
        .map(|record| {
            // The file tells lists apart that have not been stored yet, and so have no batch.
            let list = (record.id.batch().0, &*record.origin.file, record.source);
            *lists.entry(list).or_insert_with(|| {
                one_per_source.push(record.source.promises_one_row());
                u16::try_from(one_per_source.len() - 1).unwrap_or(u16::MAX)
            })
        })
        .collect();
    let review_only = records.iter().map(|record| record.review_only.is_some()).collect();
    Constraints { source, one_per_source, review_only, ..Constraints::default() }
}

/// Decides which records are one child. The linkage's rows are the positions in `records`.
///
/// # Errors
/// [`ChildrenError`] when decisions contradict each other.
pub fn link_children(
    records: &[Record],
    decisions: &Decisions,
    progress: &mut dyn FnMut(Progress),
) -> Result<Linkage, ChildrenError> {
    let mut constraints = constraints(records);
    let rows: HashMap<RecordId, u32> = records.iter().map(|record| record.id).zip(0..).collect();
    let here = |pairs: &[(RecordId, RecordId)]| -> Vec<(u32, u32)> {
        let row = |id: &RecordId| rows.get(id).copied();
        pairs.iter().filter_map(|(left, right)| Some((row(left)?, row(right)?))).collect()
    };
    constraints.must_link = here(&decisions.must);
    constraints.cannot_link = here(&decisions.cannot);
    Ok(baoxue_link::clusters(&table(records)?, &model()?, &constraints, progress)?)
}
