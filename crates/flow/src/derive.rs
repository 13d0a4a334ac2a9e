//! From live records to children and verdicts: link, determine, keep. Everything derived is replaced in one transaction.

use std::collections::{BTreeMap, HashMap, HashSet};

use baoxue_claim::{BatchId, ChildId, Record, RecordId, Source};
use baoxue_determine::{
    Child, Context, Coverage, Determined, Files, Known, accounting::names_out, monitor::Monitoring,
};
use baoxue_link::{Linkage, ReviewReason, Waterfall, identity};
use baoxue_store::{BatchState, Ruling, Store};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sm3::{Digest, Sm3};

use crate::{
    County, FlowError, RegisterDoubt, RegisterGap,
    cases::{CaseClock, Followed, follow_run},
    children::{self, Learning},
    gathered::holds_back,
    hex::hex,
    keep::{Run, save},
    openings, outputs,
    progress::{Observer, Progress, Stage},
    roll,
};

/// Version of the linkage model, kept with each run.
pub const MODEL_VERSION: &str = concat!("children-4-", env!("CARGO_PKG_VERSION"));

/// The program, whose built-in rules a run depends on.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// All that one pass derives, in memory.
#[derive(Debug)]
pub struct Derived {
    /// The live records, ascending.
    pub records: Vec<Record>,
    /// The children, ascending by id.
    pub children: Vec<ChildRecords>,
    /// What a person should look at, strongest first.
    pub reviews: Vec<ReviewPair>,
    /// What linking has learnt of the records, and what not.
    pub learning: Learning,
    /// One per child, in the order of `children`.
    pub determined: Vec<Determined>,
    /// Newer registers that are too different from older ones to replace them.
    pub doubts: Vec<RegisterDoubt>,
    /// Main registers that have not come or are not whole.
    pub gaps: Vec<RegisterGap>,
    /// What changed between registers, and what runs towards a day.
    pub monitoring: Monitoring,
    /// Since when each child of whom too little is known is to be verified; nothing before a run is kept.
    pub verifying: BTreeMap<ChildId, NaiveDate>,
    /// What the run did to cases; nothing before a run is kept.
    pub followed: Followed,
}

/// A child with its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildRecords {
    /// The child.
    pub id: ChildId,
    /// Positions in [`Derived::records`], ascending.
    pub records: Vec<u32>,
}

/// Two rows that may be one child.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReviewPair {
    /// One row.
    pub left: RecordId,
    /// The other.
    pub right: RecordId,
    /// Log2 odds that they are one.
    pub bits: f32,
    /// The probability.
    pub probability: f32,
    /// Why a person is asked.
    pub reason: ReviewReason,
    /// The evidence, step by step, with the weights of that run; fields that say nothing are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Waterfall>,
}

impl Derived {
    /// The records of a child.
    pub fn records_of<'a>(
        &'a self,
        child: &'a ChildRecords,
    ) -> impl Iterator<Item = &'a Record> + 'a {
        child.records.iter().map(|at| &self.records[*at as usize])
    }

    /// The children with their records, as figures about sources need them.
    pub fn known(&self) -> Vec<Known<'_>> {
        let pairs = self.children.iter().zip(&self.determined);
        pairs.map(|(c, found)| Known { records: self.records_of(c).collect(), found }).collect()
    }

    /// The record of that number, if it is live.
    pub fn record(&self, id: RecordId) -> Option<&Record> {
        let at = self.records.binary_search_by_key(&id, |record| record.id).ok()?;
        Some(&self.records[at])
    }

    /// The position of a child.
    pub fn position(&self, child: ChildId) -> Option<usize> {
        self.children.binary_search_by_key(&child, |known| known.id).ok()
    }

    /// Rows that only a person may place, that no child has, and to which no other row is similar.
    pub fn unplaced(&self) -> impl Iterator<Item = &Record> {
        let mut seen: HashSet<RecordId> =
            self.reviews.iter().flat_map(|pair| [pair.left, pair.right]).collect();
        let waits = self.records.iter().any(|record| record.review_only.is_some());
        if waits {
            let placed = self.children.iter().flat_map(|child| self.records_of(child));
            seen.extend(placed.map(|record| record.id));
        }
        let open = move |r: &&Record| r.review_only.is_some() && !seen.contains(&r.id);
        self.records.iter().filter(open)
    }

    /// Pairs and single rows that wait for a person.
    pub fn n_waiting(&self) -> usize {
        self.reviews.len() + self.unplaced().count()
    }
}

