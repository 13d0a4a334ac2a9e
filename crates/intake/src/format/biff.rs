//! The records of an .xls workbook (MS-XLS), as far as they tell the structure of its sheets.

use super::{
    Damage, Found, Limits, Measure, Merge, OpenError,
    compound::u16_at,
    grid::{Layout, beyond},
    xlsx::Tally,
};

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const FILE_PASS: u16 = 0x002F;
const BOUND_SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const ROW: u16 = 0x0208;
const COL_INFO: u16 = 0x007D;
const MERGE_CELLS: u16 = 0x00E5;
const FORMULA: u16 = 0x0006;
const MUL_RK: u16 = 0x00BD;
const AUTO_FILTER: u16 = 0x009D;
/// Records of one cell: number, label, rich label, truth or error, packed number, shared label, formula.
const ONE_CELL: [u16; 7] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, FORMULA];
/// Version in the first record of a workbook of Excel 97 to 2003.
const BIFF8: u16 = 0x0600;

/// Columns of an .xls sheet; it has 65,536 rows, as many as its row numbers can say.
const COLUMNS: u32 = 256;

/// What the records of a sheet say besides the values of its cells.
pub(super) struct Structure {
    /// 0 for a worksheet; charts and macros have other kinds.
    pub(super) kind: u8,
    pub(super) layout: Layout,
    pub(super) tally: Tally,
    bounds: Bounds,
}

/// Rectangle around the cells of a sheet.
#[derive(Default)]
struct Bounds {
    corner: Option<[u32; 4]>,
}

impl Bounds {
    fn add(&mut self, row: u16, columns: (u16, u16)) {
        let (row, first, last) = (u32::from(row), u32::from(columns.0), u32::from(columns.1));
        let [top, left, bottom, right] = self.corner.unwrap_or([row, first, row, last]);
        self.corner = Some([top.min(row), left.min(first), bottom.max(row), right.max(last)]);
    }

    fn area(&self) -> u64 {
        let [top, left, bottom, right] = self.corner.unwrap_or([1, 1, 0, 0]);
        u64::from((bottom + 1).saturating_sub(top)) * u64::from((right + 1).saturating_sub(left))
    }
}

/// Reads the structure of every sheet of a workbook stream, in the order of the tabs.
///
/// # Errors
/// Locked or old workbooks, records beyond the stream, and sheets whose rectangle, which the reader of the values
/// allocates, has more cells than allowed.
pub(super) fn structures(stream: &[u8], limits: &Limits) -> Result<Vec<Structure>, OpenError> {
    let damaged = || OpenError::Damaged(Damage::Workbook);
    let mut sheets: Vec<(usize, u8, u8)> = Vec::new();
    for (n_records, record) in records(stream, 0).enumerate() {
        let (kind, data) = record?;
        match kind {
            BOF if n_records == 0 && u16_at(data, 0) != Some(BIFF8) => {
                return Err(OpenError::Unsupported { found: Found::OldExcel });
            }
            _ if n_records == 0 && kind != BOF => return Err(damaged()),
            FILE_PASS => return Err(OpenError::Encrypted),
            BOUND_SHEET => {
                let [p0, p1, p2, p3, state, kind, ..] = *data else { return Err(damaged()) };
                let start = u32::from_le_bytes([p0, p1, p2, p3]) as usize;
                // Sheets that share their records would be read once for each of them.
                if sheets.iter().any(|(earlier, ..)| *earlier == start) {
                    return Err(damaged());
                }
                sheets.push((start, state, kind));
            }
            EOF => break,
            _ => {}
        }
    }
    if sheets.is_empty() {
        return Err(damaged());
    }
    if sheets.len() as u64 > u64::from(limits.zip_members) {
        return Err(OpenError::Limit {
            what: Measure::Sheets,
            limit: limits.zip_members.into(),
            sheet: None,
        });
    }
    let mut area = 0;
    let mut structures = Vec::new();
    for (start, state, kind) in sheets {
        let mut structure = sheet(stream, start, limits)?;
        structure.kind = kind;
        structure.layout.hidden = state & 0x3 != 0;
        area += structure.bounds.area();
        if area > limits.cells {
            return Err(beyond(Measure::Cells, limits.cells, ""));
        }
        structures.push(structure);
    }
    Ok(structures)
}

