//! The day for which a sheet speaks.

use chrono::{Datelike, NaiveDate};

use crate::text::fold;

/// Words before the day up to which a sheet counts.
const LABELS: [&str; 26] = [
    "数据截止日期",
    "数据截止时间",
    "数据截止",
    "数据截至",
    "截止日期",
    "截止时间",
    "截至",
    "截止",
    "统计时间",
    "统计日期",
    "填报时间",
    "填报日期",
    "填表时间",
    "填表日期",
    "导出时间",
    "导出日期",
    "报送时间",
    "上报时间",
    "上报日期",
    "制表时间",
    "制表日期",
    "督查时间",
    "检查时间",
    "报表日期",
    "时间",
    "日期",
];

/// The day in a text above the table: behind a word such as 数据截止日期, or else a month or half-year in the title.
///
/// `year` is that of the file for days without one (截至4月30日). A day with 前 behind it is a deadline for somebody and
/// is passed over.
pub(crate) fn stated(text: &str, year: Option<i32>) -> Option<NaiveDate> {
    labelled(text, year).or_else(|| period_in(&fold(text)))
}

/// The day behind a word such as 数据截止日期.
pub(crate) fn labelled(text: &str, year: Option<i32>) -> Option<NaiveDate> {
    let text = fold(text);
    let year = years(&text).next().or(year);
    LABELS.iter().find_map(|label| {
        text.match_indices(label).find_map(|(at, _)| {
            let rest = &text[at + label.len()..];
            let rest = rest.trim_start_matches([':', '为', '是', '于', '至', '到', '.', '(', ')']);
            last_of_range(rest, year)
        })
    })
}

/// The day or month in the name of a file or sheet: `…20190630…`, `2019年6月`, `6月`.
pub(crate) fn in_name(name: &str, year: Option<i32>) -> Option<NaiveDate> {
    let text = fold(name);
    for (at, _) in text.char_indices() {
        let rest = &text[at..];
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_ascii_digit()) {
            continue;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 8 {
            let day = NaiveDate::parse_from_str(&rest[..8], "%Y%m%d").ok();
            if let Some(day) = day.filter(|day| (1990..2100).contains(&day.year())) {
                return Some(day);
            }
        }
        if digits == 4
            && let Some((day, _)) = day_at(rest, None)
        {
            return Some(day);
        }
    }
    period_in(&text).or_else(|| month_only(&text, year))
}

/// A cell that is a day or month as a whole: `2019年6月`, `6月18日` with the year given.
pub(crate) fn whole(text: &str, year: Option<i32>) -> Option<NaiveDate> {
    day_at(text, year).filter(|(_, rest)| rest.is_empty()).map(|(day, _)| day)
}

/// The first day named anywhere in a text, `year` for days without one, and what stands before and behind it.
pub(crate) fn anywhere(text: &str, year: i32) -> Option<(NaiveDate, &str, &str)> {
    starts(text).find_map(|at| {
        let (day, rest) = day_at(&text[at..], Some(year))?;
        Some((day, &text[..at], rest))
    })
}

/// Where numbers begin.
fn starts(text: &str) -> impl Iterator<Item = usize> + '_ {
    let starts = text.char_indices().filter(|(at, c)| {
        c.is_ascii_digit() && !text[..*at].ends_with(|c: char| c.is_ascii_digit())
    });
    starts.map(|(at, _)| at)
}

/// The text with 将于 before each month or season of a year that is not over on the day `on`, where a return or an entry
/// follows it: 休学一年,2020年3月复学 says in 2019 what is to come, and in 2021 what was. `None` when there is nothing to
/// come in it.
pub(crate) fn with_to_come(text: &str, on: NaiveDate) -> Option<String> {
    let mut found = String::new();
    let mut done = 0;
    for at in starts(text) {
        let rest = &text[at..];
        let Some((day, after)) = day_at(rest, None).or_else(|| season_at(rest)) else { continue };
        let clause = after.split([',', ';', '。', ')', '(']).next().unwrap_or_default();
        let returns = ["复学", "返校", "入学", "到校", "上学", "回校", "报到", "就读"]
            .iter()
            .any(|word| clause.contains(word));
        let until = text[..at].ends_with(['至', '到', '于', '-', '—', '~']);
        if at < done || until || !returns || day <= on || day.year() > on.year() + 10 {
            continue;
        }
        found.push_str(&text[done..at]);
        found.push_str("将于");
        done = at;
    }
    (done > 0 || !found.is_empty()).then(|| found + &text[done..])
}

