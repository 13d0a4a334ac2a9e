//! Source 14: what the aid centre paid for the term, one list for boarders, with the mistakes of such lists.

use baoxue_claim::SchoolTerm;
use chrono::{Days, NaiveDate};

use super::{County, Sink, tags};
use crate::county::{
    book::{Book, Cell, Encoding, Format, Row, Visible},
    chance::Chance,
    county_error::CountyError,
    evidence::RollStatus,
    people::Child,
    story::Story,
    style::{Choice, Column, DateStyle, GradeStyle, columns, heads},
    truth::Truth,
};

#[derive(Clone, Copy, Debug)]
enum What {
    Number,
    School,
    Grade,
    Name,
    Sex,
    Id,
    Guardian,
    Aid,
    Term,
    Amount,
    Day,
    Remark,
}

const MENU: &[Choice<What>] = &[
    (What::Number, "", &["序号"], 100),
    (What::School, "school", &["学校名称", "学校", "就读学校"], 100),
    (What::Grade, "grade", &["年级"], 90),
    (What::Name, "name", &["学生姓名", "姓名"], 100),
    (What::Sex, "sex", &["性别"], 60),
    (What::Id, "id", &["身份证号", "身份证件号", "身份证号码"], 100),
    (What::Guardian, "guardian", &["监护人姓名", "家长姓名"], 60),
    (What::Aid, "aid", &["资助项目", "资助类型", "补助项目"], 70),
    (What::Term, "term", &["学期", "资助学期"], 60),
    (What::Amount, "amount", &["发放金额", "资助金额(元)", "金额(元)", "补助金额"], 100),
    (What::Day, "date", &["发放日期", "发放时间"], 90),
    (What::Remark, "remark", &["备注"], 50),
];

/// Yuan for a term, half of the year's amount.
///
/// Source: as `aid/schemes.toml` of the determination.
const PRIMARY: u32 = 500;
const JUNIOR: u32 = 625;

/// Days from the first day of a term to its payment.
const PAID_AFTER: u64 = 75;

/// One payment.
struct Paid {
    child: usize,
    yuan: u32,
    tag: &'static str,
}

pub(in crate::county) fn write(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    let term = SchoolTerm::of(county.calendar.as_of);
    let day = term.first_day().checked_add_days(Days::new(PAID_AFTER)).unwrap_or(term.first_day());
    // Early in a term nothing has been paid yet, and no list can come.
    if day > county.calendar.as_of {
        return Ok(());
    }
    let mut chance = county.chance(14);
    let paid = payments(county, truth, &mut chance)?;
    let mut style = county.style.chance(14);
    let columns = columns(MENU, &mut style);
    let names = [
        "家庭经济困难寄宿生生活补助发放名单",
        "义务教育学生资助发放花名册",
        "寄宿生生活补助发放表",
    ];
    let format = match style.below(4) {
        0 => Format::Csv(Encoding::Gbk),
        1 => Format::Ods,
        _ => Format::Xlsx,
    };
    let dates = *style.pick(&[DateStyle::Compact, DateStyle::Iso]);
    let stem = county.style.stem(14, None, &format!("{term}{}", style.word(&names)));
    let mut book = Book::new(&stem, county.format(format), truth);
    let title = format!("{}{term}学期家庭经济困难寄宿生生活补助发放名单", county.geography.county);
    if !book.is_csv() {
        book.sheet("发放名单", columns.len(), Visible::Shown)?;
        book.line(Row::Title, &title)?;
    }
    book.header(&heads(&columns))?;
    let mut list = List { county, columns, term, day, dates, chance };
    for (n, paid) in paid.iter().enumerate() {
        let cells = list.cells(n, paid);
        book.row(Row::Child(paid.child, &tags(&["aid", paid.tag])), &cells)?;
    }
    if !book.is_csv() {
        let sum: u32 = paid.iter().map(|paid| paid.yuan).sum();
        let total = [Cell::text("合计"), Cell::text(format!("{}人次 {sum}元", paid.len()))];
        book.row(Row::Total, &total)?;
    }
    sink(book.finish()?)
}

/// Who is paid, in the order of the children; the truth is told about every boarder of a poor household and every mistake.
fn payments(
    county: &County<'_>,
    truth: &mut Truth,
    chance: &mut Chance,
) -> Result<Vec<Paid>, CountyError> {
    let mut paid = Vec::new();
    for (at, child) in county.children.iter().enumerate() {
        let Some(poor) = boarder(county, child) else { continue };
        let yuan = if child.grade > 6 { JUNIOR } else { PRIMARY };
        let one = |yuan, tag| Paid { child: at, yuan, tag };
        let rate = |rate: f64| (rate * county.noise).min(0.3);
        let standing = match poor {
            false if chance.hit(rate(0.004)) => {
                paid.push(one(yuan, "without_title"));
                "without_title"
            }
            false => continue,
            true if chance.hit(rate(0.015)) => {
                paid.extend([one(yuan, ""), one(yuan, "twice")]);
                "twice"
            }
            true if chance.hit(rate(0.015)) => {
                paid.push(one(yuan + 125, "amount"));
                "other_amount"
            }
            true if chance.hit(rate(0.04)) => "gap",
            true => {
                paid.push(one(yuan, ""));
                "right"
            }
        };
        truth.aid(at, standing)?;
    }
    Ok(paid)
}

/// Whether a pupil of the county who boards is of a poor household; `None` for everybody else. Children whose story is not a
/// plain one are left out: whether they are entitled is another question.
fn boarder(county: &County<'_>, child: &Child) -> Option<bool> {
    let roll = child.evidence.rolls.last()?;
    let plain = child.story == Story::Pupil && child.registered && child.alias_of.is_none();
    let boards = roll.status == RollStatus::Present && roll.mode == "住校";
    let disabled = child.evidence.disability.is_some();
    (plain && boards && !disabled && (1..=9).contains(&child.grade))
        .then(|| county.household(child).poor)
}

struct List<'a> {
    county: &'a County<'a>,
    columns: Vec<Column<What>>,
    term: SchoolTerm,
    day: NaiveDate,
    dates: DateStyle,
    chance: Chance,
}

impl List<'_> {
    fn cells(&mut self, n: usize, paid: &Paid) -> Vec<Cell> {
        let whats: Vec<What> = self.columns.iter().map(|column| column.what).collect();
        whats.into_iter().map(|what| self.cell(what, n, paid)).collect()
    }

    fn cell(&mut self, what: What, n: usize, paid: &Paid) -> Cell {
        let child = &self.county.children[paid.child];
        let schools = &self.county.geography.schools;
        match what {
            What::Number => Cell::count(n + 1),
            What::School => {
                let roll = child.evidence.rolls.last();
                Cell::text(roll.map(|roll| schools[roll.school].name.clone()).unwrap_or_default())
            }
            What::Grade => Cell::text(GradeStyle::Plain.write(child.grade, &mut self.chance)),
            What::Name => Cell::text(child.name.clone()),
            What::Sex => Cell::text(if child.male { "男" } else { "女" }),
            What::Id => Cell::text(child.id.clone()),
            What::Guardian => {
                Cell::text(self.county.household(child).adult(child.guardian).name.clone())
            }
            What::Aid => Cell::text("寄宿生生活补助"),
            What::Term => Cell::text(format!("{}学期", self.term)),
            What::Amount => Cell::Number(f64::from(paid.yuan)),
            What::Day => self.dates.write(self.day, &mut self.chance),
            What::Remark => Cell::Blank,
        }
    }
}
