//! A row as pages show it: what is of the adults beside the child stands covered in part, whatever column it came in (T-23).

use baoxue_claim::{Name, Private, Record, compact};
use baoxue_intake::{Field, meaning_of};
use baoxue_report::{masked_address, masked_id, masked_name, masked_phone, masked_text};

use super::ClaimPage;

/// Digits from which a cell of a column of telephones is one: numbers within an office are shorter than those outside.
const SHORT_PHONE: usize = 5;

impl ClaimPage {
    /// The cells that are not empty, each with its place, the header above it and the text as a page may show it: numbers
    /// of persons and telephones with their middle covered, of adults the first character, of addresses no more than the
    /// village. What a column means is told by its header and by what was read from the row.
    pub fn shown_cells(&self) -> impl Iterator<Item = (usize, &str, String)> {
        let filled = self.cells.iter().enumerate().filter(|(_, (_, cell))| !cell.is_empty());
        filled.map(|(at, (head, cell))| (at, head.as_str(), shown(&self.record, head, cell)))
    }

    /// The words of a sender, or of a doubt, as a page may show them.
    pub fn shown_words(&self, words: &str) -> String {
        without_adults(&self.record, masked_text(words))
    }
}

fn shown(record: &Record, head: &str, cell: &str) -> String {
    use Field as F;
    let meaning = meaning_of(head);
    let is = |fields: &[Field]| meaning.is_some_and(|meaning| fields.contains(&meaning));
    let ids = [
        F::Id,
        F::HeadId,
        F::FatherId,
        F::MotherId,
        F::GuardianId,
        F::Guardian2Id,
        F::HouseholdNumber,
        F::StudentNumber,
        F::RegistryNumber,
        F::DisabilityNumber,
    ];
    let phones = [F::Phone, F::FatherPhone, F::MotherPhone, F::Guardian2Phone];
    // A school has a number that is nobody's.
    if is(&[F::SchoolCode]) {
        return cell.to_owned();
    }
    if is(&[F::RegisteredAt, F::LivesAt]) || is_address(record, cell) {
        return masked_text(&masked_address(cell));
    }
    let text = if is(&ids) {
        number(cell)
    } else if is(&phones) {
        phone(cell)
    } else {
        masked_text(cell)
    };
    if is(&[F::Head, F::Father, F::Mother, F::Guardian, F::Guardian2]) {
        return names(&text);
    }
    without_adults(record, text)
}

/// Whether a cell holds the address that was read from the row, whatever its header.
fn is_address(record: &Record, cell: &str) -> bool {
    let places = [&record.person.registered_at, &record.person.lives_at];
    let texts = places.into_iter().filter_map(|place| place.text.as_ref()).map(Private::expose);
    let cell = compact(cell);
    texts.map(compact).any(|text| !text.is_empty() && cell.contains(&text))
}

/// A cell of a column of numbers. One that is written wrong is a number too.
fn number(cell: &str) -> String {
    let whole = compact(cell).replace('-', "");
    let is_one = !whole.is_empty() && whole.chars().all(|c| c.is_ascii_alphanumeric());
    if is_one { masked_id(&whole) } else { masked_text(cell) }
}

fn phone(cell: &str) -> String {
    let masked = masked_text(cell);
    let digits = compact(cell).chars().filter(char::is_ascii_digit).count();
    if masked == cell && digits >= SHORT_PHONE { masked_phone(cell) } else { masked }
}

/// The names of a column of adults: of each the first character. What parts them stays.
fn names(text: &str) -> String {
    let is_of_name = |c: char| c.is_alphabetic() || matches!(c, '·' | '•' | '．');
    let mut out = String::with_capacity(text.len());
    let mut name = String::new();
    for c in text.chars() {
        if is_of_name(c) {
            name.push(c);
        } else {
            out.push_str(&masked_name(&std::mem::take(&mut name)));
            out.push(c);
        }
    }
    out + &masked_name(&name)
}

/// A text without the whole names of the adults that the row names.
fn without_adults(record: &Record, text: String) -> String {
    let adults = record.person.guardians.iter().filter_map(|adult| adult.name.as_ref());
    let names = adults.map(Name::expose).filter(|name| name.chars().count() > 1);
    // What is the child's own name stays: a child is the head of its household now and then.
    let own = record.person.name.as_ref().map(Name::expose);
    let names = names.filter(|name| Some(*name) != own);
    names.fold(text, |text, name| text.replace(name, &masked_name(name)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use baoxue_claim::{Guardian, Origin, Person, RecordId, Source};
    use chrono::NaiveDate;

    use super::*;

    fn name(text: &str) -> Option<Name> {
        Name::read(text).map(|(name, _)| name)
    }

    fn record() -> Record {
        let guardian = Guardian { name: name("赵大山"), ..Guardian::default() };
        let mut person = Person { name: name("赵小雨"), ..Person::default() };
        person.guardians.push(guardian);
        person.lives_at.text = Some(Private::new("铁沟村五组12号"));
        Record {
            id: RecordId(1),
            origin: Origin { file: Arc::from("f"), sheet: Arc::from("s"), row: 1 },
            source: Source::TownSurvey,
            as_of: NaiveDate::from_ymd_opt(2019, 8, 25).unwrap(),
            town: None,
            person,
            claims: Vec::new(),
            doubts: Vec::new(),
            review_only: None,
        }
    }

    #[test]
    fn t23_a_row_shows_of_adults_their_first_character_and_of_addresses_the_village() {
        let record = record();
        for (head, cell, text) in [
            ("姓名", "赵小雨", "赵小雨"),
            ("身份证号码", "610902 20130527 0869", "610902********0869"),
            ("身份证号码", "61090220130527O869", "610902********O869"),
            ("身份证号码", "无", "无"),
            ("监护人", "赵大山（父亲）、李小花", "赵**（父*）、李**"),
            ("大人是谁", "赵大山", "赵**"),
            ("备注", "赵大山说不读了，138 9123 1234", "赵**说不读了，138****1234"),
            ("家庭住址", "大河镇铁沟村五组12号", "大河镇铁沟村"),
            ("住在哪", "大河镇铁沟村五组12号", "大河镇铁沟村"),
            ("联系电话", "668123", "******"),
            ("联系电话", "13891231234/0915-3212345", "138****1234/0915*****45"),
            ("学校标识码", "2161000123", "2161000123"),
            ("摸排日期", "2019-08-25", "2019-08-25"),
        ] {
            assert_eq!(shown(&record, head, cell), text, "{head} {cell}");
        }
    }
}
