//! Why a county could not be written.

use std::io;

/// What went wrong while a file was made or handed over.
#[derive(Debug, thiserror::Error)]
pub(super) enum CountyError {
    #[error("cannot write a workbook: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    #[error("cannot write an archive: {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("cannot write a csv file: {0}")]
    Csv(#[from] csv::Error),
    #[error("cannot write the manifest: {0}")]
    Json(#[from] serde_json::Error),
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl From<CountyError> for io::Error {
    fn from(error: CountyError) -> Self {
        match error {
            CountyError::Io(error) => error,
            CountyError::Xlsx(_)
            | CountyError::Zip(_)
            | CountyError::Csv(_)
            | CountyError::Json(_) => Self::other(error),
        }
    }
}
