//! One pack of a stack: who made it, its rules, its dated values, what it switches off.

use chrono::NaiveDate;

use super::{
    case::Case,
    rule::{Place, Rule, meets},
};

/// One pack as parsed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layer {
    /// Who made it and what it stands on; `None` for rules that are tried alone.
    pub(crate) head: Option<Head>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) values: Vec<Value>,
    pub(crate) offs: Vec<Off>,
    pub(crate) cases: Vec<Case>,
    /// What each file says of the law.
    pub(crate) articles: Vec<Article>,
}

/// What a file says of the law, for its reader.
#[derive(Clone, Debug)]
pub(crate) struct Article {
    pub(crate) file: String,
    /// Its heading: title and article.
    pub(crate) heading: String,
    /// The article, or its substance.
    pub(crate) text: String,
}

impl Article {
    /// Heading and quotation of a file.
    pub(crate) fn of(file: &str, lines: &[&str]) -> Self {
        let heading = lines.first().and_then(|line| line.strip_prefix("# "));
        let quoted: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("> ")).collect();
        Self {
            file: file.to_owned(),
            heading: heading.unwrap_or_default().trim().to_owned(),
            text: quoted.join("\n"),
        }
    }
}

/// The head of a pack.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) title: String,
    /// The document on which the pack stands.
    pub(crate) source: String,
    /// The pack below.
    pub(crate) over: Option<String>,
    pub(crate) place: Place,
}

/// A number or other value of [`Settings`](crate::Settings), with the days for which it holds and where it is from.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    /// Its key, such as `thresholds.dropout_days`.
    pub(crate) key: String,
    pub(crate) is: toml::Value,
    pub(crate) since: NaiveDate,
    pub(crate) until: Option<NaiveDate>,
    pub(crate) source: String,
    pub(crate) place: Place,
}

/// A rule of a pack below that this pack switches off.
#[derive(Clone, Debug)]
pub(crate) struct Off {
    pub(crate) rule: String,
    pub(crate) since: NaiveDate,
    pub(crate) until: Option<NaiveDate>,
    pub(crate) source: String,
    pub(crate) place: Place,
}

impl Layer {
    /// What the pack is called in errors.
    pub(crate) fn name(&self) -> &str {
        self.head.as_ref().map_or("", |head| &head.id)
    }

    /// The values in force on the day.
    pub(crate) fn values_on(&self, day: NaiveDate) -> impl Iterator<Item = &Value> {
        let holds = move |value: &&Value| {
            value.since <= day && value.until.is_none_or(|until| day <= until)
        };
        self.values.iter().filter(holds)
    }

    /// Whether it switches a rule of a pack below off on the day.
    pub(crate) fn switches_off(&self, rule: &str, day: NaiveDate) -> bool {
        self.offs.iter().any(|off| {
            off.rule == rule && off.since <= day && off.until.is_none_or(|until| day <= until)
        })
    }

    /// Two rules of one id, or two values of one key, that hold on the same days.
    pub(crate) fn overlaps(&self) -> Vec<super::RuleError> {
        let mut errors = Vec::new();
        for (at, rule) in self.rules.iter().enumerate() {
            let same = |other: &&Rule| {
                other.id == rule.id && meets((rule.since, rule.until), (other.since, other.until))
            };
            if let Some(other) = self.rules[..at].iter().find(same) {
                let there = &other.place;
                errors.push(rule.place.error(format!(
                    "rule `{}` is in force on the same days as {}:{}; give the older one an `until`",
                    rule.id, there.file, there.line
                )));
            }
        }
        for (at, value) in self.values.iter().enumerate() {
            let same = |other: &&Value| {
                other.key == value.key
                    && meets((value.since, value.until), (other.since, other.until))
            };
            if let Some(other) = self.values[..at].iter().find(same) {
                let there = &other.place;
                errors.push(value.place.error(format!(
                    "value `{}` holds on the same days as {}:{}; give the older one an `until`",
                    value.key, there.file, there.line
                )));
            }
        }
        errors
    }
}
