//! A row of a school's absence report or roll call.

use baoxue_claim::{Absence, Doubt, Person, Statement, read_date};
use chrono::{Datelike, NaiveDate};

use super::{Said, count, read_day};
use crate::{
    Field, day,
    line::Line,
    text::{begins, first_number, fold, has},
    words,
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
    let (returned, returned_on) = returned(line);
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
        cause: reason.and_then(words::stated_cause),
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
    said
}

/// 64, 64天, 3周; as the school states them.
fn days(cell: &str) -> Option<u32> {
    let text = fold(cell);
    let number = first_number(&text)?;
    Some(if has(&text, "周 星期") { number * 7 } else { number })
}

/// Whether the child is back, and since when: 是, 已返校, `是,6月18日已返校`, a day alone. The year is the report's.
fn returned(line: &Line<'_>) -> (bool, Option<NaiveDate>) {
    let Some(cell) = line.get(Field::Returned) else {
        // Without an answer in its own column a return is said among measures and remarks.
        let said = |cell: &String| {
            let text = fold(cell);
            has(&text, "已返校 已复学 已回校 已到校") && !has(&text, "未 没 不 后又")
        };
        return (line.cells.iter().any(said), None);
    };
    let text = fold(cell);
    let not = "否 未 没 不 无 × 正在 拒";
    if begins(&text, not) || has(&text, "未返 未复 没返 未到校 不愿") {
        return (false, None);
    }
    let own = line.facts.own_day;
    let on = read_date(&text).or_else(|| day::anywhere(&text, own.year()));
    // 12月 in a report of January is of the year before.
    let on = on.map(|day| {
        let early = NaiveDate::from_ymd_opt(day.year() - 1, day.month(), day.day());
        if day > own && day.signed_duration_since(own).num_days() > 120 {
            early.unwrap_or(day)
        } else {
            day
        }
    });
    // 已下发劝返通知书 and 已告知镇政府 are what the school did, not what the child did.
    let back = on.is_some()
        || begins(&text, "是 √ Y TRUE")
        || text == "已"
        || has(&text, "返校 复学 到校 回校");
    (back, on)
}
