//! Source 8: tip-offs from the public, names in free text only.

use super::{County, Sink};
use crate::county::{
    book::{Book, Cell, Encoding, Format, Row, Visible},
    chance::Chance,
    county_error::CountyError,
    truth::Truth,
};

const OTHER: [&str; 4] =
    ["营养餐质量差,孩子不爱吃", "某学校乱收费", "校车超员", "学校门口小摊卫生差"];

pub(in crate::county) fn write(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    let mut style = county.style.chance(8);
    let heads = [
        ("编号", ""),
        (style.word(&["受理时间", "时间"]), ""),
        (style.word(&["渠道", "来源渠道"]), ""),
        (style.word(&["涉及镇办", "镇办"]), "town"),
        (style.word(&["反映内容", "举报内容", "内容"]), "status"),
        ("是否实名", ""),
        ("办理情况", ""),
    ];
    let names = ["群众举报线索", "信访举报台账", "12345热线转办线索"];
    let format = *style.pick(&[
        Format::Csv(Encoding::Utf8),
        Format::Csv(Encoding::Utf8Bom),
        Format::Csv(Encoding::Gbk),
        Format::Xlsx,
    ]);
    let stem = county.style.stem(8, None, style.word(&names));
    let mut book = Book::new(&stem, format, truth);
    book.sheet("举报线索", heads.len(), Visible::Shown)?;
    book.header(&heads)?;
    let mut chance = county.chance(8);
    for (n, (child, town, text)) in tips(county, &mut chance).into_iter().enumerate() {
        let on = county.calendar.days_before(chance.between(3, 70));
        let number = format!("JB{}{:04}", county.calendar.as_of.format("%Y"), n + 1);
        let time = format!("{on} {:02}:{:02}", 8 + chance.below(10), chance.below(60));
        let channel = chance.word(&["12345热线", "县长信箱", "来信", "纪检转办"]);
        let signed = chance.word(&["匿名", "实名"]);
        let state = chance.word(&["", "核查中", "已转办"]);
        let town = &county.geography.places[town].town.name;
        let cells = [&number, &time, channel, town, &text, signed, state].map(Cell::text);
        let row = child.map_or(Row::Note, |at| Row::Child(at, "tipoff free_text"));
        book.row(row, &cells)?;
    }
    sink(book.finish()?)
}

/// The tips about children, and as many about something else or nobody in particular.
fn tips(county: &County<'_>, chance: &mut Chance) -> Vec<(Option<usize>, usize, String)> {
    let mut tips = Vec::new();
    for (at, child) in county.children.iter().enumerate() {
        if let Some(text) = &child.evidence.tip {
            tips.push((Some(at), county.household(child).town, text.clone()));
            let town = chance.below(county.geography.places.len());
            tips.push((None, town, (chance.word(&OTHER)).to_owned()));
        }
    }
    let town = chance.below(county.geography.places.len());
    let village = &chance.pick(&county.geography.places[town].villages).name;
    tips.push((None, town, format!("我们村有个娃没上学,名字不清楚,住{village}")));
    chance.shuffle(&mut tips);
    tips
}
