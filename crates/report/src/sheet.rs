//! One printed sheet: title, subtitle, header, rows, widths, print setup.

use crate::head::Lang;

/// A finished file.
#[derive(Clone, PartialEq, Eq)]
pub struct Workbook {
    /// Its name without folder, such as `辍学学生台账_汉滨区_20190825.xlsx`.
    pub file_name: String,
    /// The .xlsx file.
    pub bytes: Vec<u8>,
    /// Data rows, as printed in the file.
    pub n_rows: u32,
}

impl std::fmt::Debug for Workbook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Workbook({}, {} rows, {} bytes)", self.file_name, self.n_rows, self.bytes.len())
    }
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// More rows than a sheet holds.
    #[error("table has {0} rows, a sheet holds 1048576: print it by town")]
    Rows(usize),
    /// The writer refused.
    #[error("the workbook could not be written: {0}")]
    Writer(#[from] rust_xlsxwriter::XlsxError),
}

pub(crate) fn empty(name: &str, _lang: Lang) -> Result<Workbook, ReportError> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet();
    Ok(Workbook { file_name: name.to_owned(), bytes: workbook.save_to_buffer()?, n_rows: 0 })
}