/// Links and determines all live records of the store and keeps the result.
///
/// # Errors
/// [`FlowError`] when decisions contradict each other or the store refuses; what was derived before then stays.
pub async fn derive(
    store: &Store,
    county: &County,
    now: DateTime<Utc>,
    observe: Observer<'_>,
) -> Result<Derived, FlowError> {
    let inputs = Inputs::load(store, observe).await?;
    let mut judged = judge(inputs, county, observe)?;
    let today = (county.settings.as_of, now);
    judged.derived.verifying =
        openings::keep_verifying(store, &judged.derived.determined, today).await?;
    let Judged { derived, marks, context, files } = &judged;
    openings::keep(store, &derived.determined, (files, county.settings.as_of), now).await?;
    let silent = outputs::unsure_towns(store, county).await?;
    let towns = &outputs::account(&silent, county, derived)?.towns;
    // Cases first: told twice they hear nothing new, so a run that was killed before it was kept is made again. Were it kept
    // first, nobody would see that its cases were never told.
    let clock = CaseClock::started(store, county.act.clock_starts, now).await?;
    let followed = follow_run(store, derived, county, clock, now).await?;
    let run = Run { county, derived, marks, context, towns, now };
    save(store, &run, observe).await?;
    judged.derived.followed = followed;
    Ok(judged.derived)
}

/// What a pass is made from.
pub(crate) struct Inputs {
    /// The live records, ascending.
    pub(crate) records: Vec<Record>,
    /// The rulings in force between them.
    pub(crate) decisions: children::Decisions,
    /// Children by which records were first known.
    pub(crate) homes: HashMap<RecordId, ChildId>,
    /// What the live files tell beside their rows.
    pub(crate) files: Files,
}

impl Inputs {
    /// What the store has.
    pub(crate) async fn load(store: &Store, observe: Observer<'_>) -> Result<Self, FlowError> {
        observe(Progress { stage: Stage::Load, done: 0, total: 0, what: String::new() });
        let records = store.live_records().await?;
        let n = records.len() as u64;
        observe(Progress { stage: Stage::Load, done: n, total: n, what: String::new() });
        let decisions = decisions(store, &records).await?;
        let homes = store.homes().await?;
        let files = files(store).await?;
        Ok(Self { records, decisions, homes, files })
    }
}

/// A pass in memory.
pub(crate) struct Judged {
    pub(crate) derived: Derived,
    /// In the order of the children.
    pub(crate) marks: Vec<roll::Marks>,
    pub(crate) context: Context,
    pub(crate) files: Files,
}

/// Links and determines; nothing is kept.
pub(crate) fn judge(
    inputs: Inputs,
    county: &County,
    observe: Observer<'_>,
) -> Result<Judged, FlowError> {
    let Inputs { records, decisions, homes, files } = inputs;
    let (learning, linkage) = link(&records, &decisions, observe)?;
    let children = group(&records, &linkage, &homes);
    let reviews = reviews(&records, &linkage);
    let mut judged = as_judged(&records, &children, &linkage);
    drop((linkage, homes));
    let doubts = baoxue_determine::mark_superseded(&mut judged, &county.settings);
    let coverage = Coverage::of(&judged, &county.settings);
    let gaps = RegisterGap::all(&coverage, &county.towns);
    let monitoring = baoxue_determine::monitor::monitor(&judged, &files, &county.settings);
    let marks = roll::marks_of(&judged);
    baoxue_determine::withhold(&mut judged, &doubts);
    let (determined, context) = determine(judged, &files, county, observe);
    let doubts = doubts.into_iter().map(|doubt| RegisterDoubt::new(doubt, &county.towns)).collect();
    let derived = Derived {
        records,
        children,
        reviews,
        learning,
        determined,
        doubts,
        gaps,
        monitoring,
        verifying: BTreeMap::new(),
        followed: Followed::default(),
    };
    Ok(Judged { derived, marks, context, files })
}

