//! Photographs and scans that people put into a case (T-44): told by their content, pictures made anew so that nothing but the
//! picture is kept, and every size bounded before anything is unpacked.

use std::io::Cursor;

use baoxue_act::{Attachment, CaseId, Item, Moment, Refusal, Rules, Service, What};
use baoxue_store::{NewCaseFile, Store};
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    imageops::FilterType,
};
use sm3::{Digest, Sm3};

use super::{folder::item_of, new_code};
use crate::{
    cases::{CaseBook, CaseClock, CaseError, prepared_all},
    hex::hex,
};

/// Longest side of a picture that is taken, in pixels: telephones make up to 12,000.
const SIDE_TAKEN: u32 = 16_000;

/// Memory that one picture may take while it is unpacked.
const UNPACKED_BYTES: u64 = 256 << 20;

/// Longest side of a picture that is kept: enough to read a page that was photographed.
const SIDE_KEPT: u32 = 2_400;

/// How well pictures are kept, of 100.
const QUALITY: u8 = 85;

/// Largest upload.
pub(super) const LARGEST_FILE: usize = 20 << 20;

/// Most files of one case, and most pages of one PDF: a folder is made of them in memory.
const MOST_FILES: usize = 60;
const MOST_PAGES: usize = 200;

/// A file that came from somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its media type, told by its content.
    pub media: &'static str,
    /// What is kept.
    pub bytes: Vec<u8>,
}

/// Why a file is not kept.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is larger than files may be.
    #[error("the file has more than {} MB", LARGEST_FILE >> 20)]
    Large,
    /// The case has as many files as a case may have.
    #[error("the case has {MOST_FILES} files already")]
    Many,
    /// It is neither a picture nor a PDF.
    #[error("the file is neither JPEG, PNG nor PDF")]
    Kind,
    /// The picture has more pixels than may be unpacked.
    #[error("the picture has too many pixels")]
    Pixels,
    /// It is cut off or damaged.
    #[error("the file is damaged")]
    Damaged,
    /// A PDF that does things when it is opened.
    #[error("the PDF contains scripts or other files")]
    Active,
    /// There is no randomness for its name.
    #[error("no randomness")]
    Random,
    /// The case does not let it happen, or the store refuses.
    #[error(transparent)]
    Case(#[from] CaseError),
}

/// What of an upload is kept: a picture is decoded and encoded anew as JPEG, turned as its camera says, without position,
/// camera and whatever else hung on it; a PDF stays as it is, when nothing in it acts.
///
/// # Errors
/// [`FileError`] says why it is not kept.
pub fn clean(bytes: &[u8]) -> Result<Upload, FileError> {
    if bytes.len() > LARGEST_FILE {
        return Err(FileError::Large);
    }
    if bytes.starts_with(b"%PDF-") {
        return pdf(bytes);
    }
    let format = image::guess_format(bytes).map_err(|_| FileError::Kind)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png) {
        return Err(FileError::Kind);
    }
    let picture = decoded(bytes, format)?;
    let picture = if picture.width().max(picture.height()) > SIDE_KEPT {
        picture.resize(SIDE_KEPT, SIDE_KEPT, FilterType::Triangle)
    } else {
        picture
    };
    let mut kept = Vec::new();
    let encoder = JpegEncoder::new_with_quality(Cursor::new(&mut kept), QUALITY);
    picture.to_rgb8().write_with_encoder(encoder).map_err(|_| FileError::Damaged)?;
    Ok(Upload { media: "image/jpeg", bytes: kept })
}

fn decoded(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, FileError> {
    let too_large = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => FileError::Pixels,
        image::ImageError::Decoding(_)
        | image::ImageError::Encoding(_)
        | image::ImageError::Parameter(_)
        | image::ImageError::Unsupported(_)
        | image::ImageError::IoError(_) => FileError::Damaged,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_TAKEN);
    limits.max_image_height = Some(SIDE_TAKEN);
    limits.max_alloc = Some(UNPACKED_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(too_large)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) * 4 > UNPACKED_BYTES {
        return Err(FileError::Pixels);
    }
    let turned = decoder.orientation().map_err(|_| FileError::Damaged)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(too_large)?;
    picture.apply_orientation(turned);
    Ok(picture)
}

