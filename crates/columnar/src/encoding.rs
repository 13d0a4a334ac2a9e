//! The encoding of a CSV file, told by the whole file, and its text block by block.

use std::io::{Read, SeekFrom};

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::{ReadError, ReadSeek};

/// Bytes decoded at once.
pub(crate) const BLOCK_BYTES: usize = 1 << 20;

/// A file with so many good characters of several bytes to a bad byte is damaged UTF-8, nothing else.
const GOOD_TO_BAD: u64 = 10;

/// A file as text.
pub(crate) struct Text {
    content: Box<dyn ReadSeek>,
    file: String,
    decoder: Decoder,
    raw: Vec<u8>,
    /// Bytes of `raw` that are not yet decoded.
    left: std::ops::Range<usize>,
    at_end: bool,
}

impl Text {
    /// Tells the encoding and begins at the first character.
    pub(crate) fn open(
        mut content: Box<dyn ReadSeek>,
        file: &str,
        block_bytes: usize,
    ) -> Result<Self, ReadError> {
        let mut head = Vec::new();
        let fault = |error| unreadable(file, &error);
        content.seek(SeekFrom::Start(0)).map_err(fault)?;
        content.by_ref().take(BLOCK_BYTES as u64).read_to_end(&mut head).map_err(fault)?;
        let encoding = match marked(&head) {
            Some(encoding) => encoding,
            None => unmarked(&mut content, file)?,
        };
        content.seek(SeekFrom::Start(0)).map_err(fault)?;
        Ok(Self {
            content,
            file: file.to_owned(),
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; block_bytes.max(16)],
            left: 0..0,
            at_end: false,
        })
    }

    /// Appends the next block; `false` when there is none. `line` is where the block begins, for messages.
    pub(crate) fn more(&mut self, out: &mut String, line: u64) -> Result<bool, ReadError> {
        if self.at_end && self.left.is_empty() {
            return Ok(false);
        }
        if self.left.is_empty() {
            let n = self.content.read(&mut self.raw).map_err(|e| unreadable(&self.file, &e))?;
            self.left = 0..n;
            self.at_end = n == 0;
        }
        let bytes = &self.raw[self.left.clone()];
        let room = self.decoder.max_utf8_buffer_length_without_replacement(bytes.len());
        out.reserve(room.unwrap_or(bytes.len() * 4 + 16));
        let before = out.len();
        let (result, n_read) =
            self.decoder.decode_to_string_without_replacement(bytes, out, self.at_end);
        self.left.start += n_read;
        if let DecoderResult::Malformed(..) = result {
            let line = line + newlines(&out[before..]);
            let encoding = self.decoder.encoding().name();
            return Err(ReadError::Encoding { file: self.file.clone(), line, encoding });
        }
        Ok(true)
    }
}

fn newlines(text: &str) -> u64 {
    memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64
}

fn unreadable(file: &str, error: &std::io::Error) -> ReadError {
    ReadError::Read { file: file.to_owned(), why: error.to_string() }
}

/// The encoding that a byte-order mark says, or that zero bytes give away.
fn marked(head: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Some(encoding);
    }
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    match (zeros(0), zeros(1)) {
        (0, 0) => None,
        (even, odd) if even > odd => Some(UTF_16BE),
        _ => Some(UTF_16LE),
    }
}

/// UTF-8 when all of it is; GB18030 when all of it is that.
fn unmarked(content: &mut dyn ReadSeek, file: &str) -> Result<&'static Encoding, ReadError> {
    let as_utf8 = survey(content, UTF_8, file)?;
    let Some(line) = as_utf8.first_bad else { return Ok(UTF_8) };
    let is_damaged = as_utf8.n_good > as_utf8.n_bad * GOOD_TO_BAD;
    if !is_damaged && survey(content, GB18030, file)?.first_bad.is_none() {
        return Ok(GB18030);
    }
    let encoding = if is_damaged { "UTF-8" } else { "UTF-8, GB18030 (GBK), UTF-16" };
    Err(ReadError::Encoding { file: file.to_owned(), line, encoding })
}

/// How well a file reads in an encoding.
struct Survey {
    /// Characters of three bytes in UTF-8, which Chinese ones are.
    n_good: u64,
    n_bad: u64,
    /// Line of the first bad byte.
    first_bad: Option<u64>,
}

fn survey(
    content: &mut dyn ReadSeek,
    encoding: &'static Encoding,
    file: &str,
) -> Result<Survey, ReadError> {
    content.seek(SeekFrom::Start(0)).map_err(|e| unreadable(file, &e))?;
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut raw = vec![0; BLOCK_BYTES];
    let mut text = String::with_capacity(BLOCK_BYTES * 3 + 16);
    let (mut line, mut survey) = (1, Survey { n_good: 0, n_bad: 0, first_bad: None });
    loop {
        let n = content.read(&mut raw).map_err(|e| unreadable(file, &e))?;
        let mut rest = &raw[..n];
        loop {
            text.clear();
            let (result, n_read) =
                decoder.decode_to_string_without_replacement(rest, &mut text, n == 0);
            rest = &rest[n_read..];
            line += newlines(&text);
            survey.n_good += text.bytes().filter(|byte| *byte >= 0xe0).count() as u64;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    survey.n_bad += 1;
                    survey.first_bad.get_or_insert(line);
                }
            }
        }
        if n == 0 {
            return Ok(survey);
        }
    }
}
