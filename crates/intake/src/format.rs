//! Files of departments as grids of cells, read safely: one source format per file of this folder.
//!
//! What a file is, its bytes say; its name is only a hint for the message. Everything that a file declares about itself
//! (sizes, counts, positions) is checked against what it really holds before memory is spent on it, and [`Limits`] bound
//! the rest. What the cells mean is not known here: merged cells are reported, not filled; text is kept as typed.

mod biff;
mod compound;
mod delimited;
mod encoding;
mod error;
mod foreign;
mod grid;
mod html;
mod limits;
mod markup;
mod notes;
mod ods;
mod package;
mod serial;
mod sheet;
mod sniff;
mod xls;
mod xlsx;

pub use error::{Damage, Found, Measure, OpenError};
pub use limits::Limits;
pub use sheet::{Cell, FileNote, Merge, Sheet, Workbook};

use package::Package;
use sniff::Kind;

/// Reads a file as sheets of cells.
///
/// `file_name` is used for messages only; the kind of file is decided by `bytes`.
///
/// # Errors
/// [`OpenError`] says what was found and what to do; nothing of the file is returned then.
pub fn open(file_name: &str, bytes: &[u8], limits: &Limits) -> Result<Workbook, OpenError> {
    let size = bytes.len() as u64;
    if size > limits.file_bytes {
        return Err(OpenError::TooLarge { bytes: size, limit: limits.file_bytes });
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(OpenError::Empty);
    }
    let named = ending(file_name);
    match sniff::kind(bytes) {
        Kind::Zip => open_zip(bytes, limits),
        Kind::Compound => xls::read(bytes, limits).map_err(|error| {
            if named == "et" && matches!(error, OpenError::Damaged(_)) {
                return OpenError::Unsupported { found: Found::WpsSpreadsheet };
            }
            error
        }),
        Kind::Html => {
            html::read(bytes, limits).map(|book| noted(book, &named, ("网页", "a web page")))
        }
        Kind::Text => delimited::read(bytes, limits)
            .map(|book| noted(book, &named, ("文本文件", "a text file"))),
        Kind::Not(Found::Unknown) if named == "et" => {
            Err(OpenError::Unsupported { found: Found::WpsSpreadsheet })
        }
        Kind::Not(found) => Err(OpenError::NotAWorkbook { found }),
        Kind::Unread(found) => Err(OpenError::Unsupported { found }),
    }
}

fn open_zip(bytes: &[u8], limits: &Limits) -> Result<Workbook, OpenError> {
    let mut package = Package::open(bytes, limits)?;
    if package.has("mimetype") && package.has("content.xml") {
        return ods::read(&mut package, limits);
    }
    match sniff::stranger(&package) {
        None => xlsx::read(bytes, &mut package, limits),
        Some(Kind::Unread(found)) => Err(OpenError::Unsupported { found }),
        Some(Kind::Not(found)) => Err(OpenError::NotAWorkbook { found }),
        Some(Kind::Zip | Kind::Compound | Kind::Html | Kind::Text) => {
            Err(OpenError::NotAWorkbook { found: Found::Zip })
        }
    }
}

/// What stands after the last point of a file name, in lower case.
fn ending(file_name: &str) -> String {
    file_name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_lowercase())
}

fn noted(mut book: Workbook, named: &str, (zh, en): (&str, &str)) -> Workbook {
    if matches!(named, "xls" | "xlsx" | "xlsm" | "et" | "ods") {
        book.notes.insert(0, notes::not_what_the_name_says(zh, en));
    }
    book
}
