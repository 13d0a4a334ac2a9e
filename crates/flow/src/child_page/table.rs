//! The table of claims: one column for each source, one line for each field, and what is adopted.

use baoxue_claim::{Birth, Record, RecordId, Source, TownCode};
use baoxue_determine::Profile;
use baoxue_report::{masked_id, masked_name};
use chrono::NaiveDate;

use crate::{
    County, Entry, Kind,
    lines::town_name,
    roll::{OLD_AFTER_DAYS, Said, said},
};

/// A line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// 就读状态.
    Attendance,
    /// 就读学校.
    School,
    /// 年级班级.
    Grade,
    /// 户籍地, 现居住地: town, village and group.
    Home,
    /// 监护人, partly covered.
    Guardian,
    /// 出生日期.
    Birth,
    /// 证件号码, its middle covered.
    Id,
}

/// How a cell stands to what is adopted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accord {
    /// The same.
    Same,
    /// Something else.
    Differs,
    /// The source says that the child is not in school.
    Out,
    /// The source says nothing of it.
    Untold,
}

/// A column: the newest row of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceColumn {
    /// The source.
    pub source: Source,
    /// The day for which its row speaks.
    pub on: NaiveDate,
    /// More than a year older than the day of the run.
    pub old: bool,
    /// A newer register replaces it.
    pub superseded: bool,
    /// The row.
    pub record: RecordId,
    /// Older rows of the source about the child.
    pub n_more: usize,
}

/// A cell in zh-CN and English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableCell {
    /// Text in zh-CN; what a file says stands as it is.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// How it stands to what is adopted.
    pub accord: Accord,
}

/// A line: a cell for each column, and what is adopted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRow {
    /// The field.
    pub field: Field,
    /// The cells, in the order of the columns.
    pub cells: Vec<TableCell>,
    /// What is adopted; empty where the rules adopt nothing. Of attendance the page shows the status.
    pub adopted: String,
}

/// Who says what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimsTable {
    /// The sources that have a row.
    pub columns: Vec<SourceColumn>,
    /// The fields of which at least one source tells.
    pub rows: Vec<FieldRow>,
}

impl ClaimsTable {
    /// Fields of which sources disagree.
    pub fn n_disputed(&self) -> usize {
        let disputed = |row: &&FieldRow| row.cells.iter().any(|c| c.accord == Accord::Differs);
        self.rows.iter().filter(disputed).count()
    }
}

pub(super) fn of(
    records: &[Record],
    entry: &Entry,
    profile: &Profile,
    county: &County,
) -> ClaimsTable {
    let mut columns: Vec<(SourceColumn, &Record)> = Vec::new();
    for source in Source::ALL {
        let of_source = || records.iter().filter(|record| record.source == source);
        let replaced = |record: &Record| entry.marks.replaces(record.id);
        let newest = of_source().max_by_key(|r| (!replaced(r), r.as_of, r.id));
        let Some(record) = newest else { continue };
        let column = SourceColumn {
            source,
            on: record.as_of,
            old: (county.settings.as_of - record.as_of).num_days() > OLD_AFTER_DAYS,
            superseded: replaced(record),
            record: record.id,
            n_more: of_source().count() - 1,
        };
        columns.push((column, record));
    }
    let fields = [
        Field::Attendance,
        Field::School,
        Field::Grade,
        Field::Home,
        Field::Guardian,
        Field::Birth,
        Field::Id,
    ];
    let row = |field: Field| {
        let adopted = adopted(field, profile, county);
        let cell = |(_, record): &(SourceColumn, &Record)| match field {
            Field::Attendance => attendance(record, entry),
            Field::Id => number(record, profile),
            Field::School | Field::Grade | Field::Home | Field::Guardian | Field::Birth => {
                plain(&told(field, record, county), &adopted)
            }
        };
        FieldRow { field, cells: columns.iter().map(cell).collect(), adopted }
    };
    let told = |row: &FieldRow| row.cells.iter().any(|cell| cell.accord != Accord::Untold);
    let rows = fields.into_iter().map(row).filter(told).collect();
    ClaimsTable { columns: columns.into_iter().map(|(column, _)| column).collect(), rows }
}

