//! What a column is, by its name and its values.

use std::collections::HashMap;

use super::{ColumnGuess, ColumnKind as Kind, Reason, look::Look};
use crate::{Table, comparator::latin::folded};

/// Fewer rows than this share with a value say too little.
const FEWEST_PRESENT: f64 = 0.02;

/// Names of columns, the telling first: those of five letters or two characters and more may stand anywhere in the name,
/// others must be a word of it. English and Chinese.
const NAMED: [(Kind, &str); 23] = [
    (Kind::Truth, "cluster entityid trueid groundtruth 真值 真实编号"),
    (Kind::Source, "source dataset 来源"),
    (Kind::Email, "email mail 邮箱 电子邮件"),
    (Kind::Phone, "phone mobile tel 电话 手机 联系方式"),
    (Kind::School, "school 学校 就读学校"),
    (Kind::GuardianName, "guardian father mother parent householder 监护人 家长 父亲 母亲 户主"),
    (Kind::Postcode, "postcode postalcode zip zipcode 邮编 邮政编码"),
    (Kind::StreetNumber, "streetnumber streetno housenumber houseno 门牌"),
    (Kind::Town, "city town suburb birthplace placeofbirth village locality 出生地 籍贯 城市"),
    (Kind::Address, "address street addr road 地址 住址 住所"),
    (Kind::RegionCode, "regioncode region_code 区划 行政区"),
    (Kind::Date, "dob birthdate dateofbirth birthday birth born date 出生 生日 日期"),
    (
        Kind::Identifier,
        "socsec ssn socialsecurity passport nationalid nin nhs license 社保 学籍号 护照",
    ),
    (Kind::ResidentId, "idno idcard idnumber 身份证 证件号"),
    (Kind::FullName, "fullname 姓名"),
    (Kind::GivenName, "givenname firstname forename given first middlename 名字"),
    (Kind::Surname, "surname lastname familyname last maidenname"),
    (Kind::FullName, "name"),
    (Kind::Sex, "sex gender 性别"),
    (Kind::Surname, "姓"),
    (Kind::GivenName, "名"),
    (Kind::Category, "occupation job profession state province status nationality 职业 民族 省份"),
    (Kind::Number, "age height weight income 年龄 身高"),
];

/// What a column seems to be.
pub(crate) fn of(look: &Look<'_>) -> ColumnGuess {
    let (kind, reason) = decide(look);
    let column = look.column.name().to_owned();
    ColumnGuess { column, kind, reason, is_used: false }
}

fn decide(look: &Look<'_>) -> (Kind, Reason) {
    if look.present < FEWEST_PRESENT {
        return (Kind::Empty, Reason::MostlyMissing);
    }
    if look.n_distinct == 1 {
        return (Kind::Empty, Reason::OneValue);
    }
    let named = NAMED.iter().find(|(_, names)| is_named(look, names)).map(|(kind, _)| *kind);
    if named == Some(Kind::Truth) {
        return (Kind::Truth, Reason::Name);
    }
    if let Some(kind) = by_values(look) {
        let reason = if named == Some(kind) { Reason::NameAndValues } else { Reason::Values };
        return (kind, reason);
    }
    let is_own = look.single > 0.999 && look.present > 0.999 && look.n_rows > 20;
    if is_own && named.is_none() && look.n_words < 1.5 {
        return (Kind::RowId, Reason::EachRowItsOwn);
    }
    match named.and_then(|kind| fitting(look, kind)) {
        Some(kind) => (kind, Reason::NameAndValues),
        None => (by_shape(look), Reason::Values),
    }
}

fn is_named(look: &Look<'_>, names: &str) -> bool {
    names.split(' ').any(|name| {
        let is_short = name.len() < 5;
        (is_short && look.words.iter().any(|word| word == name))
            || look.name == name
            || (!is_short && look.name.contains(name))
    })
}

/// Kinds that the values alone prove.
fn by_values(look: &Look<'_>) -> Option<Kind> {
    if look.resident_id >= 0.5 {
        Some(Kind::ResidentId)
    } else if look.email >= 0.6 {
        Some(Kind::Email)
    } else if look.date >= 0.85 {
        Some(Kind::Date)
    } else {
        None
    }
}

