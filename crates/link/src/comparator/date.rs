//! Birth dates of any precision.

/// A date as far as it is known; 0 for an unknown month or day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "a day has a day")]
pub(crate) struct Day {
    year: i32,
    month: u32,
    day: u32,
}

impl Day {
    /// Reads `2009-03-05`, `2009-03`, `2009`, also with other signs between, a time behind, or 2009年3月5日; eight digits;
    /// `5.3.2009` and `5 Mar 2009`, where the day comes first unless it cannot. `None` when it is none of these.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::as_written(text).filter(|date| date.month <= 12 && date.day <= 31)
    }

    /// As [`parse`](Self::parse), months and days that do not exist included: a slip of one digit makes them.
    pub(crate) fn as_written(text: &str) -> Option<Self> {
        if let Some(usual) = Self::usual(text.as_bytes()) {
            return Some(usual);
        }
        let mut numbers = [(0, 0); 3];
        let mut parts = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
        for (number, part) in numbers.iter_mut().zip(&mut parts) {
            *number = (part.len(), part.parse::<u32>().ok()?);
        }
        let (year, month, day) = match numbers {
            [(8, whole), ..] => (whole / 10_000, whole / 100 % 100, whole % 100),
            [(4, year), (0..=2, month), (0..=2, day)] => (year, month, day),
            [(1..=2, first), (1..=2, second), (4, year)] => {
                let (day, month) = if second > 12 { (second, first) } else { (first, second) };
                (year, month, day)
            }
            [(1..=2, day), (4, year), (0, _)] => (year, month_named(text)?, day),
            _ => return None,
        };
        Some(Self { year: year.cast_signed(), month, day })
    }

    /// Most dates are written as `2009-03-05` or `20090305`.
    fn usual(text: &[u8]) -> Option<Self> {
        let (year, month, day) = match text.len() {
            8 => (&text[..4], &text[4..6], &text[6..]),
            10 if text[4] == b'-' && text[7] == b'-' => (&text[..4], &text[5..7], &text[8..]),
            _ => return None,
        };
        let number = |digits: &[u8]| {
            let value = |all: u32, digit: &u8| {
                digit.is_ascii_digit().then(|| all * 10 + u32::from(*digit - b'0'))
            };
            digits.iter().try_fold(0, value)
        };
        Some(Self { year: number(year)?.cast_signed(), month: number(month)?, day: number(day)? })
    }

    pub(crate) const fn year(self) -> i32 {
        self.year
    }

    /// Year and month, `None` when the month is unknown.
    pub(crate) fn month(self) -> Option<(i32, u32)> {
        (self.month > 0).then_some((self.year, self.month))
    }

    /// Year and the two other numbers, the smaller first; `None` when the day is unknown.
    pub(crate) fn any_order(self) -> Option<(i32, u32, u32)> {
        (self.day > 0).then(|| (self.year, self.month.min(self.day), self.month.max(self.day)))
    }

    /// Whether there is such a month and day.
    const fn exists(self) -> bool {
        self.month >= 1 && self.month <= 12 && self.day >= 1 && self.day <= 31
    }

    const fn is_full(self) -> bool {
        self.day > 0
    }

    const fn is_default(self) -> bool {
        self.month == 1 && self.day == 1
    }

    /// The eight digits, four bits each.
    fn digits(self) -> u32 {
        let two = |n: u32| ((n / 10 % 10) << 4) | (n % 10);
        let year = self.year.unsigned_abs();
        two(year / 100) << 24 | two(year % 100) << 16 | two(self.month) << 8 | two(self.day)
    }

    /// Days since a fixed day, by the civil calendar.
    ///
    /// Source: the algorithm of days from civil by Howard Hinnant, restated for years after 0.
    fn ordinal(self) -> i32 {
        let (month, day) = (self.month.cast_signed(), self.day.cast_signed());
        let year = if month <= 2 { self.year - 1 } else { self.year };
        let shifted = (month + 9) % 12;
        365 * year + year / 4 - year / 100 + year / 400 + (153 * shifted + 2) / 5 + day
    }
}

/// The levels of [`Comparator::Date`](crate::Comparator::Date) by position; 0 is `equal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Level {
    Equal = 0,
    Month,
    Swapped,
    Digit,
    Lunar,
    Year,
    YearSlip,
    Digits,
    Other,
}

/// The month of a date in words; English.
fn month_named(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let word = text.split(|c: char| !c.is_ascii_alphabetic()).find(|word| word.len() >= 3)?;
    let begins = |month: &&str| word.get(..3).is_some_and(|w| w.eq_ignore_ascii_case(month));
    (1..).zip(&MONTHS).find(|(_, month)| begins(month)).map(|(number, _)| number)
}

/// The level of two dates; texts that are no dates are unlike each other.
pub(crate) fn compare(left: Option<Day>, right: Option<Day>) -> u8 {
    match (left, right) {
        (Some(left), Some(right)) => level(left, right) as u8,
        (None, _) | (_, None) => Level::Other as u8,
    }
}

