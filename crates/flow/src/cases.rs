//! Cases in the store: read, moved by what runs say, looked at by the clock, and by what people record. A case is its events;
//! nothing here keeps a stage, an owner or a date.

mod absence;
mod book;
mod clock;
mod directory;
mod objection;
mod outside;
mod record;
mod returned;
mod runs;
mod still;
mod words;

use baoxue_act::{CaseId, Event, NoCase, Refusal, Rules};
use baoxue_store::{Store, StoreError};

use crate::{County, FlowError};

pub use absence::{AbsenceDesk, AbsenceError, AbsenceForm, Away};
pub use book::{CaseBook, CaseFile, Unread};
pub use clock::{CaseClock, Held, set_clock};
pub use objection::object_by_code;
pub(crate) use outside::{Voice, appends_of};
pub use record::{Recorded, may_record, pass, record};
pub(crate) use record::{prepared, prepared_all};
pub(crate) use returned::join;
pub use returned::tell_return;
pub use runs::{Followed, follow_run};
pub use still::numbered;
pub use words::Speaker;

/// Why nothing was recorded in a case.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// There is no such case.
    #[error("there is no case {}", .0.0)]
    Unknown(CaseId),
    /// It has a record that this program cannot read, by its number from 1: nothing is recorded behind it.
    #[error("a record of case {} cannot be read by this version of the program", .0.0)]
    Unreadable(CaseId, u32),
    /// The facts or the law do not let it happen.
    #[error("this cannot be recorded in the case: {0:?}")]
    Refused(Refusal),
    /// What is stored cannot be read.
    #[error(transparent)]
    Flow(#[from] FlowError),
}

impl From<StoreError> for CaseError {
    fn from(error: StoreError) -> Self {
        Self::Flow(error.into())
    }
}

impl From<serde_json::Error> for CaseError {
    fn from(error: serde_json::Error) -> Self {
        Self::Flow(error.into())
    }
}

/// What the county decides about cases, with its officials as the live directory files name them.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn rules(store: &Store, county: &County) -> Result<Rules, FlowError> {
    let act = county.act.clone();
    Ok(Rules {
        timetable: act.timetable,
        calendar: act.calendar,
        directory: directory::directory(store, county).await?,
        departments: act.departments,
        penalty_basis: act.penalty_basis,
    })
}

/// Folds the events of a case.
fn folded(id: CaseId, events: &[Event]) -> Result<baoxue_act::Case, FlowError> {
    baoxue_act::fold(id, events).map_err(|NoCase(id)| FlowError::NoCase(id))
}
