//! The model: which columns are compared how, what each outcome weighs, and which pairs are looked at.
//!
//! A model is plain data that serde reads from TOML or JSON, so that it can be read, compared and kept. It is checked
//! against the table before anything runs: a level that the comparator can give and the model does not weigh is an
//! error, never a silent default.

use serde::{Deserialize, Serialize};

use crate::{Comparator, LinkError, Table, Transform};

/// How records are compared and joined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Name and version, for reports.
    pub name: String,
    /// What is expected before two rows are compared.
    pub prior: Prior,
    /// From how much evidence on rows are joined or shown to a person.
    pub thresholds: Thresholds,
    /// What the columns say together about identity, beyond the sum of the fields.
    #[serde(default)]
    pub identity: Option<IdentityRule>,
    /// Rows that agree in these keys are mostly of one household: training learns from them how brothers and sisters
    /// differ. Without it, or with `relatives_per_record = 0`, these are not learnt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relatives: Option<BlockRule>,
    /// The comparisons.
    #[serde(rename = "field")]
    pub fields: Vec<FieldModel>,
    /// The rules that choose which pairs are compared.
    #[serde(rename = "block")]
    pub blocks: Vec<BlockRule>,
}

/// What is expected before two rows are compared. Given per record, so that the same model fits a village and a
/// province: with n rows the probability that a random pair matches is `partners_per_record / n`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// How many other rows of the same person a row has on average.
    pub partners_per_record: f64,
    /// How many rows of brothers and sisters a row has on average; 0 leaves the family hypothesis out.
    pub relatives_per_record: f64,
}

/// Two levels of log2 odds. Below `review_bits` a pair is left alone, from `join_bits` on it is joined.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Log2 odds from which on a pair may be joined; 6.6 is a probability of 0.99.
    pub join_bits: f32,
    /// Log2 odds from which on a pair is shown to a person.
    pub review_bits: f32,
    /// The least mean evidence in bits (without the prior) over all pairs across two clusters that are to be joined:
    /// it keeps one good pair from bridging two groups that disagree.
    pub bridge_bits: f32,
}

/// The field whose valid values tell persons apart for certain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityRule {
    /// A field with [`Comparator::ResidentId`]. Two clusters with different verified numbers are never joined.
    pub field: String,
    /// The column of birth dates that a verified number must agree with to be believed: a parent's or sibling's number
    /// in the person's row does not veto and is no evidence.
    #[serde(default)]
    pub birth: Option<String>,
    /// The column of the sex (男, 女, male, f, 1, 2), which it must agree with too: a twin has the same birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// The column of the guardian's number: in a row without a birth date the same number is not the person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian_id: Option<String>,
    /// The first and the last year in which the persons of the table can be born: in a row without a birth date a number
    /// with another year is a parent's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<[i32; 2]>,
}

impl IdentityRule {
    /// The columns that it needs besides those of its field.
    pub fn columns(&self) -> impl Iterator<Item = &String> {
        [&self.birth, &self.sex, &self.guardian_id].into_iter().flatten()
    }
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldModel {
    /// Name of the comparison.
    pub name: String,
    /// The columns compared. With several, every column of one row is held against every column of the other and the
    /// level that speaks most for a match counts.
    pub columns: Vec<String>,
    /// How two values are compared.
    pub comparator: Comparator,
    /// For [`Comparator::Together`] the two fields that it is about; it has no columns, and stands after all fields that
    /// have some. Its levels weigh
    /// how many thousandths of a time they are as frequent as they would be if the two fields had nothing to do with each
    /// other: 0.001 says that they have not. Where one of the two is missing or contained elsewhere it says nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<String>,
    /// Whether the level `equal` weighs more for a rare value and less for a frequent one. Frequencies are counted in
    /// the table that is linked.
    #[serde(default)]
    pub term_frequency: bool,
    /// Outcomes of other fields that already contain this one's evidence: then this field weighs nothing.
    #[serde(default)]
    pub contained_in: Vec<Containment>,
    /// One entry for each level of the comparator.
    pub levels: Vec<Level>,
}

/// A field at one of some levels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Containment {
    /// Name of the containing field, which must stand before the contained one.
    pub field: String,
    /// The levels at which it contains the evidence.
    pub levels: Vec<String>,
}

/// One outcome of a comparison with its probabilities. Those of a field need not add up to 1 exactly; they are used as
/// ratios.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// One of [`Comparator::levels`].
    pub name: String,
    /// Probability of this outcome for two rows of one person.
    pub m: f64,
    /// Probability for two rows of strangers.
    pub u: f64,
    /// Probability for two rows of brothers and sisters; `u` when not given.
    #[serde(default)]
    pub family: Option<f64>,
    /// How much of the rarity of the two values, in bits and on average of both, this level takes when the field has
    /// `term_frequency`: strangers with rare names are as rarely nearly alike. The level `equal` takes all of it in any
    /// case.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub term_frequency_weight: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(weight: &f64) -> bool {
    weight.abs() < f64::EPSILON
}