/// The kind that the name says if the values can be of it; corrected where they are of a kindred one.
fn fitting(look: &Look<'_>, kind: Kind) -> Option<Kind> {
    let is_name = look.n_words < 8.0 && look.digits < 0.5 && look.number < 0.5;
    let fits = match kind {
        Kind::GivenName | Kind::Surname | Kind::FullName | Kind::GuardianName => is_name,
        Kind::Sex => look.n_distinct <= 30 || look.variety() < 0.01,
        Kind::Date => look.date >= 0.4,
        Kind::Phone => look.digits >= 0.5 || look.phone >= 0.5,
        Kind::Postcode => look.code >= 0.6,
        Kind::RegionCode => look.region_code >= 0.6,
        Kind::StreetNumber => look.length <= 8,
        Kind::ResidentId if look.resident_id < 0.2 && look.code >= 0.5 => {
            return Some(Kind::Identifier);
        }
        Kind::Identifier => look.code >= 0.5,
        Kind::Number => look.number >= 0.7,
        Kind::Address if look.han >= 0.5 => return Some(Kind::Place),
        Kind::Address | Kind::Town | Kind::School => look.number < 0.5,
        Kind::Source => look.n_distinct <= 200,
        Kind::ResidentId => look.resident_id >= 0.2,
        Kind::Email => look.email >= 0.3,
        Kind::Category | Kind::Place | Kind::Set | Kind::Words | Kind::Text => true,
        Kind::RowId | Kind::Truth | Kind::Empty | Kind::Copy => false,
    };
    fits.then_some(kind)
}

/// The kind by the shape of the values alone.
fn by_shape(look: &Look<'_>) -> Kind {
    let is_few = look.n_distinct <= 12 || look.variety() < 0.002;
    if look.phone >= 0.7 {
        Kind::Phone
    } else if look.region_code >= 0.9 {
        Kind::RegionCode
    } else if is_few {
        Kind::Category
    } else if look.digits >= 0.9 && look.length >= 6 {
        Kind::Identifier
    } else if look.number >= 0.9 {
        Kind::Number
    } else if look.code >= 0.8 {
        Kind::Identifier
    } else if look.han >= 0.7 && look.length <= 3 {
        Kind::FullName
    } else if look.list >= 0.3 {
        Kind::Set
    } else if look.n_words >= 2.5 {
        Kind::Words
    } else {
        Kind::Text
    }
}

/// Rows that are looked at to find columns that repeat others.
const ROWS: usize = 5000;

/// Finds columns that say what others say: the same values, or those of a given name and a surname one after the other.
pub(crate) fn repeats(table: &Table, looks: &[Look<'_>], columns: &mut [ColumnGuess]) {
    let step = (table.n_rows() as usize).div_ceil(ROWS).max(1);
    let of = |at: usize| -> Vec<String> {
        let column = looks[at].column;
        let rows = column.values().iter().step_by(step);
        rows.map(|value| folded(column.texts().get(*value))).collect()
    };
    let left_out = [Kind::Truth, Kind::Empty, Kind::RowId, Kind::Source];
    let is_text = |kind: Kind| !left_out.contains(&kind);
    let values: HashMap<usize, Vec<String>> =
        (0..columns.len()).filter(|at| is_text(columns[*at].kind)).map(|at| (at, of(at))).collect();
    let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
    for at in 0..columns.len() {
        let Some(own) = values.get(&at) else { continue };
        let before = (0..at).find(|other| {
            let is_copy = found.iter().any(|(copy, _)| copy == other);
            let others = values.get(other).filter(|_| !is_copy);
            others.is_some_and(|others| agree(own, others.iter().map(String::as_str)))
        });
        let parts = before.map(|other| vec![other]).or_else(|| joined(at, columns, &values));
        found.extend(parts.map(|parts| (at, parts)));
    }
    for (at, others) in found {
        let named = others.iter().map(|other| columns[*other].column.clone()).collect();
        (columns[at].kind, columns[at].reason) = (Kind::Copy, Reason::Repeats(named));
    }
}

/// The columns of given name and surname whose values one after the other are those of this column.
fn joined(
    at: usize,
    columns: &[ColumnGuess],
    values: &HashMap<usize, Vec<String>>,
) -> Option<Vec<usize>> {
    let of = |kind: Kind| {
        (0..columns.len()).filter(move |other| *other != at && columns[*other].kind == kind)
    };
    let own = values.get(&at)?;
    let pairs = of(Kind::GivenName).flat_map(|given| of(Kind::Surname).map(move |s| (given, s)));
    let is_joined = |(given, surname): &(usize, usize)| {
        let (Some(g), Some(s)) = (values.get(given), values.get(surname)) else { return false };
        let joined: Vec<String> = g.iter().zip(s).map(|(g, s)| format!("{g}{s}")).collect();
        agree(own, joined.iter().map(String::as_str))
    };
    pairs.into_iter().find(is_joined).map(|(given, surname)| vec![given, surname])
}

/// Whether nearly all values that are there are the same.
fn agree<'v>(own: &[String], others: impl Iterator<Item = &'v str>) -> bool {
    let mut n = [0, 0];
    for (own, other) in own.iter().zip(others) {
        if !own.is_empty() || !other.is_empty() {
            n[usize::from(own == other)] += 1;
        }
    }
    n[1] > 20 && n[1] >= 19 * n[0]
}
