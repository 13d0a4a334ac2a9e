//! The account of each town.

use std::collections::BTreeSet;

use baoxue_claim::{ChildId, TownCode, Towns};
use serde::{Deserialize, Serialize};

use super::{Accounting, FoundBy, Naming};
use crate::{Known, comparison::SumError};

/// What a town has sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    /// Nothing: its figures are unknown, not 0.
    #[default]
    None,
    /// Lists that name no child out of school.
    Zero,
    /// Lists that name at least one.
    Named,
}

/// One town. Numbers of children; `out` = `found_first` + `found_later` + `missed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TownAccount {
    /// The town; `None` for children that no town answers for.
    pub town: Option<TownCode>,
    /// Its name.
    pub name: String,
    /// What it has sent.
    pub report: ReportState,
    /// Its children out of school.
    pub out: u32,
    /// Of these: named by the town before anybody else, or on the same day.
    pub found_first: u32,
    /// Of these: named by the town after somebody else.
    pub found_later: u32,
    /// Of these: named by others only (漏报). The only figure by which towns are compared for children out of school.
    pub missed: u32,
    /// Of the missed: those of a town that reported nobody (报零).
    pub zero_contradicted: u32,
    /// Children whom the town called out of school and who were not (错报).
    pub wrong: u32,
    /// Days from the first word of others to the town's own or to the day of determination, the longest.
    pub longest_days: u32,
}

/// The towns while children are counted.
pub(super) struct Rows<'t> {
    towns: &'t Towns,
    sent: &'t BTreeSet<TownCode>,
    naming: BTreeSet<TownCode>,
}

impl<'t> Rows<'t> {
    pub(super) const fn new(towns: &'t Towns, sent: &'t BTreeSet<TownCode>) -> Self {
        Self { towns, sent, naming: BTreeSet::new() }
    }

    /// Notes which towns name anybody, of their own children or of others.
    pub(super) fn named(&mut self, child: &Known<'_>, named: &[Naming]) {
        let own = child.found.profile.town;
        let own = named.iter().any(|naming| naming.is_of(own)).then_some(own).flatten();
        self.naming.extend(own.into_iter().chain(named.iter().filter_map(|naming| naming.town)));
    }

    /// What a town has sent.
    pub(super) fn state(&self, town: Option<TownCode>) -> ReportState {
        let Some(town) = town else { return ReportState::None };
        if self.naming.contains(&town) {
            ReportState::Named
        } else if self.sent.contains(&town) {
            ReportState::Zero
        } else {
            ReportState::None
        }
    }

    /// The rows, each checked.
    pub(super) fn finish(&self, account: &Accounting) -> Result<Vec<TownAccount>, SumError> {
        let listed = self.towns.all().iter().map(|town| (Some(town.code), town.name.clone()));
        let mut rows: Vec<TownAccount> = listed.map(|(town, name)| self.row(town, name)).collect();
        let mut elsewhere = self.row(None, "（镇办不明）".to_owned());
        for out in &account.out {
            let row = rows.iter_mut().find(|row| out.town.is_some() && row.town == out.town);
            row.unwrap_or(&mut elsewhere).count(out);
        }
        for row in &mut rows {
            let listed = account.wrong.iter().filter(|wrong| wrong.by.town == row.town);
            let wrong: BTreeSet<ChildId> = listed.map(|wrong| wrong.child).collect();
            row.wrong = u32::try_from(wrong.len()).unwrap_or(u32::MAX);
        }
        rows.extend((elsewhere.out > 0).then_some(elsewhere));
        rows.iter().try_for_each(TownAccount::check)?;
        let n_out: u32 = rows.iter().map(|row| row.out).sum();
        if n_out as usize == account.out.len() {
            return Ok(rows);
        }
        let parts = rows.iter().map(|row| row.out as usize).collect();
        let table = "accounting".to_owned();
        let whole = account.out.len();
        Err(SumError { table, whole, parts, missing: Vec::new(), twice: Vec::new() })
    }

    fn row(&self, town: Option<TownCode>, name: String) -> TownAccount {
        TownAccount { town, name, report: self.state(town), ..TownAccount::default() }
    }
}

impl TownAccount {
    fn count(&mut self, out: &super::OutChild) {
        self.out += 1;
        match out.found_by {
            FoundBy::TownFirst => self.found_first += 1,
            FoundBy::TownLater => self.found_later += 1,
            FoundBy::OthersOnly => self.missed += 1,
        }
        let zero = self.report == ReportState::Zero && out.found_by == FoundBy::OthersOnly;
        self.zero_contradicted += u32::from(zero);
        self.longest_days = self.longest_days.max(out.days);
    }

    /// That the parts are the whole, whoever made the row.
    ///
    /// # Errors
    /// [`SumError`] with the name of the town.
    pub fn check(&self) -> Result<(), SumError> {
        let parts = [self.found_first, self.found_later, self.missed];
        if parts.iter().sum::<u32>() == self.out {
            return Ok(());
        }
        Err(SumError {
            table: format!("accounting: {}", self.name),
            whole: self.out as usize,
            parts: parts.map(|part| part as usize).to_vec(),
            missing: Vec::new(),
            twice: Vec::new(),
        })
    }
}
