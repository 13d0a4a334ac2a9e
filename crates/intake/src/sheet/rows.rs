//! The outcome of each row.

use std::sync::Arc;

use baoxue_claim::{BatchId, Name, Origin, Person, Record, RecordId, Source};
use chrono::NaiveDate;

use super::{Desk, Done, Understood, aside, hopeless::Tally, identity, reports, usable};
use crate::{
    Aside, Context, Field, Level, Message, Outcome, Question, Reject, Row, Sender, SheetReading,
    format::Sheet,
    grid::{Grid, number},
    line::{Facts, Line},
    notes::Notes,
    person, rowkind, statements,
    text::{fold, has, is_blank},
    values::{self, birth_of},
    words,
};

/// Reads all rows of an understood sheet; the cells are left to the caller, who owns the grid. Stops, with the reason, where
/// a long sheet is found to be of no use.
pub(crate) fn read(
    desk: &mut Desk<'_>,
    sheet: &Sheet,
    understood: &Understood<'_>,
    notes: &mut Notes,
) -> (SheetReading, Option<Message>) {
    let mut reader = Reader::new(desk, sheet, understood, notes);
    let mut rows: Vec<Row> = Vec::new();
    let mut refused = None;
    for at in 0..understood.grid.len() {
        rows.push(reader.row(at));
        refused = reader.tally.refusal(&sheet.name);
        if refused.is_some() {
            break;
        }
    }
    let stated_total = reader.stated_total;
    let reports = reports::reports(understood, &rows);
    let reading = SheetReading {
        name: sheet.name.clone(),
        hidden: sheet.hidden,
        source: understood.source,
        as_of: understood.as_of,
        town: understood.town,
        sender: understood.sender.clone(),
        fingerprint: understood.header.fingerprint(),
        header_rows: understood.header.rows.iter().map(|at| number(*at)).collect(),
        columns: understood.columns.all.clone(),
        rows,
        stated_total,
        returned: None,
        reports,
    };
    (reading, refused)
}

/// A sheet without a header: its rows go back if they look like data about persons, else they are left alone.
pub(crate) fn without_header(
    context: &Context<'_>,
    sheet: &Sheet,
    grid: &Grid<'_>,
    mut notes: Notes,
) -> Done {
    let is_data = |at: usize| {
        let row = grid.row(at);
        let cells = row.iter().filter(|cell| !is_blank(cell)).count();
        cells >= 2
            && row.iter().any(|cell| values::is_id(&fold(cell)) || values::is_name(&fold(cell)))
    };
    let n_data = (0..grid.len()).filter(|at| is_data(*at)).count();
    let lost = n_data >= 1;
    let rows: Vec<Row> = (0..grid.len())
        .map(|at| {
            let cells = grid.row(at);
            if grid.is_blank(at) {
                return aside(at, cells, Aside::Blank);
            }
            if !is_data(at) {
                return aside(at, cells, if lost { Aside::Title } else { Aside::Untouched });
            }
            Row {
                number: number(at),
                cells: cells.to_vec(),
                outcome: Outcome::Reject(no_header()),
                identity: String::new(),
            }
        })
        .collect();
    let refused = Tally::of(&rows).refusal(&sheet.name);
    let mut questions = Vec::new();
    if lost {
        let reject = no_header();
        notes.say(Level::Error, reject.code, (None, None), (&reject.zh, &reject.en));
        questions.push(Question {
            sheet: sheet.name.clone(),
            column: 0,
            header: String::new(),
            samples: Vec::new(),
            candidates: Vec::new(),
            assumed: None,
            why: "没有找到表头，各列的含义不清楚；请补上表头后重新提交".to_owned(),
        });
    } else if rows.iter().any(|row| row.outcome == Outcome::Aside(Aside::Untouched)) {
        notes.say(Level::Notice, "SHEET_WITHOUT_TABLE", (None, None), WITHOUT_TABLE);
    }
    let reading = SheetReading {
        name: sheet.name.clone(),
        hidden: sheet.hidden,
        source: context.told_source,
        as_of: context.told_as_of.unwrap_or(context.as_of),
        town: context.told_town.or_else(|| context.towns.named(&sheet.name).map(|town| town.code)),
        sender: Sender::default(),
        fingerprint: String::new(),
        header_rows: Vec::new(),
        columns: Vec::new(),
        rows,
        stated_total: None,
        returned: None,
        reports: Vec::new(),
    };
    Done { reading, questions, notes, refused }
}

