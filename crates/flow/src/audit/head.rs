//! A head as text: what is signed, what is kept in a file, what can be printed.

use baoxue_store::TreeHead;
use chrono::{DateTime, SecondsFormat, Utc};

use crate::hex::{hex, unhex};

const TITLE: &str = "baoxue tree head 1";

/// A text is no head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {0} is not that of a tree head")]
pub struct HeadError(pub usize);

/// What is signed: title, size, root, time, key.
pub(super) fn text(head: &TreeHead) -> String {
    let root = hex(&head.root);
    let time = head.signed_at.to_rfc3339_opts(SecondsFormat::Secs, true);
    format!("{TITLE}\nsize {}\nroot {root}\ntime {time}\nkey {}\n", head.size, head.key_id)
}

/// A head with its signature, to be kept outside.
pub fn write_head(head: &TreeHead) -> String {
    format!("{}signature {}\n", text(head), hex(&head.signature))
}

/// Reads what [`write_head`] wrote.
///
/// # Errors
/// [`HeadError`] with the line that is wrong.
pub fn read_head(text: &str) -> Result<TreeHead, HeadError> {
    let mut lines = text.lines();
    if lines.next().map(str::trim_end) != Some(TITLE) {
        return Err(HeadError(1));
    }
    let mut value = |at: usize, name: &str| {
        let line = lines.next().and_then(|line| line.trim_end().strip_prefix(name));
        line.and_then(|rest| rest.strip_prefix(' ')).map(str::to_owned).ok_or(HeadError(at))
    };
    let size = value(2, "size")?.parse().map_err(|_| HeadError(2))?;
    let root = unhex(&value(3, "root")?).and_then(|bytes| bytes.try_into().ok());
    let root = root.ok_or(HeadError(3))?;
    let time = DateTime::parse_from_rfc3339(&value(4, "time")?).map_err(|_| HeadError(4))?;
    let key_id = value(5, "key")?;
    let signature = unhex(&value(6, "signature")?).ok_or(HeadError(6))?;
    Ok(TreeHead { size, root, signed_at: time.with_timezone(&Utc), key_id, signature })
}
