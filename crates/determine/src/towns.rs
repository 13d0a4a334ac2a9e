//! The town table: what each town reported, and what became of it.

use baoxue_claim::{TownCode, Towns, VerdictCode};
use serde::{Deserialize, Serialize};

use crate::Determined;

/// One line of the town table. Numbers of children.
///
/// `reported` = `not_dropout_by_policy` + `mishandled_policy` + `city_inspection` + `unexplained` + `undecided`, and
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
    /// Of these: suspected, in conflict, unverified or missing; no rule says yet whether they are out of school.
    pub undecided: u32,
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

/// The town table: a row for each town of the county in the order of the configuration, then one for children whose
/// town is unknown or of no list, if there are any.
pub fn town_table(determined: &[Determined], towns: &Towns) -> Vec<TownRow> {
    let mut rows: Vec<TownRow> = towns
        .all()
        .iter()
        .map(|town| TownRow {
            town: Some(town.code),
            name: town.name.clone(),
            ..TownRow::default()
        })
        .collect();
    let mut elsewhere = TownRow { name: "（镇办不明）".to_owned(), ..TownRow::default() };
    let mut strangers = false;
    for child in determined {
        let town = child.profile.town;
        if let Some(row) = rows.iter_mut().find(|row| row.town == town) {
            row.count(child);
        } else {
            strangers = true;
            elsewhere.count(child);
        }
    }
    rows.extend(strangers.then_some(elsewhere));
    rows
}

/// The sum of all rows.
pub fn total(rows: &[TownRow]) -> TownRow {
    let mut sum = TownRow { name: "合计".to_owned(), ..TownRow::default() };
    for row in rows {
        for (total, part) in sum.numbers_mut().into_iter().zip(row.numbers()) {
            *total += part;
        }
    }
    sum
}

/// A row whose parts do not add up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{town}: {what}: {whole} is not the sum of {parts:?}")]
pub struct RowError {
    /// Name of the town.
    pub town: String,
    /// Which sum.
    pub what: &'static str,
    /// The whole.
    pub whole: u32,
    /// Its parts.
    pub parts: Vec<u32>,
}

impl TownRow {
    /// Checks that the parts of the row add up, whoever made it.
    ///
    /// # Errors
    /// [`RowError`] for the first sum that does not: what was reported, or who is out of school.
    pub fn check(&self) -> Result<(), RowError> {
        let reported_out = [self.mishandled_policy, self.city_inspection, self.unexplained];
        let mut parts = vec![self.not_dropout_by_policy, self.undecided];
        parts.extend(reported_out);
        self.sum("reported", self.reported, parts)?;
        let mut parts = vec![self.unreported];
        parts.extend(reported_out);
        self.sum("out of school", self.out_of_school, parts)
    }

    fn sum(&self, what: &'static str, whole: u32, parts: Vec<u32>) -> Result<(), RowError> {
        if parts.iter().sum::<u32>() == whole {
            return Ok(());
        }
        Err(RowError { town: self.name.clone(), what, whole, parts })
    }

    fn count(&mut self, child: &Determined) {
        let Determined { profile, verdict } = child;
        let out = verdict.code.is_out();
        let listed = profile.on_town_ledger.is_some();
        let reported = listed || profile.found_by_inspection;
        self.reported += u32::from(reported);
        let undecided = is_undecided(verdict.code);
        self.not_dropout_by_policy += u32::from(reported && !out && !undecided);
        self.undecided += u32::from(reported && undecided);
        self.city_inspection += u32::from(!listed && profile.found_by_inspection && out);
        self.unexplained += u32::from(listed && out && verdict.cause.is_none());
        self.mishandled_policy += u32::from(listed && out && verdict.cause.is_some());
        self.out_of_school += u32::from(out);
        self.unreported += u32::from(out && !reported);
        self.suspected += u32::from(verdict.code == VerdictCode::Suspected);
        self.conflict += u32::from(verdict.code == VerdictCode::Conflict);
        let unverified = [VerdictCode::Unverified, VerdictCode::Missing].contains(&verdict.code);
        self.unverified += u32::from(unverified);
        self.of_age += u32::from(child.is_of_age());
    }

    const fn numbers(&self) -> [u32; 12] {
        [
            self.reported,
            self.not_dropout_by_policy,
            self.undecided,
            self.mishandled_policy,
            self.city_inspection,
            self.unexplained,
            self.out_of_school,
            self.unreported,
            self.suspected,
            self.conflict,
            self.unverified,
            self.of_age,
        ]
    }

    const fn numbers_mut(&mut self) -> [&mut u32; 12] {
        [
            &mut self.reported,
            &mut self.not_dropout_by_policy,
            &mut self.undecided,
            &mut self.mishandled_policy,
            &mut self.city_inspection,
            &mut self.unexplained,
            &mut self.out_of_school,
            &mut self.unreported,
            &mut self.suspected,
            &mut self.conflict,
            &mut self.unverified,
            &mut self.of_age,
        ]
    }
}

/// Whether no rule says yet that the child is in or out of school.
fn is_undecided(code: VerdictCode) -> bool {
    let open = [
        VerdictCode::Suspected,
        VerdictCode::Conflict,
        VerdictCode::Unverified,
        VerdictCode::Missing,
    ];
    open.contains(&code)
}
