//! From a row to the person it mentions.

mod contact;

use baoxue_claim::{
    Birth, DisabilityNumber, Doubt, Guardian, IdForm, IdMention, Name, Noted, Person, Place,
    Private, Sex, Source, StudentNumber,
};
use chrono::{Datelike, NaiveDate};

pub(crate) use contact::phones;

use crate::{
    Field,
    line::Line,
    place::{Places, read_group},
    text::{fold, has},
    words,
};

/// A person with what is doubtful.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) person: Person,
    pub(crate) doubts: Vec<Noted>,
    /// The ID in the child's column, when it turned out to be a grown-up's.
    pub(crate) adult_id: Option<IdMention>,
}

/// Reads the person of a row. Nothing is taken from one field into another, but for the ID inside a disability number,
/// or a formal student number where the list has no ID column.
pub(crate) fn read(line: &Line<'_>, places: &mut Places<'_>) -> Read {
    let mut read = Read::default();
    read_names(line, &mut read);
    read_numbers(line, &mut read);
    read_birth_and_sex(line, &mut read);
    read.person.ethnicity = line.get(Field::Ethnicity).and_then(ethnicity);
    read.person.guardians = contact::guardians(line);
    let cells = line.facts.columns.at(Field::Phone).iter().filter_map(|at| line.cells.get(*at));
    read.person.phones = cells.flat_map(|cell| phones(cell)).collect();
    read.person.household = line
        .get(Field::HouseholdNumber)
        .filter(|cell| !cell.contains("E+"))
        .map(|cell| Private::new(fold(cell)));
    read_places(line, places, &mut read);
    read_school(line, &mut read.person);
    read.doubts.extend(line.cell_errors());
    read
}

fn read_names(line: &Line<'_>, read: &mut Read) {
    if let Some(cell) = line.get(Field::Name) {
        let (text, by_sound) = without_sound_mark(cell);
        if let Some((name, doubts)) = Name::read(&text) {
            read.doubts.extend(doubts.into_iter().map(|doubt| line.doubt(doubt, Field::Name)));
            if by_sound {
                read.doubts.push(line.doubt(Doubt::NameUnencodable, Field::Name));
            }
            read.person.name = Some(name);
        }
    }
    read.person.former_name =
        line.get(Field::FormerName).and_then(Name::read).map(|(name, _)| name);
}

/// A rare character is written as 王小(音)同: the mark goes, the character after it stands for the sound.
fn without_sound_mark(cell: &str) -> (String, bool) {
    let mut text = crate::text::tidy(cell).into_owned();
    let before = text.len();
    for mark in ["(音)", "(同音)", "(音同)", "(谐音)", "[音]"] {
        text = text.replace(mark, "");
    }
    let marked = text.len() != before;
    (text, marked)
}

fn read_numbers(line: &Line<'_>, read: &mut Read) {
    let person = &mut read.person;
    if let Some(cell) = line.get(Field::StudentNumber) {
        person.student_number = cell.parse().ok();
    }
    if let Some(cell) = line.get(Field::DisabilityNumber) {
        person.disability_number = cell.parse().ok();
    }
    if let Some(cell) = line.get(Field::Id).filter(|cell| has_digits(cell)) {
        if let Ok(number) = cell.parse::<StudentNumber>() {
            person.student_number.get_or_insert(number);
        } else if let Some((id, doubts)) = IdMention::read(cell) {
            if let Ok(number) = cell.parse::<DisabilityNumber>() {
                person.disability_number.get_or_insert(number);
            }
            read.doubts.extend(doubts.into_iter().map(|doubt| line.doubt(doubt, Field::Id)));
            let lucky =
                line.facts.zeroed && id.valid().is_some_and(|id| id.expose().ends_with("000"));
            if lucky {
                read.doubts.push(line.doubt(Doubt::IdPrecisionLost, Field::Id));
            }
            person.id = Some(if lucky { id.without_tail() } else { id });
        }
    }
    if person.id.is_none() {
        person.id = carried_id(line, person, &mut read.doubts);
    }
}

