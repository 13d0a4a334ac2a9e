//! Source 6: the monthly reports of the schools about pupils who are absent, a sheet per month, zero reports included.

use std::collections::HashMap;

use chrono::Datelike;

use super::{County, Sink, tags};
use crate::county::{
    book::{Book, Cell, Format, Row, Visible},
    chance::Chance,
    county_error::CountyError,
    evidence::Absence,
    style::{Choice, Column, DateStyle, GradeStyle, columns, heads},
    truth::Truth,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    School,
    Grade,
    Class,
    Name,
    Sex,
    Id,
    Guardian,
    Phone,
    Address,
    From,
    Days,
    Cause,
    Measure,
    Returned,
    Remark,
}

const MENU: &[Choice<What>] = &[
    (What::School, "school", &["填报学校", "学校", "学校名称"], 100),
    (What::Grade, "grade", &["年级"], 100),
    (What::Class, "klass", &["班级"], 90),
    (What::Name, "name", &["学生姓名", "姓名"], 100),
    (What::Sex, "sex", &["性别"], 95),
    (What::Id, "id", &["身份证号", "身份证号码", "身份证件号"], 100),
    (What::Guardian, "guardian", &["家长姓名", "监护人姓名"], 100),
    (What::Phone, "phone", &["联系电话", "家长电话"], 90),
    (What::Address, "addr", &["家庭住址(村组)", "家庭住址", "住址"], 100),
    (What::From, "absent_from", &["开始缺课日期", "缺课开始时间", "缺勤起始日"], 100),
    (What::Days, "absent_days", &["连续缺课天数", "缺课天数", "累计缺课天数"], 100),
    (What::Cause, "why", &["缺课原因", "原因"], 95),
    (What::Measure, "", &["学校采取的措施", "采取措施", "劝返情况"], 90),
    (What::Returned, "returned", &["是否返校", "返校情况"], 100),
    (What::Remark, "", &["备注"], 100),
];
const MEASURES: [&str; 6] = [
    "电话联系家长",
    "班主任家访2次",
    "班主任家访,家长不配合",
    "已下发劝返通知书",
    "多次电话联系未果",
    "已告知镇政府",
];

pub(in crate::county) fn write(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    let mut style = county.style.chance(6);
    let columns = columns(MENU, &mut style);
    let names = ["学校长期缺课学生月报", "学校缺勤学生情况月报表", "中小学缺课学生统计"];
    let format = if style.hit(0.8) { Format::Xlsx } else { Format::Ods };
    let dates = *style.pick(&[DateStyle::Iso, DateStyle::Mixed, DateStyle::Dots, DateStyle::Hanzi]);
    let grades = *style.pick(&[GradeStyle::Plain, GradeStyle::Stage, GradeStyle::Short]);
    let merged = style.hit(0.5);
    let mut writer = Writer { county, columns, dates, grades, merged, chance: county.chance(6) };
    let stem = county.style.stem(6, None, style.word(&names));
    let mut book = Book::new(&stem, format, truth);
    for month in 0..3 {
        writer.month(&mut book, month)?;
    }
    sink(book.finish()?)
}

struct Writer<'a> {
    county: &'a County<'a>,
    columns: Vec<Column<What>>,
    dates: DateStyle,
    grades: GradeStyle,
    merged: bool,
    chance: Chance,
}

