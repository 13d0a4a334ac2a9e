//! The quick way through a column: pages of plain values and dictionary indices, each dictionary entry interned once.

use baoxue_link::ColumnBuilder;
use parquet::{
    basic::{Encoding, Type},
    column::page::{Page, PageReader},
};

use crate::{
    format::Kind,
    levels::{self, Broken, take},
    waiting::Waiting,
};

/// Cells longer than this are compared by their beginning only, see `baoxue_link::Column::new`.
pub(crate) const LONG_BYTES: usize = 4096;

/// Puts cells into a column that is being built, and remembers the first long one.
pub(crate) struct Cells<'b> {
    builder: &'b mut ColumnBuilder,
    /// Cells that the builder has not got yet.
    waiting: Waiting,
    kind: Kind,
    scratch: String,
    /// Records of this file so far.
    pub(crate) n_rows: u64,
    /// Record, from 1, and length of the first long cell.
    pub(crate) long: Option<(u64, usize)>,
}

/// Why a column could not be read on.
#[derive(Debug)]
pub(crate) enum Fault {
    /// A value that is not what the column says; the record, from 1.
    Value(u64),
    /// An id that is missing; the record, from 1.
    NoId(u64),
    /// A compression that is not read.
    Codec(String),
    /// The file is damaged.
    Damaged(String),
}

impl From<Broken> for Fault {
    fn from(_: Broken) -> Self {
        Self::Damaged("a page ends too early".to_owned())
    }
}

impl From<parquet::errors::ParquetError> for Fault {
    fn from(error: parquet::errors::ParquetError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl Drop for Cells<'_> {
    fn drop(&mut self) {
        self.waiting.pass_on(self.builder);
    }
}

impl<'b> Cells<'b> {
    pub(crate) fn new(builder: &'b mut ColumnBuilder, kind: Kind) -> Self {
        let (waiting, scratch) = (Waiting::default(), String::new());
        Self { builder, waiting, kind, scratch, n_rows: 0, long: None }
    }

    /// The cell of the next record, `None` when it is null.
    pub(crate) fn push(&mut self, bytes: Option<&[u8]>) -> Result<(), Fault> {
        let text = match bytes {
            Some(bytes) => self.kind.text(bytes, &mut self.scratch),
            None => Some(""),
        };
        self.waiting.push(text.ok_or(Fault::Value(self.n_rows + 1))?);
        if self.waiting.is_full() {
            self.waiting.pass_on(self.builder);
        }
        self.n_rows += 1;
        if self.long.is_none() {
            let long = bytes.filter(|bytes| bytes.len() > LONG_BYTES);
            self.long = long.map(|bytes| (self.n_rows, bytes.len()));
        }
        Ok(())
    }

    /// Takes the next entry of a dictionary; `numbers` gets the numbers of entries when there are many, and all of them
    /// from [`end_of_entries`](Self::end_of_entries).
    fn entry(&mut self, bytes: &[u8], numbers: &mut Vec<u32>) -> Result<(), Fault> {
        let text = self.kind.text(bytes, &mut self.scratch);
        self.waiting.push(text.ok_or(Fault::Value(self.n_rows + 1))?);
        if self.waiting.is_full() {
            self.end_of_entries(numbers);
        }
        Ok(())
    }

    fn end_of_entries(&mut self, numbers: &mut Vec<u32>) {
        self.waiting.numbers(self.builder, numbers);
    }

    /// The cell of the next record by its number. No cell may be waiting.
    fn push_value(&mut self, value: u32) {
        self.builder.push_value(value);
        self.n_rows += 1;
    }
}

/// What the pages of a column look like.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// How values are stored.
    pub(crate) physical: Type,
    /// Whether nulls can occur.
    pub(crate) nullable: bool,
    /// Records of the row group.
    pub(crate) n_rows: usize,
}

impl Shape {
    /// Whether [`fill`] reads such pages.
    pub(crate) fn is_quick(physical: Type, mut encodings: impl Iterator<Item = Encoding>) -> bool {
        let width = width(physical).is_some() || physical == Type::BYTE_ARRAY;
        width && encodings.all(|encoding| is_dictionary(encoding) || is_simple(encoding))
    }
}

fn is_dictionary(encoding: Encoding) -> bool {
    encoding == Encoding::RLE_DICTIONARY || encoding == Encoding::PLAIN_DICTIONARY
}

/// Plain values, and the encoding of levels.
fn is_simple(encoding: Encoding) -> bool {
    encoding == Encoding::PLAIN || encoding == Encoding::RLE
}

/// Bytes of a plain value, `None` when it carries its own length or is a bit.
const fn width(physical: Type) -> Option<usize> {
    match physical {
        Type::INT32 | Type::FLOAT => Some(4),
        Type::INT64 | Type::DOUBLE => Some(8),
        Type::INT96 => Some(12),
        Type::BOOLEAN | Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY => None,
    }
}

