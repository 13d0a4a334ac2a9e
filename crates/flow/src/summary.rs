//! Counts for people and machines: `summary.json`, `baoxue status`.

use std::collections::BTreeMap;

use baoxue_claim::{ChildId, Source, VerdictCode};
use baoxue_determine::{
    accounting::{Accounting, SourceAccount, TownAccount},
    aid::AidCount,
    comparison::{Comparison, Comparisons},
    exit::ExitRow,
    monitor::{Change, SnapshotPair},
    population::Population,
    towns::TownRow,
};
use baoxue_store::{BatchState, BatchSummary, Store};
use serde::Serialize;

use crate::{Derived, FlowError, Help, RegisterDoubt, RegisterGap, children::Learning};

/// How many children have a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodeCount {
    /// The code.
    pub code: VerdictCode,
    /// Its word in zh-CN.
    pub zh: &'static str,
    /// Its word in English.
    pub en: &'static str,
    /// Children.
    pub children: u64,
}

/// Rows of all live files by what became of them; the kinds add up to the total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RowCount {
    /// Rows of all sheets.
    pub total: u64,
    /// Records.
    pub records: u64,
    /// Set aside with a reason.
    pub rejected: u64,
    /// Came before.
    pub known: u64,
    /// Recognised rows without data.
    pub non_data: u64,
}

/// One class of a comparison as counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClassCount {
    /// The comparison.
    pub comparison: String,
    /// The class.
    pub class: String,
    /// Its heading in zh-CN.
    pub zh: String,
    /// Children in it.
    pub children: u64,
}

/// Which two sources contradict each other about how many children (数出多门).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourcePair {
    /// One source.
    pub left: Source,
    /// The other.
    pub right: Source,
    /// Children about whom they disagree.
    pub children: u64,
}

/// How many findings of a kind monitoring has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeCount {
    /// The kind.
    pub change: Change,
    /// Its word in zh-CN.
    pub zh: &'static str,
    /// Its word in English.
    pub en: &'static str,
    /// Findings.
    pub findings: u64,
    /// Of these: past their day.
    pub overdue: u64,
}

/// The figures of one run, the same for people and machines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// County.
    pub county: String,
    /// The day.
    pub as_of: chrono::NaiveDate,
    /// Rule pack with version.
    pub rule_pack: String,
    /// Rows by what became of them.
    pub rows: RowCount,
    /// Children.
    pub children: u64,
    /// Children by status; adds up to `children`.
    pub statuses: Vec<CodeCount>,
    /// Those of compulsory age by base, and how many are dropouts, count as in school, are watched.
    pub population: Population,
    /// The town table.
    pub towns: Vec<TownRow>,
    /// The comparisons.
    pub comparisons: Vec<ClassCount>,
    /// Wrong and missing listings by town (错报、漏报).
    pub listings: Vec<TownAccount>,
    /// What became of the children each source named.
    pub sources: Vec<SourceAccount>,
    /// Registers that were compared, each with its sums.
    pub registers: Vec<SnapshotPair>,
    /// Findings of monitoring by kind.
    pub monitoring: Vec<ChangeCount>,
    /// Aid of the term by how it stands (应助、已助).
    pub aid: Vec<AidCount>,
    /// Households of the poverty register for which schooling is secured (义务教育有保障).
    pub secured: ExitRow,
    /// Conflicts by pair of sources.
    pub conflicts: Vec<SourcePair>,
    /// Pairs of rows, and single rows, that wait for a person.
    pub reviews: u64,
    /// Whether linking has learnt its probabilities of these records, and which levels it has not.
    pub learning: Learning,
    /// Newer registers that are too different from older ones to replace them.
    pub register_doubts: Vec<RegisterDoubt>,
    /// Main registers that have not come or are not whole.
    pub register_gaps: Vec<RegisterGap>,
    /// Seconds per stage; not part of what two runs share.
    pub seconds: BTreeMap<&'static str, f64>,
}

