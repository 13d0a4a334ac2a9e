//! What a run does to cases: it opens them, tells open ones what the evidence says now, and ends those it settles.

use std::collections::{HashMap, HashSet};

use baoxue_act::{
    Ending, Event, Follow, Inspection, Judged, Moment, Onto, PROGRAM, Place, Rules, Seen, Trigger,
    What, carried, follow, opening,
};
use baoxue_claim::{ChildId, RecordId};
use baoxue_determine::Determined;
use baoxue_store::{CaseAppend, Store, StoreError};
use chrono::{DateTime, NaiveDate, Utc};

use super::{
    CaseBook, CaseClock, CaseFile,
    record::{Draft, Recorded, opened, stored},
};
use crate::{County, Derived, FlowError, findings::FindingBook};

/// What a run did to cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// Cases that were opened.
    pub n_opened: usize,
    /// Open cases that heard something new.
    pub n_moved: usize,
    /// Cases that the evidence ended.
    pub n_ended: usize,
}

/// How often a run begins anew because somebody recorded something meanwhile.
const TRIES: usize = 5;

/// Tells the cases what a run says, in one transaction; what was late by then is recorded before. The same run told twice
/// changes nothing.
///
/// # Errors
/// [`FlowError`] when the store refuses; the cases are as they were then.
pub async fn follow_run(
    store: &Store,
    derived: &Derived,
    county: &County,
    clock: CaseClock,
    now: DateTime<Utc>,
) -> Result<Followed, FlowError> {
    let rules = super::rules(store, county).await?;
    let findings = FindingBook::load(store).await?;
    let inspected = inspected(derived, &findings);
    let mut tries = 0;
    loop {
        tries += 1;
        let book = CaseBook::load(store).await?;
        let now = clock.moment(now, &book);
        let as_of = county.settings.as_of;
        let run = RunNews { book: &book, rules: &rules, as_of, now, inspected: &inspected };
        let (appends, followed) = run.told(store, derived).await?;
        if appends.is_empty() {
            return Ok(followed);
        }
        match store.append_case_events(appends).await {
            Ok(_) => return Ok(followed),
            Err(StoreError::CaseMoved(_)) if tries < TRIES => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// What a run says, and what is known of cases then.
struct RunNews<'a> {
    book: &'a CaseBook,
    rules: &'a Rules,
    as_of: NaiveDate,
    now: Moment,
    /// What inspections found, by the child whose row it is now, each with whoever entered it.
    inspected: &'a HashMap<ChildId, Vec<(&'a str, Inspection)>>,
}

/// Former ids of children by their rows.
type Homes = HashMap<RecordId, ChildId>;

impl RunNews<'_> {
    async fn told(
        &self,
        store: &Store,
        derived: &Derived,
    ) -> Result<(Vec<CaseAppend>, Followed), FlowError> {
        let determined: HashMap<ChildId, &Determined> =
            derived.determined.iter().map(|found| (found.verdict.child, found)).collect();
        let lost: Vec<&CaseFile> =
            self.book.open().filter(|file| !determined.contains_key(&file.case.child)).collect();
        let homes = if lost.is_empty() { Homes::new() } else { store.homes().await? };
        let mut followed = Followed::default();
        let mut appends = Vec::new();
        let mut adopted = HashSet::new();
        let mut joined: HashMap<ChildId, Vec<&CaseFile>> = HashMap::new();
        let mut orphans = Vec::new();
        // Of a case that cannot be read it is not known what a run means for it.
        for file in lost.into_iter().filter(|file| file.unread.is_none()) {
            let heirs = heirs(derived, file.case.child, &homes);
            let found = heirs.iter().find_map(|heir| determined.get(heir)).copied();
            let Some(what) = self.orphaned(file, found, !heirs.is_empty(), &mut adopted) else {
                continue;
            };
            let heir = found.map(|found| found.verdict.child);
            if let Some(child) = heir.filter(|_| what == [What::Ended { how: Ending::Merged }]) {
                joined.entry(child).or_default().push(file);
            }
            orphans.push((file, heir, what));
        }
        for (file, heir, what) in orphans {
            let goes_on = heir.filter(|_| what != [What::Ended { how: Ending::Merged }]);
            let inherited = goes_on.and_then(|child| joined.remove(&child)).unwrap_or_default();
            let what = what.into_iter().map(|what| (PROGRAM, what)).collect();
            appends.extend(self.heard(file, &inherited, what, &mut followed)?);
        }
        for found in derived.determined.iter().filter(|f| !adopted.contains(&f.verdict.child)) {
            let seen = seen(found, self.as_of);
            let newest = self.book.of_child(seen.child).last();
            if newest.is_some_and(|file| file.unread.is_some()) {
                continue;
            }
            let mut what = match self.follows(newest, &seen) {
                Follow::Open(opening) => {
                    followed.n_opened += 1;
                    let mut append = opened(opening, self.book.last_event(), self.now)?;
                    for (by, what) in self.untold(seen.child) {
                        let event = Event { at: self.now, by: by.to_owned(), what };
                        append.events.push(stored(&event)?);
                    }
                    appends.push(append);
                    continue;
                }
                Follow::Append(what) => what.into_iter().map(|what| (PROGRAM, what)).collect(),
                Follow::Nothing => Vec::new(),
            };
            let Some(file) = newest.filter(|file| file.case.over.is_none()) else { continue };
            what.extend(self.untold(seen.child));
            let inherited = joined.remove(&seen.child).unwrap_or_default();
            if !what.is_empty() || !inherited.is_empty() {
                appends.extend(self.heard(file, &inherited, what, &mut followed)?);
            }
        }
        Ok((appends, followed))
    }

    /// What a verdict does. A child whom an inspection found out of school has a case whatever files say of it: one that no
    /// case of the child has heard of opens the next.
    fn follows(&self, newest: Option<&CaseFile>, seen: &Seen) -> Follow {
        let days = self.rules.timetable.proof.transferred_days;
        let follows = follow(newest.map(|file| &file.case), seen, days);
        let open = newest.is_some_and(|file| file.case.over.is_none());
        let found_out = || {
            let untold = self.untold(seen.child).into_iter();
            untold.map(|(_, what)| what).any(|what| matches!(what, What::Inspected(of) if of.out))
        };
        if open || !found_out() {
            return follows;
        }
        match follows {
            Follow::Open(known) if known.trigger != Trigger::Verdict => Follow::Open(known),
            Follow::Open(_) | Follow::Nothing | Follow::Append(_) => {
                Follow::Open(opening(newest.map(|file| &file.case), seen, Trigger::Inspection))
            }
        }
    }

    /// What inspections found of a child and no case of it was told.
    fn untold(&self, child: ChildId) -> Vec<(&str, What)> {
        let told = self.inspected.get(&child).map_or(&[][..], Vec::as_slice);
        let is_known = |found: &Inspection| {
            let mut cases = self.book.of_child(child);
            cases.any(|file| file.case.inspected.iter().any(|k| k.what.finding == found.finding))
        };
        let new = told.iter().filter(|(_, found)| !is_known(found));
        new.map(|(by, found)| (*by, What::Inspected(found.clone()))).collect()
    }

    /// What happens to an open case whose child this run does not know: whoever has its rows now takes it over, unless it has
    /// a case; rows that only wait for a person (`waits`) leave it as it is; without rows it stands on nothing.
    fn orphaned(
        &self,
        file: &CaseFile,
        found: Option<&Determined>,
        waits: bool,
        adopted: &mut HashSet<ChildId>,
    ) -> Option<Vec<What>> {
        let Some(found) = found else {
            return (!waits).then(|| vec![What::Ended { how: Ending::Withdrawn }]);
        };
        let child = found.verdict.child;
        let mut cases = self.book.of_child(child).filter(|other| other.case.over.is_none());
        let has_case = cases.next();
        // What is open in this one could not go on in one that cannot be read.
        if has_case.is_some_and(|other| other.unread.is_some()) {
            return None;
        }
        if has_case.is_some() || !adopted.insert(child) {
            return Some(vec![What::Ended { how: Ending::Merged }]);
        }
        let mut what = vec![What::Identified { child }];
        let days = self.rules.timetable.proof.transferred_days;
        if let Follow::Append(more) = follow(Some(&file.case), &seen(found, self.as_of), days) {
            what.extend(more);
        }
        Some(what)
    }

    /// What a case hears of a run: first what was open in the cases that it takes over, then what is new.
    fn heard(
        &self,
        file: &CaseFile,
        inherited: &[&CaseFile],
        what: Vec<(&str, What)>,
        followed: &mut Followed,
    ) -> Result<Vec<CaseAppend>, FlowError> {
        let mut draft = Draft::of(file);
        draft.pass(self.rules, self.now)?;
        for joined in inherited {
            let onto = Onto::of(&draft.case, &draft.events);
            // What was late in it by now is recorded there, and must not climb a second time here.
            let mut ended = Draft::of(joined);
            ended.pass(self.rules, self.now)?;
            for event in carried(&ended.case, &self.rules.timetable, onto, self.now) {
                draft.push(event.at, &event.by, event.what)?;
            }
        }
        for (by, what) in what {
            draft.push(self.now, by, what)?;
        }
        draft.end(self.now)?;
        let mut done = Recorded::default();
        let appends = draft.appends(self.rules, &mut done, self.now)?;
        followed.n_moved += 1;
        followed.n_ended += done.n_ended;
        followed.n_opened += done.n_opened;
        Ok(appends)
    }
}

