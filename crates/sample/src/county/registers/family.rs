//! Families one after another: parents, children, where they are registered and where they live.

use std::collections::HashMap;

use chrono::{Datelike, Days, NaiveDate};

use super::{
    super::{
        calendar::Calendar,
        chance::{Chance, running_sums},
        names::Names,
        people::completed,
        place,
    },
    land::Land,
};

/// Families that move to another town and leave their registration behind.
const MOVED: f64 = 0.137;
/// Children whom the student registry still has at the registered place.
const REGISTRY_BEHIND: f64 = 0.13;
/// Families of which a child has the name, sex and birthday of another family's child.
const NAMESAKES: f64 = 0.0018;
/// Of families with two children or more, those with twins.
const TWINS: f64 = 0.034;
/// Sequence numbers of one day and sex; their step has no common factor with them, so that none comes twice.
const SEQUENCES: usize = 499;
const STEP: usize = 7;

/// A family with its children.
#[derive(Debug)]
pub(super) struct Family<'l> {
    pub(super) number: u64,
    pub(super) land: &'l Land,
    /// Town and village of the registration, and of the home.
    pub(super) registered: (usize, usize),
    pub(super) lives: (usize, usize),
    pub(super) group: u8,
    pub(super) house: i64,
    pub(super) poor: bool,
    /// Father, mother, grandparent where there is one.
    pub(super) adults: Vec<String>,
    pub(super) adult_id: String,
    /// Where its children go up to grade 6, and from grade 7 on.
    schools: [usize; 2],
    pub(super) kids: Vec<Kid>,
}

/// A child as it is.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is true or not of a child by itself")]
pub(super) struct Kid {
    pub(super) number: u64,
    pub(super) name: String,
    pub(super) male: bool,
    pub(super) birth: NaiveDate,
    pub(super) id: String,
    pub(super) twin: bool,
    pub(super) namesake: bool,
    pub(super) school: usize,
    /// Whether the student registry knows of the move.
    pub(super) registry_behind: bool,
}

/// What the children of one family share in their names.
struct Naming {
    surname: &'static str,
    mothers: &'static str,
    /// The character of the generation.
    shared: Option<char>,
    dotted: bool,
}

/// Tells the families.
#[derive(Debug)]
pub(super) struct Teller<'a> {
    names: &'a Names,
    lands: &'a [Land],
    calendar: &'a Calendar,
    chance: Chance,
    /// How many numbers were given out by area and day.
    given: HashMap<(String, NaiveDate), usize>,
    n_families: u64,
    n_kids: u64,
}

impl<'a> Teller<'a> {
    pub(super) fn new(
        names: &'a Names,
        lands: &'a [Land],
        calendar: &'a Calendar,
        seed: u64,
    ) -> Self {
        let chance = Chance::new(seed, 21);
        Self { names, lands, calendar, chance, given: HashMap::new(), n_families: 0, n_kids: 0 }
    }

