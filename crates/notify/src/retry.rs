//! When a message that was not taken is tried again.

use chrono::{DateTime, TimeDelta, Utc};

/// The longest pause.
const LONGEST_MINUTES: i64 = 6 * 60;

/// Attempts after which a message is given up: about three days.
const MAX_ATTEMPTS: u32 = 20;

/// How long to wait after so many failed attempts: a minute, then twice as long each time, six hours at most. `None` when it
/// is given up.
pub fn pause_after(n_failed: u32) -> Option<TimeDelta> {
    if n_failed >= MAX_ATTEMPTS {
        return None;
    }
    let doubled = 1_i64.checked_shl(n_failed.saturating_sub(1)).unwrap_or(LONGEST_MINUTES);
    Some(TimeDelta::minutes(doubled.min(LONGEST_MINUTES)))
}

/// Whether a pause until `next` is over. One that is longer than any was set by a clock that stood ahead, and is none.
pub fn is_over(next: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    next <= now || next - now > TimeDelta::minutes(LONGEST_MINUTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_ends_also_when_the_clock_is_set_back() {
        let now: DateTime<Utc> = "2019-09-02T01:00:00Z".parse().unwrap();
        let next = now + TimeDelta::hours(6);
        assert!(!is_over(next, now) && is_over(next, next));
        assert!(is_over(next, now - TimeDelta::minutes(1)), "longer than the longest pause");
    }

    #[test]
    fn pauses_grow_and_end() {
        let minutes: Vec<i64> =
            (1..MAX_ATTEMPTS).map(|n| pause_after(n).unwrap().num_minutes()).collect();
        assert_eq!(minutes[..10], [1, 2, 4, 8, 16, 32, 64, 128, 256, 360]);
        assert!(minutes[9..].iter().all(|pause| *pause == 360));
        let days = minutes.iter().sum::<i64>() / (24 * 60);
        assert_eq!(days, 2);
        assert_eq!(pause_after(MAX_ATTEMPTS), None);
        assert_eq!(pause_after(u32::MAX), None);
    }
}
