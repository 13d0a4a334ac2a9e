//! Source 15: the log of home teaching, a row per visit, of the children whose story is that they are taught at home.

use chrono::{Days, NaiveDate};

use super::{County, Sink, tags};
use crate::county::{
    book::{Book, Cell, Encoding, Format, Row, Visible},
    chance::Chance,
    county_error::CountyError,
    people::Child,
    story::Story,
    style::{Choice, Column, DateStyle, columns, heads},
    truth::Truth,
};

#[derive(Clone, Copy, Debug)]
enum What {
    Number,
    School,
    Name,
    Id,
    Day,
    Teacher,
    Periods,
    Content,
    Signed,
    Next,
}

const MENU: &[Choice<What>] = &[
    (What::Number, "", &["序号"], 100),
    (What::School, "school", &["学校", "学校名称", "学籍所在学校"], 100),
    (What::Name, "name", &["姓名", "学生姓名"], 100),
    (What::Id, "id", &["身份证号", "身份证件号"], 100),
    (What::Day, "date", &["送教日期", "送教时间"], 100),
    (What::Teacher, "", &["送教教师", "送教老师"], 100),
    (What::Periods, "", &["节数", "课时", "送教节数"], 90),
    (What::Content, "", &["送教内容", "教学内容"], 90),
    (What::Signed, "", &["监护人签字", "家长签字"], 70),
    (What::Next, "", &["下次送教日期"], 40),
];

/// Visits of a child in the log, a week apart; the last one to twelve days before the day of the county. Sources differ on how
/// often teachers must come: once a week is the least that one of them asks.
const VISITS: u64 = 6;
const WEEK: u64 = 7;
const LATEST: usize = 12;

/// One visit.
struct Visit {
    child: usize,
    on: NaiveDate,
}

pub(in crate::county) fn write(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    let mut chance = county.chance(15);
    let visits = visits(county, &mut chance);
    if visits.is_empty() {
        return Ok(());
    }
    let mut style = county.style.chance(15);
    let columns = columns(MENU, &mut style);
    let format = if style.below(3) == 0 { Format::Csv(Encoding::Gbk) } else { Format::Xlsx };
    let dates = *style.pick(&[DateStyle::Iso, DateStyle::Slash, DateStyle::Hanzi]);
    let names = ["送教上门记录表", "送教上门记录汇总", "残疾儿童少年送教记录"];
    let stem = county.style.stem(15, None, style.word(&names));
    let mut book = Book::new(&stem, county.format(format), truth);
    if !book.is_csv() {
        book.sheet("送教记录", columns.len(), Visible::Shown)?;
        book.line(Row::Title, &format!("{}送教上门记录表", county.geography.county))?;
    }
    book.header(&heads(&columns))?;
    let mut list = List { county, columns, dates, chance };
    for (n, visit) in visits.iter().enumerate() {
        let cells = list.cells(n, visit);
        book.row(Row::Child(visit.child, &tags(&["visit"])), &cells)?;
    }
    sink(book.finish()?)
}

/// The visits, child by child, the oldest first.
fn visits(county: &County<'_>, chance: &mut Chance) -> Vec<Visit> {
    let mut visits = Vec::new();
    for (at, child) in county.children.iter().enumerate() {
        if child.story != Story::HomeTeaching || child.evidence.rolls.is_empty() {
            continue;
        }
        let ago = 1 + u64::try_from(chance.below(LATEST)).unwrap_or_default();
        for week in (0..VISITS).rev() {
            let on = county.calendar.as_of.checked_sub_days(Days::new(ago + week * WEEK));
            visits.extend(on.map(|on| Visit { child: at, on }));
        }
    }
    visits
}

struct List<'a> {
    county: &'a County<'a>,
    columns: Vec<Column<What>>,
    dates: DateStyle,
    chance: Chance,
}

impl List<'_> {
    fn cells(&mut self, n: usize, visit: &Visit) -> Vec<Cell> {
        let whats: Vec<What> = self.columns.iter().map(|column| column.what).collect();
        whats.into_iter().map(|what| self.cell(what, n, visit)).collect()
    }

    fn cell(&mut self, what: What, n: usize, visit: &Visit) -> Cell {
        const CONTENTS: [&str; 5] = [
            "认识数字1至5",
            "手指操、抓握训练",
            "儿歌，听故事",
            "洗手、穿衣等生活自理",
            "认读日常物品名称",
        ];
        let child: &Child = &self.county.children[visit.child];
        match what {
            What::Number => Cell::count(n + 1),
            What::School => {
                let schools = &self.county.geography.schools;
                let roll = child.evidence.rolls.last();
                Cell::text(roll.map(|roll| schools[roll.school].name.clone()).unwrap_or_default())
            }
            What::Name => Cell::text(child.name.clone()),
            What::Id => Cell::text(child.id.clone()),
            What::Day => self.dates.write(visit.on, &mut self.chance),
            What::Teacher => {
                let official = self.county.official(&mut self.chance);
                Cell::text(official.0.clone())
            }
            What::Periods => Cell::Number(f64::from(2 + u32::from(self.chance.hit(0.3)))),
            What::Content => Cell::text(*self.chance.pick(&CONTENTS)),
            What::Signed => Cell::text("是"),
            What::Next => {
                let next = visit.on.checked_add_days(Days::new(WEEK)).unwrap_or(visit.on);
                self.dates.write(next, &mut self.chance)
            }
        }
    }
}
