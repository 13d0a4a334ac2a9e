//! All cases in memory, brought up to date by the events that came since.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use baoxue_act::{Case, CaseId, Event, Judged, Moment, Opening, PROGRAM, Place, Trigger, What};
use baoxue_claim::{ChildId, VerdictCode};
use baoxue_store::{CaseEvent, Store};

use super::{clock::CaseClock, folded};
use crate::FlowError;

/// A case with its events.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// As its events leave it.
    pub case: Case,
    /// The events, in the order of recording.
    pub events: Vec<Event>,
    /// The first record that this program cannot read; the case is as the records before it left it, and open.
    pub unread: Option<Unread>,
}

/// A record of a case that this program cannot read, such as one that a newer version wrote. Nothing is appended behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its number in the case, from 1.
    pub no: u32,
    /// When it was recorded.
    pub at: Moment,
}

impl CaseFile {
    /// The moment until which it is known what happened: `now`, or when the first record was made that cannot be read. What a
    /// case owes is told for that moment: nobody is late by what nobody can read.
    pub fn moment(&self, now: Moment) -> Moment {
        self.unread.map_or(now, |unread| unread.at.min(now))
    }
}

/// The cases of a county.
#[derive(Clone, Debug, Default)]
pub struct CaseBook {
    /// Shared with copies of the book: most cases are as they were when one of them moves.
    cases: BTreeMap<CaseId, Arc<CaseFile>>,
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

    /// Takes in what was recorded since. Gives whether there was anything. A record that cannot be read stops its case and no
    /// other.
    ///
    /// # Errors
    /// [`FlowError`] when the store refuses; the book is as it was then.
    pub async fn refresh(&mut self, store: &Store) -> Result<bool, FlowError> {
        let found = store.case_events_after(self.last_event).await?;
        let Some(last) = found.last().map(|last| last.id) else { return Ok(false) };
        let latest = found.iter().map(|stored| CaseClock::local(stored.event.at)).max();
        let mut moved: BTreeMap<CaseId, Vec<CaseEvent>> = BTreeMap::new();
        for stored in found {
            moved.entry(CaseId(stored.case)).or_default().push(stored);
        }
        let mut changed = Vec::new();
        for (id, new) in moved {
            changed.extend(read(self.get(id), id, &new)?);
        }
        self.last_event = last;
        self.latest = self.latest.max(latest);
        for file in changed {
            self.put(file);
        }
        Ok(true)
    }

    /// The cases with a record that cannot be read.
    pub fn unread(&self) -> impl Iterator<Item = (CaseId, Unread)> {
        self.all().filter_map(|file| Some((file.case.id, file.unread?)))
    }

    fn put(&mut self, file: CaseFile) {
        self.latest = self.latest.max(Some(file.case.last));
        let (id, child) = (file.case.id, file.case.child);
        let before = self.cases.insert(id, Arc::new(file)).map(|before| before.case.child);
        if before == Some(child) {
            return;
        }
        if let Some(cases) = before.and_then(|before| self.of_child.get_mut(&before)) {
            cases.retain(|known| *known != id);
        }
        self.of_child.entry(child).or_default().push(id);
    }

    /// A case.
    pub fn get(&self, id: CaseId) -> Option<&CaseFile> {
        self.cases.get(&id).map(Arc::as_ref)
    }

    /// All cases by their number.
    pub fn all(&self) -> impl Iterator<Item = &CaseFile> {
        self.cases.values().map(Arc::as_ref)
    }

    /// The cases that are not over.
    pub fn open(&self) -> impl Iterator<Item = &CaseFile> {
        self.all().filter(|file| file.case.over.is_none())
    }

    /// The episodes of a child, the oldest first.
    pub fn of_child(&self, child: ChildId) -> impl Iterator<Item = &CaseFile> {
        let ids = self.of_child.get(&child).map_or(&[][..], Vec::as_slice);
        let ids: BTreeSet<CaseId> = ids.iter().copied().collect();
        ids.into_iter().filter_map(|id| self.get(id))
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

/// A case with records that came since; `None` when nothing came.
fn read(
    known: Option<&CaseFile>,
    id: CaseId,
    new: &[CaseEvent],
) -> Result<Option<CaseFile>, FlowError> {
    let Some((first, last)) = new.first().zip(new.last()) else { return Ok(None) };
    if let Some(file) = known.filter(|file| file.unread.is_some()) {
        // What stands behind a record that cannot be read is not understood without it.
        let case = Case { child: last.child, ..file.case.clone() };
        return Ok(Some(CaseFile { case, ..file.clone() }));
    }
    let mut events = known.map_or_else(Vec::new, |file| file.events.clone());
    let mut unread = None;
    for stored in new {
        let at = CaseClock::local(stored.event.at);
        let Ok(what) = serde_json::from_str(&stored.event.body) else {
            unread = Some(Unread { no: stored.position + 1, at });
            break;
        };
        events.push(Event { at, by: stored.event.by.clone(), what });
    }
    let case = folded(id, &events).or_else(|_| {
        // Not even its opening can be read: of the child is known that it has a case.
        events.clear();
        unread = Some(Unread { no: 1, at: CaseClock::local(first.event.at) });
        folded(id, &[unknown(first)])
    });
    let mut case = case?;
    if unread.is_some() {
        case.child = last.child;
        // Whether it is over nobody can say.
        case.over = None;
    }
    Ok(Some(CaseFile { case, events, unread }))
}

/// The opening of a case of which nothing can be read: a duty to verify.
fn unknown(stored: &CaseEvent) -> Event {
    let at = CaseClock::local(stored.event.at);
    let what = What::Opened(Opening {
        child: stored.child,
        episode: 1,
        trigger: Trigger::Verdict,
        judged: Judged { code: VerdictCode::Unverified, confirmed: false, on: at.date() },
        place: Place::default(),
    });
    Event { at, by: PROGRAM.to_owned(), what }
}
