//! What is made of a text before it serves as a key of a block.

use serde::{Deserialize, Serialize};

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
