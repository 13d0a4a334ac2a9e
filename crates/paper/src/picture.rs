//! Pictures and PDFs that are attached: what they say of themselves is checked before anything is unpacked.

use std::sync::Arc;

use hayro_syntax::Pdf;
use typst::foundations::Bytes;

/// Most pixels of a picture, some 40 megapixels: 160 MB unpacked. Telephones make 12 to 50; the caller makes them smaller.
const PIXELS: u64 = 40_000_000;

/// Longest side of a picture.
const SIDE: u32 = 20_000;

/// Most pages of one attached PDF.
const PDF_PAGES: usize = 500;

/// Picture formats that are taken, as typst calls them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Picture {
    Png,
    Jpeg,
}

impl Picture {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
        }
    }

    /// Its format by its first bytes, if what its header says can be unpacked.
    pub(crate) fn check(bytes: &[u8]) -> Result<Self, String> {
        let (format, size) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            (Self::Png, png(bytes))
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            (Self::Jpeg, jpeg(bytes))
        } else {
            return Err("neither PNG nor JPEG".to_owned());
        };
        let (width, height) = size.ok_or("its header is cut off or damaged")?;
        if width == 0 || height == 0 {
            return Err("it has no pixels".to_owned());
        }
        if width > SIDE || height > SIDE || u64::from(width) * u64::from(height) > PIXELS {
            return Err(format!("{width} × {height} pixels are too many"));
        }
        Ok(format)
    }
}

/// Width and height of a PNG: its first chunk.
fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    (bytes.get(12..16)? == b"IHDR").then_some((number(16)?, number(20)?))
}

/// Width and height of a JPEG: its frame header, found by going from segment to segment.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let number =
        |at: usize| Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            0xff => at += 1,
            // Frame headers; the three left out are tables of Huffman codes, of arithmetic codes, and an extension.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((number(at + 7)?, number(at + 5)?));
            }
            0x01 | 0xd0..=0xd8 => at += 2,
            // The picture begins, or ends, and no frame header came.
            0xd9 | 0xda => return None,
            _ => at += 2 + usize::try_from(number(at + 2)?.max(2)).ok()?,
        }
    }
}

/// The pages of a PDF.
///
/// # Errors
/// Says why it cannot be read.
pub fn pages_of(pdf: &[u8]) -> Result<usize, String> {
    pdf_pages(&Bytes::new(pdf.to_vec()))
}

/// How many pages a PDF has.
pub(crate) fn pdf_pages(bytes: &Bytes) -> Result<usize, String> {
    let document = Pdf::new(Arc::new(bytes.clone()))
        .map_err(|_| "not a PDF that can be read (damaged, or locked by a password)".to_owned())?;
    match document.pages().len() {
        0 => Err("the PDF has no pages".to_owned()),
        n if n > PDF_PAGES => Err(format!("{n} pages, at most {PDF_PAGES}")),
        n => Ok(n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png_header(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    #[test]
    fn a_picture_bomb_is_refused_by_its_header() {
        let why = Picture::check(&png_header(50_000, 50_000)).unwrap_err();
        assert_eq!(why, "50000 × 50000 pixels are too many");
        let jpeg =
            [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0xc3, 0x50, 0xc3, 0x50];
        let why = Picture::check(&jpeg).unwrap_err();
        assert_eq!(why, "50000 × 50000 pixels are too many");
        assert_eq!(Picture::check(&png_header(4000, 3000)), Ok(Picture::Png));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for wrong in
            [&b""[..], b"GIF89a", b"<svg/>", b"\x89PNG\r\n\x1a\n", &[0xff, 0xd8, 0xff, 0xda]]
        {
            assert!(Picture::check(wrong).is_err(), "{wrong:?}");
        }
        assert!(pdf_pages(&Bytes::new(b"%PDF-1.7 nothing".to_vec())).is_err());
    }
}
