//! How often somebody comes from one address to a page for everybody. Kept in memory and for an hour only (T-54): where a tip-off
//! came from is written nowhere. Nobody is shut out by others: each address has turns of its own, and when many come at once
//! those who come for the first time still go first.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

/// Addresses that are remembered; of more the one that has not come for the longest is forgotten.
const ADDRESSES: usize = 10_000;

/// Turns of all addresses in an hour before each has a few only. Generous: ten in a second.
const CEILING: usize = 36_000;

/// So many turns an address has in an hour however many others come.
const OWN: u32 = 3;

/// Counts by address.
#[derive(Debug, Default)]
pub struct AddressLimit {
    seen: Mutex<HashMap<String, VecDeque<DateTime<Utc>>>>,
}

impl AddressLimit {
    /// Counts one more of an address. Gives which it is of this hour, from 1, or how many seconds the address must wait.
    ///
    /// # Errors
    /// The seconds.
    pub fn turn(&self, address: &str, most: u32, now: DateTime<Utc>) -> Result<u32, i64> {
        let mut all = self.all();
        forget(&mut all, now);
        if most == 0 {
            return Err(hour().num_seconds());
        }
        let taken: usize = all.values().map(VecDeque::len).sum();
        let most = if taken >= CEILING { most.min(OWN) } else { most };
        let key = key(address);
        make_room(&mut all, &key);
        let times = all.entry(key).or_default();
        if times.len() < usize::try_from(most).unwrap_or(usize::MAX) {
            times.push_back(now);
            return Ok(u32::try_from(times.len()).unwrap_or(u32::MAX));
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

/// What counts as one address: of IPv6 the network of 64 bits that one household or machine has, since it may take any address
/// within.
fn key(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            let network = format!("{a:x}:{b:x}:{c:x}:{d:x}::/64");
            address.to_ipv4_mapped().map_or(network, |mapped| mapped.to_string())
        }
        Ok(IpAddr::V4(_)) | Err(_) => address.to_owned(),
    }
}

/// Forgets whoever has not come for the longest when there is no room for another: a flood of addresses neither fills the
/// memory nor keeps anybody out.
fn make_room(all: &mut HashMap<String, VecDeque<DateTime<Utc>>>, key: &str) {
    if all.len() < ADDRESSES || all.contains_key(key) {
        return;
    }
    let oldest = all.iter().min_by_key(|(_, times)| times.back().copied());
    if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
        all.remove(&oldest);
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

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    #[test]
    fn t54_an_address_is_let_in_so_often_and_forgotten_after_an_hour() {
        let limit = AddressLimit::default();
        for minute in 0..3 {
            let nth = u32::try_from(minute).unwrap() + 1;
            assert_eq!(limit.turn("10.0.0.1", 3, at(minute)), Ok(nth));
        }
        assert_eq!(limit.turn("10.0.0.1", 3, at(10)), Err(50 * 60));
        assert_eq!(limit.turn("10.0.0.2", 3, at(10)), Ok(1), "others are not held back");
        assert_eq!(limit.turn("10.0.0.1", 3, at(60)), Ok(3));
        limit.sweep(at(200));
        assert!(limit.all().is_empty(), "nothing is left of anybody");
    }

    #[test]
    fn t54_a_flood_of_addresses_fills_no_memory_and_shuts_nobody_out() {
        let limit = AddressLimit::default();
        for n in 0..ADDRESSES + 500 {
            assert_eq!(limit.turn(&n.to_string(), 3, at(0)), Ok(1), "{n}");
        }
        assert_eq!(limit.all().len(), ADDRESSES);
        assert_eq!(limit.turn("10.0.0.1", 3, at(1)), Ok(1), "a family that comes then");
    }

    #[test]
    fn t54_beyond_the_ceiling_everybody_has_a_few_turns() {
        let limit = AddressLimit::default();
        let many = u32::try_from(CEILING).unwrap();
        limit.all().insert("10.0.0.9".to_owned(), vec![at(0); CEILING].into());
        assert!(limit.turn("10.0.0.9", many, at(1)).is_err());
        for nth in 1..=OWN {
            assert_eq!(limit.turn("10.0.0.1", 120, at(1)), Ok(nth));
        }
        assert!(limit.turn("10.0.0.1", 120, at(1)).is_err());
        assert_eq!(limit.turn("10.0.0.1", 120, at(60)), Ok(OWN + 1), "the flood is over");
    }

    #[test]
    fn t54_a_network_of_one_household_is_one_address() {
        let limit = AddressLimit::default();
        assert_eq!(limit.turn("2001:db8:1:2::1", 2, at(0)), Ok(1));
        assert_eq!(limit.turn("2001:db8:1:2:ffff::9", 2, at(0)), Ok(2));
        assert!(limit.turn("2001:db8:1:2:0:1::", 2, at(0)).is_err());
        assert_eq!(limit.turn("2001:db8:1:3::1", 2, at(0)), Ok(1));
        assert_eq!(limit.turn("10.0.0.1", 2, at(0)), Ok(1));
        assert_eq!(limit.turn("::ffff:10.0.0.1", 2, at(0)), Ok(2), "the same machine");
    }
}