impl Writer<'_> {
    fn month(&mut self, book: &mut Book<'_>, month: usize) -> Result<(), CountyError> {
        let closing = self.county.calendar.months[month];
        let named = if closing.day() == 5 { closing.month() - 1 } else { closing.month() };
        book.sheet(&format!("{named}月"), self.columns.len(), Visible::Shown)?;
        let place = self.county.geography.county;
        let title = format!("{place}中小学校长期缺课学生情况月报表({}年{named}月)", closing.year());
        book.line(Row::Title, &title)?;
        let note = format!(
            "说明:连续缺课天数按自然日计算,截至{}月{}日;缺课3天以上均须填报。",
            closing.month(),
            closing.day()
        );
        book.line(Row::Note, &note)?;
        book.header(&heads(&self.columns))?;
        let mut absent: HashMap<usize, Vec<(usize, &Absence)>> = HashMap::new();
        for (at, child) in self.county.children.iter().enumerate() {
            for absence in child.evidence.absences.iter().filter(|a| a.month == month) {
                absent.entry(absence.school).or_default().push((at, absence));
            }
        }
        let mut schools: Vec<usize> = (0..self.county.geography.schools.len()).collect();
        self.chance.shuffle(&mut schools);
        for school in schools {
            match absent.get(&school) {
                Some(pupils) => self.school(book, school, pupils)?,
                // Half of the schools forget the zero report.
                None if self.chance.hit(0.5) => self.zero(book, school)?,
                None => {}
            }
        }
        book.line(Row::Note, "校长签字:              填表人:")
    }

    fn zero(&mut self, book: &mut Book<'_>, school: usize) -> Result<(), CountyError> {
        let name = &self.county.geography.schools[school].name;
        let cells: Vec<Cell> = self
            .columns
            .iter()
            .map(|column| match column.what {
                What::School => Cell::text(name.clone()),
                What::Name => Cell::text("无"),
                What::Days => Cell::Number(0.0),
                What::Remark => Cell::text("零报告"),
                What::Grade
                | What::Class
                | What::Sex
                | What::Id
                | What::Guardian
                | What::Phone
                | What::Address
                | What::From
                | What::Cause
                | What::Measure
                | What::Returned => Cell::Blank,
            })
            .collect();
        book.row(Row::Note, &cells)
    }

    fn school(
        &mut self,
        book: &mut Book<'_>,
        school: usize,
        pupils: &[(usize, &Absence)],
    ) -> Result<(), CountyError> {
        let n_rows = u32::try_from(pupils.len()).unwrap_or(1);
        for (index, (at, absence)) in pupils.iter().enumerate() {
            let (id, id_tag) = self.county.paper_id(&self.county.children[*at], &mut self.chance);
            let name = &self.county.geography.schools[school].name;
            let columns = self.columns.clone();
            let cells: Vec<Cell> = columns
                .iter()
                .map(|column| {
                    if column.what == What::Id {
                        id.clone()
                    } else if column.what != What::School {
                        self.cell(*at, absence, column.what)
                    } else if !self.merged {
                        Cell::text(name.clone())
                    } else if index == 0 {
                        Cell::Tall(name.clone(), n_rows)
                    } else {
                        Cell::Covered
                    }
                })
                .collect();
            let seed = self.county.children[*at].seed.map(|s| format!("SEED-{:02}", s + 1));
            let row_tags = tags(&["school_report", id_tag, seed.as_deref().unwrap_or("")]);
            book.row(Row::Child(*at, &row_tags), &cells)?;
        }
        Ok(())
    }

    fn cell(&mut self, at: usize, absence: &Absence, what: What) -> Cell {
        let child = &self.county.children[at];
        let household = self.county.household(child);
        match what {
            What::Grade => Cell::text(self.grades.write(child.grade.clamp(1, 9), &mut self.chance)),
            What::Class => Cell::text(format!("{}班", 1 + at % 4)),
            What::Name => {
                let name = child.faults.school_name.clone();
                Cell::text(name.unwrap_or_else(|| child.name.clone()))
            }
            What::Sex => Cell::text(if child.male { "男" } else { "女" }),
            What::Guardian => Cell::text(household.adult(child.guardian).name.clone()),
            What::Phone if self.chance.hit(0.85) => Cell::text(household.phone.clone()),
            What::Address => Cell::text(self.county.short_address(household)),
            What::From => self.dates.write(absence.from, &mut self.chance),
            What::Days => Cell::Number(f64::from(i32::try_from(absence.days).unwrap_or(i32::MAX))),
            What::Cause => Cell::text(absence.cause),
            What::Measure if self.chance.hit(0.7) => Cell::text(self.chance.word(&MEASURES)),
            What::Returned => Cell::text(absence.returned.clone()),
            What::School | What::Id | What::Remark | What::Phone | What::Measure => Cell::Blank,
        }
    }
}
