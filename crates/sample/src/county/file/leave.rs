//! Source 10: approvals of suspension, sick leave, deferral and exemption, two sheets.

use chrono::{Datelike, NaiveDate};

use super::{County, Sink, tags};
use crate::county::{
    book::{Book, Cell, Format, Row, Visible},
    chance::Chance,
    county_error::CountyError,
    evidence::{Deferral, Leave},
    style::GradeStyle,
    truth::Truth,
};

pub(in crate::county) fn write(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    let mut style = county.style.chance(10);
    let names = ["休学缓学免学病假材料", "休学、缓学审批登记", "学生休学病假缓学免学汇总表"];
    let stem = county.style.stem(10, None, style.word(&names));
    let format = if style.hit(0.75) { Format::Xlsx } else { Format::Ods };
    let mut chance = county.chance(10);
    let mut book = Book::new(&stem, format, truth);
    leaves(county, &mut book, (&mut style, &mut chance))?;
    deferrals(county, &mut book, (&mut style, &mut chance))?;
    sink(book.finish()?)
}

fn leaves(
    county: &County<'_>,
    book: &mut Book<'_>,
    (style, chance): (&mut Chance, &mut Chance),
) -> Result<(), CountyError> {
    let heads = [
        ("序号", ""),
        (style.word(&["学校", "学校名称"]), "school"),
        ("年级", "grade"),
        (style.word(&["学生姓名", "姓名"]), "name"),
        (style.word(&["身份证号", "身份证号码"]), "id"),
        (style.word(&["类别", "休学类别"]), "kind"),
        (style.word(&["诊断(事由)", "诊断", "事由"]), "diagnosis"),
        (style.word(&["起止时间", "休学起止时间", "起止日期"]), "period"),
        (style.word(&["批准文号/单位", "批准单位"]), ""),
        (style.word(&["审批结果", "审批意见"]), "approval"),
    ];
    let mark = style.word(&["-", "至", "~"]);
    let place = county.geography.county;
    book.sheet("休学病假", heads.len(), Visible::Shown)?;
    book.line(Row::Title, &format!("{place}义务教育阶段学生休学(病假)审批登记表"))?;
    book.header(&heads)?;
    let on_leave: Vec<(usize, &Leave)> = county
        .children
        .iter()
        .enumerate()
        .filter_map(|(at, child)| child.evidence.leave.as_ref().map(|leave| (at, leave)))
        .collect();
    for (n, (at, leave)) in on_leave.iter().enumerate() {
        let child = &county.children[*at];
        let (id, id_tag) = county.paper_id(child, chance);
        let school =
            child.evidence.rolls.last().map(|roll| &county.geography.schools[roll.school].name);
        let number = format!("{}教体学籍〔{}〕{}号", &place[..6], leave.from.year(), 100 + n * 7);
        let (kind, by, result) = if leave.sick {
            ("病假", "学校批准".to_owned(), "学校同意")
        } else {
            ("休学", number, "同意")
        };
        let cells = [
            Cell::count(n + 1),
            Cell::text(school.cloned().unwrap_or_default()),
            Cell::text(GradeStyle::Plain.write(child.grade, chance)),
            Cell::text(child.name.clone()),
            id,
            Cell::text(kind),
            Cell::text(leave.diagnosis),
            Cell::text(format!("{}{mark}{}", dotted(leave.from), dotted(leave.to))),
            Cell::text(by),
            Cell::text(result),
        ];
        let seed = child.seed.map(|s| format!("SEED-{:02}", s + 1));
        book.row(
            Row::Child(*at, &tags(&["leave", id_tag, seed.as_deref().unwrap_or("")])),
            &cells,
        )?;
    }
    Ok(())
}

fn dotted(day: NaiveDate) -> String {
    day.format("%Y.%-m.%-d").to_string()
}

fn deferrals(
    county: &County<'_>,
    book: &mut Book<'_>,
    (style, chance): (&mut Chance, &mut Chance),
) -> Result<(), CountyError> {
    let heads = [
        ("序号", ""),
        (style.word(&["镇办", "所属镇办"]), "town"),
        (style.word(&["儿童姓名", "姓名"]), "name"),
        (style.word(&["公民身份号码", "身份证号"]), "id"),
        ("监护人", "guardian"),
        (style.word(&["申请类别", "类别"]), "kind"),
        (style.word(&["病残情况", "诊断"]), "diagnosis"),
        (style.word(&["批准期限", "起止时间"]), "period"),
        (style.word(&["批准文号", "文号"]), ""),
        (style.word(&["结果", "审批结果"]), "approval"),
    ];
    book.sheet("缓学免学", heads.len(), Visible::Shown)?;
    book.line(Row::Title, "适龄儿童少年缓学、免学审批汇总")?;
    book.header(&heads)?;
    let start = county.calendar.term_start();
    let end = NaiveDate::from_ymd_opt(start.year() + 2, 8, 31).unwrap_or(start);
    let asked: Vec<(usize, &Deferral)> = county
        .children
        .iter()
        .enumerate()
        .filter_map(|(at, child)| child.evidence.deferral.as_ref().map(|asked| (at, asked)))
        .collect();
    for (n, (at, asked)) in asked.iter().enumerate() {
        let child = &county.children[*at];
        let household = county.household(child);
        let (id, id_tag) = county.paper_id(child, chance);
        let number = format!("教体函〔{}〕{}号", start.year(), 20 + n * 11);
        let granted = |text: String| if asked.granted { Cell::text(text) } else { Cell::Blank };
        let cells = [
            Cell::count(n + 1),
            Cell::text(county.geography.places[household.town].town.name.clone()),
            Cell::text(child.name.clone()),
            id,
            Cell::text(household.adult(child.guardian).name.clone()),
            Cell::text(if asked.exempt { "免学" } else { "缓学" }),
            Cell::text(asked.diagnosis),
            granted(format!("{start}至{end}")),
            granted(number),
            Cell::text(if asked.granted { "批准" } else { "不予批准" }),
        ];
        let refused = if asked.granted { "" } else { "refused" };
        let seed = child.seed.map(|s| format!("SEED-{:02}", s + 1));
        let row_tags = tags(&["deferral", refused, id_tag, seed.as_deref().unwrap_or("")]);
        book.row(Row::Child(*at, &row_tags), &cells)?;
    }
    Ok(())
}