fn sheet(stream: &[u8], start: usize, limits: &Limits) -> Result<Structure, OpenError> {
    let damaged = || OpenError::Damaged(Damage::Workbook);
    let mut structure = Structure {
        kind: 0,
        layout: Layout::default(),
        tally: Tally::default(),
        bounds: Bounds::default(),
    };
    if start >= stream.len() {
        return Err(damaged());
    }
    // Charts inside of a sheet are streams of their own, with a beginning and an end.
    let mut depth = 0;
    for record in records(stream, start) {
        let (kind, data) = record?;
        match kind {
            BOF => depth += 1,
            EOF if depth <= 1 => return Ok(structure),
            EOF => depth -= 1,
            _ if depth == 1 => structure.visit(kind, data, limits)?,
            _ => {}
        }
    }
    Err(OpenError::Damaged(Damage::Truncated))
}

impl Structure {
    fn visit(&mut self, kind: u16, data: &[u8], limits: &Limits) -> Result<(), OpenError> {
        let damaged = || OpenError::Damaged(Damage::Workbook);
        let at = |place: usize| u16_at(data, place).ok_or_else(damaged);
        match kind {
            DIMENSIONS => check_dimensions(data, limits),
            ROW => {
                if at(12)? & 0x20 != 0 {
                    let row = u32::from(at(0)?) + 1;
                    self.layout.hidden_rows.push((row, row));
                }
                Ok(())
            }
            COL_INFO => {
                if at(8)? & 1 != 0 {
                    let span = (u32::from(at(0)?) + 1, u32::from(at(2)?) + 1);
                    self.layout.hidden_columns.push(span);
                }
                Ok(())
            }
            MERGE_CELLS => self.merges(data).ok_or_else(damaged),
            AUTO_FILTER => {
                self.tally.filtered = true;
                Ok(())
            }
            MUL_RK => {
                let last = data.len().checked_sub(2).ok_or_else(damaged)?;
                self.cells(at(0)?, (at(2)?, at(last)?))
            }
            _ if ONE_CELL.contains(&kind) => {
                self.tally.n_formulas += u64::from(kind == FORMULA);
                self.cells(at(0)?, (at(2)?, at(2)?))
            }
            _ => Ok(()),
        }
    }

    fn cells(&mut self, row: u16, columns: (u16, u16)) -> Result<(), OpenError> {
        if columns.0 > columns.1 || u32::from(columns.1) >= COLUMNS {
            return Err(OpenError::Damaged(Damage::Workbook));
        }
        self.bounds.add(row, columns);
        Ok(())
    }

    fn merges(&mut self, data: &[u8]) -> Option<()> {
        let n_merges = usize::from(u16_at(data, 0)?);
        for region in 0..n_merges {
            let at = |i: usize| u16_at(data, 2 + region * 8 + i * 2).map(|n| u32::from(n) + 1);
            let (top, bottom, left, right) = (at(0)?, at(1)?, at(2)?, at(3)?);
            self.layout.merges.push(Merge { top, left, bottom, right });
        }
        Some(())
    }
}

/// The reader of the values reserves memory for the rectangle that a sheet declares.
fn check_dimensions(data: &[u8], limits: &Limits) -> Result<(), OpenError> {
    let damaged = || OpenError::Damaged(Damage::Workbook);
    let [a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, d0, d1, ..] = *data else { return Err(damaged()) };
    let (top, bottom) =
        (u32::from_le_bytes([a0, a1, a2, a3]), u32::from_le_bytes([b0, b1, b2, b3]));
    let (left, right) = (u16::from_le_bytes([c0, c1]), u16::from_le_bytes([d0, d1]));
    let is_empty = bottom == 0 || right == 0;
    if bottom > 65_536 || u32::from(right) > COLUMNS || (!is_empty && top >= bottom) {
        return Err(damaged());
    }
    let left = if left >= right { 0 } else { left };
    let area = u64::from(bottom.saturating_sub(top)) * u64::from(right - left);
    if area > limits.cells { Err(beyond(Measure::Cells, limits.cells, "")) } else { Ok(()) }
}

/// Kind and content of each record from a place on.
fn records(stream: &[u8], start: usize) -> impl Iterator<Item = Result<(u16, &[u8]), OpenError>> {
    let mut rest = stream.get(start..).unwrap_or_default();
    std::iter::from_fn(move || {
        let kind = u16_at(rest, 0)?;
        let length = usize::from(u16_at(rest, 2)?);
        let Some(data) = rest.get(4..4 + length) else {
            rest = &[];
            return Some(Err(OpenError::Damaged(Damage::Truncated)));
        };
        rest = &rest[4 + length..];
        Some(Ok((kind, data)))
    })
}