/// Reads all pages of one column of one row group.
pub(crate) fn fill(
    pages: &mut dyn PageReader,
    shape: Shape,
    cells: &mut Cells<'_>,
) -> Result<(), Fault> {
    let mut work =
        Work { shape, dictionary: Dictionary::default(), levels: Vec::new(), n_left: shape.n_rows };
    while let Some(page) = pages.get_next_page()? {
        match page {
            Page::DictionaryPage { buf, num_values, .. } => {
                work.dictionary.read(&buf, num_values as usize, shape.physical, cells)?;
            }
            Page::DataPage { buf, num_values, encoding, .. } => {
                let mut rest: &[u8] = &buf;
                let levels = if shape.nullable {
                    let n_bytes = levels::length(&mut rest)?;
                    take(&mut rest, n_bytes)?
                } else {
                    &[][..]
                };
                work.data(levels, rest, (num_values as usize, encoding), cells)?;
            }
            Page::DataPageV2 {
                buf,
                num_values,
                encoding,
                def_levels_byte_len,
                rep_levels_byte_len,
                ..
            } => {
                let mut rest: &[u8] = &buf;
                take(&mut rest, rep_levels_byte_len as usize)?;
                let levels = take(&mut rest, def_levels_byte_len as usize)?;
                work.data(levels, rest, (num_values as usize, encoding), cells)?;
            }
        }
    }
    if work.n_left > 0 {
        return Err(Fault::Damaged(format!("{} records are missing", work.n_left)));
    }
    Ok(())
}

struct Work {
    shape: Shape,
    dictionary: Dictionary,
    levels: Vec<u32>,
    n_left: usize,
}

impl Work {
    /// One data page of `n` records.
    fn data(
        &mut self,
        levels: &[u8],
        values: &[u8],
        (n, encoding): (usize, Encoding),
        cells: &mut Cells<'_>,
    ) -> Result<(), Fault> {
        self.n_left = self
            .n_left
            .checked_sub(n)
            .ok_or_else(|| Fault::Damaged("more values than records".to_owned()))?;
        self.levels.clear();
        if self.shape.nullable {
            levels::decode(levels, 1, n, &mut self.levels)?;
        } else {
            self.levels.resize(n, 1);
        }
        if is_dictionary(encoding) {
            self.dictionary.data(&self.levels, values, cells)
        } else if encoding == Encoding::PLAIN {
            let mut values = Plain { rest: values, physical: self.shape.physical };
            self.levels.iter().try_for_each(|level| match level {
                0 => cells.push(None),
                _ => cells.push(Some(values.next()?)),
            })
        } else {
            Err(Fault::Damaged(format!("a page is written as {encoding}, the column is not")))
        }
    }
}

/// Plain values one after the other.
struct Plain<'p> {
    rest: &'p [u8],
    physical: Type,
}

impl<'p> Plain<'p> {
    fn next(&mut self) -> Result<&'p [u8], Broken> {
        let n_bytes = match width(self.physical) {
            Some(n_bytes) => n_bytes,
            None => levels::length(&mut self.rest)?,
        };
        take(&mut self.rest, n_bytes)
    }
}

/// The values of a row group's dictionary as numbers of the column's texts.
#[derive(Default)]
struct Dictionary {
    values: Vec<u32>,
    /// Entry and length of long texts; there are hardly any.
    long: Vec<(u32, usize)>,
    indices: Vec<u32>,
}

impl Dictionary {
    fn read(
        &mut self,
        bytes: &[u8],
        n: usize,
        physical: Type,
        cells: &mut Cells<'_>,
    ) -> Result<(), Fault> {
        let mut plain = Plain { rest: bytes, physical };
        self.values.clear();
        self.long.clear();
        cells.waiting.pass_on(cells.builder);
        for entry in 0..u32::try_from(n).unwrap_or(u32::MAX) {
            let bytes = plain.next()?;
            if bytes.len() > LONG_BYTES {
                self.long.push((entry, bytes.len()));
            }
            cells.entry(bytes, &mut self.values)?;
        }
        cells.end_of_entries(&mut self.values);
        Ok(())
    }

    fn data(&mut self, levels: &[u32], bytes: &[u8], cells: &mut Cells<'_>) -> Result<(), Fault> {
        let n_values = levels.iter().filter(|level| **level > 0).count();
        self.indices.clear();
        if n_values > 0 {
            let (width, rest) = bytes.split_first().ok_or(Broken)?;
            levels::decode(rest, u32::from(*width), n_values, &mut self.indices)?;
        }
        self.note_long(levels, cells);
        cells.waiting.pass_on(cells.builder);
        let mut indices = self.indices.iter();
        for level in levels {
            let value = if *level == 0 {
                0
            } else {
                let entry = indices.next().and_then(|index| self.values.get(*index as usize));
                *entry.ok_or_else(|| Fault::Damaged("an index beyond the dictionary".to_owned()))?
            };
            cells.push_value(value);
        }
        Ok(())
    }

    /// Finds the record of the first long cell.
    fn note_long(&self, levels: &[u32], cells: &mut Cells<'_>) {
        if self.long.is_empty() || cells.long.is_some() {
            return;
        }
        let mut indices = self.indices.iter();
        let mut rows = (cells.n_rows + 1..).zip(levels);
        cells.long = rows.find_map(|(row, level)| {
            let index = if *level > 0 { indices.next()? } else { return None };
            self.long.iter().find(|(entry, _)| entry == index).map(|(_, n_bytes)| (row, *n_bytes))
        });
    }
}
