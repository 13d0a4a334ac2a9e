//! Entries of the access log on the disk beside the database, while the database is busy with a long write. Whoever looks is
//! answered when the entry is safe, and a file of its own is as safe as a table; the entries go into the database as soon as it
//! has room, and a server that was killed meanwhile takes them in when it starts.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use baoxue_store::{AccessEntry, Store, StoreError};

/// Why entries cannot be kept beside the database.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// The file cannot be read or written.
    #[error("the file of waiting looks cannot be used")]
    Io(#[from] io::Error),
    /// An entry cannot be sealed, or one in the file is not what was sealed there.
    #[error("the file of waiting looks is damaged")]
    Store(#[from] StoreError),
}

/// The file.
#[derive(Debug)]
pub(super) struct Spool {
    file: File,
    /// The place of the next entry.
    next: i64,
}

impl Spool {
    /// Opens the file, with the entries that still wait in it. `None` when another server holds it. A last entry that was not
    /// written whole was never answered for, and is no entry.
    pub(super) fn open(
        path: &Path,
        store: &Store,
    ) -> Result<Option<(Self, Vec<AccessEntry>)>, SpoolError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let (mut rest, mut entries) = (&bytes[..], Vec::new());
        let mut next = 0;
        while let Some((n, sealed, more)) = frame(rest) {
            entries.push(store.open_waiting(n, sealed)?);
            next = n + 1;
            rest = more;
        }
        Ok(Some((Self { file, next }, entries)))
    }

    /// Appends entries; they are on the disk when it returns.
    pub(super) fn append(
        &mut self,
        store: &Store,
        entries: &[AccessEntry],
    ) -> Result<(), SpoolError> {
        let mut bytes = Vec::new();
        for entry in entries {
            let sealed = store.seal_waiting(self.next, entry)?;
            let len = u32::try_from(sealed.len()).map_err(io::Error::other)?;
            bytes.extend(len.to_le_bytes());
            bytes.extend(self.next.to_le_bytes());
            bytes.extend(sealed);
            self.next += 1;
        }
        let end = self.file.seek(SeekFrom::End(0))?;
        let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // Half an entry before whole ones would hide them.
            self.file.set_len(end)?;
            return Err(error.into());
        }
        Ok(())
    }

    /// Empties the file: everything in it is in the database.
    pub(super) fn clear(&mut self) -> Result<(), SpoolError> {
        self.file.set_len(0)?;
        Ok(self.file.sync_data()?)
    }
}

/// The first entry of the bytes: its place, its sealed text, and what follows.
fn frame(bytes: &[u8]) -> Option<(i64, &[u8], &[u8])> {
    let (len, rest) = bytes.split_first_chunk::<4>()?;
    let (n, rest) = rest.split_first_chunk::<8>()?;
    let len = usize::try_from(u32::from_le_bytes(*len)).ok()?;
    let (sealed, rest) = rest.split_at_checked(len)?;
    Some((i64::from_le_bytes(*n), sealed, rest))
}
