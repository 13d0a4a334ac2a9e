//! How two values are compared: for each comparator the levels it can give, from best to worst.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Serialize};

pub(crate) mod code;
pub(crate) mod date;
pub(crate) mod latin;
pub(crate) mod name;
pub(crate) mod pair;
pub(crate) mod place;
pub(crate) mod resident_id;
mod text;
mod words;

use date::Day;
use latin::LatinNames;
use name::Names;
use pair::Pairs;
use place::{Cores, Place, Places};
use resident_id::Id;
use words::{Split, WordSets};

use crate::texts::Texts;

/// A way to compare two values. All of them take cells with alternatives and give the best level of any two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparator {
    /// Equal or not.
    Exact,
    /// Short text in any script. `slip`: one sign changed, added, left out or swapped with its neighbour, of four at
    /// least; `close`, `near` and `far` by Jaro–Winkler similarity from 0.92, 0.84 and 0.74 on.
    Text,
    /// Longer text as a set of words, of which rare ones weigh more and one slip in a word is forgiven. `contains`: all
    /// words of the shorter, two at least, stand in the longer; `most` and `half`: 60 % and 35 % of the weight of all
    /// words is shared; `some`: a word is shared.
    Words,
    /// Words of the first column that the other columns do not have, a title or second name beside given name and
    /// surname: what the whole says beyond its parts. Levels as for words.
    Rest,
    /// A set of entries between commas, semicolons and the like, or between blanks; levels as for words.
    Set,
    /// A given name or surname in Latin letters, case, accents and blanks left out. `slip` as for text, of three at
    /// least; `nickname`: names that are used for each other in English; `prefix`: an initial, or three letters and more
    /// that the other begins with; `close`, `near` and `far` by Jaro–Winkler similarity from 0.90, 0.82 and 0.70 on.
    LatinName,
    /// Two columns whose values may change places, given name and surname. `equal`: both agree; `crossed`: each stands
    /// in the other's place; `half`: one does, and the other is missing or alike; `other`: the fields of the two columns
    /// must say.
    Pair,
    /// Numbers of accounts, insurances and the like: letters and digits. `slip`: one edit; `two`: two edits in five
    /// signs or more; `start`: the first half agrees.
    Code,
    /// Postcodes. `sector`: all but the last two signs agree (of five or fewer all but the last); `slip`: one edit;
    /// `district`: all but the last three (last two) agree; `area`: the first two agree.
    Postcode,
    /// E-mail addresses. `local`: the part before the `@` agrees; `slip`: at most two edits; `close`: both parts are
    /// alike; `name`: only that before the `@` is; `domain`: only the domain agrees.
    Email,
    /// Numbers that measure. `one`: they differ by 1 or 1 %; `close`: by 5 %; `near`: by 20 %.
    Number,
    /// Names of persons. Chinese: `variant` is another form of the same characters, `tone_sound` a homophone, `sound` one but for the tone, `near_sound`
    /// one for southern ears, `glyph` a look-alike, `fragment` a character missing, unencodable or out of order;
    /// `nickname` one that fits (亮亮, 小明); `given` the given name under another surname, `shared` one character of the
    /// given name, `surname` the surname only.
    /// Latin: `glyph` and `fragment` by Jaro–Winkler from 0.94 and 0.87 on.
    PersonName,
    /// Birth dates as `2009-03-05`, `2009-03` or `2009`. `month` and `year`: as far as the less precise goes (1 January
    /// may stand for the year, the first of another month for the month); `swapped`: month for day; `digit`: one digit or two neighbours; `lunar`: 19 to 51 days
    /// apart; `year_slip`: the year before or after; `digits`: two of the eight digits differ.
    Date,
    /// Resident ID: 18 characters of digits, `X`, and `?` for what is unknown; read in any dress: full width, blanks and
    /// apostrophes, lower-case x, 15 digits, digits hidden by `*` or `x`, and what a spreadsheet makes of it
    /// (`1.10105E+17`, zeros at the end), of which only the digits that are sure count. `claimed`: equal, though one row contradicts it,
    /// see [`IdentityRule`](crate::IdentityRule); `typo`: one digit or two neighbours, and a check character that fails; `partial`: area and
    /// birth agree, the rest is unknown; `tail`: area and last digits agree; `conflict`: two verified numbers that differ;
    /// `unlike`: they differ and one is not verified.
    ResidentId,
    /// Telephone numbers: digits.
    Phone,
    /// Addresses and villages; `equal` in spite of other numerals and administrative prefix, `contains` when one says
    /// more than the other, `near` when a number differs.
    Place,
    /// Names of schools, as for places.
    School,
    /// Codes of administrative divisions of 6, 9 or 12 digits.
    RegionCode,
    /// No values but two other fields, see [`FieldModel::of`](crate::FieldModel::of): `equal` when both are, `first` and
    /// `second` when one of them is, `neither`. It says what the two are worth together beyond the sum of both.
    Together,
}

