//! The files that the departments send: one module per source.

pub(super) mod absence;
pub(super) mod aid;
pub(super) mod certificate;
pub(super) mod contacts;
pub(super) mod disability;
pub(super) mod exits;
pub(super) mod inspection;
pub(super) mod leave;
pub(super) mod poverty;
pub(super) mod register;
pub(super) mod registry;
pub(super) mod survey;
pub(super) mod tip;
pub(super) mod visits;

use super::{
    book::{Cell, Finished, Format},
    calendar::Calendar,
    chance::Chance,
    county_error::CountyError,
    people::{Child, Household},
    place::Geography,
    style::CountyStyle,
};

/// The county as the writers of files see it.
pub(super) struct County<'a> {
    pub(super) geography: &'a Geography,
    pub(super) calendar: &'a Calendar,
    pub(super) style: &'a CountyStyle,
    pub(super) households: &'a [Household],
    pub(super) children: &'a [Child],
    /// Officials, principals and other people without a story.
    pub(super) officials: &'a [(String, String)],
    pub(super) seed: u64,
    pub(super) noise: f64,
}

/// What takes a finished file.
pub(super) type Sink<'s> = dyn FnMut(Finished) -> Result<(), CountyError> + 's;

impl<'a> County<'a> {
    /// The draws for the cells of one source.
    fn chance(&self, source: u64) -> Chance {
        Chance::new(self.seed, 3_000 + source)
    }

    /// The format, unless the county is too large for it: nobody keeps a hundred thousand rows in a file that is not Excel's.
    fn format(&self, format: Format) -> Format {
        let large = self.children.len() > 20_000;
        if large && format == Format::Ods { Format::Xlsx } else { format }
    }

    fn household(&self, child: &Child) -> &'a Household {
        &self.households[child.household]
    }

    fn official(&self, chance: &mut Chance) -> &'a (String, String) {
        chance.pick(self.officials)
    }

    /// `洪山镇上岩村5组`
    fn short_address(&self, household: &Household) -> String {
        let place = &self.geography.places[household.town];
        let village = &place.villages[household.village].name;
        format!("{}{village}{}组", place.formal, household.group)
    }

    /// Address of the household, long or short, or the county where the child is registered instead.
    fn address(&self, child: &Child, long: bool) -> String {
        let household = self.household(child);
        child.outside.map_or_else(
            || self.geography.address(household.town, household.village, household.group, long),
            |(county, _)| county.to_owned(),
        )
    }

    /// The number of a child as a paper of another office has it: sometimes missing.
    fn paper_id(&self, child: &Child, chance: &mut Chance) -> (Cell, &'static str) {
        let missing = chance.hit((0.12 * self.noise).min(0.45));
        if missing || child.id.is_empty() {
            return (Cell::Blank, "id_missing");
        }
        (Cell::text(child.id.clone()), "")
    }
}

/// Marks joined by a blank, without the empty ones.
fn tags(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// One digit of the number mistyped, so that its check character fails.
fn mistyped(id: &str, chance: &mut Chance) -> String {
    let mut digits: Vec<u8> = id.bytes().collect();
    if digits.len() < 18 {
        return id.to_owned();
    }
    let at = 6 + chance.below(11);
    let step = 1 + u8::try_from(chance.below(9)).unwrap_or(0);
    digits[at] = b'0' + (digits[at] - b'0' + step) % 10;
    String::from_utf8(digits).unwrap_or_default()
}

/// Day and month exchanged where that is a date, else the last digit of the day changed.
fn transposed(birth: chrono::NaiveDate) -> chrono::NaiveDate {
    use chrono::Datelike;
    let swapped = chrono::NaiveDate::from_ymd_opt(birth.year(), birth.day(), birth.month());
    let next = birth.with_day(if birth.day() == 1 { 2 } else { 1 + (birth.day() + 9) % 28 });
    swapped.filter(|day| *day != birth).or(next).unwrap_or(birth)
}
