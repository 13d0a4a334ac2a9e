//! Day numbers of spreadsheets.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::Cell;

const DAY_SECONDS: f64 = 86_400.0;
/// 9999-12-31, the last day a sheet can show.
const LAST_SERIAL: f64 = 2_958_465.0;
/// Days between the two epochs: 1904-01-01 is number 1462 of the 1900 system.
const EPOCH_1904: f64 = 1_462.0;

/// The value of a number shown as a date: a day, or text when there is a time of day as well; what lies outside of the
/// calendar of a sheet stays a number.
pub(super) fn date_cell(serial: f64, is_1904: bool) -> Cell {
    let shifted = if is_1904 { serial + EPOCH_1904 } else { serial };
    if !(0.0..LAST_SERIAL + 1.0).contains(&shifted) || shifted == 0.0 {
        return Cell::Number(serial);
    }
    let seconds = whole_seconds(shifted);
    let (day, second) = (seconds / 86_400, seconds % 86_400);
    if day == 0 {
        return Cell::Text(clock(second));
    }
    if day == 60 && !is_1904 {
        // The 1900 system has a 29 February 1900 that never was.
        return Cell::Text("1900-02-29".to_owned());
    }
    let first_of_system = if day < 60 { 31 } else { 30 };
    let date = NaiveDate::from_ymd_opt(1899, 12, first_of_system)
        .and_then(|epoch| epoch.checked_add_days(Days::new(day)));
    match date {
        Some(date) if second == 0 => Cell::Day(date),
        Some(date) => Cell::Text(format!("{} {}", date.format("%Y-%m-%d"), clock(second))),
        None => Cell::Number(serial),
    }
}

/// The value of a number shown as a span of time: `26:30:00`.
pub(super) fn duration_cell(serial: f64) -> Cell {
    if !(0.0..LAST_SERIAL).contains(&serial) {
        return Cell::Number(serial);
    }
    Cell::Text(clock(whole_seconds(serial)))
}

/// The value of an ISO 8601 date or date with time; other text stays text.
pub(super) fn iso_cell(text: &str) -> Cell {
    let day = text.trim().trim_end_matches('Z');
    if let Ok(date) = day.parse::<NaiveDate>() {
        return Cell::Day(date);
    }
    let Ok(moment) = day.parse::<NaiveDateTime>() else { return Cell::Text(text.to_owned()) };
    if moment.time() == NaiveTime::MIN {
        return Cell::Day(moment.date());
    }
    let second = u64::from(moment.time().num_seconds_from_midnight());
    Cell::Text(format!("{} {}", moment.format("%Y-%m-%d"), clock(second)))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "callers have checked that the number lies between 0 and 9999-12-31"
)]
fn whole_seconds(serial: f64) -> u64 {
    (serial * DAY_SECONDS).round() as u64
}

fn clock(second: u64) -> String {
    format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60)
}
