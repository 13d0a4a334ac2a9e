//! What a run does to cases: it opens them, tells open ones what the evidence says now, and ends those it settles.

use std::collections::{HashMap, HashSet};

use baoxue_act::{Ending, Follow, Judged, Moment, PROGRAM, Place, Seen, What, follow};
use baoxue_claim::{ChildId, RecordId};
use baoxue_determine::Determined;
use baoxue_store::{CaseAppend, Store};
use chrono::{DateTime, NaiveDate, Utc};

use super::{
    CaseBook, CaseClock,
    record::{Draft, Recorded, opened},
};
use crate::{Derived, FlowError};

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

/// Tells the cases what a run says, in one transaction. The same run told twice changes nothing.
///
/// # Errors
/// [`FlowError`] when the store refuses; the cases are as they were then.
pub async fn follow_run(
    store: &Store,
    derived: &Derived,
    as_of: NaiveDate,
    clock: CaseClock,
    now: DateTime<Utc>,
) -> Result<Followed, FlowError> {
    let book = CaseBook::load(store).await?;
    let now = clock.moment(now, &book);
    let mut followed = Followed::default();
    let determined: HashMap<ChildId, &Determined> =
        derived.determined.iter().map(|found| (found.verdict.child, found)).collect();
    let (mut appends, adopted) = orphans(&book, derived, (&determined, as_of), &mut followed, now)?;
    for found in derived.determined.iter().filter(|f| !adopted.contains(&f.verdict.child)) {
        let seen = seen(found, as_of);
        match follow(book.of_child(seen.child).last().map(|file| &file.case), &seen) {
            Follow::Nothing => {}
            Follow::Open(opening) => {
                followed.n_opened += 1;
                appends.push(opened(opening, now)?);
            }
            Follow::Append(what) => {
                let Some(file) = book.of_child(seen.child).last() else { continue };
                appends.extend(heard(Draft::of(file), what, &mut followed, now)?);
            }
        }
    }
    if !appends.is_empty() {
        store.append_case_events(appends).await?;
    }
    Ok(followed)
}

/// What happens to open cases whose child this run does not know: its rows belong to another child now, who takes the case
/// over unless it has one, or were withdrawn. Rows that only wait for a person leave the case as it is. Gives who took one.
fn orphans(
    book: &CaseBook,
    derived: &Derived,
    (determined, as_of): (&HashMap<ChildId, &Determined>, NaiveDate),
    followed: &mut Followed,
    now: Moment,
) -> Result<(Vec<CaseAppend>, HashSet<ChildId>), FlowError> {
    let mut appends = Vec::new();
    let mut adopted = HashSet::new();
    for file in book.open().filter(|file| !determined.contains_key(&file.case.child)) {
        let founder = RecordId(file.case.child.0);
        let what = match heir(derived, founder).and_then(|heir| determined.get(&heir)) {
            Some(found) => {
                let child = found.verdict.child;
                let has_case = book.of_child(child).any(|other| other.case.over.is_none());
                if has_case || !adopted.insert(child) {
                    vec![What::Ended { how: Ending::Joined }]
                } else {
                    let mut what = vec![What::Identified { child }];
                    if let Follow::Append(more) = follow(Some(&file.case), &seen(found, as_of)) {
                        what.extend(more);
                    }
                    what
                }
            }
            None if derived.record(founder).is_some() => continue,
            None => vec![What::Ended { how: Ending::Withdrawn }],
        };
        appends.extend(heard(Draft::of(file), what, followed, now)?);
    }
    Ok((appends, adopted))
}

/// The child that a row belongs to now.
fn heir(derived: &Derived, row: RecordId) -> Option<ChildId> {
    let at = derived.records.binary_search_by_key(&row, |record| record.id).ok()?;
    let at = u32::try_from(at).ok()?;
    let of = derived.children.iter().find(|child| child.records.binary_search(&at).is_ok());
    of.map(|child| child.id)
}

fn heard(
    mut draft: Draft,
    what: Vec<What>,
    followed: &mut Followed,
    now: Moment,
) -> Result<Vec<CaseAppend>, FlowError> {
    for what in what {
        draft.push(now, PROGRAM, what)?;
    }
    draft.end(now)?;
    let mut done = Recorded::default();
    let appends = draft.appends(&mut done, now)?;
    followed.n_moved += 1;
    followed.n_ended += done.n_ended;
    followed.n_opened += done.n_opened;
    Ok(appends)
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
