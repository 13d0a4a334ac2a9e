//! Master keys and what is derived from them: those of the key file, which wrap, and those in the database, which seal.

use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use hmac::{Hmac, KeyInit, Mac};
use sm3::Sm3;

/// HMAC-SM3 (GM/T 0004 in the construction of RFC 2104).
pub(crate) type HmacSm3 = Hmac<Sm3>;

const HEAD: &str =
    "# baoxue key file: `version key`, newest last; whoever has it can read the database\n";
/// A key file holds one line of some 70 bytes for each rotation.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// Versioned master keys: of a file outside the database, or of the database. The newest version seals, older ones open what
/// they sealed; the blind indexes stay with the oldest, or equal values would not meet.
#[derive(Clone)]
pub struct Keys {
    /// Ascending by version, never empty.
    versions: Vec<(u16, [u8; 32])>,
}

/// The key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Reading or writing failed.
    #[error("cannot use the key file")]
    File(#[from] std::io::Error),
    /// The file exists already.
    #[error("the key file exists already; it is never overwritten")]
    Exists,
    /// Group or others can use the file.
    #[error("the key file is open to others (mode {0:o}); run `chmod 600` on it")]
    Open(u32),
    /// A line is not one of a key file.
    #[error("line {0} of the key file is not a rising version and 64 hexadecimal digits")]
    Line(usize),
    /// There is no key in the file.
    #[error("the key file holds no key")]
    Empty,
    /// The operating system gave no randomness.
    #[error("the operating system gave no random numbers")]
    Random,
    /// The versions are used up.
    #[error("no version of a key is left")]
    Spent,
}

impl Keys {
    /// A new master key, version 1, from the randomness of the operating system.
    ///
    /// # Errors
    /// [`KeyError::Random`].
    pub fn generate() -> Result<Self, KeyError> {
        Ok(Self { versions: vec![(1, random()?)] })
    }

    /// The same with a new newest version.
    ///
    /// # Errors
    /// [`KeyError::Random`], [`KeyError::Spent`].
    pub fn with_new(&self) -> Result<Self, KeyError> {
        let newest = self.newest().checked_add(1).ok_or(KeyError::Spent)?;
        let mut versions = self.versions.clone();
        versions.push((newest, random()?));
        Ok(Self { versions })
    }

    /// The newest version alone.
    #[must_use]
    pub fn newest_only(&self) -> Self {
        Self { versions: self.versions.last().copied().into_iter().collect() }
    }

    /// The number of the newest version.
    pub fn newest(&self) -> u16 {
        self.versions.last().map_or(0, |(version, _)| *version)
    }

    /// Keys by their versions.
    ///
    /// # Errors
    /// [`KeyError::Empty`].
    pub(crate) fn of(mut versions: Vec<(u16, [u8; 32])>) -> Result<Self, KeyError> {
        versions.sort_unstable_by_key(|(version, _)| *version);
        if versions.is_empty() { Err(KeyError::Empty) } else { Ok(Self { versions }) }
    }

    /// The key of a version.
    pub(crate) fn key(&self, version: u16) -> Option<[u8; 32]> {
        self.versions.iter().find(|(of, _)| *of == version).map(|(_, key)| *key)
    }

    /// Writes a new key file that only its owner can read, and has it on the disk before it returns: a database sealed
    /// with a lost key is lost.
    ///
    /// # Errors
    /// [`KeyError::Exists`] when there is a file already, [`KeyError::File`].
    pub fn to_file(&self, path: &Path) -> Result<(), KeyError> {
        let new = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let file = new.map_err(|error| {
            let exists = error.kind() == std::io::ErrorKind::AlreadyExists;
            if exists { KeyError::Exists } else { KeyError::File(error) }
        })?;
        self.write(file, path)
    }

    /// Puts these keys in place of a key file, whole or not at all.
    ///
    /// # Errors
    /// [`KeyError::File`].
    pub fn replace(&self, path: &Path) -> Result<(), KeyError> {
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let new = Path::new(&name);
        // One that a killed program left behind was never in use.
        match std::fs::remove_file(new) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
        self.to_file(new)?;
        std::fs::rename(new, path)?;
        sync_folder(path)
    }

