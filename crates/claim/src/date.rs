//! Dates as people type them.

use chrono::NaiveDate;

use crate::text::half_width;

/// Days between 1899-12-30 and the serial dates of spreadsheets (1900 system).
const SERIAL_EPOCH: (i32, u32, u32) = (1899, 12, 30);

/// Reads a day: `2009-3-5`, `2009.03.05`, `2009/3/5`, `20090305`, `2009年3月5日`, `二〇〇九年三月五日`, with a clock time after
/// it or not, `25/3/2009` where only one order of day and month is possible, or a spreadsheet serial between 1930 and 2100. `None` when it is no day, `2009-02-30` among them.
///
/// ```
/// use chrono::NaiveDate;
/// assert_eq!(baoxue_claim::read_date("2009年3月5日"), NaiveDate::from_ymd_opt(2009, 3, 5));
/// assert_eq!(baoxue_claim::read_date("39389"), NaiveDate::from_ymd_opt(2007, 11, 3));
/// assert_eq!(baoxue_claim::read_date("20090230"), None);
/// ```
pub fn read_date(text: &str) -> Option<NaiveDate> {
    let text = numerals(&half_width(text));
    if let Some(day) = read_serial(&text) {
        return Some(day);
    }
    match date_parts(&text).as_slice() {
        [whole] if whole.len() == 8 => ymd(&whole[..4], &whole[4..6], &whole[6..8]),
        [y, m, d, ..] if y.len() == 4 && m.len() <= 2 && d.len() <= 2 => ymd(y, m, d),
        [y, m, d] if y.len() == 2 && m.len() <= 2 && d.len() <= 2 => {
            ymd(&format!("{}{y}", century(y)), m, d)
        }
        [a, b, y, ..] if y.len() == 4 && a.len() <= 2 && b.len() <= 2 => year_last(a, b, y),
        _ => None,
    }
}

/// A day with the year behind: which of the two numbers is the month must be told by the numbers.
fn year_last(a: &str, b: &str, y: &str) -> Option<NaiveDate> {
    match (ymd(y, a, b), ymd(y, b, a)) {
        (Some(one), Some(other)) => (one == other).then_some(one),
        (one, other) => one.or(other),
    }
}

/// The year of a day with the year behind of which nothing tells day and month apart: `05/03/2011`.
pub(crate) fn year_of_ambiguous(text: &str) -> Option<i32> {
    match date_parts(text).as_slice() {
        [a, b, y] if y.len() == 4 && ymd(y, a, b).is_some() && ymd(y, b, a).is_some() => {
            y.parse().ok()
        }
        _ => None,
    }
}

/// The text with the Chinese numerals of a date as digits: `二〇一一年十二月` becomes `2011年12月`. Lunar dates, and texts
/// without a year, stay as they are.
pub(crate) fn numerals(text: &str) -> String {
    let lunar = ["农历", "阴历", "旧历"].iter().any(|word| text.contains(word));
    if lunar || !text.contains('年') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars() {
        if "〇零○一二三四五六七八九十".contains(c) {
            run.push(c);
            continue;
        }
        out += &digits(&std::mem::take(&mut run));
        out.push(c);
    }
    out + &digits(&run)
}

/// Chinese numerals up to 99, or a row of single digits.
fn digits(run: &str) -> String {
    let plain = |text: &str| -> String {
        text.chars()
            .filter_map(|c| "零一二三四五六七八九".chars().position(|d| d == c))
            .map(|digit| digit.to_string())
            .collect()
    };
    let run = run.replace(['〇', '○'], "零");
    let Some((tens, ones)) = run.split_once('十') else { return plain(&run) };
    let (tens, ones) = (plain(tens), plain(ones));
    let or = |text: String, other: &str| if text.is_empty() { other.to_owned() } else { text };
    or(tens, "1") + &or(ones, "0")
}

/// Reads a period: `2018.2.26-2019.2.25`, `2018-09-01至2020-08-31`, `2018年9月1日起到2020年8月31日止`.
pub fn read_period(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let text = half_width(text);
    for sign in ["至", "到", "~", "—", "–", "--", " - "] {
        if let Some((from, to)) = text.split_once(sign) {
            return Some((read_date(from)?, read_date(to)?));
        }
    }
    // A hyphen between two dates that are themselves written with dots, slashes or Chinese signs.
    match date_parts(&text).as_slice() {
        [y, m, d, y2, m2, d2] => Some((ymd(y, m, d)?, ymd(y2, m2, d2)?)),
        [from, to] if from.len() == 8 && to.len() == 8 => {
            Some((ymd(&from[..4], &from[4..6], &from[6..])?, ymd(&to[..4], &to[4..6], &to[6..])?))
        }
        _ => None,
    }
}

/// The runs of digits of a date text.
pub(crate) fn date_parts(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

pub(crate) fn ymd(y: &str, m: &str, d: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)
}

/// Two-digit years of children's lists: 00–39 are of this century.
pub(crate) fn century(two_digits: &str) -> &'static str {
    if two_digits < "40" { "20" } else { "19" }
}

fn read_serial(text: &str) -> Option<NaiveDate> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    if whole.len() != 5 || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    if text.len() > 5 && text[6..].bytes().any(|b| !b.is_ascii_digit()) {
        return None;
    }
    let days: i64 = whole.parse().ok()?;
    let (y, m, d) = SERIAL_EPOCH;
    if !(10_959..=73_050).contains(&days) {
        return None;
    }
    NaiveDate::from_ymd_opt(y, m, d)?.checked_add_signed(chrono::TimeDelta::days(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_many_dresses() {
        let day = NaiveDate::from_ymd_opt(2009, 3, 5);
        for text in [
            "2009-3-5",
            "2009.03.05",
            "2009/3/5",
            "20090305",
            "2009年3月5日",
            "２００９－３－５",
            "2009-03-05 00:00:00",
            "09-3-5",
            "2009-03-05T00:00:00",
            " 2009.3.5 ",
            "39877",
            "39877.0",
            "二〇〇九年三月五日",
            "二○○九年三月五日",
            "二零零九年3月五日",
        ] {
            assert_eq!(read_date(text), day, "{text}");
        }
        for text in ["", "2009", "2009-13-01", "20090230", "去年", "2009.3", "6.1e17"] {
            assert_eq!(read_date(text), None, "{text}");
        }
        let later = NaiveDate::from_ymd_opt(2009, 12, 21);
        for text in ["二〇〇九年十二月二十一日", "21/12/2009", "12/21/2009"] {
            assert_eq!(read_date(text), later, "{text}");
        }
        assert_eq!(read_date("05/05/2009"), NaiveDate::from_ymd_opt(2009, 5, 5));
        for text in ["05/03/2011", "31/02/2011", "农历二〇〇九年三月五日"] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }

    #[test]
    fn periods() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        let period = Some((day(2018, 2, 26), day(2019, 2, 25)));
        for text in [
            "2018.2.26-2019.2.25",
            "2018-02-26至2019-02-25",
            "2018年2月26日—2019年2月25日",
            "20180226-20190225",
            "2018/2/26~2019/2/25",
            "2018-2-26 - 2019-2-25",
        ] {
            assert_eq!(read_period(text), period, "{text}");
        }
        assert_eq!(read_period("长期"), None);
    }
}
