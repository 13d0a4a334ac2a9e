//! One Parquet file: its columns, and the cells of one of them.

use baoxue_link::ColumnBuilder;
use parquet::{
    basic::Compression,
    file::{
        metadata::ColumnChunkMetaData,
        reader::{FileReader, SerializedFileReader},
    },
};

use crate::{
    Ids, Input, ReadError,
    format::{Kind, signed},
    input::Shared,
    page::{Cells, Fault, Shape, fill},
    typed,
};

/// An opened file.
pub(crate) struct ParquetFile {
    pub(crate) name: String,
    reader: SerializedFileReader<Shared>,
    /// Name, leaf number and kind of the columns that can be read.
    columns: Vec<(String, usize, Kind)>,
    /// Names of the others.
    pub(crate) ignored: Vec<String>,
    pub(crate) n_rows: u64,
}

impl ParquetFile {
    pub(crate) fn open(input: Input) -> Result<Self, ReadError> {
        let name = input.name;
        let read =
            |error: std::io::Error| ReadError::Read { file: name.clone(), why: error.to_string() };
        let shared = Shared::new(input.content).map_err(read)?;
        let reader = SerializedFileReader::new(shared).map_err(|error| ReadError::NotParquet {
            file: name.clone(),
            why: error.to_string(),
        })?;
        let meta = reader.metadata().file_metadata();
        let n_rows = u64::try_from(meta.num_rows()).unwrap_or_default();
        let (mut columns, mut ignored) = (Vec::new(), Vec::new());
        for field in meta.schema_descr().root_schema().get_fields() {
            let leaf = meta.schema_descr().columns().iter().position(|column| {
                column.path().parts() == [field.name().to_owned()] && column.max_rep_level() == 0
            });
            let kind = leaf.and_then(|leaf| Kind::of(&meta.schema_descr().column(leaf)));
            match leaf.zip(kind) {
                Some((leaf, kind)) => columns.push((field.name().trim().to_owned(), leaf, kind)),
                None => ignored.push(field.name().to_owned()),
            }
        }
        Ok(Self { name, reader, columns, ignored, n_rows })
    }

    /// Names of the columns that can be read.
    pub(crate) fn names(&self) -> Vec<String> {
        self.columns.iter().map(|(name, ..)| name.clone()).collect()
    }

    /// Adds all cells of a column, empty ones when the file does not have it. Gives record and size of the first long
    /// cell.
    pub(crate) fn fill(
        &self,
        column: &str,
        builder: &mut ColumnBuilder,
    ) -> Result<Option<(u64, usize)>, ReadError> {
        let Some((_, leaf, kind)) = self.columns.iter().find(|(name, ..)| name == column) else {
            (0..self.n_rows).for_each(|_| builder.push_value(0));
            return Ok(None);
        };
        let mut cells = Cells::new(builder, *kind);
        for at in 0..self.reader.num_row_groups() {
            self.group(at, *leaf, &mut cells).map_err(|fault| self.fault(fault, column))?;
        }
        Ok(cells.long)
    }

    /// Adds the ids in a column, which the file has.
    pub(crate) fn fill_ids(&self, column: &str, ids: &mut Ids) -> Result<(), ReadError> {
        let Some((_, leaf, kind)) = self.columns.iter().find(|(name, ..)| name == column) else {
            return Ok(());
        };
        let (mut record, mut scratch) = (0, String::new());
        let mut each = |bytes: Option<&[u8]>| {
            record += 1;
            let missing = || Fault::NoId(record);
            let bytes = bytes.ok_or_else(missing)?;
            if *kind == Kind::Signed {
                ids.push_integer(signed(bytes).ok_or(Fault::Value(record))?);
                return Ok(());
            }
            let text = kind.text(bytes, &mut scratch).ok_or(Fault::Value(record))?.trim();
            if text.is_empty() {
                return Err(missing());
            }
            ids.push_text(text);
            Ok(())
        };
        for at in 0..self.reader.num_row_groups() {
            self.each(at, *leaf, &mut each).map_err(|fault| self.fault(fault, column))?;
        }
        Ok(())
    }

    /// One column of one row group, quickly where its pages allow.
    fn group(&self, at: usize, leaf: usize, cells: &mut Cells<'_>) -> Result<(), Fault> {
        let group = self.reader.get_row_group(at)?;
        let chunk = group.metadata().column(leaf);
        let column = chunk.column_descr();
        if !Shape::is_quick(column.physical_type(), chunk.encodings()) {
            return self.each(at, leaf, &mut |bytes| cells.push(bytes));
        }
        let shape = Shape {
            physical: column.physical_type(),
            nullable: column.max_def_level() > 0,
            n_rows: usize::try_from(group.metadata().num_rows()).unwrap_or_default(),
        };
        readable(chunk)?;
        fill(group.get_column_page_reader(leaf)?.as_mut(), shape, cells)
    }

    fn each(&self, at: usize, leaf: usize, each: typed::Each<'_>) -> Result<(), Fault> {
        let group = self.reader.get_row_group(at)?;
        readable(group.metadata().column(leaf))?;
        let mut n_rows = 0;
        typed::visit(group.get_column_reader(leaf)?, &mut |bytes| {
            n_rows += 1;
            each(bytes)
        })?;
        match group.metadata().num_rows() - n_rows {
            0 => Ok(()),
            n => Err(Fault::Damaged(format!("{n} records are missing"))),
        }
    }

    fn fault(&self, fault: Fault, column: &str) -> ReadError {
        let (file, column) = (self.name.clone(), column.to_owned());
        match fault {
            Fault::Value(record) => ReadError::NoText { file, record, column },
            Fault::NoId(record) => ReadError::NoId { file, record, column },
            Fault::Codec(codec) => ReadError::Compression { file, column, codec },
            Fault::Damaged(why) => {
                ReadError::NotParquet { file, why: format!("column `{column}`: {why}") }
            }
        }
    }
}

fn readable(chunk: &ColumnChunkMetaData) -> Result<(), Fault> {
    let codec = chunk.compression();
    if matches!(codec, Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::ZSTD(_)) {
        return Ok(());
    }
    Err(Fault::Codec(codec.to_string().to_lowercase()))
}
