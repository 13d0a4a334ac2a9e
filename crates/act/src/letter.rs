//! Letters of responsibility (责任书): which letters a year demands, layer by layer, and where each stands. The letters are
//! signed down the chain and then forgotten; here each has its parties, its days and whoever has not signed.

mod kept;
mod standing;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use baoxue_claim::{ChildId, SchoolYear};
use baoxue_determine::Seat;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{Holder, Office, Place, event::words};

pub use kept::{
    DrawnUp, Letter, LetterEvent, LetterRefusal, LetterScan, Side, Signature, may_record,
};
pub use standing::{LetterState, named_today, standing};

/// A layer of the chain. The words are those of the form `responsibility-letter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// 区（县）政府与镇（街道）.
    CountyTown,
    /// 区（县）政府与教育局.
    CountyBureau,
    /// 教育局与学校.
    BureauSchool,
    /// 学校与班主任.
    SchoolTeacher,
    /// 镇（街道）与村（社区）.
    TownVillage,
    /// 村（社区）与家长.
    VillageGuardian,
    /// 班主任与家长（承诺书）.
    TeacherGuardian,
}

words!(Layer {
    CountyTown = "区（县）政府与镇（街道）", "county to town";
    CountyBureau = "区（县）政府与教育局", "county to education bureau";
    BureauSchool = "教育局与学校", "education bureau to school";
    SchoolTeacher = "学校与班主任", "school to class teacher";
    TownVillage = "镇（街道）与村（社区）", "town to village";
    VillageGuardian = "村（社区）与家长", "village to guardian";
    TeacherGuardian = "班主任与家长（承诺书）", "class teacher to guardian";
});

impl Layer {
    /// The word of the form and of addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::CountyTown => "county-town",
            Self::CountyBureau => "county-bureau",
            Self::BureauSchool => "bureau-school",
            Self::SchoolTeacher => "school-teacher",
            Self::TownVillage => "town-village",
            Self::VillageGuardian => "village-guardian",
            Self::TeacherGuardian => "teacher-guardian",
        }
    }

    /// The layer of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|layer| layer.word() == word)
    }

    /// Whether the taking party is a family.
    pub const fn is_of_families(self) -> bool {
        matches!(self, Self::VillageGuardian | Self::TeacherGuardian)
    }
}

/// How a county counts years of responsibility.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum YearKind {
    /// 学年, from 1 September.
    #[default]
    School,
    /// 年度, from 1 January.
    Calendar,
}

/// The year that a letter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterYear {
    /// The school year that begins in September of this year.
    School(i32),
    /// The calendar year.
    Calendar(i32),
}

impl LetterYear {
    /// The year that runs on a day.
    pub fn of(kind: YearKind, day: NaiveDate) -> Self {
        match kind {
            YearKind::School => Self::School(SchoolYear::of(day).0),
            YearKind::Calendar => Self::Calendar(day.year()),
        }
    }

    /// A year of a kind by its number.
    pub const fn numbered(kind: YearKind, year: i32) -> Self {
        match kind {
            YearKind::School => Self::School(year),
            YearKind::Calendar => Self::Calendar(year),
        }
    }

    /// The calendar year in which it begins.
    pub const fn number(self) -> i32 {
        match self {
            Self::School(year) | Self::Calendar(year) => year,
        }
    }

    /// The last day of it.
    pub fn last(self) -> NaiveDate {
        let last = match self {
            Self::School(year) => NaiveDate::from_ymd_opt(year + 1, 8, 31),
            Self::Calendar(year) => NaiveDate::from_ymd_opt(year, 12, 31),
        };
        last.unwrap_or(NaiveDate::MAX)
    }

    /// As papers print it.
    pub fn zh(self) -> String {
        match self {
            Self::School(year) => format!("{year}—{}学年", year + 1),
            Self::Calendar(year) => format!("{year}年度"),
        }
    }

    /// For readers of English.
    pub fn en(self) -> String {
        match self {
            Self::School(year) => format!("school year {year}–{}", year + 1),
            Self::Calendar(year) => format!("year {year}"),
        }
    }
}

