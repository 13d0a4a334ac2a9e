//! Worked cases of rule files: a table row becomes the records of a child, the whole pack judges it, and the verdict
//! must be the one in the last column.
//!
//! A cell holds what one source says, in few words; `;` separates several rows of the source. The grammar of each column
//! stands at its function and in `rules/README.md`.

mod cells;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use baoxue_claim::{
    BatchId, ChildId, Claim, Origin, Person, Private, Record, RecordId, Report, Source, Statement,
    TownCode, VerdictCode, compact,
};
use chrono::{Months, NaiveDate};

use super::{Pack, RuleError};
use cells::{birth, column_of, day};

use crate::{Child, Files, Settings, Verdict, sitting::files_with_rows, verdict};

/// Birth of the child of a case that gives none: of age on all days that cases use, fifth grade in 2019.
const BORN: &str = "2008-03-05";

/// One worked case.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(super) file: String,
    line: usize,
    pub(super) name: String,
    pub(super) today: NaiveDate,
    /// Column and cell as written, those that say something.
    pub(super) cells: Vec<(String, String)>,
    duplicate: bool,
    lacks: String,
    records: Vec<Record>,
    superseded: BTreeMap<RecordId, NaiveDate>,
    files: Files,
    rolls: BTreeSet<String>,
    logged: BTreeSet<String>,
    pub(super) expected: Expected,
}

#[derive(Clone, Debug)]
pub(super) struct Expected {
    pub(super) code: VerdictCode,
    reason: Option<String>,
    pub(super) until: Option<NaiveDate>,
}

/// Reads a row of a table: pairs of column and cell.
pub(super) fn read(file: &str, line: usize, row: &[(&str, &str)]) -> Result<Case, String> {
    let cell = |name: &str| row.iter().find(|(column, _)| *column == name).map(|(_, cell)| *cell);
    let today = day(cell("today").ok_or("expected a column `today`")?)?;
    let expected = expectation(cell("verdict").ok_or("expected a column `verdict`")?)?;
    let (records, superseded) = rows(row, today)?;
    if records.is_empty() {
        return Err("a case needs a source that says something".to_owned());
    }
    Ok(Case {
        file: file.to_owned(),
        line,
        name: cell("case").unwrap_or_default().to_owned(),
        cells: told(row),
        today,
        duplicate: cell("duplicate") == Some("yes"),
        lacks: cell("lacks").unwrap_or_default().to_owned(),
        files: files(cell("reported").unwrap_or_default(), today)?,
        rolls: rolls(cell("rolls").unwrap_or_default()),
        logged: rolls(cell("logged").unwrap_or_default()),
        records,
        superseded,
        expected,
    })
}

/// The cells of a row that say what the sources say.
fn told(row: &[(&str, &str)]) -> Vec<(String, String)> {
    let says = |(column, cell): &&(&str, &str)| {
        !cell.is_empty() && !matches!(*column, "case" | "today" | "verdict")
    };
    row.iter().filter(says).map(|(c, cell)| ((*c).to_owned(), (*cell).to_owned())).collect()
}

/// The records that the cells of a row describe.
#[cfg(test)]
pub(super) fn records(row: &[(&str, &str)], today: NaiveDate) -> Result<Vec<Record>, String> {
    rows(row, today).map(|(records, _)| records)
}

type Rows = (Vec<Record>, BTreeMap<RecordId, NaiveDate>);

/// The records, and those of them that a newer register replaces.
fn rows(row: &[(&str, &str)], today: NaiveDate) -> Result<Rows, String> {
    let (mut records, mut superseded) = (Vec::new(), BTreeMap::new());
    let mut born = BORN;
    for (column, text) in row {
        if *column == "born" && !text.is_empty() {
            born = text;
        }
        let Some((source, reader)) = column_of(column)? else { continue };
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let ordinal = u32::try_from(records.len()).unwrap_or(u32::MAX);
            let mut words: Vec<&str> = part.split_whitespace().collect();
            let ends = Ends::take(&mut words)?;
            let batch = if ends.resent { RESENT } else { BatchId(1) };
            let id = RecordId::new(batch, ordinal);
            let mut record = record(source, id, today, reader(&words, today)?);
            record.town = ends.town;
            record.claims[0].words = ends.words.map(Private::new);
            records.push(record);
            superseded.extend(ends.gone.map(|newer| (id, newer)));
        }
    }
    let births: Vec<&str> = born.split(';').map(str::trim).collect();
    for (at, record) in records.iter_mut().enumerate() {
        let born = births.get(at).or(births.last()).copied().unwrap_or(BORN);
        record.person.birth = birth(born, today)?;
    }
    Ok((records, superseded))
}

/// What the end of a cell says of the row itself, in any order: `resent`, `gone DAY`, `of TOWN`, `words TEXT`.
#[derive(Default)]
struct Ends<'w> {
    resent: bool,
    gone: Option<NaiveDate>,
    town: Option<TownCode>,
    words: Option<&'w str>,
}

