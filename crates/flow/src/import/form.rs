//! What somebody types into a form, as a batch of one sheet: the form is written as the list that its source would send, and
//! read like one. Nothing foreign is parsed, so no worker is needed.

use std::path::PathBuf;

use baoxue_intake::format::{Cell, Sheet, Workbook};
use baoxue_store::Store;
use chrono::{DateTime, Utc};
use sm3::{Digest, Sm3};

use super::{FileOutcome, ImportOptions, answers, read, take_in};
use crate::{County, FlowError, worker::WorkerLimits};

/// A filled form.
pub(crate) struct Form<'a> {
    /// What its batch is called.
    pub(crate) name: &'a str,
    /// What its sheet is called.
    pub(crate) sheet: &'a str,
    /// The header and the rows below it.
    pub(crate) rows: Vec<Vec<String>>,
}

impl ImportOptions {
    /// Options of a form: there is no file to be read by a worker.
    pub(crate) fn of_form(by: &str, now: DateTime<Utc>) -> Self {
        Self {
            program: PathBuf::new(),
            limits: WorkerLimits::default(),
            source: None,
            as_of: None,
            town: None,
            answers: baoxue_intake::Layouts::default(),
            brought_by: by.to_owned(),
            now,
        }
    }
}

/// Appends a form as a batch; the same form of the same person again is a duplicate.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub(crate) async fn take_in_form(
    store: &Store,
    county: &County,
    form: Form<'_>,
    options: &ImportOptions,
) -> Result<FileOutcome, FlowError> {
    let layouts = answers(store, options).await?;
    let bytes = serde_json::to_vec(&(form.name, &options.brought_by, &form.rows))?;
    let cell = |text: String| if text.is_empty() { Cell::Empty } else { Cell::Text(text) };
    let rows = form.rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect();
    let sheet = Sheet { name: form.sheet.to_owned(), rows, ..Sheet::default() };
    let workbook = Workbook { sheets: vec![sheet], notes: Vec::new() };
    let hash = Sm3::digest(&bytes).into();
    let mut file = read::of_workbook(
        (form.name, hash, bytes.len() as u64),
        workbook,
        county,
        (options, &layouts),
    );
    // A list of one row is no report of whoever else belongs to its school or town: silence about them clears nobody.
    file.without_reports();
    take_in(store, file, options).await
}