/// One of the two parties.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// A seat, whoever sits there.
    Seat(Holder),
    /// The guardian of a child.
    Guardian(ChildId),
}

/// Between whom a letter is. A class is named with its grade, so that two classes of a school are two.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Edge {
    /// The layer.
    pub layer: Layer,
    /// Who hands the duty on (甲方).
    pub giver: Holder,
    /// Who takes it (乙方).
    pub taker: Party,
}

/// A letter that a year demands, and where it belongs: whose it is to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Between whom.
    pub edge: Edge,
    /// The place of the taking party.
    pub place: Place,
}

/// A class of a school.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClassOf {
    /// The school.
    pub school: String,
    /// The class as lists write it.
    pub class: String,
    /// With its grade, where lists write that beside it.
    pub label: String,
}

/// What there is in the district.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct District {
    /// Its towns.
    pub towns: BTreeSet<baoxue_claim::TownCode>,
    /// Villages of its directory.
    pub villages: BTreeSet<(baoxue_claim::TownCode, String)>,
    /// Schools of its directory.
    pub schools: BTreeSet<String>,
    /// Classes of those schools that pupils are in.
    pub classes: BTreeSet<ClassOf>,
}

fn holder(seat: Seat, office: Office) -> Holder {
    Holder { seat, office }
}

impl District {
    /// The letters between offices that a year demands, for the layers that the county has.
    pub fn demands(&self, layers: &[Layer]) -> Vec<Demand> {
        let mut all = Vec::new();
        let mut push = |layer, giver: Holder, taker: Holder, place: Place| {
            if layers.contains(&layer) {
                all.push(Demand { edge: Edge { layer, giver, taker: Party::Seat(taker) }, place });
            }
        };
        let county = || holder(Seat::CountyHead, Office::County);
        let bureau = || holder(Seat::BureauHead, Office::Bureau);
        for town in &self.towns {
            let place = Place { town: Some(*town), ..Place::default() };
            push(Layer::CountyTown, county(), holder(Seat::TownHead, Office::Town(*town)), place);
        }
        push(Layer::CountyBureau, county(), bureau(), Place::default());
        for school in &self.schools {
            let place = Place { school: Some(school.clone()), ..Place::default() };
            let taker = holder(Seat::Principal, Office::School(school.clone()));
            push(Layer::BureauSchool, bureau(), taker, place);
        }
        for ClassOf { school, class, label } in &self.classes {
            let giver = holder(Seat::Principal, Office::School(school.clone()));
            let office = Office::Class(school.clone(), label.clone());
            let (school, class) = (Some(school.clone()), Some(class.clone()));
            let place = Place { school, class, ..Place::default() };
            push(Layer::SchoolTeacher, giver, holder(Seat::Teacher, office), place);
        }
        for (town, village) in &self.villages {
            let place =
                Place { town: Some(*town), village: Some(village.clone()), ..Place::default() };
            let office = Office::Village(*town, village.clone());
            let giver = holder(Seat::TownHead, Office::Town(*town));
            push(Layer::TownVillage, giver, holder(Seat::VillageHead, office), place);
        }
        all
    }
}

/// The letters with the guardian of a child: from its village, and from its class, where the child has such. `label` is the
/// class with its grade.
pub fn family_demands(
    child: ChildId,
    place: &Place,
    label: Option<&str>,
    layers: &[Layer],
) -> Vec<Demand> {
    let village = place.office(Seat::VillageHead).map(|office| holder(Seat::VillageHead, office));
    let class = place.school.clone().zip(label.map(str::to_owned));
    let class = class.map(|(school, label)| holder(Seat::Teacher, Office::Class(school, label)));
    let both = [(Layer::VillageGuardian, village), (Layer::TeacherGuardian, class)];
    let both = both.into_iter().filter(|(layer, _)| layers.contains(layer));
    let demands = both.filter_map(|(layer, giver)| {
        let edge = Edge { layer, giver: giver?, taker: Party::Guardian(child) };
        Some(Demand { edge, place: place.clone() })
    });
    demands.collect()
}
