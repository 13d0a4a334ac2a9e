//! The comparisons of a guessed model.

use super::{ColumnGuess, ColumnKind as Kind, look::Look};
use crate::{Comparator, Containment, FieldModel, IdentityRule, household_levels, starting_levels};

/// The comparisons for the columns, containing ones before contained ones; marks the columns that are used.
pub(crate) fn fields(looks: &[Look<'_>], columns: &mut [ColumnGuess]) -> Vec<FieldModel> {
    let mut fields = Vec::new();
    let mut ids: Vec<String> = of_kind(columns, Kind::ResidentId);
    ids.retain(|name| !is_guardians(name));
    for kind in [Kind::ResidentId, Kind::GivenName, Kind::Surname] {
        if kind == Kind::GivenName {
            fields.extend(pair(columns, Kind::GivenName, Kind::Surname, "given name and surname"));
        }
        push_all(&mut fields, looks, columns, |other| other == kind);
    }
    let first = [Kind::ResidentId, Kind::GivenName, Kind::Surname];
    push_all(&mut fields, looks, columns, |kind| !first.contains(&kind));
    for field in &mut fields {
        let is_birth = field.comparator == Comparator::Date && is_birth(field);
        let is_sex = field.name.contains("sex") || field.name.contains("性别");
        if let Some(id) = ids.first()
            && (is_birth || is_sex)
        {
            let levels: &[&str] = if is_birth { &["equal", "partial"] } else { &["equal"] };
            field.contained_in.push(contained(id, levels));
        }
    }
    fields
}

fn is_birth(field: &FieldModel) -> bool {
    let name = field.name.to_lowercase();
    ["birth", "dob", "born", "出生", "生日"].iter().any(|word| name.contains(word))
}

/// The field that tells persons apart for certain.
pub(crate) fn identity(columns: &[ColumnGuess]) -> Option<IdentityRule> {
    let (of_guardian, own): (Vec<String>, Vec<String>) =
        of_kind(columns, Kind::ResidentId).into_iter().partition(|name| is_guardians(name));
    let field = own.into_iter().next()?;
    let birth = of_kind(columns, Kind::Date).into_iter().find(|name| {
        let name = name.to_lowercase();
        ["birth", "dob", "出生", "生日"].iter().any(|word| name.contains(word))
    });
    let sex = of_kind(columns, Kind::Sex).into_iter().next();
    let guardian_id = of_guardian.into_iter().next();
    // In which years the persons of a list can be born its columns do not say.
    Some(IdentityRule { field, birth, sex, guardian_id, born: None })
}

/// Whether a column is about the guardian, by its name.
fn is_guardians(name: &str) -> bool {
    let name = name.to_lowercase();
    ["guardian", "parent", "father", "mother", "监护人", "家长", "父", "母", "户主"]
        .iter()
        .any(|word| name.contains(word))
}

fn of_kind(columns: &[ColumnGuess], kind: Kind) -> Vec<String> {
    columns.iter().filter(|c| c.kind == kind).map(|c| c.column.clone()).collect()
}

fn contained(field: &str, levels: &[&str]) -> Containment {
    let levels = levels.iter().map(|level| (*level).to_owned()).collect();
    Containment { field: field.to_owned(), levels }
}

/// The field of two columns whose values may have changed places.
fn pair(columns: &[ColumnGuess], first: Kind, second: Kind, name: &str) -> Option<FieldModel> {
    let (first, second) = (of_kind(columns, first), of_kind(columns, second));
    let ([first], [second]) = (first.as_slice(), second.as_slice()) else { return None };
    Some(FieldModel {
        name: name.to_owned(),
        columns: vec![first.clone(), second.clone()],
        comparator: Comparator::Pair,
        of: Vec::new(),
        term_frequency: true,
        contained_in: Vec::new(),
        levels: starting_levels(Comparator::Pair),
    })
}

fn push_all(
    fields: &mut Vec<FieldModel>,
    looks: &[Look<'_>],
    columns: &mut [ColumnGuess],
    is_asked: impl Fn(Kind) -> bool,
) {
    let pair = fields.iter().find(|field| field.comparator == Comparator::Pair);
    let parts: Option<Vec<String>> = pair.map(|pair| pair.columns.clone());
    for (look, column) in looks.iter().zip(columns.iter_mut()) {
        let Some(comparator) = comparator(look, column.kind).filter(|_| is_asked(column.kind))
        else {
            continue;
        };
        column.is_used = true;
        let is_shared_number = column.kind == Kind::ResidentId && is_guardians(&column.column);
        let is_shared = is_shared_number
            || matches!(
                column.kind,
                Kind::Surname
                    | Kind::GuardianName
                    | Kind::Place
                    | Kind::Address
                    | Kind::StreetNumber
                    | Kind::Phone
                    | Kind::Town
                    | Kind::Postcode
                    | Kind::RegionCode
            );
        let mut levels =
            if is_shared { household_levels(comparator) } else { starting_levels(comparator) };
        for level in &mut levels {
            if NEAR.contains(&level.name.as_str()) {
                level.term_frequency_weight = NEAR_SHARE;
            }
        }
        let is_name = matches!(column.kind, Kind::GivenName | Kind::Surname);
        let rest_of = parts
            .iter()
            .filter(|_| comparator == Comparator::Words && column.kind == Kind::FullName);
        let rest_of: Vec<String> = rest_of.flatten().cloned().collect();
        let comparator = if rest_of.is_empty() { comparator } else { Comparator::Rest };
        let pair = fields.iter().find(|field| {
            is_name
                && field.comparator == Comparator::Pair
                && field.columns.contains(&column.column)
        });
        let contained_in =
            pair.map(|pair| contained(&pair.name, &["equal", "crossed", "half"])).into_iter();
        fields.push(FieldModel {
            name: column.column.clone(),
            columns: std::iter::once(column.column.clone()).chain(rest_of).collect(),
            comparator,
            of: Vec::new(),
            term_frequency: has_frequencies(comparator),
            contained_in: contained_in.collect(),
            levels,
        });
    }
}

/// Levels at which two values are one value with a slip, so that its rarity counts.
const NEAR: [&str; 11] = [
    "slip",
    "close",
    "nickname",
    "prefix",
    "tone_sound",
    "sound",
    "glyph",
    "fragment",
    "contains",
    "most",
    "variant",
];

/// How much of the rarity of the values they take, to start with.
const NEAR_SHARE: f64 = 0.5;

const fn has_frequencies(comparator: Comparator) -> bool {
    !matches!(comparator, Comparator::ResidentId | Comparator::Number)
}

/// How a column of a kind is compared; `None` when it is not.
fn comparator(look: &Look<'_>, kind: Kind) -> Option<Comparator> {
    let is_chinese = look.han >= 0.5;
    Some(match kind {
        Kind::GivenName | Kind::Surname | Kind::FullName | Kind::GuardianName if is_chinese => {
            Comparator::PersonName
        }
        Kind::GivenName | Kind::Surname => Comparator::LatinName,
        Kind::FullName | Kind::GuardianName | Kind::Words => Comparator::Words,
        Kind::Sex => Comparator::Exact,
        Kind::Date => Comparator::Date,
        Kind::ResidentId => Comparator::ResidentId,
        Kind::Identifier | Kind::StreetNumber => Comparator::Code,
        Kind::Phone => Comparator::Phone,
        Kind::Email => Comparator::Email,
        Kind::Postcode => Comparator::Postcode,
        Kind::Place => Comparator::Place,
        Kind::RegionCode => Comparator::RegionCode,
        Kind::School if is_chinese => Comparator::School,
        Kind::Category if look.n_distinct <= 12 => Comparator::Exact,
        Kind::Address | Kind::School | Kind::Town | Kind::Category | Kind::Text => Comparator::Text,
        Kind::Number => Comparator::Number,
        Kind::Set => Comparator::Set,
        Kind::RowId | Kind::Source | Kind::Truth | Kind::Empty | Kind::Copy => return None,
    })
}
