//! Workbooks as bytes, for the pipe between the reading process and the program.
//!
//! A message is a magic word, then one value: numbers as LEB128, text as length and UTF-8, lists as length and items,
//! choices as a tag. Errors and notes, which are few, travel as JSON inside of a text. The sender may have been taken
//! over by a hostile file, so nothing is believed: a length must fit into what is left of the message.

use chrono::NaiveDate;

use crate::format::{Cell, FileNote, Merge, OpenError, Sheet, Workbook};

/// First bytes of a message; the digit changes with the form.
const MAGIC: &[u8; 8] = b"baoxue1\n";

const REFUSED: u8 = 0;
const READ: u8 = 1;

const EMPTY: u8 = 0;
const TEXT: u8 = 1;
const NUMBER: u8 = 2;
const DAY: u8 = 3;
const FALSE: u8 = 4;
const TRUE: u8 = 5;
const ERROR: u8 = 6;

/// Why bytes are not a wire message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the reading process sent bytes that are no message, at byte {at}")]
pub struct WireError {
    /// Where it was noticed.
    pub at: usize,
}

/// Encodes what [`crate::format::open`] returned.
pub fn encode(result: &Result<Workbook, OpenError>) -> Vec<u8> {
    let mut message = Writer(MAGIC.to_vec());
    match result {
        Err(refusal) => {
            message.0.push(REFUSED);
            message.json(refusal);
        }
        Ok(workbook) => {
            message.0.push(READ);
            message.json(&workbook.notes);
            message.count(workbook.sheets.len());
            for sheet in &workbook.sheets {
                message.sheet(sheet);
            }
        }
    }
    message.0
}

/// Decodes what [`encode`] made.
///
/// # Errors
/// [`WireError`] when the bytes are anything else; it never panics and allocates no more than the bytes justify.
pub fn decode(bytes: &[u8]) -> Result<Result<Workbook, OpenError>, WireError> {
    let mut message = Cursor { bytes, at: 0 };
    if message.take(MAGIC.len())? != MAGIC {
        return Err(WireError { at: 0 });
    }
    let result = match message.byte()? {
        REFUSED => Err(message.json()?),
        READ => {
            let notes: Vec<FileNote> = message.json()?;
            Ok(Workbook { sheets: message.list(Cursor::sheet)?, notes })
        }
        _ => return message.wrong(),
    };
    if message.at < bytes.len() {
        return message.wrong();
    }
    Ok(result)
}

struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.0.push(number.to_le_bytes()[0]);
    }

    fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    /// Types of ours without maps or floats always have a JSON form; an empty text is refused by the reader.
    fn json(&mut self, value: &impl serde::Serialize) {
        self.text(&serde_json::to_string(value).unwrap_or_default());
    }

    fn numbers(&mut self, numbers: &[u32]) {
        self.count(numbers.len());
        for number in numbers {
            self.number(u64::from(*number));
        }
    }

    fn sheet(&mut self, sheet: &Sheet) {
        self.text(&sheet.name);
        self.0.push(u8::from(sheet.hidden));
        self.count(sheet.rows.len());
        for row in &sheet.rows {
            self.count(row.len());
            for cell in row {
                self.cell(cell);
            }
        }
        self.count(sheet.merges.len());
        for merge in &sheet.merges {
            for side in [merge.top, merge.left, merge.bottom, merge.right] {
                self.number(u64::from(side));
            }
        }
        self.numbers(&sheet.hidden_rows);
        self.numbers(&sheet.hidden_columns);
    }

    fn cell(&mut self, cell: &Cell) {
        match cell {
            Cell::Empty => self.0.push(EMPTY),
            Cell::Text(text) => {
                self.0.push(TEXT);
                self.text(text);
            }
            Cell::Number(number) => {
                self.0.push(NUMBER);
                self.0.extend_from_slice(&number.to_le_bytes());
            }
            Cell::Day(day) => {
                self.0.push(DAY);
                let number = chrono::Datelike::num_days_from_ce(day);
                self.0.extend_from_slice(&number.to_le_bytes());
            }
            Cell::Bool(yes) => self.0.push(if *yes { TRUE } else { FALSE }),
            Cell::Error(text) => {
                self.0.push(ERROR);
                self.text(text);
            }
        }
    }
}

struct Cursor<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Cursor<'b> {
    fn wrong<T>(&self) -> Result<T, WireError> {
        Err(WireError { at: self.at })
    }

    fn take(&mut self, length: usize) -> Result<&'b [u8], WireError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(taken) = rest.get(..length) else { return self.wrong() };
        self.at += length;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let at = self.at;
        self.take(N)?.try_into().map_err(|_| WireError { at })
    }

    fn byte(&mut self) -> Result<u8, WireError> {
        self.array().map(|[byte]: [u8; 1]| byte)
    }

    fn number(&mut self) -> Result<u64, WireError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        self.wrong()
    }

    fn small(&mut self) -> Result<u32, WireError> {
        let at = self.at;
        u32::try_from(self.number()?).map_err(|_| WireError { at })
    }

    /// A count of things of which each takes a byte at least.
    fn count(&mut self) -> Result<usize, WireError> {
        let at = self.at;
        let count = usize::try_from(self.number()?).map_err(|_| WireError { at })?;
        if count > self.bytes.len() - self.at { Err(WireError { at }) } else { Ok(count) }
    }

    /// Grows as items come: a count that only just fits its bytes must not reserve many times their memory.
    fn list<T>(
        &mut self,
        item: impl Fn(&mut Self) -> Result<T, WireError>,
    ) -> Result<Vec<T>, WireError> {
        let count = self.count()?;
        let mut items = Vec::with_capacity(count.min(1_024));
        for _ in 0..count {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn text(&mut self) -> Result<&'b str, WireError> {
        let at = self.at;
        let length = self.count()?;
        std::str::from_utf8(self.take(length)?).map_err(|_| WireError { at })
    }

    fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, WireError> {
        let at = self.at;
        serde_json::from_str(self.text()?).map_err(|_| WireError { at })
    }

    fn sheet(&mut self) -> Result<Sheet, WireError> {
        Ok(Sheet {
            name: self.text()?.to_owned(),
            hidden: match self.byte()? {
                0 => false,
                1 => true,
                _ => return self.wrong(),
            },
            rows: self.list(|message| message.list(Self::cell))?,
            merges: self.list(Self::merge)?,
            hidden_rows: self.list(Self::small)?,
            hidden_columns: self.list(Self::small)?,
        })
    }

    fn merge(&mut self) -> Result<Merge, WireError> {
        Ok(Merge {
            top: self.small()?,
            left: self.small()?,
            bottom: self.small()?,
            right: self.small()?,
        })
    }

    fn cell(&mut self) -> Result<Cell, WireError> {
        Ok(match self.byte()? {
            EMPTY => Cell::Empty,
            TEXT => Cell::Text(self.text()?.to_owned()),
            NUMBER => Cell::Number(f64::from_le_bytes(self.array()?)),
            DAY => {
                let at = self.at;
                let day = NaiveDate::from_num_days_from_ce_opt(i32::from_le_bytes(self.array()?));
                Cell::Day(day.ok_or(WireError { at })?)
            }
            FALSE => Cell::Bool(false),
            TRUE => Cell::Bool(true),
            ERROR => Cell::Error(self.text()?.to_owned()),
            _ => return self.wrong(),
        })
    }
}
