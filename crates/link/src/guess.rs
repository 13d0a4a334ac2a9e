//! A model for a table that nobody has described: what each column is, how it is compared, which pairs are looked at.

mod blocks;
mod fields;
mod kind;
mod look;

use serde::{Deserialize, Serialize};

use crate::{Model, Prior, Table, Thresholds};
use look::Look;

/// A guessed model and what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guess {
    /// The model, with weights to start training from.
    pub model: Model,
    /// What every column was taken for, in the order of the table.
    pub columns: Vec<ColumnGuess>,
}

/// What a column was taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnGuess {
    /// Name of the column.
    pub column: String,
    /// What it seems to hold.
    pub kind: ColumnKind,
    /// Why.
    pub reason: Reason,
    /// Whether the model compares it.
    pub is_used: bool,
}

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Given name.
    GivenName,
    /// Surname.
    Surname,
    /// Whole name.
    FullName,
    /// Name of a parent, guardian or head of household.
    GuardianName,
    /// Sex.
    Sex,
    /// Date, of birth or another.
    Date,
    /// Chinese resident ID.
    ResidentId,
    /// Another number that belongs to one person: of an insurance, a passport, a pupil.
    Identifier,
    /// Telephone number.
    Phone,
    /// E-mail address.
    Email,
    /// Postcode.
    Postcode,
    /// Number of a house.
    StreetNumber,
    /// Chinese address: village, group, house.
    Place,
    /// Street, house name or another line of an address.
    Address,
    /// Town, suburb, birth place.
    Town,
    /// Code of an administrative division of China.
    RegionCode,
    /// School.
    School,
    /// One of few values: occupation, state, marital status.
    Category,
    /// A number that measures.
    Number,
    /// Several entries in one cell.
    Set,
    /// Several words.
    Words,
    /// A short text.
    Text,
    /// Numbers the rows: says nothing about persons.
    RowId,
    /// The list that a row comes from.
    Source,
    /// Says which rows belong together: using it would be cheating.
    Truth,
    /// The same value everywhere, or hardly any value.
    Empty,
    /// Says the same as other columns.
    Copy,
}

/// What spoke for a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The column's name.
    Name,
    /// The values.
    Values,
    /// The name, and values that fit.
    NameAndValues,
    /// Every row has a value of its own.
    EachRowItsOwn,
    /// All rows have one value.
    OneValue,
    /// Fewer than one row in fifty has a value.
    MostlyMissing,
    /// The values repeat those of other columns.
    Repeats(Vec<String>),
}

/// Guesses a model from the names and values of the columns: [`ColumnGuess`] says what for each. The weights are those
/// of [`starting_levels`](crate::starting_levels), to be trained. A table in which nothing can be compared gives a model
/// without fields, by which no two rows are joined.
pub fn guess(table: &Table) -> Guess {
    let looks: Vec<Look<'_>> = table.columns().iter().map(Look::new).collect();
    let mut columns: Vec<ColumnGuess> = looks.iter().map(kind::of).collect();
    kind::repeats(table, &looks, &mut columns);
    let fields = fields::fields(&looks, &mut columns);
    let blocks = blocks::blocks(table, &looks, &columns);
    let relatives = blocks::relatives(&looks, &columns);
    Guess {
        model: Model {
            name: "auto".to_owned(),
            prior: Prior {
                partners_per_record: 1.0,
                relatives_per_record: if relatives.is_some() { 1.0 } else { 0.0 },
            },
            thresholds: Thresholds {
                join_bits: 4.3,
                review_bits: -3.0,
                bridge_bits: bridge_bits(table.n_rows()),
            },
            relatives,
            identity: fields::identity(&columns),
            fields,
            blocks,
        },
        columns,
    }
}

/// Half of the evidence that makes two rows of the table as likely one person as not: the groups that a strong pair
/// bridges may be unlike, not strangers.
fn bridge_bits(n_rows: u32) -> f32 {
    crate::field::bits(f64::from(n_rows.max(1))) / 2.0
}