/// Words of a PDF that make it act or carry other files.
const ACTIVE: [&[u8]; 6] =
    [b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/OpenAction"];

/// In so many last bytes a PDF says that it ends.
const TAIL: usize = 1024;

fn pdf(bytes: &[u8]) -> Result<Upload, FileError> {
    let has = |word: &&[u8]| bytes.windows(word.len()).any(|part| part == *word);
    if ACTIVE.iter().any(has) {
        return Err(FileError::Active);
    }
    // A reader mends a file that was cut on its way and shows what is left: a scan must be whole.
    let tail = bytes.get(bytes.len().saturating_sub(TAIL)..).unwrap_or(bytes);
    if !tail.windows(5).any(|part| part == b"%%EOF") {
        return Err(FileError::Damaged);
    }
    match baoxue_paper::pdf_pages(bytes) {
        Ok(1..=MOST_PAGES) => {}
        Ok(0) | Err(_) => return Err(FileError::Damaged),
        Ok(_) => return Err(FileError::Large),
    }
    Ok(Upload { media: "application/pdf", bytes: bytes.to_vec() })
}

/// Keeps a file in a case. Gives the word under which it is fetched, and its SM3 in hex.
///
/// # Errors
/// [`FileError::Case`] when the case does not let it happen or has moved; nothing is kept then.
pub async fn attach(
    (store, book, rules): (&Store, &CaseBook, &Rules),
    id: CaseId,
    (upload, item, words): (Upload, Item, &str),
    by: &str,
    now: Moment,
) -> Result<(String, String), FileError> {
    has_room(book, id)?;
    let (file, attached) = filed(upload, (item, words.to_owned()), by, now)?;
    let (appends, _) = prepared_all(book, rules, (id, by, vec![What::Attached(attached)]), now)?;
    store.attach_file(&file, appends).await.map_err(CaseError::from)?;
    Ok((file.key, hex(&file.hash)))
}

/// Records that a paper was served, with the picture or scan that shows it, in one transaction: the service names the file.
///
/// # Errors
/// [`FileError::Case`] when the case does not let it happen or has moved; nothing is recorded and nothing kept then.
pub async fn serve(
    (store, book, rules): (&Store, &CaseBook, &Rules),
    id: CaseId,
    (upload, service): (Upload, Service),
    by: &str,
    now: Moment,
) -> Result<(), FileError> {
    has_room(book, id)?;
    let case = &book.get(id).ok_or(CaseError::Unknown(id))?.case;
    let paper = case.paper(service.paper).ok_or(CaseError::Refused(Refusal::Unknown))?;
    let issued = &paper.issued.what;
    let words = format!("送达凭证：{}（{}）", issued.kind.zh(), issued.number);
    let (file, attached) = filed(upload, (item_of(issued.kind), words), by, now)?;
    let served = What::Served(Service { file: Some(file.key.clone()), ..service });
    let whats = vec![What::Attached(attached), served];
    let (appends, _) = prepared_all(book, rules, (id, by, whats), now)?;
    store.attach_file(&file, appends).await.map_err(CaseError::from)?;
    Ok(())
}

/// Whether a case takes another file; one that is not there yet does.
pub(crate) fn has_room(book: &CaseBook, id: CaseId) -> Result<(), FileError> {
    let n_files = book.get(id).map_or(0, |file| file.case.attached.len());
    if n_files < MOST_FILES { Ok(()) } else { Err(FileError::Many) }
}

/// A file as the store keeps it beside the first case to which something is appended with it, and what the case says of it.
pub(crate) fn filed(
    upload: Upload,
    (item, words): (Item, String),
    by: &str,
    now: Moment,
) -> Result<(NewCaseFile, Attachment), FileError> {
    let code = || new_code().map_err(|_| FileError::Random);
    let key = code()? + &code()?;
    let hash: [u8; 32] = Sm3::digest(&upload.bytes).into();
    let media = upload.media.to_owned();
    let attached =
        Attachment { key: key.clone(), item, words, hash: hex(&hash), media: media.clone() };
    let at = CaseClock::stored(now);
    let file =
        NewCaseFile { key, case: None, media, hash, bytes: upload.bytes, at, by: by.to_owned() };
    Ok((file, attached))
}

#[cfg(test)]
mod tests {
    use image::{ExtendedColorType, ImageEncoder, RgbImage, codecs::png::PngEncoder};

    use super::*;

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let picture = RgbImage::from_fn(width, height, |x, _| {
            image::Rgb([u8::try_from(x % 256).unwrap(), 0, 0])
        });
        let encoder = JpegEncoder::new(Cursor::new(&mut bytes));
        picture.write_with_encoder(encoder).unwrap();
        bytes
    }

    /// The picture with an EXIF block that turns it by a right angle and names a place.
    fn with_exif(plain: &[u8]) -> Vec<u8> {
        let mut exif =
            b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        exif.extend_from_slice(b"GPSLatitude 32.68 N");
        let length = u16::try_from(exif.len() + 2).unwrap();
        let mut bytes = plain[..2].to_vec();
        bytes.extend_from_slice(&[0xff, 0xe1]);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&exif);
        bytes.extend_from_slice(&plain[2..]);
        bytes
    }

    #[test]
    fn t44_a_picture_is_made_anew_without_what_hung_on_it() {
        let bytes = with_exif(&jpeg(40, 20));
        assert!(bytes.windows(3).any(|part| part == b"GPS"));
        let kept = clean(&bytes).unwrap();
        assert_eq!(kept.media, "image/jpeg");
        assert!(!kept.bytes.windows(3).any(|part| part == b"GPS"));
        assert!(!kept.bytes.windows(4).any(|part| part == b"Exif"));
        let picture = image::load_from_memory(&kept.bytes).unwrap();
        assert_eq!((picture.width(), picture.height()), (20, 40), "turned as the camera says");
    }

    #[test]
    fn t44_a_bomb_of_pixels_is_refused_before_it_is_unpacked() {
        // A PNG whose header says 50,000 × 50,000.
        let mut bytes = Vec::new();
        let encoder = PngEncoder::new(Cursor::new(&mut bytes));
        encoder.write_image(&[0; 3], 1, 1, ExtendedColorType::Rgb8).unwrap();
        let size = 50_000_u32.to_be_bytes();
        bytes[16..20].copy_from_slice(&size);
        bytes[20..24].copy_from_slice(&size);
        let sum = crc32fast::hash(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&sum.to_be_bytes());
        assert!(matches!(clean(&bytes), Err(FileError::Pixels)));
    }

    #[test]
    fn t44_what_is_neither_picture_nor_quiet_pdf_is_refused() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
        let html = b"<html><script>alert(1)</script>";
        let gif = b"GIF89a\x01\0\x01\0\0\0\0;";
        for bytes in [&svg[..], html, gif, b"", b"MZ\x90"] {
            assert!(matches!(clean(bytes), Err(FileError::Kind)));
        }
        let acts =
            b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>\n%%EOF";
        assert!(matches!(clean(acts), Err(FileError::Active)));
        assert!(matches!(clean(b"%PDF-1.7 cut"), Err(FileError::Damaged)));
        assert!(matches!(clean(b"%PDF-1.7\nquiet\n%%EOF"), Err(FileError::Damaged)), "no page");
        let page = include_bytes!("../../tests/data/page.pdf");
        assert_eq!(clean(page).unwrap().media, "application/pdf");
        assert!(matches!(clean(&vec![0xff; LARGEST_FILE + 1]), Err(FileError::Large)));
    }

    #[test]
    fn t44_a_polyglot_keeps_only_its_picture() {
        let mut bytes = jpeg(8, 8);
        bytes.extend_from_slice(b"<script>alert(1)</script>PK\x03\x04");
        let kept = clean(&bytes).unwrap();
        assert!(!kept.bytes.windows(7).any(|part| part == b"<script"));
        assert!(matches!(clean(&bytes[..60]), Err(FileError::Damaged)));
    }

    #[test]
    fn a_large_photograph_is_made_smaller() {
        let kept = clean(&jpeg(5_000, 100)).unwrap();
        let picture = image::load_from_memory(&kept.bytes).unwrap();
        assert_eq!(picture.width(), SIDE_KEPT);
    }
}
