//! Quiet hours (免打扰时段).

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};

/// The hours in which nobody is to be disturbed, as clocks show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// First minute.
    pub from: NaiveTime,
    /// The minute in which they are over; the same as `from` when there are none.
    pub to: NaiveTime,
}

impl Default for Quiet {
    /// From eight in the evening until half past seven.
    fn default() -> Self {
        let evening = TimeDelta::hours(20);
        let morning = TimeDelta::minutes(7 * 60 + 30);
        Self { from: NaiveTime::MIN + evening, to: NaiveTime::MIN + morning }
    }
}

impl Quiet {
    /// When the quiet hours end that reign at `now`; `None` when they do not.
    pub fn ends(self, now: NaiveDateTime) -> Option<NaiveDateTime> {
        let (time, today) = (now.time(), now.date());
        let over_night = self.from > self.to;
        let reigns = if over_night {
            time >= self.from || time < self.to
        } else {
            self.from <= time && time < self.to
        };
        let day = if over_night && time >= self.from { today.succ_opt()? } else { today };
        reigns.then(|| day.and_time(self.to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    fn time(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M").unwrap()
    }

    #[test]
    fn nights_are_quiet_until_the_morning() {
        let quiet = Quiet::default();
        for (now, ends) in [
            ("2019-09-02 19:59", None),
            ("2019-09-02 20:00", Some("2019-09-03 07:30")),
            ("2019-12-31 23:59", Some("2020-01-01 07:30")),
            ("2019-09-03 00:00", Some("2019-09-03 07:30")),
            ("2019-09-03 07:29", Some("2019-09-03 07:30")),
            ("2019-09-03 07:30", None),
        ] {
            assert_eq!(quiet.ends(at(now)), ends.map(at), "{now}");
        }
    }

    #[test]
    fn hours_of_the_day_and_none_at_all() {
        let noon = Quiet { from: time("12:00"), to: time("14:00") };
        assert_eq!(noon.ends(at("2019-09-02 13:00")), Some(at("2019-09-02 14:00")));
        assert_eq!(noon.ends(at("2019-09-02 14:00")), None);
        let never = Quiet { from: time("00:00"), to: time("00:00") };
        assert_eq!(never.ends(at("2019-09-02 00:00")), None);
        assert_eq!(never.ends(at("2019-09-02 12:00")), None);
    }
}