/// The children that have the rows of a former child now; nobody's rows count as a child that waits.
fn heirs(derived: &Derived, child: ChildId, homes: &Homes) -> Vec<ChildId> {
    let former = homes.iter().filter(|(_, home)| **home == child).map(|(row, _)| *row);
    let rows = former.chain([RecordId(child.0)]);
    let mut heirs: Vec<ChildId> = rows
        .filter_map(|row| {
            let at = derived.records.binary_search_by_key(&row, |record| record.id).ok()?;
            let at = u32::try_from(at).ok()?;
            let of = derived.children.iter().find(|c| c.records.binary_search(&at).is_ok());
            Some(of.map_or(child, |of| of.id))
        })
        .collect();
    heirs.sort_unstable();
    heirs.dedup();
    heirs
}

/// What inspections found, by the child that has the row now.
fn inspected<'f>(
    derived: &Derived,
    findings: &'f FindingBook,
) -> HashMap<ChildId, Vec<(&'f str, Inspection)>> {
    let mut found: HashMap<ChildId, Vec<(&str, Inspection)>> = HashMap::new();
    for (row, by, told) in findings.told() {
        let at = derived.records.binary_search_by_key(&row, |record| record.id);
        let at = at.ok().and_then(|at| u32::try_from(at).ok());
        let has = |child: &&crate::ChildRecords| {
            at.is_some_and(|at| child.records.binary_search(&at).is_ok())
        };
        if let Some(child) = derived.children.iter().find(has) {
            found.entry(child.id).or_default().push((by, told));
        }
    }
    found
}

fn seen(found: &Determined, as_of: NaiveDate) -> Seen {
    let (verdict, profile) = (&found.verdict, &found.profile);
    Seen {
        child: verdict.child,
        judged: Judged { code: verdict.code, confirmed: verdict.confirmed, on: as_of },
        place: Place {
            town: profile.town,
            village: profile.village.clone(),
            school: profile.school.clone(),
            class: profile.class.clone(),
        },
    }
}
