//! Cells of the calamine crate as ours, and a fence around its readers.

use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::Data;

use super::{
    Cell, Damage, OpenError,
    serial::{date_cell, duration_cell, iso_cell},
};

/// The value of a cell as calamine tells it.
pub(super) fn cell(value: Data, is_1904: bool) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        #[expect(
            clippy::cast_precision_loss,
            reason = "sheets hold floats; whole ones have at most 30 bits"
        )]
        Data::Int(number) => Cell::Number(number as f64),
        Data::Float(number) => Cell::Number(number),
        Data::String(text) | Data::DurationIso(text) => Cell::Text(text),
        Data::Bool(yes) => Cell::Bool(yes),
        Data::DateTime(moment) if moment.is_duration() => duration_cell(moment.as_f64()),
        Data::DateTime(moment) => date_cell(moment.as_f64(), is_1904),
        Data::DateTimeIso(text) => iso_cell(&text),
        Data::Error(error) => Cell::Error(error.to_string()),
    }
}

/// Runs a reader that may index out of a damaged file. A panic in it means that the file is damaged; allocation
/// failure still ends the process, which is why reading has one of its own.
pub(super) fn fenced<T>(
    damage: impl FnOnce() -> Damage,
    read: impl FnOnce() -> Result<T, OpenError>,
) -> Result<T, OpenError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(OpenError::Damaged(damage())))
}
