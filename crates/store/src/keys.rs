//! The master keys and the keys derived from them.

use std::{fmt, path::Path};

/// Versioned master keys from a file outside the database.
pub struct Keys {
    pub(crate) versions: Vec<(u16, [u8; 32])>,
}

/// The key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Reading or writing failed.
    #[error("cannot use the key file")]
    File(#[from] std::io::Error),
    /// The file exists already; keys are never overwritten.
    #[error("the key file exists already; it is never overwritten")]
    Exists,
    /// Group or others can read the file.
    #[error("the key file can be read by others (mode {0:o}); run `chmod 600` on it")]
    Open(u32),
    /// The content is not a key file.
    #[error("line {0} of the key file is not `version hexadecimal-key`")]
    Line(usize),
    /// There is no key in the file.
    #[error("the key file holds no key")]
    Empty,
    /// The operating system gave no randomness.
    #[error("the operating system gave no random numbers")]
    Random,
}

impl Keys {
    /// A new master key, version 1, from the randomness of the operating system.
    pub fn generate() -> Result<Self, KeyError> {
        todo!()
    }
    /// Writes a new key file that only its owner can read; refuses to overwrite.
    pub fn to_file(&self, path: &Path) -> Result<(), KeyError> {
        let _ = path;
        todo!()
    }
    /// Reads a key file; refuses one that group or others can read.
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        let _ = path;
        todo!()
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({} versions)", self.versions.len())
    }
}
