//! What a year demands, and where each letter stands.

use std::collections::{BTreeMap, BTreeSet};

use baoxue_act::{
    Directory, Office, Place,
    letter::{
        ClassOf, Demand, District, Layer, Letter, LetterState, LetterYear, family_demands, standing,
    },
};
use chrono::NaiveDate;
use sm3::{Digest, Sm3};

use super::{LetterBook, LetterSettings};
use crate::{County, Entry, Roll, cases::CaseBook, hex::hex};

/// What the letters of a year are looked at with.
#[derive(Clone, Copy, Debug)]
pub struct LetterDesk<'a> {
    /// All letters.
    pub book: &'a LetterBook,
    /// Who sits where.
    pub directory: &'a Directory,
    /// What there is in the district.
    pub district: &'a District,
    /// What the county decides.
    pub settings: &'a LetterSettings,
    /// The year.
    pub year: LetterYear,
    /// Today.
    pub today: NaiveDate,
}

/// A letter that is demanded.
#[derive(Clone, Debug)]
pub struct LetterLine<'a> {
    /// Between whom, and where.
    pub demand: Demand,
    /// Where it stands.
    pub state: LetterState,
    /// The letter that counts.
    pub letter: Option<&'a Letter>,
}

impl LetterLine<'_> {
    /// A word for its parties, the same as long as they are: by it a form says which letter it means.
    pub fn key(&self) -> String {
        // Two parties always encode.
        let parties = serde_json::to_string(&self.demand.edge).unwrap_or_default();
        let mut key = hex(&Sm3::digest(parties.as_bytes()));
        key.truncate(24);
        key
    }
}

/// How many letters of a layer stand where. Signed and missing together are what is demanded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LetterTally {
    by_state: BTreeMap<LetterState, usize>,
}

impl LetterTally {
    /// Counts one more.
    pub fn add(&mut self, state: LetterState) {
        *self.by_state.entry(state).or_default() += 1;
    }

    /// How many stand there.
    pub fn of(&self, state: LetterState) -> usize {
        self.by_state.get(&state).copied().unwrap_or_default()
    }

    /// How many are demanded.
    pub fn demanded(&self) -> usize {
        self.by_state.values().sum()
    }

    /// How many both parties have signed, with a scan or without.
    pub fn signed(&self) -> usize {
        self.of(LetterState::Signed) + self.of(LetterState::NoScan)
    }

    /// How many somebody has yet to sign.
    pub fn missing(&self) -> usize {
        let unsigned = self.by_state.iter().filter(|(state, _)| !state.is_signed());
        unsigned.map(|(_, n)| n).sum()
    }
}

/// The tally of each layer.
pub type Overview = BTreeMap<Layer, LetterTally>;

impl<'a> LetterDesk<'a> {
    /// The day on which seats are looked at: of a year that is over, its last.
    pub fn on(&self) -> NaiveDate {
        self.today.min(self.year.last())
    }