impl Comparator {
    /// The levels that it can give, from best to worst. The first is always `equal`.
    pub const fn levels(self) -> &'static [&'static str] {
        match self {
            Self::Exact => &["equal", "other"],
            Self::Text => &["equal", "slip", "close", "near", "far", "other"],
            Self::Words | Self::Rest | Self::Set => {
                &["equal", "contains", "most", "half", "some", "other"]
            }
            Self::LatinName => {
                &["equal", "slip", "nickname", "prefix", "close", "near", "far", "other"]
            }
            Self::Pair => &["equal", "crossed", "half", "other"],
            Self::Code => &["equal", "slip", "two", "start", "other"],
            Self::Postcode => &["equal", "sector", "slip", "district", "area", "other"],
            Self::Email => &["equal", "local", "slip", "close", "name", "domain", "other"],
            Self::Number => &["equal", "one", "close", "near", "other"],
            Self::PersonName => &[
                "equal",
                "variant",
                "tone_sound",
                "sound",
                "near_sound",
                "glyph",
                "fragment",
                "nickname",
                "given",
                "shared",
                "surname",
                "other",
            ],
            Self::Date => &[
                "equal",
                "month",
                "swapped",
                "digit",
                "lunar",
                "year",
                "year_slip",
                "digits",
                "other",
            ],
            Self::ResidentId => {
                &["equal", "claimed", "typo", "partial", "tail", "unlike", "conflict"]
            }
            Self::Phone => &["equal", "digit", "other"],
            Self::Place | Self::School => &["equal", "contains", "near", "other"],
            Self::RegionCode => &["equal", "town", "county", "other"],
            Self::Together => &["equal", "first", "second", "neither"],
        }
    }

    /// Whether [`canonical`](Self::canonical) leaves a text as it is; not asked of those that seldom do.
    pub(crate) fn leaves(self, text: &str) -> bool {
        match self {
            Self::Exact | Self::PersonName | Self::Date | Self::Number | Self::RegionCode => true,
            Self::ResidentId => matches!(resident_id::folded(text), Cow::Borrowed(_)),
            Self::Place
            | Self::School
            | Self::Phone
            | Self::Text
            | Self::Words
            | Self::Rest
            | Self::Set
            | Self::LatinName
            | Self::Pair
            | Self::Code
            | Self::Postcode
            | Self::Email
            | Self::Together => false,
        }
    }

    /// Whether it leaves all of these as they are.
    pub(crate) fn leaves_all(self, texts: &Texts) -> bool {
        texts.iter().all(|text| self.leaves(text))
    }

    /// The text by which two values are the same: what differs in dress only becomes equal.
    pub(crate) fn canonical(self, text: &str) -> String {
        match self {
            Self::Place => Place::parse(text).canonical(),
            Self::School => place::school(text),
            Self::Phone => text.chars().filter(char::is_ascii_digit).collect(),
            Self::Text => text.to_lowercase(),
            Self::Words => Split::Words.canonical(text),
            Self::Rest => words::rest(text),
            Self::Set => Split::Entries.canonical(text),
            Self::LatinName => latin::folded(text),
            Self::Pair => pair::canonical(text),
            Self::Code | Self::Postcode => code::bare(text),
            Self::Email => code::address(text),
            Self::ResidentId => resident_id::folded(text).into_owned(),
            Self::Exact
            | Self::PersonName
            | Self::Date
            | Self::Number
            | Self::RegionCode
            | Self::Together => text.to_owned(),
        }
    }

    /// Whether the columns of a field make one value together, see [`pair::BETWEEN`].
    pub(crate) const fn is_joined(self) -> bool {
        matches!(self, Self::Pair | Self::Rest)
    }

    /// Makes distinct texts ready for comparison, each once. `counts`: in how many rows each stands.
    pub(crate) fn prepare(self, texts: Arc<Texts>, counts: &[u32]) -> Forms {
        let each = || texts.iter();
        match self {
            Self::PersonName => Forms::Names(Names::new(each())),
            Self::Date => Forms::Dates(each().map(Day::as_written).collect()),
            Self::ResidentId => Forms::Ids(each().map(Id::parse).collect()),
            Self::Place => Forms::Places(Places::new(each())),
            Self::Exact | Self::Together => Forms::Same,
            Self::LatinName => Forms::LatinNames(LatinNames::new(texts)),
            Self::Pair => Forms::Pairs(Pairs::new(&texts)),
            Self::Words | Self::Rest => Forms::Words(WordSets::new(&texts, Split::Words, counts)),
            Self::Set => Forms::Words(WordSets::new(&texts, Split::Entries, counts)),
            Self::Number => Forms::Numbers(each().map(code::number).collect()),
            Self::Text => Forms::Texts(texts, text::compare),
            Self::Code => Forms::Texts(texts, code::compare),
            Self::Postcode => Forms::Texts(texts, code::compare_postcodes),
            Self::Email => Forms::Texts(texts, code::compare_addresses),
            Self::Phone => Forms::Texts(texts, place::compare_phones),
            Self::School => Forms::Texts(texts, place::compare_schools),
            Self::RegionCode => Forms::Texts(texts, place::compare_codes),
        }
    }
}