/// The ID inside another number.
fn carried_id(line: &Line<'_>, person: &Person, doubts: &mut Vec<Noted>) -> Option<IdMention> {
    if let Some(cell) = line.get(Field::DisabilityNumber).filter(|cell| has_digits(cell)) {
        let (id, why) = IdMention::read(cell)?;
        doubts.extend(why.into_iter().map(|doubt| line.doubt(doubt, Field::DisabilityNumber)));
        return Some(id);
    }
    if line.facts.columns.has(Field::Id) {
        return None;
    }
    let id = person.student_number.as_ref()?.resident_id()?;
    Some(IdMention { form: IdForm::Valid(id), raw: Private::new(id.expose()) })
}

/// Words such as 无, 待办 and 不详 in a number's cell are blanks.
fn has_digits(cell: &str) -> bool {
    fold(cell).bytes().filter(u8::is_ascii_digit).count() >= 4
}

fn read_birth_and_sex(line: &Line<'_>, read: &mut Read) {
    let facts = line.facts;
    if let Some(cell) = line.get(Field::Birth) {
        let (birth, doubts) = Birth::read(cell, facts.as_of.max(facts.context.as_of));
        read.doubts.extend(doubts.into_iter().map(|doubt| line.doubt(doubt, Field::Birth)));
        read.person.birth = birth;
    }
    read.person.sex = line.get(Field::Sex).and_then(Sex::read);
    let Some(id) = read.person.id.as_ref().and_then(IdMention::valid).copied() else { return };
    if is_of_another(line, read, id.birth(), id.expose()) {
        read.doubts.push(line.doubt(Doubt::IdIsGuardian, Field::Id));
        read.adult_id = read.person.id.take();
        return;
    }
    if read.person.birth.is_some_and(|birth| !birth.agrees(Birth::Day(id.birth()))) {
        read.doubts.push(line.doubt(Doubt::IdBirthMismatch, Field::Id));
    }
    if read.person.sex.is_some_and(|sex| sex != id.sex()) {
        read.doubts.push(line.doubt(Doubt::IdSexMismatch, Field::Id));
    }
}

/// Whether the number in the child's column is a grown-up's: of a guardian named in the row, or of somebody too old while
/// the row speaks of a child.
fn is_of_another(line: &Line<'_>, read: &Read, birth: NaiveDate, number: &str) -> bool {
    let of_guardian =
        [Field::GuardianId, Field::HeadId, Field::FatherId, Field::MotherId, Field::Guardian2Id]
            .iter()
            .filter_map(|field| line.get(*field))
            // The check character may be typed as x; the seventeen digits before it tell.
            .any(|cell| fold(cell).contains(&number[..17]));
    let limit = line.facts.context.adult_age;
    let adult = age_on(birth, line.facts.as_of) > i32::from(limit);
    let head_itself = line.get(Field::RelationToHead).is_some_and(|r| has(r, "户主 本人"));
    if of_guardian && !head_itself && (adult || read.person.birth.is_some()) {
        return adult || read.person.birth.is_none_or(|b| !b.agrees(Birth::Day(birth)));
    }
    adult
        && match read.person.birth {
            Some(own) => age_on(own.latest(), line.facts.as_of) <= i32::from(limit),
            None => is_list_of_children(line.facts.source) || speaks_of_child(line),
        }
}

/// Lists in which grown-ups have no business.
fn is_list_of_children(source: Source) -> bool {
    match source {
        Source::PopulationRegister
        | Source::StudentRegistry
        | Source::TownSurvey
        | Source::TownLedger
        | Source::SchoolReport
        | Source::RollCall
        | Source::Inspection
        | Source::Certificate
        | Source::Approval
        | Source::AidPayment
        | Source::HomeTeachingLog
        | Source::TipOff => true,
        Source::PovertyRegister
        | Source::DisabilityRegister
        | Source::CivilAffairs
        | Source::Departure
        | Source::SchoolDirectory
        | Source::OfficialsDirectory => false,
    }
}

/// Whether the row itself says that it is about a pupil, in a list of households.
pub(crate) fn speaks_of_child(line: &Line<'_>) -> bool {
    let status = line.get(Field::PovertySchoolStatus).map(fold);
    let pupil = status.is_some_and(|status| {
        !status.contains("非在校")
            && has(&status, "小学 年级 学前 初中 幼儿")
            && !has(&status, "高中 中职 高职")
    });
    let grade = line.get(Field::Grade).and_then(words::grade).is_some();
    pupil || grade
}

