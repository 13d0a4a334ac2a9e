//! How many pages about single children somebody may open in an hour (T-22).

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use baoxue_authz::Action;
use baoxue_claim::ChildId;
use baoxue_store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};

/// Pages about one child, as the audit looks at them.
pub(crate) const PAGES: [Action; 4] =
    [Action::ReadChild, Action::ReadClaims, Action::ReadHistory, Action::RevealId];

/// What shows a child to whoever asks: however it is asked for, a page, a drawer or an answer to a program, it counts.
const SHOWS: [Action; 9] = [
    Action::ReadChild,
    Action::ReadClaims,
    Action::ReadHistory,
    Action::RevealId,
    Action::ReadCase,
    Action::ReadPapers,
    Action::ReadLetters,
    Action::ReadTips,
    Action::ReadTask,
];

/// A page about a pair shows two children; what shows more is a list.
const OF_A_PAGE: usize = 2;

/// How something that is done about children counts against the limits of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// It shows nobody, or was counted when it was shown.
    No,
    /// A page about one child, or about two that may be one.
    Page,
    /// A list.
    List,
}

/// How an action about so many children counts.
pub fn counts(action: Action, n_children: usize) -> Counts {
    match n_children {
        0 => Counts::No,
        _ if !SHOWS.contains(&action) => Counts::No,
        1..=OF_A_PAGE => Counts::Page,
        _ => Counts::List,
    }
}

/// Pages about single children that an account may open in an hour unless configured otherwise (T-22).
pub const PAGES_PER_HOUR: u32 = 200;

/// For each page about one child an account may see this many children in lists within an hour: what a list shows unless more
/// is asked for.
pub const LISTED_FOR_A_PAGE: usize = 20;

/// What lists are logged as.
const LISTS: [Action; 3] = [Action::ReadChild, Action::ReadClaims, Action::ReadLetters];

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
    /// Children that lists showed in the last hour, and when last: who searches sees the same ones again and again.
    listed: HashMap<ChildId, DateTime<Utc>>,
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
        self.know(account, now).await?;
        let mut all = self.all();
        Ok(all.entry(account).or_default().turn(self.per_hour, now))
    }

    /// A list shows an account children.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lists(
        &self,
        account: i64,
        children: &[ChildId],
        now: DateTime<Utc>,
    ) -> Result<PageTurn, StoreError> {
        self.know(account, now).await?;
        let most = self.per_hour.saturating_mul(LISTED_FOR_A_PAGE);
        let mut all = self.all();
        Ok(all.entry(account).or_default().lists(most, children, now))
    }

    /// Reads what an account was shown before the program started.
    async fn know(&self, account: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
        if !self.all().contains_key(&account) {
            let before = self.before(account, now).await?;
            self.all().entry(account).or_insert(before);
        }
        Ok(())
    }

    async fn before(&self, account: i64, now: DateTime<Utc>) -> Result<Seen, StoreError> {
        let names = SHOWS.map(Action::name);
        let limit = u32::try_from(self.per_hour).unwrap_or(u32::MAX);
        let times = self.store.times_shown((account, &names), now - hour(), limit).await?;
        let names = LISTS.map(Action::name);
        let listed = self.store.children_shown((account, &names), now - hour()).await?;
        let (opened, listed) = (times.into_iter().rev().collect(), listed.into_iter().collect());
        Ok(Seen { opened, listed, alarmed: None })
    }

    fn all(&self) -> MutexGuard<'_, HashMap<i64, Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn turn(&mut self, per_hour: usize, now: DateTime<Utc>) -> PageTurn {
        while self.opened.front().is_some_and(|at| is_over(*at, now)) {
            self.opened.pop_front();
        }
        if self.opened.len() < per_hour {
            self.opened.push_back(now);
            return PageTurn::Opens;
        }
        let until = self.opened.front().map_or(now, |at| *at) + hour();
        PageTurn::TooMany { alarm: self.alarms(now), until }
    }

    fn lists(&mut self, most: usize, children: &[ChildId], now: DateTime<Utc>) -> PageTurn {
        self.listed.retain(|_, at| !is_over(*at, now));
        let new: HashSet<&ChildId> =
            children.iter().filter(|child| !self.listed.contains_key(child)).collect();
        if new.is_empty() || self.listed.len() + new.len() <= most {
            self.listed.extend(children.iter().map(|child| (*child, now)));
            return PageTurn::Opens;
        }
        let until = self.listed.values().min().map_or(now, |at| *at) + hour();
        PageTurn::TooMany { alarm: self.alarms(now), until }
    }

    /// Whether it is time to tell somebody: once an hour.
    fn alarms(&mut self, now: DateTime<Utc>) -> bool {
        let alarm = self.alarmed.is_none_or(|at| is_over(at, now));
        if alarm {
            self.alarmed = Some(now);
        }
        alarm
    }
}

fn is_over(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - at >= hour()
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

    #[test]
    fn t22_whatever_shows_a_child_counts_however_it_is_asked_for() {
        assert_eq!(counts(Action::ReadChild, 1), Counts::Page);
        assert_eq!(counts(Action::ReadClaims, 2), Counts::Page, "a pair");
        assert_eq!(counts(Action::ReadCase, 3), Counts::List);
        assert_eq!(counts(Action::ReadChild, 0), Counts::No, "nobody is shown");
        assert_eq!(counts(Action::DecideIdentity, 2), Counts::No, "what is done shows nobody");
        let reads = Action::ALL.iter().filter(|action| action.name().starts_with("Read"));
        let of_county = ["ReadMap", "ReadReports", "ReadSources", "ReadRules", "ReadHealth"];
        for action in reads.filter(|action| !of_county.contains(&action.name())) {
            let name = action.name();
            let of_log = name.ends_with("Audit") || name == "ReadLooks";
            assert_eq!(counts(*action, 1) == Counts::Page, !of_log, "{name}");
        }
    }

    #[test]
    fn t22_children_in_lists_count_once_an_hour_however_often_they_are_listed() {
        let at = |minute: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
        let children = |from: i64, to: i64| (from..to).map(ChildId).collect::<Vec<_>>();
        let mut seen = Seen::default();
        assert_eq!(seen.lists(40, &children(0, 20), at(0)), PageTurn::Opens);
        for minute in 1..10 {
            assert_eq!(seen.lists(40, &children(10, 30), at(minute)), PageTurn::Opens);
        }
        let until = at(60);
        let more = children(25, 45);
        assert_eq!(seen.lists(40, &more, at(10)), PageTurn::TooMany { alarm: true, until });
        assert_eq!(seen.lists(40, &more, at(11)), PageTurn::TooMany { alarm: false, until });
        assert_eq!(seen.lists(40, &children(0, 30), at(12)), PageTurn::Opens, "the same ones");
        assert_eq!(seen.lists(40, &children(30, 40), at(12)), PageTurn::Opens);
        assert_eq!(seen.turn(3, at(12)), PageTurn::Opens, "single pages count for themselves");
        assert_eq!(seen.lists(40, &more, at(72)), PageTurn::Opens, "all were an hour ago");
        assert_eq!(seen.lists(0, &[], at(73)), PageTurn::Opens, "an empty list shows nobody");
    }
}