    /// A demanded letter with where it stands.
    pub fn line(&self, demand: Demand) -> LetterLine<'a> {
        let letter = self.book.in_force(self.year, &demand.edge);
        let state = standing(&demand.edge, letter, self.directory, self.on());
        LetterLine { demand, state, letter }
    }

    /// All that the year demands: between offices, and with the families of children with an open case.
    pub fn lines(&self, roll: &Roll, cases: &CaseBook) -> Vec<LetterLine<'a>> {
        let offices = self.district.demands(&self.settings.layers).into_iter();
        // A family signs when its child is held to be out of school by evidence, and not for a doubt or a tip-off.
        let accused = cases.open().filter(|file| file.case.accused.is_some());
        let children: BTreeSet<_> = accused.map(|file| file.case.child).collect();
        let families = children.into_iter().filter_map(|child| roll.entry(child));
        let families = families.flat_map(|entry| self.of_family(entry));
        offices.chain(families).map(|demand| self.line(demand)).collect()
    }

    /// The letters that a child's chain has, from the county down to its guardian.
    pub fn of_child(&self, entry: &Entry) -> Vec<LetterLine<'a>> {
        let school = entry.school.as_deref().filter(|school| self.has_school(school));
        let village = entry.town.zip(self.village_of(entry));
        let chain = District {
            towns: entry.town.into_iter().collect(),
            villages: village.into_iter().collect(),
            schools: school.map(str::to_owned).into_iter().collect(),
            classes: school.and(class_of(entry)).into_iter().collect(),
        };
        let offices = chain.demands(&self.settings.layers).into_iter();
        offices.chain(self.of_family(entry)).map(|demand| self.line(demand)).collect()
    }

    fn of_family(&self, entry: &Entry) -> Vec<Demand> {
        // A class elsewhere is no class of this county.
        let school = entry.school.as_deref().filter(|school| self.has_school(school));
        let label = school.and(class_of(entry)).map(|class| class.label);
        let owned = |name: Option<&str>| name.filter(|name| !name.is_empty()).map(str::to_owned);
        let place = Place {
            town: entry.town,
            village: self.village_of(entry),
            school: owned(entry.school.as_deref()),
            class: owned(entry.class.as_deref()),
        };
        family_demands(entry.child, &place, label.as_deref(), &self.settings.layers)
    }

    /// Its village as the directory writes it; as lists write it, where the directory has none such.
    fn village_of(&self, entry: &Entry) -> Option<String> {
        let village = entry.village.as_deref().filter(|village| !village.is_empty())?;
        let known = entry.town.and_then(|town| self.directory.village(town, village));
        Some(known.unwrap_or(village).to_owned())
    }

    fn has_school(&self, school: &str) -> bool {
        self.district.schools.contains(school)
    }

    /// How many stand where, layer by layer; also layers of which nothing is demanded.
    pub fn overview<'l>(&self, lines: impl Iterator<Item = &'l LetterLine<'l>>) -> Overview {
        let layers = self.settings.layers.iter();
        let mut all: Overview = layers.map(|layer| (*layer, LetterTally::default())).collect();
        for line in lines {
            all.entry(line.demand.edge.layer).or_default().add(line.state);
        }
        all
    }
}

/// What there is in the district: its towns by the configuration, villages and schools by the directory, classes of those
/// schools by the children of the newest run. Gives also how many villages children live in that no directory has.
pub fn district(county: &County, directory: &Directory, roll: &Roll) -> (District, usize) {
    let mut found = District {
        towns: county.towns.all().iter().map(|town| town.code).collect(),
        ..District::default()
    };
    for office in directory.offices() {
        match office {
            Office::Village(town, village) => {
                found.villages.insert((*town, village.clone()));
            }
            Office::School(school) => {
                found.schools.insert(school.clone());
            }
            Office::County
            | Office::Bureau
            | Office::Town(_)
            | Office::Class(..)
            | Office::Department(_)
            | Office::Inspectorate
            | Office::Police => {}
        }
    }
    let mut villages = BTreeSet::new();
    for entry in roll.entries() {
        let village = entry.village.as_deref().filter(|village| !village.is_empty());
        villages.extend(entry.town.zip(village));
        let school = entry.school.as_deref().filter(|school| found.schools.contains(*school));
        found.classes.extend(school.and(class_of(entry)));
    }
    let is_unknown = |(town, village): &(_, &str)| directory.village(*town, village).is_none();
    let n_unknown = villages.into_iter().filter(is_unknown).count();
    (found, n_unknown)
}

/// The class that a child is in; `None` when no list names it.
fn class_of(entry: &Entry) -> Option<ClassOf> {
    let (school, class) = (entry.school.as_deref()?, entry.class.as_deref()?.trim());
    let class = Some(class).filter(|class| !class.is_empty())?;
    let label = class_label(entry.grade, class);
    Some(ClassOf { school: school.to_owned(), class: class.to_owned(), label })
}

/// A class with its grade, where lists write the two beside each other: 三年级1班.
pub fn class_label(grade: Option<u8>, class: &str) -> String {
    const NUMBERS: [&str; 9] = ["一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let number = grade.and_then(|grade| NUMBERS.get(usize::from(grade).checked_sub(1)?));
    match number {
        // 三（1）班 and 初一2班 tell their grade themselves.
        Some(number)
            if !class.contains('年')
                && !class.starts_with(['初', '高'])
                && !class.starts_with(number) =>
        {
            format!("{number}年级{class}")
        }
        Some(_) | None => class.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_told_apart_by_its_grade() {
        let label = |grade, class| class_label(grade, class);
        assert_eq!(label(Some(3), "1班"), "三年级1班");
        assert_eq!(label(Some(3), "三（1）班"), "三（1）班");
        assert_eq!(label(Some(7), "初一2班"), "初一2班");
        assert_eq!(label(Some(7), "七年级2班"), "七年级2班");
        assert_eq!(label(None, "1班"), "1班");
        assert_eq!(label(Some(0), "1班"), "1班");
    }
}
