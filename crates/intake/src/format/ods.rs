//! Spreadsheets in the open document format (.ods), of `LibreOffice` and WPS.
//!
//! Read directly, because merged, covered and hidden cells stand in the same stream as the values.

use std::collections::HashSet;

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::{
    Cell, Damage, Found, Limits, Merge, OpenError, Workbook,
    grid::{Budget, Grid, Layout},
    markup::{MAX_COLUMN, MAX_ROW, attribute, number, push_reference},
    package::Package,
    serial::iso_cell,
    xlsx::Tally,
};

const CONTENT: &str = "content.xml";

/// Reads a checked container with a `mimetype` and a `content.xml`.
pub(super) fn read(package: &mut Package<'_>, limits: &Limits) -> Result<Workbook, OpenError> {
    if package.has("META-INF/manifest.xml")
        && package.text("META-INF/manifest.xml")?.contains("encryption-data")
    {
        return Err(OpenError::Encrypted);
    }
    if !package.text("mimetype")?.contains("opendocument.spreadsheet") {
        return Err(OpenError::NotAWorkbook { found: Found::OpenDocumentOther });
    }
    let text = package.text(CONTENT)?;
    let mut content = Content {
        workbook: Workbook::default(),
        budget: Budget::new(limits),
        style: String::new(),
        hidden_styles: HashSet::new(),
        table: None,
    };
    let mut xml = Reader::from_str(&text);
    loop {
        match xml.read_event() {
            Ok(Event::Start(element)) => content.open(&element)?,
            Ok(Event::Empty(element)) => {
                content.open(&element)?;
                content.close(element.local_name().as_ref())?;
            }
            Ok(Event::End(element)) => content.close(element.local_name().as_ref())?,
            Ok(Event::Text(text)) => content.text(&text),
            Ok(Event::CData(text)) => content.text(&text.into_inner()),
            Ok(Event::GeneralRef(reference)) => {
                if let Some(cell) = content.writable() {
                    push_reference(&mut cell.text, &reference);
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(_) => {
                return Err(OpenError::Damaged(Damage::PartUnreadable(CONTENT.to_owned())));
            }
        }
    }
    if content.table.is_some() {
        return Err(OpenError::Damaged(Damage::Truncated));
    }
    Ok(content.workbook)
}

struct Content<'l> {
    workbook: Workbook,
    budget: Budget<'l>,
    /// The style being defined.
    style: String,
    /// Styles of sheets that are not shown.
    hidden_styles: HashSet<String>,
    table: Option<Table>,
}

struct Table {
    name: String,
    grid: Grid,
    layout: Layout,
    tally: Tally,
    /// Row, column and column definition to come, counted from 0.
    row: u32,
    column: u32,
    next_definition: u32,
    row_repeat: u32,
    /// Filled cells of the row at hand.
    row_cells: Vec<(u32, Cell)>,
    cell: Option<OpenCell>,
}

/// A cell whose text is being read.
#[derive(Default)]
struct OpenCell {
    kind: String,
    value: Option<String>,
    repeat: u32,
    columns_spanned: u32,
    rows_spanned: u32,
    has_formula: bool,
    text: String,
    n_paragraphs: u32,
    in_paragraph: bool,
    /// Depth inside of a comment or of a reading aid, whose text is not the value.
    aside: u32,
}

/// Elements inside of a cell whose text is not its value.
fn is_aside(name: &str) -> bool {
    matches!(name, "annotation" | "ruby-text")
}

impl Content<'_> {
    fn open(&mut self, element: &BytesStart<'_>) -> Result<(), OpenError> {
        let local = element.local_name();
        let name = local.as_ref();
        if let Some(cell) = self.table.as_mut().and_then(|table| table.cell.as_mut()) {
            cell.open(name, element);
            return Ok(());
        }
        match (name, self.table.as_mut()) {
            ("style", None) => {
                self.style = attribute(element, "name").unwrap_or_default().into_owned();
            }
            ("table-properties", None)
                if attribute(element, "display").is_some_and(|shown| shown == "false") =>
            {
                self.hidden_styles.insert(self.style.clone());
            }
            ("table", None) => {
                let table = Table::new(element, &self.hidden_styles);
                // Rows are told by the name of their sheet, so two of one name would be mixed up.
                if self.workbook.sheets.iter().any(|sheet| sheet.name == table.name) {
                    return Err(OpenError::Damaged(Damage::SheetNames));
                }
                self.table = Some(table);
            }
            ("table", Some(table)) => {
                return Err(OpenError::Damaged(Damage::Sheet(table.name.clone())));
            }
            ("table-column", Some(table)) => table.define_column(element),
            ("table-row", Some(table)) => table.begin_row(element),
            ("table-cell" | "covered-table-cell", Some(table)) => {
                table.cell = Some(OpenCell::new(element));
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), OpenError> {
        let Some(table) = self.table.as_mut() else { return Ok(()) };
        match name {
            "table-cell" | "covered-table-cell" => table.end_cell(&mut self.budget)?,
            "table-row" => table.end_row(&mut self.budget)?,
            "table" => {
                if let Some(table) = self.table.take() {
                    self.workbook.push(table.grid.finish(table.layout), &table.tally);
                }
            }
            _ => {
                if let Some(cell) = table.cell.as_mut() {
                    cell.close(name);
                }
            }
        }
        Ok(())
    }

    /// The cell whose text is at hand, if text counts here.
    fn writable(&mut self) -> Option<&mut OpenCell> {
        let cell = self.table.as_mut()?.cell.as_mut()?;
        (cell.in_paragraph && cell.aside == 0).then_some(cell)
    }

    fn text(&mut self, text: &str) {
        if let Some(cell) = self.writable() {
            cell.text.push_str(text);
        }
    }
}

impl Table {
    fn new(element: &BytesStart<'_>, hidden_styles: &HashSet<String>) -> Self {
        let name = attribute(element, "name").unwrap_or_default().into_owned();
        let style = attribute(element, "style-name").unwrap_or_default();
        let hidden = hidden_styles.contains(style.as_ref());
        Self {
            grid: Grid::new(&name),
            name,
            layout: Layout { hidden, ..Layout::default() },
            tally: Tally::default(),
            row: 0,
            column: 0,
            next_definition: 0,
            row_repeat: 1,
            row_cells: Vec::new(),
            cell: None,
        }
    }

    fn define_column(&mut self, element: &BytesStart<'_>) {
        let n_columns = repeat(element, "number-columns-repeated", MAX_COLUMN);
        let first = self.next_definition + 1;
        self.next_definition = (self.next_definition + n_columns).min(MAX_COLUMN);
        if is_hidden(element) {
            self.layout.hidden_columns.push((first, self.next_definition));
        }
    }

    fn begin_row(&mut self, element: &BytesStart<'_>) {
        self.column = 0;
        self.row_repeat = repeat(element, "number-rows-repeated", MAX_ROW);
        if is_hidden(element) {
            let last = self.row.saturating_add(self.row_repeat);
            self.layout.hidden_rows.push((self.row + 1, last));
            let why = attribute(element, "visibility");
            self.tally.filtered |= why.is_some_and(|why| why == "filter");
        }
    }

    fn end_cell(&mut self, budget: &mut Budget<'_>) -> Result<(), OpenError> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        if cell.columns_spanned > 1 || cell.rows_spanned > 1 {
            self.layout.merges.push(Merge {
                top: self.row + 1,
                left: self.column + 1,
                bottom: (self.row + cell.rows_spanned).min(MAX_ROW),
                right: (self.column + cell.columns_spanned).min(MAX_COLUMN),
            });
        }
        let (repeat, has_formula) = (cell.repeat, cell.has_formula);
        let value = cell.value();
        let copies = if value == Cell::Empty { 0 } else { repeat };
        if has_formula {
            self.tally.n_formulas += u64::from(repeat);
            self.tally.n_valueless += u64::from(repeat - copies);
        }
        // The first row of a repetition is put at once, so that the budget stops a wide one before it is collected.
        for copy in 0..copies {
            let column = self.column.saturating_add(copy);
            self.grid.put((self.row, column), value.clone(), budget)?;
            if self.row_repeat > 1 {
                self.row_cells.push((column, value.clone()));
            }
        }
        self.column = self.column.saturating_add(repeat);
        Ok(())
    }

    fn end_row(&mut self, budget: &mut Budget<'_>) -> Result<(), OpenError> {
        let cells = std::mem::take(&mut self.row_cells);
        if !cells.is_empty() {
            for copy in 1..self.row_repeat {
                for (column, value) in &cells {
                    let row = self.row.saturating_add(copy);
                    self.grid.put((row, *column), value.clone(), budget)?;
                }
            }
        }
        self.row = self.row.saturating_add(self.row_repeat);
        Ok(())
    }
}

impl OpenCell {
    fn new(element: &BytesStart<'_>) -> Self {
        let kind = attribute(element, "value-type").unwrap_or_default().into_owned();
        let holder = match kind.as_str() {
            "date" => "date-value",
            "boolean" => "boolean-value",
            "string" => "string-value",
            _ => "value",
        };
        Self {
            value: attribute(element, holder).map(std::borrow::Cow::into_owned),
            kind,
            repeat: repeat(element, "number-columns-repeated", MAX_COLUMN),
            columns_spanned: repeat(element, "number-columns-spanned", MAX_COLUMN),
            rows_spanned: repeat(element, "number-rows-spanned", MAX_ROW),
            has_formula: attribute(element, "formula").is_some(),
            ..Self::default()
        }
    }

    fn open(&mut self, name: &str, element: &BytesStart<'_>) {
        if is_aside(name) {
            self.aside += 1;
        }
        if self.aside > 0 {
            return;
        }
        match name {
            "p" | "h" => {
                if self.n_paragraphs > 0 {
                    self.text.push('\n');
                }
                self.n_paragraphs += 1;
                self.in_paragraph = true;
            }
            "s" => {
                let n_blanks = number(element, "c").unwrap_or(1).min(1_024);
                self.text.extend((0..n_blanks).map(|_| ' '));
            }
            "tab" => self.text.push('\t'),
            "line-break" => self.text.push('\n'),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if is_aside(name) {
            self.aside = self.aside.saturating_sub(1);
        } else if self.aside == 0 && matches!(name, "p" | "h") {
            self.in_paragraph = false;
        }
    }

    fn value(self) -> Cell {
        let number = self.value.as_deref().and_then(|value| value.trim().parse::<f64>().ok());
        match (self.kind.as_str(), number, self.value) {
            ("float" | "currency" | "percentage", Some(number), _) => Cell::Number(number),
            ("date", _, Some(value)) => iso_cell(&value),
            ("boolean", _, Some(value)) => Cell::Bool(value == "true"),
            // The text as shown is what the sender saw; the attribute stands in for text that is not stored.
            ("string", _, Some(value)) if self.n_paragraphs == 0 => Cell::Text(value),
            ("error", ..) => Cell::Error(self.text),
            _ if self.has_formula && is_error(&self.text) => Cell::Error(self.text),
            _ if self.text.is_empty() => Cell::Empty,
            _ => Cell::Text(self.text),
        }
    }
}

/// How a formula that failed is shown.
fn is_error(text: &str) -> bool {
    text.starts_with('#') || text.starts_with("Err:") || text.starts_with("错误:")
}

/// A count in an attribute: at least 1, and not more than a sheet has.
fn repeat(element: &BytesStart<'_>, name: &str, most: u32) -> u32 {
    number(element, name).map_or(1, |n| u32::try_from(n).unwrap_or(most).clamp(1, most))
}

fn is_hidden(element: &BytesStart<'_>) -> bool {
    attribute(element, "visibility").is_some_and(|v| matches!(v.as_ref(), "collapse" | "filter"))
}
