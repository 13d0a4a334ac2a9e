//! Cases (案件): from a verdict to a child back in school. A case is its events and nothing else; stage, owner and clocks
//! are folds over them. No clock, file, network or database: the moment and all that a county decides are parameters.

pub mod account;
mod calendar;
mod carry;
mod case;
mod chain;
mod clock;
mod closing;
mod day;
mod departments;
pub mod directory;
mod duty;
mod event;
mod file;
mod follow;
pub mod letter;
mod paper;
mod plan;
mod refuse;
mod settings;
mod still;
mod tell;
mod timetable;

pub use calendar::{Calendar, CalendarError, Semester};
pub use carry::{Onto, carried};
pub use case::{
    Attendance, Case, InstructionState, NoCase, Noted, ObjectionState, Over, PaperState,
    RequestState, Span, Stage, TransferState, fold,
};
pub use chain::{CHAIN, Directory, Holder, Office, Place, Post, Responsible, Seated, above};
pub use clock::{Due, Moment, Pause, Term, TermError, Unit, end_of};
pub use closing::{Lack, lacks};
pub use departments::{Department, Task, Told, routed, unfounded};
pub use duty::{Duty, Rules, climbs, duties, next};
pub use event::{
    Answer, CaseId, Climb, DutyId, Ending, Event, Found, Heard, Inspection, Judged, Met, Opening,
    PROGRAM, Reconsidered, Request, Return, ReturnForm, Trigger, Visit, Visitor, What,
};
pub use file::{Attachment, Beside, Held, Item, items};
pub use follow::{Follow, Seen, ending, follow, next_episode, opening, opens};
pub use paper::{Draft, Paper, PaperKind, Proof as ServiceProof, Service};
pub use plan::{Measure, MeasureKind, Plan, PlanReview};
pub use refuse::{Refusal, check, is_confirmed, may_issue, offered};
pub use settings::{Settings, SettingsError, TipSettings};
pub use still::{Question, Said, questions};
pub use tell::{Matter, Tell, tells};
pub use timetable::{Anchor, Done, Proof, Rung, Step, Timetable, TimetableError, When};
