//! The data folder: where database, key and remembered configuration of one county stand.

use std::{
    fs, io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use baoxue_store::{Keys, Store};
use chrono::NaiveDate;

use crate::{
    County, FlowError,
    packs::{self, Packs},
};

/// Where the data of one county stands.
#[derive(Clone, Debug)]
pub struct DataFolder {
    /// The folder.
    pub folder: PathBuf,
    /// URL of another database than the file in the folder.
    pub database: Option<String>,
    /// Another key file than the one in the folder.
    pub key: Option<PathBuf>,
}

/// What opening found and made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// The folder was there with its key.
    Existing,
    /// Folder, key or database are new.
    New,
}

impl DataFolder {
    /// Opens the store, making folder, key and database if they are missing.
    ///
    /// # Errors
    /// When the folder cannot be made, the key file is readable by others or does not fit the database, or the database
    /// cannot be opened.
    pub async fn open(&self) -> Result<(Store, Opened), FlowError> {
        fs::create_dir_all(&self.folder).map_err(|e| FlowError::file(&self.folder, e))?;
        let key = self.key_file();
        let opened = if key.exists() {
            Opened::Existing
        } else {
            if self.database.is_none() && self.database_file().exists() {
                return Err(FlowError::KeyMissing(key));
            }
            Keys::generate()?.to_file(&key)?;
            Opened::New
        };
        let store = baoxue_store::open(&self.url(), Keys::from_file(&key)?).await?;
        Ok((store, opened))
    }

    /// Exchanges the key of the key file; gives the number of the new one. Killed anywhere, the file has a key that opens the
    /// database: both stand in it until the database is under the new one. Programs that run go on.
    ///
    /// # Errors
    /// When the key does not fit, or the file or the database cannot be written.
    pub async fn rotate_key(&self) -> Result<u16, FlowError> {
        let path = self.key_file();
        let old = Keys::from_file(&path)?;
        // A key that does not fit must not be put beside a new one.
        drop(baoxue_store::open(&self.url(), old.clone()).await?);
        let both = old.with_new()?;
        both.replace(&path)?;
        drop(baoxue_store::open(&self.url(), both.clone()).await?);
        both.newest_only().replace(&path)?;
        Ok(both.newest())
    }

    /// The key file.
    pub fn key_file(&self) -> PathBuf {
        self.key.clone().unwrap_or_else(|| self.folder.join("baoxue.key"))
    }

    /// The county as configured: from `given`, which is remembered in the folder, else as remembered, else none. `today`
    /// is its day where it names none.
    ///
    /// # Errors
    /// When the file cannot be read or its text is wrong.
    pub fn county(
        &self,
        given: Option<&Path>,
        today: NaiveDate,
    ) -> Result<Option<County>, FlowError> {
        let remembered = self.folder.join("county.toml");
        let Some(path) =
            given.map(Path::to_owned).or_else(|| remembered.exists().then(|| remembered.clone()))
        else {
            return Ok(None);
        };
        let text = fs::read_to_string(&path).map_err(|e| FlowError::file(&path, e))?;
        let county = self.county_of(&text, &path, today)?;
        if given.is_some() {
            fs::create_dir_all(&self.folder).map_err(|e| FlowError::file(&self.folder, e))?;
            packs::remember(&self.folder, &county)?;
            write_whole(&remembered, text.as_bytes())
                .map_err(|e| FlowError::file(&remembered, e))?;
        }
        Ok(Some(county))
    }

    /// A county from the text of a configuration that stands in `path`; nothing is remembered. The packs that it names
    /// stand beside it, those of the remembered configuration in the folder.
    ///
    /// # Errors
    /// When the text is wrong or a pack cannot be read.
    pub fn county_of(
        &self,
        text: &str,
        path: &Path,
        today: NaiveDate,
    ) -> Result<County, FlowError> {
        if path != self.folder.join("county.toml") {
            return county_beside(text, path, today);
        }
        let packs = Packs::remembered(&self.folder)?;
        County::from_toml(text, today, &|name| packs.text(name))
            .map_err(|error| FlowError::County { path: path.to_owned(), error })
    }

    fn database_file(&self) -> PathBuf {
        self.folder.join("baoxue.db")
    }

    fn url(&self) -> String {
        self.database.clone().unwrap_or_else(|| {
            // Signs that mean something in an address.
            let path = self.database_file().to_string_lossy().replace('%', "%25");
            format!("sqlite://{}?mode=rwc", path.replace('?', "%3f").replace('#', "%23"))
        })
    }
}

/// A county from the text of a configuration that stands in `path`, with the packs beside it.
///
/// # Errors
/// When the text is wrong or a pack cannot be read.
pub fn county_beside(text: &str, path: &Path, today: NaiveDate) -> Result<County, FlowError> {
    let packs = Packs::Beside(path.parent().unwrap_or(Path::new("")).to_owned());
    County::from_toml(text, today, &|name| packs.text(name))
        .map_err(|error| FlowError::County { path: path.to_owned(), error })
}

/// Writes a file so that after a power cut either the old or the new text is there, never half of it (T-81).
///
/// # Errors
/// Those of the file system.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_whole_by(path, |file| io::Write::write_all(file, bytes))
}

/// The same for what is too long to be in memory as bytes.
pub(crate) fn write_whole_by(
    path: &Path,
    write: impl FnOnce(&mut fs::File) -> io::Result<()>,
) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = folder.join(format!(".{name}.{}.draft", std::process::id()));
    // What is written here names children: for its owner only.
    let mut file =
        fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    write(&mut file)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    fs::File::open(folder)?.sync_all()
}
