//! A workbook locked by a passphrase: an AES-256 .zip as 7-Zip and the like open it.
//!
//! Not the encryption of Office itself: that is a compound file with a format of its own, which no crate of ours writes. And
//! not SM4: no program of an office opens such an archive. The format stretches passphrases little (a thousand rounds of
//! PBKDF2), so this one is not chosen by a person: it has a hundred random bits.

use std::io::{Cursor, Write};

use baoxue_report::Workbook;
use zip::{AesMode, CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::FlowError;

/// Thirty-two signs that nobody takes for one another.
const SIGNS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Groups of four signs, twenty bits each.
const GROUPS: usize = 5;

/// A passphrase from the operating system's randomness, in groups of four.
pub(super) fn passphrase() -> Result<String, FlowError> {
    let mut bytes = [0; GROUPS * 4];
    getrandom::fill(&mut bytes).map_err(|_| FlowError::Export("no randomness"))?;
    let signs = bytes.map(|byte| char::from(SIGNS[usize::from(byte % 32)]));
    let groups: Vec<String> = signs.chunks(4).map(|four| four.iter().collect()).collect();
    Ok(groups.join("-"))
}

/// The workbook in an archive that only the passphrase opens.
pub(super) fn locked(workbook: &Workbook, passphrase: &str) -> Result<Vec<u8>, FlowError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // A workbook is compressed already.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .with_aes_encryption(AesMode::Aes256, passphrase);
    archive.start_file(&workbook.file_name, options)?;
    archive.write_all(&workbook.bytes).map_err(zip::result::ZipError::from)?;
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, io::Read};

    use super::*;

    #[test]
    fn t22_only_the_passphrase_opens_the_archive() {
        let bytes = "王浩宇".repeat(50).into_bytes();
        let workbook = Workbook { file_name: "名单.xlsx".to_owned(), bytes, n_rows: 1 };
        let key = passphrase().unwrap();
        let locked = locked(&workbook, &key).unwrap();
        let name = "王浩宇".as_bytes();
        assert!(!locked.windows(name.len()).any(|window| window == name));
        let open = |key: &str| {
            let mut archive = zip::ZipArchive::new(Cursor::new(&locked)).unwrap();
            let mut file = archive.by_name_decrypt("名单.xlsx", key.as_bytes()).ok()?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).ok()?;
            Some(bytes)
        };
        assert_eq!(open(&key).unwrap(), workbook.bytes);
        assert_eq!(open(&key.to_lowercase()), None);
        let mut archive = zip::ZipArchive::new(Cursor::new(&locked)).unwrap();
        assert!(archive.by_index(0).is_err(), "without a passphrase");
    }

    #[test]
    fn t22_passphrases_are_long_and_unlike() {
        let all: HashSet<String> = (0..1000).map(|_| passphrase().unwrap()).collect();
        assert_eq!(all.len(), 1000);
        for passphrase in all {
            assert_eq!(passphrase.len(), 24);
            assert!(passphrase.split('-').all(|group| group.len() == 4));
        }
    }
}
