//! What changed from one model to another.

use serde::{Deserialize, Serialize};

use crate::{BlockRule, FieldModel, Level, Model};

/// Changes of less than this many bits, or this share of a number, are none.
const SAME: f64 = 1e-9;

/// One thing in which two models differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// Another expectation or threshold, called as in the file.
    Number {
        /// Its name.
        name: String,
        /// In the first model.
        before: f64,
        /// In the second.
        after: f64,
    },
    /// What identity or a household is made of.
    Part(String),
    /// A field or rule that only the second model has.
    Added(Named),
    /// A field or rule that only the first model has.
    Removed(Named),
    /// A field with other columns, comparator or containment, or a rule with other keys or limits.
    Changed(Named),
    /// Another probability of a level.
    Level(LevelDifference),
}

/// A field or a rule by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// A field.
    Field(String),
    /// A blocking rule.
    Rule(String),
}

/// A level that weighs something else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LevelDifference {
    /// Name of the field.
    pub field: String,
    /// Name of the level.
    pub level: String,
    /// Which probability.
    pub which: Which,
    /// The probability in the first model; `None` when it lacks the level, or gives it no probability for relatives.
    pub before: Option<f64>,
    /// The probability in the second model.
    pub after: Option<f64>,
    /// What the level speaks for in the first model, in bits: log2 of m/u, or of family/u for relatives.
    pub bits_before: Option<f64>,
    /// The same in the second model.
    pub bits_after: Option<f64>,
}

/// A probability of a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// For two rows of one person.
    M,
    /// For strangers.
    U,
    /// For brothers and sisters.
    Family,
}

impl Model {
    /// What changed from this model to the other, in the order of this one; what only the other has comes after.
    /// Names of models are not compared.
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let mut found = numbers(self, other);
        if self.identity != other.identity {
            found.push(Difference::Part("identity".to_owned()));
        }
        if self.relatives != other.relatives {
            found.push(Difference::Part("relatives".to_owned()));
        }
        let of = |field: &FieldModel| field.name.clone();
        for (name, before, after) in paired(&self.fields, &other.fields, of) {
            field(name, before, after, &mut found);
        }
        let of = |rule: &BlockRule| rule.name.clone();
        for (name, before, after) in paired(&self.blocks, &other.blocks, of) {
            let named = Named::Rule(name);
            found.extend(match (before, after) {
                (Some(before), Some(after)) => {
                    (before != after).then_some(Difference::Changed(named))
                }
                (None, _) => Some(Difference::Added(named)),
                (_, None) => Some(Difference::Removed(named)),
            });
        }
        found
    }
}

fn numbers(before: &Model, after: &Model) -> Vec<Difference> {
    let of = |model: &Model| {
        [
            ("partners_per_record", model.prior.partners_per_record),
            ("relatives_per_record", model.prior.relatives_per_record),
            ("join_bits", f64::from(model.thresholds.join_bits)),
            ("review_bits", f64::from(model.thresholds.review_bits)),
            ("bridge_bits", f64::from(model.thresholds.bridge_bits)),
        ]
    };
    let differ = |((name, before), (_, after)): ((&str, f64), (&str, f64))| {
        let name = name.to_owned();
        (!same(before, after)).then_some(Difference::Number { name, before, after })
    };
    of(before).into_iter().zip(of(after)).filter_map(differ).collect()
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= SAME * a.abs().max(b.abs())
}

/// By name what both lists have.
fn paired<'m, T>(
    before: &'m [T],
    after: &'m [T],
    name: impl Fn(&T) -> String,
) -> Vec<(String, Option<&'m T>, Option<&'m T>)> {
    let find = |list: &'m [T], wanted: &str| list.iter().find(|one| name(one) == wanted);
    let old = before.iter().map(|one| (name(one), Some(one), find(after, &name(one))));
    let new = after.iter().filter(|one| find(before, &name(one)).is_none());
    old.chain(new.map(|one| (name(one), None, Some(one)))).collect()
}

fn field(
    name: String,
    before: Option<&FieldModel>,
    after: Option<&FieldModel>,
    found: &mut Vec<Difference>,
) {
    let (before, after) = match (before, after) {
        (Some(before), Some(after)) => (before, after),
        (None, _) => return found.push(Difference::Added(Named::Field(name))),
        (_, None) => return found.push(Difference::Removed(Named::Field(name))),
    };
    let bare = |field: &FieldModel| FieldModel { levels: Vec::new(), ..field.clone() };
    if bare(before) != bare(after) {
        found.push(Difference::Changed(Named::Field(name.clone())));
    }
    let of = |level: &Level| level.name.clone();
    for (level, before, after) in paired(&before.levels, &after.levels, of) {
        for which in [Which::M, Which::U, Which::Family] {
            let (p, q) = (before.and_then(|l| which.of(l)), after.and_then(|l| which.of(l)));
            let is_same = match (p, q) {
                (Some(p), Some(q)) => same(p, q),
                (p, q) => p.is_none() && q.is_none(),
            };
            if !is_same {
                found.push(Difference::Level(LevelDifference {
                    field: name.clone(),
                    level: level.clone(),
                    which,
                    before: p,
                    after: q,
                    bits_before: before.and_then(|level| which.bits(level)),
                    bits_after: after.and_then(|level| which.bits(level)),
                }));
            }
        }
    }
}

impl Which {
    const fn of(self, level: &Level) -> Option<f64> {
        match self {
            Self::M => Some(level.m),
            Self::U => Some(level.u),
            Self::Family => level.family,
        }
    }

    fn bits(self, level: &Level) -> Option<f64> {
        let speaks = match self {
            Self::M | Self::U => Some(level.m),
            Self::Family => level.family,
        };
        speaks.map(|p| (p / level.u).log2())
    }
}
