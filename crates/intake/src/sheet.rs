//! One sheet, from grid to outcome of every row.

mod beside;
mod hopeless;
mod reports;
mod rows;
mod usable;
mod whose;

use std::{borrow::Cow, collections::HashMap};

use baoxue_claim::{Doubt, Guardian, IdMention, Source, TownCode};
use chrono::{Datelike, Months, NaiveDate};

use crate::{
    Aside, Context, Field, Level, Message, Outcome, Question, Recognised, Returned, Row, Sender,
    SheetReading,
    columns::{self, Columns, Evidence},
    correction::{self, Correction},
    day,
    format::Sheet,
    grid::{Grid, number},
    header::Header,
    notes::Notes,
    place::Places,
    text::fold,
    values::Looks,
    words::Lexicon,
};

/// Data rows whose values are looked at to tell what a column is.
const SAMPLED: usize = 200;

/// What is shared by the sheets of a workbook.
pub(crate) struct Desk<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) places: Places<'a>,
    /// Records so far in this file.
    pub(crate) records: u32,
}

/// A sheet read, with what is to be asked and said about it.
pub(crate) struct Done {
    pub(crate) reading: SheetReading,
    pub(crate) questions: Vec<Question>,
    pub(crate) notes: Notes,
    /// Why the whole file must go back, see [`Reading::refused`](crate::Reading::refused).
    pub(crate) refused: Option<Message>,
}

/// A sheet whose header, sender and day are known; its rows are not read yet.
pub(crate) struct Understood<'g> {
    pub(crate) grid: &'g Grid<'g>,
    pub(crate) header: Header,
    pub(crate) columns: Columns,
    pub(crate) source: Option<Source>,
    pub(crate) as_of: NaiveDate,
    pub(crate) own_day: NaiveDate,
    pub(crate) town: Option<TownCode>,
    pub(crate) heading: String,
    pub(crate) sender: Sender,
    /// The one school whose list it is, when title, sheet or file name it.
    pub(crate) school: Option<String>,
    /// Whether a question asks which column holds the names.
    pub(crate) asks_name: bool,
    /// Whether the sheet is to be left alone, by answer or because nobody is meant.
    pub(crate) ignore: bool,
    /// Whether the column of IDs holds numbers that lost their last three digits and show zeros for them.
    pub(crate) zeroed: bool,
    /// Heads of households by household number, in lists that have one row per member.
    pub(crate) heads: HashMap<String, Guardian>,
}

