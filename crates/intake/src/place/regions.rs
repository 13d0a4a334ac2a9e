//! Whether words name a place outside the county.

use std::{collections::HashMap, sync::LazyLock};

use baoxue_claim::Towns;

use crate::text::{begins, words};

/// Provinces, prefectures and counties by their first character, longest names first.
static REGIONS: LazyLock<HashMap<char, Vec<Region>>> = LazyLock::new(read_regions);

/// Endings of towns' names, taken off to find the stem by which people call a town.
const TOWN_ENDINGS: &str = "街道办事处 街道办 办事处 街办 街道 镇 乡 办";

/// What may follow the bare name of a city when it is the name of a school or a street and not of the city.
const NOT_A_CITY: &str = "小学 中学 学校 初中 初级 高中 高级 九年 实验 第 路 街 村 社区 镇 一小 二小 一中 二中 希望 \
    中心 教学点";

struct Region {
    name: String,
    code: &'static str,
    /// Whether the name is short for the official one.
    short: bool,
}

/// Where words place a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whereabouts {
    /// A town of the county, or the county or its prefecture, is named.
    Local,
    /// A place outside the county is named.
    Elsewhere,
    /// No place is named.
    Unsaid,
}

/// Tells places of the county from places outside.
#[derive(Clone, Debug)]
pub(crate) struct Locator {
    /// First six digits of the towns' codes.
    county: String,
    /// Names and stems of the towns.
    towns: Vec<String>,
}

impl Locator {
    pub(crate) fn new(towns: &Towns) -> Self {
        let county = towns.all().first().map(|town| town.code.to_string()[..6].to_owned());
        let mut names: Vec<String> = towns
            .all()
            .iter()
            .flat_map(|town| std::iter::once(&town.name).chain(&town.aliases))
            .map(|name| stem(name).to_owned())
            .filter(|stem| stem.chars().count() > 1)
            .collect();
        names.sort();
        names.dedup();
        Self { county: county.unwrap_or_default(), towns: names }
    }

    /// The first place named in `text` decides, for an address goes from the large to the small. `text` is folded.
    pub(crate) fn locate(&self, text: &str) -> Whereabouts {
        let mut found = Whereabouts::Unsaid;
        let mut skip_to = 0;
        for (at, c) in text.char_indices() {
            if at < skip_to {
                continue;
            }
            let rest = &text[at..];
            if let Some((len, home)) = self.region_at(c, rest) {
                match home {
                    Home::County => return Whereabouts::Local,
                    Home::Above => found = Whereabouts::Local,
                    Home::Not => return Whereabouts::Elsewhere,
                }
                skip_to = at + len;
            } else if self.towns.iter().any(|town| rest.starts_with(town.as_str())) {
                return Whereabouts::Local;
            }
        }
        found
    }

    fn region_at(&self, first: char, rest: &str) -> Option<(usize, Home)> {
        let mut hit: Option<(usize, Home)> = None;
        for region in REGIONS.get(&first)? {
            let Some(after) = rest.strip_prefix(region.name.as_str()) else { continue };
            if hit.is_some_and(|(len, _)| len > region.name.len()) {
                break;
            }
            if region.short && begins(after, NOT_A_CITY) {
                continue;
            }
            // A town of the county that is called like a county elsewhere is the nearer one.
            if region.short && self.towns.contains(&region.name) {
                continue;
            }
            let home = self.home(region.code);
            // Several counties share a name; the own one wins.
            if hit.is_none() || home != Home::Not {
                hit = Some((region.name.len(), home));
            }
        }
        hit
    }

    fn home(&self, code: &str) -> Home {
        match (self.county.starts_with(code), code.len()) {
            _ if self.county.is_empty() => Home::Not,
            (true, 6) => Home::County,
            (true, _) => Home::Above,
            (false, _) => Home::Not,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Home {
    County,
    Above,
    Not,
}

fn stem(name: &str) -> &str {
    words(TOWN_ENDINGS)
        .find_map(|ending| name.strip_suffix(ending).filter(|stem| stem.chars().count() > 1))
        .unwrap_or(name)
}

fn read_regions() -> HashMap<char, Vec<Region>> {
    let mut all: HashMap<char, Vec<Region>> = HashMap::new();
    for line in include_str!("regions.txt").lines() {
        let Some((code, name)) = line.split_once(' ').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let Some(first) = name.chars().next() else { continue };
        let list = all.entry(first).or_default();
        if let Some(short) = short_name(code, name) {
            list.push(Region { name: short, code, short: true });
        }
        list.push(Region { name: name.to_owned(), code, short: false });
    }
    for list in all.values_mut() {
        list.sort_by_key(|region| std::cmp::Reverse(region.name.len()));
    }
    all
}

/// 广东, 深圳, 义乌: provinces, prefectures and county-level cities go by their bare names; other counties do not.
fn short_name(code: &str, name: &str) -> Option<String> {
    let short = if code.len() == 2 {
        words("壮族自治区 回族自治区 维吾尔自治区 自治区 省 市")
            .find_map(|ending| name.strip_suffix(ending))?
    } else {
        name.strip_suffix('市')?
    };
    (short.chars().count() > 1).then(|| short.to_owned())
}

#[cfg(test)]
mod tests {
    use baoxue_claim::Town;

    use super::*;

    #[test]
    fn places_inside_and_outside() {
        let town = |code: &str, name: &str| Town {
            code: code.parse().unwrap(),
            name: name.to_owned(),
            aliases: Vec::new(),
            from: None,
            to: None,
        };
        let towns = Towns::new(vec![town("610902003", "江北办"), town("610902002", "新城办")]);
        let locator = Locator::new(&towns);
        for (text, expected) in [
            ("江北实验小学", Whereabouts::Local),
            ("汉滨区第二小学", Whereabouts::Local),
            ("安康市特殊教育学校", Whereabouts::Local),
            ("在安康城区上学", Whereabouts::Local),
            ("陕西省安康市汉滨区新城小学", Whereabouts::Local),
            ("陕西省西安市雁塔区第三小学", Whereabouts::Elsewhere),
            ("在西安上学", Whereabouts::Elsewhere),
            ("河北省石家庄市长安区新城小学", Whereabouts::Elsewhere),
            ("浙江义乌", Whereabouts::Elsewhere),
            ("旬阳市城关小学", Whereabouts::Elsewhere),
            ("中山小学", Whereabouts::Unsaid),
            ("东方小学", Whereabouts::Unsaid),
            ("在校就读", Whereabouts::Unsaid),
        ] {
            assert_eq!(locator.locate(text), expected, "{text}");
        }
    }
}
