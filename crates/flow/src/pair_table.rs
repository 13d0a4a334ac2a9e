//! Two rows side by side, field by field, with what the comparison made of each.

use baoxue_claim::{Place, Record, TownCode, names_sealed};
use baoxue_link::{
    Waterfall,
    say::{Lang, field_word, level_word},
};
use baoxue_report::{masked_id, masked_name, masked_phone};

use crate::{County, FlowError, children, lines::town_name};

/// A field that a pair is shown by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairField {
    /// Name, a former one after it.
    Name,
    /// Sex.
    Sex,
    /// Birth as written.
    Birth,
    /// Number of identity, covered.
    Id,
    /// Student number, covered.
    StudentNumber,
    /// Guardians, covered.
    Guardian,
    /// Where registered or living.
    Home,
    /// School, grade and class.
    School,
    /// Telephones, covered.
    Phone,
}

impl PairField {
    /// All, in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::Sex,
        Self::Birth,
        Self::Id,
        Self::StudentNumber,
        Self::Guardian,
        Self::Home,
        Self::School,
        Self::Phone,
    ];

    /// The field of the model that compares it.
    const fn compared_as(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Sex => "sex",
            Self::Birth => "birth",
            Self::Id => "id",
            Self::StudentNumber => "student number",
            Self::Guardian => "guardian",
            Self::Home => "place",
            Self::School => "school",
            Self::Phone => "phone",
        }
    }
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct PairLine {
    /// The field.
    pub field: PairField,
    /// What both rows say; empty where a row says nothing.
    pub texts: [String; 2],
    /// How the two compare and the bits that it weighs; none when one says nothing, or the run kept no evidence.
    pub compared: Option<Compared>,
}

/// The outcome of comparing a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// In zh-CN.
    pub zh: String,
    /// In English.
    pub en: String,
    /// For (positive) or against one child.
    pub bits: f32,
}

/// The lines that at least one row has something to say in.
pub fn pair_lines(rows: [&Record; 2], why: Option<&Waterfall>, county: &County) -> Vec<PairLine> {
    let compared = |field: PairField| {
        let found = why?.fields.iter().find(|found| found.field == field.compared_as())?;
        let level = found.level.as_deref()?;
        let (zh, en) = (level_word(level, Lang::Zh), level_word(level, Lang::En));
        Some(Compared { zh: zh.to_owned(), en: en.to_owned(), bits: found.bits })
    };
    let line = |field: PairField| {
        let texts = rows.map(|record| told(field, record, county));
        let any = texts.iter().any(|text| !text.is_empty());
        any.then(|| PairLine { field, texts, compared: compared(field) })
    };
    PairField::ALL.into_iter().filter_map(line).collect()
}

/// The steps of the evidence that say anything: what is called how, and its bits. The first is where it starts, the last
/// what the possibility of brothers and sisters takes away.
pub fn evidence_steps(why: &Waterfall, chinese: bool) -> Vec<(String, f32)> {
    /// Less than this is nothing that a picture could show.
    const SILENT: f32 = 0.05;
    let lang = if chinese { Lang::Zh } else { Lang::En };
    let mut fields: Vec<_> = why.fields.iter().filter(|f| f.bits.abs() >= SILENT).collect();
    fields.sort_by(|a, b| b.bits.abs().total_cmp(&a.bits.abs()));
    let mut steps = vec![(lang.pick("起点", "start").to_owned(), why.prior_bits)];
    steps.extend(fields.into_iter().map(|field| {
        let level = level_word(field.level.as_deref().unwrap_or_default(), lang);
        (format!("{} {level}", word(&field.field, lang)), field.bits)
    }));
    if why.family_bits.abs() >= SILENT {
        let words = lang.pick("可能是兄弟姐妹", "may be siblings");
        steps.push((words.to_owned(), why.family_bits));
    }
    steps
}

/// Fields of this model that the engine has no Chinese word for.
fn word(field: &str, lang: Lang) -> &str {
    let zh = match field {
        "student number" => "学籍号",
        "ethnicity" => "民族",
        "guardian id" => "监护人证件",
        "household" => "户号",
        "town" => "镇办",
        "place" => "住址",
        known => field_word(known, Lang::Zh),
    };
    lang.pick(zh, field)
}

/// The probabilities between which a person is asked.
///
/// # Errors
/// [`FlowError`] when the model of this build cannot be read.
pub fn asked_between() -> Result<(f32, f32), FlowError> {
    let thresholds = children::model()?.thresholds;
    let probability = |bits: f32| 1.0 / (1.0 + (-bits).exp2());
    Ok((probability(thresholds.review_bits), probability(thresholds.join_bits)))
}

fn told(field: PairField, record: &Record, county: &County) -> String {
    let person = &record.person;
    match field {
        PairField::Name => {
            let names = person.name.iter().chain(&person.former_name);
            names.map(baoxue_claim::Name::expose).collect::<Vec<_>>().join("，曾用名 ")
        }
        PairField::Sex => person.sex.map(|sex| sex.zh().to_owned()).unwrap_or_default(),
        PairField::Birth => person.birth.map(|birth| birth.to_string()).unwrap_or_default(),
        PairField::Id => {
            let id = person.id.as_ref();
            let text = id.map(|id| id.valid().map_or(id.raw.expose(), |id| id.expose()));
            text.map(masked_id).unwrap_or_default()
        }
        PairField::StudentNumber => {
            person.student_number.as_ref().map(|n| masked_id(n.expose())).unwrap_or_default()
        }
        PairField::Guardian => {
            let names = person.guardians.iter().filter_map(|guardian| guardian.name.as_ref());
            names.map(|name| masked_name(name.expose())).collect::<Vec<_>>().join("、")
        }
        PairField::Home => {
            let known = |place: &Place| place.town.is_some() || place.village.is_some();
            let places = [&person.registered_at, &person.lives_at];
            let place = places.into_iter().find(|place| known(place));
            home(place.unwrap_or(&person.lives_at), record.town, county)
        }
        PairField::School => school(record),
        PairField::Phone => {
            let own = person.phones.iter();
            let all = own.chain(person.guardians.iter().flat_map(|guardian| &guardian.phones));
            all.map(|phone| masked_phone(phone.expose())).collect::<Vec<_>>().join("、")
        }
    }
}

fn home(place: &Place, sender: Option<TownCode>, county: &County) -> String {
    let mut text = town_name(place.town.or(sender), &county.towns).unwrap_or_default();
    text += place.village.as_deref().unwrap_or_default();
    text + &place.group.map(|group| format!("{group}组")).unwrap_or_default()
}

/// School, grade and class, unless the name betrays what no page may name.
fn school(record: &Record) -> String {
    let person = &record.person;
    let name = person.school.as_deref().unwrap_or_default();
    let name = if names_sealed(name) { "其他" } else { name };
    let grade = person.grade.map(|grade| format!("{}年级", grade.number())).unwrap_or_default();
    let class = person.class.as_deref().unwrap_or_default();
    format!("{name} {grade}{class}").trim().to_owned()
}