const WITHOUT_TABLE: (&str, &str) = (
    "没有找到表格，按说明文字处理，没有读取；如是名单，请补上表头（姓名、身份证号等）后重新提交",
    "no table was found; the text was left alone; if it is a list, add a header (name, ID number) and send it again",
);

fn no_header() -> Reject {
    Reject {
        column: None,
        code: "NO_HEADER",
        zh: "没有找到表头，不知道各列是什么。请在数据上方补一行表头（如：姓名、身份证号、出生日期、监护人、就读情况）".to_owned(),
        en: "no header was found, so the columns are not known; add a header row above the data".to_owned(),
    }
}

/// Holds the totals that a sheet states against its rows. One total under several tables may be of all of them.
pub(crate) fn check_totals(dones: &mut [Done]) {
    let counts: Vec<usize> = dones.iter().map(|done| counted(&done.reading.rows)).collect();
    let all: usize = counts.iter().sum();
    let alone = dones.iter().filter(|done| done.reading.stated_total.is_some()).count() == 1;
    for (done, own) in dones.iter_mut().zip(counts) {
        let Some(stated) = done.reading.stated_total else { continue };
        let is = |n: usize| usize::try_from(stated) == Ok(n);
        if is(own) || (alone && is(all)) || done.refused.is_some() {
            continue;
        }
        let n = if alone { all } else { own };
        let zh = format!("表中合计写的是{stated}，实际有{n}行，请核对是否漏行或多行");
        let en = format!(
            "the total says {stated}, but there are {n} rows; check for missing or extra rows"
        );
        done.notes.say(Level::Warning, "TOTAL_DIFFERS", (None, None), (&zh, &en));
    }
}

/// Rows about persons.
fn counted(rows: &[Row]) -> usize {
    let person = |row: &&Row| match &row.outcome {
        Outcome::Record(_) | Outcome::Reject(_) => true,
        Outcome::Aside(aside) => *aside == Aside::Adult,
    };
    rows.iter().filter(person).count()
}

/// Reads the rows of one sheet in order.
struct Reader<'r, 'a> {
    desk: &'r mut Desk<'a>,
    understood: &'r Understood<'r>,
    notes: &'r mut Notes,
    file: Arc<str>,
    sheet: Arc<str>,
    /// Set where another table begins further down; its rows go back.
    replaced_at: Option<u32>,
    stated_total: Option<u32>,
    nameless: bool,
    tally: Tally,
}

impl<'r, 'a> Reader<'r, 'a> {
    fn new(
        desk: &'r mut Desk<'a>,
        sheet: &Sheet,
        understood: &'r Understood<'r>,
        notes: &'r mut Notes,
    ) -> Self {
        let children = understood.source.is_some_and(|source| !is_directory(source));
        let free_text = understood.source == Some(Source::TipOff);
        let nameless = children && !free_text && !understood.columns.has(Field::Name);
        if nameless && !understood.ignore {
            let reject = no_name_column(understood.asks_name);
            notes.say(Level::Error, reject.code, (None, None), (&reject.zh, &reject.en));
        }
        Self {
            file: Arc::from(desk.context.file),
            sheet: Arc::from(sheet.name.as_str()),
            desk,
            understood,
            notes,
            replaced_at: None,
            stated_total: None,
            nameless,
            tally: Tally::default(),
        }
    }

    fn row(&mut self, at: usize) -> Row {
        let understood = self.understood;
        let cells = understood.grid.row(at);
        let outcome = self.outcome(at, cells);
        let identity = match &outcome {
            Outcome::Record(_) | Outcome::Reject(_) => identity(understood, cells),
            Outcome::Aside(_) => String::new(),
        };
        if let Outcome::Reject(reject) = &outcome {
            self.tally.rejected(reject);
            // Said once of the whole sheet.
            if !self.nameless {
                self.notes.reject(number(at), reject);
            }
        }
        Row { number: number(at), cells: Vec::new(), outcome, identity }
    }

