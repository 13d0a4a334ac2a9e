//! A circular (通报) drafted from figures: units and counts, no child and no official by name.

use std::collections::BTreeMap;

use baoxue_act::{Holder, Moment, Office, account::Figures};
use baoxue_determine::Seat;
use baoxue_paper::{Sheet, Value};

use super::Issuer;
use crate::County;

/// What a circular tells.
#[derive(Clone, Debug)]
pub struct Circular<'a> {
    /// The county.
    pub county: &'a County,
    /// Whose figures they are, such as 全县 or a town.
    pub area: &'a str,
    /// A unit and its figures, in the order in which they are told.
    pub units: &'a [(String, Figures)],
    /// The figures of all units together.
    pub whole: &'a Figures,
    /// The moment of cases.
    pub now: Moment,
    /// Who prints it.
    pub by: &'a str,
}

/// What was, or is, late.
const fn late(figures: &Figures) -> u32 {
    figures.late + figures.open_late + figures.cancelled_late
}

/// The sheet of the draft: it has no number, so every page says 草稿. Units without anything late stand in one row, so that
/// the rows add up to the whole.
pub fn circular(circular: &Circular<'_>) -> Sheet {
    let Circular { county, units, whole, now, by, .. } = *circular;
    let bureau = Holder { seat: Seat::BureauHead, office: Office::Bureau };
    let (named, others): (Vec<_>, Vec<_>) = units.iter().partition(|(_, of)| late(of) > 0);
    let mut rows: Vec<_> = named.iter().map(|(unit, of)| row(unit, of, &told(of))).collect();
    if !others.is_empty() {
        let (mut asked, mut in_time) = (0, 0);
        for (_, of) in &others {
            asked += of.asked;
            in_time += of.in_time;
        }
        let rest = Figures { asked, in_time, ..Figures::default() };
        rows.push(row(&format!("其余{}个单位", others.len()), &rest, "无逾期"));
    }
    rows.push(row("合计", whole, ""));
    let fields = BTreeMap::from([
        ("subject".to_owned(), Value::from("关于控辍保学责任事项办理情况的通报")),
        ("to".to_owned(), Value::from("各镇办，各有关单位")),
        ("body".to_owned(), Value::from(body(circular))),
        ("figures".to_owned(), Value::Rows(rows)),
        (
            "demands".to_owned(),
            Value::from(vec![
                "有逾期未办事项的单位，请抓紧办理，并及时在案件中登记办理情况。".to_owned(),
                "对上述数据有异议的，请向我局提出，经核对后更正。".to_owned(),
            ]),
        ),
    ]);
    Sheet {
        issuer: Issuer::of(&bureau, county).name,
        date: Some(now.date()),
        printed_by: by.to_owned(),
        printed_at: Some(now),
        as_of: Some(now.date()),
        fields,
        ..Sheet::default()
    }
}

fn body(circular: &Circular<'_>) -> Vec<String> {
    let Circular { area, whole, now, .. } = circular;
    let on = now.format("%Y年%-m月%-d日");
    let Figures { asked, in_time, late, open, open_late, cancelled, cancelled_late, .. } = whole;
    let dropped = cancelled + cancelled_late;
    vec![
        format!(
            "截至{on}，{area}控辍保学案件的责任事项共{asked}项：按期办结{in_time}项，逾期办结{late}项，在办未到期{open}项，\
             逾期未办{open_late}项，因案情变化不再需要办理{dropped}项（其中当时已逾期{cancelled_late}项）。"
        ),
        "有逾期事项的单位情况如下。数据按案件中登记的时间计算；一个岗位空缺时，其事项计入上一级。"
            .to_owned(),
    ]
}

fn told(figures: &Figures) -> String {
    let mut parts = Vec::new();
    if figures.open_late > 0 {
        parts.push(format!("逾期未办{}项", figures.open_late));
    }
    if figures.longest_days > 0 {
        parts.push(format!("最长逾期{}日", figures.longest_days));
    }
    parts.join("，")
}

fn row(unit: &str, figures: &Figures, note: &str) -> BTreeMap<String, String> {
    let cells = [
        ("unit", unit.to_owned()),
        ("due", figures.asked.to_string()),
        ("done", figures.in_time.to_string()),
        ("late", late(figures).to_string()),
        ("note", note.to_owned()),
    ];
    cells.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn the_rows_add_up_and_it_is_a_draft() {
        let county = County::unconfigured(NaiveDate::from_ymd_opt(2019, 8, 25).unwrap());
        let figures = |asked, in_time, open_late| Figures {
            asked,
            in_time,
            open_late,
            longest_days: if open_late > 0 { 8 } else { 0 },
            ..Figures::default()
        };
        let units = [
            ("甲镇".to_owned(), figures(5, 3, 2)),
            ("乙镇".to_owned(), figures(4, 4, 0)),
            ("丙镇".to_owned(), figures(1, 1, 0)),
        ];
        let whole = figures(10, 8, 2);
        let now = county.settings.as_of.and_hms_opt(9, 0, 0).unwrap();
        let of = Circular {
            county: &county,
            area: "全县",
            units: &units,
            whole: &whole,
            now,
            by: "某人",
        };
        let sheet = circular(&of);
        assert_eq!(sheet.number, "");
        let Value::Rows(rows) = &sheet.fields["figures"] else { panic!("no rows") };
        let units: Vec<&str> = rows.iter().map(|row| row["unit"].as_str()).collect();
        assert_eq!(units, ["甲镇", "其余2个单位", "合计"]);
        for column in ["due", "done", "late"] {
            let n: Vec<u32> = rows.iter().map(|row| row[column].parse().unwrap()).collect();
            assert_eq!(n[0] + n[1], n[2], "{column}");
        }
        assert_eq!(rows[0]["note"], "逾期未办2项，最长逾期8日");
    }
}
