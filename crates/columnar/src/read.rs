//! Several files as one table.

use std::sync::atomic::{AtomicU64, Ordering};

use baoxue_link::{Column, ColumnBuilder, Table};
use rayon::prelude::*;

use crate::{
    Ids, Input, Note, ReadError, csv::Reader, encoding::BLOCK_BYTES, input::Form,
    parquet_file::ParquetFile, rows::Rows,
};

/// What to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The column of record ids; records are numbered from 1 when there is none.
    pub id: Option<String>,
    /// The column that says which register a record comes from.
    pub source: Option<String>,
    /// The columns of the table.
    pub columns: ColumnChoice,
}

/// Columns by name, or all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnChoice {
    /// All but those of ids and sources.
    All,
    /// These.
    Named(Vec<String>),
}

/// The records of all files, in the order of the files.
#[derive(Debug)]
pub struct Records {
    /// The id of each record; no two are equal.
    pub ids: Ids,
    /// The columns asked for. Keys of rows depend on their ids alone.
    pub table: Table,
    /// The source of each record.
    pub source: Option<Column>,
    /// For each file its name and the row of the table that its records end before.
    pub files: Vec<(String, u32)>,
    /// What was noticed.
    pub notes: Vec<Note>,
}

/// Reads files one after the other into one table. Columns are matched by name; a column that one file lacks is empty
/// there. `progress` is told how much of how much is done.
///
/// # Errors
/// [`ReadError`], naming what is wrong where.
pub fn read(
    inputs: Vec<Input>,
    wanted: &Wanted,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Records, ReadError> {
    let mut notes = Vec::new();
    let files: Vec<File> =
        inputs.into_iter().map(|i| File::open(i, &mut notes)).collect::<Result<_, _>>()?;
    let plan = Plan::new(&files, wanted, &mut notes)?;
    let parquet: Option<Vec<&ParquetFile>> = files.iter().map(File::parquet).collect();
    let mut loaded = match parquet {
        Some(parquet) => by_column(&parquet, &plan, progress)?,
        None => by_file(files, &plan, progress)?,
    };
    notes.append(&mut loaded.notes);
    if wanted.id.is_none() {
        let n_rows = loaded.files.last().map_or(0, |(_, end)| *end);
        loaded.ids = Ids::Integers((1..=i64::from(n_rows)).collect());
    }
    match loaded.ids.len() {
        0 => {
            let file = loaded.files.first().map(|(name, _)| name.clone()).unwrap_or_default();
            return Err(ReadError::NoRecords { file });
        }
        1 => notes.push(Note::OneRecord),
        _ => {}
    }
    let keys = loaded.ids.keys();
    if let Some(rows) = loaded.ids.twice(&keys) {
        return Err(loaded.twice(rows));
    }
    let source = wanted.source.as_ref();
    let source =
        source.and_then(|name| loaded.columns.iter().find(|column| column.name() == name)).cloned();
    loaded.columns.retain(|column| plan.table.iter().any(|name| name == column.name()));
    let table = Table::new(loaded.columns, keys).map_err(|_| ReadError::TooMany)?;
    Ok(Records { ids: loaded.ids, table, source, files: loaded.files, notes })
}

/// The names of the columns of files, each once.
///
/// # Errors
/// As for [`read`].
pub fn names(inputs: Vec<Input>) -> Result<Vec<String>, ReadError> {
    let mut names = Vec::new();
    for input in inputs {
        let file = File::open(input, &mut Vec::new())?;
        names.extend(file.names.into_iter().filter(|name| !name.is_empty()));
    }
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// An opened file and the names of its columns.
struct File {
    name: String,
    names: Vec<String>,
    content: Content,
}

enum Content {
    Csv(Box<Reader>),
    Parquet(Box<ParquetFile>),
}

impl File {
    fn open(mut input: Input, notes: &mut Vec<Note>) -> Result<Self, ReadError> {
        let name = input.name.clone();
        let (names, content) = match input.form()? {
            Form::Parquet => {
                let file = ParquetFile::open(input)?;
                notes.extend(
                    file.ignored
                        .iter()
                        .map(|column| Note::Ignored { file: name.clone(), column: column.clone() }),
                );
                if file.n_rows == 0 {
                    notes.push(Note::NoRecords { file: name.clone() });
                }
                (file.names(), Content::Parquet(Box::new(file)))
            }
            Form::Csv => {
                let mut reader = Reader::open(input.content, &name, BLOCK_BYTES)?;
                if !reader.next()? {
                    return Err(ReadError::EmptyFile { file: name });
                }
                let names = (0..reader.n_cells()).map(|at| reader.cell(at).trim().to_owned());
                (names.collect(), Content::Csv(Box::new(reader)))
            }
        };
        let file = Self { name, names, content };
        file.twice()?;
        Ok(file)
    }

    fn parquet(&self) -> Option<&ParquetFile> {
        match &self.content {
            Content::Parquet(file) => Some(file),
            Content::Csv(_) => None,
        }
    }

    /// Columns without a name are never asked for, so they may be many.
    fn twice(&self) -> Result<(), ReadError> {
        let mut names: Vec<&String> = self.names.iter().filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => {
                Err(ReadError::TwiceColumn { file: self.name.clone(), column: pair[0].clone() })
            }
            None => Ok(()),
        }
    }
}

/// The columns that are read.
pub(crate) struct Plan {
    pub(crate) id: Option<String>,
    /// Those that become columns, each once.
    pub(crate) read: Vec<String>,
    /// Those of them that the table has.
    table: Vec<String>,
}

impl Plan {
    fn new(files: &[File], wanted: &Wanted, notes: &mut Vec<Note>) -> Result<Self, ReadError> {
        let mut found: Vec<String> = Vec::new();
        for name in files.iter().flat_map(|file| &file.names) {
            if !name.is_empty() && !found.contains(name) {
                found.push(name.clone());
            }
        }
        let (id, source) = (wanted.id.as_ref(), wanted.source.as_ref());
        let mut table: Vec<String> = match &wanted.columns {
            ColumnChoice::Named(names) => names.clone(),
            ColumnChoice::All => {
                let rest = found.iter().filter(|name| Some(*name) != id && Some(*name) != source);
                rest.cloned().collect()
            }
        };
        let mut once = Vec::new();
        table.retain(|name| {
            !once.contains(name) && {
                once.push(name.clone());
                true
            }
        });
        let mut read = table.clone();
        read.extend(source.filter(|name| !table.contains(name)).cloned());
        for file in files {
            if let Some(column) = id.filter(|id| !file.names.contains(id)) {
                let (file, found) = (file.name.clone(), file.names.clone());
                return Err(ReadError::NoColumn { file, column: column.clone(), found });
            }
        }
        if let Some(column) = read.iter().find(|name| !found.contains(name)) {
            return Err(ReadError::NowhereColumn { column: column.clone(), found });
        }
        for file in files {
            let absent = read.iter().filter(|name| !file.names.contains(name));
            notes.extend(
                absent
                    .map(|column| Note::Absent { file: file.name.clone(), column: column.clone() }),
            );
        }
        Ok(Self { id: wanted.id.clone(), read, table })
    }
}

/// What came of the files.
struct Loaded {
    ids: Ids,
    columns: Vec<Column>,
    files: Vec<(String, u32)>,
    notes: Vec<Note>,
}

impl Loaded {
    fn twice(&self, (first, second): (u32, u32)) -> ReadError {
        let place = |row: u32| {
            let at = self.files.partition_point(|(_, end)| *end <= row);
            let start = if at == 0 { 0 } else { self.files[at - 1].1 };
            (self.files[at].0.clone(), u64::from(row - start) + 1)
        };
        let ((first_file, first_record), (second_file, second_record)) =
            (place(first), place(second));
        let id = self.ids.text(first).into_owned();
        ReadError::TwiceId { id, first_file, first_record, second_file, second_record }
    }
}

/// Parquet only: each column through all files, so that what is needed to build it is gone when it is done.
fn by_column(
    files: &[&ParquetFile],
    plan: &Plan,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Loaded, ReadError> {
    let ends = ends(files.iter().map(|file| (file.name.clone(), file.n_rows)))?;
    let (n_done, total) = (AtomicU64::new(0), plan.read.len() as u64 + 1);
    let done = || progress(n_done.fetch_add(1, Ordering::Relaxed) + 1, total);
    // What a damaged file says of its size is not believed without limit.
    let n_rows = ends.last().map_or(0, |(_, end)| *end as usize).min(1 << 23);
    let ids = || {
        let mut ids = Ids::Integers(Vec::with_capacity(n_rows));
        if let Some(name) = &plan.id {
            files.iter().try_for_each(|file| file.fill_ids(name, &mut ids))?;
        }
        done();
        Ok(ids)
    };
    let column = |name: &String| {
        let mut builder = ColumnBuilder::new(name);
        builder.reserve(n_rows);
        let mut notes = Vec::new();
        for file in files {
            let long = file.fill(name, &mut builder)?;
            notes.extend(long_cell(&file.name, name, long));
        }
        done();
        Ok((builder.finish(), notes))
    };
    let (ids, columns) =
        rayon::join(ids, || plan.read.par_iter().map(column).collect::<Result<Vec<_>, _>>());
    let (columns, notes): (_, Vec<Vec<Note>>) = columns?.into_iter().unzip();
    Ok(Loaded { ids: ids?, columns, files: ends, notes: notes.concat() })
}

/// One file after the other.
fn by_file(
    files: Vec<File>,
    plan: &Plan,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Loaded, ReadError> {
    let mut ids = Ids::none();
    let mut builders: Vec<ColumnBuilder> =
        plan.read.iter().map(|name| ColumnBuilder::new(name)).collect();
    let (mut sizes, mut notes, total) = (Vec::new(), Vec::new(), files.len() as u64);
    for (at, file) in files.into_iter().enumerate() {
        let n_rows = match file.content {
            Content::Parquet(content) => {
                if let Some(name) = &plan.id {
                    content.fill_ids(name, &mut ids)?;
                }
                for (name, builder) in plan.read.iter().zip(&mut builders) {
                    let long = content.fill(name, builder)?;
                    notes.extend(long_cell(&file.name, name, long));
                }
                content.n_rows
            }
            Content::Csv(mut reader) => {
                let mut rows = Rows::new((&file.name, &file.names), plan, &mut ids, &mut builders);
                while reader.next()? {
                    rows.push(&reader)?;
                }
                rows.pass_on();
                notes.extend(rows.notes(plan));
                rows.n_read
            }
        };
        sizes.push((file.name, n_rows));
        progress(at as u64 + 1, total);
    }
    let columns = builders.into_iter().map(ColumnBuilder::finish).collect();
    Ok(Loaded { ids, columns, files: ends(sizes.into_iter())?, notes })
}

pub(crate) fn long_cell(file: &str, column: &str, long: Option<(u64, usize)>) -> Option<Note> {
    let (record, size_bytes) = long?;
    let (file, column) = (file.to_owned(), column.to_owned());
    Some(Note::LongCell { file, record, column, size_bytes })
}

/// Where each file's rows end.
fn ends(files: impl Iterator<Item = (String, u64)>) -> Result<Vec<(String, u32)>, ReadError> {
    let mut end = 0_u64;
    let end = |(name, n_rows): (String, u64)| {
        end = end.saturating_add(n_rows);
        // One number is kept for "none".
        let end = u32::try_from(end).ok().filter(|end| *end < u32::MAX);
        end.map(|end| (name, end)).ok_or(ReadError::TooMany)
    };
    files.map(end).collect()
}