/// Full years of life on a day.
pub(crate) fn age_on(birth: NaiveDate, day: NaiveDate) -> i32 {
    let had_birthday = (day.month(), day.day()) >= (birth.month(), birth.day());
    day.year() - birth.year() - i32::from(!had_birthday)
}

/// Puts the grown-up's number where it belongs: to a guardian without a number, or to one not named.
pub(crate) fn hand_to_guardian(person: &mut Person, id: IdMention) {
    let known = person
        .guardians
        .iter()
        .any(|guardian| guardian.id.as_ref().is_some_and(|own| own.digits() == id.digits()));
    if known {
        return;
    }
    match person.guardians.iter_mut().find(|guardian| guardian.id.is_none()) {
        Some(guardian) => guardian.id = Some(id),
        None => person.guardians.push(Guardian { id: Some(id), ..Guardian::default() }),
    }
}

/// 汉族, 汉, 01, HA; without 族.
fn ethnicity(cell: &str) -> Option<String> {
    /// In the order of GB/T 3304 from 01.
    const NAMES: &str = "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 \
                         纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 \
                         德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺";
    let text = fold(cell);
    if let Ok(code) = text.parse::<usize>() {
        return NAMES.split_whitespace().nth(code.checked_sub(1)?).map(str::to_owned);
    }
    if text.as_ref() == "HA" {
        return Some("汉".to_owned());
    }
    let name = text.strip_suffix('族').unwrap_or(&text);
    (!name.is_empty() && name.chars().count() <= 6).then(|| name.to_owned())
}

fn read_places(line: &Line<'_>, places: &mut Places<'_>, read: &mut Read) {
    let facts = line.facts;
    let town_cell = line.get(Field::Town);
    let town = town_cell.and_then(|cell| places.town(cell));
    if town_cell.is_some() && town.is_none() && !facts.context.towns.all().is_empty() {
        read.doubts.push(line.doubt(Doubt::TownUnknown, Field::Town));
    }
    let village = line.get(Field::Village).map(|cell| places.read(cell));
    let group = line.get(Field::Group).and_then(|cell| read_group(&fold(cell)));
    let mut at = match (line.get(Field::RegisteredAt), &village) {
        (Some(cell), _) => places.read(cell),
        (None, Some(village)) => village.clone(),
        (None, None) => Place::default(),
    };
    let stated = at.town.is_some();
    if let Some(village) = village {
        at.village = at.village.or(village.village);
        at.town = at.town.or(village.town);
        at.group = at.group.or(village.group);
    }
    at.group = at.group.or(group);
    at.town = at.town.or(town);
    if at.village.is_some() && line.facts.columns.has(Field::Village) {
        at.town = at.town.or(facts.town);
    }
    read.person.registered_at = at;
    if let Some(cell) = line.get(Field::LivesAt) {
        read.person.lives_at = places.read(cell);
    } else if facts.source == Source::TownSurvey
        && stated
        && facts.town.is_some()
        && read.person.registered_at.town != facts.town
    {
        // Surveyed by a town it is not registered in: it lives there.
        read.person.lives_at.town = facts.town;
    }
}

fn read_school(line: &Line<'_>, person: &mut Person) {
    let both = line.get(Field::SchoolAndGrade);
    let kindergarten = |name: &str| name.chars().count() <= 5 && name.contains("幼儿园");
    person.school = line
        .get(Field::School)
        .map(|cell| cell.trim().to_owned())
        .or_else(|| both.and_then(words::school_name))
        // Who it is can be told by an earlier school too; where it is today cannot.
        .or_else(|| line.get(Field::FormerSchool).map(|cell| cell.trim().to_owned()))
        .filter(|name| {
            !matches!(name.as_str(), "无" | "/" | "-" | "—" | "未入学") && !kindergarten(name)
        });
    person.class = line.get(Field::Class).map(|cell| cell.trim().to_owned());
    person.grade =
        line.get(Field::Grade).or(both).or(line.get(Field::Class)).and_then(words::grade);
}