/// The figures of what was derived.
pub(crate) fn summary(
    derived: &Derived,
    batches: &[BatchSummary],
    (towns, population): (Vec<TownRow>, Population),
    (comparisons, account, help): (&Comparisons, &Accounting, &Help),
) -> Summary {
    Summary {
        county: String::new(),
        as_of: chrono::NaiveDate::MIN,
        rule_pack: String::new(),
        rows: rows(batches),
        children: derived.children.len() as u64,
        statuses: statuses(derived),
        population,
        towns,
        comparisons: class_counts(comparisons),
        listings: account.towns.clone(),
        sources: account.sources.clone(),
        registers: derived.monitoring.pairs.clone(),
        monitoring: change_counts(derived),
        aid: help.counts.clone(),
        secured: help.exit.county.clone(),
        conflicts: source_pairs(derived),
        reviews: derived.n_waiting() as u64,
        learning: derived.learning.clone(),
        register_doubts: derived.doubts.clone(),
        register_gaps: derived.gaps.clone(),
        seconds: BTreeMap::new(),
    }
}

/// Rows of the live files.
pub(crate) fn rows(batches: &[BatchSummary]) -> RowCount {
    let mut count = RowCount::default();
    for batch in batches.iter().filter(|b| b.state == BatchState::Live) {
        count.records += batch.n_records;
        count.rejected += batch.n_rejected;
        count.known += batch.n_known;
        count.non_data += batch.n_aside;
        count.total += batch.sheets.iter().map(|s| u64::from(s.sheet.n_rows)).sum::<u64>();
    }
    count
}

fn statuses(derived: &Derived) -> Vec<CodeCount> {
    let mut by_code: BTreeMap<VerdictCode, u64> = BTreeMap::new();
    for found in &derived.determined {
        *by_code.entry(found.verdict.code).or_default() += 1;
    }
    let count = |code: &VerdictCode| CodeCount {
        code: *code,
        zh: code.zh(),
        en: code.en(),
        children: by_code.get(code).copied().unwrap_or(0),
    };
    VerdictCode::ALL.iter().map(count).collect()
}

/// The findings of monitoring by kind, in the order of the tables.
pub fn change_counts(derived: &Derived) -> Vec<ChangeCount> {
    let count = |change: Change| {
        let (findings, overdue) = derived.monitoring.count(change);
        let (findings, overdue) = (findings as u64, overdue as u64);
        ChangeCount { change, zh: change.zh(), en: change.en(), findings, overdue }
    };
    Change::ALL.into_iter().map(count).collect()
}

fn class_counts(comparisons: &Comparisons) -> Vec<ClassCount> {
    let of = |comparison: &Comparison| -> Vec<ClassCount> {
        let classes = comparison.classes.iter().map(|class| ClassCount {
            comparison: comparison.name.clone(),
            class: class.name.clone(),
            zh: class.title_zh.clone(),
            children: class.children.len() as u64,
        });
        classes.collect()
    };
    comparisons.all().into_iter().flat_map(of).collect()
}

fn source_pairs(derived: &Derived) -> Vec<SourcePair> {
    let mut pairs: BTreeMap<(Source, Source), std::collections::BTreeSet<ChildId>> =
        BTreeMap::new();
    for found in &derived.determined {
        let Some(conflict) = &found.verdict.conflict else { continue };
        for (at, left) in conflict.sides.iter().enumerate() {
            for right in &conflict.sides[at + 1..] {
                let pair = (left.source.min(right.source), left.source.max(right.source));
                pairs.entry(pair).or_default().insert(found.verdict.child);
            }
        }
    }
    pairs
        .into_iter()
        .map(|((left, right), children)| SourcePair {
            left,
            right,
            children: children.len() as u64,
        })
        .collect()
}

/// What stands in a store: the batches and the newest run.
#[derive(Clone, Debug)]
pub struct Status {
    /// All batches, withdrawn ones too.
    pub batches: Vec<BatchSummary>,
    /// Rows of the live ones.
    pub rows: RowCount,
    /// Children by status in the newest run; `None` before the first.
    pub run: Option<(baoxue_store::RunSummary, Vec<CodeCount>)>,
}

/// Looks at the store.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn status(store: &Store) -> Result<Status, FlowError> {
    let batches = store.batches().await?;
    let rows = rows(&batches);
    let run = match store.latest_run().await? {
        Some(run) => {
            let mut by_code: BTreeMap<VerdictCode, u64> = BTreeMap::new();
            for verdict in store.verdicts().await? {
                *by_code.entry(verdict.code).or_default() += 1;
            }
            let counts = by_code
                .into_iter()
                .map(|(code, children)| CodeCount { code, zh: code.zh(), en: code.en(), children })
                .collect();
            Some((run, counts))
        }
        None => None,
    };
    Ok(Status { batches, rows, run })
}
