//! Places in words: which town and village, and whether a place lies outside the county.

mod regions;

use std::collections::HashMap;

use baoxue_claim::{Place, Private, TownCode, Towns};

pub(crate) use regions::{Locator, Whereabouts};

use crate::text::{fold, leading_number};

/// Longest memory of places already read; lists repeat the same village thousands of times.
const MEMORY: usize = 20_000;

/// Reads places and remembers them.
#[derive(Debug)]
pub(crate) struct Places<'a> {
    towns: &'a Towns,
    memory: HashMap<String, Place>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(towns: &'a Towns) -> Self {
        Self { towns, memory: HashMap::new() }
    }

    /// An address or the name of a village, with or without the town before it.
    pub(crate) fn read(&mut self, text: &str) -> Place {
        let folded = fold(text);
        if folded.is_empty() {
            return Place::default();
        }
        if let Some(place) = self.memory.get(folded.as_ref()) {
            return place.clone();
        }
        let mut place = self.read_new(&folded);
        place.text = Some(Private::new(text.trim()));
        if self.memory.len() < MEMORY {
            self.memory.insert(folded.into_owned(), place.clone());
        }
        place
    }

    /// The town a cell names as a whole, or somewhere in it.
    pub(crate) fn town(&self, text: &str) -> Option<TownCode> {
        self.towns.named(text).or_else(|| self.towns.mentioned(text)).map(|town| town.code)
    }

    fn read_new(&self, text: &str) -> Place {
        let local = after_county(text);
        let (town, rest) = match self.towns.prefix(local).or_else(|| self.towns.prefix(text)) {
            Some((town, rest)) => (Some(town.code), rest),
            None => (self.towns.mentioned(text).map(|town| town.code), local),
        };
        let rest = rest.trim_start_matches(['-', ',', '/', '\\', '.', '·']);
        let (village, rest) = split_village(rest);
        Place { town, village, group: read_group(rest), text: None }
    }
}

/// What follows the province, prefecture and county at the start of an address.
fn after_county(text: &str) -> &str {
    let mut rest = text;
    for signs in [&["省", "自治区"][..], &["自治州", "地区", "市", "盟"], &["区", "县", "市", "旗"]]
    {
        let near = |sign: &&str| {
            let at = rest.find(sign)?;
            (rest[..at].chars().count() <= 6).then_some((at, sign.len()))
        };
        let cut = signs.iter().find_map(near);
        if let Some((at, len)) = cut {
            let head = &rest[..at];
            // 社区 and 小区 are no counties, and a county's name has at most six characters.
            let part_of_word = head.ends_with('社') || head.ends_with('小');
            if at > 0 && !part_of_word && !head.contains('村') {
                rest = &rest[at + len..];
            }
        }
    }
    rest
}

/// Cuts the village or community off the front.
fn split_village(text: &str) -> (Option<String>, &str) {
    for sign in ["村民委员会", "村委会", "居民委员会", "居委会", "社区", "村"] {
        let Some(at) = text.find(sign) else { continue };
        // 五里村三组 ends at 村; 村民组 and 第五村民小组 are no village.
        if at == 0 || text[at..].starts_with("村民小组") || text[at..].starts_with("村民组")
        {
            continue;
        }
        let kind = match sign {
            "社区" | "居民委员会" | "居委会" if !text[..at].ends_with("社区") => "社区",
            "社区" | "居民委员会" | "居委会" => "",
            _ if text[..at].ends_with('村') => "",
            _ => "村",
        };
        let name = format!("{}{kind}", &text[..at]);
        return (Some(name), text[at + sign.len()..].trim_start_matches("居委会"));
    }
    let end =
        text.find(|c: char| "0123456789一二三四五六七八九十第".contains(c) && text.contains('组'));
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    let plain = (2..=8).contains(&name.chars().count());
    (plain.then(|| name.to_owned()), rest)
}

/// 5组, 五组, 第五村民小组, 5.
pub(crate) fn read_group(text: &str) -> Option<u8> {
    let text = text.trim_start_matches(['第', ' ', '-']);
    let (number, rest) = leading_number(text)?;
    let sign = ["组", "村民小组", "村民组", "小组", "队", "社"];
    (number > 0 && (rest.is_empty() || sign.iter().any(|word| rest.starts_with(word))))
        .then_some(number)
}

#[cfg(test)]
mod tests {
    use baoxue_claim::Town;

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
            town("330102001", "江口镇"),
            town("330102002", "城东办"),
            town("330102003", "五里镇"),
        ])
    }

    #[track_caller]
    fn check(text: &str, town: Option<&str>, village: Option<&str>, group: Option<u8>) {
        let towns = towns();
        let place = Places::new(&towns).read(text);
        let code = place.town.map(|code| towns.get(code).unwrap().name.as_str());
        assert_eq!((code, place.village.as_deref(), place.group), (town, village, group), "{text}");
    }

    #[test]
    fn addresses_long_and_short() {
        check("浙江省甲州市乙县江口镇上岩村八组", Some("江口镇"), Some("上岩村"), Some(8));
        check("乙县城东街道育才路社区第三居民小组", Some("城东办"), Some("育才路社区"), None);
        check("江口上岩村5组", Some("江口镇"), Some("上岩村"), Some(5));
        check("上岩村", None, Some("上岩村"), None);
        check("上岩村委会", None, Some("上岩村"), None);
        check("城东街道育才路社区居委会12组", Some("城东办"), Some("育才路社区"), Some(12));
        check("五里镇五里街社区一组", Some("五里镇"), Some("五里街社区"), Some(1));
        check("某市某区江口镇大坪村第五村民小组", Some("江口镇"), Some("大坪村"), Some(5));
        check("上岩", None, Some("上岩"), None);
    }

    #[test]
    fn groups_in_many_dresses() {
        for (text, group) in [
            ("5组", Some(5)),
            ("五组", Some(5)),
            ("5", Some(5)),
            ("十一组", Some(11)),
            ("无", None),
        ] {
            assert_eq!(read_group(text), group, "{text}");
        }
    }
}
