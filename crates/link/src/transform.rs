//! What is made of a text before it serves as a key of a block.

use serde::{Deserialize, Serialize};

use crate::{
    characters::standard,
    comparator::{date::Day, name::Name, place::Place, resident_id::Id},
    table::ALTERNATIVE,
};

/// A way to make a key, so that rows which differ in a detail still meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transform {
    /// The text itself.
    Whole,
    /// Sound of all characters, southern confusions folded.
    Sound,
    /// Sound of all characters but the first: the given name under another surname.
    GivenSound,
    /// The first character, folded to its simplified form.
    First,
    /// Year and month of a date; a date of year only gives no key.
    Month,
    /// Year of a date.
    Year,
    /// A date without regard to the order of month and day.
    DayAnyOrder,
    /// A resident ID with at least 14 known digits: area and birth.
    IdAreaBirth,
    /// A resident ID whose four last characters are known: the area and these.
    IdAreaTail,
    /// A complete resident ID with one position left out, once for each position: numbers with one wrong digit meet.
    IdOneOff,
    /// A place or school without its administrative prefix, numerals made equal.
    Place,
    /// The first six characters.
    SixFirst,
}

impl Transform {
    /// The keys of a cell; none when it is missing or does not give this kind of key.
    pub(crate) fn keys(self, cell: &str) -> Vec<String> {
        cell.split(ALTERNATIVE)
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .flat_map(|text| self.of(text))
            .collect()
    }

    fn of(self, text: &str) -> Vec<String> {
        let id = || Id::parse(text);
        let one = match self {
            Self::IdOneOff => return id().map(|id| id.one_off()).unwrap_or_default(),
            Self::Whole => Some(text.to_owned()),
            Self::Sound => Name::parse(text).sound(false),
            Self::GivenSound => Name::parse(text).sound(true),
            Self::First => text.chars().next().map(|c| standard(c).to_string()),
            Self::Month => Day::parse(text).and_then(Day::month).map(|(y, m)| format!("{y}-{m}")),
            Self::Year => Day::parse(text).map(|day| day.year().to_string()),
            Self::DayAnyOrder => {
                Day::parse(text).and_then(Day::any_order).map(|(y, a, b)| format!("{y}-{a}-{b}"))
            }
            Self::IdAreaBirth => id().and_then(|id| id.area_birth().map(str::to_owned)),
            Self::IdAreaTail => id().and_then(|id| id.area_tail()),
            Self::Place => Some(Place::parse(text).core().to_owned()),
            Self::SixFirst => Some(text.chars().take(6).collect()),
        };
        one.filter(|key| !key.is_empty()).into_iter().collect()
    }
}
