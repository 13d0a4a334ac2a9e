//! Workbooks of Excel since 2007 (.xlsx, .xlsm) and of WPS.
//!
//! The structure of each sheet is read first, refusing positions that do not exist; calamine then streams the values,
//! so that a single far cell does not become a grid as large as the sheet could be.

use std::io::Cursor;

use calamine::{Data, Reader as _, SheetType, SheetVisible, Xlsx};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::{
    Damage, Found, Limits, Merge, OpenError, Sheet, Workbook,
    foreign::{cell, fenced},
    grid::{Budget, Grid, Layout},
    markup::{MAX_ROW, attribute, flag, number, position},
    notes,
    package::Package,
};

type Book<'b> = Xlsx<Cursor<&'b [u8]>>;

/// Reads a checked container that holds a workbook.
pub(super) fn read(
    bytes: &[u8],
    package: &mut Package<'_>,
    limits: &Limits,
) -> Result<Workbook, OpenError> {
    let parts = SheetParts::find(package)?;
    check_string_count(package, &parts.folder)?;
    let damaged = || Damage::Workbook;
    let mut book: Book<'_> = fenced(damaged, || {
        Xlsx::new(Cursor::new(bytes)).map_err(|_| OpenError::Damaged(Damage::Workbook))
    })?;
    let (mut workbook, mut budget) = (Workbook::default(), Budget::new(limits));
    for meta in book.sheets_metadata().to_vec() {
        if meta.typ != SheetType::WorkSheet {
            continue;
        }
        let Some(part) = parts.of(&meta.name)? else { continue };
        let mut structure = Structure::read(&package.text(part)?, &meta.name)?;
        structure.layout.hidden = meta.visible != SheetVisible::Visible;
        let grid = values(&mut book, &meta.name, &mut budget)?;
        workbook.push(grid.finish(structure.layout), &structure.tally);
    }
    Ok(workbook)
}

/// What the cells of a sheet need noted.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) n_formulas: u64,
    pub(super) n_valueless: u64,
    pub(super) filtered: bool,
}

impl Workbook {
    /// Adds a finished sheet with the notes about it.
    pub(super) fn push(&mut self, sheet: Sheet, tally: &Tally) {
        self.notes.extend(notes::hidden(&sheet, tally.filtered));
        self.notes.extend(notes::formulas(&sheet.name, tally.n_formulas, tally.n_valueless));
        self.sheets.push(sheet);
    }
}

fn values(book: &mut Book<'_>, sheet: &str, budget: &mut Budget<'_>) -> Result<Grid, OpenError> {
    let damaged = || Damage::Sheet(sheet.to_owned());
    fenced(damaged, || {
        let is_1904 = book.has_1904_epoch();
        let failed = |_| OpenError::Damaged(damaged());
        let mut cells = book.worksheet_cells_reader(sheet).map_err(failed)?;
        let mut grid = Grid::new(sheet);
        while let Some(found) = cells.next_cell().map_err(failed)? {
            let value = Data::from(found.get_value().clone());
            grid.put(found.get_position(), cell(value, is_1904), budget)?;
        }
        Ok(grid)
    })
}

/// Which part of the container holds which sheet.
struct SheetParts {
    /// The folder of the workbook part, with a slash: `xl/`.
    folder: String,
    /// Name and part of every sheet, in the order of the tabs.
    sheets: Vec<(String, String)>,
}

impl SheetParts {
    fn find(package: &mut Package<'_>) -> Result<Self, OpenError> {
        let workbook = main_part(package)?;
        let (folder, file) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let relations = relations(package, &format!("{folder}_rels/{file}.rels"))?;
        let text = package.text(&workbook)?;
        let mut sheets = Vec::new();
        each_element(&text, &workbook, |element| {
            if element.local_name().as_ref() != "sheet" {
                return;
            }
            let target = attribute(element, "id").and_then(|id| {
                relations.iter().find(|(known, ..)| *known == id).map(|(_, _, target)| target)
            });
            if let (Some(name), Some(target)) = (attribute(element, "name"), target) {
                sheets.push((name.into_owned(), resolve(&folder, target)));
            }
        })?;
        Ok(Self { folder, sheets })
    }

    /// # Errors
    /// [`Damage::SheetNames`] when the name is not unique.
    fn of(&self, name: &str) -> Result<Option<&str>, OpenError> {
        let mut parts = self.sheets.iter().filter(|(known, _)| known == name);
        let part = parts.next().map(|(_, part)| part.as_str());
        if parts.next().is_some() {
            return Err(OpenError::Damaged(Damage::SheetNames));
        }
        Ok(part)
    }
}

/// The part that is the workbook.
fn main_part(package: &mut Package<'_>) -> Result<String, OpenError> {
    const USUAL: &str = "xl/workbook.xml";
    let stated = relations(package, "_rels/.rels")?
        .into_iter()
        .find(|(_, kind, _)| kind.ends_with("/officeDocument"))
        .map(|(_, _, target)| resolve("", &target));
    match stated {
        Some(part) if part.to_lowercase().ends_with(".bin") => {
            Err(OpenError::Unsupported { found: Found::Xlsb })
        }
        Some(part) if package.has(&part) => Ok(part),
        Some(_) | None => Ok(USUAL.to_owned()),
    }
}

