//! Web pages saved as .xls: what many export buttons write. Plain tables are read, layout tables are refused.

use encoding_rs::{Encoding, UTF_8};

use super::{
    Cell, Found, Limits, Measure, Merge, OpenError, Workbook,
    encoding::decode,
    grid::{Budget, Grid, Layout, beyond},
    xlsx::Tally,
};

/// Bytes at the beginning in which a page states its encoding.
const HEAD: usize = 2_048;
/// The widest span that the standard for web pages allows.
const WIDEST_SPAN: u32 = 1_000;
const TALLEST_SPAN: u32 = 65_534;

/// Reads the tables of a web page, one sheet each.
///
/// # Errors
/// [`Found::WebPage`] when there is no table, or a table inside of a table.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, OpenError> {
    let (text, file_notes) = if let Some(encoding) = stated_encoding(bytes) {
        (encoding.decode(bytes).0.into_owned(), Vec::new())
    } else {
        let decoded = decode(bytes);
        let file_notes = decoded.notes(|line| line as u64 + 1)?;
        (decoded.text, file_notes)
    };
    let mut page = Page {
        workbook: Workbook { sheets: Vec::new(), notes: file_notes },
        budget: Budget::new(limits),
        limits,
        table: None,
        skipped: None,
    };
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (token, after) = token(rest);
        page.take(token)?;
        rest = after;
    }
    page.end_table()?;
    if page.workbook.sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        return Err(OpenError::NotAWorkbook { found: Found::WebPage });
    }
    Ok(page.workbook)
}

/// The encoding that a page names, unless the bytes say plainly that it is another.
fn stated_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    if Encoding::for_bom(bytes).is_some() || std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    let named = head.split("charset=").nth(1)?.trim_start_matches(['"', '\'']);
    let label: String =
        named.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let encoding = Encoding::for_label(label.as_bytes())?;
    (encoding != UTF_8).then_some(encoding)
}

/// A piece of a page.
enum Token<'t> {
    Text(&'t str),
    /// Name in lower case, attributes as written.
    Open(String, &'t str),
    Close(String),
    /// Comments and declarations.
    Other,
}

/// Cuts the first piece off; there must be one.
fn token(text: &str) -> (Token<'_>, &str) {
    if let Some(comment) = text.strip_prefix("<!--") {
        let end = comment.find("-->").map_or(comment.len(), |at| at + 3);
        return (Token::Other, &comment[end..]);
    }
    let Some(tag) = text.strip_prefix('<') else {
        let end = text.find('<').unwrap_or(text.len());
        return (Token::Text(&text[..end]), &text[end..]);
    };
    let is_tag = tag.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
    if !is_tag {
        // A lone “<” in text.
        return (Token::Text(&text[..1]), tag);
    }
    let end = tag_end(tag);
    let (inside, after) = (&tag[..end], tag.get(end + 1..).unwrap_or_default());
    if inside.starts_with(['!', '?']) {
        return (Token::Other, after);
    }
    let (closes, inside) = inside.strip_prefix('/').map_or((false, inside), |rest| (true, rest));
    let name_end = inside
        .find(|c: char| !c.is_ascii_alphanumeric() && c != ':' && c != '-')
        .unwrap_or(inside.len());
    let name = inside[..name_end].to_ascii_lowercase();
    if closes {
        return (Token::Close(name), after);
    }
    (Token::Open(name, &inside[name_end..]), after)
}

/// Where a tag ends: at the first “>” outside of quotation marks.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    tag.find('>').unwrap_or(tag.len())
}

struct Page<'l> {
    workbook: Workbook,
    budget: Budget<'l>,
    limits: &'l Limits,
    table: Option<Table>,
    /// Inside of a script or style sheet, whose text is none.
    skipped: Option<String>,
}

struct Table {
    grid: Grid,
    merges: Vec<Merge>,
    /// Rows begun.
    n_rows: u32,
    /// Column of the next cell.
    column: u32,
    /// For each column, up to which row, counted from 0 and exclusive, a cell from above covers it.
    covered: Vec<u32>,
    cell: Option<OpenCell>,
}

struct OpenCell {
    text: String,
    columns: u32,
    rows: u32,
}

