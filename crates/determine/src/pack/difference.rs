//! What differs between two packs, day by day: rules and values that are in force under one and not, or otherwise, under the
//! other.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::{Pack, rule::Rule};

/// A rule or value that differs between two packs over a span of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The rule's id, or the value's key.
    pub subject: Subject,
    /// First day on which it differs.
    pub since: NaiveDate,
    /// Last day, if it ends.
    pub until: Option<NaiveDate>,
    /// What differs: name of the field, what the first pack has, what the second has.
    pub fields: Vec<Field>,
    /// The source that the second pack gives, or the first where the second has nothing.
    pub source: String,
}

/// What a change is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A rule, by id.
    Rule(String),
    /// A value, by key.
    Value(String),
}

/// One field that differs; `None` where a pack has nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field {
    /// Its name in the rule file.
    pub name: &'static str,
    /// What the first pack has.
    pub before: Option<String>,
    /// What the second pack has.
    pub after: Option<String>,
}

impl Pack {
    /// What differs from this pack to another, in the order of subject and day.
    pub fn difference(&self, other: &Self) -> Vec<Change> {
        let days: BTreeSet<NaiveDate> = self.turning_days().chain(other.turning_days()).collect();
        let mut changes: Vec<Change> = Vec::new();
        for (at, day) in days.iter().enumerate() {
            let until = days.iter().nth(at + 1).and_then(NaiveDate::pred_opt);
            for (subject, (fields, source)) in differences(self, other, *day) {
                let same = changes.iter_mut().find(|change| {
                    change.subject == subject
                        && change.fields == fields
                        && change.until.and_then(|until| until.succ_opt()) == Some(*day)
                });
                match same {
                    Some(change) => change.until = until,
                    None => {
                        changes.push(Change { subject, since: *day, until, fields, source });
                    }
                }
            }
        }
        changes.sort_by(|a, b| (&a.subject, a.since).cmp(&(&b.subject, b.since)));
        changes
    }

    /// The days on which something comes into force or has just left it.
    fn turning_days(&self) -> impl Iterator<Item = NaiveDate> {
        let spans = self.layers.iter().flat_map(|layer| {
            let rules = layer.rules.iter().map(|rule| (rule.since, rule.until));
            let values = layer.values.iter().map(|value| (value.since, value.until));
            let offs = layer.offs.iter().map(|off| (off.since, off.until));
            rules.chain(values).chain(offs)
        });
        spans.flat_map(|(since, until)| {
            let after = until.and_then(|until| until.checked_add_days(Days::new(1)));
            [Some(since), after].into_iter().flatten()
        })
    }

    /// Key, value and source of all values that hold on a day.
    fn values_in_force(&self, day: NaiveDate) -> BTreeMap<&str, (String, &str)> {
        let all = self.layers.iter().flat_map(|layer| layer.values_on(day));
        all.map(|value| (value.key.as_str(), (value.is.to_string(), value.source.as_str())))
            .collect()
    }

    fn rules_in_force(&self, day: NaiveDate) -> BTreeMap<&str, &Rule> {
        self.on(day).map(|(_, rule)| (&*rule.id, rule)).collect()
    }

    /// Why a rule is off on a day, if a pack switches it off.
    fn why_off(&self, rule: &str, day: NaiveDate) -> Option<&str> {
        let offs = self.layers.iter().flat_map(|layer| &layer.offs);
        let mut holds = offs.filter(|off| {
            off.rule == rule && off.since <= day && off.until.is_none_or(|until| day <= until)
        });
        holds.next_back().map(|off| off.source.as_str())
    }
}

type Differs = BTreeMap<Subject, (Vec<Field>, String)>;

fn differences(first: &Pack, second: &Pack, day: NaiveDate) -> Differs {
    let mut found = BTreeMap::new();
    let (before, after) = (first.values_in_force(day), second.values_in_force(day));
    let keys: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    for key in keys {
        let (old, new) = (before.get(key), after.get(key));
        let (is, was) = (new.map(|(is, _)| is.clone()), old.map(|(is, _)| is.clone()));
        if is != was {
            let source = new.or(old).map_or_else(String::new, |(_, source)| (*source).to_owned());
            let field = Field { name: "is", before: was, after: is };
            found.insert(Subject::Value(key.to_owned()), (vec![field], source));
        }
    }
    let (before, after) = (first.rules_in_force(day), second.rules_in_force(day));
    let ids: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    for id in ids {
        let (old, new) = (before.get(id).copied(), after.get(id).copied());
        let fields = fields(old, new);
        if !fields.is_empty() {
            let off = second.why_off(id, day).filter(|_| new.is_none());
            let law = new.or(old).map_or("", |rule| rule.ground.law.as_str());
            let source = off.unwrap_or(law).to_owned();
            found.insert(Subject::Rule(id.to_owned()), (fields, source));
        }
    }
    found
}

/// The fields of two rules that differ; of a rule that is on one side only, those that say what it is.
fn fields(old: Option<&Rule>, new: Option<&Rule>) -> Vec<Field> {
    let texts = |rule: &Rule| -> [(&'static str, String); 10] {
        let needs: Vec<&str> = rule.needs.iter().map(|need| need.zh.as_str()).collect();
        [
            ("title", rule.ground.title.clone()),
            ("version", rule.ground.version.clone()),
            ("code", rule.code.code().to_owned()),
            ("reason", rule.reason.clone()),
            ("group", rule.group.clone()),
            ("when", rule.source.clone()),
            ("needs", needs.join("、")),
            ("certifier", rule.certifier.as_ref().map_or_else(String::new, |(zh, _)| zh.clone())),
            ("expires", rule.expires.map_or_else(String::new, |end| format!("{end:?}"))),
            ("law", rule.ground.law.clone()),
        ]
    };
    let (old, new) = (old.map(texts), new.map(texts));
    match (old, new) {
        (Some(old), Some(new)) => old
            .into_iter()
            .zip(new)
            .filter(|((_, before), (_, after))| before != after)
            .map(|((name, before), (_, after))| Field {
                name,
                before: Some(before),
                after: Some(after),
            })
            .collect(),
        (Some(old), None) => {
            let what = old.into_iter().take(3);
            what.map(|(name, text)| Field { name, before: Some(text), after: None }).collect()
        }
        (None, Some(new)) => {
            let what = new.into_iter().filter(|(_, text)| !text.is_empty());
            what.map(|(name, text)| Field { name, before: None, after: Some(text) }).collect()
        }
        (None, None) => Vec::new(),
    }
}
