//! The county's configuration file (`county.toml`): one place for all that a county decides for itself.

use baoxue_claim::{Town, Towns};
use baoxue_determine::{Pack, PackText, RuleError, Settings};
use chrono::NaiveDate;
use serde::Deserialize;

use crate::{letters::LetterSettings, papers::PaperSettings};

/// A county as its configuration says. Every key is explained in `examples/county/county.toml`.
#[derive(Clone, Debug)]
pub struct County {
    /// Name as printed on ledgers.
    pub name: String,
    /// Whether its day goes with the calendar: the configuration names none.
    pub goes_on: bool,
    /// Its towns, in the order of the tables.
    pub towns: Towns,
    /// What decides a status, the day among it.
    pub settings: Settings,
    /// The rules: the built-in pack and those that the county lays over it.
    pub pack: Pack,
    /// What the county decides for itself, for all days.
    pub own: toml::Table,
    /// Names of the packs over the built-in one, as the configuration has them.
    pub packs: Vec<String>,
    /// How lists are read.
    pub intake: IntakeSettings,
    /// What it decides about cases.
    pub act: baoxue_act::Settings,
    /// What it decides about papers.
    pub papers: PaperSettings,
    /// What it decides about letters of responsibility.
    pub letters: LetterSettings,
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

impl CountyError {
    /// A configuration that is wrong for the reason given.
    pub fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    /// Rule files that are wrong: no pack is loaded then.
    pub fn rules(errors: &[RuleError]) -> Self {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Self(format!("the rule packs cannot be used:\n{}", lines.join("\n")))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountyFile {
    name: String,
    as_of: Option<NaiveDate>,
    #[serde(default)]
    town: Vec<Town>,
    /// Folders of rule packs over the built-in one, the lowest first.
    #[serde(default)]
    packs: Vec<String>,
    #[serde(default)]
    determine: toml::Table,
    #[serde(default)]
    intake: IntakeSettings,
    #[serde(default)]
    act: toml::Table,
    #[serde(default)]
    papers: PaperSettings,
    #[serde(default)]
    letters: LetterSettings,
}

impl County {
    /// Reads the text of a `county.toml`; `pack_text` finds the files of a pack that it names. Without `as_of` its day is
    /// `today`, and goes with the calendar.
    ///
    /// # Errors
    /// [`CountyError`] names the key or line, what was found and what is expected; of a rule pack every fault with file
    /// and line.
    pub fn from_toml(
        text: &str,
        today: NaiveDate,
        pack_text: &dyn Fn(&str) -> Result<PackText, CountyError>,
    ) -> Result<Self, CountyError> {
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| wrong(&e))?;
        let table = dates_as_text(toml::Value::Table(table));
        let file: CountyFile = table.try_into().map_err(|e: toml::de::Error| wrong(&e))?;
        let determine = file.determine;
        if determine.contains_key("as_of") {
            return Err(CountyError(
                "write `as_of` at the top of the file, not in [determine]".to_owned(),
            ));
        }
        let texts = file.packs.iter().map(|name| pack_text(name)).collect::<Result<Vec<_>, _>>()?;
        let pack = Pack::builtin().with(&texts).map_err(|errors| CountyError::rules(&errors))?;
        let settings = pack
            .settings(file.as_of.unwrap_or(today), &determine)
            .map_err(|error| CountyError(format!("[determine] {error}")))?;
        if let Some(unknown) = pack.unknown_in_order(&settings).first() {
            return Err(CountyError(format!(
                "[determine] order: `{unknown}` is neither a rule nor a group of the pack"
            )));
        }
        check_towns(&file.town)?;
        let towns = Towns::new(file.town);
        Ok(Self {
            name: file.name,
            goes_on: file.as_of.is_none(),
            towns,
            settings,
            pack,
            own: determine,
            packs: file.packs,
            intake: file.intake,
            letters: match file.letters.fault(&file.papers) {
                Some(fault) => return Err(CountyError(format!("[letters] {fault}"))),
                None => file.letters,
            },
            act: baoxue_act::Settings::read(&file.act)
                .map_err(|error| CountyError(error.to_string()))?,
            papers: match file.papers.fault() {
                Some(fault) => return Err(CountyError(format!("[papers] {fault}"))),
                None => file.papers,
            },
        })
    }

    /// The same county on another day, under the rules and values of that day.
    ///
    /// # Errors
    /// [`CountyError`] when the packs have no settings for that day.
    pub fn on(&self, day: NaiveDate) -> Result<Self, CountyError> {
        let settings =
            self.pack.settings(day, &self.own).map_err(|error| CountyError(error.to_string()))?;
        Ok(Self { settings, ..self.clone() })
    }

    /// A county that has configured nothing: no towns, the default rules, `today` as its day.
    pub fn unconfigured(today: NaiveDate) -> Self {
        Self {
            name: "本县区".to_owned(),
            goes_on: true,
            towns: Towns::default(),
            settings: Settings::new(today),
            pack: Pack::builtin(),
            own: toml::Table::new(),
            packs: Vec::new(),
            intake: IntakeSettings::default(),
            act: baoxue_act::Settings::default(),
            papers: PaperSettings::default(),
            letters: LetterSettings::default(),
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

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2020, 2, 29).unwrap();

    fn read(text: &str) -> Result<County, CountyError> {
        County::from_toml(text, TODAY, &|name| Err(CountyError::new(format!("no pack `{name}`"))))
    }

    #[test]
    fn a_county_without_a_day_goes_with_the_calendar() {
        let county = read("name = \"甲县\"").unwrap();
        assert_eq!((county.settings.as_of, county.goes_on), (TODAY, true));
        let tomorrow = county.on(NaiveDate::from_ymd_opt(2020, 3, 1).unwrap()).unwrap();
        assert!(tomorrow.goes_on && tomorrow.settings.as_of > TODAY);
        assert!(!read("name = \"甲县\"\nas_of = 2019-08-25").unwrap().goes_on);
    }

    const TOWN: &str = "[[town]]\ncode = \"610902003\"\nname = \"江北办\"\n";

    #[test]
    fn the_sample_county_is_readable() {
        let text = include_str!("../../../examples/county/county.toml");
        let county = read(text).unwrap();
        assert_eq!(county.settings.as_of.to_string(), "2019-08-25");
        assert_eq!(county.towns.all().len(), 12);
    }

    #[test]
    fn a_pack_changes_a_value_from_its_day_on() {
        let pack = |_: &str| {
            let text = "# 甲县 — 甲教发〔2019〕1号\n\n> 要点\n\n```pack\nid = \"A\"\nversion = \"1\"\ntitle = \"甲县\"\n\
                source = \"甲教发〔2019〕1号\"\nover = \"CN-DEFAULT\"\n```\n\n\
                | value | is | since | until | standing | title | source |\n|-|-|-|-|-|-|-|\n\
                | thresholds.dropout_days | 20 | 2019-09-01 | | found | 辍学天数 | 甲教发〔2019〕1号 |\n";
            Ok(PackText { files: vec![("pack.md".to_owned(), text.to_owned())] })
        };
        let days = |as_of: &str, more: &str| {
            let text = format!("name = \"甲县\"\nas_of = {as_of}\npacks = [\"a\"]\n{more}");
            County::from_toml(&text, TODAY, &pack).unwrap().settings.thresholds.dropout_days
        };
        assert_eq!(days("2019-08-31", ""), 30);
        assert_eq!(days("2019-09-01", ""), 20);
        assert_eq!(days("2019-09-01", "[determine.thresholds]\ndropout_days = 25"), 25);
    }

    #[test]
    fn problems_name_the_key() {
        let check = |text: &str, part: &str| {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        };
        check("as_of = 2019-08-25", "name");
        check("name = \"甲县\"\nas_of = 2019-08-25\ncolour = 1", "colour");
        check("name = \"甲县\"\nas_of = 2019-02-30", "2019-02-30");
        check(&format!("name = \"甲县\"\nas_of = 2019-08-25\n{TOWN}{TOWN}"), "each stands once");
        check("name = \"甲县\"\nas_of = 2019-08-25\npacks = [\"x\"]", "no pack `x`");
        check("name = \"甲县\"\nas_of = 2019-08-25\n[determine]\ncolour = 1", "colour");
        check("name = \"甲县\"\nas_of = 2019-08-25\n[determine]\nyears = \"x\"", "years");
    }
}
