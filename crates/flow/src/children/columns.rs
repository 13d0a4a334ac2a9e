//! Records as columns of text for the model of children.

use std::fmt::Write as _;

use baoxue_claim::{
    Birth, DisabilityNumber, Doubt, Guardian, IdMention, Person, Place, Record, ResidentId, Sex,
    Source, Statement, StudentNumber,
};
use baoxue_link::{ALTERNATIVE, Column};

/// How one column is filled from a record.
type Cell = fn(&Record) -> Cells;

/// The alternatives of one cell.
type Cells = Vec<String>;

/// Every column of the model.
const COLUMNS: [(&str, Cell); 14] = [
    ("id", ids),
    ("name", names),
    ("birth", birth),
    ("id_birth", id_birth),
    ("sex", sex),
    ("ethnicity", |record| record.person.ethnicity.iter().cloned().collect()),
    ("guardian", guardians),
    ("guardian_id", guardian_ids),
    ("phone", phones),
    ("household", household),
    ("student_number", student_number),
    ("town", towns),
    ("place", places),
    ("school", schools),
];

/// The columns, one cell per record.
pub(super) fn columns(records: &[Record]) -> Vec<Column> {
    COLUMNS
        .iter()
        .map(|(name, cell)| {
            let cells: Vec<String> = records.iter().map(|record| joined(cell(record))).collect();
            Column::new(name, cells.iter().map(String::as_str))
        })
        .collect()
}

/// One cell of alternatives; a bar inside a value would split it, so it becomes a blank.
fn joined(mut cells: Cells) -> String {
    cells.dedup();
    let clean: Vec<String> = cells.iter().map(|cell| cell.replace(ALTERNATIVE, " ")).collect();
    clean.join(&ALTERNATIVE.to_string())
}

/// The child's own numbers: that of the ID column, and those inside the student and the disability number, which may
/// be former ones. A number that is known to be the guardian's is not among them.
fn ids(record: &Record) -> Cells {
    let person = &record.person;
    let mut ids = Vec::new();
    if !has_guardians_id(record) {
        ids.extend(person.id.as_ref().and_then(IdMention::digits).map(str::to_owned));
    }
    let inside = person.student_number.as_ref().and_then(StudentNumber::resident_id);
    ids.extend(inside.iter().map(|id| id.expose().to_owned()));
    let inside = person.disability_number.as_ref().and_then(DisabilityNumber::resident_id);
    ids.extend(inside.iter().map(|id| id.expose().to_owned()));
    ids
}

fn has_guardians_id(record: &Record) -> bool {
    record.doubts.iter().any(|noted| noted.doubt == Doubt::IdIsGuardian)
}

/// The verified number of the row, for what it says about birth and sex.
fn valid_id(record: &Record) -> Option<ResidentId> {
    if has_guardians_id(record) {
        return None;
    }
    let person = &record.person;
    let own = person.id.as_ref().and_then(IdMention::valid).copied();
    own.or_else(|| person.student_number.as_ref().and_then(StudentNumber::resident_id))
}

fn names(record: &Record) -> Cells {
    let Person { name, former_name, .. } = &record.person;
    name.iter().chain(former_name).map(|name| name.expose().to_owned()).collect()
}

fn birth(record: &Record) -> Cells {
    record.person.birth.map(written).into_iter().collect()
}

/// The birth inside the number: what is compared when a birth column is missing or misspelt.
fn id_birth(record: &Record) -> Cells {
    valid_id(record).map(|id| id.birth().format("%Y-%m-%d").to_string()).into_iter().collect()
}

fn written(birth: Birth) -> String {
    match birth {
        Birth::Day(day) => day.format("%Y-%m-%d").to_string(),
        Birth::Month(year, month) => format!("{year:04}-{month:02}"),
        Birth::Year(year) => format!("{year:04}"),
    }
}

fn sex(record: &Record) -> Cells {
    let sex = record.person.sex.or_else(|| valid_id(record).map(|id| id.sex()));
    sex.map(Sex::zh).map(str::to_owned).into_iter().collect()
}

fn guardians(record: &Record) -> Cells {
    let named = record.person.guardians.iter().filter_map(|guardian| guardian.name.as_ref());
    named.map(|name| name.expose().to_owned()).collect()
}

/// Numbers of guardians, that in the child's ID column among them when it is known to be the guardian's.
fn guardian_ids(record: &Record) -> Cells {
    let mentions = record.person.guardians.iter().filter_map(|guardian| guardian.id.as_ref());
    let misplaced = record.person.id.as_ref().filter(|_| has_guardians_id(record));
    mentions
        .chain(misplaced)
        .filter_map(IdMention::valid)
        .map(|id| id.expose().to_owned())
        .collect()
}

fn phones(record: &Record) -> Cells {
    let of_guardians = record.person.guardians.iter().flat_map(|Guardian { phones, .. }| phones);
    of_guardians.chain(&record.person.phones).map(|phone| phone.expose().to_owned()).collect()
}

/// Household numbers of the police and of the poverty register are two systems.
fn household(record: &Record) -> Cells {
    let system = if record.source == Source::PovertyRegister { "P" } else { "H" };
    let number = record.person.household.as_ref();
    number.map(|number| format!("{system}{}", number.expose())).into_iter().collect()
}

fn student_number(record: &Record) -> Cells {
    record.person.student_number.iter().map(|number| number.expose().to_owned()).collect()
}

fn towns(record: &Record) -> Cells {
    let person = &record.person;
    let towns = [person.registered_at.town, person.lives_at.town, record.town];
    let mut towns: Cells = towns.into_iter().flatten().map(|town| town.to_string()).collect();
    towns.sort_unstable();
    towns
}

fn places(record: &Record) -> Cells {
    let person = &record.person;
    [&person.registered_at, &person.lives_at].into_iter().filter_map(place).collect()
}

/// Village and group, else the text as written.
fn place(place: &Place) -> Option<String> {
    let Some(village) = &place.village else {
        return place.text.as_ref().map(|text| text.expose().to_owned());
    };
    let mut text = village.clone();
    if let Some(group) = place.group {
        // Writing to a String cannot fail.
        let _ = write!(text, "{group}组");
    }
    Some(text)
}

/// The school of the row, or the one that its statements name.
fn schools(record: &Record) -> Cells {
    let stated = record.claims.iter().filter_map(|claim| match &claim.what {
        Statement::Enrolment(enrolment) => Some(enrolment.school.clone()),
        Statement::Survey { .. }
        | Statement::Registered
        | Statement::Ledger(_)
        | Statement::Absence(_)
        | Statement::Inspection { .. }
        | Statement::TipOff
        | Statement::Certificate(_)
        | Statement::Leave(_)
        | Statement::Deferral(_)
        | Statement::Departure(_)
        | Statement::Poverty { .. }
        | Statement::Disability { .. }
        | Statement::Aid(_)
        | Statement::HomeVisit(_)
        | Statement::HomePlan(_) => None,
    });
    let mut schools: Cells = record.person.school.iter().cloned().chain(stated).collect();
    schools.sort_unstable();
    schools.retain(|school| !school.is_empty());
    schools
}