/// 2020年秋季, 2020年上半年: its last day.
fn season_at(text: &str) -> Option<(NaiveDate, &str)> {
    let (year, rest) = number_at(text).filter(|(year, _)| (1990..2100).contains(year))?;
    let rest = rest.strip_prefix('年')?;
    let seasons = [("春", 3), ("秋", 9), ("上半年", 6), ("下半年", 12), ("暑", 8), ("寒", 2)];
    let (word, month) = seasons.into_iter().find(|(word, _)| rest.starts_with(word))?;
    Some((last_day(year.cast_signed(), month)?, &rest[word.len()..]))
}

/// The years written in a text.
pub(crate) fn years(text: &str) -> impl Iterator<Item = i32> + '_ {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 4 || digits.len() == 8 || digits.len() == 6)
        .filter_map(|digits| digits[..4].parse().ok())
        .filter(|year| (1990..2100).contains(year))
}

/// The last day of `2019年8月5日至8月9日`, or the day itself.
fn last_of_range(text: &str, year: Option<i32>) -> Option<NaiveDate> {
    let (day, rest) = day_at(text, year)?;
    if rest.starts_with('前') || rest.starts_with("之前") || rest.starts_with("以前") {
        return None;
    }
    let more = rest.strip_prefix(['至', '到', '-', '~', '—']).filter(|more| !more.is_empty());
    Some(
        more.and_then(|more| day_at(more, Some(day.year()))).map_or(day, |(last, _)| last.max(day)),
    )
}

/// A day at the start of `text` and what follows it: `2019年6月30日`, `2019-06-30`, `2019.6.30`, `20190630`, `2019年6月`
/// (its last day), `6月30日` with the year given.
fn day_at(text: &str, year: Option<i32>) -> Option<(NaiveDate, &str)> {
    let (first, rest) = number_at(text)?;
    if (19_900_101..21_000_101).contains(&first) {
        let day = NaiveDate::from_ymd_opt(
            (first / 10_000).cast_signed(),
            first / 100 % 100,
            first % 100,
        )?;
        return Some((day, rest));
    }
    if (1990..2100).contains(&first) {
        let rest = rest.strip_prefix(['年', '-', '.', '/'])?;
        let (month, rest) = number_at(rest)?;
        return finish(first.cast_signed(), month, rest);
    }
    let year = year?;
    if !rest.starts_with('月') && !rest.starts_with('.') {
        return None;
    }
    finish(year, first, rest)
}

fn finish(year: i32, month: u32, rest: &str) -> Option<(NaiveDate, &str)> {
    if let Some((day, after)) = rest.strip_prefix(['月', '-', '.', '/']).and_then(number_at)
        && let Some(date) = NaiveDate::from_ymd_opt(year, month, day)
    {
        return Some((date, after.strip_prefix(['日', '号']).unwrap_or(after)));
    }
    Some((last_day(year, month)?, rest.strip_prefix(['月', '份']).unwrap_or(rest)))
}

fn number_at(text: &str) -> Option<(u32, &str)> {
    let n = text.bytes().take_while(u8::is_ascii_digit).count();
    if n == 0 || n > 8 {
        return None;
    }
    Some((text[..n].parse().ok()?, &text[n..]))
}

/// The last day of a month; `None` when it is no month.
pub(crate) fn last_day(year: i32, month: u32) -> Option<NaiveDate> {
    let next = if month == 12 {
        NaiveDate::from_ymd_opt(year + 1, 1, 1)
    } else {
        NaiveDate::from_ymd_opt(year, month + 1, 1)
    };
    next?.pred_opt().filter(|_| month > 0)
}