/// What a row says of whether the child is in school, in words of our own.
fn attendance(record: &Record, entry: &Entry) -> TableCell {
    let newest =
        record.claims.iter().max_by_key(|claim| (said(&claim.what) != Said::Nothing, claim.on));
    let Some(claim) = newest else { return untold() };
    let (zh, en) = baoxue_determine::statement_words(&claim.what);
    let adopted = match entry.kind() {
        Kind::InSchool => Some(Said::In),
        Kind::Out | Kind::Suspected => Some(Said::Out),
        Kind::Excepted | Kind::Gone => Some(Said::Excused),
        Kind::Conflict | Kind::Unverified => None,
    };
    // A register of persons knows the child and says nothing of school.
    let says = said(&claim.what);
    let no_word = says == Said::In && record.source == Source::PopulationRegister;
    let says = if no_word { Said::Nothing } else { says };
    let accord = match (says, adopted) {
        (Said::Nothing, _) => Accord::Untold,
        (Said::Out, _) => Accord::Out,
        (says, Some(adopted)) if says == adopted => Accord::Same,
        (_, Some(_) | None) => Accord::Differs,
    };
    TableCell { zh, en, accord }
}

/// The number of a row. What stands covered in two cells may be two numbers, so the whole ones are compared.
fn number(record: &Record, profile: &Profile) -> TableCell {
    let Some(id) = &record.person.id else { return untold() };
    let text = id.valid().map_or(id.raw.expose(), |id| id.expose());
    let same = profile.id.as_ref().is_some_and(|adopted| adopted.expose() == text);
    let accord = if same { Accord::Same } else { Accord::Differs };
    let shown = short_id(text);
    TableCell { en: shown.clone(), zh: shown, accord }
}

fn untold() -> TableCell {
    TableCell { zh: String::new(), en: String::new(), accord: Accord::Untold }
}

fn plain(told: &str, adopted: &str) -> TableCell {
    if told.is_empty() {
        return untold();
    }
    // What is written longer and means the same is no disagreement: `2012-08` of `2012-08-31`.
    let same = told == adopted || adopted.starts_with(told) || told.starts_with(adopted);
    let accord = if same && !adopted.is_empty() { Accord::Same } else { Accord::Differs };
    TableCell { zh: told.to_owned(), en: told.to_owned(), accord }
}

fn told(field: Field, record: &Record, county: &County) -> String {
    let person = &record.person;
    match field {
        Field::Attendance | Field::Id => String::new(),
        Field::School => person.school.clone().unwrap_or_default(),
        Field::Grade => grade(person.grade.map(baoxue_claim::Grade::number), person.class.as_ref()),
        Field::Home => {
            let place =
                if person.registered_at.town.is_some() || person.registered_at.village.is_some() {
                    &person.registered_at
                } else {
                    &person.lives_at
                };
            home(place.town.or(record.town), place.village.as_ref(), place.group, county)
        }
        Field::Guardian => {
            let name = person.guardians.iter().find_map(|guardian| guardian.name.as_ref());
            name.map(|name| masked_name(name.expose())).unwrap_or_default()
        }
        Field::Birth => person.birth.map(|birth| birth.to_string()).unwrap_or_default(),
    }
}

fn adopted(field: Field, profile: &Profile, county: &County) -> String {
    match field {
        Field::Attendance => String::new(),
        Field::School => profile.school.clone().unwrap_or_default(),
        Field::Grade => {
            grade(profile.grade.map(baoxue_claim::Grade::number), profile.class.as_ref())
        }
        Field::Home => home(profile.town, profile.village.as_ref(), profile.group, county),
        Field::Guardian => {
            profile.guardian.as_ref().map(|name| masked_name(name.expose())).unwrap_or_default()
        }
        Field::Birth => profile.birth.as_ref().map(Birth::to_string).unwrap_or_default(),
        Field::Id => profile.id.as_ref().map(|id| short_id(id.expose())).unwrap_or_default(),
    }
}

/// The ends of a number with its middle covered, short enough for a narrow column: two numbers that differ within are told
/// apart by the adopted one standing beside them as different.
fn short_id(id: &str) -> String {
    let masked = masked_id(id);
    let first: String = masked.chars().take_while(|c| *c != '*').collect();
    let last: String = masked.chars().rev().take_while(|c| *c != '*').collect();
    format!("{first}…{}", last.chars().rev().collect::<String>())
}

fn grade(grade: Option<u8>, class: Option<&String>) -> String {
    const GRADES: [&str; 9] =
        ["一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级"];
    let grade = grade.and_then(|grade| GRADES.get(usize::from(grade).checked_sub(1)?));
    let class = class.map(String::as_str).unwrap_or_default();
    format!("{}{class}", grade.copied().unwrap_or_default())
}

fn home(
    town: Option<TownCode>,
    village: Option<&String>,
    group: Option<u8>,
    county: &County,
) -> String {
    let mut text = town_name(town, &county.towns).unwrap_or_default();
    text += village.map(String::as_str).unwrap_or_default();
    text + &group.map(|group| format!("{group}组")).unwrap_or_default()
}