/// The distinct values of a field, ready for comparison. Number 0 is the missing value.
pub(crate) enum Forms {
    Same,
    Names(Names),
    Dates(Vec<Option<Day>>),
    Ids(Vec<Option<Id>>),
    Places(Places),
    LatinNames(LatinNames),
    Pairs(Pairs),
    Words(WordSets),
    Numbers(Vec<Option<f64>>),
    Texts(Arc<Texts>, fn(&str, &str) -> u8),
}

impl Forms {
    /// Takes the texts that came after those it has. Numbers stay.
    pub(crate) fn extend(&mut self, texts: &Arc<Texts>) {
        match self {
            Self::Same => {}
            Self::Names(names) => names.extend(texts.from(names.len())),
            Self::Dates(days) => days.extend(texts.from(days.len()).map(Day::as_written)),
            Self::Ids(ids) => ids.extend(texts.from(ids.len()).map(Id::parse)),
            Self::Places(all) => texts.from(all.len()).for_each(|text| all.push(text)),
            Self::LatinNames(names) => names.extend(Arc::clone(texts)),
            Self::Pairs(all) => texts.from(all.len()).for_each(|text| all.push(text)),
            Self::Words(all) => texts.from(all.len()).for_each(|text| all.push(text)),
            Self::Numbers(all) => all.extend(texts.from(all.len()).map(code::number)),
            Self::Texts(kept, _) => *kept = Arc::clone(texts),
        }
    }

    /// Whether a value is always `equal` to itself.
    pub(crate) const fn is_equal_to_itself(&self) -> bool {
        match self {
            Self::Same
            | Self::Names(_)
            | Self::Places(_)
            | Self::LatinNames(_)
            | Self::Words(_)
            | Self::Numbers(_)
            | Self::Texts(..) => true,
            Self::Dates(_) | Self::Ids(_) | Self::Pairs(_) => false,
        }
    }

