//! Source 9: certificates of study outside the county, collected by the education bureau.

use super::{County, Sink, tags};
use crate::county::{
    book::{Book, Cell, Encoding, Format, Row, Visible},
    chance::Chance,
    county_error::CountyError,
    style::{Choice, DateStyle, GradeStyle, columns, heads},
    truth::Truth,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Number,
    Town,
    Village,
    Name,
    Sex,
    Id,
    Guardian,
    Phone,
    Place,
    School,
    Grade,
    On,
    Seal,
    Verified,
    Remark,
}

const MENU: &[Choice<What>] = &[
    (What::Number, "", &["序号"], 100),
    (What::Town, "town", &["镇(办)", "镇办", "所属镇办"], 100),
    (What::Village, "village", &["村(社区)", "村", "行政村"], 100),
    (What::Name, "name", &["学生姓名", "姓名"], 100),
    (What::Sex, "sex", &["性别"], 90),
    (What::Id, "id", &["身份证号码", "身份证号"], 100),
    (What::Guardian, "guardian", &["家长姓名", "监护人"], 100),
    (What::Phone, "phone", &["联系电话", "家长电话"], 90),
    (What::Place, "place", &["就读地", "就读地点", "就读所在地"], 95),
    (What::School, "school", &["就读学校(全称)", "就读学校", "学校全称"], 100),
    (What::Grade, "grade", &["年级", "就读年级"], 100),
    (What::On, "date", &["证明开具日期", "开具时间"], 95),
    (What::Seal, "seal", &["是否加盖学校公章", "是否盖章", "有无公章"], 100),
    (What::Verified, "", &["核实方式", "核实情况"], 100),
    (What::Remark, "", &["备注"], 80),
];

pub(in crate::county) fn write(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    let mut style = county.style.chance(9);
    let columns = columns(MENU, &mut style);
    let names = ["外地就读证明汇总", "在外就读学生证明材料汇总表", "外出就读学生花名册"];
    let format =
        *style.pick(&[Format::Xlsx, Format::Xlsx, Format::Ods, Format::Csv(Encoding::Utf8Bom)]);
    let dates = *style.pick(&[DateStyle::Mixed, DateStyle::Iso, DateStyle::Hanzi]);
    let grades = *style.pick(&[GradeStyle::Mixed, GradeStyle::Plain, GradeStyle::Stage]);
    let yes = *style.pick(&[("是", "否"), ("有", "无")]);
    let mut chance = county.chance(9);
    let stem = county.style.stem(9, None, style.word(&names));
    let mut book = Book::new(&stem, format, truth);
    book.sheet("外地就读", columns.len(), Visible::Shown)?;
    if !book.is_csv() {
        let title =
            format!("{}户籍在区外就读义务教育阶段学生证明材料汇总表", county.geography.county);
        book.line(Row::Title, &title)?;
    }
    book.header(&heads(&columns))?;
    let children: Vec<usize> = children(county);
    for (n, at) in children.iter().enumerate() {
        let (id, id_tag) = county.paper_id(&county.children[*at], &mut chance);
        let cells: Vec<Cell> = columns
            .iter()
            .map(|column| {
                if column.what == What::Number {
                    return Cell::count(n + 1);
                }
                if column.what == What::Id {
                    return id.clone();
                }
                if column.what == What::On {
                    let on = county.calendar.days_before(chance.between(20, 150));
                    return dates.write(on, &mut chance);
                }
                if column.what == What::Grade {
                    return Cell::text(grades.write(county.children[*at].grade, &mut chance));
                }
                cell(county, *at, column.what, (yes, &mut chance))
            })
            .collect();
        book.row(Row::Child(*at, &tags(&["certificate", id_tag])), &cells)?;
    }
    let total = [Cell::text("合计"), Cell::text(format!("{}人", children.len()))];
    book.row(Row::Total, &total)?;
    sink(book.finish()?)
}

/// Children with a certificate, by town and village.
fn children(county: &County<'_>) -> Vec<usize> {
    let mut children: Vec<usize> = (0..county.children.len())
        .filter(|at| county.children[*at].evidence.certificate.is_some())
        .collect();
    children.sort_by_key(|at| {
        let household = county.household(&county.children[*at]);
        (household.town, household.village)
    });
    children
}

fn cell(
    county: &County<'_>,
    at: usize,
    what: What,
    ((yes, no), chance): ((&'static str, &'static str), &mut Chance),
) -> Cell {
    let child = &county.children[at];
    let household = county.household(child);
    let place = &county.geography.places[household.town];
    let Some(paper) = &child.evidence.certificate else { return Cell::Blank };
    match what {
        What::Number | What::Id | What::On | What::Grade | What::Remark => Cell::Blank,
        What::Town => Cell::text(place.town.name.clone()),
        What::Village => Cell::text(place.villages[household.village].name.clone()),
        What::Name => Cell::text(child.name.clone()),
        What::Sex => Cell::text(if child.male { "男" } else { "女" }),
        What::Guardian => Cell::text(household.adult(child.guardian).name.clone()),
        What::Phone => Cell::text(household.phone.clone()),
        What::Place => Cell::text(paper.place),
        What::School => Cell::text(paper.school.clone()),
        What::Seal => Cell::text(if paper.sound { yes } else { no }),
        What::Verified if !paper.sound => Cell::text("未核实"),
        What::Verified => {
            Cell::text(chance.word(&["电话核实", "微信视频核实", "全国学籍系统查询"]))
        }
    }
}