/// One way to choose pairs: rows that agree in all keys are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockRule {
    /// Name of the rule, for reports.
    pub name: String,
    /// What must agree. A row in which one of them is missing is not reached by this rule.
    pub keys: Vec<BlockKey>,
    /// What must agree besides under a key that more than `most_rows` rows share: the birthday of a county is a key, that
    /// of a country needs the county too. A row with several values here is taken by its first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refine: Vec<BlockKey>,
    /// A key that more rows share, after it was refined, is left to the other rules, and reported.
    #[serde(default = "default_most_rows")]
    pub most_rows: u32,
}

const fn default_most_rows() -> u32 {
    200
}

/// One part of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockKey {
    /// The columns it is made of; each of their values is a key of its own.
    pub columns: Vec<String>,
    /// What is made of the text.
    pub transform: Transform,
}

impl Model {
    /// A model for children in the registers of one county, with the columns `name`, `sex`, `birth_date`, `id_no`,
    /// `guardian`, `region_code`, `address` and `school`; to be trained.
    ///
    /// ```
    /// let model = baoxue_link::Model::children();
    /// assert_eq!(model.fields[0].columns, ["id_no"]);
    /// ```
    ///
    /// # Panics
    /// Never: a test reads the file that the library was built with.
    #[expect(clippy::expect_used, reason = "the file is part of the library")]
    pub fn children() -> Self {
        toml::from_str(include_str!("../models/children.toml")).expect("a model in TOML")
    }

    /// Checks that the model is whole, and that the table has its columns.
    ///
    /// # Errors
    /// [`LinkError`], naming the field or rule and what is missing or wrong.
    pub fn check(&self, table: &Table) -> Result<(), LinkError> {
        if self.prior.partners_per_record <= 0.0 || self.prior.relatives_per_record < 0.0 {
            return Err(LinkError::Prior);
        }
        for (at, field) in self.fields.iter().enumerate() {
            check_columns(table, &field.name, &field.columns)?;
            check_levels(field)?;
            check_together(field, &self.fields[..at])?;
            for containment in &field.contained_in {
                let container = self.fields[..at].iter().find(|f| f.name == containment.field);
                check_containment(field, containment, container)?;
            }
        }
        for rule in self.blocks.iter().chain(&self.relatives) {
            for key in rule.keys.iter().chain(&rule.refine) {
                check_columns(table, &rule.name, &key.columns)?;
            }
        }
        let Some(rule) = &self.identity else { return Ok(()) };
        let columns: Vec<String> = rule.columns().cloned().collect();
        check_columns(table, "identity", &columns)?;
        let named = |field: &&FieldModel| field.name == rule.field;
        match self.fields.iter().find(named).map(|field| field.comparator) {
            Some(Comparator::ResidentId) => Ok(()),
            Some(_) | None => {
                Err(LinkError::FieldMissing("identity".to_owned(), rule.field.clone()))
            }
        }
    }
}

fn check_columns(table: &Table, what: &str, columns: &[String]) -> Result<(), LinkError> {
    match columns.iter().find(|name| table.column(name).is_none()) {
        Some(name) => Err(LinkError::ColumnMissing(what.to_owned(), name.clone())),
        None => Ok(()),
    }
}

fn check_levels(field: &FieldModel) -> Result<(), LinkError> {
    let known = field.comparator.levels();
    let error = |make: fn(String, String) -> LinkError, level: &str| {
        Err(make(field.name.clone(), level.to_owned()))
    };
    let weighed = |name: &str| field.levels.iter().filter(|level| level.name == name).count();
    if let Some(name) = known.iter().find(|name| weighed(name) != 1) {
        return error(LinkError::LevelMissing, name);
    }
    for level in &field.levels {
        if !known.contains(&level.name.as_str()) {
            return error(LinkError::LevelUnknown, &level.name);
        }
        let is_probability = |p: f64| p > 0.0 && p <= 1.0;
        if !(0.0..=1.0).contains(&level.term_frequency_weight) {
            return error(LinkError::Probability, &level.name);
        }
        if ![level.m, level.u, level.family.unwrap_or(level.u)].into_iter().all(is_probability) {
            return error(LinkError::Probability, &level.name);
        }
    }
    Ok(())
}

/// A field about two others names two that stand before it and are about values.
fn check_together(field: &FieldModel, before: &[FieldModel]) -> Result<(), LinkError> {
    let is_about_fields = field.comparator == Comparator::Together;
    if is_about_fields != (field.of.len() == 2) || (is_about_fields && !field.columns.is_empty()) {
        return Err(LinkError::Together(field.name.clone()));
    }
    let is_about = |field: &FieldModel| field.comparator == Comparator::Together;
    if !is_about_fields && before.iter().any(is_about) {
        return Err(LinkError::Together(field.name.clone()));
    }
    let is_known =
        |name: &&String| before.iter().any(|other| other.name == **name && !is_about(other));
    match field.of.iter().find(|name| !is_known(name)) {
        Some(name) => Err(LinkError::FieldMissing(field.name.clone(), name.clone())),
        None => Ok(()),
    }
}

fn check_containment(
    field: &FieldModel,
    containment: &Containment,
    container: Option<&FieldModel>,
) -> Result<(), LinkError> {
    let Some(container) = container else {
        return Err(LinkError::FieldMissing(field.name.clone(), containment.field.clone()));
    };
    let known = container.comparator.levels();
    match containment.levels.iter().find(|level| !known.contains(&level.as_str())) {
        Some(level) => Err(LinkError::LevelUnknown(field.name.clone(), level.clone())),
        None => Ok(()),
    }
}
