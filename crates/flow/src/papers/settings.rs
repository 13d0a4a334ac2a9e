//! What a county decides about its papers: `[papers]` of its configuration.

use std::collections::BTreeMap;

use baoxue_act::{Holder, Office};
use serde::Deserialize;

use crate::County;

/// `[papers]`. Every key has a default, so that a county may say nothing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PaperSettings {
    /// How a document number is written (文号): `{unit}`, `{year}` and `{n}` are put in. `{n}` must stand in it, or two papers
    /// would share a number.
    pub number: String,
    /// The word of an issuer in numbers, by its name as the program writes it: `"五里镇" = "五政"`.
    pub unit: BTreeMap<String, String>,
    /// The name with which an issuer signs, where it is not the usual one: `"五里镇" = "五里镇人民政府"`.
    pub issuer: BTreeMap<String, String>,
    /// Whom a family may ask (联系人).
    pub contact: String,
    /// Where (联系电话).
    pub phone: String,
    /// The ways against an order and their terms (救济途径和期限), as the county's legal office words them.
    pub appeal: String,
    /// The address of this program as the public reaches it, such as `https://bx.example.cn`: papers then carry a QR code that
    /// leads to the page that says whether they are genuine.
    pub public_address: String,
    /// Days that a notice or an order gives when the draft says nothing else. No law sets a length.
    pub days: u16,
}

impl Default for PaperSettings {
    fn default() -> Self {
        Self {
            number: "{unit}控保〔{year}〕{n}号".to_owned(),
            unit: BTreeMap::new(),
            issuer: BTreeMap::new(),
            contact: String::new(),
            phone: String::new(),
            appeal: String::new(),
            public_address: String::new(),
            days: 7,
        }
    }
}

impl PaperSettings {
    /// What is wrong with it, in words for whoever wrote it.
    pub(crate) fn fault(&self) -> Option<String> {
        let is_web =
            |address: &str| address.starts_with("http://") || address.starts_with("https://");
        let missing =
            ["{unit}", "{year}", "{n}"].into_iter().find(|part| !self.number.contains(part));
        let words: std::collections::BTreeSet<&String> = self.unit.values().collect();
        if let Some(part) = missing {
            Some(format!("number: `{part}` must stand in it, or two papers would share a number"))
        } else if words.len() < self.unit.len() {
            Some("unit: two issuers share a word, and would share numbers".to_owned())
        } else if !(1..=90).contains(&self.days) {
            Some(format!("days: {} is not between 1 and 90", self.days))
        } else if !self.public_address.is_empty() && !is_web(&self.public_address) {
            Some(format!("public_address: `{}` is no http(s) address", self.public_address))
        } else {
            None
        }
    }

    /// The address of the public check of a code; empty when papers lead nowhere.
    pub(crate) fn check_address(&self, code: &str) -> String {
        let base = self.public_address.trim_end_matches('/');
        if base.is_empty() { String::new() } else { format!("{base}/v/{code}") }
    }
}

/// Who issues papers: how it signs, its word in numbers, and the series whose numbers it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// The name with which it signs.
    pub name: String,
    /// Its word in numbers.
    pub unit: String,
    /// The stable word of its series of numbers.
    pub series: String,
}

impl Issuer {
    /// The issuer of a seat.
    pub fn of(holder: &Holder, county: &County) -> Self {
        let settings = &county.papers;
        let (plain, usual, series) = match &holder.office {
            Office::Town(code) | Office::Village(code, _) => {
                let town = county.towns.get(*code);
                let plain = town.map_or_else(|| code.to_string(), |town| town.name.clone());
                let usual = government(&plain);
                (plain, usual, format!("town/{code}"))
            }
            Office::School(school) | Office::Class(school, _) => {
                (school.clone(), school.clone(), format!("school/{school}"))
            }
            Office::County => {
                let name = format!("{}人民政府", county.name);
                (county.name.clone(), name, "county".to_owned())
            }
            Office::Bureau | Office::Department(_) | Office::Inspectorate | Office::Police => {
                let name = format!("{}教育局", county.name);
                ("教育局".to_owned(), name, "bureau".to_owned())
            }
        };
        let named = |of: &BTreeMap<String, String>| of.get(&plain).cloned();
        Self {
            name: named(&settings.issuer).unwrap_or(usual),
            unit: named(&settings.unit).unwrap_or(plain),
            series,
        }
    }
}

/// How a town's or a street's government signs.
fn government(name: &str) -> String {
    match name {
        _ if name.ends_with("街道") => format!("{name}办事处"),
        _ if name.ends_with("镇") || name.ends_with("乡") => format!("{name}人民政府"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offices_sign_as_they_are_called() {
        assert_eq!(government("五里镇"), "五里镇人民政府");
        assert_eq!(government("江北街道"), "江北街道办事处");
        assert_eq!(government("建民办"), "建民办");
    }

    #[test]
    fn a_number_pattern_without_a_number_is_refused() {
        let bad =
            PaperSettings { number: "控保〔{year}〕".to_owned(), ..PaperSettings::default() };
        assert!(bad.fault().is_some());
        let bad = PaperSettings { public_address: "bx.cn".to_owned(), ..PaperSettings::default() };
        assert!(bad.fault().is_some());
        assert_eq!(PaperSettings::default().fault(), None);
    }
}