/// Whether two dates can be the same, slips of the pen and of the calendar forgiven: a month by the lunar calendar is one
/// or two earlier.
pub(crate) fn agree(left: Day, right: Day) -> bool {
    let months = |day: Day| i64::from(day.year) * 12 + i64::from(day.month);
    let coarse = !left.is_full() || !right.is_full();
    let near = left.month > 0 && right.month > 0 && months(left).abs_diff(months(right)) <= 2;
    !matches!(level(left, right), Level::Digits | Level::Other) || (coarse && near)
}

fn level(left: Day, right: Day) -> Level {
    if left == right {
        return if left.is_full() { Level::Equal } else { Level::Month };
    }
    if !left.is_full() || !right.is_full() {
        return coarse(left, right);
    }
    let same_year = left.year == right.year;
    if same_year && left.month == right.day && left.day == right.month {
        return Level::Swapped;
    }
    if same_year && left.month == right.month && (left.day == 1 || right.day == 1) {
        return Level::Month;
    }
    if same_year && (left.is_default() || right.is_default()) {
        return Level::Year;
    }
    if !same_year && left.month == right.month && left.day == right.day {
        return if left.year.abs_diff(right.year) == 1 {
            Level::YearSlip
        } else {
            year_digit(left, right)
        };
    }
    let unlike = Unlike::of(left, right);
    if unlike.is_slip() {
        return Level::Digit;
    }
    // The lunar date of a birth runs 19 to 51 days behind the solar one.
    let both_exist = left.exists() && right.exists();
    if both_exist && (19..=51).contains(&left.ordinal().abs_diff(right.ordinal())) {
        return Level::Lunar;
    }
    if unlike.n() <= 2 { Level::Digits } else { Level::Other }
}

fn year_digit(left: Day, right: Day) -> Level {
    match Unlike::of(left, right) {
        unlike if unlike.is_slip() => Level::Digit,
        unlike if unlike.n() <= 2 => Level::Digits,
        _ => Level::Other,
    }
}

/// The digits in which two dates differ.
#[derive(Clone, Copy)]
struct Unlike {
    left: u32,
    right: u32,
    /// The lowest bit of each digit that differs.
    at: u32,
}

impl Unlike {
    fn of(left: Day, right: Day) -> Self {
        let (left, right) = (left.digits(), right.digits());
        let bits = left ^ right;
        Self { left, right, at: (bits | bits >> 1 | bits >> 2 | bits >> 3) & 0x1111_1111 }
    }

    const fn n(self) -> u32 {
        self.at.count_ones()
    }

    /// One digit, or two neighbours that are swapped.
    fn is_slip(self) -> bool {
        let first = self.at.trailing_zeros();
        match self.n() {
            1 => true,
            2 if self.at == 0x11 << first => {
                let two = |digits: u32| digits >> first & 0xff;
                two(self.left) == two(self.right) >> 4 | (two(self.right) & 0xf) << 4
            }
            _ => false,
        }
    }
}

/// At least one of them has no day.
fn coarse(left: Day, right: Day) -> Level {
    if left.year != right.year {
        return Level::Other;
    }
    match (left.month(), right.month()) {
        (Some(l), Some(r)) if l == r => Level::Month,
        (Some(_), Some(_)) => Level::Other,
        (None, _) | (_, None) => Level::Year,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn births_as_lists_bend_them() {
        let table = [
            ("2009-03-05", "2009/3/5", Level::Equal),
            ("2009-03-05", "2009-05-03", Level::Swapped),
            ("2009-03-05", "2009-03-15", Level::Digit),
            ("2009-03-12", "2009-03-21", Level::Digit),
            ("2009-03-05", "2009-03", Level::Month),
            ("2009-03", "2009-03", Level::Month),
            ("2009-03-15", "2009-03-01", Level::Month),
            ("2009-03-05", "2009", Level::Year),
            ("2009-03-05", "2009-01-01", Level::Year),
            ("2009-03-05", "2009-02-09", Level::Lunar),
            ("2009-03-05", "2008-03-05", Level::YearSlip),
            ("2009-03-05", "2019-03-05", Level::Digit),
            ("2009-03-05", "2009-11-27", Level::Other),
            ("2009-03-05", "2009-12-05", Level::Digits),
            ("1802-05-30", "1822-05-20", Level::Digits),
            ("1762-01-01", "1803-01-01", Level::Other),
            ("1837-11-09", "1837-11-89", Level::Digit),
            ("19440720", "19448720", Level::Digit),
            ("1861-06-00", "1861-06-10", Level::Month),
            ("24/06/1971", "1971-06-24", Level::Equal),
            ("06/24/1971", "1971年6月24日", Level::Equal),
            ("24 June 1971", "24-Jun-1971", Level::Equal),
            ("1971-06-24T00:00:00", "1971.6.24", Level::Equal),
            ("1971年", "1971年6月", Level::Year),
            ("2009-03-05", "2009-04", Level::Other),
            ("2009-01-20", "2008-12-25", Level::Lunar),
        ];
        for (left, right, expected) in table {
            let read = |text| Day::as_written(text).unwrap();
            let (l, r) = (read(left), read(right));
            assert_eq!(level(l, r), expected, "{left} {right}");
            assert_eq!(level(r, l), expected, "{right} {left}");
        }
        assert_eq!(Day::parse("去年"), None);
        assert_eq!(Day::parse("2009-13-01"), None);
    }
}
