//! How many tip-offs, or guesses of a code, come from one address. Kept in memory and for an hour only (T-54): where a tip-off
//! came from is written nowhere.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

/// Addresses that are remembered; when as many came within an hour it is a flood, and no further one is let in.
const ADDRESSES: usize = 10_000;

/// Counts by address.
#[derive(Debug, Default)]
pub struct AddressLimit {
    seen: Mutex<HashMap<String, VecDeque<DateTime<Utc>>>>,
}

impl AddressLimit {
    /// Counts one more of an address, or gives how many seconds it must wait.
    ///
    /// # Errors
    /// The seconds.
    pub fn turn(&self, address: &str, most: u32, now: DateTime<Utc>) -> Result<(), i64> {
        let mut all = self.all();
        forget(&mut all, now);
        let is_full = all.len() >= ADDRESSES && !all.contains_key(address);
        if is_full || most == 0 {
            return Err(hour().num_seconds());
        }
        let times = all.entry(address.to_owned()).or_default();
        if times.len() < usize::try_from(most).unwrap_or(usize::MAX) {
            times.push_back(now);
            return Ok(());
        }
        let until = times.front().map_or(now, |first| *first + hour());
        Err((until - now).num_seconds().max(1))
    }

    /// Forgets what is an hour old: also when nobody comes any more.
    pub fn sweep(&self, now: DateTime<Utc>) {
        forget(&mut self.all(), now);
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, VecDeque<DateTime<Utc>>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn forget(all: &mut HashMap<String, VecDeque<DateTime<Utc>>>, now: DateTime<Utc>) {
    all.retain(|_, times| {
        // A clock that was put back makes nobody wait for longer than an hour.
        times.retain(|at| (*at - now).abs() < hour());
        !times.is_empty()
    });
}

fn hour() -> TimeDelta {
    TimeDelta::hours(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t54_an_address_is_let_in_so_often_and_forgotten_after_an_hour() {
        let at = |minute: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
        let limit = AddressLimit::default();
        for minute in 0..3 {
            assert_eq!(limit.turn("10.0.0.1", 3, at(minute)), Ok(()));
        }
        assert_eq!(limit.turn("10.0.0.1", 3, at(10)), Err(50 * 60));
        assert_eq!(limit.turn("10.0.0.2", 3, at(10)), Ok(()), "others are not held back");
        assert_eq!(limit.turn("10.0.0.1", 3, at(60)), Ok(()));
        limit.sweep(at(200));
        assert!(limit.all().is_empty(), "nothing is left of anybody");
    }

    #[test]
    fn t54_a_flood_of_addresses_does_not_fill_the_memory() {
        let limit = AddressLimit::default();
        for n in 0..2 * ADDRESSES {
            let let_in = limit.turn(&n.to_string(), 3, DateTime::UNIX_EPOCH).is_ok();
            assert_eq!(let_in, n < ADDRESSES);
        }
        assert_eq!(limit.all().len(), ADDRESSES);
    }
}
