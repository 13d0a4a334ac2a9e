//! How two values are compared: for each comparator the levels it can give, from best to worst.

use serde::{Deserialize, Serialize};

/// A way to compare two values. All of them take cells with alternatives and give the best level of any two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparator {
    /// Equal or not.
    Exact,
    /// Free text in any script: Jaro–Winkler similarity.
    Text,
    /// Names of persons: Chinese characters by sound and shape, minority names by their parts, Latin by spelling.
    PersonName,
    /// Birth dates as `2009-03-05`, `2009-03` or `2009`.
    Date,
    /// Resident ID: 18 characters of digits, `X`, and `?` for what is unknown.
    ResidentId,
    /// Telephone numbers: digits.
    Phone,
    /// Addresses and villages.
    Place,
    /// Names of schools.
    School,
    /// Codes of administrative divisions: 6, 9 or 12 digits.
    RegionCode,
}

impl Comparator {
    /// The levels that it can give, from best to worst. The first is always `equal`.
    pub const fn levels(self) -> &'static [&'static str] {
        match self {
            Self::Exact => &["equal", "other"],
            Self::Text => &["equal", "close", "near", "other"],
            Self::PersonName => &[
                "equal",
                "variant",
                "sound",
                "near_sound",
                "glyph",
                "fragment",
                "given",
                "shared",
                "surname",
                "other",
            ],
            Self::Date => {
                &["equal", "month", "swapped", "digit", "lunar", "year", "year_slip", "other"]
            }
            Self::ResidentId => &["equal", "typo", "partial", "tail", "unlike", "conflict"],
            Self::Phone => &["equal", "digit", "other"],
            Self::Place => &["equal", "contains", "near", "other"],
            Self::School => &["equal", "contains", "near", "other"],
            Self::RegionCode => &["equal", "town", "county", "other"],
        }
    }
}
