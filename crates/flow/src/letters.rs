//! Letters of responsibility (责任书): what a year demands of the chain, what was drawn up, who has signed and who has not.
//! Which letters there ought to be, and where each stands, is `baoxue-act`'s; forms are `baoxue-paper`'s.

mod book;
mod desk;
mod draw;
mod record;
mod settings;

use baoxue_act::letter::LetterRefusal;
use baoxue_paper::PaperError;
use baoxue_store::StoreError;

pub use book::LetterBook;
pub use desk::{LetterDesk, LetterLine, LetterTally, Overview, class_label, district};
pub use draw::{Drawing, Wanted, draw_up, party_name};
pub use record::{Recorder, put_scan, record, record_all};
pub use settings::LetterSettings;

use crate::{FlowError, papers::FileError};

/// Why nothing was done about a letter.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// The facts do not let it happen.
    #[error("this cannot be recorded about the letter: {0:?}")]
    Refused(LetterRefusal),
    /// Fields are missing, by their labels.
    #[error("the letter lacks {}", .0.join(", "))]
    Lacks(Vec<String>),
    /// It could not be printed.
    #[error(transparent)]
    Paper(#[from] PaperError),
    /// The scan is none that is kept.
    #[error(transparent)]
    File(#[from] FileError),
    /// The store refused.
    #[error(transparent)]
    Flow(#[from] FlowError),
}

impl From<StoreError> for LetterError {
    fn from(error: StoreError) -> Self {
        Self::Flow(error.into())
    }
}

impl From<serde_json::Error> for LetterError {
    fn from(error: serde_json::Error) -> Self {
        Self::Flow(error.into())
    }
}
