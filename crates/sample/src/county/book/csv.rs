//! Comma separated text in the encodings that county offices use.

use super::{Cell, Encoding};
use crate::county::county_error::CountyError;

/// Text that grows row by row.
pub(super) struct CsvText {
    encoding: Encoding,
    writer: csv::Writer<Vec<u8>>,
}

impl CsvText {
    pub(super) fn new(encoding: Encoding) -> Self {
        let writer = csv::WriterBuilder::new()
            .flexible(true)
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        Self { encoding, writer }
    }

    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<(), CountyError> {
        let fields = cells.iter().map(|cell| match cell {
            Cell::Blank | Cell::Covered => String::new(),
            Cell::Text(text) | Cell::Tall(text, _) => text.clone(),
            Cell::Number(number) => number.to_string(),
            Cell::Day(day) => day.format("%Y/%-m/%-d").to_string(),
        });
        self.writer.write_record(fields)?;
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Vec<u8>, CountyError> {
        let bytes = self.writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(match self.encoding {
            Encoding::Utf8 => bytes,
            Encoding::Utf8Bom => [b"\xEF\xBB\xBF".as_slice(), &bytes].concat(),
            Encoding::Gbk => gbk(&text),
            Encoding::Utf16Le => {
                let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
                units.flat_map(u16::to_le_bytes).collect()
            }
        })
    }
}

/// GBK as old programs write it: a character that it lacks becomes a question mark.
fn gbk(text: &str) -> Vec<u8> {
    let mut encoder = encoding_rs::GBK.new_encoder();
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut buffer = [0; 8_192];
    loop {
        let (result, read, written) =
            encoder.encode_from_utf8_without_replacement(rest, &mut buffer, true);
        bytes.extend_from_slice(&buffer[..written]);
        rest = &rest[read..];
        match result {
            encoding_rs::EncoderResult::InputEmpty => return bytes,
            encoding_rs::EncoderResult::OutputFull => {}
            encoding_rs::EncoderResult::Unmappable(_) => bytes.push(b'?'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gbk_writes_a_question_mark_for_what_it_lacks() {
        assert_eq!(gbk("张𬀩"), [0xD5, 0xC5, b'?']);
    }
}