/// The rulings in force between rows that are live.
pub(crate) async fn decisions(
    store: &Store,
    records: &[Record],
) -> Result<children::Decisions, FlowError> {
    let live = |id: RecordId| records.binary_search_by_key(&id, |r| r.id).is_ok();
    let mut decisions = children::Decisions::default();
    for found in store.decisions().await? {
        let pair = found.decision.records;
        if !live(pair.0) || !live(pair.1) {
            continue;
        }
        match found.decision.ruling {
            Ruling::MustLink => decisions.must.push(pair),
            Ruling::CannotLink => decisions.cannot.push(pair),
        }
    }
    Ok(decisions)
}

pub(crate) fn link(
    records: &[Record],
    decisions: &children::Decisions,
    observe: Observer<'_>,
) -> Result<(Learning, Linkage), FlowError> {
    let mut progress = |p: baoxue_link::Progress| {
        observe(Progress {
            stage: Stage::Link,
            done: p.done,
            total: p.total,
            what: format!("{:?}", p.stage),
        });
    };
    Ok(children::link_children(records, decisions, &mut progress)?)
}

/// Clusters as children with ids that survive re-runs. A row that only a person may place is no child of its own.
pub(crate) fn group(
    records: &[Record],
    linkage: &Linkage,
    homes: &HashMap<RecordId, ChildId>,
) -> Vec<ChildRecords> {
    let home: Vec<Option<i64>> = records.iter().map(|r| homes.get(&r.id).map(|c| c.0)).collect();
    let founder: Vec<i64> = records.iter().map(|r| ChildId::from(r.id).0).collect();
    let ids = identity::assign(&linkage.cluster, &home, &founder);
    let mut members: BTreeMap<ChildId, Vec<u32>> = BTreeMap::new();
    for (at, id) in (0..).zip(ids) {
        members.entry(ChildId(id)).or_default().push(at);
    }
    // A row that only a person may place is a child's only when it was placed, or when it says that a child is out of school:
    // that child must be on the lists while somebody finds out who it is.
    members.retain(|_, rows| {
        let mut rows = rows.iter().map(|at| &records[*at as usize]);
        rows.any(|row| row.review_only.is_none() || calls_out(row))
    });
    members.into_iter().map(|(id, records)| ChildRecords { id, records }).collect()
}

/// Whether a town names the child and calls it out of school. A tip-off names a child by hearsay, so it is no such word.
fn calls_out(record: &Record) -> bool {
    let of_town = matches!(record.source, Source::TownSurvey | Source::TownLedger);
    let says = record.claims.iter().any(|claim| names_out(&claim.what));
    of_town && says && record.person.name.is_some()
}

fn reviews(records: &[Record], linkage: &Linkage) -> Vec<ReviewPair> {
    let pair = |(at, r): (usize, &baoxue_link::Review)| ReviewPair {
        left: records[r.left as usize].id,
        right: records[r.right as usize].id,
        bits: r.bits,
        probability: r.probability,
        reason: r.reason,
        why: linkage.why.get(at).map(that_says_something),
    };
    linkage.review.iter().enumerate().map(pair).collect()
}

fn that_says_something(why: &Waterfall) -> Waterfall {
    let mut why = why.clone();
    why.fields.retain(|field| field.level.is_some());
    why
}