    fn outcome(&mut self, at: usize, cells: &[String]) -> Outcome {
        let understood = self.understood;
        let header = &understood.header;
        if understood.grid.is_blank(at) {
            return Outcome::Aside(Aside::Blank);
        }
        if header.rows.contains(&at) {
            return Outcome::Aside(Aside::Header);
        }
        if at < header.rows[0] {
            let child = cells.iter().any(|cell| values::is_id(&fold(cell)));
            return if child {
                Outcome::Reject(above_header())
            } else {
                Outcome::Aside(Aside::Title)
            };
        }
        if header.is_repeated_by(cells) {
            self.replaced_at = None;
            return Outcome::Aside(Aside::Header);
        }
        let Some(source) = understood.source.filter(|_| !understood.ignore) else {
            return Outcome::Aside(Aside::Untouched);
        };
        if header.is_replaced_by(cells) {
            self.replaced_at = Some(number(at));
            return Outcome::Aside(Aside::Header);
        }
        if let Some(reject) = too_long(cells) {
            return Outcome::Reject(reject);
        }
        if let Some((aside, stated)) = rowkind::kind(cells, &understood.columns) {
            self.stated_total = stated.or(self.stated_total);
            return Outcome::Aside(aside);
        }
        if let Some(row) = self.replaced_at {
            return Outcome::Reject(other_table(row));
        }
        if source == Source::SchoolDirectory {
            return Outcome::Aside(Aside::SchoolEntry);
        }
        if source == Source::OfficialsDirectory {
            return Outcome::Aside(Aside::OfficialEntry);
        }
        if self.nameless {
            return Outcome::Reject(no_name_column(understood.asks_name));
        }
        if understood.columns.names_two(cells) {
            return Outcome::Reject(two_children());
        }
        self.data(at, cells, source)
    }

    fn data(&mut self, at: usize, cells: &[String], source: Source) -> Outcome {
        let understood = self.understood;
        let facts = Facts {
            context: self.desk.context,
            source,
            as_of: understood.as_of,
            own_day: understood.own_day,
            town: understood.town,
            columns: &understood.columns,
            lexicon: self.desk.lexicon,
            zeroed: understood.zeroed,
            heading: &understood.heading,
            school: understood.school.as_deref(),
        };
        let line = Line { facts, cells, number: number(at) };
        let mut read = person::read(&line, &mut self.desk.places);
        let review = self.complete(&line, &mut read);
        if is_note(&line, &read.person, understood.grid, at) {
            return Outcome::Aside(Aside::Note);
        }
        if is_adult(&line, &read) {
            return Outcome::Aside(Aside::Adult);
        }
        if let Some(id) = read.adult_id.take() {
            person::hand_to_guardian(&mut read.person, id);
        }
        let said = statements::read(&line, &read.person);
        let row = usable::Row { line: &line, person: &read.person, doubts: &read.doubts };
        let visit = || statements::home_visit::fault(&line);
        if let Some(reject) = row.reject(&said.claims).or_else(visit) {
            return Outcome::Reject(reject);
        }
        self.tally.entered(row.is_useless(&said.claims));
        let review = review.or_else(|| row.thin());
        if read.person.name.is_none() {
            let column = Some(line.facts.columns.number(Field::Name)).filter(|column| *column > 0);
            let at = (Some(line.number), column);
            self.notes.say(Level::Warning, "NAME_MISSING", at, usable::NAME_MISSING);
        }
        let mut doubts = read.doubts;
        doubts.extend(said.doubts);
        for noted in &doubts {
            self.notes.doubt(line.number, noted);
        }
        let record = Record {
            id: RecordId::new(BatchId(0), self.desk.records),
            origin: Origin { file: self.file.clone(), sheet: self.sheet.clone(), row: line.number },
            source,
            as_of: understood.as_of,
            town: understood
                .town
                .or_else(|| line.get(Field::Town).and_then(|c| self.desk.places.town(c))),
            person: read.person,
            claims: said.claims,
            doubts,
            review_only: review,
        };
        self.desk.records += 1;
        Outcome::Record(Box::new(record))
    }

    /// The head of the household as guardian; the child named in a tip-off. Returns why a person must link the row.
    fn complete(&mut self, line: &Line<'_>, read: &mut person::Read) -> Option<String> {
        if let Some(household) = read.person.household.as_ref() {
            let head = self.understood.heads.get(household.expose());
            let own = |head: &baoxue_claim::Guardian| head.name == read.person.name;
            if let Some(head) = head.filter(|head| !own(head)) {
                read.person.guardians.push(head.clone());
            }
        }
        if line.facts.source != Source::TipOff || read.person.name.is_some() {
            return None;
        }
        let text =
            [Field::Status, Field::Reason, Field::Remark].iter().find_map(|f| line.get(*f))?;
        let told = words::mentioned(text)?;
        let place = told.village.map(|village| self.desk.places.read(&village)).unwrap_or_default();
        let town = read
            .person
            .registered_at
            .town
            .or_else(|| line.get(Field::Town).and_then(|cell| self.desk.places.town(cell)));
        read.person.name = Name::read(&told.name).map(|(name, _)| name);
        read.person.lives_at = place;
        read.person.lives_at.town = read.person.lives_at.town.or(town);
        let age = told.age.map(|age| format!("，约{age}岁")).unwrap_or_default();
        Some(format!("举报文字中提到的人{age}，须由人工核对是哪一名学生"))
    }
}

