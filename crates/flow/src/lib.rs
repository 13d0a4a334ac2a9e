//! Runs the stages against the store: imports files, derives children and verdicts, writes ledgers. Every step is one
//! transaction, so that a program killed anywhere leaves the old state whole. Nothing here prints or knows a command line.

mod access;
pub mod audit;
pub mod cases;
mod child_page;
pub mod children;
mod compare;
mod county;
mod data;
mod derive;
mod error;
mod export;
pub mod exports;
pub mod findings;
mod gathered;
mod hex;
mod import;
pub mod intray;
mod keep;
pub mod letters;
pub mod limits;
mod lines;
pub mod monthly;
pub mod notices;
mod openings;
mod outputs;
mod packs;
mod pair_table;
mod pairs;
pub mod papers;
pub mod people;
mod progress;
mod registers;
mod replies;
mod roll;
mod rulings;
mod run;
mod sources;
mod summary;
pub mod teaching;
pub mod tips;
mod true_links;
pub mod unusual;
mod what_if;
pub mod worker;

pub use access::{AccessLog, Seen, SpoolError};
pub use baoxue_determine::Conflict;
pub use baoxue_determine::aid::Standing as AidStanding;
pub use baoxue_link::{FieldBits, ReviewReason, Waterfall};
pub use child_page::{
    Accord, ChildPage, ClaimPage, ClaimsTable, Field, FieldRow, SourceColumn, TableCell,
    child_page, claim_page,
};
pub use compare::{Figures, Refusal, breakdown, figures};
pub use county::{County, CountyError, IntakeSettings};
pub use data::{DataFolder, Opened, county_beside, write_whole};
pub use derive::{ChildRecords, Derived, MODEL_VERSION, ReviewPair, derive, is_fresh};
pub use error::{FlowError, io_zh};
pub use export::{determinations_csv, links_csv};
pub use gathered::{Ending, Explained, Gathered, holds_back};
pub use import::{FileOutcome, FileStatus, ImportOptions, Told, ToldLevel, import};
pub use outputs::{
    Help, OutputOptions, Results, Returns, Written, file_json, rejects_of_batch, write_all,
    write_returns,
};
pub use packs::pack_text;
pub use pair_table::{Compared, PairField, PairLine, asked_between, evidence_steps, pair_lines};
pub use pairs::{
    PairAnswer, PairQueue, PairRuling, PairRulings, QueuedPair, QueuedRow, answer_pair, ordered,
    pair_rulings, undo_pair,
};
pub use progress::{Observer, Progress, Stage};
pub use registers::{RegisterDoubt, RegisterGap};
pub use replies::{
    Outcome, Reply, Standing, all_replies, answers_for, of_quarrel, open_conflicts, reply, standing,
};
pub use roll::{
    Counts, Entry, Filter, Firsts, Found as FoundChildren, Group, Kind, MapFigures, Marks,
    OLD_AFTER_DAYS, Population, Roll, STRIP, Said, SchoolStage, Sort, StripCell, TALKERS, Tally,
};
pub use rulings::{log_unmasking, parse_record, rule, withdraw};
pub use run::{Found, RunOptions, RunResult, files_of, run};
pub use sources::{List, ListCounts, Reporting, SourceState, Sources};
pub use summary::{ChangeCount, CodeCount, Status, Summary, change_counts, status};
pub use true_links::{Place, truly_linked};
pub use what_if::{Moved, what_if_changed};