/// What the live files tell beside their rows, and which quarrels were shown before.
pub(crate) async fn files(store: &Store) -> Result<Files, FlowError> {
    let mut files = Files {
        repeated: store.repeated().await?.into_iter().collect(),
        openings: openings::openings(store).await?,
        ..Files::default()
    };
    let mut first: HashMap<DateTime<Utc>, BatchId> = HashMap::new();
    for batch in store.batches().await?.into_iter().filter(|b| b.state == BatchState::Live) {
        files.received.insert(batch.id, batch.received_at.date_naive());
        // Files of one command: the order of their names says nothing about which is the better.
        files.together.insert(batch.id, *first.entry(batch.received_at).or_insert(batch.id));
        files.reports.extend(batch.sheets.into_iter().flat_map(|sheet| sheet.sheet.reports));
    }
    Ok(files)
}

/// The children as the rules see them: their records, rows that wait for a person, double registrations marked.
pub(crate) fn as_judged<'a>(
    records: &'a [Record],
    children: &[ChildRecords],
    linkage: &Linkage,
) -> Vec<Child<'a>> {
    let of = |child: &ChildRecords| child.records.iter().map(|at| &records[*at as usize]).collect();
    let waiting = waiting(records, linkage);
    let mut children: Vec<Child<'_>> =
        children.iter().map(|child| Child::new(child.id, of(child))).collect();
    for child in &mut children {
        let rows = child.records.iter().filter_map(|record| waiting.get(&record.id));
        child.maybe = rows.flatten().map(|at| &records[*at as usize]).collect();
    }
    baoxue_determine::mark_duplicates(&mut children);
    children
}

fn determine(
    children: Vec<Child<'_>>,
    files: &Files,
    county: &County,
    observe: Observer<'_>,
) -> (Vec<Determined>, Context) {
    let total = children.len() as u64;
    observe(Progress { stage: Stage::Determine, done: 0, total, what: String::new() });
    let determined =
        baoxue_determine::determine_all(&children, files, &county.pack, &county.settings);
    drop(children); // nobody needs them beside the verdicts
    observe(Progress { stage: Stage::Determine, done: total, total, what: String::new() });
    determined
}

/// For each record the rows that may be the same child and wait for a person, with all that they are joined to. Two rows
/// with different verified numbers, or twice in one register, are no such question.
fn waiting(records: &[Record], linkage: &Linkage) -> HashMap<RecordId, Vec<u32>> {
    let open: Vec<_> = linkage.review.iter().filter(|review| holds_back(review.reason)).collect();
    let mut members: HashMap<u32, Vec<u32>> = HashMap::new();
    for review in &open {
        for row in [review.left, review.right] {
            members.entry(linkage.cluster[row as usize]).or_default();
        }
    }
    for (at, cluster) in (0..).zip(&linkage.cluster) {
        if let Some(rows) = members.get_mut(cluster) {
            rows.push(at);
        }
    }
    let mut waiting: HashMap<RecordId, Vec<u32>> = HashMap::new();
    for review in open {
        for (row, other) in [(review.left, review.right), (review.right, review.left)] {
            let rows = &members[&linkage.cluster[other as usize]];
            waiting.entry(records[row as usize].id).or_default().extend(rows);
        }
    }
    waiting
}

/// Whether the newest run saw all that is live now, under the same configuration.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn is_fresh(store: &Store, county: &County) -> Result<bool, FlowError> {
    let Some(run) = store.latest_run().await? else { return Ok(store.batches().await?.is_empty()) };
    Ok(run.input_digest == input_digest(store, county).await?)
}

/// SM3 over all that a run depends on: live files, rulings, configuration, versions. Two runs with one digest are equal.
pub(crate) async fn input_digest(store: &Store, county: &County) -> Result<String, FlowError> {
    let mut sm3 = Sm3::new();
    for batch in store.batches().await? {
        if batch.state == BatchState::Live {
            sm3.update(format!("{} {}\n", batch.id.0, batch.content_hash));
        }
    }
    for found in store.decisions().await? {
        let pair = found.decision.records;
        sm3.update(format!("{:?} {} {}\n", found.decision.ruling, pair.0.0, pair.1.0));
    }
    sm3.update(format!("{county:?}\n{PROGRAM}\n{MODEL_VERSION}"));
    Ok(hex(&sm3.finalize()))
}
