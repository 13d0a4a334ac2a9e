//! Towns of the county, their codes and the names they go by.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Private, text::compact};

/// Words that follow the stem of a town's name.
const SUFFIXES: [&str; 9] =
    ["街道办事处", "街道办", "办事处", "街办", "街道", "镇人民政府", "镇政府", "镇", "办"];

/// The nine-digit code of a town or street office: county and town part of the statistical division code.
///
/// Source: GB/T 2260 and the statistical division codes; 001–099 street office, 100–199 town, 200 and up township.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TownCode([u8; 9]);

/// The text is no town code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a town code has nine digits, found `{0}`")]
pub struct TownCodeError(pub String);

impl FromStr for TownCode {
    type Err = TownCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match <[u8; 9]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_digit) => Ok(Self(code)),
            Ok(_) | Err(_) => Err(TownCodeError(text.to_owned())),
        }
    }
}

impl fmt::Display for TownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.0).unwrap_or_default())
    }
}

impl fmt::Debug for TownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TownCode({self})")
    }
}

impl TryFrom<String> for TownCode {
    type Error = TownCodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TownCode> for String {
    fn from(code: TownCode) -> Self {
        code.to_string()
    }
}

/// One town or street office (镇办).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Town {
    /// Its code.
    pub code: TownCode,
    /// The name that ledgers print, such as `江北办`.
    pub name: String,
    /// Other names, abolished towns that went into it among them.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// First day in force, if it is not as old as the lists.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// Last day in force.
    #[serde(default)]
    pub to: Option<NaiveDate>,
}

/// All towns of the county; finds one by any of its names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Towns {
    list: Vec<Town>,
    /// Name and index into `list`, longest names first.
    names: Vec<(String, usize)>,
    /// Stem and index into `list`, longest stems first.
    stems: Vec<(String, usize)>,
}

impl Towns {
    /// From the county's configuration. Besides the given names each town answers to its stem with any of 镇, 办, 街道,
    /// 街道办, 街道办事处, 街办.
    pub fn new(towns: Vec<Town>) -> Self {
        let mut names = Vec::new();
        let mut stems = Vec::new();
        for (at, town) in towns.iter().enumerate() {
            for given in std::iter::once(&town.name).chain(&town.aliases) {
                let given = compact(given);
                let stem = stem(&given).to_owned();
                names.extend(SUFFIXES.iter().map(|suffix| (format!("{stem}{suffix}"), at)));
                names.push((given, at));
                stems.push((stem, at));
            }
        }
        let longest = |a: &(String, usize), b: &(String, usize)| {
            b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b))
        };
        names.sort_by(longest);
        names.dedup();
        stems.sort_by(longest);
        stems.dedup();
        Self { list: towns, names, stems }
    }

    /// The towns in the order of the configuration.
    pub fn all(&self) -> &[Town] {
        &self.list
    }

    /// The town of a code.
    pub fn get(&self, code: TownCode) -> Option<&Town> {
        self.list.iter().find(|town| town.code == code)
    }

    /// The town that `text` names as a whole: `江北街道办事处`, `江北办`, `江北`.
    pub fn named(&self, text: &str) -> Option<&Town> {
        let text = compact(text);
        let hit =
            |list: &[(String, usize)]| list.iter().find(|(n, _)| *n == text).map(|(_, at)| *at);
        hit(&self.names).or_else(|| hit(&self.stems)).map(|at| &self.list[at])
    }

    /// The town that is named somewhere in `text` with its kind (镇, 街道 …): an address, a title, a file name. Where
    /// several are named the first in the text counts.
    pub fn mentioned(&self, text: &str) -> Option<&Town> {
        let text = compact(text);
        self.names
            .iter()
            .filter_map(|(name, at)| text.find(name.as_str()).map(|pos| (pos, *at)))
            .min_by_key(|(pos, _)| *pos)
            .map(|(_, at)| &self.list[at])
    }

    /// Splits a place such as `洪山铁沟村` or `洪山镇铁沟村5组` into the town it starts with and the rest. A bare stem
    /// counts only when at least two characters and 村 or 社区 follow.
    pub fn prefix<'t>(&self, text: &'t str) -> Option<(&Town, &'t str)> {
        let with_kind = self.names.iter().find_map(|(name, at)| {
            text.strip_prefix(name.as_str()).map(|rest| (&self.list[*at], rest))
        });
        with_kind.or_else(|| {
            self.stems.iter().find_map(|(stem, at)| {
                let rest = text.strip_prefix(stem.as_str())?;
                let village = rest.find('村').or_else(|| rest.find("社区"))?;
                (village >= 6).then_some((&self.list[*at], rest))
            })
        })
    }
}

/// The name without its kind.
fn stem(name: &str) -> &str {
    SUFFIXES
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix).filter(|stem| stem.chars().count() > 1))
        .unwrap_or(name)
}

/// Where a row says the child lives or is registered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// The town, when the county knows it.
    pub town: Option<TownCode>,
    /// Village or community (村、社区) without the town before it.
    pub village: Option<String>,
    /// Number of the villagers' group (组).
    pub group: Option<u8>,
    /// The text as found.
    pub text: Option<Private>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn towns() -> Towns {
        let town = |code: &str, name: &str| Town {
            code: code.parse().unwrap(),
            name: name.to_owned(),
            aliases: Vec::new(),
            from: None,
            to: None,
        };
        Towns::new(vec![
            town("610902003", "江北办"),
            town("610902112", "洪山镇"),
            town("610902104", "五里镇"),
        ])
    }

    #[test]
    fn one_town_has_many_names() {
        let towns = towns();
        for text in ["江北办", "江北街道", "江北街道办事处", "江北 街办", "江北"]
        {
            assert_eq!(towns.named(text).unwrap().name, "江北办", "{text}");
        }
        assert!(towns.named("江南办").is_none());
        assert_eq!(towns.mentioned("陕西省安康市汉滨区洪山镇上岩村八组").unwrap().name, "洪山镇");
        assert!(towns.mentioned("五里店小学").is_none());
    }

    #[test]
    fn a_stem_before_a_village_is_a_town() {
        let towns = towns();
        assert_eq!(towns.prefix("洪山铁沟村").unwrap().1, "铁沟村");
        assert_eq!(towns.prefix("洪山镇铁沟村5组").unwrap().1, "铁沟村5组");
        assert!(towns.prefix("五里街社区").is_none());
    }
}
