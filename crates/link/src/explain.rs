//! Why two rows were joined or not: every field's share in bits.

use serde::{Deserialize, Serialize};

use crate::{
    LinkError, Model, Table,
    cluster::probability,
    compare,
    prepare::{Prepared, Scratch},
};

/// The evidence for and against two rows being one person, step by step. All values are bits: `prior_bits` plus the
/// fields' bits plus `family_bits` is `bits`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waterfall {
    /// Log2 odds before anything is compared.
    pub prior_bits: f32,
    /// Each field in the order of the model.
    pub fields: Vec<FieldBits>,
    /// What the possibility takes away that the two are brothers or sisters; 0 or negative.
    pub family_bits: f32,
    /// Log2 odds at the end.
    pub bits: f32,
    /// The probability that belongs to `bits`.
    pub probability: f32,
}

/// One field's share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldBits {
    /// Name of the field.
    pub field: String,
    /// The level, `None` when a value is missing.
    pub level: Option<String>,
    /// Its bits.
    pub bits: f32,
    /// Whether another field contains this evidence, so that it weighs nothing here.
    pub contained: bool,
}

/// Takes the evidence for two rows apart.
///
/// # Errors
/// [`LinkError`] when the model does not fit the table or a row does not exist.
pub fn explain(
    table: &Table,
    model: &Model,
    left: u32,
    right: u32,
) -> Result<Waterfall, LinkError> {
    let prepared = Prepared::new(table, model)?;
    if let Some(row) = [left, right].into_iter().find(|row| *row >= table.n_rows()) {
        return Err(LinkError::RowMissing(row, table.n_rows()));
    }
    Ok(waterfall(&prepared, model, (left, right), &mut Scratch::default()))
}

/// The evidence for two rows.
pub(crate) fn waterfall(
    prepared: &Prepared,
    model: &Model,
    (left, right): (u32, u32),
    scratch: &mut Scratch,
) -> Waterfall {
    let bits = compare::score(prepared, left, right, scratch);
    let (same, _) = compare::sums(prepared, &scratch.outcomes);
    let fields = model.fields.iter().zip(&scratch.outcomes).map(|(field, outcome)| FieldBits {
        field: field.name.clone(),
        level: field.comparator.levels().get(usize::from(outcome.level)).map(|l| (*l).to_owned()),
        bits: outcome.bits.same,
        contained: outcome.contained,
    });
    Waterfall {
        prior_bits: prepared.prior_match,
        fields: fields.collect(),
        family_bits: bits - prepared.prior_match - same,
        bits,
        probability: probability(bits),
    }
}
