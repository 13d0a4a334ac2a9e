//! An opened file with its name.

use std::{
    io::{BufReader, Read, Seek, SeekFrom},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use parquet::{
    errors::Result,
    file::reader::{ChunkReader, Length},
};

use crate::ReadError;

/// What can be read at any place: an opened file, bytes in memory.
pub trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

/// A file to read.
pub struct Input {
    /// Its name in messages; the extension `.parquet` is taken at its word.
    pub name: String,
    /// Its content.
    pub content: Box<dyn ReadSeek>,
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Input({})", self.name)
    }
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Csv,
    Parquet,
}

impl Input {
    /// A file under a name.
    pub fn new(name: &str, content: impl ReadSeek + 'static) -> Self {
        Self { name: name.to_owned(), content: Box::new(content) }
    }

    /// Told by the first bytes, never by the name alone.
    pub(crate) fn form(&mut self) -> std::result::Result<Form, ReadError> {
        let mut head = Vec::new();
        let read = self
            .content
            .seek(SeekFrom::Start(0))
            .and_then(|_| self.content.by_ref().take(8).read_to_end(&mut head));
        read.map_err(|error| self.unreadable(&error))?;
        self.content.seek(SeekFrom::Start(0)).map_err(|error| self.unreadable(&error))?;
        let file = self.name.clone();
        let other = |found| Err(ReadError::OtherFormat { file: file.clone(), found });
        match head.as_slice() {
            [] => Err(ReadError::EmptyFile { file }),
            [b'P', b'A', b'R', b'1', ..] => Ok(Form::Parquet),
            [b'P', b'A', b'R', b'E', ..] => other("encrypted Parquet file"),
            [b'P', b'K', 3, 4, ..] => other("workbook or zip archive"),
            [0xd0, 0xcf, 0x11, 0xe0, ..] => other("workbook of an old version"),
            _ if self.name.to_ascii_lowercase().ends_with(".parquet") => {
                Err(ReadError::NotParquet { file, why: "it does not begin with PAR1".to_owned() })
            }
            _ => Ok(Form::Csv),
        }
    }

    pub(crate) fn unreadable(&self, error: &std::io::Error) -> ReadError {
        ReadError::Read { file: self.name.clone(), why: error.to_string() }
    }
}

/// One opened file for several readers of its columns.
#[derive(Clone)]
pub(crate) struct Shared {
    content: Arc<Mutex<Box<dyn ReadSeek>>>,
    size_bytes: u64,
}

/// Bytes fetched at once when a page's head is read.
const HEAD_BYTES: usize = 4096;

impl Shared {
    pub(crate) fn new(mut content: Box<dyn ReadSeek>) -> std::io::Result<Self> {
        let size_bytes = content.seek(SeekFrom::End(0))?;
        Ok(Self { content: Arc::new(Mutex::new(content)), size_bytes })
    }

    fn read_at(&self, start: u64, length: u64) -> std::io::Result<Vec<u8>> {
        // What a failed reader left is only a position, which is set here.
        let mut content = self.content.lock().unwrap_or_else(PoisonError::into_inner);
        content.seek(SeekFrom::Start(start))?;
        let length = length.min(self.size_bytes.saturating_sub(start));
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        content.by_ref().take(length).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl Length for Shared {
    fn len(&self) -> u64 {
        self.size_bytes
    }
}

impl ChunkReader for Shared {
    type T = BufReader<From>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::with_capacity(HEAD_BYTES, From { shared: self.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let bytes = self.read_at(start, length as u64)?;
        if bytes.len() < length {
            return Err(parquet::errors::ParquetError::EOF("the file ends too early".to_owned()));
        }
        Ok(bytes.into())
    }
}

/// Reads on from a place.
pub(crate) struct From {
    shared: Shared,
    at: u64,
}

impl Read for From {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let mut content = self.shared.content.lock().unwrap_or_else(PoisonError::into_inner);
        content.seek(SeekFrom::Start(self.at))?;
        let n = content.read(buffer)?;
        self.at += n as u64;
        Ok(n)
    }
}