/// Id, type and target of each relation in a part; none when there is no such part.
fn relations(
    package: &mut Package<'_>,
    part: &str,
) -> Result<Vec<(String, String, String)>, OpenError> {
    let mut relations = Vec::new();
    if !package.has(part) {
        return Ok(relations);
    }
    let text = package.text(part)?;
    each_element(&text, part, |element| {
        if element.local_name().as_ref() == "Relationship" {
            let value = |name| attribute(element, name).unwrap_or_default().into_owned();
            relations.push((value("Id"), value("Type"), value("Target")));
        }
    })?;
    Ok(relations)
}

/// The part that a relation points at, seen from a folder.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            ".." => {
                steps.pop();
            }
            "" | "." => {}
            _ => steps.push(step),
        }
    }
    steps.join("/")
}

fn each_element(
    text: &str,
    part: &str,
    mut visit: impl FnMut(&BytesStart<'_>),
) -> Result<(), OpenError> {
    let mut xml = Reader::from_str(text);
    loop {
        match xml.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => visit(&element),
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(_) => return Err(OpenError::Damaged(Damage::PartUnreadable(part.to_owned()))),
        }
    }
}

/// The shortest text in the table of texts is `<si/>`.
const SHORTEST_STRING: u64 = 5;

/// Refuses a count of texts that readers would reserve memory for and that cannot be true.
fn check_string_count(package: &mut Package<'_>, folder: &str) -> Result<(), OpenError> {
    let part = format!("{folder}sharedStrings.xml");
    let Some((stream, bytes)) = package.stream(&part)? else { return Ok(()) };
    let mut xml = Reader::from_reader(stream);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(table) | Event::Empty(table))
                if table.local_name().as_ref() == "sst" =>
            {
                let declared = attribute(&table, "uniqueCount")
                    .map_or(0, |text| text.trim().parse().unwrap_or(u64::MAX));
                if declared > bytes / SHORTEST_STRING {
                    return Err(OpenError::Damaged(Damage::StringCount { declared, bytes }));
                }
                return Ok(());
            }
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(_) => return Err(OpenError::Damaged(Damage::PartUnreadable(part))),
        }
    }
}

/// What a sheet part says besides the values of its cells.
#[derive(Default)]
struct Structure {
    layout: Layout,
    tally: Tally,
}

impl Structure {
    fn read(text: &str, sheet: &str) -> Result<Self, OpenError> {
        let damaged = || OpenError::Damaged(Damage::Sheet(sheet.to_owned()));
        let mut structure = Self::default();
        let mut xml = Reader::from_str(text);
        let (mut has_formula, mut has_value) = (false, false);
        loop {
            match xml.read_event().map_err(|_| damaged())? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "f" => has_formula = true,
                    "v" | "is" => has_value = true,
                    "c" => {
                        (has_formula, has_value) = (false, false);
                        check_cell(&element, sheet)?;
                    }
                    name => structure.visit(name, &element, sheet)?,
                },
                Event::Empty(element) => match element.local_name().as_ref() {
                    // A formula shared with another cell has no text of its own.
                    "f" => has_formula = true,
                    "c" => check_cell(&element, sheet)?,
                    name => structure.visit(name, &element, sheet)?,
                },
                Event::End(element) => {
                    if has_formula && element.local_name().as_ref() == "c" {
                        structure.tally.n_formulas += 1;
                        structure.tally.n_valueless += u64::from(!has_value);
                        has_formula = false;
                    }
                }
                Event::Eof => return Ok(structure),
                Event::Text(_)
                | Event::CData(_)
                | Event::GeneralRef(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_) => {}
            }
        }
    }

    fn visit(
        &mut self,
        name: &str,
        element: &BytesStart<'_>,
        sheet: &str,
    ) -> Result<(), OpenError> {
        match name {
            "row" => self.row(element, sheet),
            "col" => {
                if flag(element, "hidden") {
                    let end = |name| number(element, name).and_then(|n| u32::try_from(n).ok());
                    self.layout.hidden_columns.extend(end("min").zip(end("max")));
                }
                Ok(())
            }
            "mergeCell" => self.merge(element, sheet),
            "autoFilter" => {
                self.tally.filtered = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn row(&mut self, element: &BytesStart<'_>, sheet: &str) -> Result<(), OpenError> {
        let Some(written) = attribute(element, "r") else { return Ok(()) };
        let row = written.trim().parse().ok().filter(|row| (1..=MAX_ROW).contains(row));
        let Some(row) = row else { return Err(no_such_place(&written, sheet)) };
        if flag(element, "hidden") {
            self.layout.hidden_rows.push((row, row));
        }
        Ok(())
    }

    fn merge(&mut self, element: &BytesStart<'_>, sheet: &str) -> Result<(), OpenError> {
        let written = attribute(element, "ref").unwrap_or_default();
        let (first, last) = written.split_once(':').unwrap_or((&written, &written));
        let (Some((top, left)), Some((bottom, right))) = (position(first), position(last)) else {
            return Err(no_such_place(&written, sheet));
        };
        self.layout.merges.push(Merge { top, left, bottom, right });
        Ok(())
    }
}

fn check_cell(element: &BytesStart<'_>, sheet: &str) -> Result<(), OpenError> {
    match attribute(element, "r") {
        Some(written) if position(&written).is_none() => Err(no_such_place(&written, sheet)),
        Some(_) | None => Ok(()),
    }
}

fn no_such_place(written: &str, sheet: &str) -> OpenError {
    let reference = written.chars().filter(|c| !c.is_control()).take(24).collect();
    OpenError::Damaged(Damage::Position { sheet: sheet.to_owned(), reference })
}
