//! A row of a list of deaths, emigrations and moves.

use baoxue_claim::{Departure, Doubt, Statement};
use chrono::NaiveDate;

use super::{Said, read_day};
use crate::{
    Field,
    line::Line,
    text::{fold, has},
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

/// The row's own words first, then its columns, then the title.
fn departure(line: &Line<'_>, died: Option<NaiveDate>, on: Option<NaiveDate>) -> Option<Departure> {
    let row: String = [Field::Kind, Field::RegisterState, Field::Reason, Field::Remark]
        .iter()
        .filter_map(|field| line.get(*field))
        .map(|cell| fold(cell).into_owned())
        .collect();
    let by_words = |text: &str| -> Option<Departure> {
        if has(text, "死亡 去世 病故 溺水 亡故") {
            return Some(Departure::Dead { on: died.or(on) });
        }
        if has(text, "失踪 下落不明") {
            return Some(Departure::Missing { on });
        }
        if has(text, "重复 重户 虚假 错误") {
            return Some(Departure::Cancelled { on });
        }
        // A title such as 出国及迁出 names both kinds and decides nothing.
        match (has(text, "出国 出境 国(境) 移民 入外籍"), has(text, "迁出 迁移 迁往 转出 外迁"))
        {
            (true, false) => Some(Departure::Emigrated { on }),
            (false, true) => Some(Departure::MovedOut { on }),
            (true, true) | (false, false) => None,
        }
    };
    by_words(&row)
        .or_else(|| died.map(|day| Departure::Dead { on: Some(day) }))
        .or_else(|| {
            line.facts.columns.has(Field::DeathDate).then_some(Departure::Dead { on: None })
        })
        .or_else(|| by_words(&fold(line.facts.heading)))
}