impl Page<'_> {
    fn take(&mut self, token: Token<'_>) -> Result<(), OpenError> {
        if let Some(name) = &self.skipped {
            if matches!(&token, Token::Close(closed) if closed == name) {
                self.skipped = None;
            }
            return Ok(());
        }
        match token {
            Token::Text(text) => self.text(text),
            Token::Open(name, attributes) => return self.open(&name, attributes),
            Token::Close(name) => match name.as_str() {
                "table" => return self.end_table(),
                "td" | "th" | "tr" => return self.end_cell(),
                _ => {}
            },
            Token::Other => {}
        }
        Ok(())
    }

    fn open(&mut self, name: &str, attributes: &str) -> Result<(), OpenError> {
        match name {
            "script" | "style" => self.skipped = Some(name.to_owned()),
            "table" if self.table.is_some() => {
                return Err(OpenError::NotAWorkbook { found: Found::WebPage });
            }
            "table" => self.begin_table()?,
            "tr" => {
                self.end_cell()?;
                if let Some(table) = &mut self.table {
                    table.n_rows += 1;
                    table.column = 0;
                }
            }
            "td" | "th" => {
                self.end_cell()?;
                if let Some(table) = &mut self.table {
                    table.begin_cell(attributes);
                }
            }
            "br" | "p" | "div" => {
                if let Some(cell) = self.table.as_mut().and_then(|table| table.cell.as_mut())
                    && !cell.text.is_empty()
                {
                    cell.text.push('\n');
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn begin_table(&mut self) -> Result<(), OpenError> {
        let n_sheets = self.workbook.sheets.len();
        if n_sheets as u64 >= u64::from(self.limits.zip_members) {
            return Err(beyond(Measure::Sheets, self.limits.zip_members.into(), ""));
        }
        let name = if n_sheets == 0 { String::new() } else { format!("{}", n_sheets + 1) };
        self.table = Some(Table {
            grid: Grid::new(&name),
            merges: Vec::new(),
            n_rows: 0,
            column: 0,
            covered: Vec::new(),
            cell: None,
        });
        Ok(())
    }

    fn end_table(&mut self) -> Result<(), OpenError> {
        self.end_cell()?;
        if let Some(table) = self.table.take() {
            let layout = Layout { merges: table.merges, ..Layout::default() };
            self.workbook.push(table.grid.finish(layout), &Tally::default());
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let Some(cell) = self.table.as_mut().and_then(|table| table.cell.as_mut()) else { return };
        // Blanks and line ends of the source count as one blank.
        for c in unescape(text).chars() {
            let is_space = c.is_ascii_whitespace();
            let after_space = cell.text.is_empty() || cell.text.ends_with([' ', '\n']);
            match (is_space, after_space) {
                (true, true) => {}
                (true, false) => cell.text.push(' '),
                (false, _) => cell.text.push(c),
            }
        }
    }

    fn end_cell(&mut self) -> Result<(), OpenError> {
        let Some(table) = &mut self.table else { return Ok(()) };
        let Some(cell) = table.cell.take() else { return Ok(()) };
        let row = table.n_rows.saturating_sub(1);
        let column = table.column;
        if column >= self.limits.columns {
            return Err(beyond(Measure::Columns, self.limits.columns.into(), ""));
        }
        let text = cell.text.trim_end_matches([' ', '\n']).to_owned();
        table.grid.put((row, column), Cell::Text(text), &mut self.budget)?;
        table.cover(row, column, &cell);
        Ok(())
    }
}

impl Table {
    fn begin_cell(&mut self, attributes: &str) {
        let row = self.n_rows.saturating_sub(1);
        while self.covered.get(self.column as usize).is_some_and(|until| *until > row) {
            self.column += 1;
        }
        let span = |name, most| span(attributes, name).clamp(1, most);
        self.cell = Some(OpenCell {
            text: String::new(),
            columns: span("colspan", WIDEST_SPAN),
            rows: span("rowspan", TALLEST_SPAN),
        });
    }

    /// Steps over the columns of a cell and remembers how far down it reaches.
    fn cover(&mut self, row: u32, column: u32, cell: &OpenCell) {
        let end = column + cell.columns;
        self.column = end;
        if cell.columns == 1 && cell.rows == 1 {
            return;
        }
        if self.covered.len() < end as usize {
            self.covered.resize(end as usize, 0);
        }
        self.covered[column as usize..end as usize].fill(row + cell.rows);
        self.merges.push(Merge {
            top: row + 1,
            left: column + 1,
            bottom: row + cell.rows,
            right: end,
        });
    }
}

/// The number in an attribute such as `colspan="3"`; 1 when there is none.
fn span(attributes: &str, name: &str) -> u32 {
    let lower = attributes.to_ascii_lowercase();
    let Some((_, after)) = lower.split_once(name) else { return 1 };
    let Some(value) = after.trim_start().strip_prefix('=') else { return 1 };
    let digits: String = value
        .trim_start()
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(char::is_ascii_digit)
        .take(6)
        .collect();
    digits.parse().unwrap_or(1)
}

/// Replaces the references that exports write; others stay as they are.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        let character = end.and_then(|end| reference(&rest[1..end]));
        if let (Some(character), Some(end)) = (character, end) {
            plain.push(character);
            rest = &rest[end + 1..];
        } else {
            plain.push('&');
            rest = &rest[1..];
        }
    }
    plain.push_str(rest);
    plain
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        "middot" => Some('\u{b7}'),
        "ensp" => Some('\u{2002}'),
        "emsp" => Some('\u{2003}'),
        _ => None,
    }
}
