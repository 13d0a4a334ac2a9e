//! Clusters and pairs as Parquet, ids in the type they came in, rows in order of id.

use std::{io::Write, sync::Arc};

use baoxue_link::Pair;
use bytes::Bytes;
use parquet::{
    basic::{Compression, Encoding},
    column::writer::ColumnWriter,
    data_type::ByteArray,
    errors::ParquetError,
    file::{
        properties::{EnabledStatistics, WriterProperties},
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::parser::parse_message_type,
};
use rayon::prelude::*;

use crate::{Ids, ids::smallest};

/// Rows of a row group.
const GROUP_ROWS: usize = 1 << 20;
/// Values handed over at once.
const BATCH_ROWS: usize = 1 << 16;

/// The file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("writing parquet: {0}")]
pub struct WriteError(#[from] ParquetError);

/// Writes `id` and `cluster` of each row. `cluster` has one number per row, equal for rows of one cluster; the file has
/// the smallest id of the cluster instead, so that it does not depend on the order of rows.
///
/// # Errors
/// [`WriteError`] when `out` fails.
pub fn write_clusters(
    out: impl Write + Send,
    ids: &Ids,
    cluster: &[u32],
) -> Result<(), WriteError> {
    let order = ids.sorted();
    let named_by = smallest(&order, cluster);
    write_named(out, ids, &order, |row| named_by[cluster[row as usize] as usize])
}

/// Writes `id` and `cluster` of those rows that are there; `names` has for each row the row whose id is the name of its
/// cluster.
///
/// # Errors
/// [`WriteError`] when `out` fails.
pub fn write_clusters_as(
    out: impl Write + Send,
    ids: &Ids,
    names: &[u32],
    is_there: impl Fn(u32) -> bool,
) -> Result<(), WriteError> {
    let mut order = ids.sorted();
    order.retain(|row| is_there(*row));
    write_named(out, ids, &order, |row| names[row as usize])
}

fn write_named(
    out: impl Write + Send,
    ids: &Ids,
    order: &[u32],
    name: impl Fn(u32) -> u32,
) -> Result<(), WriteError> {
    let text = id_type(ids);
    let schema = format!(
        "message clusters {{ required {text} id{S}; required {text} cluster{S}; }}",
        S = suffix(ids)
    );
    let mut writer = writer(out, &schema)?;
    for rows in order.chunks(GROUP_ROWS) {
        let mut group = writer.next_row_group()?;
        write_ids(&mut group, ids, rows.iter().copied())?;
        write_ids(&mut group, ids, rows.iter().map(|row| name(*row)))?;
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

/// Writes `id_l`, `id_r` (the smaller id first), `weight` (log2 odds, prior included) and `probability` of each pair.
///
/// # Errors
/// [`WriteError`] when `out` fails.
pub fn write_pairs(out: impl Write + Send, ids: &Ids, pairs: Vec<Pair>) -> Result<(), WriteError> {
    let order = ids.sorted();
    let mut rank = vec![0_u32; ids.len()];
    for (at, row) in (0..).zip(&order) {
        rank[*row as usize] = at;
    }
    // Sorted by their places in the order of ids, which are looked up once.
    let placed = |pair: Pair| {
        let (l, r) = (rank[pair.left as usize], rank[pair.right as usize]);
        (l.min(r), l.max(r), pair.bits)
    };
    let mut pairs: Vec<(u32, u32, f32)> = pairs.into_par_iter().map(placed).collect();
    drop(rank);
    pairs.par_sort_unstable_by_key(|(l, r, _)| u64::from(*l) << 32 | u64::from(*r));
    let (of, as_) = (id_type(ids), suffix(ids));
    let schema = format!(
        "message pairs {{ required {of} id_l{as_}; required {of} id_r{as_}; required float weight; required float probability; }}"
    );
    let mut writer = writer(out, &schema)?;
    for pairs in pairs.chunks(GROUP_ROWS) {
        let mut group = writer.next_row_group()?;
        write_ids(&mut group, ids, pairs.iter().map(|pair| order[pair.0 as usize]))?;
        write_ids(&mut group, ids, pairs.iter().map(|pair| order[pair.1 as usize]))?;
        write_floats(&mut group, pairs.iter().map(|pair| pair.2))?;
        let probability = |bits: f32| Pair { left: 0, right: 0, bits }.probability();
        write_floats(&mut group, pairs.iter().map(|pair| probability(pair.2)))?;
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

const fn id_type(ids: &Ids) -> &'static str {
    match ids {
        Ids::Integers(_) => "int64",
        Ids::Texts { .. } => "binary",
    }
}

const fn suffix(ids: &Ids) -> &'static str {
    match ids {
        Ids::Integers(_) => "",
        Ids::Texts { .. } => " (UTF8)",
    }
}

/// Ids are hardly ever repeated side by side, so no dictionary is tried; weights hardly ever repeat, and nobody looks for
/// rows by their range, so they are neither packed nor measured.
fn writer<W: Write + Send>(out: W, schema: &str) -> Result<SerializedFileWriter<W>, WriteError> {
    let properties = WriterProperties::builder()
        .set_created_by("baoxue".to_owned())
        .set_compression(Compression::SNAPPY)
        .set_column_compression("weight".into(), Compression::UNCOMPRESSED)
        .set_column_compression("probability".into(), Compression::UNCOMPRESSED)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_dictionary_enabled(false)
        .set_encoding(Encoding::PLAIN)
        .build();
    let schema = Arc::new(parse_message_type(schema)?);
    Ok(SerializedFileWriter::new(out, schema, Arc::new(properties))?)
}

fn write_ids<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    ids: &Ids,
    mut rows: impl Iterator<Item = u32>,
) -> Result<(), WriteError> {
    write_column(group, &mut |column| {
        let rows: Vec<u32> = rows.by_ref().take(BATCH_ROWS).collect();
        match (ids, column) {
            (Ids::Integers(ids), ColumnWriter::Int64ColumnWriter(column)) => {
                let batch: Vec<i64> = rows.iter().map(|row| ids[*row as usize]).collect();
                column.write_batch(&batch, None, None)?;
            }
            (Ids::Texts { .. }, ColumnWriter::ByteArrayColumnWriter(column)) => {
                column.write_batch(&texts(ids, &rows), None, None)?;
            }
            _ => return Err(other_type()),
        }
        Ok(!rows.is_empty())
    })
}

/// Texts of one batch share one piece of memory.
fn texts(ids: &Ids, rows: &[u32]) -> Vec<ByteArray> {
    let bytes: String = rows.iter().map(|row| ids.slice(*row as usize)).collect();
    let bytes = Bytes::from(bytes);
    let mut at = 0;
    let slice = |row: &u32| {
        let end = at + ids.slice(*row as usize).len();
        let text = bytes.slice(at..end);
        at = end;
        ByteArray::from(text)
    };
    rows.iter().map(slice).collect()
}

fn write_floats<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    mut values: impl Iterator<Item = f32>,
) -> Result<(), WriteError> {
    write_column(group, &mut |column| {
        let batch: Vec<f32> = values.by_ref().take(BATCH_ROWS).collect();
        let ColumnWriter::FloatColumnWriter(column) = column else { return Err(other_type()) };
        column.write_batch(&batch, None, None)?;
        Ok(!batch.is_empty())
    })
}

/// Fills the next column until `batch` says that nothing is left.
fn write_column<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    batch: &mut dyn FnMut(&mut ColumnWriter<'_>) -> Result<bool, ParquetError>,
) -> Result<(), WriteError> {
    let mut column = group.next_column()?.ok_or_else(other_type)?;
    while batch(column.untyped())? {}
    column.close()?;
    Ok(())
}

fn other_type() -> ParquetError {
    ParquetError::General("a column of another type than the schema".to_owned())
}