impl<'w> Ends<'w> {
    fn take(words: &mut Vec<&'w str>) -> Result<Self, String> {
        let mut ends = Self::default();
        loop {
            match *words.as_slice() {
                [.., "resent"] => ends.resent = true,
                [.., "gone", newer] => ends.gone = Some(day(newer)?),
                [.., "of", code] => {
                    let code: Result<TownCode, _> = code.parse();
                    ends.town = Some(code.map_err(|error| error.to_string())?);
                }
                [.., "words", text] => ends.words = Some(text),
                _ => return Ok(ends),
            }
            let n_words = if words.last() == Some(&"resent") { 1 } else { 2 };
            words.truncate(words.len() - n_words);
        }
    }
}

/// The file of rows that end with `resent`; all others stand in the first.
const RESENT: BatchId = BatchId(2);

/// When the two files came, and who has reported: `MONTH [zero] SCHOOL`.
fn files(reported: &str, today: NaiveDate) -> Result<Files, String> {
    let before = today.pred_opt().unwrap_or(today);
    let mut reports = Vec::new();
    for part in reported.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (month, zero, school) = match *part.split_whitespace().collect::<Vec<_>>() {
            [month, "zero", school] => (month, true, school),
            [month, school] => (month, false, school),
            _ => return Err(format!("expected `2019-06 zero 某校`, found `{part}`")),
        };
        let (school, until) = (Some(school.to_owned()), month_end(month)?);
        reports.push(Report { school, town: None, until, zero });
    }
    let received = [(BatchId(1), before), (RESENT, today)].into();
    Ok(Files { reports, received, ..Files::default() })
}

/// Schools whose roll, or log of home teaching, is in the store, beside those of the child's own rows.
fn rolls(cell: &str) -> BTreeSet<String> {
    cell.split(';').map(compact).filter(|name| !name.is_empty()).collect()
}

/// The last day of a month such as `2019-06`.
fn month_end(month: &str) -> Result<NaiveDate, String> {
    day(&format!("{month}-01"))?
        .checked_add_months(Months::new(1))
        .and_then(|next| next.pred_opt())
        .ok_or_else(|| format!("the month `{month}` is out of range"))
}

impl Case {
    /// What is wrong, when the pack gives another verdict.
    pub(super) fn failure(&self, pack: &Pack) -> Option<RuleError> {
        let settings = match pack.settings_on(self.today) {
            Ok(settings) => settings,
            Err(error) => return Some(self.error(error.to_string())),
        };
        let found = self.verdict(pack, &settings);
        let Expected { code, reason, until } = &self.expected;
        let right = found.code == *code
            && reason.as_ref().is_none_or(|reason| *reason == found.reason)
            && until.is_none_or(|until| found.expires == Some(until));
        let says = |day: Option<NaiveDate>| day.map_or_else(String::new, |d| format!(" until {d}"));
        let message = format!(
            "case `{}`: expected {code} {}{}, found {} {}{} by rule `{}`",
            self.name,
            reason.as_deref().unwrap_or_default(),
            says(*until),
            found.code,
            found.reason,
            says(found.expires),
            found.ground.rule
        );
        (!right).then(|| self.error(message))
    }

    /// The rule by which the pack decides it.
    pub(super) fn decided_by(&self, pack: &Pack) -> Option<String> {
        let settings = pack.settings_on(self.today).ok()?;
        Some(self.verdict(pack, &settings).ground.rule.clone())
    }

    /// What the pack makes of it.
    pub(super) fn verdict(&self, pack: &Pack, settings: &Settings) -> Verdict {
        let mut child = Child::new(ChildId(1), self.records.iter().collect());
        child.duplicate_of = self.duplicate.then_some(ChildId(2));
        child.has_register = !self.lacks.split_whitespace().any(|word| word == "register");
        child.has_registry = !self.lacks.split_whitespace().any(|word| word == "registry");
        child.superseded.clone_from(&self.superseded);
        let mut files = files_with_rows(std::slice::from_ref(&child), &self.files, settings);
        files.rolls.extend(self.rolls.iter().cloned());
        files.home_logs.extend(self.logged.iter().cloned());
        child.files = Some(&files);
        verdict(&child, pack, settings)
    }

    fn error(&self, message: String) -> RuleError {
        RuleError { file: self.file.clone(), line: self.line, message }
    }
}

/// `CODE [REASON] [until DAY]`.
fn expectation(text: &str) -> Result<Expected, String> {
    let mut words = text.split_whitespace();
    let code = words.next().ok_or("expected a verdict")?;
    let code = code.parse::<VerdictCode>().map_err(|error| error.to_string())?;
    let rest: Vec<&str> = words.collect();
    let (reason, until) = match rest.as_slice() {
        [] => (None, None),
        [reason] => (Some((*reason).to_owned()), None),
        ["until", until] => (None, Some(day(until)?)),
        [reason, "until", until] => (Some((*reason).to_owned()), Some(day(until)?)),
        _ => return Err(format!("expected `CODE REASON until DAY`, found `{text}`")),
    };
    Ok(Expected { code, reason, until })
}

fn record(
    source: Source,
    id: RecordId,
    today: NaiveDate,
    (what, on): (Statement, NaiveDate),
) -> Record {
    let as_of = if source == Source::StudentRegistry { on } else { today };
    let (file, sheet): (Arc<str>, Arc<str>) = (source.name().into(), "".into());
    Record {
        id,
        origin: Origin { file, sheet, row: id.ordinal() + 1 },
        source,
        as_of,
        town: None,
        person: Person::default(),
        claims: vec![Claim { what, on, words: None }],
        doubts: Vec::new(),
        review_only: None,
    }
}
