//! A row of a log of home teaching: one visit, a plan of visits, or how a term went; a visit may repeat the plan beside it.

use baoxue_claim::{
    Claim, Doubt, HomePlan, HomeVisit, Noted, Person, Private, Source, Statement, read_date,
};
use chrono::{Datelike, NaiveDate, NaiveTime};

use super::{Said, read_day, yes_no};
use crate::{
    Field, Reject, day,
    line::Line,
    text::{fold, has, is_one},
};

pub(crate) fn read(line: &Line<'_>, person: &Person) -> Said {
    let Some(on) = line.get(Field::Date).and_then(|cell| day_of(line, cell)) else {
        // The row goes back, see `fault`.
        return Said::default();
    };
    if !is_visit(line) {
        return plan(line, person, on);
    }
    let mut said = visit(line, person, on);
    if gives_plan(line) {
        let plan = plan(line, person, on);
        said.claims.extend(plan.claims.into_iter().filter(is_told));
        said.doubts.extend(plan.doubts);
    }
    said
}

/// Whether a plan beside a visit says anything: one of which the visits cannot be read is doubted, and not taken.
fn is_told(claim: &Claim) -> bool {
    let Statement::HomePlan(plan) = &claim.what else { return false };
    plan.per_month.is_some() || plan.evaluated.is_some()
}

/// The visit of a day.
fn visit(line: &Line<'_>, person: &Person, on: NaiveDate) -> Said {
    let words = |field| words(line, field);
    let periods = line.get(Field::Periods);
    let read = periods.and_then(lessons);
    let next = line.get(Field::NextDate);
    let next_on = next.and_then(|cell| read_day(line, cell));
    let (from, to, untimely) = times(line);
    let visit = HomeVisit {
        school: person.school.clone().or_else(|| line.facts.school.map(str::to_owned)),
        periods: read,
        signed: line.get(Field::Signed).map(signed),
        next: next_on,
        teachers: words(Field::Teacher).map(Private::new),
        contents: words(Field::Content).map(Private::new),
        from,
        to,
    };
    let fields = [Field::Teacher, Field::Periods, Field::Content, Field::Signed, Field::Remark];
    let doubt = |field, unread: bool, doubt| unread.then(|| line.doubt(doubt, field));
    Said::one(Statement::HomeVisit(visit), on, line.words(&fields))
        .with_doubt(doubt(
            Field::Periods,
            periods.is_some() && read.is_none(),
            Doubt::NumberUnreadable,
        ))
        .with_doubt(doubt(
            Field::NextDate,
            next.is_some() && next_on.is_none(),
            Doubt::DateUnreadable,
        ))
        .with_doubt(untimely)
}

fn words<'l>(line: &'l Line<'_>, field: Field) -> Option<&'l str> {
    line.get(field).map(str::trim).filter(|cell| !cell.is_empty())
}

/// The words of a cell that is more than a stroke for nothing.
fn told<'l>(line: &'l Line<'_>, field: Field) -> Option<&'l str> {
    words(line, field).filter(|cell| !is_one(&fold(cell), "/ \\ - -- — —— – 无"))
}

/// Whether the row plans visits or tells how a term went.
fn gives_plan(line: &Line<'_>) -> bool {
    [Field::PlanVisits, Field::Evaluation].iter().any(|field| told(line, *field).is_some())
}

/// Whether the row is a visit: one that gives no plan, or that tells of a visit beside it. A log may repeat plan or evaluation
/// on the row of every visit.
fn is_visit(line: &Line<'_>) -> bool {
    if !gives_plan(line) {
        return true;
    }
    let any = |fields: &[Field]| fields.iter().any(|field| told(line, *field).is_some());
    let taught = told(line, Field::Periods).is_some_and(|cell| lessons(cell) != Some(0));
    // Beside a number of visits the contents are the goals of the plan, as in the rows that a school registers on its page.
    let lesson = any(&[Field::Content]) && !any(&[Field::PlanVisits]);
    taught || lesson || any(&[Field::Signed, Field::TimeIn, Field::TimeOut])
}

