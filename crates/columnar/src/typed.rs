//! The thorough way through a column: any encoding, value by value.

use parquet::{
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::{AsBytes, DataType},
};

use crate::page::Fault;

/// Records fetched at once.
const BATCH: usize = 4096;

/// Takes the bytes of a record's value, `None` when it is null.
pub(crate) type Each<'e> = &'e mut dyn FnMut(Option<&[u8]>) -> Result<(), Fault>;

/// Calls `each` with the bytes of every record's value, `None` when it is null.
pub(crate) fn visit(reader: ColumnReader, each: Each<'_>) -> Result<(), Fault> {
    match reader {
        ColumnReader::BoolColumnReader(reader) => all(reader, each),
        ColumnReader::Int32ColumnReader(reader) => all(reader, each),
        ColumnReader::Int64ColumnReader(reader) => all(reader, each),
        ColumnReader::Int96ColumnReader(reader) => all(reader, each),
        ColumnReader::FloatColumnReader(reader) => all(reader, each),
        ColumnReader::DoubleColumnReader(reader) => all(reader, each),
        ColumnReader::ByteArrayColumnReader(reader) => all(reader, each),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => all(reader, each),
    }
}

fn all<T: DataType>(mut reader: ColumnReaderImpl<T>, each: Each<'_>) -> Result<(), Fault> {
    let (mut values, mut levels): (Vec<T::T>, Vec<i16>) = (Vec::new(), Vec::new());
    loop {
        values.clear();
        levels.clear();
        let (n, n_values, _) = reader.read_records(BATCH, Some(&mut levels), None, &mut values)?;
        if n == 0 {
            return Ok(());
        }
        let mut values = values.iter().take(n_values);
        // A column without nulls has no levels.
        for row in 0..n {
            let null = levels.get(row).is_some_and(|level| *level == 0);
            let value = if null { None } else { values.next() };
            each(value.map(AsBytes::as_bytes))?;
        }
    }
}
