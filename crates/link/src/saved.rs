//! Numbers and texts one after the other in a file that is read again by the same program: little-endian, each list
//! behind its length. What is read is checked, so that a damaged file ends in an error and nothing else.

use std::io::{Result, Write};

/// Numbers turned into bytes at once.
const BATCH: usize = 1 << 13;

/// The file ends too early, or holds what it cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the saved state is damaged")]
pub struct Damaged;

/// Writes a number.
pub fn put(out: &mut impl Write, n: u64) -> Result<()> {
    out.write_all(&n.to_le_bytes())
}

/// Writes bytes behind their length.
pub fn put_bytes(out: &mut impl Write, bytes: &[u8]) -> Result<()> {
    put(out, bytes.len() as u64)?;
    out.write_all(bytes)
}

/// Writes numbers behind how many they are.
pub fn put_u32s(out: &mut impl Write, numbers: &[u32]) -> Result<()> {
    put(out, numbers.len() as u64)?;
    numbers.chunks(BATCH).try_for_each(|some| {
        out.write_all(&some.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>())
    })
}

/// Writes numbers behind how many they are.
pub fn put_i64s(out: &mut impl Write, numbers: &[i64]) -> Result<()> {
    put(out, numbers.len() as u64)?;
    numbers.chunks(BATCH).try_for_each(|some| {
        out.write_all(&some.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>())
    })
}

/// What is left to read.
#[derive(Clone, Copy, Debug)]
pub struct Pieces<'b>(pub &'b [u8]);

impl<'b> Pieces<'b> {
    /// The next number.
    pub fn number(&mut self) -> std::result::Result<u64, Damaged> {
        let (head, rest) = self.0.split_first_chunk().ok_or(Damaged)?;
        self.0 = rest;
        Ok(u64::from_le_bytes(*head))
    }

    /// The bytes that come next.
    pub fn bytes(&mut self) -> std::result::Result<&'b [u8], Damaged> {
        let n = self.number()?;
        self.take(n, 1)
    }

    /// The numbers that come next.
    pub fn u32s(&mut self) -> std::result::Result<Vec<u32>, Damaged> {
        let n = self.number()?;
        let (numbers, _) = self.take(n, 4)?.as_chunks();
        Ok(numbers.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect())
    }

    /// The numbers that come next.
    pub fn i64s(&mut self) -> std::result::Result<Vec<i64>, Damaged> {
        let n = self.number()?;
        let (numbers, _) = self.take(n, 8)?.as_chunks();
        Ok(numbers.iter().map(|bytes| i64::from_le_bytes(*bytes)).collect())
    }

    fn take(&mut self, n: u64, size: usize) -> std::result::Result<&'b [u8], Damaged> {
        let n = usize::try_from(n).ok().and_then(|n| n.checked_mul(size)).ok_or(Damaged)?;
        let (head, rest) = self.0.split_at_checked(n).ok_or(Damaged)?;
        self.0 = rest;
        Ok(head)
    }
}

/// Passes bytes on and keeps their digest, the same on every machine: it tells a file that was cut or changed from one that
/// was not. It is no protection against somebody who wants to deceive.
#[derive(Debug)]
pub struct Digested<W> {
    /// Where the bytes go.
    pub out: W,
    all: u64,
    n_bytes: u64,
    /// Bytes that are no whole word yet.
    word: Vec<u8>,
}

impl<W> Digested<W> {
    /// Of no bytes so far.
    pub const fn new(out: W) -> Self {
        Self { out, all: 0, n_bytes: 0, word: Vec::new() }
    }

    /// The digest of all bytes that were passed on.
    pub fn digest(&self) -> u64 {
        let rest = crate::prepare::hash(&self.word);
        crate::prepare::mix(self.all ^ rest ^ self.n_bytes.rotate_left(32))
    }

    fn add(&mut self, word: [u8; 8]) {
        let word = self.all ^ u64::from_le_bytes(word);
        self.all = word.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
}

impl<W: Write> Write for Digested<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let n = self.out.write(bytes)?;
        let mut bytes = &bytes[..n];
        self.n_bytes += n as u64;
        while !self.word.is_empty() && !bytes.is_empty() {
            let (first, rest) = bytes.split_at((8 - self.word.len()).min(bytes.len()));
            self.word.extend(first);
            bytes = rest;
            if let Ok(word) = <[u8; 8]>::try_from(self.word.as_slice()) {
                self.add(word);
                self.word.clear();
            }
        }
        let (words, rest) = bytes.as_chunks();
        for word in words {
            self.add(*word);
        }
        self.word.extend(rest);
        Ok(n)
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush()
    }
}

/// The digest of bytes, see [`Digested`].
pub fn digest(bytes: &[u8]) -> u64 {
    let mut digested = Digested::new(std::io::sink());
    // A sink takes all bytes at once and never fails.
    let _ = digested.write(bytes);
    digested.digest()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_is_taken_and_what_was_cut_is_noticed() {
        let mut out = Vec::new();
        put(&mut out, 7).unwrap();
        put_bytes(&mut out, "张".as_bytes()).unwrap();
        put_u32s(&mut out, &[1, u32::MAX]).unwrap();
        put_i64s(&mut out, &[-1]).unwrap();
        let read = |bytes: &[u8]| {
            let mut pieces = Pieces(bytes);
            Ok::<_, Damaged>((
                pieces.number()?,
                pieces.bytes()?.to_vec(),
                pieces.u32s()?,
                pieces.i64s()?,
            ))
        };
        let whole = (7, "张".as_bytes().to_vec(), vec![1, u32::MAX], vec![-1]);
        assert_eq!(read(&out), Ok(whole));
        let mut slowly = Digested::new(Vec::new());
        out.chunks(3).for_each(|some| slowly.write_all(some).unwrap());
        assert_eq!((slowly.digest(), &slowly.out), (digest(&out), &out));
        for n in 0..out.len() {
            assert_eq!(read(&out[..n]), Err(Damaged));
            let mut other = out.clone();
            other[n] ^= 1;
            assert_ne!(digest(&out), digest(&other));
        }
    }
}
