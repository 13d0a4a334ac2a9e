//! Recording in a case: what a person does, and what the clock does.

use baoxue_act::{
    Case, CaseId, Event, Moment, Onto, PROGRAM, Rules, What, carried, check, climbs, ending,
    next_episode, routed,
};
use baoxue_act::{Ending, Opening};
use baoxue_store::{CaseAppend, NewCaseEvent, Store};

use super::{CaseBook, CaseError, CaseFile, clock::CaseClock, folded};
use crate::FlowError;

/// What came of recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Steps of ladders that were taken.
    pub n_climbed: usize,
    /// Cases that the evidence ended.
    pub n_ended: usize,
    /// Episodes that began.
    pub n_opened: usize,
}

/// Records what somebody did in a case, with what follows from it, in one transaction. What is late by then is recorded
/// first, so that doing a thing late never hides that it was late.
///
/// # Errors
/// [`CaseError::Refused`] when facts or law do not let it happen; [`baoxue_store::StoreError::CaseMoved`] when somebody else
/// recorded something since the book was read.
pub async fn record(
    store: &Store,
    book: &CaseBook,
    rules: &Rules,
    (id, by, what): (CaseId, &str, What),
    now: Moment,
) -> Result<Recorded, CaseError> {
    let (appends, done) = prepared(book, rules, (id, by, what), now)?;
    store.append_case_events(appends).await?;
    Ok(done)
}

/// Whether somebody may record that now.
///
/// # Errors
/// [`CaseError::Refused`] when facts or law do not let it happen.
pub fn may_record(
    book: &CaseBook,
    rules: &Rules,
    what: (CaseId, &str, What),
    now: Moment,
) -> Result<(), CaseError> {
    prepared(book, rules, what, now).map(|_| ())
}

/// What recording would store: the event with what was late before it and what follows from it.
///
/// # Errors
/// [`CaseError::Refused`] when facts or law do not let it happen.
pub(crate) fn prepared(
    book: &CaseBook,
    rules: &Rules,
    (id, by, what): (CaseId, &str, What),
    now: Moment,
) -> Result<(Vec<CaseAppend>, Recorded), CaseError> {
    prepared_all(book, rules, (id, by, vec![what]), now)
}

/// The same for several things of one moment, each of which may stand on those before it.
///
/// # Errors
/// [`CaseError::Refused`] when facts or law do not let one of them happen.
pub(crate) fn prepared_all(
    book: &CaseBook,
    rules: &Rules,
    (id, by, whats): (CaseId, &str, Vec<What>),
    now: Moment,
) -> Result<(Vec<CaseAppend>, Recorded), CaseError> {
    let file = book.get(id).ok_or(CaseError::Unknown(id))?;
    drafted(file, rules, (by, whats), now)
}

/// What is to be stored when somebody does something in a case, with what follows from it.
pub(super) fn drafted(
    file: &CaseFile,
    rules: &Rules,
    (by, whats): (&str, Vec<What>),
    now: Moment,
) -> Result<(Vec<CaseAppend>, Recorded), CaseError> {
    if let Some(unread) = file.unread {
        return Err(CaseError::Unreadable(file.case.id, unread.no));
    }
    let mut draft = Draft::of(file);
    draft.pass(rules, now)?;
    for what in whats {
        check((&draft.case, &draft.events), &what, by, rules, now).map_err(CaseError::Refused)?;
        draft.push(now, by, what)?;
    }
    for request in routed(&draft.case, rules) {
        draft.push(now, PROGRAM, What::Asked(request))?;
    }
    draft.end(now)?;
    let mut done = Recorded::default();
    let appends = draft.appends(rules, &mut done, now)?;
    Ok((appends, done))
}

