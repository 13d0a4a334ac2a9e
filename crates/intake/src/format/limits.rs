//! How much a file may cost.

use serde::{Deserialize, Serialize};

/// How much a file may cost before it is refused.
///
/// [`Limits::DEFAULT`] is made for the largest lists that counties send (a register of a million rows) and for a
/// process with 1 GiB of address space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Size of the file as it arrives, in bytes.
    pub file_bytes: u64,
    /// Size of all parts of a zip container together, inflated, in bytes.
    pub unpacked_bytes: u64,
    /// Parts of a zip container.
    pub zip_members: u32,
    /// Inflated size over packed size, of a part that inflates to more than 1 MiB.
    pub ratio: u32,
    /// Cells of all sheets together, counting the blank ones left of a filled one.
    pub cells: u64,
    /// Column of the last filled cell of a row.
    pub columns: u32,
    /// Row of the last filled row of a sheet.
    pub rows: u32,
    /// Bytes of text in all cells together.
    pub text_bytes: u64,
}

impl Limits {
    /// 64 MiB packed, 300 MiB unpacked, 1,000 parts, ratio 200 (T-42); 10 million cells, 2,000 columns, 1,048,576 rows
    /// (the height of an Excel sheet), 200 MiB of text.
    pub const DEFAULT: Self = Self {
        file_bytes: 64 << 20,
        unpacked_bytes: 300 << 20,
        zip_members: 1_000,
        ratio: 200,
        cells: 10_000_000,
        columns: 2_000,
        rows: 1_048_576,
        text_bytes: 200 << 20,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
