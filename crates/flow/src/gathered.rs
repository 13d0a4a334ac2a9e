//! The children of the newest run with their records, judged again on any day: for explanations, for what is about to end,
//! for signs of abuse. Nothing is kept.

use std::collections::{BTreeMap, HashMap};

use baoxue_claim::{ChildId, Record, RecordId};
use baoxue_determine::{Child, Explanation, Files, Pack, Settings, Sitting, Suspicion};
use baoxue_link::ReviewReason;
use baoxue_store::Store;
use chrono::{Days, NaiveDate};

use crate::{
    County, FlowError, Reply, ReviewPair, derive::files, lines::town_name, replies::replies_to,
};

/// Records and children of the newest run.
#[derive(Debug)]
pub struct Gathered {
    records: Vec<Record>,
    children: Vec<(ChildId, Vec<usize>)>,
    waiting: HashMap<RecordId, Vec<usize>>,
    files: Files,
}

/// A child's verdict on a day with all that stands behind it.
#[derive(Debug)]
pub struct Explained {
    /// The day.
    pub on: NaiveDate,
    /// The packs by which it was judged.
    pub pack: String,
    /// The explanation.
    pub explanation: Explanation,
    /// What the sides of a conflict have answered, oldest first.
    pub replies: Vec<Reply>,
}

/// A ground that ends within some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The child.
    pub child: ChildId,
    /// The town that answers for it.
    pub town: Option<String>,
    /// What it is until then.
    pub code: baoxue_claim::VerdictCode,
    /// The ground.
    pub title: String,
    /// The last day.
    pub until: NaiveDate,
    /// What it is the day after, as far as is known today.
    pub then: baoxue_claim::VerdictCode,
    /// Why, then.
    pub then_reason: String,
}

impl Gathered {
    /// Reads the newest run.
    ///
    /// # Errors
    /// [`FlowError`] when the store refuses.
    pub async fn load(store: &Store) -> Result<Self, FlowError> {
        let records = store.live_records().await?;
        let at = |id: RecordId| records.binary_search_by_key(&id, |record| record.id).ok();
        let mut members: BTreeMap<ChildId, Vec<usize>> = BTreeMap::new();
        let mut owner: HashMap<RecordId, ChildId> = HashMap::new();
        for (record, child) in store.children().await? {
            if let Some(at) = at(record) {
                members.entry(child).or_default().push(at);
                owner.insert(record, child);
            }
        }
        let mut waiting: HashMap<RecordId, Vec<usize>> = HashMap::new();
        for review in store.reviews().await? {
            let pair: ReviewPair = serde_json::from_value(review)?;
            if !holds_back(pair.reason) {
                continue;
            }
            for (row, other) in [(pair.left, pair.right), (pair.right, pair.left)] {
                let child = owner.get(&other).and_then(|child| members.get(child));
                let rows = child.cloned().unwrap_or_else(|| at(other).into_iter().collect());
                waiting.entry(row).or_default().extend(rows);
            }
        }
        let files = files(store).await?;
        Ok(Self { records, children: members.into_iter().collect(), waiting, files })
    }

    /// Everything about one child on the day of the county.
    ///
    /// # Errors
    /// [`FlowError::NoChild`] when the newest run has no such child.
    pub async fn explain(
        &self,
        store: &Store,
        county: &County,
        child: ChildId,
    ) -> Result<Explained, FlowError> {
        let sitting = self.sitting(&county.pack, &county.settings);
        let at = sitting.place(child).ok_or(FlowError::NoChild(child))?;
        Ok(Explained {
            on: county.settings.as_of,
            pack: county.pack.name(),
            explanation: sitting.explain(at),
            replies: replies_to(store, child).await?,
        })
    }

    /// The grounds that end within so many days from the day of the county on, by last day.
    ///
    /// # Errors
    /// [`FlowError::Day`] when the packs have no settings for a later day.
    pub fn ending(&self, county: &County, days: u64) -> Result<Vec<Ending>, FlowError> {
        let today = county.settings.as_of;
        let last = today.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
        let sitting = self.sitting(&county.pack, &county.settings);
        let mut by_day: BTreeMap<NaiveDate, Vec<usize>> = BTreeMap::new();
        for (at, found) in sitting.found().iter().enumerate() {
            let until = found.verdict.expires.filter(|until| today <= *until && *until <= last);
            if let Some(until) = until {
                by_day.entry(until).or_default().push(at);
            }
        }
        let mut endings = Vec::new();
        for (until, places) in by_day {
            let Some(after) = until.succ_opt() else { continue };
            let county_then = county.on(after)?;
            let (pack, settings) = (&county_then.pack, &county_then.settings);
            let all = self.judged(settings);
            let then =
                baoxue_determine::determine_some((&all, &places), &self.files, pack, settings);
            endings.extend(places.into_iter().zip(then).map(|(at, then)| {
                let now = &sitting.found()[at];
                Ending {
                    child: now.profile.child,
                    town: town_name(now.profile.town, &county.towns),
                    code: now.verdict.code,
                    title: now.verdict.ground.title.clone(),
                    until,
                    then: then.verdict.code,
                    then_reason: then.verdict.reason,
                }
            }));
        }
        Ok(endings)
    }

    /// Signs of abuse on the day of the county.
    pub fn signs(&self, county: &County) -> Vec<Suspicion> {
        let children = self.judged(&county.settings);
        let found =
            baoxue_determine::determine(&children, &self.files, &county.pack, &county.settings);
        baoxue_determine::signs(&children, &found, &self.files, &county.settings)
    }

    fn sitting<'g>(&'g self, pack: &'g Pack, settings: &'g Settings) -> Sitting<'g, 'g> {
        Sitting::new(self.judged(settings), &self.files, pack, settings)
    }

    /// The children as the rules see them.
    fn judged(&self, settings: &Settings) -> Vec<Child<'_>> {
        let of = |places: &[usize]| places.iter().map(|at| &self.records[*at]).collect();
        let mut children: Vec<Child<'_>> =
            self.children.iter().map(|(id, places)| Child::new(*id, of(places))).collect();
        for child in &mut children {
            let rows = child.records.iter().filter_map(|record| self.waiting.get(&record.id));
            child.maybe = rows.flatten().map(|at| &self.records[*at]).collect();
        }
        baoxue_determine::mark_duplicates(&mut children);
        let doubts = baoxue_determine::mark_superseded(&mut children, settings);
        baoxue_determine::withhold(&mut children, &doubts);
        children
    }
}

/// Whether a pair of rows that waits for a person holds an accusation back.
pub fn holds_back(reason: ReviewReason) -> bool {
    matches!(reason, ReviewReason::Unsure | ReviewReason::ReviewOnly | ReviewReason::WeakBridge)
}