/// A plan from a day on, or an evaluation of that day. Who taught what on the day of a visit stays with the visit.
fn plan(line: &Line<'_>, person: &Person, on: NaiveDate) -> Said {
    let alone = !is_visit(line);
    let private = |field| told(line, field).map(Private::new);
    let own = |field| private(field).filter(|_| alone);
    let day = |field| {
        let cell = told(line, field);
        let read = cell.and_then(|cell| day_of(line, cell)).filter(|day| *day <= latest(line));
        let doubt =
            (cell.is_some() && read.is_none()).then(|| line.doubt(Doubt::DateUnreadable, field));
        (read, doubt)
    };
    let (assessed, unassessed) = day(Field::AssessedOn);
    let (consented, unconsented) = day(Field::ConsentedOn);
    let planned = told(line, Field::PlanVisits);
    let per_month = planned.and_then(lessons).filter(|visits| (1..=31).contains(visits));
    let unread = planned.is_some() && per_month.is_none();
    let plan = HomePlan {
        school: person.school.clone().or_else(|| line.facts.school.map(str::to_owned)),
        per_month,
        teachers: own(Field::Teacher),
        contents: own(Field::Content),
        assessed,
        consented,
        evaluated: private(Field::Evaluation),
    };
    let fields = [Field::Teacher, Field::Content, Field::Evaluation, Field::Remark];
    let said = if alone { line.words(&fields) } else { line.words(&[Field::Evaluation]) };
    Said::one(Statement::HomePlan(plan), on, said)
        .with_doubt(unread.then(|| line.doubt(Doubt::NumberUnreadable, Field::PlanVisits)))
        .with_doubt(unassessed)
        .with_doubt(unconsented)
}

/// When the teachers came and left, as far as both can be read and follow each other, and what cannot be.
fn times(line: &Line<'_>) -> (Option<NaiveTime>, Option<NaiveTime>, Option<Noted>) {
    let read = |field| words(line, field).map(|cell| (time(cell), field));
    let (came, left) = (read(Field::TimeIn), read(Field::TimeOut));
    let (from, to) = (came.and_then(|cell| cell.0), left.and_then(|cell| cell.0));
    let mut unread = [came, left].into_iter().flatten().filter(|cell| cell.0.is_none());
    if let Some((_, field)) = unread.next() {
        return (from, to, Some(line.doubt(Doubt::TimeUnreadable, field)));
    }
    match (from, to) {
        (Some(came), Some(left)) if left <= came => {
            (from, None, Some(line.doubt(Doubt::TimeUnreadable, Field::TimeOut)))
        }
        _ => (from, to, None),
    }
}