    /// Reads a little of a value, so that it is at hand when it is compared.
    pub(crate) fn touch(&self, value: u32) -> u32 {
        let at = value as usize;
        match self {
            Self::Names(names) => names.touch(value),
            Self::Dates(days) => days[at].map_or(0, |day| day.year().unsigned_abs()),
            Self::Ids(ids) => u32::from(ids[at].is_some()),
            Self::Places(places) => places.cores(value, value).0,
            // The others are remembered by their numbers.
            Self::Same
            | Self::LatinNames(_)
            | Self::Pairs(_)
            | Self::Words(_)
            | Self::Numbers(_)
            | Self::Texts(..) => 0,
        }
    }

    /// The level of two values by their numbers, `None` when they have nothing to say about each other.
    pub(crate) fn level(&self, left: u32, right: u32, memory: &mut Memory) -> Option<u8> {
        let (l, r) = (left as usize, right as usize);
        if left == right {
            return match self {
                Self::Dates(days) => Some(date::compare(days[l], days[l])),
                Self::Ids(ids) if ids[l].is_some() => resident_id::compare(ids[l], ids[l]),
                Self::Pairs(pairs) => pairs.compare(left, right),
                Self::Same
                | Self::Names(_)
                | Self::Ids(_) // of texts that are no numbers
                | Self::Places(_)
                | Self::LatinNames(_)
                | Self::Words(_)
                | Self::Numbers(_)
                | Self::Texts(..) => Some(0),
            };
        }
        match self {
            Self::Same => Some(1),
            Self::Names(names) => name::compare(names.get(left), names.get(right)),
            Self::Dates(days) => Some(date::compare(days[l], days[r])),
            Self::Ids(ids) => resident_id::compare(ids[l], ids[r]),
            Self::Places(places) => {
                let (a, b) = places.cores(left, right);
                let cores = if a == b {
                    Cores::Same
                } else {
                    Cores::of(memory.recall(a, b, |a, b| places.compare_cores(a, b) as u8))
                };
                Some(places.level(left, right, cores))
            }
            Self::LatinNames(names) => Some(memory.recall(left, right, |l, r| names.compare(l, r))),
            Self::Pairs(pairs) => pairs.compare(left, right),
            Self::Words(sets) => Some(memory.recall(left, right, |l, r| sets.compare(l, r))),
            Self::Numbers(numbers) => Some(code::compare_numbers(numbers[l], numbers[r])),
            Self::Texts(texts, compare) => {
                Some(memory.recall(left, right, |l, r| compare(texts.get(l), texts.get(r))))
            }
        }
    }
}

/// Remembers the outcomes of slow comparisons of one field: villages and schools are few and met again and again. Each
/// pair of numbers has one place; who comes later takes it.
#[derive(Default)]
pub(crate) struct Memory(Vec<u64>);

impl Memory {
    /// A memory has two to this many places.
    const PLACE_BITS: u32 = 14;

    /// A place without a pair: no outcome has all its bits.
    const FREE: u64 = u64::MAX;

    /// The bits of an outcome.
    const OUTCOME: u64 = (1 << Self::PLACE_BITS) - 1;

    fn recall(&mut self, left: u32, right: u32, compare: impl Fn(u32, u32) -> u8) -> u8 {
        if self.0.is_empty() {
            self.0 = vec![Self::FREE; 1 << Self::PLACE_BITS];
        }
        let key = u64::from(left.min(right)) << 32 | u64::from(left.max(right));
        // No two keys are mixed to the same number. Some of its bits are the place, the others stand there.
        let mixed = crate::prepare::mix(key);
        let at = usize::try_from(mixed >> (u64::BITS - Self::PLACE_BITS)).unwrap_or_default();
        let said = mixed << Self::PLACE_BITS;
        if self.0[at] == Self::FREE || self.0[at] & !Self::OUTCOME != said {
            self.0[at] = said | u64::from(compare(left, right));
        }
        u8::try_from(self.0[at] & Self::OUTCOME).unwrap_or_default()
    }
}
