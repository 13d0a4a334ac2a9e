//! The duty chain (双线七长): who sits where, on a day, for a place; whose seat is above whose; and what happens to a duty
//! when a seat is empty.

use std::collections::{BTreeMap, BTreeSet};

use baoxue_claim::{Private, TownCode};
use baoxue_determine::Seat;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where a child belongs: its household's town and village, its school and class. `None` where nobody says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Town or street office.
    pub town: Option<TownCode>,
    /// Village or community.
    pub village: Option<String>,
    /// School.
    pub school: Option<String>,
    /// Class.
    pub class: Option<String>,
}

/// The unit that a seat belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Office {
    /// 县（区）人民政府.
    County,
    /// 教育局.
    Bureau,
    /// 镇人民政府、街道办事处.
    Town(TownCode),
    /// 村（居）民委员会.
    Village(TownCode, String),
    /// 学校.
    School(String),
    /// 班级 of a school.
    Class(String, String),
    /// A department, by the id of the county's list.
    Department(String),
    /// 督导机构.
    Inspectorate,
    /// 公安机关.
    Police,
}

/// A seat of an office: what owes a duty, whoever sits there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Holder {
    /// The seat.
    pub seat: Seat,
    /// Of what.
    pub office: Office,
}

/// Somebody in a seat, with the days on which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The seat.
    pub holder: Holder,
    /// Whether as a substitute (副职、代理): then only while the seat itself is empty.
    pub is_substitute: bool,
    /// Who.
    pub name: Private,
    /// Telephone.
    pub phone: Option<Private>,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` while it lasts.
    pub to: Option<NaiveDate>,
}

/// Who sits in which seat of the county, with dates (责任人通讯录).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// By the seat as [`key`] writes it.
    posts: BTreeMap<Holder, Vec<Post>>,
    /// Seats for which it names anybody anywhere.
    seats: BTreeSet<Seat>,
    /// Seats of villages by [`stem`], as `posts` has them; `None` where two villages have one stem.
    stems: BTreeMap<(Seat, TownCode, String), Option<Holder>>,
    /// Villages and schools that it has a line for, whether or not it names anybody there.
    offices: BTreeSet<Office>,
}

/// Who answers in a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seated<'a> {
    /// Its holder.
    Filled(&'a Post),
    /// The seat is empty and this is the substitute.
    Substitute(&'a Post),
    /// Nobody: a finding, and its duties go up at once.
    Vacant,
    /// The directory says nothing of any such seat: nothing is concluded from it.
    Unknown,
}

/// Who must do what a seat owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Responsible {
    /// The seat that owes it by its office.
    pub owed_by: Holder,
    /// The seat that must see to it: the same, or the first one above that is not empty.
    pub falls_to: Holder,
}

impl Directory {
    /// A directory of these posts.
    pub fn new(posts: impl IntoIterator<Item = Post>) -> Self {
        let mut directory = Self::default();
        for post in posts {
            directory.posts.entry(key(&post.holder)).or_default().push(post);
        }
        for holder in directory.posts.keys() {
            directory.seats.insert(holder.seat);
            if let Office::Village(town, village) = &holder.office {
                let alike = directory.stems.entry((holder.seat, *town, stem(village)));
                alike.and_modify(|known| *known = None).or_insert_with(|| Some(holder.clone()));
            }
        }
        for posts in directory.posts.values_mut() {
            posts.sort_by(|a, b| {
                (a.is_substitute, a.from, a.name.expose()).cmp(&(
                    b.is_substitute,
                    b.from,
                    b.name.expose(),
                ))
            });
        }
        directory
    }

    /// The same with villages and schools that it has a line for.
    #[must_use]
    pub fn with_offices(mut self, offices: impl IntoIterator<Item = Office>) -> Self {
        self.offices.extend(offices);
        self
    }

    /// The villages and schools that it has a line for, also where it names nobody.
    pub fn offices(&self) -> impl Iterator<Item = &Office> {
        self.offices.iter()
    }

    /// A village as its line has it, whose name may be the same but for 村 or 社区 behind it; two such are not guessed between.
    pub fn village(&self, town: TownCode, name: &str) -> Option<&str> {
        let of_town = self.offices.iter().filter_map(|office| {
            let Office::Village(at, known) = office else { return None };
            (*at == town).then_some(known.as_str())
        });
        if let Some(known) = of_town.clone().find(|known| tight(known) == tight(name)) {
            return Some(known);
        }
        let wanted = stem(name);
        let mut same = of_town.filter(|known| stem(known) == wanted);
        let first = same.next()?;
        same.next().is_none().then_some(first)
    }

    /// All posts, by seat.
    pub fn posts(&self) -> impl Iterator<Item = &Post> {
        self.posts.values().flatten()
    }

    /// Who answers in a seat on a day.
    pub fn seated(&self, holder: &Holder, on: NaiveDate) -> Seated<'_> {
        if !self.seats.contains(&holder.seat) {
            return Seated::Unknown;
        }
        let posts = self.posts.get(&key(holder)).or_else(|| self.of_stem(holder));
        let posts = posts.or_else(|| self.of_school(holder)).map_or(&[][..], Vec::as_slice);
        // Of departments the county names whom it likes: one that it does not name is not empty.
        if posts.is_empty() && matches!(holder.office, Office::Department(_)) {
            return Seated::Unknown;
        }
        let mut here = posts.iter().filter(|post| {
            post.from <= on && post.to.is_none_or(|to| on <= to) && !post.name.expose().is_empty()
        });
        match here.next() {
            Some(post) if post.is_substitute => Seated::Substitute(post),
            Some(post) => Seated::Filled(post),
            None => Seated::Vacant,
        }
    }

    /// The same for whoever signs in person: where a directory names one teacher for a whole school, nothing is known of who
    /// has which of its classes.
    pub fn seated_in_person(&self, holder: &Holder, on: NaiveDate) -> Seated<'_> {
        let is_class = |office: &Office| matches!(office, Office::Class(..));
        if is_class(&holder.office) && !self.posts.keys().any(|known| is_class(&known.office)) {
            return Seated::Unknown;
        }
        self.seated(holder, on)
    }

    /// The one village whose name is the same but for 村, 社区 or 村委会 behind it; two such are not guessed between.
    fn of_stem(&self, holder: &Holder) -> Option<&Vec<Post>> {
        let Office::Village(town, village) = &holder.office else { return None };
        let known = self.stems.get(&(holder.seat, *town, stem(village)))?.as_ref()?;
        self.posts.get(known)
    }

    /// Who speaks for the teachers of a school, where the directory names nobody for the class.
    fn of_school(&self, holder: &Holder) -> Option<&Vec<Post>> {
        let Office::Class(school, _) = &holder.office else { return None };
        self.posts.get(&key(&Holder { seat: holder.seat, office: Office::School(school.clone()) }))
    }

    /// Who must see on a day to what `owed_by` owes for a child of `place`: the seat itself, or, while it is empty, the
    /// first one above it that is not.
    pub fn falls_to(&self, owed_by: &Holder, place: &Place, on: NaiveDate) -> Holder {
        let mut falls_to = owed_by.clone();
        while self.seated(&falls_to, on) == Seated::Vacant {
            let Some(above) = place.above(&falls_to) else { break };
            falls_to = above;
        }
        falls_to
    }
}

/// A seat as it is looked up: without blanks in names.
fn key(holder: &Holder) -> Holder {
    let office = match &holder.office {
        Office::Village(town, village) => Office::Village(*town, tight(village)),
        Office::School(school) => Office::School(tight(school)),
        Office::Class(school, class) => Office::Class(tight(school), tight(class)),
        Office::County
        | Office::Bureau
        | Office::Town(_)
        | Office::Department(_)
        | Office::Inspectorate
        | Office::Police => holder.office.clone(),
    };
    Holder { seat: holder.seat, office }
}

fn tight(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

fn stem(village: &str) -> String {
    let name = tight(village);
    let mut stem = name.as_str();
    for end in ["村民委员会", "居民委员会", "村委会", "居委会", "社区", "村"] {
        stem = stem.strip_suffix(end).filter(|rest| !rest.is_empty()).unwrap_or(stem);
    }
    stem.to_owned()
}

impl Place {
    /// The office of this place to which a seat belongs, if the place says.
    pub fn office(&self, seat: Seat) -> Option<Office> {
        match seat {
            Seat::CountyHead => Some(Office::County),
            Seat::BureauHead => Some(Office::Bureau),
            Seat::TownHead => self.town.map(Office::Town),
            Seat::VillageHead => Some(Office::Village(self.town?, self.village.clone()?)),
            Seat::Principal => self.school.clone().map(Office::School),
            Seat::Teacher => self.school.clone().map(|school| match self.class.clone() {
                Some(class) => Office::Class(school, class),
                None => Office::School(school),
            }),
            Seat::Inspectorate => Some(Office::Inspectorate),
            Seat::Police => Some(Office::Police),
            // A department's duty names its department; without one it is the county's.
            Seat::Department => None,
        }
    }

    /// The seat as one of an office of this place. Where the place has no such office, the next one above it on the same
    /// line: nobody's duty must be somebody's.
    pub fn holder(&self, seat: Seat) -> Holder {
        match (self.office(seat), above(seat)) {
            (Some(office), _) => Holder { seat, office },
            (None, Some(above)) => self.holder(above),
            (None, None) => Holder { seat: Seat::CountyHead, office: Office::County },
        }
    }

    /// The seat above one, for this place; `None` above the county's head.
    pub fn above(&self, holder: &Holder) -> Option<Holder> {
        above(holder.seat).map(|seat| self.holder(seat))
    }

    /// The seats of officials on both lines, in the order of [`CHAIN`], each with its office where the place says.
    pub fn chain(&self) -> [(Seat, Option<Office>); 6] {
        CHAIN.map(|seat| (seat, self.office(seat)))
    }
}

/// The official seats of the two lines (行政线、教育线) from the child upwards.
pub const CHAIN: [Seat; 6] = [
    Seat::VillageHead,
    Seat::TownHead,
    Seat::CountyHead,
    Seat::Teacher,
    Seat::Principal,
    Seat::BureauHead,
];

/// The seat above one.
pub const fn above(seat: Seat) -> Option<Seat> {
    match seat {
        Seat::VillageHead => Some(Seat::TownHead),
        Seat::Teacher => Some(Seat::Principal),
        Seat::Principal => Some(Seat::BureauHead),
        Seat::TownHead
        | Seat::BureauHead
        | Seat::Inspectorate
        | Seat::Police
        | Seat::Department => Some(Seat::CountyHead),
        Seat::CountyHead => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn place() -> Place {
        Place {
            town: Some("610902104".parse().unwrap()),
            village: Some("东村".into()),
            school: Some("五里小学".into()),
            class: Some("三（1）班".into()),
        }
    }

    fn post(holder: Holder, name: &str, from: &str, to: Option<&str>) -> Post {
        let (name, to) = (Private::new(name), to.map(day));
        Post { holder, is_substitute: false, name, phone: None, from: day(from), to }
    }

    #[test]
    fn an_empty_seat_sends_its_duty_up_and_the_old_holder_stays_for_his_days() {
        let place = place();
        let village = place.holder(Seat::VillageHead);
        let town = place.holder(Seat::TownHead);
        let directory = Directory::new([
            post(village.clone(), "甲", "2019-01-01", Some("2019-09-10")),
            post(town.clone(), "乙", "2019-01-01", None),
        ]);
        let falls_to = |on| directory.falls_to(&village, &place, day(on));
        assert_eq!(falls_to("2019-09-10"), village);
        assert_eq!(falls_to("2019-09-11"), town);
        assert!(matches!(directory.seated(&village, day("2019-09-10")), Seated::Filled(_)));
    }

    #[test]
    fn a_substitute_answers_while_the_seat_is_empty() {
        let town = place().holder(Seat::TownHead);
        let head = post(town.clone(), "乙", "2019-01-01", Some("2019-06-30"));
        let deputy = Post { is_substitute: true, ..post(town.clone(), "丙", "2019-01-01", None) };
        let directory = Directory::new([deputy.clone(), head.clone()]);
        assert_eq!(directory.seated(&town, day("2019-06-30")), Seated::Filled(&head));
        assert_eq!(directory.seated(&town, day("2019-07-01")), Seated::Substitute(&deputy));
    }

    #[test]
    fn a_directory_that_knows_no_such_seat_proves_no_vacancy() {
        let place = place();
        let directory = Directory::default();
        let village = place.holder(Seat::VillageHead);
        assert_eq!(directory.seated(&village, day("2019-07-01")), Seated::Unknown);
        assert_eq!(directory.falls_to(&village, &place, day("2019-07-01")), village);
    }

    #[test]
    fn a_child_without_a_school_is_the_bureaus() {
        let place = Place { school: None, class: None, ..place() };
        assert_eq!(place.holder(Seat::Teacher).seat, Seat::BureauHead);
        assert_eq!(Place::default().holder(Seat::VillageHead).seat, Seat::CountyHead);
        assert_eq!(place.chain()[3], (Seat::Teacher, None));
    }
}
