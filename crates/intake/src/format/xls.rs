//! Workbooks of Excel 97 to 2003 and of WPS (.xls, and .et in the same form).
//!
//! The container and the records are checked first; calamine then decodes the values.

use std::io::Cursor;

use calamine::{Reader as _, SheetType, Xls};

use super::{
    Damage, Found, Limits, OpenError, Workbook, biff,
    compound::Compound,
    foreign::{cell, fenced},
    grid::{Budget, Grid},
};

/// Reads a compound file.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, OpenError> {
    let compound = Compound::open(bytes)?;
    if compound.has("EncryptedPackage") || compound.has("EncryptionInfo") {
        return Err(OpenError::Encrypted);
    }
    let Some(stream) = compound.stream("Workbook")? else { return Err(stranger(&compound)) };
    let structures = biff::structures(&stream, limits)?;
    drop(stream);
    fenced(|| Damage::Workbook, || values(bytes, structures, limits))
}

fn values(
    bytes: &[u8],
    structures: Vec<biff::Structure>,
    limits: &Limits,
) -> Result<Workbook, OpenError> {
    let damaged = || OpenError::Damaged(Damage::Workbook);
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let is_1904 = book.has_1904_epoch();
    let metadata = book.sheets_metadata().to_vec();
    if metadata.len() != structures.len() {
        return Err(damaged());
    }
    let (mut workbook, mut budget) = (Workbook::default(), Budget::new(limits));
    for (at, (meta, structure)) in metadata.iter().zip(structures).enumerate() {
        if metadata[..at].iter().any(|earlier| earlier.name == meta.name) {
            return Err(OpenError::Damaged(Damage::SheetNames));
        }
        if meta.typ != SheetType::WorkSheet || structure.kind != 0 {
            continue;
        }
        let range = book.worksheet_range(&meta.name).map_err(|_| damaged())?;
        let (top, left) = range.start().unwrap_or_default();
        let mut grid = Grid::new(&meta.name);
        for (row, column, value) in range.used_cells() {
            let (row, column) = (u32::try_from(row), u32::try_from(column));
            let (Ok(row), Ok(column)) = (row, column) else { return Err(damaged()) };
            grid.put((top + row, left + column), cell(value.clone(), is_1904), &mut budget)?;
        }
        workbook.push(grid.finish(structure.layout), &structure.tally);
    }
    Ok(workbook)
}

/// What a compound file without a workbook is.
fn stranger(compound: &Compound<'_>) -> OpenError {
    let has = |name: &str| compound.has(name);
    match () {
        () if has("Book") => OpenError::Unsupported { found: Found::OldExcel },
        () if has("ET_Workbook") => OpenError::Unsupported { found: Found::WpsSpreadsheet },
        () if has("WordDocument") => OpenError::NotAWorkbook { found: Found::Document },
        () if has("PowerPoint Document") => OpenError::NotAWorkbook { found: Found::Presentation },
        () => OpenError::NotAWorkbook { found: Found::Unknown },
    }
}
