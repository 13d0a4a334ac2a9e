//! The vocabulary of Baoxue: who said what about which child, when, and in which row of which file.
//!
//! Every other crate speaks these words, so this one depends on none of ours and on nothing heavy. Values that are
//! wrong cannot be built; values that are doubtful keep their raw text and carry a [`Doubt`] that says what is doubtful.
//! The serde form of these types is the canonical form that the store keeps.

mod aid;
mod birth;
mod date;
mod doubt;
mod grade;
mod identity;
mod name;
mod person;
mod place;
mod private;
mod record;
mod report;
mod school_year;
mod sealed;
mod source;
mod statement;
mod text;
mod verdict;

pub use aid::{AidKind, AidPaid, SchoolTerm};
pub use birth::{Birth, BirthReading};
pub use date::{read_date, read_period};
pub use doubt::{Doubt, Noted};
pub use grade::Grade;
pub use identity::{
    DisabilityNumber, IdForm, IdMention, ResidentId, ResidentIdError, StudentNumber,
    StudentNumberKind, suggest_correction,
};
pub use name::Name;
pub use person::{Guardian, Person, Sex};
pub use place::{Place, Town, TownCode, TownCodeError, Towns};
pub use private::Private;
pub use record::{BatchId, ChildId, ClaimId, Origin, Record, RecordId};
pub use report::{Report, same_school};
pub use school_year::{Cohort, SchoolYear};
pub use sealed::{names_custody, names_sealed};
pub use source::{Source, UnknownSource};
pub use statement::{
    Absence, Cause, Certificate, Claim, Deferral, DeferralKind, Departure, Diagnosed, Enrolment,
    EnrolmentStatus, HomePlan, HomeVisit, InspectionFinding, Leave, LeaveKind, Ledgered, Statement,
    StudyMode, SurveyFinding, Transfer,
};
pub use text::{compact, half_width};
pub use verdict::VerdictCode;
