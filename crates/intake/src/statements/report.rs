//! A row of a school's absence report or roll call.

use baoxue_claim::{Absence, Doubt, Noted, Person, Statement, read_date};
use chrono::{Datelike, NaiveDate};

use super::{Said, boxes, count, read_day, yes_no};
use crate::{
    Field, day,
    line::Line,
    text::{begins, first_number, fold, has, words},
    words::stated_cause,
};

pub(crate) fn read(line: &Line<'_>, person: &Person) -> Said {
    let mut doubts = Vec::new();
    let since = line.get(Field::AbsentFrom).and_then(|cell| {
        let day = read_day(line, cell);
        if day.is_none() {
            doubts.push(line.doubt(Doubt::DateUnreadable, Field::AbsentFrom));
        }
        day
    });
    let (returned, returned_on, unclear) = returned(line);
    let reason = line.get(Field::Reason);
    let no_show = [Field::Reason, Field::Status, Field::Remark]
        .iter()
        .filter_map(|field| line.get(*field))
        .any(|cell| has(&fold(cell), "未报到 没报到 未注册 未到校报名 未来报到"));
    let absence = Absence {
        until: line.facts.own_day,
        since,
        days: line.get(Field::AbsentDays).and_then(days),
        school_days: line.get(Field::AbsentSchoolDays).and_then(count),
        persuasions: line.get(Field::Persuasions).and_then(count),
        returned,
        returned_on,
        no_show,
        school: person.school.clone().or_else(|| line.facts.school.map(str::to_owned)),
        cause: reason.and_then(stated_cause),
    };
    let fields = [
        Field::AbsentFrom,
        Field::AbsentDays,
        Field::AbsentSchoolDays,
        Field::Persuasions,
        Field::Reason,
        Field::Returned,
        Field::Status,
        Field::Remark,
    ];
    let mut said = Said::one(Statement::Absence(absence), line.facts.as_of, line.words(&fields));
    said.doubts = doubts;
    said.with_doubt(unclear)
}

/// 64, 64天, 3周; as the school states them.
fn days(cell: &str) -> Option<u32> {
    let text = fold(cell);
    let number = first_number(&text)?;
    Some(if has(&text, "周 星期") { number * 7 } else { number })
}

/// Whether the child is back, and since when: 是, 已返校, `是,6月18日已返校`, a day alone. The year is the report's. A promise
/// (承诺9月返校), a wish, a day to come and a return that did not last (返校两天又走) leave it away; words that are not
/// understood leave it away too and are doubted.
fn returned(line: &Line<'_>) -> (bool, Option<NaiveDate>, Option<Noted>) {
    let Some(cell) = line.get(Field::Returned) else {
        // Without an answer in its own column a return is said among measures and remarks.
        let said = |cell: &String| {
            has(&fold(cell), "已返校 已复学 已回校 已到校") && boxes::is_in(&line.finding(cell))
        };
        return (line.cells.iter().any(said), None, None);
    };
    let text = fold(cell);
    if let Some(answer) = yes_no(&text) {
        return (answer, None, None);
    }
    let on = day_of_return(line, &text);
    match on {
        Some((day, true)) => return (true, Some(day), None),
        Some((day, false)) if day > latest(line) => return (false, None, None),
        Some(_) | None => {}
    }
    // 已下发劝返通知书 and 已告知镇政府 are what the school did, not what the child did.
    let said = line.finding(&text);
    if boxes::is_in(&said) {
        return (true, on.map(|(day, _)| day), None);
    }
    let plainly_away = boxes::is_out(&said) || begins(&text, "否 未 没 不 无 × 正在 拒");
    let doubt = (!plainly_away).then(|| line.doubt(Doubt::WordsUnclear, Field::Returned));
    (false, None, doubt)
}

/// The day in the cell, and whether nothing but a return on it is said. A day behind that of the report, with no word
/// that it has come, is none.
fn day_of_return(line: &Line<'_>, text: &str) -> Option<(NaiveDate, bool)> {
    const PLAIN: &str = "是 √ 已经 已 于 现 起 返校 复学 到校 回校 返回学校 回到学校 入学 上学 上课 正常 劝返 经 后 日 上午 下午";
    let own = line.facts.own_day;
    let (day, rest) = if let Some(day) = read_date(text) {
        (day, String::new())
    } else {
        let (day, before, after) = day::anywhere(text, own.year())?;
        (day, format!("{before}{after}"))
    };
    // 12月 in a report of January is of the year before.
    let early = NaiveDate::from_ymd_opt(day.year() - 1, day.month(), day.day());
    let long_off = day.signed_duration_since(own).num_days() > 120;
    let day = early.filter(|_| long_off).unwrap_or(day);
    let bare = words(PLAIN).fold(rest.clone(), |rest, word| rest.replace(word, ""));
    let plain = bare.chars().all(|c| ",;。.、()".contains(c));
    let has_come = day <= own || (has(&rest, "已 是 √") && day <= latest(line));
    Some((day, plain && has_come))
}

/// The last day that anything in the sheet can speak of as past.
fn latest(line: &Line<'_>) -> NaiveDate {
    line.facts.own_day.max(line.facts.as_of).max(line.facts.context.as_of)
}
