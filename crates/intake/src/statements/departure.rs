//! A row of a list of deaths, emigrations and moves.

use baoxue_claim::{Departure, Doubt, Statement};
use chrono::NaiveDate;

use super::{Said, read_day};
use crate::{
    Field,
    line::Line,
    text::{begins, fold, has},
};

pub(crate) fn read(line: &Line<'_>) -> Said {
    let fields = [
        Field::Kind,
        Field::DeathDate,
        Field::Date,
        Field::Destination,
        Field::Reason,
        Field::RegisterState,
        Field::Remark,
    ];
    let words = line.words(&fields);
    let mut said = Said::default();
    let mut day = |field: Field| {
        let cell = line.get(field)?;
        let day = read_day(line, cell);
        if day.is_none() {
            said.doubts.push(line.doubt(Doubt::DateUnreadable, field));
        }
        day
    };
    let died = day(Field::DeathDate);
    let on = day(Field::Date);
    let Some(departure) = departure(line, died, on) else {
        said.doubts.push(line.doubt(Doubt::WordsUnclear, Field::Kind));
        return said;
    };
    let on = died.or(on).unwrap_or(line.facts.as_of);
    said.claims = Said::one(Statement::Departure(departure), on, words).claims;
    said
}

/// What a list of departures can say of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gone {
    Dead,
    Missing,
    Cancelled,
    Emigrated,
    MovedOut,
}

const WORDS: [(Gone, &str); 5] = [
    (Gone::Dead, "死亡 去世 病故 溺水 溺亡 亡故 已故 身亡 夭折 火化"),
    (Gone::Missing, "失踪 下落不明"),
    (Gone::Cancelled, "重复 重户 虚假 错误"),
    (Gone::Emigrated, "出国 出境 国(境) 移民 入外籍"),
    (Gone::MovedOut, "迁出 迁移 迁往 转出 外迁"),
];

/// The row's own words first, then the day that is filled in, then the title where it names one kind alone. A column
/// 死亡日期 in the list does not say that whoever stands in it is dead.
fn departure(line: &Line<'_>, died: Option<NaiveDate>, on: Option<NaiveDate>) -> Option<Departure> {
    let row: Vec<String> = [Field::Kind, Field::RegisterState, Field::Reason, Field::Remark]
        .iter()
        .filter_map(|field| line.get(*field))
        .map(|cell| fold(cell).into_owned())
        .collect();
    let day_of = |field| {
        line.get(field).and_then(|_| by_words(&line.facts.columns.header(line.cells, field)))
    };
    let gone = by_words(&row.join(","))
        .or_else(|| line.get(Field::DeathDate).filter(|_| died.is_some()).map(|_| Gone::Dead))
        .or_else(|| day_of(Field::Date))
        .or_else(|| by_title(line.facts.heading))?;
    Some(match gone {
        Gone::Dead => Departure::Dead { on: died.or(on) },
        Gone::Missing => Departure::Missing { on },
        Gone::Cancelled => Departure::Cancelled { on },
        Gone::Emigrated => Departure::Emigrated { on },
        Gone::MovedOut => Departure::MovedOut { on },
    })
}

/// What is said of the child itself: 父亲死亡 and 未迁出 are other words.
fn by_words(text: &str) -> Option<Gone> {
    let own = |clause: &&str| {
        let family = has(clause, "父 母 爷 奶 家长 监护人") && !begins(clause, "随 跟 与");
        !family && !has(clause, "未死亡 未迁 没迁 未出国 非死亡 未注销")
    };
    let said: Vec<&str> = text.split([',', ';', '。', '、', ' ']).filter(own).collect();
    let said = said.join(",");
    let hits: Vec<Gone> =
        WORDS.iter().filter(|(_, words)| has(&said, words)).map(|(gone, _)| *gone).collect();
    match *hits.as_slice() {
        // Somebody who moved, or was registered twice, and died is dead; 出国及迁出 decides nothing.
        [Gone::Emigrated, Gone::MovedOut] | [] => None,
        [first, ..] => Some(first),
    }
}

/// What all rows of the list are, when its title names one kind alone.
fn by_title(heading: &str) -> Option<Gone> {
    let heading = fold(heading);
    let mut hits = WORDS.iter().filter(|(_, words)| has(&heading, words));
    match (hits.next(), hits.next()) {
        (Some((gone, _)), None) => Some(*gone),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_of_several_kinds_makes_nobody_dead() {
        for (title, expected) in [
            ("死亡人员户口注销名单", Some(Gone::Dead)),
            ("死亡及迁出人员名单", None),
            ("死亡、出国及迁出人员名单", None),
            ("户口迁出人员名单", Some(Gone::MovedOut)),
            ("出国(境)定居人员", Some(Gone::Emigrated)),
            ("人员名单", None),
        ] {
            assert_eq!(by_title(title), expected, "{title}");
        }
    }

    #[test]
    fn the_words_of_a_row() {
        for (text, expected) in [
            ("死亡注销", Some(Gone::Dead)),
            ("迁出后死亡", Some(Gone::Dead)),
            ("户口迁出", Some(Gone::MovedOut)),
            ("迁出,父亲死亡", Some(Gone::MovedOut)),
            ("父亲去世后随母生活", None),
            ("重复户口注销", Some(Gone::Cancelled)),
            ("出国(境)定居", Some(Gone::Emigrated)),
            ("未迁出", None),
            ("", None),
        ] {
            assert_eq!(by_words(text), expected, "{text}");
        }
    }
}
