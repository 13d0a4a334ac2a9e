//! Files that arrive in pieces, each sealed when it comes. A piece is there as a whole or not at all, so that a cut line
//! goes on where it stopped.

mod disk;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use baoxue_claim::{Source, TownCode};
use baoxue_store::{Store, StoreError};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// What uploads may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadLimits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of one piece.
    pub piece_bytes: usize,
    /// Uploads that one account may have open.
    pub open_each: usize,
    /// Bytes of all that is open.
    pub total_bytes: u64,
    /// How long an upload lasts that is not taken in.
    pub keep: TimeDelta,
}

impl Default for UploadLimits {
    /// 40 MB for a file, pieces of 2 MiB, five open for each account, 2 GB together, one day.
    fn default() -> Self {
        Self {
            file_bytes: 40_000_000,
            piece_bytes: 2 << 20,
            open_each: 5,
            total_bytes: 2_000_000_000,
            keep: TimeDelta::hours(24),
        }
    }
}

/// What whoever brings a file says about it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Told {
    /// Who speaks in it.
    pub source: Option<Source>,
    /// The day for which it speaks.
    pub as_of: Option<NaiveDate>,
    /// The town whose list it is.
    pub town: Option<TownCode>,
    /// Answers about its columns, as a mapping file.
    pub answers: String,
}

/// A file on its way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its name in addresses and on the disk: random, 32 hexadecimal digits.
    pub id: String,
    /// The account that brings it; nobody else gets to see it.
    pub owner: i64,
    /// Name of the file, without folders.
    pub name: String,
    /// Its length as announced.
    pub size: u64,
    /// Bytes that are here.
    pub offset: u64,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// SM3 of the whole file, once it is here.
    pub hash: Option<String>,
    /// What is said about it.
    pub told: Told,
}

/// An upload does not go on.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// There is no such upload, or it is another account's.
    #[error("there is no such upload")]
    Unknown,
    /// The file is longer than allowed.
    #[error("the file has {0} bytes, {1} are allowed")]
    TooLong(u64, u64),
    /// The file is empty.
    #[error("the file is empty")]
    Empty,
    /// The account has as many open as it may have.
    #[error("{0} uploads are open already")]
    TooMany(usize),
    /// All uploads together take as much as they may.
    #[error("there is no room for uploads")]
    NoRoom,
    /// The piece does not begin where the file ends so far.
    #[error("the upload stands at {0}")]
    Offset(u64),
    /// The piece is empty, too short, too long, or goes beyond the announced end.
    #[error("the piece has the wrong length")]
    Piece,
    /// A file of the data folder cannot be used.
    #[error("the folder of uploads cannot be used")]
    Disk(#[from] io::Error),
    /// Sealing failed, or what is kept was changed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gives no random numbers.
    #[error("the operating system gave no random numbers")]
    Random,
    /// The work was stopped.
    #[error("the work was stopped")]
    Stopped,
}

/// The folder of uploads. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Uploads(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    store: Store,
    limits: UploadLimits,
}

impl Uploads {
    /// Uploads in the data folder.
    pub fn new(data: &Path, store: Store, limits: UploadLimits) -> Self {
        Self(Arc::new(Inner { folder: data.join("uploads"), store, limits }))
    }

    /// What uploads may take.
    pub fn limits(&self) -> &UploadLimits {
        &self.0.limits
    }

    /// Announces a file.
    ///
    /// # Errors
    /// [`UploadError`] when it is empty or too long, or too much is open.
    pub async fn begin(
        &self,
        owner: i64,
        (name, size): (&str, u64),
        now: DateTime<Utc>,
    ) -> Result<Upload, UploadError> {
        let name = name.to_owned();
        self.on_disk(move |inner| inner.begin(owner, (&name, size), now)).await
    }

    /// Adds a piece and gives where the file ends then.
    ///
    /// # Errors
    /// [`UploadError::Offset`] when the piece does not begin there.
    pub async fn add(
        &self,
        owner: i64,
        id: &str,
        (offset, piece): (u64, Vec<u8>),
    ) -> Result<u64, UploadError> {
        let id = id.to_owned();
        self.on_disk(move |inner| inner.add(owner, &id, (offset, &piece))).await
    }

    /// Closes an upload: all bytes are here, and their SM3 is known from now on.
    ///
    /// # Errors
    /// [`UploadError::Offset`] when bytes are missing.
    pub async fn close(&self, owner: i64, id: &str) -> Result<Upload, UploadError> {
        let id = id.to_owned();
        self.on_disk(move |inner| inner.close(owner, &id)).await
    }

    /// One upload of an account.
    ///
    /// # Errors
    /// [`UploadError::Unknown`].
    pub async fn find(&self, owner: i64, id: &str) -> Result<Upload, UploadError> {
        let id = id.to_owned();
        self.on_disk(move |inner| inner.find(owner, &id)).await
    }

    /// The uploads of an account, the newest first.
    ///
    /// # Errors
    /// [`UploadError::Disk`].
    pub async fn of(&self, owner: i64) -> Result<Vec<Upload>, UploadError> {
        self.on_disk(move |inner| {
            let mut own = inner.all()?;
            own.retain(|upload| upload.owner == owner);
            own.sort_by_key(|upload| std::cmp::Reverse((upload.began_at, upload.id.clone())));
            Ok(own)
        })
        .await
    }

    /// The bytes of a file that is here as a whole.
    ///
    /// # Errors
    /// [`UploadError::Offset`] when bytes are missing.
    pub async fn bytes(&self, owner: i64, id: &str) -> Result<Vec<u8>, UploadError> {
        let id = id.to_owned();
        self.on_disk(move |inner| inner.bytes(&inner.find(owner, &id)?)).await
    }

    /// Keeps what is said about a file.
    ///
    /// # Errors
    /// [`UploadError::Unknown`].
    pub async fn tell(&self, owner: i64, id: &str, told: Told) -> Result<Upload, UploadError> {
        let id = id.to_owned();
        self.on_disk(move |inner| {
            let upload = Upload { told, ..inner.find(owner, &id)? };
            inner.keep(&upload)?;
            Ok(upload)
        })
        .await
    }

    /// Takes an upload away with all its bytes.
    ///
    /// # Errors
    /// [`UploadError::Unknown`].
    pub async fn remove(&self, owner: i64, id: &str) -> Result<(), UploadError> {
        let id = id.to_owned();
        self.on_disk(move |inner| {
            let upload = inner.find(owner, &id)?;
            inner.remove(&upload.id)
        })
        .await
    }

    /// Takes away what is older than it may be, and what nobody can read any more.
    ///
    /// # Errors
    /// [`UploadError::Disk`].
    pub async fn sweep(&self, now: DateTime<Utc>) -> Result<(), UploadError> {
        self.on_disk(move |inner| inner.sweep(now)).await
    }

    /// Disks may be slow, and sealing costs time: not on the threads that answer requests.
    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, UploadError> + Send + 'static,
    ) -> Result<T, UploadError> {
        let inner = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || work(&inner)).await;
        done.map_err(|_| UploadError::Stopped)?
    }
}
