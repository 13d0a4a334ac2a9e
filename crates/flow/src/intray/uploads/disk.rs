//! Uploads as files: `<id>.about` says what it is, `<id>.pieces` has the sealed pieces one after the other, each behind its
//! two lengths, sealed and plain. Neither name nor content tells anything without the key.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::PathBuf,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sm3::{Digest, Sm3};

use super::{Inner, Told, Upload, UploadError};
use crate::{data::write_whole, hex::hex, import::read::shown};

/// Longest name of a file that is kept, in characters.
const NAME_CHARS: usize = 200;

/// Pieces that are not the last are at least so long: each costs its own sealing and bookkeeping.
const LEAST_PIECE: u64 = 64 << 10;

/// Random bytes in the name of an upload.
const ID_BYTES: usize = 16;

/// Bytes of the two lengths before each piece.
const HEAD_BYTES: u64 = 8;

/// What stands beside the pieces.
#[derive(Serialize, Deserialize)]
struct About {
    owner: i64,
    name: String,
    size: u64,
    began_at: DateTime<Utc>,
    hash: Option<String>,
    told: Told,
}

impl Inner {
    pub(super) fn begin(
        &self,
        owner: i64,
        (name, size): (&str, u64),
        now: DateTime<Utc>,
    ) -> Result<Upload, UploadError> {
        if size == 0 {
            return Err(UploadError::Empty);
        }
        if size > self.limits.file_bytes {
            return Err(UploadError::TooLong(size, self.limits.file_bytes));
        }
        self.sweep(now)?;
        let open = self.all()?;
        if open.iter().filter(|upload| upload.owner == owner).count() >= self.limits.open_each {
            return Err(UploadError::TooMany(self.limits.open_each));
        }
        if open.iter().map(|upload| upload.size).sum::<u64>() + size > self.limits.total_bytes {
            return Err(UploadError::NoRoom);
        }
        let mut id = [0; ID_BYTES];
        getrandom::fill(&mut id).map_err(|_| UploadError::Random)?;
        let upload = Upload {
            id: hex(&id),
            owner,
            name: bare_name(name),
            size,
            offset: 0,
            began_at: now,
            hash: None,
            told: Told::default(),
        };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        // In this order, so that whoever sweeps meanwhile sees what it belongs to.
        self.keep(&upload)?;
        let mut new = OpenOptions::new();
        new.write(true).create_new(true).mode(0o600).open(self.pieces_of(&upload.id))?;
        Ok(upload)
    }

    pub(super) fn add(
        &self,
        owner: i64,
        id: &str,
        (offset, piece): (u64, &[u8]),
    ) -> Result<u64, UploadError> {
        let size = self.about(owner, id)?.size;
        let mut open = OpenOptions::new();
        let mut file = open.read(true).write(true).open(self.pieces_of(id)).map_err(gone)?;
        // Two connections of one browser may bring the same piece.
        file.lock()?;
        let here = Here::of(&mut file)?;
        if offset != here.bytes {
            return Err(UploadError::Offset(here.bytes));
        }
        let length = piece.len() as u64;
        let end = offset.saturating_add(length);
        let short = length < LEAST_PIECE && end < size;
        if length == 0 || end > size || piece.len() > self.limits.piece_bytes || short {
            return Err(UploadError::Piece);
        }
        let sealed = self.store.seal_beside(&place(id, offset), piece)?;
        let long = |n: usize| u32::try_from(n).map_err(|_| UploadError::Piece);
        let head = [long(sealed.len())?.to_be_bytes(), long(piece.len())?.to_be_bytes()];
        // What a cut off writing left behind is written anew.
        file.set_len(here.end)?;
        file.seek(SeekFrom::Start(here.end))?;
        file.write_all(&[head.concat(), sealed].concat())?;
        file.sync_data()?;
        Ok(end)
    }

    pub(super) fn close(&self, owner: i64, id: &str) -> Result<Upload, UploadError> {
        let upload = self.find(owner, id)?;
        if upload.hash.is_some() {
            return Ok(upload);
        }
        let bytes = self.bytes(&upload)?;
        let closed = Upload { hash: Some(hex(&Sm3::digest(&bytes))), ..upload };
        self.keep(&closed)?;
        Ok(closed)
    }

    pub(super) fn find(&self, owner: i64, id: &str) -> Result<Upload, UploadError> {
        let About { owner, name, size, began_at, hash, told } = self.about(owner, id)?;
        let mut pieces = File::open(self.pieces_of(id)).map_err(gone)?;
        let offset = Here::of(&mut pieces)?.bytes;
        Ok(Upload { id: id.to_owned(), owner, name, size, offset, began_at, hash, told })
    }

