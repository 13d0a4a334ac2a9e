//! Files of departments as grids of cells, read safely: one source format per file of this folder.
//!
//! What a file is, its bytes say; its name is only a hint for the message. Everything that a file declares about itself
//! (sizes, counts, positions) is checked against what it really holds before memory is spent on it, and [`Limits`] bound
//! the rest. What the cells mean is not known here: merged cells are reported, not filled; text is kept as typed.

mod error;
mod limits;
mod sheet;

pub use error::{Damage, Found, Measure, OpenError};
pub use limits::Limits;
pub use sheet::{Cell, FileNote, Merge, Sheet, Workbook};

/// Reads a file as sheets of cells.
///
/// `file_name` is used for messages only; the kind of file is decided by `bytes`.
///
/// # Errors
/// [`OpenError`] says what was found and what to do; nothing of the file is returned then.
pub fn open(_file_name: &str, bytes: &[u8], _limits: &Limits) -> Result<Workbook, OpenError> {
    if bytes.is_empty() {
        return Err(OpenError::Empty);
    }
    Err(OpenError::NotAWorkbook { found: Found::Unknown })
}
