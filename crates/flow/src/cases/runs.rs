//! What a run does to cases: it opens them, tells open ones what the evidence says now, and ends those it settles.

use std::collections::HashMap;

use baoxue_act::{Ending, Follow, Judged, Moment, PROGRAM, Place, Seen, What, follow};
use baoxue_claim::{ChildId, RecordId};
use baoxue_determine::Determined;
use baoxue_store::Store;
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
    let mut appends = Vec::new();
    let mut at_hand: HashMap<ChildId, usize> = HashMap::new();
    for (no, found) in derived.determined.iter().enumerate() {
        at_hand.insert(found.verdict.child, no);
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
    for file in book.open().filter(|file| !at_hand.contains_key(&file.case.child)) {
        let how = gone(derived, file.case.child);
        let what = vec![What::Ended { how }];
        appends.extend(heard(Draft::of(file), what, &mut followed, now)?);
    }
    if !appends.is_empty() {
        store.append_case_events(appends).await?;
    }
    Ok(followed)
}

fn heard(
    mut draft: Draft,
    what: Vec<What>,
    followed: &mut Followed,
    now: Moment,
) -> Result<Vec<baoxue_store::CaseAppend>, FlowError> {
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

/// What became of a child that the run does not know: its first row belongs to another child now, or is withdrawn.
fn gone(derived: &Derived, child: ChildId) -> Ending {
    let founder = RecordId(child.0);
    if derived.record(founder).is_some() { Ending::Joined } else { Ending::Withdrawn }
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
