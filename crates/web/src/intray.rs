//! Files on their way in, as the pages share them: the uploads, what was found in each, the jobs about them.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use baoxue_flow::{
    FlowError, ImportOptions,
    intray::{self, Effect, Inspection, Told, Upload, UploadError, Uploads},
};
use tokio::sync::Semaphore;

use crate::{
    app::App,
    door::Signed,
    jobs::{Jobs, on_its_own},
    trouble::Trouble,
};

/// Files that are read at the same time: each may take the memory of a whole workbook.
const READERS: usize = 2;

/// Findings that are remembered, so that going back and forth does not read the file again.
const REMEMBERED: usize = 32;

/// What is shared about files on their way in.
#[derive(Debug)]
pub(crate) struct Intray {
    pub(crate) uploads: Uploads,
    pub(crate) jobs: Jobs,
    program: PathBuf,
    readers: Semaphore,
    inspections: Recent<(String, Told, Option<i64>), Inspection>,
    effects: Recent<(String, Told, Option<i64>), Option<Effect>>,
}

impl Intray {
    pub(crate) fn new(uploads: Uploads, program: PathBuf) -> Self {
        Self {
            uploads,
            jobs: Jobs::default(),
            program,
            readers: Semaphore::new(READERS),
            inspections: Recent::default(),
            effects: Recent::default(),
        }
    }

    /// How an upload is taken in by somebody.
    pub(crate) fn options(
        &self,
        app: &App,
        (signed, told): (&Signed, &Told),
    ) -> Result<ImportOptions, FlowError> {
        intray::options(told, &self.program, (&signed.login, app.now()))
    }

    /// What is in an upload, read when it is not known yet.
    pub(crate) async fn inspection(
        &self,
        app: &App,
        (signed, upload): (&Signed, &Upload),
    ) -> Result<Arc<Inspection>, Trouble> {
        let run = app.roll().run.as_ref().map(|run| run.id);
        let key = (upload.id.clone(), upload.told.clone(), run);
        if let Some(known) = self.inspections.find(&key) {
            return Ok(known);
        }
        let _reader = self.readers.acquire().await.map_err(|error| Trouble::broken(&error))?;
        let bytes = self.uploads.bytes(upload.owner, &upload.id).await?;
        let options = self.options(app, (signed, &upload.told))?;
        let (store, county) = (app.store().clone(), app.county());
        let name = upload.name.clone();
        let found = on_its_own(move || async move {
            intray::inspect(&store, &county, (&name, &bytes), &options).await
        })
        .await?;
        Ok(self.inspections.keep(key, found))
    }

    /// What an upload would change beside the run that is shown, if that is known.
    pub(crate) fn effect(&self, upload: &Upload, run: Option<i64>) -> Option<Arc<Option<Effect>>> {
        self.effects.find(&(upload.id.clone(), upload.told.clone(), run))
    }

    /// Keeps what an upload would change.
    pub(crate) fn keep_effect(&self, upload: &Upload, run: Option<i64>, effect: Option<Effect>) {
        self.effects.keep((upload.id.clone(), upload.told.clone(), run), effect);
    }

    /// Forgets what was read of the files: something came or went.
    pub(crate) fn forget(&self) {
        self.inspections.forget();
        self.effects.forget();
    }
}

/// The newest findings.
#[derive(Debug)]
struct Recent<K, V>(Mutex<Vec<(K, Arc<V>)>>);

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: PartialEq, V> Recent<K, V> {
    fn find(&self, key: &K) -> Option<Arc<V>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|(known, _)| known == key).map(|(_, value)| Arc::clone(value))
    }

    fn keep(&self, key: K, value: V) -> Arc<V> {
        let value = Arc::new(value);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(known, _)| *known != key);
        if all.len() >= REMEMBERED {
            all.remove(0);
        }
        all.push((key, Arc::clone(&value)));
        value
    }

    fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl From<UploadError> for Trouble {
    fn from(error: UploadError) -> Self {
        match error {
            // Somebody else's upload looks like none (T-20).
            UploadError::Unknown | UploadError::Offset(_) => Self::NotFound,
            UploadError::TooLong(..)
            | UploadError::Empty
            | UploadError::TooMany(_)
            | UploadError::NoRoom
            | UploadError::Piece
            | UploadError::Disk(_)
            | UploadError::Store(_)
            | UploadError::Random
            | UploadError::Stopped => Self::broken(&error),
        }
    }
}