    /// The next family, or two with a child of the same name, sex and birthday.
    pub(super) fn next(&mut self) -> Vec<Family<'a>> {
        let lands = self.lands;
        let land = self.chance.pick(lands);
        let mut first = self.family(land, None);
        if !self.chance.hit(NAMESAKES) {
            return vec![first];
        }
        first.kids[0].namesake = true;
        let model = first.kids[0].clone();
        let second = self.family(land, Some(&model));
        vec![first, second]
    }

    fn family(&mut self, land: &'a Land, model: Option<&Kid>) -> Family<'a> {
        let size = 1 + self.chance.weighted(&[46, 85, 97, 100]);
        let births = self.births(size, model.map(|kid| kid.birth));
        let registered = land.home(&mut self.chance);
        let lives = if self.chance.hit(MOVED) { land.home(&mut self.chance) } else { registered };
        let naming = self.naming(land, registered, births[0].1);
        let eldest = births.iter().map(|(birth, _)| birth.year()).min().unwrap_or(2000);
        let adults = self.adults(&naming);
        let adult_id = self.adult_id(land, eldest - 28);
        let mut family = Family {
            number: self.n_families,
            land,
            registered,
            lives,
            group: u8::try_from(self.chance.between(1, 8)).unwrap_or(1),
            house: self.chance.between(1, 158),
            poor: self.chance.hit(0.26),
            adults,
            adult_id,
            schools: [6, 7].map(|grade| land.school(lives.0, grade, &mut self.chance)),
            kids: Vec::with_capacity(births.len()),
        };
        self.n_families += 1;
        for (at, (birth, twin)) in births.into_iter().enumerate() {
            let model = model.filter(|_| at == 0);
            let kid = self.kid(&family, &naming, (birth, twin), model);
            family.kids.push(kid);
        }
        family
    }

    /// Birth dates of school age, more than eleven months apart unless of twins, who come first.
    fn births(&mut self, size: usize, fixed: Option<NaiveDate>) -> Vec<(NaiveDate, bool)> {
        let mut births: Vec<(NaiveDate, bool)> =
            fixed.into_iter().map(|birth| (birth, false)).collect();
        while births.len() < size {
            let grade = i32::try_from(self.chance.below(10)).unwrap_or(1);
            let (first, last) = self.calendar.births_of(grade);
            let days = self.chance.between(0, (last - first).num_days()).unsigned_abs();
            let birth = first.checked_add_days(Days::new(days)).unwrap_or(first);
            if births.iter().all(|(other, _)| (*other - birth).num_days().abs() > 330) {
                births.push((birth, false));
            }
        }
        if size > 1 && fixed.is_none() && self.chance.hit(TWINS) {
            births[1].0 = births[0].0;
            births[0].1 = true;
            births[1].1 = true;
        }
        births
    }

    fn naming(&mut self, land: &Land, home: (usize, usize), twins: bool) -> Naming {
        let clan = self.chance.hit(0.2);
        let surname = if clan { land.clan(home) } else { self.names.surname(&mut self.chance) };
        let share = if twins { 0.6 } else { 0.22 };
        let shared = self.chance.hit(share).then(|| self.names.given(true, &mut self.chance));
        Naming {
            surname,
            mothers: self.names.surname(&mut self.chance),
            shared: shared.and_then(|given| given.chars().next()),
            dotted: self.chance.hit(0.003),
        }
    }

    fn adults(&mut self, naming: &Naming) -> Vec<String> {
        let mut adults = Vec::with_capacity(3);
        let third = usize::from(self.chance.hit(0.45));
        let people = [(naming.surname, true), (naming.mothers, false), (naming.surname, true)];
        for (surname, male) in people.into_iter().take(2 + third) {
            adults.push(if naming.dotted {
                Names::dotted(&mut self.chance)
            } else {
                format!("{surname}{}", self.names.given(male, &mut self.chance))
            });
        }
        adults
    }

    fn kid(
        &mut self,
        family: &Family<'_>,
        naming: &Naming,
        (birth, twin): (NaiveDate, bool),
        model: Option<&Kid>,
    ) -> Kid {
        let male = model.map_or_else(|| self.chance.hit(0.527), |kid| kid.male);
        let name = model.map_or_else(|| self.name(family, naming, male), |kid| kid.name.clone());
        let grade = self.calendar.grade(birth);
        let kid = Kid {
            number: self.n_kids,
            name,
            male,
            birth,
            id: self.id(family.land, birth, male),
            twin,
            namesake: model.is_some(),
            school: family.schools[usize::from(grade > 6)],
            registry_behind: self.chance.hit(REGISTRY_BEHIND),
        };
        self.n_kids += 1;
        kid
    }

    /// A name that no child of the family has yet.
    fn name(&mut self, family: &Family<'_>, naming: &Naming, male: bool) -> String {
        loop {
            let name = self.some_name(family.land, naming, male);
            if family.kids.iter().all(|kid| kid.name != name) {
                return name;
            }
        }
    }

    fn some_name(&mut self, land: &Land, naming: &Naming, male: bool) -> String {
        let chance = &mut self.chance;
        if naming.dotted {
            return Names::dotted(chance);
        }
        let surname = if chance.hit(0.05) { naming.mothers } else { naming.surname };
        if chance.hit(0.003) {
            return format!("{surname}{}", self.names.rare(male, chance));
        }
        if let Some(shared) = naming.shared {
            let own = self.names.given(male, chance).chars().last().unwrap_or(shared);
            return format!("{surname}{shared}{own}");
        }
        if chance.hit(0.12) {
            return format!("{surname}{}", land.fashionable(male, chance));
        }
        format!("{surname}{}", self.names.given(male, chance))
    }

    /// A number that no other child has.
    fn id(&mut self, land: &Land, birth: NaiveDate, male: bool) -> String {
        let area = if self.chance.hit(0.02) {
            place::outside_area(&mut self.chance).to_owned()
        } else {
            land.geography.area.clone()
        };
        let start = birth.ordinal() as usize * 131
            + area.as_bytes()[3..].iter().map(|d| usize::from(*d)).sum::<usize>();
        let digits = format!("{area}{}", birth.format("%Y%m%d"));
        let n_given = self.given.entry((area, birth)).or_insert(0);
        let at = (start + *n_given * STEP) % SEQUENCES;
        *n_given += 1;
        completed(&format!("{digits}{:03}", at * 2 + if male { 1 } else { 2 }))
    }

    fn adult_id(&mut self, land: &Land, year: i32) -> String {
        let days = Days::new(self.chance.between(0, 2_500).unsigned_abs());
        let birth = NaiveDate::from_ymd_opt(year - 3, 1, 1)
            .and_then(|first| first.checked_add_days(days))
            .unwrap_or(self.calendar.as_of);
        let area = &land.geography.area;
        completed(&format!("{area}{}{:03}", birth.format("%Y%m%d"), self.chance.between(1, 998)))
    }
}

/// Which adult a register names, by the weights of father, mother and grandparent.
pub(super) fn guardian<'f>(
    family: &'f Family<'_>,
    weights: [u64; 3],
    chance: &mut Chance,
) -> &'f str {
    let sums = running_sums(weights.into_iter());
    let at = chance.weighted(&sums);
    family.adults.get(at).unwrap_or(&family.adults[0])
}
