//! The whole job: a folder of files in, ledgers out.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Instant,
};

use baoxue_store::Store;

use crate::{
    County, Derived, FileOutcome, FlowError, ImportOptions, Summary, derive,
    outputs::{OutputOptions, Results, Written, write_all},
    progress::{Observer, Progress, Stage},
};

/// How the whole job is done.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// How files are taken in.
    pub import: ImportOptions,
    /// How results are written.
    pub outputs: OutputOptions,
    /// The data folder; nothing in it is taken in.
    pub data: PathBuf,
}

/// What the whole job gave.
#[derive(Debug)]
pub struct RunResult {
    /// What became of each file.
    pub files: Vec<FileOutcome>,
    /// What was derived.
    pub derived: Derived,
    /// What was written.
    pub written: Written,
    /// The figures.
    pub summary: Summary,
}

/// The files below a folder, both in order of their paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Files to be taken in.
    pub files: Vec<PathBuf>,
    /// Links, which may lead anywhere on the machine and are not followed.
    pub links: Vec<PathBuf>,
}

/// All files below a folder. Hidden files, the lock files of office programs, and the folders in `without` (results and data
/// of our own) are left out.
///
/// # Errors
/// [`FlowError::File`] when a folder cannot be read.
pub fn files_of(folder: &Path, without: &[&Path]) -> Result<Found, FlowError> {
    let without: Vec<PathBuf> =
        without.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let mut found = Found::default();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|e| FlowError::file(&folder, e))?;
        for entry in entries {
            let path = entry.map_err(|e| FlowError::file(&folder, e))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with('.') || name.starts_with("~$") {
                continue;
            }
            if path.symlink_metadata().is_ok_and(|file| file.is_symlink()) {
                found.links.push(path);
            } else if path.is_dir() {
                let ours = path.canonicalize().is_ok_and(|path| without.contains(&path));
                if !ours {
                    folders.push(path);
                }
            } else if path.is_file() {
                found.files.push(path);
            }
        }
    }
    found.files.sort();
    found.links.sort();
    Ok(found)
}

/// Takes in all files of a folder, links, determines, and writes the results.
///
/// # Errors
/// [`FlowError`] when a step is impossible. Files that cannot be read are no error: they are among the outcomes.
pub async fn run(
    store: &Store,
    county: &County,
    folder: &Path,
    options: &RunOptions,
    observe: Observer<'_>,
) -> Result<RunResult, FlowError> {
    let mut watch = Watch::default();
    let mut observe = |p: Progress| {
        watch.at(p.stage);
        observe(p);
    };
    // A place that cannot be written must not be found out after the work is done.
    let out = &options.outputs.folder;
    std::fs::create_dir_all(out).map_err(|e| FlowError::file(out, e))?;
    let Found { files, links } = files_of(folder, &[out, &options.data])?;
    let mut files = crate::import(store, county, &files, &options.import, &mut observe).await?;
    files.extend(links.iter().map(|link| FileOutcome::of_link(link)));
    let derived = derive(store, county, options.import.now, &mut observe).await?;
    let results = Results { county, derived: &derived, files: &files };
    let (written, mut summary) = write_all(store, &results, &options.outputs, &mut observe).await?;
    summary.seconds = watch.seconds();
    crate::outputs::write_summary(&options.outputs.folder, &summary, &files)?;
    Ok(RunResult { files, derived, written, summary })
}

/// Seconds per stage, by the stage each report of progress names.
#[derive(Debug, Default)]
struct Watch {
    spent: BTreeMap<Stage, f64>,
    current: Option<(Stage, Instant)>,
}

impl Watch {
    /// Measures how long stages take; no result depends on it.
    fn at(&mut self, stage: Stage) {
        let now = Instant::now();
        if let Some((last, since)) = self.current {
            *self.spent.entry(last).or_default() += (now - since).as_secs_f64();
        }
        self.current = Some((stage, now));
    }

    fn seconds(mut self) -> BTreeMap<&'static str, f64> {
        if let Some((stage, _)) = self.current {
            self.at(stage);
        }
        self.spent
            .into_iter()
            .map(|(stage, s)| (stage.name(), (s * 1000.0).round() / 1000.0))
            .collect()
    }
}
