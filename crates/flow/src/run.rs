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

/// All files below a folder in order of their paths. Hidden files, the lock files of office programs, folders behind links,
/// and the folders in `without` (results and data of our own) are left out.
///
/// # Errors
/// [`FlowError::File`] when a folder cannot be read.
pub fn files_of(folder: &Path, without: &[&Path]) -> Result<Vec<PathBuf>, FlowError> {
    let without: Vec<PathBuf> =
        without.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|e| FlowError::file(&folder, e))?;
        for entry in entries {
            let path = entry.map_err(|e| FlowError::file(&folder, e))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with('.') || name.starts_with("~$") {
                continue;
            }
            let link = path.symlink_metadata().is_ok_and(|file| file.is_symlink());
            if path.is_dir() {
                let ours = path.canonicalize().is_ok_and(|path| without.contains(&path));
                if !ours && !link {
                    folders.push(path);
                }
            } else if path.is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
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
    let files = files_of(folder, &[out, &options.data])?;
    let files = crate::import(store, county, &files, &options.import, &mut observe).await?;
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