fn is_directory(source: Source) -> bool {
    matches!(source, Source::SchoolDirectory | Source::OfficialsDirectory)
}

/// A row of an inspection or of tip-offs without a child, or a lone cell outside the columns of a person.
fn is_note(line: &Line<'_>, person: &Person, grid: &Grid<'_>, at: usize) -> bool {
    let somebody = person.name.is_some()
        || person.id.is_some()
        || person.student_number.is_some()
        || person.disability_number.is_some();
    if somebody {
        return false;
    }
    let single = grid.own_cells(at) == 1 && person.guardians.is_empty() && person.birth.is_none();
    matches!(line.facts.source, Source::Inspection | Source::TipOff) || single
}

/// Older than the limit by number and birth date alike, in a list that holds households.
fn is_adult(line: &Line<'_>, read: &person::Read) -> bool {
    let households = matches!(
        line.facts.source,
        Source::PovertyRegister
            | Source::DisabilityRegister
            | Source::CivilAffairs
            | Source::Departure
    );
    if !households || read.adult_id.is_some() || person::speaks_of_child(line) {
        return false;
    }
    let limit = i32::from(line.facts.context.adult_age);
    let old = |day: NaiveDate| person::age_on(day, line.facts.as_of) > limit;
    let by_id = read.person.id.as_ref().and_then(birth_of).map(old);
    let by_birth = read.person.birth.map(|birth| old(birth.latest()));
    match (by_id, by_birth) {
        (Some(id), Some(birth)) => id && birth,
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => line.get(Field::RelationToHead).map(fold).is_some_and(|relation| {
            matches!(relation.as_ref(), "户主" | "配偶" | "妻" | "夫" | "妻子" | "丈夫")
                || has(&relation, "媳 婿 父 母 岳")
        }),
    }
}

fn no_name_column(asked: bool) -> Reject {
    let (zh, en) = if asked {
        (
            "没有找到学生姓名列。请检查表头，或在 questions.toml 中说明哪一列是姓名",
            "no column with the child's name was found; check the header, or say in the questions file which it is",
        )
    } else {
        (
            "没有找到学生姓名列，也没有哪一列像姓名。请补上姓名列后重新提交",
            "no column with the child's name was found, and none that looks like one; add it and send the list again",
        )
    };
    Reject { column: None, code: "NO_NAME_COLUMN", zh: zh.to_owned(), en: en.to_owned() }
}

/// Characters of a cell at most: what a spreadsheet can hold. A longer one is a broken file, and nobody reads it.
const LONGEST_CELL: usize = 32_767;

/// The first cell that is longer than any spreadsheet allows.
fn too_long(cells: &[String]) -> Option<Reject> {
    let long = |cell: &String| cell.len() > LONGEST_CELL && cell.chars().count() > LONGEST_CELL;
    let column = number(cells.iter().position(long)?);
    Some(Reject {
        column: Some(column),
        code: "CELL_TOO_LONG",
        zh: format!(
            "第{column}列的单元格超过{LONGEST_CELL}个字，不是正常内容。请检查文件是否损坏（如引号没有成对），改正后重新提交"
        ),
        en: format!(
            "the cell in column {column} holds more than {LONGEST_CELL} characters; check whether the file is damaged (such as a missing quotation mark) and send it again"
        ),
    })
}

fn two_children() -> Reject {
    Reject {
        column: None,
        code: "TWO_CHILDREN",
        zh: "一行里并排填了两名学生，左右两栏的表头不一致，无法按行读取。请改为一人一行，或把两栏表头改成完全相同后重新提交".to_owned(),
        en: "two children stand side by side in one row under different headings; send one child per row, or give both halves the same headings".to_owned(),
    }
}

fn above_header() -> Reject {
    Reject {
        column: None,
        code: "ABOVE_HEADER",
        zh: "这一行在表头之上，不知道各列是什么。请把它移到表头下面".to_owned(),
        en: "the row stands above the header; move it below".to_owned(),
    }
}

fn other_table(row: u32) -> Reject {
    Reject {
        column: None,
        code: "SECOND_TABLE",
        zh: format!("第{row}行起是表头不同的另一张表。请把它放到单独的工作表后重新提交"),
        en: format!(
            "from row {row} on there is another table with another header; put it on a sheet of its own"
        ),
    }
}
