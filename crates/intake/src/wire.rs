//! Workbooks as bytes, for the pipe between the reading process and the program.

use crate::format::{OpenError, Workbook};

/// Why bytes are not a wire message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the reading process sent bytes that are no message, at byte {at}")]
pub struct WireError {
    /// Where it was noticed.
    pub at: usize,
}

/// Encodes what [`crate::format::open`] returned.
pub fn encode(_result: &Result<Workbook, OpenError>) -> Vec<u8> {
    Vec::new()
}

/// Decodes what [`encode`] made.
///
/// # Errors
/// [`WireError`] when the bytes are anything else; it never panics and allocates no more than the bytes justify.
pub fn decode(bytes: &[u8]) -> Result<Result<Workbook, OpenError>, WireError> {
    Err(WireError { at: bytes.len() })
}