/// Looks at the clock: records what is late in all open cases, once. It may run at any moment and as often as one likes.
///
/// # Errors
/// [`FlowError`] when the store refuses; nothing is recorded then.
pub async fn pass(
    store: &Store,
    book: &CaseBook,
    rules: &Rules,
    now: Moment,
) -> Result<Recorded, FlowError> {
    let mut done = Recorded::default();
    let mut appends = Vec::new();
    for file in book.open().filter(|file| file.unread.is_none()) {
        let mut draft = Draft::of(file);
        draft.pass(rules, now)?;
        draft.end(now)?;
        if draft.events.len() > draft.known {
            appends.extend(draft.appends(rules, &mut done, now)?);
        }
    }
    if !appends.is_empty() {
        store.append_case_events(appends).await?;
    }
    Ok(done)
}

/// A case with events that are not stored yet.
pub(super) struct Draft {
    pub(super) case: Case,
    pub(super) events: Vec<Event>,
    /// How many of them the store has.
    pub(super) known: usize,
}

impl Draft {
    pub(super) fn of(file: &CaseFile) -> Self {
        let CaseFile { case, events, unread: _ } = file.clone();
        Self { case, known: events.len(), events }
    }

    pub(super) fn push(&mut self, at: Moment, by: &str, what: What) -> Result<(), FlowError> {
        self.events.push(Event { at, by: by.to_owned(), what });
        self.case = folded(self.case.id, &self.events)?;
        Ok(())
    }

    /// What is late by now.
    pub(super) fn pass(&mut self, rules: &Rules, now: Moment) -> Result<(), FlowError> {
        let late = climbs(&self.case, rules, now);
        if late.is_empty() {
            return Ok(());
        }
        let steps = late.into_iter().map(What::Climbed);
        self.events.extend(steps.map(|what| Event { at: now, by: PROGRAM.to_owned(), what }));
        self.case = folded(self.case.id, &self.events)?;
        Ok(())
    }

    /// What the evidence ends.
    pub(super) fn end(&mut self, now: Moment) -> Result<(), FlowError> {
        match ending(&self.case) {
            Some(how) => self.push(now, PROGRAM, What::Ended { how }),
            None => Ok(()),
        }
    }

    /// What is to be stored: the new events, and the next episode when the child is out again.
    pub(super) fn appends(
        self,
        rules: &Rules,
        done: &mut Recorded,
        now: Moment,
    ) -> Result<Vec<CaseAppend>, FlowError> {
        let new = self.events.get(self.known..).unwrap_or_default();
        let is = |of: fn(&What) -> bool| new.iter().filter(|event| of(&event.what)).count();
        done.n_climbed += is(|what| matches!(what, What::Climbed(_)));
        done.n_ended += is(|what| matches!(what, What::Ended { .. }));
        let relapsed = new.iter().any(|e| e.what == What::Ended { how: Ending::Relapsed });
        let position = u32::try_from(self.known).unwrap_or(u32::MAX);
        let case = Some(self.case.id.0);
        let events = new.iter().map(stored).collect::<Result<_, _>>()?;
        let mut appends =
            vec![CaseAppend { case, child: self.case.child, position, known: 0, events }];
        if relapsed {
            // Its own end stands in the same transaction, and nobody else can have written behind it.
            let mut next = opened(next_episode(&self.case), i64::MAX, now)?;
            for event in carried(&self.case, &rules.timetable, Onto::OPENED, now) {
                next.events.push(stored(&event)?);
            }
            appends.push(next);
            done.n_opened += 1;
        }
        Ok(appends)
    }
}

/// A new case; `known` is the last event of all cases that is known.
pub(super) fn opened(opening: Opening, known: i64, now: Moment) -> Result<CaseAppend, FlowError> {
    let child = opening.child;
    let event = Event { at: now, by: PROGRAM.to_owned(), what: What::Opened(opening) };
    Ok(CaseAppend { case: None, child, position: 0, known, events: vec![stored(&event)?] })
}

pub(super) fn stored(event: &Event) -> Result<NewCaseEvent, FlowError> {
    let body = serde_json::to_string(&event.what)?;
    Ok(NewCaseEvent { at: CaseClock::stored(event.at), by: event.by.clone(), body })
}
