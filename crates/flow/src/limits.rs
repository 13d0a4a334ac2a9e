//! How many pages about single children somebody may open in an hour (T-22).

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use baoxue_authz::Action;
use baoxue_store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};

/// What counts: pages about one child.
const PAGES: [Action; 4] =
    [Action::ReadChild, Action::ReadClaims, Action::ReadHistory, Action::RevealId];

/// Pages about single children that an account may open in an hour unless configured otherwise (T-22).
pub const PAGES_PER_HOUR: u32 = 200;

/// Whether a page may be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageTurn {
    /// It may, and counts.
    Opens,
    /// Too many in the last hour.
    TooMany {
        /// Whether nobody was told of it in the last hour: then it is time.
        alarm: bool,
        /// When the next one may be opened.
        until: DateTime<Utc>,
    },
}

/// Counts the pages about single children, account by account. What was opened before the program started is taken from
/// the access log.
#[derive(Debug)]
pub struct PageLimit {
    store: Store,
    per_hour: usize,
    seen: Mutex<HashMap<i64, Seen>>,
}

#[derive(Debug, Default)]
struct Seen {
    /// Of the last hour, the oldest first.
    opened: VecDeque<DateTime<Utc>>,
    alarmed: Option<DateTime<Utc>>,
}

impl PageLimit {
    /// Counts up to so many an hour.
    pub fn new(store: Store, per_hour: u32) -> Self {
        let per_hour = usize::try_from(per_hour).unwrap_or(usize::MAX);
        Self { store, per_hour, seen: Mutex::default() }
    }

    /// An account opens a page.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn turn(&self, account: i64, now: DateTime<Utc>) -> Result<PageTurn, StoreError> {
        if !self.all().contains_key(&account) {
            let before = self.before(account, now).await?;
            self.all().entry(account).or_insert(before);
        }
        let mut all = self.all();
        Ok(all.entry(account).or_default().turn(self.per_hour, now))
    }

    async fn before(&self, account: i64, now: DateTime<Utc>) -> Result<Seen, StoreError> {
        let names = PAGES.map(Action::name);
        let limit = u32::try_from(self.per_hour).unwrap_or(u32::MAX);
        let times = self.store.times_shown((account, &names), now - hour(), limit).await?;
        Ok(Seen { opened: times.into_iter().rev().collect(), alarmed: None })
    }

    fn all(&self) -> MutexGuard<'_, HashMap<i64, Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn turn(&mut self, per_hour: usize, now: DateTime<Utc>) -> PageTurn {
        let is_over = |at: DateTime<Utc>| now - at >= hour();
        while self.opened.front().is_some_and(|at| is_over(*at)) {
            self.opened.pop_front();
        }
        if self.opened.len() < per_hour {
            self.opened.push_back(now);
            return PageTurn::Opens;
        }
        let alarm = self.alarmed.is_none_or(is_over);
        if alarm {
            self.alarmed = Some(now);
        }
        let until = self.opened.front().map_or(now, |at| *at) + hour();
        PageTurn::TooMany { alarm, until }
    }
}

fn hour() -> TimeDelta {
    TimeDelta::hours(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t22_pages_count_for_an_hour_and_the_alarm_sounds_once() {
        let at = |minute: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
        let mut seen = Seen::default();
        for minute in 0..3 {
            assert_eq!(seen.turn(3, at(minute)), PageTurn::Opens);
        }
        let until = at(60);
        assert_eq!(seen.turn(3, at(10)), PageTurn::TooMany { alarm: true, until });
        assert_eq!(seen.turn(3, at(59)), PageTurn::TooMany { alarm: false, until });
        assert_eq!(seen.turn(3, at(60)), PageTurn::Opens, "the first is an hour ago");
        assert_eq!(seen.turn(3, at(60)), PageTurn::TooMany { alarm: false, until: at(61) });
        assert_eq!(seen.turn(3, at(61)), PageTurn::Opens);
        assert_eq!(seen.turn(3, at(61)), PageTurn::TooMany { alarm: false, until: at(62) });
        assert_eq!(seen.turn(0, at(80)), PageTurn::TooMany { alarm: true, until: at(120) });
    }
}