    /// The whole file.
    pub(super) fn bytes(&self, upload: &Upload) -> Result<Vec<u8>, UploadError> {
        if upload.offset != upload.size {
            return Err(UploadError::Offset(upload.offset));
        }
        let mut file = File::open(self.pieces_of(&upload.id))?;
        let mut bytes = Vec::with_capacity(usize::try_from(upload.size).unwrap_or_default());
        while (bytes.len() as u64) < upload.size {
            let (sealed_length, _) = head(&mut file)?;
            let mut sealed = vec![0; sealed_length as usize];
            file.read_exact(&mut sealed)?;
            let at = bytes.len() as u64;
            bytes.extend(self.store.open_beside(&place(&upload.id, at), &sealed)?);
        }
        Ok(bytes)
    }

    /// Every upload that can be read.
    pub(super) fn all(&self) -> Result<Vec<Upload>, UploadError> {
        let mut all = Vec::new();
        for id in self.ids()? {
            let Ok(about) = self.read_about(&id) else { continue };
            all.extend(self.find(about.owner, &id));
        }
        Ok(all)
    }

    pub(super) fn keep(&self, upload: &Upload) -> Result<(), UploadError> {
        let Upload { id, owner, name, size, offset: _, began_at, hash, told } = upload.clone();
        let about = About { owner, name, size, began_at, hash, told };
        let json = serde_json::to_vec(&about).map_err(io::Error::from)?;
        let sealed = self.store.seal_beside(&format!("upload/{id}/about"), &json)?;
        Ok(write_whole(&self.about_of(&id), &sealed)?)
    }

    pub(super) fn remove(&self, id: &str) -> Result<(), UploadError> {
        for path in [self.pieces_of(id), self.about_of(id)] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    pub(super) fn sweep(&self, now: DateTime<Utc>) -> Result<(), UploadError> {
        for id in self.ids()? {
            let about = self.read_about(&id);
            if about.is_ok_and(|about| now - about.began_at < self.limits.keep) {
                continue;
            }
            self.remove(&id)?;
        }
        Ok(())
    }

    /// What stands in the folder.
    fn ids(&self) -> Result<Vec<String>, UploadError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut ids = Vec::new();
        for entry in entries {
            let name = entry?.file_name().to_string_lossy().into_owned();
            ids.extend(name.strip_suffix(".about").filter(|id| is_id(id)).map(str::to_owned));
        }
        ids.sort_unstable();
        Ok(ids)
    }

    fn about(&self, owner: i64, id: &str) -> Result<About, UploadError> {
        if !is_id(id) {
            return Err(UploadError::Unknown);
        }
        let about = self.read_about(id)?;
        if about.owner == owner { Ok(about) } else { Err(UploadError::Unknown) }
    }

    fn read_about(&self, id: &str) -> Result<About, UploadError> {
        let sealed = fs::read(self.about_of(id)).map_err(gone)?;
        let json = self.store.open_beside(&format!("upload/{id}/about"), &sealed)?;
        Ok(serde_json::from_slice(&json).map_err(io::Error::from)?)
    }

    fn about_of(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.about"))
    }

    fn pieces_of(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.pieces"))
    }
}

/// How much of a file is here.
struct Here {
    /// Bytes of the file as it was sent.
    bytes: u64,
    /// Where the last whole piece ends on the disk.
    end: u64,
}

impl Here {
    fn of(file: &mut File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        let mut here = Self { bytes: 0, end: 0 };
        file.seek(SeekFrom::Start(0))?;
        while here.end + HEAD_BYTES <= length {
            let (sealed, plain) = head(file)?;
            let end = here.end + HEAD_BYTES + u64::from(sealed);
            if end > length {
                break;
            }
            here = Self { bytes: here.bytes + u64::from(plain), end };
            file.seek(SeekFrom::Start(end))?;
        }
        Ok(here)
    }
}

/// The two lengths before a piece: sealed and plain.
fn head(file: &mut File) -> io::Result<(u32, u32)> {
    let mut long = || {
        let mut bytes = [0; 4];
        file.read_exact(&mut bytes)?;
        io::Result::Ok(u32::from_be_bytes(bytes))
    };
    Ok((long()?, long()?))
}

/// What was taken away is not there, whatever took it.
fn gone(error: io::Error) -> UploadError {
    if error.kind() == io::ErrorKind::NotFound { UploadError::Unknown } else { error.into() }
}

fn place(id: &str, offset: u64) -> String {
    format!("upload/{id}/{offset}")
}

fn is_id(id: &str) -> bool {
    id.len() == 2 * ID_BYTES && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The name of a file without the folders that some browsers send with it.
fn bare_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = shown(last).trim().chars().take(NAME_CHARS).collect();
    if name.is_empty() { "file".to_owned() } else { name }
}
