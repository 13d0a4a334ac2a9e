//! The weight of two rows, straight from the definition: which level each field has is the engine's word, what it is worth
//! is not.

use std::collections::BTreeMap;

use baoxue_link::{FieldModel, Level, Model, Table, explain};

/// Bits of a pair, without the prior and with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weight {
    pub(crate) evidence: f64,
    pub(crate) bits: f64,
}

/// What two rows weigh.
pub(crate) fn weight(table: &Table, model: &Model, left: u32, right: u32) -> Weight {
    let found = explain(table, model, left, right).unwrap().fields;
    let levels: BTreeMap<&str, &str> = found
        .iter()
        .filter_map(|field| Some((field.field.as_str(), field.level.as_deref()?)))
        .collect();
    let (mut same, mut family) = (0.0, 0.0);
    for field in model.fields.iter().filter(|field| !is_contained(field, model, &levels)) {
        let Some(name) = levels.get(field.name.as_str()) else { continue };
        let level = level(field, name);
        let share = if *name == "equal" { 1.0 } else { level.term_frequency_weight };
        let rare = if field.term_frequency && share > 0.0 {
            let rarity = |row| rarity(table, (model, field), row);
            share * f64::midpoint(rarity(left), rarity(right))
        } else {
            0.0
        };
        same += (level.m / level.u).log2() + rare;
        family += (level.family.unwrap_or(level.u) / level.u).log2() + rare;
    }
    let n_rows = f64::from(table.n_rows().max(2));
    let prior = |per_record: f64| {
        let p = (per_record / n_rows).min(0.5);
        (p / (1.0 - p)).log2()
    };
    let others = (1.0 + (prior(model.prior.relatives_per_record) + family).exp2()).log2();
    let evidence = same - others;
    Weight { evidence, bits: prior(model.prior.partners_per_record) + evidence }
}

fn level<'m>(field: &'m FieldModel, name: &str) -> &'m Level {
    field.levels.iter().find(|level| level.name == name).unwrap()
}

/// Another field says what this one, or one of the two that it is about, would say.
fn is_contained(field: &FieldModel, model: &Model, levels: &BTreeMap<&str, &str>) -> bool {
    let about = model.fields.iter().filter(|other| field.of.contains(&other.name));
    about.chain([field]).flat_map(|field| &field.contained_in).any(|container| {
        let is_at = |level: &&str| container.levels.iter().any(|name| name == *level);
        levels.get(container.field.as_str()).is_some_and(is_at)
    })
}

/// How much rarer the value of a row is than the values of strangers that agree are on average. Its own person and its
/// relatives do not make it frequent.
fn rarity(table: &Table, (model, field): (&Model, &FieldModel), row: u32) -> f64 {
    let column = table.column(&field.columns[0]).unwrap();
    let texts = || (0..table.n_rows()).map(|row| column.text(row)).filter(|text| !text.is_empty());
    #[expect(clippy::cast_precision_loss, reason = "a few rows")]
    let (n, all) =
        (texts().filter(|text| *text == column.text(row)).count() as f64, texts().count() as f64);
    let equal = level(field, "equal");
    let own = 1.0
        + model.prior.partners_per_record * equal.m
        + model.prior.relatives_per_record * equal.family.unwrap_or(equal.u);
    (equal.u / ((n - own).max(0.0) / (all + 500.0) + 0.3 * equal.u)).log2()
}
