//! All cases in memory, brought up to date by the events that came since.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use baoxue_act::{Case, CaseId, Event, Moment};
use baoxue_claim::ChildId;
use baoxue_store::Store;

use super::{clock::CaseClock, folded};
use crate::FlowError;

/// A case with its events.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// As its events leave it.
    pub case: Case,
    /// The events, in the order of recording.
    pub events: Vec<Event>,
}

/// The cases of a county.
#[derive(Clone, Debug, Default)]
pub struct CaseBook {
    cases: BTreeMap<CaseId, CaseFile>,
    of_child: HashMap<ChildId, Vec<CaseId>>,
    /// The number of the last event that is in the book.
    last_event: i64,
    /// The latest moment of all events: a clock that jumps back takes no time back.
    latest: Option<Moment>,
}

impl CaseBook {
    /// All cases of the store.
    ///
    /// # Errors
    /// [`FlowError`] when an event cannot be read.
    pub async fn load(store: &Store) -> Result<Self, FlowError> {
        let mut book = Self::default();
        book.refresh(store).await?;
        Ok(book)
    }

    /// Takes in what was recorded since. Gives whether there was anything.
    ///
    /// # Errors
    /// [`FlowError`] when an event cannot be read; the book is as it was then.
    pub async fn refresh(&mut self, store: &Store) -> Result<bool, FlowError> {
        let found = store.case_events_after(self.last_event).await?;
        let mut moved: BTreeMap<CaseId, Vec<Event>> = BTreeMap::new();
        for stored in &found {
            let at = CaseClock::local(stored.event.at);
            let what = serde_json::from_str(&stored.event.body)?;
            let event = Event { at, by: stored.event.by.clone(), what };
            moved.entry(CaseId(stored.case)).or_default().push(event);
        }
        let mut changed = Vec::new();
        for (id, new) in moved {
            let mut events = self.cases.get(&id).map_or_else(Vec::new, |file| file.events.clone());
            events.extend(new);
            changed.push(CaseFile { case: folded(id, &events)?, events });
        }
        let Some(last) = found.last() else { return Ok(false) };
        self.last_event = last.id;
        for file in changed {
            self.put(file);
        }
        Ok(true)
    }

    fn put(&mut self, file: CaseFile) {
        self.latest = self.latest.max(Some(file.case.last));
        let (id, child) = (file.case.id, file.case.child);
        let before = self.cases.insert(id, file);
        if before.is_some_and(|before| before.case.child == child) {
            return;
        }
        for cases in self.of_child.values_mut() {
            cases.retain(|known| *known != id);
        }
        self.of_child.entry(child).or_default().push(id);
    }

    /// A case.
    pub fn get(&self, id: CaseId) -> Option<&CaseFile> {
        self.cases.get(&id)
    }

    /// All cases by their number.
    pub fn all(&self) -> impl Iterator<Item = &CaseFile> {
        self.cases.values()
    }

    /// The cases that are not over.
    pub fn open(&self) -> impl Iterator<Item = &CaseFile> {
        self.all().filter(|file| file.case.over.is_none())
    }

    /// The episodes of a child, the oldest first.
    pub fn of_child(&self, child: ChildId) -> impl Iterator<Item = &CaseFile> {
        let ids = self.of_child.get(&child).map_or(&[][..], Vec::as_slice);
        let ids: BTreeSet<CaseId> = ids.iter().copied().collect();
        ids.into_iter().filter_map(|id| self.cases.get(&id))
    }

    /// The latest moment of all events.
    pub fn latest(&self) -> Option<Moment> {
        self.latest
    }

    /// The number of the last event that is in the book.
    pub fn last_event(&self) -> i64 {
        self.last_event
    }
}
