//! Source 4: holders of a disability certificate, adults among them.

use super::{County, Sink, tags};
use crate::county::{
    book::{Book, Cell, Encoding, Format, Row, Visible},
    chance::Chance,
    county_error::CountyError,
    people::Adult,
    style::{Choice, DateStyle, columns, heads},
    truth::Truth,
};

#[derive(Clone, Copy, Debug)]
enum What {
    Number,
    Name,
    Sex,
    Certificate,
    Category,
    Grade,
    Birth,
    Guardian,
    Phone,
    Address,
    Town,
    Issued,
    InSchool,
}

const MENU: &[Choice<What>] = &[
    (What::Number, "", &["序号"], 100),
    (What::Name, "name", &["姓名"], 100),
    (What::Sex, "sex", &["性别"], 100),
    (What::Certificate, "disability_no", &["残疾人证号", "残疾证号", "残疾人证号码"], 100),
    (What::Category, "dis_category", &["残疾类别", "残疾类型"], 100),
    (What::Grade, "dis_grade", &["残疾等级"], 100),
    (What::Birth, "birth", &["出生日期", "出生年月"], 100),
    (What::Guardian, "guardian", &["监护人姓名", "监护人"], 100),
    (What::Phone, "phone", &["联系电话", "监护人电话"], 90),
    (What::Address, "addr", &["户籍地址", "户籍所在地"], 100),
    (What::Town, "", &["乡镇", "镇办"], 80),
    (What::Issued, "", &["首次发证日期", "发证日期"], 80),
    (What::InSchool, "in_school", &["是否在学", "就学情况"], 90),
];
const CATEGORIES: [&str; 7] = ["视力", "听力", "言语", "肢体", "智力", "精神", "多重"];

pub(in crate::county) fn write(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    let mut style = county.style.chance(4);
    let columns = columns(MENU, &mut style);
    let names = ["持证残疾人信息_残联", "残联持证残疾人名单", "残疾人基本信息"];
    let format =
        *style.pick(&[Format::Csv(Encoding::Utf8Bom), Format::Csv(Encoding::Gbk), Format::Xlsx]);
    let births = *style.pick(&[DateStyle::Iso, DateStyle::Slash, DateStyle::Dots]);
    let mut chance = county.chance(4);
    let stem = county.style.stem(4, None, style.word(&names));
    let mut book = Book::new(&stem, format, truth);
    book.sheet("持证残疾人", columns.len(), Visible::Shown)?;
    book.header(&heads(&columns))?;
    for (n, (child, household)) in people(county, &mut chance).into_iter().enumerate() {
        let person = Person::new(county, child, household, &mut chance);
        let cells: Vec<Cell> = columns
            .iter()
            .map(|column| person.cell(column.what, n + 1, (births, &mut chance)))
            .collect();
        let row = child.map_or(Row::Adult, |at| Row::Child(at, "disability"));
        book.row(row, &cells)?;
    }
    sink(book.finish()?)
}

/// Disabled children with their households, and twice as many adults, in random order.
fn people(county: &County<'_>, chance: &mut Chance) -> Vec<(Option<usize>, usize)> {
    let mut people = Vec::new();
    for (at, child) in county.children.iter().enumerate() {
        if child.evidence.disability.is_some() {
            people.push((Some(at), child.household));
            people.push((None, chance.below(county.households.len())));
            people.push((None, chance.below(county.households.len())));
        }
    }
    chance.shuffle(&mut people);
    people
}

/// One certificate holder.
struct Person {
    adult: Adult,
    category: usize,
    grade: u8,
    guardian: String,
    phone: String,
    address: String,
    town: String,
    in_school: &'static str,
    reissued: bool,
}

impl Person {
    fn new(
        county: &County<'_>,
        child: Option<usize>,
        household: usize,
        chance: &mut Chance,
    ) -> Self {
        let household = &county.households[household];
        let address =
            county.geography.address(household.town, household.village, household.group, true);
        let mut person = Self {
            adult: household.father.clone(),
            category: chance.below(7),
            grade: u8::try_from(chance.between(1, 4)).unwrap_or(1),
            guardian: String::new(),
            phone: household.phone.clone(),
            address,
            town: county.geography.places[household.town].formal.clone(),
            in_school: "",
            reissued: chance.hit(0.1),
        };
        if let Some(at) = child {
            let child = &county.children[at];
            person.guardian.clone_from(&household.adult(child.guardian).name);
            person.adult = Adult {
                name: child.name.clone(),
                male: child.male,
                birth: child.birth,
                id: child.id.clone(),
            };
            if let Some(paper) = &child.evidence.disability {
                (person.category, person.grade) = (paper.category, paper.grade);
                person.in_school = paper.in_school;
            }
        }
        person
    }

    fn cell(&self, what: What, n: usize, (births, chance): (DateStyle, &mut Chance)) -> Cell {
        match what {
            What::Number => Cell::text(n.to_string()),
            What::Name => Cell::text(self.adult.name.clone()),
            What::Sex => Cell::text(if self.adult.male { "男" } else { "女" }),
            What::Certificate => {
                let mark = if self.reissued { "B1" } else { "" };
                Cell::text(format!("{}{}{}{mark}", self.adult.id, self.category + 1, self.grade))
            }
            What::Category => Cell::text(CATEGORIES[self.category]),
            What::Grade => Cell::text(format!("{}级", crate::county::place::hanzi(self.grade))),
            What::Birth => births.write(self.adult.birth, chance),
            What::Guardian => Cell::text(self.guardian.clone()),
            What::Phone => Cell::text(self.phone.clone()),
            What::Address => Cell::text(self.address.clone()),
            What::Town => Cell::text(self.town.clone()),
            What::Issued => Cell::text(format!("20{:02}-0{}-15", 10 + n % 8, 1 + n % 9)),
            What::InSchool => Cell::text(tags(&[self.in_school])),
        }
    }
}