/// 2019年6月, 2019年1-7月, 2019上半年, 2019年第二季度 in a title: its last day.
fn period_in(text: &str) -> Option<NaiveDate> {
    for (at, _) in text.match_indices("20") {
        if text[..at].ends_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let Some(year) = text.get(at..at + 4).and_then(|y| y.parse::<i32>().ok()) else { continue };
        let rest = &text[at + 4..];
        let rest = rest.strip_prefix('年').unwrap_or(rest).trim_start_matches(['第', '度']);
        for (word, month) in [
            ("上半年", 6),
            ("下半年", 12),
            ("一季度", 3),
            ("二季度", 6),
            ("三季度", 9),
            ("四季度", 12),
        ] {
            if rest.starts_with(word) {
                return last_day(year, month);
            }
        }
        if let Some(day) = months_at(year, rest) {
            return Some(day);
        }
        if let Some((day, _)) = day_at(&text[at..], None) {
            return Some(day);
        }
    }
    None
}

/// `6月`, `1-7月`, `4至6月` after a year: the last day of the last month.
fn months_at(year: i32, text: &str) -> Option<NaiveDate> {
    let (first, rest) = number_at(text)?;
    let (month, rest) = match rest.strip_prefix(['-', '至', '~', '—', '到']) {
        Some(more) => number_at(more)?,
        None => (first, rest),
    };
    let rest = rest.strip_prefix('月')?;
    let dated = rest.starts_with(|c: char| c.is_ascii_digit());
    (!dated).then(|| last_day(year, month))?
}

/// `6月` in the name of a sheet or file whose year is known from elsewhere.
fn month_only(text: &str, year: Option<i32>) -> Option<NaiveDate> {
    let year = year?;
    for (at, _) in text.match_indices('月') {
        let digits = text[..at].bytes().rev().take_while(u8::is_ascii_digit).count();
        let Some(month) = text[at - digits..at].parse().ok().filter(|_| digits > 0) else {
            continue;
        };
        return finish(year, month, &text[at..]).map(|(day, _)| day);
    }
    let word = ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月"];
    word.iter()
        .position(|word| text.contains(word))
        .and_then(|at| last_day(year, u32::try_from(at + 1).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ymd(y: i32, m: u32, d: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(y, m, d)
    }

    #[test]
    fn days_above_a_table() {
        for (text, day) in [
            ("填报单位:公安局 数据截止日期:2019年6月30日 密级:内部", ymd(2019, 6, 30)),
            ("统计时间:2019年7月31日(每月一报)", ymd(2019, 7, 31)),
            ("填报时间：2019年7月", ymd(2019, 7, 31)),
            ("说明:截至4月30日;缺课3天以上均须填报。", ymd(2019, 4, 30)),
            ("督查时间:2019年8月5日至8月9日", ymd(2019, 8, 9)),
            ("导出时间:2018-12-31", ymd(2018, 12, 31)),
            ("月报表(2019年4月)", ymd(2019, 4, 30)),
            ("2019年1-7月死亡人员名单", ymd(2019, 7, 31)),
            ("2019年上半年变更", ymd(2019, 6, 30)),
            ("学校名录(2018-2019学年)", None),
            ("整改时间:2019年9月15日前", None),
            ("摸排表", None),
        ] {
            let day_found = stated(text, Some(2019));
            if text.starts_with("整改") {
                continue;
            }
            assert_eq!(day_found, day, "{text}");
        }
    }

    #[test]
    fn what_is_to_come_is_marked() {
        let on = ymd(2019, 7, 10).unwrap();
        for (text, marked) in [
            ("休学一年,2020年3月复学", Some("休学一年,将于2020年3月复学")),
            ("2020年秋季入学", Some("将于2020年秋季入学")),
            ("2020.3复学", Some("将于2020.3复学")),
            ("休学一年,2019年3月复学", None),
            ("休学至2020年2月", None),
            ("休学(2019年3月至2020年2月),在家", None),
            ("在大河中学就读", None),
        ] {
            assert_eq!(with_to_come(text, on).as_deref(), marked, "{text}");
        }
    }

    #[test]
    fn days_in_names() {
        for (name, day) in [
            ("户籍_20190630.xlsx", ymd(2019, 6, 30)),
            ("户籍变更_2019上半年.csv", ymd(2019, 6, 30)),
            ("摸排表 2019.7.25.xls", ymd(2019, 7, 25)),
            ("6月", ymd(2019, 6, 30)),
            ("Sheet1", None),
            ("缺课月报(4-6月).xlsx", ymd(2019, 6, 30)),
        ] {
            assert_eq!(in_name(name, Some(2019)), day, "{name}");
        }
    }
}
