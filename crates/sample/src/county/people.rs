//! Households and children, before anything is told about them.

use std::collections::HashSet;

use baoxue_claim::{ResidentId, ResidentIdError};
use chrono::{Datelike, Days, NaiveDate};

use super::{
    calendar::Calendar,
    chance::{Chance, running_sums},
    evidence::Evidence,
    fault::Faults,
    names::Names,
    place::{self, Geography},
    story::Story,
};

/// A parent or grandparent.
#[derive(Clone, Debug)]
pub(super) struct Adult {
    pub(super) name: String,
    pub(super) male: bool,
    pub(super) birth: NaiveDate,
    pub(super) id: String,
}

/// Who answers for a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Father,
    Mother,
    Grandparent,
}

/// A family as the police registers it.
#[derive(Clone, Debug)]
pub(super) struct Household {
    pub(super) town: usize,
    pub(super) village: usize,
    pub(super) group: u8,
    pub(super) number: String,
    pub(super) father: Adult,
    pub(super) mother: Adult,
    /// Head of the household where there is one.
    pub(super) grandparent: Option<Adult>,
    pub(super) phone: String,
    pub(super) poor: bool,
    /// Indices of the children.
    pub(super) children: Vec<usize>,
}

impl Household {
    pub(super) fn head(&self) -> &Adult {
        self.grandparent.as_ref().unwrap_or(&self.father)
    }

    pub(super) fn adult(&self, role: Role) -> &Adult {
        match role {
            Role::Father => &self.father,
            Role::Mother => &self.mother,
            Role::Grandparent => self.head(),
        }
    }
}

/// One child with all that is true of it.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is true or not of a child by itself")]
pub(super) struct Child {
    pub(super) household: usize,
    pub(super) name: String,
    pub(super) male: bool,
    pub(super) birth: NaiveDate,
    /// Empty for a child without registration.
    pub(super) id: String,
    pub(super) ethnicity: &'static str,
    pub(super) grade: i32,
    pub(super) guardian: Role,
    pub(super) left_behind: bool,
    pub(super) twin: bool,
    pub(super) namesake: bool,
    /// Whether the police register of the county has the child.
    pub(super) registered: bool,
    /// Name and area code of the county where it is registered instead.
    pub(super) outside: Option<(&'static str, &'static str)>,
    /// Town where it lives when that is not the town of its household.
    pub(super) lives_in: Option<usize>,
    /// Index of the child that this entry duplicates.
    pub(super) alias_of: Option<usize>,
    pub(super) rare: bool,
    pub(super) story: Story,
    /// Position among the fourteen of the seed, from 0.
    pub(super) seed: Option<usize>,
    pub(super) faults: Faults,
    pub(super) evidence: Evidence,
}

/// Makes adults, numbers and telephones.
#[derive(Debug)]
pub(super) struct Maker<'a> {
    pub(super) names: &'a Names,
    pub(super) geography: &'a Geography,
    pub(super) calendar: &'a Calendar,
    pub(super) chance: Chance,
    taken: HashSet<String>,
}

impl<'a> Maker<'a> {
    pub(super) fn new(
        names: &'a Names,
        geography: &'a Geography,
        calendar: &'a Calendar,
        seed: u64,
    ) -> Self {
        Self { names, geography, calendar, chance: Chance::new(seed, 2), taken: HashSet::new() }
    }

    /// All households with about `n` children.
    pub(super) fn people(&mut self, n: usize) -> (Vec<Household>, Vec<Child>) {
        let mut households = Vec::with_capacity(n * 2 / 3);
        let mut children = Vec::with_capacity(n + n / 100);
        while children.len() < n {
            let size = 1 + self.chance.weighted(&[60, 93, 100]);
            let size = size.min(n - children.len());
            self.household(size, &mut households, &mut children);
        }
        (households, children)
    }

    fn household(
        &mut self,
        size: usize,
        households: &mut Vec<Household>,
        children: &mut Vec<Child>,
    ) {
        let town = self.geography.draw_town(&mut self.chance);
        let village = self.geography.draw_village(town, &mut self.chance);
        let births = self.births(size);
        let eldest = births.iter().map(|(birth, _)| *birth).min().unwrap_or(self.calendar.as_of);
        let dotted = self.chance.hit(0.003);
        let surname = self.names.surname(&mut self.chance);
        let father = self.adult(surname, true, eldest.year() - 31);
        let own = self.names.surname(&mut self.chance);
        let mother = self.adult(own, false, eldest.year() - 29);
        let grandparent = self.chance.hit(0.45).then(|| {
            let male = self.chance.hit(0.8);
            let name = if male { surname } else { self.names.surname(&mut self.chance) };
            self.adult(name, male, father.birth.year() - 26)
        });
        let at = households.len();
        let mut household = Household {
            town,
            village,
            group: u8::try_from(self.chance.between(1, 8)).unwrap_or(1),
            number: format!(
                "{}{:05}",
                self.geography.places[town].villages[village].code,
                at % 100_000
            ),
            father,
            mother,
            grandparent,
            phone: self.phone(),
            poor: self.chance.hit(0.15),
            children: Vec::new(),
        };
        let ethnicity = self.ethnicity(dotted);
        for (birth, twin) in births {
            household.children.push(children.len());
            let child = self.child(&household, (at, surname, ethnicity), birth, twin);
            children.push(child);
        }
        households.push(household);
    }

