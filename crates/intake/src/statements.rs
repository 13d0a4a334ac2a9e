//! From a row to what it claims about the child, one file per kind of list.

mod aid;
mod approval;
mod boxes;
mod departure;
pub(crate) mod home_visit;
mod inspection;
mod ledger;
mod registers;
mod registry;
mod report;
mod survey;

use baoxue_claim::{Claim, Doubt, Noted, Person, Private, Source, Statement, read_date};
use chrono::NaiveDate;

use crate::{
    Field, day,
    line::Line,
    text::{first_number, fold, is_one},
};

/// What a row claims, and what of it is doubtful.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) claims: Vec<Claim>,
    pub(crate) doubts: Vec<Noted>,
}

impl Said {
    /// One statement on one day, with the words it was read from.
    fn one(what: Statement, on: NaiveDate, words: Option<Private>) -> Self {
        Self { claims: vec![Claim { what, on, words }], doubts: Vec::new() }
    }

    fn with_doubt(mut self, noted: Option<Noted>) -> Self {
        self.doubts.extend(noted);
        self
    }
}

/// What the row of a list of this source claims about the person in it.
pub(crate) fn read(line: &Line<'_>, person: &Person) -> Said {
    match line.facts.source {
        Source::PopulationRegister => registers::population(line),
        Source::StudentRegistry => registry::read(line, person),
        Source::PovertyRegister => registers::poverty(line),
        Source::DisabilityRegister => registers::disability(line, person),
        Source::CivilAffairs | Source::TownSurvey => survey::read(line, person),
        Source::TownLedger => ledger::read(line, person),
        Source::SchoolReport | Source::RollCall => report::read(line, person),
        Source::Inspection => inspection::read(line),
        Source::TipOff => {
            let (on, doubt) = own_day(line, Field::Date);
            Said::one(
                Statement::TipOff,
                on,
                line.words(&[Field::Status, Field::Reason, Field::Remark]),
            )
            .with_doubt(doubt)
        }
        Source::Certificate => approval::certificate(line, person),
        Source::Approval => approval::read(line, person),
        Source::Departure => departure::read(line),
        Source::AidPayment => aid::read(line),
        Source::HomeTeachingLog => home_visit::read(line, person),
        Source::SchoolDirectory | Source::OfficialsDirectory => Said::default(),
    }
}

/// The row's own day, or the sheet's when the cell is blank or cannot be read, which is doubted.
fn own_day(line: &Line<'_>, field: Field) -> (NaiveDate, Option<Noted>) {
    let Some(cell) = line.get(field) else { return (line.facts.as_of, None) };
    match read_day(line, cell) {
        Some(day) => (day, None),
        None => (line.facts.as_of, Some(line.doubt(Doubt::DateUnreadable, field))),
    }
}

/// A day, or the last day of a month, which does not reach beyond the day of the sheet.
fn read_day(line: &Line<'_>, cell: &str) -> Option<NaiveDate> {
    use chrono::Datelike;
    if let Some(day) = read_date(cell) {
        return Some(day);
    }
    let text = fold(cell);
    let day = day::whole(&text, Some(line.facts.own_day.year()))?;
    let same_month =
        (day.year(), day.month()) == (line.facts.as_of.year(), line.facts.as_of.month());
    Some(if same_month { day.min(line.facts.as_of) } else { day })
}

/// 3, 3次, 12天: the first number of a cell.
fn count(cell: &str) -> Option<u32> {
    first_number(&fold(cell))
}

/// 是, 有, √ and their opposites, alone in a cell; `None` for other words.
fn yes_no(text: &str) -> Option<bool> {
    const YES: &str = "是 √ ✓ ✔ ☑ 有 已 已经 对 属实 Y y YES Yes yes T TRUE True true 1";
    const NO: &str =
        "否 未 尚未 还未 无 没 没有 不 不是 非 × ✗ ✘ ╳ N n NO No no F FALSE False false 0";
    let text = fold(text);
    let text = text.trim_matches(|c: char| ",;。.、!?()\"' ".contains(c));
    if is_one(text, NO) {
        return Some(false);
    }
    is_one(text, YES).then_some(true)
}