impl Desk<'_> {
    /// Reads one sheet: once, or once for each of several tables side by side on it.
    pub(crate) fn read(&mut self, sheet: &Sheet) -> Vec<Done> {
        let grid = Grid::new(sheet);
        let mut notes = Notes::new(&sheet.name);
        if sheet.hidden {
            notes.say(Level::Notice, "SHEET_HIDDEN", (None, None), HIDDEN);
        }
        let hidden = sheet.hidden_rows.len() + sheet.hidden_columns.len();
        if hidden > 0 {
            notes.say(Level::Notice, "ROWS_HIDDEN", (None, None), HIDDEN_ROWS);
        }
        let correction =
            Correction::read(grid.row(0).first().map_or("", String::as_str), self.context.towns);
        let Some(header) = Header::find(&grid) else {
            return vec![rows::without_header(self.context, sheet, &grid, notes)];
        };
        let told = correction.clone().unwrap_or_default();
        let parts = self.unfold((sheet, &grid), &header, &told, &mut notes);
        let mut dones = match parts {
            None => vec![self.table(sheet, (grid, header), correction, notes)],
            Some(parts) => {
                drop(grid);
                self.tables(&parts, correction.as_ref(), notes)
            }
        };
        rows::check_totals(&mut dones);
        dones
    }

    /// Reads the tables of one sheet.
    fn tables(
        &mut self,
        parts: &[Sheet],
        correction: Option<&Correction>,
        notes: Notes,
    ) -> Vec<Done> {
        let mut notes = Some(notes);
        let mut dones = Vec::with_capacity(parts.len());
        for part in parts {
            let grid = Grid::new(part);
            let notes = notes.take().unwrap_or_else(|| Notes::new(&part.name));
            dones.push(match Header::find(&grid) {
                Some(header) => self.table(part, (grid, header), correction.cloned(), notes),
                None => rows::without_header(self.context, part, &grid, notes),
            });
        }
        beside::settle(&mut dones);
        dones
    }

    /// Reads one table.
    fn table(
        &mut self,
        sheet: &Sheet,
        (grid, header): (Grid<'_>, Header),
        correction: Option<Correction>,
        mut notes: Notes,
    ) -> Done {
        let origin = correction.clone();
        let (understood, mut questions) = self.understand(&grid, header, correction, &mut notes);
        for question in &mut questions {
            question.sheet.clone_from(&sheet.name);
        }
        let (mut reading, refused) = rows::read(self, sheet, &understood, &mut notes);
        for (row, cells) in reading.rows.iter_mut().zip(grid.into_rows()) {
            row.cells = cells;
        }
        reading.returned = origin.map(|origin| returned(origin, &reading.rows));
        notes.finish();
        Done { reading, questions, notes, refused }
    }

    /// Who was born after this day is a child.
    fn child_from(&self) -> NaiveDate {
        let years = Months::new(12 * u32::from(self.context.adult_age));
        self.context.as_of.checked_sub_months(years).unwrap_or(NaiveDate::MIN)
    }

    fn understand<'g>(
        &self,
        grid: &'g Grid<'g>,
        header: Header,
        correction: Option<Correction>,
        notes: &mut Notes,
    ) -> (Understood<'g>, Vec<Question>) {
        let correction = correction.unwrap_or_default();
        let sheet_name = notes.sheet.clone();
        let heading = Heading::of((grid, &header), &sheet_name, self.context.file, &correction);
        let whose = self.whose(grid, &header, &heading, &correction);
        let source = whose.source();
        if whose.common {
            notes.say(Level::Notice, "LAYOUT_COMMON", (None, None), LAYOUT_COMMON);
        }
        let (looks, samples) = look(grid, &header, self.lexicon);
        let layout = whose.layout.as_ref();
        let child_from = self.child_from();
        let evidence = Evidence {
            header: &header,
            source,
            looks: &looks,
            samples: &samples,
            layout,
            child_from,
        };
        let (columns, mut questions) = columns::assign(&evidence);
        if whose.is_doubtful() {
            questions.insert(0, ask_source(source));
            notes.say(Level::Warning, "SOURCE_UNCERTAIN", (None, None), SOURCE_UNCERTAIN);
        }
        let (as_of, own_day) = self.days(grid, &header, &heading);
        say_columns(&columns, &questions, notes);
        let heads = heads(grid, &header, &columns);
        let zeroed = zeroed(grid, &header, &columns);
        let asks_name = questions.iter().any(|q| q.candidates.contains(&Field::Name));
        let understood = Understood {
            grid,
            asks_name,
            ignore: layout.is_some_and(|layout| layout.ignore),
            header,
            columns,
            source,
            as_of,
            own_day,
            town: whose.town,
            school: whose.school,
            sender: whose.sender,
            heading: format!("{} {} {}", heading.title, heading.sheet, heading.file),
            zeroed,
            heads,
        };
        (understood, questions)
    }

    /// The day of the sheet and the day it names itself: told, from a returned file, above the table, in the name of the
    /// sheet, below the table, in the name of the file, the county's.
    fn days(
        &self,
        grid: &Grid<'_>,
        header: &Header,
        heading: &Heading<'_>,
    ) -> (NaiveDate, NaiveDate) {
        let county = self.context.as_of;
        let year = [heading.title.as_str(), heading.sheet, heading.file]
            .iter()
            .find_map(|text| day::years(&fold(text)).next())
            .or(Some(county.year()));
        let above = (0..header.rows[0]).flat_map(|at| grid.row(at).iter()).collect::<Vec<_>>();
        let stated = above
            .iter()
            .rev()
            .find_map(|text| day::labelled(text, year))
            .or_else(|| above.iter().find_map(|text| day::stated(text, year)));
        let below = || {
            let first = grid.len().saturating_sub(5).max(header.last_row() + 1);
            let lines = (first..grid.len()).filter(|at| grid.own_cells(*at) <= 3);
            lines
                .flat_map(|at| grid.row(at).iter())
                .find_map(|text| day::labelled(text, year).filter(|_| text.contains(['：', ':'])))
        };
        let own = heading
            .told
            .or(stated)
            .or_else(|| day::in_name(heading.sheet, year))
            .or_else(below)
            .or_else(|| day::in_name(heading.file, year));
        // The last day of the current month is still to come.
        let month = |day: NaiveDate| (day.year(), day.month());
        let own = own.map(|day| if month(day) == month(county) { day.min(county) } else { day });
        let as_of = self.context.told_as_of.or(own).unwrap_or(county);
        (as_of, own.unwrap_or(as_of))
    }
}

