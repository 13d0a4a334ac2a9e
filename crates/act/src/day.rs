//! Days as TOML files write them.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, de::Error};
use toml::value::Datetime;

/// A day such as `2019-09-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(pub(crate) NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match Written::deserialize(deserializer)? {
            Written::Date(date) => date.to_string(),
            Written::Text(text) => text,
        };
        let day = text.parse();
        let day =
            day.map_err(|_| D::Error::custom(format!("`{text}` is no day such as 2019-09-01")))?;
        Ok(Self(day))
    }
}

/// With and without quotes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Date(Datetime),
    Text(String),
}
