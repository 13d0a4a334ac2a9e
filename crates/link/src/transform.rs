//! What is made of a text before it serves as a key of a block.

use serde::{Deserialize, Serialize};

use crate::{
    comparator::{
        code,
        date::Day,
        latin::{self, folded},
        name::Parser,
        place::Place,
        resident_id::{self, Id},
    },
    prepare::{hash, mix},
    table::ALTERNATIVE,
};

/// A way to make a key, so that rows which differ in a detail still meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transform {
    /// The text itself; of a resident ID the form that all its dresses have in common.
    Whole,
    /// Sound of all characters, southern confusions folded.
    Sound,
    /// Sound of all characters but the first: the given name under another surname.
    GivenSound,
    /// The first sign of a name, folded to its simplified form.
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
    /// Letters and digits in lower case.
    Folded,
    /// The first three letters and digits, in lower case.
    ThreeFirst,
    /// The first letter and the consonants that sound different, of a name in Latin letters.
    LatinSound,
    /// What stands before the `@` of an e-mail address.
    LocalPart,
    /// A code of 5 to 20 signs with one left out, once for each: codes with one wrong, missing or added sign meet.
    OneOff,
    /// Each word of three letters or more.
    EachWord,
}

impl Transform {
    /// Adds digests of the keys of a cell; none when it is missing or does not give this kind of key.
    pub(crate) fn keys(self, cell: &str, parser: &mut Parser, into: &mut Vec<u64>) {
        for text in cell.split(ALTERNATIVE).map(str::trim).filter(|text| !text.is_empty()) {
            if self == Self::IdOneOff {
                let numbers = Id::parse(text).map(|id| id.one_off()).unwrap_or_default();
                into.extend(numbers.iter().map(|number| hash(number.as_bytes())));
            } else if self == Self::OneOff {
                one_off(&code::bare(text), into);
            } else if self == Self::EachWord {
                let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() >= 3);
                into.extend(words.map(|word| hash(folded(word).as_bytes())));
            } else {
                into.extend(self.key(text, parser));
            }
        }
    }

    fn key(self, text: &str, parser: &mut Parser) -> Option<u64> {
        let id = || Id::parse(text);
        let of = |text: &str| (!text.is_empty()).then(|| hash(text.as_bytes()));
        let numbers = |year: i32, a: u32, b: u32| {
            mix(u64::from(year.cast_unsigned()) << 16 | u64::from(a) << 8 | u64::from(b))
        };
        match self {
            Self::IdOneOff | Self::OneOff | Self::EachWord => None,
            Self::Whole => of(&resident_id::folded(text)),
            Self::Sound => parser.parse(text).sound(false),
            Self::GivenSound => parser.parse(text).sound(true),
            Self::First => parser.parse(text).first(),
            Self::Month => Day::parse(text)?.month().map(|(year, month)| numbers(year, month, 0)),
            Self::Year => Day::parse(text).map(|day| numbers(day.year(), 0, 0)),
            Self::DayAnyOrder => Day::parse(text)?.any_order().map(|(y, a, b)| numbers(y, a, b)),
            Self::IdAreaBirth => id()?.area_birth().and_then(of),
            Self::IdAreaTail => id()?.area_tail().and_then(|key| of(&key)),
            Self::Place => of(Place::parse(text).core()),
            Self::SixFirst => of(&text.chars().take(6).collect::<String>()),
            Self::Folded => of(&folded(text)),
            Self::ThreeFirst => of(&folded(text).chars().take(3).collect::<String>()),
            Self::LatinSound => of(&latin::sound(text)),
            Self::LocalPart => {
                of(code::address(text).split_once('@').map_or("", |(local, _)| local))
            }
        }
    }
}

/// The digests of a code with each sign left out.
fn one_off(code: &str, into: &mut Vec<u64>) {
    let signs: Vec<char> = code.chars().collect();
    if !(5..=20).contains(&signs.len()) {
        return;
    }
    // A code that lacks a sign meets the whole one with this sign left out.
    into.push(hash(code.as_bytes()));
    for left_out in 0..signs.len() {
        let rest = signs.iter().enumerate().filter(|(at, _)| *at != left_out);
        into.push(hash(rest.map(|(_, sign)| sign).collect::<String>().as_bytes()));
    }
}
