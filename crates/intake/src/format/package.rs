//! The zip container of .xlsx and .ods, checked before anything of it is believed.
//!
//! Every part is really inflated once, counting, before a reader sees it; declared sizes are never used.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Cursor, Read},
};

use zip::{ZipArchive, result::ZipError};

use super::{Damage, Limits, Measure, OpenError};

/// A part that inflates to less than this is no bomb, whatever its ratio.
const RATIO_FROM: u64 = 1 << 20;
const CHUNK: usize = 64 << 10;

/// A checked container.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Index of each part by its name in lower case with forward slashes, as both standards compare names.
    /// With it, its inflated size in bytes, counted.
    parts: HashMap<String, (usize, u64)>,
}

impl<'b> Package<'b> {
    /// Opens a container and inflates all of it once.
    ///
    /// # Errors
    /// Truncated, damaged or locked containers, bombs, entity declarations and more parts than allowed.
    pub(super) fn open(bytes: &'b [u8], limits: &Limits) -> Result<Self, OpenError> {
        // Every directory entry costs memory when the archive is opened, so they are counted in the bytes first.
        if count(bytes, *b"PK\x01\x02") > u64::from(limits.zip_members) {
            return Err(too_many_parts(limits));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| not_a_zip(bytes))?;
        let mut package = Self { archive, parts: HashMap::new() };
        package.check(limits)?;
        Ok(package)
    }

    fn check(&mut self, limits: &Limits) -> Result<(), OpenError> {
        if self.archive.len() as u64 > u64::from(limits.zip_members) {
            return Err(too_many_parts(limits));
        }
        let mut unpacked = 0;
        for index in 0..self.archive.len() {
            let (name, size) = self.check_part(index, &mut unpacked, limits)?;
            self.parts.insert(name, (index, size));
        }
        if self.parts.len() < self.archive.len() || self.archive.has_duplicate_names() {
            // Two parts of one name: two readers would see two different workbooks.
            return Err(OpenError::Damaged(Damage::PartName));
        }
        Ok(())
    }

    /// Inflates one part and returns its name as compared and its size.
    fn check_part(
        &mut self,
        index: usize,
        unpacked: &mut u64,
        limits: &Limits,
    ) -> Result<(String, u64), OpenError> {
        let mut part = self.archive.by_index(index).map_err(|error| {
            if matches!(error, ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) {
                return OpenError::Encrypted;
            }
            unreadable(&format!("#{}", index + 1))
        })?;
        let shown = part.name().map(|name| shorten(&name)).unwrap_or_default();
        let name = part.name().map(|name| compared(&name)).unwrap_or_default();
        if leads_outside(&name) {
            return Err(OpenError::Damaged(Damage::PartName));
        }
        let packed = part.compressed_size().max(1);
        let is_markup = !is_binary(&name);
        let (mut size, mut buffer, mut kept) = (0u64, vec![0; CHUNK], 0);
        loop {
            // The last bytes of the chunk before stay in front, so that a mark across the border is seen.
            let n = part.read(&mut buffer[kept..]).map_err(|_| unreadable(&shown))?;
            if n == 0 {
                break;
            }
            size += n as u64;
            *unpacked += n as u64;
            let bomb = *unpacked > limits.unpacked_bytes
                || (size > RATIO_FROM && size / packed > u64::from(limits.ratio));
            if bomb {
                return Err(OpenError::ZipBomb {
                    part: shown,
                    limit_bytes: limits.unpacked_bytes,
                    limit_ratio: limits.ratio,
                });
            }
            let filled = kept + n;
            if is_markup && declares_entities(&buffer[..filled]) {
                return Err(OpenError::EntityExpansion { part: shown });
            }
            kept = filled.min(MARK.len() - 1);
            buffer.copy_within(filled - kept..filled, 0);
        }
        Ok((name, size))
    }

    /// Whether there is a part of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&compared(name))
    }

    /// The text of a part.
    ///
    /// # Errors
    /// [`Damage::PartMissing`], or [`Damage::PartUnreadable`] when it is not UTF-8.
    pub(super) fn text(&mut self, name: &str) -> Result<String, OpenError> {
        let (index, _) = self
            .parts
            .get(&compared(name))
            .copied()
            .ok_or_else(|| OpenError::Damaged(Damage::PartMissing(shorten(name))))?;
        let mut part = self.archive.by_index(index).map_err(|_| unreadable(name))?;
        let mut text = String::new();
        part.read_to_string(&mut text).map_err(|_| unreadable(name))?;
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Ok(text)
    }

    /// A part as a stream, and its inflated size in bytes, counted; `None` when there is no such part.
    pub(super) fn stream(
        &mut self,
        name: &str,
    ) -> Result<Option<(impl BufRead + '_, u64)>, OpenError> {
        let Some((index, size)) = self.parts.get(&compared(name)).copied() else { return Ok(None) };
        let part = self.archive.by_index(index).map_err(|_| unreadable(name))?;
        Ok(Some((BufReader::new(part), size)))
    }
}

fn too_many_parts(limits: &Limits) -> OpenError {
    OpenError::Limit { what: Measure::Parts, limit: limits.zip_members.into(), sheet: None }
}

/// A container without the directory at its end was cut off; one with it is broken elsewhere.
fn not_a_zip(bytes: &[u8]) -> OpenError {
    let whole = count(bytes, *b"PK\x05\x06") > 0;
    OpenError::Damaged(if whole { Damage::Workbook } else { Damage::Truncated })
}

fn unreadable(name: &str) -> OpenError {
    OpenError::Damaged(Damage::PartUnreadable(shorten(name)))
}

/// A name as shown in a message: on one line and not longer than it needs to be.
fn shorten(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(60).collect()
}

fn compared(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

/// Parts are never written to a disk here, but a file made to be is not a workbook that a department saved.
fn leads_outside(name: &str) -> bool {
    name.is_empty()
        || name.split('/').any(|step| step == "..")
        || name.contains(':')
        || name.contains('\0')
}

fn is_binary(name: &str) -> bool {
    const BINARY: [&str; 10] =
        [".png", ".jpeg", ".jpg", ".gif", ".emf", ".wmf", ".bin", ".tiff", ".bmp", ".ttf"];
    BINARY.iter().any(|ending| name.ends_with(ending))
}

fn count(bytes: &[u8], mark: [u8; 4]) -> u64 {
    bytes.windows(4).filter(|window| *window == mark).count() as u64
}

const MARK: &[u8] = b"<!DOCTYPE";

/// In XML of a workbook `<!DOCTYPE` can stand nowhere but as a declaration, since `<` in text is written `&lt;`.
fn declares_entities(markup: &[u8]) -> bool {
    let starts = |rest: &[u8], mark: &[u8]| {
        rest.len() >= mark.len() && rest[..mark.len()].eq_ignore_ascii_case(mark)
    };
    markup
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'<')
        .any(|(at, _)| starts(&markup[at..], MARK) || starts(&markup[at..], b"<!ENTITY"))
}
