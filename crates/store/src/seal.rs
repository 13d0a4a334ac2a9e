//! Sealing of single fields.

/// The record class a value belongs to; each has its own key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Names.
    Name,
}

/// A sealed value cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Changed, moved to another place, or sealed with another key.
    #[error("a sealed value was changed, moved, or sealed with another key")]
    Authentication,
}

/// Seals and opens single values.
pub struct Sealer {}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

impl Sealer {
    /// Seals.
    pub fn seal(&self, class: Class, aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        let _ = (class, aad, plaintext);
        todo!()
    }
    /// Opens.
    pub fn open(&self, class: Class, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let _ = (class, aad, sealed);
        todo!()
    }
}
