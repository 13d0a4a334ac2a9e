//! The clock of cases: that of the machine in the county's zone, which never goes back, and which a demonstration may set.

use baoxue_act::{Moment, PROGRAM};
use baoxue_store::{NewEvent, Store};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::CaseBook;
use crate::FlowError;

/// The word of these events in the log.
const WHAT: &str = "case_clock";

/// All of China keeps one time, eight hours before UTC, without summer time.
const ZONE: TimeDelta = TimeDelta::hours(8);

/// When offices open, after midnight.
const OPENING: TimeDelta = TimeDelta::hours(9);

/// How far the clock of cases is from that of the machine: nothing, but in a demonstration of another year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseClock {
    ahead: TimeDelta,
}

/// A clock of cases that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Where: the moment of the latest record.
    pub at: Moment,
    /// What it would show.
    pub shows: Moment,
}

#[derive(Serialize, Deserialize)]
struct Body {
    ahead_seconds: i64,
}

impl CaseClock {
    /// The clock as it was last set; without that, the machine's.
    ///
    /// # Errors
    /// [`FlowError`] when the log cannot be read.
    pub async fn of(store: &Store) -> Result<Self, FlowError> {
        let events = store.events().await?;
        let Some(set) = events.into_iter().rfind(|event| event.event.what == WHAT) else {
            return Ok(Self::default());
        };
        let body: Body = serde_json::from_value(set.event.body)?;
        Ok(Self { ahead: TimeDelta::seconds(body.ahead_seconds) })
    }

    /// The clock as it was last set. One that was never set begins on the day that the county's configuration names, at nine
    /// in the morning; without that it is the machine's.
    ///
    /// # Errors
    /// [`FlowError`] when the log cannot be read or refuses.
    pub async fn started(
        store: &Store,
        starts: Option<NaiveDate>,
        now: DateTime<Utc>,
    ) -> Result<Self, FlowError> {
        let known = Self::of(store).await?;
        match starts {
            Some(day) if !known.is_set() => {
                let morning = day.and_time(NaiveTime::MIN) + OPENING;
                set_clock(store, morning, PROGRAM, now).await
            }
            Some(_) | None => Ok(known),
        }
    }

    /// The moment of cases when the machine says `now`. Never before what the book has: a clock that jumps back would let
    /// duties be late twice.
    pub fn moment(self, now: DateTime<Utc>, book: &CaseBook) -> Moment {
        let moment = self.shows(now);
        book.latest().map_or(moment, |latest| latest.max(moment))
    }

    /// What it shows when the machine says `at`, whatever the cases have: the moment of something that is kept under the
    /// machine's time.
    pub fn shows(self, at: DateTime<Utc>) -> Moment {
        Self::local(at) + self.ahead
    }

    /// That the clock of cases is held, when the machine's stands more than a day behind the latest record: it had stood far
    /// ahead, something was recorded then, and it was set back. No term goes on before it has caught up.
    pub fn held(self, now: DateTime<Utc>, book: &CaseBook) -> Option<Held> {
        let shows = self.shows(now);
        let at = book.latest()?;
        (at - shows > TimeDelta::days(1)).then_some(Held { at, shows })
    }

    /// Whether it was set apart from the machine's.
    pub fn is_set(self) -> bool {
        self.ahead != TimeDelta::zero()
    }

    /// A stored moment as the county's clocks show it.
    pub(crate) fn local(at: DateTime<Utc>) -> Moment {
        at.naive_utc() + ZONE
    }

    /// The other way.
    pub(crate) fn stored(at: Moment) -> DateTime<Utc> {
        (at - ZONE).and_utc()
    }
}

/// Sets the clock of cases so that it shows `shows` when the machine says `now`. For demonstrations: the clocks of a county
/// that works are the machine's.
///
/// # Errors
/// [`FlowError`] when the log refuses.
pub async fn set_clock(
    store: &Store,
    shows: Moment,
    by: &str,
    now: DateTime<Utc>,
) -> Result<CaseClock, FlowError> {
    let ahead = shows - CaseClock::local(now);
    let body = serde_json::to_value(Body { ahead_seconds: ahead.num_seconds() })?;
    let event = NewEvent { what: WHAT.to_owned(), at: now, by: by.to_owned(), body };
    store.log(event).await?;
    Ok(CaseClock { ahead: TimeDelta::seconds(ahead.num_seconds()) })
}
