//! Five registers of the same children in one table, with the truth: what record linkage is measured on.
//!
//! ```text
//! Order ─► lands (towns, villages, schools) ─► families ─► a record per register, with slips ─► shuffle ─► records, truth
//! ```
//! Families are told one after another and forgotten, so that ten million records need no more memory than a hundred
//! thousand. Rows leave through a pool of [`POOL`] waiting ones in random order: up to that size the whole table is
//! shuffled, beyond it the records of one family stand some hundred thousand rows apart.

mod family;
mod land;
mod slip;
mod view;

use std::io;

use chrono::NaiveDate;
use csv::{StringRecord, Writer};

use self::{family::Teller, view::Viewer};
use super::{calendar::Calendar, chance::Chance, names::Names};

/// Rows that wait at any time.
const POOL: usize = 200_000;
const RECORD_COLUMNS: [&str; 10] = [
    "record_id",
    "source",
    "name",
    "sex",
    "birth_date",
    "id_no",
    "guardian",
    "region_code",
    "address",
    "school",
];
const TRUTH_COLUMNS: [&str; 6] =
    ["record_id", "entity_id", "family_id", "twin", "namesake", "faults"];

/// What registers to make. The same order gives the same bytes.
#[derive(Clone, Debug)]
pub struct RegistersSpec {
    /// Number from which everything is drawn: towns, names and their fashions, people, mistakes.
    pub seed: u64,
    /// About how many records; a county for each quarter of a million.
    pub records: u64,
    /// Factor on every rate of mistakes.
    pub noise: f64,
    /// The day as of which the children are of school age.
    pub as_of: NaiveDate,
}

/// How much was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegistersTold {
    /// Rows of both tables.
    pub records: u64,
    /// Children with at least one record.
    pub children: u64,
    /// Families told, those of whose children no register knows included.
    pub families: u64,
}

/// Writes `records` and `truth` as csv, row by row; both have one row per record in the same order.
///
/// # Errors
/// Whatever the writers return; [`io::ErrorKind::InvalidInput`] when `as_of` lies outside the calendar.
pub fn registers(
    spec: &RegistersSpec,
    records: &mut dyn io::Write,
    truth: &mut dyn io::Write,
) -> io::Result<RegistersTold> {
    let Some(calendar) = Calendar::new(spec.as_of) else {
        let message = "the day lies outside the calendar";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    };
    let names = Names::new();
    let lands = land::all(spec, &names);
    let mut teller = Teller::new(&names, &lands, &calendar, spec.seed);
    let mut viewer = Viewer::new(&names, spec);
    let mut pool = Pool::new(spec.seed, records, truth)?;
    let mut told = RegistersTold::default();
    while pool.n_taken < spec.records {
        for family in teller.next() {
            told.families += 1;
            for at in 0..family.kids.len() {
                let seen = viewer.records(&family, at);
                told.children += u64::from(!seen.is_empty());
                for row in seen {
                    pool.take(row)?;
                }
            }
        }
    }
    told.records = pool.n_taken;
    pool.finish()?;
    Ok(told)
}

/// One record without its number: the columns of the table, and those of the truth.
#[derive(Debug)]
struct Row {
    record: StringRecord,
    truth: StringRecord,
}

/// Rows that wait, and the tables into which they go in random order.
struct Pool<'w> {
    waiting: Vec<Row>,
    chance: Chance,
    records: Writer<&'w mut dyn io::Write>,
    truth: Writer<&'w mut dyn io::Write>,
    n_taken: u64,
    n_written: u64,
}

impl<'w> Pool<'w> {
    fn new(
        seed: u64,
        records: &'w mut dyn io::Write,
        truth: &'w mut dyn io::Write,
    ) -> io::Result<Self> {
        let (mut records, mut truth) = (Writer::from_writer(records), Writer::from_writer(truth));
        records.write_record(RECORD_COLUMNS)?;
        truth.write_record(TRUTH_COLUMNS)?;
        let chance = Chance::new(seed, 23);
        Ok(Self { waiting: Vec::new(), chance, records, truth, n_taken: 0, n_written: 0 })
    }

    fn take(&mut self, row: Row) -> io::Result<()> {
        self.n_taken += 1;
        self.waiting.push(row);
        if self.waiting.len() > POOL { self.release() } else { Ok(()) }
    }

    fn release(&mut self) -> io::Result<()> {
        let at = self.chance.below(self.waiting.len());
        let row = self.waiting.swap_remove(at);
        let number = self.n_written.to_string();
        self.records.write_record([number.as_str()].into_iter().chain(&row.record))?;
        self.truth.write_record([number.as_str()].into_iter().chain(&row.truth))?;
        self.n_written += 1;
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        while !self.waiting.is_empty() {
            self.release()?;
        }
        self.records.flush()?;
        self.truth.flush()
    }
}
