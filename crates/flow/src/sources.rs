//! Which lists have come from whom, for which day, and who has not reported: what is not reported is not 0.

use std::collections::{BTreeMap, BTreeSet};

use baoxue_claim::{BatchId, Source, TownCode};
use baoxue_store::{BatchState, BatchSummary, Disposition, SheetSummary, Store};
use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    County, FlowError,
    outputs::accounts::{Rows, silent_towns, speaks},
};

/// All sources with their lists.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The files of which this tells, withdrawn ones too.
    pub batches: Vec<BatchSummary>,
    /// Every source, whether it sent something or not.
    pub states: Vec<SourceState>,
    /// Towns that sent neither survey nor ledger.
    pub silent: Vec<TownCode>,
}

/// What has come from a source.
#[derive(Clone, Debug)]
pub struct SourceState {
    /// Who.
    pub source: Source,
    /// Its lists, those of the newest day first.
    pub lists: Vec<List>,
    /// Which schools have reported for its newest period; `None` for sources whose lists name no reporters.
    pub reporting: Option<Reporting>,
}

/// One sheet of a file.
#[derive(Clone, Debug)]
pub struct List {
    /// The batch.
    pub batch: BatchId,
    /// Name of the file.
    pub file: String,
    /// Name of the sheet; empty for csv.
    pub sheet: String,
    /// The town it is about.
    pub town: Option<TownCode>,
    /// The day for which it speaks.
    pub as_of: Option<NaiveDate>,
    /// When the file came.
    pub received_at: DateTime<Utc>,
    /// Who brought it.
    pub brought_by: String,
    /// Rows by what became of them; `None` when it was withdrawn.
    pub counts: Option<ListCounts>,
}

/// Rows of a list by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListCounts {
    /// Records, and entries of directories.
    pub records: u64,
    /// Could not be used.
    pub rejected: u64,
    /// Came before.
    pub known: u64,
    /// Whether it says anything, that there is nothing to report included.
    pub speaks: bool,
}

/// Who has reported for the newest period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reporting {
    /// Last day of the period.
    pub until: NaiveDate,
    /// Schools that have.
    pub reported: BTreeSet<String>,
    /// Of those: schools that report no child.
    pub zero: BTreeSet<String>,
    /// Schools that have reported before and not for this period, with the last day of their newest report.
    pub missing: Vec<(String, NaiveDate)>,
}

impl Sources {
    /// Looks at all batches.
    ///
    /// # Errors
    /// [`FlowError`] when the store refuses.
    pub async fn load(store: &Store, county: &County) -> Result<Self, FlowError> {
        let batches = store.batches().await?;
        let rows = Rows::of(store).await?;
        let silent = silent_towns(&batches, &rows, &county.towns);
        let states = Source::ALL.map(|source| state(source, &batches, &rows)).into();
        Ok(Self { batches, states, silent })
    }

    /// What has come from a source.
    pub fn of(&self, source: Source) -> Option<&SourceState> {
        self.states.iter().find(|state| state.source == source)
    }
}

impl SourceState {
    /// The newest list that counts.
    pub fn newest(&self) -> Option<&List> {
        self.live().find(|list| list.as_of.is_some()).or_else(|| self.live().next())
    }

    /// The lists that count.
    pub fn live(&self) -> impl Iterator<Item = &List> {
        self.lists.iter().filter(|list| list.counts.is_some())
    }

    /// Rows of all lists that count.
    pub fn total(&self) -> ListCounts {
        let counts = self.live().filter_map(|list| list.counts);
        counts.fold(ListCounts::default(), |sum, list| ListCounts {
            records: sum.records + list.records,
            rejected: sum.rejected + list.rejected,
            known: sum.known + list.known,
            speaks: sum.speaks || list.speaks,
        })
    }

    /// The newest list that counts and says something, for each town.
    pub fn by_town(&self) -> BTreeMap<TownCode, &List> {
        let mut towns = BTreeMap::new();
        let speaking = self.live().filter(|list| list.counts.is_some_and(|c| c.speaks));
        for (town, list) in speaking.filter_map(|list| Some((list.town?, list))) {
            towns.entry(town).or_insert(list);
        }
        towns
    }
}

fn state(source: Source, batches: &[BatchSummary], rows: &Rows) -> SourceState {
    let mut lists: Vec<List> = Vec::new();
    let mut reports = Vec::new();
    for batch in batches {
        for sheet in batch.sheets.iter().filter(|sheet| sheet.sheet.source == Some(source)) {
            lists.push(list(batch, sheet, rows));
            if batch.state == BatchState::Live {
                reports.extend(&sheet.sheet.reports);
            }
        }
    }
    lists.sort_by_key(|list| std::cmp::Reverse((list.as_of, list.received_at)));
    let named: Vec<(&str, NaiveDate, bool)> = reports
        .iter()
        .filter_map(|report| Some((report.school.as_deref()?, report.until, report.zero)))
        .collect();
    SourceState { source, lists, reporting: reporting(&named) }
}

fn list(batch: &BatchSummary, sheet: &SheetSummary, rows: &Rows) -> List {
    let sheet = &sheet.sheet;
    let live = batch.state == BatchState::Live;
    let counts = live.then(|| {
        let kinds = rows.of_sheet(batch, sheet);
        let of = |kind: &Disposition| u64::from(kinds.get(kind).copied().unwrap_or_default());
        ListCounts {
            records: ["school_entry", "official_entry"]
                .into_iter()
                .map(|kind| of(&Disposition::aside(kind)))
                .fold(of(&Disposition::Record), |sum, n| sum + n),
            rejected: of(&Disposition::Rejected),
            known: of(&Disposition::Known),
            speaks: kinds.keys().any(speaks),
        }
    });
    List {
        batch: batch.id,
        file: batch.file.clone(),
        sheet: sheet.name.clone(),
        town: sheet.town,
        as_of: sheet.as_of,
        received_at: batch.received_at,
        brought_by: batch.brought_by.clone(),
        counts,
    }
}

fn reporting(reports: &[(&str, NaiveDate, bool)]) -> Option<Reporting> {
    let until = reports.iter().map(|(_, until, _)| *until).max()?;
    let mut last: BTreeMap<&str, NaiveDate> = BTreeMap::new();
    for (school, day, _) in reports {
        let newest = last.entry(school).or_insert(*day);
        *newest = (*newest).max(*day);
    }
    let now = |zero_only: bool| {
        let now =
            reports.iter().filter(move |(_, day, zero)| *day == until && (*zero || !zero_only));
        now.map(|(school, ..)| (*school).to_owned()).collect()
    };
    let missing = last.iter().filter(|(_, day)| **day < until);
    Some(Reporting {
        until,
        reported: now(false),
        zero: now(true),
        missing: missing.map(|(school, day)| ((*school).to_owned(), *day)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_not_reported_is_not_zero() {
        let day = |month| NaiveDate::from_ymd_opt(2019, month, 28).unwrap();
        let reports = [
            ("甲校", day(5), false),
            ("甲校", day(6), true),
            ("乙校", day(5), false),
            ("乙校", day(4), false),
            ("丙校", day(6), false),
        ];
        let found = reporting(&reports).unwrap();
        assert_eq!(found.until, day(6));
        assert_eq!(found.reported, ["丙校", "甲校"].map(str::to_owned).into());
        assert_eq!(found.zero, ["甲校".to_owned()].into());
        assert_eq!(found.missing, [("乙校".to_owned(), day(5))]);
        assert_eq!(reporting(&[]), None);
    }
}
