//! Folders of rule packs, and the copy of their files in the data folder: what a county was determined by must be there when
//! the folder is not.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use baoxue_determine::PackText;
use serde::{Deserialize, Serialize};

use crate::{County, CountyError, FlowError, data::write_whole};

/// Name of the copy.
const COPY: &str = "packs.toml";

/// Where the files of the packs that a configuration names are found.
pub(crate) enum Packs {
    /// In folders beside the configuration.
    Beside(PathBuf),
    /// In the copy in the data folder.
    Copied(Copy),
}

/// The packs of a county in one file, so that they are replaced whole.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Copy {
    #[serde(default)]
    pack: Vec<Copied>,
}

#[derive(Serialize, Deserialize)]
struct Copied {
    name: String,
    #[serde(default)]
    file: Vec<CopiedFile>,
}

#[derive(Serialize, Deserialize)]
struct CopiedFile {
    name: String,
    text: String,
}

impl Packs {
    /// The copy in the data folder; none is an empty one.
    pub(crate) fn remembered(folder: &Path) -> Result<Self, FlowError> {
        let path = folder.join(COPY);
        if !path.exists() {
            return Ok(Self::Copied(Copy::default()));
        }
        let text = fs::read_to_string(&path).map_err(|e| FlowError::file(&path, e))?;
        let copy = toml::from_str(&text).map_err(|error| {
            let error = CountyError::new(error.to_string());
            FlowError::County { path: path.clone(), error }
        })?;
        Ok(Self::Copied(copy))
    }

    /// The files of a pack by its name in the configuration.
    pub(crate) fn text(&self, name: &str) -> Result<PackText, CountyError> {
        match self {
            Self::Beside(folder) => {
                let path = Path::new(name);
                if path.components().any(|part| !matches!(part, Component::Normal(_))) {
                    return Err(CountyError::new(format!(
                        "packs: `{name}` must be a folder beside the configuration"
                    )));
                }
                files_of(&folder.join(path), name)
            }
            Self::Copied(copy) => {
                let found = copy.pack.iter().find(|pack| pack.name == name);
                let pack = found.ok_or_else(|| {
                    CountyError::new(format!(
                        "packs: `{name}` is not in {COPY}; give the configuration with --config again"
                    ))
                })?;
                let file = |file: &CopiedFile| (file.name.clone(), file.text.clone());
                Ok(PackText { files: pack.file.iter().map(file).collect() })
            }
        }
    }
}

/// Reads the Markdown files of a pack's folder, by name. A `README.md` is for readers of the folder.
///
/// # Errors
/// [`CountyError`] when the folder cannot be read or has no such file.
pub fn pack_text(folder: &Path) -> Result<PackText, CountyError> {
    files_of(folder, &folder.display().to_string())
}

/// The files of a folder, named in errors by what the folder is called.
fn files_of(folder: &Path, called: &str) -> Result<PackText, CountyError> {
    let wrong = |error: std::io::Error| {
        CountyError::new(format!("packs: `{called}` cannot be read: {error}"))
    };
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .map_err(wrong)?;
    paths.retain(|path| {
        path.extension().is_some_and(|ext| ext == "md")
            && path.file_name().is_some_and(|name| name != "README.md")
    });
    paths.sort();
    if paths.is_empty() {
        return Err(CountyError::new(format!("packs: `{called}` has no rule files (*.md)")));
    }
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok((format!("{called}/{name}"), fs::read_to_string(&path)?))
    };
    let files = paths.into_iter().map(read).collect::<Result<_, _>>().map_err(wrong)?;
    Ok(PackText { files })
}

/// Keeps the packs of a county in its data folder.
pub(crate) fn remember(folder: &Path, county: &County) -> Result<(), FlowError> {
    let path = folder.join(COPY);
    let pack = |(name, text): (&String, &PackText)| Copied {
        name: name.clone(),
        file: text
            .files
            .iter()
            .map(|(name, text)| CopiedFile { name: name.clone(), text: text.clone() })
            .collect(),
    };
    let copy = Copy { pack: county.packs.iter().zip(county.pack.texts()).map(pack).collect() };
    if copy.pack.is_empty() && !path.exists() {
        return Ok(());
    }
    let text = toml::to_string(&copy).map_err(|error| FlowError::County {
        path: path.clone(),
        error: CountyError::new(error.to_string()),
    })?;
    write_whole(&path, text.as_bytes()).map_err(|e| FlowError::file(&path, e))
}