/// The rejected rows that a returned sheet brings back.
fn returned(origin: Correction, rows: &[Row]) -> Returned {
    let is_data = |row: &&Row| matches!(row.outcome, Outcome::Record(_) | Outcome::Reject(_));
    let mut rows: Vec<u32> = rows
        .iter()
        .filter(is_data)
        .filter_map(|row| correction::original_row(&row.cells))
        .collect();
    rows.sort_unstable();
    Returned {
        batch: origin.batch,
        file: origin.file.unwrap_or_default(),
        sheet: origin.sheet.unwrap_or_default(),
        table: origin.table.unwrap_or(1),
        rows,
    }
}

/// The names over a table; those of the original file when a reject file comes back.
struct Heading<'a> {
    /// The rows above the header.
    title: String,
    sheet: &'a str,
    file: &'a str,
    /// The day a reject file speaks for.
    told: Option<NaiveDate>,
}

impl<'a> Heading<'a> {
    fn of(
        (grid, header): (&Grid<'_>, &Header),
        sheet: &'a str,
        file: &'a str,
        correction: &'a Correction,
    ) -> Self {
        Self {
            title: title(grid, header),
            sheet: correction.sheet.as_deref().unwrap_or(sheet),
            file: correction.file.as_deref().unwrap_or(file),
            told: correction.as_of,
        }
    }
}

const HIDDEN: (&str, &str) = (
    "这是隐藏的工作表，已照常读取；如不应上报请删除后重新提交",
    "the sheet is hidden and was read all the same; delete it if it should not be sent",
);
const HIDDEN_ROWS: (&str, &str) = (
    "工作表中有隐藏或筛选掉的行、列，已照常读取",
    "the sheet has hidden or filtered rows or columns; they were read all the same",
);
const LAYOUT_COMMON: (&str, &str) = (
    "按对所有单位通用的回答读取；如本单位的列另有含义，请在列对照文件中写明 sender 另行回答",
    "read by answers given for all senders; if a column means something else here, answer with this sender in the mapping file",
);
const SOURCE_UNCERTAIN: (&str, &str) = (
    "不能确定这张表来自哪个部门，请在 questions.toml 中回答，再用 --mapping 带回，或用 --source 指定",
    "it is not certain who sent this sheet; answer in questions.toml and bring it back with --mapping, or give --source",
);

/// The rows above the header as one text.
fn title(grid: &Grid<'_>, header: &Header) -> String {
    let rows = (0..header.rows[0]).map(|at| grid.row(at).join(" "));
    rows.collect::<Vec<_>>().join(" ")
}

fn ask_source(assumed: Option<Source>) -> Question {
    Question {
        sheet: String::new(),
        column: 0,
        header: String::new(),
        samples: Vec::new(),
        candidates: Vec::new(),
        assumed: None,
        why: match assumed {
            Some(source) => format!("这张表是哪个部门的什么名单？暂按“{}”读取", source.zh()),
            None => "这张表是哪个部门的什么名单？未能识别，没有读取".to_owned(),
        },
    }
}

/// Looks and samples of each column, from the first data rows and some further down.
fn look(grid: &Grid<'_>, header: &Header, lexicon: &Lexicon) -> (Vec<Looks>, Vec<Vec<String>>) {
    let first = header.last_row() + 1;
    let width = header.cells.len();
    let n = grid.len().saturating_sub(first);
    let step = (n / SAMPLED).max(1);
    let rows: Vec<&[String]> = (first..grid.len())
        .step_by(step)
        .take(SAMPLED)
        .map(|at| grid.row(at))
        .filter(|row| !header.is_repeated_by(row))
        .filter(|row| !row.first().is_some_and(|cell| crate::rowkind::begins_total(cell)))
        .collect();
    let looks = (0..width)
        .map(|column| {
            Looks::of(rows.iter().filter_map(|row| row.get(column)).map(String::as_str), lexicon)
        })
        .collect();
    (looks, columns::samples(rows.iter().copied(), width))
}

fn say_columns(columns: &Columns, questions: &[Question], notes: &mut Notes) {
    for question in questions.iter().filter(|question| question.column > 0) {
        let assumed = question.assumed.map_or("未使用", Field::zh);
        let zh = format!(
            "第{}列“{}”：{}；本次按“{assumed}”处理，请在 questions.toml 中确认，再用 --mapping 带回",
            question.column, question.header, question.why
        );
        let used = question.assumed.map_or("nothing", Field::name);
        let en = format!(
            "column {} `{}` is uncertain; taken as `{used}`, confirm in questions.toml and bring it back with --mapping",
            question.column, question.header
        );
        notes.say(Level::Warning, "COLUMN_UNCERTAIN", (None, Some(question.column)), (&zh, &en));
    }
    let asked = |index| questions.iter().any(|question| question.column == index);
    for column in &columns.all {
        let unknown = column.field.is_none() && !column.header.is_empty() && !asked(column.index);
        if unknown && column.by != Recognised::Answer {
            let zh = format!("第{}列“{}”没有使用", column.index, column.header);
            let en = format!("column {} `{}` is not used", column.index, column.header);
            notes.say(Level::Notice, "COLUMN_UNUSED", (None, Some(column.index)), (&zh, &en));
        }
    }
}

/// Whether several IDs of the column end in zeros against their check characters: then one that ends in zeros and happens
/// to fit its check character, as one in eleven does, has lost its tail too.
fn zeroed(grid: &Grid<'_>, header: &Header, columns: &Columns) -> bool {
    /// Fewer may be slips of single rows.
    const SEVERAL: usize = 3;
    let lost = |at: usize| {
        columns.cell(grid.row(at), Field::Id).is_some_and(|cell| {
            cell.trim_end().ends_with("000")
                && IdMention::read(cell)
                    .is_some_and(|(_, doubts)| doubts == [Doubt::IdPrecisionLost])
        })
    };
    (header.last_row() + 1..grid.len()).filter(|at| lost(*at)).take(SEVERAL).count() == SEVERAL
}

/// In lists with a row per member of the household: the head of each household, to be a guardian of the children in it.
fn heads(grid: &Grid<'_>, header: &Header, columns: &Columns) -> HashMap<String, Guardian> {
    let needed = [Field::HouseholdNumber, Field::RelationToHead, Field::Name];
    if columns.has(Field::Head) || !needed.iter().all(|field| columns.has(*field)) {
        return HashMap::new();
    }
    let mut heads = HashMap::new();
    for at in header.last_row() + 1..grid.len() {
        let cells = grid.row(at);
        let cell = |field| columns.cell(cells, field).map(fold);
        let is_head = cell(Field::RelationToHead)
            .is_some_and(|relation| matches!(relation.as_ref(), "户主" | "本人" | "02" | "01"));
        if !is_head {
            continue;
        }
        let name = cell(Field::Name).and_then(|name| baoxue_claim::Name::read(&name));
        let id = cell(Field::Id).and_then(|id| IdMention::read(&id));
        let (Some(household), Some((name, _))) = (cell(Field::HouseholdNumber), name) else {
            continue;
        };
        let guardian = Guardian {
            name: Some(name),
            id: id.map(|(id, _)| id),
            relation: Some("户主".to_owned()),
            phones: Vec::new(),
        };
        heads.insert(household.into_owned(), guardian);
    }
    heads
}

/// Source, town and day before the row's own cells, without running numbers and our remarks.
pub(crate) fn identity(understood: &Understood<'_>, cells: &[String]) -> String {
    let mut identity = format!(
        "{}\u{1f}{}\u{1f}{}",
        understood.source.map_or("", Source::name),
        understood.town.map(|town| town.to_string()).unwrap_or_default(),
        understood.as_of,
    );
    let used = |at: &usize| {
        understood.columns.field(*at) != Some(Field::Serial) && !understood.columns.is_helper(*at)
    };
    let last = (0..cells.len()).filter(used).rfind(|at| !cells[*at].trim().is_empty());
    // A row of the right one of two tables is the same row when it comes in a list of its own.
    let headed = |column: &crate::Column| !column.header.is_empty();
    let first = understood.columns.all.iter().position(headed).unwrap_or(0);
    for at in (first..=last.unwrap_or(0)).filter(used) {
        identity.push('\u{1f}');
        let cell = cells.get(at).map_or(Cow::Borrowed(""), |cell| fold(cell));
        identity.push_str(&cell);
    }
    identity
}

/// A row set aside.
pub(crate) fn aside(at: usize, cells: &[String], aside: Aside) -> Row {
    Row {
        number: number(at),
        cells: cells.to_vec(),
        outcome: Outcome::Aside(aside),
        identity: String::new(),
    }
}
