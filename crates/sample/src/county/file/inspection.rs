//! Source 7: findings of the city inspection, without numbers of identity.

use chrono::Datelike;

use super::{County, Sink, tags};
use crate::county::{
    book::{Book, Cell, Format, Row, Visible},
    county_error::CountyError,
    truth::Truth,
};

pub(in crate::county) fn write(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    let mut style = county.style.chance(7);
    let heads = [
        ("序号", ""),
        (style.word(&["镇办", "所属镇办"]), "town"),
        (style.word(&["村(社区)", "村居"]), "village"),
        (style.word(&["学生姓名", "姓名"]), "name"),
        (style.word(&["监护人", "家长姓名"]), "guardian"),
        (style.word(&["就读学校", "学校"]), "school"),
        (style.word(&["核查方式", "发现方式"]), ""),
        (style.word(&["核查情况", "问题描述"]), "status"),
        (style.word(&["认定结果", "认定结论"]), "verdict"),
        ("整改时限", ""),
    ];
    let names = ["市教育督查反馈问题清单", "市督查组控辍保学专项督查反馈", "教育督查问题台账"];
    let stem = county.style.stem(7, None, style.word(&names));
    let mut book = Book::new(&stem, Format::Xlsx, truth);
    let as_of = county.calendar.as_of;
    book.sheet("反馈清单", heads.len(), Visible::Shown)?;
    let title = format!(
        "{}教育督查组控辍保学专项督查反馈问题清单({})",
        county.geography.city, county.geography.county
    );
    book.line(Row::Title, &title)?;
    let day = county.calendar.days_before(18);
    book.line(
        Row::Note,
        &format!("督查时间:{}年{}月{}日前后", day.year(), day.month(), day.day()),
    )?;
    book.header(&heads)?;
    let mut found: Vec<usize> = (0..county.children.len())
        .filter(|at| county.children[*at].evidence.finding.is_some())
        .collect();
    county.chance(7).shuffle(&mut found);
    let due =
        format!("{}年{}月{}日前", as_of.year(), as_of.month(), 31.min(as_of.day() + 6).min(28));
    for (n, at) in found.iter().enumerate() {
        let seed = county.children[*at].seed.map(|s| format!("SEED-{:02}", s + 1));
        let row_tags = tags(&["inspection", seed.as_deref().unwrap_or("")]);
        book.row(Row::Child(*at, &row_tags), &cells(county, *at, n + 1, &due))?;
    }
    for (n, text) in ["个别学校学籍异动更新不及时", "帮扶干部对学生就读情况不清"].iter().enumerate()
    {
        let mut cells = vec![Cell::count(found.len() + n + 1)];
        cells.resize(6, Cell::Blank);
        cells.extend(["查阅资料", text, "工作问题", due.as_str()].map(Cell::text));
        book.row(Row::Note, &cells)?;
    }
    sink(book.finish()?)
}

fn cells(county: &County<'_>, at: usize, n: usize, due: &str) -> Vec<Cell> {
    let child = &county.children[at];
    let household = county.household(child);
    let place = &county.geography.places[household.town];
    let school =
        child.evidence.rolls.last().map(|roll| &county.geography.schools[roll.school].name);
    let finding = child.evidence.finding.as_ref();
    let due = if finding.is_some_and(|finding| finding.due) { due } else { "" };
    vec![
        Cell::count(n),
        Cell::text(place.town.name.clone()),
        Cell::text(place.villages[household.village].name.clone()),
        Cell::text(child.name.clone()),
        Cell::text(household.adult(child.guardian).name.clone()),
        Cell::text(school.cloned().unwrap_or_default()),
        Cell::text(finding.map_or("", |finding| finding.how)),
        Cell::text(finding.map_or("", |finding| finding.text)),
        Cell::text(finding.map_or("", |finding| finding.verdict)),
        Cell::text(due),
    ]
}
