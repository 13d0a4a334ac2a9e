//! The compound file container of .xls (MS-CFB), read on slices: nothing is allocated that the file does not hold.

use super::{Damage, OpenError};

const HEADER: usize = 512;
const MINI_SECTOR: usize = 64;
/// Streams shorter than this lie in the mini stream.
const MINI_CUTOFF: u64 = 4_096;
/// Sector numbers from here on are marks: end of chain, free, table.
const FIRST_MARK: u32 = 0xFFFF_FFFA;
const ENTRY: usize = 128;

/// An opened container.
pub(super) struct Compound<'b> {
    bytes: &'b [u8],
    sector_size: usize,
    /// For each sector the one that follows it.
    next: Vec<u32>,
    next_mini: Vec<u32>,
    mini_stream: Vec<u8>,
    entries: Vec<Entry>,
}

/// A stream or folder.
struct Entry {
    /// In upper case, as names are compared.
    name: String,
    start: u32,
    size: u64,
}

impl<'b> Compound<'b> {
    /// Reads the sector tables and the directory.
    ///
    /// # Errors
    /// [`Damage::Truncated`] or [`Damage::Sectors`] when the tables point beyond the file, or run in circles.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, OpenError> {
        if bytes.len() < HEADER {
            return Err(truncated());
        }
        let sector_size = match u16_at(bytes, 30) {
            Some(9) => 512,
            Some(12) => 4_096,
            _ => return Err(sectors()),
        };
        let mut compound = Self {
            bytes,
            sector_size,
            next: Vec::new(),
            next_mini: Vec::new(),
            mini_stream: Vec::new(),
            entries: Vec::new(),
        };
        compound.next = compound.sector_table()?;
        let directory = compound.chain(word(bytes, 48), None)?;
        compound.entries = directory.chunks_exact(ENTRY).filter_map(Entry::read).collect();
        compound.open_mini_stream(&directory)?;
        Ok(compound)
    }

    /// The number of sectors that the file has room for; the last may be short.
    fn n_sectors(&self) -> usize {
        self.bytes.len().div_ceil(self.sector_size)
    }

    fn sector(&self, number: u32) -> Result<&'b [u8], OpenError> {
        // The header fills the place of sector -1, also when sectors are larger than it.
        let start = (number as usize + 1).saturating_mul(self.sector_size);
        if start >= self.bytes.len() {
            return Err(truncated());
        }
        Ok(&self.bytes[start..self.bytes.len().min(start + self.sector_size)])
    }

    /// The table of following sectors, whose own sectors are listed in the header and in a chain of further lists.
    fn sector_table(&self) -> Result<Vec<u32>, OpenError> {
        let (n_table, n_lists) = (word(self.bytes, 44) as usize, word(self.bytes, 72) as usize);
        if n_table > self.n_sectors() || n_lists > self.n_sectors() {
            return Err(sectors());
        }
        let mut table_sectors: Vec<u32> = words(&self.bytes[76..HEADER]).collect();
        let mut list = word(self.bytes, 68);
        for _ in 0..n_lists {
            if list >= FIRST_MARK {
                break;
            }
            let mut numbers: Vec<u32> = words(self.sector(list)?).collect();
            list = numbers.pop().ok_or_else(sectors)?;
            table_sectors.extend(numbers);
        }
        let mut table = Vec::new();
        for number in table_sectors.into_iter().filter(|number| *number < FIRST_MARK) {
            if table.len() > self.n_sectors() + self.sector_size {
                break;
            }
            table.extend(words(self.sector(number)?));
        }
        Ok(table)
    }

    /// The bytes of a chain of sectors.
    fn chain(&self, start: u32, size: Option<u64>) -> Result<Vec<u8>, OpenError> {
        let (mut content, mut number, mut n_steps) = (Vec::new(), start, 0);
        while number < FIRST_MARK && size.is_none_or(|size| (content.len() as u64) < size) {
            n_steps += 1;
            if n_steps > self.n_sectors() {
                return Err(sectors());
            }
            let sector = self.sector(number)?;
            content.extend_from_slice(sector);
            let is_enough = size.is_some_and(|size| content.len() as u64 >= size);
            if sector.len() < self.sector_size && !is_enough {
                return Err(truncated());
            }
            number = *self.next.get(number as usize).ok_or_else(sectors)?;
        }
        cut(content, size)
    }

    fn open_mini_stream(&mut self, directory: &[u8]) -> Result<(), OpenError> {
        let n_mini = word(self.bytes, 64) as usize;
        let Some(root) = directory.get(..ENTRY) else { return Err(sectors()) };
        if n_mini == 0 {
            return Ok(());
        }
        if n_mini > self.n_sectors() {
            return Err(sectors());
        }
        self.next_mini = words(&self.chain(word(self.bytes, 60), None)?).collect();
        self.mini_stream = self.chain(word(root, 116), Some(u64::from(word(root, 120))))?;
        Ok(())
    }

    /// Whether there is a stream or folder of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        let name = name.to_uppercase();
        self.entries.iter().find(|entry| entry.name == name)
    }

    /// The content of a stream; `None` when there is none of this name.
    ///
    /// # Errors
    /// [`Damage::Truncated`] or [`Damage::Sectors`] when it is not all there.
    pub(super) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, OpenError> {
        let Some(entry) = self.entry(name) else { return Ok(None) };
        if entry.size > self.bytes.len() as u64 {
            return Err(truncated());
        }
        if entry.size >= MINI_CUTOFF {
            return self.chain(entry.start, Some(entry.size)).map(Some);
        }
        let (mut content, mut number) = (Vec::new(), entry.start);
        while number < FIRST_MARK && (content.len() as u64) < entry.size {
            let start = (number as usize).saturating_mul(MINI_SECTOR);
            let end = start.saturating_add(MINI_SECTOR).min(self.mini_stream.len());
            content.extend_from_slice(self.mini_stream.get(start..end).ok_or_else(sectors)?);
            number = *self.next_mini.get(number as usize).ok_or_else(sectors)?;
        }
        cut(content, Some(entry.size)).map(Some)
    }
}

/// The content of a chain without the unused end of its last sector.
fn cut(mut content: Vec<u8>, size: Option<u64>) -> Result<Vec<u8>, OpenError> {
    let Some(size) = size else { return Ok(content) };
    let size = usize::try_from(size).map_err(|_| sectors())?;
    if content.len() < size {
        return Err(truncated());
    }
    content.truncate(size);
    Ok(content)
}

impl Entry {
    fn read(entry: &[u8]) -> Option<Self> {
        let n_bytes = usize::from(u16_at(entry, 64)?);
        if !(2..=64).contains(&n_bytes) || entry[66] == 0 {
            return None;
        }
        let units: Vec<u16> = entry[..n_bytes - 2]
            .chunks_exact(2)
            .map(|c| u16::from_le_bytes([c[0], c[1]]))
            .collect();
        let name = String::from_utf16_lossy(&units).to_uppercase();
        // Version 3 files leave rubbish in the upper half of the size.
        Some(Self { name, start: word(entry, 116), size: u64::from(word(entry, 120)) })
    }
}

fn truncated() -> OpenError {
    OpenError::Damaged(Damage::Truncated)
}

fn sectors() -> OpenError {
    OpenError::Damaged(Damage::Sectors)
}

/// The number of two bytes at a place, if they are there.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).map(|b| u16::from_le_bytes([b[0], b[1]]))
}

/// The number of four bytes at a place; a mark when they are not there.
fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(u32::MAX, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}