    fn write(&self, mut file: File, path: &Path) -> Result<(), KeyError> {
        let line = |(version, key): &(u16, [u8; 32])| format!("{version} {}\n", hex(key));
        let text: String =
            std::iter::once(HEAD.to_owned()).chain(self.versions.iter().map(line)).collect();
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        sync_folder(path)
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyError::Open`] when group or others may read or write it, and the errors of its form.
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        let file = File::open(path)?;
        // Asked of the open file, so that it cannot be exchanged between the question and the reading.
        let mode = file.metadata()?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyError::Open(mode));
        }
        let mut text = String::new();
        file.take(MAX_FILE_BYTES).read_to_string(&mut text)?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Result<Self, KeyError> {
        let mut versions: Vec<(u16, [u8; 32])> = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let entry = line
                .split_once(' ')
                .and_then(|(version, key)| Some((version.parse().ok()?, unhex(key.trim())?)))
                .filter(|(version, _)| versions.last().is_none_or(|(last, _)| last < version))
                .ok_or(KeyError::Line(at + 1))?;
            versions.push(entry);
        }
        if versions.is_empty() { Err(KeyError::Empty) } else { Ok(Self { versions }) }
    }

    /// The versions, oldest first.
    pub(crate) fn versions(&self) -> impl DoubleEndedIterator<Item = u16> {
        self.versions.iter().map(|(version, _)| *version)
    }

    /// The key of a version for one purpose: HMAC-SM3 over a counter, the purpose and the version (NIST SP 800-108,
    /// counter mode, one block).
    pub(crate) fn derive(&self, version: u16, purpose: &str) -> Option<[u8; 32]> {
        let (_, master) = self.versions.iter().find(|(v, _)| *v == version)?;
        let mut mac = HmacSm3::new_from_slice(master).ok()?;
        mac.update(&[1]);
        mac.update(b"baoxue\0");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(&version.to_be_bytes());
        Some(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({} versions)", self.versions.len())
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        for (_, key) in &mut self.versions {
            // The optimizer may not drop this write: the value passes through a black box.
            *key = std::hint::black_box([0; 32]);
        }
    }
}

fn random() -> Result<[u8; 32], KeyError> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|_| KeyError::Random)?;
    Ok(key)
}

/// Has the name of a file on the disk.
fn sync_folder(path: &Path) -> Result<(), KeyError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    Ok(File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?)
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use super::*;

    #[test]
    fn a_key_file_is_for_its_owner_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("baoxue.key");
        let keys = Keys::generate().unwrap();
        keys.to_file(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Keys::from_file(&path).unwrap().versions, keys.versions);
        assert!(matches!(Keys::generate().unwrap().to_file(&path), Err(KeyError::Exists)));
        assert_eq!(Keys::from_file(&path).unwrap().versions, keys.versions);
        for mode in [0o640, 0o604, 0o620, 0o644] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            assert!(matches!(Keys::from_file(&path), Err(KeyError::Open(m)) if m == mode));
        }
    }

    #[test]
    fn malformed_key_files_are_refused_by_line() {
        let key = "ab".repeat(32);
        assert_eq!(Keys::parse(&format!("# x\n1 {key}\n3 {key}\n")).unwrap().versions.len(), 2);
        assert!(matches!(Keys::parse("# nothing\n\n"), Err(KeyError::Empty)));
        for bad in [
            format!("1 {key}\n1 {key}"),
            format!("2 {key}\n1 {key}"),
            format!("1 {key}\n2 {}", &key[1..]),
            format!("1 {key}\nx {key}"),
            format!("1 {key}\n2 +{}", &key[1..].replace('b', "é")),
        ] {
            assert!(matches!(Keys::parse(&bad), Err(KeyError::Line(2))), "{bad}");
        }
    }

    #[test]
    fn purposes_and_versions_have_different_keys() {
        let key = "ab".repeat(32);
        let keys = Keys::parse(&format!("1 {key}\n2 {key}")).unwrap();
        let derived = [
            keys.derive(1, "seal/name"),
            keys.derive(2, "seal/name"),
            keys.derive(1, "seal/phone"),
            keys.derive(1, "index/name"),
        ];
        for (at, one) in derived.iter().enumerate() {
            assert!(one.is_some());
            assert!(derived[at + 1..].iter().all(|other| other != one));
        }
        assert_eq!(keys.derive(3, "seal/name"), None);
    }

    #[test]
    fn debug_shows_no_key() {
        let keys = Keys::generate().unwrap();
        assert_eq!(format!("{keys:?}"), "Keys(1 versions)");
    }
}
