//! Verdicts in, official ledgers (台账), lists and tables out, as bytes of .xlsx files.
//!
//! No clock, no file of ours, no environment; the same input gives the same bytes. One thing touches a disk: the writer
//! keeps the rows of a table longer than 20,000 in an unnamed temporary file while it works. Not here: who may see what,
//! where the bytes go, and which children exist; `flow` decides that and fills [`Line`]s, for a ledger one by one ([`Lines`]).

mod accounting;
mod aid;
mod cell;
mod comparisons;
mod conflicts;
mod exit;
mod export;
mod figures;
mod head;
mod ledger;
mod line;
mod listings;
mod mask;
mod monitoring;
mod published;
mod questions;
mod rejects;
mod reviews;
mod rows;
#[cfg(test)]
mod sample;
mod sealed;
mod sheet;
mod style;
mod towns;
mod unverified;
mod width;

pub use accounting::{DoubtLine, SheetCount, accounting};
pub use aid::{AidLine, aid};
pub use comparisons::comparisons;
pub use conflicts::{Disagreement, Side, conflict_list};
pub use exit::{ExitChild, exit};
pub use export::{ExportRow, ExportStamp, export_list};
pub use figures::{FigureRow, FigureTable, figure_table};
pub use head::{Head, Lang, Masking};
pub use ledger::{dropout_ledger, of_age_ledger, suspected_ledger};
pub use line::{
    Address, Duties, Evidence, Finding, Hardship, Line, OutOfSchool, Study, Verification, Who,
};
pub use listings::{Listed, listings};
pub use mask::{masked_address, masked_id, masked_name, masked_phone, masked_text};
pub use monitoring::{Changed, monitoring};
pub use published::{PublicRow, PublicTable, PublishError, Shown, WIDTH, published};
pub use questions::{Question, questions};
pub use rejects::{RejectRow, RejectSheet, reject_workbook};
pub use reviews::{Review, ReviewRow, review_list};
pub use rows::Lines;
pub use sheet::{ReportError, Workbook};
pub use towns::{town_table, town_table_text};
pub use unverified::unverified_list;
