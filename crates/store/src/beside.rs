//! Sealing of what is kept in files beside the database: lists on their way in.

use crate::{Class, Store, StoreError};

/// What the files are called in errors.
const PLACE: &str = "file beside the database";

impl Store {
    /// Seals bytes for a file. `place` says which part of which file it is; opening needs the same.
    ///
    /// # Errors
    /// [`StoreError::Seal`].
    pub fn seal_beside(&self, place: &str, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        let sealed = self.sealer.seal(Class::Found, &bound(place), bytes);
        sealed.map_err(|source| StoreError::Seal { place: PLACE, source })
    }

    /// Opens what [`Store::seal_beside`] made of the same place.
    ///
    /// # Errors
    /// [`StoreError::Seal`] when a single bit differs.
    pub fn open_beside(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let opened = self.sealer.open(Class::Found, &bound(place), sealed);
        opened.map_err(|source| StoreError::Seal { place: PLACE, source })
    }
}

/// No column of the database is bound to words that begin like this.
fn bound(place: &str) -> Vec<u8> {
    format!("beside/{place}").into_bytes()
}
