//! Voices from outside that are no files: an inspection's finding and a tip-off open a case, or are told to the open one.

use baoxue_act::{Event, Judged, Moment, Place, Rules, Seen, Trigger, What, opening};
use baoxue_store::CaseAppend;
use chrono::NaiveDate;

use super::{
    CaseBook, CaseError,
    record::{drafted, opened, stored},
};
use crate::Entry;

/// What somebody outside does to the cases of a child.
pub(crate) struct Voice<'a> {
    /// What opens a case when none is open.
    pub(crate) trigger: Trigger,
    /// What the open case is told.
    pub(crate) whats: Vec<What>,
    /// Who recorded it.
    pub(crate) by: &'a str,
}

/// What is to be stored: the opening of a case with the verdict as it stands, which nobody changes by that, or an event of the
/// open one. `as_of` is the day for which the child was judged.
pub(crate) fn appends_of(
    (book, rules): (&CaseBook, &Rules),
    (entry, as_of): (&Entry, NaiveDate),
    voice: Voice<'_>,
    now: Moment,
) -> Result<Vec<CaseAppend>, CaseError> {
    let last = book.of_child(entry.child).last();
    if let Some(file) = last.filter(|file| file.case.over.is_none()) {
        return Ok(drafted(file, rules, (voice.by, voice.whats), now)?.0);
    }
    let seen = Seen {
        child: entry.child,
        judged: Judged { code: entry.code, confirmed: entry.confirmed, on: as_of },
        place: Place {
            town: entry.town,
            village: entry.village.as_deref().map(str::to_owned),
            school: entry.school.as_deref().map(str::to_owned),
            class: entry.class.as_deref().map(str::to_owned),
        },
    };
    let opening = opening(last.map(|file| &file.case), &seen, voice.trigger);
    let mut append = opened(opening, book.last_event(), now)?;
    // What was said and brought stands in the case that it opened, too; that there was a tip-off the opening says.
    for what in voice.whats.into_iter().filter_map(said_at_opening) {
        append.events.push(stored(&Event { at: now, by: voice.by.to_owned(), what })?);
    }
    Ok(vec![append])
}

/// What a case that was opened by it is told besides: what was said and brought; a finding as to an open case, so that its
/// clock starts once.
fn said_at_opening(what: What) -> Option<What> {
    if let What::Noted { words } | What::Missed { words, .. } = what {
        return Some(What::Noted { words });
    }
    matches!(what, What::Inspected(_) | What::Attached(_)).then_some(what)
}
