//! Guardians and telephone numbers of a row.

use baoxue_claim::{Guardian, IdMention, Name, Private};

use crate::{Field, line::Line, text::fold, values};

/// Name, ID, telephone and relation of one kind of guardian.
struct Kind {
    name: Field,
    id: Field,
    phone: Option<Field>,
    relation: Option<Field>,
    /// The relation when no column says it.
    default: Option<&'static str>,
}

const KINDS: [Kind; 5] = [
    Kind {
        name: Field::Guardian,
        id: Field::GuardianId,
        phone: None,
        relation: Some(Field::GuardianRelation),
        default: None,
    },
    Kind {
        name: Field::Father,
        id: Field::FatherId,
        phone: Some(Field::FatherPhone),
        relation: None,
        default: Some("父亲"),
    },
    Kind {
        name: Field::Mother,
        id: Field::MotherId,
        phone: Some(Field::MotherPhone),
        relation: None,
        default: Some("母亲"),
    },
    Kind {
        name: Field::Guardian2,
        id: Field::Guardian2Id,
        phone: Some(Field::Guardian2Phone),
        relation: Some(Field::Guardian2Relation),
        default: None,
    },
    Kind {
        name: Field::Head,
        id: Field::HeadId,
        phone: None,
        relation: None,
        default: Some("户主"),
    },
];

/// The guardians in the order of their columns; a person named twice (父亲 who is 户主) once.
pub(crate) fn guardians(line: &Line<'_>) -> Vec<Guardian> {
    let mut found: Vec<(u32, Guardian)> = Vec::new();
    for kind in &KINDS {
        let columns = line.facts.columns;
        let first = [columns.number(kind.name), columns.number(kind.id)]
            .into_iter()
            .filter(|column| *column > 0)
            .min();
        let Some(column) = first else { continue };
        for guardian in of_kind(line, kind) {
            found.push((column, guardian));
        }
    }
    found.sort_by_key(|(column, _)| *column);
    let mut guardians: Vec<Guardian> = Vec::new();
    for (_, guardian) in found {
        match guardians.iter_mut().find(|known| known.name.is_some() && known.name == guardian.name)
        {
            Some(known) => complete(known, guardian),
            None => guardians.push(guardian),
        }
    }
    guardians
}

fn of_kind(line: &Line<'_>, kind: &Kind) -> Vec<Guardian> {
    let names = line.get(kind.name).map(split_names).unwrap_or_default();
    let id = line
        .get(kind.id)
        .filter(|cell| fold(cell).bytes().filter(u8::is_ascii_digit).count() >= 4)
        .and_then(IdMention::read)
        .map(|(id, _)| id);
    let relation =
        kind.relation.and_then(|field| line.get(field)).map(|cell| cell.trim().to_owned());
    let relation = relation.or(kind.default.map(str::to_owned));
    let numbers = kind.phone.and_then(|field| line.get(field)).map(phones);
    let mut guardians: Vec<Guardian> = names
        .into_iter()
        .map(|name| Guardian {
            name: Some(name),
            relation: relation.clone(),
            ..Guardian::default()
        })
        .collect();
    if guardians.is_empty() && id.is_some() {
        guardians.push(Guardian { relation, ..Guardian::default() });
    }
    if let Some(first) = guardians.first_mut() {
        first.id = id;
        first.phones = numbers.unwrap_or_default();
    }
    guardians
}

/// 张三、李四 are two; 买买提·艾力 is one.
fn split_names(cell: &str) -> Vec<Name> {
    let text = crate::text::tidy(cell);
    let parts: Vec<&str> = text.split(['、', ',', ';', '/', '和', ' ']).collect();
    let several = parts.len() > 1 && parts.iter().all(|part| values::is_name(part.trim()));
    let names = if several { parts } else { vec![text.as_ref()] };
    names.into_iter().filter_map(|name| Name::read(name).map(|(name, _)| name)).collect()
}

fn complete(known: &mut Guardian, other: Guardian) {
    if known.id.is_none() {
        known.id = other.id;
    }
    if known.relation.is_none() {
        known.relation = other.relation;
    }
    for phone in other.phones {
        if !known.phones.contains(&phone) {
            known.phones.push(phone);
        }
    }
}

/// The telephone numbers in a cell: one or several, apart by any sign or none.
pub(crate) fn phones(cell: &str) -> Vec<Private> {
    let text = fold(cell);
    let mut found: Vec<Private> = Vec::new();
    for run in text.split(|c: char| !c.is_ascii_digit() && c != '-') {
        let run = run.trim_matches('-');
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        let landline = run.starts_with('0') && run.contains('-');
        match digits.len() {
            22 if digits.starts_with('1') => {
                found.extend([&digits[..11], &digits[11..]].map(Private::new));
            }
            7..=12 if landline => found.push(Private::new(run)),
            7..=12 => found.push(Private::new(digits)),
            _ => {}
        }
    }
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, expected: &[&str]) {
        let found = phones(cell);
        let found: Vec<&str> = found.iter().map(Private::expose).collect();
        assert_eq!(found, expected, "{cell}");
    }

    #[test]
    fn one_cell_may_hold_two_numbers() {
        check("13800000001", &["13800000001"]);
        check("13800000001/13900000002", &["13800000001", "13900000002"]);
        check("13800000001、0915-3482423", &["13800000001", "0915-3482423"]);
        check("1380000000113900000002", &["13800000001", "13900000002"]);
        check("138 0000 0001", &["13800000001"]);
        check("无", &[]);
    }

    #[test]
    fn two_names_in_a_cell_are_two_guardians() {
        let names = split_names("王大明、李小花");
        assert_eq!(names.iter().map(Name::expose).collect::<Vec<_>>(), ["王大明", "李小花"]);
        assert_eq!(split_names("买买提·艾力").len(), 1);
    }
}
