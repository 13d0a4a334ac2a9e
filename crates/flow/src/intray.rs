//! Files on their way in by the pages: the pieces as they arrive, what a file says, what it would change, taking it in and
//! taking it back.
//!
//! Until a file is taken in, nothing of it is in the store: it lies sealed beside the database, for a day at most.

mod effect;
mod enter;
mod inspect;
mod uploads;

use std::path::Path;

use baoxue_intake::Layouts;
use chrono::{DateTime, Utc};

use crate::{FlowError, ImportOptions, worker::WorkerLimits};

pub use effect::{Effect, Moved, effect};
pub use enter::{
    ALONE, Entered, UNDO, Undo, Wanted, enter, remembered_effect, undo, undo_wanted, want_undo,
};
pub use inspect::{
    ColumnAnswer, ColumnView, Inspection, Meaning, Note, Problem, ProblemKind, RowCounts, RowMark,
    RowView, SheetAnswer, SheetView, Spelling, answered, inspect, meanings, rejects_of,
};
pub use uploads::{Told, Upload, UploadError, UploadLimits, Uploads};

/// How an upload is taken in. `program` is the running one, started again to read the file.
///
/// # Errors
/// [`FlowError::Mapping`] when the kept answers cannot be read.
pub fn options(
    told: &Told,
    program: &Path,
    (brought_by, now): (&str, DateTime<Utc>),
) -> Result<ImportOptions, FlowError> {
    Ok(ImportOptions {
        program: program.to_owned(),
        limits: WorkerLimits::default(),
        source: told.source,
        as_of: told.as_of,
        town: told.town,
        answers: Layouts::from_toml(&told.answers)?,
        brought_by: brought_by.to_owned(),
        now,
    })
}