/// 9:00, 9：30, 9点半, 下午2:30, 14时05分; `None` for what is no time of day.
fn time(cell: &str) -> Option<NaiveTime> {
    let text = fold(cell);
    let text = text.trim();
    let late = ["下午", "晚上", "傍晚"].iter().find_map(|word| text.strip_prefix(word));
    let early = ["上午", "早上", "中午"].iter().find_map(|word| text.strip_prefix(word));
    let bare = late.or(early).unwrap_or(text).trim();
    let (hour, rest) = bare.split_once([':', '点', '时'])?;
    let minute = rest.trim().trim_end_matches('分');
    let minute = match minute {
        "" | "整" => 0,
        "半" => 30,
        "一刻" => 15,
        // Seconds, which a workbook writes behind a time.
        minute => minute.split(':').next()?.trim().parse().ok()?,
    };
    let hour: u32 = hour.trim().parse().ok()?;
    let hour = if late.is_some() && hour < 12 { hour + 12 } else { hour };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

/// Why the row of a log goes back: a visit of which nobody knows the day, or that has not been, would keep a child off the
/// list of those to be looked for.
pub(crate) fn fault(line: &Line<'_>) -> Option<Reject> {
    if line.facts.source != Source::HomeTeachingLog {
        return None;
    }
    let column = Some(line.facts.columns.number(Field::Date)).filter(|column| *column > 0);
    let reject = |code, zh: String, en: String| Some(Reject { column, code, zh, en });
    let Some(cell) = line.get(Field::Date) else {
        return reject(
            "VISIT_WITHOUT_DAY",
            "没有送教日期，不能算作一次送教。请补填当次送教的日期".to_owned(),
            "no day of the visit; a visit without a day does not count, fill it in".to_owned(),
        );
    };
    let cell = cell.trim();
    match day_of(line, cell) {
        None => reject(
            "VISIT_DAY_UNREADABLE",
            format!(
                "送教日期“{cell}”无法识别，不能算作一次送教。请按“2019-03-05”的形式填写，一次送教填一行"
            ),
            format!(
                "the day of the visit `{cell}` cannot be read; write it as 2019-03-05, one visit in a row"
            ),
        ),
        // A plan may hold from a day to come.
        Some(day) if day > latest(line) && is_visit(line) => reject(
            "VISIT_TO_COME",
            format!("送教日期“{cell}”还没有到，不能算作一次送教。请核对日期，送教以后再报"),
            format!(
                "the day of the visit `{cell}` is still to come; check it, or send the row after the visit"
            ),
        ),
        Some(_) => None,
    }
}

/// The day of a visit: a whole date, or 6月12日 of the file's year. A month is no day: it would make the visit as late as it
/// can be.
fn day_of(line: &Line<'_>, cell: &str) -> Option<NaiveDate> {
    let text = fold(cell);
    // Several days in a cell are several visits, of which one would be read.
    if has(&text, "、 , ; ~ 至") {
        return None;
    }
    if let Some(day) = read_date(cell) {
        return Some(day);
    }
    let day = day::whole(&text, Some(line.facts.own_day.year())).filter(|_| has(&text, "日 号"))?;
    // Without a year 12月28日 in a file of January is of the year before.
    let own_year = day::years(&text).next().is_some();
    if own_year || day <= latest(line) { Some(day) } else { day.with_year(day.year() - 1) }
}

/// The last day that anything in the sheet can speak of as past.
fn latest(line: &Line<'_>) -> NaiveDate {
    line.facts.own_day.max(line.facts.as_of).max(line.facts.context.as_of)
}

/// 2, 2节, 两课时; `None` for what is no number of lessons, such as 90分钟.
fn lessons(cell: &str) -> Option<u32> {
    let text = fold(cell);
    let bare = ["课时", "节课", "节", "个"]
        .iter()
        .fold(text.trim(), |text, unit| text.strip_suffix(unit).unwrap_or(text).trim());
    let small = ["零", "一", "二", "三", "四", "五", "六"].iter().position(|word| *word == bare);
    let small = small.or((bare == "两").then_some(2)).and_then(|number| u32::try_from(number).ok());
    let digits = (1..=2).contains(&bare.len()) && bare.bytes().all(|byte| byte.is_ascii_digit());
    small.or_else(|| bare.parse().ok().filter(|_| digits))
}

/// 是, 已签, or a name below 监护人签字; 否, 未签, 拒签.
fn signed(cell: &str) -> bool {
    let text = fold(cell);
    yes_no(&text).unwrap_or_else(|| !has(&text, "未 没 无 拒 不 否 待 缺"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lessons_are_numbers_or_doubted() {
        for (text, expected) in [
            ("2", Some(2)),
            ("２节", Some(2)),
            ("两课时", Some(2)),
            ("3 课时", Some(3)),
            ("2节课", Some(2)),
            ("0", Some(0)),
            ("90分钟", None),
            ("若干", None),
            ("20190601", None),
            ("-1", None),
            ("1.5", None),
        ] {
            assert_eq!(lessons(text), expected, "{text}");
        }
    }

    #[test]
    fn times_are_times_of_day_or_doubted() {
        let of = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0);
        for (text, expected) in [
            ("9:00", of(9, 0)),
            ("09：30", of(9, 30)),
            ("14:05:00", of(14, 5)),
            ("下午2:30", of(14, 30)),
            ("上午 9点半", of(9, 30)),
            ("9点", of(9, 0)),
            ("10时15分", of(10, 15)),
            ("25:00", None),
            ("9:75", None),
            ("上午", None),
            ("90分钟", None),
            ("两节", None),
        ] {
            assert_eq!(time(text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_is_a_signature() {
        for (text, expected) in [
            ("是", true),
            ("√", true),
            ("已签字", true),
            ("王秀英", true),
            ("否", false),
            ("未签", false),
            ("拒签", false),
        ] {
            assert_eq!(signed(text), expected, "{text}");
        }
    }
}
