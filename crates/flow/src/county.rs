//! The county's configuration file (`county.toml`): one place for all that a county decides for itself.

use baoxue_claim::{Town, Towns};
use baoxue_determine::{Pack, Settings};
use chrono::NaiveDate;
use serde::Deserialize;

/// A county as its configuration says. Every key is explained in `examples/county/county.toml`.
#[derive(Clone, Debug)]
pub struct County {
    /// Name as printed on ledgers.
    pub name: String,
    /// Its towns, in the order of the tables.
    pub towns: Towns,
    /// What decides a status, the day among it.
    pub settings: Settings,
    /// How lists are read.
    pub intake: IntakeSettings,
}

/// How lists are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IntakeSettings {
    /// Persons of this age in years on the day of the sheet are adults in lists of households, and set aside. Default 18.
    pub adult_age: u8,
}

impl Default for IntakeSettings {
    fn default() -> Self {
        Self { adult_age: 18 }
    }
}

/// A configuration that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CountyError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountyFile {
    name: String,
    as_of: NaiveDate,
    #[serde(default)]
    town: Vec<Town>,
    #[serde(default)]
    determine: toml::Table,
    #[serde(default)]
    intake: IntakeSettings,
}

impl County {
    /// Reads the text of a `county.toml`.
    ///
    /// # Errors
    /// [`CountyError`] names the key or line, what was found and what is expected.
    pub fn from_toml(text: &str) -> Result<Self, CountyError> {
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| wrong(&e))?;
        let table = dates_as_text(toml::Value::Table(table));
        let file: CountyFile = table.try_into().map_err(|e: toml::de::Error| wrong(&e))?;
        let mut determine = file.determine;
        if determine.contains_key("as_of") {
            return Err(CountyError(
                "write `as_of` at the top of the file, not in [determine]".to_owned(),
            ));
        }
        determine.insert("as_of".to_owned(), toml::Value::String(file.as_of.to_string()));
        let settings: Settings = determine.try_into().map_err(|e: toml::de::Error| wrong(&e))?;
        let pack = Pack::builtin();
        if let Some(unknown) = pack.unknown_in_order(&settings).first() {
            return Err(CountyError(format!(
                "[determine] order: `{unknown}` is neither a rule nor a group of the pack"
            )));
        }
        check_towns(&file.town)?;
        Ok(Self { name: file.name, towns: Towns::new(file.town), settings, intake: file.intake })
    }

    /// A county that has configured nothing: no towns, the default rules, `today` as its day.
    pub fn unconfigured(today: NaiveDate) -> Self {
        Self {
            name: "本县区".to_owned(),
            towns: Towns::default(),
            settings: Settings::new(today),
            intake: IntakeSettings::default(),
        }
    }
}

fn wrong(error: &toml::de::Error) -> CountyError {
    CountyError(error.to_string().trim_end().to_owned())
}

/// TOML has dates of its own; the types of the stages read them as text.
fn dates_as_text(value: toml::Value) -> toml::Value {
    match value {
        toml::Value::Datetime(date) => toml::Value::String(date.to_string()),
        toml::Value::Array(items) => {
            toml::Value::Array(items.into_iter().map(dates_as_text).collect())
        }
        toml::Value::Table(table) => {
            toml::Value::Table(table.into_iter().map(|(k, v)| (k, dates_as_text(v))).collect())
        }
        toml::Value::String(_)
        | toml::Value::Integer(_)
        | toml::Value::Float(_)
        | toml::Value::Boolean(_) => value,
    }
}

fn check_towns(towns: &[Town]) -> Result<(), CountyError> {
    for (at, town) in towns.iter().enumerate() {
        let twin = towns[..at].iter().find(|t| t.code == town.code || t.name == town.name);
        if let Some(twin) = twin {
            return Err(CountyError(format!(
                "towns `{}` ({}) and `{}` ({}) share a name or a code; each stands once",
                twin.name, twin.code, town.name, town.code
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOWN: &str = "[[town]]\ncode = \"610902003\"\nname = \"江北办\"\n";

    #[test]
    fn the_sample_county_is_readable() {
        let text = include_str!("../../../examples/county/county.toml");
        let county = County::from_toml(text).unwrap();
        assert_eq!(county.settings.as_of.to_string(), "2019-08-25");
        assert_eq!(county.towns.all().len(), 12);
    }

    #[test]
    fn problems_name_the_key() {
        let check = |text: &str, part: &str| {
            let error = County::from_toml(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        };
        check("name = \"甲县\"", "as_of");
        check("name = \"甲县\"\nas_of = 2019-08-25\ncolour = 1", "colour");
        check("name = \"甲县\"\nas_of = 2019-02-30", "2019-02-30");
        check(&format!("name = \"甲县\"\nas_of = 2019-08-25\n{TOWN}{TOWN}"), "each stands once");
        check("name = \"甲县\"\nas_of = 2019-08-25\n[determine]\nyears = \"x\"", "years");
    }
}