    fn ethnicity(&mut self, dotted: bool) -> &'static str {
        if dotted {
            return "维吾尔族";
        }
        match self.chance.below(1_000) {
            0..=11 => "回族",
            12..=15 => "土家族",
            16..=18 => "苗族",
            _ => "汉族",
        }
    }

    /// Birth dates of the children of one household, with a mark on twins.
    fn births(&mut self, size: usize) -> Vec<(NaiveDate, bool)> {
        const GRADES: [i32; 13] = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
        let sums = running_sums([8, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 6, 4].into_iter());
        let mut births: Vec<(NaiveDate, bool)> = Vec::new();
        while births.len() < size {
            let grade = GRADES[self.chance.weighted(&sums)];
            let (first, last) = self.calendar.births_of(grade);
            let width = (last - first).num_days();
            let days = Days::new(self.chance.between(0, width).unsigned_abs());
            let birth = first.checked_add_days(days).unwrap_or(first);
            let apart = |other: &(NaiveDate, bool)| (other.0 - birth).num_days().abs() > 330;
            if births.iter().all(apart) {
                births.push((birth, false));
            }
        }
        if size == 2 && self.chance.hit(0.035) {
            births[1].0 = births[0].0;
            for (_, twin) in &mut births {
                *twin = true;
            }
        }
        births
    }

    fn child(
        &mut self,
        household: &Household,
        (at, surname, ethnicity): (usize, &str, &'static str),
        birth: NaiveDate,
        twin: bool,
    ) -> Child {
        let male = self.chance.hit(0.54);
        let rare = self.chance.hit(0.001);
        let name = if ethnicity == "维吾尔族" {
            Names::dotted(&mut self.chance)
        } else if rare {
            format!("{surname}{}", self.names.rare(male, &mut self.chance))
        } else {
            format!("{surname}{}", self.names.given(male, &mut self.chance))
        };
        let area = if self.chance.hit(0.03) {
            place::outside_area(&mut self.chance).to_owned()
        } else {
            self.geography.area.clone()
        };
        let left_behind = household.grandparent.is_some() && self.chance.hit(0.45);
        let guardian = match self.chance.below(10) {
            _ if left_behind => Role::Grandparent,
            0..=5 => Role::Father,
            _ => Role::Mother,
        };
        Child {
            household: at,
            name,
            male,
            birth,
            id: self.id(&area, birth, male),
            ethnicity,
            grade: self.calendar.grade(birth),
            guardian,
            left_behind,
            twin,
            namesake: false,
            registered: true,
            outside: None,
            lives_in: None,
            alias_of: None,
            rare,
            story: Story::default(),
            seed: None,
            faults: Faults::default(),
            evidence: Evidence::default(),
        }
    }

    /// An adult born within four years of `year`.
    pub(super) fn adult(&mut self, surname: &str, male: bool, year: i32) -> Adult {
        let year = year + i32::try_from(self.chance.between(-4, 4)).unwrap_or(0);
        let day = Days::new(self.chance.between(0, 364).unsigned_abs());
        let birth = NaiveDate::from_ymd_opt(year, 1, 1)
            .and_then(|first| first.checked_add_days(day))
            .unwrap_or(self.calendar.as_of);
        let name = format!("{surname}{}", self.names.given(male, &mut self.chance));
        let area = self.geography.area.clone();
        Adult { name, male, birth, id: self.id(&area, birth, male) }
    }

    pub(super) fn official(&mut self) -> String {
        let surname = self.names.surname(&mut self.chance);
        let male = self.chance.hit(0.6);
        format!("{surname}{}", self.names.given(male, &mut self.chance))
    }

    pub(super) fn phone(&mut self) -> String {
        let second = self.chance.word(&["3", "5", "7", "8"]);
        format!("1{second}{:09}", self.chance.below(1_000_000_000))
    }

    /// A valid resident ID that nobody has yet.
    pub(super) fn id(&mut self, area: &str, birth: NaiveDate, male: bool) -> String {
        loop {
            let sequence = self.chance.below(497) * 2 + if male { 1 } else { 2 };
            let id = completed(&format!("{area}{}{sequence:03}", birth.format("%Y%m%d")));
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }
}

/// Seventeen digits with their check character.
pub(super) fn completed(digits: &str) -> String {
    match format!("{digits}0").parse::<ResidentId>() {
        Err(ResidentIdError::Check(check)) => format!("{digits}{check}"),
        Ok(_) | Err(_) => format!("{digits}0"),
    }
}
