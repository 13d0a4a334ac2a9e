//! `summary.json`: the figures of a run and what became of each file. A file with a doubt in every row has a hundred
//! thousand messages, so they are written from where they are and not copied together first.

use std::{
    collections::BTreeMap,
    io::{BufWriter, Write},
    path::Path,
};

use baoxue_claim::BatchId;
use serde::Serialize;

use crate::{FileOutcome, FileStatus, FlowError, Summary, Told, data::write_whole_by};

/// Writes `summary.json`.
///
/// # Errors
/// [`FlowError::File`] when it cannot be written.
pub(crate) fn write_summary(
    folder: &Path,
    summary: &Summary,
    outcomes: &[FileOutcome],
) -> Result<(), FlowError> {
    let figures = serde_json::from_value::<BTreeMap<_, _>>(serde_json::to_value(summary)?)?;
    let mut entries: BTreeMap<String, Entry<'_>> =
        figures.into_iter().map(|(name, value)| (name, Entry::Figure(value))).collect();
    let files = outcomes.iter().map(FileEntry::of).collect();
    entries.insert("files".to_owned(), Entry::Files(files));
    let path = folder.join("summary.json");
    let written = write_whole_by(&path, |file| {
        let mut file = BufWriter::new(file);
        serde_json::to_writer_pretty(&mut file, &entries)?;
        file.flush()
    });
    written.map_err(|e| FlowError::file(&path, e))
}

/// One file as machines read it; `messages` are whole sentences in zh-CN, `details` the same with places and codes.
pub fn file_json(outcome: &FileOutcome) -> serde_json::Value {
    serde_json::json!(FileEntry::of(outcome))
}

/// What stands under one name of the summary.
#[derive(Serialize)]
#[serde(untagged)]
enum Entry<'a> {
    Figure(serde_json::Value),
    Files(Vec<FileEntry<'a>>),
}

/// What became of a file, the fields in the order of their names.
#[derive(Serialize)]
struct FileEntry<'a> {
    batch: Option<BatchId>,
    details: &'a [Told],
    file: &'a str,
    imported: u64,
    known: u64,
    messages: Vec<&'a str>,
    non_data: u64,
    set_aside: u64,
    status: FileStatus,
}

impl<'a> FileEntry<'a> {
    fn of(outcome: &'a FileOutcome) -> Self {
        Self {
            batch: outcome.batch,
            details: &outcome.messages,
            file: &outcome.file,
            imported: outcome.imported,
            known: outcome.known,
            messages: outcome.messages.iter().map(|told| told.zh.as_str()).collect(),
            non_data: outcome.non_data,
            set_aside: outcome.set_aside,
            status: outcome.status,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_a_file_stand_in_the_order_of_their_names() {
        let outcome = FileOutcome {
            file: "甲.csv".to_owned(),
            status: FileStatus::Rejected,
            batch: None,
            imported: 0,
            set_aside: 1,
            untouched: 0,
            known: 0,
            non_data: 2,
            messages: vec![Told::of_file("甲.csv", "EMPTY", "没有内容", "it is empty")],
        };
        let written = serde_json::to_string(&FileEntry::of(&outcome)).unwrap();
        assert_eq!(written, file_json(&outcome).to_string());
    }
}
